"""The config file: every option, its default, and one line for every mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from coach.core.plan.segments import Plan
from coach.core.policy import FORMER, Policy
from coach.core.speech.rules import RULES
from coach.errors import InvalidSettings, all_of, suggestion
from coach.planning.fitness.evidence import Evidence, best_fitness
from coach.planning.fitness.paces import Fitness
from coach.runner import Runner
from coach.runs.after import After
from coach.runs.sync.options import Sync
from coach.toml import Toml, read_toml
from coach.ui.broker import Mqtt
from coach.ui.steering import Buttons
from coach.voice.settings import VoiceSettings, engines
from coach.workouts import native, open_workout
from coach.workouts.reading import Workout as Opened
from devices import catalogue
from devices.kinds import KINDS
from devices.options import InvalidOption
from devices.plugins import BrokenPlugin


def _cues(value: dict[str, bool]) -> dict[str, bool]:
    for kind in value:
        if kind not in RULES:
            raise ValueError(f"{kind!r} is not a kind of cue; {suggestion(kind, list(RULES))}")
    return value


class Source(BaseModel):
    """A device. Besides these two it has the options that the row of its kind declares, in devices/kinds.py."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(min_length=1, max_length=40)  # by default that of its kind
    kind: str

    @model_validator(mode="before")
    @classmethod
    def _named(cls, table: Any) -> Any:
        return {"name": table.get("kind"), **table} if isinstance(table, dict) and "kind" in table else table

    def options(self) -> dict[str, Any]:
        """The options of its kind, converted to their types. Raises ValueError for an invalid one."""
        return catalogue.check(self.kind, self.model_extra or {})


class Coaching(BaseModel):
    """How much the coach says, and by which rules."""

    model_config = ConfigDict(extra="forbid")

    verbosity: Literal["quiet", "normal", "chatty"] = "normal"
    surface: Literal["auto", "road", "treadmill"] = "auto"
    hills: Literal["effort", "pace"] = "effort"
    start: Literal["now", "moving", "key"] = "now"
    pause: Literal["never", "standing"] = "never"
    cues: Annotated[dict[str, bool], AfterValidator(_cues)] = {}
    policy: Policy = Policy()


class Workout(native.WorkoutTable):
    """The workout to run when the command line names none: written out here, or in a file."""

    file: str | None = None


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")

    runner: Runner = Field(default_factory=Runner)
    source: list[Source] = []
    coach: Coaching = Coaching()
    voice: VoiceSettings = VoiceSettings()
    workout: Workout | None = None
    after: After = After()
    sync: Sync = Sync()
    buttons: Buttons = Buttons()
    mqtt: Mqtt = Mqtt()

    _path: Path | None = PrivateAttr(None)
    _workout: Opened | None = PrivateAttr(None)
    _warnings: list[str] = PrivateAttr(default_factory=list)

    @property
    def path(self) -> Path | None:
        """The file this was read from; None for the defaults."""
        return self._path

    @property
    def unit(self) -> str:
        """The unit of displayed distances and paces: "km" or "mi"."""
        return "km" if self.runner.units == "metric" else "mi"

    def on_treadmill(self, kinds: Iterable[str]) -> bool:
        """Whether the belt sets the pace; `kinds` are those of the sources."""
        return self.coach.surface == "treadmill" or (self.coach.surface == "auto" and "ble-treadmill" in kinds)

    @property
    def fitness(self) -> Fitness | None:
        """From the best evidence in the config; None if it has none."""
        return best_fitness(self.runner.evidence, self.runner.level)

    @property
    def plan(self) -> Plan | None:
        """The config's workout; None if it has none."""
        return self._workout.plan if self._workout else None

    @property
    def opened(self) -> Opened | None:
        """The same workout, with its goal and line numbers."""
        return self._workout

    @property
    def warnings(self) -> list[str]:
        """One line for each thing in the workout that could not be followed."""
        return self._warnings


def default_path() -> Path:
    from platformdirs import user_config_path

    return user_config_path("progression-coach") / "config.toml"


