"""The answers to the keys h and a: how it goes now, and how it stands with the whole run; and the words for a bad signal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coach.voice.words.cases import Cases
from coach.voice.words.numerals import LEAST_SPEED, Numerals

Facts = Mapping[str, Any]
# A fact of a cue about the signal -> the fragment that says it instead
SIGNALS = {"by_footpod": "weak_footpod", "disagrees": "speed_disagrees", "comes_and_goes": "comes_and_goes"}
_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))\w")


def sentences(text: str) -> str:
    """Each sentence with a capital letter."""
    return _SENTENCE.sub(lambda first: first[0].upper(), text)


class Answers:
    """Those of one language."""

    def __init__(self, language: Mapping[str, Any], numerals: Numerals) -> None:
        self._report: Mapping[str, str] = language["report"]
        self._progress: Mapping[str, str] = language["progress"]
        self._cases = Cases(language["cases"])
        self._numerals = numerals

    def progress(self, facts: Facts) -> str:
        """Ahead or behind, and the predicted finish with its uncertainty."""
        phrases, numerals = self._progress, self._numerals
        told = [self.standing(facts["ahead"])]
        if facts["finish"] is not None:
            sure = numerals.about(max(10.0, facts["sigma"]))
            told.append(self._cases.fill(phrases["finish"], finish=numerals.about(facts["finish"]), sigma=sure))
        elif facts["way"] is not None:
            told.append(phrases["way"].format(way=numerals.distance(facts["way"])))
        else:
            told.append(phrases["unknown"])
        return " ".join(f"{sentences(part)}." for part in told)

    def standing(self, ahead: float) -> str:
        """ "Eight seconds behind plan"."""
        seconds = abs(round(ahead))
        if not seconds:
            return self._progress["even"]
        told = self._numerals.time(seconds) if seconds < 100 else self._numerals.about(seconds)
        return self._progress["ahead" if ahead > 0 else "behind"].format(time=told)

    def where(self, facts: Facts, name: str, pace: str) -> str:
        """Where the runner is: "Tempo, five thirty, three minutes to go"."""
        left = self._part("left", None, facts) if self._numerals.left(facts) else ""
        return ", ".join(filter(None, (name, pace, left)))

    def report(self, facts: Facts) -> str:
        """The pace, the target, and what is left; if the segment has no planned end, what was run so far."""
        speed, target = facts["speed"], facts["target"]
        parts = ["speed" if speed is not None and speed >= LEAST_SPEED else "blind"]
        parts += ["target"] if target else []
        parts += ["left" if self._numerals.left(facts) else "so_far"]
        ahead = round(facts.get("ahead") or 0.0)
        parts[2:2] = [] if not ahead else ["ahead" if ahead > 0 else "behind"]
        slots = {"speed": speed, "target": target}
        return " ".join(f"{self._part(part, slots.get(part), facts)}." for part in parts)

    def _part(self, part: str, speed: float | None, facts: Facts) -> str:
        slots = {"left": self._numerals.left(facts)}
        if part == "so_far":
            slots |= {"distance": self._numerals.distance(facts["distance"]), "elapsed": self._numerals.about(facts["elapsed"])}
        if part in ("ahead", "behind"):
            slots["time"] = self._numerals.time(abs(round(facts["ahead"])))
        if speed is not None:
            band = facts.get("band") if part == "target" and not self._numerals.on_belt else None
            slots["pace"] = self._numerals.pace_range(*band) if band else self._numerals.pace(speed)
        return self._report[part].format(**slots)
