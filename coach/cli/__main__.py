"""`python -m coach.cli` is `coach`."""

from coach.cli.main import main

main(prog_name="coach")
