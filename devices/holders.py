"""Finds the program that has a serial port open, and says how to free the port. It reads /proc, so it works only on Linux."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from devices.api import Unavailable

PINS_ON = "sudo raspi-config, then Interface, Serial: login shell No, hardware Yes"
_PROMPTS = ("agetty", "getty", "login")  # programs that let people log in at a serial line
_PROC = Path("/proc")
_REMEDIES = {
    "gpsd": 'use it: kind = "gpsd" in the config, or stop it: sudo systemctl stop gpsd.socket gpsd',
    "ModemManager": "it mistakes GPS receivers for modems; type: sudo systemctl disable --now ModemManager",
    "brltty": "it mistakes USB serial adapters for braille displays; type: sudo apt remove brltty",
}


def in_use(path: str) -> Unavailable:
    """The error for a port that another program has open: names the program, and says what to do."""
    holder = next(_holders(path), None)
    if holder is None:
        return Unavailable(f"{path} is in use by another program", f"type: sudo fuser -v {path} to see by which")
    name, end_it = _name(holder), f"type: kill {holder.name}"
    if name in _PROMPTS:
        return _prompted(path)
    if _is_coach(holder):
        told = f"{path} is in use by another run of the coach (process {holder.name})"
        return Unavailable(told, f"end that run with q, or {end_it}")
    told = f"{path} is in use by {_shown(holder)} (process {holder.name})"
    return Unavailable(told, _REMEDIES.get(name, f"close it, or {end_it}"))


def login_prompt(path: str) -> Unavailable | None:
    """The error if there is a login prompt at this port, which would get half of the bytes; None if there is none."""
    try:
        device = os.stat(path).st_rdev
    except OSError:
        return None
    processes = _PROC.glob("[0-9]*")
    prompts = device != 0 and any(_name(each) in _PROMPTS and _terminal(each) == device for each in processes)
    return _prompted(path) if prompts else None


def _prompted(path: str) -> Unavailable:
    stop = f"sudo systemctl disable --now serial-getty@{Path(os.path.realpath(path)).name}"
    return Unavailable(f"{path} is in use by a login prompt", f"type: {stop}; on a Raspberry Pi: {PINS_ON}")


def _holders(path: str) -> Iterator[Path]:
    """The folders in /proc of the other processes that have this port open, as far as we are allowed to see."""
    real = os.path.realpath(path)
    for process in _PROC.glob("[0-9]*"):
        if process.name != str(os.getpid()) and any(_target(process / "fd" / number) == real for number in _open(process)):
            yield process


def _open(process: Path) -> list[str]:
    """The numbers of its open files; none if it has just ended, or is somebody else's."""
    with contextlib.suppress(OSError):
        return os.listdir(process / "fd")
    return []


def _target(link: Path) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(link)
    return ""


def _name(process: Path) -> str:
    with contextlib.suppress(OSError):
        return (process / "comm").read_text(errors="replace").strip()
    return ""


def _arguments(process: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return (process / "cmdline").read_text(errors="replace").split("\0")
    return []


def _is_coach(process: Path) -> bool:
    return any(Path(each).name == "coach" or each.startswith("coach.cli") for each in _arguments(process)[:4])


def _shown(process: Path) -> str:
    """The name of a process; for a script also the script's name, since "python3" could be anything."""
    name = _name(process)
    script = next((each for each in _arguments(process)[1:] if each and not each.startswith("-")), "")
    return f"{name} {Path(script).name}" if name.startswith("python") and script else name


def _terminal(process: Path) -> int | None:
    """The device number of a process's terminal: the seventh field of `stat`, of which the second is a name in brackets."""
    try:
        number = int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[4])
    except (OSError, ValueError, IndexError):
        return None  # it has just ended
    return os.makedev(number >> 8 & 0xFFF, number & 0xFF | number >> 12 & 0xFFF00)
