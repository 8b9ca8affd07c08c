"""Rooms that an input enters: a trace of the real calls of a run, for a plain fix, a key, a change of segment, a correction.

A room is a module of `coach` or `devices`. A change of room is a call, or a return, that leads from one into another.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType

from coach.core.coach import Coach
from coach.core.inputs import Input, Key
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.running.loop import Loop
from coach.runs.summary import Summary
from coach.voice.words.phrasing import Words
from devices.framing import sentence
from devices.nmea import NmeaDecoder
from devices.sample import Rx
from devices.sentences import KNOT
from tests.bench.replay import Silent
from tests.bench.row import Row
from tests.conftest import ROOT

MOST_ROOMS, MOST_CHANGES = 18.0, 55.0  # for a plain fix: what a newcomer can follow with a finger on the page
PLAIN = 300  # s: the run has settled, and nothing is being said
KEY = 310  # s: the runner asks for a report
CHANGE = 400  # s: the first segment ends
FAST_FROM = 500  # s: the runner is a fifth too fast from here on, and is told so soon
END = 600  # s
PACE = 3.0  # m/s
DEGREE = 111_195.0  # m of latitude
PLAN = Plan(
    "Two segments",
    (
        Segment("First", Kind.STEADY, Duration(float(CHANGE)), Steady(PACE)),
        Segment("Second", Kind.STEADY, Duration(600.0), Steady(PACE * 1.05)),
    ),
)


class Trace:
    """While it is switched on, `rooms` collects the modules entered and `changes` counts how often the room changed."""

    def __init__(self) -> None:
        self.rooms: set[str] = set()
        self.changes = 0
        self._here: str | None = None
        self._ours = tuple(f"{ROOT / part}/" for part in ("coach", "devices"))

    def __enter__(self) -> Trace:
        sys.setprofile(self._called)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, _: object) -> None:
        entered = frame if event == "call" else frame.f_back if event == "return" else None
        if entered is None or not (room := entered.f_code.co_filename).startswith(self._ours):
            return
        self.changes += self._here is not None and room != self._here
        self._here = room
        self.rooms.add(room)


def measure() -> Iterator[Row]:
    coach = Coach(PLAN, decoders={"gps": NmeaDecoder("gps")})
    loop = Loop(coach, Words.load("en", "metric"), Silent(), summary=Summary(coach))
    told = False
    for item in _items():
        with Trace() as trace:
            loop.run([item])
        if isinstance(item, Key):
            yield from _rows("a key", trace)
        elif item.at == PLAIN:
            yield from _rows("a plain fix", trace, MOST_ROOMS, MOST_CHANGES)
        elif any(event.name == "segment_ended" for event in coach.events):
            yield from _rows("a change of segment", trace)
        elif not told and any(each.kind == "ease_off" for each in coach.floor.decisions):
            told = True
            yield from _rows('the first "slow down"', trace)


def _rows(what: str, trace: Trace, most_rooms: float | None = None, most_changes: float | None = None) -> Iterator[Row]:
    yield Row(f"{what}: rooms entered", len(trace.rooms), "", most_rooms)
    yield Row(f"{what}: changes of room", trace.changes, "", most_changes)


def _items() -> Iterator[Input]:
    """A runner heading north as a receiver tells it, three sentences a second."""
    north = 0.0
    for second in range(END):
        speed = PACE * (1.2 if second >= FAST_FROM else 1.05 if second >= CHANGE else 1.0)
        yield Rx(float(second), "gps", _sentences(second, north, speed))
        if second == KEY:
            yield Key(second + 0.5, "report")
        north += speed


def _sentences(second: int, north: float, speed: float) -> bytes:
    time = f"10{second // 60:02}{second % 60:02}.00"
    place = f"48{60.0 * north / DEGREE:010.7f},N,01100.0000000,E"
    bodies = (
        f"GPRMC,{time},A,{place},{speed / KNOT:.3f},0.0,280926,,,A",
        f"GPGST,{time},1.0,2.0,1.0,0.0,1.5,1.5,3.0",
        f"GPGGA,{time},{place},1,12,0.7,520.0,M,47.0,M,,",
    )
    return b"".join(sentence(body.encode()) for body in bodies)
