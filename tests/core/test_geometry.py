"""The path that all steps make: it is as long as if every position had been compared with the last corner."""

from __future__ import annotations

from math import cos, radians, sin
from random import Random

import pytest

from coach.core.geometry import Path
from devices.sample import Fix, Mode

DEGREE = 111_195.0  # m of latitude


def _walk(chance: Random) -> list[Fix]:
    """A runner who turns, stops, is lost for some seconds, and leaps once."""
    north = east = 0.0
    fixes, course = [], 0.0
    for second in range(400):
        course += chance.gauss(0.0, 25.0)
        speed = 0.0 if 100 < second < 120 else chance.uniform(1.0, 4.0)
        north += speed * cos(radians(course)) + (500.0 if second == 250 else 0.0)
        east += speed * sin(radians(course))
        known = not 180 < second < 190
        fix = Fix(float(second), "gps", north / DEGREE, east / DEGREE, mode=Mode.FIX_3D)
        fixes.append(fix if known else fix._replace(lat=None, lon=None))
    return fixes


@pytest.mark.parametrize("seed", range(3))
def test_a_path_by_steps_is_as_long_as_one_by_positions_alone(seed: int) -> None:
    by_steps, alone, before = Path(), Path(), None
    for fix in _walk(Random(seed)):
        by_steps.step(before, fix)
        alone.feed(fix)
        before = fix
        assert by_steps.metres == alone.metres
        if fix.at == 300.0:
            by_steps.forget()
            alone.forget()
            before = None
    assert 500.0 < alone.metres < 1000.0
