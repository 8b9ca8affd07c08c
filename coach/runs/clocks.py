"""How long ago a run was interrupted, by clocks that can be trusted: a computer without a battery starts with a wrong date.

the same boot      the time since boot tells exactly, whatever happened to the time of day
another boot       nobody knows, and the run goes on where it stopped
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from coach.runs.entries import Led

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def led_from(at: float) -> Led:
    """The entry which says that this process leads the run from its second `at` on."""
    return Led(at, boot(), since_boot())


def boot() -> str:
    """The id of this boot of the computer; "" if the system has none."""
    with suppress(OSError):
        return BOOT_ID.read_text("ascii").strip()
    return ""


def since_boot() -> float:
    """Seconds since the computer was started, including sleep."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def gap(led: Led | None, last: float) -> float | None:
    """Seconds since the run's second `last`, by the time since boot; None if the computer was restarted meanwhile."""
    if led is None or not led.boot or led.boot != boot():
        return None
    return max(0.0, since_boot() - led.since_boot - (last - led.at))
