"""The socket of a run: whoever may, sees and steers it; whoever misbehaves is refused, counted, and delays nobody."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from coach.config import Config
from coach.core.inputs import KEYS
from coach.stations import local, place, visitor
from coach.stations.asking import answers, ask, state_of
from coach.stations.local import LocalSocket
from coach.stations.opening import Harmless, stations_for
from coach.stations.phrases import PHRASES, key_of
from coach.ui.state import State
from coach.ui.steering import Buttons
from coach.ui.watching import Watching
from devices.api import Unavailable
from tests.patience import wait_until
from tests.stations.steered import Steered

pytestmark = pytest.mark.skipif(not place.can(), reason="no Unix sockets")


class Socketed(Steered):
    """A run that is seen and steered by its socket, and nothing else."""

    def __init__(self, run: str = "2026-11-28T10-00-00-demo") -> None:
        self.run, self.notes = run, list[str]()
        super().__init__(LocalSocket(run, self.notes.append))


@pytest.fixture
def steered() -> Iterator[Socketed]:
    run = Socketed()
    yield run
    run.end()


def test_keys_reach_the_run(steered: Socketed) -> None:
    assert [ask({"press": key}) for key in KEYS] == [{"ok": True}] * len(KEYS)
    assert steered.pressed == list(KEYS)


def test_a_state_is_the_same_at_both_ends(steered: Socketed) -> None:
    steered.tick()
    answer = ask({"status": True})
    assert answer["run"] == steered.run
    assert state_of(answer["state"]).as_dict() == steered.watching.state().as_dict()
    assert len(ask({"outline": True})["outline"]["legs"]) == answer["state"]["of"]


def test_a_state_of_a_newer_version_is_read_and_one_that_lacks_something_is_told(steered: Socketed) -> None:
    told = ask({"status": True})["state"]
    assert state_of(told | {"mood": "fine"}) == state_of(told)
    told.pop("phase")
    with pytest.raises(Unavailable, match="another version"):
        state_of(told)


def test_who_follows_is_shown_each_state_and_the_end(steered: Socketed) -> None:
    following = answers({"follow": True})
    assert [next(following)["state"]["at"]] == [0.0]
    for at in (1.0, 2.0, 3.0):
        steered.tick()
        assert next(following)["state"]["at"] == at
    steered.end()
    with pytest.raises(Unavailable, match="has ended"):
        next(following)


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"press": "jump"}', '{"status": false}', "[" * 900, '{"press": ["lap"]}'])
def test_what_is_not_understood_is_answered_and_counted(steered: Socketed, line: str) -> None:
    with closing(place.connected(None)) as connection:
        connection.sendall(line.encode() + b'\n{"press": "lap"}\n')
        with connection.makefile("rb") as read:
            assert [json.loads(each)["ok"] for each in islice(read, 2)] == [False, True]
    assert steered.pressed == ["lap"]


def closed(connection: socket.socket) -> bool:
    connection.settimeout(5.0)
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionError:
        pass
    return True


def test_a_line_without_end_is_refused(steered: Socketed) -> None:
    with closing(place.connected(None)) as connection:
        connection.sendall(b"x" * 4000)
        assert closed(connection)
    assert ask({"status": True})


def test_presses_faster_than_a_person_are_refused(steered: Socketed) -> None:
    with closing(place.connected(None)) as connection, connection.makefile("rb") as read:
        connection.sendall(b'{"press": "lap"}\n' * 50)
        assert [json.loads(each)["ok"] for each in islice(read, 50)] == [True] * 20 + [False] * 30
    steered.end()
    assert steered.notes == ["the socket of the run refused: presses too fast: 30"]


def test_more_connections_than_there_is_room_for_are_refused(steered: Socketed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MOST_VISITORS", 3)
    staying = [place.connected(None) for _ in range(3)]
    for each in staying:
        each.sendall(b'{"status": true}\n')
        each.recv(1)
    with closing(place.connected(None)) as one_more:
        assert closed(one_more)
    for each in staying:
        each.close()
    wait_until(lambda: answered(steered.run))


def answered(run: str) -> bool:
    try:
        return bool(ask({"status": True}, run))
    except Unavailable:
        return False


def test_who_never_reads_and_who_never_asks_has_to_go(steered: Socketed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor, "BLOCKED_FOR", 0.05)
    monkeypatch.setattr(visitor, "IDLE_FOR", 0.05)
    monkeypatch.setattr(local, "LOOK_EVERY", 0.05)
    steered.watching.followed(steered.coach)
    silent, deaf = place.connected(None), place.connected(None)
    deaf.sendall(b'{"follow": true}\n')
    reading = answers({"follow": True})

    def gone() -> bool:
        steered.tick()
        next(reading)
        return {"silent connections", "readers too slow"} <= {*told(steered)}

    wait_until(gone)
    assert closed(silent) and closed(deaf)
    silent.close()
    deaf.close()


def told(steered: Socketed) -> list[str]:
    service = steered.watching.sinks[0].__self__  # type: ignore[attr-defined]
    return [each.partition(":")[0] for each in service.refusals().split(", ")]


def test_the_socket_and_its_folder_are_the_owners_alone(steered: Socketed, home: Path) -> None:
    path = place.path_of(steered.run)
    assert path.is_relative_to(home)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    path.parent.chmod(0o755)
    with pytest.raises(Unavailable, match="nobody else may enter"):
        ask({"status": True})
    path.parent.chmod(0o700)


def test_a_folder_that_leads_elsewhere_is_not_used(home: Path) -> None:
    (home / "elsewhere").mkdir(mode=0o700)
    (home / "progression-coach").symlink_to(home / "elsewhere")
    with pytest.raises(Unavailable, match="must be a folder that belongs to you"):
        place.folder()


def test_another_user_is_refused(steered: Socketed, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    with closing(here), closing(there), monkeypatch.context() as elsewhere:
        assert place.peer_is_owner(here)
        elsewhere.setattr(place, "ROOT", -1)
        elsewhere.setattr(os, "getuid", lambda: 12345)
        assert not place.peer_is_owner(here) or not hasattr(socket, "SO_PEERCRED")
    monkeypatch.setattr(local, "peer_is_owner", lambda connection: False)
    with closing(place.connected(None)) as stranger:
        assert closed(stranger)
    assert "connections" in told(steered)


def test_what_a_dead_run_left_is_replaced_and_a_living_run_keeps_its_socket(steered: Socketed) -> None:
    dead = place.path_of("2026-11-27-dead")
    with closing(socket.socket(socket.AF_UNIX)) as left:
        left.bind(str(dead))
    with pytest.raises(Unavailable, match="2026-11-27-dead is not under way") as told:
        ask({"status": True}, "2026-11-27-dead")
    assert told.value.hint == f"these are: {steered.run}"
    with pytest.raises(OSError, match="another coach"):
        place.listening(place.path_of(steered.run))
    second = Socketed("2026-11-28T11-00-00-demo")
    assert not dead.exists()
    assert ask({"status": True})["run"] == second.run
    assert ask({"status": True}, steered.run)["run"] == steered.run
    second.end()
    assert ask({"status": True})["run"] == steered.run


def test_a_name_too_long_for_a_path_has_a_socket_too() -> None:
    one, two = (Socketed(f"2026-11-28-{'long' * 40}-{number}") for number in (1, 2))
    assert ask({"status": True}, one.run)["run"] == one.run
    assert ask({"status": True}, two.run)["run"] == two.run
    one.end()
    two.end()


def test_without_a_run_that_is_told() -> None:
    with pytest.raises(Unavailable, match="no run is under way"):
        ask({"status": True})


def test_a_system_without_such_sockets_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    assert stations_for(Config(buttons=Buttons(use=False)), "run", print) == []
    with pytest.raises(Unavailable, match="no Unix sockets"):
        ask({"status": True})


def test_a_station_that_fails_costs_a_line_and_not_the_run(steered: Socketed) -> None:
    notes: list[str] = []

    def broken(watching: Watching, press: Callable[[str], None]) -> None:
        raise RuntimeError("no such thing")

    with Harmless("a broken one", broken, notes.append)(steered.watching, print) as sink:  # type: ignore[arg-type]
        sink(steered.watching.state())
    second = LocalSocket(steered.run, notes.append)
    with Harmless("a second socket", second, notes.append)(steered.watching, print):
        pass
    assert [each.partition(": ")[2] for each in notes] == ["no such thing", "another coach listens there"]


def test_a_bug_in_it_is_told_in_a_line_and_ends_it_alone(steered: Socketed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.Service, "_answer", lambda *given: 1 / 0)
    with pytest.raises(Unavailable):
        ask({"status": True})
    wait_until(lambda: steered.notes)
    steered.tick()
    with pytest.raises(Unavailable, match="no run is under way"):
        ask({"status": True})
    assert steered.notes == ["the socket of the run ended by a bug, and the run goes on: ZeroDivisionError('division by zero')"]


def test_showing_a_state_never_waits(steered: Socketed) -> None:
    """With five who never read, the thread of the loop only leaves the state behind."""
    deaf = [place.connected(None) for _ in range(5)]
    for each in deaf:
        each.sendall(b'{"follow": true}\n')
        each.recv(1)
    states: list[State] = [steered.watching.state()]
    began = time.thread_time()
    for _ in range(2000):
        for sink in steered.watching.sinks:
            sink(states[0])
    assert time.thread_time() - began < 0.5
    for each in deaf:
        each.close()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("lap", "lap"),
        ("How am I doing?", "report"),
        ("AM I AHEAD", "progress"),
        ("next", "skip"),
        ("Où j’en suis ?", "report"),
        ("Zurück!", "back"),
        ("jump", None),
        ("", None),
    ],
)
def test_people_may_type_words(typed: str, key: str | None) -> None:
    assert key_of(typed) == key


def test_each_phrase_means_one_key() -> None:
    assert set(PHRASES) == set(KEYS)
    meanings = [phrase for key, phrases in PHRASES.items() for phrase in (key, *phrases)]
    assert len(meanings) == len(set(meanings)) and all(key_of(phrase) for phrase in meanings)
