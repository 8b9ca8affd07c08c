"""Generates the demo's track: a runner with pacing habits, on a road with a tunnel, and the receiver in his vest.

Nobody ran it: it is generated, and says so in its first line. ``python -m coach.demo.generate > run.nmea``
writes the bundled file again, byte for byte.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import xor

SEED = 7
START = datetime(2026, 5, 14, 5, 30, tzinfo=UTC)
HOME = (47.3605, 8.5515)  # degrees: beside a lake
METRES_PER_DEGREE = 111_320.0
KNOT = 1852 / 3600  # m/s
RESPONSE = 4.0  # s: the time constant with which the legs follow the intended speed
TUNNEL = (735, 775)  # s: without a satellite from the first to the second

# (second, intended speed in m/s): too fast in the warm-up, behind the ramp, late at the peak.
WILL = [(0, 2.56), (100, 2.78), (185, 2.58), (300, 2.74), (420, 2.90), (500, 2.86), (620, 3.06), (700, 3.22),
        (860, 3.40), (900, 3.30), (985, 3.60), (1080, 3.55), (1085, 2.6), (1200, 2.5)]  # fmt: skip
LENGTH = 1206  # s


def run() -> Iterator[tuple[int, float, float, float, float]]:
    """For each second: time, latitude, longitude, true speed (m/s) and course (degrees)."""
    chance = random.Random(SEED)
    lat, lon = HOME
    speed, wander, course = 0.0, 0.0, 20.0
    for second in range(LENGTH):
        wander += -wander / 12 + chance.gauss(0, 0.02)
        speed += (_will(second) + wander - speed) / RESPONSE
        course = (course + chance.gauss(0.15, 0.6)) % 360
        lat += speed * math.cos(math.radians(course)) / METRES_PER_DEGREE
        lon += speed * math.sin(math.radians(course)) / METRES_PER_DEGREE / math.cos(math.radians(lat))
        yield second, lat, lon, speed, course


def nmea() -> Iterator[str]:
    """The receiver's sentences, an epoch a second: RMC with the Doppler speed, GGA, and GST with the accuracy."""
    chance = random.Random(SEED + 1)
    yield "# A generated run for the demo of progression-coach; nobody ran it. See coach/demo/generate.py"
    for second, lat, lon, speed, course in run():
        moment = START + timedelta(seconds=second)
        clock, date = moment.strftime("%H%M%S.00"), moment.strftime("%d%m%y")
        if TUNNEL[0] <= second < TUNNEL[1]:
            yield _sentence(f"GPRMC,{clock},V,,,,,,,{date},,,N")
            continue
        place = f"{_degrees(lat, 2)},N,{_degrees(lon, 3)},E"
        seen = max(0.0, speed + chance.gauss(0, 0.05))
        yield _sentence(f"GPRMC,{clock},A,{place},{seen / KNOT:.3f},{course:.1f},{date},,,A")
        yield _sentence(f"GPGGA,{clock},{place},1,10,0.9,408.0,M,48.0,M,,")
        yield _sentence(f"GPGST,{clock},3.0,,,,1.4,1.5,2.6")


def _will(second: int) -> float:
    """The intended speed (m/s), interpolated linearly between the points of WILL."""
    for (before, slow), (after, fast) in pairwise(WILL):
        if before <= second < after:
            return slow + (fast - slow) * (second - before) / (after - before)
    return WILL[-1][1]


def _degrees(value: float, digits: int) -> str:
    whole = int(value)
    return f"{whole:0{digits}}{(value - whole) * 60:08.5f}"


def _sentence(body: str) -> str:
    return f"${body}*{reduce(xor, body.encode()):02X}"


if __name__ == "__main__":
    sys.stdout.writelines(line + "\r\n" for line in nmea())
