"""A port that another program has: named with its process, and what to type that really helps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices import catalogue, holders, ports
from devices.api import Unavailable
from devices.framing import has_sentence
from devices.ports import SerialPort
from tests.devices.fakes import Plug, plugged_in

pytestmark = [
    pytest.mark.edge,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a port open"),
]

HOLD = """
import ctypes, fcntl, os, sys, termios
path, name, how = sys.argv[-3:]
os.setsid()
port = os.open(path, os.O_RDWR | os.O_NOCTTY)
if name:
    ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
if how == "locked":
    fcntl.flock(port, fcntl.LOCK_EX)
else:
    fcntl.ioctl(port, termios.TIOCSCTTY, 0)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(plug: Plug, name: str = "", how: str = "locked", script: Path | None = None) -> Iterator[int]:
    """Another program has the port; gives its process id."""
    begun = [str(script)] if script else ["-c", HOLD]
    with subprocess.Popen(
        [sys.executable, *begun, plug.path, name, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder.pid
        holder.communicate()


def refusal(plug: Plug) -> tuple[str, str]:
    port = SerialPort(plug.path, [9600], has_sentence)
    with pytest.raises(Unavailable) as told:
        port.open()
    return str(told.value), told.value.hint


def test_a_script_is_named_with_its_process_and_python_is_never_to_be_killed_as_such(tmp_path: Path) -> None:
    script = tmp_path / "logger.py"
    script.write_text(HOLD)
    with plugged_in() as plug, held(plug, script=script) as process:
        problem, hint = refusal(plug)
    assert f"logger.py (process {process})" in problem
    assert hint == f"close it, or type: kill {process}"


def test_a_process_that_ends_while_it_is_looked_at_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("7", "9"):
        (tmp_path / number / "fd").mkdir(parents=True)
        (tmp_path / number / "comm").write_text("logger\n")
        (tmp_path / number / "fd" / "3").symlink_to("/dev/null")

    def numbers(folder: Path) -> list[str]:
        if folder.parent.name == "7":
            raise FileNotFoundError(folder)
        return ["2", "3"]  # 2 was closed meanwhile

    monkeypatch.setattr(holders, "_PROC", tmp_path)
    monkeypatch.setattr("os.listdir", numbers)
    assert "logger (process 9)" in str(holders.in_use("/dev/null"))


def test_another_run_of_the_coach_is_called_so(tmp_path: Path) -> None:
    script = tmp_path / "coach"
    script.write_text(HOLD)
    with plugged_in() as plug, held(plug, script=script) as process:
        problem, hint = refusal(plug)
    assert f"another run of the coach (process {process})" in problem and "q" in hint


def test_a_known_thief_is_told_with_its_own_remedy() -> None:
    with plugged_in() as plug, held(plug, "ModemManager"):
        assert "disable --now ModemManager" in refusal(plug)[1]


@pytest.mark.parametrize("how", ["locked", "as its terminal"])
def test_a_login_prompt_is_switched_off_not_killed_also_where_the_port_would_open(how: str) -> None:
    """systemd starts a prompt that was killed again at once."""
    with plugged_in() as plug, held(plug, "agetty", how):
        problem, hint = refusal(plug)
    assert "login prompt" in problem
    assert "systemctl disable --now serial-getty@" in hint and "raspi-config" in hint and "kill" not in hint


def test_the_pins_of_a_pi_are_listed_and_a_prompt_on_them_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "comports", list)
    with plugged_in() as plug:
        monkeypatch.setattr(ports, "PINS", plug.path)
        monkeypatch.setattr(catalogue, "_listened_to", lambda path: "nmea")
        (pins,) = catalogue.plugged_in()
        assert (pins.port, pins.kind) == (plug.path, "nmea") and "pins" in pins.description
        with held(plug, "agetty", "as its terminal"):
            (pins,) = catalogue.plugged_in()
            assert pins.kind is None and "raspi-config" in pins.description
    assert "raspi-config" in ports._unavailable(plug.path, FileNotFoundError(2, "absent")).hint
