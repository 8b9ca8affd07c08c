"""A box that starts by itself: the unit that systemd reads, what it hears of the run, and what is in the way."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from coach.box.neighbours import neighbours
from coach.box.notify import Notify
from coach.box.sound import settings_of
from coach.box.unit import WRITTEN, unit
from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.ui.told import Teller
from coach.ui.views import Lines
from coach.ui.watching import Watching
from tests.cli.commands import coach, configured
from tests.ui.test_told import STATE

ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="no systemd here")
@pytest.mark.parametrize("workout", ["thursday.toml", "/home/a b/50% $HOME 'x'.toml"])
def test_systemd_finds_nothing_wrong_with_the_unit(workout: str, tmp_path: Path) -> None:
    path = tmp_path / "coach.service"
    path.write_text(unit(["/bin/sh", "-c", workout]))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [str(ANALYZE), "--user", "verify", str(path)], capture_output=True, text=True, env=environment, check=False, timeout=30
    )
    told = [line for line in done.stderr.splitlines() if str(path) in line or "coach.service" in line]
    assert done.returncode == 0 and told == []  # it ends with 0 for unknown keys too, and then says so


def test_a_command_is_written_so_that_systemd_expands_nothing() -> None:
    text = unit(["/usr/bin/python3", "a b", "100%", "$HOME", 'say "x"'])
    assert 'ExecStart=/usr/bin/python3 "a b" "100%%" "$$HOME" "say \\"x\\""\n' in text


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")
@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_that_the_run_is_ready_lives_and_stops(abstract: bool, tmp_path: Path) -> None:
    address = f"@coach-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + address[1:] if abstract else address)
        systemd.settimeout(5.0)
        watching = Watching(Lines(), Coach(FREE_RUN))
        with Notify(Teller("en", "metric"), {"NOTIFY_SOCKET": address})(watching, print) as show:
            show(STATE)
        heard = [systemd.recv(4096).decode() for _ in range(3)]
    assert heard[0] == "READY=1" and heard[2] == "STOPPING=1"
    assert heard[1] == "WATCHDOG=1\nSTATUS=Running, Build, 2 of 3, 5:08/km, 4.20 km left, signal good"


def test_a_run_whose_systemd_is_gone_or_was_never_there_goes_on(tmp_path: Path) -> None:
    for environment in ({}, {"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        with Notify(Teller("en", "metric"), environment)(Watching(Lines(), Coach(FREE_RUN)), print) as show:
            show(STATE)


def test_each_version_of_wireplumber_gets_the_file_that_it_reads(tmp_path: Path) -> None:
    old, new = (settings_of(version, tmp_path, WRITTEN) for version in ((0, 4), (0, 5)))
    assert old[0].suffix == ".lua" and old[1].startswith("-- written by") and "with-logind" in old[1]
    assert new[0].suffix == ".conf" and new[1].startswith("# written by") and "seat-monitoring = disabled" in new[1]


def test_what_is_in_the_way_is_told_with_what_to_type(tmp_path: Path) -> None:
    answers = {"mpris-proxy.service": "enabled\n", "ModemManager.service": "active\n", "brltty-udev.service": "static\n"}
    (tmp_path / "etc" / "default").mkdir(parents=True)
    (tmp_path / "etc" / "default" / "gpsd").write_text('START_DAEMON="true"\nUSBAUTO="true"\n')
    found = list(neighbours(lambda *command: answers.get(command[-1], ""), tmp_path))
    assert [each.what.split()[0] for each in found] == ["mpris-proxy", "gpsd", "ModemManager", "brltty"]
    assert all(each.do for each in found)
    assert list(neighbours(lambda *command: "", tmp_path / "nowhere")) == []


def test_what_install_wrote_remove_deletes_and_somebodys_own_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path))  # no systemd, no WirePlumber
    for name in ("systemctl", "loginctl"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / name).chmod(0o755)
    own = tmp_path / "config" / "systemd" / "user" / "coach.service"
    own.parent.mkdir(parents=True)
    own.write_text("[Unit]\nDescription=my own\n")
    installed = coach(configured(tmp_path), "service", "install", "10m 6:00/km")
    assert own.read_text().startswith(WRITTEN) and '"10m 6:00/km"' in own.read_text() and "ExecStart=" in installed.stdout
    assert own.with_suffix(".service.before").read_text() == "[Unit]\nDescription=my own\n"
    removed = coach(configured(tmp_path), "service", "remove")
    assert not own.exists() and f"deleted {own}" in removed.stdout
    assert "not installed" in coach(configured(tmp_path), "service", "status", check=1).stdout
