"""Recognises recorded cues with a closed list, in a process of its own: decoding beside a player costs the player blocks.

``python -m tests.voice.recognise FOLDER``: the folder holds phrases.json (all that may be said) and raw recordings,
16 kHz int16, named 00.raw, 01.raw …; the answer is a JSON list of what was understood.
"""

from __future__ import annotations

import json
import random
import re
import sys
from array import array
from itertools import cycle
from pathlib import Path

from pocketsphinx import Decoder, get_model_path

RATE = 16_000
PADDING = 0.3  # s of noise on both sides
NOISE = 184  # RMS, -45 dBFS: the model was trained on rooms, not on digital silence
UNLISTED = {"gps": "JH IY P IY EH S", "footpod": "F UH T P AA D"}  # words that the model's dictionary lacks


def plain(text: str) -> str:
    """As a grammar writes it."""
    return " ".join(re.findall(r"[a-z']+", text.casefold()))


def decoder(phrases: list[str], folder: Path) -> Decoder:
    model = Path(get_model_path()) / "en-us"
    grammar = folder / "cues.gram"
    grammar.write_text(f"#JSGF V1.0;\ngrammar c;\npublic <c> = {' | '.join(map(plain, phrases))};\n")
    made = Decoder(hmm=str(model / "en-us"), dict=str(model / "cmudict-en-us.dict"), lm=None, samprate=RATE, loglevel="FATAL")
    for word, phones in UNLISTED.items():
        if made.lookup_word(word) is None:
            made.add_word(word, phones, True)
    made.add_jsgf_file("cues", str(grammar))
    made.activate_search("cues")
    return made


def noise() -> list[int]:
    """A second of it, which is heard over and over: to draw each sample anew takes longer than to recognise what is said."""
    chance = random.Random(1)
    return [round(chance.gauss(0, NOISE)) for _ in range(RATE)]


def understood(ears: Decoder, recording: bytes, around: list[int]) -> str:
    padding = bytes(2 * round(PADDING * RATE))
    heard = zip(array("h", padding + recording + padding), cycle(around), strict=False)
    noisy = array("h", [max(-32_768, min(32_767, sample + more)) for sample, more in heard])
    ears.start_utt()
    ears.process_raw(noisy.tobytes(), full_utt=True)
    ears.end_utt()
    return re.sub(r"\(\d+\)", "", ears.hyp().hypstr) if ears.hyp() else ""


def main(folder: Path) -> None:
    ears, around = decoder(json.loads((folder / "phrases.json").read_text()), folder), noise()
    print(json.dumps([understood(ears, path.read_bytes(), around) for path in sorted(folder.glob("*.raw"))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
