"""The settings of the voice: the ``[voice]`` table of the config."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import isfinite
from typing import Any, ClassVar, Literal

from devices.api import suggestion
from devices.plugins import VOICES, plugins

FOLDER = "COACH_VOICE_FOLDER"  # the environment variable that tells a voice process where its sounds are made
ENGINES = ("auto", "pyttsx3", "hibari", "command", "none")
HIBARI_READS = "en-us"  # the voice that it takes the place of; its own are English
_BOUNDS = {
    "rate": (80, 400),
    "latency_ms": (5, 1000),
    "delay_ms": (0, 1000),
    "wake_ms": (0, 5000),
    "taught": (0, 1000),
    "volume": (0.0, 1.0),
    "metronome_volume": (0.0, 1.0),
    "duck_db": (-60.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`command` is an argument list with {text} and {wav} in it, for engine "command"; `file` is for player "wav"."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    engine: str = "auto"  # one of ENGINES, or a plug-in's; "auto": see engine_for
    player: Literal["auto", "sounddevice", "simpleaudio", "wav", "none"] = "auto"
    rate: int = 140  # words a minute
    voice: str = ""  # as the engine names it; empty for the language's usual voice
    command: list[str] = field(default_factory=list)
    device: str = "default"
    volume: float = 1.0
    sounds_only: bool = False  # each kind of cue has a sound, and none has words
    taught: int = 2  # how often in a run a sound that stands alone is followed by its words
    metronome_volume: float = 0.4
    duck: bool = True  # whether to lower other players while the coach speaks, by `duck_db`
    duck_db: float = -18.0  # dB
    latency_ms: int = 50  # delay of the sound card's buffer
    delay_ms: int = 0  # delay of what is connected to it, such as a wireless headset
    wake_ms: int = 500  # length of near silence before speech, which wakes a sleeping headset
    file: str = "cues.wav"

    def __post_init__(self) -> None:
        if self.engine not in ENGINES and self.engine not in engines():
            raise ValueError(f'engine = "{self.engine}" is not known; {suggestion(self.engine, engines())}')
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if not isfinite(value) or not least <= value <= most:
                raise ValueError(f"{name} = {value} is not between {least} and {most}")
        whole = " ".join(self.command)
        if self.engine == "command" and not ("{text}" in whole and "{wav}" in whole):
            raise ValueError('engine = "command" needs command = ["flite", "-t", "{text}", "-o", "{wav}"]')


def engines() -> tuple[str, ...]:
    """The names of all engines: ours, then those of plug-ins."""
    return (*ENGINES, *(name for name in sorted(plugins(VOICES)) if name not in ENGINES))


def engine_for(settings: VoiceSettings, voice: str) -> str:
    """What speaks; `voice` is the usual one of the runner's language, as espeak names it.

    "auto" is hibari where it is installed, the language is American English and no voice of espeak was asked for; else pyttsx3.
    """
    if settings.engine != "auto":
        return settings.engine
    return "hibari" if voice == HIBARI_READS and not settings.voice and find_spec("hibari") else "pyttsx3"


def mismatch(settings: VoiceSettings, voice: str) -> str:
    """Why the voice that will speak cannot read the runner's language, whose usual one is `voice`; "" if it can."""
    engine = engine_for(settings, voice)
    named = {"hibari": HIBARI_READS, "pyttsx3": settings.voice}.get(engine, "")  # nobody knows what a command reads
    reads, wanted = _language_of(named), _language_of(voice)
    if not reads or reads == wanted:
        return ""
    who, mend = (engine, 'engine = "auto"') if engine == "hibari" else (settings.voice, 'voice = ""')
    return f'{who} reads "{reads}", and the coach speaks "{wanted}". Try: [voice] {mend}, or [runner] language = "{reads}"'


def _language_of(voice: str) -> str:
    """ "en" of "en-us+f3", as espeak names its voices; "" where the name does not tell."""
    found = re.match(r"(?!mb-)[a-z]{2,3}(?=[-+]|$)", voice)
    return found[0] if found else ""
