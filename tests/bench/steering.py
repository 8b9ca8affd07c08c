"""A run that is steered and watched: from a press to its sound, and whether those who watch delay the loop.

The sound is looked for in a WAV file that grows as a sound card plays: what a card and a headset delay more comes on top.
"""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Self

from coach.core.coach import Coach
from coach.running.clock import RunClock
from coach.stations import place
from coach.stations.asking import answers, ask
from coach.stations.local import LocalSocket
from coach.stations.mqtt import Broker
from coach.stations.web.server import Server
from coach.ui.broker import Mqtt
from coach.ui.steering import Buttons
from coach.ui.told import Teller
from coach.ui.views import Lines
from coach.ui.watching import Press, Sink, Station, Watching
from coach.voice.announcer import Announcer
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from coach.workouts import read_workout
from devices.api import Unavailable
from tests.bench.live import WORKOUT, delays
from tests.bench.page import CLIENTS, SILENT, live_screen, visited
from tests.bench.row import Row
from tests.patience import wait_until
from tests.stations.steered import Steered
from tests.stations.test_buttons import NEXT, Plugged
from tests.stations.test_mqtt import MOSQUITTO, Crew, Mosquitto
from tests.voice.test_latency import beeps_in

PRESSES = 20
QUIET = 0.5  # s between two presses, so that one pip has ended
FOLLOWERS, DEAF = 20, 5  # clients of the socket, and how many of them never read
HAS_BROKER = MOSQUITTO and find_spec("paho")
KILLS, STATES = 10, 50
BACK_WITHIN = 20.0  # s: a broker is looked for every 15 s at least
HEARD_WITHIN, DELAY, DELAY_99 = 0.3, 5.0, 50.0  # s, ms, ms: the bars


def measure() -> Iterator[Row]:
    yield from _answered()
    yield from _delayed()
    if HAS_BROKER:
        yield from _broken()
    else:
        print("  nothing about a broker without mosquitto and paho")


def _answered() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "heard.wav")
        voice = VoiceSettings(engine="none", player="wav", file=str(file))
        with Announcer(Words.load("en", "metric"), voice, RunClock().monotonic) as announcer:
            watching = Watching(Lines(write=lambda line: None), Coach(read_workout(str(WORKOUT), None)))
            watching.answer = announcer.answer_key
            wait_until(lambda: file.exists() and file.stat().st_size > 1000)
            with LocalSocket("bench", print)(watching, announcer.answering(lambda key: None)):
                yield from _rows("socket", file, lambda: ask({"press": "lap"}))
            plugged = Plugged(Path(folder))
            plugged.comes("event3", "Headset (AVRCP)", NEXT)
            plugged.watch(watching, Buttons())
            yield from _rows("button of a headset (a pipe)", file, lambda: plugged.click("event3", NEXT))
            plugged.end()


def _rows(what: str, file: Path, press: Callable[[], object]) -> Iterator[Row]:
    taken, unheard = list[float](), 0
    for _ in range(PRESSES):
        time.sleep(QUIET)
        seen = file.stat().st_size
        began = time.monotonic()
        pressing = Thread(target=press)
        pressing.start()
        while time.monotonic() - began < 1.0:
            heard, seen = beeps_in(file, seen)
            if heard:
                taken.append(time.monotonic() - began)
                break
            time.sleep(0.002)
        else:
            unheard += 1
        pressing.join()
    yield Row(f"press by {what} to its sound, median", median(taken), "s", HEARD_WITHIN)
    yield Row("  at most", max(taken), "s", HEARD_WITHIN)
    yield Row("  not answered", unheard, "presses", 0)


def _delayed() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        shown: list[Station] = [Watched(), stack.enter_context(live_screen())]
        told = [f"{FOLLOWERS} at the socket, {DEAF} never read", "a screen"]
        if HAS_BROKER:
            broker = Mosquitto(Path(folder))
            stack.callback(broker.kill)
            shown.append(Broker(Mqtt(address=f"127.0.0.1:{broker.port}"), print))
            told.append("a broker")
        if find_spec("starlette"):
            shown.append(partial(_paged, stack.enter_context(visited())))
            told.append(f"{CLIENTS} at the page, {SILENT} never read")
        cases: tuple[tuple[str, list[Station]], ...] = (("alone", []), (", ".join(told), shown))
        for what, stations in cases:
            with Shown(stations) as shown_from:
                taken = delays(shown_from.followed)
            yield Row(f"last byte of a fix to the cue, {what}, median", median(taken), "ms", DELAY)
            yield Row("  99 of 100 within", quantiles(taken, n=100)[98], "ms", DELAY_99)


def _broken() -> Iterator[Row]:
    """The loop's time for a state while the broker is killed and comes back, and until the right state is there again."""
    with tempfile.TemporaryDirectory() as folder:
        broker, taken, back = Mosquitto(Path(folder)), list[float](), list[float]()
        run = Steered(Broker(Mqtt(address=f"127.0.0.1:{broker.port}"), print))
        crew = Crew(broker.port)
        wait_until(lambda: crew.latest("coach/runner/state"))
        for _ in range(KILLS):
            broker.kill()
            for _ in range(STATES):
                taken.append(1000 * _shown(run))
                time.sleep(0.02)
            crew.told.clear()
            broker.begin()
            began = time.monotonic()
            while crew.latest("coach/runner/state") != run.watching.state().as_dict():
                taken.append(1000 * _shown(run))
                time.sleep(0.1)
            back.append(time.monotonic() - began)
        run.end()
        crew.leave()
        broker.kill()
    yield Row(f"a state shown while a broker is killed {KILLS} times, median", median(taken), "ms", DELAY)
    yield Row("  99 of 100 within", quantiles(taken, n=100)[98], "ms", DELAY_99)
    yield Row("the right state is at the broker again after, at most", max(back), "s", BACK_WITHIN)


def _shown(run: Steered) -> float:
    began = time.perf_counter()
    run.tick()
    return time.perf_counter() - began


@contextmanager
def _paged(server: Server, watching: Watching, press: Press) -> Iterator[Sink]:
    server.board.begin(watching.stater.outline, Teller("en", "metric"))
    yield server.board.put


class Shown:
    """A run seen from stations that open with its first answer."""

    def __init__(self, stations: Sequence[Station]) -> None:
        self._stations, self._stack = stations, ExitStack()
        self._watching: Watching | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def followed(self, coach: Coach) -> None:
        if self._watching is None:
            self._watching = watching = Watching(Lines(write=lambda line: None), coach)
            watching.sinks += [self._stack.enter_context(each(watching, lambda key: None)) for each in self._stations]
        self._watching.followed(coach)


class Watched:
    """The socket of a run with its followers, who are in threads of this process: they cost the loop more than real ones."""

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        with ExitStack() as stack:
            sink = stack.enter_context(LocalSocket("bench", print)(watching, press))
            for _ in range(DEAF):
                stack.enter_context(closing(_deaf()))
            over = Event()
            readers = [Thread(target=_read, args=(over,), daemon=True) for _ in range(FOLLOWERS - DEAF)]
            for each in readers:
                each.start()
            yield sink
            over.set()
            sink(watching.state())
            for each in readers:
                each.join()


def _deaf() -> socket.socket:
    connection = place.connected(None)
    connection.sendall(b'{"follow": true}\n')
    return connection


def _read(over: Event) -> None:
    with suppress(Unavailable):  # the run is over, and this reader was slow to see it
        for _ in answers({"follow": True}):
            if over.is_set():
                return
