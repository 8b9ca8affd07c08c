"""Who visits the page in tests: a server with a desk that remembers, and a visitor who may be let in."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from coach.core.coach import Coach
from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.runs.recording import open_recording
from coach.stations.web.server import Server
from coach.ui.outline import Outline
from coach.ui.state import State
from coach.ui.views import Lines
from coach.ui.watching import Watching
from coach.voice.words.phrasing import Words
from coach.workouts import read_workout
from tests.patience import PATIENCE

CLOSED = 0  # the status of an answer that never came


class Desk:
    def __init__(self) -> None:
        self.pressed: list[str] = []
        self.chosen: list[str] = []

    def press(self, key: str) -> bool:
        self.pressed.append(key)
        return True

    def choose(self, workout: str) -> bool:
        self.chosen.append(workout)
        return not self.pressed


class Visitor:
    """Asks the server at this port; `cookie` after `enter`. `here` is the address that it comes from."""

    def __init__(self, port: int, here: str = "127.0.0.1") -> None:
        self.port, self.here, self.cookie = port, here, ""
        self.origin = f"http://127.0.0.1:{port}"

    def ask(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> tuple[int, bytes]:
        """The status and the body of the answer, CLOSED where there was none. `_` in the name of a header stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE, source_address=(self.here, 0))
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            given.setdefault("Cookie", self.cookie)
        try:
            with suppress(BrokenPipeError):  # refused before all of it was sent: the answer is there
                connection.request(method, path, body, given)
            answer = connection.getresponse()
            self.headers = dict(answer.getheaders())
            return answer.status, answer.read()
        except ConnectionResetError:  # what the server left unread takes its answer along
            return CLOSED, b""
        finally:
            connection.close()

    def post(self, path: str, told: dict[str, Any]) -> int:
        return self.ask("POST", path, json.dumps(told), Origin=self.origin)[0]

    def enter(self, key: str) -> int:
        status = self.post("/enter", {"key": key})
        if status == 204:
            self.cookie = self.headers["set-cookie"].partition(";")[0]
        return status

    @contextmanager
    def stream(self) -> Iterator[Iterator[dict[str, Any]]]:
        """The snapshots of the stream, as they come; it ends where the server ends it."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE, source_address=(self.here, 0)) as link:
            asked = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n\r\n"
            link.sendall(asked.encode())
            yield (json.loads(line[6:]) for line in link.makefile() if line.startswith("data: "))


@contextmanager
def served(notes: Callable[[str], object] = lambda line: None) -> Iterator[tuple[Server, Desk, Visitor]]:
    """A server in its thread, its desk, and a visitor who has not entered."""
    desk = Desk()
    with Server(0, "en", desk, notes) as server:
        yield server, desk, Visitor(server.port)


def demo() -> tuple[Outline, list[State]]:
    """The bundled run: its plan as a curve, and the states that it gave."""
    folder = Path(str(files("coach.demo")))
    coach = Coach(read_workout(str(folder / "workout.toml"), None), Settings())
    view, states = Watching(Lines(write=lambda line: None), coach), list[State]()
    view.sinks.append(states.append)
    Loop(coach, Words.load("en", "metric"), view).run(open_recording(folder / "run.nmea").items())
    return view.stater.outline, states


def is_closed(link: socket.socket, within: float = 0.0) -> bool:
    """Whether the other side closes the connection in so many seconds."""
    link.settimeout(max(0.01, within))
    try:
        return link.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
