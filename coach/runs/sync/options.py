"""The options of [sync] in the config; the key stands elsewhere (`keys.py`)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict

TODAY = "today"  # in place of a workout's file: the one that is planned at the service
HERE = ("localhost", "127.0.0.1", "::1")


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query:
        raise ValueError(f"{text!r} is not an address such as https://intervals.icu")
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise ValueError(f"{text!r} is not encrypted: anybody on the way could read your key")
    return text


class Sync(BaseModel):
    """Options of [sync]."""

    model_config = ConfigDict(extra="forbid")

    address: Annotated[str, AfterValidator(_address)] = "https://intervals.icu"
