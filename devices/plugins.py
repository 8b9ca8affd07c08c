"""Plug-ins: entry points `NAME = "module:object"` of other packages in the groups below, each imported when its name is used.

A plug-in cannot replace anything of ours. A broken one gives a one-line error to whoever uses its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

DEVICES = "coach.devices"  # kind -> a devices.kinds.Kind
WORKOUTS = "coach.workouts"  # suffix without its dot -> a module with read() and write(), as those of coach/workouts
LANGUAGES = "coach.languages"  # code -> a package that contains CODE.toml
VOICES = "coach.voices"  # engine -> a class, called with (voice, words a minute), that writes a phrase as a WAV


class BrokenPlugin(ValueError):
    """A plug-in that cannot be used: its package and the reason, in one line."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """An entry point of another package, not imported yet."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def package(self) -> str:
        """The name of the package, for `pip uninstall`."""
        return self.entry.dist.name if self.entry.dist else self.entry.value

    def load(self) -> Any:
        """The object it names. Raises BrokenPlugin."""
        try:
            return self.entry.load()
        except Exception as bug:  # third-party code may raise anything
            raise self.broken(f"{type(bug).__name__}: {bug}") from bug

    def broken(self, why: str) -> BrokenPlugin:
        """The error to raise if the loaded object does not fit its group."""
        line = " ".join(why.split())
        return BrokenPlugin(f"plug-in {self.name} of {self.package} cannot be used: {line}; pip uninstall {self.package}")


@cache
def plugins(group: str) -> Mapping[str, Plugin]:
    """The installed plug-ins of a group by name; if two packages use one name, the alphabetically first wins."""
    from importlib.metadata import entry_points  # here, because it is a fifth of what the voice process takes to start

    found = sorted((Plugin(each) for each in entry_points(group=group)), key=lambda each: each.package, reverse=True)
    return MappingProxyType({each.name: each for each in found})
