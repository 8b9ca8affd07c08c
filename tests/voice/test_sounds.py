"""Sounds beside words, heard through the wav player: sounds only, keys answered, what must end in time."""

import time
from array import array
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from coach.cli import sampling
from coach.core.events import Cue
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.core.speech.facts import segment_facts
from coach.voice import announcer as announcing
from coach.voice.process import earcons
from coach.voice.process.sound import RATE, little_endian, scaled, seconds, silence
from coach.voice.process.worker import GAP
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import languages, read
from tests.patience import PATIENCE
from tests.voice.room import Room, cue

edge = pytest.mark.edge
STEPS = (("warm", 160), ("fast", 184), ("home", None))
PACED = Plan("Paced", tuple(Segment(name, Kind.EASY, Duration(4.0), None, cadence=spm) for name, spm in STEPS))


@edge
def test_sounds_only_has_no_words_and_a_sound_for_each_kind(tmp_path: Path) -> None:
    room = Room(tmp_path, sounds_only=True, taught=0)
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
def test_the_first_two_of_a_sound_that_stands_alone_are_followed_by_their_words(tmp_path: Path) -> None:
    room = Room(tmp_path)
    with room.announcer as announcer:
        for _ in range(3):
            announcer.say(cue("on_pace"))
            announcer.drain(PATIENCE)
    words, pips = room.sound_of("On pace."), room.played(earcons.pips())
    assert (room.heard.count(pips), room.heard.count(words)) == (3, 2)
    assert room.heard.rindex(pips) > room.heard.rindex(words)


@pytest.mark.parametrize("language", languages())
def test_every_sound_of_a_run_has_a_meaning(language: str) -> None:
    assert set(read(language)["sounds"]) == set(earcons.EARCONS) - {"beep"}, "a beep alone is only for measuring"


@edge
def test_sounds_and_voices_can_be_heard_one_after_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = Room(tmp_path)
    few = replace(room.settings, taught=0)
    words = Words.load.__wrapped__(Words, "en", "metric")
    words.sounds = {"pips": "On pace.", "ease_off": "Slow down."}
    assert sampling.sounds(words, few) == 0
    heard = room.heard
    assert heard.index(room.played(earcons.pips())) < heard.index(room.sound_of("On pace."))
    assert heard.index(room.sound_of("On pace.")) < heard.index(room.played(earcons.ease_off()))
    assert capsys.readouterr().out.splitlines() == ["pips           On pace.", "ease_off       Slow down."]
    named = [each.voice for each in sampling.candidates("de", few)]
    assert named == ["de", "de+f2", "de+f3", "de+f4", "de+m3", "de+m7"]


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
def test_a_key_is_answered_at_once_beside_what_is_being_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How soon is a row of the benchmarks; here it may be late, as on a machine that stands still."""
    monkeypatch.setattr(announcing, "ANSWERED_WITHIN", PATIENCE)
    room = Room(tmp_path)
    long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    with room.announcer as announcer:
        announcer.say_text(long)
        room.until_speaking(100)
        announcer.answer_key()
        announcer.say(cue("halfway", priority=9))
        announcer.drain(PATIENCE)
    samples, said = room.samples, array("h", room.sound_of(long))
    start = room.heard.find(little_endian(said[:100])) // 2
    added = [samples[start + at] - sample for at, sample in enumerate(said)]
    first = next(at for at, sample in enumerate(added) if sample)
    pip = scaled(earcons.ack(), room.settings.volume)
    assert max(abs(a - b) for a, b in zip(added[first:], pip, strict=False)) <= 200
    assert not any(added[first + len(pip) :])
    assert room.sound_of("You're halfway.") in room.heard


@edge
def test_nothing_is_mixed_with_a_countdown(tmp_path: Path) -> None:
    """On a machine that stands still it begins late, without its first samples; the rest is where it should be."""
    room = Room(tmp_path)
    with room.announcer as announcer:
        room.until_ready()
        announcer.say(cue("countdown", life=PATIENCE, due=0.6, priority=1))
        room.until_speaking(100)
        announcer.answer_key()
        announcer.drain(PATIENCE)
    heard, whole = room.heard.strip(b"\0"), room.played(earcons.countdown()).strip(b"\0")
    assert heard and whole.endswith(heard)


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
