"""`coach init`: asks about the runner, finds the devices, and writes a config with all other options as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, guarded
from coach.config import default_path, load
from coach.errors import InvalidSettings
from coach.planning.fitness.evidence import from_easy_pace
from coach.planning.fitness.paces import Result
from coach.voice.words.tables import known_languages, languages
from devices import catalogue

UNITS = ("metric", "imperial")
_OPTION = re.compile(r"(\w+)(\s*)= ([^#]*?)(\s*#.*)?")
_DEVICES = "# The devices."  # the line of the example before which the devices found are inserted


@click.command()
@click.option("--race", help='A result or a time trial, such as "10k 50:00".')
@click.option("--easy-pace", help="Without a race: the pace of your easy runs, such as 7:00/km.")
@click.option("--units", type=click.Choice(UNITS), help="Kilometres or miles.")
@click.option("--language", help="The language of the voice: en, de, es, fr.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; options that are not given keep their defaults.")
@click.pass_obj
@guarded
def init(config: Path | None, yes: bool, **typed: str | None) -> int:
    """Write your config. It asks for your race, units and language, and lists the devices that are plugged in."""
    path = config or default_path()
    if path.exists() and (yes or not click.confirm(f"{path} exists. Replace it?", err=True)):
        click.echo(f"{path} was not changed", err=True)
        return FAILED
    chosen = {name: value for name, value in (typed if yes else _asked(typed)).items() if value}
    sources = [*_sources()]
    _check(chosen)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(written(chosen, sources)) + "\n", encoding="utf-8")
    except OSError as refused:
        raise InvalidSettings(str(path), None, f"cannot be written: {(refused.strerror or str(refused)).lower()}") from None
    load(path)
    for source in sources:
        click.echo(f"found: {source['kind']} at {source.get('port') or source.get('address')}")
    click.echo(f"Written to {path}: coach check")
    return 0


def example() -> str:
    """config.example.toml: beside the package in a checkout, inside it when it is installed."""
    inside = files("coach").joinpath("config.example.toml")
    return inside.read_text("utf-8") if inside.is_file() else (Path(__file__).parents[2] / inside.name).read_text("utf-8")


def written(chosen: dict[str, str], sources: list[dict[str, Any]]) -> Iterator[str]:
    """The lines of the example with the chosen options and the devices; everything else is a comment."""
    table = ""
    for line in example().splitlines():
        if line.startswith("["):
            table = line
        elif line.startswith(_DEVICES):
            for source in sources:
                yield "[[source]]"
                yield from (f"{name} = {json.dumps(value)}" for name, value in source.items())
                yield ""
        if not (option := _OPTION.fullmatch(line)):
            yield line
        elif table == "[runner]" and option[1] in chosen:
            yield f"{option[1]}{option[2]}= {json.dumps(chosen[option[1]], ensure_ascii=False)}{option[4] or ''}"
        else:
            yield f"# {line}"


def _asked(typed: dict[str, str | None]) -> dict[str, str | None]:
    """Asks for the options that were not given; Return alone skips one."""
    asked = dict(typed)
    if not (asked["race"] or asked["easy_pace"]):
        told = 'A race or a time trial of yours, such as "10k 50:00" (Return: none)'
        asked["race"] = _ask(told, Result.parse)
        if not asked["race"]:
            asked["easy_pace"] = _ask("The pace of your easy runs, such as 7:00/km (Return: unknown)", from_easy_pace)
    asked["units"] = asked["units"] or click.prompt("Units", type=click.Choice(UNITS), default=UNITS[0])
    told = f"Language ({', '.join(languages())}, or with a country, such as en-GB)"
    known = click.Choice(known_languages())
    asked["language"] = asked["language"] or click.prompt(told, type=known, default="en", show_choices=False)
    return asked


def _ask(what: str, check: Callable[[str], object]) -> str:
    def checked(text: str) -> str:
        if text.strip():
            try:
                check(text.strip())
            except ValueError as wrong:
                raise click.UsageError(str(wrong)) from None
        return text.strip()

    answer: str = click.prompt(what, default="", show_default=False, value_proc=checked)
    return answer


def _check(chosen: dict[str, str]) -> None:
    """Raises InvalidSettings before anything is written."""
    try:
        if chosen.get("race"):
            Result.parse(chosen["race"])
        if chosen.get("easy_pace"):
            from_easy_pace(chosen["easy_pace"])
    except ValueError as wrong:
        raise InvalidSettings("coach init", None, str(wrong)) from None
    if chosen.get("language", "en") not in known_languages():
        told = f"{chosen['language']!r} is not one of the languages {', '.join(known_languages())}"
        raise InvalidSettings("coach init", None, told)


def _sources() -> Iterator[dict[str, Any]]:
    """Tables for the best devices that are plugged in."""
    for role, device in catalogue.best().items():
        yield {"name": role, "kind": device.kind, **device.options()}
