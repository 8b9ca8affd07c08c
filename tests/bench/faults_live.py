"""Faults that a live run meets, each in a process of its own: signals, terminals, the journal, the voice, the devices.

A run follows the demo's track faster than life; what its journal has must be all that was acknowledged, and every word the
same when it is fed again.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from coach.runs import store
from coach.runs.verify import verify
from tests.bench.row import Row
from tests.cli.commands import COACH, SILENT
from tests.conftest import ROOT
from tests.devices.fakes import plugged_in

DEMO = ROOT / "coach" / "demo" / "run.nmea"
PLAN = "30s 6:00/km, 60s 5:30/km, 30s"
RATE = 60  # times life: two minutes in two seconds
PATIENCE = 60.0  # s of a run that takes two, on a busy machine
BEGUN = 20  # lines of a journal, of which the first says what is run
AT_ONCE = 2.0  # s from a signal to the end
APART = 0.3  # s between two signals
_HEARD = 'player = "wav"\nfile = "/dev/null"\n'
Act = Callable[[subprocess.Popen[bytes]], None]


@dataclass
class Fault:
    """What is set up, what is done to the running process, and how it may end."""

    name: str
    act: Act = lambda process: None
    ends: tuple[int, ...] = (0,)
    config: str = SILENT
    source: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] | None = None  # in the process, before it begins
    told: str = ""  # a word of what the runner is told
    kept: bool = True  # whether the journal has the run


def _begun(process: subprocess.Popen[bytes]) -> None:
    """Waits until the run is in its journal, however slow the machine: what comes before is the start."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if any(path.is_file() and path.read_bytes().count(b"\n") > BEGUN for path in store.folder().glob("*.jsonl")):
            return
        time.sleep(0.01)


def sent(*signals: int, after: float | None = None) -> Act:
    """Signals, each so long (s) after the last one or the start; or once the run has begun, a moment apart."""

    def act(process: subprocess.Popen[bytes]) -> None:
        if after is None:
            _begun(process)
        for each in signals:
            time.sleep(APART if after is None else after)
            process.send_signal(each)
            if each == signal.SIGTSTP:
                _stopped(process.pid)

    return act


