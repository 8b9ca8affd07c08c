"""Each run arrives exactly once, by the list of the server, whatever the network, the server and this computer do."""

import os
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coach.config import load
from coach.core.plan.segments import FREE_RUN
from coach.errors import InvalidSettings
from coach.runs import store
from coach.runs.journal import JournalWriter
from coach.runs.setup import Setup
from coach.runs.sync import send as sending
from coach.runs.sync.keys import keep_key, key_file, key_of
from coach.runs.sync.queue import Entry, Queue
from coach.runs.sync.send import send_runs
from devices.sample import Fix, Mode
from tests.cli.commands import COACH, coach, configured
from tests.patience import wait_until
from tests.runs.sync.server import KEY, Server, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """And a key for it; nobody waits between two tries."""
    keep_key("intervals", KEY)
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.0)
    with serving() as found:
        yield found


def run(name: str = "morning", began: float = 0.0) -> str:
    """A journal of a few minutes that ended; its name."""
    path = store.new_path(name)
    writer = JournalWriter.begin(path, Setup(FREE_RUN).as_dict(), pytest.fail, store.next_number())
    utc = time.time() - 3600 + began
    for at in range(120):
        writer.write_input(Fix(float(at), "gps", 47.0 + at * 2.7e-5, 8.0, speed=3.0, utc=utc + at, mode=Mode.FIX_3D))
    writer.close(120.0, "quit")
    return path.stem


def synced(server: Server, named: str | None = None) -> tuple[bool, list[str]]:
    told = list[str]()
    return send_runs("intervals", server.address, 0.0, named, "km", told.append), told


def test_recent_runs_are_sent_once_and_not_again(server: Server) -> None:
    first, second = run("one"), run("two", 600.0)
    assert synced(server) == (True, [f"{first}: sent", f"{second}: sent"])
    assert synced(server) == (True, [])
    assert synced(server, first) == (True, [f"{first}: was sent before"])
    assert [each["name"] for each in server.activities] == [FREE_RUN.name] * 2 and server.uploads == 2
    assert all(each["external_id"].startswith("coach-") for each in server.activities)


@pytest.mark.parametrize("forgets_ids", [False, True])
@pytest.mark.parametrize(
    "fault", ["drop before", "drop after", "half an answer", "no JSON", "refuse 500", "refuse 503", "refuse 408", "refuse 429"]
)
def test_trouble_is_told_and_the_run_arrives_once_with_the_next_try(server: Server, fault: str, forgets_ids: bool) -> None:
    name = run()
    server.forgets_ids, server.faults = forgets_ids, [fault, fault]
    done, told = synced(server)
    assert not done and len(told) == 1 and told[0].startswith(f"{name}: kept for later")
    for _ in range(3):
        done, _ = synced(server)
    assert done and len(server.activities) == 1


def test_a_service_that_asks_for_time_is_left_in_peace(server: Server) -> None:
    name = run()
    server.faults = ["refuse 429 3600"]
    synced(server)
    done, told = synced(server)
    assert not done and "kept for later, not before" in told[0] and server.uploads == 1
    assert Queue("intervals").entry(name).later > time.time() + 3000


def test_a_file_that_the_service_does_not_want_is_told_once(server: Server) -> None:
    name = run()
    server.faults = ["refuse 422"]
    assert synced(server) == (False, [f"{name}: the service rejected it: no"])
    assert synced(server) == (True, []) and server.uploads == 1
    assert synced(server, name)[1] == [f"{name}: was rejected: 422 no"]


@pytest.mark.parametrize(
    ("fault", "told"), [("refuse 401", "refused: 401"), ("refuse 404", "refused: 404"), ("moved", "has moved")]
)
def test_what_will_not_go_away_stops_at_once(server: Server, fault: str, told: str) -> None:
    run("one")
    run("two", 600.0)
    server.faults = [fault]
    with pytest.raises(InvalidSettings, match=told):
        synced(server)
    assert server.uploads == 1 and synced(server)[0] and len(server.activities) == 2


