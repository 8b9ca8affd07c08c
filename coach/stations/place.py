"""Where the sockets of runs are: in a folder of the user's runtime folder that only its owner may enter.

A socket is named like its run. What a dead run left there answers nobody, and is replaced.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import warnings
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from devices.api import Unavailable

SUFFIX = ".sock"
LONGEST_PATH = 100  # bytes of a socket's path; systems take 104 to 108
ELSEWHERE = "set XDG_RUNTIME_DIR to another folder"
CHECKSUM = 8  # characters that tell names apart which are too long for a path
OTHERS = 0o077  # the bits that let anybody but the owner in
ROOT = 0  # may do everything anyway: a battery's daemon asks for a pause
BACKLOG = 16  # connections that may wait to be taken
NO_SOCKETS = "this system has no Unix sockets, by which a run is asked and steered: use its keyboard"


def can() -> bool:
    """Whether this system has Unix sockets."""
    return hasattr(socket, "AF_UNIX")


def folder() -> Path:
    """The folder, made if it is missing. Raises Unavailable where it is not its owner's alone."""
    import platformdirs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells that XDG_RUNTIME_DIR is not set, as for a user who never logged in
        path = platformdirs.user_runtime_path("progression-coach")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as trouble:
        raise Unavailable(f"{path}: {(trouble.strerror or str(trouble)).lower()}", ELSEWHERE) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & OTHERS:
        raise Unavailable(f"{path} must be a folder that belongs to you, and nobody else may enter it", f"chmod 700 {path}")
    return path


def path_of(run: str) -> Path:
    """The socket of the run with this name. Raises Unavailable."""
    place = folder()
    room = LONGEST_PATH - len(os.fsencode(place / SUFFIX))  # bytes for the name
    if len(os.fsencode(run)) <= room:
        return place / f"{run}{SUFFIX}"
    if room < CHECKSUM:
        raise Unavailable(f"{place} is too long as the path of a socket", ELSEWHERE)
    begins = os.fsencode(run)[: room - CHECKSUM].decode("ascii", "ignore")
    return place / f"{begins}{hashlib.sha256(os.fsencode(run)).hexdigest()[:CHECKSUM]}{SUFFIX}"


def listening(path: Path) -> socket.socket:
    """A socket that listens at `path`, for its owner alone. Raises OSError, Unavailable where another run listens there.

    It appears under its name when it listens already, so that nobody takes it for one that a dead run left.
    """
    if answers(path):
        raise Unavailable("another coach listens there")
    _sweep(path.parent)
    new = path.with_suffix(f".{os.getpid()}")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        new.unlink(missing_ok=True)
        listener.bind(str(new))
        new.chmod(0o600)
        listener.listen(BACKLOG)
        new.rename(path)
    except OSError:
        listener.close()
        raise
    return listener


def connected(run: str | None) -> socket.socket:
    """A connection to the run with this name, or to the newest that answers. Raises Unavailable if there is none."""
    if not can():
        raise Unavailable(NO_SOCKETS)
    for path in [path_of(run)] if run else _newest_first(folder()):
        with suppress(OSError):
            return _connection(path)
    known = ", ".join(path.stem for path in living())
    told = f"these are: {known}" if known else "coach run begins one"
    raise Unavailable(f"the run {run} is not under way" if run else "no run is under way", told)


def living() -> Iterator[Path]:
    """The sockets of runs that are under way, the newest first."""
    return (path for path in _newest_first(folder()) if answers(path))


def answers(path: Path) -> bool:
    with suppress(OSError), closing(_connection(path)):
        return True
    return False


def peer_is_owner(connection: socket.socket) -> bool:
    """Whether our user, or root, is at the other end; where the system does not tell, the folder alone keeps others out."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, user, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return user in (ROOT, os.getuid())


def _connection(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _newest_first(place: Path) -> list[Path]:
    return sorted(place.glob(f"*{SUFFIX}"), key=_begun, reverse=True)


def _begun(path: Path) -> float:
    with suppress(OSError):  # it ended meanwhile
        return path.stat().st_mtime
    return 0.0


def _sweep(place: Path) -> None:
    """Removes what dead runs left."""
    for path in place.glob(f"*{SUFFIX}"):
        if not answers(path):
            path.unlink(missing_ok=True)
