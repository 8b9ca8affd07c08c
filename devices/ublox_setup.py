"""Configures a u-blox receiver for pacing: NAV-PVT several times a second, a motion model, no sentences.

It changes only the receiver's RAM: after switching off and on it is as before. Receivers from protocol 27 on take all settings
in one VALSET message, older ones take a CFG message for each. A setting that a receiver refuses is left out; the wrist model
falls back to pedestrian. A receiver without NAV-PVT (u-blox 6 and before) keeps its sentences and its rate, because at 9600
baud only one set of sentences a second fits. Layouts: u-blox M8 and M10 interface descriptions.
"""

from __future__ import annotations

import re
import struct
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from devices.ublox import Frames, frame

MODELS = {"pedestrian": 3, "wrist": 9}
PATIENCE = 1.0  # s to wait for an answer
TRIES = 3  # attempts to ask for the version and to send each message
VALSET_FROM = 27  # the first protocol version with VALSET
MON_VER, ACK, NAK = b"\x0a\x04", b"\x05\x01", b"\x05\x00"
VALSET, CFG_MSG, CFG_RATE, CFG_NAV5 = b"\x06\x8a", b"\x06\x01", b"\x06\x08", b"\x06\x24"
SENTENCES = range(6)  # GGA GLL GSA GSV RMC VTG, of class F0
_PROTOCOL = re.compile(rb"PROTVER[= ](\d+)")

RATE_MEAS, DYNAMIC_MODEL = 0x30210001, 0x20110021
PVT_UART1, PVT_USB = 0x20910007, 0x20910009
NMEA_UART1, NMEA_USB = 0x10740002, 0x10780002


class UbloxSetup:
    """A Talk. `rate` in fixes a second, `model` of MODELS; without both the receiver is not configured."""

    def __init__(self, rate: float | None = None, model: str | None = None) -> None:
        self._wanted = rate is not None or model is not None
        self._interval = round(1000 / (rate or 5.0))  # ms
        self._model = MODELS[model or "pedestrian"]
        self.refused: list[str] = []
        self._frames = Frames({})
        self._steps: deque[_Step] | None = None  # None until the receiver's version is known
        self._sent_at: float | None = None
        self._tried = 0
        self._spoke = False  # True once the port has found the receiver's baud rate

    def begin(self, at: float) -> list[bytes]:
        self._frames, self._steps, self.refused = Frames({}), None, []
        self._sent_at, self._tried, self._spoke = None, 0, False
        return []

    def heard(self, at: float, data: bytes) -> list[bytes]:
        if not self._wanted:
            return []
        for kind, payload in self._frames.feed(data):
            if kind == MON_VER and self._steps is None:
                self._steps = self._planned(payload)
            elif kind in (ACK, NAK) and self._steps and payload[:2] == self._steps[0].kind:
                self._answered(accepted=kind == ACK)
            else:
                continue
            self._tried, self._sent_at = 0, None
        self._spoke = self._spoke or bool(data)
        return self._next(at) if self._spoke else []

    def _next(self, at: float) -> list[bytes]:
        """The message to send now: a new one, or the last one again if no answer came."""
        if self._steps is not None and not self._steps:
            return []
        if self._sent_at is not None and at - self._sent_at < PATIENCE:
            return []
        if self._tried == TRIES:
            self._gave_up()
            return self._next(at)
        self._sent_at, self._tried = at, self._tried + 1
        return [frame(MON_VER) if self._steps is None else self._steps[0].message]

    def _gave_up(self) -> None:
        """Handles a missing answer: an old receiver may not know the version request or this step."""
        if self._steps is None:
            self._steps = self._planned(b"")
        else:
            self._answered(accepted=False)
        self._tried, self._sent_at = 0, None

    def _answered(self, accepted: bool) -> None:
        assert self._steps
        step = self._steps.popleft()
        if not accepted:
            self.refused.append(step.what)
        self._steps.extendleft(reversed(step.then if accepted else step.instead))

    def _planned(self, version: bytes) -> deque[_Step]:
        found = _PROTOCOL.search(version)
        modern = found is not None and int(found[1]) >= VALSET_FROM
        return deque(self._valset() if modern else self._messages())

    def _valset(self) -> Iterable[_Step]:
        wanted = [(RATE_MEAS, self._interval), (DYNAMIC_MODEL, self._model), (PVT_UART1, 1), (PVT_USB, 1)]
        without = [(RATE_MEAS, self._interval), (PVT_UART1, 1), (PVT_USB, 1)]
        calm = (DYNAMIC_MODEL, MODELS["pedestrian"])
        silent = (_valset("sentences off", [(NMEA_UART1, 0), (NMEA_USB, 0)]),)
        alone = _valset("solutions", without[1:], then=silent)
        slower = _valset("rate", [calm, *without], then=silent, instead=(alone,))
        yield _valset("all at once", wanted, then=silent, instead=(slower if self._model != calm[1] else alone,))

    def _messages(self) -> Iterable[_Step]:
        silent = (_Step("sentences off", CFG_MSG, frame(CFG_MSG, bytes((0xF0, each, 0)))) for each in SENTENCES)
        rate = _Step("rate", CFG_RATE, frame(CFG_RATE, struct.pack("<HHH", self._interval, 1, 1)))
        yield _Step("solutions", CFG_MSG, frame(CFG_MSG, b"\x01\x07\x01"), then=(*silent, rate))
        calm = (_nav5(MODELS["pedestrian"]),) if self._model != MODELS["pedestrian"] else ()
        yield _nav5(self._model, calm)


@dataclass(frozen=True, slots=True)
class _Step:
    """A message that needs an answer: `then` is sent once it is accepted, `instead` once it is refused."""

    what: str
    kind: bytes
    message: bytes
    then: tuple[_Step, ...] = ()
    instead: tuple[_Step, ...] = ()


def _nav5(model: int, instead: tuple[_Step, ...] = ()) -> _Step:
    return _Step("model", CFG_NAV5, frame(CFG_NAV5, struct.pack("<HB33x", 1, model)), instead=instead)


def _valset(what: str, values: list[tuple[int, int]], then: tuple[_Step, ...] = (), instead: tuple[_Step, ...] = ()) -> _Step:
    """Version 0, layer RAM; bits 28 to 30 of a key are the size of its value."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
    items = b"".join(key.to_bytes(4, "little") + value.to_bytes(sizes[key >> 28 & 7], "little") for key, value in values)
    return _Step(what, VALSET, frame(VALSET, b"\x00\x01\x00\x00" + items), then, instead)
