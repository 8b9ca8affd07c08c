"""How late sound is: beeps against their schedule on real sound servers, and the calibration that a runner does."""

import os
import pty
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

import pytest

from coach.cli.main import main
from coach.errors import InvalidSettings
from coach.voice import latency
from coach.voice.latency import EVERY, Lag, lag_of, told
from coach.voice.process.sound import RATE
from coach.voice.settings import VoiceSettings
from tests.cli.commands import COACH
from tests.patience import wait_until
from tests.voice.ears import SINKS, PipeWire, Server, missing, music
from tests.voice.timing import lateness

edge, listens = pytest.mark.edge, pytest.mark.listens
MISSING = missing("pulseaudio", "pactl", "parec")
heard = pytest.mark.skipif(bool(MISSING), reason=f"cannot listen without {', '.join(MISSING)}")
LATE = 0.15  # s after he hears a beep that our runner presses the key


@edge
@listens
@heard
def test_each_beep_is_heard_at_its_moment(remembering: Server | PipeWire) -> None:
    """A busy machine displaces or loses some: the one that it displaces least is ours. How they scatter is the bench's."""
    late = lateness(8, VoiceSettings(player="sounddevice"))
    assert len(late) >= 4
    assert min(map(abs, late)) < 0.02, late


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly more beeps than a measurement takes, and sooner."""
    monkeypatch.setattr(latency, "LISTENED_TO", 1)
    monkeypatch.setattr(latency, "COUNTED", latency.FEWEST + 2)
    monkeypatch.setattr(latency, "EVERY", 0.7)


@edge
def test_a_runner_who_presses_a_key_on_each_beep_is_told_his_delay(
    brisk: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """He hears the growing file, and presses LATE after each beep of it, or later if he is held up: he is told what he did."""
    file, pressed, moments = tmp_path / "heard.wav", list[float](), list[float]()

    def beat(*given: Any) -> list[float]:
        moments.extend(played(*given))
        return moments

    played = latency.beat
    monkeypatch.setattr(latency, "beat", beat)
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal, ThreadPoolExecutor() as pool:
        monkeypatch.setattr("sys.stdin", terminal)
        over = Event()
        runner = pool.submit(tap, master, file, pressed, over)
        try:
            calibrate(tmp_path, f'player = "wav"\nfile = "{file}"\n', "tap")
        finally:
            over.set()
        runner.result()
    os.close(master)
    told = capsys.readouterr().out
    found = re.search(r"delay_ms = (\d+)", told)
    did = 1000 * median(press - max(moment for moment in moments if moment < press) for press in pressed)
    assert found and did >= 1000 * LATE - 20, told
    assert "people tap that much ahead" in told
    assert did - 20 <= int(found[1]) - 1000 * latency.TAPPED_AHEAD <= did + 100


def tap(keyboard: int, file: Path, pressed: list[float], over: Event) -> None:
    """A key LATE after each beep that comes to the file."""
    wait_until(file.exists)
    seen = 0
    while not over.is_set():
        new, seen = beeps_in(file, seen)
        if new:
            time.sleep(LATE)
            pressed.append(time.monotonic())
            os.write(keyboard, b"x")
        time.sleep(0.005)


def calibrate(folder: Path, voice: str, how: str) -> None:
    """`coach say --calibrate`, in this process."""
    config = folder / "config.toml"
    config.write_text(f"[voice]\n{voice}")
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(config), "say", "--calibrate", how])
    assert ended.value.code == 0


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
    with (
        os.fdopen(slave) as terminal,
        pytest.raises(InvalidSettings, match="only 0 key presses came close"),
    ):
        monkeypatch.setattr("sys.stdin", terminal)
        latency.by_ear(VoiceSettings(player="wav", file=str(tmp_path / "heard.wav")), lambda line: None)
    os.close(master)


@edge
@listens
@heard
def test_the_machine_measures_itself_at_the_monitor(
    brisk: None, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["pactl", "set-default-sink", SINKS[0]], check=True)
    calibrate(tmp_path, 'player = "sounddevice"\nlatency_ms = 150\n', "auto")
    told = capsys.readouterr().out
    found = re.search(r"(\d+) beeps were heard (-?\d+) ms after", told)
    assert found and int(found[1]) >= latency.FEWEST and int(found[2]) > -20, told
    assert "delay_ms = " in told and "A wireless headset adds its own" in told


@edge
@listens
@heard
def test_beside_another_player_nothing_is_measured(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "COUNTED", 2)
    subprocess.run(["pactl", "set-default-sink", SINKS[0]], check=True)
    with music(tmp_path), pytest.raises(InvalidSettings, match="something else is playing; stop it and try again"):
        latency.by_monitor(VoiceSettings(player="sounddevice"))


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
