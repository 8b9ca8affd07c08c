"""A run on an MQTT broker, for a crew or Home Assistant, by paho (the extra [mqtt]).

    coach/RUNNER/status     online, offline            retained; offline also if this computer dies
    coach/RUNNER/state      the state, about once a second     retained
    coach/RUNNER/said       {"at", "cue", "text"} for each cue
    homeassistant/device/coach_RUNNER/config           retained; where it does not listen it does no harm

A broker that is missing costs nothing: the latest state waits in a thread of its own, and is sent when there is one again.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from coach import __version__
from coach.stations.home_assistant import device
from coach.stations.threads import station_thread
from coach.ui.broker import Mqtt
from coach.ui.state import Said, State
from coach.ui.watching import Press, Sink, Watching

INSTALL = 'pip install "progression-coach[mqtt]"'
PASSWORD = "COACH_MQTT_PASSWORD"  # in the environment: the config may be read by others
KEPT = 8  # messages that wait for a broker: more would be old news, and there is no other limit
SOON, LATER = 1, 15  # s until a lost broker is tried again, at first and at most
ALIVE = 20  # s of silence after which the broker asks whether we are there
ENDS_WITHIN = 1.0  # s for the last words
Note = Callable[[str], object]


class Broker:
    """The station at the broker that [mqtt] names. Raises ImportError without paho."""

    def __init__(self, options: Mqtt, note: Note) -> None:
        self._options, self._note = options, note

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        publishing = Publishing(self._options, watching.state(), self._note)
        publishing.start()
        try:
            yield publishing.show
        finally:
            publishing.stop()


class Publishing:
    """A thread that publishes the latest state, and paho's thread below it."""

    def __init__(self, options: Mqtt, state: State, note: Note) -> None:
        self._options, self._note = options, note
        self._base = f"{options.topic}/{options.runner}"
        self._state, self._new = state, threading.Event()
        self._said: tuple[Said, ...] = state.said
        self._is_over = False
        self._was_there, self._lost = False, 0  # and how often it went away
        self._refused: set[str] = set()
        self._client = client(options, f"coach-{options.runner}-{os.getpid()}")
        self._client.will_set(f"{self._base}/status", "offline", qos=1, retain=True)
        self._client.on_connect, self._client.on_disconnect = self._connected, self._disconnected
        self._client.on_message = lambda *told: self._announce()
        self._thread = station_thread(f"the broker {options.address}", self._publish, note)

    def start(self) -> None:
        self._thread.start()

    def show(self, state: State) -> None:
        """Called in the thread of the loop."""
        self._state = state
        self._new.set()

    def stop(self) -> None:
        self._is_over = True
        self._new.set()
        self._thread.join(ENDS_WITHIN)
        if not self._was_there:
            self._note(f"the broker {self._options.address} was never there")
        elif self._lost:
            self._note(f"the broker {self._options.address} was away {self._lost} times")

    # Everything below runs in threads of this station and of paho

    def _publish(self) -> None:
        host, port = self._options.place
        self._client.connect_async(host, port, ALIVE)
        self._client.loop_start()
        while not self._is_over:
            self._new.wait()
            self._new.clear()
            if self._client.is_connected():
                self._tell(self._state)
        if self._client.is_connected():
            self._tell(self._state)
            with suppress(ValueError, RuntimeError):  # paho's words for "it left meanwhile"
                self._send("status", "offline", qos=1, retain=True).wait_for_publish(ENDS_WITHIN / 2)
        self._client.disconnect()

    def _tell(self, state: State) -> None:
        for said in state.said:
            if said not in self._said:
                self._send("said", json.dumps({"at": said.at, "cue": said.cue, "text": said.text}), qos=1)
        self._said = state.said
        self._send("state", json.dumps(state.as_dict()), retain=True)

    def _send(self, topic: str, text: str, qos: int = 0, retain: bool = False) -> Any:
        return self._client.publish(f"{self._base}/{topic}", text, qos=qos, retain=retain)

    def _connected(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            if str(reason) not in self._refused:
                self._refused.add(str(reason))
                self._note(f"the broker {self._options.address} refuses: {reason}")
            return
        self._was_there = True
        self._send("status", "online", qos=1, retain=True)
        self._announce()
        if self._options.discovery:
            client.subscribe(f"{self._options.discovery}/status")  # it was restarted: then all is told anew
        self._new.set()

    def _announce(self) -> None:
        if self._options.discovery:
            topic, told = device(self._options, __version__)
            self._client.publish(topic, json.dumps(told), qos=1, retain=True)

    def _disconnected(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if not self._is_over:
            self._lost += 1


def client(options: Mqtt, name: str) -> Any:
    """A client of paho's that keeps little and tries again for ever. Raises ImportError without paho."""
    try:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion
    except ImportError:
        raise ImportError(f"[mqtt] needs paho: {INSTALL}") from None
    made = Client(CallbackAPIVersion.VERSION2, client_id=name)
    if options.user:
        made.username_pw_set(options.user, os.environ.get(PASSWORD))
    made.max_queued_messages_set(KEPT)
    made.reconnect_delay_set(SOON, LATER)
    return made
