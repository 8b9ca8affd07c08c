"""A state in the runner's language and units: the texts that the terminal and the page show."""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.units import METRES, clock_text, distance_text, pace_seconds, pace_text, speed_text
from coach.ui.state import Part, State
from coach.ui.terminal import one_line
from coach.voice.words.screen import Screen

ON_PLAN = 3.0  # s ahead or behind that are not worth a number
SLOWEST = 0.6  # m/s: the pace of who stands is not told


@dataclass(frozen=True, slots=True)
class Told:
    """Each is one line without control characters; empty where there is nothing to tell."""

    phase: str
    pace: str  # "5:12", or "11.5" on a treadmill; "–" while unknown
    unit: str  # "/km"
    target: str  # "5:05", "heart 140–150" or "by feel"
    band: str  # "5:00–5:10"
    off: str  # "7 s too fast", "on pace", "heart 158, too high"
    segment: str  # "Build, 2 of 5", or "Free run"
    left: str  # "3:20 left"
    next: str  # "Next: Peak, 4:40/km, 5:00"
    ahead: str
    elapsed: str
    distance: str
    signal: str
    heart: str
    warning: str


class Teller:
    """Tells states in one language and system of units ("metric", "imperial")."""

    def __init__(self, language: str, units: str) -> None:
        self.screen = Screen.load(language)
        self._unit = "mi" if units == "imperial" else "km"

    def told(self, state: State) -> Told:
        live = self.screen.live
        pace, unit = self._measure(state, state.speed if state.speed and state.speed > SLOWEST else None)
        return Told(
            phase=live(state.phase),
            pace=pace or "–",
            unit=unit,
            target=self._target(state),
            band=self._band(state),
            off=self._off(state),
            segment=self._segment(state),
            left=self._left(state),
            next=self._next(state),
            ahead=self._ahead(state.ahead),
            elapsed=clock_text(state.elapsed),
            distance=distance_text(state.distance, self._unit),
            signal=live(state.signal),
            heart=live("beats", beats=round(state.heart)) if state.heart else "",
            warning=self._warning(state),
        )

    def _measure(self, state: State, speed: float | None) -> tuple[str, str]:
        """A speed as this runner reads it, and its unit: km/h or mph on a treadmill, else a pace."""
        if state.treadmill:
            number, _, unit = speed_text(speed or 0.0, self._unit).partition(" ")
            return number if speed else "", unit
        return pace_text(speed, self._unit).partition("/")[0] if speed else "", f"/{self._unit}"

    def _target(self, state: State) -> str:
        if state.now.heart:
            low, high = state.now.heart
            return self.screen.live("heart", low=round(low), high=round(high))
        return self._measure(state, state.target)[0] or self.screen.live("feel")

    def _band(self, state: State) -> str:
        """Its edges, the slower speed first on a treadmill and the faster pace first elsewhere; or the one that counts."""
        low, high = (self._measure(state, edge)[0] for edge in (state.low, state.high))
        if low and high:
            return f"{low}–{high}" if state.treadmill else f"{high}–{low}"
        at_least, at_most = ("≥", "≤") if state.treadmill else ("≤", "≥")
        return f"{at_least} {low}" if low else f"{at_most} {high}" if high else ""

    def _segment(self, state: State) -> str:
        """Its name, and which of how many it is, if there are others."""
        name = self._name(state.now.name)
        return self.screen.live("part", name=name, number=state.now.segment, of=state.of) if state.of > 1 else name

    def _off(self, state: State) -> str:
        if state.now.heart and state.heart:
            (low, high), beats = state.now.heart, round(state.heart)
            how = "heart_low" if beats < round(low) else "heart_high" if beats > round(high) else "heart_inside"
            return self.screen.live(how, beats=beats)
        if state.side is None or not state.speed or not state.target or state.speed <= SLOWEST:
            return ""
        if state.side == "inside":
            return self.screen.live("inside")
        if state.treadmill:
            gap = speed_text(abs(state.speed - state.target), self._unit)
        else:
            per = METRES[self._unit]
            gap = f"{abs(pace_seconds(state.speed, per) - pace_seconds(state.target, per))} s"
        return self.screen.live(state.side, gap=gap)

    def _left(self, state: State) -> str:
        if state.phase == "done":
            return ""
        if state.now.until in ("lap", "heart"):
            return self.screen.live(f"until_{state.now.until}")
        if state.metres_left is not None:
            return self.screen.live("left", amount=distance_text(state.metres_left, self._unit))
        return self.screen.live("left", amount=clock_text(state.seconds_left)) if state.seconds_left is not None else ""

    def _next(self, state: State) -> str:
        if state.phase == "done" or state.of == 1:
            return ""
        if state.next is None:
            return self.screen.live("last")
        parts = [self._name(state.next.name), self._asked(state, state.next), self._length(state.next)]
        return self.screen.live("next", name=", ".join(filter(None, parts)))

    def _asked(self, state: State, part: Part) -> str:
        if part.heart:
            return self.screen.live("heart", low=round(part.heart[0]), high=round(part.heart[1]))
        start, end = (self._measure(state, speed)[0] for speed in (part.start, part.end))
        if not start:
            return self.screen.live("feel")
        return start if start == end else f"{start} → {end}"

    def _length(self, part: Part) -> str:
        if part.metres is not None:
            return distance_text(part.metres, self._unit)
        return clock_text(part.seconds) if part.seconds is not None else ""

    def _ahead(self, seconds: float | None) -> str:
        if seconds is None:
            return ""
        if abs(seconds) < ON_PLAN:
            return self.screen.live("on_plan")
        return self.screen.live("ahead" if seconds > 0 else "behind", time=clock_text(abs(seconds)))

    def _warning(self, state: State) -> str:
        told = [] if state.saved else [self.screen.live("not_saved")]
        return "   ".join(told + [self.screen.live("battery", device=one_line(each)) for each in state.battery_low])

    def _name(self, name: str) -> str:
        return one_line(self.screen.name(name))
