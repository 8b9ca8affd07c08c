"""Reads untrusted XML as a stream: no DTD, no entities, every size limited, nothing kept.

What expat and its wrappers can be crashed with is refused before it grows: a document that has not come to its
first element within 64 KiB, any DOCTYPE, more than 64 levels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from devices.api import InvalidFile

if TYPE_CHECKING:
    from devices.tracks import Track

CHUNK = 32 << 10  # bytes
PROLOGUE = 64 << 10  # bytes before the first element
LARGEST = 200 << 20  # bytes: a day at ten points a second
DEEPEST = 64
ATTRIBUTES = 64
LONGEST_TEXT = 1 << 20  # characters


class Element:
    """A finished element: its name without namespace, its attributes, and the texts inside it."""

    __slots__ = ("attributes", "line", "name", "opens", "text", "texts")

    def __init__(self, name: str, opens: bool, element: etree._Element, texts: dict[str, str]) -> None:
        self.name, self.opens, self.texts = name, opens, texts
        self.attributes = element.attrib
        self.text: str = element.text or ""
        self.line: int = element.sourceline or 0


def elements(track: Track, whole: str, marks: frozenset[str]) -> Iterator[Element]:
    """The `whole` elements (a track point) with the texts in them, and the beginning and end of each of `marks`.

    Raises InvalidFile for what is hostile. Where the document breaks off, what was whole is given and it is counted.
    """
    walk, given = _Walk(track, whole, marks), False
    try:
        for event, element in _events(track, walk):
            if found := walk.step(event, element):
                given = given or found.name == whole
                yield found
    except etree.XMLSyntaxError as broken:
        if not given:
            raise track.wrong(f"is not valid XML: {' '.join(str(broken.msg).split())}", broken.lineno) from None
        track.count("truncated")
    except (LookupError, UnicodeError) as strange:
        raise track.wrong(f"has an unknown encoding: {strange}") from None


def _events(track: Track, walk: _Walk) -> Iterator[tuple[str, etree._Element]]:
    """Starts and ends of elements, up to the place of an error, which is then raised."""
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    while chunk := track.read(CHUNK):
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError:
            yield from parser.read_events()
            raise
        yield from parser.read_events()
        if not walk.begun and track.bytes_read > PROLOGUE:
            raise track.wrong("has no element in its first 64 KiB, so it is not a recording")
        if track.bytes_read > LARGEST:
            raise track.wrong("is larger than 200 MB: split it into single runs")
    parser.close()


class _Walk:
    """Follows the parser, and clears the tree behind it."""

    def __init__(self, track: Track, whole: str, marks: frozenset[str]) -> None:
        self._track, self._whole, self._marks = track, whole, marks
        self._depth = 0
        self._inside = 0  # depth of the `whole` element being read
        self._texts: dict[str, str] = {}
        self.begun = False

    def step(self, event: str, element: etree._Element) -> Element | None:
        name: str = element.tag.rpartition("}")[2]
        return self._start(name, element) if event == "start" else self._end(name, element)

    def _start(self, name: str, element: etree._Element) -> Element | None:
        self._depth += 1
        if not self.begun:
            self.begun = True
            if element.getroottree().docinfo.doctype:
                raise self._refused("has a DOCTYPE, which recordings never need: refused for safety", element)
        if self._depth > DEEPEST or len(element.attrib) > ATTRIBUTES:
            raise self._refused("has more nesting or attributes than any recording", element)
        if name == self._whole and not self._inside:
            self._inside, self._texts = self._depth, {}
        return Element(name, True, element, {}) if name in self._marks else None

    def _end(self, name: str, element: etree._Element) -> Element | None:
        depth, self._depth = self._depth, self._depth - 1
        found = None
        if depth == self._inside:
            self._inside = 0
            found = Element(name, False, element, self._texts)
        elif self._inside:
            text = element.text
            if text and not text.isspace():
                if len(text) > LONGEST_TEXT:
                    raise self._refused("has a text longer than 1 MB", element)
                self._texts.setdefault(name, text.strip())
        elif name in self._marks:
            found = Element(name, False, element, {})
        if not self._inside:
            _forget(element)
        return found

    def _refused(self, what: str, element: etree._Element) -> InvalidFile:
        return self._track.wrong(what, element.sourceline)


def _forget(element: etree._Element) -> None:
    """Frees a finished element and the siblings before it."""
    parent = element.getparent()
    if parent is None:
        return
    while (elder := element.getprevious()) is not None:
        parent.remove(elder)
    for child in list(element):
        element.remove(child)
