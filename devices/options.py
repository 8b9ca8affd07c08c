"""The options of devices: each is declared in the row of its kind, with type, bounds and default, and the config is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.api import suggestion


class InvalidOption(ValueError):
    """An invalid option: `option` is its name, `problem` says what is wrong and what to type."""

    def __init__(self, option: str, problem: str, told: str = "") -> None:
        self.option, self.problem = option, problem
        super().__init__(told or problem)


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `type` is str, int, float or list (of str); `default` is the value when it is not given."""

    name: str
    type: type
    what: str  # what it means, for the documentation
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()  # the allowed words; for numbers, words allowed besides them
    default: Any = None

    def checked(self, value: Any) -> Any:
        """The value converted to its type. Raises InvalidOption."""
        if isinstance(value, str) and value in self.choices:
            return value
        if self.type is str and isinstance(value, str):
            return value if not self.choices else self._refused(value, f"is not known; {suggestion(value, self.choices)}")
        if self.type is list and isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        if self.type in (int, float):
            return self._number(value)
        return self._refused(value, f"is not {_A[self.type]}")

    def _number(self, value: Any) -> Any:
        words = "".join(f' or "{each}"' for each in self.choices)
        try:
            number = float("" if isinstance(value, bool | list | dict) else value)
        except (TypeError, ValueError):
            return self._refused(value, f"is not {_A[self.type]}{words}: {self._bounds()}")
        if not (self.least is None or self.least <= number) or not (self.most is None or number <= self.most):
            return self._refused(value, f"is out of bounds: {self._bounds()}")
        if self.type is int and not number.is_integer():
            return self._refused(value, "is not a whole number")
        return self.type(number)

    def _bounds(self) -> str:
        return f"{self.least:.10g} to {self.most:.10g} {self.what}" if self.most is not None else self.what

    def _refused(self, value: Any, problem: str) -> Any:
        shown = f"{value:g}" if isinstance(value, float) else f'"{value}"' if isinstance(value, str) else str(value)
        raise InvalidOption(self.name, f"{shown} {problem}", f"{self.name} = {shown} {problem}")

    def schema(self) -> dict[str, Any]:
        """Its JSON schema, for editors."""
        told: dict[str, Any] = {"description": self.what, "type": _JSON[self.type]}
        told |= {"items": {"type": "string"}} if self.type is list else {}
        bounds = {"minimum": self.least, "maximum": self.most, "default": self.default}
        told |= {name: value for name, value in bounds.items() if value is not None}
        if self.choices and self.type is str:
            return told | {"enum": list(self.choices)}
        return {"anyOf": [told, {"enum": list(self.choices)}]} if self.choices else told


_A = {str: "a text", list: "a list of texts", int: "a whole number", float: "a number"}
_JSON = {str: "string", list: "array", int: "integer", float: "number"}


def checked(kind: str, options: Mapping[str, Any], declared: Iterable[Option]) -> dict[str, Any]:
    """The given options, checked, in the order of declaration. Raises InvalidOption with a suggestion."""
    known = {option.name: option for option in declared}
    for name, value in options.items():
        if name not in known and value is not None:
            problem = f'is not an option of kind = "{kind}"; {suggestion(name, known)}'
            raise InvalidOption(name, problem, f'"{name}" {problem}')
    return {name: option.checked(options[name]) for name, option in known.items() if options.get(name) is not None}
