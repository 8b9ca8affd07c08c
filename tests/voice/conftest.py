"""A house in which only our own sound server is found, and servers in it."""

import fcntl
import os
import select
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import pytest

from tests.voice.ears import PIPEWIRE, REMEMBERING, PipeWire, Server, alone, missing

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
