"""What failed once: minimal inputs after public reports about other programs, each with what must come out of it.

The inputs lie in shared/cases, or in the folder that `COACH_CASES` names, one folder a case; each is copied, its command is
given to a shell in the copy, and its words and exit code are held against its row. `COACH_CASE` names some of them. 60 kills a
run after four seconds, in which it must have begun: it needs a machine that is not busy.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.row import Row
from tests.conftest import ROOT

CASES = 36
PATIENCE = 120.0  # s
WHOLE = ("1.80 km in 10:00",)  # a run of 600 s at 3 m/s
THREE = ("repeat = 3", 'length = "1 km"', 'length = "90 s"')  # three kilometers and their rests
HOLDER = """  # a run whose port another program holds, until it has told so
python case.py > port & holder=$!
until test -s port; do sleep .1; done
printf '[voice]\\nengine = "none"\\nplayer = "none"\\n' > c.toml
printf '[[source]]\\nname = "gps"\\nkind = "nmea"\\nport = "%s"\\n' "$(cat port)" >> c.toml
coach --config c.toml run 1m < /dev/null > told 2>&1 & run=$!
for wait in $(seq 300); do grep -q "in use by" told && break; sleep .1; done
sleep .5; kill $run $holder; wait $run; cat told
"""


class Case(NamedTuple):
    """A command of the shell in the folder of a case, what its output must have and must not have, and its exit code."""

    folder: str
    command: str
    has: tuple[str, ...] = WHOLE
    lacks: tuple[str, ...] = ()
    code: int = 0


def _replayed(
    folder: str, *files: str, has: tuple[str, ...] = WHOLE, lacks: tuple[str, ...] = (), code: int = 0
) -> Iterator[Case]:
    for file in files:
        yield Case(folder, f"coach replay {file}", has, lacks, code)


def _converted(folder: str, file: str, *has: str, lacks: tuple[str, ...] = ()) -> Case:
    return Case(folder, f"coach convert {file} out.toml && cat out.toml", has, lacks)


def _fed(folder: str, *has: str, lacks: tuple[str, ...] = ()) -> Case:
    return Case(folder, "python case.py", has, lacks)


def cases() -> Iterator[Case]:
    yield from _replayed("01-lead-space-tcx-gz", "lead-space.tcx.gz")
    yield from _replayed("04-utf16-label", "utf16-label.gpx", "utf16-label.tcx")
    yield from _replayed("06-bare-ampersand", "amp-name.gpx")
    yield from _replayed("08-clock-back-20min", "back-20min.gpx", "back20.fit")
    yield from _replayed("11-one-future-point", "one-future.gpx", "first-future.gpx", has=("1.80 km in ",))  # one point is lost
    yield from _replayed("14-tracks-out-of-order", "two-trk-reversed.gpx")
    yield from _replayed("16-all-the-same-time", "same-time.gpx", has=("all its 601 points have the same time",), code=2)
    yield _fed("18-odometer-stands-belt", "metres 1500 segment 2")
    yield from _replayed("19-odometer-stands-tcx", "dist-const0-speed.tcx", "dist-const0.tcx")
    yield _fed("22-ftms-split", "metres 1500 segment 2", "(334, ")
    yield from _replayed("24-fit-split-records", "split-hr-then-pos.fit")
    yield from _replayed("26-speed-zero-gpx", "speed-const0.gpx")
    yield from _replayed("28-speed-kmh-tcx", "kmh-speed.tcx")
    yield from _replayed("30-smart-recording", "smart.gpx", has=("in 30:0",), lacks=("No pace signal", "Signal back", "Paused"))
    yield from _replayed("32-pause-of-a-second", "polar-multitrack.tcx", lacks=("Paused", "Go on"))
    yield from _replayed("34-fit-system-time", "systime.fit")
    yield from _replayed("36-fit-size-zero", "size0.fit")
    yield from _replayed("38-fit-dev-id-missing", "dev-id-missing.fit")
    yield _converted("40-fit-workout-1-based", "f-1based.fit", *THREE)
    rests = "coach convert g-skiplast.json out.toml && echo rests: $(grep -c Recovery out.toml)"
    yield Case("42-garmin-skip-last-rest", rests, ("rests: 2\n",))
    yield _fed("44-rsc-short", "metres 1500 segment 2")
    yield _fed("46-ble-two-batteries", "two batteries", "OPEN", lacks=("FAILS",))
    yield _fed("48-ble-name-blank", "OPEN", lacks=("FAILS",))
    yield _fed("50-neo-6m-muted", "sentences still on: [0, 1, 2, 3, 4, 5]")
    yield from _replayed("52-gpspipe-r", "gpspipe-r.nmea")
    yield from _replayed("54-nmea-no-checksum", "nocs.nmea")
    yield from _replayed("56-gga-quality-12", "gga-q12.nmea")
    yield Case("58-terminal-not-utf8-run", "PYTHONIOENCODING=ascii coach --config c.toml run uni.toml </dev/null", ("Done",))
    yield Case("60-no-rtc-resume", "sh case.sh", ("Resuming. Steady, one minute in", "rc=0"))
    yield Case("62-pi-console-hint", HOLDER, ("login prompt", "raspi-config"), ("pkill",))
    yield _fed("64-ant-heart-255", "255: metres 1800 segment 2", lacks=("give_way",))
    course = 'coach race "1800 m" 10:00 --course zero-first.gpx -o o.toml && cat o.toml'
    yield Case("66-zero-start-course", course, ("[[segment]]",), ("leaps",))
    yield from _replayed("68-time-lowercase-z", "time-lowz.gpx")
    yield from _replayed("70-ultra-tcx-gz", "ultra10h.tcx.gz", has=("108.00 km in 10:00:00",))
    yield from _replayed("73-decimal-comma", "comma-lat.gpx")
    yield _converted("74-sound-length-in-two-words", "i-1m_30s.txt", 'length = "90 s"')


def measure() -> Iterator[Row]:
    folder = Path(os.environ.get("COACH_CASES", ROOT.parent / "shared" / "cases"))
    if not folder.is_dir():
        print(f"  no cases: {folder} is not there")
        return
    named, shown, wrong = os.environ.get("COACH_CASE", ""), set[str](), 0
    for case in cases():
        if named in case.folder:
            shown.add(case.folder)
            if told := _wrong(folder / case.folder, case):
                wrong += 1
                print(f"  {case.folder}: {case.command[:60]}: {told}")
    left = {each.name for each in folder.iterdir() if each.is_dir() and named in each.name} - shown
    if left:
        print(f"  without a row: {', '.join(sorted(left))}")
    yield Row("inputs that failed once, folders", len(shown), "", 0 if named else CASES, least=True)
    yield Row("  commands that do not end as they must", wrong, "", 0)
    yield Row("  folders without a row", len(left), "", 0)


def _wrong(folder: Path, case: Case) -> str | None:
    """What does not come out of a case as it must, or None."""
    with tempfile.TemporaryDirectory() as where:
        here = Path(where, case.folder)
        shutil.copytree(folder, here)
        try:
            done = subprocess.run(
                ["bash", "-c", case.command], cwd=here, env=_environment(Path(where)), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return "hung"
    said = done.stdout.decode("utf-8", "replace")
    lost = [text for text in case.has if text not in said]
    found = [text for text in (*case.lacks, "Traceback") if text in said]
    if done.returncode != case.code or lost or found:
        return f"exit {done.returncode}, without {lost}, with {found}: {said[-300:]!r}"
    return None


def _environment(home: Path) -> dict[str, str]:
    """A home of its own, and `coach` and `python` are this project's, whatever a case sets."""
    (home / "bin").mkdir()
    for name, module in (("coach", "-m coach.cli.main "), ("python", "")):
        program = home / "bin" / name
        path = f"PYTHONPATH={shlex.quote(str(ROOT))}${{PYTHONPATH:+:$PYTHONPATH}}"
        program.write_text(f'#!/bin/sh\n{path} exec {shlex.quote(sys.executable)} {module}"$@"\n')
        program.chmod(0o755)
    own = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
    runtime = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}"}
    return {**os.environ, **own, **runtime}
