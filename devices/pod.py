"""Home-made footpods and treadmill sensors on a serial line: each line of text is one Stride.

    3.21        11.6 km/h                         a number, with or without its unit
    speed=3.21 cad=86                             names and values
    Speed: 12.0 km/h, Cadence: 172 spm
    12345,3.21,86                                 columns, named in the config or by a first line of names
    {"speed": 3.21, "cadence": 172}               JSON
    1                                             mode "pulses": any line is one turn of the wheel
    $PFPOD,12345,3.210,86,1023.4*46               our own: ms, m/s, strides/min, m, with NMEA's checksum

What a board chats while it starts is counted as `unreadable` and gives nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from devices.framing import Lines, Sentences, count
from devices.sample import Sample, Stride

FASTEST = 15.0  # m/s: no runner is faster
MOST_STEPS = 400.0  # steps/min
FARTHEST = 1e6  # m
STEEPEST = 1.0  # rise/run
ONE_FOOT = 120.0  # counts/min: a cadence without a unit counts one foot up to here, both above
MODES = ("speed", "distance", "pulses")

_MILE = 1609.344  # m
_UNITS: dict[str, tuple[str, float]] = {  # in lower case -> what it measures, and its size in our unit
    "m/s": ("speed", 1.0), "mps": ("speed", 1.0), "ms": ("speed", 1.0),
    "km/h": ("speed", 1 / 3.6), "kmh": ("speed", 1 / 3.6), "kph": ("speed", 1 / 3.6),
    "mph": ("speed", _MILE / 3600), "mi/h": ("speed", _MILE / 3600), "ft/s": ("speed", 0.3048),
    "min/km": ("pace", 60 / 1000), "s/km": ("pace", 1 / 1000), "min/mi": ("pace", 60 / _MILE), "s/mi": ("pace", 1 / _MILE),
    "spm": ("cadence", 1.0), "steps/min": ("cadence", 1.0), "strides/min": ("cadence", 2.0), "rpm": ("cadence", 2.0),
    "m": ("distance", 1.0), "km": ("distance", 1000.0), "mi": ("distance", _MILE), "ft": ("distance", 0.3048),
    "cm": ("distance", 0.01), "%": ("grade", 0.01),
}  # fmt: skip
_NAMES = {  # what a pod calls a value -> what it measures, and its unit where the name itself tells
    "speed": ("speed", None), "spd": ("speed", None), "v": ("speed", None), "velocity": ("speed", None),
    "mps": ("speed", "m/s"), "kmh": ("speed", "km/h"), "kph": ("speed", "km/h"), "mph": ("speed", "mph"),
    "speed_mps": ("speed", "m/s"), "speed_kmh": ("speed", "km/h"), "speed_mph": ("speed", "mph"),
    "pace": ("pace", "min/km"),
    "cadence": ("cadence", None), "cad": ("cadence", None), "spm": ("cadence", "spm"), "steps": ("cadence", "spm"),
    "strides": ("cadence", "strides/min"), "rpm": ("cadence", "rpm"),
    "distance": ("distance", None), "dist": ("distance", None), "d": ("distance", None), "m": ("distance", "m"),
    "km": ("distance", "km"), "distance_m": ("distance", "m"), "distance_km": ("distance", "km"),
    "grade": ("grade", None), "incline": ("grade", "%"), "slope": ("grade", None),
    "-": ("", None), "t": ("", None), "time": ("", None), "ms": ("", None), "millis": ("", None),
}  # fmt: skip
_MOST = {"speed": FASTEST, "pace": 60.0, "cadence": MOST_STEPS, "distance": FARTHEST, "grade": STEEPEST}

_UNIT = r"[A-Za-z]+(?:/[A-Za-z]+)?|%"
_NUMBER = r"[-+]?\d+(?:\.\d*)?|[-+]?\.\d+"
_BARE = re.compile(rf"\s*({_NUMBER})\s*({_UNIT})?\s*\Z")
_NAMED = re.compile(rf"([A-Za-z_]\w*)\s*[:=]\s*({_NUMBER})(?![\w.])?\s*({_UNIT}(?!\w|\s*[:=]))?")
_OWN = b"PFPOD"


class PodDecoder:
    """A Decoder for lines of text.

    `unit` is that of numbers without one (default m/s; m in mode "distance"), `columns` names the cells of a line
    of numbers ("-" for one to skip; a list or one text with commas), `mode` says what a bare number is, and with
    "pulses" every line is one pulse of `metres_per_pulse`. Raises ValueError for an option it does not know.
    Faults: `unreadable`, `impossible`, `overlong`, `checksum`.
    """

    def __init__(
        self,
        source: str,
        unit: str | None = None,
        columns: str | Sequence[str] | None = None,
        mode: str = "speed",
        metres_per_pulse: float | None = None,
    ) -> None:
        self._source, self._mode = source, _known("mode", mode, MODES)
        self._unit = _known("unit", unit.lower(), _UNITS) if unit else None
        self._columns = _column_names(columns) if columns else []
        if (self._mode == "pulses") != (metres_per_pulse is not None):
            raise ValueError('mode = "pulses" and metres_per_pulse belong together: type metres_per_pulse = 1.05 for a wheel')
        if metres_per_pulse is not None and not 0 < metres_per_pulse <= 100:
            raise ValueError(f"metres_per_pulse = {metres_per_pulse} is not between 0 and 100")
        self._metres_per_pulse, self._pulses = metres_per_pulse or 0.0, 0
        self._faults: dict[str, int] = {}
        self._lines = Lines(self._faults)

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        strides: list[Sample] = []
        for line in self._lines.feed(data):
            values = self._read(line)
            if not values:
                count(self._faults, "unreadable")
            elif stride := self._stride(at, values):
                strides.append(stride)
        return strides

    def tick(self, at: float) -> list[Sample]:
        return []

    def _read(self, line: bytes) -> _Values:
        """What a line measures, as (what, number, unit); empty for one that is none of ours."""
        if self._mode == "pulses":
            self._pulses += 1
            return [("distance", self._pulses * self._metres_per_pulse, "m")]
        if b"$" + _OWN in line:
            return _own_sentence(line, self._faults)
        text = line.decode("utf-8", "replace").strip()
        if text.startswith("{"):
            return _json(text)
        if bare := _BARE.match(text):
            return [(self._mode, float(bare[1]), bare[2])] if not self._columns else []
        return self._cells(text) or _named(text)

    def _cells(self, text: str) -> _Values:
        cells = [cell.strip() for cell in re.split(r"[,;\t]", text)]
        if len(cells) < 2:
            return []
        if all(cell.lower() in _NAMES for cell in cells):
            self._columns = self._columns or [cell.lower() for cell in cells]
            return [("", 0.0, None)]
        if len(cells) != len(self._columns) or not all(_BARE.match(cell) for cell in cells if cell):
            return []
        return [_value(name, float(cell)) for name, cell in zip(self._columns, cells, strict=True) if cell]

    def _stride(self, at: float, values: _Values) -> Stride | None:
        measured: dict[str, float] = {}
        for what, number, unit in values:
            if not what:
                continue
            si = self._in_si(what, number, unit)
            if si is None:
                count(self._faults, "impossible")
            else:
                measured[si[0]] = si[1]
        return Stride(at, self._source, **measured) if measured else None

    def _in_si(self, what: str, number: float, unit: str | None) -> tuple[str, float] | None:
        """The field of Stride and its value; None where the unit does not fit or nobody runs like that."""
        if unit is None and what == "cadence":
            unit = "strides/min" if number <= ONE_FOOT else "spm"
        if unit is None and what == self._mode:
            unit = self._unit
        measures, size = _UNITS.get(unit.lower(), ("", 0.0)) if unit else (what, 1.0)
        value = number * size
        if measures == "pace" and what in ("speed", "pace"):
            what, value = "speed", 1 / value if value > 0 else 0.0
        elif measures != what:
            return None
        least = -STEEPEST if what == "grade" else 0.0
        return (what, value) if least <= value <= _MOST[what] else None


_Values = list[tuple[str, float, str | None]]


def _own_sentence(line: bytes, faults: dict[str, int]) -> _Values:
    for body in Sentences(faults).feed(line):
        cells = body.split(b",")
        if cells[0] == _OWN and len(cells) == 5:
            rows = zip(("speed", "cadence", "distance"), cells[2:], ("m/s", "strides/min", "m"), strict=True)
            return [
                (what, float(cell), unit) for what, cell, unit in rows if _BARE.match(cell.decode("ascii", "replace"))
            ]
    return []


def _json(text: str) -> _Values:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [
        _value(name, float(value))
        for name, value in values.items()
        if name.lower() in _NAMES and isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _named(text: str) -> _Values:
    return [
        (*_value(name, float(number))[:2], unit or _value(name, 0.0)[2])
        for name, number, unit in _NAMED.findall(text)
        if name.lower() in _NAMES
    ]


def _value(name: str, number: float) -> tuple[str, float, str | None]:
    what, unit = _NAMES[name.lower()]
    return what, number, unit


def _column_names(columns: str | Sequence[str]) -> list[str]:
    names = columns.split(",") if isinstance(columns, str) else columns
    return [_known("columns", name.strip().lower(), _NAMES) for name in names]


def _known(option: str, value: str, known: Mapping[str, object] | Sequence[str]) -> str:
    if value in known:
        return value
    near = get_close_matches(value, known, 1)
    raise ValueError(
        f'{option} = "{value}" is not known; ' + (f'did you mean "{near[0]}"?' if near else f"it is one of {', '.join(known)}")
    )
