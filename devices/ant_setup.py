"""Sets up an ANT stick: the network, and a channel for each sensor. Each message is sent in one write.

    reset · network key · per channel: assign, id, period, frequency, search time, open

A stick that restarts by itself (a loose plug, a weak hub) is set up again; a channel whose search timed out is opened again.
The first pod heard is taken for the runner's, and its number is asked for, so that a neighbour's cannot take its place later.
Messages as in "ANT Message Protocol and Usage"; the network key is the public one of ANT+.
"""

from __future__ import annotations

import struct
from collections import deque

from devices.ant import BROADCAST, FOOTPOD, HEART, Messages, message

NETWORK_KEY = bytes.fromhex("b9a521fbbd72c345")
FREQUENCY = 57  # 2457 MHz
SEARCH = 12  # × 2.5 s, then the channel closes and is opened again
TYPES = {FOOTPOD: 124, HEART: 120}
PERIODS = {FOOTPOD: 8134, HEART: 8070}  # of 1/32768 s: four times a second
PATIENCE = 1.0  # s to wait for an answer
RESET, STARTED, ANSWER, REQUEST = 0x4A, 0x6F, 0x40, 0x4D
KEY, ASSIGN, ID, PERIOD, RADIO, TIMEOUT, OPEN = 0x46, 0x42, 0x51, 0x43, 0x45, 0x44, 0x4B
EVENT, CHANNEL_CLOSED = 1, 7


class AntSetup:
    """A Talk. `channels` are those of devices.ant; `device` is the number of the footpod or strap, 0 for the first heard."""

    def __init__(self, channels: tuple[int, ...] = (FOOTPOD, HEART), device: int | None = None) -> None:
        self._channels = channels
        self._numbers = dict.fromkeys(channels, 0)
        self._numbers[channels[0]] = device or 0
        self._messages = Messages({})
        self._steps: deque[tuple[int, bytes]] = deque()
        self._sent_at: float | None = None

    def begin(self, at: float) -> list[bytes]:
        self._messages = Messages({})
        self._steps = deque([(RESET, b"\0")])
        self._sent_at = at
        return [message(RESET, b"\0")]

    def heard(self, at: float, data: bytes) -> list[bytes]:
        out: list[bytes] = []
        for kind, content in self._messages.feed(data):
            out += self._take(at, kind, content)
        if self._steps and (self._sent_at is None or at - self._sent_at >= PATIENCE):
            out.append(self._send(at))
        return out

    def _take(self, at: float, kind: int, content: bytes) -> list[bytes]:
        if kind == STARTED:
            return self._set_up(at)
        if kind == ID and len(content) >= 3:
            self._numbers[content[0]] = content[1] | content[2] << 8
        elif kind == BROADCAST and content and not self._numbers.get(content[0], 1):
            self._numbers[content[0]] = -1  # requested; the answer may take a while
            return [message(REQUEST, bytes((content[0], ID)))]
        elif kind == ANSWER and len(content) >= 3:
            return self._answered(at, *content[:3])
        return []

    def _answered(self, at: float, channel: int, to: int, code: int) -> list[bytes]:
        if to == EVENT:
            return self._open(channel) if code == CHANNEL_CLOSED and channel in self._channels else []
        if self._steps and to == self._steps[0][0]:
            if code == 0:
                self._steps.popleft()
                return [self._send(at)] if self._steps else []
            return self.begin(at)  # the stick is not in the expected state
        return []

    def _set_up(self, at: float) -> list[bytes]:
        """Called when the stick has just restarted."""
        self._steps = deque([(KEY, b"\0" + NETWORK_KEY)])
        for channel in self._channels:
            number = struct.pack("<H", max(0, self._numbers[channel]))
            self._steps += [
                (ASSIGN, bytes((channel, 0, 0))),
                (ID, bytes((channel,)) + number + bytes((TYPES[channel], 0))),
                (PERIOD, bytes((channel,)) + struct.pack("<H", PERIODS[channel])),
                (RADIO, bytes((channel, FREQUENCY))),
                (TIMEOUT, bytes((channel, SEARCH))),
                (OPEN, bytes((channel,))),
            ]
        return [self._send(at)]

    def _send(self, at: float) -> bytes:
        self._sent_at = at
        return message(*self._steps[0])

    @staticmethod
    def _open(channel: int) -> list[bytes]:
        return [message(OPEN, bytes((channel,)))]


class HeartSetup(AntSetup):
    """The same for a heart-rate strap alone."""

    def __init__(self, device: int | None = None) -> None:
        super().__init__((HEART,), device)
