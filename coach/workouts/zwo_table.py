"""The table of Zwift's .zwo that its reader and its writer must agree on: race speeds, elements, and what names a step."""

from __future__ import annotations

from coach.core.plan.segments import Kind
from coach.core.units import METRES
from coach.planning.fitness.paces import HALF, MARATHON

RACE_METRES = {"0": METRES["mi"], "1": 5_000.0, "2": 10_000.0, "3": HALF, "4": MARATHON}  # metres, by the attribute `pace`
ELEMENTS = {"Warmup": Kind.WARMUP, "Cooldown": Kind.COOLDOWN, "Ramp": None, "SteadyState": None,
         "FreeRide": Kind.FREE, "Freeride": Kind.FREE, "FreeRun": Kind.FREE, "MaxEffort": Kind.FREE}  # fmt: skip
RAMPS = ("Warmup", "Cooldown", "Ramp")
EVENT = "textevent"
NAME = 30  # characters: a first message up to this long is the step's name; a longer one, or a sentence, is said


def is_name(message: str) -> bool:
    """Whether the first message of a step is its name; if not, it is said."""
    return len(message) <= NAME and not message.rstrip().endswith((".", "!", "?", ":"))
