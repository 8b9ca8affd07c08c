"""The report: a page that says what `show` says, escapes what others wrote, asks no host, and works in a browser."""

import re
import shutil
import subprocess
import tomllib
from html import escape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

import coach.demo as coach_demo
from coach.core.inputs import Input
from coach.core.plan.segments import Duration, Kind, Plan, Segment, Steady
from coach.core.settings import Settings
from coach.core.units import clock_text
from coach.runs.activity import Activity
from coach.runs.recording import Recording, open_recording, ticking
from coach.runs.relive import relive
from coach.runs.report.advice import advice
from coach.runs.report.charts import Frame, line, spread
from coach.runs.report.curve import curve
from coach.runs.report.html import VOID, tag
from coach.runs.report.page import page
from coach.runs.report.texts import Texts
from coach.runs.setup import Setup
from coach.voice.words.screen import Screen
from coach.workouts import read_workout
from devices.sample import Stride
from tests.cli.commands import coach, configured

DEMO = Path(coach_demo.__file__).parent
LANGUAGES = ("en", "de", "fr", "es")
EVIL = Plan("<script>alert(1)</script>", (Segment('"></style><b>', Kind.STEADY, Duration(300.0), Steady(3.0)),))
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def run() -> Activity:
    return relive(open_recording(DEMO / "run.nmea"), Setup(read_workout(str(DEMO / "workout.toml"), None)), "km")


def strides(speeds: list[float], plan: Plan) -> Activity:
    items: list[Input] = [Stride(float(at), "pod", speed, 170.0) for at, speed in enumerate(speeds)]
    return relive(Recording(lambda: ticking(iter(items)), None, 0, lambda: 0), Setup(plan, Settings()), "km")


