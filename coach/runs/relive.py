"""Coaches a recording once more and keeps what happened second by second, as an Activity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.inputs import Input
from coach.core.judge.band import Bands, Limits
from coach.core.session.phases import Phase
from coach.runs.activity import Activity, Part, Second, part
from coach.runs.explain import decided
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.runs.summary import Summary, asked
from devices.api import Decoder
from devices.sample import Fix, Sample, Stride

OLDEST = 946_684_800.0  # Unix time of the year 2000: an earlier one is that of a receiver that does not know the date
NO_LIMITS = Limits(None, 0.0, None)  # where no pace was asked for
_HEARD = (Fix, Stride)
STALE = 1.5  # s: a position older than this is of another second


class Overheard:
    """A decoder whose samples are told to `heard` as well."""

    def __init__(self, decoder: Decoder, heard: Callable[[Sample], object]) -> None:
        self._decoder, self._heard = decoder, heard

    @property
    def faults(self) -> Mapping[str, int]:
        return self._decoder.faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        return self._told(self._decoder.feed(at, data))

    def tick(self, at: float) -> list[Sample]:
        return self._told(self._decoder.tick(at))

    def _told(self, samples: list[Sample]) -> list[Sample]:
        for sample in samples:
            self._heard(sample)
        return samples


def relive(recording: Recording, setup: Setup, unit: str) -> Activity:
    """Coaches a recording once more, as fast as possible, and keeps what happened. Reasons are told in paces per `unit`.

    Raises devices.api.InvalidFile if the recording cannot be read to its end.
    """
    activity = _Reliving(setup, unit, recording.started).through(recording.items())
    if setup is recording.setup:
        told = {(each.at, each.text) for each in activity.said}
        activity.unlike = sum((cue.at, cue.text) not in told for cue in recording.said)
    return activity


class _Reliving:
    def __init__(self, setup: Setup, unit: str, started: float | None) -> None:
        self._coach = setup.coach(lambda decoder: Overheard(decoder, self._hear))
        self._words = setup.words()
        self._unit = unit
        self._summary = Summary(self._coach)
        self._bands = Bands(setup.plan, setup.settings.policy, setup.settings.level)
        self._activity = Activity(setup, started)
        self._fixes: dict[str, Fix] = {}
        self._utc: float | None = None  # Unix time of second 0 by the receiver
        self._last = -1
        self._placed = -1.0  # the `at` of the last position that was kept: each is of one second alone
        self._paused_at: float | None = None

    def through(self, items: Iterator[Input]) -> Activity:
        activity, coach = self._activity, self._coach
        for item in items:
            if isinstance(item, _HEARD):
                self._hear(item)
            try:
                cues = coach.feed(item)
            except Exception:  # a bug, which was skipped in the run as well
                activity.bugs += 1
                continue
            self._keep(cues)
            if coach.session.phase is Phase.DONE:
                break
        if self._paused_at is not None:
            activity.pauses.append((self._paused_at, coach.estimate.at))
        activity.summary = self._summary.as_dict()
        if not activity.summary["complete"]:
            session = coach.session
            self._close_segment(session.index + 1, session.into_seconds, session.into_metres)
        self._add_the_end()
        if self._utc is not None:
            activity.started = self._utc
        return activity

    def _add_the_end(self) -> None:
        """The end of the run, which lies between two seconds, is a second of its own."""
        seconds, told = self._activity.seconds, self._activity.summary
        if seconds and told["elapsed"] > seconds[-1].elapsed:
            last = seconds[-1].without_place()
            seconds.append(last._replace(at=told["at"], elapsed=told["elapsed"], distance=told["distance"]))

    def _hear(self, sample: Sample) -> None:
        if isinstance(sample, Fix) and sample.lat is not None:
            self._fixes[sample.source] = sample
            if self._utc is None and sample.utc is not None and sample.utc >= OLDEST:
                self._utc = sample.utc - sample.at

    def _keep(self, cues: list[Cue]) -> None:
        coach, activity = self._coach, self._activity
        self._summary.follow(cues)
        activity.decisions += decided(coach, self._words, self._unit)
        for event in coach.events:
            activity.events.append(event)
            if heed := _HEEDED.get(event.name):
                heed(self, event)
        moment = coach.moment
        if coach.session.phase is not Phase.RUNNING or moment is None or int(moment.at) <= self._last:
            return
        self._last = int(moment.at)
        activity.seconds.append(self._second(coach))

    def _second(self, coach: Coach) -> Second:
        moment = coach.moment
        assert moment is not None
        estimate = moment.estimate
        planned = asked(coach.plan.segments[moment.index], moment)
        limits = self._bands.limits(moment.index, planned, 0.0) if planned else NO_LIMITS
        fix = self._fixes.get(estimate.source or "") or next(iter(self._fixes.values()), None)
        here = fix if fix and fix.at > self._placed and moment.at - fix.at < STALE else None
        self._placed = here.at if here else self._placed
        return Second(
            at=moment.at,
            elapsed=moment.elapsed,
            distance=moment.distance,
            segment=moment.index + 1,
            speed=estimate.speed,
            sigma=estimate.sigma,
            quality=coach.quality.value,
            source=estimate.source,
            target=moment.target,
            asked=planned,
            slow=limits.slow,
            fast=limits.fast,
            heart=coach.beside.heart,
            cadence=coach.beside.cadence,
            lat=here.lat if here else None,
            lon=here.lon if here else None,
            alt=here.alt if here else None,
            slope=moment.slope.value if moment.slope else None,
        )

    def _on_pause(self, event: Event) -> None:
        self._paused_at = event.at

    def _on_resume(self, event: Event) -> None:
        if self._paused_at is not None:
            self._activity.pauses.append((self._paused_at, event.at))
        self._paused_at = None

    def _on_segment(self, event: Event) -> None:
        self._close_segment(event.facts["segment"], event.facts["elapsed"], event.facts["distance"])

    def _close_segment(self, number: int, elapsed: float, distance: float) -> None:
        name = self._coach.plan.segments[number - 1].name
        self._activity.segments.append((number, self._part(name, self._before(), elapsed, distance)))

    def _before(self) -> tuple[float, float]:
        """Seconds and metres of running at the end of the segment before."""
        if not self._activity.segments:
            return 0.0, 0.0
        last = self._activity.segments[-1][1]
        return last.ended, last.metres + last.distance

    def _on_lap(self, event: Event) -> None:
        facts = event.facts
        since = facts["elapsed"] - facts["seconds"], facts["distance"] - facts["metres"]
        self._activity.laps.append(self._part(str(facts["number"]), since, facts["seconds"], facts["metres"]))

    def _part(self, name: str, since: tuple[float, float], elapsed: float, distance: float) -> Part:
        began, metres = since
        return part(self._activity.seconds, name, began, began + elapsed, metres, distance)


_HEEDED = {
    "paused": _Reliving._on_pause,
    "resumed": _Reliving._on_resume,
    "segment_ended": _Reliving._on_segment,
    "segment_left": _Reliving._on_segment,
    "lap": _Reliving._on_lap,
}
