"""Big figures for a terminal: two pixels to a character, one above the other, so that six rows of a figure take three lines."""

from __future__ import annotations

# Six rows a figure, a pixel each character
_FIGURES = {
    "0": (" ### ", "#   #", "#   #", "#   #", "#   #", " ### "),
    "1": ("  #  ", " ##  ", "  #  ", "  #  ", "  #  ", " ### "),
    "2": (" ### ", "#   #", "   # ", "  #  ", " #   ", "#####"),
    "3": ("#### ", "    #", " ### ", "    #", "    #", "#### "),
    "4": ("#  # ", "#  # ", "#  # ", "#####", "   # ", "   # "),
    "5": ("#####", "#    ", "#### ", "    #", "    #", "#### "),
    "6": (" ### ", "#    ", "#### ", "#   #", "#   #", " ### "),
    "7": ("#####", "    #", "   # ", "  #  ", " #   ", " #   "),
    "8": (" ### ", "#   #", " ### ", "#   #", "#   #", " ### "),
    "9": (" ### ", "#   #", "#   #", " ####", "    #", " ### "),
    ":": (" ", "#", " ", " ", "#", " "),
    ".": (" ", " ", " ", " ", " ", "#"),
    "–": ("     ", "     ", "#####", "     ", "     ", "     "),
}
_ROWS = 6
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_ASCII = {(False, False): " ", (True, False): '"', (False, True): "_", (True, True): "#"}


def big(text: str, times: int = 1, ascii_only: bool = False) -> list[str]:
    """Lines of equal length that show a pace; `times` as large. What has no figure is left out."""
    figures = [_FIGURES[each] for each in text if each in _FIGURES]
    marks = _ASCII if ascii_only else _BLOCKS
    rows = ["  ".join("".join(pixel * times for pixel in figure[row]) for figure in figures) for row in range(_ROWS)]
    rows = [row for row in rows for _ in range(times)]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(marks[above == "#", below == "#"] for above, below in zip(*pair, strict=True)) for pair in pairs]
