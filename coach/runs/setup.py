"""The setup of a run: its plan, settings and devices, from the config or from a journal's first line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.former_names import GONE
from coach.core.judge.band import LEVELS
from coach.core.plan.segments import Plan
from coach.core.policy import Policy
from coach.core.session.going import PAUSES, STARTS
from coach.core.settings import Settings
from coach.core.speech.rules import VERBOSITIES
from coach.errors import InvalidSettings
from coach.voice.words.numerals import QUANTUM
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import known_languages
from coach.workouts import plain
from devices import catalogue
from devices.api import Decoder

LONGEST_MESSAGE = 400  # characters: it may quote the journal


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One device of a run: a kind of the catalogue and its options."""

    name: str
    kind: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that decides what a run says; kept in the journal's first line, so that the run can be replayed."""

    plan: Plan
    settings: Settings = field(default_factory=Settings)
    sources: tuple[SourceSpec, ...] = ()
    language: str = "en"
    units: str = "metric"
    shoes: str = ""

    def coach(self, around: Callable[[Decoder], Decoder] = lambda decoder: decoder) -> Coach:
        """A coach for this run; `around` may wrap its decoders, to overhear them."""
        decoders = {
            source.name: around(catalogue.decoder(source.kind, source.name, source.options))
            for source in self.sources
            if source.kind != "track"
        }
        return Coach(self.plan, self.settings, decoders)

    @property
    def belt_every(self) -> float | None:
        """Seconds between two belt settings on a ramp; None if not on a treadmill."""
        return self.settings.policy.belt.every if self.settings.treadmill else None

    def words(self) -> Words:
        """In a race every second counts: its paces are said to the second."""
        return Words.load(self.language, self.units, QUANTUM if self.plan.goal is None else 1, self.settings.treadmill)

    def as_dict(self) -> dict[str, Any]:
        return {
            "plan": plain.as_dict(self.plan),
            "settings": asdict(self.settings),
            "sources": [asdict(source) for source in self.sources],
            "language": self.language,
            "units": self.units,
            "shoes": self.shoes,
        }

    @classmethod
    def from_dict(cls, run: Any) -> Setup:
        """Raises InvalidSettings for a setting this version does not know, or a device whose plug-in is not installed."""
        try:
            return cls._restored(run)
        except InvalidSettings:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as wrong:
            why = f"{type(wrong).__name__}: {' '.join(str(wrong).split())}"
            told = f"its first line was written by another version, or by hand ({why})"
            raise InvalidSettings("the journal", None, told[:LONGEST_MESSAGE]) from None

    @classmethod
    def _restored(cls, run: dict[str, Any]) -> Setup:
        settings = dict(run["settings"])
        settings["policy"] = asdict(_policy(settings["policy"]))
        kept = {name: value for name, value in settings["estimator"].items() if f"estimator.{name}" not in GONE}
        settings["estimator"] = kept
        _check_known(EstimatorSettings, settings["estimator"])
        _check_known(Settings, settings)
        sources = tuple(SourceSpec(**source) for source in run["sources"])
        for source in sources:
            _check_source(source)
        restored = cls(
            plan=plain.from_dict(run["plan"]),
            settings=_checker().validate_python(settings),
            sources=sources,
            language=run["language"],
            units=run["units"],
            shoes=run.get("shoes", ""),
        )
        _check_choices(restored)
        return restored


@cache
def _checker() -> TypeAdapter[Settings]:
    """Checks the types of all settings; it takes a while to make, and only journals need it."""
    return TypeAdapter(Settings)


def _check_choices(setup: Setup) -> None:
    """Raises ValueError if an option that must be one of a few words is not."""
    for word, known in (
        (setup.units, ("metric", "imperial")),
        (setup.settings.units, ("metric", "imperial")),
        (setup.settings.level, LEVELS),
        (setup.settings.verbosity, VERBOSITIES),
        (setup.settings.start, STARTS),
        (setup.settings.pause, PAUSES),
        (setup.language, known_languages()),
    ):
        if word not in known:
            raise ValueError(f"{word!r} is not one of {', '.join(known)}")
    if not isinstance(setup.shoes, str):
        raise ValueError("the name of the shoes is not text")


def _check_source(source: SourceSpec) -> None:
    """Raises InvalidSettings if its plug-in is not installed, ValueError if its options do not fit its kind."""
    if not isinstance(source.name, str) or not isinstance(source.kind, str) or not isinstance(source.options, dict):
        raise ValueError("a source needs a name, a kind and options")
    try:
        catalogue.options(source.kind)
    except ValueError as wrong:
        hint = "install the package that this run was recorded with"
        raise InvalidSettings("the journal", None, f"source {source.name}: {wrong}", hint) from None
    if source.kind != "track":
        catalogue.decoder(source.kind, source.name, source.options)


def _policy(written: dict[str, Any]) -> Policy:
    try:
        return Policy.from_dict(written)
    except (KeyError, TypeError) as unknown:
        told = f"this run was recorded by another version: unknown constants of the policy: {unknown}"
        raise InvalidSettings("the journal", None, told) from None


def _check_known(kind: type, values: dict[str, Any]) -> None:
    names = {each.name for each in fields(kind)}
    if unknown := set(values) - names:
        known = f"this run was recorded by another version: unknown settings {', '.join(sorted(unknown))}"
        raise InvalidSettings("the journal", None, known)
