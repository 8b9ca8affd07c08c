"""Who runs: the options under [runner] in the config."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from coach.core.judge.band import LEVELS
from coach.core.units import parse_distance
from coach.planning.fitness.evidence import Evidence, best_fitness, from_easy_pace, from_heart, from_talk_test, split_heart_pace
from coach.planning.fitness.heart import Hearts, UnknownHeart
from coach.planning.fitness.paces import Result
from coach.voice.words.tables import known_languages

assert LEVELS == ("beginner", "intermediate", "advanced")  # the Literal below says the same to editors


def _language(value: str) -> str:
    if value not in known_languages():
        raise ValueError(f"{value!r} is not one of the languages {', '.join(known_languages())}")
    return value


def _said(check: Callable[[str], object]) -> AfterValidator:
    """A text that is empty or passes `check`, which raises ValueError for an invalid one."""

    def checked(value: str) -> str:
        if value:
            check(value)
        return value

    return AfterValidator(checked)


def _known(least: int, most: int, what: str) -> AfterValidator:
    """A number within these bounds, or 0 for "not known"."""

    def checked(value: int) -> int:
        if value and not least <= value <= most:
            raise ValueError(f"{value} is not a valid {what}: give {least} to {most}, or 0 if you do not know it")
        return value

    return AfterValidator(checked)


def _rising(**beats: int) -> None:
    """Raises ValueError if one of those that are known is not above the one before it."""
    known = [(name, value) for name, value in beats.items() if value]
    for (lower, less), (higher, more) in pairwise(known):
        if less >= more:
            raise ValueError(f"{lower} = {less} must be below {higher} = {more}: look which of them is wrong")


class Runner(BaseModel):
    """Who runs."""

    model_config = ConfigDict(extra="forbid")

    units: Literal["metric", "imperial"] = "metric"
    language: Annotated[str, AfterValidator(_language)] = "en"
    level: Literal["beginner", "intermediate", "advanced"] = "intermediate"
    race: Annotated[str, _said(Result.parse)] = ""
    race2: Annotated[str, _said(Result.parse)] = ""
    easy_pace: Annotated[str, _said(from_easy_pace)] = ""
    talk_pace: Annotated[str, _said(from_talk_test)] = ""
    heart_pace: Annotated[str, _said(split_heart_pace)] = ""
    weekly: Annotated[str, _said(parse_distance)] = ""
    age: Annotated[int, _known(10, 100, "age")] = 0
    max_heart: Annotated[int, _known(120, 240, "maximum heart rate")] = 0
    threshold_heart: Annotated[int, _known(90, 220, "heart rate at threshold")] = 0
    resting_heart: Annotated[int, _known(25, 110, "resting heart rate")] = 0
    heart_zones: Literal["auto", "maximum", "threshold", "reserve"] = "auto"
    heart_limit: Annotated[int, _known(80, 240, "heart rate limit")] = 0
    beta_blockers: bool = False
    shoes: Annotated[str, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _together(self) -> Self:
        """Checks the options that depend on each other."""
        if self.race2 and not self.race:
            raise ValueError("race2 is the second of two results: give the first one as race")
        evidence = self.evidence
        best_fitness(evidence, self.level)
        if evidence.pair is None and evidence.heart_pace:
            from_heart(evidence.heart_pace, evidence.most_beats)
        if self.heart_zones != "auto":
            try:
                self.hearts.zones(f'heart_zones = "{self.heart_zones}"')
            except UnknownHeart as unknown:
                raise ValueError(f"{unknown}: give {unknown.keys}") from None
        _rising(resting_heart=self.resting_heart, threshold_heart=self.threshold_heart, max_heart=self.max_heart)
        return self

    @property
    def evidence(self) -> Evidence:
        """Everything the config says about the runner's fitness."""
        return Evidence(**{each.name: getattr(self, each.name) for each in fields(Evidence)})

    @property
    def hearts(self) -> Hearts:
        """What the config says about the runner's heart."""
        return Hearts(self.evidence.most_beats or 0, self.threshold_heart, self.resting_heart, self.heart_zones)
