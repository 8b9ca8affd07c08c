"""Correlated noise of sd 1 (Ornstein-Uhlenbeck, `memory` in s): what it leaves in a mean of seconds, and between two means."""

from __future__ import annotations

from math import exp


def left_in_mean(sd: float, memory: float, count: int) -> float:
    """The variance that correlated noise (sd, correlation time `memory` s) leaves in a mean of `count` seconds."""
    keep = exp(-1 / memory)
    together = sum((count - apart) * keep**apart for apart in range(1, count))
    return sd * sd * (count + 2 * together) / count**2


def between(memory: float, first: int, gap: int, second: int) -> float:
    """The covariance of the mean of `first` seconds with that of `second` seconds which end `gap` s before those begin."""
    pairs = (exp(-(one + gap + other + 1) / memory) for one in range(first) for other in range(second))
    return sum(pairs) / (first * second)
