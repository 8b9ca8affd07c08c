"""Golden transcripts: whole runs in words that a runner can argue with. `pytest --update` writes them anew."""

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.inputs import Input, Key
from coach.core.settings import Settings
from coach.core.speech.floor import PIPS
from coach.core.speech.rules import RULES
from coach.running.loop import Loop
from coach.runs.recording import open_recording, ticking
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.workouts import read_workout
from devices.sample import Sample
from tests.conftest import ROOT
from tests.runs.occasions import OCCASIONS
from tests.runs.occasions import transcript as told_on
from tests.runs.simulated import indoors, outdoors

HERE = Path(__file__).parent

RUNS: dict[str, Iterable[Sample]] = {
    # Thirds with a rising line between: the runner starts too fast, then lags behind the ramp.
    "continuous": outdoors([(0, 2.95), (200, 2.7), (600, 2.78), (1500, 3.2), (2400, 3.5), (2700, 2.6)], 3000, 1),
    # Gears by distance: each one overshot a little less.
    "segmented": outdoors([(0, 2.6), (570, 3.05), (1000, 2.95), (1300, 3.1), (2600, 3.45), (3000, 2.5)], 3400, 2),
    # Easy, then six minutes of finish: the finish too slow at first.
    "finish-fast": outdoors([(0, 2.62), (1490, 2.6), (1510, 3.2), (1700, 3.75), (1860, 3.8), (1870, 2.4)], 2200, 3),
    # Two tunnels, one short and one long, and a wrong pace right behind the long one.
    "gps-loss": outdoors([(0, 2.9), (900, 2.9), (1000, 3.3), (1500, 3.3)], 1500, 4, tunnel=range(700, 760)),
    # A treadmill and a pod: no satellites at all; the repeats are nested.
    "indoor-pod": indoors([(0, 2.7), (290, 2.7), (300, 3.6), (420, 3.6), (425, 2.2), (545, 3.3)], 1400, 5),
}


def transcript(name: str, inputs: Iterable[Input], settings: Settings | None = None) -> list[str]:
    setup = Setup(read_workout(str(HERE / name / "workout.toml"), None), settings or Settings())
    lines: list[str] = []
    view = Lines("km", lines.append)
    view.summary(Loop(setup.coach(), setup.words(), view).run(inputs).as_dict())
    return "\n".join(lines).splitlines()


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, request: pytest.FixtureRequest) -> None:
    golden = HERE / name / "transcript.txt"
    told = transcript(name, ticking(RUNS[name]))
    if request.config.getoption("--update"):
        golden.write_text("\n".join(told) + "\n")
    assert told == golden.read_text().splitlines()


@pytest.mark.parametrize("name", OCCASIONS)
def test_races_and_hearts(name: str, request: pytest.FixtureRequest) -> None:
    golden = HERE / "occasions" / f"{name}.txt"
    told = told_on(name)
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("\n".join(told) + "\n")
    assert told == golden.read_text().splitlines()


def test_the_demo(request: pytest.FixtureRequest) -> None:
    golden = HERE / "demo" / "transcript.txt"
    recording = open_recording(ROOT / "coach" / "demo" / "run.nmea")
    setup = Setup(read_workout(str(ROOT / "coach" / "demo" / "workout.toml"), None))
    lines: list[str] = []
    view = Lines("km", lines.append)
    view.summary(Loop(setup.coach(), setup.words(), view).run(recording.items()).as_dict())
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text("\n".join(lines) + "\n")
    assert "\n".join(lines).splitlines() == golden.read_text().splitlines()


def cues(name: str, inputs: Iterable[Input], settings: Settings | None = None) -> list[Cue]:
    coach = Coach(read_workout(str(HERE / name / "workout.toml"), None), settings)
    return [cue for item in inputs for cue in coach.feed(item)]


@cache
def lived(name: str) -> tuple[list[Cue], list[Event]]:
    """All cues and all events of a run."""
    coach = Coach(read_workout(str(HERE / name / "workout.toml"), None))
    said, happened = list[Cue](), list[Event]()
    for item in ticking(samples_of(name)):
        said += coach.feed(item)
        happened += coach.events
    return said, happened


@pytest.fixture(scope="module")
def said() -> dict[str, list[Cue]]:
    return {name: lived(name)[0] for name in RUNS}


