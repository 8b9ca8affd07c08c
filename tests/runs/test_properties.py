"""What holds of every run: a thousand random ones, each a plan, a runner, devices with their troubles, and keys.

A run that breaks a law is named by its seed: `random_runs.run(seed)` is that run again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from math import inf
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.core.judge.belt import setting
from coach.core.plan.segments import Ramp
from coach.core.policy import Policy
from coach.core.speech.muted import why_muted
from coach.core.speech.rules import ASKED_FOR, RULES
from coach.running.clock import RunClock
from coach.running.live import Live
from coach.running.loop import Loop
from coach.running.resuming import Started
from coach.runs.journal import JournalReader, JournalWriter
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.voice.words.phrasing import Words
from tests.runs.pace_laws import CORRECTIONS, no_opposites, not_silent_for_long
from tests.runs.random_runs import Run, Said, run
from tests.voice.test_words import is_speakable

RUNS = 1000
CHUNK = 25
POLICY = Policy()
ANNOUNCES = ("run_began", "segment_began", "last_segment")
OVERTAKE = ("segment_began", "segment_ended", "paused", "run_stopped")  # after these, what just began is no news
FRESH = 10.0  # s that a beginning is news
SHORT = 1.6  # s: "Next, five forty."
LAST_LOOK = 3.0  # s before a segment's end, at most: the last look at its target

Broken = list[str]


def _settled(one: Run) -> Broken:
    """No correction while runner and estimate settle: after a segment began, after a pause, after a lost signal."""
    settle = POLICY.correction.settle_footpod if one.day.by_footpod else POLICY.correction.settle
    muted = {"resumed": POLICY.standing.settle, "signal_back": POLICY.signal.mute_after_back}
    quiet = [(event.at, event.at + muted[event.name]) for event in one.events if event.name in muted]
    return [
        f"{said.cue.kind} at {said.cue.at}, segment since {said.segment_began}"
        for said in one.said
        if said.cue.kind in CORRECTIONS
        and (said.cue.at - said.segment_began < settle or any(begin <= said.cue.at < end for begin, end in quiet))
    ]


def _one_voice(one: Run) -> Broken:
    """No two utterances at once, by the lengths that are budgeted, unless the later one is more urgent and cuts in."""
    broken: Broken = []
    heard: list[tuple[float, float, Said]] = []
    for said in one.said:
        begin, end = said.cue.due, said.cue.due + said.takes
        uncut = [each for each in heard if each[2].cue.priority <= said.cue.priority]
        over = [other.kinds for since, until, other in uncut if since < end and begin < until - 1e-6]
        broken += [f"{said.kinds} at {begin} over {kinds}" for kinds in over]
        cut = [(since, min(until, begin), other) for since, until, other in heard if other.cue.priority > said.cue.priority]
        heard = [*uncut, *(each for each in cut if each[0] < each[1]), (begin, end, said)]
    return broken


def _in_time(one: Run) -> Broken:
    """Each cue begins within its life."""
    return [
        f"{cue.kind} at {cue.at}, due {cue.due}, until {cue.until}"
        for said in one.said
        for cue in (said.cue,)
        if not cue.at <= cue.due <= cue.until
    ]


def _within_budget(one: Run) -> Broken:
    """What nobody asked for fills no more of any five minutes than this runner bears."""
    unasked = [
        (said.cue.at, sum(RULES[each.kind].takes for each in (said.cue, *said.cue.also) if each.priority > ASKED_FOR), said)
        for said in one.said
    ]
    broken = []
    for at, takes, said in unasked:
        spent = sum(length for when, length, _ in unasked if at - 300.0 <= when <= at)
        if takes and spent > getattr(POLICY.talk, f"airtime_{said.verbosity}") + 1e-6:
            broken.append(f"{spent:.1f} s by {at}, {said.verbosity}")
    return broken


def _wanted(one: Run) -> Broken:
    """Nothing that the runner, or his verbosity, turned off."""
    return [
        f"{kind} at {said.cue.at}: {unwanted}"
        for said in one.said
        for kind in said.kinds
        if kind != "verbosity" and (unwanted := why_muted(kind, said.verbosity, one.day.settings.cues))
    ]


def _three_an_excursion(one: Run) -> Broken:
    """A third correction needs an answer to the second, a fourth another excursion: the runner was back, or stood, or was
    without signal, or the plan changed, or, left in peace after a strike, he went clearly further off."""
    fresh = ("on_pace", "segment_began", "resumed", "adapted", "signal_back", "weak_signal", "struck")
    broken: Broken = []
    count, side, last = 0, "", -inf
    for event in one.events:
        if event.name in fresh:
            count = 0
        if event.name != "off_pace":
            continue
        stood = any(last <= second <= event.at for span in (*one.day.stops, *one.day.gaps) for second in (span[0], span[-1]))
        count = 1 if stood or event.facts["side"] != side else count + 1
        side, last = event.facts["side"], event.at
        if count > 3:
            broken.append(f"the {count}th {side} at {event.at}")
    return broken


def _complete_is_last(one: Run) -> Broken:
    last = one.said[-1].kinds
    return [] if last[0] in ("run_complete", "run_stopped") else [f"the last word is {last}"]


def _announced_once(one: Run) -> Broken:
    """Every segment that lasts is announced, once, while it is fresh; in the order of the run."""
    told = [said.cue for said in one.said if said.cue.kind in ANNOUNCES]
    if not all(one.day.settings.cues.get(kind, True) for kind in ANNOUNCES):
        return []
    began, broken = 0, []
    for number, event in enumerate(one.events):
        if event.name != "segment_began":
            continue
        began += 1
        index, last = event.facts["segment"], event.at + FRESH
        times = sum(cue.facts["index"] == index and event.at <= cue.at <= last for cue in told)
        if times != 1 and not any(other.name in OVERTAKE and other.at <= last for other in one.events[number + 1 :]):
            broken.append(f"segment {index} at {event.at}: {times} times")
    if len(told) > began:
        broken.append(f"{len(told)} announcements of {began} segments")
    return broken


def _preview_ends_before(one: Run) -> Broken:
    """What comes next is told, at least in short, before the beeps begin."""
    return [
        f"preview due {said.cue.due}, by {said.cue.by}"
        for said in one.said
        if said.cue.kind == "preview" and said.cue.due + SHORT > said.cue.by
    ]


def _speakable(one: Run) -> Broken:
    """No digit, no sign, no short form, in this runner's language and units."""
    words = Words.load(one.day.language, one.day.settings.units)
    texts = [(said, words.text(said.cue)) for said in one.said]
    return [f"{said.kinds}: {text!r}" for said, text in texts if not is_speakable(text) and said.kinds != ["countdown"]]


