"""What `coach run` and `coach serve` do alike: a run is prepared from the config, led to its end, and sent on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from coach.box.notify import Notify
from coach.cli.prepare import setup_for, sources_awaited, sources_for, teller_for
from coach.config import Config
from coach.core.plan.segments import Plan
from coach.running.keyboard import has_keys
from coach.running.outdoors import lead
from coach.running.resuming import Started
from coach.runs import store
from coach.runs.after import after_run
from coach.runs.journal import name_of
from coach.stations.opening import stations_for
from coach.ui.views import View
from coach.ui.watching import Station


def fresh(settings: Config, plan: Plan, start: str, note: Callable[[str], object], keys: bool | None = None) -> Started:
    """A run of this plan with the devices of the config; one that does not start now waits for them. Raises Unavailable."""
    sources = sources_for(settings, note) if start == "now" else sources_awaited(settings, note)
    setup = setup_for(settings, plan, sources)
    keyed = has_keys() if keys is None else keys
    return Started.fresh(replace(setup, settings=replace(setup.settings, start=start, keys=keyed)))


def led(settings: Config, started: Started, view: View, journal: Path, resumed: bool, stations: Sequence[Station]) -> bool:
    """Leads the run to its end, seen from these `stations` and those of the config; whether it was interrupted.

    One that was not is sent and exported as the config says.
    """
    others = [Notify(teller_for(settings)), *stations_for(settings, name_of(journal), view.note)]
    interrupted, summary = lead(started, settings.voice, view, journal, resumed, [*stations, *others])
    view.summary(summary.as_dict())
    if not interrupted:
        store.compact_old(time.time())
        after_run(settings.after, settings.sync, journal, settings.unit, view.note)
    return interrupted
