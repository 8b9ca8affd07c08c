"""The options of [mqtt] in the config: the broker at which a run is seen."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PORT = 1883  # of a broker


class Mqtt(BaseModel):
    """Options of [mqtt]."""

    model_config = ConfigDict(extra="forbid")

    address: str = ""
    runner: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "runner"
    user: str = ""
    topic: Annotated[str, Field(pattern=r"^[^#+/]{1,40}$")] = "coach"
    discovery: Annotated[str, Field(pattern=r"^[^#+]{0,40}$")] = "homeassistant"

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.address:
            host_and_port(self.address)
        return self

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of the broker."""
        return host_and_port(self.address)


def host_and_port(address: str) -> tuple[str, int]:
    """From "host", "host:1884" or "[::1]:1884". Raises ValueError."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(f"//{address.removeprefix('mqtt://')}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.username or parts.path or parts.query:
        raise ValueError(f"{address!r} is not the address of a broker, such as 192.168.1.10 or localhost:1883")
    return host, port or PORT
