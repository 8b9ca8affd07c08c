"""The options of [buttons] in the config: what the buttons of a headset, a remote or a Pi mean."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from coach.core.inputs import KEYS
from coach.errors import suggestion

# The codes of Linux's input devices (input-event-codes.h). Headsets alternate between play and pause by what they believe.
CODES = {
    "play": (164, 200, 201, 207),
    "stop": (166, 128),
    "next": (163, 407),
    "previous": (165, 412),
    "forward": (208, 159),
    "rewind": (168, 158),
    "volumeup": (115,),
    "volumedown": (114,),
    "enter": (28, 96),
}
GESTURES = ("long", "double")  # besides a short press
USUAL = {
    "play": "pause",
    "play long": "report",
    "play double": "report",  # many headsets keep long presses for themselves
    "next": "lap",
    "next long": "skip",
    "previous": "back",
    "previous long": "progress",
}


class Buttons(BaseModel):
    """Options of [buttons]."""

    model_config = ConfigDict(extra="forbid")

    use: bool = True
    devices: list[Annotated[str, Field(min_length=1)]] = []
    grab: bool = True
    keys: dict[str, str] = {}
    pins: dict[str, str] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        for pin in self.pins:
            if not pin.isdecimal() or int(pin) > 1000:
                raise ValueError(f"{pin!r} is not the number of a pin, such as 17")
        names = [*CODES, *self.pins.values()]
        for pressed, key in self.keys.items():
            button, _, gesture = pressed.partition(" ")
            if button not in names and not button.isdecimal():
                raise ValueError(f"{button!r} is not a button; {suggestion(button, names)}, or the number of its key")
            if gesture and gesture not in GESTURES:
                raise ValueError(f"{pressed!r}: a button is pressed {' or '.join(GESTURES)}, or its name stands alone")
            if key and key not in KEYS:
                raise ValueError(f"{key!r} is not a key of a run; {suggestion(key, KEYS)}")
        return self

    @property
    def meanings(self) -> dict[tuple[str, str], str]:
        """The key of each button and gesture (short, long, double) that has one."""
        split = ((pressed.partition(" "), key) for pressed, key in (USUAL | self.keys).items())
        return {(button, gesture or "short"): key for (button, _, gesture), key in split if key}

    @property
    def codes(self) -> dict[int, str]:
        """The buttons that mean something, by the codes of their keys."""
        used = {button for button, _ in self.meanings}
        named = {code: name for name, codes in CODES.items() for code in codes if name in used}
        return named | {int(name): name for name in used if name.isdecimal()}
