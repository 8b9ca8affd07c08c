"""What happens with a run that ended, as [after] in the config says: files are written, and a program is started with them.

Whatever fails here is told in one line, and costs the run nothing: its journal was closed before.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from coach.core.units import parse_distance
from coach.errors import InvalidSettings
from coach.runs import load, store
from coach.runs.export import export
from coach.runs.journal import name_of
from coach.runs.sync.options import Sync
from devices.api import InvalidFile

LONGEST_TOLD = 120  # characters of what a program complained about


def _radius(text: str) -> str:
    if text:
        parse_distance(text)
    return text


class After(BaseModel):
    """Options of [after]."""

    model_config = ConfigDict(extra="forbid")

    export: list[Literal["fit", "tcx", "gpx", "csv"]] = []
    folder: str = ""
    hide_home: Annotated[str, AfterValidator(_radius)] = ""
    command: list[str] = []
    sync: bool = False
    seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0

    @property
    def radius(self) -> float:
        """Metres around home that nobody else shall see; 0 for none."""
        return parse_distance(self.hide_home) if self.hide_home else 0.0

    @property
    def place(self) -> Path:
        """The folder of the exported files; by default one beside that of the runs."""
        return Path(self.folder).expanduser() if self.folder else store.folder().parent / "exports"


def after_run(after: After, sync: Sync, journal: Path, unit: str, note: Callable[[str], object]) -> None:
    """Does what [after] says with the run in this journal."""
    _export_and_start(after, journal, unit, note)
    if after.sync:
        from coach.runs.sync.send import send_runs

        try:
            send_runs("intervals", sync.address, after.radius, None, unit, note)
        except (InvalidSettings, InvalidFile, OSError) as wrong:
            note(f"[after] sync: {wrong}")


def _export_and_start(after: After, journal: Path, unit: str, note: Callable[[str], object]) -> None:
    try:
        written = list(_exported(after, journal, unit)) if after.export else []
    except (InvalidSettings, InvalidFile, OSError) as wrong:
        note(f"[after] export: {wrong}")
        return
    for path in written:
        note(f"written: {path}")
    if after.command and (trouble := _started(after, written[0] if written else journal, journal)):
        note(f"[after] command: {trouble}")


def _exported(after: After, journal: Path, unit: str) -> Iterator[Path]:
    from coach.runs.export import cutting  # the config imports this module, and every command the config

    activity = load(str(journal), unit=unit)
    if not activity.seconds:
        return
    if after.radius:
        activity = cutting.without_home(activity, after.radius, cutting.secret())
    after.place.mkdir(parents=True, exist_ok=True)
    for kind in after.export:
        path = after.place / f"{name_of(journal)}.{kind}"
        export(activity, path)
        yield path


def _started(after: After, file: Path, journal: Path) -> str | None:
    """Starts the program and waits for its end; the trouble in a few words, or None."""
    names = {"{file}": str(file), "{journal}": str(journal)}
    arguments = [_filled(part, names) for part in after.command]
    try:
        done = subprocess.run(
            arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=after.seconds, check=False, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        return f"{arguments[0]} was ended: it took more than {after.seconds:g} s"
    except (OSError, ValueError) as wrong:
        return f"{arguments[0]} cannot be started: {(getattr(wrong, 'strerror', None) or str(wrong)).lower()}"
    if done.returncode == 0:
        return None
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return f"{arguments[0]} failed with {done.returncode}" + (f": {said[-1][:LONGEST_TOLD]}" if said else "")


def _filled(part: str, names: dict[str, str]) -> str:
    for name, path in names.items():
        part = part.replace(name, path)
    return part
