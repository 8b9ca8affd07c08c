"""The catalogue: finds the decoder, port and talk of a kind, from its row in kinds.py or a plug-in; and what is plugged in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from devices.api import Decoder, LinkLost, Port, Talk, Unavailable, suggestion
from devices.kinds import KINDS, Kind, declared
from devices.options import Option, checked
from devices.plugins import DEVICES, plugins

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
_MEANT = {"nmea": ("nmea", "ublox"), "ant-heart": ("ant-footpod",)}  # kind in the config -> kinds of plugs it may refer to
_PROBED = (9600, 115200, 38400, 4800, 57600)  # baud rates to try on a generic USB bridge


@dataclass(frozen=True, slots=True)
class Device:
    """A serial port by USB or on a Raspberry Pi's pins; `kind` is None if neither its USB numbers nor its data identify it."""

    port: str
    description: str
    kind: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def options(self) -> dict[str, Any]:
        """The options that a source in the config needs to refer to it."""
        return {"address" if self.kind == "gpsd" else "port": self.port}


def kinds() -> tuple[str, ...]:
    """The names of all kinds, ours first."""
    return (*KINDS, *(name for name in sorted(plugins(DEVICES)) if name not in KINDS))


def options(kind: str) -> tuple[Option, ...]:
    """The config options of this kind. Raises ValueError with a suggestion for an unknown kind."""
    return declared(_found(kind))


def decoder(kind: str, source: str, given: Mapping[str, Any]) -> Decoder:
    """A new decoder. Raises ValueError with a suggestion for an unknown kind or option."""
    row, chosen = _chosen(kind, given)
    return cast(Decoder, _load(row.decoder)(source, **_of(chosen, row.options), **dict(row.given)))


def port(kind: str, given: Mapping[str, Any]) -> Port:
    """The port of a device, not yet open. Raises ValueError as `decoder` does."""
    from devices import network
    from devices.ports import SerialPort

    row, chosen = _chosen(kind, given)
    address = chosen.get("address") or row.address
    if row.port:
        return cast(Port, _load(row.port)(address))
    if address and not row.bauds and "://:" in address:
        raise ValueError(f'address = "{address}" waits for a sender, but kind = "{kind}" must be asked: give "host:port"')
    if address:
        return network.port(address)
    path, baud = chosen.get("port") or "auto", chosen.get("baud", "auto")
    bauds = row.bauds if baud == "auto" else (baud,)
    return SerialPort((lambda: _only(kind)) if path == "auto" else path, bauds, _load(row.heard))


def talk(kind: str, given: Mapping[str, Any]) -> Talk | None:
    """The Talk that the device needs; None if it needs none. Raises ValueError as `decoder` does."""
    row, chosen = _chosen(kind, given)
    return cast(Talk, _load(row.talk)(**_of(chosen, row.told))) if row.talk else None


def check(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options converted to their types. Raises ValueError with a hint for an invalid one; opens nothing."""
    chosen = checked(kind, given, options(kind))
    if kind == "track":
        if not chosen.get("port"):
            raise ValueError('a track needs a file, such as port = "run.gpx"')
        return chosen
    try:
        decoder(kind, "check", chosen)
        talk(kind, chosen)
        port(kind, chosen)
    except ValueError:
        raise
    except Exception as bug:
        if kind in KINDS:
            raise
        raise plugins(DEVICES)[kind].broken(f"{type(bug).__name__}: {bug}") from bug
    return chosen


def plugged_in() -> list[Device]:
    """The USB serial ports and a Raspberry Pi's pins, known kinds first.

    Listens for some seconds to those whose USB numbers tell nothing.
    """
    from devices.ports import PINS, comports

    devices = [_device(each) for each in comports()]
    devices += [_pins(PINS)] if Path(PINS).exists() else []
    return sorted(devices, key=lambda device: (device.kind is None, device.port))


ROLES = {"footpod": ("ant-footpod", "pod"), "gps": ("ublox", "nmea", "gpsd")}  # the best first


def best() -> dict[str, Device]:
    """A footpod and a receiver, if any can be opened, in the order of ROLES.

    A receiver that gpsd uses is read through gpsd. Bluetooth is not searched, because there are many other people's pods.
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
    """Why a run could not begin with this source now, and what to do; None if it could."""
    try:
        check(kind, options)
        if kind == "track":
            path = options["port"]
            return None if Path(path).is_file() else f"{path} does not exist; name a recorded track: port = ..."
        tried = port(kind, options)
        tried.open()
        tried.close()
    except Unavailable as missing:
        return f"{missing}; {missing.hint}" if missing.hint else str(missing)
    except ValueError as wrong:
        return str(wrong)
    return None


def _found(kind: str) -> Kind | None:
    """The row of a kind, ours or a plug-in's; None for a track. Raises ValueError with a suggestion for an unknown one."""
    if kind in KINDS:
        return KINDS[kind]
    plugin = plugins(DEVICES).get(kind)
    if plugin is None:
        raise ValueError(f'kind = "{kind}" is not known; {suggestion(kind, kinds())}')
    row = plugin.load()
    if not isinstance(row, Kind):
        raise plugin.broken(f"{plugin.entry.value} is not a devices.kinds.Kind")
    return row


def _chosen(kind: str, given: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
    row = _found(kind)
    if row is None:
        raise ValueError(f"a {kind} is a file: it has no decoder or port")
    return row, checked(kind, given, declared(row))


def _of(chosen: Mapping[str, Any], part: tuple[Option, ...]) -> dict[str, Any]:
    return {option.name: chosen[option.name] for option in part if option.name in chosen}


def _load(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def _only(kind: str) -> str:
    """The only port of this kind. Raises Unavailable if there is none or more than one."""
    found = plugged_in()
    likely = [device for device in found if device.kind in _MEANT.get(kind, (kind,))] or [
        each for each in found if each.kind is None
    ]
    if not likely:
        hint = 'plug it in, or name its port in the config: port = "/dev/ttyUSB0"'
        raise Unavailable(f"nothing is plugged in that looks like a device of kind {kind}", hint)
    if len(likely) > 1:
        names = ", ".join(device.port for device in likely)
        raise Unavailable(f"several devices match: {names}", f'choose one: port = "{likely[0].port}"')
    return likely[0].port


def _pins(path: str) -> Device:
    from devices.holders import login_prompt

    if (prompt := login_prompt(path)) is not None:
        return Device(path, f"serial pins, in use by a login prompt; {prompt.hint}", None)
    return Device(path, "serial pins, for a receiver without USB", _listened_to(path))


def _device(plugged: Any) -> Device:
    plugs = ((plugged.vid, plugged.pid), (plugged.vid, None))
    known = next((_PLUGS[plug] for plug in plugs if plug in _PLUGS), None)
    kind, described = known or (None, "serial port")
    if known and kind is None:
        kind = _listened_to(plugged.device)
    return Device(plugged.device, plugged.product or described, kind)


def _listened_to(path: str) -> str | None:
    """The kind of device behind a USB bridge, from its data; None if it is unknown or another program has the port."""
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
        pass  # it stays unknown, and has to be named in the config
    finally:
        bridge.close()
    return None


def _strides_in(data: bytes) -> bool:
    _, _, whole_lines = data.partition(b"\n")
    return bool(decoder("pod", "probe", {}).feed(0.0, whole_lines))
