"""The plan of the house: which room stands on which. No import leads up, none runs in a circle, no room is off the plan."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The rooms from the roof down: a package with all its modules, or a module that stands in no room of its own. Each imports
# only what stands below it; inside a room modules import one another, but never in a circle.
ROOMS = (
    "coach.cli",
    "coach.running",
    "coach.box",
    "coach.stations",
    "coach.config",
    "coach.runner",
    "coach.demo",
    "coach.runs",
    "coach.rehearsal",
    "coach.ui",
    "coach.voice",
    "coach.voice.process",
    "coach.voice.server",
    "coach.voice.words",
    "coach.voice.waiting",
    "coach.voice.settings",
    "coach.workouts",
    "coach.planning.schedule",
    "coach.planning.one_run",
    "coach.planning.fitness",
    "coach.planning",
    "coach.toml",
    "coach.core.coach",
    "coach.core.judge",
    "coach.core.speech",
    "coach.core.settings",
    "coach.core.session",
    "coach.core.course",
    "coach.core.estimate",
    "coach.core.plan",
    "coach.core.policy",
    "coach.core.former_names",
    "coach.core.units",
    "coach.core.geometry",
    "coach.core.events",
    "coach.core.inputs",
    "coach.core",
    "coach.errors",
    "coach",
    "devices.catalogue",
    "devices.tracks",
    "devices",
)
LOOSE = {"coach": {"config", "errors", "runner", "toml"}, "coach.core": 8}  # modules that may lie in these folders, or how many
KNOW_DEVICES = ("coach.cli", "coach.running", "coach.runs", "coach.config", "coach.workouts.courses")
WHAT_DEVICES_SAY = ("devices.sample", "devices.api", "devices.plugins")  # anybody may know: measures, faults, plug-ins

IMPURE = {"time", "threading", "queue", "random", "os", "socket", "asyncio", "subprocess", "logging"}
DECODERS = (
    "nmea",
    "sentences",
    "epoch",
    "framing",
    "pod",
    "sample",
    "ublox",
    "ublox_setup",
    "gpsd",
    "ant",
    "ant_setup",
    "gatt",
)
SEEDED = "coach.rehearsal"  # chance it may use, from a seed
PURE = ("coach.core", "coach.planning", SEEDED, *(f"devices.{name}" for name in DECODERS))

LONGEST_MODULE, LONGEST_FUNCTION = 300, 36  # lines

Graph = dict[str, set[str]]


def modules(root: Path) -> dict[str, Path]:
    found = {}
    for path in sorted([*root.glob("coach/**/*.py"), *root.glob("devices/**/*.py")]):
        found[".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


@cache
def imported(path: Path) -> list[tuple[str, int]]:
    """Every name that is imported, also inside functions, with its line."""
    return list(_imported(path))


def _imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def module_of(name: str, known: dict[str, Path]) -> str | None:
    """The module that an imported name is, or stands in; None where it is not ours."""
    parts = name.split(".")
    return next((each for n in (len(parts), len(parts) - 1) if (each := ".".join(parts[:n])) in known), None)


def is_within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def room_of(module: str) -> str | None:
    """The narrowest room on the plan. A module that lies loose in a room with a plan of its own needs a row of its own."""
    rooms = [room for room in ROOMS if is_within(module, room)]
    room = max(rooms, key=len, default=None)
    if room in ("coach", "coach.core", "coach.planning") and module != room:
        return None
    return room


def faults(root: Path) -> list[str]:
    """What is wrong with the tree below `root`, a line each with the file and what to do."""
    known = modules(root)
    return [*_strangers(known), *_stairs_up(known), *_circles(known), *_devices_that_know(known), *_impurities(known)]


def _strangers(known: dict[str, Path]) -> Iterator[str]:
    for module, path in known.items():
        if room_of(module) is None:
            yield f"{path}: {module} is on no row of ROOMS in {__file__}: move it into a room, or give it a row"


def _stairs_up(known: dict[str, Path]) -> Iterator[str]:
    for module, path in known.items():
        own = room_of(module)
        for name, line in imported(path):
            other = module_of(name, known)
            if own is None or other is None or (room := room_of(other)) is None or room == own:
                continue
            if is_within(module, "devices") and is_within(other, "coach"):
                continue  # told by `_devices_that_know`
            if ROOMS.index(room) < ROOMS.index(own):
                yield f"{path}:{line}: {module} imports {other}, and {room} stands above {own}"


def _circles(known: dict[str, Path]) -> Iterator[str]:
    graph: Graph = {module: set() for module in known}
    for module, path in known.items():
        for name, _ in imported(path):
            if (other := module_of(name, known)) is not None and other != module:
                graph[module].add(other)
    leaves = {module for module in graph if not graph[module]}
    while leaves:  # what imports nothing cannot stand in a circle; what is left when there are no leaves does
        graph = {module: others - leaves for module, others in graph.items() if module not in leaves}
        leaves = {module for module in graph if not graph[module]}
    users: Graph = {module: {other for other in graph if module in graph[other]} for module in graph}
    while unused := {module for module in users if not users[module]}:
        users = {module: others - unused for module, others in users.items() if module not in unused}
    if users:
        yield f"these modules import one another in a circle: {', '.join(sorted(users))}"


def _devices_that_know(known: dict[str, Path]) -> Iterator[str]:
    for module, path in known.items():
        for name, line in imported(path):
            other = module_of(name, known) or ""
            if module.startswith("devices") and other.startswith("coach"):
                yield f"{path}:{line}: {module} knows about running: it imports {other}"
            knows_one = is_within(module, "coach") and is_within(other, "devices") and other not in WHAT_DEVICES_SAY
            if knows_one and not any(is_within(module, room) for room in KNOW_DEVICES):
                yield f"{path}:{line}: {module} knows a device: it imports {other}"


def _impurities(known: dict[str, Path]) -> Iterator[str]:
    for module, path in known.items():
        if any(is_within(module, pure) for pure in PURE):
            allowed = {"random"} if is_within(module, SEEDED) else set()
            for name, line in imported(path):
                if (outside := name.partition(".")[0]) in IMPURE - allowed:
                    yield f"{path}:{line}: {module} is pure and imports {outside}"


def test_every_import_goes_down_and_what_is_pure_stays_pure() -> None:
    assert faults(ROOT) == []


def test_few_modules_lie_loose() -> None:
    assert {path.stem for path in ROOT.glob("coach/*.py")} - {"__init__"} == LOOSE["coach"]
    assert len([*ROOT.glob("coach/core/*.py")]) - 1 <= 8


MODULES = modules(ROOT)


def test_a_module_is_read_in_one_sitting() -> None:
    assert [told for path in MODULES.values() for told in _too_long(path)] == []


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    if len(text.splitlines()) > LONGEST_MODULE:
        yield f"{path}: split it by subject"
    tree = ast.parse(text)
    if text and not ast.get_docstring(tree):
        yield f"{path}:1: the first sentence says what it is"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines: split it"


@pytest.mark.parametrize(
    ("added", "text", "told"),
    [
        ("coach/newroom.py", "import coach.cli.main\n", "coach.newroom is on no row of ROOMS"),
        ("coach/core/newroom.py", "", "coach.core.newroom is on no row of ROOMS"),
        ("coach/planning/newroom.py", "", "coach.planning.newroom is on no row of ROOMS"),
        (
            "coach/core/judge/new.py",
            "from coach.core.coach import Coach\n",
            "and coach.core.coach stands above coach.core.judge",
        ),
        (
            "coach/ui/new.py",
            "def late():\n    from coach.cli.main import main\n",
            "new.py:2: coach.ui.new imports coach.cli.main",
        ),
        ("coach/core/new/__init__.py", "", "coach.core.new is on no row of ROOMS"),
        ("coach/core/judge/new.py", "import time\n", "coach.core.judge.new is pure and imports time"),
        ("coach/core/judge/new.py", "from os.path import join\n", "is pure and imports os"),
        ("coach/ui/new.py", "from devices import ports\n", "coach.ui.new knows a device"),
        ("devices/new.py", "from coach import errors\n", "knows about running"),
        ("coach/ui/new.py", "from coach.ui import new2\n", "in a circle: coach.ui.new, coach.ui.new2"),
    ],
)
def test_a_net_without_holes(tmp_path: Path, added: str, text: str, told: str) -> None:
    """A small house with one fault each: the fault is named, with its file."""
    house = {"coach/__init__.py": "", "coach/core/__init__.py": "", "coach/core/coach.py": "class Coach: ...\n",
             "coach/core/judge/__init__.py": "", "coach/cli/__init__.py": "", "coach/cli/main.py": "def main(): ...\n",
             "coach/ui/__init__.py": "", "coach/ui/new2.py": "from coach.ui import new\n" if "new2" in text else "",
             "coach/errors.py": "", "coach/planning/__init__.py": "",
             "devices/__init__.py": "", "devices/ports.py": ""}  # fmt: skip
    for name, content in chain(house.items(), [(added, text)]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = faults(tmp_path)
    assert len(found) == 1, found
    assert told in found[0]


def test_the_parts_of_python_that_are_impure_are_known_by_their_names() -> None:
    assert sys.stdlib_module_names >= IMPURE
