"""Laptops run macOS and Windows too: what only Unix has may be missing, and whatever needs no device still works."""

import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.main import COMMANDS
from tests.cli.commands import configured
from tests.conftest import ROOT
from tests.test_layers import modules

UNIX_ALONE = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty", "syslog")
# What our own modules may not have; the libraries below them know their systems. Linux's folders are not there either.
HIDDEN = f"""
import builtins, importlib, os, signal, sys
real_import, real_open, real_module = builtins.__import__, os.open, importlib.import_module
ours = ("coach", "devices")

def hidden(name, *more, **given):
    where = (more[0] if more else given.get("globals")) or {{}}
    if name.partition(".")[0] in {UNIX_ALONE!r} and (where.get("__name__") or "").partition(".")[0] in ours:
        raise ImportError(name)
    return real_import(name, *more, **given)

def no_module(name, package=None):
    if name in {UNIX_ALONE!r}:
        raise ImportError(name)
    return real_module(name, package)

builtins.__import__, importlib.import_module = hidden, no_module
for name in ("fdatasync", "killpg", "set_blocking", "O_CLOEXEC", "tcgetpgrp"):
    delattr(os, name)
for name in ("SIGHUP", "SIGTSTP", "SIGCONT", "SIGTTIN", "SIGTTOU"):
    delattr(signal, name)
"""


def on_another_system(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN + program],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_no_module_needs_what_only_unix_has() -> None:
    names = [name for name in modules(ROOT) if not name.endswith("__main__") and "generate" not in name]
    on_another_system(f"for name in {names!r}:\n    real_module(name)\n")


@pytest.mark.parametrize(
    "command",
    [
        ["plan", "continuous", "--race", "10k 50:00"],
        ["check", "10m 6:00/km, 20m 5:00/km"],
        ["replay", "coach/demo/run.nmea", "--workout", "coach/demo/workout.toml"],
        ["devices", "--no-air"],
        ["runs"],
        ["run", "1m"],
        ["schema"],
    ],
    ids=lambda command: command[0],
)
def test_a_command_works_where_it_is_missing(command: list[str], tmp_path: Path) -> None:
    source = f'[[source]]\nname = "track"\nkind = "track"\nport = "{ROOT}/coach/demo/run.nmea"\nrate = 10000.0\n'
    config = configured(tmp_path, source)
    arguments = ["--config", str(config), *command]
    on_another_system(f"from coach.cli.main import main\nmain({arguments!r}, standalone_mode=False)\n")


REST = (
    ["demo"], ["say", "one"], ["explain"], ["show"], ["report"], ["progress"], ["export"], ["sync", "intervals"], ["verify"],
    ["calibrate", "400m"], ["paces", "--race", "10k 50:00"],
    ["race", "10k", "50:00"], ["schedule", "--race", "10k 50:00", "--weekly", "190", "--longest", "75"],
    ["rehearse", "1m 6:00/km", "--runs", "1"], ["init"], ["service", "status"], ["service", "udev"],
    ["press", "lap"], ["status"], ["watch"], ["serve", "--port", "99999"],
)  # fmt: skip


def test_the_rest_of_the_commands_work_or_say_why_not_in_a_line(tmp_path: Path) -> None:
    tried = {command[0] for command in REST} | {"plan", "check", "replay", "devices", "runs", "run", "schema", "convert"}
    assert tried == set(COMMANDS)
    program = f"""
from coach.cli.main import main
for command in {REST!r}:
    try:
        main(["--config", {str(configured(tmp_path))!r}, *command], prog_name="coach")
    except SystemExit as end:
        assert (end.code or 0) in (0, 1, 2, 3), (command, end.code)
"""
    assert "Traceback" not in on_another_system(program)


def test_a_workout_is_converted_where_it_is_missing(tmp_path: Path) -> None:
    arguments = ["--config", str(configured(tmp_path)), "convert", "10m 6:00/km", str(tmp_path / "w.fit")]
    on_another_system(f"from coach.cli.main import main\nmain({arguments!r}, standalone_mode=False)\n")
    assert (tmp_path / "w.fit").stat().st_size > 0
