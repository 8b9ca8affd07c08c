"""What every player offers: it plays sounds, clicks, rests in silence, and tells when a sound was heard to its end."""

from __future__ import annotations

from typing import Protocol

from coach.voice.process.sound import Sound


class NoDevice(Exception):
    """No sound can be played; the message says why and what to type."""


class Playing(Protocol):
    """A sound that is being played, or will be."""

    ends: float  # monotonic s: when it will have ended, if the device keeps up

    def is_over(self, now: float) -> bool:
        """Whether its last sample was heard. On a busy machine a device falls behind, and that is later than `ends`."""


class Player(Protocol):
    def play(self, sound: Sound, at: float | None, over: bool) -> Playing:
        """Plays from monotonic time `at` on, or at once; `over` cuts off what is playing then.

        A sound that is too late for `at` begins in the middle, where it should be by now.
        """

    def beat(self, spm: float | None, loudness: float) -> None:
        """Clicks `spm` times a minute, mixed with everything else; None stops. Raises NoDevice if this player cannot."""

    def rest(self) -> None:
        """Nothing is heard and nothing will be for a while: costs nothing until something is played."""

    def is_lost(self) -> bool:
        """Whether the device is gone, or has stopped asking for sound."""

    def close(self) -> None: ...
