"""What the page may ask for: itself, to be let in, the state, the stream of states, and a key to be pressed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from coach.core.inputs import KEYS
from coach.stations.web.access import Access
from coach.stations.web.board import Board
from coach.stations.web.door import App, Door, address_of
from coach.stations.web.limits import Limit
from coach.stations.web.pages import Page
from coach.stations.web.refusals import Refusals

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

BODY_WITHIN = 5.0  # s
OK, WRONG, FORBIDDEN, NOT_NOW, TOO_MANY = 204, 400, 403, 409, 429


class Desk(Protocol):
    """Takes what is pressed on the page; any thread may call it."""

    def press(self, key: str) -> bool:
        """False if there is no run that could take it."""
        ...

    def choose(self, workout: str) -> bool:
        """Begins a run; False if that cannot be now."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """The answers to the page's requests."""

    board: Board
    access: Access
    desk: Desk
    refusals: Refusals
    page: Page

    def app(self) -> App:
        """The whole as an ASGI application. Needs starlette."""
        from starlette.applications import Starlette
        from starlette.routing import Route

        presses = Limit(rate=4.0, burst=12.0)
        routes: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("/", "GET", self._page),
            ("/enter", "POST", self._enter),
            ("/state", "GET", self._state),
            ("/events", "GET", self._events),
            ("/press", "POST", lambda request: self._take(request, presses, "key")),
            ("/choose", "POST", lambda request: self._take(request, presses, "workout")),
        ]
        inner: Any = Starlette(routes=[Route(path, _async(answer), methods=[method]) for path, method, answer in routes])
        return Door(inner, self.access, self.refusals, frozenset(path for path, *_ in routes), self.page.policy)

    async def _page(self, request: Request) -> Response:
        from starlette.responses import Response

        return Response(self.page.html, media_type="text/html")

    async def _enter(self, request: Request) -> Response:
        """Lets in whoever has the token or the numbers, by a cookie that no script can read."""
        from starlette.responses import Response

        offered = (await _body(request)).get("key")
        if isinstance(offered, str) and self.access.enters(offered):
            answer = Response(status_code=OK)
            answer.set_cookie(self.access.cookie, self.access.secret, httponly=True, samesite="strict")
            return answer
        self._refuse("wrong", request)
        return Response(status_code=TOO_MANY if self.access.is_locked else FORBIDDEN)

    async def _state(self, request: Request) -> Response:
        from starlette.responses import Response

        return Response(self.board.message(whole=True), media_type="application/json")

    async def _events(self, request: Request) -> Response:
        from starlette.responses import StreamingResponse

        return StreamingResponse(self.board.stream(), media_type="text/event-stream")

    async def _take(self, request: Request, limit: Limit, what: str) -> Response:
        """Takes a key or the choice of a workout."""
        from starlette.responses import Response

        if not limit.allows(address_of(request.scope)):
            self._refuse("often", request)
            return Response(status_code=TOO_MANY)
        given = (await _body(request)).get(what)
        if not isinstance(given, str) or (what == "key" and given not in KEYS):
            return Response(status_code=WRONG)
        taken = self.desk.press(given) if what == "key" else self.desk.choose(given)
        return Response(status_code=OK if taken else NOT_NOW)

    def _refuse(self, reason: str, request: Request) -> None:
        self.refusals.count(reason, address_of(request.scope), time.monotonic())


def _async(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Starlette runs what is not a coroutine function in a thread."""

    async def answering(request: Request) -> Response:
        response: Response = await answer(request)
        return response

    return answering


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; empty if it was none, or too slow."""
    body = b""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            async for chunk in request.stream():
                body += chunk  # the door let in no more than LARGEST
        told = json.loads(body)
    except (TimeoutError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
