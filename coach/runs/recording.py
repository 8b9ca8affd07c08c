"""Turns a past run into inputs: a recorded track or our own journal, with a Tick for each second of silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

from coach.core.inputs import HALTS, TICK, Input, Key, Tick
from coach.runs.journal import JournalReader, SaidCue, is_journal
from coach.runs.setup import Setup
from devices.api import InvalidFile
from devices.sample import RECORDER_PAUSED, Link, Sample
from devices.tracks import open_track
from devices.tracks.left_out import LeftOut, left_out

SHORT_PAUSE = 10.0  # s: "Paused" and "Go on" closer together than this are heard as a fault
LONG_GAP = 600.0  # s without a record: nobody was running, even if the recorder was not paused

MOSTLY_SILENT = 3600.0  # s of silence after which the density of points is checked
SPARSE = 60.0  # s between two points on average: with fewer points nobody can be coached


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded file as inputs; `setup` is that of the run, or None if the file has none (only our journals do)."""

    items: Callable[[], Iterator[Input]]
    setup: Setup | None
    size: int
    read: Callable[[], int]
    left_out: Callable[[], LeftOut] = lambda: ({}, None)  # once the items are read: what could not be used
    started: float | None = None  # Unix time of second 0 by the computer's clock, where the file says it
    said: list[SaidCue] = field(default_factory=list)  # once the items are read: what the coach said then; only journals know


def open_recording(path: Path) -> Recording:
    """Raises devices.api.InvalidFile, with a message of one line, if the file is not a run."""
    if is_journal(path):
        journal = JournalReader(path)
        said: list[SaidCue] = []
        inputs = _inputs(journal, said)
        return Recording(lambda: inputs, Setup.from_dict(journal.run), 0, lambda: 0, started=journal.started, said=said)
    track = open_track(str(path))
    return Recording(
        lambda: ticking(recorded(track.samples()), str(path)),
        None,
        track.size,
        lambda: track.bytes_read,
        lambda: left_out(track),
    )


def _inputs(journal: JournalReader, said: list[SaidCue]) -> Iterator[Input]:
    for entry in journal:
        if type(entry) is SaidCue:
            said.append(entry)
        elif isinstance(entry, Input):
            yield entry


def ticking(items: Iterable[Input], path: str = "the track") -> Iterator[Input]:
    """The items, with a Tick added wherever a second passed without one.

    Raises InvalidFile if there would be little but Ticks, because a small file could last for weeks.
    """
    last: float | None = None
    silence, paused, count = 0.0, False, 0
    for item in items:
        count += type(item) is not Key and type(item) is not Link
        if last is not None:
            gap = item.at - last
            silence += gap if gap <= LONG_GAP else 0.0
            if silence > MOSTLY_SILENT and silence > count * SPARSE:
                told = f"has a point every {silence / count:.0f} s: too few for a run"
                raise InvalidFile(path, told)
            if gap > TICK:
                yield from _ticks_between(last, item.at, paused)
        yield item
        last = item.at
        if type(item) is Key:
            paused = item.key in ("pause", "halt")


def _ticks_between(last: float, following: float, paused: bool) -> Iterator[Input]:
    gap = following - last
    if gap > LONG_GAP:
        yield from _ticks_between(last, last + 60.0, paused)
        if not paused:
            yield Key(last + 60.0, "pause")
            yield Key(following, "resume")
        return
    for count in range(1, int(gap / TICK + 1.0 - 1e-9)):
        yield Tick(last + count * TICK)


def recorded(samples: Iterable[Sample | Link]) -> Iterator[Input]:
    """A recorded track as inputs; the recorder's pauses become pauses of the run, short ones such that nothing is said of."""
    items = iter(samples)
    for sample in items:
        if not _is_pause(sample) or sample.up:
            yield sample
            continue
        following = next(items, None)
        is_short = _is_pause(following) and following.up and following.at - sample.at < SHORT_PAUSE
        stop, go = HALTS if is_short else ("pause", "resume")
        yield from (sample, Key(sample.at, stop))
        if following is not None:
            yield following
            if _is_pause(following) and following.up:
                yield Key(following.at, go)


def _is_pause(sample: object) -> TypeGuard[Link]:
    return type(sample) is Link and sample.why == RECORDER_PAUSED
