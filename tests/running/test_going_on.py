"""A run that broke off goes on where the runner is by now, whatever happened to the computer's time of day."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.core.events import Cue
from coach.core.inputs import Input, Tick
from coach.running.asides import Asides
from coach.running.clock import RunClock
from coach.running.loop import Loop
from coach.running.resuming import Break, Started, after_break, going_on
from coach.runs import clocks, store
from coach.runs.entries import Led
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup, SourceSpec
from coach.ui.views import Lines
from coach.workouts import read_workout
from devices.framing import sentence
from devices.sample import Rx
from tests.cli.commands import coach, configured, lines, started
from tests.devices.fakes import plugged_in, repeating
from tests.patience import PATIENCE
from tests.running.test_live import DEMO, WORKOUT, Receiver, Watched

HERE = clocks.led_from(0.0)
ELSEWHERE = replace(HERE, boot="another boot")
SETUP = Setup(
    read_workout("10m 6:00/km, 10m 5:40/km", None),
    sources=(SourceSpec("gps", "nmea", {"port": "/dev/null"}),),
)


def second(at: float, utc: float) -> Rx:
    """A receiver's epoch, in the morning of 2026-06-01."""
    hour, minute = int(utc) // 3600, int(utc) // 60 % 60
    lat = f"47{utc * 3.0 / 111_195 * 60:08.5f}"
    body = f"GPRMC,{hour:02}{minute:02}{int(utc) % 60:02}.00,A,{lat},N,00800.00000,E,5.832,0.0,010626,,,A"
    return Rx(at, "gps", sentence(body.encode()))


def broke_off(path: Path, led: Led | None, seconds: int, with_receiver: bool = True) -> Path:
    writer = JournalWriter.begin(path, SETUP.as_dict(), pytest.fail, 1)
    if led:
        writer.write_led(led)
    writer.write_input(Tick(0.0))
    for at in range(1, seconds + 1):
        writer.write_input(second(float(at), 1000.0 + at) if with_receiver else Tick(float(at)))
    writer.close(float(seconds), None)
    return path


def resumed(journal: Path) -> tuple[Started, Break, list[str]]:
    told: list[str] = []
    run = Started.again(journal)
    return run, after_break(run, journal, Lines(write=told.append)), told


@pytest.mark.parametrize("moved", [600.0, -600.0, 10_800.0, -10_800.0, -40 * 365.25 * 86_400])
def test_in_the_same_boot_the_gap_is_exact_wherever_the_clock_was_set(
    moved: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = clocks.since_boot()
    journal = broke_off(tmp_path / "run.jsonl", replace(HERE, since_boot=begun - 100.0), 60)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved)
    _, gap, told = resumed(journal)
    assert 99.5 < gap.at < 100.5 + clocks.since_boot() - begun  # and what a busy machine takes until here
    assert not gap.is_guess and not told


def test_after_another_boot_without_a_receiver_the_run_goes_on_where_it_stopped_and_says_so(tmp_path: Path) -> None:
    _, gap, told = resumed(broke_off(tmp_path / "run.jsonl", ELSEWHERE, 60, with_receiver=False))
    assert gap == Break(60.0, is_guess=True)
    assert "continues where it stopped" in told[0]


def test_after_a_break_of_more_than_a_quarter_of_an_hour_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    _, gap, _ = resumed(broke_off(tmp_path / "run.jsonl", replace(HERE, since_boot=clocks.since_boot() - 1000.0), 60))
    assert gap == Break(60.0, is_guess=True)


@pytest.mark.parametrize(("missed", "counted"), [(240.0, 240.0), (0.0, 0.0), (1000.0, 0.0), (-50.0, 0.0)])
def test_after_another_boot_the_receiver_tells_how_long_the_break_was(missed: float, counted: float, tmp_path: Path) -> None:
    run, gap, told = resumed(broke_off(tmp_path / "run.jsonl", ELSEWHERE, 60))
    assert gap.at == 60.0 and not gap.is_guess and not told
    clock = RunClock(gap.at, rate=1e-6)  # it stands, but for what it is told
    said: list[str] = []

    def tell(cue: Cue) -> None:
        said.append(run.words.text(cue))

    def arriving() -> Iterator[Input]:
        yield Tick(clock.now())
        for later in range(1, 4):
            yield second(clock.now() + later, 1060.0 + missed + later)

    asides = Asides(tell, Lines(write=lambda line: None), run.words, clock.now)
    for item in going_on(arriving(), run, gap, clock, asides):
        run.coach.feed(item)
    assert clock.now() == pytest.approx(60.0 + counted, abs=1.0)
    assert said == ["Resuming. Steady, one minute in, six minutes per kilometer."]


def test_where_it_goes_on_is_said_after_what_the_break_left_behind(tmp_path: Path) -> None:
    run, gap, _ = resumed(broke_off(tmp_path / "run.jsonl", replace(HERE, since_boot=clocks.since_boot() - 720.0), 60))
    said: list[Cue] = []
    asides = Asides(said.append, Lines(write=lambda line: None), run.words, lambda: gap.at)
    for item in going_on(iter([Tick(gap.at)]), run, gap, RunClock(gap.at), asides):
        run.coach.feed(item)
    assert [run.words.text(cue) for cue in said] == ["Resuming. Steady, two minutes in, five forty."]


