"""Buttons of headsets and remotes, as the kernel sends them: 24 bytes an event, here through pipes in place of devices."""

import os
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from coach.stations import buttons, evdev, trying
from coach.stations.buttons import ButtonStation
from coach.ui.steering import CODES, USUAL, Buttons
from coach.ui.watching import Watching
from tests.patience import wait_until

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")

PLAY, PAUSE, NEXT, LETTER, SYN, KEY = 200, 201, 163, 30, 0, 1


def bitmap(*codes: int) -> str:
    """Words of a list of keys, as the kernel writes them."""
    words = [0] * (max(codes) // evdev.BITS + 1)
    for code in codes:
        words[code // evdev.BITS] |= 1 << code % evdev.BITS
    return " ".join(f"{word:x}" for word in reversed(words))


class Plugged:
    """Devices that come and go, and a run that they steer."""

    def __init__(self, folder: Path) -> None:
        self.devices, self.told = folder / "input", folder / "class"
        self.devices.mkdir()
        self.pressed: list[tuple[str, float]] = []
        self.answered: list[float] = []
        self.notes: list[str] = []
        self._files: dict[str, int] = {}
        self._stack = ExitStack()

    def comes(self, event: str, name: str, *keys: int, bus: str = evdev.BLUETOOTH) -> None:
        told = self.told / event / "device"
        (told / "id").mkdir(parents=True, exist_ok=True)
        (told / "capabilities").mkdir(exist_ok=True)
        (told / "name").write_text(f"{name}\n")
        (told / "id" / "bustype").write_text(f"{bus}\n")
        (told / "capabilities" / "key").write_text(bitmap(*keys))
        os.mkfifo(self.devices / f".{event}")
        self._files[event] = os.open(self.devices / f".{event}", os.O_RDWR)
        (self.devices / f".{event}").rename(self.devices / event)

    def goes(self, event: str) -> None:
        """Its name first, as the kernel does it: what has no name any more cannot be opened again."""
        (self.devices / event).unlink()
        os.close(self._files.pop(event))

    def sends(self, event: str, code: int, value: int, kind: int = KEY) -> None:
        os.write(self._files[event], struct.pack("llHHi", 0, 0, kind, code, value) + struct.pack("llHHi", 0, 0, SYN, 0, 0))

    def click(self, event: str, code: int) -> None:
        self.sends(event, code, 1)
        time.sleep(0.04)
        self.sends(event, code, 0)

    def steer(self, options: Buttons) -> None:
        watching = SimpleNamespace(
            answer=lambda: self.answered.append(time.monotonic()),
            steer=lambda key: self.pressed.append((key, time.monotonic())),
        )
        self.watch(cast(Watching, watching), options)

    def watch(self, watching: Watching, options: Buttons) -> None:
        station = ButtonStation(options, self.notes.append, (self.devices, self.told))
        self._stack.enter_context(station(watching, print))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.pressed]

    def end(self) -> None:
        self._stack.close()
        for file in self._files.values():
            os.close(file)


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugged]:
    monkeypatch.setattr(buttons, "LOOK_EVERY", 0.02)
    made = Plugged(tmp_path)
    yield made
    made.end()


def test_a_click_of_a_headset_is_answered_when_it_begins_and_presses_when_it_ends(plugged: Plugged) -> None:
    plugged.comes("event3", "Aftershokz (AVRCP)", PLAY, PAUSE, NEXT)
    plugged.steer(Buttons())
    plugged.click("event3", NEXT)
    wait_until(lambda: plugged.pressed)
    assert plugged.keys == ["lap"] and len(plugged.answered) == 1


def test_play_and_pause_are_one_button(plugged: Plugged) -> None:
    """Headsets send one or the other by what they believe."""
    plugged.comes("event3", "Aftershokz (AVRCP)", PLAY, PAUSE)
    plugged.steer(Buttons(keys={"play double": ""}))
    for code in (PLAY, PAUSE):
        plugged.click("event3", code)
        time.sleep(0.05)
    wait_until(lambda: len(plugged.pressed) == 2)
    assert plugged.keys == ["pause", "pause"]


