"""`coach paces`: the runner's named paces, how they should feel, heart-rate ceilings and zones, and predicted race times."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import guarded, heat_option, json_option
from coach.config import load
from coach.core.units import clock_text, pace_text
from coach.errors import InvalidSettings
from coach.planning.fitness.evidence import Evidence, best_fitness
from coach.planning.fitness.heart import ZONES, Hearts, UnknownHeart, pace_ceilings
from coach.planning.fitness.heat import OFFER_EASY, REFUSE_HARD, heat_factor
from coach.planning.fitness.paces import HALF, MARATHON, NAMES, Fitness
from coach.planning.fitness.predictions import USUAL_WEEK, Prediction, predictions

FEELS = {
    "recovery": "very easy",
    "easy": "easy, full sentences",
    "easy+": "easy, brisk",
    "steady": "steady, short sentences",
    "marathon": "marathon effort",
    "half": "half-marathon effort",
    "threshold": "comfortably hard, a few words",
    "10k": "hard",
    "5k": "hard",
    "intervals": "hard repeats of three to five minutes",
    "repeats": "short, fast repeats",
}
BASES = {"maximum": "by your maximum", "threshold": "by your threshold", "reserve": "between rest and maximum"}
RACE_NAMES = {5_000.0: "5k", 10_000.0: "10k", HALF: "half", MARATHON: "marathon"}
TELL_FITNESS = 'type --race "10k 50:00", or --easy-pace 7:00/km; or put it under [runner] in the config'


@click.command()
@click.option("--race", help='A result or a time trial, such as "10k 50:00". Default: the evidence in the config.')
@click.option("--race2", help="A second result, over another distance.")
@click.option("--easy-pace", help="Without a race: the pace of your easy runs, such as 7:00/km.")
@click.option("--talk-pace", help="The fastest pace at which you still talk in sentences.")
@click.option("--heart-pace", help='A steady pace and its heart rate: "6:30/km at 152".')
@click.option("--weekly", help="How far you run in a week, such as 40km: for predicting a marathon.")
@heat_option
@json_option
@click.pass_obj
@guarded
def paces(config: Path | None, heat: float | None, as_json: bool, **asked: str | None) -> int:
    """Show your named paces and your heart-rate ceilings. Also how each pace should feel, and predicted race times."""
    settings = load(config)
    runner = settings.runner
    evidence = _with(runner.evidence, asked)
    try:
        fitness = best_fitness(evidence, runner.level)
        factor = 1.0 if heat is None else heat_factor(heat, runner.level)
        week, pair = evidence.weekly_metres, evidence.pair
    except ValueError as wrong:
        raise InvalidSettings("coach paces", None, str(wrong)) from None
    if fitness is None:
        raise InvalidSettings("coach paces", None, "your fitness is not known", TELL_FITNESS)
    ceilings = pace_ceilings(runner.level, runner.max_heart, runner.heart_limit, runner.age, runner.beta_blockers)
    unit = settings.unit
    races = predictions(fitness, evidence.result, pair, week)
    why = [*_why(fitness, evidence, unit), *_told_heat(heat, factor)]
    speeds = {name: speed / factor for name, speed in _speeds(fitness).items()}
    if as_json:
        click.echo(json.dumps(_row(fitness, speeds, ceilings, races, why) | _zones(runner.hearts)))
        return 0
    for line in _table(speeds, ceilings, unit):
        click.echo(line)
    for line in _told_zones(runner.hearts):
        click.echo(line)
    click.echo("")
    for race in races:
        click.echo(f"{RACE_NAMES[race.metres]:<10} {clock_text(race.seconds):>8}  {race.by}")
    for line in ("", *why):
        click.echo(line)
    return 0


def _with(evidence: Evidence, asked: dict[str, str | None]) -> Evidence:
    """Evidence typed on the command line replaces all evidence in the config; other options are kept."""
    typed: dict[str, Any] = {name: text for name, text in asked.items() if text}
    if typed.keys() & {"race", "easy_pace", "talk_pace", "heart_pace"}:
        evidence = replace(evidence, race="", race2="", easy_pace="", talk_pace="", heart_pace="")
    return replace(evidence, **typed)


def _speeds(fitness: Fitness) -> dict[str, float]:
    repeats = {} if fitness.capped else {"intervals": fitness.interval_speed, "repeats": fitness.repetition_speed}
    return {name: fitness.speed(name) for name in NAMES} | repeats


def _table(speeds: dict[str, float], ceilings: dict[str, int], unit: str) -> list[str]:
    rows = [(name, pace_text(speed, unit), FEELS[name], ceilings.get(name)) for name, speed in speeds.items()]
    return [
        f"{name:<10} {pace:>8}  {feels:<40}{f'heart up to {beats}' if beats else ''}".rstrip()
        for name, pace, feels, beats in rows
    ]


def _zones(hearts: Hearts) -> dict[str, Any]:
    """The heart-rate zones as a workout's `heart = "z2"` takes them; none if the heart is not known."""
    try:
        found = zip(ZONES, hearts.zones(), strict=True)
    except UnknownHeart:
        return {"zones": [], "zones_by": None}
    return {"zones": [{"name": name, "low": low, "high": high} for name, (low, high) in found], "zones_by": hearts.basis}


def _told_zones(hearts: Hearts) -> list[str]:
    zones = _zones(hearts)
    told = ", ".join(f"{each['name']} {each['low']}-{each['high']}" for each in zones["zones"])
    return ["", f"Heart-rate zones, {BASES[zones['zones_by']]}: {told}"] if told else []


def _why(fitness: Fitness, evidence: Evidence, unit: str) -> list[str]:
    told = [f"VDOT {fitness.vdot:.1f}, from {fitness.origin}."]
    if fitness.estimate:
        told = [f"VDOT {fitness.vdot:.1f}, an estimate from {fitness.origin}: a time trial over a mile or 5 km is better."]
    if fitness.capped:
        told.append("Until you have run one, none of your paces is faster than marathon pace.")
    if pair := evidence.pair:
        told.append(pair.why(unit))
    if evidence.result and not evidence.weekly:
        week = USUAL_WEEK / (1000 if unit == "km" else 1609.344)
        told.append(f"The marathon prediction assumes {week:.0f} {unit} a week: set [runner] weekly in the config to your own.")
    return told


def _told_heat(heat: float | None, factor: float) -> list[str]:
    if heat is None:
        return []
    told = [f"At {heat:g} °C every pace is {100 * (factor - 1):.1f} % slower."]
    if heat >= REFUSE_HARD:
        told.append("At 40 °C and above, run nothing faster than easy.")
    elif heat > OFFER_EASY:
        told.append("Above 35 °C the easy twin of a hard run is the better choice: coach plan ... --easy.")
    return told


def _row(
    fitness: Fitness, speeds: dict[str, float], ceilings: dict[str, int], races: tuple[Prediction, ...], why: list[str]
) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": "paces", "vdot": round(fitness.vdot, 2), "origin": fitness.origin}
    row |= {"estimate": fitness.estimate, "capped": fitness.capped}
    row["paces"] = [
        {"name": name, "speed": round(speed, 4), "feels": FEELS[name], "heart": ceilings.get(name)}
        for name, speed in speeds.items()
    ]
    row["races"] = [{"name": RACE_NAMES[each.metres], "metres": each.metres, "seconds": round(each.seconds, 1), "by": each.by}
                    for each in races]  # fmt: skip
    return row | {"why": why}
