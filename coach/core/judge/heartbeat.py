"""The heart rate that is believed: the strap's, smoothed over five seconds, unless it falls silent or follows the steps.

Optical straps in the cold, and loose ones, report the cadence instead of the heart. True hearts pass the number of steps a
minute too, but seldom stay there for a minute and a half.
"""

from __future__ import annotations

from collections import deque
from statistics import fmean, median
from typing import NamedTuple

from coach.core.events import Event
from coach.core.policy import Policy

LOOKS_BACK, AVERAGED = 30.0, 10.0  # s
SMOOTHED = 5.0  # s over which the median is taken
NEAR, APART = 3.0, 6.0  # beats a minute: as near to the steps as a lock is, as far as none is
MOST_OF = 0.9  # share of the time for which a lock is near
PARTED = 20.0  # s apart from the steps after which the strap is believed again
LEAST_STEPS = 130.0  # steps a minute: a walker's steps are no faster than many hearts
DOUBTED = 15.0  # s near the steps after which nothing is said until they part, or the strap is known to lie
JUMP, JUMP_IN = 15.0, 10.0  # beats a minute, s: a rise that no heart makes at an even pace
EVEN = 0.08  # share of the speed: how even
AFTER_JUMP = 60.0  # s near the steps that are enough after such a rise


class Readings(NamedTuple):
    """What the devices say now: beats a minute of the strap, steps a minute; None where unknown."""

    bpm: float | None = None
    steps: float | None = None


class Trend:
    """Which way the heart goes: the last ten seconds against those twenty seconds before, because beats are whole numbers."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()  # s, bpm

    def forget(self) -> None:
        self._recent.clear()

    def take(self, at: float, bpm: float) -> None:
        self._recent.append((at, bpm))
        while self._recent[0][0] < at - LOOKS_BACK:
            self._recent.popleft()

    def mean(self, at: float) -> float:
        """Of the last ten seconds, beats a minute."""
        return fmean(bpm for when, bpm in self._recent if when >= at - AVERAGED)

    def per_second(self, at: float) -> float:
        """Beats a minute each second; 0 while too little is known."""
        first = [bpm for when, bpm in self._recent if when <= at - LOOKS_BACK + AVERAGED]
        return (self.mean(at) - fmean(first)) / (LOOKS_BACK - AVERAGED) if first else 0.0


class Heartbeat:
    """`bpm` is what is believed now, beats a minute; None if nothing is. While it `is_doubtful` it may be the steps."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.bpm: float | None = None
        self._recent: deque[tuple[float, float]] = deque()  # s, bpm: the last SMOOTHED seconds
        self._before: deque[tuple[float, float, float]] = deque()  # s, bpm, m/s: the last JUMP_IN seconds
        self._near: deque[tuple[float, bool]] = deque()  # s, whether the heart was near the steps then
        self._jumped_at = self._heard_at = self._parted_at = 0.0
        self._is_locked = self.was_heard = self.is_doubtful = False
        self._told: set[str] = set()

    def judge(self, at: float, now: Readings, speed: float | None, is_needed: bool) -> list[Event]:
        """`heart_locked` or `heart_lost`, once each in a run; the loss only where the heart rate `is_needed`."""
        if now.bpm is None:
            self.bpm = None
            self._recent.clear()
            silent = at - self._heard_at >= self._policy.heart.lost_after
            if not silent or not is_needed or "lost" in self._told:
                return []
            self._told.add("lost")
            return [Event(at, "heart_lost", {"silent_for": at - self._heard_at})]
        self._heard_at, self.was_heard = at, True
        self._recent.append((at, now.bpm))
        while self._recent[0][0] < at - SMOOTHED:
            self._recent.popleft()
        self._look_for_a_jump(at, now.bpm, speed)
        self._compare(at, now)
        self.bpm = None if self._is_locked else median(bpm for _, bpm in self._recent)
        if not self._is_locked or not is_needed or "locked" in self._told:
            return []
        self._told.add("locked")
        return [Event(at, "heart_locked", {"bpm": now.bpm, "steps": now.steps})]

    def _look_for_a_jump(self, at: float, bpm: float, speed: float | None) -> None:
        self._before.append((at, bpm, speed or 0.0))
        while self._before[0][0] < at - JUMP_IN:
            self._before.popleft()
        _, then, pace = self._before[0]
        if bpm - then >= JUMP and speed and pace and abs(speed / pace - 1) < EVEN:
            self._jumped_at = at

    def _compare(self, at: float, now: Readings) -> None:
        """Whether the strap follows the steps: near them for most of a while, until it is apart from them for long enough."""
        if now.bpm is None or now.steps is None or now.steps < LEAST_STEPS:
            self.is_doubtful = False
            return
        off = abs(now.bpm - now.steps)
        if self._is_locked:
            self._parted_at = self._parted_at if off > APART else at
            self._is_locked = at - self._parted_at < PARTED
            if not self._is_locked:
                self._near.clear()
            return
        self._near.append((at, off <= NEAR))
        while self._near[0][0] < at - self._policy.heart.lock_after:
            self._near.popleft()
        lately = [near for when, near in self._near if when >= at - DOUBTED]
        self.is_doubtful = sum(lately) >= MOST_OF * len(lately)
        whole = AFTER_JUMP if self._jumped_at and at - self._jumped_at < AFTER_JUMP + JUMP_IN else self._policy.heart.lock_after
        looked = [near for when, near in self._near if when >= at - whole]
        if at - self._near[0][0] >= whole - 1.0 and sum(looked) >= MOST_OF * len(looked):
            self._is_locked, self._parted_at = True, at
