"""The progress of some runs in lines for people: a table of what was measured, and what to train next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from coach.core.plan.segments import Kind
from coach.runs.progress.trends import Mean, Trend
from coach.runs.report.texts import Texts
from coach.ui.table import aligned

NONE = "–"
NAMES = ("error", *(f"error {kind.value}" for kind in Kind), "first", "middle", "last", "drift", "gain", "reaction", "alone")
OF_A_KIND = "error "  # the error in one kind of segment is named after it
WORTH = 3.0  # s per km or mile that are worth training for
STANDS_OUT = 1.3  # times the mean error, from which a kind of segment stands out
MUCH, LITTLE = 85.0, 60.0  # per cent run right without help

Trends = Mapping[str, Trend]
Advice = tuple[Callable[[Trends], bool], str]


def text(found: Trends, days: list[float], unit: str, texts: Texts) -> Iterator[str]:
    """`days` are the Unix times of the runs, in order."""
    yield between(days, texts)
    yield ""
    yield from aligned([("", *columns(texts)), *rows(found, unit, texts)])
    yield ""
    yield texts("progress", "give")
    yield ""
    yield texts("train", "title")
    yield from (f"  {each}" for each in advice(found, unit, texts))


def between(days: list[float], texts: Texts) -> str:
    """How many runs, and from when to when."""
    first, last = (date(day) for day in (days[0], days[-1]))
    return texts("progress", "runs" if len(days) > 1 else "run", count=len(days), first=first, last=last)


def date(day: float) -> str:
    return f"{datetime.fromtimestamp(day):%Y-%m-%d}"


def columns(texts: Texts) -> tuple[str, ...]:
    return (*(texts("progress", name) for name in ("all", "earlier", "later", "change")), "")


def rows(found: Trends, unit: str, texts: Texts) -> Iterator[tuple[str, ...]]:
    """The table: a measure, its means over all runs and each half, by how much they differ, and whether that is better."""
    for name in NAMES:
        if trend := found.get(name):
            means = (told_mean(mean, texts) for mean in (trend.whole, trend.earlier, trend.later))
            verdict = texts("progress", trend.verdict) if trend.verdict else ""
            yield name_of(name, unit, texts), *means, told_mean(trend.change, texts, "+"), verdict


def name_of(measure: str, unit: str, texts: Texts) -> str:
    if measure.startswith(OF_A_KIND):
        return f"  {_kind(measure, texts)}"
    return texts("progress", measure, unit=unit)


def told_mean(mean: Mean | None, texts: Texts, sign: str = "") -> str:
    if mean is None:
        return NONE
    return texts.number(f"{mean.value:{sign}.1f}" + ("" if mean.give is None else f" ± {mean.give:.1f}"))


def advice(found: Trends, unit: str, texts: Texts) -> list[str]:
    """What stands out, the most important first; one line if nothing does."""
    worst = _worst(found)
    filled = _numbers(found) | {"unit": unit, "kind": _kind(worst, texts) if worst else ""}
    return [texts("train", line, **filled) for applies, line in ADVICE if applies(found)] or [texts("train", "same")]


def _kind(measure: str, texts: Texts) -> str:
    return texts.name(Kind(measure.removeprefix(OF_A_KIND)).label)


def _numbers(found: Trends) -> dict[str, object]:
    return {
        name: f"{abs(found[name].whole.value):.0f}" if name in found else "" for name in ("first", "last", "drift", "alone")
    }


def _worst(found: Trends) -> str:
    """The measure of the kind of segment with the largest error; empty if none is known."""
    errors = {name: each.whole.value for name, each in found.items() if name.startswith(OF_A_KIND)}
    return max(errors, key=errors.__getitem__, default="")


def _surely(name: str, sign: int) -> Callable[[Trends], bool]:
    """Whether a measure is surely on that side, by as much as is worth training for."""

    def applies(found: Trends) -> bool:
        mean = found[name].whole if name in found else None
        return mean is not None and mean.is_sure and sign * mean.value >= WORTH

    return applies


def _stands_out(found: Trends) -> bool:
    kinds = [name for name in found if name.startswith(OF_A_KIND)]
    worst = found.get(_worst(found))
    if worst is None or len(kinds) < 2:
        return False
    return worst.whole.value >= max(WORTH, STANDS_OUT * found["error"].whole.value)


def _alone(least: float, most: float) -> Callable[[Trends], bool]:
    return lambda found: "alone" in found and least <= found["alone"].whole.value < most


ADVICE: tuple[Advice, ...] = (  # when it is given, and its text in [train]
    (_surely("first", 1), "start_over"),
    (_surely("first", -1), "start_under"),
    (_surely("drift", -1), "end_under"),
    (_surely("drift", 1), "end_over"),
    (_stands_out, "kind"),
    (_alone(0.0, LITTLE), "easier"),
    (_alone(MUCH, 101.0), "quieter"),
)
