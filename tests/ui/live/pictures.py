"""Pictures of the terminal for the documentation: `python -m tests.ui.live.pictures docs/screens`, with tmux and chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.terminal_theme import MONOKAI, TerminalTheme
from rich.text import Text

from coach.ui.live.screen import LiveScreen
from coach.ui.state import State
from coach.ui.told import Teller
from coach.ui.views import Lines
from coach.ui.watching import Watching
from tests.patience import wait_until
from tests.stations.steered import Steered
from tests.stations.web.browser import Tab, browser
from tests.stations.web.pictures import moments
from tests.stations.web.visitors import demo

TMUX = shutil.which("tmux")
SIZES = ((80, 24), (120, 40), (50, 15))
SERVER = "coach-pictures"  # a tmux of our own
PAGE = (
    '<meta charset="utf-8"><body style="margin:0"><pre style="font:16px/20px \'DejaVu Sans Mono\',monospace;margin:0;'
    'padding:12px;display:inline-block;color:{foreground};background:{background}">{code}</pre>'
)
SIZE = "(b => [Math.ceil(b.width), Math.ceil(b.height)])(document.querySelector('pre').getBoundingClientRect())"


@contextmanager
def terminal(columns: int, lines: int) -> Iterator[Path]:
    """A terminal of tmux: what is written to this file stands on it."""
    tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), "sleep 600")
    tmux("set", "-g", "status", "off")
    tmux("resize-window", "-x", str(columns), "-y", str(lines))
    try:
        yield Path(tmux("display", "-p", "#{pane_tty}").strip())
    finally:
        tmux("kill-server")


def tmux(*command: str) -> str:
    done = subprocess.run(
        [TMUX or "tmux", "-L", SERVER, "-f", "/dev/null", *command], capture_output=True, text=True, check=True
    )
    return done.stdout


def drawn(watching: Watching, states: list[State], moment: State, teller: Teller, size: tuple[int, int]) -> str:
    """What a terminal of so many columns and lines shows at a moment of a run, with the commands for its styles."""
    with terminal(*size) as file, file.open("w", encoding="utf-8") as stream:
        unit = "mi" if moment.units == "imperial" else "km"
        screen = LiveScreen(Lines(write=lambda line: None), teller, unit, stream)
        with screen(watching, lambda key: None) as show:
            for state in states:
                if state.at <= moment.at:
                    show(state)
            show(moment)
            told = teller.told(moment)
            wait_until(lambda: f"{told.elapsed}   {told.distance}" in tmux("capture-pane", "-p"))
            shown = ""
            while shown != (shown := tmux("capture-pane", "-e", "-p")):
                time.sleep(0.1)  # until the frame is whole: then nothing of it changes any more
            return shown


def picture(tab: Tab, shown: str, size: tuple[int, int], theme: TerminalTheme, path: Path) -> None:
    console = Console(record=True, width=size[0], file=StringIO(), legacy_windows=False)
    # The export knows no reversed default colours
    shown = re.sub(r"\x1b\[(0;)?7m(\x1b\[39m\x1b\[49m)?", "\x1b[0;30;47m", shown.rstrip("\n"))
    lines = list(AnsiDecoder().decode(shown))  # a style lasts from line to line
    for line in [*lines, *[Text()] * (size[1] - len(lines))]:
        console.print(line, no_wrap=True, crop=True)
    html = console.export_html(theme=theme, inline_styles=True, code_format=PAGE)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as page:
        page.write(html)
        page.flush()
        tab.open(f"file://{page.name}")
        tab.wait_for(f"location.href.endsWith('{Path(page.name).name}') && document.querySelector('pre') != null")
        width, height = tab.ask(SIZE)
        tab.shape(max(width, 600), height)
        tab.picture(path)


def main(folder: Path) -> None:
    _, states = demo()
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as tab:
        for name, moment in moments(states):
            for size in SIZES:
                shown = drawn(Steered().watching, states, moment, Teller("en", "metric"), size)
                picture(tab, shown, size, MONOKAI, folder / f"terminal-{name}-{size[0]}x{size[1]}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
