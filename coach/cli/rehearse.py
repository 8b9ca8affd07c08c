"""`coach rehearse`: a virtual runner runs the workout and responds to the coach; then this coach is compared with others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import (
    FAILED,
    fitness_options,
    guarded,
    json_option,
    may_write,
    plain_option,
    settings_of,
    wav_option,
    whole_option,
    workout_files,
)
from coach.cli.prepare import plan_for, screen_for, setup_for, view_for, write_wav
from coach.config import Config
from coach.core.plan.segments import FREE_RUN
from coach.errors import InvalidSettings
from coach.rehearsal.rivals import RIVALS
from coach.rehearsal.runner import RUNNERS
from coach.rehearsal.scores import Score, Tally
from coach.rehearsal.signals import SIGNALS
from coach.rehearsal.trial import RealCoach, RivalCoach, Voice, trial
from coach.running.replay import condensed, replay
from coach.runs.recording import Recording
from coach.runs.report.texts import Texts
from coach.runs.setup import Setup
from coach.ui.views import View
from coach.voice.rendering import Timeline

AS_MUCH = 20_000  # s of running per coach in the table by default: a few seconds of computing
AT_MOST = 40  # runs
OURS = "this coach"
TITLES = {OURS: "ours", "silence": "silence", "naive": "naive"}  # those of the coaches that are not names of programs
SCORES = {"corrections": 1, "needless": 0, "error": 1, "within": 0, "first_word": 0}  # fields of Score and their digits


@click.command()
@click.argument("workout", required=False, shell_complete=workout_files)
@click.option("--runner", type=click.Choice(list(RUNNERS)), default="recreational", show_default=True)
@click.option("--signal", type=click.Choice(["footpod", "gps", "poor-gps"]), default="gps", show_default=True)
@click.option(
    "--runs", type=click.IntRange(1, 1000), help="How many runs the table has. Default: as many as fit into a few seconds."
)
@click.option("--seed", type=int, default=0, help="A different seed gives a different day.", show_default=True)
@click.option("--say", is_flag=True, help="Hear it, with the silences left out.")
@wav_option
@whole_option
@plain_option
@fitness_options
@json_option
@click.pass_obj
@guarded
def rehearse(config: Path | None, workout: str | None, as_json: bool, **asked: Any) -> int:
    """Let a virtual runner run WORKOUT and respond to the coach. Then compare this coach with others."""
    settings = settings_of(config)
    plan = plan_for(settings, workout)
    if plan is FREE_RUN:
        raise InvalidSettings(
            "coach rehearse", None, "no workout was named, and the config has none", "type: coach rehearse thursday.toml"
        )
    if not may_write(asked["wav"]):
        return FAILED
    return _rehearse(setup_for(settings, plan, ()), settings, view_for(settings, as_json, False), asked, as_json)


def _rehearse(setup: Setup, settings: Config, view: View, asked: dict[str, Any], as_json: bool) -> int:
    """`asked` is the command's options: runner, signal, runs, seed, say, wav, whole, plain."""
    seed, voice, texts = asked["seed"], settings.voice, Texts(settings.runner.language)
    view.note(texts("rehearsal", "nobody", runner=asked["runner"], signal=asked["signal"], seed=seed) + "\n")
    coach = RealCoach(setup.plan, setup.settings)
    tally = _run(setup, asked, seed, coach)
    recording = Recording(lambda: iter(coach.items), setup, 0, lambda: 0)
    timeline = Timeline(setup.words(), voice)
    if asked["say"]:
        screen = screen_for(settings, view, asked["plain"] or voice.player == "none", steered=False)
        condensed(recording, setup, screen or view, voice, timeline, [screen] if screen else [])
    else:
        replay(recording, setup, view, timeline=timeline)
    if asked["wav"]:
        write_wav(timeline, asked["wav"], view, asked["whole"])
    seeds = range(seed, seed + (asked["runs"] or max(1, min(AT_MOST, AS_MUCH // max(1, tally.seconds)))))
    rows = {name: _score(setup, asked, seeds, make) for name, make in _coaches(setup).items()}
    if as_json:
        told = {"runner": asked["runner"], "signal": asked["signal"], "seed": seed, "runs": len(seeds)}
        for name, score in rows.items():
            click.echo(json.dumps({"kind": "rehearsal", "coach": name, **told, **_rounded(score)}))
        return 0
    click.echo("\n" + (texts("rehearsal", "several", runs=len(seeds)) if len(seeds) > 1 else texts("rehearsal", "one")) + "\n")
    for line in _table(rows, texts):
        click.echo(line)
    if tally.judged == 0:
        click.echo("\n" + texts("rehearsal", "aimless"))
    return 0


def _table(rows: dict[str, Score], texts: Texts) -> list[str]:
    """The lines of the table: a heading of two, then one for each coach."""
    headings = [texts("rehearsal", field).split("|") for field in SCORES]
    names = {name: texts("rehearsal", TITLES[name]) if name in TITLES else name for name in rows}
    return [
        *(" " * 16 + "".join(f"{heading[line]:>13}" for heading in headings) for line in (0, 1)),
        *(
            f"{names[name]:<16}" + "".join(f"{_shown(getattr(score, field), digits):>13}" for field, digits in SCORES.items())
            for name, score in rows.items()
        ),
    ]


def _coaches(setup: Setup) -> dict[str, Callable[[], Voice]]:
    def rival(name: str) -> Callable[[], Voice]:
        return lambda: RivalCoach(setup.plan, RIVALS[name]())

    return {name: rival(name) for name in RIVALS} | {OURS: lambda: RealCoach(setup.plan, setup.settings)}


def _score(setup: Setup, asked: dict[str, Any], seeds: range, make: Callable[[], Voice]) -> Score:
    whole = Tally()
    for seed in seeds:
        whole.add(_run(setup, asked, seed, make()))
    return whole.score


def _run(setup: Setup, asked: dict[str, Any], seed: int, voice: Voice) -> Tally:
    return trial(setup.plan, RUNNERS[asked["runner"]], SIGNALS[asked["signal"]], seed, voice)


def _shown(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _rounded(score: Score) -> dict[str, float | None]:
    return {name: None if value is None else round(value, 3) for name, value in asdict(score).items()}
