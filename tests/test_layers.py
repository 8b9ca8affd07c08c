"""Imports go only downwards, and what must be pure is pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# A module may import what stands in its own row or below; the first matching prefix is its row.
LAYERS = [
    ("coach.cli", "coach.__main__"),
    ("coach.cli_plan",),
    ("coach.commands",),
    ("coach.commands_devices",),
    ("coach.instruments",),
    ("coach.commands_plan", "coach.commands_runs", "coach.commands_rehearse", "coach.commands_paces",
     "coach.commands_schedule"),
    ("coach.schedule_files", "coach.log"),
    ("coach.explain", "coach.calibration",),
    ("coach.dryrun", "coach.outdoors", "coach.check"),
    ("coach.app",),
    ("coach.guard",),
    ("coach.live", "coach.voice", "coach.runs", "coach.ui", "coach.workouts", "coach.planning", "coach.clock",
     "coach.config", "coach.located", "coach.demo"),
    ("coach.rehearsal",),
    ("coach.core",),
    ("devices.sample", "devices.api", "devices.plugins"),
]  # fmt: skip
KNOWS_DEVICES = ("coach.cli", "coach.running", "coach.runs", "coach.config", "coach.workouts.courses")

IMPURE = {"time", "threading", "queue", "random", "os", "socket", "asyncio", "subprocess", "logging"}
DECODING = ["nmea", "epoch", "framing", "pod", "sample", "ublox", "ublox_setup", "gpsd", "ant", "ant_setup", "gatt"]
SEEDED = "coach/rehearsal"  # chance it may use, from a seed
PURE = [SEEDED, "coach/core", "coach/planning", *(f"devices/{name}.py" for name in DECODING)]


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted([*ROOT.glob("coach/**/*.py"), *ROOT.glob("devices/**/*.py")]):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def layer(module: str) -> int | None:
    for depth, row in enumerate(LAYERS):
        if any(module == prefix or module.startswith(prefix + ".") for prefix in row):
            return depth
    return None


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: str(value) if "." in str(value) else "")
def test_imports_go_only_downwards(module: str, path: Path) -> None:
    own = layer(module)
    for imported in imports(path):
        below = layer(imported)
        if own is not None and below is not None:
            assert below >= own, f"{module} imports {imported}, which stands above it"
        elif imported.startswith("devices") and module.startswith("coach"):
            assert module.startswith(KNOWS_DEVICES) or below is not None, f"{module} knows a device: {imported}"
        if module.startswith("devices"):
            assert not imported.startswith("coach"), f"{module} knows about running: {imported}"


def test_what_is_pure_imports_no_clock_file_thread_or_chance() -> None:
    for pure in PURE:
        where = ROOT / pure
        for path in sorted(where.rglob("*.py")) if where.is_dir() else [where] if where.exists() else []:
            allowed = {"random"} if pure == SEEDED else set()
            found = (IMPURE - allowed) & {name.partition(".")[0] for name in imports(path)}
            assert not found, f"{path.relative_to(ROOT)} imports {found}"
