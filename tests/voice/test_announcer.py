"""The announcer and its real voice process, heard through the wav player: late, cut, killed, frozen, without a device."""

import os
import signal
import time
from pathlib import Path

import pytest

from coach.voice import booth
from coach.voice.announcer import Announcer
from coach.voice.booth import Way
from coach.voice.process import earcons
from coach.voice.process.mixed import WAV_BLOCK
from coach.voice.process.sound import RATE, little_endian, scaled
from coach.voice.settings import VoiceSettings
from tests.patience import PATIENCE
from tests.voice.room import WORDS, Room, cue

pytestmark = pytest.mark.edge


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_late_cue_is_dropped_and_a_fresh_one_heard(room: Room) -> None:
    with room.announcer as announcer:
        room.until_ready()
        announcer.say(cue("signal_back", life=-0.1))
        announcer.say(cue("halfway"))
        announcer.drain(PATIENCE)
    assert room.sound_of("You're halfway.") in room.heard
    assert room.sound_of("Signal back.") not in room.heard


def test_beeps_come_to_the_sample_and_cut_what_is_being_said(room: Room) -> None:
    """Two countdowns are as far apart as they were due, to a block; words that still sounded are gone, and not said again.

    On a machine that stands still a countdown begins late, without its first samples; its end is where it should be.
    """
    go = room.played(earcons.countdown())[3 * 2 * RATE :]
    with room.announcer as announcer:
        room.until_ready()
        announcer.say(cue("signal_lost", life=3.0, priority=2))
        room.until_speaking(100)
        announcer.say(cue("countdown", due=0.6, priority=1))
        announcer.say(cue("countdown", due=5.6, priority=1))
        announcer.drain(PATIENCE)
    heard = room.heard
    first, second = heard.find(go), heard.rfind(go)
    assert first >= 0 and abs(second - first - 10 * RATE) <= 2 * WAV_BLOCK
    assert room.sound_of("No pace signal. Run by feel.") not in heard
    words = room.sound_of("No pace signal. Run by feel.")
    assert words[:100] in heard[: first - 2 * RATE]


def test_what_is_as_urgent_waits_and_is_heard_whole(room: Room) -> None:
    with room.announcer as announcer:
        announcer.say(cue("signal_back"))
        announcer.say(cue("halfway"))
        announcer.say(cue("on_pace"))
        announcer.drain(PATIENCE)
    heard = room.heard
    sounds = [room.sound_of("Signal back."), room.sound_of("You're halfway."), room.played(earcons.pips())]
    assert [heard.count(sound) for sound in sounds] == [1, 1, 1]
    assert sorted(heard.find(sound) for sound in sounds) == [heard.find(sound) for sound in sounds]


def test_a_voice_killed_in_the_middle_of_a_word_says_it_again(room: Room) -> None:
    with room.announcer as announcer:
        announcer.say(cue("signal_lost"))
        killed = room.until_speaking(RATE // 2)
        os.kill(killed, signal.SIGKILL)
        announcer.drain(PATIENCE)
        assert announcer.voice_process != killed
    assert room.heard.count(room.sound_of("No pace signal. Run by feel.")) == 1


def test_a_frozen_voice_holds_nobody_up_and_is_replaced(room: Room) -> None:
    """What is still fresh when the fresh process speaks is said; what is not, is not; say() returned at once."""
    with room.announcer as announcer:
        frozen = room.until_ready()
        os.kill(frozen, signal.SIGSTOP)
        took = []
        for each in (cue("halfway"), cue("signal_back", life=1.0), *(cue("paused", life=0.5) for _ in range(200))):
            began = time.thread_time()
            announcer.say(each)
            took.append(time.thread_time() - began)
        announcer.drain(PATIENCE)
        assert announcer.voice_process != frozen
    assert max(took) < 0.05
    assert room.sound_of("You're halfway.") in room.heard
    assert room.sound_of("Signal back.") not in room.heard


def test_after_three_strikes_a_tone_is_heard_and_after_a_while_the_voice(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booth, "PROBE_EVERY", 2.0)
    with room.announcer as announcer:
        announcer.say(cue("signal_lost", life=600.0))
        for _ in range(booth.STRIKES):
            os.kill(room.until_speaking(100), signal.SIGKILL)
        room.until(lambda: announcer._booth.way is Way.TONE)
        announcer.drain(PATIENCE)
        assert room.played(earcons.tone()) in room.heard
        room.until(lambda: announcer._booth.way is Way.VOICE)
        announcer.say(cue("halfway"))
        announcer.drain(PATIENCE)
    assert room.sound_of("You're halfway.") in room.heard
    assert len([line for line in room.shown if "three times" in line]) == 1


def test_a_missing_device_is_told_once_and_the_run_goes_on(tmp_path: Path) -> None:
    shown: list[str] = []
    settings = VoiceSettings(player="wav", file=str(tmp_path / "no" / "such" / "folder.wav"))
    with Announcer(WORDS, settings, lambda at: at, shown.append) as announcer:
        for _ in range(3):
            announcer.say(cue("halfway"))
            announcer.drain(PATIENCE)
        began = time.monotonic()
        (tmp_path / "no" / "such").mkdir(parents=True)
        while "sound is back" not in shown and time.monotonic() < began + PATIENCE:
            time.sleep(0.05)
    assert ["no sound: cannot write" in line for line in shown] == [True, False]
    assert shown[-1] == "sound is back"


def test_without_words_there_are_still_beeps(tmp_path: Path) -> None:
    settings = VoiceSettings(engine="none", player="wav", file=str(tmp_path / "heard.wav"))
    with Announcer(WORDS, settings, lambda at: at) as announcer:
        announcer.say(cue("halfway"))
        announcer.say(cue("on_pace"))
        announcer.drain(PATIENCE)
    heard = (tmp_path / "heard.wav").read_bytes()[44:]
    assert heard.strip(b"\0") == little_endian(scaled(earcons.pips(), settings.volume)).strip(b"\0")


def test_switched_off_it_costs_nothing() -> None:
    with Announcer(WORDS, VoiceSettings(player="none"), lambda at: at) as announcer:
        announcer.say(cue("halfway"))
        announcer.drain()
        assert announcer.voice_process is None


def test_a_cue_without_words_is_told_not_raised(room: Room) -> None:
    with room.announcer as announcer:
        announcer.say(cue("no such kind"))
        announcer.drain(PATIENCE)
    assert "could not be said" in room.shown[0]


def test_nothing_is_left_behind(room: Room) -> None:
    with room.announcer as announcer:
        announcer.say_text("Hello.")
        process = room.until_ready()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    announcer.say(cue("halfway"))
    announcer.drain(0.1)
