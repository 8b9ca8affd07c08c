"""Steps by heart rate: in our own file, in those of watches, in the journal, and as they are announced."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coach.cli.timeline import timeline
from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.plan.heart import Beats, HeartEnd
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.speech.facts import segment_facts
from coach.errors import InvalidSettings
from coach.planning.fitness.heart import Hearts
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.lint import Runner, lint
from coach.voice.words.phrasing import Words
from coach.workouts import fit, plain, read_workout, write_workout
from devices.sample import Stride

WRITTEN = """
[[segment]]
length = "20 min"
heart  = "140 .. 150"

[[segment]]
repeat = 2
  [[segment.segment]]
  length = "3 min"
  pace   = "4:30/km"
  [[segment.segment]]
  kind   = "recovery"
  until  = "heart < 120"

[[segment]]
kind   = "cooldown"
length = "10 min"
heart  = "z2"
"""
FITNESS = Fitness.from_race("10k 50:00")
HEARTS = Hearts(190, threshold=170, rest=50)
BY_MAXIMUM = replace(HEARTS, zones_by="maximum")


@pytest.fixture
def workout(tmp_path: Path) -> Path:
    path = tmp_path / "hearts.toml"
    path.write_text(WRITTEN)
    return path


@pytest.fixture
def plan(workout: Path) -> Plan:
    return read_workout(str(workout), FITNESS, hearts=BY_MAXIMUM)


def test_a_segment_may_have_a_heart_rate_instead_of_a_pace_and_end_at_one(plan: Plan) -> None:
    steady, hard, rest, *_, easy = plan.segments
    assert (steady.kind, steady.target, steady.heart) == (Kind.STEADY, None, Beats(140, 150))
    assert hard.heart is None and hard.until is None
    assert (rest.length, rest.until) == (Duration(180.0), HeartEnd(120))
    assert easy.heart == Beats(114, 133)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('heart = "z2"', "needs your maximum heart rate; put max_heart or age under"),
        ('heart = "z9"', "is not a heart rate"),
        ('heart = "20 .. 400"', "is not a heart rate"),
        ('heart = "140 .. 150"\npace = "5:00/km"', "cannot be combined with a pace; remove one"),
        ('until = "pulse < 120"', "is not the end of a segment"),
        ('until = "heart < 5"', "is not the end of a segment"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f'[[segment]]\nlength = "10 min"\n{line}\n')
    with pytest.raises(InvalidSettings, match=told) as wrong:
        read_workout(str(path), None)
    assert "wrong.toml:3" in str(wrong.value)


@pytest.mark.parametrize(
    ("known", "low", "high"),
    [
        (BY_MAXIMUM, 114, 133),
        (Hearts(190), 114, 133),
        (replace(HEARTS, zones_by="reserve"), 134, 148),
        (Hearts(190, rest=50), 134, 148),
        (HEARTS, 144, 153),
        (Hearts(0, threshold=170), 144, 153),
    ],
)
def test_zones_are_shares_of_the_best_that_is_known(workout: Path, known: Hearts, low: int, high: int) -> None:
    assert read_workout(str(workout), None, hearts=known).segments[-1].heart == Beats(low, high)


@pytest.mark.parametrize(
    ("line", "heart", "until"),
    [
        ('heart = "140-150"', Beats(140, 150), None),
        ('heart = "150 to 140 bpm"', Beats(140, 150), None),
        ("heart = 145", Beats(140, 150), None),
        ('heart = "Z2 .. z3"', Beats(114, 152), None),
        ('until = "HR <= 120 bpm"', None, HeartEnd(120)),
        ('until = "heart rate>160"', None, HeartEnd(160, below=False)),
    ],
)
def test_a_heart_rate_may_be_written_otherwise(tmp_path: Path, line: str, heart: Beats | None, until: HeartEnd | None) -> None:
    path = tmp_path / "w.toml"
    path.write_text(f'[[segment]]\nlength = "10 min"\n{line}\n')
    (segment,) = read_workout(str(path), None, hearts=BY_MAXIMUM).segments
    assert (segment.heart, segment.until) == (heart, until)


@pytest.mark.parametrize("ending", [".toml", ".fit", ".tcx", ".json"])
def test_files_keep_them(plan: Plan, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"again{ending}"
    notes = write_workout(plan, path, FITNESS)
    told: list[str] = []
    again = read_workout(str(path), FITNESS, told.append)
    assert [each.heart for each in again.segments] == [each.heart for each in plan.segments]
    assert [each.until for each in again.segments] == [each.until for each in plan.segments]
    assert not [note for note in (*notes, *told) if "heart" in note]


def test_text_for_intervals_icu_keeps_what_it_can_say(plan: Plan, tmp_path: Path) -> None:
    notes = write_workout(plan, path := tmp_path / "again.txt", FITNESS)
    again = read_workout(str(path), FITNESS)
    assert "140-150bpm" in path.read_text()
    assert [each.heart for each in again.segments] == [each.heart for each in plan.segments]
    assert [each.length for each in again.segments] == [each.length for each in plan.segments]
    assert [note for note in notes if "heart" in note] == [
        "heart rates at which a step ends are left out: it has its longest length"
    ]


def test_a_format_that_cannot_hold_them_says_so(plan: Plan, tmp_path: Path) -> None:
    by_time = Plan("p", tuple(each for each in plan.segments if each.until is None))
    assert "heart rates to keep are left out" in write_workout(by_time, tmp_path / "lost.zwo", FITNESS)


@pytest.mark.parametrize(
    ("step", "heart", "told"),
    [
        ("40m 140-150bpm", Beats(140, 150), ""),
        ("40m 140bpm-150bpm HR", Beats(140, 150), ""),
        ("Easy 40m 145bpm", Beats(140, 150), ""),
        ("40m Z2 HR", Beats(114, 133), '"Z2" is taken as yours, 114 .. 133'),
        ("40m Z2-Z3 HR", Beats(114, 152), '"Z2-Z3" is taken as yours'),
        ("40m 70-80% HR", Beats(133, 152), ""),
        ("40m 85-90% LTHR", Beats(144, 153), ""),
        ("40m Z7 HR", None, '"Z7" is not followed'),
        ("40m 5:30/km Pace Z2 HR", None, '"Z2", a heart rate beside a pace, is not followed'),
        ("40m Z2", None, '"Z2" has no pace that this file tells'),
        ("40m 900-999bpm", None, "a heart rate of 900 to 999 is none"),
    ],
)
def test_heart_rates_in_words(step: str, heart: Beats | None, told: str) -> None:
    lines: list[str] = []
    (segment,) = read_workout(step, FITNESS, lines.append, BY_MAXIMUM).segments
    assert segment.heart == heart and (segment.target is None or heart is None)
    assert not heart or segment.kind in (Kind.STEADY, Kind.EASY)
    assert told in " ".join(lines) and bool(told) == bool(lines)


def test_shares_and_zones_of_a_heart_that_is_not_known_are_named() -> None:
    lines: list[str] = []
    read_workout("10m Z2 HR, 10m 80% HR, 10m 90% LTHR", None, lines.append)
    assert [line.partition(" needs ")[2] for line in lines] == [
        "your maximum heart rate (max_heart or age under [runner] in the config), so the step has no target",
        "your maximum heart rate (max_heart or age under [runner] in the config), so the step has no target",
        "your heart rate at threshold (threshold_heart under [runner] in the config), so the step has no target",
    ]


def garmin(**step: object) -> str:
    whole = {"stepType": {"stepTypeKey": "interval"}, "endCondition": {"conditionTypeKey": "time"}, "endConditionValue": 600}
    return json.dumps({"workoutName": "Hearts", "workoutSegments": [{"workoutSteps": [whole | step]}]})


BY_HEART: dict[str, object] = {"targetType": {"workoutTargetTypeId": 4, "workoutTargetTypeKey": "heart.rate.zone"}}
AT_HEART: dict[str, object] = {"endCondition": {"conditionTypeId": 6, "conditionTypeKey": "heart.rate"}}


@pytest.mark.parametrize(
    ("step", "heart", "until", "told"),
    [
        (BY_HEART | {"targetValueOne": 142, "targetValueTwo": "120"}, Beats(120, 142), None, ""),
        (BY_HEART | {"zoneNumber": 2}, Beats(114, 133), None, "zone 2 is taken as yours"),
        (BY_HEART | {"targetValueOne": 2, "targetValueTwo": 3}, Beats(114, 152), None, "zone 2 to 3 is taken as yours"),
        (BY_HEART, None, None, "a heart rate has no number"),
        (BY_HEART | {"targetValueOne": 70, "targetValueTwo": 80}, Beats(133, 152), None, "taken as per cent of your maximum"),
        (AT_HEART | {"endConditionValue": 120, "endConditionCompare": "lt"}, None, HeartEnd(120), ""),
        (AT_HEART | {"endConditionValue": 160, "endConditionCompare": "gt"}, None, HeartEnd(160, below=False), ""),
        (AT_HEART | {"endConditionValue": 150}, None, HeartEnd(150, below=False), "not whether above or below: above is taken"),
        (
            AT_HEART | {"endConditionValue": 120, "stepType": {"stepTypeKey": "recovery"}},
            None,
            HeartEnd(120),
            "not whether above or below: below is taken",
        ),
        (AT_HEART | {"endConditionValue": 0}, None, None, "ends by a heart rate, which the coach cannot follow"),
    ],
)
def test_heart_rates_of_garmin_connect(
    tmp_path: Path, step: dict[str, object], heart: Beats | None, until: HeartEnd | None, told: str
) -> None:
    path, lines = tmp_path / "hearts.json", list[str]()
    path.write_text(garmin(**step))
    (segment,) = read_workout(str(path), FITNESS, lines.append, BY_MAXIMUM).segments
    assert (segment.heart, segment.until) == (heart, until)
    assert told in " ".join(lines) and bool(told) == bool(lines)


def test_zones_and_shares_of_a_watch_are_the_runners_own(tmp_path: Path) -> None:
    path, lines = tmp_path / "zones.fit", list[str]()
    zone, share = (fit.HEART, 2, 0, 0), (fit.HEART, 0, 70, 80)
    steps = [fit.Step(0, "zone", (0, 600_000), zone, 0), fit.Step(1, "share", (0, 600_000), share, 0)]
    path.write_bytes(fit.encoded("zones", steps))
    assert [each.heart for each in read_workout(str(path), None, lines.append, BY_MAXIMUM).segments] == [
        Beats(114, 133),
        Beats(133, 152),
    ]
    assert len(lines) == 1 and "heart-rate zone 2 is taken as yours" in lines[0]


def test_what_this_heart_does_not_reach_is_advice() -> None:
    steps = [
        Segment("Low", Kind.RECOVERY, Duration(180.0), until=HeartEnd(80)),
        Segment("High", Kind.STEADY, Duration(600.0), until=HeartEnd(195, below=False)),
        Segment("Over", Kind.STEADY, Duration(600.0), heart=Beats(155, 165)),
        Segment("Fine", Kind.STEADY, Duration(600.0), heart=Beats(130, 140), until=HeartEnd(145, below=False)),
    ]
    found, _ = lint(Plan("p", tuple(steps)), Runner("intermediate", FITNESS, hearts=HEARTS, heart_limit=150))
    assert [each.segment for each in found if each.rule == "heart"] == [0, 1, 2]


@pytest.mark.parametrize("beats", [19, 251, 1_000_000_000])
def test_a_heart_rate_that_no_heart_has_is_none_in_a_fit_file(tmp_path: Path, beats: int) -> None:
    path, value = tmp_path / "odd.fit", beats + fit.BEATS
    steps = [
        fit.Step(0, "end", (fit.BELOW, value), (2, 0, 0, 0), 0),
        fit.Step(1, "target", (0, 600_000), (fit.HEART, 0, 140 + fit.BEATS, value), 0),
    ]
    path.write_bytes(fit.encoded("odd", steps))
    assert [(each.heart, each.until) for each in read_workout(str(path), None).segments] == [(None, None)] * 2


def test_the_journal_keeps_them(plan: Plan) -> None:
    assert plain.from_dict(plain.as_dict(plan)) == plan


def test_they_stand_in_the_timeline(plan: Plan) -> None:
    shown = [line.split("   ")[-1].strip() for line in timeline(plan, "km")]
    assert shown[1:4] == ["heart rate 140 .. 150", "4:30/km", "until heart rate < 120"]


def test_they_are_announced(plan: Plan) -> None:
    words = Words.load("en", "metric")
    coach = Coach(Plan("p", (Segment("Easy", Kind.EASY, Duration(60.0), Steady(2.6)), *plan.segments)))
    said = [words.text(cue) for at in range(70) for cue in coach.feed(Stride(float(at), "pod", speed=2.6))]
    assert "Next up, steady, heart rate one forty to one fifty, twenty minutes." in said


@pytest.mark.parametrize(
    ("language", "keep", "end", "rises"),
    [
        (
            "en",
            "Heart rate one forty to one fifty.",
            "Until your heart rate is below one twenty.",
            "is over one sixty",
        ),
        (
            "de",
            "Puls hundertvierzig bis hundertfünfzig.",
            "Bis dein Puls unter hundertzwanzig ist.",
            "Puls über hundertsechzig ist",
        ),
        (
            "es",
            "Pulso de ciento cuarenta a ciento cincuenta.",
            "Hasta que el pulso baje de ciento veinte.",
            "pase de ciento sesenta",
        ),
        ("fr", "Cardio de cent quarante à cent cinquante.", "Jusqu'à ce que ton cardio passe sous cent vingt.", "dépasse cent"),
    ],
)
def test_a_segment_begins_with_what_to_keep_and_where_it_ends(language: str, keep: str, end: str, rises: str) -> None:
    words = Words.load(language, "metric")
    steady = Segment("Steady", Kind.STEADY, Duration(600.0), heart=Beats(140, 150))
    falls = Segment("Recovery", Kind.RECOVERY, Duration(180.0), until=HeartEnd(120))
    plan = Plan("p", (steady, falls, replace(falls, until=HeartEnd(160, below=False)), steady))
    begun = [words.text(Cue(0.0, "segment_began", 3, 9.0, 0.0, segment_facts(plan, at) | {"previewed": True})) for at in (0, 1)]
    assert begun[0].endswith(keep) and begun[1].endswith(end)
    assert rises in words.text(Cue(0.0, "preview", 3, 9.0, 0.0, segment_facts(plan, 2)))
