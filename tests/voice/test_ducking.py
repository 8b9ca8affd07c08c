"""Other players beside the coach, on real sound servers: lowered while it speaks, and exactly as before, whoever dies."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from coach.running.replay import replay
from coach.ui.views import Lines
from coach.voice.announcer import Announcer
from coach.voice.check import voice_check
from coach.voice.server import ducking, ledger, pulse
from coach.voice.server.ducking import Ducking
from coach.voice.server.ledger import Debt, Ledger
from coach.voice.server.monitor import Monitor
from coach.voice.server.pulse import Stream
from coach.voice.settings import VoiceSettings
from coach.voice.words.phrasing import Words
from tests.cli.commands import COACH
from tests.voice.ears import SINKS, Music, PipeWire, Server, missing, music, wait_until
from tests.voice.room import short_run

MISSING = missing("pulseaudio", "pactl", "parec", "pacat")
pytestmark = [
    pytest.mark.edge,
    pytest.mark.skipif(bool(MISSING), reason=f"there is nobody to lower without {', '.join(MISSING)}"),
]
WORDS = Words.load("en", "metric")
SETTINGS = VoiceSettings(player="sounddevice")
ORIGINAL = (54_321,)  # an odd volume, such as people have
LOWERED = (34_274,)  # 12 dB less, on the cubic scale
QUARTER = 10 ** (-12 / 20)
LONG = "one two three four five six seven eight nine ten"


def stream(player: Music) -> Stream | None:
    return next((each for each in pulse.streams() if each.process == player.pid), None)


def volumes(player: Music) -> tuple[int, ...]:
    wait_until(lambda: stream(player))
    found = stream(player)
    assert found
    return found.volumes


def becomes(player: Music, wanted: tuple[int, ...]) -> None:
    wait_until(lambda: volumes(player) == wanted, f"{wanted} never came")


@contextmanager
def speaking(shown: list[str] | None = None, settings: VoiceSettings = SETTINGS) -> Iterator[Announcer]:
    shown = shown if shown is not None else []
    with Announcer(WORDS, settings, lambda at: at, shown.append) as announcer:
        announcer.say_text("Hello.")
        announcer.drain(60)
        if any("no sound" in line for line in shown):
            pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {shown}")
        yield announcer


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not so long a silence, nor so long between two looks."""
    monkeypatch.setattr(ducking, "HOLD", 0.5)
    monkeypatch.setattr(ducking, "FIRST_LOOK", 0.5)


@pytest.fixture
def player(remembering: Server | PipeWire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Music]:
    """Plays in one room; the coach speaks in another, so that each can be heard alone."""
    monkeypatch.setenv("PULSE_SINK", SINKS[1])
    with music(tmp_path) as player:
        wait_until(lambda: stream(player))
        found = stream(player)
        assert found
        pulse.set_volumes(found.index, ORIGINAL)
        becomes(player, ORIGINAL)
        yield player


def loudness() -> int:
    """Of the room in which the other player plays, now."""
    with closing(Monitor(SINKS[0])) as ears:
        wait_until(lambda: len(ears.samples) > 0.7 * ears.rate)
        return max(ears.samples[-int(0.3 * ears.rate) :])


def test_others_are_a_quarter_as_loud_while_it_speaks_and_then_exactly_as_before(player: Music) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        loud = loudness()
        announcer.say_text(LONG)
        announcer.say_text(LONG)  # of the same group
        becomes(player, LOWERED)
        quiet = loudness()
        seen = []
        while announcer._open:
            seen.append(volumes(player))
        becomes(player, ORIGINAL)
    assert quiet == pytest.approx(loud * QUARTER, rel=0.05)
    assert set(seen) == {LOWERED}
    assert volumes(player) == ORIGINAL
    assert not list(ledger.default_folder().iterdir())


