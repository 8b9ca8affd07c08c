"""Buttons at the pins of a Raspberry Pi, by gpiozero (the extra [gpio]); each connects its pin with ground.

gpiozero's own debouncing is left off: it loses releases (gpiozero issues 550, 697), and the press machine has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial

INSTALL = 'pip install "progression-coach[gpio]"; on a Raspberry Pi also: apt install python3-lgpio'


@contextmanager
def pins(buttons: Mapping[str, str], changed: Callable[[str, bool], None], note: Callable[[str], object]) -> Iterator[None]:
    """Inside this block `changed` is told when a button, by its pin's number, goes down (True) or up."""
    with ExitStack() as stack:
        for pin, name in buttons.items():
            try:
                from gpiozero import Button

                button = stack.enter_context(Button(int(pin)))
            except ImportError:
                note(f"[buttons.pins] needs gpiozero: {INSTALL}")
                break
            except Exception as trouble:  # gpiozero has a dozen kinds for pins that are not there, or not ours
                note(f"[buttons.pins] {pin}: {str(trouble) or repr(trouble)}")
                continue
            button.when_pressed, button.when_released = partial(changed, name, True), partial(changed, name, False)
        yield
