"""Words about a race and about the end of a run: what was lost, what the goal is now, and how it came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import Any

from coach.voice.words.cases import Cases
from coach.voice.words.numerals import Numerals

LEAST_WAY = 50.0  # m: the distance of a shorter run is not said
Facts = Mapping[str, Any]


class RaceWords:
    """`rows`: the kinds of cue that it puts into words."""

    def __init__(self, language: Mapping[str, Any], numerals: Numerals, cases: Cases) -> None:
        self._cues: Mapping[str, str] = language["cues"]
        self._fragments: Mapping[str, str] = language["fragments"]
        self._numerals, self._cases = numerals, cases
        self.rows: dict[str, Callable[[str, Facts], str]] = {
            "race_replan": self._lost,
            "race_estimate": self._goal,
            "race_back": self._goal,
            "run_complete": self._ended,
            "run_stopped": self._ended,
        }

    def _lost(self, kind: str, facts: Facts) -> str:
        """What a stop cost, and the pace that wins it back."""
        lost, pace = self._numerals.time(facts["lost"]), self._numerals.pace(facts["end"], brief=True)
        return self._cases.fill(self._cues[kind], lost=lost, pace=pace)

    def _goal(self, kind: str, facts: Facts) -> str:
        """The finish time that counts from now on, and its pace."""
        time, pace = self._numerals.time(facts["finish"]), self._numerals.pace(facts["end"], brief=True)
        return self._cases.fill(self._cues[kind], time=time, pace=pace)

    def _ended(self, kind: str, facts: Facts) -> str:
        """What was run; a race to the second, with what it is against its goal."""
        goal = facts.get("goal")
        elapsed = self._numerals.about(facts["elapsed"]) if goal is None else self._numerals.time(facts["elapsed"])
        if facts["distance"] < LEAST_WAY:
            return self._cases.fill(self._fragments[f"{kind}_timed"], elapsed=elapsed)
        distance = self._numerals.distance(facts["distance"])
        if goal is None or kind != "run_complete":
            return self._cases.fill(self._cues[kind], distance=distance, elapsed=elapsed)
        against = self._against(facts["elapsed"], goal, facts["new_goal"])
        return self._cases.fill(self._fragments["run_complete_race"], distance=distance, elapsed=elapsed, against=against)

    def _against(self, elapsed: float, goal: float, new: float) -> str:
        """Against the first goal, and against a later one if that was met."""
        whole = floor(elapsed + 0.5)
        over, under = whole - floor(goal + 0.5), floor(new + 0.5) - whole
        if over == 0:
            return self._fragments["goal_met"]
        time = self._numerals.time(abs(over))
        if over > 0 and under > 0:
            return self._cases.fill(self._fragments["goal_new"], first=time, new=self._numerals.time(under))
        return self._cases.fill(self._fragments["goal_beaten" if over < 0 else "goal_missed"], time=time)
