"""Another player beside the coach on a real sound server: its volume, and a coach that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from coach.voice.announcer import Announcer
from coach.voice.server import pulse
from coach.voice.server.pulse import Stream, Unanswered
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.voice.ears import Music, wait_until

WORDS = Words.load("en", "metric")
SETTINGS = VoiceSettings(player="sounddevice")
ORIGINAL = (54_321,)  # an odd volume, such as people have
LOWERED = (27_225,)  # 18 dB less, on the cubic scale
LONG = "one two three four five six seven eight nine ten"


def stream(player: Music) -> Stream | None:
    """None too where the server does not answer in time: a busy machine will have it answer later."""
    try:
        return next((each for each in pulse.streams() if each.process == player.pid), None)
    except Unanswered:
        return None


def set_volumes(player: Music, wanted: tuple[int, ...]) -> None:
    """Sets its volume, as another program does."""

    def is_set() -> bool:
        found = stream(player)
        with suppress(Unanswered):
            if found is not None:
                pulse.set_volumes(found.index, wanted)
                return True
        return False

    wait_until(is_set)


def volumes(player: Music) -> tuple[int, ...]:
    found: list[Stream] = []

    def is_told() -> bool:
        found.extend(filter(None, [stream(player)]))
        return bool(found)

    wait_until(is_told)
    return found[0].volumes


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
