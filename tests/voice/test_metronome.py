"""A metronome beside words: to the sample, on in a fresh process, softer under speech, and as the run goes."""

import os
import signal
from itertools import pairwise
from pathlib import Path

import pytest

from coach.core.inputs import Input, Key, Tick
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.running.loop import Loop
from coach.running.replay import replay
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.voice.process import earcons
from coach.voice.process.mixed import UNDER_SPEECH
from coach.voice.process.sound import RATE, little_endian
from coach.voice.settings import VoiceSettings
from tests.conftest import ROOT
from tests.patience import PATIENCE
from tests.voice.room import WORDS, Room, cue

edge = pytest.mark.edge
STEPS = (("warm", 160), ("fast", 184), ("home", None))


def paced(seconds: float) -> Plan:
    """A plan of three segments of so many seconds."""
    return Plan("Paced", tuple(Segment(name, Kind.EASY, Duration(seconds), None, cadence=spm) for name, spm in STEPS))


def clicks(room: Room, loudness: float = 1.0) -> list[int]:
    """The samples at which one begins."""
    pattern = little_endian(earcons.click(earcons.CLICK * room.settings.metronome_volume * loudness)[:40])
    heard, found, at = room.heard, list[int](), -1
    while (at := heard.find(pattern, at + 1)) >= 0:
        found.append(at // 2)
    return found


def in_beat(found: list[int], spm: int) -> bool:
    """Each on its sample, whichever click of the metronome the first one is."""
    beats = [(at - found[0]) * spm / (60 * RATE) for at in found]
    return all(abs(beat - round(beat)) * 60 * RATE / spm <= 1 for beat in beats)


@edge
def test_a_metronome_clicks_to_the_sample_and_on_in_a_fresh_process(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with room.announcer as announcer:
        announcer.metronome(230)
        room.until(lambda: len(clicks(room)) >= 8)
        process = room.until_ready()
        heard = clicks(room)
        assert in_beat(heard, 230) and len(heard) - 1 == round((heard[-1] - heard[0]) * 230 / 60 / RATE)
        os.kill(process, signal.SIGKILL)
        room.until(lambda: announcer.voice_process not in (process, None))
        room.until(lambda: len(clicks(room)) >= len(heard) + 6)
        announcer.metronome(None)
        announcer.say_text("Quiet now.")
        announcer.drain(PATIENCE)
        room.until(lambda: len(room.heard) / 2 > clicks(room)[-1] + RATE)
    again = clicks(room)[-5:]
    assert in_beat(again, 230)


@edge
def test_under_speech_the_metronome_goes_on_softer(tmp_path: Path) -> None:
    room = Room(tmp_path, sounds_only=True)
    with room.announcer as announcer:
        announcer.metronome(400)
        room.until(lambda: len(clicks(room)) >= 4)
        announcer.say(cue("countdown", priority=1))
        announcer.drain(PATIENCE)
        room.until(lambda: clicks(room)[-1] > clicks(room, UNDER_SPEECH)[-1])
    loud, soft = clicks(room), clicks(room, UNDER_SPEECH)
    assert len(soft) > 10
    assert in_beat(sorted([*loud, *soft]), 400)
    assert loud[0] < soft[0] < soft[-1] < loud[-1]


def test_the_metronome_follows_segments_pauses_and_the_end() -> None:
    beats: list[int | None] = []
    keys: list[Input] = [Key(2.0, "pause"), Key(3.0, "resume"), Key(3.5, "skip"), Key(4.0, "back"), Key(4.5, "skip")]
    items: list[Input] = [Tick(0.0), Tick(1.0), *keys, *(Tick(5.0 + at) for at in range(10))]
    Loop(Setup(paced(4.0)).coach(), WORDS, Lines("km"), beat=beats.append).run(items)
    changes = [beats[0], *(after for before, after in pairwise(beats) if after != before)]
    assert changes == [160, None, 160, 184, 160, 184, None]


@edge
def test_a_replayed_run_is_heard_with_its_metronome(tmp_path: Path) -> None:
    voice = VoiceSettings(engine="none", player="wav", file=str(tmp_path / "heard.wav"))
    room = Room(tmp_path, engine="none")
    recording = open_recording(ROOT / "coach" / "demo" / "run.nmea")
    replay(recording, Setup(paced(2.5)), Lines("km"), rate=1.0, voice=voice)
    heard = sorted(clicks(room) + clicks(room, UNDER_SPEECH))
    gaps = [round(60 * RATE / (after - before)) for before, after in pairwise(heard)]
    assert 160 in gaps and gaps.count(184) >= 5, "a busy machine begins late, but each cadence is to the sample"
    assert gaps.index(160) < gaps.index(184)
