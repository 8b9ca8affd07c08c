"""The keyboard during a run: single keys without Return, in terminals of Unix and Windows."""

from __future__ import annotations

import errno
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from typing import Any

from coach.ui.watching import SHOW_KEYS

KEYBOARD = {
    "p": "pause",
    " ": "pause",
    "s": "skip",
    "n": "skip",
    "b": "back",
    "l": "lap",
    "\r": "lap",
    "\n": "lap",
    "h": "report",
    "?": SHOW_KEYS,
    "a": "progress",
    "v": "verbosity",
    "+": "louder",
    "=": "louder",  # the same key without Shift, where + needs it
    "-": "quieter",
    "q": "quit",
}
LOOK_EVERY = 0.05  # s between two checks of a keyboard that cannot be waited for: too short to notice
BACK_WITHIN = 0.5  # s between two checks whether a run in the background is in the foreground again

Press = Callable[[str], None]


def has_keys() -> bool:
    """Whether there is a terminal whose keys reach the run."""
    return sys.stdin is not None and sys.stdin.isatty()


@contextmanager
def keys(press: Press, woken: Callable[[], None]) -> Iterator[None]:
    """Inside this block `press` is called for each key that has a meaning; without a terminal nothing happens.

    `woken` is called when a run that was stopped by Ctrl-Z goes on.
    """
    with ExitStack() as stack:
        if has_keys():
            stack.enter_context(_windows_keys(press) if sys.platform == "win32" else _terminal_keys(press, woken))
        yield


def _press(typed: str, press: Press) -> None:
    for character in typed.lower():
        if key := KEYBOARD.get(character):
            press(key)


@contextmanager
def _terminal_keys(press: Press, woken: Callable[[], None]) -> Iterator[None]:
    """Restores the terminal at the end, and while the run is stopped by Ctrl-Z."""
    try:
        mode = _Mode(sys.stdin.fileno())
    except ImportError:  # not a Unix that we know: a run without keys
        yield
        return
    wake, waker = os.pipe()
    reader = threading.Thread(target=_read_terminal, args=(mode, wake, press), name="keyboard", daemon=True)
    with _minding_the_shell(mode, woken):
        mode.single_keys()
        reader.start()
        try:
            yield
        finally:
            os.close(waker)
            reader.join(timeout=1.0)
            os.close(wake)
            mode.put_back()


class _Mode:
    """The mode of a terminal. A run in the background leaves it alone, because it then belongs to the shell."""

    def __init__(self, terminal: int) -> None:
        self.terminal = terminal
        self._termios: Any = import_module("termios")
        self._before = self._termios.tcgetattr(terminal)

    @property
    def is_ours(self) -> bool:
        try:
            return os.tcgetpgrp(self.terminal) == os.getpgrp()
        except OSError as error:
            return error.errno == errno.ENOTTY  # it belongs to no shell; any other error: it was closed meanwhile

    def single_keys(self) -> None:
        if self.is_ours:
            import_module("tty").setcbreak(self.terminal, self._termios.TCSADRAIN)  # keys typed meanwhile are kept

    def put_back(self) -> None:
        with suppress(self._termios.error):  # it was closed meanwhile
            if self.is_ours:
                self._termios.tcsetattr(self.terminal, self._termios.TCSADRAIN, self._before)


@contextmanager
def _minding_the_shell(mode: _Mode, woken: Callable[[], None]) -> Iterator[None]:
    """Handles job control: Ctrl-Z restores the shell's terminal, `fg` returns to single keys, `bg` does not stop the run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        mode.put_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # the run is stopped here until it is continued
        signal.signal(signal.SIGTSTP, stop)

    def go_on(number: int, frame: object) -> None:
        mode.single_keys()
        woken()

    handlers: dict[int, Any] = {
        signal.SIGTSTP: stop,
        signal.SIGCONT: go_on,
        signal.SIGTTIN: signal.SIG_IGN,
        signal.SIGTTOU: signal.SIG_IGN,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_terminal(mode: _Mode, wake: int, press: Press) -> None:
    while True:
        ready, _, _ = select.select([mode.terminal, wake], [], [])
        if wake in ready:
            return
        try:
            typed = os.read(mode.terminal, 64)
        except OSError:
            if not os.isatty(mode.terminal):
                return  # the terminal is gone (an ssh connection dropped): the run goes on
            if select.select([wake], [], [], BACK_WITHIN)[0]:  # what is typed is for the shell
                return
            continue
        if not typed:
            return
        _press(typed.decode("utf-8", "ignore"), press)


@contextmanager
def _windows_keys(press: Press) -> Iterator[None]:
    done = threading.Event()
    reader = threading.Thread(target=_read_windows, args=(done, press), name="keyboard", daemon=True)
    reader.start()
    try:
        yield
    finally:
        done.set()
        reader.join(timeout=1.0)


def _read_windows(done: threading.Event, press: Press) -> None:
    console: Any = import_module("msvcrt")
    while not done.wait(LOOK_EVERY):
        while console.kbhit():
            _press(console.getwch(), press)
