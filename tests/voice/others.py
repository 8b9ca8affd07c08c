"""Another player beside the coach on a real sound server: its volume, and a coach that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import groupby

import pytest

from coach.voice.announcer import Announcer
from coach.voice.server import pulse
from coach.voice.server.monitor import Monitor
from coach.voice.server.pulse import Stream, Unanswered
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.patience import wait_until
from tests.voice.ears import Music

WORDS = Words.load("en", "metric")
SETTINGS = VoiceSettings(player="sounddevice")
ORIGINAL = (54_321,)  # an odd volume, such as people have
LOWERED = (27_225,)  # 18 dB less, on the cubic scale
WINDOW = 0.1  # s in which the loudest sample is looked for
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
    wait_until(lambda: volumes(player) == wanted, f"{wanted} never came", every=0.1)


def heard(ears: Monitor, start: float, end: float, loud: float) -> list[tuple[int, ...]]:
    """The volumes at which the player sounded between two times, in turn. A recording misses none, however busy the machine.

    `loud` is how loud it is at ORIGINAL. A moment in which that changes, or the player is held up, belongs to no volume.
    """
    levels = loudness(ears, start, end)
    around = zip(levels, levels[1:], levels[2:], strict=False)
    steady = [each[1] for each in around if max(each) < 1.05 * min(each)]
    return [volumes for volumes, _ in groupby(_volumes(level / loud) for level in steady)]


def loudness(ears: Monitor, start: float, end: float) -> list[int]:
    """How loud each WINDOW between two times is: what three in four samples do not reach, so that a click does not count."""
    wait_until(lambda: ears.began + len(ears.samples) / ears.rate > end)
    moments = [start + number * WINDOW for number in range(int((end - start) / WINDOW))]
    samples = (sorted(map(abs, ears.between(moment, moment + WINDOW))) for moment in moments)
    return [each[3 * len(each) // 4] if each else 0 for each in samples]


def _volumes(share: float) -> tuple[int, ...]:
    """ORIGINAL or LOWERED, or else what would be so loud."""
    volume = round(ORIGINAL[0] * share ** (1 / 3))
    return next((each for each in (ORIGINAL, LOWERED) if abs(volume - each[0]) < 0.02 * each[0]), (volume,))


@contextmanager
def speaking(shown: list[str] | None = None, settings: VoiceSettings = SETTINGS) -> Iterator[Announcer]:
    shown = shown if shown is not None else []
    with Announcer(WORDS, settings, lambda at: at, shown.append) as announcer:
        announcer.say_text("Hello.")
        announcer.drain(60)
        if any("no sound" in line for line in shown):
            pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")
        yield announcer
