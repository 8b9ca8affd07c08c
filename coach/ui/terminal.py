"""All text for people is written through here: every terminal can show it, and nothing in it can control the terminal.

Names come from files, journals, radios and USB strings, and may contain codes for the terminal: an escape code can clear it,
a bidirectional mark can reverse a line. A terminal that is not UTF-8 shows "?" for characters that it lacks.
"""

from __future__ import annotations

import io
import re
import sys
from typing import Any, TextIO

# Control codes except tab and line feed; C1; soft hyphen; direction marks and invisible characters; lone surrogates; tags
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
STANDS_FOR_A_COMMAND = "\ufffd"


def printable(text: str) -> str:
    """The text with a placeholder for each character that a terminal would obey instead of show."""
    return _COMMANDS.sub(STANDS_FOR_A_COMMAND, text)


def one_line(name: str) -> str:
    """A name from outside, which must not start a new line either."""
    return printable(name.replace("\n", " ").replace("\t", " "))


class PeoplesText:
    """A text stream that writes only what is printable, and replaces what its encoding lacks; otherwise the stream below."""

    encoding = "utf-8"  # accepts any text; the stream below has the terminal's encoding

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

    def write(self, text: str) -> int:
        return self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def open_for_people() -> None:
    """From now on, everything that this process writes goes through PeoplesText."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, PeoplesText):
            setattr(sys, name, PeoplesText(stream))


def for_tables(stream: Any) -> TextIO:
    """The stream below, for a table that moves the cursor itself; names in such a table must go through `one_line`."""
    below: TextIO = stream._stream if isinstance(stream, PeoplesText) else stream
    return below
