"""Bluetooth footpods, treadmills and straps: a port whose bytes are notifications, received through bleak.

bleak's event loop runs in its own thread while the port is open; no other code sees it. For bleak a silent device stays
"connected" and raises nothing, so silence is timed here. The only thing ever written to a device is the request for
notifications: a treadmill is read, never controlled.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from typing import Any, TypeVar
from unicodedata import normalize

from devices.api import LinkLost, Unavailable
from devices.gatt import BATTERY, HEART, RSC, SERVICES, TREADMILL, notification

WAIT = 0.2  # s that a read waits
SILENT = 10.0  # s without a notification: they come once a second
LISTEN = 2.0  # s to look for the strongest device, if none is named
SEARCH = 10.0  # s to look for a named device
CONNECT = 15.0  # s
BATTERY_ANSWER = 3.0  # s: one that wants to be paired first may never answer
CLOSE = 3.0  # s: a disconnect may hang
KINDS = {RSC: "ble-footpod", TREADMILL: "ble-treadmill", HEART: "ble-heart"}
_NO_BLEAK = 'type: pip install "progression-coach[ble]"'
_NO_RADIO = "type: sudo apt install bluez; sudo systemctl start bluetooth; sudo rfkill unblock bluetooth"
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class OnAir:
    """A device that advertises; `rssi` in dBm, the larger the nearer."""

    name: str
    address: str
    kind: str
    rssi: int


@dataclass(frozen=True, slots=True)
class Backends:
    """The radio backend: bleak's own, unless a test brings another."""

    scanner: Any = None
    client: Any = None


class BlePort:
    """A Port: one characteristic of one device, and its battery. `address` is an address, a name, or "" for the strongest."""

    def __init__(self, characteristic: str, address: str = "", backends: Backends | None = None) -> None:
        self.name = address or KINDS[characteristic]
        self._characteristic, self._address = characteristic, address
        self._backends = backends or Backends()
        self._arrived: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._loop: _Loop | None = None
        self._client: Any = None
        self._heard_at = 0.0

    def open(self) -> None:
        self._arrived = queue.SimpleQueue()
        self._loop = _Loop()
        try:
            self._loop.run(self._connect(), SEARCH + CONNECT + BATTERY_ANSWER)
        except Unavailable:
            raise
        except Exception as trouble:  # errors of bleak, D-Bus and asyncio
            raise _unavailable(self.name, trouble) from trouble
        self._heard_at = time.monotonic()

    def read(self) -> bytes:
        try:
            data = self._arrived.get(timeout=WAIT)
        except queue.Empty:
            if time.monotonic() - self._heard_at > SILENT:
                raise LinkLost("silent") from None
            return b""
        if data is None:
            raise LinkLost("out of range")
        self._heard_at = time.monotonic()
        return data

    def write(self, data: bytes) -> None:
        raise LinkLost("Bluetooth devices are read only")

    def close(self) -> None:
        loop, client, self._loop, self._client = self._loop, self._client, None, None
        if loop is None:
            return
        if client is not None:
            with contextlib.suppress(Exception):  # out of range or hanging: either way it counts as closed
                loop.run(client.disconnect(), CLOSE)
        loop.stop()

    async def _connect(self) -> None:
        from bleak import BleakClient

        device = await self._found()
        arrived, characteristic = self._arrived, self._characteristic
        backend = {"backend": self._backends.client} if self._backends.client else {}
        self._client = BleakClient(device, lambda _: arrived.put(None), timeout=CONNECT, **backend)
        await self._client.connect()

        def notified(what: str) -> Any:
            return lambda _, payload: arrived.put(notification(what, bytes(payload)))

        (measured, *_) = self._offers(characteristic) or [None]
        if measured is None:
            raise Unavailable(f"{self.name} does not send {KINDS[characteristic]} data", "see what `coach devices` calls it")
        await self._client.start_notify(measured, notified(characteristic))
        with contextlib.suppress(Exception):  # an extra: whatever is wrong with it, protected or broken, costs nothing else
            await asyncio.wait_for(self._hear_battery(notified(BATTERY)), BATTERY_ANSWER)

    async def _hear_battery(self, notified: Any) -> None:
        """Of several batteries none is heard: nobody says which one is whose."""
        (battery,) = self._offers(BATTERY)
        notified(battery, await self._client.read_gatt_char(battery))
        if "notify" in battery.properties:
            await self._client.start_notify(battery, notified)

    def _offers(self, characteristic: str) -> list[Any]:
        """Where the device offers this, the first first: some list a service twice."""
        from bleak.uuids import normalize_uuid_16

        uuid = normalize_uuid_16(int(characteristic, 16))
        return [each for each in self._client.services.characteristics.values() if each.uuid == uuid]

    async def _found(self) -> Any:
        """The named device, as soon as it is heard; without a name, the strongest of this kind."""
        best: tuple[int, Any] | None = None
        until = time.monotonic() + (SEARCH if self._address else LISTEN)
        async for device, told in _heard(self._backends, until):
            if self._address:
                if _comparable(self._address) in map(_comparable, (device.address, told.local_name or device.name or "")):
                    return device
            elif self._characteristic in _offered(told) and (best is None or told.rssi > best[0]):
                best = told.rssi, device
        if best is None:
            hint = "wake it up by moving it; `coach devices` lists what can be heard"
            raise Unavailable(f"{self.name} was not found by Bluetooth", hint)
        return best[1]


