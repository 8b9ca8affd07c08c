"""Lengths and paces as people write them, and the order and the rests of steps as watches and their sites write them."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest

from coach.core.plan.segments import Distance, Duration, Kind, Length, Segment, Steady
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import HALF, Fitness, race_distance
from coach.workouts import blocks, fit, fit_file, read_workout
from tests.workouts.test_reading import FITNESS, of_file, told_of

MILE = 1609.344


@pytest.mark.parametrize(
    ("text", "length"),
    [("1m 30s", Duration(90)), ("1 min 30 s", Duration(90)), ("1 h 10 min", Duration(4200)), ("1h 2m 5s", Duration(3725)),
     ("10 minutes", Duration(600)), ("90 seconds", Duration(90)), ("1 hour", Duration(3600)), ("1½ h", Duration(5400)),
     ("5 miles", Distance(5 * MILE)), ("1 mile", Distance(MILE)), ("½ mile", Distance(MILE / 2)),
     ("1/2 mile", Distance(MILE / 2)),
     ("1 1/2 km", Distance(1500)), ("2½km", Distance(2500)), ("400 metres", Distance(400)), ("3 kilometers", Distance(3000))],
)  # fmt: skip
def test_a_length_is_read_as_people_write_it(text: str, length: Length, tmp_path: Path) -> None:
    own = f'[[segment]]\nlength = "{text}"\npace = "5:00/km"\n'
    for plan, told in (
        told_of(f"{text} 5:00/km"),
        of_file(tmp_path, "w.txt", f"- {text} 5:00/km Pace\n"),
        of_file(tmp_path, "w.toml", own),
    ):
        assert not told
        assert [(each.length, each.target) for each in plan.segments] == [(length, Steady(1000 / 300))]


@pytest.mark.parametrize("text", ["30s 1m", "1 min 1 min", "11/2 mile", "/2 km"])
def test_what_is_not_a_length_is_still_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        of_file(tmp_path, "w.toml", f'[[segment]]\nlength = "{text}"\n')


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1 m 30 s", 90), ("1 h 5 m", 3900), ("1' 30\"", 90), ("1' 30''", 90), ("1 H 2 m 30 s", 3750), ("2 m 30s", 150)],
)  # fmt: skip
def test_a_time_may_be_spaced(text: str, seconds: int, tmp_path: Path) -> None:
    for plan, told in (told_of(f"Easy {text} 5:00/km"), of_file(tmp_path, "w.txt", f"- Easy {text} 5:00/km Pace\n")):
        assert not told
        assert [each.length for each in plan.segments] == [Duration(seconds)]


@pytest.mark.parametrize(
    "text", ["1min 30", "1m 30", "1h 30", "2km 500mtr", "1 mile 400m", "30s 1m", "10 to 12 min", "5 - 10 min", "1km 2km"]
)
def test_a_length_in_parts_that_do_not_go_together_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="has a length in several parts"):
        told_of(f"{text} 5:00/km")
    with pytest.raises(InvalidSettings, match=r"w.txt:1: .* has a length in several parts"):
        of_file(tmp_path, "w.txt", f"- {text} 5:00/km Pace\n")


@pytest.mark.parametrize("text", ["half", "half-marathon", "half marathon", "½ marathon", "1/2 marathon"])
def test_a_half_marathon_has_five_spellings(text: str) -> None:
    assert race_distance(text) == HALF
    assert Fitness.from_race(f"{text} 1:45:00").vdot == Fitness.from_race("half 1:45:00").vdot


def paced(text: str, fitness: Fitness | None = FITNESS) -> tuple[list[tuple[Kind, object]], list[str]]:
    plan, told = told_of(text, fitness)
    return [(each.kind, each.target) for each in plan.segments], told


def test_a_pace_may_be_named() -> None:
    easy, tempo, marathon, half = (Steady(FITNESS.speed(name)) for name in ("easy", "threshold", "marathon", "half"))
    assert paced("10 min easy, 20 min tempo") == ([(Kind.EASY, easy), (Kind.TEMPO, tempo)], [])
    assert paced("easy 10 min, 5 km @ T, 1 km @M") == ([(Kind.EASY, easy), (Kind.TEMPO, tempo), (Kind.STEADY, marathon)], [])
    assert paced("2 miles at half marathon pace") == ([(Kind.TEMPO, half)], [])
    assert paced("10 min warm up, 5 min cool-down") == ([(Kind.WARMUP, None), (Kind.COOLDOWN, None)], [])
    assert paced("10m 6:00/km easy") == ([(Kind.EASY, Steady(1000 / 360))], [])


def test_a_named_pace_without_a_fitness_is_told_and_keeps_its_kind() -> None:
    steps, told = paced("10 min easy", None)
    assert steps == [(Kind.EASY, None)]
    assert len(told) == 1 and 'the pace "easy" needs your fitness' in told[0]


def encoded(index: int, name: str, seconds: int) -> fit.Step:
    return fit.Step(index, name, (fit.TIME, seconds * 1000), (fit.NO_TARGET, 0, 0, 0), 0)


def names(folder: Path, steps: list[fit.Step]) -> list[str]:
    (folder / "x.fit").write_bytes(fit.encoded("x", steps))
    return [each.name for each in read_workout(str(folder / "x.fit"), None).segments]


def test_the_steps_of_a_watch_are_in_the_order_of_their_index(tmp_path: Path) -> None:
    back = fit.Step(3, "", (fit.REPEAT, 1), (fit.NO_TARGET, 2, 0, 0), 0)
    steps = [encoded(0, "one", 60), encoded(1, "two", 60), encoded(2, "three", 60), back, encoded(4, "four", 60)]
    in_order = ["one", "two", "three", "two", "three", "four"]
    assert names(tmp_path, steps) == in_order
    assert names(tmp_path, [steps[n] for n in (4, 3, 1, 0, 2)]) == in_order


def test_an_index_may_begin_at_one_have_flags_or_be_of_no_use(tmp_path: Path) -> None:
    back = fit.Step(3, "", (fit.REPEAT, 2), (fit.NO_TARGET, 2, 0, 0), 0)
    assert names(tmp_path, [encoded(2, "two", 60), back, encoded(1, "one", 60)]) == ["one", "two", "two"]
    assert names(tmp_path, [encoded(0x8001, "two", 60), encoded(0, "one", 60)]) == ["one", "two"]
    assert names(tmp_path, [encoded(0, "one", 60), encoded(0, "two", 60)]) == ["one", "two"]


@pytest.mark.parametrize("size", [0, 2**32 - 1, None])
@pytest.mark.parametrize("crc", [True, False])
def test_a_file_whose_writer_did_not_close_it_is_read(tmp_path: Path, size: int | None, crc: bool) -> None:
    whole = fit.encoded("x", [encoded(0, "one", 60), encoded(1, "two", 60)])[:-2]
    whole = whole if size is None else whole[:4] + size.to_bytes(4, "little") + whole[8:]
    (tmp_path / "x.fit").write_bytes(whole + (fit_file.crc(whole).to_bytes(2, "little") if crc else b""))
    told = list[str]()
    plan = read_workout(str(tmp_path / "x.fit"), None, told.append)
    assert ([each.name for each in plan.segments], told) == (["one", "two"], [])


def test_a_file_that_lost_its_end_is_refused_or_told(tmp_path: Path) -> None:
    whole = fit.encoded("x", [encoded(0, "one", 60), encoded(1, "two", 60)])
    (tmp_path / "x.fit").write_bytes(whole[:-5])
    with pytest.raises(InvalidSettings, match="is a damaged or incomplete FIT file"):
        read_workout(str(tmp_path / "x.fit"), None)
    (tmp_path / "x.fit").write_bytes(b"\xff" + whole[1:14])
    with pytest.raises(InvalidSettings, match="is a damaged or incomplete FIT file"):
        read_workout(str(tmp_path / "x.fit"), None)
    told = list[str]()
    a_step = len(whole) - len(fit.encoded("x", [encoded(0, "one", 60)]))
    (tmp_path / "x.fit").write_bytes(whole[: -2 - a_step])
    read_workout(str(tmp_path / "x.fit"), None, told.append)
    assert told and "steps may be missing" in told[0]


def step(order: int, kind: str, seconds: int) -> dict[str, object]:
    return {"type": "ExecutableStepDTO", "stepOrder": order, "stepType": {"stepTypeKey": kind},
            "endCondition": {"conditionTypeKey": "time"}, "endConditionValue": seconds}  # fmt: skip


def garmin(folder: Path, *steps: dict[str, object]) -> list[Segment]:
    tables = {"workoutName": "x", "workoutSegments": [{"workoutSteps": list(steps)}]}
    plan, told = of_file(folder, "w.json", json.dumps(tables))
    assert not told
    return list(plan.segments)


@pytest.mark.parametrize("rest", ["rest", "recovery"])
def test_the_last_rest_of_a_repeat_is_skipped_where_the_watch_skips_it(rest: str, tmp_path: Path) -> None:
    block: dict[str, object] = {
        "stepOrder": 1,
        "numberOfIterations": 3,
        "workoutSteps": [step(2, "interval", 60), step(3, rest, 30)],
    }
    whole = [each.seconds for each in garmin(tmp_path, block, step(4, "cooldown", 300))]
    assert whole == [60, 30, 60, 30, 60, 30, 300]
    skipping = garmin(tmp_path, {**block, "skipLastRestStep": True}, step(4, "cooldown", 300))
    assert [each.seconds for each in skipping] == [60, 30, 60, 30, 60, 300]
    assert [each.turn for each in skipping] == [(1, 3), (1, 3), (2, 3), (2, 3), (3, 3), None]


def test_only_a_rest_is_skipped(tmp_path: Path) -> None:
    block = {
        "numberOfIterations": 2,
        "skipLastRestStep": True,
        "workoutSteps": [step(2, "interval", 60), step(3, "interval", 30)],
    }
    assert [each.seconds for each in garmin(tmp_path, block)] == [60, 30, 60, 30]


def test_the_steps_of_garmins_site_are_in_the_order_they_name(tmp_path: Path) -> None:
    block: dict[str, object] = {
        "stepOrder": 2,
        "numberOfIterations": 2,
        "workoutSteps": [step(4, "rest", 30), step(3, "interval", 60)],
    }
    found = garmin(tmp_path, step(5, "cooldown", 300), block, step(1, "warmup", 600))
    assert [each.seconds for each in found] == [600, 60, 30, 60, 30, 300]


def test_a_repeat_without_its_last_rest_is_written_for_every_program(tmp_path: Path) -> None:
    block = {"numberOfIterations": 3, "skipLastRestStep": True, "workoutSteps": [step(2, "interval", 60), step(3, "rest", 30)]}
    garmin(tmp_path, block)
    plan = read_workout(str(tmp_path / "w.json"), None)
    assert blocks.steps(blocks.blocks(plan)) == 5
    fit_steps = fit.write(plan, None).content
    (tmp_path / "x.fit").write_bytes(fit_steps)
    assert [each.seconds for each in read_workout(str(tmp_path / "x.fit"), None).segments] == [60, 30, 60, 30, 60]


@pytest.mark.parametrize("piece", ["1 ", "1 1/2 ", "½", "1h ", "1m 30s ", "9", "half ", "x(", "3x ", "1.", "(1 ", ",1 1"])
def test_a_hundred_kilobytes_of_words_are_answered_at_once(piece: str) -> None:
    began = time.process_time()
    with contextlib.suppress(InvalidSettings):
        read_workout(piece * (100_000 // len(piece)), FITNESS)
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("10min wu; 20min tempo; 10min cd", "10m warmup, 20m tempo, 10m cooldown"),
        ("10m easy + 5m tempo", "10m easy, 5m tempo"),
        ("10m 6:00/km -> 5:00/km", "10m ramp 6:00-5:00/km"),
        ("10m from 6:00/km to 5:00/km", "10m ramp 6:00-5:00/km"),
        ("ramp 10m 6:00-5:00/km", "10m ramp 6:00-5:00/km"),
        ("10m 6:00/km .. 5:30/km", "10m 6:00-5:30/km"),
        ("20m 12 km/h", "20m 5:00/km"),
        ("5k @ 5:00/km", "5km 5:00/km"),
        ("3×(1km 4:30/km, 90s)", "3x (1km 4:30/km, 90s)"),
        ("x3 1km 4:30/km", "3x 1km 4:30/km"),
        ("10m 140-150 HR", "10m 140-150bpm"),
        ("10m HR 140 - 150" , "10m 140-150bpm"),
        ("10m 140 bpm", "10m 140bpm"),
    ],
)  # fmt: skip
def test_a_step_may_be_written_otherwise(text: str, same: str) -> None:
    plan, told = told_of(text)
    assert (plan.segments, told) == (told_of(same)[0].segments, [])


@pytest.mark.parametrize(
    "text",
    ["5x3min at 4:30/km with 90s easy jog", "4 x 1 mile @ T w/ 2 min jog", "8x400m in 90s", '6x 30" / 30"', "1km 4:30/km x3"],
)
def test_a_step_that_hides_another_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="holds more than one step; put a comma or a line between them"):
        told_of(text)
    with pytest.raises(InvalidSettings, match="holds more than one step"):
        of_file(tmp_path, "w.txt", "- 10m 5:00/km with 90s easy\n")


def test_a_second_pace_is_refused() -> None:
    with pytest.raises(InvalidSettings, match='"5:00/km" is a second pace; write "6:00-5:00/km"'):
        told_of("10m 6:00/km and 5:00/km")


def test_segments_of_garmin_connect_follow_their_order_and_a_repeat_may_be_counted_by_its_end(tmp_path: Path) -> None:
    def step(metres: float) -> dict[str, object]:
        return {"endCondition": {"conditionTypeKey": "distance"}, "endConditionValue": metres}

    thrice = {"numberOfIterations": None, "endConditionValue": 3, "workoutSteps": [step(400)]}
    parts = [{"segmentOrder": 2, "workoutSteps": [thrice]}, {"segmentOrder": 1, "workoutSteps": [step(1000)]}]
    plan, told = of_file(tmp_path, "w.json", json.dumps({"workoutSegments": parts}))
    assert [each.length for each in plan.segments] == [Distance(1000), *[Distance(400)] * 3] and not told


def test_steps_of_a_tcx_workout_follow_their_numbers(tmp_path: Path) -> None:
    def step(number: int) -> str:
        length = f'<Duration xsi:type="Time_t"><Seconds>{number}00</Seconds></Duration>'
        return f'<Step xsi:type="Step_t"><StepId>{number}</StepId>{length}<Target xsi:type="None_t"/></Step>'

    steps, names = step(2) + step(3) + step(1), 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    plan, _ = of_file(tmp_path, "w.tcx", f"<TrainingCenterDatabase {names}><Workout>{steps}</Workout></TrainingCenterDatabase>")
    assert [each.length for each in plan.segments] == [Duration(100), Duration(200), Duration(300)]


def test_a_decimal_comma_is_a_number_and_one_of_thousands_is_none(tmp_path: Path) -> None:
    def zwo(power: str) -> str:
        head = "<sportType>run</sportType><durationType>time</durationType>"
        return f'<workout_file>{head}<workout><SteadyState Duration="600" Power="{power}" pace="2"/></workout></workout_file>'

    assert of_file(tmp_path, "w.zwo", zwo("0,8")) == of_file(tmp_path, "w.zwo", zwo("0.8"))
    assert len(of_file(tmp_path, "w.zwo", zwo("0,800"))[1]) == 1


def test_curly_quotes_are_told_with_straight_ones(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match='write straight quotes: length = "10 min"'):
        of_file(tmp_path, "w.toml", "[[segment]]\nlength = “10 min”\n")
