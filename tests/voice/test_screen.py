"""What people read is in the runner's language, and what programs read is not."""

from typing import Any

import pytest

from coach.cli.timeline import timeline
from coach.core.plan.segments import Distance, Duration, Kind, Plan, Ramp, Segment, Steady, UntilLap
from coach.ui.views import JsonLines, Lines
from coach.voice.words.screen import Screen
from coach.voice.words.tables import languages, read

PLAN = Plan(
    "Progression",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(600.0), Steady(1000 / 390)),
        Segment("Meine Steigerung", Kind.STEADY, Distance(3000.0), Ramp(1000 / 360, 1000 / 300), (2, 3)),
        Segment("Cool-down", Kind.COOLDOWN, UntilLap()),
    ),
)
JUDGED = {"inside": 500.0, "over": 40.0, "under": 0.0, "unjudged": 60.0, "why": "too short"}
ROW: dict[str, Any] = {
    "name": "Warm-up",
    "planned": {"speed": 1000 / 390},
    "actual": {"elapsed": 600.0, "distance": 1500.0, "speed": 2.5},
    "score": 82,
    "judged": JUDGED,
}
SUMMARY: dict[str, Any] = {
    "complete": True,
    "distance": 8042.0,
    "elapsed": 2710.0,
    "cues": 31,
    "segments": [ROW, ROW | {"name": "Mine", "score": None}],
    "belt": {"ratio": 1.04},
    "footpod": {"scale": 1.02, "learned": 90.0, "measured": False},
}


def test_the_summary_of_a_run_is_in_the_runners_language() -> None:
    told: list[str] = []
    Lines("km", told.append, Screen.load("de-AT")).summary(SUMMARY)
    assert told == [
        "\nFertig: 8.04 km in 45:10, 31 Ansagen",
        "  Einlaufen               10:00   1.50 km   6:40/km (Plan 6:30/km)"
        "  Wertung 82 (im Bereich 8:20, zu schnell 0:40, nicht gewertet 1:00)",
        "  Mine                    10:00   1.50 km   6:40/km (Plan 6:30/km)  nicht gewertet: zu kurz",
        "  Laufband: zeigt 4% mehr als der Laufsensor",
        "  Laufsensor: Faktor 1.020, in 1:30 mit gutem GPS gelernt",
    ]


def test_the_table_of_a_plan_is_in_the_runners_language() -> None:
    first, *rows = timeline(PLAN, "km", language="fr")
    assert first == "Sortie progressive"
    assert [" ".join(row.split()) for row in rows] == [
        "0:00 Échauffement 10:00 6:30/km",
        "10:00 Meine Steigerung (2 sur 3) 3.00 km 6:00/km -> 5:00/km",
        f"{rows[2].split()[0]} Retour au calme jusqu'à tour libre",
        f"total {' '.join(rows[3].split()[1:])}",
    ]
    assert "au moins" in rows[3]


def test_programs_read_the_names_and_reasons_as_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines().summary(SUMMARY)
    assert '"name": "Warm-up"' in capsys.readouterr().out


@pytest.mark.parametrize("language", languages())
def test_every_language_has_what_stands_on_the_screen(language: str) -> None:
    english, own = read("en"), read(language)
    for table in ("screen", "live", "why"):
        assert set(own[table]) == set(english[table])
    assert all(name == said for name, said in english["why"].items()), "the reasons of runs/summary.py"
