"""Where `coach` begins: Ctrl-C ends it without a traceback, even while its modules are imported."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 130


def start() -> None:
    as_before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from coach.cli.main import main

    try:
        signal.signal(signal.SIGINT, as_before)
        main(prog_name="coach")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
