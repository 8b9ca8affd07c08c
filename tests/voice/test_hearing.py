"""Heard, not only sent: what comes out of a sound server is told apart by a recogniser, also after the server was lost.

What this proves: our cues reach the loudspeaker and can be told apart. It says nothing about runners. How soon they are heard
is a row of `tests/bench`.
"""

import importlib.util
import signal
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from coach.voice.server.monitor import Monitor
from tests.patience import wait_until
from tests.voice import hearing
from tests.voice.ears import SINKS, Server, missing

MISSING = missing("pulseaudio", "pactl", "parec")
MISSING += [] if importlib.util.find_spec("pocketsphinx") else ["pocketsphinx"]
pytestmark = [
    pytest.mark.edge,
    pytest.mark.listens,
    pytest.mark.skipif(bool(MISSING), reason=f"cannot listen without {', '.join(MISSING)}"),
]
PATIENT = 300  # ms of a buffer that a busy machine does not let run dry
SHARE = 0.8


def test_a_runner_hears_each_cue_and_can_tell_which(house: Path, tmp_path: Path) -> None:
    said = hearing.heard(house, tmp_path, PATIENT)
    assert [each.text for each in said if not each.is_heard] == []
    mistaken = [(each.text, each.taken_for) for each in said if not each.is_recognised]
    assert len(mistaken) <= (1 - SHARE) * len(said), mistaken


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_a_sound_server_that_dies_or_freezes_is_survived(server: Server, fault: signal.Signals) -> None:
    """It is told, nobody is held up, and once there is a server again cues are heard again."""
    shown: list[str] = []
    halfway = next(cue for cue in hearing.spoken() if cue.kind == "halfway")
    with ExitStack() as stack:
        announcer = stack.enter_context(hearing.greeting("default", shown))
        hearing.greeted(announcer, shown)
        before = announcer.voice_process
        server.process.send_signal(fault)
        wait_until(lambda: shown and announcer.voice_process != before)
        server.end()
        stack.callback(Server().end)
        ears = stack.enter_context(closing(Monitor(SINKS[0])))

        def is_heard() -> bool:
            announcer.say(hearing.now(halfway))
            announcer.drain(5)
            return hearing.is_loud(ears.samples.tobytes())

        wait_until(is_heard)
    assert shown[0] == "the sound device is lost; trying to get it back"
