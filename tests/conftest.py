"""What all tests share: `--update` for goldens, a home of their own, and the real recordings where they are."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
settings.register_profile("on a busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("on a busy machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the golden files anew; the diff is the review")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: nobody looks through it for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for a real clock begin first, so that others compute meanwhile and nobody waits for them at the end."""
    waiting = {item.path for item in items if item.get_closest_marker("edge")}
    items.sort(key=lambda item: item.path not in waiting)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the config, the runs, the cache or the sockets of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    return home


@pytest.fixture(scope="session")
def tracks() -> Path:
    """The folder of real recordings."""
    folder = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    if not (folder / "MANIFEST.tsv").exists():
        pytest.skip(f"no recordings in {folder}: set COACH_TRACKS")
    return folder


@pytest.fixture(scope="session")
def workouts() -> Path:
    """The folder of other programs' workouts."""
    folder = Path(os.environ.get("COACH_WORKOUTS", ROOT.parent / "shared" / "workouts"))
    if not (folder / "MANIFEST.tsv").exists():
        pytest.skip(f"no workouts in {folder}: set COACH_WORKOUTS")
    return folder
