"""The kinds of device there are: a row each, with all that is to be known of it but the code. A new kind is a row here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devices.options import Option

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
    told: tuple[Option, ...] = ()  # options of that, for the config
    options: tuple[Option, ...] = ()  # of the decoder, for the config
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
        told=(
            Option("rate", float, "fixes a second", least=1, most=10),
            Option("model", str, "how it moves", choices=("pedestrian", "wrist")),
        ),
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
        told=(Option("device", int, "as the device's number; without one the first heard", least=1, most=65_535),),
    ),
    "ant-heart": Kind(
        decoder="devices.ant:AntDecoder",
        heard="devices.ant:has_message",
        bauds=(115200,),
        talk="devices.ant_setup:HeartSetup",
        told=(Option("device", int, "as the device's number; without one the first heard", least=1, most=65_535),),
    ),
    "ble-footpod": Kind(
        decoder="devices.gatt:GattDecoder",
        port="devices.ble:footpod",
        options=(Option("cadence", str, "what it counts", choices=("auto", "strides", "steps"), default="auto"),),
    ),
    "ble-treadmill": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:treadmill"),
    "ble-heart": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:heart"),
    "pod": Kind(
        decoder="devices.pod:PodDecoder",
        heard="devices.framing:has_text",
        bauds=(115200, 9600, 57600, 38400, 19200),
        options=(
            Option("unit", str, "of bare numbers: m/s km/h mph min/km min/mi; m or km for distances"),
            Option("columns", list, "of comma-separated lines without a header"),
            Option("mode", str, "what a bare number is", choices=("speed", "distance", "pulses"), default="speed"),
            Option("metres_per_pulse", float, 'with mode = "pulses": one line, one turn of the wheel'),
        ),
    ),
    "track": None,  # a recorded file, read by devices.tracks
}
ADDRESS = Option("address", str, 'of the device on the network ("localhost:4001") or on the air, instead of a port')
OF_PORT = (
    Option("port", str, 'a path, "auto", or USB numbers: "usb:1546:01a8"', default="auto"),
    Option("baud", int, "bits a second, such as 9600", least=1, most=4_000_000, choices=("auto",), default="auto"),
    ADDRESS,
)
OF_TRACK = (
    Option("port", str, "the recorded file"),
    Option("rate", float, "times faster than life", least=0.01, most=10_000, default=1.0),
)


def declared(row: Kind | None) -> tuple[Option, ...]:
    """All options of a kind, those of its port first; of a track where there is no row."""
    if row is None:
        return OF_TRACK
    return (*(OF_PORT if row.bauds else (ADDRESS,)), *row.options, *row.told)
