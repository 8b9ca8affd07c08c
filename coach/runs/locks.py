"""The lock on a journal, which means that a coach is leading the run now. It ends with the process, however that ends.

On systems without such locks (Windows) nothing prevents two coaches from leading the same run.
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
    """Locks this open file against other coaches; False if one is leading the run already."""
    return _locked(file, exclusively=True)


def is_locked(path: Path) -> bool:
    """Whether another coach is leading the run now. Raises OSError."""
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
