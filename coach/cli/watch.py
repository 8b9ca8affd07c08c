"""`coach watch`: several runs in one terminal, those of this computer or those of a crew at a broker."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from coach.cli.guard import guarded, json_option, settings_of
from coach.config import Config
from coach.errors import InvalidSettings
from coach.stations.crew import LOOK_EVERY, Crew, Seen, at_broker
from coach.ui.broker import Mqtt
from coach.ui.table import aligned
from coach.ui.terminal import for_tables, one_line
from coach.ui.told import Teller
from devices.api import Unavailable

EVERY = 1.0  # s between two looks at the crew
LINES_EVERY = 10.0  # s between two tables where nothing on the screen can be overwritten
WIDE = 120  # columns; a narrower terminal shows less of each runner
SPARED = ("Heart", "Left", "Distance", "Segment")  # what it does not show
OLD = 5.0  # s after which a state is not shown as if it were now
TITLES = ("Runner", "", "Pace", "", "Target", "Ahead", "Segment", "Left", "Distance", "Heart", "Said")


@click.command()
@click.option(
    "--broker", metavar="ADDRESS", help="Watch the runs at this MQTT broker. Default: [mqtt] address, or else this computer."
)
@json_option
@click.pass_obj
@guarded
def watch(config: Path | None, broker: str | None, as_json: bool) -> int:
    """Watch several runs in one terminal. They are those of this computer, or those of a crew at an MQTT broker."""
    settings = settings_of(config)
    with _crew(settings, broker) as (crew, is_here):
        if as_json:
            _print_json(crew, is_here)
        elif sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            _draw(crew, is_here, settings.runner.language)
        else:
            _print(crew, is_here, settings.runner.language)
    return 0


@contextmanager
def _crew(settings: Config, address: str | None) -> Iterator[tuple[Crew, bool]]:
    """The crew, and whether it is that of this computer. Raises Unavailable where nobody runs here."""
    options = settings.mqtt
    if address:
        try:
            options = Mqtt(**options.model_dump() | {"address": address})
        except ValueError:
            raise InvalidSettings(
                "--broker", None, f"{address!r} is not the address of a broker", "such as localhost:1883"
            ) from None
    if not options.address:
        crew = Crew()
        if not crew.look():
            raise Unavailable("no run is under way", "coach run begins one; --broker ADDRESS watches a crew")
        yield crew, True
        return
    try:
        with at_broker(options, lambda line: click.echo(line, err=True)) as crew:
            yield crew, False
    except ImportError as missing:
        raise Unavailable(str(missing)) from None


def _looks(crew: Crew, is_here: bool, every: float) -> Iterator[list[tuple[str, Seen]]]:
    """All that are seen, again and again; those of this computer until the last has ended."""
    looked = time.monotonic()
    while True:
        time.sleep(every)
        yield crew.runners()
        if is_here and time.monotonic() - looked >= LOOK_EVERY:
            looked = time.monotonic()
            if not crew.look():
                return


def _print_json(crew: Crew, is_here: bool) -> None:
    """Each state once."""
    told = dict[str, Seen]()
    for runners in _looks(crew, is_here, EVERY / 4):
        for name, seen in runners:
            if told.get(name) != seen:
                told[name] = seen
                click.echo(json.dumps({"kind": "state", "run": name, **seen.state.as_dict()}))


def _print(crew: Crew, is_here: bool, language: str) -> None:
    for runners in _looks(crew, is_here, LINES_EVERY):
        for line in aligned([TITLES, *rows(runners, language)]):
            click.echo(line)
        click.echo()


def _draw(crew: Crew, is_here: bool, language: str) -> None:
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

    console = Console(file=for_tables(sys.stdout))
    with Live(console=console, auto_refresh=False) as live:
        for runners in _looks(crew, is_here, EVERY):
            shown = columns(console.width)
            table = Table(*(TITLES[column] for column in shown), caption="Ctrl-C ends")
            for row in rows(runners, language):
                table.add_row(*(row[column] for column in shown))
            live.update(table, refresh=True)


def columns(width: int) -> list[int]:
    """Which columns there is room for."""
    return [column for column, title in enumerate(TITLES) if width >= WIDE or title not in SPARED]


def rows(runners: list[tuple[str, Seen]], language: str) -> Iterator[tuple[str, ...]]:
    """A row for each runner, in their own units. An old state is not shown as if it were now."""
    for name, seen in runners:
        state, it = seen.state, Teller(language, seen.state.units).told(seen.state)
        ago = time.monotonic() - seen.came
        said = one_line(state.said[-1].text) if state.said else ""
        if ago > OLD:
            yield one_line(name), it.phase, "–", f"{ago:.0f} s ago", "", "", it.segment, "", it.distance, "", said
            continue
        measured = f"{it.pace}{it.unit}", it.off, it.target, it.ahead
        yield one_line(name), it.phase, *measured, it.segment, it.left, it.distance, it.heart, said
