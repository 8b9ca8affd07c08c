"""One frame of the live screen: a state as lines of styled text for a terminal of any size from 40 columns on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from coach.core.units import clock_text, pace_text, speed_text
from coach.ui.live.curve import ASCII, UNICODE, Trail, curve, gauge
from coach.ui.live.digits import big
from coach.ui.outline import Outline
from coach.ui.state import State
from coach.ui.terminal import one_line
from coach.ui.told import Told
from coach.voice.words.screen import Screen

# Styles are the parameters of the terminal's SGR command; none carries a meaning that no word carries
PLAIN, BOLD, DIM, REVERSED = "", "1", "2", "7"
OF_SIDE = {"inside": "1;32", "slow": "1;33", "fast": "1;31", None: "1"}
LARGE_FROM = 34, 90  # lines and columns from which the figures are twice as large
LEAST_CURVE, MOST_CURVE = 4, 16  # lines of the curve; with fewer than the least there is none
ALL, SOME, NONE = "all", "some", "none"  # keys that are shown
GAP = "   "  # between two keys in the phrase of all keys
LABEL = 7  # columns for the paces beside the curve


class Piece(NamedTuple):
    """Text in one style."""

    text: str
    style: str = PLAIN


Line = list[Piece]


@dataclass(frozen=True, slots=True)
class Look:
    """What a frame shows beside the state: the plan, what was run, hints, and how the terminal can show it."""

    outline: Outline
    trail: Trail
    screen: Screen
    unit: str  # "km" or "mi"
    width: int
    height: int
    ascii_only: bool = False
    keys: str = SOME  # ALL stand in place of the curve, NONE is of use
    note: str = ""


def frame(state: State, told: Told, look: Look) -> list[Line]:
    """Exactly `look.height` lines, none wider than `look.width`; the keys are on the last."""
    large = look.height >= LARGE_FROM[0] and look.width >= LARGE_FROM[1]
    top = [_title(state, told, look), *_pace(state, told, look, 2 if large else 1), *_gauge(state, look)]
    words = [[Piece(f"{clock_text(each.at):>8}  "), Piece(one_line(each.text), BOLD)] for each in state.said]
    below = [_segment(state, told, look), [Piece(" " + told.next)], _status(told)]
    if told.warning or look.note:
        below.append([Piece(" " + (told.warning or one_line(look.note)), REVERSED if told.warning else DIM)])
    words = words[-1 - (look.height >= 12) - (look.height >= 18) :]
    room = look.height - len(top) - len(below) - len(words) - 1
    middle = _keys(look, room) if look.keys == ALL else _curve(state, look, room)
    blanks: list[Line] = [[] for _ in range(max(0, room - len(middle)))]
    half = len(blanks) // 2
    lines = [*top, *blanks[:half], *middle, *blanks[half:], *below, *words]
    shown = lines[: look.height - 1]
    shown += [[] for _ in range(look.height - 1 - len(shown))]
    return [_cut(line, look.width) for line in [*shown, _last(look)]]


def _title(state: State, told: Told, look: Look) -> Line:
    right = f"{told.elapsed}   {told.distance} "
    phase = f" {told.phase} "
    room = look.width - cell_len(right) - cell_len(phase) - 2
    left = set_cell_size(" " + look.screen.name(one_line(state.name)), max(0, room))
    return [Piece(left, BOLD), Piece(phase, REVERSED if state.phase != "running" else DIM), Piece("  "), Piece(right)]


def _pace(state: State, told: Told, look: Look, times: int) -> list[Line]:
    """The pace in big figures, and beside it the target, the band and how far off; in one line where there is little room.

    At the end the time and the way take their places.
    """
    ended = state.phase == "done"
    style = BOLD if ended else OF_SIDE[state.side]
    figures, unit = (told.elapsed, told.distance) if ended else (told.pace, told.unit)
    aim = f"{look.screen.live('target')} {told.target}" if told.target and not ended else ""
    if look.height < 14:
        gap = "  " if ended else ""
        return [[Piece(f" {figures}{gap}{unit}  ", style), Piece(aim + "  "), _word(state, told)]]
    rows = big(figures, times, look.ascii_only)
    beside = [[Piece(unit)], [Piece(aim, BOLD), Piece("" if ended else f"  {told.band}", DIM)], [_word(state, told)]]
    start = (len(rows) - len(beside)) // 2
    lines = []
    for number, row in enumerate(rows):
        extra = beside[number - start] if 0 <= number - start < len(beside) else []
        lines.append([Piece("  " + row + "   ", style), *extra])
    return [[], *lines] if look.height >= 18 else lines


def _word(state: State, told: Told) -> Piece:
    """The one that matters now: how far off the pace is, or why there is none."""
    if state.phase != "running":
        return Piece(f" {told.phase} ", REVERSED)
    return Piece(f" {told.signal} ", REVERSED) if state.signal == "none" else Piece(told.off, OF_SIDE[state.side])


def _gauge(state: State, look: Look) -> list[Line]:
    drawn = gauge(state, look.width - 4, ASCII if look.ascii_only else UNICODE)
    lines: list[Line] = [[Piece("  "), Piece(drawn, OF_SIDE[state.side])]] if drawn else []
    return [[], *lines] if lines and look.height >= 22 else lines


def _curve(state: State, look: Look, room: int) -> list[Line]:
    rows = min(MOST_CURVE, room)
    if rows < LEAST_CURVE:
        return []
    marks = ASCII if look.ascii_only else UNICODE
    drawn, highest, lowest = curve(look.outline, look.trail, state.place, look.width - LABEL - 2, rows, marks)
    if not drawn:
        return []
    told = speed_text if state.treadmill else pace_text
    labels = [told(highest, look.unit), *[""] * (rows - 2), told(lowest, look.unit)]
    short = (label.partition("/" if not state.treadmill else " ")[0] for label in labels)
    return [[Piece(f"{label:>{LABEL - 1}} ", DIM), Piece(line)] for label, line in zip(short, drawn, strict=True)]


def _segment(state: State, told: Told, look: Look) -> Line:
    """The segment, how much of it is behind, and how much is left."""
    name, left = f" {told.segment}  ", f"  {told.left}"
    columns = min(40, look.width - cell_len(name) - cell_len(left) - 1)
    if columns < 6:
        return [Piece(name, BOLD), Piece(left)]
    behind = round(state.done * columns)
    full, empty = ("#", ".") if look.ascii_only else ("█", "░")
    return [Piece(name, BOLD), Piece(full * behind + empty * (columns - behind)), Piece(left, BOLD)]


def _status(told: Told) -> Line:
    return [Piece(" " + "   ".join(filter(None, (told.ahead, told.signal, told.heart))))]


def _keys(look: Look, room: int) -> list[Line]:
    """Each key on a line of its own, as far as there is room."""
    keys = [each.strip() for each in look.screen.live("keys").split(GAP)]
    return [[Piece("  " + each)] for each in keys[: max(0, room)]]


def _last(look: Look) -> Line:
    """All keys, or the first ones that there is room for, and the key that shows the others."""
    if look.keys == NONE:
        return [Piece(" Ctrl-C", DIM)]
    keys, more = look.screen.live("keys"), look.screen.live("more")
    if cell_len(keys) + 1 <= look.width:
        return [Piece(" " + keys, DIM)]
    shown = keys.split(GAP)
    while shown and cell_len(GAP.join([*shown, more])) + 1 > look.width:
        shown.pop()
    return [Piece(" " + GAP.join([*shown, more]), DIM)]


def _cut(line: Line, width: int) -> Line:
    """As much of the line as the width has room for."""
    kept: Line = []
    for text, style in line:
        room = width - sum(cell_len(piece.text) for piece in kept)
        if cell_len(text) > room:
            return [*kept, Piece(set_cell_size(text, room), style)] if room > 0 else kept
        kept.append(Piece(text, style))
    return kept
