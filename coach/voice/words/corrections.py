"""Words about a pace that is off: how much, where to, and how the last metres were where the current pace is unsure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coach.voice.words.cases import Cases
from coach.voice.words.numerals import Numerals

LARGEST_SIZE = 95  # s per km or mile: a runner further off than this is told the pace of now instead of the difference
SECOND = 2  # the correction that says where to
Facts = Mapping[str, Any]


class CorrectionWords:
    """`rows`: the kinds of cue that it puts into words."""

    def __init__(self, language: Mapping[str, Any], numerals: Numerals, cases: Cases) -> None:
        self._cues: Mapping[str, str] = language["cues"]
        self._fragments: Mapping[str, str] = language["fragments"]
        self._numerals, self._cases = numerals, cases
        self.rows: dict[str, Callable[[str, Facts], str]] = {
            "ease_off": self._correction,
            "pick_up": self._correction,
            "still_off": self._still_off,
        }

    def _correction(self, kind: str, facts: Facts) -> str:
        """The first of an excursion, and one for who answered, says by how much; the second where to.

        In easy running that says to save energy. Very far off, the pace of now tells the size.
        """
        speed, aim = facts["speed"], _aim(facts)
        size, pace = self._numerals.off_by(speed, aim), self._brief(aim)
        if facts["nth"] == SECOND and facts.get("early"):
            return self._fill("ease_back", pace=pace)
        is_sized = size is not None and facts["nth"] != SECOND
        way = facts.get("stretch")
        said = ""
        if size is not None and is_sized and size <= LARGEST_SIZE:
            said = self._numerals.size(size, "stretch" if way else "off")
        if way:
            return self._stretch(kind, self._numerals.stretch(way), facts, said)
        if said:
            return self._cases.fill(self._cues[kind], size=said)
        return self._fill(f"{kind}_far", now=self._brief(speed)) if is_sized else self._fill(f"{kind}_to", pace=pace)

    def _stretch(self, kind: str, way: str, facts: Facts, size: str) -> str:
        """How the last metres were, without an order: what the runner does now, nobody knows well enough."""
        if size:
            return self._fill(f"{kind}_stretch", way=way, size=size)
        return self._fill("stretch_to", way=way, now=self._brief(facts["speed"]), pace=self._brief(_aim(facts)))

    def _still_off(self, kind: str, facts: Facts) -> str:
        now, plan = self._brief(facts["speed"]), self._brief(_aim(facts))
        if way := facts.get("stretch"):
            return self._fill("still_off_stretch", way=self._numerals.stretch(way), now=now, plan=plan)
        if facts.get("nth", 1) % 2 == 0 and (left := self._numerals.left(facts)):
            return self._fill("still_off_left", left=left, plan=plan)
        return self._cases.fill(self._cues[kind], now=now, plan=plan)

    def _brief(self, speed: float) -> str:
        return self._numerals.pace(speed, brief=True)

    def _fill(self, fragment: str, **slots: str) -> str:
        return self._cases.fill(self._fragments[fragment], **slots)


def _aim(facts: Facts) -> float:
    """The speed (m/s) that a correction leads to: the target, or the edge of a band."""
    aim: float = facts.get("edge") or facts["target"]
    return aim
