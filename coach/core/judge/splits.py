"""Coaching by splits: when the signal is too poor for the current pace, the time over a few hundred metres is still reliable.

A stretch begins once the runner has settled after a change of segment or a correction. Its error comes from its two ends
only, so a longer stretch shows smaller deviations. It is checked repeatedly as it grows: large deviations show first. It tells
what was; what the runner does now may be another matter, so the current pace, poor as it is, can deny it.
"""

from __future__ import annotations

from coach.core.events import Event
from coach.core.judge.band import Bands, Limits
from coach.core.judge.corrector import Corrector, Held, free, side_word
from coach.core.plan.segments import Plan
from coach.core.policy import Policy
from coach.core.session.moment import Moment

ALIKE = 0.15  # share: if the GPS track and the integrated speed differ by more, the track is ignored
OPPOSED, OVERRULED = 1.0, 3.0  # sigmas of the current pace: beyond the target on the other side; away from the stretch's pace
KNOWN = 1000.0  # m: prior weight of "both are right" when learning by what share the GPS track is too long
BY_PATH = 0.5  # weight of the GPS track's length; the rest is the integrated speed's


class Stretches:
    """Fed while the signal is poor, it says `off_pace` at the end of a stretch that was off pace, or `struck` where two
    corrections did not help. It shares the corrector with Pacing, which judges the current pace when the signal is good.
    """

    def __init__(self, plan: Plan, policy: Policy, level: str, corrector: Corrector) -> None:
        self._policy, self._level = policy, level
        self._corrector = corrector
        self._from: tuple[float, float, float] | None = None  # where it began: s and m into the run, m of the GPS track
        self._planned = self._last = 0.0
        self.retarget(plan, 0.0)

    def retarget(self, plan: Plan, settled_at: float) -> None:
        """The plan was eased, which changes its bands."""
        self._bands = Bands(plan, self._policy, self._level)
        self.begin(settled_at)

    def begin(self, settled_at: float) -> None:
        """Drop the present stretch; the next one begins when the runner has settled, at `settled_at` (s)."""
        self._settled_at = settled_at
        self._from = None
        self._next = self._policy.splits.first  # m of the stretch at which it is checked next

    def judge(self, moment: Moment, path: float, held: Held = free) -> list[Event]:
        """`path` is the length of the GPS track, m; its errors are independent of those of the integrated speed.

        `held` tells which rule keeps a kind of cue back now; then the stretch goes on until the correction can be said.
        """
        target = moment.target
        if target is None or moment.at < self._settled_at:
            self._from = None
            return []
        if self._from is None:
            self._from, self._planned, self._last = (moment.elapsed, moment.distance, path), 0.0, moment.elapsed
            return []
        self._planned += target * (moment.elapsed - self._last)  # m that the targets would have given
        self._last = moment.elapsed
        seconds, metres = moment.elapsed - self._from[0], _way(moment, path, *self._from)
        if metres < self._next or seconds <= 0:
            return []
        return self._look(moment, metres / seconds, self._planned / seconds, held)

    def _look(self, moment: Moment, speed: float, meant: float, held: Held) -> list[Event]:
        """Checks the stretch. Only a full one inside the band ends an excursion; a shorter one shows only large deviations."""
        at, way = moment.at, self._next
        unsure = self._policy.splits.error / way * meant  # m/s: the longer the stretch, the less the errors of its ends matter
        sigma = unsure * self._policy.splits.sigmas / self._policy.band.sigmas
        limits = self._bands.limits(moment.index, meant, sigma, moment.room)
        side = limits.side(speed)
        if side and held("ease_off" if side > 0 else "pick_up"):
            return []
        if side and _is_denied(moment, limits, side, speed):
            self.begin(at)
            return []
        self._next += self._policy.splits.step
        is_whole = self._next > self._policy.splits.most
        if is_whole:
            self.begin(at)
        corrector = self._corrector
        if side != corrector.side and (side or is_whole):
            corrector.begin(side)
        if not side and is_whole:
            corrector.end_peace()
        if not side or moment.ends_within_at(speed, self._policy.correction.quiet_end):
            return []
        told = {"segment": moment.index + 1, "side": side_word(side), "speed": speed, "target": meant, "stretch": way}
        if corrector.may_strike(at):
            return [corrector.strike(at, {**told, "bands": limits.widths(speed, side)})]
        if corrector.in_peace or corrector.both_said:
            return [corrector.tell(at, told)] if corrector.may_tell(at) and not held("still_off") else []
        now = moment.estimate.speed
        if at - corrector.said_at < self._policy.correction.second_after or (now and limits.side(now) != side):
            return []
        self.begin(at + self._policy.correction.response)
        ends = {"slow_limit": limits.slow, "fast_limit": limits.fast, "sigma": unsure}
        return [corrector.correct(at, moment.segment, told | ends)]


def _is_denied(moment: Moment, limits: Limits, side: int, speed: float) -> bool:
    """Whether the current pace shows that a stretch at `speed` (m/s), off to this side, says nothing of the runner any more."""
    now, sigma = moment.estimate.speed, moment.estimate.sigma
    if now is None or sigma is None or moment.target is None:
        return False
    if (moment.target - now) * side > OPPOSED * sigma:
        return True
    return limits.side(now) != side and (speed - now) * side > OVERRULED * sigma


def _way(moment: Moment, path: float, _: float, from_metres: float, from_path: float) -> float:
    """The length of this stretch (m): the mean of GPS track and integrated speed if they agree, otherwise the latter."""
    metres, drawn = moment.distance - from_metres, path - from_path
    drawn *= (moment.distance + KNOWN) / (path + KNOWN)
    is_same = metres > 0 and abs(drawn / metres - 1) < ALIKE
    return metres + BY_PATH * (drawn - metres) if is_same else metres
