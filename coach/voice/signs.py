"""Which sound a kind of cue has: before its words, in place of them, or because no words were ever meant. One table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """Names of earcons: `before` the words, and `alone` where there are none; "" is no sound."""

    before: str = ""
    alone: str = ""
    worded: bool = True


_CHANGED = Sign("changed", "changed")
_STRUCTURE = Sign(alone="changed")
_LOST, _BACK = Sign("lost", "lost"), Sign(alone="back")
_EASE_OFF = Sign(alone="ease_off")
_WORDS = Sign()

SIGNS: dict[str, Sign] = {
    "countdown": Sign(alone="countdown", worded=False),
    "on_pace": Sign(alone="pips", worded=False),
    "run_began": _STRUCTURE,
    "preview": Sign(alone="preview"),
    "segment_began": _CHANGED,
    "last_segment": _CHANGED,
    "hold": _CHANGED,
    "half_climb": _CHANGED,
    "ease_to_end": _CHANGED,
    "race_replan": _CHANGED,
    "set_belt": _STRUCTURE,
    "paused": _STRUCTURE,
    "resumed": _STRUCTURE,
    "run_complete": _STRUCTURE,
    "run_stopped": _STRUCTURE,
    "ease_off": _EASE_OFF,
    "heart_high": _EASE_OFF,
    "dont_sprint": _EASE_OFF,
    "pick_up": Sign(alone="pick_up"),
    "ramp": Sign(alone="pip"),
    "standing": _LOST,
    "signal_lost": _LOST,
    "footpod_lost": _LOST,
    "off_course": _LOST,
    "back_on_course": _BACK,
    "signal_back": _BACK,
    "footpod_back": _BACK,
}


def sign(kind: str, sounds_only: bool) -> tuple[str, bool]:
    """The earcon of a kind of cue ("" for none), and whether words follow it."""
    row = SIGNS.get(kind, _WORDS)
    if row.worded and not sounds_only:
        return row.before, True
    return row.alone, False
