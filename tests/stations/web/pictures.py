"""Pictures of the page for the documentation: `python -m tests.stations.web.pictures docs/screens`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from coach.stations.web.server import Server
from coach.stations.web.trace import Trace
from coach.ui.outline import Outline
from coach.ui.state import State
from coach.ui.told import Teller
from tests.stations.web.browser import Tab, browser
from tests.stations.web.visitors import demo, served

SHAPES = {"phone": (360, 740, False), "desk": (1280, 800, True)}
SHOWN = "last && last.run === {run} && last.state && last.state.at === {at} && document.body.dataset.phase === '{phase}'"


def moments(states: list[State]) -> Iterator[tuple[str, State]]:
    """Those that a runner must understand at a glance, from the bundled run."""
    running = [state for state in states if state.phase == "running"]
    within = next(state for state in running if state.at >= 850)
    yield "running", within
    yield "too-fast", next(state for state in running if state.at >= 100)
    yield "paused", replace(within, phase="paused", speed=0.0, side=None)
    yield "signal-lost", next(state for state in running if state.at >= 757)
    yield "last-minute", next(state for state in running if state.at >= 1160)
    yield "finished", states[-1]


def show(server: Server, tab: Tab, outline: Outline, states: list[State], moment: State, language: str = "en") -> None:
    """Shows a moment of the run, with what was run until then."""
    trace = Trace()
    for state in states:
        if state.at <= moment.at:
            trace.add(state)
    server.board.begin(outline, Teller(language, "metric"), trace)
    server.board.put(moment)
    tab.wait_for(SHOWN.format(run=server.board.run, at=moment.as_dict()["at"], phase=moment.phase))


def main(folder: Path) -> None:
    outline, states = demo()
    with tempfile.TemporaryDirectory() as profile, served() as (server, _, _visitor), browser(Path(profile)) as tab:
        tab.open(f"http://127.0.0.1:{server.port}/#{server.access.token}")
        tab.wait_for("document.body && document.body.dataset.view !== 'wait' || last")
        for name, moment in moments(states):
            for kind, shape in SHAPES.items():
                tab.shape(*shape)
                show(server, tab, outline, states, moment)
                time.sleep(0.6)  # until the pointer has come to rest
                tab.picture(folder / f"page-{name}-{kind}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
