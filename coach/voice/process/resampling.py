"""Resamples a sound by a polyphase windowed sinc, so that nothing of what a voice sent is folded into other frequencies.

Each output sample is a weighted sum of the input samples around its moment. The weights are a sinc, which cuts at the lower
of the two Nyquist frequencies, under a Kaiser window; they depend only on where between two input samples the moment lies,
and two rates have few such places ("phases"). Method: J. O. Smith, Digital Audio Resampling Home Page.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from itertools import repeat
from math import ceil, gcd, pi, sin, sqrt
from operator import mul

from coach.voice.process.sound import PEAK, Sound

CROSSINGS = 16  # zero crossings of the sinc on each side: the transition takes a ninth of the band
CUT = 0.885  # of the lower Nyquist frequency: the transition ends where aliases would begin
BETA = 5.65  # of the Kaiser window: aliases are 60 dB down
MOST_PHASES = 512  # more than any two usual rates have; for odd rates each moment is rounded to one of these

Weights = tuple[float, ...]


def resampled(sound: Sound, rate: int, wanted: int) -> Sound:
    """The sound, of `rate` samples a second, as one of `wanted`; it takes 2 to 3 µs of a fast core for each of its samples."""
    if rate == wanted or not sound:
        return sound
    phases = min(MOST_PHASES, wanted // gcd(rate, wanted))
    reach, weights = _weights(phases, min(1.0, wanted / rate))
    padded = [*repeat(float(sound[0]), reach), *map(float, sound), *repeat(float(sound[-1]), reach + 1)]
    result = array("h", bytes(2 * (len(sound) * wanted // rate)))
    for index in range(len(result)):
        place, phase = divmod((index * rate * phases + wanted // 2) // wanted, phases)
        value = round(sum(map(mul, weights[phase], padded[place : place + 2 * reach + 1])))
        result[index] = max(-PEAK, min(PEAK, value))
    return result


@lru_cache(maxsize=4)
def _weights(phases: int, band: float) -> tuple[int, list[Weights]]:
    """How many samples on each side count, and their weights in each phase. `band` is the share of the band that is kept."""
    reach = ceil(CROSSINGS / band)
    return reach, [_of_phase(phase / phases, reach, band) for phase in range(phases)]


def _of_phase(shift: float, reach: int, band: float) -> Weights:
    """For a moment `shift` (0 to 1) after a sample. They add up to 1, so that loudness does not flutter from phase to phase."""
    weights = [_kaiser((at - shift) / (reach + 1)) * _sinc((at - shift) * CUT * band) for at in range(-reach, reach + 1)]
    whole = sum(weights)
    return tuple(weight / whole for weight in weights)


def _sinc(at: float) -> float:
    return sin(pi * at) / (pi * at) if at else 1.0


def _kaiser(at: float) -> float:
    """The window at -1 to 1, not yet divided by its value at 0."""
    return _bessel(BETA * sqrt(max(0.0, 1 - at * at)))


def _bessel(x: float) -> float:
    """I0, by its series."""
    term = total = 1.0
    for n in range(1, 25):
        term *= (x / 2 / n) ** 2
        total += term
    return total
