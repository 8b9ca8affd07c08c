"""`coach convert`: reads a workout in any format and writes it in another; prints what was lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import FAILED, fitness_options, guarded, json_option, may_write, settings_of, workout_files
from coach.errors import InvalidSettings
from coach.workouts import read_workout, write_workout
from coach.workouts.watch_folder import new_files, put


@click.command()
@click.argument("source", metavar="IN", shell_complete=workout_files)
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to-watch", is_flag=True, help="Put OUT, a .fit file, on the Garmin watch that is plugged in as well.")
@fitness_options
@json_option
@click.pass_obj
@guarded
def convert(config: Path | None, source: str, out: Path, to_watch: bool, as_json: bool) -> int:
    """Read a workout in any format, and write it as OUT. IN may be words, such as "10m, 20m 5:30/km Pace, 5m"."""
    settings = settings_of(config)
    warnings = list[str]()
    made = read_workout(source, settings.fitness, warnings.append, settings.runner.hearts)
    if Path(source).exists() and out.exists() and out.samefile(source):
        raise InvalidSettings(str(out), None, "is also the input file", "give the output another name")
    if to_watch and out.suffix.lower() != ".fit":
        raise InvalidSettings(str(out), None, "is nothing that a watch reads", "end it in .fit")
    folder = new_files() if to_watch else None
    if not may_write(out):
        return FAILED
    notes = write_workout(made, out, settings.fitness)
    if folder:
        notes = (
            *notes,
            f"is on the watch: {put(out.read_bytes(), out.name, folder)}; it is listed once the watch is unplugged",
        )
    if as_json:
        totals = made.totals
        row: dict[str, Any] = {"kind": "converted", "from": source, "to": str(out), "segments": len(made.segments)}
        row |= {"seconds": round(totals.seconds, 1), "metres": round(totals.metres, 1)}
        click.echo(json.dumps(row | {"warnings": warnings, "notes": list(notes)}))
        return 0
    for line in warnings:
        click.echo(line, err=True)
    for line in notes:
        click.echo(f"{out}: {line}")
    click.echo(f"Written to {out}: coach check {out}")
    return 0
