"""Coaching by splits: where the pace of now is worth nothing, the time over a stretch of some hundred metres still is.

A stretch begins once the segment, or the answer to a correction, has settled. Its error is that of its two ends, whatever
happened between: so it is looked at again and again as it grows, for gross mistakes first and for slight ones later.
Here too an excursion gets two corrections, and who is still out a good while later a strike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coach.core.events import Event
from coach.core.judge.band import Bands
from coach.core.judge.excursion import MOST_SAID, Excursion
from coach.core.plan.segments import EASY, Plan
from coach.core.policy import Policy
from coach.core.session.phases import Session

ALIKE = 0.15  # share: two measures of the same way that differ by more are not two of the same way
KNOWN = 1000.0  # m that weigh as much as what was run: positions draw the whole way too long, or cut its corners, by some share
BY_PATH = 0.5  # weight of the way that positions draw, beside that which speeds add up to


class Stretches:
    """Fed while the signal is poor, it says `off_pace` at the end of a stretch that was off, or `struck` where that is past.

    The `excursion` is shared with whoever judges the pace of now, when the signal is good.
    """

    def __init__(self, plan: Plan, policy: Policy, level: str, excursion: Excursion | None = None) -> None:
        self._policy, self._level = policy, level
        self._excursion = excursion or Excursion()
        self.replan(plan, 0.0)

    def replan(self, plan: Plan, settled_at: float) -> None:
        """The plan gave way: what was said counts no more."""
        self._bands = Bands(plan, self._policy, self._level)
        self.begin_segment(settled_at)

    def begin_segment(self, settled_at: float) -> None:
        self._excursion.begin_segment()
        self.begin(settled_at)

    def begin(self, settled_at: float) -> None:
        """What was run so far counts no more; the next stretch begins when the runner has settled."""
        self._settled_at = settled_at
        self._from: tuple[float, float, float] | None = None  # s and m into the run, and m of the way by positions
        self._next = self._policy.stretch  # m at which the way is looked at next
        self._planned = 0.0  # m that the targets of its moments add up to
        self._last = 0.0

    def take_back(self) -> None:
        """The last correction was not heard after all."""
        self._excursion.take_back()

    def judge(self, at: float, session: Session, path: float, held: Callable[[str], str] = lambda kind: "") -> list[Event]:
        """`path` is the way as positions draw it, m: its errors have nothing to do with those of the speed's.

        `held` tells which rule keeps a kind of cue back now: the stretch goes on until it can be told.
        """
        target = session.target
        if target is None or at < self._settled_at:
            self._from = None
            return []
        if self._from is None:
            self._from, self._planned, self._last = (session.elapsed, session.distance, path), 0.0, session.elapsed
            return []
        self._planned += target * (session.elapsed - self._last)
        self._last = session.elapsed
        seconds, metres = session.elapsed - self._from[0], self._way(session, path, *self._from)
        if metres < self._next or seconds <= 0:
            return []
        return self._look(at, session, metres / seconds, self._planned / seconds, held)

    def _way(self, session: Session, path: float, _: float, from_metres: float, from_path: float) -> float:
        """The metres of this stretch: two measures of them, where they agree that it is the same way."""
        metres, drawn = session.distance - from_metres, path - from_path
        drawn *= (session.distance + KNOWN) / (path + KNOWN)
        is_same = metres > 0 and abs(drawn / metres - 1) < ALIKE
        return metres + BY_PATH * (drawn - metres) if is_same else metres

    def _look(self, at: float, session: Session, speed: float, meant: float, held: Callable[[str], str]) -> list[Event]:
        """Only a whole stretch inside ends an excursion: a shorter one tells of gross mistakes alone."""
        way = self._next
        unsure = self._policy.stretch_error / way * meant  # the longer the way, the less can its ends have feigned
        sigma = unsure * self._policy.stretch_sigmas / self._policy.sigmas
        limits = self._bands.limits(session.index, meant, sigma, session.room)
        side = limits.side(speed)
        if side and held("ease_off" if side > 0 else "pick_up"):
            return []
        self._next += self._policy.stretch_step
        is_whole = self._next > self._policy.stretch_most
        if is_whole:
            self.begin(at)
        if side != self._excursion.side and (side or is_whole):
            self._excursion.begin(side)
        if not side or self._excursion.past or session.ends_within(self._policy.quiet_end, speed):
            return []
        told = {"segment": session.index + 1, "side": "fast" if side > 0 else "slow", "speed": speed, "target": meant}
        if self._excursion.said >= MOST_SAID:
            return self._struck(at, {**told, "bands": limits.widths(speed, side)})
        facts = {**told, "slow_limit": limits.slow, "fast_limit": limits.fast, "sigma": unsure, "stretch": way}
        return [self._correct(at, facts, early=side > 0 and session.segment.kind in EASY)]

    def _correct(self, at: float, facts: Mapping[str, object], early: bool) -> Event:
        self.begin(at + self._policy.response)
        self._excursion.tell(at)
        nth = self._excursion.said
        return Event(at, "off_pace", {**facts, "nth": nth, "early": early, "sized": nth == 1 or not early})

    def _struck(self, at: float, facts: Mapping[str, object]) -> list[Event]:
        if at - self._excursion.said_at < self._policy.strike_after:
            return []
        self._excursion.past = True
        return [Event(at, "struck", facts)]