def footpod(address: str) -> BlePort:
    return BlePort(RSC, address)


def treadmill(address: str) -> BlePort:
    return BlePort(TREADMILL, address)


def heart(address: str) -> BlePort:
    return BlePort(HEART, address)


def on_air(seconds: float = 4.0, backends: Backends | None = None) -> list[OnAir]:
    """The footpods, treadmills and straps that advertise now, the nearest first. Raises Unavailable without a radio."""

    async def listen() -> list[OnAir]:
        heard: dict[str, OnAir] = {}
        async for device, told in _heard(backends or Backends(), time.monotonic() + seconds):
            for characteristic in _offered(told)[:1]:
                name = told.local_name or device.name or ""
                heard[device.address] = OnAir(name, device.address, KINDS[characteristic], told.rssi)
        return sorted(heard.values(), key=lambda each: -each.rssi)

    loop = _Loop()
    try:
        return loop.run(listen(), seconds + CONNECT)
    except Exception as trouble:
        raise _unavailable("Bluetooth", trouble) from trouble
    finally:
        loop.stop()


async def _heard(backends: Backends, until: float) -> Any:
    """(device, advertisement) of each advertisement until the timeout."""
    from bleak import BleakScanner

    backend = {"backend": backends.scanner} if backends.scanner else {}
    found: asyncio.Queue[Any] = asyncio.Queue()
    async with BleakScanner(lambda device, told: found.put_nowait((device, told)), **backend):
        while (left := until - time.monotonic()) > 0:
            try:
                yield await asyncio.wait_for(found.get(), left)
            except TimeoutError:
                return


def _offered(told: Any) -> list[str]:
    """The characteristics we can read of the advertised services, the most informative first."""
    services = {uuid[4:8].upper() for uuid in told.service_uuids}
    return [characteristic for characteristic in (TREADMILL, RSC, HEART) if SERVICES[characteristic] in services]


def _comparable(name: str) -> str:
    """Names are compared without case, and without the blanks and NULs with which some devices fill theirs up; a letter with an
    accent is the same whether it is written as one sign or as two.
    """
    return normalize("NFC", " ".join(name.replace("\0", " ").split()).casefold())


class _Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bluetooth", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _Answer], within: float) -> _Answer:
        """Runs a coroutine and returns its result. Raises its error, or concurrent.futures.TimeoutError."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(within)
        except TookTooLong:
            future.cancel()
            raise

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE)
        if not self._thread.is_alive():
            self._loop.close()


def _unavailable(name: str, trouble: Exception) -> Unavailable:
    if isinstance(trouble, Unavailable):
        return trouble
    if isinstance(trouble, ImportError):
        return Unavailable("Bluetooth needs the package bleak", _NO_BLEAK)
    if isinstance(trouble, TimeoutError | TookTooLong):
        return Unavailable(f"{name} does not answer", "move it to wake it up, and bring it near")
    if isinstance(trouble, OSError) or "adapter" in str(trouble).lower() or "bluez" in str(trouble).lower():
        return Unavailable(f"Bluetooth does not work: {trouble}", _NO_RADIO)
    return Unavailable(f"{name}: {trouble}", "bring it near, and close other programs that use it")
