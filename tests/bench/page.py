"""The page on a phone: its weight and first paint, what it costs the run with 20 visitors and under eight attacks."""

from __future__ import annotations

import os
import socket
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

from coach.core.coach import Coach
from coach.stations.web.pages import page
from coach.stations.web.server import Server
from coach.ui.live.screen import LiveScreen
from coach.ui.told import Teller
from coach.ui.views import Lines
from coach.ui.watching import Sink, Watching
from tests.bench.live import delays
from tests.bench.row import Row
from tests.stations.steered import Steered
from tests.stations.web.browser import CHROMIUM, browser
from tests.stations.web.visitors import CLOSED, Desk, Visitor, demo, is_closed, served

CLIENTS, SILENT = 20, 5  # of them never read
WATCHED = 20.0  # s
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure() -> Iterator[Row]:
    yield Row(
        "weight of the page, the longest of four languages", max(_weight(each) for each in ("en", "de", "fr", "es")), "KB", 60.0
    )
    if CHROMIUM:
        yield Row("first paint on loopback, best of three", min(_paint() for _ in range(3)), "ms", 300.0)
    yield from _loop("without a page")
    yield from _visited()
    yield from _attacked()
    yield Row("processor of the page and of its reader at 1 Hz", _processor(terminal=False), "%", 1.5)
    yield Row("  with the live screen", _processor(terminal=True), "%", 1.5)


def _weight(language: str) -> float:
    return len(page(language).html.encode()) / 1000


def _paint() -> float:
    with tempfile.TemporaryDirectory() as profile, served() as (server, _, _visitor), browser(Path(profile)) as tab:
        tab.open(f"http://127.0.0.1:{server.port}/")
        tab.wait_for("document.readyState === 'complete' && location.port !== ''")
        return float(tab.wait_for(PAINTED))


def _loop(what: str, server: Server | None = None) -> Iterator[Row]:
    """A state for each sentence: a hundred a second, where a run has one."""
    watching: list[Watching] = []

    def followed(coach: Coach) -> None:
        if server is None:
            return
        if not watching:
            watching.append(Watching(Lines(write=lambda line: None), coach))
            watching[0].sinks.append(server.board.put)
            server.board.begin(watching[0].stater.outline, Teller("en", "metric"))
        watching[0].followed(coach)

    taken = delays(followed)
    yield Row(f"last byte to the cue, {what}: median", median(taken), "ms", 5.0)
    yield Row("  99 of 100 within", quantiles(taken, n=100)[98], "ms", 50.0)


def _visited() -> Iterator[Row]:
    with visited() as server:
        yield from _loop(f"{CLIENTS} visitors of whom {SILENT} never read", server)


@contextmanager
def visited() -> Iterator[Server]:
    """A page with its visitors, some of whom never read."""
    with served() as (server, _, _visitor), ExitStack() as stack:
        for number in range(CLIENTS):
            visitor = Visitor(server.port, f"127.0.0.{2 + number // 4}")
            visitor.enter(server.access.token)
            snapshots = stack.enter_context(visitor.stream())
            if number >= SILENT:
                threading.Thread(target=lambda them=snapshots: [None for _ in them], daemon=True).start()
        yield server


def _attacked() -> Iterator[Row]:
    told: list[str] = []
    with served(told.append) as (server, desk, visitor):
        visitor.enter(server.access.token)
        refused: dict[str, int] = {}
        attacking = threading.Thread(target=lambda: refused.update({name: attack(visitor) for name, attack in ATTACKS.items()}))
        attacking.start()
        yield from _loop("under eight attacks, one after the other", server)
        attacking.join()
        for name in ATTACKS:
            yield Row(f"refused: {name}", refused[name], f"of {TIMES.get(name, 1)}", LEAST.get(name, TIMES.get(name, 1)), True)
        yield Row("keys that reached the run", len(desk.pressed), "", 40)
        pressed = _acknowledged(server, desk)
    yield Row("  a key of the page reaches the run within", pressed, "ms", 300.0)
    yield Row("lines told; the connections of slowloris are too slow, or too many", len(told), "", len(ATTACKS) + 1)


