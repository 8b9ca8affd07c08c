"""Mixes sounds that play at the same time, block by block, on the sample clock; pure, so that a test can count samples.

One thread plays and cuts sounds, another (the sound card's) renders them. They share one tuple, and each field has one writer.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator

from coach.voice.process.sound import PEAK, RATE, Sound

FADE = RATE * 5 // 1000  # samples, 5 ms: a sound that is cut off must not click


class Source:
    """A sound that is played: from sample `at` of the clock, or at once."""

    def __init__(self, sound: Sound, at: int | None = None) -> None:
        self._sound = sound
        self._at = at
        self._cut: int | None = None  # written by cut() only
        self.begin: int | None = None  # written by part() only, as is _end
        self._end: int | None = None

    def cut(self, at: int | None) -> None:
        """Fade out from sample `at` on, or at once."""
        self._cut = -1 if at is None else at

    def covers(self, sample: int) -> bool:
        """Whether it is heard at this sample, which must not be later than the last block rendered."""
        if self.begin is None:
            return False
        end = self.begin + len(self._sound) if self._end is None else self._end
        return self.begin <= sample < end

    def is_over(self, position: int) -> bool:
        ended = self._end is not None and position >= self._end + FADE
        return ended or (self.begin is not None and position >= self.begin + len(self._sound))

    def part(self, position: int, frames: int) -> tuple[int, Sound] | None:
        """Its part in this block: the offset in the block, and the samples; None if it has none."""
        if self.begin is None:
            if self._at is not None and self._at >= position + frames:
                return None
            self.begin = max(position, position if self._at is None else self._at)
        if self._cut is not None and self._end is None and self._cut < position + frames:
            self._end = max(position, self._cut)
        start = max(self.begin, position)
        part = self._sound[start - self.begin : position + frames - self.begin]
        if self._end is not None:
            part = _faded(part, start, self._end)
        return (start - position, part) if part else None


class Metronome:
    """Clicks, `spm` a minute: click k begins at sample first + round(k · 60 · RATE / spm), so they never drift.

    A click that begins while something else is heard is the `soft` one. `clicks` (both) may be set at any time.
    """

    def __init__(self, spm: float, loud: Sound, soft: Sound) -> None:
        self.spm, self.clicks = spm, (loud, soft)
        self._first: int | None = None
        self._count = 0
        self._click, self._at = soft, 0

    def parts(self, position: int, frames: int, is_covered: Callable[[int], bool]) -> Iterator[tuple[int, Sound]]:
        """The clicks in this block: the offset in the block, and the samples of each."""
        if self._first is None:
            self._first = self._at = position
            self._click = array("h")
        yield from self._rest(position, frames)
        while (following := self._following()) < position + frames:
            self._click, self._at = self.clicks[is_covered(following)], following
            self._count += 1
            yield from self._rest(position, frames)

    def _following(self) -> int:
        return (self._first or 0) + round(self._count * 60 * RATE / self.spm)

    def _rest(self, position: int, frames: int) -> Iterator[tuple[int, Sound]]:
        start = max(self._at, position)
        if part := self._click[start - self._at : position + frames - self._at]:
            yield start - position, part


class Mixer:
    """`position` counts the samples rendered so far: it is the clock. `metronome` may be set at any time."""

    def __init__(self) -> None:
        self.position = 0
        self.metronome: Metronome | None = None
        self._sources: tuple[Source, ...] = ()

    def play(self, sound: Sound, at: int | None = None, over: bool = False) -> Source:
        """Plays a sound from sample `at` on (at once if that is past or None); `over` cuts off what still plays then."""
        sounding = tuple(source for source in self._sources if not source.is_over(self.position))
        if over:
            for source in sounding:
                source.cut(at)
        added = Source(sound, at)
        self._sources = (*sounding, added)
        return added

    def render(self, frames: int) -> Sound:
        """The next block."""
        sources, metronome = self._sources, self.metronome
        parts = [heard for source in sources if (heard := source.part(self.position, frames))]
        if metronome:
            parts += metronome.parts(self.position, frames, lambda at: any(source.covers(at) for source in sources))
        block = array("h", bytes(2 * frames))
        for offset, part in parts:
            if len(parts) == 1:
                block[offset : offset + len(part)] = part
            else:
                _add(block, offset, part)
        self.position += frames
        return block


class SampleClock:
    """Tells which sample is heard when. The sound card asks for blocks in bursts; its earliest requests show its real rate."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._offsets: deque[float] = deque(maxlen=64)

    def asked(self, position: int, now: float) -> None:
        """The block that begins at `position` was asked for at monotonic time `now`."""
        self._offsets.append(now - position / RATE)

    def forget(self) -> None:
        """The stream rested: from now on its samples are heard at other times."""
        self._offsets.clear()

    def sample(self, at: float) -> int:
        """The sample that is heard at monotonic time `at`."""
        return round((at - self._latency - min(self._offsets, default=at)) * RATE)


def begun(sound: Sound, behind: int) -> Sound:
    """The sound without its first `behind` samples: a sound that begins late must still end on time."""
    rest = sound[behind:]
    for at in range(min(FADE, len(rest)) if behind > 0 else 0):
        rest[at] = rest[at] * at // FADE
    return rest


def _faded(part: Sound, start: int, end: int) -> Sound:
    """The part at full loudness until sample `end`, then fading to silence within FADE."""
    keep = max(0, end - start)
    tail = part[keep : keep + max(0, end + FADE - start - keep)]
    gone = max(0, start - end)
    return part[:keep] + array("h", [sample * (FADE - gone - at) // FADE for at, sample in enumerate(tail)])


def _add(block: Sound, offset: int, part: Sound) -> None:
    for at, sample in enumerate(part, offset):
        block[at] = max(-PEAK, min(PEAK, block[at] + sample))
