"""What the commands about past runs do: list, verify, explain them, and learn a footpod's scale from one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coach import config as config_
from coach.cli.guard import FAILED
from coach.core.units import clock_text, parse_distance, parse_duration
from coach.errors import InvalidSettings
from coach.runs import shoes, store
from coach.runs.verify import verify as compare


def runs(as_json: bool) -> int:
    found = store.list_runs()
    for each in found:
        length = clock_text(each.seconds) if each.seconds is not None else "?"
        if as_json:
            row = {"kind": "run", "name": each.path.stem, "started": each.started, "seconds": each.seconds}
            click.echo(json.dumps(row | {"ended": each.ended}))
        else:
            click.echo(f"{each.path.stem:<48} {length:>8}  {'' if each.ended else 'did not end'}")
    if not found:
        click.echo("No runs yet.", err=True)
    return 0


def verify(run: str, as_json: bool) -> int:
    path = store.find_run(run)
    count, difference = compare(path)
    if as_json:
        click.echo(json.dumps({"kind": "verified", "cues": count, "same": difference is None, "difference": difference}))
    elif difference is None:
        click.echo(f"{path.stem}: {count} cues, each the same again")
    else:
        click.echo(f"{path.stem}: after {count} cues that are the same, {difference}", err=True)
    return 0 if difference is None else FAILED


def explain(config: Path | None, run: str, moment: str | None, as_json: bool) -> int:
    from coach.runs.explain import constants, explained, why_not

    settings = config_.load(config)
    unit, path = "km" if settings.runner.units == "metric" else "mi", store.find_run(run)
    if moment:
        try:
            at = parse_duration(moment)
        except ValueError as wrong:
            raise InvalidSettings("--why-not", None, str(wrong)) from None
        for line in why_not(path, at, unit):
            click.echo(json.dumps({"kind": "state", "text": line}) if as_json else line)
        return 0
    for each in explained(path, unit):
        if as_json:
            row = {"kind": "decision", "at": each.at, "cue": each.kind, "text": each.text, "said": not each.rule}
            click.echo(json.dumps(row | {"rule": each.rule or None, "because": each.because or None}))
            continue
        mark, why = ("     ", each.because) if not each.rule else ("not: ", each.rule)
        click.echo(f"{clock_text(each.at):>8}  {mark}{each.text}" + (f"\n                 {why}" if why else ""))
    changed = constants(path)
    if changed and not as_json:
        click.echo("\nIn force instead of the defaults: " + ", ".join(f"{name} = {value:g}" for name, value in changed.items()))
    return 0


def calibrate(config: Path | None, length: str, run: str, as_json: bool) -> int:
    from coach.runs.calibration import calibrate

    settings = config_.load(config)
    pair, unit = settings.runner.shoes, "km" if settings.runner.units == "metric" else "mi"
    try:
        known = parse_distance(length)
    except ValueError as wrong:
        raise InvalidSettings(length, None, str(wrong), "type the length of the way: 400m, 1km, 1mi") from None
    found = calibrate(store.find_run(run), known, unit)
    shoes.remember(pair, found.footpod)
    if as_json:
        row = {"kind": "calibrated", "shoes": pair, "scale": round(found.footpod.scale, 4), "laps": list(found.laps)}
        click.echo(json.dumps(row))
        return 0
    for number, lap in enumerate(found.laps, 1):
        click.echo(f"  lap {number}: {lap:8.1f} m by the footpod")
    worn = f' for the shoes "{pair}"' if pair else ""
    click.echo(f"The footpod's scale is {found.footpod.scale:.3f}; it is remembered{worn}.")
    return 0
