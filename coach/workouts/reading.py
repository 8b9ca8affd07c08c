"""What readers of foreign workouts share: bounds, the place of every mistake, and warnings for what cannot be mapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from coach.core.plan import MAX_SEGMENTS, Band, Distance, Duration, Kind, Length, Plan, Ramp, Segment, Steady, Target, UntilLap
from coach.core.units import FASTEST, LONGEST_TIME, LONGEST_WAY, SLOWEST
from coach.located import InvalidSettings
from coach.planning.fitness import Fitness
from coach.workouts.blocks import printable

LARGEST = 1 << 20  # bytes: a workout of a thousand steps has a fifth of it
DEEPEST = 16  # blocks in blocks
LONGEST_NAME = 80
NO_FITNESS = 'needs your fitness: put [runner] race = "10k 50:00" into the config'

Where = int | str | None  # a line, "step 3", or the whole file
Warn = Callable[[str], None]

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_BARE = re.compile(r"&(?!(?:[A-Za-z]{1,10}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


class Reading:
    """One file being read: it bounds lengths, speeds and counts, and says where something is wrong."""

    def __init__(self, path: str, fitness: Fitness | None, warn: Warn) -> None:
        self.path, self.fitness, self._warn = path, fitness, warn

    def wrong(self, where: Where, message: str, hint: str = "") -> InvalidSettings:
        if isinstance(where, int):
            return InvalidSettings(self.path, where, message, hint)
        return InvalidSettings(self.path, None, f"{where}: {message}" if where else message, hint)

    def warn(self, where: Where, message: str) -> None:
        self._warn(str(self.wrong(where, message)))

    def seconds(self, where: Where, value: float) -> Length:
        """Raises InvalidSettings for what is no duration."""
        if not 0 < value <= LONGEST_TIME:
            raise self.wrong(where, f"{value:g} s is no duration", "it lies above zero and within two days")
        return Duration(value)

    def metres(self, where: Where, value: float) -> Length:
        """Raises InvalidSettings for what is no distance."""
        if not 0 < value <= LONGEST_WAY:
            raise self.wrong(where, f"{value:g} m is no distance", "it lies above zero and within 500 km")
        return Distance(value)

    def open_end(self, where: Where, until: str) -> Length:
        """Until the lap key, in the place of an end that a coach by pace cannot see."""
        self.warn(where, f"ends by {until}, which is not followed here: it lasts until you press lap")
        return UntilLap()

    def band(self, where: Where, one: float, other: float) -> Target:
        """m/s in either order; no target, and a warning, where that is no running speed."""
        slow, fast = sorted((one, other))
        if not SLOWEST <= slow <= fast <= FASTEST:
            self.warn(where, f"{slow:g} to {fast:g} m/s is no running speed: the step has no target here")
            return None
        return Steady(slow) if slow == fast else Band(slow, fast)

    def ramp(self, where: Where, start: float, end: float) -> Target:
        found = self.band(where, start, end)
        return Ramp(start, end) if isinstance(found, Band) else found

    def no_target(self, where: Where, what: str, why: str = "is not followed here") -> None:
        """Names the target that is left out."""
        self.warn(where, f"{what} {why}: the step has no target here")

    def segment(self, where: Where, name: str, kind: Kind | None, length: Length, target: Target) -> Segment:
        """A segment with the kind the file tells, or steady, or free where there is no target."""
        if isinstance(target, Ramp) and isinstance(length, UntilLap):
            self.warn(where, "a ramp needs an end, and this step has none: it is a band here")
            target = self.band(where, target.start, target.end)
        kind = kind or (Kind.STEADY if target else Kind.FREE)
        return Segment(printable(name, LONGEST_NAME, kind.label), kind, length, target)

    def repeated(self, where: Where, body: list[Segment], times: float | None) -> list[Segment]:
        """The body written out. Raises InvalidSettings for a count that is none, or too much."""
        if times is None or not 1 <= times <= MAX_SEGMENTS or times != int(times):
            raise self.wrong(where, "repeats a number of times that is none", f"a count lies between 1 and {MAX_SEGMENTS}")
        if not body:
            raise self.wrong(where, "repeats nothing")
        self.fits(where, len(body) * int(times))
        return [
            replace(each, turn=(turn, int(times))) if each.turn is None else each
            for turn in range(1, int(times) + 1)
            for each in body
        ]

    def fits(self, where: Where, count: int) -> None:
        """Raises InvalidSettings when there are more segments than a run has."""
        if count > MAX_SEGMENTS:
            raise self.wrong(where, f"comes to {count} segments", f"a run has at most {MAX_SEGMENTS}")

    def plan(self, name: str, segments: Iterable[Segment]) -> Plan:
        """Raises InvalidSettings for none, or too many."""
        found = tuple(segments)
        if not found:
            raise self.wrong(None, "has no steps")
        self.fits(None, len(found))
        return Plan(printable(name, LONGEST_NAME, Path(self.path).stem or "Workout"), found)

    def bytes(self) -> bytes:
        """The file's content. Raises InvalidSettings."""
        try:
            with open(self.path, "rb") as file:
                data = file.read(LARGEST + 1)
        except (OSError, ValueError) as trouble:
            told = (getattr(trouble, "strerror", None) or str(trouble)).lower()
            raise self.wrong(None, f"cannot be read: {told}") from None
        if len(data) > LARGEST:
            raise self.wrong(None, "is longer than a megabyte: that is no workout")
        return data

    def text(self) -> str:
        """The file as UTF-8, or as Windows-1252, which old editors write."""
        data = self.bytes()
        for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise self.wrong(None, "is no text", "save it as UTF-8")

    def xml(self) -> Any:
        """The root element. No DTD, no entities, no more than 64 levels. Raises InvalidSettings."""
        text = self.text()
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise self.wrong(None, "has a DOCTYPE, which no workout needs: it is not read")
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(_BARE.sub("&amp;", _DECLARATION.sub("", text)).encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError as broken:
            raise self.wrong(broken.lineno, f"is broken XML: {' '.join(str(broken.msg).split())[:200]}") from None
        depth = 0
        for event, element in etree.iterwalk(root, events=("start", "end")):
            depth += 1 if event == "start" else -1
            if depth > 64:
                raise self.wrong(element.sourceline, "is nested deeper than any workout")
        return root


def decimal(text: object) -> float | None:
    """A plain number; None for every other text ("1_0", "nan" and "1e999" are none)."""
    stripped = str(text).strip()
    return float(stripped) if isinstance(text, str) and _DECIMAL.fullmatch(stripped) else None


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
