"""A wireless headset: woken before it is spoken to, and what marks a moment is earlier by its delay."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coach.running.replay import replay
from coach.ui.views import Lines
from coach.voice.process import earcons
from coach.voice.process.mixer import FADE
from coach.voice.process.sound import RATE, little_endian
from coach.voice.process.worker import TAIL
from tests.patience import PATIENCE
from tests.voice.room import Room, cue, short_run

pytestmark = pytest.mark.edge


def test_12_no_syllable_is_lost_on_a_headset_that_falls_asleep(tmp_path: Path) -> None:
    """A whole run: before its first words near silence wakes the headset, and, as far as there is time, before the beeps."""
    room = Room(tmp_path, device="bluez_headset", wake_ms=500)
    recording, setup = short_run(14)
    replay(recording, setup, Lines("km"), rate=1.0, voice=room.settings)
    wake, heard = little_endian(earcons.wake(0.5)), room.heard
    begins = heard.find(room.sound_of("Easy, by feel, fourteen seconds."))
    assert begins > 0 and heard[begins - len(wake) : begins] == wake
    beeps = heard.find(room.played(earcons.countdown_end())[2 * FADE :]) - 2 * FADE
    before = heard[beeps - RATE // 4 : beeps]
    assert beeps > begins and len(before.replace(bytes(2), b"")) > len(before) // 2
    assert heard.rstrip(bytes(1)).endswith(little_endian(earcons.wake(TAIL)).rstrip(bytes(1))), "nor is the last one"


def test_what_marks_a_moment_is_earlier_by_the_delay_of_the_headset(tmp_path: Path) -> None:
    """The same moment, by two announcers: the one with a delay has its beeps 400 ms earlier in its file."""
    with ThreadPoolExecutor() as pool:
        plain, wireless = pool.map(beep_at, (tmp_path / "plain", tmp_path / "wireless"), (0, 400))
    assert plain - wireless == pytest.approx(0.4, abs=0.05)


def beep_at(folder: Path, delay: int) -> float:
    """How long after it was due (s, by the block that holds it) the countdown began."""
    folder.mkdir()
    room = Room(folder, delay_ms=delay)
    go = room.played(earcons.countdown())[3 * 2 * RATE :]  # a countdown that is late begins in the middle, but ends on time
    with room.announcer as announcer:
        room.until_ready()
        countdown = cue("countdown", due=1.5, priority=1)
        announcer.say(countdown)
        began = room.began(2.0)
        announcer.drain(PATIENCE)
    found = room.heard.find(go)
    assert found >= 0
    return began + found / 2 / RATE - 3.0 - countdown.due
