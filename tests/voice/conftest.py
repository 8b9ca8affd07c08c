"""A house in which only our own sound server is found, and servers in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.ears import PIPEWIRE, REMEMBERING, PipeWire, Server, alone, missing


@pytest.fixture
def house() -> Iterator[Path]:
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
