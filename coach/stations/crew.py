"""Several runs at once: those of this computer by their sockets, or a crew's by a broker. Only the latest of each is kept."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from coach.stations import place
from coach.stations.asking import answers, state_of
from coach.stations.mqtt import client
from coach.ui.broker import Mqtt
from coach.ui.state import State
from devices.api import Unavailable

LOOK_EVERY = 2.0  # s between two looks for runs that began
MOST = 100  # runners: more fit on no screen, and a broker may hold anything
LARGEST = 1 << 16  # bytes of a state: they have two thousand


@dataclass(frozen=True, slots=True)
class Seen:
    """A state, and when it came, in monotonic seconds."""

    state: State
    came: float


class Crew:
    """The latest of each runner, by name. It may be read while others write."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._is_over = threading.Event()

    def runners(self) -> list[tuple[str, Seen]]:
        """By name."""
        return sorted(self._seen.copy().items())

    def came(self, runner: str, told: Any) -> None:
        """A state as it was sent; what is none is passed over."""
        with suppress(Unavailable):
            seen = Seen(state_of(told), time.monotonic())
            if runner in self._seen or len(self._seen) < MOST:
                self._seen[runner] = seen

    def left(self, runner: str) -> None:
        self._seen.pop(runner, None)

    def look(self) -> bool:
        """Follows the runs of this computer that are not followed yet; whether there are any. Raises Unavailable."""
        if not place.can():
            raise Unavailable(place.NO_SOCKETS)
        living = [path.stem for path in place.living()]
        following = {thread.name for thread in threading.enumerate()}
        for run in living:
            if f"follows {run}" not in following:
                threading.Thread(target=self._follow, args=(run,), name=f"follows {run}", daemon=True).start()
        return bool(living)

    def _follow(self, run: str) -> None:
        with suppress(Unavailable):  # it has ended
            for told in answers({"follow": True}, run):
                self.came(run, told["state"])
        self.left(run)


@contextmanager
def at_broker(options: Mqtt, note: Callable[[str], object]) -> Iterator[Crew]:
    """The crew whose states are at this broker, while the block lasts. Raises ImportError without paho."""
    crew = Crew()
    listening = client(options, f"coach-watch-{time.monotonic_ns()}")
    listening.on_connect = lambda client, data, flags, reason, *more: _connected(client, options, reason, note)
    listening.on_message = lambda client, data, message: _came(crew, message)
    host, port = options.place
    listening.connect_async(host, port)
    listening.loop_start()
    try:
        yield crew
    finally:
        listening.disconnect()
        listening.loop_stop()


def _connected(client: Any, options: Mqtt, reason: Any, note: Callable[[str], object]) -> None:
    if reason.is_failure:
        note(f"the broker {options.address} refuses: {reason}")
    for topic in ("state", "status"):
        client.subscribe(f"{options.topic}/+/{topic}")


def _came(crew: Crew, message: Any) -> None:
    _, runner, kind = message.topic.rsplit("/", 2)
    if kind == "status":
        if message.payload == b"offline":
            crew.left(runner)
    elif len(message.payload) <= LARGEST:
        with suppress(ValueError, RecursionError):
            crew.came(runner, json.loads(message.payload))
