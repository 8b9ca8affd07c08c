"""The catalogue: kinds, what is plugged in, and troubles told in one line with what to type."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from devices import catalogue, ports
from devices.api import Unavailable
from devices.catalogue import Device
from devices.framing import sentence
from devices.kinds import KINDS
from devices.network import TcpPort
from devices.nmea import NmeaDecoder
from devices.options import Option
from devices.pod import PodDecoder
from devices.ports import SerialPort
from tests.conftest import ROOT
from tests.devices.fakes import plugged_in, repeating


def plug(port: str, vid: int, pid: int, product: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(device=port, vid=vid, pid=pid, product=product, serial_number=None)


def test_a_kind_gives_its_decoder_and_its_port() -> None:
    assert isinstance(catalogue.decoder("nmea", "gps", {"port": "auto", "baud": "auto"}), NmeaDecoder)
    assert isinstance(catalogue.decoder("pod", "pod", {"unit": "km/h", "columns": None}), PodDecoder)
    assert isinstance(catalogue.port("nmea", {"port": "/dev/ttyACM0", "baud": 9600}), SerialPort)
    assert isinstance(catalogue.port("nmea", {"address": "phone:10110"}), TcpPort)


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        ("nema", {}, 'did you mean "nmea"'),
        ("zigbee-footpod", {"x": 1}, "ble-footpod"),
        ("ublox", {"model": "bike"}, "one of pedestrian, wrist"),
        ("ublox", {"rate": 50.0}, "1 to 10 fixes a second"),
        ("ant-footpod", {"device": 70000}, "1 to 65535"),
        ("gpsd", {"port": "/dev/ttyACM0"}, 'not an option of kind = "gpsd"'),
        ("gpsd", {"address": "localhost:1"}, "does not answer"),
        ("nmea", {"prot": "auto"}, 'did you mean "port"'),
        ("nmea", {"unit": "km/h"}, 'not an option of kind = "nmea"'),
        ("nmea", {"baud": "fast"}, "such as 9600"),
        ("nmea", {"baud": -9600}, "such as 9600"),
        ("nmea", {"port": "usb:gps"}, "usb:1546:01a8"),
        ("nmea", {"address": "phone"}, "host:port"),
        ("phone", {"address": "udp://phone:29998"}, 'the phone sends to us: "udp://:29998"'),
        ("gpsd", {"address": "udp://:2947"}, "must be asked"),
        ("pod", {"metre_per_pulse": 1.0}, 'did you mean "metres_per_pulse"'),
        ("pod", {"mode": "puls"}, 'did you mean "pulses"'),
        ("track", {"rates": 2}, 'did you mean "rate"'),
        ("track", {}, 'port = "run.gpx"'),
        ("track", {"port": "absent.gpx"}, "absent.gpx does not exist"),
        ("nmea", {"port": "/dev/absent"}, "/dev/absent is not there; plug the device in"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_before_the_run(kind: str, options: dict[str, Any], told: str) -> None:
    trouble = catalogue.trouble(kind, options)
    assert trouble is not None
    assert told in trouble
    assert "\n" not in trouble


def test_mistakes_are_value_errors() -> None:
    for call in (
        lambda: catalogue.decoder("nema", "gps", {}),
        lambda: catalogue.port("nmea", {"prot": "auto"}),
    ):
        with pytest.raises(ValueError, match="did you mean"):
            call()
    with pytest.raises(ValueError, match="is a file"):
        catalogue.port("track", {"port": "run.gpx"})


def test_a_track_that_is_there_is_no_trouble(tmp_path: Path) -> None:
    track = tmp_path / "run.gpx"
    track.touch()
    assert catalogue.trouble("track", {"port": str(track), "rate": 2.0}) is None


@pytest.mark.edge
def test_a_port_that_can_be_opened_is_no_trouble() -> None:
    with plugged_in() as receiver:
        assert catalogue.trouble("nmea", {"port": receiver.path}) is None


def test_what_is_plugged_in_is_named_the_known_first(monkeypatch: pytest.MonkeyPatch) -> None:
    plugs = [
        plug("/dev/ttyS9", 0x9999, 1),
        plug("/dev/ttyACM1", 0x2341, 0x43),
        plug("/dev/ttyACM0", 0x1546, 0x01A8, "u-blox 8"),
    ]
    monkeypatch.setattr(ports, "comports", lambda: plugs)
    assert catalogue.plugged_in() == [
        Device("/dev/ttyACM0", "u-blox 8", "ublox"),
        Device("/dev/ttyACM1", "Arduino", "pod"),
        Device("/dev/ttyS9", "serial port", None),
    ]
    assert catalogue.plugged_in()[0].as_dict() == {
        "port": "/dev/ttyACM0",
        "description": "u-blox 8",
        "kind": "ublox",
    }


@pytest.mark.edge
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (sentence(b"GPTXT,01,01,02,ANTSTATUS=OK"), "nmea"),
        (b"speed=3.21 cad=86\r\n", "pod"),
        (b"hello, I am a printer\r\n", None),
        (b"\x95\x13\xf7", None),
    ],
)
def test_a_bridge_that_may_be_anything_is_listened_to(said: bytes, kind: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "LISTEN", 5.0 if kind else 0.1)  # s
    with plugged_in() as device:
        monkeypatch.setattr(ports, "comports", lambda: [plug(device.path, 0x10C4, 0xEA60)])
        with repeating(lambda: device.send(said)):
            assert [each.kind for each in catalogue.plugged_in()] == [kind]


@pytest.mark.edge
def test_auto_opens_the_one_that_can_be_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    with plugged_in() as receiver, plugged_in() as pod, plugged_in() as second:
        gps, arduino = plug(receiver.path, 0x1546, 0x01A8), plug(pod.path, 0x2341, 0x43)
        monkeypatch.setattr(ports, "comports", lambda: [arduino, gps])
        port = catalogue.port("nmea", {"port": "auto"})
        port.open()
        port.close()
        assert port.name == receiver.path
        monkeypatch.setattr(ports, "comports", lambda: [gps, plug(second.path, 0x1546, 0x01A7)])
        with pytest.raises(Unavailable, match="several") as refused:
            catalogue.port("nmea", {}).open()
        assert f'port = "{receiver.path}"' in refused.value.hint
        monkeypatch.setattr(ports, "comports", lambda: [arduino])
        assert "nothing is plugged in" in (catalogue.trouble("nmea", {}) or "")


def test_a_driver_is_imported_when_it_is_used() -> None:
    early = "set(sys.modules) & {'serial', 'devices.nmea', 'devices.pod', 'devices.ports'}"
    program = f"import sys; from devices import catalogue; print(sorted({early}))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


INWARD = ("source", "channels", "clock", "not_before")  # arguments that no config decides


def declarations() -> dict[str, dict[str, Option]]:
    """For each driver, by its "module:name", the options that rows declare for it."""
    found: dict[str, dict[str, Option]] = {}
    for row in filter(None, KINDS.values()):
        for where, options in ((row.decoder, row.options), (row.talk, row.told)):
            found.setdefault(where, {}).update({option.name: option for option in options})
    found.pop("")
    return found


@pytest.mark.parametrize("where", sorted(declarations()))
def test_every_row_has_its_driver(where: str) -> None:
    module, _, name = where.partition(":")
    file = f"{module.replace('.', '/')}.py"
    assert (ROOT / file).exists(), f"devices/kinds.py: KINDS names {where}: add {file}, as devices/pod.py has it"
    assert hasattr(import_module(module), name), f"{file}: add a class {name}, which devices/kinds.py names"


@pytest.mark.parametrize(("where", "options"), declarations().items())
def test_rows_declare_what_a_driver_takes(where: str, options: dict[str, Option]) -> None:
    """Every option is an argument of the code it is for, with the same default; and the other way round."""
    module, _, name = where.partition(":")
    taken = inspect.signature(getattr(import_module(module), name)).parameters
    undeclared = set(taken) - set(options) - set(INWARD)
    assert not undeclared, f"devices/kinds.py: KINDS: the row of {where} needs an Option for {', '.join(sorted(undeclared))}"
    for option in options.values():
        assert option.name in taken, f"{module.replace('.', '/')}.py: {name}: takes no {option.name}, which its row declares"
        assert taken[option.name].default == option.default, f"devices/kinds.py: {option.name}: another default than {where}"
        assert option.what, f"devices/kinds.py: {option.name}: say what it is"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rate": "fast"}, 'rate = "fast" is not a number: 1 to 10 fixes a second'),
        ({"rate": True}, "rate = True is not a number: 1 to 10 fixes a second"),
        ({"rate": 0.5}, "rate = 0.5 is out of bounds: 1 to 10 fixes a second"),
        ({"model": 3}, "model = 3 is not a text"),
        ({"model": "wirst"}, 'model = "wirst" is not known; did you mean "wrist"?'),
        ({"baud": 9600.5}, "baud = 9600.5 is not a whole number"),
        ({"baud": "fast"}, 'baud = "fast" is not a whole number or "auto": 1 to 4000000 bits a second, such as 9600'),
    ],
)
def test_an_option_is_what_its_row_declares(options: dict[str, Any], told: str) -> None:
    assert catalogue.trouble("ublox", options) == told


def test_options_come_in_their_own_types_and_in_the_order_of_the_row() -> None:
    assert list(catalogue.check("ublox", {"model": "wrist", "rate": 5, "port": "auto", "baud": 9600}).items()) == [
        ("port", "auto"), ("baud", 9600), ("rate", 5.0), ("model", "wrist"),
    ]  # fmt: skip
