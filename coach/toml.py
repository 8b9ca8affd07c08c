"""A TOML file that knows the line of each key, so that every error message can name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from coach.errors import InvalidSettings, all_of, read_at_most, suggestion

if TYPE_CHECKING:
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)

LARGEST = 1 << 20  # bytes: ten times the size of a workout with a thousand segments
LONGEST_MESSAGE = 400  # characters
Place = tuple[str | int, ...]  # where in the tables: ("segment", 2, "length")

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\"'.-]+)\s*=")
_CURLY = re.compile("[\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb]")  # as word processors write quotes
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Toml:
    """A parsed TOML file: `tables` is its content; `wrong` and `validate` make errors that name the line."""

    def __init__(self, path: str, text: str) -> None:
        """Raises InvalidSettings if the text is not valid TOML."""
        self.path = path
        self._text = text.splitlines()
        try:
            self.tables: dict[str, Any] = tomllib.loads(text)
        except RecursionError:
            raise InvalidSettings(path, None, "is nested too deeply") from None
        except tomllib.TOMLDecodeError as wrong:
            raise self._no_toml(str(wrong)) from None
        except ValueError:  # Python makes no integer of more than 4,300 digits
            raise InvalidSettings(path, None, "has a number with too many digits") from None
        self._lines = dict(_places(self._text))

    def line(self, place: Place) -> int | None:
        """The line of `place`, or the first of what is in it, or that of the innermost table around it that has one."""
        inside = (line for known, line in self._lines.items() if place and known[: len(place)] == place)
        return min(inside, default=None) or next(
            (self._lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self._lines), None
        )

    def move(self, old: Place, new: Place) -> bool:
        """Moves a value that is not a table to another place; errors about it still name its line. False if it is not there."""
        begin, end = self._table(old[:-1]), self._table(new[:-1])
        if begin is None or end is None or isinstance(begin.get(old[-1], {}), dict):
            return False
        end[new[-1]] = begin.pop(old[-1])
        self._lines[new] = self.line(old) or 1
        return True

    def _table(self, place: Place) -> dict[str | int, Any] | None:
        """The table at `place`, made if there is none; None if something else is there."""
        table: Any = self.tables
        for step in place:
            table = table.setdefault(step, {}) if isinstance(table, dict) else None
        return table if isinstance(table, dict) else None

    def list_single(self, *names: str) -> None:
        """Lets a table [NAME] stand for the only entry of [[NAME]]; errors about it still name its line."""
        for name in names:
            if isinstance(self.tables.get(name), dict):
                self.tables[name] = [self.tables[name]]
                moved = {place: line for place, line in self._lines.items() if place[:1] == (name,)}
                self._lines |= {(name, 0, *place[1:]): line for place, line in moved.items()}

    def wrong(self, place: Place, message: str, hint: str = "") -> InvalidSettings:
        """The error to raise about the value at `place`."""
        line = self.line(place)
        key = place[-1] if place and self._lines.get(place) == line else None
        return InvalidSettings(self.path, line, _cut(f"{_told(place)}{message}"), hint, self._excerpt(line, key))

    def validate(self, model: type[Model], place: Place = ()) -> Model:
        """The tables at `place` as a pydantic model. Raises InvalidSettings with all mistakes."""
        from pydantic import ValidationError

        tables: Any = self.tables
        for step in place:
            tables = tables[step]
        try:
            return model.model_validate(tables)
        except ValidationError as invalid:
            mistakes: dict[str, InvalidSettings] = {}
            for mistake in invalid.errors(include_url=False):
                message, hint = _explained(dict(mistake), model)
                wrong = self.wrong((*place, *mistake["loc"]), message, hint)
                mistakes.setdefault(str(wrong), wrong)
            raise all_of([*mistakes.values()]) from None

    def _no_toml(self, told: str) -> InvalidSettings:
        at = _AT.search(told)
        line = int(at[1]) if at and at[1] else None
        text = self._text[line - 1] if line and line <= len(self._text) else ""
        hint = _hint(text)
        if (twice := re.match(r"\s*\[(\w+)\]", text)) and "twice" in told:
            hint = f"write [[{twice[1]}]] for each of several"
        message = _AT.sub("", told)
        return InvalidSettings(self.path, line, message[:1].lower() + message[1:], hint, self._excerpt(line, None))

    def _excerpt(self, line: int | None, key: str | int | None) -> str:
        """The line, with a caret under its value, or under its first character."""
        if line is None or not self._text[line - 1].isprintable():
            return ""
        text = self._text[line - 1][:120]
        begin = len(text) - len(text.lstrip())
        if key is not None and (value := re.match(r"[^=]*=\s*", text)):
            begin = value.end()
        return f"    {text}\n    {' ' * begin}^"


def read_toml(path: Path) -> Toml:
    """Raises InvalidSettings if the file cannot be read or is not valid TOML. A byte order mark is skipped."""
    try:
        data = read_at_most(path, LARGEST + 1)
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}") from None
    if len(data) > LARGEST:
        raise InvalidSettings(str(path), None, "is larger than 1 MB, too large for a settings file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidSettings(str(path), None, "is not a UTF-8 text file", "save it as UTF-8") from None
    return Toml(str(path), text)


def _places(text: list[str]) -> Iterator[tuple[Place, int]]:
    """The line (from 1) of each table and key; exact if each key has a line of its own, as people write them."""
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text, 1):
        if header := _HEADER.match(line):
            table = _table(header[2], header[1] == "[[", counts)
            yield table, number
            if isinstance(table[-1], int) and table[-1] == 0:
                yield table[:-1], number
        elif key := _KEY.match(line):
            yield (*table, *_names(key[1])), number


def _table(name: str, is_array: bool, counts: dict[Place, int]) -> Place:
    """The place of a header. Arrays in its path stand for their latest entry."""
    place: Place = ()
    *outer, last = _names(name)
    for step in outer:
        place = (*place, step)
        if place in counts:
            place = (*place, counts[place])
    place = (*place, last)
    if is_array:
        counts[place] = counts.get(place, -1) + 1
        place = (*place, counts[place])
    return place


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _cut(message: str) -> str:
    """It may quote what somebody wrote."""
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} …"


def _told(place: Place) -> str:
    """ "segment 3.length: ", counted from 1."""
    told = ""
    for step in place:
        told += f" {step + 1}" if isinstance(step, int) else f"{'.' if told else ''}{step}"
    return f"{told}: " if told else ""


def _hint(text: str) -> str:
    """What to type instead of a line that is no TOML; "" if nobody knows."""
    if _CURLY.search(text):
        return f"write straight quotes: {_CURLY.sub(chr(34), text).strip()}"
    unquoted = re.search(r"=\s*([^\"'#\[{\s][^\"'#]*?)\s*(#.*)?$", text)
    if unquoted is None or not unquoted[1].isprintable():
        return "in single quotes a backslash is one: 'C:\\a'" if re.search(r'=\s*"[^"]*\\', text) else ""
    value = unquoted[1]
    if value.lower() in ("true", "false"):
        return f"write {value.lower()}"
    return f'put values with a unit in quotes: "{value}"' if value[0].isdigit() else f'put texts in quotes: "{value}"'


def _explained(mistake: dict[str, Any], model: type[Any]) -> tuple[str, str]:
    """A pydantic error in plain words: the problem, and what to type instead."""
    match mistake["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return "is not a known option", suggestion(mistake["loc"][-1], _known_at(model, mistake["loc"][:-1]))
        case "literal_error":
            choices = re.findall(r"'([^']*)'", mistake["ctx"]["expected"])
            near = suggestion(mistake["input"], choices)
            return f"{mistake['input']!r} is not one of {', '.join(choices)}", near if near.startswith("did") else ""
        case "missing":
            return "is missing", ""
    message = mistake["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return message[:1].lower() + message[1:], ""


def _known_at(model: type[Any], place: Place) -> list[str]:
    """The keys that the table at `place` accepts."""
    for step in place:
        if isinstance(step, str):
            model = _table_type(_annotations(model)[step])
    return list(_annotations(model))


def _annotations(model: type[Any]) -> dict[str, Any]:
    if is_dataclass(model):
        from typing import get_type_hints

        hints = get_type_hints(model)
        return {field.name: hints[field.name] for field in fields(model)}
    return {name: field.annotation for name, field in model.model_fields.items()}


def _table_type(annotation: Any) -> type[Any]:
    """The model inside ``list[Model]`` or ``Model | None``."""
    inner = next((_table_type(each) for each in get_args(annotation) if each is not type(None)), annotation)
    return inner
