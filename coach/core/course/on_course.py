"""A run on a course: how far along it the runner is, whether they have left it, and which hills are run by effort."""

from __future__ import annotations

from coach.core.course.hills import Hills
from coach.core.course.progress import Progress
from coach.core.events import Event
from coach.core.plan.course import Course
from devices.sample import Fix


class OnCourse:
    """Takes fixes. `advance` converts the estimate's metres to metres along the course; `judge` returns what became true."""

    def __init__(self, course: Course, paced: bool) -> None:
        """`paced`: the plan was made for this course, so its paces allow for the hills."""
        self._progress = Progress(course)
        self._hills = Hills(course, paced)
        self._events: list[Event] = []

    def feed(self, fix: Fix) -> None:
        self._progress.feed(fix)

    def advance(self, at: float, run: float) -> float:
        """Metres from the start of the course, once the estimate says that `run` metres were run."""
        self._events += self._progress.advance(at, run)
        return self._progress.metres

    def judge(self, at: float, target: float | None) -> list[Event]:
        """What became true since the last time; `target` (m/s) is the one to announce once it is level again."""
        events, self._events = self._events, []
        if self._progress.on_course and not self._progress.finished:
            events += self._hills.judge(at, self._progress.metres, target)
        return events

    def is_quiet(self, at: float) -> bool:
        """Whether pace corrections are off: on a hill run by effort, or just after a change of slope."""
        return at <= self._hills.quiet_until and self._hills.quiet_until > 0
