"""What all tests share: `--update` for goldens, a home of their own, and the real recordings where they are."""

import faulthandler
import gc
import math
import os
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import lanes

ROOT = Path(__file__).parent.parent
HANGS_AFTER, SET_EVERY = 200.0, 20.0  # s after the alarm was set, and between two times at which it is
STDERR, ALARM_SET = pytest.StashKey[int](), pytest.StashKey[float]()
# No test depends on luck: what chance may still find is looked for by tests/bench/fuzz.py
settings.register_profile("alike each time", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alike each time")


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


def pytest_configure(config: pytest.Config) -> None:
    lanes.be_nice()
    config.stash[STDERR] = os.dup(2)  # before what a test prints is captured
    config.stash[ALARM_SET] = -math.inf


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return lanes.Lanes(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """A test that hangs is named by its stack. Not each sets the alarm anew, because that takes longer than many a test."""
    stash, now = item.config.stash, time.monotonic()
    if now - stash[ALARM_SET] > SET_EVERY:
        stash[ALARM_SET] = now
        faulthandler.dump_traceback_later(HANGS_AFTER, file=stash[STDERR])


def pytest_sessionfinish() -> None:
    faulthandler.cancel_dump_traceback_later()


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
