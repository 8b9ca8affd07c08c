"""The keys of a run in a shell with job control: Ctrl-Z gives the terminal back, `fg` brings the keys back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import COACH, configured
from tests.conftest import ROOT

DEMO = ROOT / "coach" / "demo" / "run.nmea"

# A shell that starts one job in the foreground of the terminal; when the job is stopped, it tells how the terminal was left,
# sets it as shells do, waits for a line, and continues the job: in the foreground, or first in the background.
SHELL = """
import fcntl, os, signal, subprocess, sys, termios
how, *command = sys.argv[1:]
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
own = termios.tcgetattr(0)

def canonical():
    return bool(termios.tcgetattr(0)[3] & termios.ICANON)

job = subprocess.Popen(command, process_group=0)
os.tcsetpgrp(0, job.pid)
os.kill(job.pid, signal.SIGCONT)
while True:
    _, status = os.waitpid(job.pid, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp())
    if not os.WIFSTOPPED(status):
        print("shell: ended", os.waitstatus_to_exitcode(status), canonical(), flush=True)
        break
    os.write(1, f"shell: stopped {canonical()}\\n".encode())
    termios.tcsetattr(0, termios.TCSADRAIN, own)
    if how == "bg":
        os.kill(job.pid, signal.SIGCONT)
        sys.stdin.readline()
        os.write(1, f"shell: background {canonical()}\\n".encode())
    os.tcsetpgrp(0, job.pid)
    os.kill(job.pid, signal.SIGCONT)
"""


class Job:
    """What the shell and the coach print."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def until(self, what: str) -> str:
        assert self._process.stdout
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line) if line.startswith("{") else {"kind": line.strip()}
            if what in (told.get("event"), told["kind"]) or told["kind"].startswith(what):
                return str(told["kind"])
        raise AssertionError(f"{what} never came")


@pytest.mark.skipif(sys.platform == "win32", reason="no job control")
@pytest.mark.parametrize("how", ["fg", "bg"])
@pytest.mark.edge
def test_after_a_stop_the_keys_are_back(how: str, tmp_path: Path) -> None:
    track = f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO}"\nrate = 1\n'
    keyboard, terminal = os.openpty()
    shell = [sys.executable, "-c", SHELL, how, *COACH, "--config", str(configured(tmp_path, track)), "run", "10m", "--json"]
    with subprocess.Popen(
        shell, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        job = Job(process)
        job.until("segment_began")
        os.write(keyboard, b"p")
        job.until("paused")
        os.write(keyboard, b"\x1a")
        assert job.until("shell: stopped") == "shell: stopped True"
        if how == "bg":
            os.write(keyboard, b"a line for the shell: q q q\n")
            assert job.until("shell: background") == "shell: background True"
        os.write(keyboard, b"p")
        job.until("resumed")
        os.write(keyboard, b"qq")
        assert job.until("shell: ended") == "shell: ended 0 True"
    os.close(keyboard)
    os.close(terminal)
