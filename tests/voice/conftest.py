"""A house in which only our own sound server is found, and servers in it."""

import fcntl
import os
import select
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import pytest

from coach.voice.server import ducking
from tests.voice.ears import PIPEWIRE, REMEMBERING, SINKS, Music, PipeWire, Server, alone, missing, music
from tests.voice.others import ORIGINAL, becomes, set_volumes

AT_ONCE = 2  # tests that listen: each keeps a core busy with two sound servers' clocks, and a third would make both late


@pytest.fixture
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that listens waits until fewer than AT_ONCE others do, in whichever of pytest's processes they run."""
    shared = tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else tmp_path_factory.getbasetemp()
    with ExitStack() as stack:
        places = [stack.enter_context((shared / f"listener-{number}").open("w")) for number in range(AT_ONCE)]
        while not any(_takes(place) for place in places):
            select.select([], [], [], 0.05)
        yield


def _takes(place: TextIO) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@pytest.fixture
def house(turn: None) -> Iterator[Path]:
    """An environment in which only our own sound server is found."""
    with alone() as folder:
        yield folder


@pytest.fixture
def server(house: Path) -> Iterator[Server]:
    server = Server()
    yield server
    server.end()


@pytest.fixture(params=["pulseaudio", "pipewire"])
def remembering(request: pytest.FixtureRequest, house: Path) -> Iterator[Server | PipeWire]:
    """A server that remembers what volume a player had, of either make."""
    if request.param == "pipewire":
        if lacking := missing(*PIPEWIRE, "dbus-daemon"):
            pytest.skip(f"PipeWire cannot be started without {', '.join(lacking)}")
        server: Server | PipeWire = PipeWire(house)
    else:
        server = Server(*REMEMBERING)
    yield server
    server.end()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not so long a silence, nor so long between two looks."""
    monkeypatch.setattr(ducking, "HOLD", 0.5)
    monkeypatch.setattr(ducking, "FIRST_LOOK", 0.5)


@pytest.fixture
def player(remembering: Server | PipeWire, soon: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Music]:
    """Plays in one room; the coach speaks in another, so that each can be heard alone."""
    monkeypatch.setenv("PULSE_SINK", SINKS[1])
    with music(tmp_path) as player:
        set_volumes(player, ORIGINAL)
        becomes(player, ORIGINAL)
        yield player
