"""Who may see and steer the run: whoever has the token of the QR code, or the four numbers, and then the cookie.

The token stands in the fragment of the address, which no browser sends; the page hands it in once and gets the cookie. Its 128
bits cannot be guessed, so tries of it are not limited; of the numbers few are, or they would be guessed in the end.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable

TRIES, TRIES_WITHIN = 5, 300.0  # of the numbers, from all addresses together: they are 39 bits; s
NUMBERS = 4  # of three digits each: as easily heard and typed as words, in every language


class Access:
    """The secrets of one server. `now` gives monotonic seconds."""

    def __init__(self, port: int, now: Callable[[], float] = time.monotonic) -> None:
        self.token = secrets.token_urlsafe(16)
        self.numbers = " ".join(str(100 + secrets.randbelow(900)) for _ in range(NUMBERS))
        self.cookie = f"coach_{port}"  # a browser sends a cookie to every port of an address
        self.secret = secrets.token_urlsafe(32)
        self._now = now
        self._tries: deque[float] = deque(maxlen=TRIES)

    def enters(self, offered: str) -> bool:
        """Whether this is the token, or are the numbers. Wrong numbers count as a try; see `is_locked`."""
        if _same(offered, self.token):
            return True
        if self.is_locked:
            return False
        if _same("".join(filter(str.isdigit, offered)), self.numbers.replace(" ", "")):
            return True
        self._tries.append(self._now())
        return False

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong numbers came lately, so that only the token is taken."""
        return len(self._tries) == TRIES and self._now() - self._tries[0] < TRIES_WITHIN

    def knows(self, cookie: str | None) -> bool:
        """Whether this is the cookie of a page that was let in."""
        return cookie is not None and _same(cookie, self.secret)


def _same(one: str, other: str) -> bool:
    """Compares in a time that tells nothing about where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())
