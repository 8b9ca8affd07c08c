"""The reader thread: it stamps what comes, tells when the device goes and comes, and survives everything."""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path

import pytest

from devices import reader as reader_module
from devices.api import LinkLost, Unavailable
from devices.framing import has_sentence
from devices.ports import SerialPort
from devices.reader import Reader
from devices.sample import Link, Rx
from tests.devices.fakes import Arrivals, link_to, plugged_in

pytestmark = pytest.mark.edge


def reading(port: SerialPort) -> tuple[Reader, Arrivals]:
    arrivals = Arrivals()
    return Reader("gps", port, time.monotonic, arrivals.put), arrivals


def test_it_carries_bytes_and_survives_unplugging_and_another_name(tmp_path: Path) -> None:
    by_id = tmp_path / "usb-u-blox-if00"
    with plugged_in() as before, plugged_in() as after:
        link_to(by_id, before)
        reader, arrivals = reading(SerialPort(str(by_id), [9600], has_sentence))
        reader.start()
        arrivals.until_link(True)
        before.send(b"first")
        arrivals.until_data(b"first")
        before.let_go()
        before.pull()
        arrivals.until_link(False, "unplugged")
        link_to(by_id, after)
        arrivals.until_link(True)
        after.send(b"second")
        arrivals.until_data(b"second")
        reader.stop()
    assert arrivals.data == b"firstsecond"


def test_a_device_that_is_not_there_is_told_once_and_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "ttyACM0"
    with plugged_in() as plug:
        reader, arrivals = reading(SerialPort(str(path), [9600], has_sentence))
        reader.start()
        arrivals.until_link(False, "not there")
        link_to(path, plug)
        arrivals.until_link(True)
        reader.stop()
    assert [link.up for link in arrivals.links] == [False, True]


def test_silence_is_noticed_and_so_is_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "SILENT", 0.1)
    with plugged_in() as plug:
        reader, arrivals = reading(SerialPort(plug.path, [9600], has_sentence))
        reader.start()
        arrivals.until_link(False, "silent")
        plug.send(b"again")
        arrivals.until_data(b"again")
        reader.stop()
    assert [link.up for link in arrivals.links[:3]] == [True, False, True]


class Scripted:
    """A port that does what it is told, one thing after the other, and then says nothing."""

    name = "scripted"

    def __init__(self, *script: bytes | Exception) -> None:
        self._script = iter(script)
        self.closed = 0

    def open(self) -> None:
        pass

    def read(self) -> bytes:
        step = next(self._script, b"")
        if isinstance(step, Exception):
            raise step
        return step

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


def test_nothing_a_port_does_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "FIRST_PAUSE", 0.0)
    arrivals = Arrivals()
    port = Scripted(b"a", LinkLost("unplugged"), RuntimeError("bug"), Unavailable("away"), OSError(5, "I/O error"), b"b")
    clock = itertools.count()
    reader = Reader("gps", port, lambda: float(next(clock)), arrivals.put)
    reader.start()
    arrivals.until_data(b"b")
    reader.stop()
    told = [link.why for link in arrivals.links if not link.up and link.why != "silent"]
    assert told == ["unplugged", "fault in the driver: RuntimeError('bug')", "away", "[Errno 5] I/O error"]
    assert port.closed == 5


def test_arrivals_are_stamped_by_the_clock_it_was_given() -> None:
    stamped: list[Rx | Link] = []
    came = threading.Event()

    def put(arrival: Rx | Link) -> None:
        stamped.append(arrival)
        if isinstance(arrival, Rx):
            came.set()

    reader = Reader("pod", Scripted(b"x"), lambda: 12.5, put)
    reader.start()
    assert came.wait(20)
    reader.stop()
    assert stamped[:2] == [Link(12.5, "pod", True), Rx(12.5, "pod", b"x")]


def test_stopping_is_quick_and_may_come_before_starting() -> None:
    with plugged_in() as plug:
        reader, arrivals = reading(SerialPort(plug.path, [9600], has_sentence))
        reader.stop()
        reader, arrivals = reading(SerialPort(plug.path, [9600], has_sentence))
        reader.start()
        arrivals.until_link(True)
        reader.stop()
        assert not any(thread.name == "reader gps" for thread in threading.enumerate())


def test_what_a_device_refuses_is_told_once_while_it_stays_connected() -> None:
    class Talk:
        refused: list[str] = []  # noqa: RUF012 - as a Talk has it

        def begin(self, at: float) -> list[bytes]:
            return []

        def heard(self, at: float, data: bytes) -> list[bytes]:
            self.refused = ["rate", "rate", "model"] if data else self.refused
            return []

    arrivals = Arrivals()
    with plugged_in() as plug:
        reader = Reader("gps", SerialPort(plug.path, [9600], has_sentence), time.monotonic, arrivals.put, Talk())
        reader.start()
        arrivals.until_link(True)
        for piece in (b"first", b"second"):
            plug.send(piece)
            arrivals.until_data(piece)
        reader.stop()
    assert [(link.up, link.why) for link in arrivals.links] == [(True, ""), (True, "refuses rate, model")]


def test_a_setting_that_a_device_refuses_is_told_by_check() -> None:
    from coach.cli.hearing import _told

    reading = {"name": "gps", "device": "ublox", "state": "up", "fix": "FIX_3D", "refused": "refuses rate", "bad": {}}
    assert _told(reading, "km") == (True, "source gps: a fix, it refuses rate")
