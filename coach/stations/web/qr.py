"""An address as a QR code for a terminal: two rows of squares in a line, black on white whatever the terminal's colours."""

from __future__ import annotations

from itertools import zip_longest

QUIET = 2  # squares around the code; four are the norm, two are read by every phone and fit 24 lines
BLACK_ON_WHITE, AS_BEFORE = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def lines(text: str) -> list[str]:
    """The code of a text. Needs segno."""
    import segno

    rows = [[bool(square) for square in row] for row in segno.make(text, error="l", micro=False).matrix_iter(border=QUIET)]
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=[False] * len(rows[0]))
    return [
        BLACK_ON_WHITE + "".join(HALVES[above, below] for above, below in zip(*pair, strict=True)) + AS_BEFORE for pair in pairs
    ]
