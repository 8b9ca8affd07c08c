"""`coach service`: a box that starts by itself, as a user service of systemd."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from coach.box.neighbours import neighbours
from coach.box.sound import settings_of, wireplumber
from coach.box.udev import RULES, WHERE
from coach.box.unit import NAME, WRITTEN, unit, unit_path
from coach.cli.guard import FAILED, guarded, workout_files

ANSWERS_WITHIN = 10.0  # s for systemctl, which may wait for a bus


@click.group()
def service() -> None:
    """Let the coach start by itself when the computer does. With install, remove, status or udev."""


@service.command()
@click.argument("workout", required=False, shell_complete=workout_files)
@click.pass_obj
@guarded
def install(config: Path | None, workout: str | None) -> int:
    """Write the service and start it. WORKOUT is the workout of each run. Default: the config's."""
    if not shutil.which("systemctl"):
        click.echo("coach service: this computer has no systemd; start `coach run --wait` from your own init system", err=True)
        return FAILED
    named = ["--config", str(config.absolute())] if config else []
    followed = [str(Path(workout).absolute()) if Path(workout).exists() else workout] if workout else []
    command = [sys.executable, "-m", "coach.cli", *named, "run", "--wait", "--plain", *followed]
    _write(unit_path(_config_folder()), unit(command))
    if version := wireplumber():
        _write(*settings_of(version, _config_folder(), WRITTEN))
    if not _lingers() and not _does("loginctl", "enable-linger"):
        click.echo(f"  It starts only after a login, until you type: sudo loginctl enable-linger {getpass.getuser()}", err=True)
    done = _does("systemctl", "--user", "daemon-reload") and _does("systemctl", "--user", "enable", "--now", "--no-block", NAME)
    _tell_neighbours()
    if done:
        click.echo(
            "It starts by itself from now on. `coach service status` shows its state; "
            "journalctl --user -u coach shows what it said."
        )
    else:
        click.echo(f"The files are written. Start it with: systemctl --user enable --now {NAME}")
    return 0 if done else FAILED


@service.command()
@guarded
def remove() -> int:
    """Stop the service and delete the files that it wrote."""
    if shutil.which("systemctl"):
        _does("systemctl", "--user", "disable", "--now", NAME)
    config = _config_folder()
    ours = [unit_path(config), *(settings_of(version, config, "")[0] for version in ((0, 4), (0, 5)))]
    for path in filter(_is_ours, ours):
        path.unlink()
        click.echo(f"deleted {path}")
    if shutil.which("systemctl"):
        _does("systemctl", "--user", "daemon-reload")
    click.echo(f"User services still start without a login; `loginctl disable-linger {getpass.getuser()}` ends that.")
    return 0


@service.command()
@guarded
def status() -> int:
    """Show whether the service is installed and running, and what is in its way."""
    path = unit_path(_config_folder())
    if not path.exists():
        click.echo("The service is not installed. To install it: coach service install")
        return FAILED
    shown = _ask("systemctl", "--user", "show", NAME, "-p", "ActiveState,SubState,NRestarts,StatusText")
    facts = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    click.echo(f"service   {facts.get('ActiveState') or 'unknown'} ({facts.get('SubState') or 'no answer from systemd'}), "
               f"{facts.get('NRestarts', '?')} restarts")  # fmt: skip
    if facts.get("StatusText"):
        click.echo(f"run       {facts['StatusText']}")
    at_boot = "starts without a login" if _lingers() else f"only after a login: sudo loginctl enable-linger {getpass.getuser()}"
    click.echo(f"at boot   {at_boot}")
    _tell_neighbours()
    return 0 if facts.get("ActiveState") == "active" else FAILED


@service.command()
def udev() -> None:
    """Print udev rules that give receivers fixed names: coach service udev | sudo tee /etc/udev/rules.d/60-coach.rules"""
    click.echo(RULES, nl=False)
    if sys.stdout.isatty():
        click.echo(f"\nTo install them: coach service udev | sudo tee {WHERE} && sudo udevadm control --reload", err=True)


def _lingers() -> bool:
    """Whether this user's services start without a login."""
    return (Path("/var/lib/systemd/linger") / getpass.getuser()).exists()


def _config_folder() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _write(path: Path, text: str) -> None:
    """Writes a file and shows it. Somebody's own file stays, under another name."""
    if path.exists() and not _is_ours(path):
        path.rename(path.with_suffix(path.suffix + ".before"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    click.echo(f"{path}:\n" + "".join(f"  {line}\n" for line in text.splitlines()))


def _is_ours(path: Path) -> bool:
    return path.is_file() and WRITTEN.removeprefix("# ") in path.read_text(errors="replace").partition("\n")[0]


def _does(*command: str) -> bool:
    """Runs a command and shows what it complains of."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWERS_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        click.echo(f"{' '.join(command)}: {wrong}", err=True)
        return False
    if done.returncode:
        click.echo(f"{' '.join(command)}: {done.stderr.strip() or 'failed'}", err=True)
    return done.returncode == 0


def _ask(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=ANSWERS_WITHIN, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _tell_neighbours() -> None:
    for what, do in neighbours(_ask):
        click.echo(f"in the way: {what}\n  {do}")
