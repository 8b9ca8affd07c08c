"""Golden transcripts of real recordings, quiet, normal and chatty. `pytest --update` writes them anew.

The recordings are not ours to keep here: a table names them, and one that is not there is skipped.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from coach.core.events import Cue
from coach.core.policy import Policy
from coach.core.settings import Settings
from coach.core.speech.floor import PIPS
from coach.core.speech.rules import ASKED_FOR, RULES, VERBOSITIES
from coach.running.loop import Loop
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.workouts import read_workout

HERE = Path(__file__).parent / "recorded"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording, by its path in the folder of tracks, and how its runner is coached."""

    track: str
    language: str = "en"
    units: str = "metric"
    treadmill: bool = False


RUNS = {
    # A progression run under open sky, a record and its Doppler speed each second.
    "open-sky": Recorded("fit_run_gps/python-fitparse__activity-small-fenix2-run.fit"),
    # A footpod's speed and distance, with traffic lights. At 24:15 a split is denied: it was too fast, he is slow now.
    "footpod": Recorded("fit_run_gps_footpod/connectstats__activity_2477200414.fit"),
    # A watch that records when it likes, every six seconds or so.
    "smart-watch": Recorded("fit_run_gps/connectstats__activity_1378220136.fit", language="de"),
    # Ten pauses and a gap of more than two minutes, as in a tunnel.
    "gaps": Recorded("fit_run_gps/connectstats__track_cs_5611.fit"),
    # Positions alone, four seconds apart, and a gap.
    "positions-only": Recorded("gpx_run_messy/togeojson__run.gpx"),
    # Six tracks in a file, jumps between them, the last a walk.
    "pauses": Recorded("tcx_run_messy/connectstats__activity_234979239.tcx"),
    # A pod and no satellites, on a belt.
    "treadmill": Recorded("fit_run_indoor_or_pod_only/wearable-my-foot__stryd-backgaden-1km.fit", treadmill=True),
    # A valley, then a mountain.
    "hills": Recorded("fit_run_gps_footpod/connectstats__activity_2944936628.fit", language="fr"),
    # Two hours in a town, with eighteen breaks; one lasted a quarter of an hour.
    "interrupted": Recorded("fit_run_gps_footpod/fit__mornindew-broken.fit", units="imperial"),
    # Miles, and a runner who slows down.
    "imperial": Recorded("fit_run_gps_footpod/connectstats__track_cs_544406.fit", units="imperial"),
}
CASES = [(name, verbosity) for name in RUNS for verbosity in VERBOSITIES]


@cache
def told(track: Path, name: str, verbosity: str) -> tuple[str, tuple[Cue, ...]]:
    """The transcript of a run, and its cues."""
    how = RUNS[name]
    settings = Settings(verbosity=verbosity, units=how.units, treadmill=how.treadmill)
    setup = Setup(read_workout(str(HERE / name / "workout.toml"), None), settings, (), how.language, how.units)
    lines: list[str] = []
    said: list[Cue] = []
    view = Lines("km" if how.units == "metric" else "mi", lines.append)
    view.summary(Loop(setup.coach(), setup.words(), view, said.append).run(open_recording(track).items()).as_dict())
    return "\n".join(lines) + "\n", tuple(said)


def of(tracks: Path, name: str, verbosity: str) -> tuple[str, tuple[Cue, ...]]:
    track = tracks / RUNS[name].track
    if not track.exists():
        pytest.skip(f"{RUNS[name].track} is not there")
    return told(track, name, verbosity)


def takes(cue: Cue) -> float:
    """How long it is said to take, s."""
    return sum(RULES[each.kind].takes for each in (cue, *cue.also))


@pytest.mark.parametrize(("name", "verbosity"), CASES)
def test_golden(name: str, verbosity: str, tracks: Path, request: pytest.FixtureRequest) -> None:
    golden = HERE / name / f"{verbosity}.txt"
    text, _ = of(tracks, name, verbosity)
    if request.config.getoption("--update"):
        golden.write_text(text)
    assert text.splitlines() == golden.read_text().splitlines()


@pytest.mark.parametrize("name", RUNS)
def test_who_wants_less_hears_less(name: str, tracks: Path) -> None:
    """Within a twentieth: who is corrected more often may be given an easier plan sooner, and hear less from then on."""
    quiet, normal, chatty = (sum(takes(cue) for cue in of(tracks, name, verbosity)[1]) for verbosity in VERBOSITIES)
    assert quiet <= 1.05 * min(normal, chatty) and normal <= 1.05 * chatty


@pytest.mark.parametrize(("name", "verbosity"), CASES)
def test_nobody_is_talked_to_without_end(name: str, verbosity: str, tracks: Path) -> None:
    """What nobody asked for keeps its distance, and no hour has more of it than the policy allows."""
    _, said = of(tracks, name, verbosity)
    unasked = [cue.at for cue in said if cue.priority > ASKED_FOR and takes(cue) > PIPS]
    policy = Policy()
    assert all(sum(at <= other < at + 3600 for other in unasked) <= policy.talk.per_hour for at in unasked)
    assert all(after - before >= policy.talk.silence for before, after in pairwise(unasked))
