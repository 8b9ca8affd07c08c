"""The lock on a journal, which says that a coach is leading the run now. It ends with the process, however that ends.

Where the system has no such locks (Windows), nobody is kept from leading a run twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:
    LOCKS: Any = None
else:
    LOCKS = fcntl


def lock(file: int) -> bool:
    """Keep other coaches from this open file; False where one is leading the run already."""
    return _locked(file, exclusively=True)


def is_locked(path: Path) -> bool:
    """Another coach is leading the run now. Raises OSError."""
    with path.open("rb") as file:
        return not _locked(file.fileno(), exclusively=False)


def _locked(file: int, exclusively: bool) -> bool:
    if LOCKS is None:
        return True
    try:
        LOCKS.flock(file, (LOCKS.LOCK_EX if exclusively else LOCKS.LOCK_SH) | LOCKS.LOCK_NB)
    except BlockingIOError:
        return False
    return True
