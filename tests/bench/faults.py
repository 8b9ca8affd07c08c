"""Two hundred faults injected, in files and in live runs: each is told or refused in a line, and nothing crashes or hangs.

Files are damaged in every way and given to the command that reads them, in this process; live runs meet their faults as
processes of their own (faults_live.py). `COACH_FAULTS` names some of them.
"""

from __future__ import annotations

import gzip
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from coach.cli.main import main
from coach.planning.schedule.generate import schedule
from coach.runs import shoes
from coach.workouts import schedules
from tests.bench.faults_live import live_faults
from tests.bench.row import Row
from tests.cli.commands import SILENT
from tests.conftest import ROOT
from tests.devices.captures import FOLDER
from tests.runs.test_hostile import MONDAY, RUNNER, journal
from tests.tracks.odd import ODD
from tests.tracks.test_fit import RUN, fit
from tests.tracks.test_tracks import gpx, point, tcx, trackpoint

SLOW = 2.0  # s of processor time
SAMPLES = ROOT / "tests" / "workouts" / "samples"
ENDS = (0, 1, 2, 3)  # exit codes of what was read, failed or was refused


class Ended(NamedTuple):
    """How a command ended under a fault: what went wrong with it, or None; and whether it said something."""

    wrong: str | None
    told: bool = True


