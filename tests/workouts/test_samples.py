"""Every sample of other programs' workouts is read to its own total; what could not be kept is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, UntilLap
from coach.core.units import pace_text
from coach.planning.fitness.paces import Fitness
from coach.workouts import read_workout

FITNESS = Fitness.from_race("10k 50:00")

# file: segments, seconds of those by time, metres of those by distance, until lap, warnings; added up by hand from the file
SAMPLES = {
    "fit/WorkoutCustomTargetValues.fit": (4, 60 + 180, 2 * 500, 0, 4),
    "fit/WorkoutIndividualSteps.fit": (4, 60 + 180, 2 * 500, 0, 4),
    "fit/WorkoutRepeatGreaterThanStep.fit": (4, 60 + 180, 2 * 500, 0, 5),
    "fit/WorkoutRepeatSteps.fit": (8, 60 + 180, 3 * 2 * 500, 0, 4),
    "fit/own-progression-8k-ramp.fit": (10, 600, 8 * 1000, 1, 0),
    "fit/own-segmented-repeat.fit": (8, 3 * 90, 2000 + 3 * 1609.34, 1, 0),
    "garmin-connect-json/WorkoutEdgeCasesInput.gcn": (1, 0, 1000, 0, 1),
    "garmin-connect-json/WorkoutRunningNestedRepeatsInput.gcn": (32, 600 + 3 * 180, 400 + 3 * 4 * 600, 3, 3),
    "garmin-connect-json/WorkoutRunningNestedRepeatsOutput.gcn": (32, 600 + 3 * 180, 400 + 3 * 4 * 600, 3, 3),
    "garmin-connect-json/sample_workout.json": (20, 1200, 0, 0, 0),  # estimatedDurationInSecs says so too
    "intervals-icu/own-fast-finish-percent.txt": (4, 60 * (10 + 40 + 10 + 5), 0, 0, 0),
    "intervals-icu/own-progression-ramp.txt": (4, 600, 8000 + 1000, 1, 0),
    "intervals-icu/own-segmented-mixed.txt": (12, 3 * 90 + 3750 + 30, 2000 + 3 * (1609.344 + 400), 0, 1),
    "tcx/WorkoutHeartRateTargets.tcx": (3, 600 + 1200 + 300, 0, 0, 2),
    "tcx/WorkoutMixedDurations.tcx": (6, 300 + 180 + 600, 1000, 2, 3),
    "tcx/WorkoutRepeatBlocks.tcx": (12, 600 + 5 * (240 + 120) + 300, 0, 0, 3),
    "tcx/WorkoutSpeedTargets.tcx": (3, 180, 1600 + 800, 0, 0),
    "zwo/kaiord-WorkoutCustomTargetValues.zwo": (4, 60 + 500 + 500 + 300, 0, 0, 1),
    "zwo/kaiord-WorkoutRepeatSteps.zwo": (8, 60 + 300 + 3 * 1000, 0, 0, 1),
    "zwo/own-progression-run-distance.zwo": (4, 0, 10_000, 0, 0),
    "zwo/own-progression-run-time.zwo": (10, 600 + 1800 + 300 + 3 * 90 + 330, 0, 0, 1),
}


def read(folder: Path, file: str) -> tuple[Plan, list[str]]:
    told: list[str] = []
    return read_workout(str(folder / file), FITNESS, told.append), told


@pytest.mark.parametrize("file", SAMPLES)
def test_its_total_is_the_files_own(file: str, workouts: Path) -> None:
    plan, told = read(workouts, file)
    lengths = [segment.length for segment in plan.segments]
    seconds = sum(each.seconds for each in lengths if isinstance(each, Duration))
    metres = sum(each.metres for each in lengths if isinstance(each, Distance))
    laps = sum(isinstance(each, UntilLap) for each in lengths)
    segments, timed, measured, by_lap, warnings = SAMPLES[file]
    assert (len(lengths), seconds, laps, len(told)) == (segments, timed, by_lap, warnings), told
    assert metres == pytest.approx(measured)
    assert all("\n" not in line and line.startswith(str(workouts)) for line in told)


def test_all_samples_are_in_the_table(workouts: Path) -> None:
    formats = (".fit", ".gcn", ".json", ".txt", ".tcx", ".zwo")
    assert {str(path.relative_to(workouts)) for path in workouts.rglob("*") if path.suffix in formats} == set(SAMPLES)


def test_a_ramp_of_intervals_icu_is_a_ramp(workouts: Path) -> None:
    plan, _ = read(workouts, "intervals-icu/own-progression-ramp.txt")
    warmup, build, hold, cooldown = plan.segments
    assert build.target == Ramp(1000 / 340, 1000 / 270) and build.name == "Build"
    assert (warmup.kind, warmup.name, hold.name, cooldown.kind) == (Kind.WARMUP, "Easy", "Hold it", Kind.COOLDOWN)


def test_shares_of_threshold_pace_come_from_the_fitness(workouts: Path) -> None:
    plan, _ = read(workouts, "intervals-icu/own-fast-finish-percent.txt")
    finish = plan.segments[2]
    threshold = FITNESS.speed("threshold")
    assert finish.target == Ramp(pytest.approx(0.95 * threshold), pytest.approx(1.04 * threshold))  # type: ignore[arg-type]


def test_zwift_speaks_half_way_and_its_cool_down_is_turned_round(workouts: Path) -> None:
    plan, _ = read(workouts, "zwo/own-progression-run-distance.zwo")
    (said,) = plan.segments[1].says
    assert (said.at, said.text) == (Distance(3000.0), "Half way: relax the shoulders")
    assert pace_text(plan.segments[2].speed_at(0.0) or 0) == "4:51/km"  # 1.03 x 5:00 a kilometre
    plan, told = read(workouts, "zwo/own-progression-run-time.zwo")
    cooldown = plan.segments[-1].target
    assert isinstance(cooldown, Ramp) and cooldown.start > cooldown.end and "start and end exchanged" in told[0]


def test_the_repeats_of_a_watch_are_written_out_and_counted(workouts: Path) -> None:
    plan, _ = read(workouts, "fit/own-segmented-repeat.fit")
    assert [(each.name, each.turn) for each in plan.segments[1:5]] == [
        ("Mile", (1, 3)), ("Float", (1, 3)), ("Mile", (2, 3)), ("Float", (2, 3)),
    ]  # fmt: skip
    nested, _ = read(workouts, "garmin-connect-json/WorkoutRunningNestedRepeatsInput.gcn")
    assert [each.turn for each in nested.segments[4:13]] == [(n, 4) for n in (1, 1, 2, 2, 3, 3, 4, 4)] + [(1, 3)]
