"""Workouts nobody wrote: every reader answers any bytes with a plan or one clear line, soon and without much memory."""

from __future__ import annotations

import json
import random
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from cProfile import Profile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coach.core.plan.segments import MAX_SEGMENTS, Duration, Plan
from coach.core.units import FASTEST, LONGEST_TIME, LONGEST_WAY, SLOWEST
from coach.errors import MOST_MISTAKES, InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.workouts import FORMATS, MOST_WARNINGS, open_workout, plain, read_workout, write_workout
from tests.workouts.test_native import THURSDAY, read
from tests.workouts.test_reading import FAST, LAP, REPEAT, REST, ZWO, old

FITNESS = Fitness.from_race("10k 50:00")
MUCH, AT_LEAST = 100, 2 << 20  # bytes that a byte of the worst input may take while it is read, and that any file may take
PIECES = ["10m", "3x", "(", ")", ",", " ", "6:30/km", "-", "ramp", "<!>", "5^", "80%", "Pace", "z2", "\n", "9" * 9]
ANY = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def answered(path: Path | str) -> Plan | str:
    """The plan, checked to be one, or the one line."""
    told: list[str] = []
    try:
        workout = open_workout(str(path), FITNESS, told.append)
    except InvalidSettings as wrong:
        told_of, *excerpts = str(wrong).split("\n")  # of several mistakes too, each with two lines that show its place
        assert len(excerpts) <= 3 * MOST_MISTAKES and all(
            len(line) < 700 and line.isprintable() for line in (told_of, *excerpts)
        )
        return told_of
    assert len(told) <= MOST_WARNINGS + 1 and all(line.isprintable() for line in told)
    plan = workout.plan
    assert 1 <= len(plan.segments) <= MAX_SEGMENTS and plain.from_dict(plain.as_dict(plan)) == plan
    for segment in plan.segments:
        assert segment.name.isprintable() and 0 < len(segment.name) <= 80
        speeds = [segment.speed_at(0.0), segment.speed_at(1.0)] if segment.target else []
        assert all(speed is not None and SLOWEST <= speed <= FASTEST for speed in speeds)
        length = getattr(segment.length, "seconds", None), getattr(segment.length, "metres", None)
        assert length == (None, None) or 0 < (length[0] or length[1] or 0) <= max(LONGEST_TIME, LONGEST_WAY)
        for saying in segment.says:
            at = saying.at.seconds if isinstance(saying.at, Duration) else saying.at.metres
            assert saying.text.isprintable() and at >= 0
    return plan


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A whole file of every format, written by us, and RunnerUp's, which we do not write."""
    folder = tmp_path_factory.mktemp("good")
    found = {}
    for suffix in FORMATS:
        write_workout(read(folder, THURSDAY), folder / f"good{suffix}", FITNESS)
        found[suffix] = (folder / f"good{suffix}").read_bytes()
    return found | {"runnerup.json": old([LAP, REPEAT, FAST, REST]).encode()}


@ANY
@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, suffix: str, data: bytes) -> None:
    (tmp_path / f"x{suffix}").write_bytes(data)
    answered(tmp_path / f"x{suffix}")


@ANY
@given(st.text(max_size=80))
def test_any_words(text: str) -> None:
    with suppress(InvalidSettings):
        read_workout(text, FITNESS)


@ANY
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_order_of_what_words_are_made_of(parts: list[str]) -> None:
    try:
        read_workout("".join(parts), FITNESS)
    except InvalidSettings as wrong:
        assert "\n" not in str(wrong)


