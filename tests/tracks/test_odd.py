"""One run of 600 s at 3 m/s comes out of every odd recording of it, and nothing is said to be damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.core.settings import Settings
from coach.runs.recording import open_recording
from tests.tracks.odd import ODD, SECONDS, SPEED


@pytest.mark.parametrize("name", ODD)
def test_the_run_comes_out_of_an_odd_recording(tmp_path: Path, name: str) -> None:
    suffix, content = ODD[name]
    path = tmp_path / f"odd{suffix}"
    path.write_bytes(content)
    recording, coach, said = open_recording(path), Coach(FREE_RUN, Settings()), list[str]()
    for item in recording.items():
        said += [cue.kind for cue in coach.feed(item)]
    assert coach.estimate.distance == pytest.approx(SPEED * (SECONDS - 1), rel=0.006)
    assert coach.estimate.at == pytest.approx(SECONDS - 1, abs=10)
    assert set(said) <= {"run_began", "split"}
    assert recording.left_out()[1] is None
