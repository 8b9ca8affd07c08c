"""Buttons: those of headsets and remotes (evdev.py) and those at the pins of a Pi (gpio.py), by one press machine for all."""

from __future__ import annotations

import selectors
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

from coach.stations import evdev, gpio
from coach.stations.press import Made, PressMachine
from coach.stations.threads import Rouser, station_thread
from coach.ui.state import State
from coach.ui.steering import Buttons
from coach.ui.watching import Press, Sink, Watching

LOOK_EVERY = 1.0  # s between two looks for devices that came: a headset takes longer to connect
TRIES = 3  # to open a device: its rights are set a moment after it came
ENDS_WITHIN = 1.0  # s
MOST_WAITING = 64  # changes of pins that wait; nobody presses so fast
RIGHTS = "they may not be read: sudo usermod -aG input $USER, and log in again"
Note = Callable[[str], object]


class ButtonStation:
    """Presses what the buttons mean. `folders` are the devices' and what the kernel tells of them."""

    def __init__(self, options: Buttons, note: Note, folders: tuple[Path, Path] = evdev.FOLDERS) -> None:
        self._options, self._note, self._folders = options, note, folders

    @contextmanager
    def __call__(self, watching: Watching, press: Press) -> Iterator[Sink]:
        listening = Listening(self._options, watching, self._note, self._folders)
        with gpio.pins(self._options.pins, listening.pin, self._note):
            listening.start()
            try:
                yield _no_show
            finally:
                listening.stop()


class Listening:
    """A thread that waits for all buttons."""

    def __init__(self, options: Buttons, watching: Watching, note: Note, folders: tuple[Path, Path]) -> None:
        self._options, self._watching, self._note, self._folders = options, watching, note, folders
        self._meanings, self._codes = options.meanings, options.codes
        self._machine = PressMachine({button for button, gesture in self._meanings if gesture == "double"})
        self._open: dict[Path, evdev.Buttons] = {}
        self._passed_over: Counter[Path] = Counter()  # those that are not ours, or could not be opened, and how often
        self._pins: deque[tuple[float, str, bool]] = deque(maxlen=MOST_WAITING)
        self._selector = selectors.DefaultSelector()
        self._rouser = Rouser(self._selector)
        self._is_over = False
        self._thread = station_thread("the buttons", self._listen, note)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over = True
        self._rouser.rouse()
        self._thread.join(ENDS_WITHIN)

    def pin(self, button: str, is_down: bool) -> None:
        """A pin changed; in a thread of gpiozero's."""
        self._pins.append((time.monotonic(), button, is_down))
        self._rouser.rouse()

    # Everything below runs in the thread of the buttons

    def _listen(self) -> None:
        try:
            self._wait_for_all()
        finally:
            for each in [*self._open.values()]:
                self._close(each)
            for end in (self._rouser, self._selector):
                end.close()

    def _wait_for_all(self) -> None:
        looked = -inf
        while not self._is_over:
            now = time.monotonic()
            if now - looked >= LOOK_EVERY:
                looked = now
                self._look()
            ready = self._selector.select(max(0.0, min(looked + LOOK_EVERY, self._machine.wake) - now))
            for key, _ in ready:
                self._take(key.fileobj)
            while self._pins:
                self._changed(*self._pins.popleft())
            self._made(self._machine.passed(time.monotonic()))

    def _look(self) -> None:
        """Opens the devices that came."""
        devices, told = self._folders
        present = {*devices.glob("event*")} if devices.is_dir() else set[Path]()
        for gone in self._passed_over.keys() - present:
            del self._passed_over[gone]
        for path in sorted(present - self._open.keys()):
            if self._passed_over[path] < TRIES:
                self._passed_over[path] += 1
                self._open_if_wanted(evdev.node_of(path, told / path.name / "device"))

    def _open_if_wanted(self, node: evdev.Node) -> None:
        if not node.is_wanted(self._codes, self._options.devices):
            self._passed_over[node.path] = TRIES
            return
        try:
            opened = evdev.Buttons(node, self._options.grab)
        except OSError as trouble:
            if self._passed_over[node.path] == TRIES:
                why = RIGHTS if isinstance(trouble, PermissionError) else trouble
                self._note(f"the buttons of {node.name} do not steer the run: {why}")
            return
        del self._passed_over[node.path]
        self._open[node.path] = opened
        self._selector.register(opened, selectors.EVENT_READ)

    def _take(self, ready: Any) -> None:
        if self._rouser.heard(ready):
            return
        try:
            changes = ready.changes()
        except OSError:  # it was switched off, or is out of reach
            self._machine.lost(time.monotonic())
            self._close(ready)
            return
        for each in changes:
            if each.code is None:
                self._machine.lost(time.monotonic())
            elif button := self._codes.get(each.code):
                self._changed(each.at or time.monotonic(), button, each.is_down)

    def _changed(self, at: float, button: str, is_down: bool) -> None:
        self._made(self._machine.changed(at, button, is_down))

    def _made(self, made: list[Made]) -> None:
        """A press is answered when it begins, and once more when it turns out to be a long one."""
        for button, gesture in made:
            if gesture in ("down", "long"):
                self._watching.answer()
            if key := self._meanings.get((button, gesture)):
                self._watching.steer(key)

    def _close(self, device: evdev.Buttons) -> None:
        del self._open[device.node.path]
        self._selector.unregister(device)
        device.close()


def _no_show(state: State) -> None:
    """Buttons show nothing."""
