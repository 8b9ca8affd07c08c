"""Every device kind has recorded bytes and the samples they must give, however the bytes are cut."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.kinds import KINDS
from tests.conftest import ROOT
from tests.devices.captures import EMPTY, Capture, captures, decoded, plain

ALL = list(captures())


@pytest.mark.parametrize("capture", ALL, ids=str)
def test_a_capture_gives_its_samples(capture: Capture, request: pytest.FixtureRequest) -> None:
    decoder = capture.decoder()
    samples = decoded(decoder, [capture.data])
    if request.config.getoption("--update", default=False):
        capture.write(samples, dict(decoder.faults))
    expected = capture.expected
    assert [plain(sample) for sample in samples] == expected["samples"]
    assert dict(decoder.faults) == expected["faults"]


@pytest.mark.parametrize("capture", ALL, ids=str)
def test_a_byte_at_a_time_gives_the_same_samples(capture: Capture) -> None:
    whole, bytewise = capture.decoder(), capture.decoder()
    pieces = [bytes([byte]) for byte in capture.data]
    assert decoded(whole, [capture.data]) == decoded(bytewise, pieces)
    assert whole.faults == bytewise.faults


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.sampled_from(ALL), st.lists(st.integers(0, 8000), max_size=12))
def test_any_cutting_gives_the_same_samples(capture: Capture, cuts: list[int]) -> None:
    data, whole, cut = capture.data, capture.decoder(), capture.decoder()
    at = sorted({0, len(data), *(place % (len(data) + 1) for place in cuts)})
    assert decoded(whole, [data]) == decoded(cut, [data[begin:end] for begin, end in pairwise(at)])
    assert whole.faults == cut.faults


@settings(deadline=None, max_examples=120, derandomize=True)
@given(st.sampled_from(ALL), st.data())
def test_damage_costs_what_is_damaged_and_raises_nothing(capture: Capture, data: st.DataObject) -> None:
    damaged = bytearray(capture.data)
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=20)):
        damaged[place] = data.draw(st.integers(0, 255))
    decoded(capture.decoder(), [bytes(damaged)])


@settings(deadline=None, max_examples=80, derandomize=True)
@given(st.sampled_from(ALL), st.binary(max_size=900))
def test_after_noise_everything_is_understood_again(capture: Capture, noise: bytes) -> None:
    decoder = capture.decoder()
    decoder.feed(0.0, noise + b"\n")
    decoder.tick(1.0)
    said = decoded(decoder, [capture.data], at=2.0)
    if capture.path.stem not in ("header", "wheel-pulses"):  # what came before matters to these
        assert [plain(sample) for sample in said] == capture.expected["samples"]


@pytest.mark.parametrize("kind", [kind for kind, row in KINDS.items() if row])
def test_every_kind_has_a_capture(kind: str) -> None:
    assert any(capture.kind == kind for capture in ALL), (
        f"no capture, no driver: add tests/captures/{kind}/MODEL.log, the bytes as they came, and MODEL.json beside it: {EMPTY}"
    )


def test_every_decoder_has_a_row() -> None:
    """A driver is a file in devices/ with a class whose name ends in Decoder."""
    rows = {row.decoder for row in KINDS.values() if row}
    for path in (ROOT / "devices").glob("*.py"):
        for name in re.findall(r"^class (\w+Decoder)(?!\(Protocol)\b", path.read_text(), re.MULTILINE):
            where = f"devices.{path.stem}:{name}"
            assert where in rows, f"devices/kinds.py: KINDS: add a row with decoder={where!r}"
