"""The serial port, found by path, by USB numbers or automatically."""

from __future__ import annotations

import contextlib
import errno
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from devices.api import LinkLost, Unavailable
from devices.holders import PINS_ON, in_use, login_prompt

WAIT = 0.2  # s that a read waits, at most; ending a run waits as long for its threads
LISTEN = 1.2  # s to listen at one baud rate: a receiver sends once a second
DEAF = 5.0  # s without valid data before another baud rate is tried, or the port is given up
PINS = "/dev/serial0"  # a Raspberry Pi's own name for the serial port on its pins, where GPS hats sit
HELD = 8192  # bytes kept while the baud rate is being found

Heard = Callable[[bytes], bool]

try:
    from termios import error as _error
except ImportError:  # Windows
    TerminalError: type[Exception] = OSError
else:
    TerminalError = _error


class SerialPort:
    """A serial port through pyserial.

    `port` is a path, "usb:VID:PID" or "usb:VID:PID:SERIAL" (hexadecimal; raises ValueError), or a function
    that finds a path or raises Unavailable. `bauds` are tried in turn until `heard` makes sense of what
    comes; a single one is taken as it is. A device that comes back under another name is found again.
    """

    def __init__(self, port: str | Callable[[], str], bauds: Sequence[int], heard: Heard) -> None:
        self.name = port if isinstance(port, str) else "auto"
        self._port = _usb(port) if isinstance(port, str) and port.startswith("usb:") else port
        self._bauds, self._heard = bauds, heard
        self._serial: Any = None
        self._identity: _Identity | None = None
        self._nth = 0  # index into the baud rates
        self._at_speed = len(bauds) == 1
        self._unclear = b""
        self._since = 0.0
        self._noise = False

    def open(self) -> None:
        import serial  # imported late: `coach --help` does not need it

        path = self._path()
        if (prompt := login_prompt(path)) is not None:
            raise prompt
        opened = serial.Serial(timeout=WAIT, write_timeout=1.0, exclusive=True)
        opened.port, opened.baudrate = path, self._bauds[self._nth]
        opened.dtr = opened.rts = False  # setting them would restart an Arduino
        try:
            opened.open()
        except (OSError, ValueError, TerminalError) as refused:
            raise _unavailable(path, refused) from None
        self.name, self._serial, self._identity = path, opened, _identity(path) or self._identity
        self._at_speed, self._unclear, self._since = len(self._bauds) == 1, b"", time.monotonic()

    def read(self) -> bytes:
        try:
            data: bytes = self._serial.read(max(1, self._serial.in_waiting))
        except (OSError, TerminalError) as gone:
            raise LinkLost("unplugged") from gone
        return data if len(self._bauds) == 1 else self._made_sense_of(data)

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except OSError as gone:
            raise LinkLost("unplugged") from gone

    def close(self) -> None:
        if self._serial is not None:
            with contextlib.suppress(OSError, TerminalError):  # unplugged, so already closed
                self._serial.close()
            self._serial = None

    def _path(self) -> str:
        if isinstance(self._port, str) and Path(self._port).exists():
            return self._port
        wanted = self._identity or (self._port if isinstance(self._port, tuple) else None)
        if wanted and (found := next(_of_identity(wanted), None)):
            return found
        if isinstance(self._port, tuple):
            raise Unavailable(f"{self.name} is not plugged in", "`coach devices` lists what is")
        return self._port if isinstance(self._port, str) else self._port()

    def _made_sense_of(self, data: bytes) -> bytes:
        """The received bytes; empty until the baud rate is known to be right."""
        now = time.monotonic()
        if data and not self._unclear:
            self._since = now  # silence says nothing about the baud rate
        self._unclear = (self._unclear + data)[-HELD:]
        if data and self._heard(self._unclear):
            came = data if self._at_speed else self._unclear
            self._at_speed, self._unclear, self._since, self._noise = True, b"", now, False
            return came
        if self._at_speed:
            if not data or now - self._since < DEAF:
                return data
            self._at_speed, self._unclear, self._since = False, data, now
        elif now - self._since >= (LISTEN if self._unclear else DEAF):
            self._next_speed(now)
        return b""

    def _next_speed(self, now: float) -> None:
        self._noise = self._noise or bool(self._unclear)
        self._nth = (self._nth + 1) % len(self._bauds)
        if self._nth == 0 and self._noise:
            self._noise = False
            raise LinkLost("it sends data, but nothing readable at any baud rate")
        self._serial.baudrate = self._bauds[self._nth]
        self._serial.reset_input_buffer()
        self._unclear, self._since = b"", now


_Identity = tuple[int, int, str]  # USB vendor, product and serial number ("" if none)


def comports() -> list[Any]:
    """pyserial's list of the USB serial ports, by name."""
    from serial.tools import list_ports

    return sorted((port for port in list_ports.comports() if port.vid is not None), key=lambda port: str(port.device))


def _usb(port: str) -> _Identity:
    try:
        _, vendor, product, *number = port.split(":", 3)
        return int(vendor, 16), int(product, 16), "".join(number)
    except ValueError:
        raise ValueError(f'port = "{port}" is not "usb:VID:PID", for example "usb:1546:01a8"') from None


def _of_identity(wanted: _Identity) -> Iterator[str]:
    vendor, product, number = wanted
    for port in comports():
        if (port.vid, port.pid) == (vendor, product) and number in ("", port.serial_number):
            yield port.device


def _identity(path: str) -> _Identity | None:
    real = Path(path).resolve()
    for port in comports():
        if real == Path(port.device).resolve():
            return port.vid, port.pid, port.serial_number or ""
    return None


def _unavailable(path: str, refused: Exception) -> Unavailable:
    """The error in plain words, with a hint."""
    match getattr(refused, "errno", None):
        case errno.ENOENT | errno.ENXIO | errno.ENODEV if path in (PINS, "/dev/ttyAMA0", "/dev/ttyS0"):
            return Unavailable(f"{path} is not there", f"on a Raspberry Pi type: {PINS_ON}")
        case errno.ENOENT | errno.ENXIO | errno.ENODEV:
            return Unavailable(f"{path} is not there", "plug the device in; `coach devices` lists what is")
        case errno.EACCES | errno.EPERM:
            return Unavailable(
                f"{path} may not be opened",
                "type: sudo usermod -aG dialout $USER, and log in again; on a Raspberry Pi, start it again",
            )
        case errno.EAGAIN | errno.EBUSY:
            return in_use(path)
    return Unavailable(f"{path} is not a serial port", "`coach devices` lists what is")