def _acknowledged(server: Server, desk: Desk) -> float:
    """From the press on a page to the run, where the pip begins at once."""
    phone = Visitor(server.port, "127.0.0.77")
    phone.enter(server.access.token)
    desk.pressed.clear()
    began = time.perf_counter()
    phone.post("/press", {"key": "lap"})
    assert desk.pressed == ["lap"]
    return 1000 * (time.perf_counter() - began)


def _processor(terminal: bool) -> float:
    """The share of a core (%) of one page with its reader, and of the live screen."""
    outline, states = demo()
    with served() as (server, _, visitor), ExitStack() as stack:
        visitor.enter(server.access.token)
        server.board.begin(outline, Teller("en", "metric"))
        sinks: list[Sink] = [server.board.put]
        if terminal:
            screen = stack.enter_context(live_screen())
            sinks.append(stack.enter_context(screen(Steered().watching, lambda key: None)))
        snapshots = stack.enter_context(visitor.stream())
        threading.Thread(target=lambda: [None for _ in snapshots], daemon=True).start()
        began = time.process_time()
        for state in states[: int(WATCHED)]:
            for sink in sinks:
                sink(state)
            time.sleep(1.0)
        return 100 * (time.process_time() - began) / WATCHED


@contextmanager
def live_screen() -> Iterator[LiveScreen]:
    """The live screen in a terminal of 80 columns and 24 lines, read as fast as it comes."""
    reading, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    with open(terminal, "w", encoding="utf-8") as stream:
        threading.Thread(target=_drain, args=(reading,), daemon=True).start()
        yield LiveScreen(Lines(write=lambda line: None), Teller("en", "metric"), "km", stream)


def _drain(terminal: int) -> None:
    with suppress(OSError):  # the other end is closed
        while os.read(terminal, 1 << 16):
            pass


# The attacks: each gives how often it was refused


def _no_token(visitor: Visitor) -> int:
    return Visitor(visitor.port).ask("GET", "/state")[0] == 401


def _wrong_token(visitor: Visitor) -> int:
    return sum(Visitor(visitor.port, "127.0.0.40").enter("123 456 789 012") in (403, 429) for _ in range(20))


def _foreign_origin(visitor: Visitor) -> int:
    return visitor.ask("POST", "/press", '{"key": "quit"}', Origin="http://evil.example")[0] == 403


def _rebinding(visitor: Visitor) -> int:
    return visitor.ask("GET", "/state", Host=f"evil.example:{visitor.port}")[0] == 421


def _traversal(visitor: Visitor) -> int:
    return sum(visitor.ask("GET", path)[0] == 404 for path in ("/../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd"))


def _large_body(visitor: Visitor) -> int:
    try:
        return visitor.ask("POST", "/press", b"x" * 10_000_000, Origin=visitor.origin)[0] in (413, CLOSED)
    except (ConnectionError, TimeoutError):
        return 1  # closed before it was sent


def _slowloris(visitor: Visitor) -> int:
    """Half headers on 200 connections; all are closed within the time for a header."""
    links = []
    for _ in range(TIMES["slowloris"]):
        with suppress(OSError):
            links.append(socket.create_connection(("127.0.0.1", visitor.port), 5.0, source_address=("127.0.0.50", 0)))
            links[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    deadline = time.monotonic() + 15.0
    closed = TIMES["slowloris"] - len(links) + sum(is_closed(link, deadline - time.monotonic()) for link in links)
    for link in links:
        link.close()
    return closed


def _flood(visitor: Visitor) -> int:
    return sum(visitor.post("/press", {"key": "lap"}) == 429 for _ in range(TIMES["event flood"]))


TIMES = {"wrong token": 20, "path traversal": 3, "slowloris": 200, "event flood": 300}
LEAST = {"event flood": 240}  # the first are within what a thumb may press
ATTACKS: dict[str, Callable[[Visitor], int]] = {
    "no token": _no_token,
    "wrong token": _wrong_token,
    "foreign Origin": _foreign_origin,
    "rebinding Host": _rebinding,
    "path traversal": _traversal,
    "10 MB body": _large_body,
    "slowloris": _slowloris,
    "event flood": _flood,
}
