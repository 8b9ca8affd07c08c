"""Mutated inputs of every family, each through the code that reads it for a runner: refused in one line or read, never a crash.

`COACH_FUZZ_MINUTES` is the processor time of a family (default a twentieth of a minute), `COACH_FUZZ` names some of them, and
`--seed N` mutates otherwise. What crashed or took longer than two seconds is printed, and kept in the folder COACH_FUZZ_KEEP.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import resource
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

from coach.config import load
from coach.core.coach import Coach
from coach.core.plan.segments import FREE_RUN
from coach.core.settings import Settings
from coach.core.units import parse_distance, parse_duration, parse_speed
from coach.errors import InvalidSettings
from coach.planning.fitness.paces import Fitness, race_distance
from coach.planning.schedule.generate import schedule
from coach.runs import shoes, show
from coach.runs.entries import seal
from coach.runs.recording import open_recording
from coach.runs.relive import relive
from coach.runs.setup import Setup
from coach.runs.verify import verify
from coach.workouts import read_workout, schedules, write_workout
from coach.workouts.courses import read_course
from devices.api import Decoder, InvalidFile
from tests.bench.row import Row
from tests.conftest import ROOT
from tests.devices.captures import FOLDER, Capture
from tests.runs.test_hostile import MONDAY, RUNNER, journal
from tests.tracks.test_fit import RUN, fit
from tests.tracks.test_tracks import gpx, point, tcx, trackpoint

SLOW = 2.0  # s of processor time
LARGEST = 20_000  # bytes of a seed: more would only be slower to mutate
MOST_CHANGES = 8
PRINTED = 5  # faults of a family that are printed
FITNESS = Fitness.from_race("10k 50:00")
SAMPLES = ROOT / "tests" / "workouts" / "samples"
REFUSED = (InvalidFile, InvalidSettings)
ODD = [
    b"", b"0", b"-1", b"1e999", b"nan", b"9" * 400, b"\0" * 9, b"\xff" * 9, b'"', b"'", b"<", b">", b"&", b"{", b"}",
    b"[", b"]",
    b"\r", b"\n", b",", b"$", b"*", b"\xb5\x62", b"\xa4", "½٣é\u202e\x1b[2J".encode(), b"<!--", b"-->", b"<![CDATA[",
    b"null", b"true", b"1970-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"5x", b"lap", b"repeat = 1000", b"\x7f\xff\xff\xff",
]  # fmt: skip
Consume = Callable[[Path, bytes], object]
Family = tuple[str, str, list[bytes], Consume]  # name, suffix of the file, seeds, and what reads it


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """One of the seeds after some changes of bytes, words and lines."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MOST_CHANGES)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 1, 2, 4, 16, 200)))
        match chance.randrange(8):
            case 0 if data:
                data[at - 1] ^= 1 << chance.randrange(8)
            case 1:
                data[at:end] = chance.choice(ODD)
            case 2:
                del data[at:end]
            case 3:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50))
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                data[at:end] = other[start : start + chance.choice((1, 8, 300))]
            case 5:
                data[at:end] = chance.randbytes(end - at)
            case 6:
                lines = bytes(data).splitlines(keepends=True)
                chance.shuffle(lines)
                data = bytearray(b"".join(lines[:400]))
            case _:
                del data[chance.randrange(len(data) + 1) :]
    return bytes(data)


def fed(path: Path, data: bytes) -> None:
    """A recording through the coach, as `coach replay` does it."""
    path.write_bytes(data)
    recording = open_recording(path)
    coach = recording.setup.coach() if recording.setup else Coach(FREE_RUN, Settings())
    for item in recording.items():
        coach.feed(item)
    recording.left_out()


def led(decoder: Callable[[], Decoder]) -> Consume:
    """Bytes of a device through its decoder and the coach, in pieces."""

    def feed(path: Path, data: bytes) -> None:
        coach, reader = Coach(FREE_RUN, Settings()), decoder()
        for at in range(0, len(data), 97):
            for sample in chain(reader.feed(at / 97, data[at : at + 97]), reader.tick(at / 97 + 0.5)):
                coach.feed(sample)

    return feed


