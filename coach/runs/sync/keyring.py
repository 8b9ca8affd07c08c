"""The system's keyring, asked by the library `keyring` in a process of its own, because a locked one may never answer.

The library is an extra; without it, or where the keyring fails, nothing is found and nothing is kept.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

OURS = "progression-coach"  # the name under which the keyring shows it
READ, KEEP = 3.0, 60.0  # s for an answer; at a login somebody may have to type the keyring's password
_GET = "import keyring, sys; print(keyring.get_password(*sys.argv[1:]) or '')"
_SET = "import keyring, sys; keyring.set_password(*sys.argv[1:], sys.stdin.read())"
_DELETE = "import keyring, sys; keyring.delete_password(*sys.argv[1:])"


def found(service: str) -> str | None:
    """The key of a service, empty if the keyring has none; None if there is no keyring that answers."""
    told = _asked(_GET, service, "", READ)
    return None if told is None else told.strip()


def keep(service: str, key: str) -> bool:
    """Whether the keyring has the key now."""
    return _asked(_SET, service, key, KEEP) is not None and found(service) == key


def forget(service: str) -> None:
    """Afterwards the keyring, if there is one, has no key of the service."""
    if found(service):
        _asked(_DELETE, service, "", READ)


def _asked(program: str, service: str, told: str, limit: float) -> str | None:
    """What the program wrote; None if it failed or took longer than `limit` s. The key comes by a pipe: arguments are seen."""
    if find_spec("keyring") is None:
        return None
    command = [sys.executable, "-c", program, OURS, service]
    try:
        done = subprocess.run(
            command, input=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limit, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout
