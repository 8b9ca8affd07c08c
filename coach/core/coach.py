"""The coach: one pure object. Feed it everything that happens; it returns the cues to say.

It calls the rooms of this package in order: decode, estimate, find the place in the plan, judge, decide what is said.
It has no clock, file, thread or randomness: the same inputs give the same cues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from coach.core.course.on_course import OnCourse
from coach.core.estimate.beside import FRESH_BELT, FRESH_HEART, FRESH_INCLINE, FRESH_STEPS, Beside, Others
from coach.core.estimate.estimator import Estimator
from coach.core.estimate.footpod import FootpodScale
from coach.core.estimate.leader import Sources
from coach.core.estimate.quality import Quality, Signal
from coach.core.estimate.slope import Slope
from coach.core.events import Cue, Estimate, Event
from coach.core.inputs import Input, Key, Tick
from coach.core.judge.heartbeat import Readings
from coach.core.judge.panel import Judges
from coach.core.plan.segments import Plan
from coach.core.session.going import Going
from coach.core.session.moment import Moment
from coach.core.session.phases import Phase, Session
from coach.core.settings import Settings
from coach.core.speech.facts import correction_facts, progress_facts, report_facts, segment_facts, whole_facts
from coach.core.speech.floor import Floor
from coach.core.speech.rules import RULES
from coach.core.speech.volume import Volume
from devices.api import Decoder
from devices.sample import Battery, Fix, Link, Pulse, Rx, Sample, Stride

FREE = 3.5  # s before a change of segment by which its announcement must have ended
WORTH_TELLING = 5.0  # s ahead of the plan or behind it: less is not said
JUST_BEGUN = 30.0  # m into a segment: until here its announcement is still fresh
_SAMPLES = (Fix, Stride, Pulse, Battery)


class Coach:
    """Feed it inputs in the order they happened. After each, `events` holds what became true, `estimate` the latest estimate.

    `decoders` turn the bytes of a source into samples; samples may also be fed as they are (a recorded track).
    An input with an earlier time than the one before counts as happening now: time never goes back.
    """

    def __init__(self, plan: Plan, settings: Settings | None = None, decoders: Mapping[str, Decoder] | None = None) -> None:
        self.plan, settings = plan, settings or Settings()
        self.session = Session(plan, waits=settings.start != "now")
        self.estimate = Estimate(0.0, 0.0, None, None, None)
        self.events: list[Event] = []
        self.moment: Moment | None = None  # the last one judged; while the session runs, that of the latest input
        self.settings, self.policy = settings, settings.policy
        self._decoders = dict(decoders or {})
        order = sorted(self._decoders, key=settings.belts.__contains__)  # a footpod before a belt, which has other interests
        self._sources = Sources(order) if len(order) != 1 else None  # with one device nobody else can lead
        self._heart, self._steps, self._incline, self._belt = map(Beside, (FRESH_HEART, FRESH_STEPS, FRESH_INCLINE, FRESH_BELT))
        self._low: set[str] = set()
        self._estimator = Estimator(settings.estimator)
        self._course = OnCourse(plan.course, plan.is_laid_out) if plan.course else None
        by_itself = settings.start != "now" or settings.pause != "never"
        self._going = Going(settings.policy, settings.start, settings.pause) if by_itself else None
        self._signal = Signal(settings.policy)
        self._judges = Judges(plan, settings)
        self.excuse = self._judges.excuse  # what a hill under the runner explains of a pace that is off
        switches = {"split": True, **settings.cues} if plan.is_free else settings.cues
        self._floor = Floor(settings.policy, settings.verbosity, switches)
        self.volume = Volume()
        self._now = 0.0

    @property
    def floor(self) -> Floor:
        """What happened to cues in the latest feed (said, or kept back and by which rule), and the verbosity."""
        return self._floor

    @property
    def judges(self) -> Judges:
        """Why the current pace is corrected, or is not, and how far ahead of the plan the runner is."""
        return self._judges

    @property
    def quality(self) -> Quality:
        """How far the current pace can be trusted."""
        return self._signal.quality

    @property
    def beside(self) -> Others:
        """What the devices measure now beside the speed."""
        return Others(*(each.now(self._now) for each in (self._heart, self._steps, self._incline)))

    @property
    def slope(self) -> Slope | None:
        """The slope of the ground, with its sigma, from the receiver's heights; None until it is known."""
        return self._estimator.slope

    @property
    def footpod(self) -> FootpodScale | None:
        """The footpod's scale as known in this run; None if no footpod was heard."""
        return self._estimator.footpod

    @property
    def finished(self) -> bool:
        return self.session.phase is Phase.DONE

    def feed(self, item: Input) -> list[Cue]:
        """The cues to say now, most urgent first; usually none."""
        self._now = now = item.at if item.at > self._now else self._now
        self.events = []
        self._floor.decisions.clear()
        if self.session.phase is Phase.DONE:
            return self._floor.release(now)
        moves = [sample for sample in self.samples(item, now) if self._take(sample)]
        if type(item) is Pulse and self.moment is not None and self.moment.at == now:
            return []  # this moment has been judged: the heart beside a position is heeded with the next input, within a second
        if isinstance(item, Link):
            self._estimator.link(item)
        was_blind = self.estimate.speed is None
        self.estimate = self._estimator.follow(moves, now)
        run = self._estimator.way
        if events := self.session.advance(now, self._course.advance(now, run) if self._course else run):
            self._happened(events)
        if self._going:
            self._happened(self._going.judge(self.estimate, self.session))
        if isinstance(item, Key):
            self._press(item.key)
        if self.session.phase is Phase.RUNNING:
            self._judge(was_blind)
        said = self._floor.release(now) if self._floor.pending else []
        if self._floor.decisions:
            self._judges.heed(self._floor.decisions)
        return said

    def samples(self, item: Input, now: float) -> list[Sample]:
        """The samples in this input, with the time `now` (s)."""
        if isinstance(item, _SAMPLES):
            return [item if item.at == now else item._replace(at=now)]
        if isinstance(item, Rx):
            decoder = self._decoders.get(item.source)
            return decoder.feed(now, item.data) if decoder else []
        if isinstance(item, Tick):
            return [sample for decoder in self._decoders.values() for sample in decoder.tick(now)]
        return []

    def _take(self, sample: Sample) -> bool:
        """Notes what is measured beside the motion. Returns whether this sample is of the motion, by a device that counts."""
        if isinstance(sample, Stride) and sample.speed is not None and sample.source in self.settings.belts:
            self._belt.take(self._now, sample.speed)
        if self._sources and not self._sources.follows(sample):
            return False
        match sample:
            case Fix():
                if self._course:
                    self._course.feed(sample)
                return True
            case Stride():
                if sample.grade is not None:
                    self._incline.take(self._now, sample.grade)
                if sample.cadence is not None:
                    self._steps.take(self._now, sample.cadence)
                return True
            case Pulse():
                self._heart.take(self._now, sample.bpm)
            case Battery(source=source) if sample.low and source not in self._low:
                self._low.add(source)
                self._happened([Event(self._now, "battery_low", {"source": source, "charge": sample.charge})])
        return False

    def _press(self, key: str) -> None:
        if answer := _KEYS.get(key):
            self._happened([answer(self)])
        else:
            self._happened(self._judges.answered(self._now, key, self.session) or self.session.press(self._now, key))

    def _judge(self, was_blind: bool) -> None:
        now, estimate, estimator = self._now, self.estimate, self._estimator
        if estimate.speed is not None or not estimator.is_waiting(now):
            self._happened(self._signal.judge(estimate, estimator.by_footpod, estimator.raw))
        if was_blind and estimate.speed is not None:
            self._judges.mute(now + self.policy.signal.mute_after_back)
        if self._course:
            self._happened(self._course.judge(now, self.session.due))
            if self._course.is_quiet(now):
                self._judges.mute(now)
        poor = estimator.path if self._signal.poor else None
        heart = Readings(self._heart.now(now), self._steps.now(now)) if self._judges.heart else None
        if self.settings.belts:
            self._judges.belt_reports = self._belt.now(now)
        self._judges.pacing.verbosity = self._floor.verbosity
        moment = self.session.look(estimate, estimator.assumed, estimator.slope, estimator.raw)
        self.moment, events = self._judges.judge(self.session, moment, poor, heart, partial(self._floor.why_held, now))
        self.excuse = self._judges.excuse
        if events:
            self._happened(events)
        self._floor.reserved = self._judges.announces

    def _happened(self, events: list[Event]) -> None:
        for event in events:
            self.events.append(event)
            if answer := _ANSWERS.get(event.name):
                answer(self, event)

    def _on_run_began(self, event: Event) -> None:
        self._floor.offer(event, "run_began", self._facts(0) | whole_facts(event))

    def _on_segment_began(self, event: Event) -> None:
        first = self.session.index == 0 and self.session.elapsed == 0
        previewed = self._judges.previewed == self.session.index
        self._judges.begin_segment(event.at, self.session, first, self._estimator.by_footpod)
        if not first:
            self._estimator.expect_change(event.at, self.session.target)
            kind = "last_segment" if self.session.is_last else "segment_began"
            self._floor.offer(event, kind, self._facts(self.session.index) | {"previewed": previewed})

    def _on_segment_ended(self, event: Event) -> None:
        segment, elapsed = self.session.plan.segments[event.facts["segment"] - 1], event.facts["elapsed"]
        if segment.target is not None and elapsed > 0:
            self._floor.offer(event, "segment_split", {"speed": event.facts["distance"] / elapsed})

    def _on_preview(self, event: Event) -> None:
        self._floor.offer(event, "preview", self._facts(event.facts["segment"] - 1), by=event.facts["ends"] - FREE)

    def _on_off_pace(self, event: Event) -> None:
        kind = "ease_off" if event.facts["side"] == "fast" else "pick_up"
        self._floor.offer(event, event.name if event.name in RULES else kind, correction_facts(self.session, event, kind))

    def _on_halfway(self, event: Event) -> None:
        self._floor.offer(event, "halfway", event.facts)
        if abs(self._judges.ahead) >= WORTH_TELLING:
            self._floor.offer(event, "schedule", {"ahead": self._judges.ahead})

    def _on_adapted(self, event: Event) -> None:
        """Not every change has a cue: small losses in a race have none, targets lowered by heart rate are told by its cue."""
        if (how := event.facts["how"]) in RULES:
            self._floor.offer(event, how, event.facts)

    def _on_pause(self, event: Event) -> None:
        self._signal.forget(event.at)
        self._judges.mute(event.at + self.policy.standing.settle, event.at + self.policy.correction.arm)
        if event.facts.get("told", True):
            self._floor.offer(event, event.name, event.facts)

    def _facts(self, index: int) -> dict[str, Any]:
        return segment_facts(self.session.plan, index) | {"belt": self.settings.treadmill, "free": self.plan.is_free}


