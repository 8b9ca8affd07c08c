"""Writes sound to a file, faster than it would be heard: texts one after the other, or all that is heard in a run."""

from __future__ import annotations

import queue
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from coach.core.events import Cue
from coach.errors import InvalidSettings
from coach.voice.booth import READY_WITHIN, STRIKES
from coach.voice.process.parent import Message, VoiceProcess, answered
from coach.voice.settings import VoiceSettings
from coach.voice.utterances import utterance_of
from coach.voice.waiting import gain_of
from coach.voice.words.phrasing import Words

PER_TEXT = 3.0  # s that a slow computer may take to render one text
PER_SECOND = 0.2  # s that it may take for a second of the run in which something is heard


class Timeline:
    """Listens to a run like an announcer, and writes what would be heard: each sound at its moment, cut off or dropped by the
    same rules, with the metronome.
    """

    def __init__(self, words: Words, settings: VoiceSettings) -> None:
        self._words, self._settings, self._ends = words, settings, 0.0
        self.handed: list[tuple[float, dict[str, Any]]] = []
        self._beats: list[tuple[float, int | None, float]] = []
        self._gain = 1.0
        self._taught: Counter[str] = Counter()

    def say(self, cue: Cue) -> None:
        said = utterance_of(cue, self._words, self._settings, len(self.handed) + 1, float, self._taught)
        if (said.earcon or said.worded) and not (said.worded and self._settings.engine == "none"):
            self.handed.append((cue.at, asdict(replace(said, gain=self._gain))))

    def metronome(self, at: float, spm: int | None) -> None:
        """Click `spm` times a minute from this second of the run on; None stops the clicks."""
        self._ends = at
        if (spm, self._gain if spm else 1.0) != (self._beats[-1][1:] if self._beats else (None, 1.0)):
            self._beats.append((at, spm, self._gain if spm else 1.0))

    def volume(self, level: int) -> None:
        """What comes from now on is heard at this level, in steps below the volume of the config: 0, -1, …."""
        self._gain = gain_of(level)

    def write(self, path: str, whole: bool) -> list[str]:
        """With `whole` the file is as long as the run; else silences are cut short and the metronome is left out.

        Returns the texts that were cut off by something more urgent, or came too late. Raises InvalidSettings if the file
        cannot be written, or words could not be spoken.
        """
        beats = self._beats if whole else []
        order = {"handed": self.handed, "beats": beats, "ends": self._ends, "whole": whole, "path": path}
        order |= {"settings": asdict(self._settings), "voice": self._words.voice}
        patience = READY_WITHIN + PER_TEXT * len(self.handed) + (PER_SECOND * self._ends if beats else 0.0)
        told = _attempted(path, self._settings, "perform", order, patience)
        _check(told, len(self.handed), self._settings)
        texts = {utterance["number"]: utterance["text"] for _, utterance in self.handed}
        return [texts[number] for number in told["unheard"]]


def render_wav(texts: list[str], path: str, settings: VoiceSettings, voice: str = "en-us") -> None:
    """Write all texts, one after the other, to one WAV file. Raises InvalidSettings if the file cannot be written."""
    _check(render(texts, path, settings, voice), len(texts), settings)


def render(texts: list[str], path: str, settings: VoiceSettings, voice: str) -> Message:
    """Returns the voice process's report: seconds, how many texts have no words, and what went wrong."""
    order = {"settings": asdict(settings), "voice": voice, "texts": texts, "path": path}
    return _attempted(path, settings, "render", order, READY_WITHIN + PER_TEXT * len(texts))


def _check(told: Message, texts: int, settings: VoiceSettings) -> None:
    if told["wordless"] and settings.engine != "none":
        raise InvalidSettings("[voice]", None, f"{told['wordless']} of {texts} texts were not spoken: {told['trouble']}")


def _attempted(path: str, settings: VoiceSettings, do: str, order: dict[str, Any], patience: float) -> Message:
    try:
        with Path(path).open("ab"):
            pass
    except OSError as error:
        raise InvalidSettings(path, None, f"cannot be written: {error.strerror}") from None
    why = ""
    for _ in range(STRIKES):
        answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        process = VoiceProcess(settings, lambda _, message, answers=answers: answers.put(message))  # type: ignore[misc]
        try:
            process.order_long(do, **order)
            return answered("rendered", answers, patience)
        except queue.Empty:
            why = "it did not answer"
        except RuntimeError as ended:
            why = str(ended)
        finally:
            process.kill()
    raise InvalidSettings("[voice]", None, f"the voice process failed {STRIKES} times: {why}")
