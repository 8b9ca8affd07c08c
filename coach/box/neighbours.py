"""Other programs on a box that take a device or a button from the coach: who they are, and what to type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from coach.stations.trying import KEEPS, MASK, PROXY

Ask = Callable[..., str]  # what a command prints; "" if it cannot be run


class Neighbour(NamedTuple):
    """What is in the way, and the command that moves it."""

    what: str
    do: str


def neighbours(ask: Ask, root: Path = Path("/")) -> Iterator[Neighbour]:
    """Those that are running or will start. `ask` runs a command; `root` is the root of the file system."""
    if ask("systemctl", "--user", "is-enabled", f"{PROXY}.service").strip() == "enabled":
        yield Neighbour(KEEPS, MASK)
    gpsd = root / "etc" / "default" / "gpsd"
    if gpsd.is_file() and re.search(r'(?m)^\s*USBAUTO\s*=\s*"?true', gpsd.read_text(errors="replace")):
        told = 'gpsd takes every receiver and footpod that is plugged in: read it by kind = "gpsd", or set USBAUTO="false"'
        yield Neighbour(told, "sudo sed -i 's/^USBAUTO=.*/USBAUTO=\"false\"/' /etc/default/gpsd && sudo systemctl restart gpsd")
    if ask("systemctl", "is-active", "ModemManager.service").strip() == "active":
        yield Neighbour("ModemManager asks serial receivers whether they are modems", "coach service udev")
    if ask("systemctl", "is-enabled", "brltty-udev.service").strip() in ("enabled", "static"):
        yield Neighbour("brltty takes some serial chips for braille displays", "sudo apt remove brltty")
