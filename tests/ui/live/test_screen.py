"""The live screen on a real terminal: entered, drawn in place, and left whole however the run ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.plan.segments import FREE_RUN
from coach.running.replay import condensed
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.ui.live.screen import ENTER, LEAVE, LiveScreen, can_draw
from coach.ui.state import State
from coach.ui.told import Teller, Told
from coach.ui.views import Lines
from coach.ui.watching import Watching
from coach.voice.rendering import Timeline
from coach.voice.settings import VoiceSettings
from coach.workouts import read_workout
from tests.cli.commands import COACH, configured
from tests.conftest import ROOT
from tests.patience import PATIENCE, wait_until
from tests.ui.test_told import STATE

if sys.platform != "win32":
    import fcntl
    import termios

DEMO, WORKOUT = ROOT / "coach" / "demo" / "run.nmea", ROOT / "coach" / "demo" / "workout.toml"
SIZE = b"\x18\x00\x50\x00\x00\x00\x00\x00"  # 24 lines, 80 columns

pytestmark = [pytest.mark.edge, pytest.mark.skipif(sys.platform == "win32", reason="no pty")]


class Shown:
    """What a run writes on its terminal."""

    def __init__(self, terminal: int, process: subprocess.Popen[bytes]) -> None:
        self.terminal, self.process, self.text = terminal, process, ""

    def until(self, what: str) -> None:
        ends = time.monotonic() + PATIENCE
        while what not in self.text and time.monotonic() < ends:
            if select.select([self.terminal], [], [], 0.2)[0]:
                with suppress(OSError):  # it ended, and its side is closed
                    self.text += os.read(self.terminal, 65536).decode("utf-8", "replace")
        assert what in self.text, f"{what!r} never came: ...{self.text[-500:]!r}"


@contextmanager
def shown(folder: Path, *command: str) -> Iterator[Shown]:
    """A coach on a terminal of 80 × 24."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, SIZE)
    whole = [*COACH, "--config", str(configured(folder)), *command]
    environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(whole, stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True) as process:
        os.close(its)
        try:
            yield Shown(ours, process)
        finally:
            process.kill()
    os.close(ours)


def replayed(*more: str) -> list[str]:
    return ["replay", str(DEMO), "--workout", str(WORKOUT), *more]


def test_the_screen_is_drawn_in_place_and_left_before_the_summary(tmp_path: Path) -> None:
    with shown(tmp_path, *replayed("--rate", "600")) as run:
        run.until("Done: ")
    entered, left = run.text.index(ENTER), run.text.index(LEAVE)
    assert entered < left < run.text.index("Done: ")
    drawn = run.text[entered:left]
    assert "Warm-up, 1 of 4" in drawn and "\n" not in drawn and drawn.count("\x1b[2J") == 1
    assert drawn.count("Demo progression") < drawn.count("\x1b[1;1H") + 5  # the title alone changes every time


def test_the_words_of_a_run_that_nobody_steers_are_shown_as_they_are_said_and_stay_on_the_terminal() -> None:
    recording, lines, shown = open_recording(DEMO), list[str](), list[State]()
    setup = Setup(read_workout(str(WORKOUT), None))
    ours, its = os.openpty()
    with open(its, "w", encoding="utf-8") as stream:
        screen = LiveScreen(Lines(write=lines.append), Teller("en", "metric"), "km", stream, steered=False)
        silent = VoiceSettings(player="none")
        condensed(
            recording, setup, screen, silent, Timeline(setup.words(), silent), [screen, lambda *_: nullcontext(shown.append)]
        )
    os.close(ours)
    words = [text for text in lines if "Next up, peak" in text]
    assert len(words) == 1 and lines.index(words[0]) < next(at for at, text in enumerate(lines) if "Done: " in text)
    first = next(state for state in shown if state.said and state.said[-1].text in words[0])
    assert first.at == first.said[-1].at and all(
        len({each.at for each in state.said}) == len(state.said) for state in shown[:400]
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_whole(how: signal.Signals, tmp_path: Path) -> None:
    with shown(tmp_path, *replayed("--rate", "10")) as run:
        run.until("Warm-up")
        run.process.send_signal(how)
        run.until(LEAVE)
        assert run.process.wait(PATIENCE) != 0
    assert run.text.count(ENTER) == run.text.count(LEAVE) == 1


@pytest.mark.parametrize(("term", "draws"), [("xterm-256color", True), ("dumb", False), ("", False)])
def test_only_a_terminal_that_can_be_drawn_on_is_drawn_on(term: str, draws: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    ours, its = os.openpty()
    with open(ours, "rb"), open(its, "w") as terminal, open(os.devnull, "w") as nowhere:
        assert can_draw(terminal) == draws and not can_draw(nowhere)


def test_the_key_for_keys_shows_them_and_is_no_input_of_the_run(tmp_path: Path) -> None:
    with shown(tmp_path, *replayed("--rate", "10")) as run:
        run.until("Warm-up")
        os.write(run.terminal, b"?")
        run.until("H  a on plan?")
        os.write(run.terminal, b"q")
        run.until("Ended early")
        run.process.wait(PATIENCE)


def test_a_screen_that_waits_shows_what_stood_there_first_until_the_key_and_again_after_it() -> None:
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, SIZE)
    said: list[str] = []
    with open(its, "w") as terminal:
        view = LiveScreen(Lines(write=said.append), Teller("en", "metric"), "km", terminal, waits=True)
        watching = Watching(view, Coach(FREE_RUN))
        with view(watching, print) as show:
            show(STATE)
            view.cue(Cue(1.0, "on_pace", 3, 4.0, 1.0), "On pace.")
            assert not select.select([ours], [], [], 1.0)[0] and said == ["    0:01  On pace."]
            for key in range(3):  # the screen, its keys, what was there first
                view.show_keys()
                show(STATE)
                text = ""
                while select.select([ours], [], [], 1.5)[0]:
                    text += os.read(ours, 65536).decode()
                assert (ENTER in text, "H  a on plan?" in text, LEAVE in text) == (key == 0, key == 1, key == 2)
    os.close(ours)


class Broken(Teller):
    def told(self, state: State) -> Told:
        raise ValueError("a bug")


def test_a_bug_in_the_screen_leaves_it_and_lines_are_written_instead() -> None:
    ours, its = os.openpty()
    said: list[str] = []
    with open(its, "w") as terminal:
        view = LiveScreen(Lines(write=said.append), Broken("en", "metric"), "km", terminal)
        with view(Watching(view, Coach(FREE_RUN)), print) as show:
            show(STATE)
            wait_until(lambda: said, "the thread of the screen told nothing")
            view.cue(Cue(1.0, "on_pace", 3, 4.0, 1.0), "On pace.")
    os.close(ours)
    assert said == ["a bug ended the live screen, and the run goes on: ValueError('a bug')", "    0:01  On pace."]
