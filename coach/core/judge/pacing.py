"""Judges the current pace against the current target: whether the runner is off pace, how surely, and when to correct.

estimate ──► Standing? ──► band ──► Evidence, Answer ──► inside:  excursion over? Sprint, Praise
                                                    └──► outside: strike? held back? else the Corrector speaks
"""

from __future__ import annotations

from collections import deque
from math import inf
from statistics import median

from coach.core.events import Event
from coach.core.judge.answer import Answer
from coach.core.judge.band import Bands, Limits
from coach.core.judge.corrector import OPPOSED_APART, Corrector, Held, free, side_word
from coach.core.judge.evidence import Evidence
from coach.core.judge.ground import LEVEL, Excuse
from coach.core.judge.praise import Praise, Sprint
from coach.core.judge.standing import Standing
from coach.core.plan.segments import HARD, Kind, Plan, Steady
from coach.core.policy import Policy
from coach.core.session.moment import Moment

LATE = {True: 4.0, False: 6.0}  # by footpod or not: s by which the estimate lags behind the legs, which matters on a ramp
WALKS = 0.65  # share of the target: who is slower walks, and knows
FELT = 0.08  # share: a larger change of target needs proportionally more time to settle


class Pacing:
    """Judges each moment. Says `off_pace` when a correction is due, `on_pace` when an excursion is over, `struck` when two
    corrections did not help; and what its Standing, Sprint and Praise say."""

    def __init__(self, plan: Plan, policy: Policy, level: str, corrector: Corrector, verbosity: str = "normal") -> None:
        self._policy, self._level, self.verbosity = policy, level, verbosity
        self._bands = Bands(plan, policy, level)
        self._corrector = corrector
        self._evidence, self._answer = Evidence(), Answer(policy)
        self._standing, self._praise, self._sprint = Standing(policy), Praise(policy), Sprint(policy)
        self._why, self._band = "nothing was judged yet", Limits(None, 0.0, None)
        self._found, self._of = self._band, (-1, 0.0, 1.0)  # the limits on level ground; their segment, target (m/s) and room
        self._by_footpod = False
        self._quiet_until = 0.0  # s: the runner or the signal settles until then
        self._counts_from = 0.0  # s: no evidence before that
        self._armed_at = 0.0  # s: until then a slow runner gets up to pace from standing, unless the band is reached earlier
        self._inside_since: float | None = None
        self._step, self._last_at = 0.0, -inf  # s between the last two estimates; s of the last one
        self._speeds: deque[tuple[float, float]] = deque()  # recent (s, m/s)

    @property
    def why(self) -> str:
        """Why the current pace is corrected, or why not."""
        slow, fast = (f"{limit:.2f}" if limit is not None else "any" for limit in (self._band.slow, self._band.fast))
        return self._why.format(band=f"{slow} to {fast} m/s")

    def retarget(self, plan: Plan, at: float, step: float = 0.0) -> None:
        """The plan was eased, and the target here changed by `step` (a share): the runner needs time to settle."""
        self._bands, self._of = Bands(plan, self._policy, self._level), (-1, 0.0, 1.0)
        self._sprint.give_way()
        self._settle(at, step)

    def take_back(self) -> None:
        """The last correction was not heard after all: something more urgent came in between."""
        self._answer.forget()

    def begin_segment(self, at: float, first: bool, by_footpod: bool, step: float = 0.0) -> None:
        """A segment began. Its target differs from the last one by `step` (a share): the larger, the longer it takes to settle.

        The `first` segment starts from standing.
        """
        self._armed_at = at + self._policy.correction.arm if first else at
        self._sprint.begin_segment()
        self._praise.begin_segment()
        self._by_footpod = by_footpod
        self._settle(at, step)

    def mute(self, until: float, armed_at: float = 0.0) -> None:
        """Nothing is said before `until` (s), and the excursion is over; a slow runner gets up to pace until `armed_at`."""
        self._armed_at = max(self._armed_at, armed_at)
        self._corrector.begin(0)
        self.rest(until)

    def rest(self, until: float) -> None:
        """Nothing is said before `until` (s), but the excursion goes on, because meanwhile the pace is judged by splits."""
        self._quiet_until, self._counts_from = max(self._quiet_until, until), max(self._counts_from, until)
        self._forget()
        self._speeds.clear()
        self._why = "the current pace is not judged: the signal is poor, and stretches are timed instead"

    def judge(self, moment: Moment, held: Held = free, excuse: Excuse = LEVEL) -> list[Event]:
        """What follows from this moment; `held`: the rule that keeps a kind of cue back; `excuse`: what the ground explains."""
        at, speed, target = moment.at, moment.estimate.speed, moment.target
        self._step, self._last_at = at - self._last_at, at
        if (standing := self.standing(moment)) is not None:
            return standing
        if target is None or not speed:
            self._inside_since = None
            self._why = "there is no target, or the speed is unknown"
            return []
        limits = self._limits(moment, target)
        if excuse.wider_slow or excuse.wider_fast:
            limits = limits.widened(excuse.wider_slow, excuse.wider_fast)
        self._band = limits
        inside = (limits.slow is None or speed >= limits.slow) and (limits.fast is None or speed <= limits.fast)
        side = self._noticed(at, limits, speed) if inside else limits.side(speed)
        if (side < 0 and excuse.slow) or (side > 0 and excuse.fast):
            return self._excused()
        self._remember(moment, speed)
        if self._answer.asked:
            self._answer.judge(at, speed / limits.target - 1)
        self._weigh(moment, limits, side)
        if side == 0:
            self._why = "inside the band {band}"
            return self._inside(moment, limits, held)
        self._inside_since = None
        if self._corrector.in_peace:
            self._corrector.follow(limits.widths(self._usual(), side))
        if told := self._struck(moment, limits, side) or self._told_how_it_stands(moment, limits, side, held):
            return [told]
        if why := self._held_by(moment) or held("ease_off" if side > 0 else "pick_up"):
            self._why = f"outside the band {{band}}, but {why}"
            return []
        return [self._correct(moment, limits, side)]

    def standing(self, moment: Moment) -> list[Event] | None:
        """The events for a runner who stands; None if the runner does not stand, or the speed is unknown."""
        speed = moment.estimate.speed
        if speed is None or (speed >= self._policy.standing.below and self._standing.since is None):
            return None  # the runner was running and still is
        if (told := self._standing.judge(moment.at, moment.elapsed, speed)) is None:
            return None
        if self._standing.is_stop:
            self.mute(moment.at + self._policy.standing.settle)
        self._inside_since = None
        self._why = "the runner stands"
        return told

    def _excused(self) -> list[Event]:
        """The hill explains the pace: nothing counts, neither as evidence nor as held well."""
        self._forget()
        self._why = "outside the band {band}, as the hill explains"
        return []

    def _limits(self, moment: Moment, target: float) -> Limits:
        """The band around the target of the moment to which the estimate, which lags, belongs; made anew where that changes."""
        if not isinstance(moment.segment.target, Steady):
            target = moment.target_before(LATE[self._by_footpod]) or target
        of, sigma = (moment.index, target, moment.room), self._unsure(moment)
        if of != self._of or sigma > self._found.sure:
            self._of, self._found = of, self._bands.limits(moment.index, target, sigma, moment.room)
        return self._found

    def _unsure(self, moment: Moment) -> float:
        """What the device leaves unsure whatever the runner does, m/s: a footpod's scale, half of a receiver's slow error.

        The other half, and noise, is the evidence's business.
        """
        shown, least = moment.estimate.sigma, moment.raw.sigma
        if not shown or not least:
            return 0.0
        sure = shown if shown < least else least
        return sure if self._by_footpod else sure / 2

    def _settle(self, at: float, step: float) -> None:
        rules = self._policy.correction
        settle = rules.settle_footpod if self._by_footpod else rules.settle
        settle *= 1.0 + min(1.0, max(0.0, step - FELT) / FELT)
        self._quiet_until, self._counts_from = at + settle, at + settle / 2
        self._answer.forget()
        self._corrector.begin_segment()
        self._forget()
        self._speeds.clear()

    def _forget(self) -> None:
        self._evidence.forget()
        self._inside_since = None

    def _begin_excursion(self, side: int) -> None:
        self._corrector.begin(side)
        self._inside_since = None

    def _noticed(self, at: float, limits: Limits, speed: float) -> int:
        """The side on which the evidence shows the runner before the estimate, which lags, is outside the band."""
        now = self._evidence.now
        if not now or (now > 0) is not (speed > limits.target):
            return 0
        side = 1 if now > 0 else -1
        return side if now * side >= self._needed(at) and speed != limits.target else 0

    def _needed(self, at: float) -> float:
        """The evidence that a correction needs: more, the more was said lately, so that the words go where they are needed."""
        rules = self._policy.correction
        needed: float = rules.evidence_again if self._corrector.said else getattr(rules, f"evidence_{self.verbosity}")
        return needed * (1.0 + rules.evidence_often * self._corrector.lately(at))

    def _weigh(self, moment: Moment, limits: Limits, side: int) -> None:
        """Counts this moment as evidence, unless the legs or the estimate are still settling."""
        at, corrector, rules = moment.at, self._corrector, self._policy.correction
        if side and side != corrector.side:
            self._begin_excursion(side)
        if at < self._counts_from:
            return
        if at - corrector.said_at >= (rules.response_footpod if self._by_footpod else rules.response):
            if moment.room > 1.0:
                limits = limits.eased(moment.estimate.speed or 0.0, moment.room)
            self._evidence.judge(moment.raw, limits, self._by_footpod)

    def _inside(self, moment: Moment, limits: Limits, held: Held) -> list[Event]:
        at, corrector = moment.at, self._corrector
        self._armed_at = min(self._armed_at, at)
        if self._inside_since is None:
            self._inside_since = at
        if corrector.in_peace and at - self._inside_since >= self._policy.giving_way.peace_inside:
            corrector.end_peace()
        if corrector.said and at - self._inside_since >= self._policy.correction.inside:
            self._begin_excursion(0)
            return [Event(at, "on_pace")]
        is_finish = moment.segment.kind is Kind.PEAK and at >= max(self._quiet_until, corrector.said_at + OPPOSED_APART)
        if is_finish and (sprinting := self._sprint.judge(moment, limits, held)):
            return sprinting
        inside = at - self._inside_since
        if not self._praise.is_due or inside < self._policy.praise.after:
            return []
        return self._praise.judge(moment, inside, limits.target, self._usual)

    def _correct(self, moment: Moment, limits: Limits, side: int) -> Event:
        estimate = moment.estimate
        self._why = f"outside the band {{band}}, evidence {abs(self._evidence.now):.1f}"
        self._answer.ask(moment.at, (estimate.speed or 0.0) / limits.target - 1)
        facts = {
            "segment": moment.index + 1,
            "speed": estimate.speed,
            "target": moment.target,
            "sigma": estimate.sigma,
            "slow_limit": limits.slow,
            "fast_limit": limits.fast,
            "side": side_word(side),
        }
        return self._corrector.correct(moment.at, moment.segment, facts)

    def _held_by(self, moment: Moment) -> str:
        """The rule that keeps a correction back; empty if it is due."""
        at, rules = moment.at, self._policy.correction
        apart = (rules.second_after_footpod if self._by_footpod else rules.second_after) * self._answer.patience
        if at - self._corrector.said_at < apart:
            return f"correction.second_after = {apart:g} s since the last correction"
        if why := self._corrector.why_silent(at, self._answer.was_answered):
            return why
        if at < self._quiet_until:
            return f"the runner or the signal is settling for {self._quiet_until - at:.0f} s more"
        if at < self._armed_at and self._corrector.side < 0:
            return f"the runner has {self._armed_at - at:.0f} s more to get up to pace from standing"
        evidence = max(0.0, self._evidence.now * self._corrector.side)
        if evidence < (needed := self._needed(at)):
            return f"the evidence is {evidence:.1f} of {needed:.1f}"
        if (surely := self._evidence.surely(self._corrector.side)) < rules.sure:
            return f"it is only {surely:.1f} sigmas sure that it still is"
        quiet = min(rules.quiet_most, max(rules.quiet_end, rules.quiet_share * (moment.segment.seconds or 0.0)))
        return f"the segment ends within {quiet:.0f} s" if moment.ends_within(quiet) else ""

    def _struck(self, moment: Moment, limits: Limits, side: int) -> Event | None:
        """`struck` if the runner is still off pace after two corrections; the median of recent speeds decides.

        The last seconds of a segment are reserved for the announcement of the next.
        """
        if not self._corrector.may_strike(moment.at) or moment.ends_within(self._policy.correction.quiet_end):
            return None
        usual = self._usual()
        if limits.side(usual) != side:
            return None
        facts = {"side": side_word(side), "speed": usual, "target": limits.target}
        facts |= {"bands": limits.widths(usual, side), "segment": moment.index + 1}
        return self._corrector.strike(moment.at, facts)

    def _told_how_it_stands(self, moment: Moment, limits: Limits, side: int, held: Held) -> Event | None:
        """How it stands, for a runner who is surely still off pace after the corrections: not a third one."""
        at, corrector = moment.at, self._corrector
        quiet = at < self._quiet_until or moment.ends_within(self._policy.correction.quiet_end)
        if quiet or not corrector.may_tell(at) or held("still_off"):
            return None
        speed = moment.estimate.speed or 0.0
        if not limits.side(self._usual()) == limits.side(speed) == side or speed < WALKS * limits.target:
            return None
        if not corrector.in_peace and self._evidence.surely(side) < self._policy.correction.sure:
            return None
        self._answer.ask(at, speed / limits.target - 1)
        return corrector.tell(at, {"speed": speed, "target": moment.target, "side": side_word(side)})

    def _remember(self, moment: Moment, speed: float) -> None:
        giving_way = self._policy.giving_way
        span = giving_way.strike_span_hard if moment.segment.kind in HARD else giving_way.strike_span
        self._speeds.append((moment.at, speed))
        while self._speeds[0][0] < moment.at - span:
            self._speeds.popleft()

    def _usual(self) -> float:
        """The median of recent speeds, m/s."""
        return median(speed for _, speed in self._speeds)
