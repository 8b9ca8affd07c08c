"""The program as its users start it: a process of its own, with a config of its own and no voice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli import warm

COACH = [sys.executable, "-m", "coach.cli.main"]
SILENT = '[voice]\nengine = "none"\nplayer = "none"\n'


def configured(folder: Path, text: str = "") -> Path:
    config = folder / "config.toml"
    config.write_text(SILENT + text)
    return config


def coach(config: Path, *arguments: str | Path, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; its exit code is `check`."""
    ran = warm.run(["--config", str(config), *map(str, arguments)])
    done = subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert check is None or done.returncode == check, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


@contextmanager
def started(config: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on. It is killed if the test fails, so that nobody waits for its end."""
    with subprocess.Popen(
        [*COACH, "--config", str(config), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def lines(output: str, kind: str | None = None) -> list[dict[str, Any]]:
    """The JSON lines of an output, all or of one kind."""
    told = [json.loads(line) for line in output.splitlines()]
    return [line for line in told if kind is None or line["kind"] == kind]
