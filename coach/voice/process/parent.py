"""Our end of the voice process: starts it, sends orders without ever waiting, reads its answers, and ends it for certain."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from coach.voice.settings import FOLDER, VoiceSettings

Message = dict[str, Any]


class VoiceProcess:
    """`answered` is called with each answer, in a thread for this process, and finally with {"is": "gone"}."""

    def __init__(self, settings: VoiceSettings, answered: Callable[[VoiceProcess, Message], None]) -> None:
        self._answered = answered
        self._folder = tempfile.mkdtemp(prefix="coach-voice-")  # here, because a process that is killed tidies nothing up
        environment = os.environ | {FOLDER: self._folder}
        if settings.player in ("simpleaudio", "auto"):
            environment["PYTHONMALLOC"] = "malloc"  # simpleaudio frees memory without the interpreter's lock
        self._process = subprocess.Popen(
            [sys.executable, "-m", "coach.voice.process.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # so that Ctrl-C in the terminal does not reach it
        )
        assert self._process.stdin and self._process.stdout
        self._block(False)
        self._reader = threading.Thread(target=self._read, name="voice", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self, settings: VoiceSettings, voice: str, words: bool, again: bool) -> bool:
        return self.order("start", settings=asdict(settings), voice=voice, words=words, again=again)

    def order_long(self, do: str, **facts: object) -> bool:
        """Hands over an order that may be long, and may block: something to be written to a file."""
        self._block(True)
        return self.order(do, **facts)

    def _block(self, is_so: bool) -> None:
        """Whether to wait for a process that reads slowly. Windows lets nobody choose that before Python 3.12."""
        assert self._process.stdin
        with contextlib.suppress(AttributeError, OSError):
            os.set_blocking(self._process.stdin.fileno(), is_so)

    def order(self, do: str, **facts: object) -> bool:
        """Hands over an order; False if the process is dead, or has been stuck so long that its pipe is full."""
        assert self._process.stdin
        line = json.dumps({"do": do, **facts}).encode() + b"\n"
        try:
            return os.write(self._process.stdin.fileno(), line) == len(line)
        except OSError:
            return False

    def close(self, patience: float = 1.0) -> None:
        """Asks it to end, waits `patience` s, then kills it."""
        if self.order("quit"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """Sends SIGKILL, also to a speech command that it started: a process in a stuck sound driver reacts to nothing else."""
        with contextlib.suppress(AttributeError, OSError):  # no groups on this system, or nobody is left in it
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):  # a line that was cut off by a kill
                self._answered(self, json.loads(line))
        self._answered(self, {"is": "gone"})


def answered(wanted: str, answers: queue.SimpleQueue[Message], within: float) -> Message:
    """Waits for an answer. Raises queue.Empty if it does not come in time, RuntimeError if it never will."""
    until = time.monotonic() + within
    why = "the voice process ended"
    while True:
        answer = answers.get(timeout=max(0.0, until - time.monotonic()))
        match answer:
            case {"is": "no device", "why": told} | {"is": "note", "text": told}:
                why = told
            case {"is": "gone" | "lost"}:
                raise RuntimeError(why)
            case {"is": kind} if kind == wanted:
                return answer
