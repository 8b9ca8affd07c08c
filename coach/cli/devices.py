"""`coach devices`: lists what is plugged in or heard by radio, shows what it sends, and records it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import guarded, json_option
from coach.cli.prepare import sources_for
from coach.config import load
from coach.errors import InvalidSettings
from coach.runs.setup import SourceSpec
from coach.ui.terminal import for_tables, one_line
from devices import catalogue
from devices.api import Unavailable

NOTHING = "No receiver or footpod is plugged in, and gpsd is not running."
NAMED = 'If your port is not found automatically, name it in the config: [[source]] kind = "nmea", port = "/dev/ttyUSB0"'
READINGS = ("name", "device", "state", "per_second", "fix", "satellites", "speed", "speed_sigma", "cadence", "heart",
           "grade", "battery", "refused", "bad")  # fmt: skip


@click.command()
@click.option(
    "--watch",
    "seconds",
    type=float,
    flag_value=3600.0,
    is_flag=False,
    help="Show what the devices send, for this many seconds.",
)
@click.option(
    "--capture", nargs=2, type=(str, float), metavar="NAME SECONDS", help="Record what the devices send, for a bug report."
)
@click.option("--air/--no-air", default=True, help="Look for Bluetooth devices too.")
@json_option
@click.pass_obj
@guarded
def devices(config: Path | None, seconds: float | None, capture: tuple[str, float] | None, air: bool, as_json: bool) -> int:
    """List the devices that are plugged in or in radio range. --watch shows what one sends, --capture records it."""
    if capture:
        return _capture(config, *capture)
    return _watch(config, seconds, as_json) if seconds else _list(air, as_json)


def _list(air: bool, as_json: bool) -> int:
    found = catalogue.plugged_in()
    for device in found:
        trouble = catalogue.trouble(device.kind, device.options()) if device.kind else None
        _tell(
            as_json,
            {**device.as_dict(), "trouble": trouble},
            f"{device.port:<20} {device.kind or '?':<14} {device.description}",
        )
        if trouble and not as_json:
            click.echo(f"  {trouble}")
    if catalogue.trouble("gpsd", {}) is None:
        _tell(as_json, {"port": "localhost:2947", "kind": "gpsd"}, f"{'localhost:2947':<20} {'gpsd':<14} gpsd on this machine")
    elif not found:
        click.echo(f"{NOTHING}\n{NAMED}", err=True)
    if air:
        _on_air(as_json)
    return 0


def _on_air(as_json: bool) -> None:
    from devices.ble import on_air

    try:
        heard = on_air()
    except Unavailable as trouble:
        click.echo(f"Bluetooth: {trouble}\n  {trouble.hint}", err=True)
        return
    for each in heard:
        row = {"address": each.address, "kind": each.kind, "name": each.name, "rssi": each.rssi}
        _tell(as_json, row, f"{each.address:<20} {each.kind:<14} {each.name} ({each.rssi} dBm)")


def _watch(config: Path | None, seconds: float, as_json: bool) -> int:
    from coach.running.instruments import watch

    readings = watch(_not_tracks(config), seconds)
    if as_json:
        for reading in readings:
            for each in reading:
                click.echo(json.dumps({"kind": "reading", **each}))
        return 0
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(file=for_tables(sys.stdout)), auto_refresh=False) as live:
        for reading in readings:
            live.update(_table(reading), refresh=True)
    return 0


def _capture(config: Path | None, name: str, seconds: float) -> int:
    from coach.running.instruments import capture

    if not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,63}", name):
        raise InvalidSettings(name, None, "cannot be the name of a capture", "use letters and digits, such as mypod")
    path = Path(f"{name}.jsonl")
    if path.exists():
        raise InvalidSettings(str(path), None, "already exists", "choose another name")
    taken = capture(_not_tracks(config), path, seconds, lambda line: click.echo(line, err=True))
    click.echo(
        f"{taken} bytes in {path}; `coach replay {path}` plays it back. It may hold where you ran: check before you share it."
    )
    return 0 if taken else 1


def _not_tracks(config: Path | None) -> tuple[SourceSpec, ...]:
    found = sources_for(load(config), lambda line: click.echo(line, err=True))
    return tuple(each for each in found if each.kind != "track")


def _table(reading: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    used = [name for name in READINGS if any(each.get(name) not in (None, {}) for each in reading)]
    table = Table(*used)
    for each in reading:
        table.add_row(*(_shown(each.get(name)) for name in used))
    return table


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{one_line(reason)} {times}" for reason, times in value.items())
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else one_line(str(value))


def _tell(as_json: bool, row: dict[str, Any], line: str) -> None:
    """The kind is called `device` in the JSON line, because the line's own `kind` is "device"."""
    click.echo(json.dumps({**row, "device": row["kind"], "kind": "device"}) if as_json else one_line(line))
