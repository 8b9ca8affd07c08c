"""ANT+: messages among junk, counters that wrap, pages that get lost, and a stick that has to be set up, again and again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import catalogue
from devices.ant import AntDecoder, Messages, message
from devices.ant_setup import AntSetup
from devices.reader import Reader
from devices.sample import Battery, Pulse, Sample, Stride
from tests.devices.ant_stick import NUMBER, Stick
from tests.devices.fakes import Arrivals, link_to, plugged_in, repeating
from tests.patience import PATIENCE

PAGE_1 = bytes.fromhex("01450c6483364d08")  # 12.345 s, 100.5 m, 3.21 m/s, 77 strides, held back for 0.25 s
PAGE_2 = bytes.fromhex("02ffff588336ff11")  # 88.5 strides a minute, battery good


def heard(*pages: bytes, channel: int = 0, at: float = 100.0) -> list[Sample]:
    decoder = AntDecoder("pod")
    return [
        sample
        for nth, page in enumerate(pages)
        for sample in decoder.feed(at + nth / 4, message(0x4E, bytes((channel,)) + page))
    ]


def test_the_vectors_of_the_profile() -> None:
    assert message(0x4E, b"\0" + PAGE_1).hex() == "a4094e0001450c6483364d083f"
    first, second = heard(PAGE_1, PAGE_2)
    assert isinstance(first, Stride) and first.speed == pytest.approx(3.21, abs=0.002)
    assert (first.at, first.distance, first.strides) == (99.75, 0.0, 0)
    assert isinstance(second, Stride) and second.cadence == 2 * 88.5


def test_metres_and_strides_go_on_when_their_counters_wrap() -> None:
    def page(sixteenths: int, strides: int) -> bytes:
        return bytes((1, 0, 0, sixteenths >> 4, (sixteenths & 15) << 4 | 3, 0, strides, 0))

    strides = heard(page(4090, 250), page(10, 3), page(4000, 200))
    assert [stride.distance for stride in strides if isinstance(stride, Stride)] == [0.0, 1.0, 250.375]
    assert [stride.strides for stride in strides if isinstance(stride, Stride)] == [0, 9, 206]


def test_after_a_long_silence_what_lay_between_is_not_guessed() -> None:
    decoder = AntDecoder("pod")
    decoder.feed(0.0, message(0x4E, b"\0" + PAGE_1))
    (after,) = decoder.feed(120.0, message(0x4E, b"\0" + PAGE_1))
    assert isinstance(after, Stride) and after.distance is None and after.speed == pytest.approx(3.21, abs=0.002)


def test_a_pod_that_sends_page_2_alone_is_followed_by_its_speed() -> None:
    """Its speed stands where that of page 1 does: 3.21 m/s. After page 1 it would only repeat it."""
    page = bytes.fromhex("02ffff588336ff11")
    told = heard(*[page] * 40)
    speeds = [stride.speed for stride in told if isinstance(stride, Stride)]
    assert speeds[:20] == [None] * 20 and speeds[-1] == pytest.approx(3.21, abs=0.002)
    both = heard(*[PAGE_1, page] * 40)
    assert all(stride.speed is None for stride in both if isinstance(stride, Stride) and stride.cadence is not None)


def test_a_strap_tells_each_beat_once_and_falls_silent_when_it_was_taken_off() -> None:
    def page(beats: int, bpm: int) -> bytes:
        return bytes((4, 255, 0, 0, 0, 0, beats, bpm))

    pulses = heard(page(1, 140), page(1, 140), page(2, 141), page(2, 141), page(2, 0), channel=1)
    assert [pulse.bpm for pulse in pulses if isinstance(pulse, Pulse)] == [140, 141]


def test_a_weak_battery_is_told_once() -> None:
    weak = bytes.fromhex("02ffff588336ff31")
    assert [each.low for each in heard(PAGE_2, weak, weak, PAGE_2) if isinstance(each, Battery)] == [True, False]


def test_a_strap_tells_its_battery_on_page_7_and_no_page_of_a_battery_is_a_pulse() -> None:
    good, low = (bytes((7, 40, 128, status << 4 | 2, 0, 0, 9, 140)) for status in (2, 4))
    assert heard(good, low, channel=1) == [Pulse(100.0, "pod", 140), Battery(100.25, "pod", True)]
    common = bytes((82, 255, 1, 0, 0, 0, 128, 0x42))
    assert heard(common, channel=1) == [Battery(100.0, "pod", True)]


def test_a_value_of_all_bits_set_is_unknown_never_a_measure() -> None:
    nothing, cadence_of_nothing = bytes.fromhex("010000080fff4dff"), bytes.fromhex("02ffffff00ffff11")
    assert heard(nothing, cadence_of_nothing) == [Stride(100.0, "pod", None, None, 0.0, strides=0)]


@pytest.mark.parametrize("bpm", [0, 5, 251, 255])
def test_no_heart_beats_like_this(bpm: int) -> None:
    assert heard(bytes((4, 255, 0, 0, 0, 0, 1, bpm)), channel=1) == []


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_whatever_comes_nothing_is_raised_and_little_is_kept(pieces: list[bytes]) -> None:
    decoder, messages = AntDecoder("pod"), Messages({})
    for at, piece in enumerate(pieces):
        decoder.feed(float(at), piece)
        list(messages.feed(piece))
    assert len(messages._begun) < 64


def test_the_set_up_is_that_of_the_manual_one_message_a_write() -> None:
    setup = AntSetup(device=None)
    assert [piece.hex() for piece in setup.begin(0.0)] == ["a4014a00ef"]
    sent = setup.heard(0.1, message(0x6F, b"\0"))
    while len(sent) < 13:
        (last,) = sent[-1:]
        sent += setup.heard(0.2, message(0x40, bytes((last[3] if last[2] != 0x46 else 0, last[2], 0))))
    assert [piece.hex() for piece in sent[:7]] == [
        "a4094600b9a521fbbd72c34564", "a40342000000e5", "a4055100" + "00007c008c", "a4034300c61f3d",
        "a402450039da", "a40244000cee", "a4014b00ee",
    ]  # fmt: skip
    assert sent[8].hex() == "a40551010000780089"


@contextmanager
def listening(stick: Stick) -> Iterator[Arrivals]:
    options = {"port": stick.plug.path}
    arrivals = Arrivals()
    port, talk = catalogue.port("ant-footpod", options), catalogue.talk("ant-footpod", options)
    reader = Reader("pod", port, time.monotonic, arrivals.put, talk)
    reader.start()
    try:
        yield arrivals
    finally:
        reader.stop()


def until_set_up(stick: Stick, times: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while stick.set_ups < times:
        assert time.monotonic() < deadline, "it was not set up"
        stick.listen(0.2)


@pytest.mark.edge
def test_four_thousand_pages_with_losses_junk_and_a_reset_are_counted_to_the_stride() -> None:
    with plugged_in() as plug:
        stick = Stick(plug, seed=3, lost=0.05, junk=0.05)
        with listening(stick) as arrivals:
            until_set_up(stick, 1)
            for page in range(4000):
                if page == 2000:
                    stick.reset()
                    until_set_up(stick, 2)
                stick.broadcast()
                stick.listen()
            last = stick.pod.page()
            while last[0] != 1:
                last = stick.pod.page()
            plug.send(message(0x4E, b"\0" + last) + b"end")
            arrivals.until_data(b"end")
    strides = [each for each in AntDecoder("pod").feed(0.0, arrivals.data) if isinstance(each, Stride) and each.distance]
    assert strides[-1].distance == pytest.approx(stick.pod.sixteenths / 16, rel=1e-3)
    assert strides[-1].strides == stick.pod.strides
    assert stick.wrong == [] and stick.numbers == [0, NUMBER]  # the pod it heard first is the one it looks for again


@pytest.mark.edge
def test_a_channel_that_gave_up_its_search_is_opened_again() -> None:
    with plugged_in() as plug:
        stick = Stick(plug)
        with listening(stick):
            until_set_up(stick, 1)
            stick.events.extend((2, 2, 8, 1, 7))
            for _ in range(6):
                stick.broadcast()
            until_set_up(stick, 2)
    assert stick.wrong == []


@pytest.mark.edge
def test_a_stick_that_was_pulled_out_is_set_up_again_in_its_next_port(tmp_path: Path) -> None:
    port = tmp_path / "stick"
    with plugged_in() as first, plugged_in() as second:
        link_to(port, first)
        stick, again = Stick(first), Stick(second)
        first.let_go()
        arrivals = Arrivals()
        options = {"port": str(port)}
        reader = Reader("pod", catalogue.port("ant-footpod", options), time.monotonic, arrivals.put,
                        catalogue.talk("ant-footpod", options))  # fmt: skip
        reader.start()
        try:
            arrivals.until_link(True)
            until_set_up(stick, 1)
            link_to(port, second)
            first.pull()
            arrivals.until_link(False, "unplugged")
            until_set_up(again, 1)
            with repeating(again.broadcast):
                arrivals.until_data(message(0x4E, b"\0")[3:4])
        finally:
            reader.stop()
        assert again.wrong == []
