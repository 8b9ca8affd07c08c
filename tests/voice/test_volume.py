"""Louder and quieter, as it is heard: in the samples of a wav player, in what --wav writes, in the clicks of a metronome."""

import os
import signal
from array import array
from pathlib import Path

import pytest

from coach.core.events import Cue
from coach.core.inputs import Input, Key
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.running.loop import Loop
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.voice.process import earcons
from coach.voice.process.mixed import Mixed
from coach.voice.process.sound import RATE, Sound, little_endian, scaled
from coach.voice.process.wav import read_wav
from coach.voice.rendering import Timeline
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import gain_of
from devices.sample import Stride
from tests.patience import PATIENCE
from tests.voice.room import WORDS, Room, cue

QUIETER = gain_of(-1)
PIPS = earcons.pips()


def stripped(sound: Sound) -> bytes:
    return little_endian(sound).strip(b"\0")


def loudest(heard: Sound, seconds: float) -> int:
    at = round(seconds * RATE)
    return max(abs(sample) for sample in heard[at : at + RATE])


def test_a_step_is_four_decibels_and_five_of_them_leave_a_tenth() -> None:
    assert [round(gain_of(level), 3) for level in range(0, -6, -1)] == [1.0, 0.631, 0.398, 0.251, 0.158, 0.1]


@pytest.mark.edge
def test_what_comes_after_a_press_is_quieter_by_the_step_words_and_sounds(tmp_path: Path) -> None:
    """To the sample; also in a fresh voice process."""
    room = Room(tmp_path)
    with room.announcer as announcer:
        announcer.say(cue("halfway"))
        announcer.say(cue("on_pace"))
        announcer.drain(PATIENCE)
        announcer.volume(-1)
        announcer.say(cue("halfway"))
        announcer.say(cue("on_pace"))
        announcer.drain(PATIENCE)
        killed = room.until_ready()
        os.kill(killed, signal.SIGKILL)
        room.until(lambda: announcer.voice_process not in (killed, None))
        announcer.say(cue("on_pace"))
        announcer.drain(PATIENCE)
    words = array("h", room.sound_of("You're halfway."))
    sounds = [stripped(scaled(sound, gain)) for gain in (1.0, QUIETER) for sound in (words, PIPS)]
    assert [room.heard.count(sound) for sound in sounds] == [1, 1, 1, 2]
    assert [room.heard.find(sound) for sound in sounds] == sorted(room.heard.find(sound) for sound in sounds)


@pytest.mark.edge
def test_the_answer_to_a_key_of_the_run_is_said_at_the_new_volume(tmp_path: Path) -> None:
    room, setup = Room(tmp_path), Setup(Plan("", (Segment("Easy", Kind.EASY, Duration(60.0)),)))
    asked: list[Input] = [Stride(0.0, "pod", 3.0), Key(1.0, "quieter")]

    def say(said: Cue) -> None:
        if said.kind == "volume":
            announcer.say(cue("volume", **said.facts))

    with room.announcer as announcer:
        Loop(setup.coach(), WORDS, Lines("km", lambda line: None), say, loudness=announcer.volume).run(asked)
        announcer.drain(PATIENCE)
    words = array("h", room.sound_of("Quieter."))
    assert stripped(scaled(words, QUIETER)) in room.heard and stripped(words) not in room.heard


@pytest.mark.edge
def test_what_is_written_to_a_file_is_as_loud_as_it_would_be_heard(tmp_path: Path) -> None:
    timeline, path = Timeline(WORDS, VoiceSettings(sounds_only=True, taught=0)), tmp_path / "heard.wav"
    for at, level in ((2.0, 0), (6.0, -2), (10.0, 0)):
        timeline.volume(level)
        timeline.say(Cue(at, "on_pace", 2, at + 5.0, at, {}))
        timeline.metronome(at + 2.0, 60)
    timeline.metronome(14.0, None)
    timeline.write(str(path), whole=True)
    heard = read_wav(path)
    whole, most = max(PIPS), max(earcons.click(earcons.CLICK * VoiceSettings().metronome_volume))
    assert loudest(heard, 1.9) == pytest.approx(whole, rel=0.05)
    for at, level in ((4.5, 0), (8.5, -2), (12.5, 0)):
        assert loudest(heard, at) == pytest.approx(most * gain_of(level), rel=0.05)


def test_a_metronome_that_becomes_quieter_keeps_its_beat() -> None:
    player, whole = Mixed(0.0, lambda: 0.0), array("h")
    for loudness in (0.2, 0.1, 0.2):
        player.beat(187, loudness)
        whole += player.mixer.render(RATE * 7 // 5)
    onsets = [at for at in range(len(whole)) if whole[at] and not any(whole[max(0, at - 200) : at])]
    first = onsets[0]
    assert [at - first for at in onsets] == [round(count * 60 * RATE / 187) for count in range(len(onsets))]
    player.beat(None, 0.2)
    assert player.mixer.metronome is None
