"""The command line: `coach demo`, `coach run`, `coach replay` and the rest. Everything heavy is imported where it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from coach import __version__
from coach.cli.guard import estimates_option, guarded, json_option
from coach.cli.planning import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coach")
@click.option("--config", type=click.Path(path_type=Path), help="The settings; default: config.toml in the XDG config folder.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """A pacing coach for your ears: it follows your progression run by GPS or footpod, and speaks."""
    context.obj = config


@main.command()
@json_option
@estimates_option
@click.option("--wav", type=click.Path(path_type=Path, dir_okay=False), help="Write what is said to this file.")
@click.pass_obj
@guarded
def demo(config: Path | None, as_json: bool, estimates: bool, wav: Path | None) -> int:
    """Hear a bundled progression run on a bundled track. No hardware needed."""
    from coach.cli.run import demo

    return demo(config, as_json, estimates, wav)


@main.command()
@click.argument("workout", required=False)
@click.option("--resume", is_flag=True, help="Go on with the last run that did not end.")
@json_option
@estimates_option
@click.pass_obj
@guarded
def run(config: Path | None, workout: str | None, resume: bool, as_json: bool, estimates: bool) -> int:
    """Be coached live, from the devices in the config. WORKOUT is a file, or words: "10m, 20m 5:30/km Pace, 5m"."""
    from coach.cli.run import run

    return run(config, workout, resume, as_json, estimates)


@main.command()
@click.argument("track", type=click.Path(path_type=Path))
@click.option("--workout", help="The workout to follow; default: the config's, or the journal's own.")
@click.option("--rate", default="max", help="How many times faster than life, or max.", show_default=True)
@json_option
@estimates_option
@click.option("--wav", type=click.Path(path_type=Path, dir_okay=False), help="Write what is said to this file.")
@click.pass_obj
@guarded
def replay(
    config: Path | None, track: Path, workout: str | None, rate: str, as_json: bool, estimates: bool, wav: Path | None
) -> int:
    """Dry-run a recorded track: GPX, TCX, FIT, a raw NMEA log, or a journal. With a rate it is spoken."""
    from coach.cli.run import replay

    return replay(config, track, workout, rate, as_json, estimates, wav)


@main.command()
@click.argument("workout", required=False)
@click.option("--runner", type=click.Choice(["recreational", "trained"]), default="recreational", show_default=True)
@click.option("--signal", type=click.Choice(["footpod", "gps", "poor-gps"]), default="gps", show_default=True)
@click.option("--runs", type=click.IntRange(1, 1000), help="How many runs the table is made of; default: some seconds' worth.")
@click.option("--seed", type=int, default=0, help="Other seeds are other days.", show_default=True)
@click.option("--say", is_flag=True, help="Hear it, with the silences left out.")
@json_option
@click.pass_obj
@guarded
def rehearse(config: Path | None, workout: str | None, as_json: bool, **asked: Any) -> int:
    """A virtual runner runs WORKOUT and answers what he hears; then this coach beside others."""
    from coach.cli.run import rehearse

    return rehearse(config, workout, asked, as_json)


@main.command()
@click.argument("workout", required=False)
@json_option
@click.pass_obj
@guarded
def check(config: Path | None, workout: str | None, as_json: bool) -> int:
    """What is wrong with the config, the workout, the devices or the voice, and what to type; advice on the workout."""
    from coach.cli.run import check

    return check(config, workout, as_json)


@main.command()
@click.option("--watch", "seconds", type=float, flag_value=3600.0, is_flag=False, help="Show what they say, so many seconds.")
@click.option("--capture", nargs=2, type=(str, float), metavar="NAME SECONDS", help="Record all that comes, for a bug report.")
@click.option("--air/--no-air", default=True, help="Look for Bluetooth devices too.")
@json_option
@click.pass_obj
@guarded
def devices(config: Path | None, seconds: float | None, capture: tuple[str, float] | None, air: bool, as_json: bool) -> int:
    """What is plugged in and on the air, what it says now (--watch), and a record of that (--capture)."""
    from coach.cli.devices import capture_all, listed, watched

    if capture:
        return capture_all(config, *capture)
    return watched(config, seconds, as_json) if seconds else listed(air, as_json)


@main.command()
@click.argument("text", nargs=-1)
@click.option("--wav", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file instead.")
@click.option("--volume", type=float, help="0 to 1, instead of the config's.")
@click.option("--rate", type=int, help="Words a minute, instead of the config's.")
@click.option("--calibrate", type=click.Choice(["tap", "auto"]), flag_value="tap", is_flag=False,
              help="Measure how late you hear, by a key on each beep; auto: by the sound server's monitor.")  # fmt: skip
@click.pass_obj
@guarded
def say(config: Path | None, text: tuple[str, ...], calibrate: str | None, **asked: Any) -> int:
    """Hear the voice say TEXT, or measure how late it is heard."""
    from coach.cli.run import calibrate_sound, say

    if calibrate:
        return calibrate_sound(config, calibrate, asked["volume"])
    if not text:
        raise click.UsageError("nothing to say; type: coach say one two three")
    return say(config, " ".join(text), **asked)


@main.command()
@json_option
@guarded
def runs(as_json: bool) -> int:
    """The runs in the journal, newest first."""
    from coach.cli.runs import runs

    return runs(as_json)


@main.command()
@click.argument("run", metavar="RUN", default="last")
@click.option("--why-not", "moment", metavar="12:30", help="What was known and judged at a moment of the run.")
@json_option
@click.pass_obj
@guarded
def explain(config: Path | None, run: str, moment: str | None, as_json: bool) -> int:
    """Why it spoke, cue by cue, and which rule kept back what it did not say."""
    from coach.cli.runs import explain

    return explain(config, run, moment, as_json)


@main.command()
@click.argument("run", metavar="RUN")
@json_option
@guarded
def verify(run: str, as_json: bool) -> int:
    """Feed a run's journal again and compare every word. RUN is a name from `coach runs`, or a file."""
    from coach.cli.runs import verify

    return verify(run, as_json)


@main.command()
@click.argument("length")
@click.argument("run", default="last")
@json_option
@click.pass_obj
@guarded
def calibrate(config: Path | None, length: str, run: str, as_json: bool) -> int:
    """Teach the footpod on a way of known LENGTH (400m, 1km): laps between presses of the lap key, or the whole RUN."""
    from coach.cli.runs import calibrate

    return calibrate(config, length, run, as_json)


@main.command()
@guarded
def schema() -> int:
    """Print the config's JSON schema, for editors."""
    from coach.cli.run import schema

    return schema()


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
