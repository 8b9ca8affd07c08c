"""Sound that comes back: a sound server that ended and begins again is taken at once, and the runner is told where he is."""

import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from coach.voice import booth
from coach.voice.announcer import Announcer
from coach.voice.server.arrivals import Arrivals
from coach.voice.server.monitor import Monitor
from tests.patience import wait_until
from tests.voice.ears import SINKS, Server, missing
from tests.voice.others import SETTINGS, WORDS, speaking

MISSING = missing("pulseaudio", "pactl", "parec")
pytestmark = [
    pytest.mark.edge,
    pytest.mark.listens,
    pytest.mark.skipif(bool(MISSING), reason=f"no sound server without {', '.join(MISSING)}"),
]
HERE = "Tempo, five thirty, three minutes to go."


def test_a_server_that_is_back_is_taken_at_once_and_told_where_the_runner_is(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How soon is a row of the benchmarks; here it must be sooner than the next attempt would have been."""
    monkeypatch.setattr(booth, "SHORTEST_PAUSE", 600.0)
    monkeypatch.setattr(booth, "LONGEST_PAUSE", 600.0)
    monkeypatch.setattr(booth, "MISSED", 0.5)
    server, shown = Server(), list[str]()
    try:
        with speaking(shown) as announcer:
            announcer.returned = lambda: announcer.say_text(HERE)
            server.end()
            wait_until(lambda: any("lost" in line for line in shown))
            time.sleep(0.6)
            server = Server()
            back = time.monotonic()
            with closing(Monitor(SINKS[0])) as ears:
                wait_until(lambda: ears.hears and ears.onset(back, back + 60.0))
            announcer.drain(60)
    finally:
        server.end()


def test_without_a_server_the_coach_speaks_as_soon_as_there_is_one(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booth, "SHORTEST_PAUSE", 600.0)
    told: list[str] = []
    with Announcer(WORDS, SETTINGS, lambda at: at, told.append) as announcer:
        announcer.returned = lambda: told.append(HERE)
        wait_until(lambda: told)
        assert "the run goes on without sound" in told[0].lower()
        server = Server()
        try:
            wait_until(lambda: announcer._booth.is_open)
        finally:
            server.end()
    assert "sound is back" in told


def test_nobody_listens_for_arrivals_while_there_is_sound(house: Path, server: Server) -> None:
    came: list[float] = []
    arrivals = Arrivals(lambda: came.append(time.monotonic()))
    arrivals.wanted(True)
    wait_until(lambda: came)
    arrivals.wanted(False)
    wait_until(lambda: all(thread.name != "arrivals" for thread in threading.enumerate()))
