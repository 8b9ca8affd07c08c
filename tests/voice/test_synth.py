"""Real speech engines: every phrase is made, in the voice that was asked for, or another way is found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.core.plan.segments import FREE_RUN
from coach.voice.check import voice_check
from coach.voice.process.cache import PhraseCache
from coach.voice.process.sound import Sound, seconds
from coach.voice.process.synth import Synthesiser
from coach.voice.process.wav import read_wav
from coach.voice.rendering import render_wav
from coach.voice.settings import VoiceSettings
from coach.voice.words import foreseen
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import languages

pytestmark = pytest.mark.edge


def made(folder: Path, spoken: str, texts: list[str], **settings: object) -> tuple[list[Sound | None], str | None]:
    """By a synthesiser of this process: what it prints is swallowed, as the voice process swallows it."""
    synth = Synthesiser(VoiceSettings(**settings), spoken, PhraseCache(folder))  # type: ignore[arg-type]
    return [synth.phrase(text) for text in texts], synth.trouble


@pytest.mark.parametrize("language", languages())
def test_every_phrase_of_a_language_is_made_by_its_own_voice(language: str, tmp_path: Path) -> None:
    words = Words.load(language, "metric")
    texts = {words.text(each) for each in foreseen.cues(FREE_RUN, "metric", largest=20)}  # sizes above differ in a number only
    sounds, trouble = made(tmp_path, words.voice, sorted(texts))
    assert trouble is None and len(texts) > 30
    assert all(sound is not None and 0.3 < seconds(sound) < 6.0 for sound in sounds)
    assert len({bytes(sound) for sound in sounds if sound}) == len(sounds)


def test_a_fresh_engine_makes_its_first_phrases_whole(tmp_path: Path) -> None:
    """The library used to cancel them, now and then, where espeak was still busy with the settings."""
    for attempt in range(8):
        sounds, trouble = made(tmp_path / str(attempt), "en-us", ["Ready.", "No.", "No pace signal. Run by feel."])
        assert trouble is None and all(sounds)


def test_a_phrase_made_once_is_in_the_cache(tmp_path: Path) -> None:
    (first,), _ = made(tmp_path, "en-us", ["Halfway."])
    (again,), _ = made(tmp_path, "en-us", ["Halfway."])
    assert first == again and len(list(tmp_path.iterdir())) == 1


def test_a_voice_that_is_refused_is_told_and_another_speaks(tmp_path: Path) -> None:
    (sound,), trouble = made(tmp_path, "en-us", ["Halfway."], voice="klingonese")
    assert sound is not None and trouble is not None
    (sound,), trouble = made(tmp_path, "en-us", ["Signal back."], voice="en-gb")  # the command knows it, the library not
    assert sound is not None and "no voice 'en-gb'" in str(trouble)


def test_a_command_speaks_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    speaks = ["espeak-ng", "-v", "en-us+f3", "-w", "{wav}", "--", "{text}"]
    (sound,), trouble = made(tmp_path, "en-us", ["Halfway."], engine="command", command=speaks)
    assert sound is not None and trouble is None
    for broken in (["/no/such/program", "{text}", "{wav}"], ["false", "{text}", "{wav}"], ["true", "{text}", "{wav}"]):
        (sound,), trouble = made(tmp_path, "en-us", [f"Not {broken[0]}."], engine="command", command=broken)
        assert sound is not None and trouble is not None


def test_all_texts_go_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "run.wav"
    render_wav(["Slow down. Ten seconds too fast.", "Halfway."] * 100, str(path), VoiceSettings())
    assert 200 * 1.0 < seconds(read_wav(path)) < 200 * 4.0


def test_the_check_tries_voice_and_player(tmp_path: Path) -> None:
    assert all(fine for fine, _ in voice_check(VoiceSettings(player="wav", file=str(tmp_path / "cues.wav"))))
    (voice, told), (player, where) = voice_check(
        VoiceSettings(voice="nobody", player="wav", file=str(tmp_path / "x" / "y.wav"))
    )
    assert not voice and "no voice 'nobody'" in told
    assert not player and "mkdir -p" in where


def test_without_a_system_espeak_the_wheel_of_espeakng_loader_speaks(tmp_path: Path) -> None:
    """The system's library is hidden by looking for one of another name: then the loader's must be found."""
    pytest.importorskip("espeakng_loader", reason="espeakng-loader has no wheel for this machine")
    script = (
        "import sys; from pathlib import Path; from coach.voice.process import synth;"
        "synth.LIBRARY = 'libespeak-ng.so.none'; synth.find_espeak();"
        "from coach.voice.settings import VoiceSettings; from coach.voice.process.cache import PhraseCache;"
        "made = synth.Synthesiser(VoiceSettings(), 'en-us', PhraseCache(Path(sys.argv[1])));"
        "assert made.phrase('Halfway.') and made.trouble is None, made.trouble;"
        "assert 'espeakng_loader' in open('/proc/self/maps').read()"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, timeout=60, env=dict(os.environ))
    assert done.returncode == 0, done.stderr.decode()
