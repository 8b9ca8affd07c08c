"""Runs the benchmarks, all or those named: `python -m tests.bench replay distance`. Exits 1 when a limit is missed."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module

ALL = ("replay", "recordings", "distance", "pace", "live", "sound", "kills")


def main(names: list[str]) -> int:
    holds = True
    with tempfile.TemporaryDirectory() as home:
        for kind in ("CONFIG", "DATA", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = os.path.join(home, kind.lower())
        for name in names or ALL:
            print(f"\n{name}")
            for row in import_module(f"tests.bench.{name}").measure():
                print(f"  {row}", flush=True)
                holds = holds and row.holds
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
