"""One request over HTTP: verified, to one host only, within limits of time and size; the key never stands in a message."""

from __future__ import annotations

import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from email.message import Message
from http.client import HTTPException
from typing import IO, Any, NamedTuple

CONNECT, WHOLE = 10.0, 60.0  # s for a step, and for the whole answer
LARGEST = 1 << 20  # bytes of an answer
CHUNK = 16_384


class Answer(NamedTuple):
    """`status` is 0 where no answer came; `told` is then why. `retry_after` is in seconds."""

    status: int
    content: Any = None  # what the JSON held; None if it was none
    told: str = ""
    retry_after: float | None = None


class _Stay(urllib.request.HTTPRedirectHandler):
    """A key is not carried to another address."""

    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> None:
        return None


def ask(request: urllib.request.Request) -> Answer:
    """Sends it and reads the answer; every trouble is an Answer too."""
    opener = urllib.request.build_opener(_Stay, urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    try:
        with opener.open(request, timeout=CONNECT) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return _read(refused.code, refused)
    except (OSError, HTTPException, ValueError) as trouble:
        return Answer(0, told=_in_words(trouble))


def _read(status: int, answer: Any) -> Answer:
    until, content = time.monotonic() + WHOLE, bytearray()
    try:
        while chunk := answer.read1(CHUNK) if hasattr(answer, "read1") else answer.read(CHUNK):
            content += chunk
            if len(content) > LARGEST or time.monotonic() > until:
                return Answer(0, told="the answer was too long")
    except (OSError, HTTPException) as trouble:
        return Answer(0, told=_in_words(trouble))
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and len(content) < int(length):
        return Answer(0, told="the answer broke off")
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    after = answer.headers.get("Retry-After", "")
    return Answer(status, found, _message(found), float(after) if after.isdigit() else None)


def _message(found: Any) -> str:
    """What the service says about an error, in one line."""
    text = found.get("error") or found.get("message") if isinstance(found, dict) else None
    return " ".join(str(text).split())[:160] if text else ""


def _in_words(trouble: Exception) -> str:
    reason = getattr(trouble, "reason", trouble)
    if isinstance(reason, socket.timeout | TimeoutError):
        return "no answer in time"
    if isinstance(reason, ssl.SSLError):
        return "its certificate could not be verified"
    told = getattr(reason, "strerror", None) or type(reason).__name__
    return " ".join(str(told).split()).lower()[:160]
