"""Exported files as the readers of others see them, against what `coach show` says of the same run:

    pip install gpxpy garmin-fit-sdk      (neither is a dependency of ours; without them fitdecode and fit-tool read alone)

Runs that were recorded (every shared track that is a run, with a workout) and journals of live runs, of earlier versions too.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from coach.runs.activity import Activity
from coach.runs.export import content
from coach.runs.export.moments import one_a_second
from coach.runs.recording import open_recording
from coach.runs.relive import relive
from coach.runs.setup import Setup
from coach.workouts import read_workout
from devices.api import InvalidFile
from tests.bench.exports import WORKOUT
from tests.bench.row import Row
from tests.conftest import ROOT
from tests.runs.fit_rules import messages
from tests.workouts.test_conversion import XSD

JOURNALS = ROOT / "tests" / "runs" / "before"
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
LIMITS = {"time": 0.1, "distance": 0.1, "speed": 0.01, "way": 0.1, "records": 0.0}
UNITS = {"time": "%", "distance": "%", "speed": "m/s", "way": "m", "records": "missing"}
TOLD = {"time": "total time", "distance": "total distance", "speed": "speed of a record", "way": "distance of a record"}


@dataclass(slots=True)
class Read:
    """What a reader found: totals (s, m), and speed (m/s) and distance (m) by Unix time of each record."""

    seconds: float | None = None
    metres: float | None = None
    records: dict[int, tuple[float | None, float | None]] = field(default_factory=dict)


def measure() -> Iterator[Row]:
    runs = [*_runs()]
    yield Row("runs: recorded ones, and journals", len(runs), "", 20, least=True)
    for name, kind, read in _readers():
        worst: dict[str, float] = {}
        refused = 0
        for path, activity in runs:
            try:
                found = read(content(activity, kind))
            except Exception as trouble:  # whatever a reader of others raises is told
                refused += 1
                print(f"  {name}: {path.name}: {type(trouble).__name__}: {trouble}"[:160])
                continue
            for what, off in _off(activity, found, kind):
                if off > LIMITS[what]:
                    print(f"  {name}: {path.name}: {TOLD.get(what, what)} off by {off:.4f} {UNITS[what]}")
                worst[what] = max(worst.get(what, 0.0), off)
        yield Row(f"{kind} by {name}: files that are refused", refused, "", 0.0)
        for what, off in worst.items():
            yield Row(f"  {TOLD.get(what, what)}: worst", off, UNITS[what], LIMITS[what])


def _off(activity: Activity, found: Read, kind: str) -> Iterator[tuple[str, float]]:
    told = activity.summary
    for what, value, true in (("time", found.seconds, told["elapsed"]), ("distance", found.metres, told["distance"])):
        if value is not None and true:
            yield what, 100 * max(0.0, abs(value - true) - 0.05) / true  # `show` rounds to 0.1
    for unix, second in one_a_second(activity):
        if kind == ".gpx" and second.lat is None:
            continue
        if unix not in found.records:
            yield "records", 1.0
            continue
        yield "records", 0.0
        speed, way = found.records[unix]
        if second.speed is not None:
            yield "speed", abs((speed if speed is not None else -1.0) - second.speed)
        if way is not None:
            yield "way", abs(way - second.distance)


def _runs() -> Iterator[tuple[Path, Activity]]:
    setup = Setup(read_workout(WORKOUT, None))
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    for path in (*sorted(JOURNALS.glob("*.gz")), *sorted(tracks.glob("*run*/*")), *sorted(tracks.glob("pairs*/*"))):
        try:
            recording = open_recording(path)
            activity = relive(recording, recording.setup or setup, "km")
        except InvalidFile:
            continue
        if len(activity.seconds) > 60:
            activity.started = activity.started or 1.7e9
            yield path, activity


def _readers() -> Iterator[tuple[str, str, Callable[[bytes], Read]]]:
    yield "fitdecode", ".fit", _fitdecode
    yield "fit-tool", ".fit", _fit_tool
    if find_spec("garmin_fit_sdk"):
        yield "garmin-fit-sdk", ".fit", _garmin
    if find_spec("gpxpy"):
        yield "gpxpy", ".gpx", _gpxpy
    if XSD.exists():
        yield "Garmin's schema and lxml", ".tcx", _tcx


def _fitdecode(data: bytes) -> Read:
    found = messages(data)
    [session] = found["session"]
    records = {_unix(each["timestamp"]): (each.get("enhanced_speed"), each["distance"]) for each in found["record"]}
    return Read(session["total_timer_time"], session["total_distance"], records)


def _fit_tool(data: bytes) -> Read:
    from fit_tool.fit_file import FitFile
    from fit_tool.profile.messages.record_message import RecordMessage
    from fit_tool.profile.messages.session_message import SessionMessage

    with tempfile.NamedTemporaryFile(suffix=".fit") as file:
        file.write(data)
        file.flush()
        found = [record.message for record in FitFile.from_file(file.name).records]
    [session] = [each for each in found if isinstance(each, SessionMessage)]
    records = [each for each in found if isinstance(each, RecordMessage)]
    read = {round(each.timestamp / 1000): (each.enhanced_speed, each.distance) for each in records}
    return Read(session.total_timer_time, session.total_distance, read)


def _garmin(data: bytes) -> Read:
    from garmin_fit_sdk import Decoder, Stream

    if not Decoder(Stream.from_byte_array(bytearray(data))).check_integrity():
        raise ValueError("its integrity is not given")
    found, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    if errors:
        raise ValueError(str(errors))
    [session] = found["session_mesgs"]
    records = {_unix(each["timestamp"]): (each.get("enhanced_speed"), each["distance"]) for each in found["record_mesgs"]}
    return Read(session["total_timer_time"], session["total_distance"], records)


def _gpxpy(data: bytes) -> Read:
    """GPX has no totals, and no distances."""
    import gpxpy

    [track] = gpxpy.parse(io.BytesIO(data)).tracks
    points = [point for segment in track.segments for point in segment.points]
    return Read(records={_unix(point.time): (_gpx_speed(point), None) for point in points})


def _gpx_speed(point: Any) -> float | None:
    speeds = [float(each.text) for extension in point.extensions for each in extension.iter() if each.tag.endswith("}speed")]
    return speeds[0] if speeds else None


def _tcx(data: bytes) -> Read:
    root = etree.fromstring(data)
    etree.XMLSchema(etree.parse(str(XSD))).assertValid(root)
    laps = root.findall(f".//{TCX}Lap")
    seconds, metres = (sum(float(lap.findtext(TCX + name)) for lap in laps) for name in ("TotalTimeSeconds", "DistanceMeters"))
    read = Read(seconds, metres)
    for point in root.iter(f"{TCX}Trackpoint"):
        speeds = [float(each.text) for each in point.iter() if each.tag.endswith("}Speed")]
        unix = _unix(datetime.fromisoformat(point.findtext(f"{TCX}Time")))
        read.records[unix] = speeds[0] if speeds else None, float(point.findtext(f"{TCX}DistanceMeters"))
    return read


def _unix(moment: datetime) -> int:
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
