"""Several runs in one terminal: of this computer by their sockets, of a crew by a broker."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from coach.cli import watch
from coach.cli.watch import rows
from coach.stations.crew import MOST, Crew, Seen, at_broker
from coach.stations.local import LocalSocket
from coach.stations.mqtt import Broker
from coach.ui.broker import Mqtt
from coach.ui.table import aligned
from tests.cli.commands import coach, configured, started
from tests.patience import wait_until
from tests.stations.steered import Steered
from tests.stations.test_mqtt import Mosquitto, broker, real

__all__ = ["broker"]


def test_runs_of_this_computer_are_followed_until_they_end() -> None:
    one, two = (Steered(LocalSocket(name, print)) for name in ("one", "two"))
    crew = Crew()
    assert crew.look()
    wait_until(lambda: [name for name, _ in crew.runners()] == ["one", "two"])
    two.tick()
    wait_until(lambda: [seen.state.at for _, seen in crew.runners()] == [0.0, 1.0])
    one.end()
    wait_until(lambda: [name for name, _ in crew.runners()] == ["two"])
    two.end()
    wait_until(lambda: not crew.runners())
    assert not crew.look()


@real
@pytest.mark.edge
def test_a_crew_is_followed_at_a_broker(broker: Mosquitto) -> None:
    options = [Mqtt(address=f"127.0.0.1:{broker.port}", runner=name) for name in ("ada", "bob")]
    ada, bob = (Steered(Broker(each, print)) for each in options)
    with at_broker(options[0], print) as crew:
        wait_until(lambda: [name for name, _ in crew.runners()] == ["ada", "bob"])
        ada.tick()
        wait_until(lambda: [seen.state.at for _, seen in crew.runners()] == [1.0, 0.0])
        ada.end()
        wait_until(lambda: [name for name, _ in crew.runners()] == ["bob"])
    bob.end()


def test_what_is_no_state_is_passed_over_and_there_is_an_end_of_room() -> None:
    crew, state = Crew(), Steered().watching.state().as_dict()
    nonsense: object
    for nonsense in (None, [], {}, {"at": 1}, 7, state | {"now": None}, state | {"said": [1]}, state | {"speed": "fast"}):
        crew.came("ada", nonsense)
    assert crew.runners() == []
    for number in range(MOST + 5):
        crew.came(f"{number:03}", state)
    crew.came("000", state)
    assert len(crew.runners()) == MOST


def test_a_row_tells_a_runner_in_his_units_and_old_news_as_old() -> None:
    run = Steered()
    run.says("ease_off", "Ease off.")
    state = replace(run.watching.state(), speed=3.0, target=3.0, units="imperial", phase="running")
    now = time.monotonic()
    table = [*rows([("ada", Seen(state, now)), ("bob\x1b[2J", Seen(state, now - 20.0))], "en")]
    assert "8:56/mi" in table[0] and table[0][-1] == "Ease off."
    assert "20 s ago" in table[1] and not any("8:56" in cell for cell in table[1]) and "\x1b" not in table[1][0]
    assert all(len(row) == len(watch.TITLES) for row in table)
    assert len([*aligned([watch.TITLES, *table])]) == 3


def test_a_narrow_terminal_shows_less_of_each_runner() -> None:
    assert [watch.TITLES[column] for column in watch.columns(80)] == ["Runner", "", "Pace", "", "Target", "Ahead", "Said"]
    assert len(watch.columns(150)) == len(watch.TITLES)


def test_nobody_runs(tmp_path: Path) -> None:
    assert "no run is under way" in coach(configured(tmp_path), "watch", check=3).stderr
    assert "such as localhost:1883" in coach(configured(tmp_path), "watch", "--broker", "http://x/", check=2).stderr


@pytest.mark.edge
def test_states_come_as_json_until_the_last_run_ends(tmp_path: Path) -> None:
    run = Steered(LocalSocket("one", print))
    with started(configured(tmp_path), "watch", "--json") as process:
        assert process.stdout
        first = json.loads(process.stdout.readline())
        assert first["kind"] == "state" and first["run"] == "one" and first["at"] == 0.0
        run.tick()
        assert json.loads(process.stdout.readline())["at"] == 1.0
        run.end()
        assert process.wait(30) == 0
