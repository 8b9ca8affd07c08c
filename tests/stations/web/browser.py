"""A real browser without a window, led over two pipes: it opens a page, asks it things, takes its picture."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")
LED = 'exec "$0" "$@" 3<&"$COMMANDS" 4>&"$ANSWERS"'  # the browser reads commands from 3 and answers on 4

OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
           "--disable-background-networking", "--disable-dev-shm-usage")  # fmt: skip


class Tab:
    """One page of the browser."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._number, self._came = 0, b""
        self._session: str | None = None
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.command("Page.enable")

    def command(self, method: str, **given: Any) -> dict[str, Any]:
        self._number += 1
        told = {"id": self._number, "method": method, "params": given}
        told |= {"sessionId": self._session} if self._session else {}
        os.write(self._commands, json.dumps(told).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._came:
            came = os.read(self._answers, 1 << 20)
            assert came, "the browser is gone"
            self._came += came
        line, _, self._came = self._came.partition(b"\0")
        told: dict[str, Any] = json.loads(line)
        return told

    def shape(self, width: int, height: int, dark: bool = False) -> None:
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.command("Emulation.setEmulatedMedia", features=features)

    def open(self, address: str) -> None:
        self.command("Page.navigate", url=address)

    def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.command("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)["result"].get("value")

    def wait_for(self, script: str) -> Any:
        """Waits until the expression is true, and returns it."""
        deadline = time.monotonic() + PATIENCE
        while not (told := self.ask(script)):
            assert time.monotonic() < deadline, f"{script}: {self.ask('document.body.outerHTML.slice(0, 400)')}"
            time.sleep(0.05)
        return told

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self.command("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(profile: Path, *options: str) -> Iterator[Tab]:
    """A tab of a browser with a profile of its own in this folder."""
    assert CHROMIUM
    commands, leading = os.pipe()
    answering, answers = os.pipe()
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", *options]
    with subprocess.Popen(
        ["bash", "-c", LED, *command],
        pass_fds=(commands, answers),
        env={**os.environ, "COMMANDS": str(commands), "ANSWERS": str(answers)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(commands)
        os.close(answers)
        try:
            tab = Tab(leading, answering)
            yield tab
            tab.command("Page.close")
        finally:
            process.kill()
            os.close(leading)
            os.close(answering)
