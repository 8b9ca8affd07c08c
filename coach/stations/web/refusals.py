"""What the page refused: counted, and each attack told in one line when it is over, or once a minute while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

OVER_AFTER = 5.0  # s without another one
TOLD_EVERY = 60.0  # s

REASONS = {
    "host": "another host's name",
    "origin": "from another page",
    "method": "not a page's",
    "address": "nothing at that address",
    "token": "without the token",
    "wrong": "a wrong token",
    "size": "too large",
    "often": "too often",
    "sockets": "too many connections",
    "slow": "too slow",
}
MOST_NAMED = 3  # addresses named in a line


@dataclass(slots=True)
class _Attack:
    first: float
    last: float
    count: int = 0
    addresses: set[str] = field(default_factory=set)


class Refusals:
    """Used in one thread. `note` tells a line."""

    def __init__(self, note: Callable[[str], object]) -> None:
        self._note = note
        self._open: dict[str, _Attack] = {}

    def count(self, reason: str, address: str, now: float) -> None:
        """One more was refused for this reason, one of REASONS; `now` in s."""
        attack = self._open.setdefault(reason, _Attack(now, now))
        attack.last = now
        attack.count += 1
        if len(attack.addresses) <= MOST_NAMED:
            attack.addresses.add(address)

    def tell(self, now: float) -> None:
        """Tells those that are over by now."""
        for reason, attack in list(self._open.items()):
            if now - attack.last >= OVER_AFTER or now - attack.first >= TOLD_EVERY:
                del self._open[reason]
                self._note(_line(reason, attack))

    def tell_all(self) -> None:
        """Tells the rest: the server ends."""
        self.tell(float("inf"))


def _line(reason: str, attack: _Attack) -> str:
    named = sorted(attack.addresses)[:MOST_NAMED]
    more = " and others" if len(attack.addresses) > MOST_NAMED else ""
    requests = "request" if attack.count == 1 else "requests"
    return f"the page refused {attack.count} {requests} ({REASONS[reason]}) from {', '.join(named)}{more}"
