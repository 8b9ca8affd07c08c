"""Receivers on the network, such as a phone whose app sends NMEA, by TCP or UDP: either side may open the connection.

    host:port   tcp://host:port    we connect to it
    tcp://:port                    it connects to us
    udp://:port                    it sends us datagrams

Only one sender is read until it has been silent for ten seconds, because the data of two phones must not be mixed.
"""

from __future__ import annotations

import errno
import os
import socket
import time

from devices.api import LinkLost, Port, Unavailable

WAIT = 0.2  # s that a read waits at most, and so the end of a run too
SILENT = 10.0  # s without a byte after which a sender counts as gone
CONNECT = 5.0  # s
LARGEST = 65_536  # bytes: no datagram is larger
_EXAMPLES = '"192.168.1.20:10110", or "udp://:29998" for a phone that sends'


def port(address: str) -> Port:
    """The port for an address, not yet open. Raises ValueError for an invalid address."""
    scheme, found, rest = address.rpartition("://")
    host, _, number = rest.rpartition(":")
    known = scheme in ("", "tcp", "udp") and (scheme or not found)
    if not known or not number.isdecimal() or len(number) > 5 or not 0 < int(number) < 65536 or not (host or scheme):
        raise ValueError(f'address = "{address}" is not an address: write "host:port", such as {_EXAMPLES}')
    if scheme == "udp" and host:
        raise ValueError(f'address = "{address}" names a host, but by UDP the phone sends to us: "udp://:{number}"')
    if scheme == "udp":
        return UdpPort(int(number))
    return TcpPort(host.strip("[]"), int(number)) if host else TcpListener(int(number))


class _Connection:
    """An open TCP connection. It counts as lost after ten seconds of silence."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._socket.settimeout(WAIT)
        self._heard_at = time.monotonic()

    def read(self) -> bytes:
        try:
            data = self._socket.recv(4096)
        except TimeoutError:
            if time.monotonic() - self._heard_at > SILENT:
                raise LinkLost(f"silent for {SILENT:.0f} s") from None
            return b""
        except OSError as gone:
            raise LinkLost(_why(gone)) from gone
        if not data:
            raise LinkLost("closed by the other end")
        self._heard_at = time.monotonic()
        return data

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as gone:
            raise LinkLost(_why(gone)) from gone

    def close(self) -> None:
        self._socket.close()


class TcpPort:
    """A TCP port that connects to a phone or a server."""

    def __init__(self, host: str, number: int) -> None:
        self.name = f"{host}:{number}"
        self._address = host, number
        self._connection: _Connection | None = None

    def open(self) -> None:
        try:
            self._connection = _Connection(socket.create_connection(self._address, CONNECT))
        except OSError as refused:
            hint = "start the sender, and check the address in the config"
            raise Unavailable(f"{self.name} does not answer: {_why(refused)}", hint) from None

    def read(self) -> bytes:
        return self._connected().read()

    def write(self, data: bytes) -> None:
        self._connected().write(data)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> _Connection:
        if self._connection is None:
            raise LinkLost("not connected")
        return self._connection


class TcpListener:
    """A TCP port to which a phone connects."""

    def __init__(self, number: int) -> None:
        self.name = f"tcp://:{number}"
        self._number = number
        self._listening: socket.socket | None = None
        self._connection: _Connection | None = None

    def open(self) -> None:
        self._listening = _bound(socket.SOCK_STREAM, self._number, self.name)
        self._listening.listen(1)
        self._listening.settimeout(WAIT)

    def read(self) -> bytes:
        if self._connection is not None:
            return self._connection.read()
        if self._listening is None:
            raise LinkLost("not open")
        try:
            self._connection = _Connection(self._listening.accept()[0])
        except TimeoutError:
            return b""
        except OSError as gone:
            raise LinkLost(_why(gone)) from gone
        return self._connection.read()

    def write(self, data: bytes) -> None:
        if self._connection is not None:
            self._connection.write(data)

    def close(self) -> None:
        for each in (self._connection, self._listening):
            if each is not None:
                each.close()
        self._connection = self._listening = None


class UdpPort:
    """A UDP port to which a phone sends datagrams. One without a line end gets one, because some apps send none."""

    def __init__(self, number: int) -> None:
        self.name = f"udp://:{number}"
        self._number = number
        self._socket: socket.socket | None = None
        self._sender: str | None = None
        self._heard_at = 0.0

    def open(self) -> None:
        self._socket = _bound(socket.SOCK_DGRAM, self._number, self.name)
        self._socket.settimeout(WAIT)

    def read(self) -> bytes:
        if self._socket is None:
            raise LinkLost("not open")
        try:
            data, (sender, *_) = self._socket.recvfrom(LARGEST)
        except TimeoutError:
            return b""
        except OSError as gone:
            raise LinkLost(_why(gone)) from gone
        now = time.monotonic()
        if sender != self._sender and self._sender is not None and now - self._heard_at <= SILENT:
            return b""
        self._sender, self._heard_at = sender, now
        return data if data.endswith((b"\r", b"\n")) else data + b"\n"

    def write(self, data: bytes) -> None:
        raise LinkLost("nothing can be sent to a device that sends by UDP")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = self._sender = None


def _bound(kind: socket.SocketKind, number: int, name: str) -> socket.socket:
    """A socket bound to this port on all our addresses, including IPv6 if available."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    bound = socket.socket(family, kind)
    try:
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if kind == socket.SOCK_STREAM and os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("", number))
    except OSError as refused:
        bound.close()
        if refused.errno == errno.EADDRINUSE:
            hint = "end the other program, or choose another port here and in the phone's app"
            raise Unavailable(f"{name} is in use by another program", hint) from None
        hint = "choose a port above 1023 here and in the phone's app"
        raise Unavailable(f"{name} cannot be opened: {_why(refused)}", hint) from None
    return bound


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
