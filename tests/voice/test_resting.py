"""A stream that rests in silence: it costs nothing, is not lost, wakes for words at once and for beeps on time; and what is
over is over only when the card has played it.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from math import inf

import pytest

from coach.voice.process import earcons
from coach.voice.process.mixed import Mixed
from coach.voice.process.player import NoDevice
from coach.voice.process.players import SoundDevice
from coach.voice.process.sound import RATE, silence
from coach.voice.server.monitor import Monitor
from coach.voice.settings import VoiceSettings
from tests.patience import wait_until
from tests.voice.ears import SINKS, Server, missing

MISSING = missing("pulseaudio", "pactl", "parec")
HEARD_WITHIN = 0.25  # s


@pytest.fixture
def ears(server: Server) -> Iterator[Monitor]:
    with closing(Monitor(SINKS[0])) as ears:
        yield ears


@pytest.fixture
def device(ears: Monitor) -> Iterator[SoundDevice]:
    try:
        device = SoundDevice(VoiceSettings())
    except NoDevice as why:
        pytest.skip(f"no way from PortAudio to the sound server (apt install libasound2-plugins): {why}")
    wait_until(lambda: ears.hears)
    yield device
    device.close()


@pytest.mark.edge
@pytest.mark.listens
@pytest.mark.skipif(bool(MISSING), reason=f"no sound server without {', '.join(MISSING)}")
@pytest.mark.parametrize(("wait", "asked"), [(None, 0.0), (0.8, 0.8)], ids=["words", "beeps"])
def test_a_stream_rests_in_silence_and_wakes(wait: float | None, asked: float, device: SoundDevice, ears: Monitor) -> None:
    """A busy machine wakes it late: the time that it is held up least is ours."""
    late = inf
    for _ in range(5):
        device.rest()
        stands, spent = device.mixer.position, time.process_time()
        time.sleep(0.3)
        assert device.mixer.position == stands and not device.is_lost()
        assert time.process_time() - spent < 0.1
        now = time.monotonic()
        playing = device.play(earcons.beep(), None if wait is None else now + wait, over=False)
        wait_until(lambda playing=playing: playing.is_over(time.monotonic()))  # type: ignore[misc]
        over = time.monotonic()
        wait_until(lambda: ears.onset(now, over + 3.0))  # noqa: B023 (called at once)
        onset = ears.onset(now, over + 3.0)
        assert onset and over > onset + len(earcons.beep()) / RATE - 0.05, "over before it was heard"
        assert wait is None or onset - now - asked > -0.05
        late = min(late, onset - now - asked)
        if late < HEARD_WITHIN:
            break
    assert late < HEARD_WITHIN


def test_a_sound_is_over_when_the_card_has_played_it_not_when_it_should_have() -> None:
    """A card that asks for its blocks late, as on a busy machine: no second of speech is cut off."""
    mixed = Mixed(latency=0.05)
    playing = mixed.play(silence(0.04), None, over=False)
    assert not playing.is_over(playing.ends + 9.0), "none of it was asked for"
    mixed.block(441, 0.0)
    mixed.block(441, 0.0)
    assert not playing.is_over(100.0), "its end was asked for only now"
    assert not playing.is_over(100.04) and playing.is_over(100.06)
