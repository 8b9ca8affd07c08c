"""`coach calibrate`: learns the footpod's scale over a known distance."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coach.cli.guard import guarded, json_option, run_names
from coach.cli.prepare import tell
from coach.config import load
from coach.core.units import parse_distance
from coach.errors import InvalidSettings
from coach.runs import shoes, store
from coach.runs.calibration import calibrate as learned


@click.command()
@click.argument("length")
@click.argument("run", default="last", shell_complete=run_names)
@json_option
@click.pass_obj
@guarded
def calibrate(config: Path | None, length: str, run: str, as_json: bool) -> int:
    """Calibrate the footpod over a known LENGTH, such as 400m. RUN is a run over it, or one with lap pressed at both ends."""
    settings = load(config)
    pair, unit = settings.runner.shoes, settings.unit
    try:
        known = parse_distance(length)
    except ValueError as wrong:
        raise InvalidSettings(length, None, str(wrong), "type the distance: 400m, 1km, 1mi") from None
    found = learned(store.find_run(run), known, unit)
    shoes.remember(pair, found.footpod, tell)
    if as_json:
        row = {"kind": "calibrated", "shoes": pair, "scale": round(found.footpod.scale, 4), "laps": list(found.laps)}
        click.echo(json.dumps(row))
        return 0
    for name, lap in found.rows:
        click.echo(f"  {name}: {lap:8.1f} m by the footpod")
    worn = f' for the shoes "{pair}"' if pair else ""
    click.echo(f"The footpod's scale is {found.footpod.scale:.3f}; it is remembered{worn}.")
    return 0
