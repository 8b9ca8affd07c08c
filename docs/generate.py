"""A mkdocs hook: the pages that are made from the code at every build, so that they cannot be out of date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from inspect import getdoc, getsource
from pathlib import Path
from typing import Any

import click

from coach.cli.main import COMMANDS, load, main
from coach.core.policy import Policy
from coach.core.speech.rule import MEASURED
from coach.core.speech.rules import RULES
from devices.kinds import KINDS, declared

ROOT = Path(__file__).resolve().parent.parent
_CONSTANT = re.compile(r"    (\w+): \w+ = [\d.]+  # (.+)")


def policy() -> str:
    """Each constant of the policy, by subject: its default, and the comment beside it in the code."""
    made = ["# Policy", "", "Each of these constants may be set in the config. This page is made from the code."]
    for subject in fields(Policy()):
        of = getattr(Policy(), subject.name)
        meaning = dict(_CONSTANT.findall(getsource(type(of))))
        made += ["", f"## [coach.policy.{subject.name}]", "", getdoc(of) or "", ""]
        made += ["| constant | default | what it does |", "|---|---|---|"]
        made += [f"| `{each.name}` | {getattr(of, each.name)} | {_cell(meaning[each.name])} |" for each in fields(of)]
    return "\n".join(made) + "\n"


def commands() -> str:
    """What `coach COMMAND --help` prints, for each command."""
    made = ["# Command line", "", "What `coach COMMAND --help` prints. This page is made from the code.", ""]
    above = click.Context(main, info_name="coach", terminal_width=100)
    for name in COMMANDS:
        told = click.Context(load(name), parent=above, info_name=name, terminal_width=100).get_help()
        made += [f"## coach {name}", "", "```text", told, "```", ""]
    return "\n".join(made)


def cues() -> str:
    """Every kind of cue: the event that becomes it, from which verbosity on it is said, and why."""
    made = [
        "# Cues",
        "",
        "What the coach says, the most urgent first. A kind is turned on or off in `[coach] cues`. A constant in",
    ]
    made += ["braces is on the page [Policy](policy.md). This page is made from the code.", ""]
    made += ["| kind | event | from verbosity | because |", "|---|---|---|---|"]
    for kind, rule in sorted(RULES.items(), key=lambda row: row[1].priority):
        reason = "the pace was too far off the target" if rule.because == MEASURED else rule.because
        made.append(f"| `{kind}` | `{rule.event or kind}` | {rule.since} | {_cell(reason)} |")
    return "\n".join(made) + "\n"


def device_options() -> str:
    """Every option of every kind of device, as its row declares it."""
    made = ["# Device options", "", "What may stand in a `[[source]]`, for each `kind`. This page is made from the code."]
    for kind, row in KINDS.items():
        made += ["", f"## {kind}", "", "| option | what it is | default |", "|---|---|---|"]
        for each in declared(row):
            bounds = f", {each.least:g} to {each.most:g}" if each.least is not None and each.most is not None else ""
            words = f" ({', '.join(each.choices)})" if each.choices else ""
            default = "" if each.default is None else f"`{each.default}`"
            made.append(f"| `{each.name}` | {_cell(each.what + words + bounds)} | {default} |")
    return "\n".join(made) + "\n"


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|")


def _copied(path: str) -> Callable[[], str]:
    return lambda: (ROOT / path).read_text()


PAGES: dict[str, Callable[[], str]] = {
    "policy.md": policy,
    "commands.md": commands,
    "cues.md": cues,
    "device-options.md": device_options,
    "how-it-works.md": _copied("coach/README.md"),
    "add-a-device.md": _copied("devices/README.md"),
}


def on_files(files: Any, config: Any) -> Any:
    """Called by mkdocs, which the tests do without: they read the pages above."""
    from mkdocs.structure.files import File

    for name, made in PAGES.items():
        files.append(File.generated(config, name, content=made()))
    return files
