"""Waits for a sound device to come: a sound server that starts, a sink of it that appears or goes on, a sound card.

It runs only while there is no device. Without a server it looks for the server's socket, which costs nothing; the server then
tells what comes. Other systems have neither, and there a device is only tried now and again.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from coach.voice.server import pulse

LOOK_EVERY = 0.2  # s between two looks for the server
CARDS = Path("/dev/snd")
_CAME = re.compile(r"Event '(new|change)' on (sink|server) ")


class Arrivals:
    """Calls `came`, in a thread of its own, whenever a device may have come while one is `wanted`."""

    def __init__(self, came: Callable[[], object]) -> None:
        self._came = came
        self._stop: threading.Event | None = None

    def wanted(self, is_so: bool) -> None:
        """Returns at once."""
        if is_so and self._stop is None:
            self._stop = threading.Event()
            threading.Thread(target=self._watch, args=(self._stop,), name="arrivals", daemon=True).start()
        elif not is_so and self._stop is not None:
            self._stop.set()
            self._stop = None

    def _watch(self, stop: threading.Event) -> None:
        cards = _cards()
        while not stop.is_set():
            if pulse.is_there() and _server_answers():
                self._came()
                self._listen(stop)
            elif (now := _cards()) != cards:
                cards = now
                self._came()
            stop.wait(LOOK_EVERY)

    def _listen(self, stop: threading.Event) -> None:
        """Until the server ends, or nobody waits any more."""
        with contextlib.suppress(OSError), subprocess.Popen(
            ["pactl", "subscribe"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
            env={**os.environ, "LC_ALL": "C"},
        ) as told:  # fmt: skip
            threading.Thread(target=_kill_at, args=(stop, told), daemon=True).start()
            assert told.stdout
            for line in told.stdout:
                if _CAME.match(line) and not stop.is_set():
                    self._came()


def _kill_at(stop: threading.Event, process: subprocess.Popen[str]) -> None:
    """Also ends itself when the process has ended."""
    while process.poll() is None:
        if stop.wait(LOOK_EVERY):
            process.kill()
            return


def _server_answers() -> bool:
    """Whether something listens at the server's socket; a server elsewhere is assumed to be there."""
    where = os.environ.get("PULSE_SERVER", "")
    path = where.removeprefix("unix:") if where else f"{os.environ.get('XDG_RUNTIME_DIR', '')}/pulse/native"
    if not path.startswith("/"):
        return True
    with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
        line.settimeout(LOOK_EVERY)
        line.connect(path)
        return True
    return False


def _cards() -> list[str]:
    try:
        return sorted(os.listdir(CARDS))
    except OSError:
        return []
