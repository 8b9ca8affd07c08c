"""Files of workouts as bytes, text, XML and JSON: limited in size, and without external or expanding entities."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from coach.errors import read_at_most
from coach.toml import LARGEST
from coach.workouts.reading import Reading

DEEPEST_XML = 64  # nested elements: each nested repeat takes two

_COMMA = re.compile(r"^([+-]?[0-9]+),([0-9]{1,2}|[0-9]{4,})$")  # before three digits a comma may stand for thousands
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,12})?")
_BARE = re.compile(r"&(?!(?:[A-Za-z]{1,10}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def content(reading: Reading) -> bytes:
    """The file's bytes. Raises InvalidSettings if it cannot be read or is too large for a workout."""
    try:
        data = read_at_most(Path(reading.path), LARGEST + 1)
    except (OSError, ValueError) as trouble:
        told = (getattr(trouble, "strerror", None) or str(trouble)).lower()
        raise reading.wrong(None, f"cannot be read: {told}") from None
    if len(data) > LARGEST:
        raise reading.wrong(None, "is larger than 1 MB, too large for a workout")
    return data


def text(reading: Reading) -> str:
    """The file as UTF-8, or as Windows-1252, which old editors write. Raises InvalidSettings."""
    data = content(reading)
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise reading.wrong(None, "is not a text file", "save it as UTF-8")


def xml(reading: Reading) -> Any:
    """The root element: no DTD, no entities, bounded depth. Raises InvalidSettings, with the line."""
    from lxml import etree  # only here: it takes 4 MB, for a whole run, and most workouts are no XML

    written = text(reading)
    if "<!DOCTYPE" in written or "<!ENTITY" in written:
        raise reading.wrong(None, "begins like a file that could be harmful (a DOCTYPE), so it was not read: export it again")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    # escape a bare &; blank out the declaration, whose encoding no longer applies, but keep its line ends
    clean = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), written)
    try:
        root = etree.fromstring(_BARE.sub("&amp;", clean).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as broken:
        raise reading.wrong(broken.lineno, f"is not valid XML: {' '.join(str(broken.msg).split())[:200]}") from None
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_XML:
            raise reading.wrong(element.sourceline, "is nested deeper than any workout")
    return root


def tables(reading: Reading) -> Any:
    """The file's content, parsed as JSON. Raises InvalidSettings, with the line."""
    written = text(reading)
    try:
        return json.loads(written)
    except json.JSONDecodeError as broken:
        raise reading.wrong(broken.lineno, f"is not valid JSON: {broken.msg.lower()}") from None
    except RecursionError:
        raise reading.wrong(None, "is nested too deeply") from None
    except ValueError:
        raise reading.wrong(None, "has NaN, Infinity or a number too large") from None


def decimal(written: object) -> float | None:
    """A plain decimal number, also with a comma; None for any other text, such as "1_0", "nan" and "1,000"."""
    if not isinstance(written, str):
        return None
    stripped = _COMMA.sub(r"\1.\2", written.strip())
    return float(stripped) if _DECIMAL.fullmatch(stripped) else None


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
