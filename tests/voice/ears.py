"""Sound servers of our own, in folders of their own, ears at their outputs, and other players beside the coach."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import wait_until

SINKS = ("coach0", "coach1", "coach2")
NULL_SINK = "module-null-sink sink_name={} rate=48000 channels=2"
PULSEAUDIO = [
    *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"),
    *("-L", "module-native-protocol-unix auth-anonymous=1"),
    *(each for sink in SINKS for each in ("-L", NULL_SINK.format(sink))),
]
REMEMBERING = ["-L", "module-stream-restore restore_device=false"]
PIPEWIRE = ("pipewire", "wireplumber", "pipewire-pulse")  # in this order, below a message bus of their own
BUS = "<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>" \
      '<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>' \
      "</policy></busconfig>"  # fmt: skip


def missing(*tools: str) -> list[str]:
    return [tool for tool in tools if shutil.which(tool) is None]


ALONE = ("XDG_RUNTIME_DIR", "HOME")  # where a sound server is looked for
ELSEWHERE = ("PULSE_SERVER", "PULSE_LATENCY_MSEC", "PULSE_SINK", "DBUS_SESSION_BUS_ADDRESS")


@contextmanager
def alone() -> Iterator[Path]:
    """An environment in which only our own sound server is found, and its folder."""
    before = {name: os.environ.pop(name, None) for name in (*ALONE, *ELSEWHERE)}
    folder = tempfile.mkdtemp(prefix="coach-ears-")  # short: a socket's path has at most 108 bytes
    os.environ.update(dict.fromkeys(ALONE, folder))
    try:
        yield Path(folder)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """PulseAudio with three null sinks, found by all that this process starts."""

    def __init__(self, *more: str) -> None:
        self.process = subprocess.Popen([*PULSEAUDIO, *more], stderr=subprocess.DEVNULL)
        _await_answer(self.process)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class PipeWire:
    """PipeWire, its session manager and its PulseAudio side, below a message bus of their own."""

    def __init__(self, folder: Path) -> None:
        config = folder / "bus.conf"
        config.write_text(BUS.format(folder=folder))
        bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert bus.stdout
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
        self._processes = [bus]
        for name in PIPEWIRE:
            log = (folder / f"{name}.log").open("w")
            self._processes.append(subprocess.Popen([name], stdout=log, stderr=log, env=environment, text=True))
            log.close()
            if name == "pipewire":
                wait_until((folder / "pipewire-0").exists)
        self.process = self._processes[-1]
        _await_answer(self.process)
        for sink in SINKS:
            load = ["pactl", "load-module", "module-null-sink", f"sink_name={sink}", "rate=48000", "channels=2"]
            wait_until(lambda load=load: subprocess.run(load, capture_output=True).returncode == 0)  # type: ignore[misc]
        wait_until(lambda: subprocess.run(["pactl", "set-default-sink", SINKS[0]], capture_output=True).returncode == 0)

    def end(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        assert self._processes[0].stdout
        self._processes[0].stdout.close()


def _await_answer(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        assert process.poll() is None, "the sound server ended"
        return subprocess.run(["pactl", "info"], capture_output=True).returncode == 0

    wait_until(answers, every=0.1)


@dataclass
class Music:
    """Another player: a tone without an end."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


@contextmanager
def music(folder: Path, *options: str, sink: str = SINKS[0]) -> Iterator[Music]:
    """pacat plays a tone of 8000 of 32767 for two minutes."""
    tone = folder / "tone.raw"
    if not tone.exists():
        second = array("h", [round(8000 * math.sin(2 * math.pi * 441 * at / 22_050)) for at in range(22_050)])
        tone.write_bytes(second.tobytes() * 120)
    command = ["pacat", "--raw", "--format=s16le", "--rate=22050", "--channels=1", "--latency-msec=50", "-d", sink]
    player = Music(subprocess.Popen([*command, *options, str(tone)], stderr=subprocess.DEVNULL))
    try:
        yield player
    finally:
        player.end()
