"""`python -m coach.cli` is `coach`."""

from coach.cli.start import start

start()
