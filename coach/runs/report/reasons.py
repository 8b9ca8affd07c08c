"""Why something was said or not, in the runner's language. The core writes reasons down in English, with numbers in them.

The table [reasons] of a language says each again: what stands in {braces} is any text, which may be a reason itself.

    "too late: {why}" = "zu spät: {why}"
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SLOT = re.compile(r"{([\w.]+)}")


class Reasons:
    """`table` is that of a language; without one, reasons stay in English."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._plain = {english: said for english, said in table.items() if not _SLOT.search(english)}
        rows = sorted((english for english in table if english not in self._plain), key=_fixed, reverse=True)
        self._patterns = [(_pattern(english), _SLOT.findall(english), table[english]) for english in rows]

    def told(self, reason: str) -> str:
        """The reason in this language; a text that is none as it is."""
        if said := self._plain.get(reason):
            return said
        for pattern, slots, said in self._patterns:
            if found := pattern.fullmatch(reason):
                filled = dict(zip(slots, map(self.told, found.groups()), strict=True))
                return _SLOT.sub(lambda slot, filled=filled: filled[slot[1]], said)  # type: ignore[misc]
        return reason


def _fixed(english: str) -> int:
    """How many characters a reason fixes: the one that fixes most is tried first."""
    return len(_SLOT.sub("", english))


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    return re.compile("".join("(.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)))
