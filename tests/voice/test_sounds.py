"""Sounds beside words, heard through the wav player: sounds only, keys answered, a metronome, what must end in time."""

import os
import signal
import time
from array import array
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest

from coach.core.events import Cue
from coach.core.inputs import Input, Key, Tick
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.core.speech.facts import segment_facts
from coach.running.loop import Loop
from coach.running.replay import replay
from coach.runs.recording import open_recording
from coach.runs.setup import Setup
from coach.ui.views import Lines
from coach.voice.process import earcons
from coach.voice.process.mixer import FADE
from coach.voice.process.players import UNDER_SPEECH
from coach.voice.process.sound import RATE, little_endian, scaled, seconds, silence
from coach.voice.process.worker import GAP, TAIL
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.conftest import ROOT
from tests.voice.room import PATIENCE, WORDS, Room, cue, short_run

edge = pytest.mark.edge
STEPS = (("warm", 160), ("fast", 184), ("home", None))
PACED = Plan("Paced", tuple(Segment(name, Kind.EASY, Duration(4.0), None, cadence=spm) for name, spm in STEPS))


@edge
def test_sounds_only_has_no_words_and_a_sound_for_each_kind(tmp_path: Path) -> None:
    room = Room(tmp_path, sounds_only=True)
    said = {"ease_off": earcons.ease_off, "pick_up": earcons.pick_up, "ramp": earcons.pip, "preview": earcons.preview}
    said |= {"segment_began": earcons.changed, "signal_lost": earcons.lost, "on_pace": earcons.pips}
    facts = segment_facts(PACED, 1) | {"speed": 3.0, "target": 3.2, "nth": 1}
    with room.announcer as announcer:
        for kind in (*said, "halfway"):
            announcer.say(cue(kind, **facts))
            announcer.drain(PATIENCE)
    rest = room.heard
    for make in said.values():
        before, found, rest = rest.partition(room.played(make()))
        assert found and not before.strip(b"\0"), make.__name__
    assert not rest.strip(b"\0")


