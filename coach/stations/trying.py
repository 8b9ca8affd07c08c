"""The part of `coach check` about buttons: which headsets and remotes there are, and by which way a press comes."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from coach.stations import evdev
from coach.stations.buttons import RIGHTS
from coach.ui.steering import Buttons
from coach.ui.terminal import one_line

PATIENCE = 10.0  # s to press a button
PROXY = "mpris-proxy"  # of BlueZ; Debian 13 starts it for each user
KEEPS, MASK = f"{PROXY} keeps the buttons of a Bluetooth headset for itself", f"systemctl --user mask --now {PROXY}"
PROCESSES = Path("/proc")
SAID = {"short": "pressed", "long": "held", "double": "pressed twice"}  # gestures, as a runner would say it


def buttons_check(
    options: Buttons, show: Callable[[str], None] | None, folders: tuple[Path, Path]
) -> Iterator[tuple[bool, str]]:
    """A line for each device that would steer a run. With `show` a press is asked for by it, and waited for."""
    if not options.use:
        return
    opened = []
    wanted = [node for node in evdev.nodes(*folders) if node.is_wanted(options.codes, options.devices)]
    for node in wanted:
        try:
            opened.append(evdev.Buttons(node, grabs=False))
        except OSError as trouble:
            yield False, f"buttons: {one_line(node.name)}: {RIGHTS if isinstance(trouble, PermissionError) else trouble}"
        else:
            yield True, f"buttons: {one_line(node.name)}"
    if wanted and takes_them():
        yield False, f"buttons: {KEEPS}: {MASK}"
    try:
        if opened and show:
            show(f"Press one of its buttons now, such as play, within {PATIENCE:.0f} s.")
            yield True, f"buttons: {_pressed(opened, options)}"
    finally:
        for each in opened:
            each.close()


def takes_them(processes: Path = PROCESSES) -> bool:
    """Whether the program runs that swallows them."""
    for told in processes.glob("[0-9]*/comm"):
        with suppress(OSError):  # it ended meanwhile
            if told.read_text("utf-8", "replace").strip() == PROXY:
                return True
    return False


def _pressed(opened: list[evdev.Buttons], options: Buttons) -> str:
    """Waits for a press, and says which button sent it."""
    with selectors.DefaultSelector() as selector:
        for each in opened:
            selector.register(each, selectors.EVENT_READ, each)
        until = time.monotonic() + PATIENCE
        while (left := until - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                try:
                    codes = [change.code for change in key.data.changes() if change.is_down]
                except OSError:
                    selector.unregister(key.fileobj)
                    continue
                if codes and codes[0] is not None:
                    return f"{one_line(key.data.node.name)} sent the key {codes[0]}, {_meaning(codes[0], options)}"
    return "no press came. If you pressed, another program gets the presses, or the headset keeps them for calls"


def _meaning(code: int, options: Buttons) -> str:
    button = options.codes.get(code)
    if button is None:
        return f'which has no meaning yet; [buttons] keys = {{ {code} = "lap" }} in the config gives it one'
    told = {gesture: key for (name, gesture), key in options.meanings.items() if name == button}
    return f"that is {button}; {', '.join(f'{SAID[gesture]}, it means {key}' for gesture, key in told.items())}"
