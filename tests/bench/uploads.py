"""`coach sync` killed (SIGKILL) fifty times around an upload, then started again: how often each run arrived.

By the list of the server, a local one that behaves as intervals.icu documents it; every other one forgets our ids.
"""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from coach.core.plan.segments import FREE_RUN
from coach.runs import store
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.runs.sync.keys import keep_key
from coach.runs.sync.queue import Queue
from coach.runs.sync.send import send_runs
from devices.sample import Fix, Mode
from tests.bench.row import Row
from tests.cli.commands import COACH, configured
from tests.runs.sync.server import KEY, Server, serving

KILLS = 50
# When it is killed: the server has the head of the request, the whole of it, has kept it, or has answered; or at any moment
MOMENTS = ("held in the head", "held before", "held after", "answered", "any")
SOON = 0.01  # s after an answer within which it may not have been noted yet
WHOLE = 0.6  # s that the program takes


def measure(seed: int = 7) -> Iterator[Row]:
    chance, states = random.Random(seed), Counter[str]()
    keep_key("intervals", KEY)
    with tempfile.TemporaryDirectory() as folder, serving() as server:
        config = configured(Path(folder), f'[sync]\naddress = "{server.address}"\n')
        names = [_run(number) for number in range(KILLS)]
        for number, name in enumerate(names):
            server.forgets_ids = number % 2 == 1
            _killed(server, config, name, MOMENTS[number % len(MOMENTS)], chance)
            queue = Queue("intervals")
            states[queue.entry(name).state] += 1
            queue.put(replace(queue.entry(name), later=0.0))  # a minute has passed
            for _ in range(2):
                send_runs("intervals", server.address, 0.0, name, "km", lambda line: None)
        arrived = Counter(each["start_date"] for each in server.activities)
    yield Row("kills of a program that sends, each started again", KILLS, "", KILLS, least=True)
    for state in ("new", "sending", "sent"):
        yield Row(f"  that left a run {state}", states[state], "")
    yield Row("runs that arrived", len(arrived), "", KILLS, least=True)
    yield Row("runs that arrived more than once", sum(count > 1 for count in arrived.values()), "", 0.0)


def _killed(server: Server, config: Path, name: str, moment: str, chance: random.Random) -> None:
    server.holds.clear()
    server.released.clear()
    server.faults = [moment] if moment.startswith("held") else []
    before = server.uploads
    process = subprocess.Popen([*COACH, "--config", str(config), "sync", "intervals", name], stdout=subprocess.DEVNULL)
    if moment == "any":
        time.sleep(chance.uniform(0.0, WHOLE))
    elif moment == "answered":
        while server.uploads == before and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0.0, SOON))
    else:
        assert server.holds.wait(60)
    process.kill()
    process.wait()
    server.released.set()
    server.idle()
    server.faults = []


def _run(number: int) -> str:
    """The name of a run that began at a time of its own."""
    path = store.new_path(f"run {number}")
    writer = JournalWriter.begin(path, Setup(FREE_RUN).as_dict(), print, number)
    utc = 1.79e9 + number * 600.0
    for at in range(120):
        writer.write_input(Fix(float(at), "gps", 47.0 + at * 2.7e-5, 8.0, speed=3.0, utc=utc + at, mode=Mode.FIX_3D))
    writer.close(120.0, "quit")
    return path.stem
