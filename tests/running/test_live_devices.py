"""Live runs with each kind of device that is spoken to: an ANT stick, a u-blox receiver; and `coach devices`."""

import json
import signal
from pathlib import Path

import pytest

from devices.framing import sentence
from tests.cli.commands import coach, configured, lines, started
from tests.devices.ant_stick import Stick
from tests.devices.fakes import plugged_in, repeating
from tests.devices.ublox_receiver import receiver
from tests.running.test_live import Watched

pytestmark = pytest.mark.edge
FREE = 'name = "Free"\n[[segment]]\nlength = "1:00:00"\n'


class Watching(Watched):
    def until_speed(self, source: str) -> float:
        """The first estimate from now on that has a speed of this source."""
        while True:
            line = self.until("estimate")
            if line["speed"] and line["source"] == source:
                return float(line["speed"])


def test_a_run_by_an_ant_footpod_survives_a_reset_of_its_stick_and_tells_lost_and_back_once(tmp_path: Path) -> None:
    (tmp_path / "free.toml").write_text(FREE)
    with plugged_in() as plug:
        stick, silent = Stick(plug, lost=0.05, junk=0.05), False

        def speak() -> None:
            stick.listen()
            if not silent:
                stick.broadcast()

        config = configured(tmp_path, f'[[source]]\nname = "pod"\nkind = "ant-footpod"\nport = "{plug.path}"\n')
        with repeating(speak, every=0.1), started(config, "run", tmp_path / "free.toml", "--json", "--estimates") as process:
            run = Watching(process)
            assert run.until_speed("pod") == pytest.approx(3.2, abs=0.2)
            assert stick.wrong == []
            stick.reset()
            while stick.set_ups < 2:
                run.until("estimate")
            assert run.until_speed("pod") == pytest.approx(3.2, abs=0.2)
            silent = True
            run.until("signal_lost")
            silent = False
            run.until("signal_back")
            process.send_signal(signal.SIGINT)
            summary = run.until("summary")
    events = [line["event"] for line in run.told if line["kind"] == "event"]
    assert (events.count("signal_lost"), events.count("signal_back")) == (1, 1)
    assert {line["heart"] for line in run.told if line["kind"] == "estimate"} >= {142}
    assert summary["footpod"]["scale"] == 1.0


def test_a_u_blox_receiver_is_set_up_and_followed(tmp_path: Path) -> None:
    (tmp_path / "free.toml").write_text(FREE)
    with receiver(protocol=34) as it:
        source = f'[[source]]\nname = "gps"\nkind = "ublox"\nport = "{it.plug.path}"\nrate = 5\nmodel = "wrist"\n'
        config = configured(tmp_path, source)
        with started(config, "run", tmp_path / "free.toml", "--json", "--estimates") as process:
            run = Watching(process)
            while not (it.pvt and not it.sentences):
                run.until("estimate")
            assert run.until_speed("gps") == pytest.approx(3.1, abs=0.1)
            process.send_signal(signal.SIGTERM)
            run.until("summary")
        assert (it.interval, it.model) == (200, 9)


def test_devices_shows_readings_and_records_a_capture_that_can_be_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    second = 0
    with plugged_in() as plug:

        def speak() -> None:
            nonlocal second
            second += 1
            body = f"GPRMC,0600{second % 60:02}.00,A,4700.00000,N,00800.00000,E,6.0,0.0,010626,,,A"
            plug.send(sentence(body.encode()) + b"$x*00")

        config = configured(tmp_path, f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\nbaud = 9600\n')
        with repeating(speak, every=0.2):
            with started(config, "devices", "--watch", "--json") as process:
                watched = Watched(process)
                last = watched.until("reading")
                while last["bad"].get("checksum", 0) <= 3:
                    last = watched.until("reading")
                process.send_signal(signal.SIGINT)
            coach(config, "devices", "--capture", "mygps", "2")
    assert (last["name"], last["device"], last["state"], last["fix"]) == ("gps", "nmea", "up", "FIX_2D")
    assert last["speed"] == pytest.approx(3.0867, abs=1e-3)
    replayed = lines(coach(config, "replay", tmp_path / "mygps.jsonl", "--json", "--estimates").stdout, "estimate")
    assert any(line["speed"] for line in replayed)
    assert "already exists" in coach(config, "devices", "--capture", "mygps", "1", check=2).stderr
    assert "cannot be the name of a capture" in coach(config, "devices", "--capture", "../x", "1", check=2).stderr


def test_devices_says_what_is_missing(tmp_path: Path) -> None:
    done = coach(configured(tmp_path), "devices", "--json")
    assert all(json.loads(line)["kind"] == "device" for line in done.stdout.splitlines())
    assert "Bluetooth" in done.stderr
