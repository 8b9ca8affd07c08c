"""One rehearsal in a closed loop: the runner runs a second, a device measures it, a coach speaks, the runner hears it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from coach.core.coach import Coach
from coach.core.events import Cue
from coach.core.inputs import Input, Key
from coach.core.plan.segments import Distance, Plan, UntilLap
from coach.core.session.phases import Phase, Session
from coach.core.settings import Settings
from coach.rehearsal.rivals import BAND, Moment, Rival
from coach.rehearsal.runner import BY_FEEL, Advice, Correction, Legs, Runner, advice
from coach.rehearsal.scores import Tally, half_width, off_by, that_counts
from coach.rehearsal.signals import Device, Reading, Signal

LAP_AFTER = 300.0  # s after which the runner presses lap in a segment that lasts until lap
LONGEST = 48 * 3600  # s: a run still unfinished after this never ends

Said = tuple[float, Advice | None]  # when it sounds; None: words that do not ask for a change of pace


class Voice(Protocol):
    """Any coach: it tracks the place in the plan and gets a reading every second."""

    @property
    def session(self) -> Session: ...
    def hear(self, at: float, reading: Reading) -> list[Said]: ...
    def press_lap(self, at: float) -> list[Said]: ...


class RealCoach:
    """The real coach. `items` collects its inputs: a recording of the rehearsal."""

    def __init__(self, plan: Plan, settings: Settings | None = None) -> None:
        self._coach = Coach(plan, settings)
        self.items: list[Input] = []

    @property
    def session(self) -> Session:
        return self._coach.session

    def hear(self, at: float, reading: Reading) -> list[Said]:
        return self._feed(reading.sample)

    def press_lap(self, at: float) -> list[Said]:
        return self._feed(Key(at, "lap"))

    def _feed(self, item: Input) -> list[Said]:
        self.items.append(item)
        return [(cue.due, advice(cue)) for cue in _one_by_one(self._coach.feed(item))]


class RivalCoach:
    """A coach with another rule for when to speak; its distance is the integral of the device's speed."""

    def __init__(self, plan: Plan, rival: Rival, sized: bool = True) -> None:
        self.session = Session(plan)
        self._rival, self._sized = rival, sized
        self._metres = 0.0

    def hear(self, at: float, reading: Reading) -> list[Said]:
        self._metres += reading.speed
        self.session.advance(at, self._metres)
        correction = self._rival.hear(self._moment(at, reading.speed))
        if correction is None or self.session.phase is not Phase.RUNNING:
            return []
        return [(at, correction if self._sized else replace(correction, sized=False))]

    def press_lap(self, at: float) -> list[Said]:
        self.session.press(at, "lap")
        return []

    def _moment(self, at: float, speed: float) -> Moment:
        session = self.session
        left = session.seconds_left(session.segment.mean_speed)
        by_distance = isinstance(session.segment.length, Distance)
        band = half_width(session.segment) or BAND
        return Moment(int(at), session.index, session.into_seconds, left, speed, session.target, by_distance, band)


@dataclass(slots=True)
class Trial:
    """One run of a runner with a device and a coach."""

    plan: Plan
    legs: Legs
    device: Device
    voice: Voice
    tally: Tally = field(default_factory=Tally)
    _segment: int = -1

    def run(self) -> Tally:
        for second in range(LONGEST):
            if not self._second(float(second)):
                break
        self.tally.end_wait()
        return self.tally

    def _second(self, at: float) -> bool:
        """False once the run is over."""
        session = self.voice.session
        self._notice_segment(at)
        speed = self.legs.step(at, session.target)
        self._heard(at, speed, self.voice.hear(at, self.device.read(at, speed)))
        if isinstance(session.segment.length, UntilLap) and session.into_seconds >= LAP_AFTER:
            self._heard(at, speed, self.voice.press_lap(at))
        if session.phase is Phase.DONE:
            return False
        error = self._error(speed)
        counts = None if error is None else that_counts(session.segment, error)
        self.tally.second(counts, session.into_seconds)
        return True

    def _notice_segment(self, at: float) -> None:
        session = self.voice.session
        if session.index != self._segment:
            self._segment = session.index
            self.legs.begin_segment(session.target)
            error = that_counts(session.segment, self.legs.misjudged) if session.target else None
            self.tally.begin_segment(at, error)

    def _heard(self, at: float, speed: float, said: Iterable[Said]) -> None:
        self._notice_segment(at)
        session = self.voice.session
        for due, what in said:
            self.tally.cues += 1
            if what is not None:
                self.legs.hear(max(at, due), what)
            if isinstance(what, Correction) and (error := self._error(speed)) is not None:
                self.tally.correct(at, what, error, own_band=half_width(session.segment) is not None)

    def _error(self, speed: float) -> float | None:
        session = self.voice.session
        target = session.target
        return off_by(session.segment, speed, target) if target else None


def coached(plan: Plan, runner: Runner, signal: Signal, seed: int, settings: Settings | None = None) -> Tally:
    """The counts of one trial with the real coach."""
    return trial(plan, runner, signal, seed, RealCoach(plan, settings))


def trial(plan: Plan, runner: Runner, signal: Signal, seed: int, voice: Voice) -> Tally:
    """The counts of one trial with any coach; the same seed gives the same runner and the same device errors."""
    return Trial(plan, Legs(runner, seed, _easy(plan)), Device(signal, seed), voice).run()


def _easy(plan: Plan) -> float:
    """The speed without a target (m/s): the slowest target of the plan."""
    return min((speed for each in plan.segments if (speed := each.speed_at(0.0))), default=BY_FEEL)


def _one_by_one(cues: Iterable[Cue]) -> Iterable[Cue]:
    for cue in cues:
        yield cue
        yield from cue.also
