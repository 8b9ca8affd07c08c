"""The queue of runs to send, a file for each run and service, written to the disk before the network is touched.

new ──► sending ──► sent          `sending` is what is true when nobody knows how it ended: then the server is asked
          │  ▲
          └──┴─► rejected         the service does not want this file
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from coach.errors import InvalidSettings
from coach.runs import store

State = Literal["new", "sending", "sent", "rejected"]


@dataclass(frozen=True, slots=True)
class Entry:
    """`external_id` names the run at the service; `answer` is its id there, or why it was rejected; `later` a Unix time."""

    run: str
    state: State = "new"
    external_id: str = ""
    answer: str = ""
    later: float = 0.0  # not before this
    tries: int = 0


class Queue:
    """The entries of one service. Raises nothing for a damaged one: it counts as one whose end is not known."""

    def __init__(self, service: str) -> None:
        self._folder = store.folder().parent / "sync" / service

    def entry(self, run: str) -> Entry:
        try:
            told: dict[str, Any] = json.loads(self._file(run).read_text("utf-8"))
            return Entry(**told)
        except FileNotFoundError:
            return Entry(run)
        except (OSError, ValueError, TypeError):
            return Entry(run, "sending")

    def put(self, entry: Entry) -> None:
        """Keeps the entry; when this returns, it is on the disk."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file(entry.run).with_suffix(".part")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(entry), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file(entry.run))
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """One program at a time. Raises InvalidSettings if another is sending."""
        import fcntl

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InvalidSettings(
                    "coach sync", None, "another program is sending runs", "wait until it has finished"
                ) from None
            yield

    def _file(self, run: str) -> Path:
        return self._folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', run)}.json"
