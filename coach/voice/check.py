"""Tests the speech engine and the player in a real voice process; each failure comes with a command to try."""

from __future__ import annotations

import queue
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from coach.errors import InvalidSettings
from coach.voice.booth import READY_WITHIN
from coach.voice.process import hibari
from coach.voice.process.parent import Message, VoiceProcess, answered
from coach.voice.process.synth import INSTALL
from coach.voice.rendering import render
from coach.voice.server import ducking, pulse
from coach.voice.settings import VoiceSettings, engine_for, mismatch

_PIPS = {"earcon": "pips", "text": "", "short": "", "at": None, "by": None, "over": False}
PHRASE = "Slow down. Ten seconds too fast."


def voice_check(settings: VoiceSettings, voice: str = "en-us") -> list[tuple[bool, str]]:
    """A line each about the engine, the player and the music: whether it works, and what to type if it does not."""
    with ThreadPoolExecutor() as at_once:  # each waits for other programs
        engine, player = at_once.submit(_engine, settings, voice), at_once.submit(_player, settings, voice)
        others = at_once.submit(_others, settings)
        return [engine.result(), player.result(), *others.result()]


def _engine(settings: VoiceSettings, voice: str) -> tuple[bool, str]:
    if settings.engine == "none":
        return True, 'voice: engine = "none": beeps only'
    if settings.sounds_only:
        return True, "voice: sounds_only = true: each cue is a sound without words"
    engine = engine_for(settings, voice)
    named = settings.voice or (hibari.USUAL if engine == "hibari" else voice)
    name = f"{engine}, {named}, {settings.rate} words a minute"
    if why := mismatch(settings, voice):
        return False, f"voice: {name}: {why}"
    with tempfile.TemporaryDirectory(prefix="coach-voice-") as folder:
        try:
            told = render([PHRASE], str(Path(folder) / "check.wav"), settings, voice)
        except InvalidSettings as failed:
            return False, f"voice: {name}: {failed}. Try: {INSTALL}"
    if told["wordless"]:
        return False, f"voice: {name} cannot speak: {told['trouble']}. Try: {INSTALL}"
    if told["trouble"]:
        return False, f"voice: {name}: {told['trouble']}. Another voice is used instead"
    return True, f"voice: {name}"


def _player(settings: VoiceSettings, voice: str) -> tuple[bool, str]:
    if settings.player == "none":
        return True, 'sound: player = "none": nothing will be heard'
    if settings.player == "wav":
        return _file(Path(settings.file))
    answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
    process = VoiceProcess(settings, lambda _, message: answers.put(message))
    began = time.monotonic()
    try:
        process.start(replace(settings, engine="none"), voice, words=False, again=False)
        opened = answered("ready", answers, READY_WITHIN)
        ready = time.monotonic() - began
        process.order("play", id=1, **_PIPS, until=time.monotonic() + READY_WITHIN)
        answered("ended", answers, READY_WITHIN)
    except queue.Empty:
        return False, f"sound: {settings.player} hangs; the sound server may be stuck. Try: systemctl --user restart pipewire"
    except RuntimeError as missing:
        return False, f"sound: {missing}"
    finally:
        process.close()
    return True, f"sound: {opened['player']} opened after {ready:.1f} s and played two pips"


def _others(settings: VoiceSettings) -> list[tuple[bool, str]]:
    """Whether music can be lowered; without pactl it cannot, but everything else works."""
    if not ducking.wanted(settings):
        return []
    if not pulse.is_there():
        return [(True, f"music will not be lowered, because pactl is missing. Try: {pulse.INSTALL}")]
    try:
        count = len(pulse.streams())
    except pulse.Unanswered as why:
        return [(True, f"music will not be lowered ({why})")]
    playing = f"; {count} play now" if count else ""
    return [(True, f"music: other players are lowered by {-settings.duck_db:g} dB while the coach speaks{playing}")]


def _file(path: Path) -> tuple[bool, str]:
    if path.parent.is_dir():
        return True, f"sound: everything is written to {path}"
    return False, f"sound: the folder for {path} is missing. Try: mkdir -p {path.parent}"