class Balanced(HTMLParser):
    """Notes every element that is not closed in order, and every address that a page would ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.addresses: list[str] = []
        self.elements: dict[str, int] = {}

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements[name] = self.elements.get(name, 0) + 1
        self.addresses += [value or "" for key, value in attributes if key in ("src", "href", "action")]
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements[name] = self.elements.get(name, 0) + 1

    def handle_endtag(self, name: str) -> None:
        if not self.open or self.open.pop() != name:
            self.wrong.append(name)


def read(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    assert not parser.wrong and not parser.open
    return parser


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_happened_and_asks_no_host(run: Activity, language: str) -> None:
    html = page(run, language, "km", 0.0)
    found = read(html)
    assert not found.addresses and "http:" not in html.replace("http-equiv", "") and "url(" not in html
    assert f'lang="{language}"' in html and len(html) < 400_000
    for _, part in run.segments:
        assert escape(Screen.load(language).name(part.name)) in html and clock_text(part.elapsed) in html
    for said in run.said:
        assert escape(said.text) in html
    assert found.elements["svg"] >= 4 and found.elements["table"] == 3
    assert str(run.score) in html


def test_every_language_has_every_text() -> None:
    tables = {
        name: tomllib.loads(files("coach.runs.report").joinpath("languages", f"{name}.toml").read_text()) for name in LANGUAGES
    }
    for name, table in tables.items():
        for part, texts in tables["en"].items():
            if part == "decimal":
                continue
            assert table[part].keys() == texts.keys(), f"coach/runs/report/languages/{name}.toml: [{part}]"
            for key, text in texts.items():
                assert set(re.findall(r"{\w+}", table[part][key])) == set(re.findall(r"{\w+}", text)), (name, part, key)


def test_what_others_wrote_cannot_become_part_of_the_page() -> None:
    html = page(strides([3.3] * 301, EVIL), "en", "km", 0.0)
    assert read(html).elements["script"] == 2 and "<b>" not in html.replace("<b>1", "").split("<header>")[0]
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html
    assert tag("p", "x", title='"<&') == '<p title="&quot;&lt;&amp;">x</p>'


def test_the_advice_names_what_was_off() -> None:
    plan = Plan("p", (Segment("Build", Kind.STEADY, Duration(600.0), Steady(3.0)),))
    fast = strides([3.4] * 200 + [3.0] * 402, plan)
    told = advice(fast, Texts("en"), "km")
    assert len(told) == 3 and "too fast in “Build”" in told[1] and "Start “Build” more slowly" in told[2]
    even = advice(strides([3.0] * 602, plan), Texts("de"), "km")
    assert even == [
        "100 % der gewerteten Zeit lagst du im Band.",
        "Kein Abschnitt fiel auf.",
        "Noch einmal genauso, oder eine Stufe schneller.",
    ]
    slow = advice(strides([2.0] * 602, plan), Texts("en"), "km")
    assert "0 % of the judged time" in slow[0] and "faster" in slow[2]
    ragged = [3.0 + 0.5 * (-1) ** (at // 40) for at in range(602)]
    assert advice(strides(ragged, plan), Texts("en"), "km")[2] != "The same again, or one step faster."
    free = Plan("p", (Segment("Free", Kind.FREE, Duration(60.0)),))
    assert advice(strides([3.0] * 62, free), Texts("en"), "km") == ["No pace was asked for, so nothing was judged."]


def test_a_long_line_keeps_its_peaks() -> None:
    frame = Frame(14400.0, 0.0, 10.0)
    points = [(float(at), 9.0 if at == 7201 else 1.0 if at == 3333 else 5.0) for at in range(14400)]
    drawn = line(frame, points, "run")
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawn)]
    assert min(heights) == 10.0 and max(heights) == 90.0 and len(heights) <= 1402


def test_the_spread_counts_each_second_once(run: Activity) -> None:
    assert sum(spread(run.seconds).values()) == sum(1 for each in run.seconds if each.speed and each.asked)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_curve_in_the_terminal_is_no_wider_than_it_and_shows_band_pace_and_words(run: Activity, columns: int) -> None:
    lines = list(curve(run, "km", columns))
    assert max(map(len, lines)) <= columns
    whole = "\n".join(lines)
    assert "░" in whole and "●" in whole and "▼" in whole and "20:00" in lines[-1]


def test_the_command_writes_a_page_without_the_places_near_home(tmp_path: Path) -> None:
    config, out = configured(tmp_path, '[runner]\nlanguage = "fr"\n'), tmp_path / "run.html"
    assert (
        coach(config, "report", DEMO / "run.nmea", "--workout", DEMO / "workout.toml", "-o", out).stdout
        == f"Written to {out}\n"
    )
    whole = tmp_path / "whole.html"
    coach(config, "report", DEMO / "run.nmea", "--workout", DEMO / "workout.toml", "-o", whole, "--hide-home", "0")
    places = [read(each.read_text()).elements.get("path", 0) for each in (out, whole)]
    assert 'lang="fr"' in out.read_text() and "200 m" in out.read_text()
    assert places[0] <= places[1] and len(out.read_text()) < len(whole.read_text())
    refused = coach(config, "report", DEMO / "run.nmea", "-o", tmp_path / "none" / "x.html", check=2)
    assert "cannot be written" in refused.stderr and len(refused.stderr.splitlines()) == 1


# What is drawn upon what, and the least contrast between them (WCAG 1.4.3 for text, 1.4.11 for lines and marks)
DRAWN = [(name, "page", 4.5) for name in ("ink", "quiet")] + [(name, "card", 4.5) for name in ("ink", "quiet")]
DRAWN += [(name, ground, 3.0) for name in ("over", "under") for ground in ("page", "band")] + [("quiet", "band", 3.0)]
DRAWN += [("heart", "page", 3.0), ("ink", "band", 4.5), ("poor", "page", 3.0), ("none", "page", 3.0)]


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_what_is_drawn_stands_out_from_what_it_is_drawn_on(scheme: str) -> None:
    colours = COLOURS["light"] | COLOURS[scheme]
    weak = {(name, ground): round(_contrast(colours[name], colours[ground]), 2) for name, ground, least in DRAWN
            if _contrast(colours[name], colours[ground]) < least}  # fmt: skip
    assert weak == {}


def test_on_paper_the_colours_of_a_dark_screen_are_not_used() -> None:
    assert re.findall(r"@media ([^{]*dark[^{]*) \{", STYLE) == ["screen and (prefers-color-scheme: dark)"]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): #(\w+)", block))


STYLE = files("coach.runs.report").joinpath("style.css").read_text("utf-8")
ROOTS = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
COLOURS = dict(zip(("light", "dark", "print"), map(_colours, ROOTS), strict=True))


def _contrast(one: str, other: str) -> float:
    """Of two colours such as "0072b2" or "fff", by WCAG 2: 1 if they are the same, 21 of black and white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    whole = "".join(2 * digit for digit in colour) if len(colour) == 3 else colour
    parts = (int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_was_run_beyond_the_band_is_drawn_in_the_colour_of_its_side() -> None:
    plan = Plan("Sides", (Segment("One", Kind.STEADY, Duration(300.0), Steady(3.0)),))
    drawn = page(strides([3.0] * 150 + [3.4] * 150, plan), "en", "km", 0.0)
    assert 'class="run over"' in drawn and 'class="run under"' not in drawn and "▲ too fast" in drawn


@pytest.mark.edge
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_in_a_browser_it_has_no_error_and_shows_its_marks(run: Activity, tmp_path: Path) -> None:
    path = tmp_path / "run.html"
    path.write_text(page(run, "en", "km", 0.0))
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=2000",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr, [row for row in done.stderr.splitlines() if "CONSOLE" in row]
    assert done.stdout.count('class="mark') == len(run.decisions)
