"""A counter that sends a line a click, and a click is so many metres:

click\\n
"""

from __future__ import annotations

from collections.abc import Mapping

from devices.framing import Lines
from devices.kinds import Kind
from devices.options import Option
from devices.sample import Sample, Stride

CLICK_COUNTER = Kind(
    decoder="steps_and_clicks.device:ClickDecoder",
    heard="devices.framing:has_text",
    bauds=(9600,),
    options=(Option("metres", float, "metres a click", least=0.1, most=100, default=1.0),),
)
FOREIGN = {"decoder": "made for another program"}


class ClickDecoder:
    """A Decoder: each line but "click" is counted as a fault."""

    def __init__(self, source: str, metres: float = 1.0) -> None:
        self._source, self._metres, self._clicks = source, metres, 0
        self._faults: dict[str, int] = {}
        self._lines = Lines(self._faults)

    @property
    def faults(self) -> Mapping[str, int]:
        return self._faults

    def feed(self, at: float, data: bytes) -> list[Sample]:
        samples: list[Sample] = []
        for line in self._lines.feed(data):
            if line.strip() != b"click":
                self._faults["no click"] = self._faults.get("no click", 0) + 1
                continue
            self._clicks += 1
            samples.append(Stride(at, self._source, distance=self._clicks * self._metres))
        return samples

    def tick(self, at: float) -> list[Sample]:
        return []
