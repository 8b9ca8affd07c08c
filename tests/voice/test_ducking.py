"""Other players are lowered while the coach speaks, on real sound servers, and are exactly as before when it is silent."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from coach.core.events import Cue
from coach.core.plan.segments import Duration, Kind, Plan, Segment
from coach.core.speech.facts import segment_facts
from coach.running.replay import replay
from coach.ui.views import Lines
from coach.voice.check import voice_check
from coach.voice.server import ducking, ledger, pulse
from coach.voice.server.ducking import Ducking
from coach.voice.server.monitor import Monitor
from coach.voice.settings import VoiceSettings
from tests.patience import PATIENCE, wait_until
from tests.voice.ears import SINKS, Music, Server, missing, music
from tests.voice.others import LONG, LOWERED, ORIGINAL, SETTINGS, becomes, heard, loudness, speaking, stream, volumes
from tests.voice.room import short_run

MISSING = missing("pulseaudio", "pactl", "parec", "pacat")
pytestmark = [
    pytest.mark.edge,
    pytest.mark.listens,
    pytest.mark.skipif(bool(MISSING), reason=f"there is nobody to lower without {', '.join(MISSING)}"),
]
PREVIEWED = Plan("", (Segment("Easy", Kind.EASY, Duration(60.0)), Segment("Tempo", Kind.TEMPO, Duration(60.0))))


@pytest.fixture
def ears(player: Music) -> Iterator[Monitor]:
    """In the room in which the other player plays."""
    with closing(Monitor(SINKS[0], latency_ms=20)) as ears:
        wait_until(lambda: ears.hears)
        yield ears


@pytest.fixture
def loud(player: Music, ears: Monitor) -> float:
    """How loud the other player is before the coach says anything."""
    now = time.monotonic()
    return median(loudness(ears, now, now + 1.0))


def test_others_are_an_eighth_as_loud_while_it_speaks_and_then_exactly_as_before(
    player: Music, ears: Monitor, loud: float
) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        voice = announcer.voice_process
        announcer.say_text(LONG)
        announcer.say_text(LONG)  # of the same group
        becomes(player, LOWERED)
        began = time.monotonic()
        announcer.drain(PATIENCE)
        seen = heard(ears, began, time.monotonic(), loud)
        lost = announcer.voice_process != voice  # as on a busy machine: others are given back until there is sound again
        becomes(player, ORIGINAL)
    assert lost or seen == [LOWERED]
    assert volumes(player) == ORIGINAL
    assert not list(ledger.default_folder().iterdir())


def test_11_in_a_whole_run_music_is_lowered_while_words_are_heard_never_stopped_and_given_back(
    player: Music, ears: Monitor, loud: float
) -> None:
    """Down for the words of the beginning, up in the silence, down for the end; never paused, muted, or at another volume."""
    with speaking():
        pass  # or there is no way from here to the server
    becomes(player, ORIGINAL)
    recording, setup = short_run(10)
    began = time.monotonic()
    assert replay(recording, setup, Lines("km", lambda line: None), 1.0, SETTINGS)[0]["complete"]
    becomes(player, ORIGINAL)
    turns = heard(ears, began, time.monotonic(), loud)
    assert set(turns) == {ORIGINAL, LOWERED} and turns.count(LOWERED) >= 2


def test_music_stays_low_from_a_preview_through_its_countdown(player: Music, ears: Monitor, loud: float) -> None:
    """In the gap between them it would come up for a second: nobody wants to hear it pump."""
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        voice = announcer.voice_process
        now = time.monotonic()
        ends = now + 6.5
        announcer.say(Cue(now, "preview", 2, now + 6.0, now, segment_facts(PREVIEWED, 1), by=ends - 3.5))
        announcer.say(Cue(now, "countdown", 1, ends - 2.7, ends - 3.0, {"ends": ends}))
        becomes(player, LOWERED)
        low = time.monotonic()
        announcer.drain(PATIENCE)
        assert announcer.voice_process != voice or heard(ears, low, ends - 0.1, loud) == [LOWERED]
        becomes(player, ORIGINAL)


def test_where_it_is_not_wanted_nobody_is_lowered(player: Music) -> None:
    with speaking(settings=replace(SETTINGS, duck=False)) as announcer:
        announcer.say_text("One two three.")
        announcer.drain(60)
        assert volumes(player) == ORIGINAL
    assert not ledger.default_folder().exists()


def test_a_server_that_hangs_holds_nobody_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with music(tmp_path) as player:
        wait_until(lambda: stream(player))
        others = Ducking(SETTINGS, lambda: None)
        with monkeypatch.context() as impatient:
            impatient.setattr(pulse, "PACTL_TIME", 0.2)
            server.process.send_signal(signal.SIGSTOP)
            others.start()
            began = time.thread_time()
            for _ in range(100):
                others.speaking(True)
                others.speaking(False)
            assert time.thread_time() - began < 0.1
            others.close(PATIENCE)
        server.process.send_signal(signal.SIGCONT)
        assert volumes(player) == (65_536,)


def test_without_pactl_it_is_silently_off_and_told_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "is_there", lambda: False)
    others = Ducking(SETTINGS, lambda: None)
    others.start()
    others.speaking(True)
    others.close()
    told = dict((line, fine) for fine, line in voice_check(replace(SETTINGS, engine="none")))
    (music_line,) = (line for line in told if line.startswith("music will not be lowered"))
    assert told[music_line] and "apt install pulseaudio-utils" in music_line


def test_the_check_tells_that_others_are_lowered(server: Server) -> None:
    told = [line for _, line in voice_check(replace(SETTINGS, engine="none"))]
    assert "music: other players are lowered by 18 dB while the coach speaks" in told


def test_only_who_is_heard_lowers_others() -> None:
    wanted = {player: ducking.wanted(VoiceSettings(player=player)) for player in ("auto", "sounddevice", "wav", "none")}
    assert wanted == {"auto": True, "sounddevice": True, "wav": False, "none": False}
