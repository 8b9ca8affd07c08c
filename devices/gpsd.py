"""Decodes the JSON lines of gpsd, the Linux service that shares receivers, into one Fix per epoch.

    {"class":"TPV","device":"/dev/ttyACM0","mode":3,"time":"2026-06-01T06:00:00.000Z","lat":47.3,"lon":8.5,
     "speed":3.1,"eps":0.17,"eph":1.1, ...}

gpsd reports neither that its receiver fell silent nor that it has none: silence is the only sign of both. Fields as in
gpsd_json(5). `eps` is the receiver's own accuracy if it speaks a binary protocol; for NMEA it is about 20 m/s and useless.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from devices.epoch import Epoch, EpochClock
from devices.framing import Lines, count
from devices.sample import Fix, Mode, Sample

WATCH = b'?WATCH={"enable":true,"json":true};\n'
LONGEST = 1 << 14  # bytes in a line: a SKY with a hundred satellites has ten thousand
TELLING = 5.0  # m/s: a larger `eps` is gpsd's guess, not the receiver's
FASTEST_RECEIVER = 515.0  # m/s: no civil receiver reports more (1000 knots)
LAST_TIME = 2**32  # s
SILENT = 3.0  # s of silence before switching to another of gpsd's receivers
_MODES = {2: Mode.FIX_2D, 3: Mode.FIX_3D}
_RECKONED = 5  # `status`: dead reckoning
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:Z|\+00:?00)")
_1970 = date(1970, 1, 1).toordinal()


class GpsdTalk:
    """A Talk: asks gpsd to send."""

    def begin(self, at: float) -> list[bytes]:
        return [WATCH]

    def heard(self, at: float, data: bytes) -> list[bytes]:
        return []


class GpsdDecoder:
    """A Decoder. A log without times of arrival brings a `clock` of its own.

    Faults: `overlong`, `json` (lines that are not JSON), `error` (reported by gpsd), `impossible`, `repeated`, `other`
    (epochs of a second receiver while the first one speaks).
    """

    def __init__(self, source: str, not_before: float = 0.0, clock: EpochClock | None = None) -> None:
        self._source = source
        self._faults: dict[str, int] = {}
        self._lines = Lines(self._faults, LONGEST)
        self._clock = clock or EpochClock(not_before)
        self._device: str | None = None
        self._heard_at = 0.0

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        reports = (self._report(line) for line in self._lines.feed(data))
        fixes = (self._fix(at, report) for report in reports if report.get("class") == "TPV")
        return [fix for fix in fixes if fix is not None]

    def tick(self, at: float) -> list[Sample]:
        return []

    def _report(self, line: bytes) -> dict[str, Any]:
        try:
            report = json.loads(line[max(0, line.find(b"{")) :])  # "gpspipe -wt" puts the time before it
        except (ValueError, RecursionError):
            count(self._faults, "json")
            return {}
        if not isinstance(report, dict):
            count(self._faults, "json")
            return {}
        if report.get("class") == "ERROR":
            count(self._faults, "error")
        return report

    def _fix(self, at: float, report: dict[str, Any]) -> Fix | None:
        if not self._is_ours(at, report):
            count(self._faults, "other")
            return None
        epoch = Epoch(at)
        self._timed(epoch, report.get("time"))
        when = self._clock.at(epoch)
        if when is None:
            count(self._faults, "repeated")
            return None
        utc, mode = self._clock.utc(epoch), _MODES.get(_whole(report.get("mode")), Mode.NONE)
        lat, lon = self._number(report, "lat", -90, 90), self._number(report, "lon", -180, 180)
        if mode is Mode.NONE or lat is None or lon is None:
            return Fix(when, self._source, utc=utc)
        if _whole(report.get("status")) == _RECKONED:
            mode = Mode.DEAD_RECKONING
        height = self._number(report, "altMSL" if "altMSL" in report else "alt", -1000, 50_000)
        sure = self._number(report, "eps", 0, 1e6)
        return Fix(
            when, self._source, lat, lon, height, self._number(report, "speed", 0, FASTEST_RECEIVER),
            sure if sure is not None and sure < TELLING else None,
            self._number(report, "track", 0, 360), self._number(report, "eph", 0, 1e6), None, mode, None, utc,
            alt_sigma=self._number(report, "epv", 0, 1e6),
        )  # fmt: skip

    def _is_ours(self, at: float, report: dict[str, Any]) -> bool:
        """Whether to use this receiver: the current one is kept as long as it sends."""
        device = report.get("device")
        if device != self._device and (self._device is None or at - self._heard_at > SILENT):
            self._device = device if isinstance(device, str) else None
        if device == self._device or not isinstance(device, str):
            self._heard_at = at
            return True
        return False

    def _timed(self, epoch: Epoch, time: object) -> None:
        """Takes the time of a report: in ISO 8601, or Unix time, which gpsd gave before 2011."""
        if isinstance(time, int | float) and 0 < time < LAST_TIME:
            epoch.day, epoch.time = int(time // 86_400), round(time % 86_400, 3) % 86_400
        found = _TIME.fullmatch(time) if isinstance(time, str) else None
        if found is None:
            return
        year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
        try:
            epoch.day = date(year, month, day).toordinal() - _1970
        except ValueError:
            count(self._faults, "impossible")
            return
        epoch.time = round(hour * 3600 + minute * 60 + float(found[6]), 3) % 86_400

    def _number(self, report: dict[str, Any], name: str, least: float, most: float) -> float | None:
        value = report.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        count(self._faults, "impossible")
        return None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
