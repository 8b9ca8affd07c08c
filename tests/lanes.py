"""Who runs which tests beside whom: those that listen, that wait for a clock, and that compute have workers of their own.

A test that listens to a sound server is late where both cores are busy, and one that computes is not: so the workers that
compute are nice, and begin at the end of the list. Without these lanes the files that wait for a clock follow one another
while a core has nothing to do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

LANES = (
    "listens",
    "listens",
    "waits",
    "waits",
    "waits",
    "computes",
    "computes",
)  # of the workers gw0, gw1, …; more of them compute
NICENESS = 10  # of the workers that compute
SERVER = re.compile(r"\[(pulseaudio|pipewire)\b")  # what a file does on each sound server is work for two
_ROOT = Path(__file__).parent.parent


def lane_of(worker: str) -> str:
    number = int(worker.removeprefix("gw"))
    return LANES[number] if number < len(LANES) else "computes"


def be_nice() -> None:
    """Called in each worker as it begins."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and lane_of(worker) == "computes":
        os.nice(NICENESS)


class Lanes(LoadFileScheduling):  # type: ignore[misc]
    """Gives each worker a file of its lane, and where none is left, one of the lane that comes next."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        server = SERVER.search(nodeid)
        return f"{file} {server[1]}" if server else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        wanted = next(scope for lane in _order(lane_of(node.gateway.id)) for scope in self.workqueue if _lane(scope) == lane)
        self.workqueue.move_to_end(wanted, last=False)
        super()._assign_work_unit(node)


def _order(lane: str) -> Iterator[str]:
    """Its own lane first; who computes takes from those that listen last."""
    yield lane
    yield from (other for other in ("waits", "computes", "listens") if other != lane)


@cache
def _lane(scope: str) -> str:
    """What the marks in a file say of its tests."""
    text = (_ROOT / scope.split(" ")[0]).read_text("utf-8")
    if "pytest.mark.listens" in text:
        return "listens"
    return "waits" if "pytest.mark.edge" in text else "computes"
