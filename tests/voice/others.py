"""Another player beside the coach on a real sound server: its volume, and a coach that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from coach.voice.announcer import Announcer
from coach.voice.server import pulse
from coach.voice.server.pulse import Stream
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.voice.ears import Music, wait_until

WORDS = Words.load("en", "metric")
SETTINGS = VoiceSettings(player="sounddevice")
ORIGINAL = (54_321,)  # an odd volume, such as people have
LOWERED = (27_225,)  # 18 dB less, on the cubic scale
LONG = "one two three four five six seven eight nine ten"


def stream(player: Music) -> Stream | None:
    return next((each for each in pulse.streams() if each.process == player.pid), None)


def volumes(player: Music) -> tuple[int, ...]:
    wait_until(lambda: stream(player))
    found = stream(player)
    assert found
    return found.volumes


def becomes(player: Music, wanted: tuple[int, ...]) -> None:
    wait_until(lambda: volumes(player) == wanted, f"{wanted} never came")


@contextmanager
def speaking(shown: list[str] | None = None, settings: VoiceSettings = SETTINGS) -> Iterator[Announcer]:
    shown = shown if shown is not None else []
    with Announcer(WORDS, settings, lambda at: at, shown.append) as announcer:
        announcer.say_text("Hello.")
        announcer.drain(60)
        if any("no sound" in line for line in shown):
            pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")
        yield announcer