def _ramps_end_exactly(one: Run) -> Broken:
    """The last target of a ramp is its end, and so is the last setting of a belt's stairs."""
    undisturbed = not one.day.keys and not one.day.gaps and not any(event.name == "adapted" for event in one.events)
    broken: Broken = []
    for index, segment in enumerate(one.day.plan.segments):
        if not isinstance(segment.target, Ramp):
            continue
        end = segment.target.end
        if abs((segment.speed_at(1.0) or 0.0) / end - 1) > 1e-12:
            broken.append(f"segment {index + 1} ends at {segment.speed_at(1.0)}")
        if not undisturbed:
            continue
        step = abs(end - segment.target.start) / (segment.seconds or 1.0) * LAST_LOOK
        lasts = [last for at, last in one.ends if at == index and abs(last - end) > step]
        broken += [f"the last target of {index + 1} was {last}" for last in lasts]
        belt = [each.facts for each in one.events if each.name == "belt_step"]
        steps = [facts["tenths"] for facts in belt if facts["segment"] == index + 1]
        if steps and steps[-1] != (exact := setting(end, one.day.settings.units)):
            broken.append(f"the belt ends at {steps[-1]}, the ramp at {exact}")
    return broken


def _belt_in_its_place(one: Run) -> Broken:
    """What to set is said after the greeting and never into a countdown; the keys skip and back make an end unforeseen."""
    greeted = min((said.cue.due for said in one.said if "run_began" in said.kinds), default=-inf)
    beeps = [said.cue.due for said in one.said if said.kinds == ["countdown"]]
    pressed = [event.at for event in one.events if event.name in OVERTAKE]
    settings = [said.cue.due for said in one.said if "set_belt" in said.kinds]
    into = [
        at
        for at in settings
        for due in beeps
        if at < due + 3.0 and due < at + 1.8 and not any(at <= key <= due + 3.0 for key in pressed)
    ]
    return [f"set_belt at {at}" for at in (*into, *(at for at in settings if at < greeted))]


def _offers_end(one: Run) -> Broken:
    """Whatever is offered comes about, or the plan is kept, unless the segment or the run ends first."""
    ends = ("adapted", "plan_kept", "segment_ended", "segment_left", "run_complete", "run_stopped")
    told = [event.name for event in one.events if event.name == "offer" or event.name in ends]
    return [f"{name}, then {after}" for name, after in pairwise(told) if name == "offer" and after not in ends]