# The keys that the session does not handle: questions, and how much and how loud it speaks
_KEYS: dict[str, Callable[[Coach], Event]] = {
    "report": lambda coach: Event(
        coach._now,
        "report",
        report_facts(coach.session, coach._belt.now(coach._now) or coach.estimate.speed, coach._judges.forecast),
    ),
    "progress": lambda coach: Event(
        coach._now, "progress", progress_facts(coach.session, coach._judges.forecast, coach._judges.ahead)
    ),
    "verbosity": lambda coach: Event(coach._now, "verbosity", {"verbosity": coach._floor.next_verbosity()}),
    "louder": lambda coach: Event(coach._now, "volume", coach.volume.turned(1)),
    "quieter": lambda coach: Event(coach._now, "volume", coach.volume.turned(-1)),
}


def _offered(kind: str) -> Callable[[Coach, Event], None]:
    """The usual answer to an event: the cue of its row, with the event's own facts."""
    return lambda coach, event: coach._floor.offer(event, kind, event.facts)


# What each event becomes: the cue whose row names it; events that need more than that have a method
_ANSWERS: dict[str, Callable[[Coach, Event], None]] = {rule.event or kind: _offered(kind) for kind, rule in RULES.items()} | {
    "run_began": Coach._on_run_began,
    "segment_began": Coach._on_segment_began,
    "segment_ended": Coach._on_segment_ended,
    "preview": Coach._on_preview,
    "countdown": lambda coach, event: coach._floor.offer(
        event, "countdown", {"ends_run": coach.session.is_last}, due=event.facts["begins"]
    ),
    "off_pace": Coach._on_off_pace,
    "adapted": Coach._on_adapted,
    "heart_off": lambda coach, event: coach._floor.offer(event, f"heart_{event.facts['side']}", event.facts),
    "heart_end": lambda coach, event: coach._happened(coach.session.press(event.at, "skip")),
    "halfway": Coach._on_halfway,
    "paused": Coach._on_pause,
    "resumed": Coach._on_pause,
    "pause_lasts": _offered("paused"),
    **dict.fromkeys(
        ("weak_signal", "steady_signal"),  # on a treadmill nobody runs by the signal
        lambda coach, event: None if coach.settings.treadmill else coach._floor.offer(event, event.name, event.facts),
    ),
    "hill": lambda coach, event: coach._floor.offer(event, f"{event.facts['side']}hill", event.facts),
    "still_off": Coach._on_off_pace,
    "level": lambda coach, event: (
        coach._floor.offer(event, "level", event.facts) if coach.session.into_metres > JUST_BEGUN else None
    ),
    "belt_step": lambda coach, event: None if event.facts["greeted"] else coach._floor.offer(event, "set_belt", event.facts),
    "source_changed": lambda coach, event: coach._floor.offer(event, event.facts["change"], event.facts),
}
