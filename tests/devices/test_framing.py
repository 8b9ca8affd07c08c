"""Sentences and lines out of a stream that is cut, damaged, endless or not text at all."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynmeagps import NMEAReader

from devices.framing import LONGEST, LONGEST_LINE, Lines, Sentences, checksum, has_sentence, sentence
from tests.devices.captures import Capture, captures


def sentences(*pieces: bytes) -> tuple[list[bytes], dict[str, int]]:
    faults: dict[str, int] = {}
    stream = Sentences(faults)
    return [body for piece in pieces for body in stream.feed(piece)], faults


def lines(*pieces: bytes) -> tuple[list[bytes], dict[str, int]]:
    faults: dict[str, int] = {}
    stream = Lines(faults)
    return [line for piece in pieces for line in stream.feed(piece)], faults


@given(st.binary(max_size=LONGEST))
@settings(deadline=None, max_examples=200, derandomize=True)
def test_the_checksum_is_the_xor_of_all_bytes(body: bytes) -> None:
    assert checksum(body) == reduce(xor, body, 0)


@pytest.mark.parametrize(
    ("stream", "bodies", "faults"),
    [
        (b"$A,1*%02X\r\n$B*42\r\n" % checksum(b"A,1"), [b"A,1", b"B"], {}),
        (b"$B*42$C*43", [b"B", b"C"], {}),  # no line ends
        (b"$B*42\xff\x80$C*43\n", [b"B", b"C"], {"noise": 2}),
        (b"$AAAA,12$B*42\r\n", [b"B"], {"noise": 8}),  # broken off by the next one
        (b"$B*43\r\n$C*43\r\n", [b"C"], {"checksum": 1}),
        (b"$B*4G\r\n$C*43\r\n", [b"C"], {"noise": 5}),
        (b"$NOSUM\r\n$C*43\r\n", [b"C"], {"noise": 6}),
        (b"$C*4", [], {}),  # not yet
        (b"$*00\r\n", [], {"checksum": 1}),
        (b"$" + b"A" * (LONGEST + 1) + b"*41\r\n$C*43", [b"C"], {"noise": LONGEST + 5}),
        (b"$j*6a$k*6B", [b"j", b"k"], {}),  # hexadecimal in either case
    ],
)
def test_what_is_whole_comes_through_and_the_rest_is_counted(
    stream: bytes, bodies: list[bytes], faults: dict[str, int]
) -> None:
    assert sentences(stream) == (bodies, faults)
    assert sentences(*(bytes([byte]) for byte in stream)) == (bodies, faults)


@given(st.lists(st.binary(max_size=300) | st.sampled_from([b"$", b"*", b"$GP", b"*4", b"\r\n"]), max_size=40))
@settings(deadline=None, max_examples=300, derandomize=True)
def test_no_stream_is_remembered_beyond_a_sentence_and_no_cut_matters(pieces: list[bytes]) -> None:
    faults: dict[str, int] = {}
    stream = Sentences(faults)
    bodies = [body for piece in pieces for body in stream.feed(piece)]
    assert len(stream._begun) <= LONGEST + 3
    assert (bodies, faults) == sentences(b"".join(pieces))


@pytest.mark.parametrize(
    ("data", "proves"),
    [
        (b"xx\r\n$GPRMC,1*%02X" % checksum(b"GPRMC,1"), True),
        (b"CC\r\n$GPRMC,120000,A,4722.0,N\r\n", True),
        (b"$GPRMC,120000,A,4722.0,N", False),
        (b"$GPRMC,1*00\r\n", False),
        (b"$PFPOD,1,2\r\n", False),
        (b"\xff$\x80\r\n", False),
    ],
)
def test_a_whole_sentence_proves_the_speed_of_the_line_with_its_checksum_or_without_any(data: bytes, proves: bool) -> None:
    assert has_sentence(data) is proves


def test_a_flood_without_an_end_is_counted_and_forgotten() -> None:
    faults: dict[str, int] = {}
    for stream in (Sentences(faults), Lines(faults)):
        for _ in range(1000):
            assert stream.feed(b"$" + b"A" * 4095) == []
        assert len(stream._begun) <= LONGEST_LINE
    assert faults["noise"] > 4_000_000
    assert faults["overlong"] == 1


@pytest.mark.parametrize("capture", list(captures("nmea")), ids=str)
def test_every_sentence_that_pynmeagps_finds_is_found(capture: Capture) -> None:
    found, _ = sentences(capture.data)
    theirs = [line[1:-3] for line in capture.data.splitlines() if line[:1] == b"$" and _parsed(line)]
    assert theirs
    assert set(theirs) <= set(found)


def _parsed(line: bytes) -> bool:
    try:
        return NMEAReader.parse(line + b"\r\n") is not None
    except Exception:  # it raises of several kinds, for a bad checksum as for a field it cannot read
        return False


@pytest.mark.parametrize(
    ("stream", "found", "faults"),
    [
        (b"a\nb\r\nc\rd", [b"a", b"b", b"c"], {}),
        (b"\r\n\r\n a \n", [b" a "], {}),
        (b"\0\0a\0b\n", [b"ab"], {}),
        (b"x" * LONGEST_LINE + b"\nb\n", [b"x" * LONGEST_LINE, b"b"], {}),
        (b"x" * (LONGEST_LINE + 1) + b"\nb\n", [b"b"], {"overlong": 1}),
        (b"x" * 5000 + b"\n" + b"y" * 5000 + b"\nb\n", [b"b"], {"overlong": 2}),
    ],
)
def test_lines_end_at_any_line_end_and_are_bounded(stream: bytes, found: list[bytes], faults: dict[str, int]) -> None:
    assert lines(stream) == (found, faults)
    assert lines(*(bytes([byte]) for byte in stream)) == (found, faults)


def test_a_sentence_is_framed_as_it_is_read() -> None:
    assert sentence(b"PFPOD,12345,3.210,86,1023.4") == b"$PFPOD,12345,3.210,86,1023.4*46\r\n"
