"""The table of device kinds: one row each, with everything about the kind but its code. Add new kinds here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devices.options import Option

WRITTEN = 1767225600.0  # 2026-01-01: a receiver that reports an earlier date has a week rollover


@dataclass(frozen=True, slots=True)
class Kind:
    """A row. `decoder` is "module:name", loaded when used; `heard` tells whether the baud rate is right."""

    decoder: str
    heard: str = ""  # serial ports only: "module:function"
    bauds: tuple[int, ...] = ()  # baud rates, the likeliest first; empty for devices that are not serial
    address: str = ""  # the default address on the network
    port: str = ""  # "module:name" of its own port class, which takes the address
    talk: str = ""  # "module:name" of its Talk
    told: tuple[Option, ...] = ()  # config options of the Talk
    options: tuple[Option, ...] = ()  # config options of the decoder
    given: tuple[tuple[str, Any], ...] = ()  # fixed arguments of the decoder


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
            Option("model", str, "the motion model", choices=("pedestrian", "wrist")),
        ),
        given=(("not_before", WRITTEN),),
    ),
    "gpsd": Kind(
        decoder="devices.gpsd:GpsdDecoder",
        address="localhost:2947",
        talk="devices.gpsd:GpsdTalk",
        given=(("not_before", WRITTEN),),
    ),
    "phone": Kind(  # an app that relays the phone's receiver
        decoder="devices.nmea:NmeaDecoder",
        port="devices.network:port",
        address="udp://:29998",
        given=(("not_before", WRITTEN),),
    ),
    "ant-footpod": Kind(  # and the strap: one stick receives both
        decoder="devices.ant:AntDecoder",
        heard="devices.ant:has_message",
        bauds=(115200,),
        talk="devices.ant_setup:AntSetup",
        told=(Option("device", int, "the device's number; without it, the first one heard", least=1, most=65_535),),
    ),
    "ant-heart": Kind(
        decoder="devices.ant:AntDecoder",
        heard="devices.ant:has_message",
        bauds=(115200,),
        talk="devices.ant_setup:HeartSetup",
        told=(Option("device", int, "the device's number; without it, the first one heard", least=1, most=65_535),),
    ),
    "ble-footpod": Kind(
        decoder="devices.gatt:GattDecoder",
        port="devices.ble:footpod",
        options=(Option("cadence", str, "what the device counts", choices=("auto", "strides", "steps"), default="auto"),),
    ),
    "ble-treadmill": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:treadmill"),
    "ble-heart": Kind(decoder="devices.gatt:GattDecoder", port="devices.ble:heart"),
    "pod": Kind(
        decoder="devices.pod:PodDecoder",
        heard="devices.framing:has_text",
        bauds=(115200, 9600, 57600, 38400, 19200),
        options=(
            Option("unit", str, "the unit of bare numbers: m/s km/h mph min/km min/mi; m or km for distances"),
            Option("columns", list, "the columns of comma-separated lines without a header"),
            Option("mode", str, "what a bare number is", choices=("speed", "distance", "pulses"), default="speed"),
            Option("metres_per_pulse", float, 'with mode = "pulses": the metres per line, one line per turn of the wheel'),
        ),
    ),
    "track": None,  # a recorded file, read by devices.tracks
}
ADDRESS = Option(
    "address", str, 'the network ("localhost:4001", "udp://:29998") or Bluetooth address of the device, instead of a port'
)
OF_PORT = (
    Option("port", str, 'a path, "auto", or USB numbers: "usb:1546:01a8"', default="auto"),
    Option("baud", int, "bits a second, such as 9600", least=1, most=4_000_000, choices=("auto",), default="auto"),
    ADDRESS,
)
OF_TRACK = (
    Option("port", str, "the recorded file"),
    Option("rate", float, "times real time", least=0.01, most=10_000, default=1.0),
)


def declared(row: Kind | None) -> tuple[Option, ...]:
    """All options of a kind, those of its port first; None stands for a track."""
    if row is None:
        return OF_TRACK
    return (*(OF_PORT if row.bauds else (ADDRESS,)), *row.options, *row.told)
