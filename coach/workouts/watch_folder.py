"""Puts a workout on a watch that is plugged in: into its folder GARMIN/NewFiles, on a volume or behind gvfs's MTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coach.errors import InvalidSettings

MOUNTS = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*", "/Volumes/*", "/run/user/*/gvfs/mtp*/*")
DEVICE, TAKES = "garmin", "newfiles"  # names of folders; their case differs between models


def new_files(mounts: tuple[str, ...] = MOUNTS) -> Path:
    """The folder of the one watch that is plugged in. Raises InvalidSettings if there is none, or more than one."""
    found = list(dict.fromkeys(_folders(mounts)))
    if not found:
        hint = "plug it in and unlock it; newer models appear once the file manager shows them"
        raise InvalidSettings("--to-watch", None, "no watch with a folder GARMIN/NewFiles was found", hint)
    if len(found) > 1:
        raise InvalidSettings(
            "--to-watch", None, f"{len(found)} watches were found: {', '.join(map(str, found))}", "unplug one"
        )
    return found[0]


def put(content: bytes, name: str, folder: Path) -> Path:
    """Writes the file as a whole and reads it back, because MTP knows no rename. Raises InvalidSettings."""
    path = folder / name
    try:
        path.write_bytes(content)
        same = path.read_bytes() == content
    except OSError as trouble:
        why = (trouble.strerror or str(trouble)).lower()
        raise InvalidSettings(
            str(path), None, f"cannot be written: {why}", "unlock the watch, and close what else uses it"
        ) from None
    if not same:
        raise InvalidSettings(str(path), None, "is not on the watch as it was written", "unplug it, plug it in, try again")
    return path


def _folders(mounts: tuple[str, ...]) -> Iterator[Path]:
    for pattern in mounts:
        for mount in sorted(Path("/").glob(pattern.lstrip("/"))):
            for device in _named(mount, DEVICE):
                yield from _named(device, TAKES)


def _named(folder: Path, name: str) -> list[Path]:
    """The folders of that name, in any case; none where one may not look."""
    try:
        return [each for each in folder.iterdir() if each.name.lower() == name and each.is_dir()]
    except OSError:
        return []