def test_a_wrong_key_is_told_and_never_repeated(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    run()
    keep_key("intervals", "another-secret-key")
    with pytest.raises(InvalidSettings) as caught:
        synced(server)
    assert "--login" in str(caught.value) and "another-secret" not in str(caught.value) + capfd.readouterr().err


def test_without_a_network_it_is_one_calm_line(server: Server) -> None:
    name = run()
    told = list[str]()
    assert not send_runs("intervals", "http://127.0.0.1:1", 0.0, None, "km", told.append)
    assert told == [f"{name}: kept for later (connection refused)"]


def test_a_damaged_entry_is_looked_up_and_not_sent_again(server: Server) -> None:
    name = run()
    synced(server)
    [kept] = (store.folder().parent / "sync" / "intervals").glob("*.json")
    kept.write_text("{")
    assert synced(server)[0] and len(server.activities) == 1
    assert Queue("intervals").entry(name).state == "sent"


def test_only_one_program_sends(server: Server) -> None:
    run()
    with Queue("intervals").only_sender(), pytest.raises(InvalidSettings, match="another program"):
        synced(server)


@pytest.mark.edge
@pytest.mark.parametrize("moment", ["held before", "held after"])
def test_a_program_that_is_killed_while_it_sends_sends_once(server: Server, tmp_path: Path, moment: str) -> None:
    """Killed once the server has the whole file: before it kept it, or before it could answer."""
    config, name = configured(tmp_path, f'[sync]\naddress = "{server.address}"\n'), run()
    server.faults = [moment]
    process = subprocess.Popen([*COACH, "--config", str(config), "sync", "intervals", name], stdout=subprocess.DEVNULL)
    assert server.holds.wait(30)
    process.kill()
    process.wait()
    server.released.set()
    wait_until(lambda: server.activities)
    assert "kept for later" in coach(config, "sync", "intervals", name, check=1).stdout, "it may still be on its way"
    queue = Queue("intervals")
    queue.put(replace(queue.entry(name), later=0.0))
    assert coach(config, "sync", "intervals", name).stdout == f"{name}: sent\n"
    assert len(server.activities) == server.uploads == 1


def test_the_key_is_kept_for_its_owner_alone_and_read_from_where_services_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path)
    done = subprocess.run(
        [*COACH, "--config", str(config), "sync", "intervals", "--login"], input="secret-of-mine\n", text=True,
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert "only you can read" in done.stdout and "secret" not in done.stdout
    assert stat.S_IMODE(os.stat(key_file("intervals")).st_mode) == 0o600 and key_of("intervals") == "secret-of-mine"
    key_file("intervals").chmod(0o644)
    with pytest.raises(InvalidSettings, match="can be read by others"):
        key_of("intervals")
    (tmp_path / "intervals-key").write_text("from-systemd-1\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert key_of("intervals") == "from-systemd-1"
    monkeypatch.setenv("COACH_INTERVALS_KEY", "from-environment")
    assert key_of("intervals") == "from-environment"
    with pytest.raises(InvalidSettings, match="is not a key"):
        keep_key("intervals", "no\nkey at all")


@pytest.mark.parametrize("address", ["http://intervals.icu", "ftp://x", "https://user:word@x", "intervals.icu"])
def test_an_address_at_which_a_key_could_be_read_is_refused(tmp_path: Path, address: str) -> None:
    (tmp_path / "config.toml").write_text(f'[sync]\naddress = "{address}"\n')
    with pytest.raises(InvalidSettings) as caught:
        load(tmp_path / "config.toml")
    assert "config.toml:2" in str(caught.value)


def test_an_entry_is_what_was_written(server: Server) -> None:
    entry = Entry("a/b", "sending", "coach-1", "i7", 12.5, 3)
    Queue("intervals").put(entry)
    assert Queue("intervals").entry("a/b") == entry
