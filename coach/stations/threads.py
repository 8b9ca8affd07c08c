"""The thread of a station: what goes wrong in it is told in one line, and ends the station alone."""

from __future__ import annotations

import threading
from collections.abc import Callable


def station_thread(name: str, work: Callable[[], None], note: Callable[[str], object]) -> threading.Thread:
    """A thread that does the work of the station called `name`; it is not started yet."""

    def run() -> None:
        try:
            work()
        except Exception as bug:  # whatever it is: a run needs no station
            note(f"{name} ended by a bug, and the run goes on: {bug!r}")

    return threading.Thread(target=run, name=name, daemon=True)
