"""Speech by hibari-tts (Apache-2.0), a small neural network that reads English; it stays loaded in the voice process.

Loading takes a second or more, so a thread does it. It never downloads: a voice that is not on this computer is refused.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

USUAL = "heart"  # the voice that is in the package
NATURAL = 145.0  # `rate` at which it speaks at its own speed: slower, a machine ear chose fewer cues right (38, 37, 36 of 40)
SLOWEST, FASTEST = 0.5, 2.0  # times its own speed, by its documentation
INSTALL = 'pip install "progression-coach[voice]"'


class Hibari:
    """An engine. `voice` is one of its names; empty for the usual one; `rate` in words a minute."""

    def __init__(self, voice: str, rate: int) -> None:
        self._voice = voice or USUAL
        self._speed = min(FASTEST, max(SLOWEST, rate / NATURAL))
        self._speaks: Any = None
        self._trouble: Exception | None = None
        self._loading = threading.Thread(target=self._load, name="hibari", daemon=True)
        self._loading.start()

    def is_ready(self, within: float = 0.0) -> bool:
        """Whether it is loaded, or has failed to; waits at most `within` s for that."""
        self._loading.join(within)
        return not self._loading.is_alive()

    def wav(self, text: str, path: Path) -> None:
        """Raises RuntimeError if it could not be loaded."""
        self._loading.join()
        if self._trouble:
            raise RuntimeError(str(self._trouble)) from self._trouble
        self._speaks.save(text, str(path), speed=self._speed, seed=0)  # the same noise in each phrase: the same phrase again

    def _load(self) -> None:
        try:
            from hibari import Hibari as Network
            from hibari.voices import voice_path

            model = voice_path(self._voice, download_missing=False)
            self._speaks = Network(voice=self._voice, model=model, threads=1)
            self._speaks("Ready.")  # the words and their sounds are read with the first phrase
        except ImportError as missing:
            self._trouble = RuntimeError(f"{missing}: {INSTALL}")
        except FileNotFoundError as missing:
            self._trouble = RuntimeError(f"hibari's voice {self._voice!r} is not on this computer: {missing}")
        except Exception as bug:  # whatever a young library raises, the voice goes on with another engine
            self._trouble = RuntimeError(f"hibari: {type(bug).__name__}: {bug}")
