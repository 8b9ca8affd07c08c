"""u-blox: frames among sentences and noise, solutions into fixes, and a set-up that a receiver really takes."""

from __future__ import annotations

import random
import termios
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import catalogue
from devices.framing import sentence
from devices.reader import Reader
from devices.sample import Fix, Mode
from devices.ublox import Frames, UbloxDecoder, frame
from devices.ublox_setup import CFG_MSG, CFG_NAV5, CFG_RATE, MON_VER, VALSET, UbloxSetup
from tests.devices.fakes import Arrivals
from tests.devices.ublox_receiver import Receiver, receiver, solution

NEO_M8N = bytes.fromhex(  # a real receiver's, standing
    "b56201075c0028aa5811e107071308320537030000006b03d61703030a0e9deb9d5233bb31ebd95c0000686a0000d503000063050000"
    "f7fffffff1ffffff0300000011000000aa053000ac00000031610d00910000e0ac4c220000e000e00000008046c1"
)


def test_a_real_solution_is_a_fix_with_its_accuracies() -> None:
    (fix,) = UbloxDecoder("gps").feed(7.0, NEO_M8N)
    assert isinstance(fix, Fix)
    assert (fix.speed, fix.speed_sigma, fix.sigma) == (0.017, 0.172, 0.981)
    assert fix.lat == pytest.approx(-34.9062349) and fix.lon == pytest.approx(138.6081181)
    assert (fix.mode, fix.satellites) == (Mode.FIX_3D, 14)
    assert fix.utc == pytest.approx(1500454205.4, abs=0.01)


def test_once_solutions_come_the_sentences_are_passed_over() -> None:
    rmc = sentence(b"GNRMC,060001.00,A,4700.00000,N,00800.00000,E,6.0,0.0,010626,,,A")
    decoder = UbloxDecoder("gps")
    said = decoder.feed(1.0, rmc + solution(1, 3.0)) + decoder.feed(2.0, solution(2, 3.1) + rmc) + decoder.tick(2.5)
    assert [fix.speed for fix in said if isinstance(fix, Fix)] == [3.0, 3.1]


def test_a_receiver_in_its_factory_state_speaks_sentences_and_is_understood() -> None:
    decoder = UbloxDecoder("gps")
    said = decoder.feed(1.0, sentence(b"GNRMC,060001.00,A,4700.00000,N,00800.00000,E,6.0,0.0,010626,,,A")) + decoder.tick(2.0)
    assert [fix.speed for fix in said if isinstance(fix, Fix)] == [pytest.approx(6 * 1852 / 3600)]


@pytest.mark.parametrize(
    ("kind", "flags", "mode"), [(0, 1, "NONE"), (1, 1, "DEAD_RECKONING"), (2, 1, "FIX_2D"), (3, 0, "NONE")]
)
def test_no_fix_is_no_position(kind: int, flags: int, mode: str) -> None:
    whole = bytearray(solution(1, 3.0))
    whole[6 + 20], whole[6 + 21] = kind, flags
    (fix,) = UbloxDecoder("gps").feed(0.0, frame(b"\x01\x07", bytes(whole[6:-2])))
    assert isinstance(fix, Fix) and fix.mode is Mode[mode] and (fix.lat is None) == (mode == "NONE")


