"""The assembly: the only module that knows everyone. It sets a run up, leads it, and can set the same run up again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from coach.core.coach import Coach
from coach.core.estimate import EstimatorSettings
from coach.core.events import Cue
from coach.core.inputs import Input
from coach.core.plan import Plan
from coach.core.policy import Policy
from coach.core.session import Phase, Session
from coach.core.settings import Settings
from coach.runs.journal import JournalWriter
from coach.runs.summary import Summary
from coach.ui.views import View
from coach.voice.words import Words
from coach.workouts import plain
from devices import catalogue

JOURNALLED = ("struck", "adapted", "heart_high")  # events: that the plan gave way, and why


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
        return self.settings.policy.belt_every if self.settings.treadmill else None

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
        """Raises ValueError where the journal of another version holds what this one does not know."""
        settings = dict(run["settings"])
        settings["policy"] = _known(Policy, settings["policy"])
        settings["estimator"] = _known(EstimatorSettings, settings["estimator"])
        return cls(
            plan=plain.from_dict(run["plan"]),
            settings=_known(Settings, settings),
            sources=tuple(SourceSpec(**source) for source in run["sources"]),
            language=run["language"],
            units=run["units"],
            shoes=run.get("shoes", ""),
        )


def unheard(what: object) -> None:
    """Nobody listens."""


def conduct(
    items: Iterable[Input],
    coach: Coach,
    words: Words,
    view: View,
    say: Callable[[Cue], object] = unheard,
    journal: JournalWriter | None = None,
    summary: Summary | None = None,
    beat: Callable[[int | None], object] = unheard,
) -> Summary:
    """The loop. Live, replay and test differ only in where `items` come from. A bug costs one input, not the run.

    `beat` is told after each input what cadence (steps a minute) is to be heard now, None for none.
    """
    summary = summary or Summary(coach)
    for item in items:
        if journal:
            journal.write_input(item)
        try:
            cues = coach.feed(item)
        except Exception:  # a bug in the core: told in the journal, and the runner is coached on
            _report_bug(item, view, journal)
            continue
        for event in coach.events:
            view.event(event)
            if journal and event.name in JOURNALLED:
                journal.write_event(event)
        for cue in cues:
            say(cue)
            _note_down(cue, words.text(cue), view, journal)
        summary.follow(cues)
        view.followed(coach)
        beat(cadence(coach.session))
        if coach.finished:
            break
    return summary


def _note_down(cue: Cue, text: str, view: View, journal: JournalWriter | None) -> None:
    if journal:
        journal.write_cue(cue, text)
    view.cue(cue, text)


def cadence(session: Session) -> int | None:
    """Steps a minute that a metronome should click now; None where the segment has none, and in pauses."""
    return session.segment.cadence if session.phase is Phase.RUNNING else None


def _report_bug(item: Input, view: View, journal: JournalWriter | None) -> None:
    trace = traceback.format_exc()
    if journal is None:
        raise
    journal.write_bug(item.at, trace)
    view.note(f"a bug in the coach was written to the journal; the run goes on: {trace.splitlines()[-1]}")


def _known(kind: type, values: dict[str, Any]) -> Any:
    names = {each.name for each in fields(kind)}
    if unknown := set(values) - names:
        raise ValueError(f"this run was recorded by another version: unknown settings {', '.join(sorted(unknown))}")
    return kind(**values)
