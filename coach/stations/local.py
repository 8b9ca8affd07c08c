"""The socket of a run, by which programs of the same user see and steer it. Each request and each answer is a line of JSON.

{"press": "lap"}     {"ok": true}
{"status": true}     {"run": "2026-…", "state": {…}}
{"follow": true}     the same, now and with each state, about once a second; who is slow to read gets the latest
{"outline": true}    {"run": "2026-…", "outline": {…}}
what is not known    {"ok": false, "error": "…"}
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from coach.core.inputs import KEYS
from coach.stations.place import listening, path_of, peer_is_owner
from coach.stations.threads import Rouser, station_thread
from coach.stations.visitor import Visitor
from coach.ui.state import State
from coach.ui.watching import Press, Sink, Watching

MOST_VISITORS = 32
MOST_PRESSES = 20, 2.0  # in so many seconds, by all visitors: a person does not press faster
LOOK_EVERY = 1.0  # s between two looks for visitors who do not read or ask
ENDS_WITHIN = 1.0  # s
Refused = tuple[str, str]  # one and several


class LocalSocket:
    """The station of the run with this name. Raises OSError, Unavailable among them, where it cannot be opened."""

    def __init__(self, run: str, note: Callable[[str], object]) -> None:
        self._run, self._note = run, note

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        path = path_of(self._run)
        service = Service(listening(path), self._run, press, watching, self._note)
        service.start()
        try:
            yield service.show
        finally:
            path.unlink(missing_ok=True)
            service.stop()
            if told := service.refusals():
                self._note(f"the socket of the run refused: {told}")


class Service:
    """A thread that serves all visitors, and keeps the latest state only."""

    def __init__(
        self, listener: socket.socket, run: str, press: Press, watching: Watching, note: Callable[[str], object]
    ) -> None:
        listener.setblocking(False)
        self._listener, self._run, self._press = listener, run, press
        self._outline = asdict(watching.stater.outline)
        self._state = watching.state()
        self._shown: State | None = None
        self._visitors: dict[socket.socket, Visitor] = {}
        self._presses: deque[float] = deque(maxlen=MOST_PRESSES[0])
        self._refused: Counter[str] = Counter()
        self._selector = selectors.DefaultSelector()
        self._rouser = Rouser(self._selector)
        self._is_over = False
        self._thread = station_thread("the socket of the run", self._serve, note)

    def start(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread.start()

    def stop(self) -> None:
        self._is_over = True
        self._rouser.rouse()
        self._thread.join(ENDS_WITHIN)

    def show(self, state: State) -> None:
        """Called in the thread of the loop."""
        self._state = state
        if self._visitors:
            self._rouser.rouse()

    def refusals(self) -> str:
        """What was refused, counted; empty if nothing was."""
        return ", ".join(f"{what}: {count}" for what, count in self._refused.items())

    # Everything below runs in the thread of the service

    def _serve(self) -> None:
        try:
            self._wait_for_all()
        finally:
            for visitor in [*self._visitors.values()]:
                self._leave(visitor)
            for end in (self._listener, self._rouser, self._selector):
                end.close()

    def _wait_for_all(self) -> None:
        swept = time.monotonic()
        while not self._is_over:
            ready = self._selector.select(LOOK_EVERY)
            now = time.monotonic()
            for key, events in ready:
                self._attend(key.fileobj, events, now)
            if self._state is not self._shown:
                self._show_all(now)
            if now - swept >= LOOK_EVERY:
                swept = now
                for visitor in [each for each in self._visitors.values() if each.is_over(now)]:
                    self._refuse(visitor, "readers too slow" if visitor.is_behind else "silent connections")

    def _attend(self, ready: Any, events: int, now: float) -> None:
        if self._rouser.heard(ready):
            return
        if ready is self._listener:
            self._welcome(now)
        elif visitor := self._visitors.get(ready):
            if events & selectors.EVENT_WRITE and not visitor.send_on(now):
                self._leave(visitor)
            elif events & selectors.EVENT_READ:
                self._hear(visitor, now)
            self._mind(visitor)

    def _welcome(self, now: float) -> None:
        with suppress(OSError):  # it left meanwhile
            connection, _ = self._listener.accept()
            if len(self._visitors) >= MOST_VISITORS or not peer_is_owner(connection):
                self._refused["connections"] += 1
                connection.close()
                return
            self._visitors[connection] = Visitor(connection, now)
            self._selector.register(connection, selectors.EVENT_READ)

    def _hear(self, visitor: Visitor, now: float) -> None:
        lines = visitor.requests(now)
        if lines is None:
            self._leave(visitor)
            return
        for line in lines:
            answer = self._answer(line, visitor, now)
            if not visitor.give(_line(answer), now):
                self._refuse(visitor, "readers too slow")
                return

    def _answer(self, line: bytes, visitor: Visitor, now: float) -> dict[str, Any]:
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            asked = None
        match asked:
            case {"press": str(key)} if key in KEYS:
                return self._pressed(key, now)
            case {"status": True}:
                return self._told(self._state)
            case {"follow": True}:
                visitor.follows = True
                return self._told(self._state)
            case {"outline": True}:
                return {"run": self._run, "outline": self._outline}
        self._refused["requests not understood"] += 1
        return {"ok": False, "error": f"press is one of {', '.join(KEYS)}; else ask for status, follow or outline"}

    def _pressed(self, key: str, now: float) -> dict[str, Any]:
        most, within = MOST_PRESSES
        if len(self._presses) == most and now - self._presses[0] < within:
            self._refused["presses too fast"] += 1
            return {"ok": False, "error": "these are too many presses"}
        self._presses.append(now)
        self._press(key)
        return {"ok": True}

    def _show_all(self, now: float) -> None:
        """Who has not read the last one gets none until then."""
        self._shown = state = self._state
        following = [each for each in self._visitors.values() if each.follows and not each.is_behind]
        line = _line(self._told(state)) if following else b""
        for visitor in following:
            if visitor.give(line, now):
                self._mind(visitor)
            else:
                self._leave(visitor)

    def _told(self, state: State) -> dict[str, Any]:
        return {"run": self._run, "state": state.as_dict()}

    def _mind(self, visitor: Visitor) -> None:
        """Waits for it to read only where something is to be read."""
        if visitor.connection in self._visitors:
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self._selector.modify(visitor.connection, both if visitor.is_behind else selectors.EVENT_READ)

    def _refuse(self, visitor: Visitor, why: str) -> None:
        self._refused[why] += 1
        self._leave(visitor)

    def _leave(self, visitor: Visitor) -> None:
        del self._visitors[visitor.connection]
        self._selector.unregister(visitor.connection)
        visitor.connection.close()


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"
