"""The page as one text: markup, style and script in one answer, so that it is there after one round trip.

Its policy lets nothing else run: the style and the script are named by their checksums, and no other host may be asked.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from base64 import b64encode
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from coach.voice.words.tables import FALLBACK


@dataclass(frozen=True, slots=True)
class Page:
    """`policy` is its content security policy."""

    html: str
    policy: str


def page(language: str) -> Page:
    """The page in this language; in English what the language lacks."""
    base = language.partition("-")[0]
    told = texts_of(language)
    style, script = _read("page.css"), _read("page.js")
    shown = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    html = _read("page.html").replace("{language}", base if texts(base) else FALLBACK)
    html = html.replace("{style}", style).replace("{texts}", shown).replace("{script}", script)
    return Page(html, _policy(style, script))


def texts_of(language: str) -> dict[str, str]:
    """What the page says in this language; in English what it lacks."""
    return texts(FALLBACK) | texts(language.partition("-")[0])


def texts(language: str) -> dict[str, Any]:
    """What the page itself says in this language; empty if it has none."""
    file = files("coach.stations.web").joinpath("languages", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _policy(style: str, script: str) -> str:
    allowed = {
        "default-src": "'none'",
        "style-src": _checksum(style),
        "script-src": _checksum(script),
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{what} {whom}" for what, whom in allowed.items())


def _checksum(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return files("coach.stations.web").joinpath(name).read_text("utf-8")
