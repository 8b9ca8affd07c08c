"""The coach: one pure object that is fed everything that happens and answers with cues.

It composes the rooms of this package in the order of a datum's life: decode, estimate, place in the plan,
judge, decide what deserves a voice. No clock, file, thread or randomness: the same inputs give the same cues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from coach.core.boundaries import Boundaries
from coach.core.cues import Decision, Floor
from coach.core.estimate import Estimator, EstimatorSettings
from coach.core.events import Cue, Estimate, Event
from coach.core.footpod import FootpodScale
from coach.core.inputs import Input, Key, Tick
from coach.core.oncourse import OnCourse
from coach.core.pacing import Pacing
from coach.core.plan import Band, Distance, Duration, Kind, Plan, Ramp
from coach.core.policy import Policy
from coach.core.session import Phase, Session
from coach.core.signal import Grade, Signal
from coach.core.sources import Sources
from devices.api import Decoder
from devices.sample import Battery, Fix, Link, Pulse, Rx, Sample, Stride


@dataclass(frozen=True, slots=True)
class Settings:
    """How this runner wants to be coached."""

    level: str = "intermediate"
    verbosity: str = "normal"
    policy: Policy = field(default_factory=Policy)
    estimator: EstimatorSettings = field(default_factory=EstimatorSettings)


JUST_BEGUN = 30.0  # m of a segment
FRESH = {"heart": 5.0, "incline": 10.0}  # s that what was measured is still worth telling


class Coach:
    """Feed it inputs in the order they happened. After each, `events` holds what became true and `estimate` the latest.

    `decoders` turn the bytes of a source into samples; samples may also be fed as they are (a recorded track).
    An input whose time lies before the last one's counts as happening now: time never goes back.
    """

    def __init__(
        self, plan: Plan, settings: Settings | None = None, decoders: Mapping[str, Decoder] | None = None
    ) -> None:
        settings = settings or Settings()
        self.plan = plan
        self.session = Session(plan)
        self.estimate = Estimate(0.0, 0.0, None, None, None)
        self.events: list[Event] = []
        self._policy = settings.policy
        self._decoders = dict(decoders or {})
        self._sources = Sources(self._decoders)
        self._told: dict[str, tuple[float, float]] = {}  # what was measured beside the speed: when, and how much
        self._low: set[str] = set()
        self._estimator = Estimator(settings.estimator)
        self._course = OnCourse(plan.course, plan.is_laid_out) if plan.course else None
        self._signal = Signal(settings.policy)
        self._pacing = Pacing(plan, settings.policy, settings.level)
        self._boundaries = Boundaries(settings.policy)
        self._floor = Floor(settings.policy, settings.verbosity)
        self._now = 0.0

    @property
    def decisions(self) -> list[Decision]:
        """What became of cues in this feed: said, or kept back, and by which rule."""
        return self._floor.decisions

    @property
    def pacing(self) -> str:
        """Why the pace of now is corrected, or is not."""
        return self._pacing.why

    @property
    def grade(self) -> Grade:
        """What the pace of now is worth."""
        return self._signal.grade

    @property
    def heart(self) -> float | None:
        """Beats a minute now; None while no strap tells."""
        return self._fresh("heart")

    @property
    def incline(self) -> float | None:
        """Rise over run of the belt now; None while none tells."""
        return self._fresh("incline")

    @property
    def footpod(self) -> FootpodScale | None:
        """What this run knows of the footpod's scale; None while none was heard."""
        return self._estimator.footpod

    @property
    def finished(self) -> bool:
        return self.session.phase is Phase.DONE

    def feed(self, item: Input) -> list[Cue]:
        """What to say now, most urgent first; empty most of the time."""
        self._now = now = max(self._now, item.at)
        self.events = []
        self._floor.decisions.clear()
        if self.finished:
            return self._floor.release(now)
        for sample in self.samples(item, now):
            self._take(sample)
        if isinstance(item, Link):
            self._estimator.link(item)
        was_blind = self.estimate.speed is None
        self.estimate = self._estimator.estimate(now)
        run = self.estimate.distance
        self._happened(self.session.advance(now, self._course.advance(now, run) if self._course else run))
        if isinstance(item, Key):
            self._press(item.key)
        if self.session.phase is Phase.RUNNING:
            self._judge(was_blind)
        return self._floor.release(now)

    def samples(self, item: Input, now: float) -> list[Sample]:
        """What was measured, as far as this input tells; it happens at `now` (s)."""
        match item:
            case Rx(source=source, data=data):
                decoder = self._decoders.get(source)
                return decoder.feed(now, data) if decoder else []
            case Tick():
                return [sample for decoder in self._decoders.values() for sample in decoder.tick(now)]
            case Fix() | Stride() | Pulse() | Battery():
                return [item if item.at == now else replace(item, at=now)]
        return []

    def _take(self, sample: Sample) -> None:
        if not self._sources.follows(sample):
            return
        match sample:
            case Pulse(bpm=bpm):
                self._told["heart"] = self._now, bpm
            case Battery(source=source, low=low):
                if low and source not in self._low:
                    self._low.add(source)
                    self._happened([Event(self._now, "battery_low", {"source": source, "charge": sample.charge})])
            case Stride(grade=grade) if grade is not None:
                self._told["incline"] = self._now, grade
            case Fix() if self._course:
                self._course.feed(sample)
        self._estimator.feed(sample)

    def _fresh(self, what: str) -> float | None:
        at, value = self._told.get(what, (-inf, 0.0))
        return value if self._now - at <= FRESH[what] else None

    def _press(self, key: str) -> None:
        if key == "report":
            self._happened([Event(self._now, "report", self._report())])
        else:
            self._happened(self.session.press(self._now, key))

    def _judge(self, was_blind: bool) -> None:
        now, estimate = self._now, self.estimate
        self._happened(self._signal.judge(estimate, self._by_footpod))
        if was_blind and estimate.speed is not None:
            self._pacing.mute(now + self._policy.mute_after_back)
        if self._course:
            self._happened(self._course.judge(now, self.session.due))
        if self._signal.poor or (self._course and self._course.is_quiet(now)):
            self._pacing.mute(now)
        else:
            self._happened(self._pacing.judge(self.session, estimate))
        self._happened(self._boundaries.judge(now, self.session, estimate.speed))

    def _happened(self, events: list[Event]) -> None:
        for event in events:
            self.events.append(event)
            answer = _ANSWERS.get(event.name)
            if answer:
                answer(self, event)

    # What follows from an event: the rows of _ANSWERS

    def _on_run_began(self, event: Event) -> None:
        whole = {"plan": event.facts["name"], "total_seconds": event.facts["seconds"]}
        facts = segment_facts(self.plan, 0) | whole | {"total_metres": event.facts["metres"]}
        self._floor.offer(event, "run_began", facts)

    def _on_segment_began(self, event: Event) -> None:
        first = self.session.index == 0 and self.session.elapsed == 0
        self._pacing.begin_segment(event.at, first, by_footpod=self._by_footpod)
        self._boundaries.begin_segment(event.at, self.session)
        if not first:
            kind = "last_segment" if self.session.is_last else "segment_began"
            self._floor.offer(event, kind, segment_facts(self.plan, self.session.index))

    def _on_preview(self, event: Event) -> None:
        self._floor.offer(event, "preview", segment_facts(self.plan, event.facts["segment"] - 1))

    def _on_countdown(self, event: Event) -> None:
        self._floor.offer(event, "countdown", {}, due=event.facts["begins"])

    def _on_off_pace(self, event: Event) -> None:
        facts = {name: event.facts[name] for name in ("speed", "target", "nth")}
        self._boundaries.corrected(event.at)
        self._floor.offer(event, "ease_off" if event.facts["side"] == "fast" else "pick_up", facts)

    def _on_ramp_moved(self, event: Event) -> None:
        self._floor.offer(event, "ramp", event.facts)

    def _on_pause(self, event: Event) -> None:
        self._signal.forget(event.at)
        self._pacing.mute(event.at + self._policy.settle_stop)
        self._say(event)

    def _on_hill(self, event: Event) -> None:
        self._floor.offer(event, f"{event.facts['side']}hill", event.facts)

    def _on_level(self, event: Event) -> None:
        if self.session.into_metres > JUST_BEGUN:  # else its announcement has said it
            self._say(event)

    def _on_source_changed(self, event: Event) -> None:
        self._floor.offer(event, event.facts["change"], event.facts)

    def _say(self, event: Event) -> None:
        """A cue of the event's own name and facts."""
        self._floor.offer(event, event.name, event.facts)

    # What is told

    @property
    def _by_footpod(self) -> bool:
        return self._estimator.by_footpod

    def _report(self) -> dict[str, Any]:
        session, speed = self.session, self.estimate.speed
        by_time = isinstance(session.segment.length, Duration)
        return {
            "speed": speed,
            "target": session.target,
            "seconds_left": session.seconds_left(speed) if by_time else None,
            "metres_left": session.metres_left,
            "elapsed": session.elapsed,
            "distance": session.distance,
        }



