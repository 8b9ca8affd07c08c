"""Other players are given back what they had, whoever dies: the voice, the coach, both, or the player itself."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from coach.voice.server import ledger, pulse
from tests.cli.commands import COACH
from tests.patience import wait_until
from tests.voice.ears import Music, missing, music
from tests.voice.others import LONG, LOWERED, ORIGINAL, becomes, speaking, stream, volumes

MISSING = missing("pulseaudio", "pactl", "parec", "pacat")
pytestmark = [
    pytest.mark.edge,
    pytest.mark.listens,
    pytest.mark.skipif(bool(MISSING), reason=f"there is nobody to lower without {', '.join(MISSING)}"),
]


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
            wait_until(lambda: volumes(again) != (0,))  # what PipeWire tells of a stream before it has looked up its volume
            assert volumes(again) == LOWERED, "the server remembers"
            becomes(again, ORIGINAL)


def test_a_volume_that_the_runner_changed_meanwhile_is_left_to_him(player: Music) -> None:
    with speaking() as announcer:
        becomes(player, ORIGINAL)
        for _ in range(3):
            announcer.say_text(LONG)  # so that it speaks for longer than a busy machine takes to look and to set
        becomes(player, LOWERED)
        (found,) = (each for each in pulse.streams() if each.process == player.pid)
        pulse.set_volumes(found.index, (20_000,))
        announcer.drain(60)
        wait_until(lambda: not list(ledger.default_folder().iterdir()))
    assert volumes(player) == (20_000,)


def coach_speaks(folder: Path, text: str) -> subprocess.Popen[bytes]:
    config = folder / "config.toml"
    config.write_text('[voice]\nplayer = "sounddevice"\n')
    return subprocess.Popen([*COACH, "--config", str(config), "say", text], stdin=subprocess.DEVNULL)


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
