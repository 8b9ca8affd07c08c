"""The captures: for each device kind and model the bytes as they came, and the samples they must give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from devices.api import Decoder
from devices.kinds import KINDS
from devices.sample import Sample

FOLDER = Path(__file__).parent.parent / "captures"
EMPTY = '{"options": {}, "faults": {}, "samples": []}, which `pytest tests/devices --update` fills for you to read'


@dataclass(frozen=True)
class Capture:
    kind: str
    path: Path

    def __str__(self) -> str:
        return f"{self.kind}/{self.path.stem}"

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def expected(self) -> dict[str, Any]:
        """`options` for the decoder, `faults` and `samples`."""
        beside = self.path.with_suffix(".json")
        assert beside.exists(), f"add {beside.relative_to(FOLDER.parents[1])}: {EMPTY}"
        return dict(json.loads(beside.read_text()))

    def decoder(self) -> Decoder:
        """By the row of the catalogue alone: no other list has to know the kind."""
        row = KINDS.get(self.kind)
        assert row, f"devices/kinds.py: KINDS: add a row for {self.kind}"
        module, _, name = row.decoder.partition(":")
        decoder: Decoder = getattr(import_module(module), name)("it", **self.expected["options"])
        return decoder

    def write(self, samples: list[Sample], faults: dict[str, int]) -> None:
        rows = ",\n".join("  " + json.dumps(plain(sample)) for sample in samples)
        head = json.dumps({"options": self.expected["options"], "faults": faults})
        self.path.with_suffix(".json").write_text(f'{head[:-1]}, "samples": [\n{rows}\n]}}\n')


def captures(kind: str | None = None) -> Iterator[Capture]:
    for path in sorted(FOLDER.glob(f"{kind or '*'}/*.log")):
        yield Capture(path.parent.name, path)


def plain(sample: Sample) -> dict[str, Any]:
    """What a sample says, without what it does not say, and without its arrival."""
    said = {name: value for name, value in sample._asdict().items() if value is not None and name not in ("at", "source")}
    return {name: _plain_value(value) for name, value in said.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, IntEnum):
        return value.name
    return round(value, 9 if abs(value) < 1e6 else 4) if isinstance(value, float) else value


def decoded(decoder: Decoder, pieces: list[bytes], at: float = 0.0) -> list[Sample]:
    """All samples of the pieces, and of the silence after them."""
    samples = [sample for piece in pieces for sample in decoder.feed(at, piece)]
    return samples + decoder.tick(at + 1.0)
