"""What runners complain about in other coaches, one test each, on whole runs. Numbers 11 and 12 are heard in tests/voice.

Each number is a row of the table of complaints that this project began with.
"""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from math import sin
from pathlib import Path
from random import Random

import pytest

from coach import config as config_
from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.inputs import KEYS, Input, Key
from coach.core.judge.belt import setting
from coach.core.plan.segments import Band, Distance, Duration, Kind, Plan, Ramp, Saying, Segment, Steady
from coach.core.policy import Policy
from coach.core.settings import Settings
from coach.core.speech.floor import Floor
from coach.core.speech.rules import RULES, VERBOSITIES
from coach.running.keyboard import KEYBOARD
from coach.running.loop import Loop
from coach.running.resuming import Started
from coach.runs import store
from coach.runs.explain import constants
from coach.runs.journal import End, JournalReader, JournalWriter
from coach.runs.recording import ticking
from coach.runs.setup import Setup
from coach.runs.summary import Summary
from coach.ui.views import Lines
from coach.ui.watching import SHOW_KEYS
from coach.voice.process import earcons
from coach.voice.process.sound import RATE
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import languages
from devices.sample import Fix, Mode, Pulse, Sample, Stride
from tests.cli.commands import COACH, configured
from tests.conftest import ROOT
from tests.runs.random_runs import run as random_run
from tests.runs.simulated import indoors, outdoors
from tests.voice.test_words import is_speakable

CORRECTIONS = ("ease_off", "pick_up")
POLICY = Policy()
WORDS = Words.load("en", "metric")
DEMO = ROOT / "coach" / "demo"


def segment(length: float, speed: float | None, kind: Kind = Kind.STEADY, name: str = "", **more: object) -> Segment:
    target = Steady(speed) if speed else None
    return replace(Segment(name or kind.label, kind, Duration(length), target), **more)  # type: ignore[arg-type]


class Told:
    """A run, and all that the coach said and found out in it."""

    def __init__(self, plan: Plan, items: Iterable[Input], settings: Settings | None = None) -> None:
        self.coach = Coach(plan, settings)
        self.cues: list[Cue] = []
        self.events: list[Event] = []
        self.ways: list[tuple[float, float]] = [(0.0, 0.0)]  # s and m of running, at each input
        for item in items:
            self.cues += self.coach.feed(item)
            self.events += self.coach.events
            self.ways.append((self.coach.session.elapsed, self.coach.session.distance))

    def of(self, *kinds: str) -> list[Cue]:
        """Said alone or in another's breath."""
        return [each for cue in self.cues for each in (cue, *cue.also) if each.kind in kinds]

    def ats(self, *names: str) -> list[float]:
        return [event.at for event in self.events if event.name in names]


def fixes(
    seconds: int, true: Callable[[int], float], seen: Callable[[int], float] | None = None, noise: float = 0.05
) -> Iterator[Sample]:
    """A fix a second of one who runs north at `true` m/s and is `seen` at another speed."""
    chance, way = Random(1), 0.0
    for second in range(seconds):
        way += true(second)
        speed = max(0.0, (seen or true)(second) + chance.gauss(0, noise))
        yield Fix(float(second), "gps", 47 + way / 111_195, 8.0, speed=speed, speed_sigma=0.1, course=0.0, mode=Mode.FIX_3D)


def with_keys(items: Iterable[Input], keys: dict[float, str]) -> Iterator[Input]:
    for item in items:
        yield item
        if key := keys.get(item.at):
            yield Key(item.at, key)


def test_01_a_current_pace_that_jumps_makes_nobody_speak() -> None:
    """Readings of 4:20 and 6:30 beside a true 5:25, for three seconds each: no correction, and asked it tells the true pace."""
    true = 1000 / 325
    jumps = {0: 1000 / 260, 1: 1000 / 260, 2: 1000 / 260, 60: 1000 / 390, 61: 1000 / 390, 62: 1000 / 390}
    items = fixes(1200, lambda second: true, lambda second: jumps.get(second % 120, true))
    asked = with_keys(ticking(items), {at + 10.0: "report" for at in range(119, 1100, 120)})
    told = Told(Plan("p", (segment(1200, true),)), asked)
    assert not told.of(*CORRECTIONS)
    reports = told.of("report")
    assert len(reports) == 9
    assert all(abs(1000 / cue.facts["speed"] - 325) < 10 for cue in reports)