def planned(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    plan = read_workout(str(path), FITNESS, lambda line: None)
    for suffix in (".toml", ".fit", ".txt"):
        with contextlib.suppress(InvalidSettings):  # too many steps for a watch
            write_workout(plan, path.with_name(f"written{suffix}"), FITNESS)


def typed(path: Path, data: bytes) -> None:
    read_workout(data.decode("utf-8", "replace").replace("\0", ""), FITNESS, lambda line: None)


def quantities(path: Path, data: bytes) -> None:
    for parse in (parse_distance, parse_duration, parse_speed, race_distance, Fitness.from_race):
        with contextlib.suppress(ValueError):
            parse(data.decode("utf-8", "replace"))


def _again(path: Path, data: bytes) -> None:
    fed(path, data)
    verify(path)


def sealed(path: Path, data: bytes) -> None:
    """A journal with whatever stands in its lines, under good checksums."""
    lines = [line[: line.rfind(b',"crc"')] for line in data.splitlines()]
    path.write_bytes(b"".join(_sealed(line) for line in lines))
    with contextlib.suppress(*REFUSED):
        fed(path, path.read_bytes())
    with contextlib.suppress(*REFUSED):
        verify(path)
    recording = open_recording(path)
    activity = relive(recording, recording.setup or Setup(FREE_RUN), "km")
    assert not activity.bugs
    list(show.lines(activity, "km"))


def _sealed(line: bytes) -> bytes:
    whole = seal({"x": 0}).replace(b'{"x":0', line, 1)
    return whole[: -len(b'"00000000"}\n')] + b'"%08x"}\n' % crc32(line)


def _schedule(path: Path, data: bytes) -> None:
    (path.parent / schedules.STATE).write_bytes(data)
    schedules.read(path.parent)


def _shoes(path: Path, data: bytes) -> None:
    shoes.path().parent.mkdir(parents=True, exist_ok=True)
    shoes.path().write_bytes(data)
    shoes.recall("shoes", lambda line: None)


def _written(read: Callable[[Path], object]) -> Consume:
    def consume(path: Path, data: bytes) -> None:
        path.write_bytes(data)
        read(path)

    return consume


def _families(folder: Path) -> Iterator[Family]:
    second = "<extensions><x:hr>151</x:hr><x:speed>3.2</x:speed></extensions>"
    as_gpx = gpx(*("".join(point(at, 47 + at / 40_000, second) for at in part) for part in (range(30), range(30, 60)))).encode()
    inside = "<DistanceMeters>9.5</DistanceMeters><HeartRateBpm><Value>140</Value></HeartRateBpm>"
    as_tcx = tcx(f"<Track>{''.join(trackpoint(at, inside) for at in range(60))}</Track>").encode()
    run = journal(folder / "seed.jsonl").read_bytes()
    captures = [Capture(path.parent.name, path) for path in sorted(FOLDER.glob("*/*.log"))]
    kinds = {kind: [each for each in captures if each.kind == kind] for kind in sorted({each.kind for each in captures})}
    raw = {kind: [each.data[:LARGEST] for each in some] for kind, some in kinds.items()}
    yield "GPX", ".gpx", [as_gpx], fed
    yield "TCX", ".tcx", [as_tcx], fed
    yield "FIT", ".fit", [fit(*RUN), fit(*RUN, size=0)], fed
    yield "gzip", ".gpx.gz", [gzip.compress(as_gpx), gzip.compress(as_tcx)], fed
    yield "NMEA log", ".nmea", raw["nmea"], fed
    yield "u-blox log", ".ubx", raw["ublox"], fed
    yield "gpsd log", ".log", raw["gpsd"], fed
    yield "journal", ".jsonl", [run], _again
    yield "journal under good checksums", ".jsonl", [run], sealed
    for suffix in (".toml", ".txt", ".fit", ".zwo", ".json", ".tcx"):
        yield f"workout {suffix}", suffix, [(SAMPLES / f"thursday{suffix}").read_bytes()], planned
    yield "workout in words", "", [b"10m 6:30/km, 3x (1km @ T, 90s), 2 miles easy, ramp 6:00-4:45/km Pace, press lap"], typed
    yield "lengths, paces and races", "", [b"1h 2m 30s", b"2 1/2 miles", b"5:30/km", b"half 1:45:00", b"10k 50:00"], quantities
    yield "config", ".toml", [(ROOT / "config.example.toml").read_bytes()], _written(load)
    yield "schedule", ".json", [_a_schedule()], _schedule
    yield "course", ".gpx", [as_gpx], _written(lambda path: read_course(path))
    yield "shoes", ".json", [b'{"shoes": {"scale": 1.02, "taught": 900.0, "sigma": 0.01}}'], _shoes
    for kind, some in kinds.items():
        yield f"device {kind}", "", raw[kind], led(some[0].decoder)


def _a_schedule() -> bytes:
    return schedules.state_text(schedule(RUNNER, MONDAY, 6)).encode()


def measure(seed: int = 1) -> Iterator[Row]:
    minutes, named = float(os.environ.get("COACH_FUZZ_MINUTES", "0.05")), os.environ.get("COACH_FUZZ", "")
    cases = crashes = slow = families = 0
    with tempfile.TemporaryDirectory() as folder:
        for family in _families(Path(folder)):
            if named in family[0]:
                tried, broke, took = _fuzzed(family, Path(folder), 60 * minutes, random.Random(f"{seed} {family[0]}"))
                cases, crashes, slow, families = cases + tried, crashes + broke, slow + took, families + 1
    yield Row("families of input", families, "", 0 if named else 25, least=True)
    yield Row("mutated inputs tried", cases, "")
    yield Row("crashes", crashes, "", 0)
    yield Row("inputs that took longer than two seconds", slow, "", 0)
    yield Row("most memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", 300)


def _fuzzed(
    family: tuple[str, str, list[bytes], Consume], folder: Path, seconds: float, chance: random.Random
) -> tuple[int, int, int]:
    """How many inputs were tried, how many crashed, and how many took too long."""
    name, suffix, seeds, consume = family
    tried = broke = took = 0
    faults: dict[Any, int] = {}
    until = time.process_time() + seconds
    while time.process_time() < until:
        data, began = mutated(seeds, chance), time.process_time()
        tried += 1
        where: object = None
        try:
            consume(folder / f"input{suffix}", data)
        except REFUSED as refused:
            where = "more than one line" if "\x1b" in str(refused) else None
        except Exception as bug:
            place = traceback.extract_tb(bug.__traceback__)[-1]
            where = f"{type(bug).__name__}: {str(bug)[:80]} at {place.filename}:{place.lineno}"
        broke += where is not None
        if time.process_time() - began > SLOW:
            took, where = took + 1, where or f"{time.process_time() - began:.1f} s"
        if where is not None:
            faults[where] = faults.get(where, 0) + 1
            _keep(name, tried, data)
    for where in list(faults)[:PRINTED]:
        print(f"  {name}: {where} ({faults[where]} times)")
    return tried, broke, took


def _keep(name: str, number: int, data: bytes) -> None:
    if folder := os.environ.get("COACH_FUZZ_KEEP"):
        (Path(folder) / f"{name.replace(' ', '-')}-{number}").write_bytes(data)
