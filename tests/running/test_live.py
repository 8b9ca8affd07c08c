"""Live runs through real parts: a pseudo-terminal for the receiver, a process for the coach, signals for its end."""

import json
import os
import random
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.core.inputs import Input
from coach.running.live import telling_refusals
from coach.runs import store
from coach.runs.journal import End, JournalReader, SaidCue
from devices.framing import sentence
from devices.sample import Link
from tests.cli.commands import COACH, coach, configured, lines, started
from tests.conftest import ROOT
from tests.devices.fakes import Plug, link_to, plugged_in, repeating
from tests.patience import PATIENCE

pytestmark = pytest.mark.edge

DEMO = ROOT / "coach" / "demo" / "run.nmea"
WORKOUT = ROOT / "coach" / "demo" / "workout.toml"
SHORT = """
name = "Short"
[[segment]]
name = "One"
length = "5 s"
pace = "5:33/km"
[[segment]]
name = "Two"
length = "45 m"
pace = "5:00/km"
"""


class Receiver:
    """Speaks an epoch a second about a runner at 3 m/s, through whatever plug it is in."""

    def __init__(self, every: float = 1.0) -> None:
        self.plug: Plug | None = None
        self._second, self._every = 0.0, every

    def speak(self) -> None:
        moment = datetime(2026, 6, 1, 6, tzinfo=UTC) + timedelta(seconds=self._second)
        lat = 47.0 + self._second * 3.0 / 111_195
        place = f"{int(lat):02}{(lat % 1) * 60:08.5f},N,00800.00000,E"
        tenth = moment.microsecond // 100_000
        body = f"GPRMC,{moment:%H%M%S}.{tenth}0,A,{place},5.832,0.0,{moment:%d%m%y},,,A"
        self._second += self._every
        if self.plug:
            self.plug.send(sentence(body.encode()))


