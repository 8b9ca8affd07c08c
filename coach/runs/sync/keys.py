"""Where a service's key is kept: never in the config, a journal or a command line, which others may read."""

from __future__ import annotations

import os
import re
from pathlib import Path

from coach.errors import InvalidSettings

KEY = re.compile(r"[!-~]{8,200}")  # visible characters
OTHERS = 0o077  # the bits that let anybody but the owner at a file


def key_of(service: str) -> str:
    """From the environment (COACH_INTERVALS_KEY), a systemd credential, or the runner's file. Raises InvalidSettings."""
    if told := os.environ.get(f"COACH_{service.upper()}_KEY"):
        return _checked(told.strip(), f"COACH_{service.upper()}_KEY")
    if folder := os.environ.get("CREDENTIALS_DIRECTORY"):
        credential = Path(folder) / f"{service}-key"
        if credential.exists():
            return _checked(credential.read_text("utf-8", "replace").strip(), str(credential))
    path = key_file(service)
    try:
        if path.stat().st_mode & OTHERS:
            raise InvalidSettings(str(path), None, "can be read by others", f"chmod 600 {path}")
        return _checked(path.read_text("utf-8", "replace").strip(), str(path))
    except FileNotFoundError:
        raise InvalidSettings(service, None, "has no key yet", f"coach sync {service} --login") from None
    except OSError as trouble:
        raise InvalidSettings(str(path), None, f"cannot be read: {(trouble.strerror or str(trouble)).lower()}") from None


def keep_key(service: str, key: str) -> Path:
    """Writes the key to a file that only its owner can read. Raises InvalidSettings if it cannot be a key."""
    path = key_file(service)
    _checked(key.strip(), "the key")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.strip() + "\n")
    return path


def key_file(service: str) -> Path:
    from platformdirs import user_config_path

    return user_config_path("progression-coach") / f"{service}.key"


def _checked(key: str, where: str) -> str:
    if not KEY.fullmatch(key):
        raise InvalidSettings(where, None, "is not a key: 8 to 200 visible characters")  # the key itself is never repeated
    return key
