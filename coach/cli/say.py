"""`coach say`: speaks a text, lets one hear the sounds and the voices, or measures the delay of the sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, MISSING, OK, guarded, may_write
from coach.config import load
from coach.errors import InvalidSettings
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words


@click.command()
@click.argument("text", nargs=-1)
@click.option("--wav", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file instead.")
@click.option("--volume", type=float, help="0 to 1, instead of the config's.")
@click.option("--rate", type=int, help="Words a minute, instead of the config's.")
@click.option("--calibrate", type=click.Choice(["tap", "auto"]), flag_value="tap", is_flag=False,
              help="Measure the delay of the sound: press a key on each beep; auto: by the sound server.")  # fmt: skip
@click.option("--sounds", "show", flag_value="sounds", help="Play each sound of a run and say what it means.")
@click.option(
    "--voices", "show", flag_value="voices", help="Hear the voices of your language, and what to write into the config."
)
@click.pass_obj
@guarded
def say(config: Path | None, text: tuple[str, ...], calibrate: str | None, show: str | None, **asked: Any) -> int:
    """Hear the voice say TEXT. Or hear all sounds or voices, or measure how late you hear them."""
    if calibrate:
        return _calibrate(config, calibrate, asked["volume"])
    if show:
        from coach.cli import sampling

        settings = load(config)
        voice = _voice(settings.voice, volume=asked["volume"], rate=asked["rate"])
        words = Words.load(settings.runner.language, settings.runner.units)
        return MISSING if _is_mute(voice) else sampling.SHOWN[show](words, voice)
    if not "".join(text).strip():
        raise click.UsageError("nothing to say; type: coach say one two three")
    return _say(config, " ".join(text), **asked)


def _say(config: Path | None, text: str, wav: Path | None, volume: float | None, rate: int | None) -> int:
    from coach.voice.announcer import Announcer
    from coach.voice.rendering import render_wav

    settings = load(config)
    voice = _voice(settings.voice, volume=volume, rate=rate)
    words = Words.load(settings.runner.language, settings.runner.units)
    if wav:
        if not may_write(wav):
            return FAILED
        render_wav([text], str(wav), voice, words.voice)
        return 0
    if _is_mute(voice):
        return MISSING
    troubles: list[str] = []

    def show(line: str) -> None:
        troubles.append(line)
        click.echo(line, err=True)

    with Announcer(words, voice, lambda at: at, show=show) as announcer:
        announcer.say_text(text)
        announcer.drain()
    return MISSING if troubles else OK


def _is_mute(voice: VoiceSettings) -> bool:
    if voice.player == "none":
        click.echo('[voice] player = "none" in the config, so nothing can be heard', err=True)
    return voice.player == "none"


def _calibrate(config: Path | None, how: str, volume: float | None) -> int:
    from coach.voice import latency

    voice = replace(_voice(load(config).voice, volume=volume), delay_ms=0)
    if voice.player == "none":
        raise InvalidSettings("[voice] player", None, '"none" cannot be calibrated', 'player = "auto"')
    lag = latency.by_ear(voice, click.echo) if how == "tap" else latency.by_monitor(voice)
    for line in latency.told(lag, by_hand=how == "tap"):
        click.echo(line)
    return 0


def _voice(settings: VoiceSettings, **asked: float | None) -> VoiceSettings:
    """The settings with the command line's options. Raises InvalidSettings if one is out of bounds."""
    try:
        return replace(settings, **{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]
    except ValueError as wrong:
        raise InvalidSettings("coach say", None, str(wrong)) from None
