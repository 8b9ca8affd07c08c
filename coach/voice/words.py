"""What the coach says: a cue becomes words of one language. A language is one data file in `languages`.

Verb first, number last, one idea: corrections have at most six words, what structures the run about ten.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from coach.core.events import Cue
from coach.core.plan import Plan
from coach.voice import rehearsal
from coach.voice.names import Names
from coach.voice.numerals import LEAST_SPEED, Numerals

LARGEST_SIZE = 60  # s per km or mile: a runner further off than this needs the target, not the difference
LEAST_WAY = 50.0  # m: a run shorter than this has no distance worth telling
_SENTENCE = re.compile(r"(?:^|(?<=[.!?] ))\w")
Facts = Mapping[str, Any]


def languages() -> tuple[str, ...]:
    """The languages there are, by the stems of their files."""
    folder = files("coach.voice").joinpath("languages")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


class Words:
    """The words of one language and one system of units ("metric", "imperial")."""

    def __init__(self, language: Mapping[str, Any], units: str) -> None:
        self.voice: str = language["voice"]
        self._phrases: Mapping[str, str] = language["phrases"]
        self._report: Mapping[str, str] = language["report"]
        self._paces: Mapping[str, str] = language["pace"]
        self._numerals = Numerals(language, units)
        self._names = Names(language, self._numerals)

    @classmethod
    @cache
    def load(cls, language: str, units: str) -> Words:
        """Raises ValueError for a language without a file."""
        if language not in languages():
            raise ValueError(f"no language {language!r}; there are {', '.join(languages())}")
        text = files("coach.voice").joinpath("languages", f"{language}.toml").read_text("utf-8")
        return cls(tomllib.loads(text), units)

    def text(self, cue: Cue) -> str:
        """The cue in words, without a digit, colon, slash or short form."""
        row = _ROWS.get(cue.kind)
        said = row(self, cue.kind, cue.facts) if row else self._phrases[cue.kind]
        return _SENTENCE.sub(lambda first: first[0].upper(), said)

    def of_plan(self, plan: Plan) -> list[str]:
        """What a run of this plan will say for sure, then what it will likely say; each once."""
        return list(dict.fromkeys(self.text(cue) for cue in rehearsal.cues(plan, self._numerals.per, LARGEST_SIZE)))

    # The rows of _ROWS: what a kind of cue says about its facts

    def _run_began(self, kind: str, facts: Facts) -> str:
        plan = self._names.plan(facts["plan"])
        segment = self._listed(facts)
        if facts["of"] == 1:
            redundant = plan in ("", self._segment_name(facts))
            return f"{segment}." if redundant else self._fill("only", plan=plan, segment=segment)
        first = self._fill("first", plan=plan, total=self._total(facts), segment=segment)
        return first.replace(". . ", ". ").removeprefix(". ")  # without a name that can be said, or a total

    def _preview(self, kind: str, facts: Facts) -> str:
        return self._fill("next", segment=self._listed(facts))

    def _begun(self, kind: str, facts: Facts) -> str:
        """The length was said in the preview: here the name, the turn and what to run now."""
        phrase = "last" if kind == "last_segment" else "begun"
        return self._fill(phrase, name=self._segment_name(facts), pace=self._begun_pace(facts))

    def _correction(self, kind: str, facts: Facts) -> str:
        """The first of an excursion says how much, the second where to."""
        size = self._numerals.off_by(facts["speed"], facts["target"])
        if facts["nth"] == 1 and size is not None and size <= LARGEST_SIZE:
            return self._fill(kind, size=self._numerals.size(size))
        return self._fill(f"{kind}_to", pace=self._numerals.pace(facts["target"]))

    def _ramp(self, kind: str, facts: Facts) -> str:
        return self._fill(kind, pace=self._numerals.pace(facts["target"]))

    def _level(self, kind: str, facts: Facts) -> str:
        target = facts["target"]
        return self._fill(kind, pace=self._numerals.pace(target) if target else self._paces["none"])

    def _ended(self, kind: str, facts: Facts) -> str:
        elapsed = self._numerals.about(facts["elapsed"])
        if facts["distance"] < LEAST_WAY:
            return self._fill(f"{kind}_timed", elapsed=elapsed)
        return self._fill(kind, distance=self._numerals.distance(facts["distance"]), elapsed=elapsed)

    def _how_it_goes(self, kind: str, facts: Facts) -> str:
        """The speed, where it should be, and what is left or, without an end, what is behind."""
        speed, target = facts["speed"], facts["target"]
        parts = ["speed" if speed is not None and speed >= LEAST_SPEED else "blind"]
        parts += ["target"] if target else []
        parts += ["left"] if facts["seconds_left"] is not None or facts["metres_left"] is not None else ["so_far"]
        slots = {"speed": speed, "target": target}
        return " ".join(f"{self._part(part, slots.get(part), facts)}." for part in parts)

    # What they are made of

    def _part(self, part: str, speed: float | None, facts: Facts) -> str:
        slots = {"distance": self._numerals.distance(facts["distance"]), "elapsed": self._numerals.about(facts["elapsed"])}
        if speed is not None:
            slots["pace"] = self._numerals.pace(speed)
        if facts["seconds_left"] is not None:
            slots["left"] = self._numerals.about(facts["seconds_left"])
        elif facts["metres_left"] is not None:
            slots["left"] = self._numerals.distance(facts["metres_left"])
        return self._report[part].format(**slots)

    def _total(self, facts: Facts) -> str:
        """How long the run is: measured as its first segment is."""
        seconds, metres = facts["total_seconds"], facts["total_metres"]
        if metres is not None and (facts["metres"] is not None or seconds is None):
            return self._numerals.distance(metres)
        return "" if seconds is None else self._numerals.about(seconds)

    def _listed(self, facts: Facts) -> str:
        """A segment ahead of time: name, pace, length."""
        length = self._phrases["lap"]
        if facts["seconds"] is not None:
            length = self._numerals.time(facts["seconds"])
        elif facts["metres"] is not None:
            length = self._numerals.distance(facts["metres"])
        return self._fill("listed", name=self._segment_name(facts), pace=self._pace(facts), length=length)

    def _segment_name(self, facts: Facts) -> str:
        name = self._names.segment(facts["name"], facts["role"])
        if facts["turn"] is None:
            return name
        turn, turns = (self._numerals.number(count) for count in facts["turn"])
        return self._fill("turn", name=name, turn=turn, turns=turns)

    def _pace(self, facts: Facts) -> str:
        if facts["ramp"] or facts["band"]:
            return self._numerals.pace_range(*(facts["ramp"] or facts["band"]))
        return self._numerals.pace(facts["target"]) if facts["target"] else self._paces["none"]

    def _begun_pace(self, facts: Facts) -> str:
        """What to run now: of a ramp its beginning and where it leads."""
        if not facts["ramp"]:
            return self._pace(facts)
        start, end = facts["ramp"]
        return self._paces["falling" if end > start else "rising"].format(pace=self._numerals.pace(start))

    def _fill(self, phrase: str, **slots: str) -> str:
        return self._phrases[phrase].format(**slots)


_ROWS: dict[str, Callable[[Words, str, Facts], str]] = {
    "run_began": Words._run_began,
    "preview": Words._preview,
    "segment_began": Words._begun,
    "last_segment": Words._begun,
    "ease_off": Words._correction,
    "pick_up": Words._correction,
    "ramp": Words._ramp,
    "level": Words._level,
    "report": Words._how_it_goes,
    "run_complete": Words._ended,
    "run_stopped": Words._ended,
}
