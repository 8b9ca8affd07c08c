"""The part of `coach check` about devices: listens to each for three seconds, and shows what it sends in the runner's units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.config import Config
from coach.core.units import pace_text, speed_text
from coach.running.instruments import watch
from coach.runs.setup import SourceSpec
from coach.ui.terminal import one_line
from devices import catalogue
from devices.plugins import BrokenPlugin

LISTEN = 3.0  # s: every device sends within two, and a longer check would seem to hang
WALKING = 0.5  # m/s: a lower speed is not shown as a pace
_FIXES = {"NONE": "no satellites yet: take it out under open sky", "FIX_2D": "a fix without height", "FIX_3D": "a fix"}


def heard(settings: Config) -> Iterator[tuple[bool, str]]:
    """A line for each device: whether a run could begin with it, and what it sends now."""
    sources = [*_usable(settings)]
    if not settings.source and not sources:
        found = [device for device in catalogue.plugged_in() if device.kind]
        names = ", ".join(f"{device.description} at {device.port}" for device in found)
        yield bool(found), f"devices: {names or 'nothing is plugged in that looks like a receiver or a footpod'}"
    for source in settings.source:
        if trouble := catalogue.trouble(source.kind, source.model_extra or {}):
            yield False, f"source {source.name}: {trouble}"
        elif source.kind == "track":
            yield True, f"source {source.name}: a recorded track that can be read"
    if sources:
        *_, last = watch(sources, LISTEN)
        for reading in last:
            yield _told(reading, settings.unit)


def _usable(settings: Config) -> Iterator[SourceSpec]:
    """The devices that can be opened: those of the config, or without any the best that are plugged in."""
    if not settings.source:
        for role, device in catalogue.best().items():
            yield SourceSpec(role, device.kind or "", device.options())
    for source in settings.source:
        if source.kind == "track" or catalogue.trouble(source.kind, source.model_extra or {}):
            continue
        try:
            yield SourceSpec(source.name, source.kind, source.options())
        except BrokenPlugin:
            continue  # a broken plug-in is reported elsewhere


def _told(reading: dict[str, Any], unit: str) -> tuple[bool, str]:
    name, state, said = f"source {reading['name']}", reading["state"], ", ".join(_said(reading, unit))
    if state != "up":
        why = "it did not answer" if state == "opening" else one_line(state)
        return False, f"{name}: {why} within {LISTEN:.0f} s; is it on and near?"
    if said:
        return True, f"{name}: {said}"
    bad = ", ".join(f"{reason} {times}" for reason, times in reading["bad"].items())
    if not bad:
        return False, f"{name}: nothing was heard within {LISTEN:.0f} s; is it switched on, and does it send?"
    return False, f"{name}: it sends, but nothing that can be understood ({one_line(bad)})"


def _said(reading: dict[str, Any], unit: str) -> Iterator[str]:
    if fix := reading.get("fix"):
        yield _FIXES.get(fix, fix)
    if (satellites := reading.get("satellites")) is not None:
        yield f"{satellites} satellites"
    if (speed := reading.get("speed")) is not None:
        told = speed_text if reading["device"] == "ble-treadmill" else pace_text
        yield told(speed, unit) if speed > WALKING else "standing"
    if (cadence := reading.get("cadence")) is not None:
        yield f"{cadence:.0f} steps a minute"
    if (heart := reading.get("heart")) is not None:
        yield f"heart {heart:.0f}"
    if (battery := reading.get("battery")) is not None:
        yield f"battery {battery:.0%}" if isinstance(battery, float) else f"battery {battery}"
    if (refused := reading.get("refused")) is not None:
        yield f"it {refused}"