def load(path: Path | None, typed: Mapping[str, str] = MappingProxyType({})) -> Config:
    """The config at `path`, or at the default place, or the defaults. Raises InvalidSettings.

    Evidence of fitness that was `typed` on the command line replaces all of it in the config.
    """
    if path is None and default_path().exists():
        path = default_path()
    toml = read_toml(path) if path else Toml("the command line", "")
    toml.list_single("source")
    _put_fitness(toml, typed)
    warnings = _move_former_constants(toml)
    config = toml.validate(Config)
    _check_sources(toml, config.source)
    config._path, config._warnings = path, warnings
    config._workout = _opened(toml, path or default_path(), config)
    return config


def _put_fitness(toml: Toml, typed: Mapping[str, str]) -> None:
    """Raises InvalidSettings for invalid evidence of fitness."""
    if not typed:
        return
    try:
        best_fitness(Evidence(**typed), "intermediate")  # type: ignore[arg-type]  # all of them are texts
    except ValueError as wrong:
        raise InvalidSettings("the command line", None, str(wrong)) from None
    runner = toml.tables.setdefault("runner", {})
    if isinstance(runner, dict):
        for name in ("race", "race2", "easy_pace", "talk_pace", "heart_pace"):
            runner.pop(name, None)
        runner.update(typed)


def schema() -> dict[str, Any]:
    """JSON schema, for editors that complete and check TOML."""
    told = Config.model_json_schema()
    of_plugins = {"properties": {"kind": {"not": {"enum": list(KINDS)}}}}
    told["$defs"]["Source"] |= {"oneOf": [*map(_source_schema, KINDS), of_plugins]}
    told["$defs"]["VoiceSettings"]["properties"]["engine"]["enum"] = list(engines())
    return told


def _move_former_constants(toml: Toml) -> list[str]:
    """Puts constants that stand in [coach.policy] itself into their subjects' tables; one line for each tells where."""
    told = []
    for name, (subject, constant) in FORMER.items():
        place = ("coach", "policy", subject, constant)
        if not toml.move(("coach", "policy", name), place):
            continue
        told.append(f"{toml.path}:{toml.line(place)}: coach.policy.{name} is now called {'.'.join(place)}")
    return told


def _source_schema(kind: str) -> dict[str, Any]:
    options = {option.name: option.schema() for option in catalogue.options(kind)}
    return {"properties": {"name": True, "kind": {"const": kind}, **options}, "additionalProperties": False}


def _check_sources(toml: Toml, sources: list[Source]) -> None:
    mistakes: list[InvalidSettings] = []
    for index, source in enumerate(sources):
        place = ("source", index)
        if source.name in [other.name for other in sources[:index]]:
            told = f'"{source.name}" is the name of two sources: give each its own, name = "..."'
            mistakes.append(toml.wrong((*place, "name"), told))
        try:
            source.options()
        except InvalidOption as wrong:
            mistakes.append(toml.wrong((*place, wrong.option), wrong.problem))
        except BrokenPlugin:
            continue  # the run goes on without it: opening the sources prints the reason
        except ValueError as wrong:
            mistakes.append(toml.wrong(place, str(wrong)))
    if len(sources) > 1 and any(source.kind == "track" for source in sources):
        told = "a recorded track cannot be combined with other sources"
        mistakes.append(toml.wrong(("source", 1), told, "remove the others"))
    if mistakes:
        raise all_of(mistakes)


def _opened(toml: Toml, path: Path, config: Config) -> Opened | None:
    if config.workout is None:
        return None
    if config.workout.file is None:
        return native.workout(toml, ("workout",), config.workout, "Workout", config.fitness, config.runner.hearts)
    if config.workout.segment or config.workout.goal:
        other = "segments" if config.workout.segment else "a goal"
        raise toml.wrong(("workout", "file"), f"cannot be combined with {other}", "remove one of them")
    try:
        source = path.parent / Path(config.workout.file).expanduser()
    except RuntimeError:  # "~nobody"
        raise toml.wrong(("workout", "file"), f"{config.workout.file!r} is in a home folder that is not known") from None
    try:
        return open_workout(str(source), config.fitness, config._warnings.append, config.runner.hearts)
    except InvalidSettings as wrong:
        if wrong.line is None and not source.exists():
            raise toml.wrong(("workout", "file"), f"{config.workout.file!r} does not exist") from None
        raise
