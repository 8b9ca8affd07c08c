"""A pacing coach for runners: it follows a progression run by GPS or footpod, and says what to do.

For programs: `from coach import Coach, Plan, Segment`. Each name is imported from its room when it is first asked for, so
that `import coach` costs nothing.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_ROOMS = {  # what is offered to other programs, and where it stands; __init__.pyi says the same to type checkers
    "coach.core.coach": ("Coach",),
    "coach.core.events": ("Cue", "Estimate", "Event"),
    "coach.core.inputs": ("Input", "Key", "Tick"),
    "coach.core.plan.segments": (
        "Band", "Distance", "Duration", "Kind", "Plan", "Ramp", "Segment", "Steady", "UntilLap",
    ),
    "coach.core.policy": ("Policy",),
    "coach.core.settings": ("Settings",),
    "coach.errors": ("InvalidSettings",),
    "coach.planning.fitness.paces": ("Fitness",),
    "coach.runs.recording": ("open_recording",),
    "coach.voice.words.phrasing": ("Words",),
    "coach.workouts": ("read_workout", "write_workout"),
    "devices.sample": ("Battery", "Fix", "Link", "Pulse", "Rx", "Stride"),
}  # fmt: skip
_PLACES = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *_PLACES]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_PLACES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
