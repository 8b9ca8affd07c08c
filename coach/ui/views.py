"""Two views of a run: JSON lines for programs (a contract), plain lines for people."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol, TextIO

from coach.core.coach import Coach
from coach.core.events import Cue, Event
from coach.core.units import clock_text, distance_text, pace_text, speed_text
from coach.ui.terminal import one_line
from coach.voice.words.screen import Screen

LEAST_SIDE = 0.5  # s over or under the band that are worth a word
LEAST_UNJUDGED = 45.0  # s that were not judged: less is the start of the segment, which never is


class View(Protocol):
    """Receives everything a run says, in order."""

    def event(self, event: Event) -> None: ...
    def cue(self, cue: Cue, text: str) -> None: ...
    def followed(self, coach: Coach) -> None: ...
    def summary(self, summary: dict[str, Any]) -> None: ...
    def note(self, text: str) -> None: ...
    def show_keys(self) -> None: ...


class Lasting:
    """Wraps a view: when the terminal is closed or the connection drops, it stops showing and the run goes on."""

    def __init__(self, view: View) -> None:
        self._view, self._gone = view, False

    def event(self, event: Event) -> None:
        self._show(self._view.event, event)

    def cue(self, cue: Cue, text: str) -> None:
        self._show(self._view.cue, cue, text)

    def followed(self, coach: Coach) -> None:
        self._show(self._view.followed, coach)

    def summary(self, summary: dict[str, Any]) -> None:
        self._show(self._view.summary, summary)

    def note(self, text: str) -> None:
        self._show(self._view.note, text)

    def show_keys(self) -> None:
        self._show(self._view.show_keys)

    def _show(self, show: Callable[..., None], *what: object) -> None:
        if self._gone:
            return
        try:
            show(*what)
        except OSError:
            self._gone = True
            _discard(sys.stdout, sys.stderr)


class JsonLines:
    """Writes one JSON object per line to stdout; with `estimates`, also one estimate per second of the run."""

    def __init__(self, estimates: bool = False) -> None:
        self._estimates = estimates
        self._second = -1

    def event(self, event: Event) -> None:
        self._write({"kind": "event", "at": round(event.at, 3), "event": event.name, **_plain(event.facts)})

    def cue(self, cue: Cue, text: str) -> None:
        line = {"kind": "cue", "at": cue.at, "cue": cue.kind, "text": text, "priority": cue.priority}
        self._write(line | {"until": cue.until, "due": cue.due})

    def followed(self, coach: Coach) -> None:
        estimate = coach.estimate
        if not self._estimates or int(estimate.at) <= self._second:
            return
        self._second = int(estimate.at)
        line = {"kind": "estimate", "at": estimate.at, "distance": estimate.distance, "speed": estimate.speed}
        line |= {"sigma": estimate.sigma, "source": estimate.source, "signal": coach.quality.value}
        line |= coach.beside._asdict()
        self._write(line | {"segment": coach.session.index + 1, "target": coach.session.target})

    def summary(self, summary: dict[str, Any]) -> None:
        self._write({"kind": "summary", **summary})

    def note(self, text: str) -> None:
        print(text, file=sys.stderr)

    def show_keys(self) -> None:
        pass  # a program knows them

    def _write(self, line: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps({name: _short(value) for name, value in line.items()}) + "\n")
        sys.stdout.flush()


class Lines:
    """Prints a line per cue, and one for each pause and each change of the signal."""

    def __init__(self, unit: str = "km", write: Callable[[str], None] = print, screen: Screen | None = None) -> None:
        self._unit = unit
        self._write = write
        self._screen = screen or Screen.load()

    def event(self, event: Event) -> None:
        pass  # whatever matters to a runner is also a cue

    def cue(self, cue: Cue, text: str) -> None:
        self._write(f"{clock_text(cue.at):>8}  {one_line(text)}")

    def followed(self, coach: Coach) -> None:
        pass

    def summary(self, summary: dict[str, Any]) -> None:
        way, time = distance_text(summary["distance"], self._unit), clock_text(summary["elapsed"])
        how = "done" if summary["complete"] else "ended"
        self._write("\n" + self._screen.line(how, way=way, time=time, cues=summary["cues"]))
        told = speed_text if summary.get("treadmill") else pace_text
        for row in summary["segments"]:
            self._write("  " + self._row(row, told))
        if summary.get("belt"):
            self._write("  " + self._belt(**summary["belt"]))
        if summary.get("footpod"):
            self._write("  " + self._footpod(**summary["footpod"]))

    def note(self, text: str) -> None:
        self._write(text)

    def show_keys(self) -> None:
        self._write(self._screen.live("keys"))

    def _row(self, row: dict[str, Any], told: Callable[[float, str], str]) -> str:
        actual, planned = row["actual"], row["planned"]
        speed, target = actual["speed"], planned["speed"]
        pace = told(speed, self._unit) if speed else "–"
        aim = f" ({self._screen.line('plan', pace=told(target, self._unit))})" if target else ""
        way = distance_text(actual["distance"], self._unit)
        score = self._score(row["score"], row["judged"])
        return (
            f"{one_line(self._screen.name(row['name'])):<20} {clock_text(actual['elapsed']):>8} {way:>9} {pace:>9}{aim}{score}"
        )

    def _score(self, points: int | None, judged: dict[str, Any]) -> str:
        """The score and the time inside, over and under the band; or why there is none."""
        line = self._screen.line
        if points is None:
            return "  " + line("no_score", why=self._screen.why(judged["why"]))
        told = ["inside", *(side for side in ("over", "under") if judged[side] >= LEAST_SIDE)]
        told += ["unjudged"] if judged["unjudged"] >= LEAST_UNJUDGED else []
        return "  " + line("score", points=points, parts=", ".join(line(name, time=clock_text(judged[name])) for name in told))

    def _belt(self, ratio: float) -> str:
        return self._screen.line("belt_more" if ratio > 1 else "belt_less", share=f"{abs(ratio - 1):.0%}")

    def _footpod(self, scale: float, learned: float, measured: bool) -> str:
        slots = {"scale": f"{scale:.3f}", "time": clock_text(learned)}
        if measured:
            return self._screen.line("pod_lap_gps" if learned >= 1 else "pod_lap", **slots)
        return self._screen.line("pod_gps" if learned else "pod_new", **slots)


def _plain(facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items()}


def _short(value: Any) -> Any:
    """Rounded to milliseconds or millimetres; further digits are noise."""
    return round(value, 3) if isinstance(value, float) else value


def _discard(*streams: TextIO) -> None:
    """Discards the buffers of these streams, which would raise an error when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with contextlib.suppress(OSError, ValueError):  # a stream without a file, or closed
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