Damage = Callable[[bytes], bytes]
_DAMAGES: dict[str, Damage] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "without its last bytes": lambda data: data[:-3],
    "without its first bytes": lambda data: data[7:],
    "empty": lambda data: b"",
    "zeros at its end": lambda data: data[: len(data) // 2] + bytes(len(data) // 2),
    "zeros in its middle": lambda data: data[: len(data) // 3] + bytes(500) + data[len(data) // 3 + 500 :],
    "noise in its middle": lambda data: data[: len(data) // 3] + bytes(range(256)) * 2 + data[len(data) // 3 + 512 :],
    "twice": lambda data: data + data,
    "its lines backwards": lambda data: b"".join(data.splitlines(keepends=True)[::-1]),
    "line ends of Windows": lambda data: data.replace(b"\n", b"\r\n"),
    "in UTF-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "packed": gzip.compress,
    "digits of nines": lambda data: data.replace(b"4", b"9" * 60, 5),
    "no digits": lambda data: bytes(each if not 48 <= each < 58 else 120 for each in data),
}
_CONFIGS = {
    "an unknown table": "[runer]\nunits = 'metric'\n",
    "an unknown key": "[runner]\nunit = 'metric'\n",
    "another type": "[runner]\nunits = 3\n",
    "a number of 5,000 digits": f"[voice]\nrate = {'9' * 5000}\n",
    "nan": "[voice]\nrate = nan\n",
    "inf": "[coach.policy.heart]\nx = inf\n",
    "deeply nested": "x = " + "[" * 5000 + "]" * 5000,
    "bytes that are not UTF-8": "\udcff\udcfe",
    "a byte order mark": "\ufeff[runner]\nunits = 'metric'\n",
    "a table twice": "[runner]\n[runner]\n",
    "a string that is never closed": "[runner]\nunits = 'metric\n",
    "two sources of one name": "[[source]]\nname='a'\nkind='nmea'\nport='/dev/null'\n" * 2,
    "a source of an unknown kind": "[[source]]\nname='a'\nkind='nmae'\n",
    "a source that is one table": "[source]\nname='a'\nkind='nmea'\nport='/dev/null'\n",
    "a source without a kind": "[[source]]\nname='a'\n",
    "a workout that is missing": "[workout]\nfile = 'none.toml'\n",
    "a workout that names itself": "[workout]\nfile = 'config.toml'\n",
    "an impossible race": "[runner]\nrace = '10k 5:00'\n",
    "escapes in a name": '[[source]]\nname = "\\u001b[2J"\nkind = "nmea"\nport = "/dev/null"\n',
    "a million blanks": " " * 1_000_000,
}


def _tracks() -> dict[str, tuple[str, bytes]]:
    """Name -> the suffix of its file and a recording of a minute."""
    points = "\n".join(point(at, 47 + at / 40_000) for at in range(60))
    laps = "\n".join(trackpoint(at, "<DistanceMeters>9.5</DistanceMeters>") for at in range(60))
    return {
        "GPX": (".gpx", gpx(points).encode()),
        "TCX": (".tcx", tcx(f"<Track>{laps}</Track>").encode()),
        "FIT": (".fit", fit(*RUN)),
        "NMEA": (".nmea", (ROOT / "coach" / "demo" / "run.nmea").read_bytes()[:9000]),
        "u-blox": (".ubx", (FOLDER / "ublox" / "neo-m8n.log").read_bytes()[:9000]),
        "gpsd": (".log", (FOLDER / "gpsd" / "ublox-neo-m8n.log").read_bytes()[:9000]),
    }


def _commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each fault in a file, made just before its command is given."""
    for name, (suffix, data) in _tracks().items():
        for damage, damaged in _DAMAGES.items():
            yield f"{name}, {damage}", ["replay", _file(folder, f"track{suffix}", damaged(data))]
    for suffix in (".toml", ".txt", ".fit", ".zwo", ".json", ".tcx"):
        data = (SAMPLES / f"thursday{suffix}").read_bytes()
        for damage in ("cut in half", "zeros in its middle", "noise in its middle", "twice", "in UTF-16", "digits of nines"):
            yield f"workout {suffix}, {damage}", ["check", _file(folder, f"w{suffix}", _DAMAGES[damage](data))]
    for told, text in _CONFIGS.items():
        path = _file(folder, "other.toml", text.encode("utf-8", "surrogateescape"))
        yield f"config with {told}", ["--config", path, "check", "1m"]
    for name, (suffix, data) in ODD.items():
        yield f"recording with {name}", ["replay", _file(folder, f"odd{suffix}", data)]
    yield from _odd_files(folder)
    run = journal(folder / "whole.jsonl").read_bytes()
    plan = schedules.state_text(schedule(RUNNER, MONDAY, 6)).encode()
    for damage, damaged in _DAMAGES.items():
        yield f"journal, {damage}", ["verify", _file(folder, "run.jsonl", damaged(run))]
        _file(folder, schedules.STATE, damaged(plan))
        yield f"schedule, {damage}", ["schedule", "--again", str(folder)]


def _odd_files(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is no plain file, wherever a file is expected."""
    os.mkfifo(folder / "pipe.gpx")
    (folder / "loop.gpx").symlink_to("loop.gpx")
    (folder / "gone.gpx").symlink_to("nowhere")
    (folder / "folder.gpx").mkdir()
    shoes.path().parent.mkdir(parents=True, exist_ok=True)
    for kind in ("pipe", "loop", "gone", "folder"):
        path = str(folder / f"{kind}.gpx")
        yield f"{kind} as a recording", ["replay", path]
        yield f"{kind} as a journal", ["verify", path]
        yield f"{kind} as a course", ["race", "5k", "25:00", "--course", path]
        yield f"{kind} as a config", ["--config", path, "check", "1m"]
        yield f"{kind} to write to", ["convert", "10m", path.replace(".gpx", "/w.toml")]


def _file(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def _ended(arguments: list[str]) -> Ended:
    """One command in this process."""
    began = time.process_time()
    done = CliRunner().invoke(main, arguments, prog_name="coach")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return Ended(f"raised {done.exception!r}")
    if done.exit_code not in ENDS:
        return Ended(f"exit code {done.exit_code}")
    if (took := time.process_time() - began) > SLOW:
        return Ended(f"took {took:.1f} s")
    return Ended("Traceback" if "Traceback" in done.output + done.stderr else None, bool(done.output + done.stderr))


def measure() -> Iterator[Row]:
    named, count, silent, wrong = os.environ.get("COACH_FAULTS", ""), 0, 0, 0
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        config = _file(folder, "config.toml", SILENT.encode())
        for name, arguments in _commands(folder):
            if named in name:
                given = arguments if arguments[0] == "--config" else ["--config", config, *arguments]
                ended = _ended(given)
                count, silent, wrong = count + 1, silent + (not ended.told), wrong + (ended.wrong is not None)
                if ended.wrong or not ended.told:
                    print(f"  {name}: {ended.wrong or 'nothing was said'}")
        yield Row("faults in files, configs and journals", count, "", 0 if named else 200, least=True)
        yield Row("  that crashed, hung or ended wrongly", wrong, "", 0)
        yield Row("  that were not told", silent, "", 0)
        yield Row("  most memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", 200)
        yield from live_faults(folder, named)
