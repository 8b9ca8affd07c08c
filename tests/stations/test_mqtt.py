"""A run at a real broker, which may be killed at any moment; the run notices nothing, and the state is right afterwards."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coach.config import Config
from coach.stations import mqtt
from coach.stations.home_assistant import SENSORS, device
from coach.stations.mqtt import Broker, client
from coach.stations.opening import stations_for
from coach.ui.broker import Mqtt, host_and_port
from tests.patience import wait_until
from tests.stations.steered import Steered

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/sbin")
real = pytest.mark.skipif(MOSQUITTO is None, reason="no mosquitto")


class Mosquitto:
    """A broker that can be killed and comes back, which then remembers nothing."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nlog_dest none\n")
        self.begin()

    def begin(self) -> None:
        assert MOSQUITTO
        command = [MOSQUITTO, "-c", str(self._config)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with closing(socket.socket()) as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0


class Crew:
    """Somebody who sees what is at the broker."""

    def __init__(self, port: int) -> None:
        self.told: dict[str, list[Any]] = {}
        self.retained: set[str] = set()
        self._client = client(Mqtt(), "crew")
        self._client.on_connect = lambda client, *more: client.subscribe("#", qos=1)
        self._client.on_message = self._came
        self._client.connect_async("127.0.0.1", port)
        self._client.loop_start()

    def latest(self, topic: str) -> Any:
        return self.told.get(topic, [None])[-1]

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _came(self, client: Any, data: Any, message: Any) -> None:
        text = message.payload.decode()
        self.told.setdefault(message.topic, []).append(json.loads(text) if text.startswith("{") else text)
        if message.retain:
            self.retained.add(message.topic)


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mosquitto]:
    pytest.importorskip("paho.mqtt")
    monkeypatch.setattr(mqtt, "SOON", 0.05)
    monkeypatch.setattr(mqtt, "LATER", 0.1)
    made = Mosquitto(tmp_path)
    yield made
    made.kill()


@real
@pytest.mark.edge
def test_a_crew_sees_state_words_and_the_end(broker: Mosquitto) -> None:
    notes: list[str] = []
    run = Steered(Broker(Mqtt(address=f"127.0.0.1:{broker.port}", runner="ada"), notes.append))
    crew = Crew(broker.port)
    wait_until(lambda: crew.latest("coach/ada/status") == "online")
    run.tick()
    run.says("ease_off", "Ease off.")
    run.tick()
    wait_until(lambda: crew.latest("coach/ada/said"))
    wait_until(lambda: (crew.latest("coach/ada/state") or {}).get("at") == 2.0)
    assert crew.latest("coach/ada/state") == run.watching.state().as_dict()
    assert crew.told["coach/ada/said"] == [{"at": 1.0, "cue": "ease_off", "text": "Ease off."}]
    assert crew.latest("homeassistant/device/coach_ada/config")["cmps"]["pace"]["p"] == "sensor"
    late = Crew(broker.port)
    wait_until(lambda: len(late.retained) == 3)  # state, status and discovery
    run.end()
    wait_until(lambda: crew.latest("coach/ada/status") == "offline")
    assert notes == []
    crew.leave()
    late.leave()


@real
@pytest.mark.edge
def test_a_broker_that_is_killed_delays_nothing_and_has_the_state_afterwards(broker: Mosquitto) -> None:
    """The bench does it ten times, with a clock."""
    notes: list[str] = []
    run = Steered(Broker(Mqtt(address=f"127.0.0.1:{broker.port}"), notes.append))
    crew = Crew(broker.port)
    wait_until(lambda: crew.latest("coach/runner/state"))
    for _ in range(2):
        broker.kill()
        began = time.thread_time()
        for _ in range(50):
            run.tick()
        assert time.thread_time() - began < 1.0
        crew.told.clear()
        broker.begin()
        wait_until(lambda: crew.latest("coach/runner/state") == run.watching.state().as_dict())
        wait_until(lambda: crew.latest("coach/runner/status") == "online")
    run.end()
    assert notes == [f"the broker 127.0.0.1:{broker.port} was away 2 times"]
    crew.leave()


def test_a_broker_that_is_never_there_costs_nothing_and_is_told() -> None:
    pytest.importorskip("paho.mqtt")
    notes: list[str] = []
    run = Steered(Broker(Mqtt(address="127.0.0.1:9"), notes.append))
    run.tick()
    run.end()
    assert notes == ["the broker 127.0.0.1:9 was never there"]


def test_without_its_library_the_run_goes_on_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    notes: list[str] = []
    stations = stations_for(Config(mqtt=Mqtt(address="localhost")), "run", notes.append)
    run = Steered(stations[-1])
    run.tick()
    run.end()
    assert notes == ['the run goes on without the broker localhost: [mqtt] needs paho: pip install "progression-coach[mqtt]"']


def test_home_assistant_is_told_what_a_state_has() -> None:
    topic, told = device(Mqtt(runner="ada"), "1.0")
    assert topic == "homeassistant/device/coach_ada/config" and told["o"]["name"]
    state = Steered().watching.state().as_dict()
    for name, (_, template, *_) in SENSORS.items():
        field = template.split("value_json.")[1].split()[0].split(".")[0].rstrip("}")
        assert field.rstrip(")") in state, name
    assert len({each["unique_id"] for each in told["cmps"].values()}) == len(SENSORS)
    assert {each["expire_after"] for each in told["cmps"].values()} == {10}


@pytest.mark.parametrize(
    ("address", "place"),
    [("localhost", ("localhost", 1883)), ("10.0.0.2:8883", ("10.0.0.2", 8883)), ("mqtt://[::1]:1884", ("::1", 1884))],
)
def test_addresses(address: str, place: tuple[str, int]) -> None:
    assert host_and_port(address) == place


@pytest.mark.parametrize("address", ["a:b", "http://x/y", "me@host", "host:99999"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(ValueError, match="not the address of a broker"):
        Mqtt(address=address)
