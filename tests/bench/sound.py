"""From a cue decided to its sound, on a real-time sound server, and how many cues a recogniser tells apart.

The figures are those of the hearing test, which has the server, the recorder and the recogniser.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.row import Row
from tests.conftest import ROOT

HEARD = re.compile(r"(\d+) of (\d+) cues recognised .*: median (\d+) ms, most (\d+) ms")


def measure() -> Iterator[Row]:
    command = [sys.executable, "-m", "pytest", "-s", "tests/voice/test_hearing.py", "-k", "runner_hears"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    heard = HEARD.search(told)
    if heard is None:
        print(f"  not heard here: {told.strip().splitlines()[-1]}")
        return
    recognised, of, median, most = (int(figure) for figure in heard.groups())
    yield Row("cue decided to its sound, phrase ready, median", median, "ms", 150.0)
    yield Row("  at most", most, "ms")
    yield Row("cues of the demo that are told apart", 100 * recognised / of, "%", 80.0, least=True)