LAWS: dict[str, Callable[[Run], Broken]] = {
    "no correction while settling": _settled,
    "one voice at a time": _one_voice,
    "no cue after its life": _in_time,
    "air time within the budget": _within_budget,
    "nothing that is turned off": _wanted,
    "three corrections an excursion at most": _three_an_excursion,
    "no silence about a pace far off": not_silent_for_long,
    "no opposites within a minute": no_opposites,
    "complete is the last word": _complete_is_last,
    "each segment announced once": _announced_once,
    "the preview ends before the change": _preview_ends_before,
    "words that can be spoken": _speakable,
    "ramps end exactly": _ramps_end_exactly,
    "a belt is set in its place": _belt_in_its_place,
    "an offer comes to an end": _offers_end,
}


def judged(seeds: range) -> tuple[list[tuple[str, int, str]], Counter[str]]:
    """The broken laws of these runs, and how often each kind was said."""
    broken, kinds = [], Counter[str]()
    for seed in seeds:
        one = run(seed)
        kinds.update(kind for said in one.said for kind in said.kinds)
        broken += [(law, seed, told) for law, examine in LAWS.items() for told in examine(one)]
    return broken, kinds


@pytest.fixture(scope="module")
def verdicts() -> tuple[dict[str, list[str]], Counter[str]]:
    broken: dict[str, list[str]] = {law: [] for law in LAWS}
    kinds = Counter[str]()
    with ProcessPoolExecutor(2, get_context("forkserver")) as pool:
        for found, said in pool.map(judged, [range(first, first + CHUNK) for first in range(0, RUNS, CHUNK)]):
            kinds += said
            for law, seed, told in found:
                broken[law].append(f"run {seed}: {told}")
    return broken, kinds


@pytest.mark.parametrize("law", LAWS)
def test_of_a_thousand_runs_none_breaks(law: str, verdicts: tuple[dict[str, list[str]], Counter[str]]) -> None:
    assert not verdicts[0][law][:10]


def test_the_thousand_runs_are_worth_something(verdicts: tuple[dict[str, list[str]], Counter[str]]) -> None:
    """They say nearly all there is to say, and correct hundreds of times."""
    kinds = verdicts[1]
    assert kinds["ease_off"] + kinds["pick_up"] > 300
    assert len(kinds) >= 30


# The same run in another way

SAMPLED = (3, 14, 159, 265, 358)


def transcript(items: Iterable[Input], setup: Setup, journal: JournalWriter | None = None) -> list[tuple[float, str]]:
    """What is said, and when, by the loop that leads every run."""
    said: list[Cue] = []
    Loop(setup.coach(), setup.words(), Lines("km", lambda line: None), said.append, journal).run(items)
    return told(said, setup)


def told(cues: Iterable[Cue], setup: Setup) -> list[tuple[float, str]]:
    return [(cue.due, setup.words().text(cue)) for cue in cues]


def setup_of(one: Run) -> Setup:
    return Setup(one.day.plan, one.day.settings, (), one.day.language, one.day.settings.units)


@pytest.mark.parametrize("seed", SAMPLED)
def test_however_fast_it_is_replayed_the_words_are_the_same(seed: int) -> None:
    one = run(seed)
    paced = Live(RunClock(rate=20_000.0)).along(one.items)
    assert transcript(paced, setup_of(one)) == transcript(one.items, setup_of(one))


@pytest.mark.parametrize("seed", SAMPLED)
def test_a_journal_cut_at_any_byte_goes_on_with_the_same_words(seed: int, tmp_path: Path) -> None:
    one, path = run(seed), tmp_path / "run.journal"
    setup, chance, trouble = setup_of(one), Random(seed), list[str]()
    writer = JournalWriter.begin(path, setup.as_dict(), trouble.append)
    transcript(one.items, setup, writer)
    writer.close(0.0, None)
    whole = path.read_bytes()
    for _ in range(5):
        path.write_bytes(whole[: chance.randrange(whole.index(b"\n") + 1, len(whole))])
        JournalWriter.go_on(path, trouble.append).close(0.0, None)
        again = Started.again(path)
        lived = sum(isinstance(entry, Input) for entry in JournalReader(path))
        said: list[Cue] = list(again.owed)
        Loop(again.coach, again.words, Lines("km", lambda line: None), said.append).run(one.items[lived:])
        assert told(said, setup) == _from(one, lived, len(said))
    assert not trouble


def _from(one: Run, lived: int, count: int) -> list[tuple[float, str]]:
    """The last `count` cues of the run that was never cut: at least all that came after so many inputs."""
    coach = Coach(one.day.plan, one.day.settings)
    cues = [(number, cue) for number, item in enumerate(one.items) for cue in coach.feed(item)]
    assert count >= sum(number >= lived for number, _ in cues)
    return told([cue for _, cue in cues[len(cues) - count :]], setup_of(one))
