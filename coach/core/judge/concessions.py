"""What a training plan concedes to the runner, in order: an offer, an easier plan, and the first plan again."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from coach.core.events import Event
from coach.core.judge.ground import Excuse
from coach.core.plan.segments import Plan
from coach.core.session.giving_way import Adaptation
from coach.core.session.loan import Loan, returned
from coach.core.session.moment import Moment
from coach.core.session.offer import Offer
from coach.core.session.phases import Session
from coach.core.settings import Settings

Change = tuple[Plan | None, Event]  # the new plan, None if it stays as it is; and what became true


class Concessions:
    """Answers the events that show a runner who cannot hold the plan; follows what becomes of it.

    Until the first such event there is nothing to follow, and `are_open` is False.
    """

    def __init__(self, settings: Settings) -> None:
        self._policy = settings.policy
        self._adaptation = Adaptation(settings.policy, settings.easy_speed)
        self._offer, self._loan = Offer(settings.policy, settings.keys), Loan(settings.policy)
        self.are_open = False
        self._last = inf  # s of running at the last moment

    def answer(self, event: Event, session: Session, moment: Moment, before: Moment | None) -> Change | None:
        """What follows from `struck` or `heart_high`; None if nothing does. `before` is the moment before this one."""
        if event.name not in ("struck", "heart_high"):
            return None
        if before and not self.are_open:
            self.are_open, self._last = True, before.elapsed
        if event.name == "struck" and event.facts["side"] == "slow":
            foreseen = self._adaptation.foreseen(event.at, session, event.facts["speed"], event.facts["bands"])
            offered = foreseen and self._offer.make(event, session, foreseen[1])
            return (None, offered) if offered else self._give_way(event, session)
        return self._ease_for_heart(event, session, moment.estimate.speed) if event.name == "heart_high" else None

    def answered(self, at: float, key: str, target: float | None) -> list[Event]:
        """`plan_kept` if this key answers an open offer."""
        return self._offer.answered(at, key, target)

    def follow(self, session: Session, moment: Moment, excuse: Excuse) -> Change | None:
        """The end of an offer that was not answered, or the first plan for a runner who is back at it."""
        ended = self._offer.unanswered(moment) if moment.elapsed >= self._offer.until else None
        if ended is not None and ended.name == "struck":
            return self._give_way(replace(ended, at=moment.at), session)
        if ended is not None:
            return None, ended
        seconds, self._last = moment.elapsed - self._last, moment.elapsed
        if not self._loan.is_open or not self._loan.is_paid_back(moment, seconds, excuse.slow or excuse.fast):
            return None
        self._loan.close()
        self._adaptation.paid_back()
        return returned(moment.at, session, moment.estimate.speed)

    def _give_way(self, strike: Event, session: Session) -> Change | None:
        changed = self._adaptation.struck(strike.at, session, strike.facts["speed"], strike.facts["bands"])
        if changed is not None:
            self._owes(changed[1].facts["how"] != "ease_to_end")
        return changed

    def _ease_for_heart(self, event: Event, session: Session, speed: float | None) -> Change | None:
        if not speed:
            return None
        if event.facts["nth"] > 1:
            changed = self._adaptation.ease(event.at, session, speed)
        else:
            changed = self._adaptation.lower(event.at, session, self._policy.heart.lower_by)
        if changed is None:
            return None
        self._owes(False)
        self._offer.withdraw()
        plan, adapted = changed
        return plan, replace(adapted, facts={**adapted.facts, "bpm": event.facts["bpm"]})

    def _owes(self, returns: bool) -> None:
        self._loan.open() if returns else self._loan.close()
