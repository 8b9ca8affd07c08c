"""The bundled run as other programs would have recorded it: GPX, TCX and FIT, once a second, with a heart rate."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

from devices.sample import Fix
from devices.tracks import open_track
from tests.conftest import ROOT

RUN = ROOT / "coach" / "demo" / "run.nmea"
BPM = 151
FIT_EPOCH = 631_065_600  # Unix time
SEMICIRCLES = 2**31 / 180  # to a degree
RECORD = bytes((0x40, 0, 0, 20, 0, 6, 253, 4, 0x86, 0, 4, 0x85, 1, 4, 0x85, 2, 2, 0x84, 6, 2, 0x84, 3, 1, 2))


def write(folder: Path) -> dict[str, Path]:
    """The paths by the names of the formats, the log of the receiver among them."""
    fixes = [each for each in open_track(str(RUN)).samples() if isinstance(each, Fix) and each.lat is not None and each.utc]
    paths = {"GPX": folder / "run.gpx", "TCX": folder / "run.tcx", "FIT": folder / "run.fit"}
    paths["GPX"].write_text(_gpx(fixes))
    paths["TCX"].write_text(_tcx(fixes))
    paths["FIT"].write_bytes(_fit(fixes))
    return {"NMEA": RUN, **paths}


def _time(fix: Fix) -> str:
    return datetime.fromtimestamp(fix.utc or 0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _gpx(fixes: list[Fix]) -> str:
    points = "\n".join(
        f'<trkpt lat="{fix.lat:.7f}" lon="{fix.lon:.7f}"><ele>{fix.alt or 0:.1f}</ele><time>{_time(fix)}</time><extensions>'
        f"<x:TrackPointExtension><x:hr>{BPM}</x:hr><x:cad>86</x:cad></x:TrackPointExtension></extensions></trkpt>"
        for fix in fixes
    )
    return f'<?xml version="1.0"?>\n<gpx xmlns:x="x"><trk><trkseg>\n{points}\n</trkseg></trk></gpx>\n'


def _tcx(fixes: list[Fix]) -> str:
    points = "\n".join(
        f"<Trackpoint><Time>{_time(fix)}</Time><Position><LatitudeDegrees>{fix.lat:.7f}</LatitudeDegrees><LongitudeDegrees>"
        f"{fix.lon:.7f}</LongitudeDegrees></Position><AltitudeMeters>{fix.alt or 0:.1f}</AltitudeMeters><HeartRateBpm>"
        f"<Value>{BPM}</Value></HeartRateBpm><Extensions><x:TPX><x:Speed>{fix.speed or 0:.3f}</x:Speed><x:RunCadence>86"
        "</x:RunCadence></x:TPX></Extensions></Trackpoint>"
        for fix in fixes
    )
    inner = f"<Activities><Activity><Lap><Track>\n{points}\n</Track></Lap></Activity></Activities>"
    return f'<?xml version="1.0"?>\n<TrainingCenterDatabase xmlns:x="x">{inner}</TrainingCenterDatabase>\n'


def _fit(fixes: list[Fix]) -> bytes:
    records = [
        struct.pack(
            "<BIiiHHB", 0, int(fix.utc or 0) - FIT_EPOCH, round((fix.lat or 0) * SEMICIRCLES),
            round((fix.lon or 0) * SEMICIRCLES), round(5 * ((fix.alt or 0) + 500)), round(1000 * (fix.speed or 0)), BPM,
        )
        for fix in fixes
    ]  # fmt: skip
    body = RECORD + b"".join(records)
    return struct.pack("<BBHI4sH", 14, 16, 2000, len(body), b".FIT", 0) + body + b"\0\0"
