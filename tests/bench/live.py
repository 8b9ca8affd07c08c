"""A live run through a pseudo-terminal: from the last byte of a fix to the cue, start-up, memory and processor time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from coach.core.coach import Coach
from coach.running.clock import RunClock
from coach.running.live import Live
from coach.runs.setup import Setup, SourceSpec
from coach.workouts import read_workout
from devices import catalogue
from devices.reader import Reader
from devices.sample import Rx
from tests.bench.row import Row
from tests.cli.commands import COACH
from tests.conftest import ROOT
from tests.devices.ant_stick import Stick
from tests.devices.fakes import Arrivals, Plug, link_to, plugged_in, repeating
from tests.running.test_live import Receiver
from tests.voice.ears import Server, alone, missing

WORKOUT = ROOT / "coach" / "demo" / "workout.toml"
BY_FEEL = "60m"  # a workout in which no pace is asked for, and so nothing is said
EPOCHS = 400
WATCHED = 30.0  # s
SETTLED = 12.0  # s after the first cue, until the greeting is over and the stream rests


def measure() -> Iterator[Row]:
    yield from _latency()
    yield from _help()
    yield from _live()
    yield from _three_devices()
    yield from _replugged()


def _latency() -> Iterator[Row]:
    taken = delays()
    yield Row("last byte of a fix to the cue decided, median", median(taken), "ms", 5.0)
    yield Row("  99 of 100 within", quantiles(taken, n=100)[98], "ms")


def delays(followed: Callable[[Coach], object] = lambda coach: None, pause: float = 0.01) -> list[float]:
    """ms for each epoch, which is one sentence: the clock is read before it is written and after the coach answered to it.

    `followed` is what a run does after each answer, and is counted; `pause` is the time between two epochs (s).
    """
    taken = list[float]()
    with plugged_in() as plug:
        receiver, clock = Receiver(), RunClock()
        receiver.plug, live = plug, Live(clock)
        source = SourceSpec("gps", "nmea", {"port": plug.path, "baud": 9600})
        coach = Setup(read_workout(str(WORKOUT), None), sources=(source,)).coach()
        reader = Reader("gps", catalogue.port(source.kind, source.options), clock.now, live.put)
        reader.start()
        items = live.inputs()
        while not isinstance(next(items), Rx):
            receiver.speak()
        for _ in range(EPOCHS):
            began = time.perf_counter()
            receiver.speak()
            while True:
                item = next(items)
                coach.feed(item)
                followed(coach)
                if isinstance(item, Rx):
                    break
            taken.append(1000 * (time.perf_counter() - began))
            time.sleep(pause)
        reader.stop()
    return taken


def _help() -> Iterator[Row]:
    """The best of ten."""
    times = []
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run([*COACH, "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    yield Row("coach --help, best of ten", min(times), "s", 0.3)
    yield Row("  median", median(times), "s")
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    yield Row("  of which the interpreter alone", time.perf_counter() - began, "s")


@contextmanager
def _speaking_to(folder: str) -> Iterator[str]:
    """The `[voice]` table of a run that speaks to a sound server of ours, as it does to a runner's; without one, to a file."""
    if missing("pulseaudio", "pactl"):
        yield f'[voice]\nplayer = "wav"\nfile = "{folder}/cues.wav"\n'
        return
    with alone():
        server = Server()
        yield '[voice]\nplayer = "auto"\n'
        server.end()


@contextmanager
def _coaching(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A live run that has said its first cue."""
    command = [*COACH, "--config", str(config), "run", BY_FEEL, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout
        while b'"kind": "cue"' not in process.stdout.readline():
            pass
        yield process


def _live() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, plugged_in() as plug, _speaking_to(folder) as voice:
        config = Path(folder, "config.toml")
        config.write_text(f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\n{voice}')
        receiver = Receiver()
        receiver.plug = plug
        began = time.perf_counter()
        with (
            repeating(receiver.speak, every=1.0),
            _coaching(config) as process,
        ):
            yield Row("start of the program to its first cue", time.perf_counter() - began, "s", 3.0)
            time.sleep(SETTLED)
            both = (process.pid, *_children(process.pid))
            before = [_processor_time(pid) for pid in both]
            time.sleep(WATCHED)
            shares = [100 * (_processor_time(pid) - spent) / WATCHED for pid, spent in zip(both, before, strict=True)]
            yield Row("processor time of a 1 Hz live run in which nothing is said, coach", shares[0], "%")
            yield Row("  with its voice", sum(shares), "%", 0.8)
            yield Row("memory of the coach, at most so far", _memory(process.pid, "VmHWM"), "MB", 150.0)
            yield Row("  of both now", sum(_memory(pid, "VmRSS") for pid in both), "MB", 90.0)
            asked = time.perf_counter()
            process.terminate()
            process.communicate()
            process.wait()
            yield Row("SIGTERM to its end", time.perf_counter() - asked, "s", 1.5)


def _three_devices() -> Iterator[Row]:
    """A receiver ten times a second, an ANT footpod four times, a strap once."""
    with tempfile.TemporaryDirectory() as folder, plugged_in() as gps, plugged_in() as ant:
        config = Path(folder, "config.toml")
        config.write_text(
            f'[[source]]\nname = "pod"\nkind = "ant-footpod"\nport = "{ant.path}"\n'
            f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{gps.path}"\nbaud = 9600\n'
            f'[voice]\nplayer = "wav"\nfile = "{folder}/cues.wav"\n'
        )
        receiver, stick = Receiver(every=0.1), Stick(ant)
        receiver.plug = gps

        def pod() -> None:
            stick.listen()
            stick.broadcast()

        with (
            repeating(receiver.speak, every=0.1),
            repeating(pod, every=0.25),
            _coaching(config) as process,
        ):
            time.sleep(8.0)
            before = _processor_time(process.pid)
            time.sleep(WATCHED)
            share = 100 * (_processor_time(process.pid) - before) / WATCHED
            yield Row("processor time of a live run with three devices (10, 4 and 1 Hz)", share, "%", 3.0)
            process.terminate()
            process.communicate()


def _replugged() -> Iterator[Row]:
    """Pulled out ten times, and put in again under another name."""
    noticed, back = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        port, receiver, clock = Path(folder, "receiver"), Receiver(), RunClock()
        arrivals = Arrivals()
        reader = Reader("gps", catalogue.port("nmea", {"port": str(port)}), clock.now, arrivals.put)
        plug = Plug()
        link_to(port, plug)
        reader.start()
        for _ in range(10):
            receiver.plug = plug
            plugged, before = clock.now(), len(arrivals.data)
            with repeating(receiver.speak, every=0.1):
                arrivals.until(lambda seen, before=before: len(seen.data) > before)  # type: ignore[misc]
            back.append(clock.now() - plugged)
            plug.let_go()
            pulled = clock.now()
            port.unlink()
            plug.pull()
            arrivals.until_link(False, "unplugged")
            noticed.append(arrivals.links[-1].at - pulled)
            time.sleep(3.0)
            plug = Plug()
            link_to(port, plug)
        reader.stop()
        plug.pull()
    yield Row("a receiver pulled out is noticed within, at most", max(noticed), "s", 1.0)
    yield Row("  put in again under another name it is heard within, at most", max(back[1:]), "s", 2.0)


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    """Of whichever of its threads."""
    return [int(child) for told in Path(f"/proc/{pid}/task").glob("*/children") for child in told.read_text().split()]


def _memory(pid: int, which: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)