def test_a_long_press_is_answered_once_more(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.stations.press.LONG", 0.1)
    plugged.comes("event3", "Aftershokz (AVRCP)", PLAY)
    plugged.steer(Buttons())
    plugged.sends("event3", PLAY, 1)
    plugged.sends("event3", PLAY, 2)  # repeated by the kernel
    wait_until(lambda: plugged.pressed)
    plugged.sends("event3", PLAY, 0)
    assert plugged.keys == ["report"] and len(plugged.answered) == 2


def test_a_headset_that_connects_later_or_again_steers_too(plugged: Plugged) -> None:
    plugged.steer(Buttons())
    for times in (1, 2):
        plugged.comes("event7", "Aftershokz (AVRCP)", NEXT)
        plugged.click("event7", NEXT)
        wait_until(lambda times=times: len(plugged.pressed) == times)  # type: ignore[misc]
        plugged.goes("event7")
    assert plugged.keys == ["lap", "lap"] and plugged.notes == []


def test_a_keyboard_is_left_alone_and_a_usb_remote_unless_it_is_named(plugged: Plugged) -> None:
    plugged.comes("event0", "AT Keyboard", *range(1, 100), NEXT)
    plugged.comes("event1", "AB Shutter3", *range(1, 128), bus=evdev.BLUETOOTH)
    plugged.comes("event2", "USB Presenter", NEXT, bus="0003")
    plugged.comes("event3", "Headset (AVRCP)", NEXT)
    plugged.steer(Buttons(devices=["shutter"], keys={"volumeup": "report"}))
    for event, code in (("event0", NEXT), ("event2", NEXT), ("event1", CODES["volumeup"][0])):
        plugged.click(event, code)
    wait_until(lambda: plugged.pressed)
    plugged.click("event3", NEXT)
    wait_until(lambda: len(plugged.pressed) == 2)
    assert plugged.keys == ["report", "lap"]


def test_events_that_were_lost_make_no_press(plugged: Plugged) -> None:
    plugged.comes("event3", "Headset (AVRCP)", NEXT)
    plugged.steer(Buttons())
    plugged.sends("event3", NEXT, 1)
    plugged.sends("event3", evdev.DROPPED, 0, kind=SYN)
    plugged.sends("event3", NEXT, 0)
    plugged.click("event3", NEXT)
    wait_until(lambda: plugged.pressed)
    assert plugged.keys == ["lap"]


def test_a_bug_in_them_is_told_in_a_line(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evdev, "node_of", lambda *given: 1 / 0)
    plugged.comes("event3", "Headset (AVRCP)", NEXT)
    plugged.steer(Buttons())
    wait_until(lambda: plugged.notes)
    assert plugged.notes == ["the buttons ended by a bug, and the run goes on: ZeroDivisionError('division by zero')"]


def test_a_device_that_may_not_be_read_is_told_once(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(node: evdev.Node, grabs: bool) -> None:
        raise PermissionError

    monkeypatch.setattr(evdev, "Buttons", refused)
    plugged.comes("event3", "Headset (AVRCP)", NEXT)
    plugged.steer(Buttons())
    wait_until(lambda: plugged.notes)
    time.sleep(0.1)
    assert len(plugged.notes) == 1 and "usermod -aG input" in plugged.notes[0]


def test_pins_press_like_any_button_and_bounces_are_one_press(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[int, Any] = {}

    class Pin:
        when_pressed = when_released = staticmethod(lambda: None)

        def __init__(self, number: int) -> None:
            made[number] = self

        def __enter__(self) -> "Pin":
            return self

        def __exit__(self, *error: object) -> None:
            del made[17]

    library = ModuleType("gpiozero")
    library.Button = Pin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gpiozero", library)
    plugged.steer(Buttons(pins={"17": "go"}, keys={"go": "lap"}))
    for _ in range(5):
        made[17].when_pressed()
        made[17].when_released()
    made[17].when_pressed()
    time.sleep(0.06)
    made[17].when_released()
    wait_until(lambda: plugged.pressed)
    plugged.end()
    assert plugged.keys == ["lap"] and made == {} and plugged.notes == []


def test_pins_without_their_library_are_told(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    plugged.steer(Buttons(pins={"17": "play", "27": "next"}))
    assert len(plugged.notes) == 1 and "progression-coach[gpio]" in plugged.notes[0]


def test_real_pins_are_told_where_there_are_none(plugged: Plugged) -> None:
    pytest.importorskip("gpiozero")
    plugged.steer(Buttons(pins={"17": "play"}))
    assert len(plugged.notes) == 1 and plugged.notes[0].startswith("[buttons.pins] 17:")


def asked(plugged: Plugged, told: list[str]) -> list[str]:
    folders = (plugged.devices, plugged.told)
    return [f"{fine} {line}" for fine, line in trying.buttons_check(Buttons(), told.append, folders)]


def test_a_check_says_which_way_a_press_came(plugged: Plugged) -> None:
    questions: list[str] = []
    plugged.comes("event0", "AT Keyboard", *range(1, 100))
    plugged.comes("event3", "Headset (AVRCP)", PLAY)
    plugged.sends("event3", PLAY, 1)
    here, came = asked(plugged, questions)
    assert here == "True buttons: Headset (AVRCP)" and len(questions) == 1
    assert came == (
        "True buttons: Headset (AVRCP) sent the key 200, that is play; pressed, it means pause, "
        "held, it means report, pressed twice, it means report"
    )


def test_a_check_tells_when_none_came_and_who_takes_them(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    (plugged.devices / "123").mkdir()
    (plugged.devices / "123" / "comm").write_text("mpris-proxy\n")
    assert trying.takes_them(plugged.devices) and not trying.takes_them(plugged.told)
    monkeypatch.setattr(trying, "takes_them", lambda: True)
    monkeypatch.setattr(trying, "PATIENCE", 0.01)
    plugged.comes("event3", "Headset (AVRCP)", 113)
    plugged.comes("event4", "Headset (AVRCP)", PLAY)
    told = asked(plugged, [])
    assert told[0] == "True buttons: Headset (AVRCP)" and "systemctl --user mask" in told[1] and "no press came" in told[2]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"keys": {"plya": "pause"}}, 'did you mean "play"'),
        ({"keys": {"play": "puase"}}, 'did you mean "pause"'),
        ({"keys": {"play thrice": "pause"}}, "long or double"),
        ({"pins": {"GPIO17": "go"}}, "the number of a pin"),
        ({"keys": {"go": "lap"}}, "is not a button"),
    ],
)
def test_mistakes_in_the_config_are_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Buttons(**options)


def test_a_key_without_a_name_is_meant_by_its_number_and_a_meaning_can_be_taken_away() -> None:
    options = Buttons(keys={"353": "lap", "next long": ""})
    assert options.codes[353] == "353" and options.meanings["353", "short"] == "lap"
    assert ("next", "long") not in options.meanings and len(options.meanings) == len(USUAL)
