"""Writes a run for other programs: a FIT, TCX or GPX activity, or a CSV table; the format by the file's name."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from coach.errors import InvalidSettings

if TYPE_CHECKING:
    from coach.runs.activity import Activity

FORMATS = {".fit": "fit", ".tcx": "tcx", ".gpx": "gpx", ".csv": "csv_table"}  # each in the module of this package so named


class Format(Protocol):
    def content(self, activity: Activity) -> bytes:
        """The whole file. The same activity gives the same bytes."""


def content(activity: Activity, kind: str) -> bytes:
    """The file of a kind of FORMATS, such as ".fit"."""
    return cast(Format, import_module(f"coach.runs.export.{FORMATS[kind]}")).content(activity)


def export(activity: Activity, path: Path) -> None:
    """Writes the file as a whole or not at all. Raises InvalidSettings if the format is unknown or it cannot be written."""
    check_name(path)
    write_whole(path, content(activity, path.suffix.lower()))


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file as a whole or not at all. Raises InvalidSettings if it cannot be written."""
    fresh = path.with_name(path.name + ".part")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as trouble:
        fresh.unlink(missing_ok=True)
        raise InvalidSettings(str(path), None, f"cannot be written: {(trouble.strerror or str(trouble)).lower()}") from None


def check_name(path: Path) -> None:
    """Raises InvalidSettings if the name does not end as one of FORMATS."""
    if path.suffix.lower() not in FORMATS:
        raise InvalidSettings(
            str(path), None, "is not in a format that a run can be exported to", f"end its name in {', '.join(FORMATS)}"
        )
