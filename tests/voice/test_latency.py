"""How late sound is: beeps against their schedule on real sound servers, and the calibration that a runner does."""

import os
import pty
import re
import subprocess
import time
from pathlib import Path
from statistics import median, stdev

import pytest

from coach.errors import InvalidSettings
from coach.voice import latency
from coach.voice.latency import EVERY, Lag, lag_of, told
from coach.voice.process.sound import RATE
from coach.voice.settings import VoiceSettings
from tests.cli.commands import COACH
from tests.voice.ears import SINKS, PipeWire, Server, missing, music, wait_until
from tests.voice.timing import lateness

edge = pytest.mark.edge
MISSING = missing("pulseaudio", "pactl", "parec")
heard = pytest.mark.skipif(bool(MISSING), reason=f"cannot listen without {', '.join(MISSING)}")
LATE = 0.15  # s after he hears a beep that our runner presses the key


@edge
@heard
def test_beeps_keep_to_their_schedule(remembering: Server | PipeWire) -> None:
    """A machine that stands still while it plays or records spoils a try."""
    for _ in range(3):
        late = lateness(12, VoiceSettings(player="sounddevice"))
        if len(late) == 12 and stdev(late) <= 0.005 and abs(median(late)) < 0.05:
            return
    pytest.fail(f"late by {late}")


@edge
def test_a_runner_who_presses_a_key_on_each_beep_is_told_his_delay(tmp_path: Path) -> None:
    """He hears the growing file, and presses LATE after each beep of it."""
    master, process = calibrating(tmp_path)
    file, seen = tmp_path / "heard.wav", 0
    wait_until(file.exists)
    while process.poll() is None:
        new, size = beeps_in(file, seen)
        if new:
            time.sleep(LATE)
            os.write(master, b"x")
        seen = size
        time.sleep(0.005)
    os.close(master)
    lines, _ = process.communicate()
    found = re.search(r"delay_ms = (\d+)", lines)
    assert found and process.returncode == 0, lines
    assert "people tap that much ahead" in lines
    assert 150 + 30 - 20 <= int(found[1]) <= 150 + 30 + 120


def calibrating(folder: Path) -> tuple[int, subprocess.Popen[str]]:
    config = folder / "config.toml"
    config.write_text(f'[voice]\nplayer = "wav"\nfile = "{folder}/heard.wav"\n')
    master, slave = pty.openpty()
    command = [*COACH, "--config", str(config), "say", "--calibrate"]
    process = subprocess.Popen(command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    os.close(slave)
    return master, process


def beeps_in(file: Path, seen: int) -> tuple[bool, int]:
    """Whether a beep begins in what came to the file since `seen` bytes, and how many there are now."""
    with file.open("rb") as heard:
        heard.seek(max(44, seen - RATE // 5))
        data = heard.read()
        size = heard.tell()
    before, new = data[: max(0, len(data) - (size - seen))], data[max(0, len(data) - (size - seen)) :]
    return not before.strip(b"\0") and bool(new.strip(b"\0")), size


@edge
def test_who_presses_no_key_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "LISTENED_TO", 1)
    monkeypatch.setattr(latency, "COUNTED", 1)
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal, pytest.raises(InvalidSettings, match="0 keys were near a beep, 8 are needed"):
        monkeypatch.setattr("sys.stdin", terminal)
        latency.by_ear(VoiceSettings(player="wav", file=str(tmp_path / "heard.wav")), lambda line: None)
    os.close(master)


@edge
@heard
def test_the_machine_measures_itself_at_the_monitor(server: Server, tmp_path: Path) -> None:
    subprocess.run(["pactl", "set-default-sink", SINKS[0]], check=True)
    done = by_itself(tmp_path)
    assert done.returncode == 0, done.stderr
    found = re.search(r"(\d+) beeps were heard (-?\d+) ms after", done.stdout)
    assert found and int(found[1]) >= 12 and abs(int(found[2])) < 60, done.stdout
    assert "delay_ms = " in done.stdout and "A wireless headset adds its own" in done.stdout


@edge
@heard
def test_beside_another_player_nothing_is_measured(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "COUNTED", 2)
    subprocess.run(["pactl", "set-default-sink", SINKS[0]], check=True)
    with music(tmp_path), pytest.raises(InvalidSettings, match="something else is playing; stop it and try again"):
        latency.by_monitor(VoiceSettings(player="sounddevice"))


def by_itself(folder: Path) -> subprocess.CompletedProcess[str]:
    config = folder / "config.toml"
    config.write_text('[voice]\nplayer = "sounddevice"\n')
    command = [*COACH, "--config", str(config), "say", "--calibrate", "auto"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, check=False)


def test_a_tap_belongs_to_the_beep_before_it_and_strays_are_left_out() -> None:
    beeps = [10.0 + number * EVERY for number in range(9)]
    taps = [beep + 0.4 for beep in beeps[:8]] + [beeps[0] + 0.45, 3.0, beeps[8] + 0.9]
    lag = lag_of(beeps, sorted(taps))
    assert lag.late == pytest.approx(0.4) and lag.spread == pytest.approx(0.0) and lag.count == 8
    early = lag_of(beeps, [beep - 0.05 for beep in beeps])
    assert early.late == pytest.approx(-0.05) and early.count == 9


def test_what_nobody_hears_is_no_delay() -> None:
    assert list(told(Lag(0.004, 0.001, 16), by_hand=False))[-1].endswith("delay_ms = 0")
    assert list(told(Lag(-0.02, 0.001, 16), by_hand=True))[-1].endswith("delay_ms = 0")
    assert list(told(Lag(0.1834, 0.02, 16), by_hand=True))[-1].endswith("delay_ms = 183")


@pytest.mark.parametrize(("arguments", "told"), [
    (["--rate", "900", "x"], "rate = 900 is not between 80 and 400"),
    (["--volume", "1.5", "x"], "volume = 1.5 is not between 0.0 and 1.0"),
    (["--calibrate"], "--calibrate: needs a terminal to press keys in; or use --calibrate auto"),
    ([], "nothing to say; type: coach say one two three"),
])  # fmt: skip
@edge
def test_what_cannot_be_said_is_told_in_a_line(arguments: list[str], told: str) -> None:
    done = subprocess.run([*COACH, "say", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 2 and told in done.stderr


@edge
def test_slower_is_longer_and_quieter_is_quieter(tmp_path: Path) -> None:
    sizes = {}
    for name, options in {"slow": ["--rate", "100"], "quick": ["--rate", "250"], "quiet": ["--volume", "0.1"]}.items():
        path = tmp_path / f"{name}.wav"
        subprocess.run([*COACH, "say", *options, "--wav", str(path), "one two three"], check=True)
        data = path.read_bytes()[44:]
        sizes[name] = len(data), max(memoryview(data).cast("h"))
    assert sizes["slow"][0] > 1.5 * sizes["quick"][0]
    assert sizes["quiet"][1] < 0.2 * sizes["quick"][1]
