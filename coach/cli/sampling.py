"""What `coach say --sounds` and `--voices` do: each sound with its meaning; each voice of the language with its config."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec

import click

from coach.cli.guard import MISSING, OK
from coach.core.events import Cue
from coach.voice.announcer import Announcer
from coach.voice.settings import HIBARI_READS, VoiceSettings
from coach.voice.words.phrasing import Words

VARIANTS = ("", "+f2", "+f3", "+f4", "+m3", "+m7")  # of espeak's voices: higher, or deeper
FAST = Cue(0.0, "ease_off", 3, 0.0, 0.0, {"speed": 1000 / 295, "target": 1000 / 305, "nth": 1})


def sounds(words: Words, voice: VoiceSettings) -> int:
    """Plays each sound, followed by its meaning. 0 if all went well."""
    troubles: list[str] = []
    with Announcer(words, replace(voice, sounds_only=False), lambda at: at, troubles.append) as announcer:
        for name, meaning in words.sounds.items():
            click.echo(f"{name:<14} {meaning}")
            announcer.say_text(meaning, name)
            announcer.drain()
    return _told(troubles)


def voices(words: Words, voice: VoiceSettings) -> int:
    """Says a correction in each voice, after printing what to write under [voice]."""
    troubles: list[str] = []
    for settings in candidates(words.voice, voice):
        named = f', voice = "{settings.voice}"' if settings.voice else ""
        click.echo(f'engine = "{settings.engine}"{named}')
        with Announcer(words, settings, lambda at: at, troubles.append) as announcer:
            announcer.say_text(words.text(FAST))
            announcer.drain()
    if words.voice == HIBARI_READS and not find_spec("hibari"):
        click.echo('A more natural one: pip install "progression-coach[voice]"')
    return _told(troubles)


def candidates(usual: str, voice: VoiceSettings) -> Iterator[VoiceSettings]:
    """The voices that read the language whose usual one is `usual`: hibari's where it is installed, then espeak's."""
    if usual == HIBARI_READS and find_spec("hibari"):
        yield replace(voice, engine="hibari", voice="")
    for variant in VARIANTS:
        yield replace(voice, engine="pyttsx3", voice=usual + variant)


def _told(troubles: list[str]) -> int:
    for line in dict.fromkeys(troubles):
        click.echo(line, err=True)
    return MISSING if troubles else OK


SHOWN: dict[str, Callable[[Words, VoiceSettings], int]] = {"sounds": sounds, "voices": voices}
