"""HTML as text: elements and escaped text, so that no name from a file can become part of a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

DRAWN = ("circle", "line", "path", "rect")  # SVG: closed at once where nothing is inside
VOID = ("input", "meta")  # HTML: never closed
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def tag(element: str, *inside: str, **attributes: object) -> str:
    """An element with HTML inside. Attributes are escaped: `kind` is the class, `_` stands for `-`, None is left out."""
    told = "".join(
        f' {"class" if key == "kind" else key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not inside and element in DRAWN:
        return f"<{element}{told}/>"
    return f"<{element}{told}>" if element in VOID else f"<{element}{told}>{''.join(inside)}</{element}>"


def table(titles: Iterable[str], rows: Iterable[Iterable[str]], kind: str | None = None) -> str:
    """A table that scrolls sideways where it is too wide; titles and cells are plain text."""
    head = tag("tr", *(tag("th", escape(title), scope="col") for title in titles))
    body = (tag("tr", *(tag("td", escape(cell)) for cell in row)) for row in rows)
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body), kind=kind), kind="wide", tabindex="0")


def document(language: str, title: str, *sections: str, style: str, scripts: str = "") -> str:
    """A whole page that may ask no host for anything. `title` is plain text, `sections` and `scripts` are HTML."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", escape(title)),
        tag("style", style),
    )
    body = tag("body", tag("main", *sections), scripts)
    return f"<!doctype html>{tag('html', head, body, lang=language)}\n"