def test_11_in_a_whole_run_music_is_lowered_while_words_are_heard_never_stopped_and_given_back(player: Music) -> None:
    """Down for the words of the beginning, up in the silence, down for the end; never paused, muted, or at another volume."""
    with speaking():
        pass  # or there is no way from here to the server
    recording, setup = short_run(12)
    seen: list[tuple[int, ...]] = []
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(replay, recording, setup, Lines("km", lambda line: None), 1.0, SETTINGS)
        while not run.done():
            seen.append(volumes(player))
        assert run.result()[0]["complete"]
    becomes(player, ORIGINAL)
    turns = [volume for volume, _ in groupby(seen)]
    assert set(turns) == {ORIGINAL, LOWERED} and turns.count(LOWERED) >= 2


def test_a_voice_that_is_killed_leaves_nobody_quiet(player: Music) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        announcer.say_text(LONG)
        becomes(player, LOWERED)
        assert announcer.voice_process
        os.kill(announcer.voice_process, signal.SIGKILL)
        announcer.drain(60)
        becomes(player, ORIGINAL)


def test_an_end_in_the_middle_of_a_word_leaves_nobody_quiet(player: Music) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        announcer.say_text(LONG)
        becomes(player, LOWERED)
    assert volumes(player) == ORIGINAL


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_coach_that_is_killed_leaves_nobody_quiet(player: Music, tmp_path: Path, how: signal.Signals) -> None:
    """The voice process, which sees its end, gives back what it took."""
    process = coach_speaks(tmp_path, LONG)
    becomes(player, LOWERED)
    process.send_signal(how)
    process.wait()
    becomes(player, ORIGINAL)
    wait_until(lambda: not list(ledger.default_folder().iterdir()))


def test_where_coach_and_voice_are_dead_the_next_one_gives_it_back(player: Music, tmp_path: Path) -> None:
    process = coach_speaks(tmp_path, LONG)
    becomes(player, LOWERED)
    process.send_signal(signal.SIGSTOP)
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    process.kill()
    process.wait()
    assert volumes(player) == LOWERED
    with speaking():
        becomes(player, ORIGINAL)


def test_a_player_that_ended_while_it_was_quiet_comes_back_as_loud_as_it_was(player: Music, tmp_path: Path) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        announcer.say_text(LONG)
        becomes(player, LOWERED)
        player.end()
        announcer.drain(60)
        wait_until(lambda: not stream(player))
        with music(tmp_path) as again:
            assert volumes(again) == LOWERED, "the server remembers"
            becomes(again, ORIGINAL)


def test_a_volume_that_the_runner_changed_meanwhile_is_left_to_him(player: Music) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        announcer.say_text(LONG)
        becomes(player, LOWERED)
        (found,) = (each for each in pulse.streams() if each.process == player.pid)
        pulse.set_volumes(found.index, (20_000,))
        announcer.drain(60)
        wait_until(lambda: not list(ledger.default_folder().iterdir()))
    assert volumes(player) == (20_000,)


def test_where_it_is_not_wanted_nobody_is_lowered(player: Music) -> None:
    with speaking(settings=replace(SETTINGS, duck=False)) as announcer:
        announcer.say_text("One two three.")
        announcer.drain(60)
        assert volumes(player) == ORIGINAL
    assert not ledger.default_folder().exists()


def test_a_server_that_hangs_holds_nobody_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "PACTL_TIME", 0.2)
    with music(tmp_path) as player:
        wait_until(lambda: stream(player))
        others = Ducking(SETTINGS, lambda: None)
        others.start()
        server.process.send_signal(signal.SIGSTOP)
        began = time.thread_time()
        for _ in range(100):
            others.speaking(True)
            others.speaking(False)
        assert time.thread_time() - began < 0.1
        server.process.send_signal(signal.SIGCONT)
        others.close()
        assert volumes(player) == (65_536,)