@pytest.mark.parametrize(("seconds", "asides"), [(4, []), (8, ["not_saved"]), (60, ["not_saved"])])
def test_trouble_with_the_journal_is_said_once_if_it_lasts(seconds: int, asides: list[str], tmp_path: Path) -> None:
    class Full:
        """A journal whose card is full from the first second until the last."""

        def __init__(self) -> None:
            self.at = 0.0

        @property
        def is_saved(self) -> bool:
            return not 1.0 <= self.at < seconds

        def write_input(self, item: Input) -> None:
            self.at = item.at

        def __getattr__(self, name: str) -> Any:
            return lambda *given: None

    told: list[str] = []
    loop = Loop(SETUP.coach(), SETUP.words(), Lines(write=lambda line: None), journal=Full(), aside=told.append)  # type: ignore[arg-type]
    loop.run(Tick(float(at)) for at in range(120))
    assert told == asides


@contextmanager
def led(folder: Path) -> Iterator[tuple[Path, Watched]]:
    """A live run with a receiver, under way: the receiver is heard."""
    with plugged_in() as plug:
        receiver = Receiver()
        receiver.plug = plug
        config = configured(folder, f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\n')
        with repeating(receiver.speak, every=1.0), started(config, "run", WORKOUT, "--json", "--estimates") as process:
            watched = Watched(process)
            while not watched.until("estimate")["speed"]:
                pass
            yield config, watched
            process.kill()


@pytest.mark.edge
def test_a_run_that_sigterm_broke_off_can_go_on(tmp_path: Path) -> None:
    with led(tmp_path) as (config, watched):
        watched.process.send_signal(signal.SIGTERM)
        assert watched.until("summary")["complete"] is False
        assert watched.process.wait(PATIENCE) == 130
        assert watched.process.stderr and "coach run --resume" in watched.process.stderr.read()
        (run,) = store.list_runs()
        assert not run.ended
        with started(config, "run", "--resume", "--json") as again:
            following = Watched(again)
            assert following.until("cue")["text"].startswith("Resuming. Warm-up, ")
            again.send_signal(signal.SIGINT)
            following.until("summary")
    assert store.list_runs()[0].ended
    assert coach(config, "verify", "last").returncode == 0


OF_THE_BREAK = ("kept", "going_on")  # what is said at a break and after it, and in no whole run


@pytest.mark.edge
def test_a_recorded_track_that_sigterm_broke_off_says_what_it_would_have_said(tmp_path: Path) -> None:
    track = '[[source]]\nname = "track"\nkind = "track"\nport = "{}"\nrate = {}\n'
    whole = configured(tmp_path, track.format(DEMO, 10_000))
    cues = [line["text"] for line in lines(coach(whole, "run", WORKOUT, "--json").stdout, "cue")]
    config = configured(tmp_path, track.format(DEMO, 300))
    with started(config, "run", WORKOUT, "--json") as process:
        watched = Watched(process)
        watched.until("segment_began")
        process.send_signal(signal.SIGTERM)
        watched.until("summary")
    with started(config, "run", "--resume", store.list_runs()[0].path.stem, "--json") as process:
        rest = [json.loads(line) for line in process.communicate()[0].splitlines()]
    told = [line for line in (*watched.told, *rest) if line["kind"] == "cue"]
    assert [line["cue"] for line in told if line["cue"] in OF_THE_BREAK] == list(OF_THE_BREAK)
    assert [line["text"] for line in told if line["cue"] not in OF_THE_BREAK] == cues
    assert coach(config, "verify", "last").returncode == 0


@pytest.mark.edge
def test_sigterm_waits_for_no_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The speech command hangs, as one does whose sound server is frozen; it ends with the run, and leaves nothing behind."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    hanging = tmp_path / "say"
    hanging.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nexec sleep 600\n")
    hanging.chmod(0o700)
    voice = (
        f'engine = "command"\ncommand = ["{hanging}", "{{text}}", "{{wav}}"]\nplayer = "wav"\nfile = "{tmp_path}/heard.wav"\n'
    )
    with plugged_in() as plug:
        receiver = Receiver()
        receiver.plug = plug
        config = tmp_path / "config.toml"
        config.write_text(f'[voice]\n{voice}[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\n')
        with repeating(receiver.speak, every=1.0), started(config, "run", WORKOUT, "--json") as process:
            watched = Watched(process)
            watched.until("segment_began")
            until = time.monotonic() + PATIENCE
            while not (tmp_path / "pids").exists() and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 130
    assert not [*(tmp_path / "temporary").glob("coach-*")]
    for pid in map(int, (tmp_path / "pids").read_text().split()):
        until = time.monotonic() + PATIENCE
        with pytest.raises(ProcessLookupError):
            while time.monotonic() < until:
                os.kill(pid, 0)  # it is there, or its end was not yet noticed by who inherited it
                time.sleep(0.05)


@pytest.mark.parametrize("days", [0, 2])
@pytest.mark.edge
def test_a_run_of_the_day_before_yesterday_goes_on_only_by_its_name(days: int, tmp_path: Path) -> None:
    config = configured(tmp_path, f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000.0\n')
    store.folder().mkdir(parents=True)
    run = Setup(read_workout("1m", None), sources=(SourceSpec("track", "track", {"port": str(DEMO), "rate": 10_000.0}),))
    writer = JournalWriter.begin(store.folder() / "monday.jsonl", run.as_dict(), pytest.fail, 1)
    writer.write_led(ELSEWHERE)
    writer.write_input(Tick(0.0))
    writer.close(0.0, None)
    then = time.time() - days * 86_400
    os.utime(store.folder() / "monday.jsonl", (then, then))
    if days:
        assert "name it: coach run --resume monday" in coach(config, "run", "--resume", check=2).stderr
        coach(config, "run", "--resume", "monday")
    else:
        coach(config, "run", "--resume")
    assert store.list_runs()[0].ended
    assert "has ended" in coach(config, "run", "--resume", "monday", check=2).stderr
    assert "there is no interrupted run to resume" in coach(config, "run", "--resume", check=2).stderr
