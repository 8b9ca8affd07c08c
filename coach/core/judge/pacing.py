"""The pace of now against the target of now: who is off, how surely, and when it is worth saying.

Being off is evidence that adds up, second by second, in widths of the band: twice as far off is twice as sure, so a
gross mistake is told soon and a slight one after a while, and a moment inside takes back what a moment outside gave.
One excursion gets at most two corrections; who is still off a good while after the second is past correcting (a
strike). A segment change starts afresh.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median

from coach.core.events import Estimate, Event
from coach.core.judge.band import Bands, Limits
from coach.core.judge.excursion import MOST_SAID, Excursion
from coach.core.plan.segments import EASY, HARD, Kind, Plan
from coach.core.policy import Policy
from coach.core.session.phases import Session

WIDEST = 4.0  # bands: what is further off counts no more, or one wild reading would decide
ANSWER = 20.0  # s after which a runner who heard a correction has answered it
LATE = {True: 4.0, False: 6.0}  # s that the estimate lags behind the legs, by footpod and by GPS: the ramp is met there
LONGEST_STEP = 2.0  # s between two estimates that still count as evidence

FELT = 0.08  # share: a change of target up to here needs the usual time to settle, of twice that twice as long

_NEVER = float("-inf")


class Pacing:
    """Judges each estimate; says `off_pace` when a correction is due, `on_pace` when an excursion is over, `struck`
    when two corrections did not help, `sprinting` once in a finish that begins too fast."""

    def __init__(self, plan: Plan, policy: Policy, level: str) -> None:
        self._policy, self._level = policy, level
        self._bands = Bands(plan, policy, level)
        self._quiet_until = self._armed_at = 0.0
        self._counts_from = 0.0
        self._why, self._band = "nothing was judged yet", Limits(None, 0.0, None)
        self.excursion = Excursion()
        self._sprinted = self._praised_here = self._asked_after = False
        self._praised_at = _NEVER
        self._by_footpod = False
        self._stopped_since: float | None = None
        self._inside_since: float | None = None
        self._last_at = _NEVER
        self._speeds: deque[tuple[float, float]] = deque()
        self._ignored = 0  # corrections in a row that changed nothing
        self._asked: tuple[float, float] | None = None  # when a correction was said, and the error (a share) it told of
        self._evidence = self._unsaid = 0.0  # of this excursion; and what there was before the last correction

    @property
    def why(self) -> str:
        """Why the pace of now is corrected, or is not."""
        slow, fast = (f"{limit:.2f}" if limit is not None else "any" for limit in (self._band.slow, self._band.fast))
        return self._why.format(band=f"{slow} to {fast} m/s")

    def replan(self, plan: Plan, at: float, step: float = 0.0) -> None:
        """The plan gave way, by a `step` (share) here: what was said counts no more, and the runner settles anew."""
        self._bands = Bands(plan, self._policy, self._level)
        self._sprinted = True  # who runs faster than what is left of the plan does not sprint
        self._settle(at, step)

    def take_back(self) -> None:
        """The last correction was not heard after all: something more urgent came in between."""
        if self.excursion.take_back():
            self._evidence, self._asked = self._unsaid, None

    def begin_segment(self, at: float, first: bool, by_footpod: bool, step: float = 0.0) -> None:
        """A segment began, its target a `step` (share) away from the last: the larger, the longer the legs take to settle.

        The first starts from standing.
        """
        self._armed_at = at + self._policy.arm if first else at
        self._sprinted = self._praised_here = False
        self._by_footpod = by_footpod
        self._settle(at, step)

    def mute(self, until: float) -> None:
        """Nothing is said before `until`, and what was counted before is forgotten."""
        self.excursion.begin(0)
        self.rest(until)

    def rest(self, until: float) -> None:
        """Nothing is said before `until`, but an excursion stays what it is: the pace is judged in another way meanwhile."""
        self._quiet_until, self._counts_from = max(self._quiet_until, until), max(self._counts_from, until)
        self._forget()
        self._speeds.clear()

    def judge(self, session: Session, estimate: Estimate, held: Callable[[str], str] = lambda kind: "") -> list[Event]:
        """The events that follow from this estimate; `held` tells which rule keeps a kind of cue back now, if any does."""
        at, step = estimate.at, min(LONGEST_STEP, estimate.at - self._last_at)
        self._last_at = at
        limits = self._limits(session, estimate)
        if (standing := self.standing(estimate)) is not None:
            return standing
        if limits is None or estimate.speed is None:
            self._inside_since = None
            self._why = "there is no target, or no speed"
            return []
        self._band = limits
        self._remember(at, estimate.speed, session)
        self._follow_answer(at, estimate.speed / limits.target - 1)
        side = limits.side(estimate.speed)
        self._weigh(at, step, limits, estimate.speed, side)
        if side == 0:
            self._why = "inside the band {band}"
            told = self._stay_inside(at) or self._sprinting(session, estimate, limits, held)
            return told or self._praised(at, session, limits)
        self._inside_since = None
        if struck := self._struck(session, estimate, limits, side):
            return [struck]
        if why := self._held_by(at, session, estimate.speed) or held("ease_off" if side > 0 else "pick_up"):
            self._why = f"outside the band {{band}}, but {why}"
            return []
        return [self._correct(session, estimate, limits, side)]

    def _settle(self, at: float, step: float) -> None:
        settle = self._policy.settle_footpod if self._by_footpod else self._policy.settle
        settle *= 1.0 + min(1.0, max(0.0, step - FELT) / FELT)
        self._quiet_until, self._counts_from = at + settle, at + settle / 2
        self._asked = None
        self.excursion.begin_segment()
        self._forget()
        self._speeds.clear()

    def _correct(self, session: Session, estimate: Estimate, limits: Limits, side: int) -> Event:
        self._why = f"outside the band {{band}}, evidence {self._evidence:.0f}"
        self.excursion.tell(estimate.at)
        self._unsaid, self._evidence = self._evidence, 0.0
        self._asked = estimate.at, (estimate.speed or 0.0) / limits.target - 1
        return Event(estimate.at, "off_pace", self._facts(session, estimate, limits, side))

    def _weigh(self, at: float, step: float, limits: Limits, speed: float, side: int) -> None:
        """The evidence of this moment, in seconds at twice the band."""
        if side and side != self.excursion.side:
            self._begin_excursion(side)
        response = self._policy.response_footpod if self._by_footpod else self._policy.response
        if self.excursion.side == 0 or at < self._counts_from or at - self.excursion.said_at < response:
            return
        off = min(WIDEST, limits.widths(speed, self.excursion.side))
        self._evidence = max(0.0, self._evidence + step * (off - 1.0))

    def _stay_inside(self, at: float) -> list[Event]:
        self._armed_at = min(self._armed_at, at)  # in the band for the first time since standing still
        if self._inside_since is None:
            self._inside_since = at
        if self.excursion.said and at - self._inside_since >= self._policy.inside:
            self._begin_excursion(0)
            return [Event(at, "on_pace")]
        return []

    def _begin_excursion(self, side: int) -> None:
        self.excursion.begin(side)
        self._forget()

    def _forget(self) -> None:
        self._evidence, self._inside_since = 0.0, None

    def _held_by(self, at: float, session: Session, speed: float) -> str:
        """The rule that keeps a correction back; "" when it is due."""
        policy = self._policy
        if self.excursion.past:
            return "two corrections did not help in this segment: it is left in peace"
        if self.excursion.said >= MOST_SAID:
            return "two corrections were said: there is no third"
        apart = policy.second_after_footpod if self._by_footpod else policy.second_after
        apart *= policy.back_off if self._ignored >= policy.ignored else 1.0
        if at - self.excursion.said_at < apart:
            return f"second_after = {apart:g} s since the last correction"
        if at < self._quiet_until:
            return f"the runner or the signal is settling for {self._quiet_until - at:.0f} s more"
        if at < self._armed_at:
            return f"the runner has {self._armed_at - at:.0f} s more to come from standing to the pace"
        first = policy.evidence_footpod if self._by_footpod else policy.evidence
        needed = policy.evidence_again if self.excursion.said else first
        if self._evidence < needed:
            return f"the evidence is {self._evidence:.0f} of {needed:g} s at twice the band"
        quiet = min(policy.quiet_most, max(policy.quiet_end, policy.quiet_share * (session.segment.seconds or 0.0)))
        return f"the segment ends within {quiet:.0f} s" if session.ends_within(quiet, speed) else ""

    def _struck(self, session: Session, estimate: Estimate, limits: Limits, side: int) -> Event | None:
        """Still out after two corrections: the median speed of the last while decides, not the moment.

        The last seconds of a segment belong to the announcement of the next.
        """
        at = estimate.at
        if self.excursion.said < MOST_SAID or self.excursion.past or at - self.excursion.said_at < self._policy.strike_after:
            return None
        if session.ends_within(self._policy.quiet_end, estimate.speed):
            return None
        usual = median(speed for _, speed in self._speeds)
        if limits.side(usual) != side:
            return None
        self.excursion.past = True
        facts = {"side": "fast" if side > 0 else "slow", "speed": usual, "target": limits.target}
        return Event(at, "struck", facts | {"bands": limits.widths(usual, side), "segment": session.index + 1})

    def _remember(self, at: float, speed: float, session: Session) -> None:
        span = self._policy.strike_span_hard if session.segment.kind in HARD else self._policy.strike_span
        self._speeds.append((at, speed))
        while self._speeds[0][0] < at - span:
            self._speeds.popleft()

    def _follow_answer(self, at: float, error: float) -> None:
        """Whether the last correction was answered: those who do not answer are spoken to less."""
        if self._asked is None or at - self._asked[0] < ANSWER:
            return
        told, self._asked = self._asked[1], None
        removed = (told - error) / told if told else 1.0
        self._ignored = self._ignored + 1 if removed < self._policy.least_gain else 0

    def _sprinting(self, session: Session, estimate: Estimate, limits: Limits, held: Callable[[str], str]) -> list[Event]:
        """A finish of some length that begins too fast is told so once, in its first half."""
        segment, policy = session.segment, self._policy
        if segment.kind is not Kind.PEAK or self._sprinted or session.done > 0.5 or estimate.at < self._quiet_until:
            return []
        long_enough = (segment.seconds or 0.0) >= policy.sprint_from
        if not long_enough or (estimate.speed or 0.0) < limits.target * (1 + policy.sprint) or held("dont_sprint"):
            return []
        self._sprinted = True
        return [Event(estimate.at, "sprinting", {"speed": estimate.speed, "target": limits.target})]

    def _praised(self, at: float, session: Session, limits: Limits) -> list[Event]:
        """Work that is held well for a while deserves a word, once a segment; what is merely allowed does not."""
        if session.segment.kind in EASY or self._praised_here or self._inside_since is None:
            return []
        if at - self._inside_since < self._policy.praise_after or at - self._praised_at < self._policy.praise_apart:
            return []
        if abs(median(speed for _, speed in self._speeds) / limits.target - 1) > self._policy.sprint:
            return []
        self._praised_here, self._praised_at = True, at
        return [Event(at, "well_held", {"for": at - self._inside_since})]

    def standing(self, estimate: Estimate) -> list[Event] | None:
        """What is to be said of a runner who stands; None of one who does not."""
        at = estimate.at
        if estimate.speed is None or not self._is_stopped(at, estimate.speed):
            return None
        self._inside_since = None
        self._why = "the runner stands"
        if self._asked_after or self._stopped_since is None or at - self._stopped_since < self._policy.standing:
            return []
        self._asked_after = True
        return [Event(at, "standing", {"for": at - self._stopped_since})]

    def _is_stopped(self, at: float, speed: float) -> bool:
        if speed >= self._policy.stopped_below:
            self._stopped_since, self._asked_after = None, False
            return False
        if self._stopped_since is None:
            self._stopped_since = at
        if at - self._stopped_since >= self._policy.stopped_for:
            self.mute(at + self._policy.settle_stop)
        return True

    def _limits(self, session: Session, estimate: Estimate) -> Limits | None:
        """Where the band ends now; None where there is nothing to compare."""
        target = session.target
        if target is None or not estimate.speed:
            return None
        target = session.target_before(LATE[self._by_footpod]) or target
        return self._bands.limits(session.index, target, estimate.sigma or 0.0, session.room)

    def _facts(self, session: Session, estimate: Estimate, limits: Limits, side: int) -> dict[str, object]:
        early = side > 0 and session.segment.kind in EASY
        return {
            "segment": session.index + 1,
            "speed": estimate.speed,
            "target": session.target,
            "sigma": estimate.sigma,
            "slow_limit": limits.slow,
            "fast_limit": limits.fast,
            "side": "fast" if side > 0 else "slow",
            "nth": self.excursion.said,
            "sized": self.excursion.said == 1 or not early,
            "early": early,
        }
