"""Starts and pauses that follow the runner: a run that waits for the first steps, and pauses while the runner stands.

    waiting ──speed known──► "Ready" ──moves (or a key)──► RUNNING ──stands──► PAUSED ──moves──► RUNNING

What the runner does by key is the runner's: a pause by key ends by key, and who goes on by key while standing is not paused
again before moving.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from coach.core.events import Estimate, Event
from coach.core.policy import Policy
from coach.core.session.phases import Phase, Session

STARTS = ("now", "moving", "key")  # when a run starts
PAUSES = ("never", "standing")  # when it pauses by itself
TOLD_AFTER = 5.0  # s of a pause of this sort before it is said: one that is over by then is not worth two words
BLIND_FOR = 60.0  # s without a speed after which a run that waits says so, and again after as long: nobody waits in silence
REMIND_AFTER = 30.0  # s of running before the key was pressed, after which "Ready" is said once more
SURE = 2.0  # sigmas by which a speed must differ from 0: a receiver that has just woken up invents some


class Going:
    """Call it after the session has advanced; it starts, pauses and resumes the session and returns the events of that."""

    def __init__(self, policy: Policy, start: str, pause: str) -> None:
        self._start, self._pauses = start, pause == "standing"
        self._policy, self._ask_after = policy.moving, policy.standing.ask_after
        self._known, self._moving, self._standing = _Span(), _Span(), _Span()
        self._ready_said = self._reminded = False
        self._blind_since: float | None = None  # s: when it began to wait without a speed, or last said so
        self._paused_at: float | None = None  # s: when it paused by itself; None while it is not
        self._has_told = self._has_asked = False
        self._may_pause = True
        self._flaps: deque[float] = deque(maxlen=policy.moving.flaps)  # s: when the last pauses of this sort began

    def judge(self, estimate: Estimate, session: Session) -> list[Event]:
        if session.phase is Phase.READY and self._start != "now":
            self._look(estimate)
            return self._wait(estimate.at, session)
        if not self._pauses or session.phase not in (Phase.RUNNING, Phase.PAUSED):
            return []
        self._look(estimate)
        if session.phase is Phase.PAUSED:
            return [] if self._paused_at is None else self._rest(estimate.at, self._paused_at, session)
        if self._paused_at is not None:  # the runner went on by key
            self._paused_at, self._may_pause = None, False
        return self._run(estimate.at, session)

    def _look(self, estimate: Estimate) -> None:
        at, speed, policy = estimate.at, estimate.speed, self._policy
        surely = max(policy.above, SURE * (estimate.sigma or 0.0))
        self._known.look(at, speed is not None)
        self._moving.look(at, speed is not None and speed >= surely)
        self._standing.look(at, speed is not None and speed < policy.below)

    def _wait(self, at: float, session: Session) -> list[Event]:
        if self._known.lasts(at) < self._policy.ready_after:
            return self._blind(at)
        self._blind_since = at
        moves = self._moving.lasts(at)
        if self._start == "moving" and moves >= self._policy.moving_for:
            return session.begin(at)
        if self._start == "key" and moves >= REMIND_AFTER and not self._reminded:
            self._reminded = self._ready_said = True
        elif moves >= 0 or self._ready_said:
            return []
        self._ready_said = True
        return [Event(at, "ready", {"start": self._start})]

    def _blind(self, at: float) -> list[Event]:
        """`waiting` once a minute while there is no speed."""
        self._blind_since = at if self._blind_since is None else self._blind_since
        if at - self._blind_since < BLIND_FOR:
            return []
        self._blind_since = at
        return [Event(at, "waiting", {"start": self._start})]

    def _run(self, at: float, session: Session) -> list[Event]:
        self._may_pause = self._may_pause or self._moving.lasts(at) >= self._policy.moving_for
        if not self._may_pause or self._standing.lasts(at) < self._policy.standing_for:
            return []
        self._paused_at, self._has_told, self._has_asked = at, False, False
        self._flaps.append(at)
        return [replace(each, facts={**each.facts, "told": False}) for each in session.press(at, "pause", by="standing")]

    def _rest(self, at: float, since: float, session: Session) -> list[Event]:
        if self._moving.lasts(at) >= self._policy.moving_for:
            self._paused_at = None
            told = {"told": self._has_told}
            return [
                replace(each, facts={**each.facts, **told}) for each in session.press(at, "resume", by="moving")
            ] + self._flapped(at)
        if not self._has_told and at - since >= TOLD_AFTER and self._standing.lasts(at) >= 0:
            self._has_told = True
            return [Event(at, "pause_lasts", {"for": at - since})]
        stood = at - since + self._policy.standing_for
        if self._has_asked or stood < self._ask_after:
            return []
        self._has_asked = True
        return [Event(at, "standing", {"for": stood})]

    def _flapped(self, at: float) -> list[Event]:
        """`pause_off` if it paused and went on too often lately: where nobody stood, or at every corner."""
        often = len(self._flaps) == self._policy.flaps and at - self._flaps[0] <= self._policy.flaps_within
        self._pauses = not often
        return [Event(at, "pause_off", {"flaps": len(self._flaps)})] if often else []


class _Span:
    """How long something has been so."""

    def __init__(self) -> None:
        self._since: float | None = None

    def look(self, at: float, holds: bool) -> None:
        self._since = (at if self._since is None else self._since) if holds else None

    def lasts(self, at: float) -> float:
        """How long it has been so, s; negative while it is not."""
        return -1.0 if self._since is None else at - self._since
