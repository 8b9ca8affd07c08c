"""`coach run --wait` through a pseudo-terminal: the receiver comes late and knows nothing yet, the runner later still."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli import prepare
from coach.cli.run import _start, in_service
from coach.config import load
from coach.core.settings import Settings
from coach.running.loop import Loop
from coach.running.resuming import Started
from coach.runs import store
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup, SourceSpec
from coach.runs.verify import verify
from coach.ui.views import Lines
from coach.workouts import read_workout
from devices.api import Unavailable
from devices.framing import sentence
from devices.sample import Stride
from tests.cli.commands import coach, configured, lines, started
from tests.devices.fakes import link_to, plugged_in, repeating
from tests.patience import PATIENCE
from tests.running.test_live import WORKOUT, Receiver, Watched

QUICK = "[coach.policy.moving]\nready_after = 1.0\nmoving_for = 1.0\nstanding_for = 2.0\n"


class Standing(Receiver):
    """Has no fix until `finds`, then stands until `runs`."""

    finds = runs = False

    def speak(self) -> None:
        if self.runs:
            super().speak()
        elif self.plug:
            self._second += self._every
            moment = f"0600{int(self._second) % 60:02}.00"
            place = "4700.00000,N,00800.00000,E,0.02,0.0" if self.finds else ",,,,,"
            self.plug.send(sentence(f"GPRMC,{moment},{'A' if self.finds else 'V'},{place},010626,,,A".encode()))


@pytest.mark.edge
def test_a_run_waits_for_its_device_a_fix_and_the_first_steps_and_pauses_for_one_who_stands(tmp_path: Path) -> None:
    port, receiver = tmp_path / "receiver", Standing()
    source = f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{port}"\nbaud = 9600\n'
    config = configured(tmp_path, f'{source}[coach]\npause = "standing"\n{QUICK}')
    with (
        plugged_in() as plug,
        repeating(receiver.speak, every=1.0),
        started(config, "run", WORKOUT, "--wait", "--json") as process,
    ):
        watched = Watched(process)
        assert process.stderr and "waiting for it" in process.stderr.readline()
        link_to(port, plug)
        receiver.plug, receiver.finds = plug, True
        watched.until("ready")
        receiver.runs = True
        began = watched.until("run_began")["at"]
        receiver.runs = False
        watched.until("paused")
        receiver.runs = True
        watched.until("resumed")
        process.send_signal(signal.SIGINT)
        summary = watched.until("summary")
    names = [line["event"] for line in watched.told if line["kind"] == "event"]
    assert names[:3] == ["ready", "run_began", "segment_began"]
    assert summary["elapsed"] <= summary["at"] - began
    assert lines(coach(config, "verify", "last", "--json").stdout)[0]["same"] is True


@pytest.mark.edge
def test_a_run_that_never_began_is_not_kept_to_go_on_with(tmp_path: Path) -> None:
    with plugged_in() as plug:
        config = configured(tmp_path, f'[[source]]\nname = "gps"\nkind = "nmea"\nport = "{plug.path}"\nbaud = 9600\n')
        receiver = Standing()
        receiver.plug, receiver.finds = plug, True
        with repeating(receiver.speak, every=1.0), started(config, "run", WORKOUT, "--wait", "--json") as process:
            Watched(process).until("ready")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 130
    assert store.unfinished() is None


@pytest.mark.parametrize("cut", [5, 20, 120, 175, 260])
def test_a_run_that_waited_and_paused_is_replayed_and_resumed_to_the_same_words(tmp_path: Path, cut: int) -> None:
    """The belts, the start and the pauses are in its first line, so whatever second it broke off in, the rest is the same."""
    setup = Setup(read_workout("10m 6:00/km", None), Settings(start="moving", pause="standing", belts=("belt",)))
    assert Setup.from_dict(json.loads(json.dumps(setup.as_dict()))) == setup
    speeds = [0.0] * 30 + [2.8] * 100 + [0.0] * 40 + [2.8] * 200
    items = [Stride(float(at), "pod", speed=speed) for at, speed in enumerate(speeds)]
    whole = [cue for item, coach in zip(items, [setup.coach()] * len(items), strict=True) for cue in coach.feed(item)]
    writer = JournalWriter.begin(tmp_path / "run.jsonl", setup.as_dict(), pytest.fail, 1)
    coach, words, view = setup.coach(), setup.words(), Lines(write=lambda _: None)
    Loop(coach, words, view, journal=writer).run(items[:cut])
    writer.close(float(cut), None)
    assert verify(tmp_path / "run.jsonl")[1] is None
    again = Started.again(tmp_path / "run.jsonl")
    assert again.coach.session.phase is coach.session.phase
    rest = [cue for item in items[cut:] for cue in again.coach.feed(item)]
    assert rest == [cue for cue in whole if cue.at >= cut]
    assert {"ready", "run_began", "paused", "resumed"} <= {cue.kind for cue in whole}


def test_what_is_typed_counts_before_the_config_and_a_service_waits_where_neither_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, by_key = load(configured(tmp_path)), load(configured(tmp_path, '[coach]\nstart = "key"\n'))
    assert [_start(plain, wait) for wait in (None, True, False)] == ["now", "moving", "now"]
    assert [_start(by_key, wait) for wait in (None, True, False)] == ["key", "key", "now"]
    monkeypatch.setattr("coach.cli.run.in_service", lambda: True)
    assert (_start(plain, None), _start(by_key, None)) == ("moving", "key")
    assert _start(load(configured(tmp_path, '[coach]\nstart = "now"\n')), None) == "now"


def test_a_service_is_known_by_the_journal_that_its_messages_go_to() -> None:
    asked = "import os; from coach.cli.run import in_service; s = os.fstat(2); told = f'{s.st_dev}:{s.st_ino}'\n"
    asked += "os.environ['JOURNAL_STREAM'] = told; assert in_service()\n"
    asked += "os.environ['JOURNAL_STREAM'] = '1:2'; assert not in_service()\n"
    subprocess.run([sys.executable, "-c", asked], check=True, stderr=subprocess.PIPE)
    assert in_service() is False


def test_where_nothing_is_plugged_in_it_looks_again_until_something_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def sources(settings: object, note: object) -> tuple[SourceSpec, ...]:
        nonlocal looks
        looks += 1
        if looks < 4:
            raise Unavailable("nothing is plugged in")
        return (SourceSpec("gps", "nmea", {}),)

    monkeypatch.setattr(prepare, "sources_for", sources)
    monkeypatch.setattr(prepare, "LOOK_EVERY", 0.0)
    told: list[str] = []
    assert prepare.sources_awaited(load(configured(tmp_path)), told.append)[0].name == "gps"
    assert told == ["nothing is plugged in: waiting for one"] and looks == 4
