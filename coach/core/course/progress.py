"""How far along the course a runner is. Positions are matched to the course, so that a kilometre ends where the course says.

Between positions the estimate's metres count. Each position corrects them a little; the correction depends on the metres run,
not on time, so a runner who stands still does not creep forward. Only the part of the course that the runner can have reached
is searched, so that out and back, crossings and earlier laps are never confused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, sqrt

from coach.core.events import Event
from coach.core.geometry import east_north, nearest_share
from coach.core.plan.course import Course
from devices.sample import Fix, Mode

EPOCH = 0.9  # s: positions closer together in time have the same error
STEP = 0.5  # m: a runner who moved less than this since the last position is standing
SIGMA = 5.0  # m: the standard deviation of a position at best; its error changes only over minutes
START = 5.0  # m: standard deviation of where a run begins, about the start of the course
DRIFT = 0.02  # m² per m: growth of the error of the estimate's metres; with SIGMA, positions correct it over about 80 m
GAP, GAP_SPEED, GAP_SHARE = 3.0, 3.0, 0.3  # after this many s without a fix, assume this m/s, with this relative error
AROUND = 25.0  # m searched behind and ahead, plus three sigmas
BEYOND = 100.0  # m by which the first and last leg are extended: a runner waiting behind the line has not started
OFF, OFF_FOR = 50.0, 10.0  # the runner has left the course after being more than this many m away from it for this many s
NEAR = 25.0  # m from the course: back on it, if the runner follows it from here
FOLLOWED, LEAPT = 25.0, 100.0  # m to follow the course until it counts as met again: usually; after a leap along it
EXPECTED = 200.0  # m further along the course than was run that do not count as a leap
ALIKE = 0.35  # share by which metres run and metres along the course may differ


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the course: metres from its start, and how far from it the runner is."""

    along: float
    off: float


class Progress:
    """Takes fixes and the estimate's metres. `metres` is how far along the course the runner is; it never decreases."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.metres = 0.0
        self.on_course = True
        self.finished = False
        self._fix: Fix | None = None
        self._offset, self._variance = 0.0, START**2  # of metres along the course minus the estimate's metres; m, m²
        self._at: float | None = None  # when a position was last matched to the course
        self._run = 0.0  # the estimate's metres then
        self._off_since: float | None = None
        self._looked = 0.0  # s: when the whole course was last searched
        self._found: tuple[float, float] | None = None  # where the course was met again: m along it, m run by then

    def feed(self, fix: Fix) -> None:
        """Takes the latest position; it is used by the next `advance`."""
        if fix.mode >= Mode.FIX_2D and fix.lat is not None:
            self._fix = fix

    def advance(self, at: float, run: float) -> list[Event]:
        """Moves on: the estimate says that `run` metres were run by now."""
        fix, self._fix = self._fix, None
        events: list[Event] = []
        if fix is not None and not self.finished:
            events = self._stay(fix, run) if self.on_course else self._return(fix, run)
        self.metres = max(self.metres, run + self._offset)
        self.finished = self.finished or (self.on_course and self.metres >= self.course.length)
        return events

    def _stay(self, fix: Fix, run: float) -> list[Event]:
        since, way = 0.0 if self._at is None else fix.at - self._at, run - self._run
        if self._at is not None and since < EPOCH:
            return []
        variance = self._variance + DRIFT * way
        if since > GAP and way >= STEP:
            variance += (GAP_SHARE * max(way, GAP_SPEED * since)) ** 2
        here = self._nearest(fix, run + self._offset, sqrt(variance))
        if here.off > OFF:
            return self._leave(fix.at)
        self._off_since = None
        if self._at is not None and way < STEP:
            return []
        noise = max(SIGMA, fix.sigma or 0.0) ** 2 + here.off**2
        gain = variance / (variance + noise)
        self._offset += gain * (here.along - run - self._offset)
        self._variance = variance * (1 - gain)
        self._at, self._run = fix.at, run
        return []

    def _leave(self, at: float) -> list[Event]:
        self._off_since = at if self._off_since is None else self._off_since
        if at - self._off_since < OFF_FOR:
            return []
        self.on_course, self._off_since, self._found = False, None, None
        return [Event(at, "off_course", {"metres": round(self.metres, 1)})]

    def _return(self, fix: Fix, run: float) -> list[Event]:
        """Off the course: the runner is back on it after following it for a while; crossing it is not enough."""
        if fix.at - self._looked < EPOCH:
            return []
        self._looked = fix.at
        left = self._run + self._offset  # m along the course: where the runner was last on it
        reach = run + self._offset
        places = [place for place in self._places(fix, left - AROUND, left + self.course.lap) if place.off <= NEAR]
        if not places:
            self._found = None
            return []
        if self._found:
            wanted = self._found[0] + run - self._found[1]
            here = min(places, key=lambda place: abs(place.along - wanted))
            followed = run - self._found[1]
            if abs(here.along - wanted) <= AROUND / 2 + ALIKE * followed:
                leapt = not left - AROUND <= here.along <= reach + EXPECTED
                return self._back(fix, run, here) if followed >= (LEAPT if leapt else FOLLOWED) else []
        here = min(places, key=lambda place: max(left - place.along, place.along - reach, 0.0))
        self._found = here.along, run
        return []

    def _back(self, fix: Fix, run: float, here: Place) -> list[Event]:
        self.on_course = True
        self._offset, self._variance = here.along - run, SIGMA**2
        self._at, self._run = fix.at, run
        return [Event(fix.at, "back_on_course", {"metres": round(here.along, 1)})]

    def _nearest(self, fix: Fix, wanted: float, sigma: float) -> Place:
        """The likeliest place on the course: near the fix, and near the `wanted` metres along the course."""
        around = AROUND + 3 * sigma
        places = list(self._places(fix, wanted - around, wanted + around))
        return min(places, key=lambda place: hypot(place.off / SIGMA, (place.along - wanted) / (SIGMA + sigma)))

    def _places(self, fix: Fix, begin: float, end: float) -> Iterator[Place]:
        """The place nearest to the fix on each leg between two distances."""
        lat, lon = fix.lat or 0.0, fix.lon or 0.0
        for (start_lat, start_lon, start), (stop_lat, stop_lon, stop) in self.course.legs(begin, end):
            ahead = east_north(start_lat, start_lon, stop_lat, stop_lon)
            place = east_north(start_lat, start_lon, lat, lon)
            share = nearest_share(ahead, place)
            low = max(begin, -BEYOND) if start == 0 else max(begin, start)
            high = min(end, stop + BEYOND) if stop > self.course.length - 1e-6 else min(end, stop)
            if low <= high:
                along = min(high, max(low, start + share * (stop - start)))
                share = (along - start) / (stop - start)
                yield Place(along, hypot(place[0] - share * ahead[0], place[1] - share * ahead[1]))
