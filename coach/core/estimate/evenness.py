"""How evenly a runner runs: how much the pace wanders within half a minute, beyond what the device's own errors explain.

A recorded runner wanders by 2 to 8 %, some by 1 %. It shows in the difference of two means of a few seconds, some seconds
apart, less what noise leaves in it. So the coach knows how long a deviation must be watched before it is one that stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from coach.core.estimate.wander import between, left_in_mean

MEMORY = 31.0  # s: how long wandering lasts, by recorded runners on roads
MEAN, BACK = 8, 16  # s: of a mean, and from the earlier one to the later one
SUPPOSED = 0.025  # share: the wandering, one sd, of a runner of whom nothing is known
KNOWN, LONGEST = 90.0, 300.0  # s that this counts for, and over which wandering is averaged
NOISIEST = 0.03  # share: a difference that noise alone makes so large, as in a burst, tells nothing of the runner
LARGEST = 0.15  # share: a larger difference is a change of pace


def differ(memory: float) -> float:
    """The variance of the difference of the two means, of a wander of sd 1."""
    return 2 * (left_in_mean(1.0, memory, MEAN) - between(memory, MEAN, BACK - MEAN, MEAN))


class Evenness:
    """`wanders` is the share of the target by which the runner wanders about the pace, one sd."""

    def __init__(self, device_memory: float) -> None:
        """`device_memory` is how long the slow error of a device lasts, s."""
        self._runner, self._device = differ(MEMORY), differ(device_memory)
        self._variance, self._known = SUPPOSED**2 * self._runner, KNOWN

    @property
    def wanders(self) -> float:
        return sqrt(max(0.0, self._variance) / self._runner)

    def learn(self, sums: Sequence[tuple[float, float]], target: float, slow: float) -> None:
        """From the sums of residuals (m/s) and of their white variance, (m/s)²; `slow` is the variance of the slow error."""
        if len(sums) <= MEAN + BACK:
            return
        last, before = sums[-1], sums[-1 - MEAN]
        later, earlier = sums[-1 - BACK], sums[-1 - BACK - MEAN]
        noise = (last[1] - before[1] + later[1] - earlier[1]) / MEAN**2 + self._device * slow
        if noise > (NOISIEST * target) ** 2:
            return
        apart = (last[0] - before[0] - later[0] + earlier[0]) / MEAN
        square, most = apart * apart, (LARGEST * target) ** 2
        self._known = min(LONGEST, self._known + 1)
        self._variance += (((square if square < most else most) - noise) / target**2 - self._variance) / self._known
