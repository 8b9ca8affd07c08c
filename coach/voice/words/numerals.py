"""Writes numbers, paces, times and distances as words of a language, so that the speech engine meets no digit, colon or unit.

Engines read "5:05" as "five zero five", "5:30" in German as an hour of the day, and "/km" as "slash k m".
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

from coach.core.units import METRES, SECONDS

QUANTUM = 5  # s per km or mile: a runner cannot feel less, and no estimate is better than that
LEAST_SPEED = 0.3  # m/s: at a lower speed the runner is standing, and the pace would be hours long
YARDS = METRES["mi"] / 1760
SHORT_WAY = {"metric": 995.0, "imperial": METRES["mi"] / 10}  # m: shorter distances are said in the smaller unit
STRETCH = 50  # m or yards: the way that splits are timed over is said in steps of so many
TRACK_WAY = 1600.0  # m: up to here round hundreds are said in metres for everybody, as on every track


class Numerals:
    """Turns quantities in SI units into words; `units` ("metric", "imperial") chooses kilometres or miles.

    Paces are said in steps of `step` seconds: in a race to the second; with `belt` as a treadmill shows them, in km/h or mph.
    """

    def __init__(self, language: Mapping[str, Any], units: str, step: int = QUANTUM, belt: bool = False) -> None:
        self._step, self.on_belt = step, belt
        self._numbers = language["numbers"]
        self._below_hundred: list[str] = self._numbers["below_hundred"].split()
        self._units: Mapping[str, list[str]] = language["units"]
        self._spelled_out: Mapping[str, str] = language["spelled_out"]
        self._agreement: Mapping[str, Mapping[str, str]] = language["agreement"]
        self._pace = language["pace"]
        self.system = units
        self.per = METRES["km"] if units == "metric" else METRES["mi"]

    def number(self, value: int) -> str:
        """ "three hundred forty-two"; a million and more is said digit by digit."""
        if value < 100:
            return self._below_hundred[value]
        if value < 1000:
            return self._compound("hundred", *divmod(value, 100))
        if value < 1_000_000:
            return self._compound("thousand", *divmod(value, 1000))
        return self.digits(str(value))

    def beats(self, value: float) -> str:
        """A heart rate, "one seventy-two", "one oh five", where a language says it so; else the number."""
        count = floor(value + 0.5)
        hundreds, rest = divmod(count, 100)
        if "beats" not in self._numbers or not rest or not 1 <= hundreds <= 9:
            return self.number(count)
        form = "beats_few" if rest < 10 else "beats"
        return str(self._numbers[form].format(hundred=self.number(hundreds), rest=self.number(rest)))

    def digits(self, digits: str) -> str:
        return " ".join(self._below_hundred[int(digit)] for digit in digits)

    def decimal(self, value: float) -> str:
        """ "eight point one", to a tenth; "eight" for a whole number."""
        whole, tenth = divmod(floor(value * 10 + 0.5), 10)
        if not tenth:
            return self.number(whole)
        form = "decimal" if whole else "below_one"
        return str(self._numbers[form].format(whole=self.number(whole), tenth=self.number(tenth)))

    def time(self, seconds: float) -> str:
        """ "ninety seconds", "ten minutes", "one hour thirty minutes"; to the second."""
        whole = floor(seconds + 0.5)
        if whole < 60 or whole in range(61, 100):
            return self._count("second", whole)
        hours, rest = divmod(whole, 3600)
        minutes, second = divmod(rest, 60)
        parts = (("hour", hours), ("minute", minutes), ("second", second))
        return " ".join(self._count(unit, count) for unit, count in parts if count)

    def about(self, seconds: float) -> str:
        """A time rounded as a friend would: to ten seconds, from two minutes on to half a minute, from ten on to a minute."""
        step = 10 if seconds < 120 else 30 if seconds < 600 else 60
        return self.time(max(step, step * floor(seconds / step + 0.5)))

    def left(self, facts: Mapping[str, Any]) -> str:
        """What is left of the segment; "" if it has no planned end."""
        if facts.get("seconds_left") is not None:
            return self.about(facts["seconds_left"])
        return "" if facts.get("metres_left") is None else self.distance(facts["metres_left"])

    def distance(self, metres: float) -> str:
        """ "four hundred meters", "eight point one kilometers", "five miles"."""
        if self.system == "metric" and metres >= SHORT_WAY["metric"]:
            return self.of_unit("kilometer", metres / METRES["km"])
        if self.system == "metric" or (metres <= TRACK_WAY and metres % 100 == 0):
            return self._count("meter", _round_way(metres))
        if metres >= SHORT_WAY["imperial"]:
            return self.of_unit("mile", metres / METRES["mi"])
        return self._count("yard", _round_way(metres / YARDS))

    def stretch(self, metres: float) -> str:
        """ "two hundred fifty meters", "two hundred yards": a few hundred metres, to fifty of the unit."""
        unit, of = ("meter", metres) if self.system == "metric" else ("yard", metres / YARDS)
        return self._count(unit, STRETCH * max(1, floor(of / STRETCH + 0.5)))

    def pace(self, speed: float, brief: bool = False) -> str:
        """ "five thirty", "five oh five"; a pace of whole minutes is "five minutes per kilometer", or `brief`, "five flat".

        On a belt "ten point six".
        """
        if self.on_belt:
            return self.setting(speed)
        taken = self._taken(speed)
        short, even = self._short_pace(taken)
        if even and brief:
            return str(self._pace["flat"].format(minutes=short))
        return str(self._pace[self.system].format(even=short)) if even else short

    def setting(self, speed: float) -> str:
        """ "ten point six": what a treadmill shows."""
        return self.decimal(speed * SECONDS["h"] / self.per)

    def total(self, facts: Mapping[str, Any]) -> str:
        """The length of the run, as a time or a distance like its first segment; "" if it has no planned end."""
        seconds, metres = facts["total_seconds"], facts["total_metres"]
        if metres is not None and (facts["metres"] is not None or seconds is None):
            return self.distance(metres)
        return "" if seconds is None else self.about(seconds)

    def pace_range(self, first: float, last: float) -> str:
        """ "between four forty and four twenty-five", from two speeds."""
        return self._two("range", first, last)

    def ramp(self, start: float, end: float) -> str:
        """ "from six oh five down to four fifty-five", from two speeds."""
        return self._two("down" if end > start else "up", start, end)

    def are_alike(self, first: float, last: float) -> bool:
        """Whether two speeds are said as the same pace."""
        return self._taken(first) == self._taken(last)

    def size(self, seconds: int, form: str = "off") -> str:
        """The size of a correction, in words; the form "stretch" is that over some hundred metres."""
        return str(self._pace[f"{form}_{self.system}"].format(size=self._count("second", seconds)))

    def off_by(self, speed: float, target: float) -> int | None:
        """Seconds per km or mile between two speeds, in steps of QUANTUM and at least one step; None if a speed is too low."""
        if min(speed, target) < LEAST_SPEED:
            return None
        difference = abs(self.per / speed - self.per / target)
        return max(QUANTUM, QUANTUM * floor(difference / QUANTUM + 0.5))

    def exact(self, seconds: float) -> str:
        """ "five twenty-one": a time over a lap, a kilometre or a mile to the second, as it was recorded."""
        whole = floor(seconds + 0.5)
        return self._short_pace(whole)[0] if 60 <= whole < 3600 else self.time(whole)

    def clock(self, minutes: int, seconds: int) -> str:
        """ "five thirty" for a written "5:30"."""
        return self._short_pace(minutes * 60 + seconds)[0]

    def of_unit(self, unit: str, value: float) -> str:
        """ "one kilometer", "one point five kilometers": a value to a tenth, with a unit from the language's [units]."""
        words = self.decimal(value)
        one, many, *grammar = self._units[unit]
        if words == self.number(1):
            return one
        few = grammar[1] if len(grammar) > 1 and value < 2 else many
        return few.format(n=self._agreeing(words, grammar))

    def _taken(self, speed: float) -> int:
        return self._step * floor(self.per / max(speed, LEAST_SPEED) / self._step + 0.5)

    def _short_pace(self, taken: int) -> tuple[str, bool]:
        minutes, seconds = divmod(taken, 60)
        if not seconds:
            return str(self._pace["even"].format(minutes=self._count("minute", minutes))), True
        clear = self._spelled_out.get(f"{minutes}:") or self._spelled_out.get(f":{seconds}")
        form = clear or self._pace["few" if seconds < 10 else "plain"]
        return str(form.format(minutes=self.number(minutes), seconds=self.number(seconds))), False

    def _two(self, form: str, first: float, last: float) -> str:
        if self.are_alike(first, last):
            return self.pace(last)
        short, _ = self._short_pace(self._taken(first))
        return str(self._pace[form].format(first=short, last=self.pace(last)))

    def _count(self, unit: str, count: int) -> str:
        one, many, *grammar = self._units[unit]
        return one if count == 1 else many.format(n=self._agreeing(self.number(count), grammar))

    def _agreeing(self, number: str, grammar: list[str]) -> str:
        """The number before a noun of that gender: "veintiuna millas", but "veintiún minutos"."""
        for end, becomes in self._agreement[grammar[0]].items() if grammar else ():
            if number.endswith(end):
                return number.removesuffix(end) + becomes
        return number

    def _compound(self, form: str, count: int, rest: int) -> str:
        irregular = self._numbers.get("hundreds") if form == "hundred" else None  # where five hundred is not five and hundred
        if irregular:
            leading = (irregular if rest else self._numbers["even_hundreds"])[count - 1]
        else:
            leading = self._numbers["leading_one"] if count == 1 else self.number(count)
        return str(self._numbers[form].format(count=leading, rest=self.number(rest) if rest else "")).strip()


def _round_way(metres: float) -> int:
    """Rounded to ten metres from a hundred on, below that to one."""
    step = 10 if metres >= 100 else 1
    return int(step * floor(metres / step + 0.5))
