"""Sound that comes back: how long after the server, its sink or its default is back the runner hears where he is.

Real sound servers with null sinks. The time runs from when the server answers and its output moves: a null sink of PulseAudio
makes two seconds of silence in advance when it begins, and even pacat is heard only after them. No sound card does.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from coach.voice.announcer import Announcer
from coach.voice.server.monitor import Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.bench.row import Row
from tests.patience import wait_until
from tests.voice.ears import NULL_SINK, PIPEWIRE, SINKS, PipeWire, Server, alone, missing, music

AWAY = 6.0  # s
LIMIT = 1.5  # s
WORDS = Words.load("en", "metric")
SETTINGS = VoiceSettings(player="sounddevice")


@dataclass
class House:
    """A sound server in its folder, and how it is started again."""

    start: Callable[[], Server | PipeWire]
    server: Server | PipeWire | None = None

    def begin(self) -> None:
        self.server = self.start()

    def end(self) -> None:
        if self.server:
            self.server.end()
        self.server = None

    def freeze(self) -> None:
        assert self.server
        self.server.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.server
        self.server.process.send_signal(signal.SIGCONT)

    def no_sinks(self) -> None:
        for line in told("list", "short", "modules").splitlines():
            if "null-sink" in line and "sink_name=coach" in line:
                told("unload-module", line.split()[0])

    def sink(self) -> None:
        told("load-module", *NULL_SINK.format(SINKS[0]).split())
        told("set-default-sink", SINKS[0])


OUTAGES: dict[str, tuple[Callable[[House], None], Callable[[House], None]]] = {
    "killed": (House.end, House.begin),
    "hung (SIGSTOP)": (House.freeze, House.thaw),
    "output suspended": (lambda house: suspend("1"), lambda house: suspend("0")),
    "all outputs gone": (House.no_sinks, House.sink),
}


def measure() -> Iterator[Row]:
    if lacking := missing("pulseaudio", "pactl", "parec"):
        print(f"  no servers without {', '.join(lacking)}")
        return
    servers: dict[str, Callable[[Path], Server | PipeWire]] = {"PulseAudio": lambda folder: Server()}
    if not missing(*PIPEWIRE, "dbus-daemon"):
        servers["PipeWire"] = PipeWire
    for name, start in servers.items():
        for outage, (leave, back) in OUTAGES.items():
            yield heard_again(f"{name} {outage}: heard again", start, leave, back)
        yield heard_again(f"{name} absent at the start: heard", start, None, House.begin)
        yield peer(name, start)
        yield from default_changed(name, start)


def heard_again(
    what: str, start: Callable[[Path], Server | PipeWire], leave: Callable[[House], None] | None, back: Callable[[House], None]
) -> Row:
    """The runner is told where he is so many s after `back`."""
    with alone() as folder:
        house = House(lambda: start(folder))
        if leave:
            house.begin()
        try:
            with Announcer(WORDS, SETTINGS, lambda at: at, lambda line: None) as announcer:
                announcer.returned = lambda: announcer.say_text("Tempo, five thirty, three minutes to go.")
                announcer.say_text("Hello.")
                time.sleep(AWAY if leave else AWAY / 2)
                if leave:
                    leave(house)
                    announcer.say_text("Lost in flight.")
                    time.sleep(AWAY)
                back(house)
                came = time.monotonic()
                if not announcer._booth.is_mute:  # PipeWire wakes a suspended output for whoever plays: nothing was missed
                    announcer.say_text("Tempo, five thirty, three minutes to go.")
                with closing(Monitor(SINKS[0])) as ears:
                    wait_until(lambda: ears.hears and ears.onset(came, came + 60.0))
                    taken = (ears.onset(came, came + 60.0) or 0.0) - max(came, ears.began)
                announcer.drain(10)
        finally:
            house.end()
    return Row(what, max(0.0, taken), "s", LIMIT)


def peer(name: str, start: Callable[[Path], Server | PipeWire]) -> Row:
    """How soon a bare pacat is heard that begins when a server answers: nobody can be sooner than that server's output."""
    with alone() as folder:
        server = start(folder)
        came = time.monotonic()
        try:
            with music(folder), closing(Monitor(SINKS[0])) as ears:
                wait_until(lambda: ears.hears and ears.onset(came, came + 60.0))
                taken, moved = (ears.onset(came, came + 60.0) or 0.0) - came, ears.began - came
        finally:
            server.end()
    print(f"  {name}: its output moved {max(0.0, moved):.2f} s after it answered")
    return Row(f"{name}: a bare pacat, from when the server answers", taken, "s")


def default_changed(name: str, start: Callable[[Path], Server | PipeWire]) -> Iterator[Row]:
    """While it is silent, and in the middle of a line: the next, and the rest, come from the new output."""
    with alone() as folder:
        server = start(folder)
        try:
            with Announcer(WORDS, SETTINGS, lambda at: at, lambda line: None) as announcer:
                for sink, when in ((SINKS[1], "while it rests"), (SINKS[2], "in the middle of a line")):
                    announcer.say_text("One two three four five six seven eight nine ten.")
                    if when == "while it rests":
                        announcer.drain(20)
                        time.sleep(AWAY)
                    else:
                        time.sleep(1.5)
                    with closing(Monitor(sink)) as ears:
                        wait_until(lambda ears=ears: ears.hears)  # type: ignore[misc]
                        told("set-default-sink", sink)
                        came = time.monotonic()
                        if when == "while it rests":
                            announcer.say_text("Eleven twelve.")
                        wait_until(lambda ears=ears, came=came: ears.onset(came, came + 60.0))  # type: ignore[misc]
                        taken = (ears.onset(came, came + 60.0) or 0.0) - came
                        announcer.drain(20)
                    yield Row(f"{name} default changed {when}: heard there", taken, "s", LIMIT)
        finally:
            server.end()


def suspend(how: str) -> None:
    for sink in SINKS:
        told("suspend-sink", sink, how)


def told(*arguments: str) -> str:
    return subprocess.run(["pactl", *arguments], capture_output=True, text=True, timeout=10.0).stdout