def samples_of(name: str) -> list[Sample]:
    """The same samples again: the generators above are read once, by the golden test."""
    remade: dict[str, Iterable[Sample]] = {
        "continuous": outdoors([(0, 3.1), (400, 2.6), (2700, 3.5)], 2900, 11),
        "segmented": outdoors([(0, 2.4), (3000, 3.6)], 3200, 12),
        "finish-fast": outdoors([(0, 3.0), (1500, 2.5), (1800, 4.0)], 2100, 13),
        "gps-loss": outdoors([(0, 2.5), (1500, 3.5)], 1500, 14, tunnel=range(300, 330)),
        "indoor-pod": indoors([(0, 2.5), (900, 3.6)], 1400, 15),
    }
    return list(remade[name])


def test_no_cue_after_its_time(said: dict[str, list[Cue]]) -> None:
    for run in said.values():
        assert run
        for cue in run:
            assert cue.at <= cue.until
            assert cue.at <= cue.due


def test_the_last_word_is_that_the_run_is_complete(said: dict[str, list[Cue]]) -> None:
    assert {name: run[-1].kind for name, run in said.items()} == dict.fromkeys(RUNS, "run_complete")


def test_every_segment_is_announced_once_in_order(said: dict[str, list[Cue]]) -> None:
    for name, run in said.items():
        plan = read_workout(str(HERE / name / "workout.toml"), None)
        began = [cue.facts["index"] for cue in run if cue.kind in ("run_began", "segment_began", "last_segment")]
        assert began == list(range(1, len(plan.segments) + 1))


@pytest.mark.parametrize("name", RUNS)
def test_never_more_than_three_corrections_of_one_excursion(name: str) -> None:
    said = 0
    for event in lived(name)[1]:
        if event.name == "off_pace":
            said = said + 1 if event.facts["nth"] > 1 else 1
            assert event.facts["nth"] == said <= 3
        elif event.name in ("on_pace", "segment_began"):
            said = 0


def test_unasked_words_keep_their_distance(said: dict[str, list[Cue]]) -> None:
    for run in said.values():
        unasked = [cue for cue in run if cue.priority > 3 and RULES[cue.kind].takes > PIPS]
        assert all(b.at - a.at >= Settings().policy.talk.apart for a, b in pairwise(unasked))


def test_a_lost_signal_is_said_once_and_is_no_pace_cue(said: dict[str, list[Cue]]) -> None:
    run = said["gps-loss"]
    lost = [cue for cue in run if cue.kind == "signal_lost"]
    back = [cue for cue in run if cue.kind == "signal_back"]
    assert len(lost) == len(back) == 1
    assert not [cue for cue in run if lost[0].at <= cue.at < back[0].at + 8 and cue.kind in ("ease_off", "pick_up")]


def test_the_same_track_twice_is_the_same_words() -> None:
    assert cues("continuous", ticking(samples_of("continuous"))) == lived("continuous")[0]


@pytest.mark.parametrize("shift", [0.25, 1000.0])
def test_when_it_happened_changes_no_word(shift: float) -> None:
    """Another start of the clock: the same cues, so much later."""
    plain, _ = lived("segmented")
    moved = cues("segmented", ticking(sample._replace(at=sample.at + shift) for sample in samples_of("segmented")))
    assert [cue.kind for cue in moved] == [cue.kind for cue in plain]
    assert [cue.at - shift for cue in moved] == pytest.approx([cue.at for cue in plain], abs=1.01)


def test_a_quiet_coach_says_less_than_a_chatty_one() -> None:
    said = [
        sum(1 + len(cue.also) for cue in cues("continuous", ticking(samples_of("continuous")), Settings(verbosity=verbosity)))
        for verbosity in ("quiet", "normal", "chatty")
    ]
    assert said == sorted(said)
    assert said[0] < said[2]


def test_a_pause_hears_nothing_and_costs_nothing() -> None:
    def paused() -> Iterable[Input]:
        for item in ticking(samples_of("segmented")):
            if item.at == 700.0:
                yield Key(700.0, "pause")
            if item.at == 900.0:
                yield Key(900.0, "resume")
            yield item

    run = cues("segmented", paused())
    assert [cue.kind for cue in run if 700 <= cue.at < 900] == ["paused"]
    assert "resumed" in [cue.kind for cue in run]


def test_the_answer_to_a_question_is_given_at_once() -> None:
    def asked() -> Iterable[Input]:
        for item in ticking(samples_of("segmented")):
            if item.at == 300.0:
                yield Key(300.0, "report")
            yield item

    report = next(cue for cue in cues("segmented", asked()) if cue.kind == "report")
    assert report.at == 300.0
    assert report.facts["target"] is not None
