"""Reads the points of GPX and TCX as a stream of text, tolerantly: no entities, every size bounded, nothing kept in memory.

It looks only for the tags that recordings consist of. So errors around them do not matter: blanks before the declaration, a
wrong encoding, a bare `&` in a name, control characters, unclosed tags. Entities, other names and nesting are ignored.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from devices.tracks import Track

CHUNK = 64 << 10  # bytes
ATTRIBUTES = ("lat", "lon")
LARGEST = 200 << 20  # bytes: a day at ten points a second
LONGEST = 1 << 20  # characters of one point; longer text between two points is skipped
NAME = r"(?!/)(?:[\w.-]{1,40}:)??"  # the prefix of a namespace, looked for where the tag is no end and not known without one
_ATTRIBUTE = re.compile(r"""([\w.-]{1,40})\s*=\s*(?:"([^"<]{0,80})"|'([^'<]{0,80})')""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)


class Element(NamedTuple):
    """A point with its attributes and the first text for each name in it; or a mark, with the text after its tag."""

    name: str
    attributes: dict[str, str]
    texts: dict[str, str]
    text: str


class Tags:
    """The tags to look for: the point's name, the names of its texts, and the names of the marks around the points."""

    def __init__(self, point: str, texts: str, marks: str = "") -> None:
        """`texts` and `marks` are names separated by blanks."""
        self.point = point
        self.closes = re.compile(rf"</(?:[\w.-]{{1,40}}:)?{point}\s*>")
        found = "|".join([point, *marks.split()])
        self.opens = re.compile(rf"<{NAME}({found})(?:\s([^<>]*))?>([^<]*)")
        self.texts = re.compile(rf"<{NAME}({'|'.join(texts.split())})(?:\s[^<>]*)?>([^<]*)<")
        self.begun = re.compile(rf"<{NAME}{point}[\s/>]")
        self._names = {name.lower(): name for name in (point, *texts.split(), *marks.split(), *ATTRIBUTES)}
        self._spelt = re.compile(rf"(?<=[</:\s])(?:{'|'.join(self._names)})(?=[\s/>=])", re.IGNORECASE)
        self._anyhow = re.compile(rf"<{NAME}({point})[\s/>]", re.IGNORECASE)

    def are_spelt_so(self, text: str) -> bool | None:
        """Whether the first point of this text has its name in these letters, small and large; None if it has no point."""
        met = self._anyhow.search(text)
        return None if met is None else met[1] == self.point

    def spelt(self, text: str) -> str:
        """The text with all names in these letters."""
        return self._spelt.sub(lambda found: self._names[found[0].lower()], text)


PADDING = " \t\r\n\0\x1a"  # what may stand behind the last tag: blanks, and ends of other systems


def elements(track: Track, tags: Tags) -> Iterator[Element]:
    """The points, and the marks before and between them, in order.

    Raises InvalidFile for a DOCTYPE and for anything too large. A document that ends early is counted as `truncated`.
    """
    begun, as_usual = "", None
    for text in _texts(track):
        text = _plain(begun + text)
        as_usual = tags.are_spelt_so(text) if as_usual is None else as_usual
        *whole, begun = tags.closes.split(tags.spelt(text) if as_usual is False else text)
        for part in whole:
            yield from _found(part, tags)
        if len(begun) > LONGEST:
            if tags.begun.search(begun):
                raise track.wrong("has a point longer than 1 MB, so it is not a recording")
            yield from _found(begun, tags)
            begun = ""
    yield from _found(begun, tags, cut=True)
    if not begun.rstrip(PADDING).endswith(">") or "</" not in begun:
        track.faults["truncated"] = 1


def _texts(track: Track) -> Iterator[str]:
    """The file as text. Tags and numbers are ASCII in every encoding but UTF-16, so no other encoding matters."""
    decode = None
    while chunk := track.read(CHUNK):
        if decode is None:
            decode = codecs.getincrementaldecoder(_encoding(chunk))(errors="replace").decode
        text = decode(chunk)
        if "<!DOCTYPE" in text:
            raise track.wrong("begins like a file that could be harmful (a DOCTYPE), so it was not read: export the run again")
        if track.bytes_read > LARGEST:
            raise track.wrong("is larger than 200 MB: split it into single runs")
        yield text


def _encoding(head: bytes) -> str:
    """The encoding, from the byte order mark or the NULs around the first tag, because the declaration is often wrong."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    tag = head.find(b"<")
    after = head[tag + 1 : tag + 4]
    width = 1 + len(after) - len(after.lstrip(b"\0"))  # bytes a letter
    return "latin-1" if width not in (2, 4) else f"utf-{8 * width}-{'be' if tag % width else 'le'}"


def _plain(text: str) -> str:
    """The text without comments, and with CDATA sections replaced by their content."""
    if "<!" not in text:
        return text
    closed = text.rfind("-->") + 3 if "-->" in text else 0  # what is never closed would be searched to its end again and again
    text = _COMMENT.sub("", text[:closed]) + text[closed:]
    closed = text.rfind("]]>") + 3 if "]]>" in text else 0
    return _CDATA.sub(lambda section: section[1].replace("<", " "), text[:closed]) + text[closed:]


def _found(part: str, tags: Tags, cut: bool = False) -> Iterator[Element]:
    """The marks in a part of the document that ends with a point, and the point itself unless it was `cut`."""
    end = 0
    while opening := tags.opens.search(part, end):
        name, inner, text = opening.groups()
        end = opening.end()
        if name != tags.point:
            yield Element(name, {}, {}, text)
        elif inner and inner.endswith("/"):
            yield Element(name, _attributes(inner), {}, "")
        else:
            if not cut:
                yield Element(name, _attributes(inner or ""), dict(reversed(tags.texts.findall(part, opening.start(3)))), "")
            return


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(text)}
