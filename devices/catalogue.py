"""The catalogue: which kinds of device there are, and what is plugged in. A new kind is a row here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from devices.api import Decoder, Port, Unavailable


@dataclass(frozen=True, slots=True)
class Kind:
    """A row: the decoder ("module:name"), its options, what tells its bytes from noise, and the usual speeds."""

    decoder: str
    heard: str
    bauds: tuple[int, ...]
    options: tuple[str, ...] = ()
    fixed: tuple[tuple[str, Any], ...] = ()  # options that are ours to give, not the runner's


WRITTEN = 1767225600.0  # Unix time of 2026-01-01: no receiver that runs with this program can mean an earlier date

KINDS: dict[str, Kind | None] = {
    "nmea": Kind(
        "devices.nmea:NmeaDecoder",
        "devices.framing:has_sentence",
        (9600, 38400, 115200, 4800, 57600, 230400, 460800),
        fixed=(("not_before", WRITTEN),),
    ),
    "pod": Kind(
        "devices.pod:PodDecoder",
        "devices.framing:has_text",
        (115200, 9600, 57600, 38400, 19200),
        options=("unit", "columns", "mode", "metres_per_pulse"),
    ),
    "track": None,  # a recorded file in place of a device: devices.tracks reads it
}
_PORT_OPTIONS = ("port", "baud", "address")
_TRACK_OPTIONS = ("port", "rate")

_PLUGS: dict[tuple[int, int | None], tuple[str | None, str]] = {  # USB vendor, product or any -> kind, what it is
    (0x1546, None): ("nmea", "u-blox receiver"),
    (0x0E8D, 0x3329): ("nmea", "MediaTek receiver"),
    (0x067B, 0x2303): ("nmea", "PL2303 bridge, as in most GPS mice"),
    (0x2341, None): ("pod", "Arduino"),
    (0x2A03, None): ("pod", "Arduino"),
    (0x303A, None): ("pod", "Espressif board"),
    (0x2E8A, None): ("pod", "Raspberry Pi Pico"),
    (0x10C4, 0xEA60): (None, "CP210x bridge"),
    (0x0403, None): (None, "FTDI bridge"),
    (0x1A86, None): (None, "CH340 bridge"),
}


@dataclass(frozen=True, slots=True)
class Device:
    """A serial port that is plugged in; `kind` is None where its plug alone does not tell."""

    port: str
    description: str
    kind: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def decoder(kind: str, source: str, options: Mapping[str, Any]) -> Decoder:
    """A fresh decoder. Raises ValueError, with a suggestion, for a kind or an option that is not known."""
    row = _row(kind, options)
    given = {name: options[name] for name in row.options if options.get(name) is not None}
    return cast(Decoder, _load(row.decoder)(source, **given, **dict(row.fixed)))


def port(kind: str, options: Mapping[str, Any]) -> Port:
    """The port of a device, not yet opened. Raises ValueError as `decoder` does."""
    from devices.ports import SerialPort, TcpPort

    row = _row(kind, options)
    if address := options.get("address"):
        return TcpPort(address)
    wanted, baud = options.get("port") or "auto", options.get("baud") or "auto"
    bauds = row.bauds if baud == "auto" else _baud(baud)
    return SerialPort((lambda: _auto(kind)) if wanted == "auto" else wanted, bauds, _load(row.heard))


def plugged_in() -> list[Device]:
    """The USB serial ports, the recognised ones first."""
    from devices.ports import comports

    devices = [_device(each) for each in comports()]
    return sorted(devices, key=lambda device: (device.kind is None, device.port))


def trouble(kind: str, options: Mapping[str, Any]) -> str | None:
    """Why a run could not begin with this source now, and what to type; None when it could."""
    try:
        if kind == "track":
            return _track_trouble(options)
        decoder(kind, "check", options)
        probed = port(kind, options)
        probed.open()
        probed.close()
    except Unavailable as missing:
        return f"{missing}; {missing.hint}" if missing.hint else str(missing)
    except ValueError as wrong:
        return str(wrong)
    return None


def _row(kind: str, options: Mapping[str, Any]) -> Kind:
    if kind not in KINDS:
        raise ValueError(f'kind = "{kind}" is not known; {_suggestion(kind, KINDS)}')
    row = KINDS[kind]
    _check(kind, options, (*_PORT_OPTIONS, *row.options) if row else _TRACK_OPTIONS)
    if row is None:
        raise ValueError("a track is a file, not a device: it has neither a port nor a decoder")
    return row


def _check(kind: str, options: Mapping[str, Any], known: Iterable[str]) -> None:
    for name in options:
        if name not in known:
            raise ValueError(f"{name} is not an option of {kind}; {_suggestion(name, known)}")


def _suggestion(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return f"did you mean {near[0]}?" if near else f"it is one of {', '.join(known)}"


def _load(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def _baud(baud: Any) -> int:
    if not str(baud).isdecimal() or not 0 < int(baud) <= 4_000_000:
        raise ValueError(f'baud = {baud!r} is neither "auto" nor a speed such as 9600')
    return int(baud)


def _auto(kind: str) -> str:
    """The one port that can be meant; raises Unavailable when there is none, or more than one."""
    devices = plugged_in()
    likely = [device for device in devices if device.kind == kind] or [each for each in devices if each.kind is None]
    if len(likely) == 1:
        return likely[0].port
    if not likely:
        raise Unavailable(f"nothing is plugged in that looks like a {kind}", 'plug it in, or name its port: port = "/dev/ttyUSB0"')
    names = ", ".join(each.port for each in likely)
    raise Unavailable(f"more than one device could be the {kind}: {names}", f'name one: port = "{likely[0].port}"')


def _device(plugged: Any) -> Device:
    keys = ((plugged.vid, plugged.pid), (plugged.vid, None))
    kind, described = next((_PLUGS[key] for key in keys if key in _PLUGS), (None, "serial port"))
    product = plugged.product or plugged.description
    return Device(plugged.device, product if product and product != "n/a" else described, kind)


def _track_trouble(options: Mapping[str, Any]) -> str | None:
    _check("track", options, _TRACK_OPTIONS)
    path = options.get("port")
    if not path:
        return 'no file is named; type port = "run.gpx"'
    return None if Path(path).is_file() else f'{path} is not there; type port = and the path of a recorded track'
