"""Follows a race: whether its goal still stands, and which pace the rest of it needs.

A stop is known, so its seconds are told as soon as the runner runs again: won back over all of the rest if that is possible,
else the goal is a later one. A slowdown can only be inferred: the outlook trusts the whole race as much as its last tenth, must
be late for a while before the goal slips (or very late by the last minutes alone), and gives up nothing while the runner is
fast enough again. The first goal returns as soon as the runner proves better. Small losses are spread over the segments that
follow, without a word: their announcements tell the pace.

Speeds are shares of the first plan's, so that its hills and its split are allowed for.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import accumulate

from coach.core.events import Event
from coach.core.plan.segments import Distance, Plan
from coach.core.policy import Policy
from coach.core.session.moment import Moment
from coach.core.session.race_outlook import limit, outlook, scaled

RECENT, LEAST_RECENT, MOST_RECENT = 0.1, 300.0, 1500.0  # share of the race, s: what counts as its last part
BEFORE_PREVIEW = 3.0  # s before a segment is announced at which its pace is computed again
LAST = 30.0  # s: a runner who was fast enough for so long again does not fade
SUDDEN, CLEARLY = 0.6, 2.4  # share of that last part, limits: late by so much at its pace alone, a runner fades suddenly
WORTH_IT = 2.0  # s: smaller losses do not change the pace of a segment
LONG = 30_000.0  # m: a longer race is re-planned less often
FELT_AHEAD, LEAST_AHEAD = 0.01, 10.0  # share of the time left, s: how far ahead of a later goal is proof of being better
MARGIN = 0.5  # share of what could be won back at most: by how much a segment's pace rises without a word
FADES = 0.02  # share by which a runner may miss the pace and still be asked for more of it
LEAP = 3.0  # s of the plan in a second: nobody runs that fast
SLOWEST = 0.5  # share of the plan's pace: a slower runner walks, and may run again

Change = tuple[Plan, Event]


class Race:
    """`judge` each moment; it returns the plan for the rest of the race where that changes, and the event that says so."""

    def __init__(self, plan: Plan, policy: Policy) -> None:
        self._first, self._policy = plan, policy
        self._first_goal = self._goal = plan.goal or 0.0
        self._metres = plan.totals.metres
        self._whole = plan.totals.seconds
        self._later = [*accumulate((each.seconds or 0.0 for each in reversed(plan.segments)), initial=0.0)][::-1]
        self._factor = self._granted = 1.0  # of the speeds now; by the last change that was told
        self._window = min(MOST_RECENT, max(LEAST_RECENT, RECENT * self._whole))
        self._past: deque[tuple[float, float]] = deque([(0.0, 0.0)])  # seconds that count, and what was covered in them
        self._seconds = self._covered = 0.0
        self._elapsed = self._planned = 0.0  # s of the race, and of the first plan, at the last moment
        self._stop = _Stop(policy)
        self._since: dict[str, float] = {}  # s of the race since when a reason to change the goal has held
        self._told_at, self._told = -policy.race.apart, 0
        self._paced = -1  # the segment before whose end the pace was last computed

    @classmethod
    def of(cls, plan: Plan, policy: Policy) -> Race | None:
        """None if the plan is no race, or one whose time cannot be foreseen."""
        by_way = all(isinstance(each.length, Distance) and each.seconds is not None for each in plan.segments)
        return cls(plan, policy) if plan.goal and by_way else None

    @property
    def ahead(self) -> float:
        """Seconds ahead of the goal as it is now, if the rest is run as planned; negative is behind."""
        return self._goal - self._elapsed - (self._whole - self._planned) / self._factor

    def judge(self, moment: Moment, plan: Plan, unclear: bool) -> Change | None:
        """`unclear`: a hill explains the pace. On a poor signal the way is known when the pace is not."""
        lost = self._stop.judge(moment)
        counts = self._follow(moment, unclear)
        if lost >= self._policy.race.stop:
            return self._stopped(moment, plan, lost)
        if not counts:
            self._since.clear()
            return None
        return self._reconsidered(moment, plan) or self._spread(moment, plan)

    def struck(self, moment: Moment, plan: Plan, speed: float) -> Change | None:
        """Two corrections did not help a runner who holds `speed` (m/s): a goal that slipped before slips further at once.

        If that was said too recently, or too often, the pace follows the runner without a word. The first goal is not given up
        for two weak minutes: the outlook decides.
        """
        if not moment.target or not self._is_time() or self._goal <= self._first_goal + 1.0:
            return None
        expected = self._expected((self._of_late(self._window) + self._factor * speed / moment.target) / 2)
        if not self._late(expected):
            return None
        return self._change(moment, plan, expected, "race_estimate" if self._may_tell(moment) else "race_fades")

    def _follow(self, moment: Moment, unclear: bool) -> bool:
        """Adds what was run since the last moment; False if that says nothing about the runner's pace."""
        planned = self._whole - self._left(moment)
        step, way = moment.elapsed - self._elapsed, planned - self._planned
        self._elapsed, self._planned = moment.elapsed, planned
        leaps = not 0.0 <= way <= LEAP * step  # a key, or a signal that is back
        if unclear or leaps or self._stop.stands or moment.estimate.speed is None:
            return False
        self._seconds, self._covered = self._seconds + step, self._covered + way
        if self._seconds - self._past[-1][0] >= 1.0:
            self._past.append((self._seconds, self._covered))
            while self._past[0][0] < self._seconds - self._window:
                self._past.popleft()
        return True

    def _stopped(self, moment: Moment, plan: Plan, lost: float) -> Change:
        """The runner runs again after a stop: the pace that gets its seconds back, or else a later goal."""
        left, fit = self._left(moment), max(1.0, self._pace)
        found = outlook(self._metres, left, moment.elapsed, self._goal, fit)
        if found.feasible:
            return self._change(moment, plan, self._goal, "race_replan", lost)
        return self._change(moment, plan, moment.elapsed + left / min(1.0, self._pace), "race_estimate")

    def _reconsidered(self, moment: Moment, plan: Plan) -> Change | None:
        """A goal that slips, returns, or follows a runner who proves better."""
        if not self._may_tell(moment):
            return None
        rules, expected, now = self._policy.race, self._expected(self._pace), moment.elapsed
        whole, left = self._first_goal, self._left(moment)
        slower = self._goal > self._first_goal + 1.0
        runs_well = outlook(self._metres, left, now, self._goal, self._of_late(LAST)).feasible
        lately = self._expected(max(SLOWEST, self._of_late(SUDDEN * self._window)))
        suddenly = self._late(lately, CLEARLY)
        if self._holds("slips", (suddenly or self._late(expected)) and not runs_well, now) >= rules.slips_after:
            return self._change(moment, plan, expected, "race_estimate")
        back = slower and expected - whole < rules.back * limit(self._metres, whole - now)
        if self._holds("back", back, now) >= rules.slips_after:
            return self._change(moment, plan, whole, "race_back")
        better = slower and self._goal - expected > max(FELT_AHEAD * left, LEAST_AHEAD)
        if self._holds("better", better, now) >= 2 * rules.slips_after:
            return self._change(moment, plan, max(whole, expected), "race_estimate")
        return None

    def _spread(self, moment: Moment, plan: Plan) -> Change | None:
        """Before a segment is announced, its pace and that of all later ones: what was lost is won back over all of them."""
        soon = moment.ends_within(self._policy.announcement.preview + BEFORE_PREVIEW)
        if not soon or self._paced == moment.index or moment.following is None or moment.seconds_left is None:
            return None
        self._paced = moment.index
        left, later = self._later[moment.index + 1], self._goal - moment.elapsed - moment.seconds_left
        if later <= 0 or abs(left / self._factor - later) < WORTH_IT:
            return None
        fastest = self._granted * (1.0 + MARGIN * limit(self._metres, later) / later)
        factor = min(fastest, max(left / later, self._granted))
        if factor == self._factor or (factor > self._factor and self._of_late(self._window) < (1.0 - FADES) * self._factor):
            return None
        self._factor = factor
        changed = _retargeted(plan, self._first, moment.index + 1, factor)
        return changed, self._event(moment, changed, "race_paced")

    def _change(self, moment: Moment, plan: Plan, goal: float, how: str, lost: float | None = None) -> Change:
        self._goal = goal
        self._since.clear()
        self._factor = self._granted = self._left(moment) / max(1.0, goal - moment.elapsed)
        changed = _retargeted(plan, self._first, moment.index, self._factor)
        if how != "race_fades":
            changed = replace(changed, goal=goal)
            self._told_at = moment.elapsed
            self._told += lost is None
        return changed, self._event(moment, changed, how, lost)

    def _event(self, moment: Moment, plan: Plan, how: str, lost: float | None = None) -> Event:
        """`pace` is the speed from now on, or from the next segment on if only later ones change."""
        later = how == "race_paced"
        segment = plan.segments[moment.index + later]
        pace = segment.speed_at(0.0 if later else moment.done)
        facts = {"how": how, "speed": moment.estimate.speed, "end": pace, "finish": self._goal, "lost": lost}
        return Event(moment.at, "adapted", facts)

    # What the reasons look at

    @property
    def _pace(self) -> float:
        """The runner's pace as a share of the first plan's: half the whole race, half its last part."""
        if not self._seconds:
            return 1.0
        return max(SLOWEST, (self._covered / self._seconds + self._of_late(self._window)) / 2)

    def _of_late(self, window: float) -> float:
        """The same over the last `window` seconds."""
        begin = next(each for each in self._past if each[0] >= self._seconds - window - 1.0)
        return (self._covered - begin[1]) / max(1.0, self._seconds - begin[0])

    def _left(self, moment: Moment) -> float:
        """Seconds of the first plan that are left."""
        segment = self._first.segments[moment.index]
        return (segment.seconds_from(moment.done) or 0.0) + self._later[moment.index + 1]

    def _expected(self, pace: float) -> float:
        return self._elapsed + (self._whole - self._planned) / pace

    def _late(self, expected: float, limits: float = 1.0) -> bool:
        return expected - self._goal > limits * limit(self._metres, self._goal - self._elapsed)

    def _may_tell(self, moment: Moment) -> bool:
        rules = self._policy.race
        apart = rules.apart_long if self._metres > LONG else rules.apart
        return self._is_time() and self._told < rules.most and moment.elapsed - self._told_at >= apart

    def _is_time(self) -> bool:
        return self._policy.race.opening <= self._planned / self._whole <= 1.0 - self._policy.race.ending

    def _holds(self, reason: str, holds: bool, now: float) -> float:
        """For how many seconds this reason has held; 0 if it does not."""
        if not holds:
            self._since.pop(reason, None)
            return 0.0
        return now - self._since.setdefault(reason, now)


def _retargeted(plan: Plan, first: Plan, begin: int, factor: float) -> Plan:
    """The plan with the first plan's targets times `factor` from segment `begin` on."""
    later = (replace(each, target=scaled(each.target, factor)) for each in first.segments[begin:])
    return replace(plan, segments=(*plan.segments[:begin], *later))


class _Stop:
    """A stop, from the last running step to the first one after it; several in a row are one."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._since: float | None = None  # s: when the runner stopped
        self._went_on = 0.0  # s: when the runner last stood

    @property
    def stands(self) -> bool:
        """Whether the runner stopped, and is not up to speed again yet."""
        return self._since is not None

    def judge(self, moment: Moment) -> float:
        """The seconds of a stop, once, when the runner is up to speed again; 0 at other times."""
        at, speed = moment.at, moment.estimate.speed
        if speed is None:
            return 0.0
        if speed < self._policy.standing.below:
            self._since = at if self._since is None else self._since
            self._went_on = at
        elif self._since is not None and at - self._went_on >= self._policy.standing.settle:
            stood, self._since = self._went_on - self._since, None
            return stood
        return 0.0