def test_without_pactl_it_is_silently_off_and_told_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "is_there", lambda: False)
    others = Ducking(SETTINGS, lambda: None)
    others.start()
    others.speaking(True)
    others.close()
    told = dict((line, fine) for fine, line in voice_check(replace(SETTINGS, engine="none")))
    (music_line,) = (line for line in told if line.startswith("music:"))
    assert told[music_line] and "apt install pulseaudio-utils" in music_line


def test_the_check_tells_that_others_are_lowered(server: Server) -> None:
    told = [line for _, line in voice_check(replace(SETTINGS, engine="none"))]
    assert "music: other players are lowered by 12 dB while something is said" in told


# The ledger, without a server


def debt(index: int = 7, name: str = "player", **more: object) -> Debt:
    return replace(Debt(index, name, (60_000, 50_000), (37_857, 31_547), time.time()), **more)  # type: ignore[arg-type]


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, ...]]:
    done: dict[int, tuple[int, ...]] = {}
    monkeypatch.setattr(pulse, "set_volumes", done.__setitem__)
    return done


def test_what_a_living_coach_owes_is_not_touched_and_what_a_dead_one_owes_is_taken_over(tmp_path: Path) -> None:
    living, dead = Ledger(tmp_path), Ledger(tmp_path)
    living.write([debt(1)])
    dead.write([debt(2), debt(3)])
    dead.write([debt(2)])
    dead.leave()
    assert [each.index for each in ledger.abandoned(tmp_path)] == [2]
    assert ledger.abandoned(tmp_path) == []
    living.tear_up()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"[{", b"[1]\n", b"\xff\xfe", b'[{"index": 1}]\n'])
def test_a_torn_file_owes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1-1.json").write_bytes(content)
    assert ledger.abandoned(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_after_a_week_it_is_forgiven(tmp_path: Path) -> None:
    old = Ledger(tmp_path)
    old.write([debt(since=time.time() - 8 * 86_400)])
    old.leave()
    assert ledger.abandoned(tmp_path) == []


def test_each_channel_gets_back_its_own(set_to: dict[int, tuple[int, ...]]) -> None:
    assert ledger.pay([Stream(7, "player", 1, (37_857, 31_547))], [debt()]) == []
    assert set_to == {7: (60_000, 50_000)}


def test_a_stream_that_seems_loud_still_is_set_all_the_same(set_to: dict[int, tuple[int, ...]]) -> None:
    """A server may tell the old volume for some milliseconds after it was lowered."""
    assert ledger.pay([Stream(7, "player", 1, (60_000, 50_000))], [debt()]) == []
    assert set_to == {7: (60_000, 50_000)}


def test_a_player_that_returns_loud_is_believed_at_the_second_look(set_to: dict[int, tuple[int, ...]]) -> None:
    """A server that remembers may take a moment to make it quiet."""
    loud, quiet = (Stream(8, "player", 1, volumes) for volumes in ((65_536,), (37_857,)))
    owed = ledger.pay([loud], [debt()])
    assert owed == [debt(doubted=True, since=owed[0].since)]
    assert ledger.pay([loud], owed) == []
    assert set_to == {}
    assert ledger.pay([quiet], owed) == []
    assert set_to == {8: (60_000,)}


def test_a_stream_that_came_back_quiet_is_not_lowered_again() -> None:
    debts, fresh = ledger.lower([Stream(8, "player", 1, (37_857, 31_547))], [debt()], -12.0)
    assert fresh == [] and [each.index for each in debts] == [8]
    assert debts[0].original == (60_000, 50_000)


def test_only_who_is_heard_lowers_others() -> None:
    wanted = {player: ducking.wanted(VoiceSettings(player=player)) for player in ("auto", "sounddevice", "wav", "none")}
    assert wanted == {"auto": True, "sounddevice": True, "wav": False, "none": False}


def coach_speaks(folder: Path, text: str) -> subprocess.Popen[bytes]:
    config = folder / "config.toml"
    config.write_text('[voice]\nplayer = "sounddevice"\n')
    return subprocess.Popen([*COACH, "--config", str(config), "say", text], stdin=subprocess.DEVNULL)


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