def segment_facts(plan: Plan, index: int) -> dict[str, Any]:
    """What the words need to announce a segment (0-based): SI, and lengths as they were planned."""
    segment = plan.segments[index]
    target = segment.target
    return {
        "name": segment.name,
        "role": segment.kind.value,
        "index": index + 1,
        "of": len(plan.segments),
        "turn": segment.turn,
        "seconds": segment.length.seconds if isinstance(segment.length, Duration) else None,
        "metres": segment.length.metres if isinstance(segment.length, Distance) else None,
        "target": None if segment.kind is Kind.FREE else segment.speed_at(0.0),
        "ramp": (target.start, target.end) if isinstance(target, Ramp) else None,
        "band": (target.slow, target.fast) if isinstance(target, Band) else None,
    }


_ANSWERS = {
    "run_began": Coach._on_run_began,
    "segment_began": Coach._on_segment_began,
    "preview": Coach._on_preview,
    "countdown": Coach._on_countdown,
    "off_pace": Coach._on_off_pace,
    "ramp_moved": Coach._on_ramp_moved,
    "paused": Coach._on_pause,
    "resumed": Coach._on_pause,
    "on_pace": Coach._say,
    "halfway": Coach._say,
    "hill": Coach._on_hill,
    "level": Coach._on_level,
    "off_course": Coach._say,
    "back_on_course": Coach._say,
    "source_changed": Coach._on_source_changed,
    "battery_low": Coach._say,
    "signal_lost": Coach._say,
    "signal_back": Coach._say,
    "weak_signal": Coach._say,
    "report": Coach._say,
    "run_complete": Coach._say,
    "run_stopped": Coach._say,
}
