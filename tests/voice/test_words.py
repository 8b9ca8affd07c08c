"""Everything the coach says is words: in every language, for every pace, name and kind of cue."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.cli.check import _language
from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Tick
from coach.core.plan.segments import FREE_RUN, Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.core.speech.facts import segment_facts
from coach.core.speech.rules import RULES, VERBOSITIES
from coach.core.units import PER
from coach.planning.fitness.heat import easy_twin
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.progressions import STYLES, by_hand, progression
from coach.planning.one_run.race import race_plan
from coach.voice.words import foreseen
from coach.voice.words.names import Names
from coach.voice.words.numerals import Numerals
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import SAID, WrongLanguage, check, completed, languages, read
from coach.workouts import read_workout
from devices.sample import Stride

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "phrases"
DEMO = read_workout(str(ROOT / "coach/demo/workout.toml"), None)
UNITS = {"metric": "km", "imperial": "mi"}
VOICES = [Words.load(language, units) for language in languages() for units in UNITS]

speeds = st.floats(0.05, 12.0)
names = st.text(max_size=40) | st.sampled_from(["5 x 1 km", "4:40/km", "²", "١٢ km", "min", "Ⅷ½", "1e9", "1234567 m", "a/b:c"])
lengths = st.builds(Duration, st.floats(1, 1e5)) | st.builds(Distance, st.floats(1, 3e5)) | st.just(UntilLap())
targets = st.none() | st.builds(Steady, speeds) | st.builds(Ramp, speeds, speeds) | st.builds(Band, speeds, speeds)
turns = st.none() | st.just((2, 3)) | st.just((999, 1000))
segments = st.builds(Segment, names, st.sampled_from(list(Kind)), lengths, targets, turns)
plans = st.builds(Plan, names, st.lists(segments, min_size=1, max_size=3).map(tuple))


def cue(kind: str, **facts: Any) -> Cue:
    return Cue(0.0, kind, 2, 5.0, 0.0, facts)


@cache  # most of what is said for one pace is said for the next one too
def is_speakable(text: str) -> bool:
    """Only letters and what a voice makes a pause of; no short form that an engine would spell."""
    signs = {character for character in set(text) if not character.isalpha()} - set(" .,?¿'-")
    short = set(re.findall(r"[^\W\d_]+", text.casefold())) & {"km", "min"}
    return bool(text.strip(" .,")) and not signs and not short


PLAIN = (
    "countdown", "halfway", "on_pace", "paused", "resumed", "signal_lost", "signal_back", "other_device", "battery_low",
    "footpod_lost", "footpod_back", "uphill", "downhill", "off_course", "back_on_course",
    "hold", "ease_to_end", "heart_locked", "heart_lost", "dont_sprint", "praise", "standing", "pause_off", "waiting",
    "not_saved", "kept", "quit_asked", "pod_doubted",
)  # fmt: skip


OF_A_PLAN = {"run_began", "preview", "segment_began", "last_segment"}  # they need the facts of a segment


def moments(speed: float, target: float, seconds: float, metres: float) -> list[Cue]:
    """Cues of each kind that is not about a segment; a kind that is not named here is said with the usual facts."""
    passed = {"elapsed": seconds, "distance": metres}
    told = [cue(kind) for kind in PLAIN] + [cue("weak_signal"), cue("weak_signal", by_footpod=True)]
    told += [cue("weak_signal", disagrees=True), cue("steady_signal"), cue("signal_lost", comes_and_goes=True)]
    told += [cue(kind, **passed) for kind in ("run_complete", "run_stopped")]
    told += [cue("countdown", ends_run=True), cue("lap_split", number=2, seconds=seconds)]
    told += [cue("belt_off", reads=131, tenths=100, by=each) for each in ("belt", "pod")]
    told += [cue("belt_differs", belt=100, pod=94, ratio=1.06)]
    told += [cue("ready", start=each) for each in ("moving", "key")]
    told += [cue("level", target=to) for to in (target, None)] + [
        cue("ramp", target=target),
        cue("still_off", speed=speed, target=target),
        cue("still_off", speed=speed, target=target, nth=2, seconds_left=seconds),
        cue("still_off", speed=speed, target=target, nth=2, metres_left=metres),
    ]
    told += [cue("offer", how=how, end=speed) for how in ("hold", "half_climb", "ease_to_end")]
    told += [cue("half_climb", end=speed), cue("race_replan", end=speed, lost=seconds / 30)]
    told += [cue(kind, finish=seconds, end=speed) for kind in ("race_estimate", "race_back")]
    for goal, new in ((seconds + 9, seconds + 9), (seconds, seconds), (seconds - 5, seconds - 5), (seconds - 20, seconds + 10)):
        told.append(cue("run_complete", **passed, goal=goal, new_goal=new))
    told += [cue("set_belt", tenths=min(999, round(speed * 36))), cue("note", text="Km 7: relax @ 5:30/km!")]
    told += [cue("split", number=1 + int(metres / 1000), seconds=1000 / speed), cue("segment_split", speed=speed)]
    told += [cue("last_minutes", seconds=each) for each in (60.0, 300.0)]
    told += [cue("verbosity", verbosity=each) for each in VERBOSITIES]
    told += [cue("volume", volume=each) for each in ("louder", "quieter", "loudest", "quietest")]
    build = {"name": "Build", "role": "steady", "turn": None, "into": seconds, "band": None}
    for left in ({"seconds_left": seconds}, {"metres_left": metres}, {}):
        told += [
            cue("sound_back", **build | {"seconds_left": None, "metres_left": None} | left, now=to) for to in (target, None)
        ]
    told += [cue("going_on", **build, now=now, stopped=each) for now, each in ((target, False), (None, False), (target, True))]
    high = ((98.0, 1, target), (172.0, 1, target), (172.0, 1, None), (200.0, 2, None))
    told += [cue("heart_high", bpm=bpm, ceiling=166, nth=nth, target=to) for bpm, nth, to in high]
    for bpm in (98.0, 100.0, 105.4, 172.0, 200.0):
        told += [cue(kind, bpm=bpm, little=little) for kind in ("heart_fast", "heart_low") for little in (False, True)]
        told.append(cue("ease_to_end", bpm=bpm))
    of_stretches = [each for way in (150.0, 400.0) for each in corrections(speed, target, stretch=way)]
    told += [*of_stretches, cue("still_off", speed=speed, target=target, stretch=200.0)]
    told = [*corrections(speed, target), *reports(speed, target, seconds, metres), *standings(seconds, metres), *told]
    facts = passed | {"speed": speed, "target": target, "seconds": seconds, "metres": metres, "number": 7}
    plain = set(RULES) - {each.kind for each in told} - OF_A_PLAN
    return told + [cue(kind, **facts) for kind in RULES if kind in plain]


def corrections(speed: float, target: float, **more: float) -> list[Cue]:
    nth = [{"nth": 1}, {"nth": 2}, {"nth": 2, "early": True}]
    return [cue(kind, speed=speed, target=target, **each, **more) for kind in ("ease_off", "pick_up") for each in nth]


def reports(speed: float, target: float, seconds: float, metres: float) -> list[Cue]:
    return [
        cue("report", speed=now, target=to, seconds_left=time, metres_left=way, ahead=ahead, elapsed=seconds, distance=metres)
        for now in (speed, None)
        for to in (target, None)
        for time, way in ((seconds, None), (None, metres), (None, None))
        for ahead in ((None, 8.0, -75.0) if to else (None,))
    ]


def standings(seconds: float, metres: float) -> list[Cue]:
    """How it stands with the whole: ahead or behind, and the end, as far as it can be told."""
    ends = ((seconds, None), (None, metres), (None, None))
    progress = [
        cue("progress", ahead=ahead, finish=finish, way=way, sigma=seconds / 50)
        for ahead in (0.0, 1.0, -8.0, 130.0)
        for finish, way in ends
    ]
    return progress + [cue("schedule", ahead=ahead) for ahead in (5.0, -8.0, 250.0)]


@pytest.mark.parametrize("words", VOICES)
@pytest.mark.parametrize("unit", UNITS.values())
def test_every_pace_is_said_in_words(words: Words, unit: str) -> None:
    for seconds in range(150, 901):
        speed = PER[unit] / seconds
        exact = [cue("split", number=seconds, seconds=seconds - 0.4), cue("segment_split", speed=speed)]
        for each in exact if seconds % 15 else moments(speed, speed * 1.04, float(seconds), seconds * 7.0):
            assert is_speakable(words.text(each)), words.text(each)


@settings(deadline=None, max_examples=50)
@given(speeds, speeds, st.floats(0, 2e5), st.floats(0, 5e5))
def test_whatever_happens_is_said_in_words(speed: float, target: float, seconds: float, metres: float) -> None:
    for words in VOICES:
        for each in moments(speed, target, seconds, metres):
            assert is_speakable(words.text(each)), words.text(each)


@settings(deadline=None, max_examples=50)
@given(plans)
def test_whatever_a_plan_is_called_it_is_said_in_words(plan: Plan) -> None:
    named = [*islice(foreseen.cues(plan, "metric", 0), 2 * len(plan.segments) - 1)]
    assert [each.kind for each in named[:2]] == ["run_began", "preview"][: len(named)]
    for words in VOICES:
        for text in (say(each) for each in named for say in (words.text, words.short)):
            assert not text or is_speakable(text), text


def test_there_are_words_for_every_kind_of_cue() -> None:
    said = {each.kind for each in [*moments(3.0, 3.1, 600.0, 2000.0), *foreseen.cues(DEMO, "metric", 60)]}
    assert said == set(RULES)


def test_languages_have_the_same_phrases_with_the_same_slots() -> None:
    """One may lack phrases, which are then said in English; which ones, tests/core/speech/test_rules.py tells."""
    english, *others = (slots_of(language) for language in ("en", *languages()))
    assert len(others) >= 2
    for other in others:
        lacks = {name for name in english if name not in other and name.split()[0] in SAID}
        assert other == {name: slots for name, slots in english.items() if name not in lacks}


def slots_of(language: str) -> dict[str, list[str]]:
    tables = tomllib.loads((ROOT / f"coach/voice/words/languages/{language}.toml").read_text())
    written = ("numbers", "pace", "cues", "fragments", "report", "progress", "verbosity", "volume")
    phrases = {f"{table} {name}": text for table in written for name, text in tables[table].items()}
    for irregular in (
        "hundreds",
        "even_hundreds",
        "hundred",
        "beats",
        "beats_few",
    ):  # only where hundreds do not follow from their digit
        phrases.pop(f"numbers {irregular}", None)
    roles = {f"role {name}": "" for name in tables["roles"]} | {f"unit {name}": "" for name in tables["units"]}
    return {name: sorted(re.findall(r"{(\w+)(?::\w+)?}", text)) for name, text in (phrases | roles).items()}


def test_numbers_below_a_hundred_are_a_hundred_words() -> None:
    for language in languages():
        table = tomllib.loads((ROOT / f"coach/voice/words/languages/{language}.toml").read_text())
        assert len(set(table["numbers"]["below_hundred"].split())) == 100


@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("language", languages())
def test_phrases_are_those_a_runner_agreed_to(language: str, units: str, request: pytest.FixtureRequest) -> None:
    words = Words.load(language, units)
    race = Segment("5 x 1km @ 4:40/km", Kind.TEMPO, Distance(1000.0), Band(1000 / 280, 1000 / 265), (2, 5))
    lap = Segment("Recovery", Kind.RECOVERY, UntilLap())
    track = Plan("Track №3: 400m & more", (lap, race, Segment("Fade", Kind.EASY, Distance(10_000.0), Ramp(3.0, 2.5))))
    said = [*words.of_plan(DEMO), *words.of_plan(track)[:5], *words.of_plan(FREE_RUN)[:1]]
    said += [words.text(each) for each in moments(1000 / 312, 1000 / 300, 2710.0, 8042.1)]
    said += [words.text(cue("ease_off", speed=3.5, target=1000 / taken, nth=2)) for taken in (300, 305, 330, 59.0)]
    said += words.of_plan(track, belt_every=60.0)
    text = "\n".join(dict.fromkeys(said)) + "\n"
    golden = GOLDEN / f"{language}-{units}.txt"
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), "pytest --update writes it anew; the diff is the review"


MOST_WORDS = {"en": 7}  # of a correction; of others
ELSEWHERE, STRUCTURE = 8, 13
EVERY_PACE = [(unit, taken) for unit in UNITS.values() for taken in range(150, 901, 5)]


@pytest.mark.parametrize("language", languages())
def test_a_correction_has_few_words_whatever_the_pace_and_the_size(language: str) -> None:
    most = MOST_WORDS.get(language, ELSEWHERE)
    for unit, taken in EVERY_PACE:
        words = Words.load(language, {"km": "metric", "mi": "imperial"}[unit])
        for off in (-60, -5, 95, 110):
            for each in corrections(PER[unit] / (taken + off), PER[unit] / taken):
                text = words.text(each)
                assert len(text.replace(" oh ", "-oh-").split()) <= most, text


@pytest.mark.parametrize("language", languages())
def test_a_split_says_what_the_last_metres_were_and_gives_no_order(language: str) -> None:
    words = Words.load(language, "metric")
    for off in (-60, -5, 20, 95):
        for each in corrections(1000 / (300 + off), 1000 / 300, stretch=200.0)[::3]:
            text, order = words.text(each), words.text(replace(each, facts={**each.facts, "stretch": None}))
            assert words._numerals.stretch(200.0) in text[0].lower() + text[1:] and order.split()[0] not in text
            assert len(text.split()) <= 12, text


def test_how_a_split_is_said() -> None:
    words = Words.load("en", "metric")
    slow, fast = {"speed": 1000 / 350, "target": 1000 / 330}, {"speed": 1000 / 310, "target": 1000 / 330}
    assert (
        words.text(cue("pick_up", nth=1, stretch=200.0, **slow))
        == "The past two hundred meters, twenty seconds per kilometer too slow."
    )
    assert (
        words.text(cue("ease_off", nth=1, stretch=250.0, **fast))
        == "The past two hundred fifty meters, twenty seconds per kilometer too fast."
    )
    assert (
        words.text(cue("pick_up", nth=2, stretch=200.0, **slow))
        == "The past two hundred meters at five fifty. Run five thirty."
    )
    assert (
        words.text(cue("still_off", stretch=200.0, **slow))
        == "The past two hundred meters at five fifty. The plan says five thirty."
    )


@pytest.mark.parametrize("words", VOICES)
def test_who_is_in_the_middle_of_an_effort_is_told_little(words: Words) -> None:
    few = ("ramp", "on_pace", "heart_high", "dont_sprint", "praise", "standing", "set_belt", "schedule", "last_minutes")
    for each in moments(1000 / 347, 1000 / 339, 600.0, 2000.0):
        if each.kind in few:
            assert len(words.text(each).split()) <= ELSEWHERE, words.text(each)


@pytest.mark.parametrize("words", VOICES)
def test_what_structures_a_run_has_about_ten_words(words: Words) -> None:
    for each in list(foreseen.cues(DEMO, "metric", 0))[: 1 + 2 * (len(DEMO.segments) - 1)]:
        assert len(words.text(each).replace(" oh ", "-oh-").split()) <= STRUCTURE, words.text(each)


@settings(deadline=None, max_examples=50)
@given(plans)
def test_what_is_short_is_no_longer_than_the_whole(plan: Plan) -> None:
    for words in VOICES:
        for each in foreseen.cues(plan, "metric", 0):
            assert len(words.short(each)) <= len(words.text(each))


def test_a_first_correction_says_how_much_and_a_second_where_to_as_well() -> None:
    words = Words.load("en", "metric")
    fast, slow = {"speed": 1000 / 330, "target": 1000 / 340}, {"speed": 1000 / 350, "target": 1000 / 340}
    assert words.text(cue("ease_off", nth=1, **fast)) == "Slow down. Ten seconds too fast."
    assert words.text(cue("ease_off", nth=2, **fast)) == "Slow down to five forty."
    assert words.text(cue("ease_off", nth=2, early=True, **fast)) == "Slow down. Save it. Five forty."
    assert words.text(cue("pick_up", nth=2, speed=1000 / 320, target=1000 / 300)) == "Go faster, to five minutes flat."
    assert words.text(cue("pick_up", nth=2, speed=1000 / 440, target=1000 / 340)) == "Go faster, to five forty."
    assert words.text(cue("pick_up", nth=3, **slow)) == "Go faster. Ten seconds too slow."
    assert words.text(cue("pick_up", nth=1, speed=1000 / 341, target=1000 / 340)) == "Go faster. Five seconds too slow."
    assert words.text(cue("pick_up", nth=1, speed=0.2, target=1000 / 340)) == "Go faster, to five forty."


def test_very_far_off_the_size_is_told_by_the_pace_of_now() -> None:
    words = Words.load("en", "metric")
    assert words.text(cue("pick_up", nth=1, speed=1000 / 440, target=1000 / 340)) == "Much faster. You're at seven twenty."
    assert words.text(cue("ease_off", nth=1, speed=1000 / 250, target=1000 / 350)) == "Much slower. You're at four ten."


def test_how_it_stands_is_told_by_both_paces_and_the_next_time_by_what_is_left() -> None:
    words, off = Words.load("en", "metric"), {"speed": 1000 / 320, "target": 1000 / 300}
    left = {"seconds_left": 410.0, "metres_left": None}
    assert words.text(cue("still_off", nth=1, **off, **left)) == "You're at five twenty. The plan says five minutes flat."
    assert words.text(cue("still_off", nth=2, **off, **left)) == "Seven minutes to go at five minutes flat."
    assert words.text(cue("still_off", nth=2, **off)) == "You're at five twenty. The plan says five minutes flat."


@pytest.mark.parametrize(
    "language, units, kind, facts, said",
    [
        (
            "es",
            "imperial",
            "run_complete",
            {"distance": 21 * PER["mi"], "elapsed": 1260.0},
            "Veintiuna millas en veintiún minutos.",
        ),
        ("fr", "metric", "last_minutes", {"seconds": 1260.0}, "Encore vingt-et-une minutes."),
        ("fr", "metric", "run_complete", {"distance": 1700.0, "elapsed": 600.0}, "Un virgule sept kilomètre en dix minutes."),
        ("fr", "metric", "segment_split", {"speed": 1000 / 265}, "En moyenne quatre minutes vingt-cinq."),
        ("de", "metric", "run_complete", {"distance": 12_000.0, "elapsed": 3600.0}, "Zwölf Kilometer in einer Stunde."),
        (
            "es",
            "metric",
            "pick_up",
            {"speed": 1000 / 310, "target": 1000 / 300, "nth": 1},
            "Acelera diez segundos por kilómetro.",
        ),
    ],
)
def test_numbers_agree_with_what_they_count(language: str, units: str, kind: str, facts: dict[str, Any], said: str) -> None:
    assert said in Words.load(language, units).text(cue(kind, **facts))


def test_a_ramp_is_told_from_where_down_to_where_and_in_what() -> None:
    words = Words.load("en", "metric")
    timed = Segment("Build", Kind.STEADY, Duration(600.0), Ramp(1000 / 365, 1000 / 295))
    far = replace(timed, length=Distance(6000.0), target=Ramp(1000 / 295, 1000 / 365))
    flat = replace(timed, target=Ramp(1000 / 301, 1000 / 300))
    first, second, third = (
        words.text(cue("preview", **segment_facts(Plan("Test", (timed, each)), 1))) for each in (timed, far, flat)
    )
    assert first == "Next up, build, from six oh five down to four fifty-five, in ten minutes."
    assert second == "Next up, build, from four fifty-five up to six oh five, over six kilometers."
    assert third == "Next up, build, five minutes per kilometer, ten minutes."


@pytest.mark.parametrize(
    "name, said",
    [
        ("half in 1:45:00", "Halbmarathon in einer Stunde fünfundvierzig Minuten"),
        ("10k in 49:41", "zehn Kilometer in neunundvierzig Minuten einundvierzig Sekunden"),
        ("To 4.22 km", "bis vier Komma zwei Kilometer"),
        ("Step 3", "Stufe drei"),
        ("Thirds progression, the easy twin", "Crescendolauf in Dritteln, lockere Variante"),
        ("Half-marathon effort", "Halbmarathontempo"),
        ("My Build week", "My Build week"),
    ],
)
def test_names_that_the_program_gives_are_said_in_the_runners_language(name: str, said: str) -> None:
    german = read("de")
    assert Names(german, Numerals(german, "metric")).plan(name) == said


def test_every_language_has_every_name_that_the_program_gives() -> None:
    """Those of [names] in English are collected from the planners by the tests of each; other languages have the same."""
    english = read("en")["names"]
    assert [language for language in languages() if set(read(language)["names"]) != set(english)] == []


def test_no_name_of_the_program_is_said_as_it_is_written() -> None:
    plans = [by_hand(2.5, 3.5, steps, Duration(1800.0), 300.0, 120.0) for steps in (1, 4)] + [DEMO, FREE_RUN]
    plans += [progression(kind, style, "advanced", Fitness(50.0), None).plan for kind in STYLES for style in STYLES[kind]]
    plans += [race_plan("half", 21_097.5, 6300, 0.01).plan, easy_twin(plans[-1], Fitness(45.0))]
    german = Names(read("de"), Numerals(read("de"), "metric"))
    for plan in plans:
        for name in (plan.name, *(segment.name for segment in plan.segments)):
            assert german.plan(name) != german.spoken(name) or name in ("Start", "Tempo"), name


def test_what_a_split_says_is_what_was_recorded_to_the_second() -> None:
    words = Words.load("en", "metric")
    assert words.text(cue("split", number=7, seconds=311.6)) == "Kilometer seven, five twelve."
    assert words.text(cue("segment_split", speed=1000 / 305)) == "Averaged five oh five."


def test_of_one_breath_what_to_do_now_comes_last() -> None:
    begun = Cue(0.0, "segment_began", 2, 5.0, 0.0, segment_facts(DEMO, 1) | {"previewed": True})
    halfway = Cue(0.0, "halfway", 5, 5.0, 0.0)
    told = Words.load("en", "metric").text(replace(begun, also=(halfway,)))
    assert told.startswith("You're halfway. ") and told.endswith(Words.load("en", "metric").text(begun))


def test_a_phrase_that_a_language_lacks_is_said_in_english_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"en": (english := read("en")), "de": completed(read("de"), english)}
    del tables["de"]["missing"]
    del tables["de"]["cues"]["halfway"], tables["de"]["progress"]["even"], tables["de"]["verbosity"]
    monkeypatch.setattr("coach.voice.words.tables.read", tables.__getitem__)
    words = Words.load.__wrapped__(Words, "de", "metric")
    assert words.missing == ("cues.halfway", "progress.even", "verbosity.quiet", "verbosity.normal", "verbosity.chatty")
    assert [words.text(cue(kind)) for kind in ("halfway", "paused")] == ["You're halfway.", "Pause."]
    assert words.text(cue("verbosity", verbosity="quiet")) == "Quiet."
    ((fine, told),) = _language("de", words)
    assert fine and told.startswith("language: de lacks 5 phrases, said in English: cues.halfway, progress.even")
    assert not list(_language("en", Words.load("en", "metric")))


@pytest.mark.parametrize(
    "own, told",
    [
        ({"cues": {"lap": "Lap."}}, "[cues] lap belongs under [fragments]"),
        ({"fragments": {"halfway": "Half."}}, "[fragments] halfway belongs under [cues]"),
        ({"cues": {"halfwy": "Half."}}, "[cues] halfwy is never said; did you mean halfway?"),
        ({"fragments": {"xyzzy": "Half."}}, "[fragments] xyzzy is never said; there are first, only, next,"),
        ({"report": {"targets": "{pace}"}}, "[report] targets is never said; did you mean target?"),
        ({"cues": {"ramp": "{speed} now."}}, "[cues] ramp: nothing fills {speed}; use {pace}"),
        ({"cues": {"halfway": "{pace}"}}, "[cues] halfway: nothing fills {pace}; use no slot"),
        ({"cues": {"halfway": "Half}"}}, "[cues] halfway is not a phrase: Single '}'"),
        ({"cues": {"halfway": 3}}, "[cues] halfway is not a phrase: "),
        (
            {"phrases": {"paused": "Stop.", "lap": "lap", "turn": "{turn}"}},
            "[phrases] is now two tables: rename it to [cues], and move lap, turn to a table [fragments]",
        ),
        ({"phrases": {"paused": "Stop."}}, "[phrases] is now two tables: rename it to [cues], it has no fragments"),
    ],
)
def test_a_wrong_language_file_is_one_line_that_says_what_to_do(own: dict[str, Any], told: str) -> None:
    with pytest.raises(WrongLanguage) as wrong:
        check(own, read("en"))
    assert str(wrong.value).startswith(told) and "\n" not in str(wrong.value)


def test_the_cues_of_english_are_kinds_and_its_fragments_are_not() -> None:
    english = read("en")
    assert set(english["cues"]) <= set(RULES), "a key of [cues] is a row of coach/core/speech/rules.py"
    assert not set(english["fragments"]) & set(RULES), "a kind of cue belongs under [cues]"


def test_a_phrase_names_the_facts_that_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a new cue needs no code that puts it into words."""
    tables = read("en")
    tables["cues"]["halfway"] = "Kilometer {number} in {elapsed}, {distance} at {target}."
    monkeypatch.setattr("coach.voice.words.tables.read", {"en": tables}.__getitem__)
    words = Words.load.__wrapped__(Words, "en", "metric")
    told = words.text(cue("halfway", number=7, elapsed=600.0, distance=2000.0, target=1000 / 300, unsaid=None))
    assert told == "Kilometer seven in ten minutes, two kilometers at five minutes per kilometer."


def test_what_a_run_says_about_its_plan_was_warmed() -> None:
    """The foreseen facts are the coach's: every structural phrase of a run is among those of its plan."""
    segments = (
        Segment("Warm-up", Kind.WARMUP, Duration(60.0), Steady(2.5)),
        Segment("Build", Kind.STEADY, Distance(1200.0), Ramp(2.5, 3.4)),
        Segment("On", Kind.PEAK, Duration(45.0), Band(3.4, 3.6), (1, 2)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(60.0)),
    )
    for words, plan in ((words, Plan("Test 7", segments)) for words in VOICES):
        coach, warmed = Coach(plan), set(words.of_plan(plan))
        items = [item for at in range(700) for item in (Tick(float(at)), Stride(float(at), "pod", 3.0))]
        said = [each for item in items for each in coach.feed(item)]
        structure = [each for each in said if each.kind in ("run_began", "preview", "segment_began", "last_segment", "ramp")]
        assert {"run_began", "preview", "segment_began", "last_segment"} <= {each.kind for each in structure}
        assert {words.text(each) for each in structure} <= warmed


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(ValueError, match="no language 'xx'; there are de, en"):
        Words.load("xx", "metric")
