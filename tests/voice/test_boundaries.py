"""Around every change of segment on a treadmill: greeting, preview, setting, countdown and start never push one another out.

On the clock of a file, with a voice that takes as long as espeak's longest phrases do for their letters.
"""

from collections import deque
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from coach.core.plan.segments import Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.running.replay import replay
from coach.runs.recording import Recording
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.voice.process.rendering import File, Run
from coach.voice.rendering import Timeline
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import Utterance
from devices.sample import Stride

COUNTDOWN = 3.4  # s
# s a letter. Previews and settings take espeak at most 0.078 in English, 0.076 in German, 0.062 in French, 0.077 in Spanish
LETTER = {"en": 0.09, "de": 0.08, "fr": 0.08, "es": 0.08}
PARTS = (("Warm-up", Kind.WARMUP), ("Half-marathon effort", Kind.STEADY), ("Tempo", Kind.TEMPO), ("Cool-down", Kind.COOLDOWN))
EVEN, RISING = (Steady(2.5), Steady(3.0), Steady(3.3), Steady(2.2)), (Ramp(2.2, 2.8), Ramp(2.8, 3.4), Steady(3.6), None)


class Talker:
    """A voice that takes its time, and makes no sound."""

    wordless = 0

    def __init__(self, file: File, told: deque[tuple[str, dict[str, Any]]], letter: float) -> None:
        self._file, self._told, self._letter, self._ends = file, told, letter, dict[int, float]()

    def look(self) -> bool:
        for number in [number for number, ends in self._ends.items() if ends <= self._file.at]:
            del self._ends[number]
            self._told.append(("ended", {"id": number}))
        return True

    def play(self, message: dict[str, Any]) -> None:
        if message["over"]:
            self._ends.clear()
        for text in (message["text"], message["short"]):
            ends = (message["at"] or self._file.at) + (self._letter * len(text) if text else COUNTDOWN)
            if message["by"] is None or ends <= message["by"]:
                self._ends[message["id"]] = ends
                return
        self._told.append(("late", {"id": message["id"]}))

    def beat(self, message: dict[str, Any]) -> None:
        """Nobody clicks here."""


@pytest.mark.parametrize("language", LETTER)
@pytest.mark.parametrize("targets", [EVEN, RISING])
@pytest.mark.parametrize("lengths", [(60, 90, 45, 60), (30, 30, 30, 30), (60, 40, 10, 15)])
def test_nothing_is_pushed_out(
    lengths: tuple[int, ...], targets: tuple[Steady | Ramp | None, ...], language: str, tmp_path: Path
) -> None:
    parts = zip(PARTS, lengths, targets, strict=True)
    plan = Plan("Belt", tuple(Segment(name, kind, Duration(float(length)), target) for (name, kind), length, target in parts))
    items = [Stride(float(at), "pod", 2.8) for at in range(sum(lengths) + 2)]
    setup = Setup(plan, Settings(treadmill=True), language=language)
    timeline = Timeline(setup.words(), VoiceSettings())
    replay(Recording(lambda: iter(items), None, 0, lambda: 0), setup, Lines("km", lambda line: None), timeline=timeline)
    handed = [(at, Utterance(**utterance)) for at, utterance in timeline.handed]
    with File(tmp_path / "heard.wav", whole=False) as file:
        told: deque[tuple[str, dict[str, Any]]] = deque()
        run = Run(file, told, Talker(file, told, LETTER[language]))
        run.through(handed, [])
    assert [each.text for _, each in handed if each.number in run.unheard] == []
    previews = [each for _, each in handed if isfinite(each.by)]
    assert previews and all(each.low_until > each.due + 4.0 for each in previews), "others stay low until the countdown"
