"""What we read out of recorded receivers, against pynmeagps, pyubx2 and gpsd's own answers; and how fast."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from pynmeagps import NMEAReader
from pyubx2 import UBXReader

from devices.framing import Sentences, sentence
from devices.nmea import NmeaDecoder
from devices.sample import Fix, Mode
from devices.tracks.nmea_log import LogClock
from devices.ublox import NAV_PVT, Frames, UbloxDecoder, frame
from tests.bench.row import Row
from tests.conftest import ROOT
from tests.devices.ublox_receiver import solution

DAY = 86_400.0
NEAR = 2e-5  # degrees: two metres
SAME_SPEED = 0.06  # m/s: gpsd tells three digits, and knots have two
MANY = 4000
READ = 200  # bytes
LINE = 960.0  # bytes a second: 9600 baud


def measure() -> Iterator[Row]:
    tracks = Path(os.environ.get("COACH_TRACKS", ROOT.parent / "shared" / "tracks"))
    logs = sorted([*(tracks / "gpsd_logs").glob("*.log"), *(tracks / "ubx").glob("*")])
    if logs:
        yield from _against_libraries(logs)
        yield from _against_gpsd(logs)
        yield from _recorded_speed(logs)
    else:
        print(f"  no recorded receivers in {tracks}: set COACH_TRACKS")
    yield from _speed()


def _against_libraries(logs: list[Path]) -> Iterator[Row]:
    ours = theirs = both = frames = solutions = same = 0
    for log in logs:
        data = log.read_bytes()
        own = set(_bodies(data))
        found = _by_pynmeagps(data)
        ours, theirs, both = ours + len(own), theirs + len(found), both + len(own & found)
        pvts = [content for kind, content in Frames({}).feed(data + bytes(1100)) if kind == NAV_PVT]
        frames += len(pvts)
        parsed = _by_pyubx2(pvts)
        solutions += len(parsed)
        same += sum(_agrees(payload, each) for payload, each in zip(pvts, parsed, strict=True))
    yield Row(f"sentences of {len(logs)} logs: ours", ours, "")
    yield Row("  pynmeagps", theirs, "")
    yield Row("  of pynmeagps' own that we have too", 100 * both / max(1, theirs), "%", 99.9, least=True)
    yield Row("NAV-PVT solutions: ours", frames, "")
    yield Row("  the same to the last digit in pyubx2", 100 * same / max(1, solutions), "%", 100.0, least=True)


def _bodies(data: bytes) -> list[bytes]:
    return [body for body in Sentences({}).feed(data) if body[:1] != b"P"]


def _by_pynmeagps(data: bytes) -> set[bytes]:
    """The sentences that its own reader finds good, without proprietary ones."""
    found = set()
    reader = NMEAReader(BytesIO(data), quitonerror=0, validate=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for raw, parsed in reader:
            if raw and parsed is not None and raw[1:2] != b"P":
                found.add(raw[1:].rpartition(b"*")[0])
    return found


def _framed(payload: bytes) -> bytes:
    return frame(NAV_PVT, payload)


def _by_pyubx2(payloads: list[bytes]) -> list[dict[str, Any]]:
    """Those with a position; 5 is a fix of the time alone."""
    parsed = (UBXReader.parse(_framed(payload)) for payload in payloads)
    return [_told(each) if each.gnssFixOk and each.fixType in (1, 2, 3, 4) else {} for each in parsed]


def _told(parsed: Any) -> dict[str, Any]:
    return {"lat": parsed.lat, "lon": parsed.lon, "speed": parsed.gSpeed / 1000, "sure": parsed.sAcc / 1000}


def _agrees(payload: bytes, told: dict[str, Any]) -> bool:
    """A fresh decoder, so that no epoch counts as one that was there already."""
    (fix,) = UbloxDecoder("gps").feed(0.0, _framed(payload))
    assert isinstance(fix, Fix)
    if fix.lat is None or not told:
        return fix.lat is None and not told
    return (
        abs(fix.lat - told["lat"]) < 1e-9
        and abs((fix.lon or 0) - told["lon"]) < 1e-9
        and (fix.speed, fix.speed_sigma) == (told["speed"], told["sure"])
    )


def _against_gpsd(logs: list[Path]) -> Iterator[Row]:
    compared = placed = paced = told = whole = 0
    for log in logs:
        answers = log.with_name(log.name + ".chk")
        if not answers.exists():
            continue
        fixes = (fix for fix in _fixes(log.read_bytes()) if fix.utc is not None and fix.lat is not None)
        ours = {round((fix.utc or 0.0) % DAY, 2): fix for fix in fixes}
        if not ours:
            continue
        compared += 1
        before = placed - told
        for report in _reports(answers):
            fix = ours.get(round(_seconds(report["time"]), 2))
            if fix is None or fix.lat is None or fix.lon is None:
                continue
            told += 1
            placed += abs(fix.lat - report["lat"]) < NEAR and abs(fix.lon - report["lon"]) < NEAR
            paced += fix.speed is None or "speed" not in report or abs(fix.speed - report["speed"]) < SAME_SPEED
        whole += placed - told == before
    yield Row("logs with a date and a place in gpsd's own test answers", compared, "")
    yield Row("  with every epoch at the same place, to two metres", 100 * whole / max(1, compared), "%", 95.0, least=True)
    yield Row(f"epochs of {compared} logs that gpsd tells of too", told, "")
    yield Row("  at the same place within two metres", 100 * placed / max(1, told), "%")
    yield Row("  at the same speed", 100 * paced / max(1, told), "%")


def _fixes(data: bytes) -> Iterator[Fix]:
    decoder = UbloxDecoder("gps", clock=LogClock())
    for sample in [*decoder.feed(0.0, data), *decoder.tick(1e9)]:
        if isinstance(sample, Fix) and sample.mode >= Mode.FIX_2D:
            yield sample


def _reports(answers: Path) -> Iterator[dict[str, Any]]:
    """gpsd's reports with a time and a place; where it tells twice of an epoch, the last."""
    last: dict[str, dict[str, Any]] = {}
    for line in answers.read_bytes().splitlines():
        if line.startswith(b'{"class":"TPV"'):
            report = json.loads(line)
            if report.get("mode", 0) >= 2 and {"time", "lat", "lon"} <= set(report):
                last[report["time"]] = report
    return iter(last.values())


