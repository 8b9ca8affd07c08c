"""What `import coach` offers to other programs: light, documented, typed, and the same for people and type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys

import coach
import devices
from tests.conftest import ROOT


def test_importing_the_package_imports_nothing_of_it() -> None:
    program = "import sys, coach; print(sorted(name for name in sys.modules if name.startswith(('coach.', 'devices'))))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_name_is_there_and_documented() -> None:
    for name in coach.__all__:
        found = getattr(coach, name)
        if isinstance(found, type):
            assert found.__doc__ and not found.__doc__.startswith(f"{name}("), f"{found.__module__}: {name} has no docstring"
    assert {"Coach", "Plan", "Segment", "Policy", "Settings"} <= set(dir(coach))


def test_type_checkers_are_told_of_the_same_names() -> None:
    stub = ast.parse((ROOT / "coach" / "__init__.pyi").read_text())
    told = {alias.name for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told | {"__version__"} == set(coach.__all__), "coach/__init__.pyi and _ROOMS in coach/__init__.py name the same"


def test_a_run_can_be_coached_with_what_is_offered() -> None:
    plan = coach.Plan("Two minutes", (coach.Segment("Easy", coach.Kind.EASY, coach.Duration(120.0), coach.Steady(3.0)),))
    it = coach.Coach(plan, coach.Settings(), {})
    words = coach.Words.load("en", "metric")
    said = [words.text(cue) for at in range(130) for cue in it.feed(coach.Stride(float(at), "pod", distance=3.0 * at))]
    assert said and said[0].startswith("Two minutes")


def test_both_packages_are_typed() -> None:
    for package in (coach, devices):
        assert (ROOT / package.__name__ / "py.typed").exists()
