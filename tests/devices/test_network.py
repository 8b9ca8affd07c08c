"""Phones and servers on the network, through real sockets: datagrams that get lost, connections that break, two at once."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from devices import catalogue, network
from devices.api import LinkLost, Unavailable
from devices.framing import sentence
from devices.network import TcpListener, TcpPort, UdpPort
from devices.reader import Reader
from devices.sample import Fix, Mode
from tests.devices.fakes import Arrivals, read_until
from tests.patience import PATIENCE

pytestmark = pytest.mark.edge

HOME = "127.0.0.1"
SPOKEN = sentence(b"GPRMC,120000,A,4722.0,N,00802.0,E,6.0,12.0,010626,,,A")


def epoch(second: int) -> list[bytes]:
    """What a phone's app sends in a second: here a datagram for each sentence."""
    clock = f"12{second // 60:02}{second % 60:02}.00"
    lat = f"47{20 + second * 0.0016:08.5f}"
    rmc = f"GPRMC,{clock},A,{lat},N,00802.00000,E,6.000,0.0,010626,,,A"
    return [sentence(body.encode()) for body in (rmc, f"GPGGA,{clock},{lat},N,00802.00000,E,1,12,0.9,431.0,M,48.0,M,,")]


def free_number(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HOME, 0))
        return int(probe.getsockname()[1])


@contextmanager
def reading(address: str) -> Iterator[Arrivals]:
    """A phone as a run reads it."""
    arrivals = Arrivals()
    reader = Reader("gps", catalogue.port("phone", {"address": address}), time.monotonic, arrivals.put)
    reader.start()
    try:
        arrivals.until_link(True)
        yield arrivals
    finally:
        reader.stop()


def fixes(data: bytes) -> list[Fix]:
    decoder = catalogue.decoder("phone", "gps", {})
    samples = [*decoder.feed(0.0, data), *decoder.tick(1.0)]
    return [each for each in samples if isinstance(each, Fix) and each.mode is Mode.FIX_3D]


@pytest.mark.parametrize(
    "written",
    [lambda piece: piece, lambda piece: piece.rstrip(), lambda piece: piece[:-5]],
    ids=["as lines", "without line ends", "without checksums"],
)
def test_a_phone_that_sends_datagrams_is_heard_second_by_second(written: Callable[[bytes], bytes]) -> None:
    number = free_number(socket.SOCK_DGRAM)
    with reading(f"udp://:{number}") as arrivals, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for second in range(10):
            for piece in epoch(second):
                phone.sendto(written(piece), (HOME, number))
                arrivals.until_data(written(piece).rstrip())
    assert [fix.utc is not None and fix.speed for fix in fixes(arrivals.data)] == [pytest.approx(6 * 1852 / 3600)] * 10


def test_lost_and_late_datagrams_cost_their_seconds_alone() -> None:
    sent = [epoch(second) for second in range(12)]
    del sent[4], sent[7][0]  # a second is lost, and one sentence of another
    sent[8], sent[9] = sent[9], sent[8]
    found = fixes(b"".join(piece for pieces in sent for piece in pieces))
    assert len(found) >= 9
    times = [fix.utc for fix in found if fix.utc is not None]
    assert times == sorted(times)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a second address of its own")
def test_of_two_phones_the_first_is_heard_until_it_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    number = free_number(socket.SOCK_DGRAM)
    port = UdpPort(number)
    port.open()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.2", 0))
        first.sendto(b"first\n", (HOME, number))
        assert read_until(port, bool) == b"first\n"
        other.sendto(b"other\n", (HOME, number))
        first.sendto(b"again\n", (HOME, number))
        assert read_until(port, bool) == b"again\n"
        monkeypatch.setattr(network, "SILENT", 0.0)
        other.sendto(b"other\n", (HOME, number))
        assert read_until(port, bool) == b"other\n"
    port.close()


def test_a_phone_that_connects_may_break_off_and_come_back() -> None:
    number = free_number(socket.SOCK_STREAM)
    with reading(f"tcp://:{number}") as arrivals:
        with socket.create_connection((HOME, number), PATIENCE) as phone:
            phone.sendall(b"".join(epoch(0)))
            arrivals.until_data(epoch(0)[-1])
        arrivals.until_link(False, "closed by the other end")
        arrivals.until_link(True)
        with socket.create_connection((HOME, number), PATIENCE) as phone:
            phone.sendall(b"".join(epoch(1)))
            arrivals.until_data(epoch(1)[-1])
    assert len(fixes(arrivals.data)) == 2


def test_a_phone_that_waits_for_us_is_connected_to_again() -> None:
    with socket.create_server((HOME, 0)) as phone, reading(f"tcp://{HOME}:{phone.getsockname()[1]}") as arrivals:
        for second in range(2):
            arrivals.until_link(True)
            connected, _ = phone.accept()
            with connected:
                connected.sendall(b"".join(epoch(second)))
                arrivals.until_data(epoch(second)[-1])
            arrivals.until_link(False, "closed by the other end")
    assert len(fixes(arrivals.data)) == 2


def test_a_connection_brings_bytes_and_ends_in_words() -> None:
    with socket.create_server((HOME, 0)) as server:
        port = TcpPort(HOME, server.getsockname()[1])
        port.open()
        sender, _ = server.accept()
        with sender:
            sender.sendall(SPOKEN)
            assert read_until(port, lambda data: len(data) == len(SPOKEN)) == SPOKEN
            port.write(b"?")
            assert sender.recv(1) == b"?"
        with pytest.raises(LinkLost, match="closed by the other end"):
            read_until(port, lambda data: False)
        port.close()
    with pytest.raises(Unavailable, match="refused") as refused:
        port.open()
    assert "address" in refused.value.hint


def test_a_connection_that_says_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SILENT", 0.1)
    with socket.create_server((HOME, 0)) as server:
        port = TcpPort(HOME, server.getsockname()[1])
        port.open()
        with pytest.raises(LinkLost, match="silent"):
            read_until(port, lambda data: False)
        port.close()


@pytest.mark.parametrize(("kind", "port"), [(socket.SOCK_DGRAM, UdpPort), (socket.SOCK_STREAM, TcpListener)])
def test_a_port_that_another_program_has_is_told_with_what_to_do(
    kind: socket.SocketKind, port: type[UdpPort] | type[TcpListener]
) -> None:
    number = free_number(kind)
    first, second = port(number), port(number)
    first.open()
    with pytest.raises(Unavailable, match="in use by another program") as told:
        second.open()
    assert "choose another port" in told.value.hint
    second.close()
    first.close()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("phone:10110", "phone:10110"),
        ("tcp://phone:10110", "phone:10110"),
        ("[::1]:10110", "::1:10110"),
        ("tcp://:29998", "tcp://:29998"),
        ("udp://:29998", "udp://:29998"),
    ],
)
def test_an_address_says_who_waits_and_who_sends(address: str, name: str) -> None:
    assert network.port(address).name == name


@pytest.mark.parametrize(
    "address",
    ["", "phone", "phone:", ":10110", "phone:0", "phone:x", "phone:70000", "udp://phone:29998", "http://phone:80", "://phone:80",
     "udp://", "udp://:", "tcp://phone", "phone:" + "9" * 5000],
)  # fmt: skip
def test_an_address_without_host_or_port_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"host:port|sends to us"):
        network.port(address)
