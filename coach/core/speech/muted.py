"""Whether a runner hears a kind of cue at all, by the verbosity or by a switch of his own."""

from __future__ import annotations

from collections.abc import Mapping

from coach.core.speech.rule import NEVER
from coach.core.speech.rules import RULES, VERBOSITIES


def why_muted(kind: str, verbosity: str, switches: Mapping[str, bool]) -> str | None:
    """The rule by which this runner does not hear cues of this kind; None if they do. `switches` override the verbosity."""
    if kind in switches:
        return None if switches[kind] else f"[coach.cues] {kind} = false"
    since = RULES[kind].since
    if since == NEVER:
        return f"[coach.cues] {kind} = true was not set"
    return (
        None if VERBOSITIES.index(since) <= VERBOSITIES.index(verbosity) else f"verbosity = {verbosity}: said from {since} on"
    )
