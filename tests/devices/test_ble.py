"""Bluetooth through bleak's own API, against bumble peripherals on a radio without air."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("bumble", reason="bumble is not installed: pip install bumble")
pytest.importorskip("bleak", reason="bleak is not installed")

from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.gatt import Characteristic, Service

from devices import ble
from devices.api import LinkLost, Unavailable
from devices.ble import BlePort, on_air
from devices.gatt import BATTERY, HEART, RSC, SERVICES, TREADMILL, GattDecoder
from devices.reader import Reader
from devices.sample import Battery, Pulse, Sample, Stride
from tests.devices.fakes import Arrivals, repeating
from tests.devices.radio import Radio

pytestmark = pytest.mark.edge
RUNNING = bytes.fromhex("070003586900e8030000")  # 3.00 m/s, 88 strides a minute, 100.0 m
BELT = bytes.fromhex("0c00b0045901000f00ff7f")  # 12.00 km/h, 345 m, 1.5 %
BEAT = bytes.fromhex("16979701")  # 151 a minute
INSUFFICIENT_AUTHENTICATION = 5  # an error code of the attribute protocol


@pytest.fixture(scope="module")
def radio() -> Iterator[Radio]:
    radio = Radio()
    yield radio
    radio.close()


class Heard:
    """What a reader of this port brought."""

    def __init__(self, port: BlePort) -> None:
        self.arrivals = Arrivals()
        self.reader = Reader("it", port, time.monotonic, self.arrivals.put)
        self.reader.start()

    def samples(self) -> list[Sample]:
        return GattDecoder("it").feed(0.0, self.arrivals.data)

    def until(self, sample: type[Sample], many: int = 1) -> list[Sample]:
        self.arrivals.until(lambda _: sum(isinstance(each, sample) for each in self.samples()) >= many)
        return [each for each in self.samples() if isinstance(each, sample)]


@pytest.fixture
def listening() -> Iterator[list[Heard]]:
    all_heard: list[Heard] = []
    yield all_heard
    for heard in all_heard:
        heard.reader.stop()


def test_pod_treadmill_and_strap_at_once(radio: Radio, listening: list[Heard]) -> None:
    pod, belt, strap = radio.gadget("Pod A", RSC, battery=15), radio.gadget("Belt A", TREADMILL), radio.gadget("Strap A", HEART)
    for name, kind in (("Pod A", RSC), ("Belt A", TREADMILL), ("Strap A", HEART)):
        listening.append(Heard(BlePort(kind, name, radio.backends)))
    on_pod, on_belt, on_strap = listening

    def all_notify() -> None:
        pod.notify(RUNNING)
        belt.notify(BELT)
        strap.notify(BEAT)

    with repeating(all_notify, every=0.1):
        assert on_pod.until(Stride)[-1] == Stride(0.0, "it", 3.0, 176.0, 100.0)
        assert on_belt.until(Stride)[-1] == Stride(0.0, "it", 1200 / 360, None, 345.0, 0.015)
        assert on_strap.until(Pulse)[-1] == Pulse(0.0, "it", 151)
        assert on_pod.until(Battery)[0] == Battery(0.0, "it", True, 0.15)


def test_a_drop_is_lost_and_back_once_each(radio: Radio, listening: list[Heard]) -> None:
    pod = radio.gadget("Pod B", RSC)
    heard = Heard(BlePort(RSC, pod.address, radio.backends))
    listening.append(heard)
    with repeating(lambda: pod.notify(RUNNING), every=0.1):
        heard.until(Stride)
        before = len(heard.until(Stride))
        pod.drop()
        heard.arrivals.until_link(False, "out of range")
        heard.arrivals.until_link(True)
        heard.until(Stride, before + 1)
    assert [link.up for link in heard.arrivals.links] == [True, False, True]


def test_a_radio_that_falls_silent_is_noticed(radio: Radio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "SILENT", 0.5)
    radio.gadget("Pod C", RSC)
    port = BlePort(RSC, "Pod C", radio.backends)
    port.open()
    try:
        with pytest.raises(LinkLost, match="silent"):
            while True:
                port.read()
    finally:
        port.close()


def test_short_and_empty_payloads_are_counted_and_cost_nothing_else(radio: Radio, listening: list[Heard]) -> None:
    pod = radio.gadget("Pod D", RSC)
    heard = Heard(BlePort(RSC, "Pod D", radio.backends))
    listening.append(heard)

    def notify() -> None:
        for payload in (b"", b"\x07", RUNNING):
            pod.notify(payload)

    with repeating(notify, every=0.1):  # whoever begins to listen in between hears a good one first
        assert heard.until(Stride, 2)[-1].speed == 3.0  # type: ignore[union-attr]
    decoder = GattDecoder("it")
    decoder.feed(0.0, heard.arrivals.data)
    assert decoder.faults["short"] >= 1


def test_of_two_pods_the_one_that_is_named_is_heard(radio: Radio, listening: list[Heard]) -> None:
    mine, other = radio.gadget("Pod mine", RSC), radio.gadget("Pod other", RSC)
    heard = Heard(BlePort(RSC, "pod MINE", radio.backends))
    listening.append(heard)
    slow = bytes.fromhex("0400010058")
    with repeating(lambda: (mine.notify(RUNNING), other.notify(slow)), every=0.1):  # type: ignore[func-returns-value, arg-type]
        assert {stride.speed for stride in heard.until(Stride, 3)} == {3.0}  # type: ignore[union-attr]


def service(characteristic: str, value: bytes | Protected) -> Service:
    """One more of this kind on a gadget."""
    properties = Characteristic.Properties.NOTIFY | Characteristic.Properties.READ
    return Service(
        UUID(SERVICES[characteristic]), [Characteristic(UUID(characteristic), properties, Characteristic.READABLE, value)]
    )


class Protected:
    """A value that may be read only after pairing."""

    def read(self, connection: object) -> bytes:
        raise ATT_Error(INSUFFICIENT_AUTHENTICATION)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("Pod F", lambda: [service(BATTERY, b"\x50"), service(BATTERY, b"\x10")]),
        ("Pod G", lambda: [service(BATTERY, Protected())]),
        ("Pod H", lambda: [service(BATTERY, b"")]),
        ("Pod I", lambda: [service(RSC, bytes(4))]),
    ],
    ids=["two batteries", "a protected battery", "an empty battery", "two footpods"],
)
def test_whatever_is_odd_about_its_services_a_pod_is_heard(
    radio: Radio, listening: list[Heard], name: str, more: Callable[[], list[Service]]
) -> None:
    pod = radio.gadget(name, RSC, more=more())
    heard = Heard(BlePort(RSC, name, radio.backends))
    listening.append(heard)
    with repeating(lambda: pod.notify(RUNNING), every=0.1):
        heard.until(Stride)
    assert not [sample for sample in heard.samples() if isinstance(sample, Battery)]
    assert [link.up for link in heard.arrivals.links] == [True]


def test_a_strap_is_no_footpod_and_that_is_said(radio: Radio) -> None:
    radio.gadget("Strap J", HEART)
    port = BlePort(RSC, "Strap J", radio.backends)
    with pytest.raises(Unavailable, match="Strap J does not send ble-footpod data"):
        port.open()
    port.close()


@pytest.mark.parametrize(
    ("advertised", "configured"), [("RunPod  ", "runpod"), ("Run  Pod 2\0\0", " Run Pod 2"), ("La\u0308ufer", "läufer")]
)
def test_names_are_compared_as_people_read_them(radio: Radio, advertised: str, configured: str) -> None:
    radio.gadget(advertised, RSC)
    port = BlePort(RSC, configured, radio.backends)
    port.open()
    port.close()


def test_what_is_on_the_air_is_listed_with_its_kind(radio: Radio) -> None:
    radio.gadget("Strap E", HEART)
    found = {each.name: each.kind for each in on_air(1.0, radio.backends)}
    assert found["Strap E"] == "ble-heart"


def test_one_that_is_not_there_is_told_with_what_to_do(radio: Radio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "SEARCH", 0.5)
    port = BlePort(RSC, "Pod nowhere", radio.backends)
    with pytest.raises(Unavailable, match="was not found by Bluetooth") as told:
        port.open()
    port.close()
    assert "coach devices" in told.value.hint


def test_without_bleak_or_a_radio_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    port = BlePort(RSC, "Pod")
    with pytest.raises(Unavailable) as told:
        port.open()  # this machine has no Bluetooth, or at least no such pod
    port.close()
    assert told.value.hint
    monkeypatch.setitem(sys.modules, "bleak", None)
    with pytest.raises(Unavailable, match="needs the package bleak") as told:
        port.open()
    port.close()
    assert "pip install" in told.value.hint
