"""WirePlumber's settings on a box where nobody is logged in: a headset is heard there, and stays a headset for music.

Without a seat WirePlumber leaves Bluetooth headsets alone: they connect and stay mute. And whatever opens a microphone
switches them to the sound of a telephone, in which their buttons do nothing either. Version 0.5 reads its own kind of JSON,
0.4 reads Lua; neither reads the other's.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ASKED_WITHIN = 3.0  # s for its version

_CONF = """{written}
wireplumber.profiles = {{ main = {{ monitor.bluez.seat-monitoring = disabled }} }}
wireplumber.settings = {{ bluetooth.autoswitch-to-headset-profile = false }}
"""
_LUA = """-- {written}
bluez_monitor.properties["with-logind"] = false
"""


def settings_of(version: tuple[int, int], config: Path, written: str) -> tuple[Path, str]:
    """The file for this version of WirePlumber, below the user's config folder, and its text; `written` says who wrote it."""
    folder = config / "wireplumber"
    if version >= (0, 5):
        return folder / "wireplumber.conf.d" / "51-coach.conf", _CONF.format(written=written)
    return folder / "bluetooth.lua.d" / "51-coach.lua", _LUA.format(written=written.removeprefix("# "))


def wireplumber() -> tuple[int, int] | None:
    """Its version; None where there is none."""
    try:
        said = subprocess.run(["wireplumber", "--version"], capture_output=True, text=True, timeout=ASKED_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+)\.(\d+)\.\d+", said.stdout)
    return (int(found[1]), int(found[2])) if found else None
