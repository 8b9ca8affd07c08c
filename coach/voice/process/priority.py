"""Asks the system to run threads that play before everything else, as sound servers do. Whoever may not does without.

Only what hands over ready samples runs so: making phrases takes long, and may not keep a small computer from anything else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def going_first() -> Iterator[None]:
    """Threads that are started meanwhile run before all that are not in a hurry; this one does so only here."""
    with suppress(OSError, AttributeError):  # AttributeError: other systems have no such call
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(os.sched_get_priority_min(os.SCHED_RR)))
    try:
        yield
    finally:
        with suppress(OSError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
