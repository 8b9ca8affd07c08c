"""The catalogue: which kinds of device there are, and what is plugged in. A new kind is a row here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from devices.api import Decoder, LinkLost, Port, Talk, Unavailable

WRITTEN = 1767225600.0  # 2026-01-01: a receiver that runs with this program means no earlier date


@dataclass(frozen=True, slots=True)
class Kind:
    """A row. `decoder` is "module:name", loaded when used; `heard` tells whether the speed is right."""

    decoder: str
    heard: str = ""  # of a serial port
    bauds: tuple[int, ...] = ()  # the likeliest first; without any it is no serial device
    address: str = ""  # of a TCP server, when none is given
    port: str = ""  # a port of its own, "module:name", for the address given
    talk: str = ""  # what the device must be told
    told: tuple[str, ...] = ()  # options of that, for the config
    options: tuple[str, ...] = ()  # of the decoder, for the config
    given: tuple[tuple[str, Any], ...] = ()  # of the decoder, not for the config


KINDS: dict[str, Kind | None] = {
    "nmea": Kind(
        decoder="devices.nmea:NmeaDecoder",
        heard="devices.framing:has_sentence",
        bauds=(9600, 38400, 115200, 4800, 57600, 230400, 460800),
        given=(("not_before", WRITTEN),),
    ),
    "ublox": Kind(
        decoder="devices.ublox:UbloxDecoder",
        heard="devices.ublox:has_solution",
        bauds=(9600, 38400, 115200, 57600, 230400, 460800),
        talk="devices.ublox_setup:UbloxSetup",
        told=("rate", "model"),
        given=(("not_before", WRITTEN),),
    ),
    "gpsd": Kind(
        decoder="devices.gpsd:GpsdDecoder",
        address="localhost:2947",
        talk="devices.gpsd:GpsdTalk",
        given=(("not_before", WRITTEN),),
    ),
    "ant-footpod": Kind(  # and the strap: one stick hears both
        decoder="devices.ant:AntDecoder",
        heard="devices.ant:has_message",
        bauds=(115200,),
        talk="devices.ant_setup:AntSetup",
        told=("device",),
    ),
    "ant-heart": Kind(
        decoder="devices.ant:AntDecoder",
        heard="devices.ant:has_message",
        bauds=(115200,),
        talk="devices.ant_setup:HeartSetup",
        told=("device",),
    ),
    "ble-footpod": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:footpod", options=("cadence",)),
    "ble-treadmill": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:treadmill"),
    "ble-heart": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:heart"),
    "pod": Kind(
        decoder="devices.pod:PodDecoder",
        heard="devices.framing:has_text",
        bauds=(115200, 9600, 57600, 38400, 19200),
        options=("unit", "columns", "mode", "metres_per_pulse"),
    ),
    "track": None,  # a recorded file, read by devices.tracks
}
_PORT_OPTIONS = ("port", "baud", "address")
_TRACK_OPTIONS = ("port", "rate")
_UNNAMED = 'no file is named; type for example port = "run.gpx"'

_PLUGS: dict[tuple[int, int | None], tuple[str | None, str]] = {  # USB vendor, product or any -> kind, what it is
    (0x1546, None): ("ublox", "u-blox receiver"),
    (0x0FCF, None): ("ant-footpod", "ANT stick"),
    (0x0E8D, 0x3329): ("nmea", "MediaTek receiver"),
    (0x067B, 0x2303): ("nmea", "PL2303, as in most GPS mice"),
    (0x2341, None): ("pod", "Arduino"),
    (0x2A03, None): ("pod", "Arduino"),
    (0x303A, None): ("pod", "Espressif board"),
    (0x2E8A, None): ("pod", "Raspberry Pi Pico"),
    (0x10C4, 0xEA60): (None, "CP210x bridge"),
    (0x0403, None): (None, "FTDI bridge"),
    (0x1A86, None): (None, "CH340 bridge"),
}
_MEANT = {"nmea": ("nmea", "ublox"), "ant-heart": ("ant-footpod",)}  # kinds of plugs that may be meant by another kind
_PROBED = (9600, 115200, 38400, 4800, 57600)  # speeds at which a bridge that may be anything is listened to


@dataclass(frozen=True, slots=True)
class Device:
    """A USB serial port; `kind` is None where neither its plug nor what it sends tells."""

    port: str
    description: str
    kind: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def options(self) -> dict[str, Any]:
        """What a source in the config would say to mean it."""
        return {"address" if self.kind == "gpsd" else "port": self.port}


def decoder(kind: str, source: str, options: Mapping[str, Any]) -> Decoder:
    """A fresh decoder. Raises ValueError, with a suggestion, for a kind or an option that is not known."""
    row = _row(kind, options)
    chosen = {name: options[name] for name in row.options if options.get(name) is not None}
    return cast(Decoder, _load(row.decoder)(source, **chosen, **dict(row.given)))


def port(kind: str, options: Mapping[str, Any]) -> Port:
    """The port of a device, not opened yet. Raises ValueError as `decoder` does."""
    from devices.ports import SerialPort, TcpPort

    row = _row(kind, options)
    address = options.get("address") or row.address
    if row.port:
        return cast(Port, _load(row.port)(address))
    if address:
        return TcpPort(address)
    path = options.get("port") or "auto"
    return SerialPort((lambda: _only(kind)) if path == "auto" else path, _bauds(row, options), _load(row.heard))


def talk(kind: str, options: Mapping[str, Any]) -> Talk | None:
    """What the device must be told, where it must. Raises ValueError as `decoder` does."""
    row = _row(kind, options)
    chosen = {name: options[name] for name in row.told if options.get(name) is not None}
    return cast(Talk, _load(row.talk)(**chosen)) if row.talk else None


def check(kind: str, options: Mapping[str, Any]) -> None:
    """Raises ValueError, with what to type, for a kind or an option that cannot be meant; opens nothing."""
    if kind == "track":
        _only_known(kind, options, _TRACK_OPTIONS)
        if not options.get("port"):
            raise ValueError(_UNNAMED)
        return
    decoder(kind, "check", options)
    talk(kind, options)
    port(kind, options)


def plugged_in() -> list[Device]:
    """The USB serial ports, the known kinds first. Listens some seconds where the plug does not tell."""
    from devices.ports import comports

    devices = [_device(each) for each in comports()]
    return sorted(devices, key=lambda device: (device.kind is None, device.port))


ROLES = {"footpod": ("ant-footpod", "pod"), "gps": ("ublox", "nmea", "gpsd")}  # the best first


def best() -> dict[str, Device]:
    """A footpod and a receiver, as far as there are any that can be opened: the order is that of ROLES.

    A receiver that gpsd holds is heard through gpsd. Bluetooth is not searched: the air is full of other people's pods.
    """
    devices = [*plugged_in(), Device("localhost:2947", "gpsd", "gpsd")]
    chosen: dict[str, Device] = {}
    for role, kinds in ROLES.items():
        fit = sorted((each for each in devices if each.kind in kinds), key=lambda each: kinds.index(each.kind or ""))
        usable = (each for each in fit if trouble(each.kind or "", each.options()) is None)
        if (device := next(usable, None)) is not None:
            chosen[role] = device
    return chosen


def trouble(kind: str, options: Mapping[str, Any]) -> str | None:
    """Why a run could not begin with this source now, and what to type; None when it could."""
    try:
        check(kind, options)
        if kind == "track":
            path = options["port"]
            return None if Path(path).is_file() else f"{path} is not there; name a recorded track: port = ..."
        tried = port(kind, options)
        tried.open()
        tried.close()
    except Unavailable as missing:
        return f"{missing}; {missing.hint}" if missing.hint else str(missing)
    except ValueError as wrong:
        return str(wrong)
    return None


def _row(kind: str, options: Mapping[str, Any]) -> Kind:
    if kind not in KINDS:
        raise ValueError(f'kind = "{kind}" is not known; {_suggestion(kind, KINDS)}')
    row = KINDS[kind]
    if row is None:
        raise ValueError(f"a {kind} is a file, not a device: it has neither a decoder nor a port")
    of_port = _PORT_OPTIONS if row.bauds else ("address",)
    _only_known(kind, options, (*of_port, *row.options, *row.told))
    return row


def _only_known(kind: str, options: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name, value in options.items():
        if name not in known and value is not None:
            raise ValueError(f'"{name}" is not an option of kind = "{kind}"; {_suggestion(name, known)}')


def _suggestion(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return f'did you mean "{near[0]}"?' if near else f"it is one of {', '.join(known)}"


def _load(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def _bauds(row: Kind, options: Mapping[str, Any]) -> tuple[int, ...]:
    baud = options.get("baud") or "auto"
    if baud == "auto":
        return row.bauds
    if not str(baud).isdecimal() or not 0 < int(baud) <= 4_000_000:
        raise ValueError(f'baud = "{baud}" is neither "auto" nor a speed such as 9600')
    return (int(baud),)


def _only(kind: str) -> str:
    """The one port that can be meant; raises Unavailable when there is none, or more than one."""
    found = plugged_in()
    likely = [device for device in found if device.kind in _MEANT.get(kind, (kind,))] or [
        each for each in found if each.kind is None
    ]
    if not likely:
        hint = 'plug it in, or name its port in the config: port = "/dev/ttyUSB0"'
        raise Unavailable(f"nothing is plugged in that looks like a device of kind {kind}", hint)
    if len(likely) > 1:
        names = ", ".join(device.port for device in likely)
        raise Unavailable(f"several devices may be meant: {names}", f'name one: port = "{likely[0].port}"')
    return likely[0].port


def _device(plugged: Any) -> Device:
    plugs = ((plugged.vid, plugged.pid), (plugged.vid, None))
    known = next((_PLUGS[plug] for plug in plugs if plug in _PLUGS), None)
    kind, described = known or (None, "serial port")
    if known and kind is None:
        kind = _listened_to(plugged.device)
    return Device(plugged.device, plugged.product or described, kind)


def _listened_to(path: str) -> str | None:
    """The kind whose words a bridge brings; None when it brings none, or another program has it."""
    from devices.framing import has_sentence
    from devices.ports import LISTEN, SerialPort

    said: dict[str, Callable[[bytes], bool]] = {"nmea": has_sentence, "pod": _strides_in}
    bridge = SerialPort(path, _PROBED, lambda data: any(heard(data) for heard in said.values()))
    until = time.monotonic() + LISTEN * (len(_PROBED) + 0.5)
    try:
        bridge.open()
        while time.monotonic() < until:
            if data := bridge.read():
                return next(kind for kind, heard in said.items() if heard(data))
    except (Unavailable, LinkLost):
        pass  # then it cannot be told, and the runner names it in the config
    finally:
        bridge.close()
    return None


def _strides_in(data: bytes) -> bool:
    _, _, whole_lines = data.partition(b"\n")
    return bool(decoder("pod", "probe", {}).feed(0.0, whole_lines))
