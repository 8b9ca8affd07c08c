"""What the readers of foreign formats make of a file, and the one line they say of what they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Saying, Segment, Steady, UntilLap
from coach.core.units import pace_text
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness
from coach.workouts import read_workout
from coach.workouts.garmin import OLD
from tests.cli.commands import coach, configured
from tests.conftest import ROOT

FITNESS = Fitness.from_race("10k 50:00")


def told_of(source: str, fitness: Fitness | None = FITNESS) -> tuple[Plan, list[str]]:
    told: list[str] = []
    return read_workout(source, fitness, told.append), told


def of_file(folder: Path, name: str, text: str, fitness: Fitness | None = FITNESS) -> tuple[Plan, list[str]]:
    (folder / name).write_text(text)
    plan, told = told_of(str(folder / name), fitness)
    return plan, [line.removeprefix(f"{folder}/") for line in told]


def one(source: str) -> Segment:
    (segment,) = told_of(source)[0].segments
    return segment


@pytest.mark.parametrize(
    ("text", "length"),
    [("10m", Duration(600)), ("1h2m30s", Duration(3750)), ("1m30", Duration(90)), ("5'", Duration(300)), ('30"', Duration(30)),
     ("5'30\"", Duration(330)), ("90s", Duration(90)), ("10min", Duration(600)), ("10 min", Duration(600)),
     ("2km", Distance(2000)), ("0.4km", Distance(400)), ("1mi", Distance(1609.344)), ("400mtr", Distance(400)),
     ("2 km", Distance(2000)),
     ("Press lap 10m", UntilLap()), ("press lap", UntilLap())],
)  # fmt: skip
def test_lengths_in_words(text: str, length: object) -> None:
    assert one(f"{text} 5:00/km Pace").length == length


@pytest.mark.parametrize(
    ("text", "target"),
    [("6:30/km Pace", Steady(1000 / 390)), ("6:30/km", Steady(1000 / 390)), ("8:00/mi", Steady(1609.344 / 480)),
     ("6:10-6:00/km Pace", Band(1000 / 370, 1000 / 360)), ("6:10/km-6:00/km Pace", Band(1000 / 370, 1000 / 360)),
     ("ramp 6:00-4:45/km Pace", Ramp(1000 / 360, 1000 / 285)), ("ramp 4:45-6:00/km", Ramp(1000 / 285, 1000 / 360)),
     ("2:00/400m Pace", Steady(400 / 120)), ("100% Pace", Steady(FITNESS.speed("threshold"))), ("", None)],
)  # fmt: skip
def test_targets_in_words(text: str, target: object) -> None:
    segment, told = told_of(f"10m {text}")[0].segments[0], told_of(f"10m {text}")[1]
    assert (segment.target, told) == (target, [])


@pytest.mark.parametrize("text", ["Z2 Pace", "Z2-Z3 HR", "70% HR", "80% LTHR", "75%", "200w", "RPE4", "60% MMP"])
def test_a_target_without_a_pace_is_left_out_and_named(text: str) -> None:
    plan, told = told_of(f"10m {text}")
    assert plan.segments[0].target is None and len(told) == 1
    assert told[0].startswith(f'workout: step 1: "{text.split()[0]}"') and told[0].endswith("the step has no target")


def test_a_share_of_pace_beside_one_of_heart_rate() -> None:
    plan, told = told_of("10m 80% Pace 70% HR")
    assert plan.segments[0].mean_speed == pytest.approx(0.8 * FITNESS.speed("threshold"))
    assert len(told) == 1 and '"70%"' in told[0]
    plan, told = told_of("10m 80% Pace", None)
    assert plan.segments[0].target is None and 'type --race "10k 50:00"' in told[0]


@pytest.mark.parametrize(("cadence", "steps", "said"), [("88rpm", 176, 1), ("176spm", 176, 0), ("85-91rpm", 176, 1)])
def test_a_cadence_is_a_metronome_in_steps(cadence: str, steps: int, said: int) -> None:
    plan, told = told_of(f"10m 6:00/km {cadence}")
    assert plan.segments[0].cadence == steps and len(told) == said
    assert told_of("10m 6:00/km 20rpm")[0].segments[0].cadence is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10m 6:30", '"6:30" has no unit of distance; write "6:30/km"'),
        ("10m 6.30/km", '"6.30/km" is not a target'),
        ("10m 0:30/km", "is not a running pace"),
        ("10m 0:00/km", "is not a running pace"),
        ("10m 6:75/km", "is not a target"),
        ("5m, 400 5:00/km", 'step 2: "400 5:00/km" has no length'),
        ("5m, 3x", "repeats nothing"),
        ("5m, 2000x, 1km", "has an invalid repeat count"),
        ("300x (1km, 90s, 1km, 90s)", "comes to 1200 segments"),
        ("0m 5:00/km", "0 s is not a duration"),
        ("99h", "is not a duration"),
        ("9999999km", "is not a distance"),
    ],
)
def test_a_mistake_in_words_is_one_line(text: str, says: str) -> None:
    with pytest.raises(InvalidSettings) as wrong:
        told_of(text)
    assert says in str(wrong.value) and "\n" not in str(wrong.value)


def test_metres_written_as_minutes_are_doubted() -> None:
    plan, told = told_of("400m 4:00/km")
    assert plan.segments[0].length == Duration(24_000) and told == [
        'workout: step 1: "400m" is 400 minutes here; metres are written "400mtr"'
    ]


def test_a_repeat_on_the_command_line_ends_with_its_bracket_or_an_empty_item() -> None:
    for text in ("10m, 3x (1 km 4:45/km, Float 90s), 5m", "10m,3x,1km 4:45/km,Float 90s,,5m"):
        plan = told_of(text)[0]
        assert [each.turn for each in plan.segments] == [None, (1, 3), (1, 3), (2, 3), (2, 3), (3, 3), (3, 3), None]
        assert plan.segments[2].kind is Kind.RECOVERY and plan.segments[2].name == "Float"


def test_one_step_is_repeated_in_short() -> None:
    plan = told_of("10m, 3 x 1 km 4:45/km, 5m")[0]
    assert [(each.length, each.turn) for each in plan.segments[1:4]] == [(Distance(1000.0), (n, 3)) for n in (1, 2, 3)]
    assert len(plan.segments) == 5 and plan.segments[4].turn is None


def test_prompts_are_said_and_what_comes_too_late_is_not(tmp_path: Path) -> None:
    text = "- Build 33^Relax. 1200^Too late <!> 10m 5:00/km Pace\n- 10m intensity=recovery\n"
    plan, told = of_file(tmp_path, "w.txt", text)
    first, second = plan.segments
    assert (first.name, first.says) == ("Build", (Saying(Duration(33.0), "Relax."),))
    assert told == ['w.txt:1: "Too late" comes after the end of its step and is left out']
    assert second.kind is Kind.RECOVERY


def test_lines_of_a_file_are_counted_and_comments_are_not_steps(tmp_path: Path) -> None:
    plan, told = of_file(tmp_path, "w.txt", "Run with Anna.\nWarm up\n- 10m 6:30/km Pace\n\n- 5m nothing\n")
    assert plan.segments[0].kind is Kind.WARMUP and plan.name == "w"
    assert told == ['w.txt:5: "nothing" is not understood and left out']
    for text, says in (("\n- 10 6:30/km", ':2: "10 6:30/km" has no length'), ("10m 6:30/km", ':1: "10m 6:30/km" begins like')):
        with pytest.raises(InvalidSettings, match="w.txt" + says):
            of_file(tmp_path, "w.txt", text)


ZWO = """<workout_file><name>x</name><sportType>run</sportType><durationType>time</durationType><workout>
{}
</workout></workout_file>"""


def zwift(folder: Path, steps: str) -> tuple[Plan, list[str]]:
    return of_file(folder, "w.zwo", ZWO.format(steps))


def test_a_first_message_of_zwift_names_the_step_and_a_sentence_is_said(tmp_path: Path) -> None:
    named = '<SteadyState Duration="60" Power="1" pace="2"><textevent timeoffset="{}" message="{}"/></SteadyState>'
    plan, told = zwift(tmp_path, named.format(0, "Build") + named.format(0, "Here we go!") + named.format(20, "Relax"))
    assert [each.name for each in plan.segments] == ["Build", "Steady", "Steady"] and not told
    assert [each.says for each in plan.segments] == [
        (), (Saying(Duration(0.0), "Here we go!"),), (Saying(Duration(20.0), "Relax"),)
    ]  # fmt: skip


def test_messages_over_intervals_fall_into_the_right_one(tmp_path: Path) -> None:
    steps = (
        '<IntervalsT Repeat="2" OnDuration="60" OffDuration="30" OnPower="1.1" OffPower="0.8" pace="1">'
        '<textevent timeoffset="70" message="Breathe"/><textevent timeoffset="100" message="Last"/>'
        '<textevent timeoffset="200" message="Gone"/></IntervalsT>'
    )
    plan, told = zwift(tmp_path, steps)
    assert [[(say.at, say.text) for say in each.says] for each in plan.segments] == [
        [], [(Duration(10.0), "Breathe")], [(Duration(10.0), "Last")], []
    ]  # fmt: skip
    assert told == ['w.zwo:2: "Gone" comes after the end of its step and is left out']
    assert pace_text(plan.segments[0].speed_at(0) or 0) == pace_text(1.1 * FITNESS.race_speed(5000))


def test_what_zwift_does_not_say_is_not_guessed(tmp_path: Path) -> None:
    odd = '<SteadyState Duration="60" Power="1" pace="8268"/><SteadyState Duration="60" Power="1"/><SteadyState Duration="60"/>'
    plan, told = zwift(tmp_path, odd + '<Odd Duration="3"/>')
    assert [each.target for each in plan.segments] == [None, None, None]
    assert [line.split(":", 2)[2].strip()[:22] for line in told] == [
        "pace 8268 names no rac", "a power without a pace", "SteadyState without a ", "Odd, which is not a kn",
    ]  # fmt: skip
    bare = ZWO.replace("<durationType>time</durationType>", "").format('<FreeRide Duration="500"/>')
    plan, told = of_file(tmp_path, "w.zwo", bare)
    assert plan.segments[0].length == Distance(500.0) and "durationType" in told[0]


def test_zwift_files_of_old_editors_are_read(tmp_path: Path) -> None:
    text = ZWO.format('<SteadyState Duration="60" Power="1" pace="2" Cadence="88"/>').replace("<name>x", "<name>Müller & Söhne")
    (tmp_path / "w.zwo").write_bytes(b'<?xml version="1.0" encoding="utf-16"?>\n' + text.encode("cp1252"))
    plan = read_workout(str(tmp_path / "w.zwo"), FITNESS)
    assert plan.name == "Müller & Söhne" and plan.segments[0].cadence == 176


def old(steps: list[dict[str, object]], **more: object) -> str:
    return json.dumps({OLD: {"workoutName": "Old", "workoutSteps": steps, **more}})


LAP = {"stepTypeKey": "warmup", "endConditionTypeKey": "lap.button", "targetTypeKey": "no.target", "stepOrder": 1, "groupId": 1}
REPEAT = {"stepTypeKey": "repeat", "stepOrder": 2, "groupId": 2, "endConditionTypeKey": "iterations", "endConditionValue": "3"}
FAST = {
    "stepTypeKey": "interval", "stepOrder": 3, "groupId": 2, "parentGroupId": 2, "endConditionTypeKey": "distance",
    "endConditionValue": "100000", "endConditionUnitKey": "centimeter", "targetTypeKey": "pace.zone",
    "targetValueOne": "0.4", "targetValueTwo": "0.38", "targetValueUnitKey": "centimetersPerMillisecond",
}  # fmt: skip
REST = {
    "stepTypeKey": "rest", "stepOrder": 4, "groupId": 2, "parentGroupId": 2, "endConditionTypeKey": "time",
    "endConditionValue": 90_000, "endConditionUnitKey": "ms", "targetTypeKey": "no.target",
}  # fmt: skip


def test_runnerups_flat_list_is_read_in_its_order_and_units(tmp_path: Path) -> None:
    plan, told = of_file(tmp_path, "w.json", old([REST, FAST, REPEAT, LAP], sportTypeKey="running"))
    assert not told and [each.turn for each in plan.segments] == [None, *[(n, 3) for n in (1, 1, 2, 2, 3, 3)]]
    assert plan.segments[1].length == Distance(1000.0) and plan.segments[1].target == Band(3.8, 4.0)
    assert plan.segments[2].length == Duration(90.0) and plan.segments[2].kind is Kind.RECOVERY


def test_nothing_of_a_flat_list_is_lost_silently(tmp_path: Path) -> None:
    plan, told = of_file(tmp_path, "w.json", old([LAP, FAST]))
    assert len(plan.segments) == 2 and "which no repeat has" in told[0]
    with pytest.raises(InvalidSettings, match="is in a repeat that contains itself"):
        of_file(tmp_path, "w.json", old([LAP, {**REPEAT, "parentGroupId": 2}, FAST]))
    plan, told = of_file(tmp_path, "w.json", old([{**FAST, "targetValueUnitKey": "furlongs", "parentGroupId": None}]))
    assert plan.segments[0].target is None and "furlongs" in told[0]


def test_our_own_file_has_a_metronome_and_words(tmp_path: Path) -> None:
    says = 'say = [{ at = "0 s", text = "Go." }, { at = "2 min", text = "Relax." }]'
    plan, _ = of_file(tmp_path, "w.toml", f'[[segment]]\nlength = "10 min"\ncadence = 176\n{says}\n')
    assert plan.segments[0].cadence == 176
    assert plan.segments[0].says == (Saying(Duration(0.0), "Go."), Saying(Duration(120.0), "Relax."))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('say = [{ at = "10 min", text = "x" }]', 'w.toml:3: segment 1.say 1.at: "10 min" is not within the segment'),
        ('say = [{ at = "lap", text = "x" }]', '"lap" is not within the segment'),
        ('say = [{ at = "soon", text = "x" }]', "w.toml:3: segment 1.say 1.at: 'soon' is not a time"),
        (f'say = [{{ at = "1 min", text = "{"x" * 121}" }}]', "w.toml:3: segment 1.say 1.text: "),
        ('say = [{ at = "1 min", text = "a\\nb" }]', "w.toml:3: segment 1.say 1.text: "),
        ('say = [{ at = "1 min", text = "x", txt = "x" }]', 'did you mean "text"?'),
        ("cadence = 20", "w.toml:3: segment 1.cadence: "),
        ('cadence = "fast"', "w.toml:3: segment 1.cadence: "),
    ],
)
def test_a_mistake_in_them_is_one_line(line: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as wrong:
        of_file(tmp_path, "w.toml", f'[[segment]]\nlength = "10 min"\n{line}\n')
    assert says in str(wrong.value).splitlines()[0]


def test_warnings_reach_the_user_of_every_command(tmp_path: Path) -> None:
    config, text = configured(tmp_path), "10m Z2"
    track = ROOT / "coach" / "demo" / "run.nmea"
    for arguments in (["check", text], ["convert", text, tmp_path / "o.toml"], ["replay", track, "--workout", text]):
        done = coach(config, *arguments, check=None)
        assert 'step 1: "Z2" has no pace' in done.stderr, arguments
    (tmp_path / "w.txt").write_text("- 10m Z2\n")
    config.write_text(f"{config.read_text()}[workout]\nfile = 'w.txt'\n")
    assert 'w.txt:1: "Z2" has no pace' in coach(config, "check", check=None).stderr
