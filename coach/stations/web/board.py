"""What the pages are shown: the latest state of the run and its texts, made once for all of them in the server's thread.

Whoever is slow misses states, never the latest. A heartbeat says how old it is: a pace that stands still is a lie.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from coach.stations.web.trace import Trace
from coach.ui.outline import Outline
from coach.ui.state import State
from coach.ui.told import Teller

HEARTBEAT = 5.0  # s
LEAST_GAP = 0.2  # s between two states: nobody reads faster
RETRY = 2000  # ms after which a browser connects again


class Board:
    """`put` may be called in any thread and returns at once; everything else belongs to the server's loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._teller: Teller | None = None
        self._outline: Outline | None = None
        self._trace = Trace()
        self.run = 0  # counts the runs that were shown
        self._latest: tuple[State, float] | None = None  # and when it came, monotonic s
        self._lobby: dict[str, Any] | None = None
        self._changed = self._stirred = False
        self._number, self._made = 0, {False: (-1, ""), True: (-1, "")}
        self._wake = asyncio.Event()
        self._closed = False

    def begin(self, outline: Outline, teller: Teller, trace: Trace | None = None) -> None:
        """Another run begins, or goes on after what was run. Any thread."""
        self._outline, self._teller, self._latest, self._trace = outline, teller, None, trace or Trace()
        self.run += 1
        self._stir()

    def put(self, state: State) -> None:
        """The latest state. Any thread."""
        self._latest = state, time.monotonic()
        self._stir()

    def show_lobby(self, lobby: dict[str, Any] | None) -> None:
        """What is shown while there is no run. Any thread."""
        self._lobby = lobby
        self._stir()

    def _stir(self) -> None:
        self._changed = True
        if self._loop and not self._stirred:
            self._stirred = True
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._turn)

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._stir()

    def _turn(self) -> None:
        assert self._loop
        self._changed = False
        self._number += 1
        if self._latest:
            self._trace.add(self._latest[0])
        woken, self._wake = self._wake, asyncio.Event()
        woken.set()
        self._loop.call_later(LEAST_GAP, self._settle)

    def _settle(self) -> None:
        """From now on a change is shown at once; one that came meanwhile is shown now."""
        self._stirred = False
        if self._changed and not self._closed:
            self._stir()

    @property
    def has_run(self) -> bool:
        """Whether a run was shown."""
        return self._latest is not None

    def close(self) -> None:
        """Ends all streams."""
        self._closed = True
        self._wake.set()

    async def stream(self) -> AsyncIterator[str]:
        """Server-sent events: the whole at first, then what changes, each a snapshot of its own."""
        run = -1
        yield f"retry: {RETRY}\n\n"
        while not self._closed:
            wake, number = self._wake, self._number
            yield f"id: {number}\ndata: {self.message(whole=run != self.run)}\n\n"
            run = self.run
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), HEARTBEAT)
        yield "event: end\ndata: {}\n\n"

    def message(self, whole: bool) -> str:
        """The snapshot as JSON, with the plan and what was run on it if `whole`."""
        number, body = self._made[whole]
        if number != self._number:
            body = json.dumps(self._whole() if whole else self._snapshot(), separators=(",", ":"))[1:]
            self._made[whole] = self._number, body
        age = time.monotonic() - self._latest[1] if self._latest else 0.0
        return f'{{"age":{age:.1f},{body}'

    def _snapshot(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": self._number, "run": self.run, "lobby": self._lobby, "state": None, "told": None}
        if self._latest and self._teller:
            state = self._latest[0]
            told |= {"state": state.as_dict(), "told": asdict(self._teller.told(state))}
        return told

    def _whole(self) -> dict[str, Any]:
        plan = [[leg.kind, [list(point) for point in leg.points]] for leg in self._outline.legs] if self._outline else []
        return self._snapshot() | {"plan": plan, "trace": self._trace.points}
