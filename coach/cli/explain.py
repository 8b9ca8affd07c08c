"""`coach explain`: why the coach spoke, and why it did not."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coach.cli.guard import fitness_options, guarded, json_option, settings_of
from coach.cli.past import open_past, past_run
from coach.cli.prepare import tell
from coach.core.units import clock_text, parse_duration
from coach.errors import InvalidSettings
from coach.runs.explain import constants, explained, why_not
from coach.runs.report.texts import Texts


@click.command()
@past_run
@fitness_options
@click.option("--why-not", "moment", metavar="12:30", help="What was known and judged at a moment of the run.")
@json_option
@click.pass_obj
@guarded
def explain(config: Path | None, run: str, workout: str | None, moment: str | None, as_json: bool) -> int:
    """Say why the coach spoke, cue by cue, and why it stayed quiet."""
    settings = settings_of(config)
    unit, texts = settings.unit, Texts(settings.runner.language)
    _, recording, setup = open_past(settings, run, workout)
    if moment:
        try:
            at = parse_duration(moment)
        except ValueError as wrong:
            raise InvalidSettings("--why-not", None, str(wrong)) from None
        for line in why_not(recording, setup, at, unit):
            click.echo(json.dumps({"kind": "state", "text": line}) if as_json else texts.reason(line))
        return 0
    for each in explained(recording, setup, unit):
        if as_json:
            row = {"kind": "decision", "at": each.at, "cue": each.kind, "text": each.text, "said": not each.rule}
            click.echo(json.dumps(row | {"rule": each.rule or None, "because": each.because or None}))
            continue
        told, why = (f"     {each.text}", each.because) if not each.rule else (texts.reason(f"not: {each.text}"), each.rule)
        click.echo(f"{clock_text(each.at):>8}  {told}" + (f"\n                 {texts.reason(why)}" if why else ""))
    if missing := recording.left_out()[1]:
        tell(missing)
    changed = constants(setup)
    if changed and not as_json:
        listed = ", ".join(f"{name} = {value:g}" for name, value in changed.items())
        click.echo("\n" + texts.reason(f"Different from the defaults: {listed}"))
    return 0