class Watched:
    """A coach's JSON lines, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []

    def until(self, event: str) -> dict[str, Any]:
        assert self.process.stdout
        giving_up = threading.Timer(PATIENCE, self.process.kill)
        giving_up.start()
        try:
            for line in self.process.stdout:
                self.told.append(json.loads(line))
                if self.told[-1].get("event") == event or self.told[-1]["kind"] == event:
                    return self.told[-1]
        finally:
            giving_up.cancel()
        raise AssertionError(f"{event} never came: {self.told}\n{self.process.stderr.read() if self.process.stderr else ''}")


def test_a_run_through_a_serial_line_survives_unplug_and_replug(tmp_path: Path) -> None:
    port, receiver = tmp_path / "receiver", Receiver()
    (tmp_path / "short.toml").write_text(SHORT)
    source = f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{port}"\n'
    config = configured(tmp_path, f"{source}[coach.policy.signal]\nlost_after = 3.0\n")
    with plugged_in() as first, plugged_in() as second:
        link_to(port, first)
        receiver.plug = first
        with repeating(receiver.speak, every=1.0), started(config, "run", tmp_path / "short.toml", "--json") as process:
            watched = Watched(process)
            watched.until("segment_began")
            time.sleep(3.5)
            receiver.plug = None
            first.pull()
            watched.until("signal_lost")
            link_to(port, second)
            receiver.plug = second
            watched.until("signal_back")
            summary = watched.until("summary")
            assert process.wait(PATIENCE) == 0
    assert summary["complete"] is True
    assert [row["name"] for row in summary["segments"]] == ["One", "Two"]
    names = [line["event"] for line in watched.told if line["kind"] == "event"]
    assert names.count("signal_lost") == names.count("signal_back") == 1
    verified = lines(coach(config, "verify", "last", "--json").stdout)[0]
    assert verified["same"] is True


def test_an_interrupted_run_is_finished_and_kept(tmp_path: Path) -> None:
    with plugged_in() as plug:
        receiver = Receiver()
        receiver.plug = plug
        config = configured(tmp_path, f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\n')
        with repeating(receiver.speak, every=1.0), started(config, "run", WORKOUT, "--json") as process:
            watched = Watched(process)
            watched.until("segment_began")
            process.send_signal(signal.SIGHUP)  # a dropped connection ends nothing
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            asked = time.monotonic()
            assert watched.until("summary")["complete"] is False
            assert process.wait(PATIENCE) == 130
            assert time.monotonic() - asked < 5.0
    (run,) = store.list_runs()
    assert run.ended


def test_a_run_needs_a_device_to_begin_with(tmp_path: Path) -> None:
    config = configured(tmp_path, f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{tmp_path}/none"\n')
    done = coach(config, "run", WORKOUT, check=3)
    assert f"{tmp_path}/none" in done.stderr
    assert "Traceback" not in done.stderr
    assert store.list_runs() == []


def test_of_two_devices_one_may_be_missing(tmp_path: Path) -> None:
    with plugged_in() as plug:
        receiver = Receiver()
        receiver.plug = plug
        gps = f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\n'
        config = configured(tmp_path, f'{gps}[[source]]\nname = "pod"\nkind = "pod"\nport = "{tmp_path}/none"\n')
        with repeating(receiver.speak, every=1.0), started(config, "run", WORKOUT, "--json", "--estimates") as process:
            watched = Watched(process)
            while watched.until("estimate")["source"] != "gps":
                pass
            process.send_signal(signal.SIGINT)
            watched.until("summary")
            assert process.stderr and "begins without it" in process.stderr.read()


def test_single_keys_lead_the_run_and_the_terminal_is_left_as_it_was(tmp_path: Path) -> None:
    track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 1\n'
    keyboard, terminal = os.openpty()
    before = termios.tcgetattr(terminal)
    command = [*COACH, "--config", str(configured(tmp_path, track)), "run", str(WORKOUT), "--json"]
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        watched = Watched(process)
        watched.until("segment_began")
        for key, event in ((b"p", "paused"), (b"p", "resumed"), (b"l", "lap"), (b"h", "report"), (b"s", "segment_began")):
            os.write(keyboard, key)
            watched.until(event)
        os.write(keyboard, b"b")
        assert watched.until("segment_began")["segment"] == 1
        os.write(keyboard, b"q")
        assert watched.until("cue")["text"] == "Press q again to end."
        os.write(keyboard, b"q")
        assert watched.until("summary")["complete"] is False
        assert process.wait(PATIENCE) == 0
    assert termios.tcgetattr(terminal) == before
    os.close(keyboard)
    os.close(terminal)


@dataclass
class Resumed:
    """A run that was killed again and again: all its inputs and cues, and how many acknowledged inputs went missing."""

    kills: int = 0
    lost: int = 0
    inputs: list[Input] = field(default_factory=list)
    cues: list[SaidCue] = field(default_factory=list)


def killed_and_resumed(
    folder: Path, kills: int, seed: int, ending: signal.Signals = signal.SIGKILL, before_each: Callable[[int], object] = id
) -> Resumed:
    """Each process lives a random while; what it wrote before must stand in the journal after the next one."""
    chance, run = random.Random(seed), Resumed()
    rate = 1206 / (0.25 * kills)  # so that the run lasts about twice as many lives as it is killed
    config = configured(folder, f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = {rate:.0f}\n')
    arguments: list[str | Path] = ["run", WORKOUT, "--json", "--estimates"]
    while True:
        before_each(run.kills)
        with started(config, *arguments) as process:
            if run.kills < kills:
                assert process.stdout
                process.stdout.readline()  # it is under way
                time.sleep(chance.uniform(0.0, 0.25))
                process.send_signal(ending)
            process.communicate()
        journal = JournalReader(store.list_runs()[0].path)
        entries = [*journal]
        before, run.inputs = run.inputs, [entry for entry in entries if isinstance(entry, Input)]
        run.cues = [entry for entry in entries if isinstance(entry, SaidCue)]
        run.lost += sum(a != b for a, b in zip(before, run.inputs, strict=False)) + max(0, len(before) - len(run.inputs))
        if any(isinstance(entry, End) for entry in entries):
            return run
        run.kills += 1
        arguments = ["run", "--resume", "--json", "--estimates"]


def test_killed_again_and_again_and_resumed_it_says_what_it_would_have_said(tmp_path: Path) -> None:
    config = configured(tmp_path, f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10000\n')
    coach(config, "run", WORKOUT)
    whole = [*JournalReader(store.find_run("last"))]
    run = killed_and_resumed(tmp_path, kills=6, seed=1)
    assert run.kills >= 3
    assert run.lost == 0
    assert run.inputs == [entry for entry in whole if isinstance(entry, Input)]
    assert run.cues == [entry for entry in whole if isinstance(entry, SaidCue)]


def test_one_journal_replayed_at_any_rate_is_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text('[[segment]]\nlength = "3 s"\npace = "5:33/km"\n' * 2)
    config = configured(tmp_path, f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 10\n')
    coach(config, "run", tmp_path / "short.toml")
    journal = store.find_run("last")
    told = [coach(config, "replay", journal, "--json", "--estimates", "--rate", rate).stdout for rate in ("1", "100", "max")]
    assert told[0] == told[1] == told[2]
    assert lines(told[0], "cue")


WAITING = """
import signal, sys
from coach.running.clock import RunClock
from coach.running.live import Live
live = Live(RunClock())
signal.signal(signal.SIGCONT, lambda number, where: live.wake())
for tick in live.inputs():
    print(tick.at, flush=True)
"""


def test_a_run_that_was_stopped_for_longer_than_its_wait_goes_on() -> None:
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.2)  # longer than the wait for the next tick
        process.send_signal(signal.SIGCONT)
        ticks = [float(process.stdout.readline()) for _ in range(2)]
        process.kill()
    assert ticks[1] > ticks[0] >= 1.2


def test_what_a_device_refuses_of_its_settings_is_noted_once() -> None:
    items = [
        Link(float(at), "gps", True, why)
        for at, why in enumerate(("", "refuses rate", "refuses rate", "refuses rate, solutions"))
    ]
    noted: list[str] = []
    assert list(telling_refusals(items, noted.append)) == items
    assert noted == [f"gps refuses {what}: the run goes on with what it sends" for what in ("rate", "rate, solutions")]
