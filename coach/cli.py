"""The command line: `coach demo`, `coach run`, `coach replay` and the rest. Everything heavy is imported where it is used."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from coach import __version__

OK, FAILED, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """Known troubles end in one line and their exit code: 2 for what is written wrong, 3 for a device that is missing."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        from coach.located import InvalidSettings
        from devices.api import InvalidFile, Unavailable

        try:
            code = command(*args, **options)
        except (InvalidSettings, InvalidFile) as wrong:
            click.echo(str(wrong), err=True)
            code = USAGE
        except Unavailable as missing:
            click.echo(f"{missing}" + (f"\n  {missing.hint}" if missing.hint else ""), err=True)
            code = MISSING
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError:
            sys.stderr.close()  # whoever read us went away, as `head` does
            code = OK
        sys.exit(code or OK)

    return run


json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
estimates_option = click.option("--estimates", is_flag=True, help="With --json: an estimate every second.")

heat_option = click.option("--heat", type=float, metavar="CELSIUS", help="What the weather feels like: paces become slower.")


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
    from coach.commands import demo

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
    from coach.commands import run

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
    from coach.commands import replay

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
    from coach.commands import rehearse

    return rehearse(config, workout, asked, as_json)


@main.command()
@click.argument("workout", required=False)
@json_option
@click.pass_obj
@guarded
def check(config: Path | None, workout: str | None, as_json: bool) -> int:
    """What is wrong with the config, the workout, the devices or the voice, and what to type; advice on the workout."""
    from coach.commands import check

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
    from coach.commands_devices import capture_all, listed, watched

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
    from coach.commands import calibrate_sound, say

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
    from coach.commands import runs

    return runs(as_json)


@main.command()
@click.argument("run", metavar="RUN", default="last")
@click.option("--why-not", "moment", metavar="12:30", help="What was known and judged at a moment of the run.")
@json_option
@click.pass_obj
@guarded
def explain(config: Path | None, run: str, moment: str | None, as_json: bool) -> int:
    """Why it spoke, cue by cue, and which rule kept back what it did not say."""
    from coach.commands import explain

    return explain(config, run, moment, as_json)


@main.command()
@click.argument("run", metavar="RUN")
@json_option
@guarded
def verify(run: str, as_json: bool) -> int:
    """Feed a run's journal again and compare every word. RUN is a name from `coach runs`, or a file."""
    from coach.commands import verify

    return verify(run, as_json)


@main.command()
@click.argument("kind", type=click.Choice(["continuous", "segmented", "finish-fast"]))
@click.option("--style", help="segmented: thirds, cut-down, stepped; finish-fast: finish, long.")
@click.option("--total", help="How long or how far, warm-up and cool-down included: 50min, 10km.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--race", help='A race result, such as "10k 50:00". Default: the config\'s.')
@click.option("--from", "first", help="By hand: the pace at first, such as 6:00.")
@click.option("--to", "last", help="By hand: the pace at last.")
@click.option("--steps", type=click.IntRange(1, 50), default=1, help="By hand: so many steps; 1 is a ramp.", show_default=True)
@click.option("--warmup", help="By hand: a warm-up by feel before it, such as 10min.")
@click.option("--cooldown", help="By hand: a cool-down by feel after it.")
@click.option("--easy", is_flag=True, help="The easy twin: as long, and nothing of it hard.")
@heat_option
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the workout to this file.")
@json_option
@click.pass_obj
@guarded
def plan(config: Path | None, kind: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Make a progression run: paces from your fitness, size from your level; or by hand."""
    from coach.commands_plan import plan

    return plan(config, kind, asked, out, as_json)


@main.command()
@click.argument("source", metavar="IN")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.pass_obj
@guarded
def convert(config: Path | None, source: str, out: Path, as_json: bool) -> int:
    """Read a workout IN any format, or in words ("10m, 20m ramp 6:00-4:45/km Pace, 5m"), and write it as OUT."""
    from coach.commands_plan import convert

    return convert(config, source, out, as_json)


@main.command()
@click.option("--race", help='A result or a time trial, such as "10k 50:00". Default: what the config tells of you.')
@click.option("--race2", help="A second result, over another distance.")
@click.option("--easy-pace", help="Without a race: the pace of your easy runs, such as 7:00/km.")
@click.option("--talk-pace", help="The fastest pace at which you still talk in sentences.")
@click.option("--heart-pace", help='A steady pace and its heart rate: "6:30/km at 152".')
@click.option("--weekly", help="How far you run in a week, such as 40km: for the marathon.")
@heat_option
@json_option
@click.pass_obj
@guarded
def paces(config: Path | None, heat: float | None, as_json: bool, **asked: str | None) -> int:
    """Your named paces, how they feel, your heart rate's ceilings, and the races to expect."""
    from coach.commands_paces import paces

    return paces(config, asked, heat, as_json)


@main.command()
@click.argument("distance")
@click.argument("time")
@click.option("--split", type=float, help="Per cent of the time that the second half is quicker; below 0 slower.")
@click.option("--course", type=click.Path(path_type=Path, dir_okay=False), help="A GPX file: the paces follow its hills.")
@click.option("--laps", type=click.IntRange(1, 500), help="The course is so many rounds of the file; default: it is found.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the workout to this file.")
@json_option
@click.pass_obj
@guarded
def race(config: Path | None, distance: str, time: str, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Plan a race over DISTANCE (5k, 10k, half, marathon, 12 km) in TIME (50:00), to the second."""
    from coach.commands_plan import race

    return race(config, distance, time, asked, out, as_json)


@main.command()
@click.option("--weeks", type=int, help="4 to 12. Default: to the race, or 8.")
@click.option("--days", default="tue,thu,sat,sun", show_default=True, help="The days on which you run.")
@click.option("--long", help="The day of the long run. Default: the last of them.")
@click.option("--weekly", type=int, metavar="MIN", help="Minutes of a usual week. Default: from the journals.")
@click.option("--longest", type=int, metavar="MIN", help="Minutes of your longest run of 30 days. Default: from the journals.")
@click.option("--cap", type=int, metavar="MIN", help="The most you have from Monday to Friday.")
@click.option("--level", type=click.Choice(["beginner", "intermediate", "advanced"]), help="Default: the config's.")
@click.option("--race", help='Your fitness, such as "10k 50:00". Default: what the config tells of you.')
@click.option("--race-date", help="A race to train for: 2027-03-14.")
@click.option("--race-distance", help="5k, 10k, half, marathon, 12 km.")
@click.option("--start", help="The first day. Default: the next Monday.")
@click.option("--today", help="Plan as if it were this day.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Write workouts, plan and calendar there.")
@click.option("--again", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER", help="Plan the rest anew.")
@json_option
@click.pass_obj
@guarded
def schedule(config: Path | None, out: Path | None, as_json: bool, **asked: Any) -> int:
    """Weeks of running with a progression run in each: towards a race, or towards fitness."""
    from coach.commands_schedule import schedule

    return schedule(config, asked, out, as_json)


@main.command()
@click.argument("length")
@click.argument("run", default="last")
@json_option
@click.pass_obj
@guarded
def calibrate(config: Path | None, length: str, run: str, as_json: bool) -> int:
    """Teach the footpod on a way of known LENGTH (400m, 1km): laps between presses of the lap key, or the whole RUN."""
    from coach.commands import calibrate

    return calibrate(config, length, run, as_json)


@main.command()
@guarded
def schema() -> int:
    """Print the config's JSON schema, for editors."""
    from coach.commands import schema

    return schema()


if __name__ == "__main__":
    main()
