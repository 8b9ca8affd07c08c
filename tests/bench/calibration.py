"""How often the error of the pace is within one sigma and within two, in steady running and while the pace changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from tests.bench.row import Row

BARS = {"steady": ((60.0, 76.0), (90.0, 98.0)), "changing": ((55.0, 80.0), (88.0, 98.0))}  # % within one sigma, and two
BESIDE = 10  # s before and after, whose means ...
CHANGED = 0.06  # ... differ by this share where a recorded runner changes pace
FEWEST = 100  # seconds: fewer tell nothing


class Calibration:
    """Feed it errors with their sigmas (m/s)."""

    def __init__(self) -> None:
        self._sizes: dict[str, list[float]] = {name: [] for name in BARS}

    def add(self, error: float, sigma: float, changing: bool) -> None:
        self._sizes["changing" if changing else "steady"].append(abs(error) / sigma)

    def rows(self, what: str, judged: bool = True) -> Iterator[Row]:
        """With their limits, if `judged`."""
        for name, sizes in self._sizes.items():
            for sigmas, (least, most) in enumerate(BARS[name], 1):
                if len(sizes) < FEWEST:
                    continue
                share = 100 * fmean(size <= sigmas for size in sizes)
                told = f"{what}, {name}: within {'one sigma' if sigmas == 1 else 'two'}"
                if not judged:
                    yield Row(told, share, "%")
                    continue
                yield Row(f"{told}, at least", share, "%", least, least=True)
                yield Row(f"{told}, at most", share, "%", most)


def is_changing(speeds: Sequence[float], second: int) -> bool:
    """Whether a recorded runner changes pace there."""
    before, after = speeds[max(0, second - BESIDE) : second], speeds[second : second + BESIDE]
    if not before or not after:
        return True
    return abs(fmean(before) - fmean(after)) > CHANGED * (fmean(before) + fmean(after)) / 2