def _stopped(pid: int) -> None:
    """Waits until a process has stopped, as a shell does before it lets anybody type `fg`."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state in "TZ":
            return
        time.sleep(0.01)


def _with_journal(change: Callable[[Path], object]) -> Act:
    def act(process: subprocess.Popen[bytes]) -> None:
        _begun(process)
        for path in store.folder().glob("*.jsonl"):
            change(path)

    return act


def _into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _voice(command: str) -> str:
    """A config whose voice is this command of a shell; $0 is the text, $1 the file to write."""
    return f"[voice]\nengine = \"command\"\ncommand = ['sh', '-c', '{command}', '{{text}}', '{{wav}}']\n{_HEARD}"


def _shut(number: int) -> Callable[[], object]:
    return lambda: os.close(number)


def _faults() -> Iterator[Fault]:
    for after in (0.02, 0.1, 0.3, None):
        when, kept = "in the run" if after is None else f"after {after} s", after is None
        yield Fault(f"SIGTERM {when}", sent(signal.SIGTERM, after=after), (0, 130, 143, -15), kept=kept)
        yield Fault(f"SIGINT {when}", sent(signal.SIGINT, after=after), (130, -2, 1), kept=kept)
        yield Fault(f"SIGHUP {when}", sent(signal.SIGHUP, after=after), (0, -1), kept=kept)
        yield Fault(f"SIGTSTP and SIGCONT {when}", sent(signal.SIGTSTP, signal.SIGCONT, after=after), kept=kept)
    yield Fault("SIGSTOP and SIGCONT", sent(signal.SIGSTOP, signal.SIGCONT))
    yield Fault("SIGINT twice", sent(signal.SIGINT, signal.SIGINT, after=0.4), (130, -2), kept=False)
    yield Fault("SIGPIPE, SIGWINCH and SIGALRM's kin", sent(signal.SIGPIPE, signal.SIGWINCH, after=0.3))
    yield Fault("journal deleted", _with_journal(os.unlink))
    yield Fault("journal cut to nothing", _with_journal(lambda path: os.truncate(path, 0)))
    yield Fault("journal cut in half", _with_journal(lambda path: os.truncate(path, path.stat().st_size // 2)))
    yield Fault("journal renamed", _with_journal(lambda path: path.rename(path.with_suffix(".old"))))
    yield Fault("journal replaced by a folder", _with_journal(_into_a_folder), kept=False)
    limit = (16_384, 16_384)
    yield Fault("card full", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit), told="written", kept=False)
    for encoding in ("ascii", "latin-1", "cp437", "utf-16"):
        yield Fault(f"terminal in {encoding}", environment={"PYTHONIOENCODING": encoding})
    yield Fault("locale C", environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    yield Fault("terminal of one column", environment={"COLUMNS": "1", "LINES": "1"})
    yield Fault("unknown terminal", environment={"TERM": "none-such"})
    yield Fault("no home", environment={"HOME": ""})
    yield Fault("standard input closed", before=_shut(0))
    yield Fault("standard error closed", before=_shut(2))
    yield Fault("few open files", before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
    for name, command in _VOICES.items():
        yield Fault(f"voice that {name}", config=_voice(command))
    yield Fault("no voice engine", config=_voice("none-such-program $0"))
    yield Fault("no sound", config='[voice]\nplayer = "none"\n')


_VOICES = {
    "fails": "false",
    "hangs": "sleep 60",
    "crashes": "kill -SEGV $$",
    "writes nothing": "true",
    "writes noise": "head -c 5000 /dev/urandom > $1",
    "is killed": "kill -KILL $$",
}
_SERIAL: dict[str, bytes | None] = {
    "noise": os.urandom(4000),
    "half sentences": b"$GPRMC,06000",
    "a bad checksum": b"$GPRMC,060000.00,A,4700.0,N,00800.0,E,5.8,0.0,010626,,,A*00\r\n",
    "zeros": bytes(4000),
    "a flood without a line end": b"A" * 60_000,
    "escapes": b"\x1b[2J\x1b]0;x\x07\r\n" * 50,
    "a login prompt": b"raspberrypi login: \r\n",
    "odd numbers": b"$GPRMC,999999,A,9999,N,99999,E,1e999,nan,999999,,,A\r\n" * 20,
    "nothing": b"",
    "an unplugged line": None,
}


def live_faults(folder: Path, named: str) -> Iterator[Row]:
    count = wrong = 0
    for fault in _faults():
        if named in fault.name:
            count, wrong = count + 1, wrong + _shown(fault.name, _run(folder, fault))
    for name, data in _SERIAL.items():
        if named in name:
            count, wrong = count + 1, wrong + _shown(f"serial line with {name}", _listen(folder, data))
    yield Row("faults in live runs", count, "", 0 if named else 50, least=True)
    yield Row("  that crashed, hung, ended the run or lost something", wrong, "", 0)
    yield Row("  most memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, "MB", 200)


def _shown(name: str, wrong: str | None) -> bool:
    if wrong:
        print(f"  {name}: {wrong}")
    return wrong is not None


def _started(config: Path, fault: Fault) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COACH[:2], "coach.cli", "--config", str(config), "run", PLAN, "--json", "--no-wait"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **fault.environment}, preexec_fn=fault.before,
    )  # fmt: skip


def _run(folder: Path, fault: Fault) -> str | None:
    """What went wrong, or None."""
    for path in store.folder().glob("*") if store.folder().exists() else ():
        path.rmdir() if path.is_dir() else path.unlink()
    config = folder / "live.toml"
    source = fault.source or f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = {RATE}\n'
    config.write_text(fault.config + source)
    with _started(config, fault) as process:
        fault.act(process)
        acted = time.monotonic()
        try:
            output, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return "hung"
    if fault.name.startswith(("SIGTERM", "SIGINT")) and time.monotonic() - acted > AT_ONCE:
        return f"ended {time.monotonic() - acted:.1f} s after the signal"
    return _verdict(fault, process.returncode, output, errors)


def _verdict(fault: Fault, code: int, output: bytes, errors: bytes) -> str | None:
    said = errors.decode("utf-8", "replace")
    if b"Traceback" in errors and "coach" in said:
        return f"traceback: {said.splitlines()[-1][:100]}"
    if code not in fault.ends:
        return f"exit code {code}: {said[-150:]!r}"
    encoding = fault.environment.get("PYTHONIOENCODING", "utf-8")
    told = [json.loads(line) for line in output.decode(encoding, "replace").splitlines() if line.startswith("{")]
    if fault.kept and not any(line["kind"] == "summary" for line in told):
        return "no summary"
    if fault.told and fault.told not in said:
        return f"not told: {said[-150:]!r}"
    return _lost() if fault.kept else None


def _lost() -> str | None:
    """Whether the journal of the last run gives the same words again."""
    kept = sorted(store.folder().glob("*.jsonl"))
    if not kept:
        return "no journal"
    count, different = verify(kept[-1])
    return f"the journal has other words: {different}" if different else None if count else "an empty journal"


def _listen(folder: Path, data: bytes | None) -> str | None:
    """A run whose only receiver sends this goes on for two seconds and ends by SIGINT."""
    with plugged_in() as plug:
        source = f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\nbaud = 9600\n'

        def act(process: subprocess.Popen[bytes]) -> None:
            time.sleep(1.0)
            for _ in range(3):
                plug.pull() if data is None else plug.send(data[:4000])
                time.sleep(0.3)
            process.send_signal(signal.SIGINT)

        return _run(folder, Fault("SIGINT on a serial line", act, (130,), source=source))
