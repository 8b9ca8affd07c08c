"""`coach check` listens to each device for three seconds, and says what it hears in the runner's units."""

from pathlib import Path

import pytest

from coach.cli import hearing
from coach.config import load
from devices.framing import sentence
from tests.cli.commands import coach, configured, lines
from tests.devices.fakes import plugged_in, repeating
from tests.running.test_live import DEMO, Receiver

pytestmark = pytest.mark.edge


def source(name: str, port: object, kind: str = "nmea") -> str:
    return f'[[source]]\nname = "{name}"\nkind = "{kind}"\nport = "{port}"\n'


@pytest.mark.parametrize(("units", "pace"), [("metric", "5:33/km"), ("imperial", "8:56/mi")])
def test_what_a_receiver_says_is_told_in_the_runners_units(units: str, pace: str, tmp_path: Path) -> None:
    with plugged_in() as plug:
        receiver = Receiver()
        receiver.plug = plug
        config = configured(tmp_path, f'[runner]\nunits = "{units}"\n{source("gps", plug.path)}')
        with repeating(receiver.speak, every=0.5):
            told = lines(coach(config, "check", "--json").stdout, "check")
    (gps,) = (line for line in told if line["what"].startswith("source gps: "))
    assert gps["ok"] and pace in gps["what"] and "fix" in gps["what"]


def test_who_is_silent_without_satellites_or_not_there_is_told_apart(tmp_path: Path) -> None:
    with plugged_in() as silent, plugged_in() as indoors:
        config = configured(
            tmp_path, source("silent", silent.path) + source("indoors", indoors.path) + source("gone", tmp_path / "none")
        )
        with repeating(lambda: indoors.send(sentence(b"GPRMC,060000.00,V,,,,,,,010626,,,N")), every=0.5):
            done = coach(config, "check", check=1)
    told = [line for line in done.stdout.splitlines() if "source " in line]
    assert any(line.startswith("FIX  source silent: nothing was heard") for line in told), told
    assert any(line.startswith("ok   source indoors: no satellites yet") for line in told), told
    assert any(line.startswith("FIX  source gone: ") for line in told), told


def test_without_devices_it_waits_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "watch", lambda sources, seconds: pytest.fail("it listens"))
    config = configured(tmp_path, source("track", DEMO, "track"))
    assert [*hearing.heard(load(config))] == [(True, "source track: a recorded track that can be read")]
