"""Measures how late sound is heard: plays a steady beat, and somebody taps to it, or the sound server's monitor listens.

The delay of the sound card's buffer is known (latency_ms); what is measured is the delay in addition to it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median

from coach.errors import InvalidSettings
from coach.voice.booth import READY_WITHIN
from coach.voice.process.parent import Message, VoiceProcess, answered
from coach.voice.server import pulse
from coach.voice.server.monitor import LOUD, Monitor
from coach.voice.settings import VoiceSettings
from coach.voice.waiting import AHEAD

EVERY = 1.0  # s between two beeps
LISTENED_TO = 4  # beeps for finding the beat, which do not count
COUNTED = 16
EARLIEST = 0.15  # s before its beep that a tap may come; up to EVERY - EARLIEST after it
TAPPED_AHEAD = 0.030  # s: people who tap to a beat tap 20 to 50 ms early without noticing
FEWEST = 8  # taps needed for a measurement
WORTH_A_LINE = 0.010  # s: nobody hears a smaller delay
BEEP = {"earcon": "beep", "text": "", "short": "", "by": None, "over": False}

Wait = Callable[[float], None]
Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lag:
    """`count` beeps were heard `late` s after they were due; half of them were within `spread` of that."""

    late: float
    spread: float
    count: int


def by_ear(settings: VoiceSettings, show: Show) -> Lag:
    """Plays beeps while somebody presses a key on each. Raises InvalidSettings without a terminal, or after too few keys."""
    if not sys.stdin.isatty():
        raise InvalidSettings("--calibrate", None, "needs a terminal to press keys in", "or use --calibrate auto")
    show(f"In a moment: {LISTENED_TO + COUNTED} beeps, a second apart. Press any key on each beep, as if you clapped along.")
    with beeping(settings) as beep, tapping() as (wait, taps):
        beeps = beat(beep, LISTENED_TO + COUNTED, wait)
    lag = lag_of(beeps[LISTENED_TO:], taps)
    if lag.count < FEWEST:
        raise InvalidSettings(
            "--calibrate", None, f"only {lag.count} key presses came close to a beep; {FEWEST} are needed", "try again"
        )
    return replace(lag, late=lag.late + TAPPED_AHEAD)


def by_monitor(settings: VoiceSettings) -> Lag:
    """Plays beeps and hears them at the default sink's monitor. Raises InvalidSettings if that is impossible."""
    try:
        sink = pulse.default_sink()
        ears = Monitor(sink, 48_000)
    except (pulse.Unanswered, OSError) as error:
        raise InvalidSettings("--calibrate auto", None, f"cannot listen to a sound server: {error}") from None
    with contextlib.closing(ears), beeping(settings) as beep:
        beeps = beat(beep, COUNTED, lambda until: time.sleep(max(0.0, until - time.monotonic())))
        if not ears.hears:
            raise InvalidSettings("--calibrate auto", None, f"the monitor of {sink} is silent", "is it the right sink?")
    if ears.loudness(beeps[0] - EARLIEST - EVERY / 4, beeps[0] - EARLIEST) > LOUD:
        raise InvalidSettings("--calibrate auto", None, "something else is playing", "stop it and try again")
    onsets = [ears.onset(moment - EARLIEST, moment + EVERY - EARLIEST) for moment in beeps]
    lag = lag_of(beeps, [onset for onset in onsets if onset is not None])
    if lag.count < FEWEST:
        raise InvalidSettings("--calibrate auto", None, f"{lag.count} of {COUNTED} beeps arrived at {sink}", "check it")
    return lag


def told(lag: Lag, by_hand: bool) -> Iterator[str]:
    """Lines to print: the delay that was measured, and the option for the config."""
    spread = f"give or take {1000 * lag.spread:.0f} ms"
    yield f"{lag.count} beeps were heard {1000 * lag.late:.0f} ms after they were due, {spread}."
    if by_hand:
        yield f"This includes {1000 * TAPPED_AHEAD:.0f} ms, because people tap that much ahead of a beat."
    else:
        yield "This is the delay at the sound server. A wireless headset adds its own: measure it with --calibrate."
    delay = round(1000 * min(1.0, lag.late)) if lag.late >= WORTH_A_LINE else 0
    yield f"In the config, under [voice]:  delay_ms = {delay}"


def lag_of(beeps: list[float], heard: list[float]) -> Lag:
    """The delay between each beep and the first thing heard for it; anything else heard does not count."""
    late = []
    for moment in beeps:
        came = [each - moment for each in heard if moment - EARLIEST <= each < moment + EVERY - EARLIEST]
        late += came[:1]
    middle = median(late) if late else 0.0
    return Lag(middle, median([abs(each - middle) for each in late]) if late else 0.0, len(late))


def beat(beep: Callable[[float], None], count: int, wait: Wait) -> list[float]:
    """Plays `count` beeps in a steady beat; returns when they were due."""
    first = time.monotonic() + EVERY
    moments = [first + number * EVERY for number in range(count)]
    for moment in moments:
        wait(moment - AHEAD)
        beep(moment)
    wait(moments[-1] + EVERY)
    return moments


@contextmanager
def beeping(settings: VoiceSettings) -> Iterator[Callable[[float], None]]:
    """A voice process that plays one beep at each moment it is given. Raises InvalidSettings if it cannot play."""
    answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
    process = VoiceProcess(settings, lambda _, message: answers.put(message))
    try:
        process.start(replace(settings, engine="none"), "", words=False, again=False)
        answered("ready", answers, READY_WITHIN)
        yield lambda moment: _ordered(process, moment)
    except (queue.Empty, RuntimeError) as error:
        raise InvalidSettings("[voice]", None, str(error) or "the sound device hangs", "coach check") from None
    finally:
        process.close()


def _ordered(process: VoiceProcess, moment: float) -> None:
    process.order("play", id=0, at=moment, until=moment + EVERY, **BEEP)


@contextmanager
def tapping() -> Iterator[tuple[Wait, list[float]]]:
    """Reads keys without Return: gives a way to wait until a moment, and the times of the keys pressed meanwhile."""
    try:
        import termios
        import tty
    except ImportError:
        raise InvalidSettings("coach say", None, "this terminal does not pass single keys", "use --calibrate auto") from None
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    taps: list[float] = []

    def wait(until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            if select.select([terminal], [], [], left)[0]:
                taps.append(time.monotonic())
                os.read(terminal, 64)

    tty.setcbreak(terminal)
    try:
        yield wait, taps
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
