"""Keeps phrases that were made: in memory for this run, on disk for the next run and for a restarted voice process."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from collections import OrderedDict
from pathlib import Path

from platformdirs import user_cache_path

from coach.voice.process.sound import Sound
from coach.voice.process.wav import read_wav, write_wav

FORMAT = "3"  # changed whenever phrases are made differently, so that old files are not used
MOST_FILES = 2_000  # on disk, about 80 kB each
MOST_PHRASES = 20  # in memory, 1.5 MB; from the disk a phrase takes a millisecond
LONGEST = 80  # characters of a phrase in the name of its file


class PhraseCache:
    """The key is everything that decides how a phrase sounds. With a full or read-only disk phrases are made again."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or user_cache_path("progression-coach") / "voice"
        self._phrases: OrderedDict[str, Sound] = OrderedDict()
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._forget_oldest()

    def get(self, *key: object) -> Sound | None:
        name = _name(key)
        if name in self._phrases:
            self._phrases.move_to_end(name)
            return self._phrases[name]
        path = self._folder / name
        try:
            sound = read_wav(path)
        except ValueError:  # missing or damaged: the phrase is made again
            return None
        self._remember(name, sound)
        return sound

    def put(self, sound: Sound, *key: object) -> None:
        name = _name(key)
        self._remember(name, sound)
        part = self._folder / f"{name}.{os.getpid()}"
        try:
            write_wav(part, sound)
            part.replace(self._folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()

    def _remember(self, name: str, sound: Sound) -> None:
        self._phrases[name] = sound
        if len(self._phrases) > MOST_PHRASES:
            self._phrases.popitem(last=False)

    def _forget_oldest(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[MOST_FILES:]:
            path.unlink()


def _name(key: tuple[object, ...]) -> str:
    """What is said, which comes last in the key, and a checksum of all of it: hashlib would load OpenSSL, 3 MB of memory."""
    whole = "\0".join([FORMAT, *map(str, key)]).encode()
    said = re.sub(r"[^a-z0-9]+", "-", str(key[-1]).lower()).strip("-")
    return f"{said[:LONGEST]}-{len(whole)}-{zlib.crc32(whole):08x}.wav"