@pytest.mark.parametrize("by_footpod", [True, False])
def test_02_no_alert_right_at_the_start_or_end_of_a_step(by_footpod: bool) -> None:
    """A runner who is too fast in each step is told, but not before he has settled, nor shortly before the step ends."""
    steps = tuple(segment(180, 2.6 + 0.2 * number) for number in range(6))
    true = [step.speed_at(0.0) or 0.0 for step in steps]
    pods = (Stride(float(second), "pod", 1.1 * true[min(5, second // 180)]) for second in range(1090))
    told = Told(Plan("p", steps), pods if by_footpod else fixes(1090, lambda second: 1.1 * true[min(5, second // 180)]))
    into = [cue.at % 180 for cue in told.of(*CORRECTIONS)]
    assert len(into) >= 6
    settle = POLICY.correction.settle_footpod if by_footpod else POLICY.correction.settle
    assert min(into) >= settle and max(into) <= 180 - POLICY.correction.quiet_end


def test_03_each_constant_can_be_set_and_is_told(tmp_path: Path) -> None:
    """What is written in [coach.policy] is heeded at once, and `coach explain` repeats it."""
    (tmp_path / "config.toml").write_text("[coach.policy]\ncorrection.settle_footpod = 70.0\ntalk.per_hour = 2\n")
    policy = config_.load(tmp_path / "config.toml").coach.policy
    plan = Plan("p", (segment(90, None), segment(1200, 3.0)))
    items = list(ticking(Stride(float(at), "pod", 3.3 - 0.6 * (at // 150 % 2)) for at in range(1300)))
    usual, mine = Told(plan, items), Told(plan, items, Settings(policy=policy))
    assert usual.of(*CORRECTIONS)[0].at < 90 + 30 < 90 + 70 <= mine.of(*CORRECTIONS)[0].at
    assert len(mine.of(*CORRECTIONS)) <= 2 < len(usual.of(*CORRECTIONS))
    setup, path = Setup(plan, Settings(policy=policy)), tmp_path / "run.jsonl"
    JournalWriter.begin(path, setup.as_dict(), print).close(0.0, None)
    assert constants(Setup.from_dict(JournalReader(path).run)) == {"correction.settle_footpod": 70.0, "talk.per_hour": 2}


def test_04_a_band_has_two_sides_and_nobody_is_nagged_within_it() -> None:
    """Slow is never said where it harms nobody, fast never in the finish; what the signal cannot tell apart is no error."""
    slow = Told(Plan("p", (segment(900, 2.8, Kind.WARMUP),)), fixes(905, lambda second: 2.2))
    fast = Told(Plan("p", (segment(900, 3.3, Kind.PEAK),)), fixes(905, lambda second: 3.7))
    assert not slow.of(*CORRECTIONS) and not fast.of(*CORRECTIONS)
    narrow = replace(segment(1800, 3.0), target=Band(2.98, 3.02))
    wavering = Told(Plan("p", (narrow,)), fixes(1805, lambda second: 3.0 + 0.05 * sin(second / 9), noise=0.1))
    assert len(wavering.of(*CORRECTIONS)) <= 2


def test_05_who_is_on_pace_again_hears_so() -> None:
    """Two pips once, when a correction has helped; nothing more, until he asks."""
    items = (Stride(float(at), "pod", 3.3 if at < 20 else 3.0) for at in range(620))
    told = Told(Plan("p", (segment(620, 3.0),)), with_keys(ticking(items), {400.0: "report"}))
    (corrected,), (again,) = told.of("ease_off"), told.of("on_pace")
    assert corrected.at < again.at < corrected.at + 60
    assert WORDS.text(told.of("report")[0]).startswith("Five thirty-five. Target five thirty-five.")


def test_06_which_repetition_how_long_and_what_comes_next_is_said() -> None:
    turns = [(segment(90, 3.6, Kind.TEMPO, turn=(n, 3)), segment(60, 2.4, Kind.RECOVERY, turn=(n, 3))) for n in (1, 2, 3)]
    plan = Plan("p", (segment(120, 2.6, Kind.WARMUP), *(each for turn in turns for each in turn)))
    told = Told(plan, (Stride(float(at), "pod", 3.0) for at in range(600)))
    said = [WORDS.text(cue) for cue in told.of("preview", "segment_began", "last_segment")]
    assert said[2:6] == [
        "Next up, recovery, one of three, six fifty-five, one minute.",
        "Recovery, one of three. Six fifty-five.",
        "Next up, tempo, two of three, four forty, ninety seconds.",
        "Tempo, two of three. Four forty.",
    ]
    assert said[-1] == "Last segment. Recovery, three of three. Six fifty-five."


def test_07_kilometres_and_segments_are_told_beside_each_other() -> None:
    """Each by a rule of its own; where both come at once it is one sentence, not two that cut each other."""
    thirds = tuple(replace(segment(1, speed), length=Distance(2000)) for speed in (2.8, 3.0, 3.2))
    items = (Stride(float(at), "pod", 3.0, distance=3.0 * at) for at in range(2010))
    told = Told(Plan("p", thirds), items, Settings(verbosity="chatty", cues={"split": True}))
    assert [cue.facts["number"] for cue in told.of("split")] == [1, 2, 3, 4, 5]
    second, third = [cue for cue in told.cues if cue.kind in ("segment_began", "last_segment")]
    assert [each.kind for each in second.also] == ["split", "segment_split"]
    assert WORDS.text(second) == (
        "Kilometer two, five thirty-three. Averaged five thirty-three. Two of three. Steady. Five thirty-five."
    )
    assert "split" in [each.kind for each in third.also]


def test_08_the_middle_the_end_and_the_runners_own_points_are_heard() -> None:
    said = Saying(Duration(200.0), "Past the mill, stay left.")
    plan = Plan("p", (segment(300, 2.8), segment(300, 3.0, says=(said,))))
    for verbosity in VERBOSITIES:
        told = Told(plan, (Stride(float(at), "pod", 2.9) for at in range(610)), Settings(verbosity=verbosity))
        assert [cue.due for cue in told.of("note")] == [pytest.approx(500, abs=3)]
        assert told.cues[-1].kind == "run_complete" and told.cues[-1].at == 600
        assert bool(told.of("halfway")) == (verbosity != "quiet")
    assert WORDS.text(told.cues[-1]) == "Run complete. One point seven kilometers in ten minutes. Well done."


def test_09_the_countdown_is_even_ends_with_a_go_and_ends_at_the_boundary() -> None:
    """Handed over early and due to the sample: three beeps a second apart, and a higher one where the next segment begins."""
    plan = Plan("p", tuple(segment(100.3, 2.6 + 0.1 * n) for n in range(4)))
    told = Told(plan, (Stride(0.7 + at, "pod", 2.9) for at in range(410)))
    countdowns = told.of("countdown")
    assert [cue.due + 3 for cue in countdowns] == [pytest.approx(0.7 + 100.3 * n) for n in (1, 2, 3, 4)]
    assert all(cue.due - cue.at >= 0.5 for cue in countdowns)
    sound = earcons.countdown()
    onsets = [at for at in range(0, len(sound), 50) if any(sound[at : at + 50]) and not any(sound[max(0, at - 4000) : at])]
    assert [round((b - a) / RATE, 2) for a, b in pairwise(onsets)] == [1.0, 1.0, 1.0]
    assert earcons.GO / earcons.BEEP > 1.5


def test_10_who_wants_less_presses_a_key() -> None:
    """From that moment on; and at every verbosity there is an end to talk."""
    true = (Stride(float(at), "pod", 3.0 + 0.4 * sin(at / 40)) for at in range(3600))
    keys = {1800.0: "verbosity", 1802.0: "verbosity"}
    told = Told(Plan("p", (segment(3600, 3.0),)), with_keys(ticking(true), keys), Settings(verbosity="normal"))
    assert [cue.facts["verbosity"] for cue in told.of("verbosity")] == ["chatty", "quiet"]
    before = [cue for cue in told.cues if cue.priority > 2 and cue.at <= 1800]
    after = [cue for cue in told.cues if cue.priority > 2 and cue.at > 2100]
    assert len(before) > 2 * len(after)
    assert len(before) + len(after) <= 2 * POLICY.talk.per_hour


def test_13_what_is_said_is_what_was_recorded() -> None:
    """A kilometre's words are its recorded time to the second, and the end's are those of the summary."""
    plan = Plan("p", (replace(segment(1, 3.0), length=Distance(5200.0)),))
    items = outdoors([(0, 2.7), (900, 3.3), (1700, 2.9)], 1800, 7)
    told = Told(
        plan,
        ticking(items),
        Settings(verbosity="chatty", cues={"split": True, "ease_off": False, "pick_up": False, "still_off": False}),
    )
    moments = [_moment(told.ways, 1000.0 * number) for number in range(6)]
    splits = told.of("split")
    assert [WORDS.text(cue) for cue in splits] == [
        f"Kilometer {('one', 'two', 'three', 'four', 'five')[n]}, {_spelled(round(moments[n + 1] - moments[n])).lower()}."
        for n in range(5)
    ]
    summary = Summary(told.coach).as_dict()
    assert told.cues[-1].facts["distance"] == pytest.approx(summary["distance"], abs=0.1)
    assert told.cues[-1].facts["elapsed"] == pytest.approx(summary["elapsed"], abs=0.1)


def _moment(ways: list[tuple[float, float]], metres: float) -> float:
    """The second of running at which a way was complete."""
    for (since, before), (now, after) in pairwise(ways):
        if before <= metres < after:
            return since + (now - since) * (metres - before) / (after - before)
    raise AssertionError(metres)


def _spelled(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    words = [WORDS._numerals.number(count) for count in (minutes, rest)]
    said = f"{words[0]} oh {words[1]}" if rest < 10 else " ".join(words)
    return said.capitalize() if rest else f"{words[0].capitalize()} minutes"


@pytest.mark.parametrize("units", ["metric", "imperial"])
@pytest.mark.parametrize("language", languages())
def test_14_units_and_numbers_are_said_as_the_runners_language_has_them(language: str, units: str) -> None:
    words = Words.load(language, units)
    plan = Plan("10 x 400m @ 5:00/km", (segment(300, 1000 / 305), segment(300, 1000 / 300), segment(300, 1000 / 240)))
    items = with_keys((Stride(float(at), "pod", 3.0) for at in range(910)), {100.0: "report", 450.0: "progress"})
    settings = Settings(verbosity="chatty", units=units, cues={"split": True})
    said = [words.text(cue) for cue in Told(plan, items, settings).cues if cue.kind != "countdown"]
    assert len(said) > 10
    assert all(is_speakable(text) for text in said)
    unit = {"en": "mile", "de": "meile", "fr": "mile", "es": "milla"}[language] if units == "imperial" else "kil"
    assert unit in " ".join(said).casefold()


def test_15_a_lost_signal_is_said_once_and_a_gap_of_seconds_not_at_all() -> None:
    def seen(tunnels: list[range]) -> Iterator[Sample]:
        return (fix for fix in fixes(1200, lambda second: 3.0) if not any(int(fix.at) in tunnel for tunnel in tunnels))

    plan = Plan("p", (segment(1200, 3.0),))
    long = Told(plan, ticking(seen([range(300, 480)])))
    assert [round(cue.at) for cue in long.of("signal_lost")] == [pytest.approx(309, abs=3)]
    assert [round(cue.at) for cue in long.of("signal_back")] == [480]
    assert not [cue for cue in long.of(*CORRECTIONS) if 300 <= cue.at < 480 + POLICY.signal.mute_after_back]
    short = Told(plan, ticking(seen([range(at, at + 3) for at in range(100, 1100, 60)])))
    assert not short.of("signal_lost", "signal_back")


@pytest.mark.parametrize("noise", [0.05, 0.45])
def test_16_standing_at_a_light_pauses_nothing_ends_nothing_and_is_no_reason_to_talk(noise: float) -> None:
    """Ten red lights, with a good receiver and with a poor one: the plan goes on, no word of pace, no loop of pauses."""
    stops = [range(at, at + 35) for at in range(150, 1650, 150)]

    def true(second: int) -> float:
        return 0.0 if any(second in stop for stop in stops) else 3.0

    chance = Random(3)
    seen = (
        fix._replace(speed=true(int(fix.at)) and max(0.5, 3.0 + chance.gauss(0, noise)), speed_sigma=noise)
        for fix in fixes(1810, true)
        if isinstance(fix, Fix)
    )
    told = Told(Plan("p", (segment(900, 3.0), segment(900, 3.0))), ticking(seen))
    assert told.ats("run_complete") == [1800] and told.ats("segment_began") == [0, 900]
    assert not told.of("paused", "resumed", "standing", "signal_lost", "hold", "half_climb", "ease_to_end")
    quiet = [range(stop.start + 3, stop.stop + int(POLICY.standing.settle)) for stop in stops]
    assert not [cue for cue in told.of(*CORRECTIONS) if any(int(cue.at) in each for each in quiet)]


def test_16_who_stands_for_long_is_asked_once() -> None:
    told = Told(Plan("p", (segment(900, 3.0),)), fixes(905, lambda second: 0.0 if 300 <= second < 600 else 3.0))
    assert [round(cue.at) for cue in told.of("standing")] == [pytest.approx(360, abs=5)]


@pytest.mark.edge
def test_17_a_screen_that_goes_away_ends_no_run(tmp_path: Path) -> None:
    """The terminal is closed in the middle of the run: it is coached and recorded to its end."""
    track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO / "run.nmea"}"\nrate = 600\n'
    ours, theirs = os.openpty()
    command = [*COACH, "--config", str(configured(tmp_path, track)), "run", str(DEMO / "workout.toml")]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        shown = b""
        while b"Demo progression" not in shown:
            shown += os.read(ours, 4096)
        os.close(ours)
        assert process.wait(60) == 0
    (kept,) = store.list_runs()
    *_, last = JournalReader(kept.path)
    assert isinstance(last, End) and last.why == "complete"


def test_18_a_crash_neither_loses_nor_splits_the_run(tmp_path: Path) -> None:
    """Killed at five random bytes of its journal, one after the other: one run, the same words, the same sums."""
    one, path, chance = random_run(11), tmp_path / "run.jsonl", Random(18)
    setup = Setup(one.day.plan, one.day.settings, (), one.day.language, one.day.settings.units)
    whole = _led(Started.fresh(setup), one.items, None)
    JournalWriter.begin(path, setup.as_dict(), print).close(0.0, None)
    for share in sorted(chance.random() for _ in range(5)):
        _crash(path, one.items[: int(share * len(one.items))], chance)
    again = Started.again(path)
    assert _led(again, one.items[_lived(path) :], path) == whole
    assert sum(line.startswith(b'{"k":"run"') for line in path.read_bytes().splitlines()) == 1
    assert [round(cue.at, 6) for cue in _cues_of(path, setup)] == [round(said.cue.at, 6) for said in one.said]


def _led(run: Started, items: Iterable[Input], journal: Path | None) -> dict[str, object]:
    writer = JournalWriter.go_on(journal, print) if journal else None
    view = Lines("km", lambda line: None)
    told = Loop(run.coach, run.words, view, journal=writer, summary=run.summary).run(items).as_dict()
    if writer:
        writer.close(told["at"], "complete")
    return told


def _crash(path: Path, until: list[Input], chance: Random) -> None:
    """Led on to some input, then dead in the middle of a line."""
    run = Started.again(path)
    writer = JournalWriter.go_on(path, print)
    Loop(run.coach, run.words, Lines("km", lambda line: None), journal=writer, summary=run.summary).run(until[_lived(path) :])
    writer.close(0.0, None)
    written = path.read_bytes()
    path.write_bytes(written[: max(written.index(b"\n") + 1, len(written) - chance.randrange(200))])


def _lived(path: Path) -> int:
    return sum(isinstance(entry, Input) for entry in JournalReader(path))


def _cues_of(path: Path, setup: Setup) -> list[Cue]:
    coach = setup.coach()
    return [cue for entry in JournalReader(path) if isinstance(entry, Input) for cue in coach.feed(entry)]


def test_19_there_is_a_key_for_everything_that_a_runner_wants_in_the_middle_of_a_run() -> None:
    """Each key of the keyboard but that for help is one that he knows, and each that he knows has one and does something."""
    assert set(KEYBOARD.values()) - {SHOW_KEYS} | {"resume"} == set(KEYS)
    plan = Plan("p", (segment(300, 3.0), segment(300, 3.0)))
    answers = {
        "pause": "paused", "resume": "resumed", "skip": "last_segment", "back": "segment_began", "lap": "lap",
        "report": "report", "progress": "progress", "verbosity": "verbosity", "quit": "run_stopped",
        "louder": "volume", "quieter": "volume",
    }  # fmt: skip
    assert set(answers) == set(KEYS)
    for key, answer in answers.items():
        keys = {100.0: key} if key != "resume" else {95.0: "pause", 100.0: "resume"}
        told = Told(plan, with_keys((Stride(float(at), "pod", 3.0) for at in range(130)), keys))
        then = [event.name for event in told.events if event.at == 100.0]
        then += [cue.kind for cue in told.cues if cue.at == 100.0]
        assert answer in then, key


def test_20_a_kind_that_is_turned_off_never_speaks() -> None:
    """Every kind there is: offered, it is said with the switch on and kept back with it off, whatever the verbosity."""
    for kind in RULES:
        for verbosity in VERBOSITIES:
            for switch in (True, False):
                floor = Floor(POLICY, verbosity, {kind: switch})
                floor.offer(Event(100.0, kind), kind, {})
                assert [cue.kind for cue in floor.release(100.0)] == [kind] * switch


@pytest.mark.parametrize("seed", [3, 14, 59, 265])
def test_20_nor_does_it_in_a_whole_run_alone_or_in_anothers_breath(seed: int) -> None:
    one = random_run(seed)
    said = {kind for each in one.said for kind in each.kinds}
    for kind in said:
        settings = replace(one.day.settings, cues={**one.day.settings.cues, kind: False})
        assert not Told(one.day.plan, one.items, settings).of(kind)
    assert not Told(one.day.plan, one.items, replace(one.day.settings, cues=dict.fromkeys(RULES, False))).cues


@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_21_a_treadmill_is_told_what_to_set_and_its_spikes_nothing(units: str) -> None:
    """Five seconds ahead, stairs that only rise and end exactly; a belt that never reaches its speed, or jumps, is no error."""
    ramp = replace(segment(600, 3.0), target=Ramp(2.5, 3.6))
    plan = Plan("p", (segment(120, 2.2, Kind.WARMUP), ramp, segment(120, 2.0, Kind.COOLDOWN)))
    chance = Random(21)
    belt = (Stride(float(at), "belt", 2.0 + (3.0 if chance.random() < 0.05 else 0.0)) for at in range(850))
    told = Told(plan, belt, Settings(treadmill=True, units=units))
    assert not told.of(*CORRECTIONS, "ramp", "weak_signal", "hold", "half_climb")
    steps = [event.facts for event in told.events if event.name == "belt_step"]
    climb = [facts["tenths"] for facts in steps if facts["segment"] == 2]
    assert climb == sorted(set(climb))
    assert (climb[0], climb[-1]) == (setting(2.5, units), setting(3.6, units))
    assert [event.at for event in told.events if event.name == "belt_step"][1] == pytest.approx(115, abs=1)
    assert len(told.of("set_belt")) == len(steps) - 1  # the first is in the greeting


def test_what_is_measured_indoors_is_coached_like_anything_else() -> None:
    """The pulse of a strap beside a pod changes no word while it has no ceiling."""
    plan = Plan("p", (segment(400, 3.0),))
    pods = list(indoors([(0, 3.3)], 410, 2))
    hearts = [item for pod in pods for item in (pod, Pulse(pod.at, "strap", 171))]
    assert [cue.kind for cue in Told(plan, hearts).cues] == [cue.kind for cue in Told(plan, pods).cues]
