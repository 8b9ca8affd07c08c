"""What commands share: expected errors become one line and an exit code; options that several commands have."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from coach.config import Config

FITNESS = "coach.fitness"  # of click's context: what was typed of the runner's fitness
OK, FAILED, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130


def guarded(command: Callable[..., int | None]) -> Callable[..., None]:
    """Expected errors print one line and exit: 2 for invalid input, 3 for a missing device."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        from coach.errors import InvalidSettings
        from devices.api import InvalidFile, Unavailable

        try:
            code = command(*args, **options)
        except (InvalidSettings, InvalidFile) as wrong:
            click.echo(str(wrong), err=True)
            code = USAGE
        except Unavailable as missing:
            click.echo(f"{missing}" + (f"\n  {missing.hint}" if missing.hint else ""), err=True)
            code = MISSING
        except KeyboardInterrupt:
            code = INTERRUPTED
        except BrokenPipeError:
            sys.stderr.close()  # the reader closed the pipe, as `head` does
            code = OK
        sys.exit(code or OK)

    return run


def _keep_fitness(context: click.Context, option: click.Parameter, typed: str | None) -> None:
    if typed:
        context.meta.setdefault(FITNESS, {})[str(option.name)] = typed


def fitness_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The runner's fitness, for the paces that a workout only names, instead of the config's."""
    race = click.option("--race", expose_value=False, callback=_keep_fitness,
                        help='Your fitness, such as "10k 50:00", for paces by name. Default: the config\'s.')  # fmt: skip
    easy = click.option("--easy-pace", expose_value=False, callback=_keep_fitness,
                        help="Without a race: the pace of your easy runs, such as 7:00/km.")  # fmt: skip
    return race(easy(command))


def plain_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Lines in place of the live screen."""
    told = "Print lines instead of the live screen."
    option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option("--plain", is_flag=True, help=told)
    return option(command)


def ignored_here() -> Path | None:
    """A config in the current folder, where many programs look, but this one does not."""
    from coach.config import default_path
    from coach.errors import read_at_most
    from coach.toml import LARGEST

    here = Path("config.toml")
    try:
        is_ours = re.search(rb"(?m)^\s*\[(?:runner|voice|coach|\[?source)\b", read_at_most(here, LARGEST)) is not None
    except OSError:
        return None
    return here if is_ours and here.resolve() != default_path().resolve() else None


def settings_of(config: Path | None) -> Config:
    """The config, with the fitness that was typed."""
    from coach.config import load

    if config is None and (here := ignored_here()):
        click.echo(f"{here} in this folder is not used; to use it, type --config {here}", err=True)
    return load(config, click.get_current_context().meta.get(FITNESS, {}))


def may_write(path: Path | None) -> bool:
    """Asks before a file is replaced, where there is somebody to ask."""
    if path is None or not path.exists() or sys.stdin is None or not sys.stdin.isatty():
        return True
    return click.confirm(f"{path} exists. Replace it?", err=True)


def run_names(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """For the shell's completion: the runs whose name begins so."""
    from coach.runs import store

    return [name for name in ("last", *(run.name for run in store.list_runs())) if name.startswith(begun)]


def workout_files(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """For the shell's completion: files, though words work too."""
    return [CompletionItem(begun, type="file")]


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line on stdout.")
estimates_option = click.option("--estimates", is_flag=True, help="With --json: also print an estimate for each second.")
heat_option = click.option(
    "--heat", type=float, metavar="CELSIUS", help="The temperature that it feels like: heat makes paces slower."
)
wav_option = click.option(
    "--wav", type=click.Path(path_type=Path, dir_okay=False), help="Write what is heard to this WAV file."
)
whole_option = click.option(
    "--whole", is_flag=True, help="With --wav: as long as the run, with the metronome. Default: silences are cut."
)
out_option = click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the workout to this file."
)
