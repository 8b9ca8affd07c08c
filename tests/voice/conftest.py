"""A house in which only our own sound server is found, and servers in it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voice.ears import PIPEWIRE, REMEMBERING, PipeWire, Server, missing


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An environment in which only our own sound server is found."""
    folder = tempfile.mkdtemp(prefix="coach-ears-")  # short: a socket's path has at most 108 bytes
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, folder)
    for name in ("PULSE_SERVER", "PULSE_LATENCY_MSEC", "PULSE_SINK", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)


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
