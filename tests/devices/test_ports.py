"""Serial ports and connections: found, opened at the right speed, lost and told about in words that help."""

from __future__ import annotations

import os
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest

from devices import ports
from devices.api import LinkLost, Unavailable
from devices.framing import has_sentence, has_text, sentence
from devices.ports import SerialPort
from tests.devices.fakes import Plug, plugged_in, read_until, repeating

pytestmark = pytest.mark.edge

SPOKEN = sentence(b"GPRMC,120000,A,4722.0,N,00802.0,E,6.0,12.0,010626,,,A")


def test_bytes_come_as_they_are() -> None:
    with plugged_in() as plug:
        port = SerialPort(plug.path, [9600], has_sentence)
        port.open()
        plug.send(b"\xff\x00" + SPOKEN)
        assert read_until(port, lambda data: len(data) >= len(SPOKEN) + 2) == b"\xff\x00" + SPOKEN
        port.write(b"?")
        port.close()
        port.close()


def test_the_speed_is_found_by_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LISTEN", 0.3)
    with plugged_in() as plug:

        def speak() -> None:
            plug.send(SPOKEN if plug.speed == termios.B38400 else bytes(byte ^ 0x95 for byte in SPOKEN[:40]))

        port = SerialPort(plug.path, [9600, 115200, 38400, 4800], has_sentence)
        port.open()
        with repeating(speak):
            assert has_sentence(read_until(port, has_sentence))
        port.close()
        assert plug.speed == termios.B38400


def test_a_speed_that_makes_no_sense_any_more_is_looked_for_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LISTEN", 0.3)
    monkeypatch.setattr(ports, "DEAF", 0.3)
    with plugged_in() as plug:
        right = [termios.B9600]

        def speak() -> None:
            plug.send(SPOKEN if plug.speed == right[0] else b"\x95\x13\xf7")

        port = SerialPort(plug.path, [9600, 38400], has_sentence)
        port.open()
        with repeating(speak):
            read_until(port, has_sentence)
            right[0] = termios.B38400  # the receiver was set to another speed
            read_until(port, lambda _: plug.speed == termios.B38400)
            read_until(port, has_sentence)
        port.close()


def test_noise_at_every_speed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LISTEN", 0.05)
    with plugged_in() as plug:
        port = SerialPort(plug.path, [9600, 38400], has_sentence)
        port.open()
        with repeating(lambda: plug.send(b"\x95\x13\xf7")), pytest.raises(LinkLost, match="nothing readable at any baud rate"):
            read_until(port, has_sentence)
        port.close()


def test_an_unplugged_device_is_a_lost_link() -> None:
    with plugged_in() as plug:
        port = SerialPort(plug.path, [9600], has_sentence)
        port.open()
        plug.let_go()
        plug.pull()
        with pytest.raises(LinkLost, match="unplugged"):
            read_until(port, lambda data: False)
        port.close()


def test_a_port_in_use_says_so() -> None:
    with plugged_in() as plug:
        first, second = (SerialPort(plug.path, [9600], has_sentence) for _ in range(2))
        first.open()
        with pytest.raises(Unavailable, match="in use by another program") as refused:
            second.open()
        assert "fuser" in refused.value.hint
        first.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open anything")
def test_a_port_that_may_not_be_opened_names_the_group() -> None:
    with plugged_in() as plug:
        os.chmod(plug.path, 0)
        with pytest.raises(Unavailable) as refused:
            SerialPort(plug.path, [9600], has_sentence).open()
        assert "dialout" in refused.value.hint


@pytest.mark.parametrize(("error", "hint"), [(13, "dialout"), (16, "fuser"), (2, "coach devices"), (25, "coach devices")])
def test_every_refusal_has_a_hint(error: int, hint: str) -> None:
    assert hint in ports._unavailable("/dev/ttyUSB0", OSError(error, "refused")).hint


def test_what_is_no_serial_port_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path, Path(os.devnull)):
        with pytest.raises(Unavailable) as refused:
            SerialPort(str(path), [9600], has_sentence).open()
        assert refused.value.hint


def listed(plug: Plug, number: str | None = "A1") -> SimpleNamespace:
    return SimpleNamespace(device=plug.path, vid=0x1546, pid=0x01A8, serial_number=number, product="u-blox 8")


def test_a_device_is_found_by_its_usb_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    with plugged_in() as plug, plugged_in() as other:
        monkeypatch.setattr(ports, "comports", lambda: [listed(other, "B2"), listed(plug, "A1")])
        for wanted, found in (("usb:1546:01a8", other), ("usb:1546:01A8:A1", plug)):
            port = SerialPort(wanted, [9600], has_sentence)
            port.open()
            port.close()
            assert port.name == found.path
        with pytest.raises(Unavailable, match="not plugged in"):
            SerialPort("usb:1546:01a9", [9600], has_sentence).open()
    for wrong in ("usb:", "usb:1546", "usb:15zz:01a8"):
        with pytest.raises(ValueError, match="usb:VID:PID"):
            SerialPort(wrong, [9600], has_sentence)


def test_a_device_that_comes_back_under_another_name_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = tmp_path / "ttyUSB0"
    with plugged_in() as before, plugged_in() as after:
        name.symlink_to(before.path)
        monkeypatch.setattr(ports, "comports", lambda: [listed(before)])
        port = SerialPort(str(name), [9600], has_sentence)
        port.open()
        port.close()
        name.unlink()
        monkeypatch.setattr(ports, "comports", lambda: [listed(after)])
        port.open()
        port.close()
        assert port.name == after.path


def test_text_is_told_from_a_wrong_speed() -> None:
    assert has_text(b"3.21\r\n")
    assert has_text(b"\xf7\x13\r\n3.21\r\n3.2")
    assert not has_text(b"3.21")
    assert not has_text(b"\xf7\x80\x13\n\xff")
    assert not has_text(b"3.21\r\n\xf7\x80")
