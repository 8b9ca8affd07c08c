"""Where a service's key is kept: never in the config, a journal or a command line, which others may read.

The first that has one counts: the environment, a systemd credential, the system's keyring, a file of the runner's own.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from coach.errors import InvalidSettings
from coach.runs.sync import keyring

KEY = re.compile(r"[!-~]{8,200}")  # visible characters
OTHERS = 0o077  # the bits that let anybody but the owner at a file


def key_of(service: str) -> str:
    """From the environment (COACH_INTERVALS_KEY), a systemd credential, the keyring, or the runner's file.

    Raises InvalidSettings if none has one.
    """
    if told := os.environ.get(f"COACH_{service.upper()}_KEY"):
        return _checked(told.strip(), f"COACH_{service.upper()}_KEY")
    if folder := os.environ.get("CREDENTIALS_DIRECTORY"):
        credential = Path(folder) / f"{service}-key"
        if credential.exists():
            return _checked(credential.read_text("utf-8", "replace").strip(), str(credential))
    if kept := keyring.found(service):
        return _checked(kept, "the keyring")
    path = key_file(service)
    try:
        if path.stat().st_mode & OTHERS:
            raise InvalidSettings(str(path), None, "can be read by others", f"chmod 600 {path}")
        return _checked(path.read_text("utf-8", "replace").strip(), str(path))
    except FileNotFoundError:
        raise InvalidSettings(service, None, "has no key yet", f"coach sync {service} --login") from None
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}") from None


def keep_key(service: str, key: str) -> str:
    """Keeps the key in the system's keyring if it answers, else in a file that only its owner can read; where, in words.

    Raises InvalidSettings if it cannot be a key.
    """
    key, path = _checked(key.strip(), "the key"), key_file(service)
    path.unlink(missing_ok=True)
    if keyring.keep(service, key):
        return "the system's keyring"
    keyring.forget(service)  # an older key there would count before the file
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
    return f"{path}, which only you can read"


def key_file(service: str) -> Path:
    from platformdirs import user_config_path

    return user_config_path("progression-coach") / f"{service}.key"


def _checked(key: str, where: str) -> str:
    if not KEY.fullmatch(key):
        raise InvalidSettings(where, None, "is not a key: 8 to 200 visible characters")  # the key itself is never repeated
    return key
