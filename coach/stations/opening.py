"""The stations of a run. What fails in one of them costs a line, never the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from coach.config import Config
from coach.stations import evdev
from coach.stations.buttons import ButtonStation
from coach.stations.local import LocalSocket
from coach.stations.mqtt import Broker
from coach.stations.place import can
from coach.ui.state import State
from coach.ui.watching import Press, Sink, Station, Watching

Note = Callable[[str], object]


def stations_for(config: Config, run: str, note: Note) -> list[Station]:
    """Those of the run with this name; `note` tells what one of them cannot do."""
    stations: list[Station] = []
    if can():
        stations.append(Harmless("a socket for `coach press` and `coach status`", LocalSocket(run, note), note))
    if config.buttons.pins or (config.buttons.use and evdev.DEVICES.is_dir()):
        stations.append(Harmless("buttons", ButtonStation(config.buttons, note), note))
    if config.mqtt.address:
        stations.append(Harmless(f"the broker {config.mqtt.address}", Broker(config.mqtt, note), note))
    return stations


class Harmless:
    """A station whose failures, at its opening and at its end, are told in one line; then the run goes on without it."""

    def __init__(self, what: str, station: Station, note: Note) -> None:
        self._what, self._station, self._note = what, station, note

    def __call__(self, watching: Watching, press: Press) -> AbstractContextManager[Sink]:
        return self._opened(watching, press)

    @contextmanager
    def _opened(self, watching: Watching, press: Press) -> Iterator[Sink]:
        stack = ExitStack()
        try:
            sink = stack.enter_context(self._station(watching, press))
        except Exception as trouble:  # whatever it is: a run needs no station
            self._tell(trouble)
            sink = _nowhere
        try:
            yield sink
        finally:
            try:
                stack.close()
            except Exception as trouble:
                self._tell(trouble)

    def _tell(self, trouble: Exception) -> None:
        self._note(f"the run goes on without {self._what}: {str(trouble) or repr(trouble)}")


def _nowhere(state: State) -> None:
    """The sink of a station that is not there."""
