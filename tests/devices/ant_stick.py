"""An ANT stick with a footpod near it, on a pseudo-terminal. It speaks only when it was set up in the right order."""

from __future__ import annotations

import random
from collections import deque

from devices.ant import BROADCAST, FOOTPOD, HEART, Messages, message
from tests.devices.fakes import Plug

SET_UP = (0x46, 0x42, 0x51, 0x43, 0x45, 0x44, 0x4B)
NUMBER = 12345


class Pod:
    """Runs at 3.2 m/s, a page every 8134/32768 s; what it counted is known exactly."""

    def __init__(self) -> None:
        self.pages = 0
        self.sixteenths = self.strides = 0

    def page(self) -> bytes:
        self.pages += 1
        moment = self.pages * 8134 / 32768
        self.sixteenths, self.strides = int(moment * 3.2 * 16), int(moment * 1.45)
        speed = round(3.2 * 256)
        if self.pages % 65 == 0:
            return bytes((80, 255, 255, 1, 1, 0, 1, 0))
        if self.pages % 4 in (2, 3):
            cadence = 87 * 16
            return bytes((2, 255, 255, cadence >> 4, (cadence & 15) << 4 | speed >> 8, speed & 255, 255, 0x11))
        metres = self.sixteenths % 4096
        return bytes((1, int(moment % 1 * 200), int(moment) % 256, metres >> 4,
                      (metres & 15) << 4 | speed >> 8, speed & 255, self.strides % 256, 0))  # fmt: skip


class Stick:
    def __init__(self, plug: Plug, seed: int = 1, lost: float = 0.0, junk: float = 0.0) -> None:
        self.plug, self.pod = plug, Pod()
        self._chance, self._lost, self._junk = random.Random(seed), lost, junk
        self._messages = Messages({})
        self.wrong: list[str] = []  # what no stick would have taken
        self.set_ups = 0
        self.numbers: list[int] = []  # of the devices it was told to listen for, channel 0
        self.events: deque[int] = deque()  # that take the place of the next pages
        self._open: set[int] = set()
        self._done: dict[int, list[int]] = {}
        self._keyed = False

    def listen(self, within: float = 0.0) -> None:
        """Takes what was written, and answers it."""
        written = self.plug.written(within)
        for kind, content in self._messages.feed(written):
            self.plug.send(self._answer(kind, content))

    def broadcast(self) -> None:
        """The next page, or nothing while the channel is not open."""
        page = self.pod.page()
        if FOOTPOD not in self._open:
            return
        if self.events:
            event = self.events.popleft()
            if event == 7:
                self._open.discard(FOOTPOD)
            self.plug.send(message(0x40, bytes((FOOTPOD, 1, event))))
            return
        if self._chance.random() < self._lost:
            self.plug.send(message(0x40, bytes((FOOTPOD, 1, 2))))
            return
        junk = self._chance.randbytes(self._chance.randrange(1, 9)) if self._chance.random() < self._junk else b""
        beat = message(BROADCAST, bytes((HEART, 4, 255, 0, 0, 0, 0, self.pod.pages % 256, 142))) if HEART in self._open else b""
        self.plug.send(junk + message(BROADCAST, bytes((FOOTPOD,)) + page) + beat)

    def reset(self) -> None:
        """It starts anew by itself, as one in a loose plug does."""
        self._open, self._done, self._keyed = set(), {}, False
        self.plug.send(message(0x6F, b"\x40"))

    def _answer(self, kind: int, content: bytes) -> bytes:
        if kind == 0x4A:
            self._open, self._done, self._keyed = set(), {}, False
            return message(0x6F, b"\0")
        if kind == 0x4D:
            return message(0x51, bytes((content[0],)) + NUMBER.to_bytes(2, "little") + b"\x7c\x05")
        if kind == 0x46:
            self._keyed = content == b"\0" + bytes.fromhex("b9a521fbbd72c345")
            return self._took(content[0], kind)
        steps = self._done.setdefault(content[0], [])
        if kind == 0x42:
            steps.clear()  # a channel is set up anew
        if steps[-1:] != [kind]:  # a message is sent again when the answer is late, and a stick takes it again
            steps.append(kind)
            if kind == 0x51 and content[0] == FOOTPOD:
                self.numbers.append(content[1] | content[2] << 8)
        if kind == 0x4B:
            if not self._keyed or tuple(steps[:6]) != SET_UP[1:]:
                self.wrong.append(f"opened after {[hex(step) for step in steps]}")
            self._open.add(content[0])
            self.set_ups += content[0] == FOOTPOD
        return self._took(content[0], kind)

    @staticmethod
    def _took(channel: int, kind: int) -> bytes:
        return message(0x40, bytes((channel, kind, 0)))
