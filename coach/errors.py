"""Invalid user input, told in one line: the place, the problem, and what to type instead. Also reads files up to a size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from devices.api import check_regular, suggestion

MOST_MISTAKES = 20  # that are told at once
__all__ = ["InvalidSettings", "all_of", "check_regular", "read_at_most", "suggestion"]


class InvalidSettings(ValueError):
    """Invalid user input (config, workout or command line): place, problem and fix in one line, then the offending line.

    The place is left out where it is "", because nothing that was typed is wrong.
    """

    def __init__(self, path: str, line: int | None, message: str, hint: str = "", excerpt: str = "") -> None:
        self.path, self.line, self.message, self.hint = path, line, message, hint
        told = f"{path}:{line}: {message}" if line else f"{path}: {message}" if path else message
        told = f"{told}; {hint}" if hint else told
        super().__init__(f"{told}\n{excerpt}" if excerpt else told)


def all_of(mistakes: Sequence[InvalidSettings]) -> InvalidSettings:
    """One error for several mistakes of a file, which names them all."""
    first, *others = mistakes
    if not others:
        return first
    told = "\n".join(map(str, mistakes[:MOST_MISTAKES]))
    more = f"\nand {len(mistakes) - MOST_MISTAKES} mistakes more" if len(mistakes) > MOST_MISTAKES else ""
    whole = InvalidSettings(first.path, first.line, first.message, first.hint)
    whole.args = (told + more,)
    return whole


def read_at_most(path: Path, size: int) -> bytes:
    """Raises OSError."""
    check_regular(path)
    with path.open("rb") as file:
        return file.read(size)
