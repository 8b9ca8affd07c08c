"""Shows a workout that a command made, with its reasons, and writes it to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, may_write
from coach.cli.timeline import timeline
from coach.config import Config
from coach.core.plan.segments import Plan, Segment
from coach.planning.one_run.progressions import picture
from coach.workouts import write_workout


def deliver(made: Plan, why: list[str], out: Path | None, settings: Config, as_json: bool) -> int:
    if not may_write(out):
        return FAILED
    notes = write_workout(made, out, settings.fitness) if out else ()
    if as_json:
        totals = made.totals
        row: dict[str, Any] = {"kind": "plan", "name": made.name}
        row |= {"seconds": round(totals.seconds, 1), "metres": round(totals.metres, 1)}
        segments = [_row(each) for each in made.segments]
        if course := made.course:
            told = {"metres": course.length, "laps": course.laps, "climb": round(course.climb, 1)}
            row |= {"course": {"file": course.file, **told}}
        row |= {"file": str(out) if out else None, "why": why, "notes": list(notes), "segments": segments}
        click.echo(json.dumps(row))
        return 0
    for line in timeline(made, settings.unit, language=settings.runner.language):
        click.echo(line)
    click.echo(f"          {picture(made)}")
    for line in (*why, *notes):
        click.echo(line)
    if out:
        click.echo(f"Written to {out}: coach run {out}")
    return 0


def _row(segment: Segment) -> dict[str, Any]:
    row = {"name": segment.name, "kind": segment.kind.value, "seconds": segment.seconds, "metres": segment.metres}
    return row | {"from": segment.speed_at(0.0), "to": segment.speed_at(1.0)}
