"""Which engine speaks, and what happens while hibari is loading, is missing or cannot speak."""

import threading
import time
import types
import wave
from pathlib import Path

import pytest

from coach.voice import settings as of_voice
from coach.voice.check import voice_check
from coach.voice.process.cache import PhraseCache
from coach.voice.process.hibari import Hibari
from coach.voice.process.sound import seconds
from coach.voice.process.synth import Synthesiser
from coach.voice.settings import VoiceSettings, engine_for, mismatch
from coach.voice.words.phrasing import Words


@pytest.mark.parametrize("installed", [True, False])
def test_hibari_speaks_american_english_where_it_is_installed(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_voice, "find_spec", lambda name: installed)
    best = "hibari" if installed else "pyttsx3"
    voices = {language: Words.load(language, "metric").voice for language in ("en", "en-US", "en-GB", "de", "fr-BE")}
    chosen = {language: engine_for(VoiceSettings(), voice) for language, voice in voices.items()}
    assert chosen == {"en": best, "en-US": best, "en-GB": "pyttsx3", "de": "pyttsx3", "fr-BE": "pyttsx3"}
    assert engine_for(VoiceSettings(voice="en-us+f3"), "en-us") == "pyttsx3"
    assert engine_for(VoiceSettings(engine="pyttsx3"), "en-us") == "pyttsx3"


@pytest.mark.parametrize(
    "engine, voice, language, told",
    [
        ("auto", "", "de", ""),
        ("auto", "en-us+f3", "en-GB", ""),
        ("auto", "nobody", "de", ""),
        ("auto", "mb-de4", "de", ""),
        ("command", "en-us", "de", ""),
        ("auto", "en-us", "de", 'en-us reads "en", and the coach speaks "de". Try: [voice] voice = ""'),
        ("auto", "fr-be", "es-MX", 'fr-be reads "fr", and the coach speaks "es"'),
        ("hibari", "", "fr", 'hibari reads "en", and the coach speaks "fr". Try: [voice] engine = "auto"'),
    ],
)
def test_a_voice_of_another_language_is_told(engine: str, voice: str, language: str, told: str) -> None:
    made = VoiceSettings(engine=engine, voice=voice, command=["{text}", "{wav}"], player="none")
    usual = Words.load(language, "metric").voice
    said = mismatch(made, usual)
    assert said.startswith(told) and bool(said) == bool(told)
    if told:
        fine, line = voice_check(made, usual)[0]
        assert not fine and told in line


class Network:
    """Takes the place of the library: a second of tone for each text, ready once `loads` is set."""

    loads = threading.Event()

    def __init__(self, voice: str, model: str, threads: int) -> None:
        assert self.loads.wait(10.0)

    def __call__(self, text: str) -> None: ...

    def save(self, text: str, path: str, speed: float, seed: int) -> None:
        with wave.open(path, "wb") as file:
            file.setparams((1, 2, 24_000, 0, "NONE", ""))
            file.writeframes((b"\0\x20" * 20 + b"\0\xe0" * 20) * 600)


def voice_path(name: str, download_missing: bool) -> str:
    assert not download_missing
    if name != "heart":
        raise FileNotFoundError(f"/nowhere/{name}.onnx")
    return "heart.onnx"


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    Network.loads.clear()
    monkeypatch.setitem(__import__("sys").modules, "hibari", types.SimpleNamespace(Hibari=Network))
    monkeypatch.setitem(__import__("sys").modules, "hibari.voices", types.SimpleNamespace(voice_path=voice_path))


@pytest.mark.usefixtures("library")
def test_what_must_be_heard_at_once_does_not_wait_for_hibari_to_load(tmp_path: Path) -> None:
    voice = Synthesiser(VoiceSettings(engine="hibari"), "en-us", PhraseCache(tmp_path))
    began = time.process_time()
    assert voice.phrase("Halfway.", at_once=True) and time.process_time() - began < 1.0
    assert not list(tmp_path.iterdir()), "what another voice said is not kept"
    Network.loads.set()
    voice.load()
    made = voice.phrase("Halfway.", at_once=True)
    assert made and seconds(made) == pytest.approx(1.0, abs=0.02) and voice.trouble is None
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.usefixtures("library")
def test_a_voice_that_would_have_to_be_downloaded_is_refused_and_pyttsx3_speaks_from_then_on(tmp_path: Path) -> None:
    voice = Synthesiser(VoiceSettings(engine="hibari", voice="emma"), "en-us", PhraseCache(tmp_path))
    assert voice.phrase("Halfway.") and voice.phrase("On pace.")
    assert voice.trouble == "hibari's voice 'emma' is not on this computer: /nowhere/emma.onnx"
    assert voice._name == "pyttsx3" and len(list(tmp_path.iterdir())) == 2


def test_without_hibari_it_is_told_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "hibari", None)
    voice = Synthesiser(VoiceSettings(engine="hibari"), "en-us", PhraseCache(tmp_path))
    assert voice.phrase("Halfway.")
    assert 'pip install "progression-coach[voice]"' in str(voice.trouble)


@pytest.mark.edge
def test_hibari_itself_speaks_the_same_phrase_again(tmp_path: Path) -> None:
    pytest.importorskip("hibari", reason='hibari is an extra: pip install "progression-coach[voice]"')
    engine = Hibari("", 140)
    engine.wav("Go faster. Ten seconds too slow.", tmp_path / "first.wav")
    engine.wav("Go faster. Ten seconds too slow.", tmp_path / "second.wav")
    assert (tmp_path / "first.wav").read_bytes() == (tmp_path / "second.wav").read_bytes()
