"""Runs the benchmarks, all or those named: `python -m tests.bench replay distance`. Exits 1 when a limit is missed.

`--seed N` gives the simulated ones other runners and other skies.
"""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from importlib import import_module

ALL = (
    "replay", "recordings", "distance", "footpods", "receivers", "slopes", "hills", "legs", "real", "watches", "pace", "bad",
    "steering",
    "spoken", "silence", "rehearsal", "closed", "workouts", "races", "raced", "schedules", "live", "sound", "returns",
    "whole", "exports", "readers", "uploads", "written", "hearing", "kills", "faults", "cases", "fuzz", "rooms", "newcomer",
    "wrong", "pods", "page",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    holds, names, chosen = True, list(arguments), {}
    if "--seed" in names:
        where = names.index("--seed")
        chosen = {"seed": int(names[where + 1])}
        del names[where : where + 2]
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CONFIG", "DATA", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = os.path.join(home, kind.lower())
        os.environ["XDG_RUNTIME_DIR"] = home
        for name in names or ALL:
            print(f"\n{name}")
            measure = import_module(f"tests.bench.{name}").measure
            for row in measure(**(chosen if "seed" in inspect.signature(measure).parameters else {})):
                print(f"  {row}", flush=True)
                holds = holds and row.holds
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
