"""The streams that other programs play on PulseAudio or PipeWire, and their volumes, through `pactl`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

PACTL_TIME = 1.0  # s for a call that takes 10 ms: a frozen sound server never answers
INSTALL = "sudo apt install pulseaudio-utils"
Volumes = tuple[int, ...]  # one per channel; 65536 is full, and amplitude is the cube of it


class Unanswered(Exception):
    """pactl is missing, or there is no sound server, or it does not answer."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of some program. The server remembers its volume by `name`; `process` is the id of the program."""

    index: int
    name: str
    process: int | None
    volumes: Volumes


def is_there() -> bool:
    return shutil.which("pactl") is not None


def streams() -> list[Stream]:
    """All streams that are playing and have a volume. Raises Unanswered."""
    try:
        rows = json.loads(pactl("-f", "json", "list", "sink-inputs") or "[]")
        return [_stream(row) for row in rows if isinstance(row.get("volume"), dict) and row["volume"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unanswered(f"the answer of pactl was not understood: {error!r}") from None


def set_volumes(index: int, volumes: Volumes) -> None:
    """Raises Unanswered, also if the stream no longer exists."""
    pactl("set-sink-input-volume", str(index), *map(str, volumes))


def default_sink() -> str:
    """Raises Unanswered."""
    return pactl("get-default-sink").strip()


def pactl(*arguments: str) -> str:
    """Raises Unanswered."""
    try:
        done = subprocess.run(
            ["pactl", *arguments],
            capture_output=True,
            timeout=PACTL_TIME,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # in some locales it writes 0,00 into its JSON
        )
    except subprocess.TimeoutExpired:
        raise Unanswered("the sound server does not answer") from None
    except OSError as error:
        raise Unanswered(f"pactl cannot be run ({error.strerror}): {INSTALL}") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unanswered(f"pactl says: {told[0] if told else 'nothing'}")
    return done.stdout.decode(errors="replace")


def _stream(row: dict[str, Any]) -> Stream:
    told = row.get("properties", {})
    process = str(told.get("application.process.id", ""))
    name = told.get("module-stream-restore.id") or told.get("application.name") or told.get("media.name") or ""
    volumes = tuple(int(channel["value"]) for channel in row["volume"].values())
    return Stream(int(row["index"]), str(name), int(process) if process.isdigit() else None, volumes)
