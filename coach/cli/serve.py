"""`coach serve`: the page before a run and between runs. A workout is chosen on the phone, and started there."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import click

from coach.cli.guard import INTERRUPTED, fitness_options, guarded, settings_of
from coach.cli.leading import fresh, led
from coach.cli.prepare import plan_for, screen_for, sources_for, tell, view_for
from coach.cli.run import BY_NAME_AFTER
from coach.config import Config, default_path
from coach.core.plan.segments import FREE_RUN, Plan
from coach.core.units import clock_text, distance_text
from coach.errors import InvalidSettings
from coach.running.resuming import Started
from coach.runs import store
from coach.runs.sync.keys import key_of
from coach.runs.sync.options import TODAY
from coach.stations.web.pages import texts_of
from coach.stations.web.server import Server
from coach.stations.web.station import PORT, Guest, Lobby, announce
from coach.ui.terminal import one_line
from coach.ui.views import Lasting
from coach.voice.words.screen import Screen
from coach.workouts import FORMATS, read_workout
from devices import catalogue
from devices.api import InvalidFile, Unavailable

LOOK_EVERY = 5.0  # s between two looks at what is plugged in and at the folder
FINISHED_FOR = 4  # looks for which the end of a run, or what went wrong, stays on the page
MOST = 60  # workouts on the page
RESUMED = "resume"  # the run that broke off
CONFIGURED = "config"  # the workout that is in no file of the folder


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port of the page; another is used if it is taken.",
)
@fitness_options
@click.pass_obj
@guarded
def serve(config: Path | None, folder: Path | None, port: int) -> int:
    """Show a page on which you choose and start workouts by phone, one run after the other."""
    settings, lobby = settings_of(config), Lobby()
    shelf = Shelf(settings, folder or (settings.path or default_path()).parent / "workouts")
    with Server(port, settings.runner.language, lobby, tell) as server:
        announce(server, tell)
        trouble = ""
        while True:
            chosen = _chosen(settings, server, lobby, shelf, trouble)
            try:
                trouble = ""
                if _run(settings, shelf, chosen, server, lobby):
                    return INTERRUPTED
            except (InvalidSettings, InvalidFile, Unavailable) as wrong:
                trouble = one_line(str(wrong))
                tell(trouble)
            lobby.free()


def _chosen(settings: Config, server: Server, lobby: Lobby, shelf: Shelf, trouble: str) -> str:
    """Waits until a workout is chosen, and shows meanwhile what there is. What was run stays on the page for a while."""
    texts, looks = texts_of(settings.runner.language), 0
    shelf.look_back()
    while True:
        offered = shelf.offered(date.today())
        lobby.offered = frozenset(each["id"] for each in offered)
        told = [trouble] if trouble else _devices(settings)
        if trouble or looks >= FINISHED_FOR or not server.board.has_run:
            greeting = texts["ready" if told and not trouble else "not_ready"]
            server.board.show_lobby({"greeting": greeting, "devices": told or [texts["no_device"]], "workouts": offered})
        if chosen := lobby.chosen(LOOK_EVERY):
            server.board.show_lobby(None)
            return chosen
        looks += 1
        trouble = trouble if looks < FINISHED_FOR else ""


def _run(settings: Config, shelf: Shelf, chosen: str, server: Server, lobby: Lobby) -> bool:
    """Whether it was interrupted. Who chooses on a phone starts there too, unless the config says otherwise."""
    lines = view_for(settings, as_json=False, estimates=False)
    screen = screen_for(settings, lines, plain=False)
    view = Lasting(screen or lines)
    if resumed := shelf.unfinished if chosen == RESUMED else None:
        started, journal = Started.again(resumed.path), resumed.path
    else:
        plan = shelf.plan(chosen)
        start = settings.coach.start if "start" in settings.coach.model_fields_set else "key"
        sources_for(settings, lambda line: None)  # nobody at a phone waits for what is not plugged in
        started, journal = fresh(settings, plan, start, view.note, keys=True), store.new_path(plan.name)
    guest = Guest(server, lobby, started.setup.language, started.setup.units)
    return led(settings, started, view, journal, resumed is not None, [guest, *([screen] if screen else [])])


class Shelf:
    """What there is to choose from: a run that broke off, the workout of the config or a free run, the one that is planned
    for today at intervals.icu, and the files of a folder; each file is read once.
    """

    def __init__(self, settings: Config, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._known: dict[tuple[Path, float], Plan | None] = {}
        self._lines: set[str] = set()  # that were told
        self.unfinished: store.KeptRun | None = None  # a run that can go on
        self._asked: date | None = None  # the day whose plan was asked for
        self._planned: Plan | None = None

    def look_back(self) -> None:
        """Looks whether the last run broke off, within a day: nobody goes on with an older one by mistake."""
        last = store.unfinished()
        since = store.ago(last) if last else None
        self.unfinished = last if since is not None and since <= BY_NAME_AFTER else None

    def plan(self, identifier: str) -> Plan:
        """The one that is offered by this name. Raises InvalidSettings, InvalidFile."""
        if identifier == TODAY:
            return self._planned or plan_for(self._settings, TODAY)
        if identifier == RESUMED:
            raise InvalidSettings("coach serve", None, "that run has ended")
        if identifier == CONFIGURED:
            return plan_for(self._settings, None)
        return plan_for(self._settings, str(self._folder / identifier))

    def offered(self, day: date) -> list[dict[str, Any]]:
        """What broke off and those of the day first: a schedule names its files after their days."""
        found = [self._told(CONFIGURED, self._settings.plan or FREE_RUN, False)]
        if planned := self._planned_for(day):
            found.append(self._told(TODAY, planned, True))
        files = [path for path in self._files() if path.suffix.lower() in FORMATS]
        if len(files) > MOST:
            self._tell_once(f"not on the page: {len(files) - MOST} workouts of {self._folder}, the last by name")
        for path in sorted(files)[:MOST]:
            if plan := self._read(path):
                found.append(self._told(path.name, plan, day.isoformat() in path.name))
        first = [self._told_unfinished(self.unfinished)] if self.unfinished else []
        return first + sorted(found, key=lambda each: not each["today"])

    def _planned_for(self, day: date) -> Plan | None:
        """The run of that day at intervals.icu, once it has answered; it is asked once a day, in a thread."""
        if self._asked != day:
            self._asked, self._planned = day, None
            threading.Thread(target=self._ask, name="today", daemon=True).start()
        return self._planned

    def _ask(self) -> None:
        try:
            key_of("intervals")
        except InvalidSettings:
            return  # this runner has no calendar there
        try:
            self._planned = plan_for(self._settings, TODAY)
        except (InvalidSettings, InvalidFile) as wrong:
            self._tell_once(f"not on the page: {one_line(str(wrong))}")

    def _files(self) -> list[Path]:
        try:
            return list(self._folder.iterdir())
        except OSError:
            return []  # there is none yet

    def _read(self, path: Path) -> Plan | None:
        try:
            key = path, path.stat().st_mtime
            if key not in self._known:
                self._known[key] = None
                self._known[key] = read_workout(str(path), self._settings.fitness, _untold, self._settings.runner.hearts)
            return self._known[key]
        except OSError:
            return None  # it is gone meanwhile
        except (InvalidSettings, InvalidFile) as wrong:
            self._tell_once(f"not on the page: {one_line(str(wrong))}")
            return None

    def _tell_once(self, line: str) -> None:
        if line not in self._lines:
            self._lines.add(line)
            tell(line)

    def _told_unfinished(self, run: store.KeptRun) -> dict[str, Any]:
        about = clock_text(run.seconds) if run.seconds else ""
        name = one_line(texts_of(self._settings.runner.language)["resume"].format(name=run.name))
        return {"id": RESUMED, "name": name, "about": about, "today": True}

    def _told(self, identifier: str, plan: Plan, today: bool) -> dict[str, Any]:
        totals, language = plan.totals, self._settings.runner.language
        parts = [texts_of(language)["today"]] if today else []
        parts += [clock_text(totals.seconds)] if totals.seconds else []
        parts += [distance_text(totals.metres, self._settings.unit)] if totals.metres else []
        name = one_line(Screen.load(language).name(plan.name))
        return {"id": identifier, "name": name, "about": ", ".join(parts), "today": today}


def _untold(line: str) -> None:
    """What could not be kept of a workout is told once it is chosen."""


def _devices(settings: Config) -> list[str]:
    """Those of the config, or those that are plugged in. Their signal is on the page once a workout was chosen."""
    if settings.source:
        return [one_line(f"{each.name}: {each.kind}") for each in settings.source]
    return [one_line(f"{role}: {device.description}") for role, device in catalogue.best().items()]
