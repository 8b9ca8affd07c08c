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
    "init": "Write your config. It asks for your race, units and language, and lists the devices that are plugged in.",
    "demo": "Hear a bundled progression run on a bundled track. No hardware needed.",
    "press": "Press KEY in the run that is under way: pause, lap, skip, back, report. "
    'Words work too, such as "how am I doing".',
    "status": "Show the run that is under way: pace, target, segment, what comes next and the last words.",
    "watch": "Watch several runs in one terminal. They are those of this computer, or those of a crew at an MQTT broker.",
    "run": 'Run with the coach, live. WORKOUT is a file, words ("10m, 20m 5:30/km Pace, 5m") or "today".',
    "serve": "Show a page on which you choose and start workouts by phone, one run after the other.",
    "replay": "Play back a recorded run (GPX, TCX, FIT, NMEA, journal). Shows what the coach would have said; --rate speaks.",
    "rehearse": "Let a virtual runner run WORKOUT and respond to the coach. Then compare this coach with others.",
    "check": "Check the config, the workout, the devices and the voice. Says what is wrong and how to mend it.",
    "devices": "List the devices that are plugged in or in radio range. --watch shows what one sends, --capture records it.",
    "say": "Hear the voice say TEXT. Or hear all sounds or voices, or measure how late you hear them.",
    "runs": "List the recorded runs, newest first.",
    "show": "Show what happened in a run: segments, splits, laps and score. Also what each correction achieved.",
    "explain": "Say why the coach spoke, cue by cue, and why it stayed quiet.",
    "report": "Write a run as a page to look at and to print. With pace against plan, what was said and why, and a map.",
    "progress": "Show how your pacing changes from run to run. With errors, drift, the effect of corrections, what to train.",
    "export": "Write a run as a FIT, TCX or GPX activity, or as a CSV table. For watches, services and spreadsheets.",
    "sync": "Send runs to intervals.icu, each exactly once. Without RUN: all of the last two weeks that were not sent yet.",
    "verify": "Replay a run's journal and compare every word. RUN is a name from `coach runs` or a file. Default: the last.",
    "calibrate": "Calibrate the footpod over a known LENGTH, such as 400m. "
    "RUN is a run over it, or one with lap pressed at both ends.",
    "service": "Let the coach start by itself when the computer does. With install, remove, status or udev.",
    "schema": "Print the config's JSON schema, for editors.",
    "plan": "Make a progression run from your fitness and your level. Or choose its paces and steps by hand.",
    "convert": 'Read a workout in any format, and write it as OUT. IN may be words, such as "10m, 20m 5:30/km Pace, 5m".',
    "paces": "Show your named paces and your heart-rate ceilings. Also how each pace should feel, and predicted race times.",
    "race": "Plan a race over DISTANCE in TIME (50:00), to the second. DISTANCE is 5k, 10k, half, marathon, or such as 12 km.",
    "schedule": "Make a schedule of weeks with a progression run in each. It leads to a race, or to better fitness.",
}

CONFIG: dict[str, Any] = {
    "type": click.Path(path_type=Path),
    "help": "The config file. Default: config.toml in the XDG config folder (~/.config/progression-coach).",
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