def test_of_a_noisy_stream_every_intact_frame_is_recovered_and_none_invented() -> None:
    chance = random.Random(7)
    stream, intact = b"", []
    for second in range(1, 1500):
        whole = bytearray(solution(second, 3.0 + second % 10 / 10))
        if chance.random() < 0.1:
            whole[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        else:
            intact.append(bytes(whole[6:-2]))
        stream += chance.randbytes(chance.randrange(12)) + bytes(whole)
    found = [content for kind, content in Frames({}).feed(stream + bytes(1100)) if kind]
    assert found == intact


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_whatever_comes_nothing_is_raised(pieces: list[bytes]) -> None:
    decoder = UbloxDecoder("gps")
    for at, piece in enumerate(pieces):
        decoder.feed(float(at), b"\xb5\x62" + piece)
        decoder.tick(at + 0.5)


def test_the_messages_are_those_of_the_manual() -> None:
    assert frame(MON_VER).hex() == "b5620a0400000e34"
    setup = UbloxSetup(rate=5.0, model="pedestrian")
    setup.begin(0.0)
    assert setup.heard(0.0, b"$") == [frame(MON_VER)]
    (valset,) = setup.heard(0.1, frame(MON_VER, bytes(40) + b"PROTVER=34.00".ljust(30, b"\0")))
    assert valset.hex() == "b562068a19000001000001002130c8002100112003070091200109009120018df3"
    (sentences_off,) = setup.heard(0.2, frame(b"\x05\x01", VALSET))
    assert sentences_off.hex() == "b562068a0e000001000002007410000200781000af39"
    old = UbloxSetup(model="wrist")
    old.heard(0.0, b"$")
    (first,) = old.heard(0.1, frame(MON_VER, bytes(40) + b"PROTVER=18.00".ljust(30, b"\0")))
    assert first.hex() == "b562060103000107011351"


def test_nothing_is_written_unless_it_is_wanted() -> None:
    setup = UbloxSetup()
    assert setup.begin(0.0) == [] and setup.heard(0.0, solution(1, 3.0)) == []


def test_a_receiver_that_does_not_answer_is_left_alone_after_some_tries() -> None:
    setup = UbloxSetup(rate=5.0)
    sent = [piece for second in range(120) for piece in setup.heard(float(second), b"$GNRMC")]
    assert len(sent) < 40 and setup.heard(500.0, b"$") == []
    assert setup.refused == ["solutions", "model"]


@pytest.mark.parametrize("version", [b"7.03 (45969)", bytes(40) + b"PROTVER=34.00"], ids=["messages", "valset"])
def test_a_receiver_that_refuses_solutions_keeps_its_sentences_and_its_rate(version: bytes) -> None:
    """A NEO-6M knows no NAV-PVT: told to be silent all the same, it would be mute until it is switched off."""
    setup = UbloxSetup(rate=5.0)
    setup.heard(0.0, b"$")
    sent, answer = [], frame(MON_VER, version.ljust(70, b"\0"))
    for step in range(20):
        (told,) = setup.heard(1.0 + step, answer) or [b""]
        sent.append(told[2:4] + told[6:])
        answer = frame(b"\x05\x01" if told[2:4] == CFG_NAV5 else b"\x05\x00", told[2:4])
    assert any(sent) and "solutions" in setup.refused
    assert not any(told.startswith((CFG_MSG + b"\xf0", CFG_RATE, VALSET + frame_of_silence())) for told in sent)


def frame_of_silence() -> bytes:
    """The beginning of the VALSET that switches sentences off."""
    return bytes.fromhex("0001000002007410")


def set_up(it: Receiver, done: Callable[[], bool], **options: object) -> Arrivals:
    """Reads the receiver through the program's own port until `done`."""
    options = {"port": it.plug.path, **options}
    arrivals = Arrivals()
    talk = catalogue.talk("ublox", options)
    reader = Reader("gps", catalogue.port("ublox", options), time.monotonic, arrivals.put, talk)
    reader.start()
    try:
        arrivals.until(lambda seen: done() and b"\x01\x07" in seen.data[-400:])
    finally:
        reader.stop()
    return arrivals


@pytest.mark.edge
def test_an_m10_at_another_speed_is_found_and_set_up_in_ram_alone() -> None:
    with receiver(protocol=34, speed=termios.B38400) as it:
        set_up(it, lambda: not it.sentences, rate=5.0, model="wrist")
        assert (it.interval, it.model, it.pvt, it.layers) == (200, 9, True, {1})


@pytest.mark.edge
def test_an_old_receiver_takes_one_message_for_each_and_walks_instead_of_waving() -> None:
    with receiver(protocol=14) as it:
        set_up(it, lambda: it.model == 3 and not it.sentences, model="wrist", baud=9600)
        assert (it.interval, it.pvt) == (200, True)
        assert it.heard.count(CFG_NAV5) == 2 and CFG_MSG in it.heard and VALSET not in it.heard


@pytest.mark.edge
def test_without_a_wish_the_receiver_is_not_spoken_to() -> None:
    with receiver(protocol=18) as it:
        arrivals = Arrivals()
        reader = Reader("gps", catalogue.port("ublox", {"port": it.plug.path}), time.monotonic, arrivals.put,
                        catalogue.talk("ublox", {}))  # fmt: skip
        reader.start()
        arrivals.until(lambda seen: seen.data.count(b"RMC") > 5)
        reader.stop()
        assert it.heard == []
