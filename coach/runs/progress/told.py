"""The progress of some runs in lines for people: a table of what was measured, and what to train next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from coach.core.plan.segments import Kind
from coach.runs.progress.trends import Mean, Trend
from coach.ui.table import aligned

NONE = "–"
NAMES = {  # in the order of the table; {unit} is km or mi
    "error": "off the pace, s/{unit}",
    **{f"error {kind.value}": f"  {kind.value}" for kind in Kind},
    "first": "first third, s/{unit} fast",
    "middle": "middle third",
    "last": "last third",
    "drift": "from first to last",
    "gain": "nearer after a correction, s/{unit}",
    "reaction": "until the pace is right again, s",
    "alone": "right without help, %",
}
WORTH = 3.0  # s per km or mile that are worth training for
STANDS_OUT = 1.3  # times the mean error, from which a kind of segment stands out
MUCH, LITTLE = 85.0, 60.0  # per cent run right without help

Trends = Mapping[str, Trend]
Advice = tuple[Callable[[Trends], bool], str]


def text(found: Trends, days: list[float], unit: str) -> Iterator[str]:
    """`days` are the Unix times of the runs, in order."""
    first, last = (f"{datetime.fromtimestamp(day):%d %b %Y}" for day in (days[0], days[-1]))
    yield f"{len(days)} runs, {first} to {last}" if len(days) > 1 else f"1 run, {first}"
    yield ""
    yield from aligned(_rows(found, unit))
    yield ""
    yield "± is where the true mean lies, nine times of ten. Neither better nor worse: chance explains the change."
    yield ""
    yield "To train next"
    yield from (f"  {each}" for each in advice(found, unit))


def advice(found: Trends, unit: str) -> list[str]:
    """What stands out, the most important first; one line if nothing does."""
    told = [line.format(**_numbers(found), unit=unit, kind=_worst(found)) for applies, line in ADVICE if applies(found)]
    return told or ["Nothing stands out: the same again, or one step faster."]


def _rows(found: Trends, unit: str) -> Iterator[tuple[str, ...]]:
    yield "", "all", "earlier", "later", "change", ""
    for name, told in NAMES.items():
        if trend := found.get(name):
            means = (trend.whole, trend.earlier, trend.later)
            yield told.format(unit=unit), *map(_told, means), _told(trend.change, "+"), trend.verdict


def _told(mean: Mean | None, sign: str = "") -> str:
    if mean is None:
        return NONE
    return f"{mean.value:{sign}.1f}" + ("" if mean.give is None else f" ± {mean.give:.1f}")


def _numbers(found: Trends) -> dict[str, str]:
    return {
        name: f"{abs(found[name].whole.value):.0f}" if name in found else "" for name in ("first", "last", "drift", "alone")
    }


def _worst(found: Trends) -> str:
    """The kind of segment with the largest error; empty if none is known."""
    errors = {name: each.whole.value for name, each in found.items() if name.startswith("error ")}
    return max(errors, key=errors.__getitem__, default="").removeprefix("error ")


def _surely(name: str, sign: int) -> Callable[[Trends], bool]:
    """Whether a measure is surely on that side, by as much as is worth training for."""

    def applies(found: Trends) -> bool:
        mean = found[name].whole if name in found else None
        return mean is not None and mean.is_sure and sign * mean.value >= WORTH

    return applies


def _stands_out(found: Trends) -> bool:
    kinds = [name for name in found if name.startswith("error ")]
    worst = found.get(f"error {_worst(found)}")
    if worst is None or len(kinds) < 2:
        return False
    return worst.whole.value >= max(WORTH, STANDS_OUT * found["error"].whole.value)


def _alone(least: float, most: float) -> Callable[[Trends], bool]:
    return lambda found: "alone" in found and least <= found["alone"].whole.value < most


ADVICE: tuple[Advice, ...] = (
    (
        _surely("first", 1),
        "Start more slowly: the first third is {first} s/{unit} fast. Run its first minutes by feel, then look.",
    ),
    (_surely("first", -1), "Start a little faster: the first third is {first} s/{unit} slow. Warm up longer before it."),
    (
        _surely("drift", -1),
        "Hold the end: you lose {drift} s/{unit} from the first third to the last. Plan smaller steps, run more easy.",
    ),
    (
        _surely("drift", 1),
        "You gain {drift} s/{unit} from the first third to the last: plan a faster end, and keep it for then.",
    ),
    (_stands_out, "Of all kinds of segment, {kind} is the furthest off: run one more of them, shorter, at the same pace."),
    (_alone(0.0, LITTLE), "Only {alone} % was right without help: easier paces or wider bands will teach you more."),
    (_alone(MUCH, 101.0), '{alone} % was right without help: try verbosity = "quiet".'),
)
