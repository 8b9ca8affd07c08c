"""The sounds of a run, for the hearing bench: wind, footsteps and music, mixed with speech. Needs numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from coach.voice.process.sound import RATE, Sound

STEPS = 172  # a minute
FROM = 200.0  # Hz: below it nothing of speech is heard, and small loudspeakers play nothing
PADDING = 0.4  # s of noise before and after
CHORDS = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (164.8, 207.7, 246.9))  # Hz
BEATS = 126  # a minute
Samples = Any  # np.ndarray of float64: numpy is no dependency, so mypy may not know it


def in_the_open(sound: Sound, snr: float, seed: int) -> Samples:
    """The sound in wind, footsteps and music, at RATE, between -1 and 1; `snr` in dB between the RMS above FROM."""
    speech = np.concatenate(
        [np.zeros(round(PADDING * RATE)), np.asarray(sound, float) / 32_768, np.zeros(round(PADDING * RATE))]
    )
    chance = np.random.default_rng(seed)
    noise = sum(_level(each(len(speech), chance)) for each in (wind, footsteps, music))
    spoken = np.asarray(sound, float) / 32_768
    noise *= _rms(_above(spoken)) / _rms(_above(noise)) / 10 ** (snr / 20)
    return np.clip(speech + noise, -1.0, 1.0)


def wind(count: int, chance: np.random.Generator) -> Samples:
    """Noise that falls by 4.5 dB an octave, in gusts of a second or two."""
    spectrum = np.fft.rfft(chance.normal(size=count))
    spectrum *= np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0) ** -0.75
    knots = np.arange(0, count + 2 * RATE, RATE // 2)
    gusts = np.interp(np.arange(count), knots, chance.uniform(0.4, 1.6, len(knots)))
    return np.fft.irfft(spectrum, count) * gusts


def footsteps(count: int, chance: np.random.Generator) -> Samples:
    """A thud and a scrape for each step."""
    steps = np.zeros(count)
    time = np.arange(round(0.09 * RATE)) / RATE
    for begin in np.arange(chance.uniform(0, 60 / STEPS), count / RATE, 60 / STEPS):
        thud = np.sin(2 * np.pi * 90 * time) * np.exp(-time / 0.02) + 0.5 * chance.normal(size=len(time)) * np.exp(-time / 0.03)
        at = round(begin * RATE)
        steps[at : at + len(thud)] += (thud * chance.uniform(0.7, 1.3))[: count - at]
    return steps


def music(count: int, chance: np.random.Generator) -> Samples:
    """Chords with harmonics, a bass, a drum on each beat and a hat between."""
    time, beat = np.arange(count) / RATE, 60 / BEATS
    begin = chance.uniform(0, 4 * beat)
    which = ((time + begin) // (4 * beat)).astype(int) % len(CHORDS)
    tones = np.zeros(count)
    for number, chord in enumerate(CHORDS):
        part = sum(np.sin(2 * np.pi * f * k * time) / k for f in chord for k in (1, 2, 3, 4, 6))
        tones += (which == number) * (part + 2 * np.sin(np.pi * chord[0] * time))
    since = (time + begin) % beat
    drum = 3 * np.sin(2 * np.pi * 60 * since) * np.exp(-since / 0.05)
    hat = chance.normal(size=count) * np.exp(-((time + begin + beat / 2) % beat) / 0.02)
    return tones / 3 + drum + hat


def resampled_to(samples: Samples, rate: int) -> Samples:
    """From RATE to `rate`, by the spectrum."""
    count = round(len(samples) * rate / RATE)
    spectrum = np.fft.rfft(samples)
    wanted = np.zeros(count // 2 + 1, complex)
    keep = min(len(spectrum), len(wanted))
    wanted[:keep] = spectrum[:keep]
    return np.fft.irfft(wanted, count) * (count / len(samples))


def _above(samples: Samples) -> Samples:
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < FROM] = 0
    return np.fft.irfft(spectrum, len(samples))


def _level(samples: Samples) -> Samples:
    return samples / _rms(_above(samples))


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
