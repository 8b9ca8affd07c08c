"""Our workout file, whole: and every mistake in it one line with what to type."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.core.units import pace_text
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.workouts import plain, read_workout

FITNESS = Fitness.from_race("10k 50:00")
THURSDAY = """
name = "Thursday progression"

[[segment]]
name   = "Warm-up"
kind   = "warmup"
length = "10 min"
pace   = "6:30/km"

[[segment]]
name   = "Build"
kind   = "steady"
length = "6 km"
pace   = "6:00/km -> 4:45/km"

[[segment]]
name   = "Peak"
kind   = "peak"
length = "5 min"
pace   = "4:40/km .. 4:25/km"

[[segment]]
repeat = 3
  [[segment.segment]]
  length = "1 km"
  pace   = "10k"
  [[segment.segment]]
  length = "90 s"
  kind   = "recovery"

[[segment]]
kind   = "cooldown"
length = "5 min"
"""


def read(tmp_path: Path, text: str, fitness: Fitness | None = FITNESS) -> Plan:
    path = tmp_path / "workout.toml"
    path.write_text(text)
    return read_workout(str(path), fitness)


def refused(tmp_path: Path, text: str, fitness: Fitness | None = FITNESS) -> str:
    with pytest.raises(InvalidSettings) as wrong:
        read(tmp_path, text, fitness)
    first, *excerpt = str(wrong.value).removeprefix(f"{tmp_path}/").splitlines()
    assert len(excerpt) in (0, 2)
    return first


def segment(length: str = '"1 km"', rest: str = "") -> str:
    return f"[[segment]]\nlength = {length}\n{rest}\n"


def test_the_file_of_the_design_is_read_whole(tmp_path: Path) -> None:
    plan = read(tmp_path, THURSDAY)
    assert plan.name == "Thursday progression"
    assert [each.name for each in plan.segments] == [
        "Warm-up", "Build", "Peak", "Tempo", "Recovery", "Tempo", "Recovery", "Tempo", "Recovery", "Cool-down",
    ]  # fmt: skip
    warmup, build, peak = plan.segments[:3]
    assert warmup == Segment("Warm-up", Kind.WARMUP, Duration(600.0), Steady(1000 / 390))
    assert build == Segment("Build", Kind.STEADY, Distance(6000.0), Ramp(1000 / 360, 1000 / 285))
    assert peak == Segment("Peak", Kind.PEAK, Duration(300.0), Band(1000 / 280, 1000 / 265))
    assert plan.segments[5] == Segment("Tempo", Kind.TEMPO, Distance(1000.0), Steady(FITNESS.speed("10k")), (2, 3))
    assert plan.segments[6] == Segment("Recovery", Kind.RECOVERY, Duration(90.0), None, (2, 3))
    assert plan.segments[9] == Segment("Cool-down", Kind.COOLDOWN, Duration(300.0), None)


def test_its_totals() -> None:
    ramp = Segment("Build", Kind.STEADY, Distance(6000.0), Ramp(1000 / 360, 1000 / 285))
    assert ramp.seconds == pytest.approx(2 * 6000 / (1000 / 360 + 1000 / 285))


@pytest.mark.parametrize(
    ("pace", "spoken"),
    [("8:00/mi", "4:58/km"), ("10.5 km/h", "5:43/km"), ("6.5 mph", "5:44/km"), ("3 m/s", "5:33/km"), ("half", "5:15/km")],
)  # fmt: skip
def test_paces_speeds_and_names(tmp_path: Path, pace: str, spoken: str) -> None:
    target = read(tmp_path, segment(rest=f'pace = "{pace}"')).segments[0].target
    assert isinstance(target, Steady)
    assert pace_text(target.speed) == spoken


@pytest.mark.parametrize(
    ("length", "expected"),
    [("90 s", Duration(90)), ("1:30:00", Duration(5400)), ("5:00", Duration(300)), ("1.5 h", Duration(5400)),
     ("400 m", Distance(400)), ("1 mi", Distance(1609.344)), ("2.5 km", Distance(2500)), ("lap", UntilLap())],
)  # fmt: skip
def test_lengths(tmp_path: Path, length: str, expected: object) -> None:
    assert read(tmp_path, segment(f'"{length}"')).segments[0].length == expected


def test_a_ramp_or_a_band_may_join_names_and_paces(tmp_path: Path) -> None:
    ramp = read(tmp_path, segment(rest='pace = "easy -> 4:45/km"')).segments[0].target
    assert ramp == Ramp(FITNESS.speed("easy"), 1000 / 285)
    band = read(tmp_path, segment(rest='pace = "4:25/km .. 4:40/km"')).segments[0].target
    assert band == Band(1000 / 280, 1000 / 265)


def test_blocks_nest_and_the_inner_turn_is_counted(tmp_path: Path) -> None:
    text = "[[segment]]\nrepeat = 2\n[[segment.segment]]\nrepeat = 3\n[[segment.segment.segment]]\nlength = '1 km'\n"
    assert [each.turn for each in read(tmp_path, text).segments] == [(1, 3), (2, 3), (3, 3)] * 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "workout.toml: has no segments"),
        ("name = 'x'", "workout.toml: has no segments"),
        ("[[segment]]\n", "workout.toml:1: segment 1: has no length; give it one"),
        ("[[segment]]\nlength = 600\n", "workout.toml:2: segment 1.length: 600 has no unit; write"),
        (segment('"0 km"'), "workout.toml:2: segment 1.length: '0 km' is too short"),
        (segment('"-1 km"'), "workout.toml:2: segment 1.length: '-1 km' is not a"),
        (segment('"nan km"'), "workout.toml:2: segment 1.length: 'nan km' is not a"),
        (segment("nan"), "workout.toml:2: segment 1.length: nan has no unit"),
        (segment("inf"), "workout.toml:2: segment 1.length: inf has no unit"),
        (segment('"1e9 km"'), "workout.toml:2: segment 1.length: '1e9 km' is not a"),
        (segment('"9999999 km"'), "workout.toml:2: segment 1.length: '9999999 km' is too long"),
        (segment('"1 furlong"'), "workout.toml:2: segment 1.length: '1 furlong' is not a time"),
        (segment(rest='pace = "5:00"'), "workout.toml:3: segment 1.pace: '5:00' is not a pace; write"),
        (segment(rest='pace = "0:00/km"'), "workout.toml:3: segment 1.pace: '0:00/km' is not a pace"),
        (segment(rest='pace = "0:30/km"'), "workout.toml:3: segment 1.pace: '0:30/km' is not a running pace"),
        (segment(rest='pace = "5:00/km -> "'), 'workout.toml:3: segment 1.pace: "" is not a pace'),
        (segment(rest='pace = "tempo"'), 'workout.toml:3: segment 1.pace: "tempo" is not a pace; write "5:30/km" or a name'),
        (segment(rest='pace = "maraton"'), 'workout.toml:3: segment 1.pace: "maraton" is not a pace; '
         'write "5:30/km" or a name: did you mean "marathon"?'),
        (segment('"lap"', 'pace = "6:00/km -> 5:00/km"'), "workout.toml:3: segment 1.pace: a ramp cannot last until you"),
        (segment(rest='kind = "warm-up"'), "workout.toml:3: segment 1.kind: 'warm-up' is not a kind; "
         'did you mean "warmup"?'),
        (segment(rest='kindd = "warmup"'), 'workout.toml:3: segment 1.kindd: is not a known option; did you mean "kind"?'),
        (segment(rest='name = ""'), "workout.toml:3: segment 1.name: "),
        (segment(rest='name = "a\\u0007"'), "workout.toml:3: segment 1.name: "),
        (segment() + segment(rest='pace = "5:00"'), "workout.toml:6: segment 2.pace: "),
        ("[[segment]]\nrepeat = 3\n", "workout.toml:1: segment 1: repeats nothing"),
        ("[[segment]]\nrepeat = 0\n[[segment.segment]]\nlength='1 km'\n", "workout.toml:2: segment 1.repeat: should be"),
        ("[[segment]]\nrepeat = 2\npace = '5:00/km'\n[[segment.segment]]\nlength='1 km'\n",
         "workout.toml:3: segment 1.pace: does not belong to a block"),
        ("[[segment]]\n[[segment.segment]]\nlength='1 km'\n", "workout.toml:1: segment 1: has segments inside"),
        (segment() * 1001, "workout.toml: comes to 1001 segments; a run has at most 1000"),
        ("pace = 4:30", 'workout.toml:1: expected newline or end of document after a statement; put values with a unit'),
        (segment(rest="pace = 4:30/km"), "workout.toml:3: expected newline"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text).startswith(told)


def test_a_pace_name_without_a_race_says_what_to_type(tmp_path: Path) -> None:
    assert 'type --race "10k 50:00", put it under [runner]' in refused(tmp_path, segment(rest='pace = "easy"'), fitness=None)


def test_a_bomb_of_repeats_is_refused_at_once(tmp_path: Path) -> None:
    levels = [".".join(["segment"] * depth) for depth in range(1, 9)]
    text = "".join(f"[[{level}]]\nrepeat = 1000\n" for level in levels) + f"[[{levels[-1]}.segment]]\nlength = '1 km'\n"
    assert "segments; a run has at most 1000" in refused(tmp_path, text)


@pytest.mark.parametrize("depth", [12, 60, 400])
def test_too_deep_a_nest_is_refused(tmp_path: Path, depth: int) -> None:
    levels = [".".join(["segment"] * each) for each in range(1, depth + 1)]
    text = "".join(f"[[{level}]]\nrepeat = 1\n" for level in levels) + f"[[{levels[-1]}.segment]]\nlength = '1 km'\n"
    assert refused(tmp_path, text)


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name in ("workout.docx", "workout"):
        with pytest.raises(InvalidSettings, match="is not the name of a workout file"):
            read_workout(str(tmp_path / name), None)
    with pytest.raises(InvalidSettings, match="no such file"):
        read_workout(str(tmp_path / "gone.toml"), None)


speeds = st.floats(0.5, 12.0)
targets = st.one_of(
    st.none(),
    st.builds(Steady, speeds),
    st.builds(lambda a, b: Band(min(a, b), max(a, b)), speeds, speeds),
    st.builds(Ramp, speeds, speeds),
)
lengths = st.one_of(st.builds(Duration, st.floats(1, 1e5)), st.builds(Distance, st.floats(1, 1e5)), st.just(UntilLap()))
turns = st.one_of(st.none(), st.just((1, 2)))
segments = st.builds(Segment, st.text(min_size=1), st.sampled_from(Kind), lengths, targets, turns)


@given(st.builds(Plan, st.text(), st.lists(segments, min_size=1, max_size=5).map(tuple)))
def test_a_plan_in_a_journal_reads_back_exactly(plan: Plan) -> None:
    assert plain.from_dict(plain.as_dict(plan)) == plan


@given(st.builds(Ramp, speeds, speeds), st.floats(10, 50_000))
def test_a_ramp_by_distance_is_the_ramp_by_time(ramp: Ramp, metres: float) -> None:
    """v(x) = sqrt(v0² + (v1² − v0²) x/D) walked in small steps takes 2D/(v0+v1) and ends where it should."""
    by_distance = Segment("", Kind.STEADY, Distance(metres), ramp)
    steps = [by_distance.speed_at(count / 2000) or 0.0 for count in range(2001)]
    taken = sum(metres / 2000 / ((a + b) / 2) for a, b in pairwise(steps))
    assert taken == pytest.approx(by_distance.seconds, rel=1e-3)
    assert steps[0] == pytest.approx(ramp.start)
    assert steps[-1] == pytest.approx(ramp.end)


def test_the_mistakes_of_all_segments_are_told_at_once(tmp_path: Path) -> None:
    text = '[[segment]]\nlength = "10"\n[[segment]]\nlength = "5 furlongs"\n[[segment]]\npace = "5:00/km"\n'
    with pytest.raises(InvalidSettings) as wrong:
        read(tmp_path, text)
    told = [line.split(": ")[0] for line in str(wrong.value).splitlines() if line.startswith(str(tmp_path))]
    assert told == [f"{tmp_path}/workout.toml:{number}" for number in (2, 4, 5)]


def test_one_segment_may_stand_in_single_brackets(tmp_path: Path) -> None:
    assert len(read(tmp_path, '[segment]\nlength = "10 min"\n').segments) == 1