@pytest.mark.parametrize("suffix", [*sorted(FORMATS), "runnerup.json"])
def test_cut_anywhere(tmp_path: Path, suffix: str, good: dict[str, bytes]) -> None:
    data = good[suffix]
    path = tmp_path / f"x{suffix}"
    for end in range(0, len(data), max(1, len(data) // 150)):
        path.write_bytes(data[:end])
        answered(path)
    path.write_bytes(data)
    assert isinstance(answered(path), Plan)


@pytest.mark.parametrize("suffix", [*sorted(FORMATS), "runnerup.json"])
def test_bytes_that_flipped(tmp_path: Path, suffix: str, good: dict[str, bytes]) -> None:
    chance = random.Random(suffix)
    path = tmp_path / f"x{suffix}"
    for _ in range(200):
        data = bytearray(good[suffix])
        for _ in range(chance.choice((1, 1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        answered(path)


ODD = ["", "-1", "0", "1e999", "nan", "inf", "9" * 40, "1_0", "٣", "0x10", "1.5", "99999999", "-0", "+1", " 1 ", "\u2028", "<"]
NUMBERS: list[object] = [0, -1, 1e999, float("nan"), 10**40, 1.5, True, None, [], {}, "\ud800", *ODD]


@ANY
@given(st.data())
def test_odd_values_in_xml(tmp_path: Path, good: dict[str, bytes], data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from([".zwo", ".tcx"]))
    text = good[suffix].decode()
    numbers = [part for part in text.replace('"', "|").replace("<", "|").replace(">", "|").split("|") if part[:1].isdigit()]
    odd = data.draw(st.sampled_from(ODD)).replace("<", "&lt;")
    (tmp_path / f"x{suffix}").write_text(text.replace(data.draw(st.sampled_from(numbers)), odd), "utf-8")
    answered(tmp_path / f"x{suffix}")


@ANY
@given(st.data())
def test_odd_values_in_json(tmp_path: Path, good: dict[str, bytes], data: st.DataObject) -> None:
    tables = json.loads(good[data.draw(st.sampled_from([".json", "runnerup.json"]))])
    holder = tables
    while True:  # down to a random leaf, or to a table that is replaced whole
        keys: list[object] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        below = holder[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.integers(0, 5)) == 0:
            break
        holder = below
    holder[key] = data.draw(st.sampled_from(NUMBERS))
    (tmp_path / "x.json").write_text(json.dumps(tables))
    answered(tmp_path / "x.json")


@ANY
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 255), st.integers(0, 255), st.integers(0, 6))
@example(1_000_000_100, 0, 2, 0, 0)  # ends when the heart beats a thousand million times a minute
def test_odd_values_in_fit(tmp_path: Path, one: int, other: int, kind: int, target: int, step: int) -> None:
    """Sizes and checksum are right: only what the step says is odd."""
    from coach.workouts import blocks, fit

    plan = read(tmp_path, THURSDAY)
    steps = fit.numbered(blocks.staircase(plan, 50, "x")[0])
    steps[step] = fit.Step(step, "odd", (kind, one), (target, other, one, other), kind)
    (tmp_path / "x.fit").write_bytes(fit.encoded("x", steps))
    answered(tmp_path / "x.fit")


BOMBS: dict[str, Callable[[], str]] = {
    "entities.zwo": lambda: '<!DOCTYPE a [<!ENTITY b "b">]><workout_file>&b;</workout_file>',
    "outside.tcx": lambda: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "deep.zwo": lambda: "<a>" * 100_000,
    "deep256.zwo": lambda: ZWO.format("<a>" * 200 + "</a>" * 200),
    "deep.tcx": lambda: "<Workouts>" * 90 + "</Workouts>" * 90,
    "deep.json": lambda: "[" * 500_000,
    "tables.json": lambda: '{"workoutSegments":[' + '{"workoutSteps":[' * 900 + "]}" * 900 + "]}",
    "deep.toml": lambda: "a = " + "[" * 300_000,
    "repeats.zwo": lambda: ZWO.format('<IntervalsT Repeat="999999999" OnDuration="1" OffDuration="1"/>'),
    "repeats.json": lambda: old([{**REPEAT, "endConditionValue": 10**30}, FAST]),
    "repeats.txt": lambda: "999999999x\n- 1m\n",
    "many.zwo": lambda: ZWO.format("<x/>" * 50_000),
    "many.txt": lambda: "- 1s\n" * 50_000,
    "headings.txt": lambda: "a\n" * 100_000,
    "line.txt": lambda: "- " + "1m " * 300_000,
    "spaces.txt": lambda: " " * 500_000 + "x" * 500_000,
    "x.txt": lambda: "1 " * 500_000 + "x",
    "digits.json": lambda: '{"workoutSegments": ' + "9" * 900_000 + "}",
    "name.json": lambda: json.dumps({"workoutName": "a" * 900_000, "workoutSegments": [{"workoutSteps": [{}]}]}),
    "name.toml": lambda: f'name = "{"a" * 200_000}"\n[[segment]]\nlength = "1 km"\n',
    "segments.toml": lambda: "[[segment]]\n" * 20_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_do_not_go_off(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(bomb := BOMBS[name]())
    tracemalloc.start()
    try:
        answer = answered(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < AT_LEAST + MUCH * len(bomb)
    finally:
        tracemalloc.stop()
    assert isinstance(answer, str) or name == "name.json"  # a long name alone is only cut


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_a_hundred_megabytes_in_one_line_are_not_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    with path.open("wb") as file:
        file.truncate(100 << 20)
    tracemalloc.start()
    answer = answered(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "is larger than 1 MB" in str(answer) and peak < 4 << 20


def test_a_thousand_steps_take_a_thousand_times_one(tmp_path: Path) -> None:
    """Work counted in calls, not in seconds: twice the steps, about twice the work."""
    calls = {}
    for count in (500, 1000):
        (tmp_path / "x.txt").write_text("".join(f"- {60 + n}s {5 + n % 3}:{n % 60:02}/km Pace\n" for n in range(count)))
        with Profile(builtins=False) as counting:
            plan = read_workout(str(tmp_path / "x.txt"), None)
            for suffix in (".toml", ".txt", ".zwo"):
                write_workout(plan, tmp_path / f"y{suffix}", FITNESS)
        calls[count] = sum(each.callcount for each in counting.getstats())
    assert calls[1000] < 2.2 * calls[500]
