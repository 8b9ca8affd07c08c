"""Everything the coach says is words: in every language, for every pace, name and kind of cue."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.coach import Coach
from coach.core.cues import RULES
from coach.core.events import Cue
from coach.core.inputs import Tick
from coach.core.plan import FREE_RUN, Band, Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.core.units import PER
from coach.voice import rehearsal
from coach.voice.words import Words, languages
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


def is_speakable(text: str) -> bool:
    """Only letters and what a voice makes a pause of; no short form that an engine would spell."""
    signs = {character for character in text if not character.isalpha()} - set(" .,'-")
    short = set(re.findall(r"[^\W\d_]+", text.casefold())) & {"km", "min", "mi"}
    return bool(text.strip(" .,")) and not signs and not short and not re.search(r"\bslow", text.casefold())


def moments(speed: float, target: float, seconds: float, metres: float) -> list[Cue]:
    """A cue of each kind that is not about a segment."""
    passed = {"elapsed": seconds, "distance": metres}
    off = [cue(kind, speed=speed, target=target, nth=nth) for kind in ("ease_off", "pick_up") for nth in (1, 2)]
    left = [(seconds, None), (None, metres), (None, None)]
    reports = [
        cue("report", speed=now, target=to, seconds_left=time, metres_left=way, **passed)
        for now in (speed, None)
        for to in (target, None)
        for time, way in left
    ]
    plain = [cue(kind, **passed) for kind in ("run_complete", "run_stopped", "paused", "resumed", "on_pace", "halfway")]
    signals = [cue("signal_lost", silent_for=10.0), cue("signal_back"), cue("weak_signal"), cue("countdown")]
    course = [cue(kind) for kind in ("uphill", "downhill", "off_course", "back_on_course")]
    course += [cue("level", target=to) for to in (target, None)]
    return [*off, *reports, *plain, *signals, *course, cue("ramp", target=target)]


@pytest.mark.parametrize("words", VOICES)
@pytest.mark.parametrize("unit", UNITS.values())
def test_every_pace_is_said_in_words(words: Words, unit: str) -> None:
    for seconds in range(150, 1201):
        speed = PER[unit] / seconds
        for each in moments(speed, speed * 1.04, float(seconds), seconds * 7.0):
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
    called = " ".join([plan.name, *(segment.name for segment in plan.segments)]).casefold()
    for words in VOICES:
        for text in words.of_plan(plan)[: 1 + 2 * len(plan.segments)]:
            assert is_speakable(text) or "slow" in called, text


def test_there_are_words_for_every_kind_of_cue() -> None:
    said = {each.kind for each in [*moments(3.0, 3.1, 600.0, 2000.0), *rehearsal.cues(DEMO, 1000.0, 60)]}
    assert said == set(RULES)


def test_languages_have_the_same_phrases_with_the_same_slots() -> None:
    english, *others = (slots(language) for language in ("en", *languages()))
    assert len(others) >= 2
    for other in others:
        assert other == english


def slots(language: str) -> dict[str, list[str]]:
    tables = tomllib.loads((ROOT / f"coach/voice/languages/{language}.toml").read_text())
    phrases = {name: text for table in ("numbers", "pace", "phrases", "report") for name, text in tables[table].items()}
    for irregular in ("hundreds", "even_hundred", "hundred"):  # only where hundreds do not follow from their digit
        phrases.pop(irregular, None)
    roles = {f"role {name}": "" for name in tables["roles"]} | {f"unit {name}": "" for name in tables["units"]}
    return {name: sorted(re.findall(r"{(\w+)}", text)) for name, text in (phrases | roles).items()}


def test_numbers_below_a_hundred_are_a_hundred_words() -> None:
    for language in languages():
        table = tomllib.loads((ROOT / f"coach/voice/languages/{language}.toml").read_text())
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
    text = "\n".join(dict.fromkeys(said)) + "\n"
    golden = GOLDEN / f"{language}-{units}.txt"
    if request.config.getoption("--update"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), "pytest --update writes it anew; the diff is the review"


def test_corrections_have_at_most_six_words_and_structure_about_ten() -> None:
    for words in VOICES:
        for each in moments(1000 / 347, 1000 / 339, 600.0, 2000.0):
            if each.kind in ("ease_off", "pick_up", "ramp", "on_pace"):
                assert len(words.text(each).split()) <= 6
        for text in words.of_plan(DEMO)[:7]:
            assert len(text.split()) <= 11


def test_a_first_correction_says_how_much_and_a_second_where_to() -> None:
    words = Words.load("en", "metric")
    fast = {"speed": 1000 / 330, "target": 1000 / 340}
    assert words.text(cue("ease_off", nth=1, **fast)) == "Ease off. Ten seconds fast."
    assert words.text(cue("ease_off", nth=2, **fast)) == "Ease off. Five forty."
    assert words.text(cue("pick_up", nth=1, speed=1000 / 341, target=1000 / 340)) == "Pick up. Five seconds."
    assert words.text(cue("pick_up", nth=1, speed=0.2, target=1000 / 340)) == "Pick up. Five forty."


def test_what_a_run_says_about_its_plan_was_warmed() -> None:
    """The rehearsal's facts are the coach's: every structural phrase of a run is among those of its plan."""
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
