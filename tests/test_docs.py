"""The pages name what the code has: every event, kind of journal line, plug-in group, constant, command and option."""

import ast
import importlib.util
import re
from dataclasses import asdict, fields
from pathlib import Path
from types import ModuleType

import pytest

from coach.cli.main import COMMANDS
from coach.core.policy import Policy
from coach.core.speech.rules import RULES
from coach.runs.entries import _KINDS
from devices import plugins
from devices.kinds import KINDS, declared

ROOT = Path(__file__).parent.parent


def emitted() -> set[str]:
    """The name of every event that the core's source makes."""
    return {
        str(node.args[1].value)
        for path in (ROOT / "coach" / "core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Event"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }


def named(page: str) -> set[str]:
    return set(re.findall(r"`([\w.]+)`", (ROOT / "docs" / page).read_text()))


def test_every_event_is_on_the_page_of_json_lines_or_of_cues(generate: ModuleType) -> None:
    events = emitted()
    assert len(events) > 30, "the events were not found in coach/core"
    cues = set(re.findall(r"`([\w.]+)`", generate.cues()))
    assert set(RULES) <= cues
    assert not events - named("json-lines.md") - cues, "docs/json-lines.md: add a row for these events"


def test_every_kind_of_journal_line_is_on_its_page() -> None:
    assert not {*_KINDS, "run"} - named("journal.md"), "docs/journal.md: add a row for these kinds"


@pytest.mark.parametrize("group", [plugins.DEVICES, plugins.WORKOUTS, plugins.LANGUAGES, plugins.VOICES])
def test_every_plugin_group_is_on_its_page(group: str) -> None:
    assert group in named("plugins.md"), "docs/plugins.md: add a row for this group"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def policy(generate: ModuleType) -> str:
    return str(generate.policy())


@pytest.mark.parametrize("subject", [each.name for each in fields(Policy)])
def test_every_constant_of_the_policy_is_on_its_page_with_its_default(policy: str, subject: str) -> None:
    page = policy.split(f"\n## [coach.policy.{subject}]\n")[1].split("\n## ")[0]
    for name, value in asdict(getattr(Policy(), subject)).items():
        assert f"| `{name}` | {value} |" in page, f"docs/generate.py does not see {subject}.{name} = {value}"


def test_every_command_is_on_the_page_of_commands(generate: ModuleType) -> None:
    page = generate.commands()
    assert all(f"Usage: coach {name} " in page for name in COMMANDS)


def test_every_option_of_a_device_is_on_its_page(generate: ModuleType) -> None:
    page = generate.device_options()
    assert all(f"| `{option.name}` |" in page for row in KINDS.values() for option in declared(row))
