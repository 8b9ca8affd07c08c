"""What every request must show before anything else looks at it: a host of ours, a page of ours, the cookie, and patience.

A page elsewhere can send a request here from the runner's own browser (it sends the Origin of that page), and can give its own
name our address (then the Host is that name). Without https a browser says no more than these two.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from coach.stations.web.access import Access
from coach.stations.web.limits import Limit
from coach.stations.web.refusals import Refusals

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN = frozenset({"/", "/enter"})  # what may be asked for without the cookie: a page without content, and to be let in
ASKED_BY_BROWSERS = ("/favicon.ico", "/apple-touch-icon", "/robots.txt")  # nobody's attack
LARGEST = 1024  # bytes of a body
STATUS = {"host": 421, "method": 405, "origin": 403, "address": 404, "often": 429, "token": 401, "size": 413}


class Door:
    """An ASGI application around another. `paths` are those that it answers."""

    def __init__(self, app: App, access: Access, refusals: Refusals, paths: frozenset[str], policy: str) -> None:
        self._app, self._access, self._refusals, self._paths = app, access, refusals, paths
        self._names = {"localhost", socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
        self._limit = Limit(rate=10.0, burst=60.0)
        self._headers = [(name.encode(), value.encode()) for name, value in _headers(policy).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        reason = self._fault(scope)
        answering = self._with_headers(send)
        if reason is None:
            await self._app(scope, receive, answering)
            return
        if not scope["path"].startswith(ASKED_BY_BROWSERS):
            self._refusals.count(reason, address_of(scope), time.monotonic())
        await answering({"type": "http.response.start", "status": STATUS[reason], "headers": [(b"content-length", b"0")]})
        await answering({"type": "http.response.body", "body": b""})

    def _fault(self, scope: Scope) -> str | None:
        """Why it is refused, one of STATUS."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "").lower()
        if not self._is_ours(host, scope["server"]):
            return "host"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return "method"
        if scope["method"] == "POST" and headers.get("origin", "").lower() != f"http://{host}":
            return "origin"
        if not self._limit.allows(address_of(scope)):
            return "often"
        if scope["path"] not in self._paths:
            return "address"
        if _length(headers) > LARGEST:
            return "size"
        if scope["path"] not in OPEN and not self._access.knows(_cookie(headers, self._access.cookie)):
            return "token"
        return None

    def _is_ours(self, host: str, server: tuple[str, int]) -> bool:
        """Whether the Host names this computer: by the address that was connected to, or by its own name."""
        name, _, port = host.rpartition(":")
        return port == str(server[1]) and (name == server[0] or name in self._names)

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        return sending


def address_of(scope: Scope) -> str:
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else "?"


def _length(headers: dict[str, str]) -> int:
    """The length of the body that is announced; one that comes in pieces without an end is too long: no browser sends it."""
    told = headers.get("content-length", "0")
    return int(told) if told.isdecimal() and "transfer-encoding" not in headers else LARGEST + 1


def _cookie(headers: dict[str, str], name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _headers(policy: str) -> dict[str, str]:
    """Of every answer. A connection answers once: then none can wait for a second request that never comes."""
    return {
        "connection": "close",
        "cache-control": "no-store",
        "content-security-policy": policy,
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
