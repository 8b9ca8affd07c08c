"""The service of a box that starts by itself: a user unit of systemd, because sound servers refuse root.

It waits for the devices and the first steps, goes on with a run that a crash ended, and starts again for
the next run. systemd hears once a second that the loop lives (notify.py); when it does not, the service is started anew and
goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

NAME = "coach.service"
WRITTEN = "# written by `coach service install`; `coach service remove` deletes it"

# No limit to restarts: five kills in ten seconds end a service by default. A second coach or a mistake in the settings (exit
# 2) would fail again for ever, and waits for somebody who mends it. At the end five seconds are enough to close the journal
# and say so.
_UNIT = f"""{WRITTEN}
[Unit]
Description=Pacing coach for runners
Wants=pipewire-pulse.service wireplumber.service
After=pipewire-pulse.service wireplumber.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={{command}}
WorkingDirectory=%h
Restart=always
RestartSec=1
RestartPreventExitStatus=2 75
SuccessExitStatus=130
TimeoutStartSec=infinity
WatchdogSec=10
TimeoutStopSec=5
KillMode=mixed
OOMScoreAdjust=0

[Install]
WantedBy=default.target
"""


def unit(command: Sequence[str]) -> str:
    """The text of the unit that runs this command."""
    return _UNIT.format(command=" ".join(map(_quoted, command)))


def unit_path(config: Path) -> Path:
    """Where a user's own units are, below the user's config folder."""
    return config / "systemd" / "user" / NAME


def _quoted(word: str) -> str:
    """A word as systemd.service(5) wants it: no specifier, no variable, no blank."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or not plain or any(each in plain for each in " \t;'") else plain
