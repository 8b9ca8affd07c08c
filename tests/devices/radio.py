"""A radio without air: bumble peripherals on a local link, and the central behind bleak's own API."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, Peer
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from devices.ble import Backends
from devices.gatt import BATTERY, SERVICES
from tests.patience import PATIENCE


class Radio:
    """The air, its gadgets and one central, all in an event loop of their own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="radio", daemon=True)
        self._thread.start()
        self._numbers = iter(range(1, 200))
        self._scanners = 0
        self._connecting = asyncio.Lock()
        self._link = self.run(self._made(LocalLink))
        self.central = self.device("central", Address(f"F0:F0:F0:F0:F0:{next(self._numbers):02X}"))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def device(self, name: str, address: Address, services: list[Service] | None = None) -> Device:
        async def make() -> Device:
            controller = Controller(name, link=self._link)
            device = Device(name=name, address=address, host=Host(controller, AsyncPipeSink(controller)))
            device.add_services(services or [])
            await device.power_on()
            return device

        made: Device = self.run(make())
        return made

    def gadget(self, name: str, characteristic: str, battery: int | None = None, more: Sequence[Service] = ()) -> Gadget:
        address = Address(f"F0:F0:F0:F0:F1:{next(self._numbers):02X}")
        return Gadget(self, name, address, characteristic, battery, more)

    @property
    def backends(self) -> Backends:
        radio = self

        class ScannerHere(Scanner):
            air = radio

        class ClientHere(Client):
            air = radio

        return Backends(ScannerHere, ClientHere)

    async def scan(self, more: int = 1) -> None:
        """One scan serves all who want one."""
        before, self._scanners = self._scanners, self._scanners + more
        if not before:
            await self.central.start_scanning(filter_duplicates=False)
        elif not self._scanners:
            await self.central.stop_scanning()

    async def connect(self, address: Address) -> Any:
        """One after the other, as a radio does."""
        async with self._connecting:
            return await self.central.connect(address)

    def close(self) -> None:
        self.run(self._cancelled())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    @staticmethod
    async def _cancelled() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    @staticmethod
    async def _made(what: Callable[[], Any]) -> Any:
        return what()


class Gadget:
    """A peripheral with one characteristic that notifies, and perhaps a battery and `more` services."""

    def __init__(
        self,
        radio: Radio,
        name: str,
        address: Address,
        characteristic: str,
        battery: int | None,
        more: Sequence[Service] = (),
    ) -> None:
        self._radio, self.address = radio, str(address).split("/")[0]
        properties = Characteristic.Properties.NOTIFY | Characteristic.Properties.READ
        self._value = Characteristic(UUID(characteristic), properties, Characteristic.READABLE, bytes(4))
        services = [Service(UUID(SERVICES[characteristic]), [self._value]), *more]
        if battery is not None:
            level = Characteristic(UUID(BATTERY), properties, Characteristic.READABLE, bytes((battery,)))
            services.append(Service(UUID(SERVICES[BATTERY]), [level]))
        self._device = radio.device(name, address, services)
        uuid = int(SERVICES[characteristic], 16).to_bytes(2, "little")
        self._device.advertising_data = bytes(
            AdvertisingData([
                (AdvertisingData.FLAGS, bytes((6,))),
                (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, uuid),
                (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()),
            ])
        )  # fmt: skip
        self.advertise()

    def advertise(self) -> None:
        start = self._device.start_advertising(auto_restart=True, advertising_interval_min=30, advertising_interval_max=30)
        self._radio.run(start)

    def notify(self, payload: bytes) -> None:
        self._radio.run(self._device.notify_subscribers(self._value, payload))

    def drop(self) -> None:
        """The connection breaks; it goes on advertising."""
        for connection in list(self._device.connections.values()):
            self._radio.run(connection.disconnect())


class Scanner(BaseBleakScanner):
    air: Radio

    def __init__(self, detection_callback: Any, service_uuids: Any, scanning_mode: str, **more: Any) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.seen_devices = {}
        self.air.central.on("advertisement", self._advertised)
        await self._there(self.air.scan())

    async def stop(self) -> None:
        self.air.central.remove_listener("advertisement", self._advertised)
        await self._there(self.air.scan(-1))

    def _advertised(self, told: Any) -> None:
        name = told.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        listed = told.data.get(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS) or []
        uuids = [_full(uuid) for uuid in listed]
        self._loop.call_soon_threadsafe(self._seen, str(told.address).split("/")[0], name, uuids, told.rssi, told.address)

    def _seen(self, address: str, name: str, uuids: list[str], rssi: int, details: Any) -> None:
        told = AdvertisementData(name, {}, {}, uuids, None, rssi, ())
        self.call_detection_callbacks(self.create_or_update_device(address, address, name, details, told), told)

    async def _there(self, work: Coroutine[Any, Any, Any]) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.air.loop))


class Client(BaseBleakClient):
    air: Radio
    _peer: Peer  # from the first connection on

    def __init__(self, address_or_ble_device: Any, **more: Any) -> None:
        super().__init__(address_or_ble_device, **more)
        self._device = address_or_ble_device
        self._connection: Connection | None = None

    async def connect(self, pair: bool, **more: Any) -> None:
        self._loop = asyncio.get_running_loop()
        connection: Connection = await self._there(self.air.connect(self._device.details))
        connection.on("disconnection", lambda _: self._loop.call_soon_threadsafe(self._dropped))
        self._connection, self._peer = connection, Peer(connection)
        await self._there(self._peer.discover_all())
        self.services = BleakGATTServiceCollection()
        for service in self._peer.services:
            kept = BleakGATTService(service, service.handle, _full(service.uuid))
            self.services.add_service(kept)
            for each in service.characteristics:
                properties = list(gatt_char_props_to_strs(each.properties))
                self.services.add_characteristic(
                    BleakGATTCharacteristic(each, each.handle, _full(each.uuid), properties, lambda: 20, kept)
                )

    def _dropped(self) -> None:
        self._connection = None
        if self._disconnected_callback:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._there(self._connection.disconnect())

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    @property
    def mtu_size(self) -> int:
        return 23

    async def start_notify(self, characteristic: Any, callback: Any, **more: Any) -> None:
        def notified(value: bytes) -> None:
            self._loop.call_soon_threadsafe(callback, bytearray(value))

        await self._there(self._peer.subscribe(characteristic.obj, notified))

    async def read_gatt_char(self, characteristic: Any, **more: Any) -> bytearray:
        return bytearray(await self._there(self._peer.read_value(characteristic.obj)))

    async def stop_notify(self, characteristic: Any) -> None: ...
    async def pair(self, *arguments: Any, **more: Any) -> None: ...
    async def unpair(self) -> None: ...
    async def read_gatt_descriptor(self, descriptor: Any, **more: Any) -> bytearray:
        return bytearray()

    async def write_gatt_char(self, characteristic: Any, data: Any, response: bool) -> None:
        raise AssertionError("nothing is ever written to a device")

    async def write_gatt_descriptor(self, descriptor: Any, data: Any) -> None: ...

    async def _there(self, work: Coroutine[Any, Any, Any]) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.air.loop))


def _full(uuid: Any) -> str:
    digits = uuid.to_bytes(force_128=True)[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