def _seconds(time_: str) -> float:
    clock = time_.partition("T")[2].rstrip("Z")
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) % DAY


def _speed() -> Iterator[Row]:
    epochs = []
    for at in range(MANY // 2):
        clock = f"{at // 3600 % 24:02}{at // 60 % 60:02}{at % 60:02}.00"
        epochs.append(sentence(f"GPRMC,{clock},A,4722.00000,N,00830.00000,E,6.000,12.0,010626,,,A".encode()))
        epochs.append(sentence(f"GPGGA,{clock},4722.00000,N,00830.00000,E,1,10,0.9,430.0,M,48.0,M,,".encode()))
    stream = b"".join(epochs)
    ours = _timed(lambda: NmeaDecoder("gps").feed(0.0, stream))
    in_reads = _timed(lambda: _read_small(stream))
    theirs = _timed(lambda: list(NMEAReader(BytesIO(stream))))
    yield Row("NMEA, RMC and GGA alone: ours, sentences a second", MANY / ours, "")
    yield Row("  against pynmeagps", theirs / ours, "x", 10.0, least=True)
    yield Row(f"  in reads of {READ} bytes", theirs / in_reads, "x")
    frames = [solution(at, 3.0) for at in range(MANY)]
    stream = b"".join(frames)
    ours = _timed(lambda: UbloxDecoder("gps").feed(0.0, stream))
    theirs = _timed(lambda: list(UBXReader(BytesIO(stream))))
    yield Row("NAV-PVT: ours, solutions a second", MANY / ours, "")
    yield Row("  against pyubx2", theirs / ours, "x", 10.0, least=True)


def _read_small(stream: bytes) -> None:
    """As a serial port brings it."""
    decoder = NmeaDecoder("gps")
    for start in range(0, len(stream), READ):
        decoder.feed(start / LINE, stream[start : start + READ])


def _recorded_speed(logs: list[Path]) -> Iterator[Row]:
    """All kinds of sentences that pynmeagps can read too, as receivers send them."""
    stream = b"".join(sentence(body) for log in logs for body in _bodies(log.read_bytes()) if _parses(body))
    theirs = _timed(lambda: list(NMEAReader(BytesIO(stream))))
    name = f"recorded sentences in reads of {READ} bytes: against pynmeagps"
    yield Row(name, theirs / _timed(lambda: _read_small(stream)), "x", 10.0, least=True)


def _parses(body: bytes) -> bool:
    try:
        return NMEAReader.parse(sentence(body)) is not None
    except Exception:  # it raises of several kinds
        return False


def _timed(work: Any) -> float:
    """Processor seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best
