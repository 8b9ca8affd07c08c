"""The command line: a table of its commands. The command NAME is in NAME.py, imported only when used."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from coach import __version__
from coach.cli.guard import INTERRUPTED
from coach.ui.terminal import open_for_people

COMMANDS = {  # module and first line of help of each, so that `coach --help` need not import them
    "init": "Write your config: asks for your race, units and language, and lists the devices that are plugged in.",
    "demo": "Hear a bundled progression run on a bundled track. No hardware needed.",
    "press": "Press KEY in the run that is under way: pause, lap, skip, back, report. Words do too, such as how am I doing.",
    "status": "Show how the run that is under way stands. With pace, target, segment, what comes next and the last words.",
    "watch": "Watch several runs in one terminal, those of this computer or those of a crew at an MQTT broker.",
    "run": "Be coached live, from the devices in the config. "
    'WORKOUT is a file, words ("10m, 20m 5:30/km Pace, 5m") or "today".',
    "replay": "Play back a recorded run (GPX, TCX, FIT, NMEA, journal): what the coach would have said; --rate speaks it.",
    "rehearse": "Let a virtual runner run WORKOUT and respond to the coach; then compare this coach with others.",
    "check": "Check the config, the workout, the devices and the voice: what is wrong, what to do, and advice on the workout.",
    "devices": "List what is plugged in or heard by radio, show what it sends (--watch), or record it (--capture).",
    "say": "Hear the voice say TEXT, the sounds or the voices, or measure the delay of the sound.",
    "runs": "List the recorded runs, newest first.",
    "show": "What happened in a run: segments, splits, laps, score, and what each correction achieved.",
    "explain": "Why the coach spoke, cue by cue, and which rule kept a cue back.",
    "report": "A run as a page to look at and to print: pace against plan, what was said and why, heart rate, map, score.",
    "progress": "How your pacing changes from run to run: errors, thirds, drift, answers to corrections, and what to train.",
    "export": "Write a run as a FIT, TCX or GPX activity, or as a CSV table: for watches, services and spreadsheets.",
    "sync": "Send runs to intervals.icu, each exactly once: RUN, or those of the last two weeks that were not sent.",
    "verify": "Feed a run's journal again and compare every word. RUN is a name from `coach runs`, or a file; the last.",
    "calibrate": "Calibrate the footpod over a known LENGTH (400m, 1km): "
    "laps between presses of the lap key, or the whole RUN.",
    "service": "Let the coach start by itself when the computer does: install, remove, status, udev.",
    "schema": "Print the config's JSON schema, for editors.",
    "plan": "Make a progression run: paces from your fitness, length from your level; or all by hand.",
    "convert": 'Read a workout IN any format, or in words ("10m, 20m ramp 6:00-4:45/km Pace, 5m"), and write it as OUT.',
    "paces": "Your named paces, how they should feel, your heart-rate ceilings, and predicted race times.",
    "race": "Plan a race over DISTANCE (5k, 10k, half, marathon, 12 km) in TIME (50:00), to the second.",
    "schedule": "Make a schedule of weeks with a progression run in each, towards a race or towards fitness.",
}

CONFIG: dict[str, Any] = {
    "type": click.Path(path_type=Path),
    "help": "The settings; default: config.toml in the XDG config folder.",
}


class Commands(click.Group):
    """A click group that lists its commands from the table, and imports only the one that is typed."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        open_for_people()
        _find_home()
        return super().main(*arguments, **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """ "coach help" and "coach help run" are "coach --help" and "coach run --help"."""
        return super().parse_args(ctx, [*args[1:2], "--help"] if args[:1] == ["help"] else args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # while the command's modules are imported
            ctx.exit(INTERRUPTED)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def _find_home() -> None:
    """Without a home folder, as for a service, settings and runs are kept in the current folder, and a line says so."""
    if not os.environ.get("HOME"):
        os.environ.pop("HOME", None)  # then the home folder of the user's account is used
    if not os.path.isabs(os.path.expanduser("~")):
        os.environ["HOME"] = os.getcwd()
        click.echo(
            f"There is no home folder, so runs and settings are kept in {os.getcwd()}. HOME=/folder chooses one.", err=True
        )


def load(name: str) -> click.Command:
    """The command with this name in the table."""
    command = getattr(import_module(f"coach.cli.{name}"), name)
    assert isinstance(command, click.Command)
    if not any(each.name == "config" for each in command.params):
        command.params.append(click.Option(["--config"], **CONFIG, expose_value=False, callback=_take_config))
    return command


def _take_config(context: click.Context, option: click.Parameter, config: Path | None) -> None:
    """The option counts before and after the command."""
    context.obj = config or context.obj


@click.group(
    cls=Commands,
    commands=[click.Command(name, help=told) for name, told in COMMANDS.items()],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", prog_name="coach")
@click.option("--config", **CONFIG)
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """A pacing coach that talks to you: it follows your progression run by GPS or footpod."""
    context.obj = config


if __name__ == "__main__":
    main()
