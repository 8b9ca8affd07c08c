"""Where bytes come from: a serial port, found by path, by itself or by its USB numbers, and a TCP connection."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from devices.api import LinkLost, Unavailable

WAIT = 0.2  # s that a read waits: a run that ends does not wait longer for its threads
LISTEN = 1.2  # s at one speed: a receiver speaks once a second
DEAF = 5.0  # s of bytes that make no sense before the speed is looked for anew
SILENT = 10.0  # s without a byte mean that a TCP connection is dead, whatever it says itself
CONNECT = 5.0  # s
HELD = 8192  # bytes kept while the speed is looked for

Heard = Callable[[bytes], bool]


class SerialPort:
    """A serial port through pyserial.

    `port` is a path, "usb:VID:PID" or "usb:VID:PID:SERIAL" (hexadecimal), or a function that finds one and raises
    Unavailable. `baud` is a number, or those to try in turn until `heard` recognises what comes.
    """

    def __init__(
        self, port: str | Callable[[], str], baud: int | Sequence[int], heard: Heard = bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = port if isinstance(port, str) else "auto"
        self._find = port if callable(port) else lambda: _located(port, self._identity)
        self._bauds: Sequence[int] = [baud] if isinstance(baud, int) else baud
        self._heard, self._now = heard, now
        self._serial: Any = None
        self._identity: _Identity | None = None
        self._at_speed = False
        self._held = b""
        self._since = 0.0
        self._nth = 0

    def open(self) -> None:
        import serial  # late: `coach --help` has no use for it

        path = self._find()
        port = serial.Serial(timeout=WAIT, write_timeout=1.0, exclusive=True)
        port.port, port.baudrate = path, self._bauds[self._nth]
        port.dtr = port.rts = False  # raising them restarts an Arduino
        try:
            port.open()
        except (OSError, ValueError) as refused:
            raise _unavailable(path, refused) from None
        self.name, self._serial, self._identity = path, port, _identity(path) or self._identity
        self._at_speed, self._held, self._since = len(self._bauds) == 1, b"", self._now()

    def read(self) -> bytes:
        try:
            data: bytes = self._serial.read(max(1, self._serial.in_waiting))
        except OSError as gone:
            raise LinkLost("unplugged") from gone
        return data if len(self._bauds) == 1 else self._made_sense_of(data)

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except OSError as gone:
            raise LinkLost("unplugged") from gone

    def close(self) -> None:
        if self._serial is not None:
            try:
                self._serial.close()
            except OSError:
                pass  # it was unplugged: closed it is
            self._serial = None

    def _made_sense_of(self, data: bytes) -> bytes:
        """What came, once it is known to have come at the right speed; while that is not known, nothing."""
        self._held = (self._held + data)[-HELD:]
        now = self._now()
        if data and self._heard(self._held):
            released = data if self._at_speed else self._held
            self._at_speed, self._held, self._since = True, b"", now
            return released
        if self._at_speed:
            if not data and not self._held:
                self._since = now  # silence says nothing about the speed
            self._at_speed = now - self._since < DEAF
            return data
        if now - self._since >= LISTEN:
            self._nth = (self._nth + 1) % len(self._bauds)
            self._serial.baudrate = self._bauds[self._nth]
            self._serial.reset_input_buffer()
            self._held, self._since = b"", now
        return b""


class TcpPort:
    """NMEA from a phone or a server, "host:port". A connection that says nothing for 10 s counts as lost."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f'address = "{address}" is not "host:port", for example "192.168.1.20:10110"')
        self.name = address
        self._address = (host.strip("[]"), int(port))
        self._socket: socket.socket | None = None
        self._heard_at = 0.0

    def open(self) -> None:
        try:
            self._socket = socket.create_connection(self._address, CONNECT)
        except OSError as refused:
            why = (refused.strerror or str(refused)).lower()
            raise Unavailable(f"{self.name} does not answer: {why}", "start the sender, and check address = in the config") from None
        self._socket.settimeout(WAIT)
        self._heard_at = time.monotonic()

    def read(self) -> bytes:
        assert self._socket is not None
        try:
            data = self._socket.recv(4096)
        except TimeoutError:
            if time.monotonic() - self._heard_at > SILENT:
                raise LinkLost(f"silent for {SILENT:.0f} s") from None
            return b""
        except OSError as gone:
            raise LinkLost((gone.strerror or str(gone)).lower()) from gone
        if not data:
            raise LinkLost("closed by the other end")
        self._heard_at = time.monotonic()
        return data

    def write(self, data: bytes) -> None:
        assert self._socket is not None
        try:
            self._socket.sendall(data)
        except OSError as gone:
            raise LinkLost((gone.strerror or str(gone)).lower()) from gone

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


_Identity = tuple[int, int, str]  # USB vendor, product and serial number


def comports() -> list[Any]:
    """pyserial's list of the serial ports that are hardware."""
    from serial.tools.list_ports import comports as listed

    return sorted((port for port in listed() if port.vid is not None), key=lambda port: str(port.device))


def _located(port: str, identity: _Identity | None) -> str:
    """The path of `port` now; a device that was there before is found under the name it has taken since."""
    if not port.startswith("usb:"):
        if Path(port).exists() or identity is None:
            return port
        return next(_of_identity(identity), port)
    try:
        vendor, product, *rest = port.removeprefix("usb:").split(":")
        wanted = (int(vendor, 16), int(product, 16), ":".join(rest))
    except ValueError:
        raise ValueError(f'port = "{port}" is not "usb:VID:PID", for example "usb:1546:01a8"') from None
    for found in _of_identity(wanted):
        return found
    raise Unavailable(f"no device {port.removeprefix('usb:')} is plugged in", "`coach devices` lists what is")


def _of_identity(wanted: _Identity) -> Iterator[str]:
    for port in comports():
        if (port.vid, port.pid) == wanted[:2] and wanted[2] in ("", port.serial_number):
            yield port.device


def _identity(path: str) -> _Identity | None:
    real = str(Path(path).resolve())
    for port in comports():
        if real == str(Path(port.device).resolve()):
            return port.vid, port.pid, port.serial_number or ""
    return None


def _unavailable(path: str, refused: Exception) -> Unavailable:
    number = getattr(refused, "errno", None)
    if number == errno.ENOENT:
        return Unavailable(f"{path} is not there", "plug the device in; `coach devices` lists what is")
    if number in (errno.EACCES, errno.EPERM):
        return Unavailable(f"{path} may not be opened", "type: sudo usermod -aG dialout $USER, then log in again")
    if number in (errno.EAGAIN, errno.EBUSY):
        return Unavailable(f"{path} is in use by another program", f"type: fuser -v {path}; gpsd or ModemManager may hold it")
    return Unavailable(f"{path} cannot be opened: {refused}", "is it a serial port?")
