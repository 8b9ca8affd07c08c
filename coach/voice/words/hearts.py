"""Words about the heart rate, above its ceiling or beside its target, and about a plan that is eased."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coach.voice.words.cases import Cases
from coach.voice.words.numerals import Numerals

Facts = Mapping[str, Any]


class HeartWords:
    """`rows`: the kinds of cue that it puts into words."""

    def __init__(self, language: Mapping[str, Any], numerals: Numerals, cases: Cases) -> None:
        self._cues: Mapping[str, str] = language["cues"]
        self._fragments: Mapping[str, str] = language["fragments"]
        self._numerals, self._cases = numerals, cases
        self.rows: dict[str, Callable[[str, Facts], str]] = {
            "heart_high": self._high,
            "heart_fast": self._off,
            "heart_low": self._off,
            "ease_to_end": self._eased,
            "half_climb": self._climbs,
            "offer": self._offered,
        }

    def target(self, low: int, high: int) -> str:
        """What to keep in a segment: "heart rate one forty to one fifty"."""
        return self._fill("heart", low=self._numerals.beats(low), high=self._numerals.beats(high))

    def until(self, beats: int, below: bool) -> str:
        """Where a segment ends: "until your heart rate is below one twenty"."""
        return self._fill("heart_below" if below else "heart_above", beats=self._numerals.beats(beats))

    def _high(self, kind: str, facts: Facts) -> str:
        """The number, and what to run; where the plan stays as it is or was eased before, the limit instead."""
        beats = self._numerals.beats(facts["bpm"])
        if facts["nth"] > 1:
            return self._fill("heart_still", beats=beats, limit=self._numerals.beats(facts["ceiling"]))
        if facts.get("target"):
            return self._fill("heart_high_to", beats=beats, pace=self._numerals.pace(facts["target"], brief=True))
        return self._cases.fill(self._cues[kind], beats=beats)

    def _off(self, kind: str, facts: Facts) -> str:
        beats = self._numerals.beats(facts["bpm"])
        phrase = self._fragments[f"{kind}_little"] if facts["little"] else self._cues[kind]
        return self._cases.fill(phrase, beats=beats)

    def _eased(self, kind: str, facts: Facts) -> str:
        if (bpm := facts.get("bpm")) is None:
            return self._cues[kind]
        return self._fill("ease_for_heart", beats=self._numerals.beats(bpm))

    def _climbs(self, kind: str, facts: Facts) -> str:
        return self._cases.fill(self._cues[kind], pace=self._numerals.pace(facts["end"]))

    def _offered(self, kind: str, facts: Facts) -> str:
        """What the plan would become, as a question, and what keeps it as it is."""
        phrase = self._fragments.get(f"{kind}_{facts['how']}", self._cues[kind])
        return self._cases.fill(phrase, pace=self._numerals.pace(facts["end"], brief=True))

    def _fill(self, fragment: str, **slots: str) -> str:
        return self._cases.fill(self._fragments[fragment], **slots)