@edge
def test_a_sound_goes_before_the_words_that_have_one(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with room.announcer as announcer:
        announcer.say(cue("signal_lost"))
        announcer.drain(PATIENCE)
    words = room.sound_of("No pace signal. Run by feel.")
    assert room.played(earcons.lost() + silence(GAP)) + words in room.heard


@edge
def test_without_an_engine_there_are_the_beeps_there_were_and_no_more(tmp_path: Path) -> None:
    room = Room(tmp_path, engine="none")
    with room.announcer as announcer:
        for kind in ("signal_lost", "halfway", "on_pace"):
            announcer.say(cue(kind))
        announcer.drain(PATIENCE)
    assert room.heard.strip(b"\0") == room.played(earcons.pips()).strip(b"\0")


@edge
def test_a_key_is_answered_at_once_beside_what_is_being_said(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with room.announcer as announcer:
        room.until_ready()
        for _ in range(5):  # on a machine that stands still the pip is left out, as it should be
            announcer.say(cue("signal_back"))
            room.until_speaking(100)
            behind = len(room.heard)
            announcer.answer_key()
            announcer.drain(PATIENCE)
            announcer.say(cue("halfway"))
            announcer.drain(PATIENCE)
            beside = heard_beside(room, room.sound_of("Signal back."), behind)
            if beside is not None:
                break
        else:
            pytest.fail("no key was answered")
    assert beside < 0.3 * RATE
    assert room.sound_of("Halfway.") in room.heard


def heard_beside(room: Room, words: bytes, behind: int) -> int | None:
    """How many samples after `behind` the pip was added to the words that sound there; None where it was not."""
    samples, said = room.samples, array("h", words)
    start = room.heard.rfind(words[:200]) // 2
    added = [samples[start + at] - sample for at, sample in enumerate(said)]
    pip = scaled(earcons.ack(), room.settings.volume)
    first = next((at for at, sample in enumerate(added) if sample), None)
    if first is None or start < 0 or max(abs(a - b) for a, b in zip(added[first:], pip, strict=False)) > 200:
        return None
    return start + first - behind // 2


@edge
def test_nothing_is_mixed_with_a_countdown(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with room.announcer as announcer:
        room.until_ready()
        for _ in range(3):  # a machine that stands still begins it late, without its first samples
            behind = len(room.heard)
            announcer.say(cue("countdown", life=PATIENCE, due=0.6, priority=1))
            room.until_speaking(100)
            announcer.answer_key()
            announcer.drain(PATIENCE)
            heard = room.heard[behind:].strip(b"\0")
            if heard == room.played(earcons.countdown()).strip(b"\0"):
                break
        else:
            pytest.fail("something else was heard")


# The metronome


def clicks(room: Room, loudness: float = 1.0) -> list[int]:
    """The samples at which one begins."""
    pattern = little_endian(earcons.click(earcons.LOUDNESS * room.settings.metronome_volume * loudness)[:40])
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
    Loop(Setup(PACED).coach(), WORDS, Lines("km"), beat=beats.append).run(items)
    changes = [beats[0], *(after for before, after in pairwise(beats) if after != before)]
    assert changes == [160, None, 160, 184, 160, 184, None]


@edge
def test_a_replayed_run_is_heard_with_its_metronome(tmp_path: Path) -> None:
    voice = VoiceSettings(engine="none", player="wav", file=str(tmp_path / "heard.wav"))
    room = Room(tmp_path, engine="none")
    recording = open_recording(ROOT / "coach" / "demo" / "run.nmea")
    replay(recording, Setup(PACED), Lines("km"), rate=1.0, voice=voice)
    heard = sorted(clicks(room) + clicks(room, UNDER_SPEECH))
    gaps = [round(60 * RATE / (after - before)) for before, after in pairwise(heard)]
    assert gaps.count(160) >= 3 and gaps.count(184) >= 5
    assert gaps.index(160) < gaps.index(184)


@edge
def test_12_no_syllable_is_lost_on_a_headset_that_falls_asleep(tmp_path: Path) -> None:
    """A whole run: before its first words near silence wakes the headset, and, as far as there is time, before the beeps."""
    room = Room(tmp_path, device="bluez_headset", wake_ms=500)
    recording, setup = short_run(14)
    replay(recording, setup, Lines("km"), rate=1.0, voice=room.settings)
    wake, heard = little_endian(earcons.wake(0.5)), room.heard
    begins = heard.find(room.sound_of("Easy, by feel, fourteen seconds."))
    assert begins > 0 and heard[begins - len(wake) : begins] == wake
    beeps = heard.find(room.played(earcons.countdown())[2 * FADE :]) - 2 * FADE
    before = heard[beeps - RATE // 4 : beeps]
    assert beeps > begins and len(before.replace(bytes(2), b"")) > len(before) // 2
    assert heard.rstrip(bytes(1)).endswith(little_endian(earcons.wake(TAIL)).rstrip(bytes(1))), "nor is the last one"


# What must have ended in time


class Terse(Words):
    """English with short forms: the first word."""

    def short(self, cue: Cue) -> str:
        return self.text(cue).split()[0].strip(".") + "."


FULL, SHORT = "No pace signal. Run by feel.", "No."


def in_time(room: Room, spare: float) -> Cue:
    """A cue that has to end `spare` s after its full text would, begun now."""
    length = seconds(earcons.lost()) + GAP + len(room.sound_of(FULL)) / 2 / RATE
    return replace(cue("signal_lost"), by=time.monotonic() + length + spare)


@edge
@pytest.mark.parametrize(("spare", "heard"), [(3.0, {FULL}), (-0.3, {SHORT}), (-9.0, set()), (inf, {FULL})])
def test_what_would_not_end_in_time_is_said_short_or_not_at_all(tmp_path: Path, spare: float, heard: set[str]) -> None:
    terse = Terse.load.__wrapped__(Terse, "en", "metric")
    room = Room(tmp_path, words=terse)
    with room.announcer as announcer:
        announcer.warm([FULL, SHORT])
        room.until_ready()
        announcer.say_text("Ready.")
        announcer.drain(PATIENCE)
        announcer.say(in_time(room, spare))
        announcer.drain(PATIENCE)
    assert {text for text in (FULL, SHORT) if room.sound_of(text) in room.heard} == heard
    assert not room.shown


@edge
def test_what_marks_a_moment_is_earlier_by_the_delay_of_the_headset(tmp_path: Path) -> None:
    """The same moment, by two announcers: the one with a delay has its beeps 400 ms earlier in its file."""
    assert beep_at(tmp_path / "plain", 0) - beep_at(tmp_path / "wireless", 400) == pytest.approx(0.4, abs=0.05)


def beep_at(folder: Path, delay: int) -> float:
    """How long after it was due (s, by the block that holds it) the countdown began."""
    folder.mkdir()
    room = Room(folder, delay_ms=delay)
    beeps = room.played(earcons.countdown())[: 2 * RATE // 10]
    with room.announcer as announcer:
        room.until_ready()
        for _ in range(5):
            behind = len(room.heard)
            announcer.say(cue("countdown", life=0.3, due=1.5, priority=1))
            announcer.drain(PATIENCE)
            found = room.heard.find(beeps, behind)
            if found >= 0:
                return (found - behind) / 2 / RATE - 1.5
    pytest.fail("no countdown was heard")
