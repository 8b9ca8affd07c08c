"""Home-made footpods and treadmill sensors on a serial line: each line of text is one Stride.

    3.21        11.6 km/h                         a number, with or without its unit
    speed=3.21 cad=86                             names and values
    Speed: 12.0 km/h, Cadence: 172 spm
    12345,3.21,86                                 columns, named in the config or by a first line of names
    {"speed": 3.21, "cadence": 172}               JSON
    1                                             mode "pulses": a short line is one turn of the wheel
    $PFPOD,12345,3.210,86,1023.4*46               our own: ms, m/s, strides/min, m, with NMEA's checksum

Anything else, such as messages of a board while it starts, is counted as `unreadable`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from devices.framing import Lines, Sentences, count
from devices.sample import Sample, Stride

MODES = ("speed", "distance", "pulses")  # the meaning of a number without a name
ONE_FOOT = 120.0  # counts/min: up to here a cadence without a unit means strides (one foot), above it steps
LONGEST_PULSE = 8  # characters: longer lines are something else

_MILE = 1609.344  # m
_LIMITS = {  # quantity, in the order of Stride -> plausible bounds in SI units and steps/min
    "speed": (0.0, 15.0),
    "cadence": (0.0, 400.0),
    "distance": (0.0, 1e6),
    "grade": (-1.0, 1.0),
}
_UNITS = {  # in lower case -> its quantity, and its size in our unit
    "m/s": ("speed", 1.0),
    "mps": ("speed", 1.0),
    "km/h": ("speed", 1 / 3.6),
    "kmh": ("speed", 1 / 3.6),
    "kph": ("speed", 1 / 3.6),
    "mph": ("speed", _MILE / 3600),
    "min/km": ("pace", 60 / 1000),
    "min/mi": ("pace", 60 / _MILE),
    "s/km": ("pace", 1 / 1000),
    "s/mi": ("pace", 1 / _MILE),
    "spm": ("cadence", 1.0),
    "steps/min": ("cadence", 1.0),
    "strides/min": ("cadence", 2.0),
    "rpm": ("cadence", 2.0),
    "cm": ("distance", 0.01),
    "m": ("distance", 1.0),
    "km": ("distance", 1000.0),
    "mi": ("distance", _MILE),
    "%": ("grade", 0.01),
}
_NAMES: dict[str, tuple[str, str | None]] = {  # name used by pods -> quantity, and the unit if the name implies one
    **dict.fromkeys(("speed", "spd", "v", "velocity"), ("speed", None)),
    **dict.fromkeys(("mps", "speed_mps", "speed_ms"), ("speed", "m/s")),
    **dict.fromkeys(("kmh", "kph", "speed_kmh", "speed_kph"), ("speed", "km/h")),
    **dict.fromkeys(("mph", "speed_mph"), ("speed", "mph")),
    "pace": ("speed", "min/km"),
    **dict.fromkeys(("cadence", "cad"), ("cadence", None)),
    **dict.fromkeys(("spm", "steps"), ("cadence", "spm")),
    **dict.fromkeys(("rpm", "strides"), ("cadence", "strides/min")),
    **dict.fromkeys(("distance", "dist", "odometer"), ("distance", None)),
    **dict.fromkeys(("m", "distance_m"), ("distance", "m")),
    **dict.fromkeys(("km", "distance_km"), ("distance", "km")),
    **dict.fromkeys(("grade", "slope"), ("grade", None)),
    "incline": ("grade", "%"),
    **dict.fromkeys(("-", "t", "time", "ms", "millis"), ("", None)),
}

_UNIT = r"[A-Za-z]+(?:/[A-Za-z]+)?|%"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_BARE = re.compile(rf"({_NUMBER})\s*({_UNIT})?\Z")
_NAMED = re.compile(rf"\b([A-Za-z_]\w*)\s*[:=]\s*({_NUMBER})(?![\w.:-]*[\d.:])(?:\s*({_UNIT})(?!\s*[:=\w/]))?")
_SEPARATOR = re.compile(r"\s*[,;\t]\s*")

_Value = tuple[str, float, str | None]  # quantity, number, unit


class PodDecoder:
    """A Decoder for lines of text.

    `unit` is that of numbers without one (default m/s, or m with mode "distance"); `columns` names the cells
    of a line of numbers, "-" one to skip; `mode` says what a bare number is; with "pulses" a line is a pulse
    of `metres_per_pulse`. Raises ValueError for what it does not know.
    Faults, in lines or values: `unreadable`, `impossible`, `overlong`, `checksum`, `noise` (bytes).
    """

    def __init__(
        self,
        source: str,
        unit: str | None = None,
        columns: str | Sequence[str] | None = None,
        mode: str = "speed",
        metres_per_pulse: float | None = None,
    ) -> None:
        self._source = source
        self._mode = _known("mode", mode, MODES)
        self._unit = _unit_for(self._mode, unit)
        self._columns = _column_names(columns)
        self._metres_per_pulse = _pulse_length(self._mode, metres_per_pulse)
        self._pulses = 0
        self._faults: dict[str, int] = {}
        self._lines = Lines(self._faults)

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        strides: list[Sample] = []
        for line in self._lines.feed(data):
            text = line.decode("utf-8", "replace").strip()
            values = self._read(text)
            if values is None:
                count(self._faults, "unreadable")
            elif measured := self._measured(values):
                told = [measured.get(name) for name in _LIMITS]
                strides.append(Stride(at, self._source, told[0], told[1], told[2], told[3]))
        return strides

    def tick(self, at: float) -> list[Sample]:
        return []

    def _read(self, text: str) -> list[_Value] | None:
        """The values in a line; None for a line that is not data, empty for a header."""
        if self._mode == "pulses":
            return self._pulse(text)
        if "$PFPOD" in text:
            return _own_sentence(text.encode(), self._faults)
        if text.startswith("{"):
            return _json(text)
        cells = _SEPARATOR.split(text)
        if len(cells) == 1 and not self._columns and (bare := _BARE.match(text)):
            return [(self._mode, float(bare[1]), bare[2])]
        if len(cells) > 1 and all(cell.lower() in _NAMES for cell in cells):
            self._columns = self._columns or [cell.lower() for cell in cells]
            return []
        row = self._row(cells)
        return _named(text) if row is None else row

    def _pulse(self, text: str) -> list[_Value] | None:
        if len(text) > LONGEST_PULSE:
            return None
        self._pulses += 1
        return [("distance", self._pulses * self._metres_per_pulse, "m")]

    def _row(self, cells: list[str]) -> list[_Value] | None:
        if len(cells) != len(self._columns):
            return None
        values: list[_Value] = []
        for name, cell in zip(self._columns, cells, strict=True):
            what, unit = _NAMES[name]
            number = _BARE.match(cell)
            if number and what:
                values.append((what, float(number[1]), number[2] or unit))
            elif cell and what:
                return None
        return values

    def _measured(self, values: list[_Value]) -> dict[str, float]:
        """The fields of a Stride, in its units."""
        measured: dict[str, float] = {}
        for what, number, unit in values:
            si = self._in_si(what, number, unit)
            least, most = _LIMITS[what]
            if si is not None and least <= si <= most:
                measured[what] = si
            else:
                count(self._faults, "impossible")
        return measured

    def _in_si(self, what: str, number: float, unit: str | None) -> float | None:
        """The number in our unit; None if the unit belongs to another quantity."""
        if unit is None and what == "cadence":
            unit = "strides/min" if number <= ONE_FOOT else "steps/min"
        elif unit is None and what == self._mode:
            unit = self._unit
        measures, size = _UNITS.get(unit.lower(), ("", 0.0)) if unit else (what, 1.0)
        if measures == "pace" and what == "speed":
            return 1 / (number * size) if number > 0 else 0.0
        return number * size if measures == what else None


def _own_sentence(line: bytes, faults: dict[str, int]) -> list[_Value] | None:
    for body in Sentences(faults).feed(line):
        name, *cells = body.decode("ascii").split(",")
        if name == "PFPOD" and len(cells) == 4:
            rows = zip(("speed", "cadence", "distance"), ("m/s", "strides/min", "m"), cells[1:], strict=True)
            return [(what, float(cell), unit) for what, unit, cell in rows if _BARE.fullmatch(cell)]
    return None


def _json(text: str) -> list[_Value] | None:
    try:
        values = json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return None
    known = [(*_NAMES[name.lower()], number) for name, number in values.items() if name.lower() in _NAMES]
    return [(what, number, unit) for what, unit, number in known if what and isinstance(number, float)] or None


def _named(text: str) -> list[_Value] | None:
    known = [(*_NAMES[name.lower()], number, unit) for name, number, unit in _NAMED.findall(text) if name.lower() in _NAMES]
    return [(what, float(number), said or unit) for what, unit, number, said in known if what] or None


# The options


def _unit_for(mode: str, unit: str | None) -> str | None:
    if unit is None:
        return None
    measures = "distance" if mode == "pulses" else mode
    fitting = [name for name, (what, _) in _UNITS.items() if what == measures or (what, measures) == ("pace", "speed")]
    return _known("unit", unit.lower(), fitting)


def _column_names(columns: str | Sequence[str] | None) -> list[str]:
    names = columns.split(",") if isinstance(columns, str) else columns or ()
    return [_known("columns", name.strip().lower(), _NAMES) for name in names]


def _pulse_length(mode: str, metres_per_pulse: float | None) -> float:
    if (mode == "pulses") != (metres_per_pulse is not None):
        raise ValueError('mode = "pulses" and metres_per_pulse need each other: for a wheel of 1.05 m circumference give both')
    if metres_per_pulse is not None and not 0 < metres_per_pulse <= 100:
        raise ValueError(f"metres_per_pulse = {metres_per_pulse} is not between 0 and 100")
    return metres_per_pulse or 0.0


def _known(option: str, value: str, known: Mapping[str, object] | Sequence[str]) -> str:
    if value in known:
        return value
    near = get_close_matches(value, known, 1)
    what_to_type = f'did you mean "{near[0]}"?' if near else f"it is one of {', '.join(known)}"
    raise ValueError(f'{option} = "{value}" is not known; {what_to_type}')
