"""The one way out for people's text: any terminal can show it, and nothing in it can command the terminal.

Names come from files, journals, radios and USB strings, and whoever wrote them may have meant the terminal: an escape
code clears it, a bidirectional mark turns a line round. A terminal that is not UTF-8 shows "?" for what it lacks.
"""

from __future__ import annotations

import io
import re
import sys
from typing import Any, TextIO

# Control codes but tab and line feed; C1; soft hyphen; marks of direction and invisible signs; halves of surrogate pairs; tags
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
STANDS_FOR_A_COMMAND = "\ufffd"


def printable(text: str) -> str:
    """The text with a sign in the place of each character that a terminal would obey instead of showing it."""
    return _COMMANDS.sub(STANDS_FOR_A_COMMAND, text)


def one_line(name: str) -> str:
    """A name from outside, which may not begin a line of its own either."""
    return printable(name.replace("\n", " ").replace("\t", " "))


class PeoplesText:
    """A text stream that writes what is printable and replaces what its encoding lacks; else the stream itself."""

    encoding = "utf-8"  # of what may be written here; the stream below knows the terminal's

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

    def write(self, text: str) -> int:
        return self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def open_for_people() -> None:
    """From now on all that this process writes passes here."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, PeoplesText):
            setattr(sys, name, PeoplesText(stream))


def for_tables(stream: Any) -> TextIO:
    """The stream below, for a table that moves the cursor itself: the names in it must be `one_line`."""
    below: TextIO = stream._stream if isinstance(stream, PeoplesText) else stream
    return below
