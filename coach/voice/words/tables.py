"""The tables of a language: one of our files in `languages`, or a plug-in's. Missing phrases are said in English.

English has every name. Another language may leave names out but may not add any, because nothing would use them.

    [cues]       what a kind of cue says, named after the kind
    [fragments]  what longer cues are made of, and the other forms of a cue
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from coach.voice.words.numerals import Numerals
from devices.plugins import LANGUAGES, BrokenPlugin, plugins

FALLBACK = "en"  # the language that has every phrase
SAID = (
    "cues",
    "fragments",
    "report",
    "progress",
    "verbosity",
    "volume",
    "roles",
    "pace",
    "sounds",
)  # the tables of a language that hold phrases


class WrongLanguage(ValueError):
    """An invalid phrase in a language file: the place, the problem and what to do, in one line."""


def languages() -> tuple[str, ...]:
    """The languages of our own files."""
    folder = files("coach.voice.words").joinpath("languages")
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def our_languages() -> tuple[str, ...]:
    """Those of our own files, and each as it is spoken in a country: "en", "en-GB"."""
    return (*languages(), *_regions())


def known_languages() -> tuple[str, ...]:
    """All languages: ours, then those of plug-ins."""
    return (*our_languages(), *(name for name in sorted(plugins(LANGUAGES)) if name not in our_languages()))


def read(language: str) -> dict[str, Any]:
    """The tables of one of our languages, with what its country says otherwise."""
    name = language.partition("-")[0]
    tables = tomllib.loads(files("coach.voice.words").joinpath("languages", f"{name}.toml").read_text("utf-8"))
    return tables if name == language else _merged(tables, _of_region(language))


@cache
def _regions() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("coach.voice.words").joinpath("regions.toml").read_text("utf-8"))


def _of_region(language: str) -> dict[str, Any]:
    own = dict(_regions()[language])
    return _merged(_of_region(own.pop("like")), own) if "like" in own else own


def _merged(tables: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the values of `over` in their places."""
    deeper = {name: _merged(tables.get(name, {}), value) for name, value in over.items() if isinstance(value, dict)}
    return {**tables, **over, **deeper}


def whole(language: str) -> tuple[dict[str, Any], str | None]:
    """The tables, completed from English; those of English with the reason if a plug-in's are broken.

    Raises ValueError if there is no such language, or a file of ours is invalid.
    """
    if language not in known_languages():
        raise ValueError(f"no language {language!r}; there are {', '.join(known_languages())}")
    english = read(FALLBACK)
    if language in our_languages():
        ours = read(language)
        check(ours, english)
        return completed(ours, english), None
    try:
        return completed(plugged_in_language(language), english), None
    except BrokenPlugin as why:
        return completed(english, english), f"{why}. Until that is mended, the coach speaks English"


def plugged_in_language(language: str) -> dict[str, Any]:
    """A plug-in's tables, completed from English. Raises BrokenPlugin if a run cannot be spoken with them."""
    plugin = plugins(LANGUAGES)[language]
    package = plugin.load()
    english = read(FALLBACK)
    try:
        own = tomllib.loads(files(package).joinpath(f"{language}.toml").read_text("utf-8"))
        check(own, english)
        tables: dict[str, Any] = {name: table for name, table in english.items() if name not in SAID} | own
        for units in ("metric", "imperial"):
            Numerals(completed(tables, english), units)
    except WrongLanguage as wrong:
        raise plugin.broken(f"{language}.toml: {wrong}") from wrong
    except Exception as bug:  # other people's files may be wrong in any way
        raise plugin.broken(f"{language}.toml: {type(bug).__name__}: {bug}") from bug
    return tables


def check(language: Mapping[str, Any], english: Mapping[str, Any]) -> None:
    """Raises WrongLanguage for a phrase that would never be said, or that has a slot which nothing fills."""
    if "phrases" in language:
        raise WrongLanguage(_how_to_split(language["phrases"], english))
    for table in SAID:
        for name, phrase in language.get(table, {}).items():
            if name not in english[table]:
                raise WrongLanguage(_unknown(table, name, english))
            _check_slots(f"[{table}] {name}", phrase, english[table][name])


def _how_to_split(phrases: Iterable[str], english: Mapping[str, Any]) -> str:
    """What to do with a file in the old form, with one table [phrases]."""
    fragments = [name for name in phrases if name in english["fragments"]]
    moved = f"and move {', '.join(fragments)} to a table [fragments]" if fragments else "it has no fragments"
    return f"[phrases] is now two tables: rename it to [cues], {moved}"


def _unknown(table: str, name: str, english: Mapping[str, Any]) -> str:
    for other in SAID:
        if name in english[other] and {table, other} == {"cues", "fragments"}:
            return f"[{table}] {name} belongs under [{other}]"
    near = get_close_matches(name, english[table], 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(english[table])}"
    return f"[{table}] {name} is never said; {hint}"


def _check_slots(where: str, phrase: str, english: str) -> None:
    try:
        odd, known = slots(phrase) - slots(english), slots(english)
    except (TypeError, ValueError) as why:
        raise WrongLanguage(f"{where} is not a phrase: {why}") from why
    if odd:
        use = ", ".join(f"{{{slot}}}" for slot in sorted(known)) or "no slot"
        raise WrongLanguage(f"{where}: nothing fills {', '.join(f'{{{slot}}}' for slot in sorted(odd))}; use {use}")


def slots(phrase: str) -> set[str]:
    """The names in braces."""
    return {slot for _, slot, _, _ in Formatter().parse(phrase) if slot is not None}


def completed(language: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """The tables, completed from `whole`; the names that were missing are under "missing"."""
    full, missing = dict(language), list[str]()
    for table in SAID:
        own = language.get(table, {})
        lacks = {name: phrase for name, phrase in whole[table].items() if name not in own}
        full[table] = own | lacks
        missing += [f"{table}.{name}" for name in lacks]
    return full | {"missing": missing}
