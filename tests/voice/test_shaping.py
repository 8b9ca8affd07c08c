"""Speech is shaped for wind and music: less bass, more consonants, even loudness, as loud as before, never clipped."""

from array import array
from math import log10, pi, sin

import pytest

from coach.voice.process.shaping import BASS, LIFT, LIMIT, SHELF, shaped
from coach.voice.process.sound import PEAK, RATE, SPEECH, Sound, silence


def tone(*parts: tuple[float, float], seconds: float = 1.0) -> Sound:
    """Sines of (Hz, amplitude from 0 to 1), added."""
    count = round(seconds * RATE)
    return array("h", [round(PEAK * sum(a * sin(2 * pi * f * at / RATE) for f, a in parts)) for at in range(count)])


def rms(sound: Sound) -> float:
    return float((sum(sample * sample for sample in sound) / len(sound)) ** 0.5)


def share(sound: Sound, frequency: float) -> float:
    """The amplitude of one frequency, by correlation."""
    turn = 2 * pi * frequency / RATE
    across = sum(sample * sin(turn * at) for at, sample in enumerate(sound))
    along = sum(sample * sin(turn * at + pi / 2) for at, sample in enumerate(sound))
    return float(2 * (across**2 + along**2) ** 0.5 / len(sound))


@pytest.mark.parametrize("loudness", [0.005, 0.1, 0.9])
def test_every_phrase_is_as_loud_as_the_others(loudness: float) -> None:
    assert rms(shaped(tone((600.0, loudness)))) == pytest.approx(SPEECH, rel=0.02)


def test_bass_goes_and_consonants_come_forward() -> None:
    both = shaped(tone((BASS / 4, 0.2), (700.0, 0.2), (2 * SHELF, 0.2)))
    bass, vowel, consonant = (20 * log10(share(both, f)) for f in (BASS / 4, 700.0, 2 * SHELF))
    assert vowel - bass > 20
    assert consonant - vowel == pytest.approx(LIFT, abs=1.0)


def test_quiet_syllables_come_up_to_the_loud_ones() -> None:
    even = shaped(tone((600.0, 0.4), seconds=0.5) + tone((600.0, 0.05), seconds=0.5))
    half = len(even) // 2
    loud, quiet = rms(even[half // 4 : half]), rms(even[half + half // 4 :])
    assert 20 * log10(loud / quiet) == pytest.approx(0.4 * 20 * log10(8), abs=1.0)


def test_it_never_clips_and_keeps_its_length() -> None:
    clicks = tone((3000.0, 0.02), seconds=1.0)
    clicks[5000:5100] = tone((500.0, 1.0), seconds=100 / RATE)
    made = shaped(clicks)
    assert len(made) == len(clicks)
    assert max(map(abs, made)) <= LIMIT * PEAK


def test_silence_stays_silence() -> None:
    assert shaped(silence(0.1)) == silence(0.1)
