"""Mixed to the sample: what begins when, what is cut short, what is summed; and sounds as files."""

import cmath
import wave
from array import array
from dataclasses import replace
from itertools import pairwise
from math import pi, sin
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.core.speech.rules import RULES
from coach.voice.process import earcons
from coach.voice.process.cache import PhraseCache
from coach.voice.process.mixer import FADE, Metronome, Mixer, SampleClock, begun
from coach.voice.process.resampling import resampled
from coach.voice.process.sound import PEAK, RATE, Sound, scaled, silence, trimmed
from coach.voice.process.wav import read_wav, write_wav
from coach.voice.waiting import AHEAD, Utterance, Waiting

LEVEL = 16_000.0  # of PEAK: of the tones that are resampled
BLOCKS = st.lists(st.integers(1, 700), min_size=1, max_size=40)


def flat(level: int, length: int) -> Sound:
    return array("h", [level] * length)


def tone(pitch: float, rate: int) -> Sound:
    """A tenth of a second."""
    return array("h", [round(LEVEL * sin(2 * pi * pitch * at / rate)) for at in range(rate // 10)])


def split_at(pitch: float, sound: Sound) -> tuple[float, float]:
    """The amplitude of the tone in it, and of all the rest (by RMS), by least squares."""
    turns = [cmath.rect(1.0, 2 * pi * pitch * at / RATE) for at in range(len(sound))]
    found = 2 * sum(sample / turn for sample, turn in zip(sound, turns, strict=True)) / len(sound)
    rest = [sample - (found * turn).real for sample, turn in zip(sound, turns, strict=True)]
    return abs(found), (2 * sum(each * each for each in rest) / len(rest)) ** 0.5


def rendered(mixer: Mixer, blocks: list[int]) -> Sound:
    whole = array("h")
    for frames in blocks:
        whole += mixer.render(frames)
    return whole


def onsets(sound: Sound) -> list[int]:
    loud = [at for at, sample in enumerate(sound) if sample]
    return [loud[0], *(after for before, after in pairwise(loud) if after - before > RATE // 10)]


@given(st.integers(0, 3000), BLOCKS)
@settings(deadline=None)
def test_a_sound_begins_at_its_sample_whatever_the_blocks(at: int, blocks: list[int]) -> None:
    mixer = Mixer()
    mixer.play(flat(100, 500), at)
    heard = rendered(mixer, blocks)
    assert heard == (silence(0) + flat(0, at) + flat(100, 500) + flat(0, sum(blocks)))[: sum(blocks)]


def test_beeps_are_a_second_apart_to_the_sample() -> None:
    mixer = Mixer()
    mixer.play(earcons.countdown(), 12_345)
    heard = rendered(mixer, [441] * (5 * 50))
    assert onsets(heard) == [12_345 + count * RATE for count in range(4)]


def test_no_two_sounds_are_alike_and_each_is_short() -> None:
    made = {name: make() for name, make in earcons.EARCONS.items() if not name.startswith("countdown")}
    assert len({bytes(sound) for sound in made.values()}) == len(made)
    assert all(0.04 < len(sound) / RATE < 0.8 for sound in made.values())
    assert all(0.05 * PEAK < max(sound) <= earcons.LOUDNESS * PEAK + 1 for sound in made.values())


def test_each_kind_of_cue_with_a_sound_has_one_that_exists() -> None:
    for kind, rule in RULES.items():
        assert {rule.sign.before, rule.sign.alone} - {""} <= set(earcons.EARCONS), f"{kind} names a sound that does not exist"
        assert rule.sign.worded or rule.sign.alone, f"nothing would be heard of {kind}"


def test_without_words_each_correction_has_its_own_sound() -> None:
    kinds = ("ease_off", "pick_up", "on_pace", "ramp", "preview", "segment_began", "signal_lost", "countdown")
    assert len({RULES[kind].sign.heard(sounds_only=True) for kind in kinds}) == len(kinds)
    assert RULES["report"].sign.heard(sounds_only=True) == ("", False)
    assert RULES["halfway"].sign.heard(sounds_only=False) == ("", True)
    assert RULES["segment_began"].sign.heard(sounds_only=False) == ("changed", True)


def test_the_go_is_a_sixth_higher_than_the_beeps() -> None:
    sound = earcons.countdown()
    beep, go = (sum(a < 0 <= b for a, b in pairwise(sound[at : at + 2200])) for at in (0, 3 * RATE))
    assert go / beep == pytest.approx(5 / 3, abs=0.03)


def test_what_cuts_in_is_whole_and_what_is_cut_fades_in_five_milliseconds() -> None:
    mixer = Mixer()
    mixer.play(flat(1000, 5000))
    mixer.render(700)
    mixer.play(flat(10, 3000), over=True)
    heard = rendered(mixer, [64] * 60)
    assert heard[0] == 1010 and heard[FADE : FADE + 2000] == flat(10, 2000)
    assert max(abs(after - before) for before, after in pairwise(heard[:FADE])) <= 1000 // FADE + 1


@given(st.integers(0, 2500), BLOCKS)
@settings(deadline=None)
def test_a_cut_of_the_future_is_made_at_its_sample(at: int, blocks: list[int]) -> None:
    mixer = Mixer()
    mixer.play(flat(1000, 9000))
    mixer.play(flat(0, 10), at, over=True)
    heard = rendered(mixer, blocks)
    assert set(heard[:at]) <= {1000} and set(heard[at + FADE :]) <= {0}


CLICK, SOFT = flat(100, 1), flat(50, 1)


@given(st.integers(20, 400), BLOCKS)
@settings(deadline=None)
def test_click_k_begins_at_its_sample_whatever_the_blocks(spm: int, blocks: list[int]) -> None:
    mixer = Mixer()
    mixer.metronome = Metronome(spm, CLICK, SOFT)
    heard = rendered(mixer, blocks * 4)
    assert [at for at, sample in enumerate(heard) if sample] == [
        at for k in range(1000) if (at := round(k * 60 * RATE / spm)) < len(heard)
    ]


def test_a_metronome_does_not_drift_in_an_hour() -> None:
    mixer, clicks = Mixer(), []
    mixer.metronome = Metronome(177, CLICK, SOFT)
    while mixer.position < 3600 * RATE:
        clicks += [mixer.position + at for at, _ in mixer.metronome.parts(mixer.position, 4410, lambda at: False)]
        mixer.position += 4410
    assert len(clicks) == 177 * 60
    assert clicks[-1] == round((177 * 60 - 1) * 60 * RATE / 177)


@given(BLOCKS)
@settings(deadline=None)
def test_a_click_below_a_sound_is_softer_and_the_next_one_is_not(blocks: list[int]) -> None:
    mixer = Mixer()
    mixer.metronome = Metronome(60 * RATE / 500, flat(100, 20), flat(50, 20))  # every 500 samples
    mixer.play(flat(0, 500), at=510)
    heard = rendered(mixer, [*blocks, *([441] * 4)])
    assert [heard[at] for at in (0, 500, 519, 1000, 1019, 1500)] == [100, 100, 100, 50, 50, 100]


def test_an_old_metronome_ends_with_the_block_and_a_click_goes_over_blocks() -> None:
    mixer = Mixer()
    mixer.metronome = Metronome(60, flat(100, 150), SOFT)
    assert rendered(mixer, [100, 100]) == flat(100, 150) + flat(0, 50)
    mixer.metronome = None
    assert set(rendered(mixer, [441] * 60)) == {0}


def test_who_comes_late_to_a_moment_does_not_move_it() -> None:
    sound = begun(flat(1000, 2000), 700)
    assert len(sound) == 1300 and sound[0] == 0 and sound[FADE:] == flat(1000, 1300 - FADE)
    assert begun(flat(1000, 2000), 0) == flat(1000, 2000)


def test_what_is_too_loud_together_is_clipped_not_wrapped() -> None:
    mixer = Mixer()
    mixer.play(flat(30_000, 100))
    mixer.play(flat(30_000, 100))
    assert set(mixer.render(100)) == {PEAK}


def test_sounds_that_are_over_are_forgotten() -> None:
    mixer = Mixer()
    for _ in range(50):
        mixer.play(flat(1, 10))
        mixer.render(100)
    assert len(mixer._sources) <= 2


def test_the_sample_clock_believes_the_earliest_request() -> None:
    clock = SampleClock(latency=0.05)
    for block in range(50):
        late = 0.0 if block % 7 == 3 else 0.018
        clock.asked(block * 441, 100.0 + block * 0.02 + late)
    assert clock.sample(101.05) == RATE


def test_samples_of_another_rate_keep_their_length_and_pitch() -> None:
    sound = earcons.pips()
    other = resampled(resampled(sound, RATE // 2, RATE), RATE, RATE // 2)
    assert len(other) == pytest.approx(len(sound), abs=4)
    assert max(abs(a - b) for a, b in zip(sound, other, strict=False)) < PEAK * 0.01


@given(st.sampled_from([8_000, 16_000, 22_051, 24_000, 44_100, 48_000]), st.integers(2, 60))
@settings(deadline=None, max_examples=12)
def test_a_tone_of_another_rate_stays_one_tone(rate: int, fifties: int) -> None:
    """Whatever its rate and pitch, what is not that tone is 55 dB below it: linear interpolation leaves 4 to 45 dB."""
    pitch = fifties * 50
    heard = resampled(tone(pitch, rate), rate, RATE)[RATE // 50 :][: RATE * 6 // 100]  # of which it has whole periods
    loud, rest = split_at(pitch, heard)
    assert loud == pytest.approx(LEVEL, rel=0.02) and rest < loud * 10 ** (-55 / 20)


@pytest.mark.parametrize("pitch", [12_000, 15_000, 20_000])
def test_what_is_too_high_is_taken_away_not_folded_down(pitch: int) -> None:
    heard = resampled(tone(pitch, 48_000), 48_000, RATE)[RATE // 50 : -(RATE // 50)]
    assert max(map(abs, heard)) < LEVEL * 10 ** (-55 / 20)


def test_speech_is_trimmed() -> None:
    loud = scaled(earcons.tone(), 3.0)
    assert len(trimmed(silence(0.3) + loud + silence(0.5))) < len(loud) + RATE // 50
    with pytest.raises(ValueError, match="silence"):
        trimmed(silence(1.0))


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0"])
def test_a_file_without_sound_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.wav"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"no sound in empty\.wav"):
        read_wav(path)
    write_wav(path, silence(0))
    with pytest.raises(ValueError, match="it is empty"):
        read_wav(path)


def test_stereo_of_another_rate_is_read(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 44_100, 0, "NONE", ""))
        file.writeframes(flat(500, 2 * 44_100).tobytes())
    assert read_wav(path) == flat(500, RATE)


def test_the_cache_survives_damage_and_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path)
    cache.put(flat(7, 100), "en", 165, "Go on.")
    assert PhraseCache(tmp_path).get("en", 165, "Go on.") == flat(7, 100)
    assert PhraseCache(tmp_path).get("en", 170, "Go on.") is None
    for path in tmp_path.iterdir():
        path.write_bytes(b"torn")
    assert PhraseCache(tmp_path).get("en", 165, "Go on.") is None
    (tmp_path / "file").touch()
    lost = PhraseCache(tmp_path / "file" / "folder")
    lost.put(flat(7, 100), "x")
    assert lost.get("x") == flat(7, 100)


def utterance(number: int, priority: int, due: float = 0.0, until: float = 10.0, sound: str = "") -> Utterance:
    return Utterance(number, "text", priority, due, until, earcon=sound)


def test_the_more_urgent_cuts_in_and_the_equal_waits() -> None:
    waiting, speaking = Waiting(), utterance(1, 3)
    waiting.add(utterance(2, 3))
    assert waiting.following(1.0, speaking) is None
    waiting.add(urgent := utterance(3, 0))
    assert waiting.following(1.0, speaking) is urgent
    assert waiting.following(1.0, None) == utterance(2, 3)


def test_nothing_cuts_off_a_countdown_before_its_go() -> None:
    waiting = Waiting()
    waiting.add(setting := utterance(2, 0))
    assert waiting.following(1.0, utterance(1, 1, sound="countdown")) is None
    assert waiting.following(2.0, None) is setting


def test_nobody_speaks_before_the_moment_nor_after_the_time() -> None:
    waiting = Waiting()
    waiting.add(utterance(1, 2, due=5.0, until=6.0))
    waiting.add(beeps := utterance(2, 1, due=5.0, until=5.3, sound="countdown"))
    assert waiting.following(4.0, None) is None
    assert waiting.wake(4.0) == 5.0 - AHEAD
    assert waiting.following(5.0 - AHEAD, None) is beeps
    waiting.add(replace(beeps, lead=0.5))
    assert waiting.following(5.0 - AHEAD - 0.5, None) == replace(beeps, lead=0.5)
    assert waiting.late(6.1) == [utterance(1, 2, due=5.0, until=6.0)]
    assert waiting.following(6.1, None) is None
