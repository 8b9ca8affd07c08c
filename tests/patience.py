"""How long a test waits for what should come: a busy machine is slow, not wrong."""

import time
from collections.abc import Callable

PATIENCE = 60.0  # s until it counts as never coming


def wait_until(true: Callable[[], object], told: object = "it never came", every: float = 0.02) -> None:
    """Looks each `every` s; where a look starts a process, seldom enough to leave the machine to what is waited for."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, told
        time.sleep(every)
