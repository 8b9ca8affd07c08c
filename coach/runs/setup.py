"""The setup of a run: its plan, settings and devices, from the config or from a journal's first line."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate.estimator import EstimatorSettings
from coach.core.plan.segments import Plan
from coach.core.policy import Policy
from coach.core.settings import Settings
from coach.errors import InvalidSettings
from coach.voice.words.phrasing import Words
from coach.workouts import plain
from devices import catalogue


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One device of a run: a kind of the catalogue and its options."""

    name: str
    kind: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setup:
    """All that decides what a run says: kept in the journal's first line, so that it can be set up again."""

    plan: Plan
    settings: Settings = field(default_factory=Settings)
    sources: tuple[SourceSpec, ...] = ()
    language: str = "en"
    units: str = "metric"
    shoes: str = ""

    def coach(self) -> Coach:
        decoders = {
            source.name: catalogue.decoder(source.kind, source.name, source.options)
            for source in self.sources
            if source.kind != "track"
        }
        return Coach(self.plan, self.settings, decoders)

    @property
    def belt_every(self) -> float | None:
        """Seconds between two steps of a ramp on a belt; None outdoors."""
        return self.settings.policy.belt.every if self.settings.treadmill else None

    def words(self) -> Words:
        return Words.load(self.language, self.units)

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
    def from_dict(cls, run: dict[str, Any]) -> Setup:
        """Raises InvalidSettings for a setting this version does not know, or a device whose plug-in is not installed."""
        settings = dict(run["settings"])
        settings["policy"] = _policy(settings["policy"])
        settings["estimator"] = _known(EstimatorSettings, settings["estimator"])
        sources = tuple(SourceSpec(**source) for source in run["sources"])
        for source in sources:
            _check_installed(source)
        return cls(
            plan=plain.from_dict(run["plan"]),
            settings=_known(Settings, settings),
            sources=sources,
            language=run["language"],
            units=run["units"],
            shoes=run.get("shoes", ""),
        )


def _check_installed(source: SourceSpec) -> None:
    try:
        catalogue.options(source.kind)
    except ValueError as wrong:
        hint = "install the package that this run was recorded with"
        raise InvalidSettings("the journal", None, f"source {source.name}: {wrong}", hint) from None


def _policy(written: dict[str, Any]) -> Policy:
    try:
        return Policy.from_dict(written)
    except (KeyError, TypeError) as unknown:
        told = f"this run was recorded by another version: unknown constants of the policy: {unknown}"
        raise InvalidSettings("the journal", None, told) from None


def _known(kind: type, values: dict[str, Any]) -> Any:
    names = {each.name for each in fields(kind)}
    if unknown := set(values) - names:
        known = f"this run was recorded by another version: unknown settings {', '.join(sorted(unknown))}"
        raise InvalidSettings("the journal", None, known)
    return kind(**values)
