"""The tables of a language: a file of ours in `languages`, or of a plug-in; what one lacks is taken from English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter
from typing import Any

from coach.voice.words.numerals import Numerals
from devices.plugins import LANGUAGES, plugins

FALLBACK = "en"  # the language that has every phrase
SAID = ("phrases", "report", "progress", "verbosity", "roles", "pace")  # the tables of a language that hold phrases


def languages() -> tuple[str, ...]:
    """The languages there are, by the stems of their files."""
    folder = files("coach.voice.words").joinpath("languages")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def known_languages() -> tuple[str, ...]:
    """Ours, then those of plug-ins."""
    return (*languages(), *(name for name in sorted(plugins(LANGUAGES)) if name not in languages()))


def read(language: str) -> dict[str, Any]:
    return tomllib.loads(files("coach.voice.words").joinpath("languages", f"{language}.toml").read_text("utf-8"))


def plugged_in_language(language: str) -> dict[str, Any]:
    """A plug-in's tables; those it has none of are English. Raises BrokenPlugin where a run cannot be spoken with them."""
    plugin = plugins(LANGUAGES)[language]
    package = plugin.load()
    english = read(FALLBACK)
    try:
        own = tomllib.loads(files(package).joinpath(f"{language}.toml").read_text("utf-8"))
        tables: dict[str, Any] = {name: table for name, table in english.items() if name not in SAID} | own
        for table in SAID:
            for name, phrase in tables.get(table, {}).items():
                _check_slots(f"{table}.{name}", phrase, english[table][name])
        for units in ("metric", "imperial"):
            Numerals(completed(tables, english), units)
    except Exception as bug:  # a file of others may be wrong in every way
        raise plugin.broken(f"{language}.toml: {type(bug).__name__}: {bug}") from bug
    return tables


def _check_slots(name: str, phrase: str, english: str) -> None:
    """Raises ValueError for a phrase with a slot that nobody fills."""
    odd = {slot for _, slot, _, _ in Formatter().parse(phrase)} - {slot for _, slot, _, _ in Formatter().parse(english)}
    if odd - {None}:
        raise ValueError(f"{name}: nothing fills {', '.join(map(str, odd))}")


def completed(language: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with what they lack from `whole`, and the names of that under "missing"."""
    full, missing = dict(language), list[str]()
    for table in SAID:
        own = language.get(table, {})
        lacks = {name: phrase for name, phrase in whole[table].items() if name not in own}
        full[table] = own | lacks
        missing += [f"{table}.{name}" for name in lacks]
    return full | {"missing": missing}
