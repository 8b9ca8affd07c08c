"""`coach plan`: a progression run made from the runner's fitness and level, or by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from coach.cli.deliver import deliver
from coach.cli.guard import fitness_options, guarded, heat_option, json_option, out_option, settings_of
from coach.config import Config
from coach.core.plan.segments import Distance, Duration, Length, Plan
from coach.core.units import is_distance, pace_text, parse_distance, parse_duration, parse_speed
from coach.errors import InvalidSettings
from coach.planning.fitness.heat import OFFER_EASY, REFUSE_HARD, easy_twin, heat_factor, in_heat
from coach.planning.fitness.paces import Fitness
from coach.planning.one_run.progressions import STYLES, by_hand, progression


@click.command()
@click.argument("kind", type=click.Choice(["continuous", "segmented", "finish-fast"]))
@click.option("--style", help="segmented: thirds, cut-down, stepped; finish-fast: finish, long.")
@click.option("--total", help="The total time or distance, including warm-up and cool-down: 50min, 10km.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--from", "first", help="By hand: the pace at the start, such as 6:00.")
@click.option("--to", "last", help="By hand: the pace at the end.")
@click.option("--steps", type=click.IntRange(1, 50), default=1, help="By hand: how many steps; 1 is a ramp.", show_default=True)
@click.option("--warmup", help="By hand: a warm-up by feel before it, such as 10min.")
@click.option("--cooldown", help="By hand: a cool-down by feel after it.")
@click.option("--easy", is_flag=True, help="The easy twin: the same length, but all of it easy.")
@fitness_options
@heat_option
@out_option
@json_option
@click.pass_obj
@guarded
def plan(config: Path | None, kind: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Make a progression run from your fitness and your level. Or choose its paces and steps by hand."""
    settings = settings_of(config)
    unit = settings.unit
    total = _length(asked["total"]) if asked["total"] else None
    try:
        if asked["first"] or asked["last"]:
            made, why = _by_hand(asked, total, unit)
        else:
            level = asked["level"] or settings.runner.level
            found = progression(kind, _style(kind, asked["style"]), level, _fitness(settings), total, unit)
            made, why = found.plan, list(found.why)
        made, why = _in_weather(made, why, asked, settings)
    except ValueError as wrong:
        raise InvalidSettings("coach plan", None, str(wrong)) from None
    return deliver(made, why, out, settings, as_json)


def _in_weather(made: Plan, why: list[str], asked: dict[str, Any], settings: Config) -> tuple[Plan, list[str]]:
    """The plan adapted to the heat, and why. Raises ValueError if it should not be run at all."""
    heat, level = asked["heat"], asked["level"] or settings.runner.level
    factor = 1.0 if heat is None else heat_factor(heat, level)
    if asked["easy"]:
        made = easy_twin(made, _fitness(settings))
        why = [*why[:1], "It is as long as the hard run, but all of it is easy."]
    if heat is None:
        return made, why
    why = [*why, f"At {heat:g} °C every pace is {100 * (factor - 1):.1f} % slower."]
    if heat >= REFUSE_HARD and not asked["easy"]:
        raise ValueError(f"at {heat:g} °C hard running is not safe: type --easy, or run when it is cooler")
    if heat > OFFER_EASY and not asked["easy"]:
        why.append(f"Above {OFFER_EASY:g} °C the easy twin is the better choice: type --easy.")
    return in_heat(made, factor), why


def _by_hand(asked: dict[str, Any], total: Length | None, unit: str) -> tuple[Plan, list[str]]:
    if not (asked["first"] and asked["last"] and total):
        raise ValueError("a plan by hand needs --from, --to and --total: --from 6:00 --to 4:45 --total 10km")
    first, last = (_speed(asked[name], unit) for name in ("first", "last"))
    warm, cool = (parse_duration(asked[name]) if asked[name] else 0.0 for name in ("warmup", "cooldown"))
    taken = f"Warm-up and cool-down by feel are taken as {pace_text(first, unit)}, so that all of it is {asked['total']}."
    why = [taken] if warm + cool and isinstance(total, Distance) else []
    return by_hand(first, last, asked["steps"], total, warm, cool), why


def _style(kind: str, style: str | None) -> str:
    styles = STYLES[kind]
    if style is None:
        return styles[0]
    if style not in styles:
        raise ValueError(f"--style {style} is not a style of {kind}; choose from {', '.join(styles)}")
    return style


def _fitness(settings: Config) -> Fitness:
    if settings.fitness is None:
        raise ValueError('your fitness is not known: type --race "10k 50:00", or put it under [runner] in the config')
    return settings.fitness


def _length(text: str) -> Length:
    spaced = text.strip().lower()
    try:
        return Distance(parse_distance(spaced)) if is_distance(spaced) else Duration(parse_duration(spaced))
    except ValueError:
        raise InvalidSettings("--total", None, f"{text!r} is not a length", "type 50min, 1:00:00, 10km or 6mi") from None


def _speed(text: str, unit: str) -> float:
    return parse_speed(text if "/" in text or text[-1:].isalpha() else f"{text}/{unit}")
