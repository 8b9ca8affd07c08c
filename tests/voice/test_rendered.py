"""What --wav writes is what is heard: each sound at its moment, cut off and dropped by the same rules, and the metronome.

Beside the recording of a sink it is held by `bench written`, because a busy machine plays late.
"""

from pathlib import Path

import pytest

from coach.core.events import Cue
from coach.voice.process import earcons
from coach.voice.process.sound import RATE, Sound, little_endian
from coach.voice.process.synth import Synthesiser
from coach.voice.process.wav import read_wav
from coach.voice.rendering import Timeline
from coach.voice.settings import VoiceSettings
from tests.voice.room import WORDS

pytestmark = pytest.mark.edge
SETTINGS = VoiceSettings(player="sounddevice")


def written(path: Path, cues: list[Cue], whole: bool = True, beats: tuple[tuple[float, int | None], ...] = ()) -> Sound:
    timeline = Timeline(WORDS, SETTINGS)
    for cue in cues:
        timeline.say(cue)
    for at, spm in beats:
        timeline.metronome(at, spm)
    timeline.write(str(path), whole)
    return read_wav(path)


def phrase(text: str) -> Sound:
    """As it is in the cache after it was said."""
    sound = Synthesiser(SETTINGS, WORDS.voice).phrase(text)
    assert sound
    return sound


def place(heard: Sound, sound: Sound) -> float:
    """When (s) this sound begins; its first samples may be those of silence."""
    found = heard.tobytes().find(little_endian(sound[200:2000]))
    assert found >= 0
    return (found / 2 - 200) / RATE


def cue(kind: str, at: float, priority: int = 2, life: float = 10.0, due: float | None = None) -> Cue:
    moment = at if due is None else due
    return Cue(at, kind, priority, moment + life, moment, {})


def test_each_sound_is_at_its_moment_and_what_is_more_urgent_cuts_in(tmp_path: Path) -> None:
    said = [cue("halfway", 2.0), cue("signal_lost", 9.0, life=2.0), cue("countdown", 9.0, priority=1, life=0.3, due=10.5)]
    heard = written(tmp_path / "heard.wav", [*said, cue("on_pace", 20.0)], beats=((25.0, None),))
    assert place(heard, phrase("You're halfway.")) == pytest.approx(2.0, abs=0.001)
    assert place(heard, earcons.countdown()[3 * RATE :]) == pytest.approx(13.5, abs=0.001)
    assert place(heard, earcons.pips()) == pytest.approx(20.0, abs=0.001)
    assert len(heard) / RATE == pytest.approx(25.0, abs=0.1)
    lost = little_endian(phrase("No pace signal. Run by feel."))
    assert lost[:2000] in heard.tobytes() and lost not in heard.tobytes(), "cut off by the countdown, and too old after it"


def test_silences_may_be_left_out_and_the_order_stays(tmp_path: Path) -> None:
    heard = written(tmp_path / "heard.wav", [cue("on_pace", 600.0), cue("halfway", 1200.0)], whole=False)
    assert place(heard, earcons.pips()) < place(heard, phrase("You're halfway.")) < 3.0
    assert len(heard) / RATE < 5.0


def test_the_metronome_is_heard_where_it_was(tmp_path: Path) -> None:
    heard = written(tmp_path / "heard.wav", [], beats=((0.0, None), (2.0, 180), (5.0, None), (6.0, None)))
    loud = [at for at, sample in enumerate(heard) if sample]
    clicks = [at / RATE for before, at in zip([-RATE, *loud], loud, strict=False) if at - before > RATE // 10]
    assert clicks == pytest.approx([2.0 + count / 3 for count in range(9)], abs=0.01)
