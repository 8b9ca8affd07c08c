"""Shapes speech so that it is understood in wind, footsteps and music: less bass, more consonants, even loudness.

A high-pass takes what wind covers anyway, a shelf lifts the consonants, a compressor brings quiet syllables up to the loud
ones, and a soft limit keeps the peaks. The RMS stays as it is, so a phrase is as loud as before, but heard through
some 5 dB more noise. Filters as in R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from math import cos, exp, pi, sin, sqrt, tanh

from coach.voice.process.sound import PEAK, RATE, SPEECH, Sound

BASS = 220.0  # Hz: everything below is taken away
SHELF, LIFT = 1_800.0, 9.0  # Hz above which consonants are lifted, and by how many dB
ATTACK, RELEASE = 0.003, 0.080  # s within which the compressor follows a sound that grows or fades
EVEN = 0.6  # share (in dB) of a syllable's difference from the mean loudness that is taken away
MOST_LIFTED = 4.0  # factor: quieter parts are breath and noise
LIMIT = 0.885  # of full scale
_STEP = 11  # samples, half a millisecond: the compressor's gain is worked out this often

Biquad = tuple[float, float, float, float, float]  # b0, b1, b2, a1, a2, with a0 = 1


def shaped(sound: Sound) -> Sound:
    """The same words at the usual loudness (RMS of SPEECH), shaped; silence stays silence."""
    samples = list(_filtered(_filtered(sound, _high_pass(BASS)), _high_shelf(SHELF, LIFT)))
    power = _rms(samples)
    if not power:
        return sound
    evened = _evened([sample / power for sample in samples])
    scale = SPEECH / PEAK / _rms(evened)
    return array("h", [round(PEAK * LIMIT * tanh(scale * sample / LIMIT)) for sample in evened])


def _evened(samples: list[float]) -> list[float]:
    """Compressed: `samples` have an RMS of 1."""
    fast, slow = exp(-_STEP / (ATTACK * RATE)), exp(-_STEP / (RELEASE * RATE))
    heard, evened = 0.0, list[float]()
    for begin in range(0, len(samples), _STEP):
        part = samples[begin : begin + _STEP]
        loudness = _rms(part)
        keep = fast if loudness > heard else slow
        heard = keep * heard + (1 - keep) * loudness
        gain = min(MOST_LIFTED, heard**-EVEN) if heard > 0.0 else MOST_LIFTED
        evened += [gain * sample for sample in part]
    return evened


def _filtered(samples: Sound | Iterator[float], biquad: Biquad) -> Iterator[float]:
    b0, b1, b2, a1, a2 = biquad
    x1 = x2 = y1 = y2 = 0.0
    for x in samples:
        y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x2, x1, y2, y1 = x1, x, y1, y
        yield y


def _high_pass(frequency: float) -> Biquad:
    """Second order, Butterworth: 3 dB less at `frequency` (Hz), 12 dB an octave below."""
    turn = 2 * pi * frequency / RATE
    alpha = sin(turn) / sqrt(2)
    a0 = 1 + alpha
    edge = (1 + cos(turn)) / 2 / a0
    return edge, -2 * edge, edge, -2 * cos(turn) / a0, (1 - alpha) / a0


def _high_shelf(frequency: float, gain: float) -> Biquad:
    """Half of `gain` (dB) at `frequency` (Hz), all of it above."""
    root, turn = 10 ** (gain / 40), 2 * pi * frequency / RATE
    alpha, middle = sin(turn) / sqrt(2), cos(turn)
    bend = 2 * sqrt(root) * alpha
    a0 = root + 1 - (root - 1) * middle + bend
    return (
        root * (root + 1 + (root - 1) * middle + bend) / a0,
        -2 * root * (root - 1 + (root + 1) * middle) / a0,
        root * (root + 1 + (root - 1) * middle - bend) / a0,
        2 * (root - 1 - (root + 1) * middle) / a0,
        (root + 1 - (root - 1) * middle - bend) / a0,
    )


def _rms(samples: list[float]) -> float:
    return sqrt(sum(sample * sample for sample in samples) / len(samples)) if samples else 0.0
