"""Makes an utterance of a cue: its words, its sound, and from when to when it may be heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from math import isfinite

from coach.core.events import Cue
from coach.core.speech.rules import RULES
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import EXACT, Utterance
from coach.voice.words.phrasing import Words

ANNOUNCES, LONGEST_LOW = "preview", 15.0  # from this cue on others stay low until the countdown, for so many s at most
COUNTED_IN_BY = 1.0  # s after the latest end of a preview: by then the countdown sounds, also on a busy computer


def utterance_of(
    cue: Cue, words: Words, settings: VoiceSettings, number: int, moment: Callable[[float], float], taught: Counter[str]
) -> Utterance:
    """`moment` converts a second of the run to the time that the voice goes by; `taught` counts the sounds of the run.

    A sound that marks a moment is due earlier, by the delay of the headset or speaker (`delay_ms`).
    """
    earcon, worded = RULES[cue.kind].sign_of(cue.facts).heard(settings.sounds_only)
    worded = worded or _teaches(earcon, settings, taught)
    due, until, by = (moment(each) for each in (cue.due, cue.until, cue.by))
    full, short = words.text(cue), words.short(cue) if worded else ""
    said = Utterance(number, full, cue.priority, due, until, earcon, worded, short, by)
    if cue.kind == ANNOUNCES and isfinite(by):
        said = replace(said, low_until=min(by + COUNTED_IN_BY, due + LONGEST_LOW))
    delay, lead = settings.delay_ms / 1000, settings.wake_ms / 1000
    return replace(said, due=due - delay, until=until - delay, lead=lead) if said.is_exact else said


def _teaches(earcon: str, settings: VoiceSettings, taught: Counter[str]) -> bool:
    """Whether the words follow a sound that will stand alone later; those that mark a moment leave no time for it."""
    if earcon in ("", *EXACT) or settings.engine == "none":
        return False
    taught[earcon] += 1
    return taught[earcon] <= settings.taught
