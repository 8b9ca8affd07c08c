"""Turns a cue into words of one language. A language is one data file in `languages`.

Verb first, number last, one idea: corrections have at most six words, announcements of segments about ten.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from coach.core.events import Cue
from coach.core.plan.segments import Plan
from coach.voice.words import foreseen
from coach.voice.words.answers import SIGNALS, Answers, sentences
from coach.voice.words.cases import Cases
from coach.voice.words.corrections import LARGEST_SIZE, CorrectionWords
from coach.voice.words.hearts import HeartWords
from coach.voice.words.names import Names
from coach.voice.words.numerals import LEAST_SPEED, QUANTUM, Numerals
from coach.voice.words.races import RaceWords
from coach.voice.words.tables import slots, whole

COUNTED = 3  # segments: with this many or more, each is announced with its number
LONGEST_NOTE = 25  # words of a note by the workout's author
Facts = Mapping[str, Any]


class Words:
    """The words of one language and one system of units ("metric", "imperial"); see Numerals for the others."""

    def __init__(self, language: Mapping[str, Any], units: str, step: int = QUANTUM, belt: bool = False) -> None:
        self.voice: str = language["voice"]
        self.trouble: str | None = None  # why the language that was asked for could not be used
        self.missing: tuple[str, ...] = tuple(language.get("missing", ()))  # phrases that are said in English
        self.sounds: Mapping[str, str] = language["sounds"]  # what each sound means
        self._language = language
        self._cues: Mapping[str, str] = language["cues"]
        self._fragments: Mapping[str, str] = language["fragments"]
        self._paces: Mapping[str, str] = language["pace"]
        self._cases = Cases(language["cases"])
        self._numerals = Numerals(language, units, step, belt)
        self._names = Names(language, self._numerals)
        self._answers = Answers(language, self._numerals)
        self._hearts = HeartWords(language, self._numerals, self._cases)
        said = (each(language, self._numerals, self._cases).rows for each in (RaceWords, CorrectionWords))
        self._others = dict(ChainMap(*said, self._hearts.rows))

    @classmethod
    @cache
    def load(cls, language: str, units: str, step: int = QUANTUM, belt: bool = False) -> Words:
        """Raises ValueError if the language has no file, or an invalid one. Missing phrases are said in English."""
        tables, trouble = whole(language)
        words = cls(tables, units, step, belt)
        words.trouble = trouble
        return words

    def text(self, cue: Cue) -> str:
        """The cue in words, without digits, colons, slashes or abbreviations; the last part of a breath says what to do now."""
        breath = sorted((cue, *cue.also), key=lambda each: -each.priority)
        said = " ".join(filter(None, (self._one(each.kind, each.facts) for each in breath)))
        return sentences(said)

    def short(self, cue: Cue) -> str:
        """The same in fewer words, for when time is short; "" if there is no short form."""
        if cue.kind != "preview":
            return ""
        facts, name = cue.facts, self._segment_name(cue.facts)
        said = self._fill("next_short", pace=self._pace(facts)) if facts["target"] else self._fill("next_only", name=name)
        return sentences(said)

    def _one(self, kind: str, facts: Facts) -> str:
        if told := self._others.get(kind):
            return told(kind, facts)
        row = _ROWS.get(kind)
        return row(self, kind, facts) if row else self._plain(kind, facts)

    def of_plan(self, plan: Plan, belt_every: float | None = None) -> list[str]:
        """The phrases that a run of this plan will certainly say, then likely ones; each once. `belt_every`: see `foreseen`."""
        cues = list(foreseen.cues(plan, self._numerals.system, LARGEST_SIZE, belt_every))
        return list(dict.fromkeys(filter(None, (say(cue) for cue in cues for say in (self.text, self.short)))))

    def _plain(self, kind: str, facts: Facts) -> str:
        """A kind without a row in _ROWS: each slot of its phrase is named after a fact, and filled by the row of _SLOTS."""
        named = slots(self._cues[kind]) & _SLOTS.keys()
        return self._say(kind, **{name: _SLOTS[name](self._numerals, facts[name]) for name in named})

    # The rows of _ROWS: how a kind of cue is put into words

    def _run_began(self, kind: str, facts: Facts) -> str:
        plan = self._names.plan(facts["plan"])
        if facts.get("free"):
            return self._fill("begun", name=self._segment_name(facts), pace=self._paces["none"])
        segment = self._listed(facts)
        if facts["of"] == 1:
            redundant = plan in ("", self._segment_name(facts))
            begun = f"{segment}." if redundant else self._fill("only", plan=plan, segment=segment)
        else:
            first = self._fill("first", plan=plan, total=self._numerals.total(facts), segment=segment)
            begun = first.replace(". . ", ". ").removeprefix(". ")  # without a name that can be said, or a total
        is_set = facts.get("belt") and facts["target"]
        return f"{begun} {self._say('set_belt', setting=self._numerals.setting(facts['target']))}" if is_set else begun

    def _preview(self, kind: str, facts: Facts) -> str:
        """Of nested repeats only the inner count: there is little time, and the other follows."""
        return self._fill("next", segment=self._listed({**facts, "sets": None}))

    def _countdown(self, kind: str, facts: Facts) -> str:
        return self._fragments["countdown_end"] if facts.get("ends_run") else self._cues[kind]

    def _begun(self, kind: str, facts: Facts) -> str:
        """The number, the name and what to run now; the length too if there was no preview that gave it."""
        if not facts.get("previewed", True):
            begun = f"{self._listed(facts)}."
        elif facts.get("belt") and not facts.get("heart"):
            begun = f"{self._segment_name(facts)}."
        else:
            begun = self._fill("begun", name=self._segment_name(facts), pace=self._begun_pace(facts))
        if kind == "last_segment":
            return self._fill("last", begun=begun)
        if facts["turn"] or facts["of"] < COUNTED:
            return begun
        index, whole = (self._numerals.number(facts[name]) for name in ("index", "of"))
        return self._fill("counted", index=index, of=whole, begun=begun)

    def _ready(self, kind: str, facts: Facts) -> str:
        return self._fragments["ready_key"] if facts.get("start") == "key" else self._cues[kind]

    def _going_on(self, kind: str, facts: Facts) -> str:
        """Where the run is after a break, and that nobody knows how long that was."""
        name, into = self._segment_name(facts), self._numerals.about(facts["into"])
        where = self._fill("within", name=name, elapsed=into, pace=self._pace_now(facts))
        return self._fill("going_on_stopped", where=where) if facts["stopped"] else self._say(kind, where=where)

    def _sound_back(self, kind: str, facts: Facts) -> str:
        return self._say(kind, where=self._answers.where(facts, self._segment_name(facts), self._pace_now(facts)))

    def _signal(self, kind: str, facts: Facts) -> str:
        return next((self._fragments[name] for fact, name in SIGNALS.items() if facts.get(fact)), self._cues[kind])

    def _targeted(self, kind: str, facts: Facts) -> str:
        return self._say(kind, pace=self._numerals.pace(facts["target"]) if facts["target"] else self._paces["free"])

    def _belt(self, kind: str, facts: Facts) -> str:
        """What to set, and what the belt or the footpod says now; slots that a phrase does not have are not filled."""
        shown = {"setting": "tenths", "reads": "reads", "belt": "belt", "pod": "pod"}
        told = {slot: self._numerals.decimal(facts[name] / 10) for slot, name in shown.items() if name in facts}
        return self._fill("belt_off_by_pod", **told) if facts.get("by") == "pod" else self._say(kind, **told)

    def _lap(self, kind: str, facts: Facts) -> str:
        return self._say(kind, number=self._numerals.number(facts["number"]), took=self._numerals.exact(facts["seconds"]))

    def _split(self, kind: str, facts: Facts) -> str:
        """The number and the time as it was recorded, to the second."""
        number, took = self._numerals.number(facts["number"]), self._numerals.exact(facts["seconds"])
        return self._fill(f"{kind}_{self._numerals.system}", number=number, took=took)

    def _segment_split(self, kind: str, facts: Facts) -> str:
        if self._numerals.on_belt:
            return self._say(kind, took=self._numerals.setting(facts["speed"]))
        return self._say(kind, took=self._numerals.exact(self._numerals.per / max(facts["speed"], LEAST_SPEED)))

    def _last_minutes(self, kind: str, facts: Facts) -> str:
        one = facts["seconds"] <= 60
        return self._fragments["last_minute"] if one else self._say(kind, time=self._numerals.time(facts["seconds"]))

    def _note(self, kind: str, facts: Facts) -> str:
        said = self._names.spoken(facts["text"], LONGEST_NOTE)
        return said and f"{said}."

    def _setting(self, kind: str, facts: Facts) -> str:
        return f"{self._language[kind][facts[kind]]}."

    def _schedule(self, kind: str, facts: Facts) -> str:
        return f"{self._answers.standing(facts['ahead'])}."

    def _progress(self, kind: str, facts: Facts) -> str:
        return self._answers.progress(facts)

    def _how_it_goes(self, kind: str, facts: Facts) -> str:
        return self._answers.report(facts)

    # The parts of phrases

    def _listed(self, facts: Facts) -> str:
        """A segment as announced in advance: name, pace, length."""
        length = self._fragments["lap"]
        if facts.get("until"):
            length = self._hearts.until(*facts["until"])
        elif facts["seconds"] is not None:
            length = self._numerals.time(facts["seconds"])
        elif facts["metres"] is not None:
            length = self._numerals.distance(facts["metres"])
        name = self._segment_name(facts)
        asks = facts.get("heart") or facts["target"] or facts["band"]
        if (facts.get("belt") and not facts.get("heart")) or (facts.get("until") and not asks):
            return self._fill("listed_belt", name=name, length=length)
        moves = facts["ramp"] and not self._numerals.are_alike(*facts["ramp"])
        form = "listed" if not moves else "listed_in" if facts["seconds"] is not None else "listed_over"
        return self._fill(form, name=name, pace=self._pace(facts), length=length)

    def _segment_name(self, facts: Facts) -> str:
        name = self._names.segment(facts["name"], facts["role"])
        if facts["turn"] is None:
            return name
        turn, turns = (self._numerals.number(count) for count in facts["turn"])
        if facts.get("sets") is None:
            return self._fill("turn", name=name, turn=turn, turns=turns)
        number, sets = (self._numerals.number(count) for count in facts["sets"])
        return self._fill("turn_of_set", name=name, set=number, sets=sets, turn=turn, turns=turns)

    def _pace(self, facts: Facts) -> str:
        if facts.get("heart"):
            return self._hearts.target(*facts["heart"])
        if facts["ramp"]:
            return self._numerals.ramp(*facts["ramp"])
        if facts["band"]:
            return self._numerals.pace_range(*facts["band"])
        return self._numerals.pace(facts["target"]) if facts["target"] else self._paces["none"]

    def _pace_now(self, facts: Facts) -> str:
        """What to run at this point of a segment."""
        return self._pace({**facts, "ramp": None, "target": facts["now"]})

    def _begun_pace(self, facts: Facts) -> str:
        """What to run now: the pace, the heart rate, or where a ramp starts and which way it goes; without them the end."""
        if facts["ramp"]:
            start, end = facts["ramp"]
            return self._paces["falling" if end > start else "rising"].format(pace=self._numerals.pace(start))
        if facts["target"] or facts["band"] or facts.get("heart"):
            return self._pace(facts)
        return self._hearts.until(*facts["until"]) if facts.get("until") else self._paces["free"]

    def _say(self, kind: str, **slots: str) -> str:
        return self._cases.fill(self._cues[kind], **slots)

    def _fill(self, fragment: str, **slots: str) -> str:
        return self._cases.fill(self._fragments[fragment], **slots)


# How a fact is said where a phrase has a slot of its name
_SLOTS: dict[str, Callable[[Numerals, Any], str]] = {
    "speed": Numerals.pace,
    "target": Numerals.pace,
    "elapsed": Numerals.about,
    "seconds": Numerals.time,
    "distance": Numerals.distance,
    "metres": Numerals.distance,
    "number": Numerals.number,
}

_ROWS: dict[str, Callable[[Words, str, Facts], str]] = {
    "ready": Words._ready,
    "run_began": Words._run_began,
    "preview": Words._preview,
    "countdown": Words._countdown,
    "segment_began": Words._begun,
    "last_segment": Words._begun,
    "going_on": Words._going_on,
    "sound_back": Words._sound_back,
    "ramp": Words._targeted,
    "signal_lost": Words._signal,
    "weak_signal": Words._signal,
    "level": Words._targeted,
    "set_belt": Words._belt,
    "belt_off": Words._belt,
    "belt_differs": Words._belt,
    "lap_split": Words._lap,
    "split": Words._split,
    "segment_split": Words._segment_split,
    "last_minutes": Words._last_minutes,
    "note": Words._note,
    "verbosity": Words._setting,
    "volume": Words._setting,
    "schedule": Words._schedule,
    "progress": Words._progress,
    "report": Words._how_it_goes,
}
