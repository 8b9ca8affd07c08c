"""The page in a real browser: it gets in by the code, shows the run, sends keys, heals, and fits on a phone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from coach.stations.web.pages import texts
from coach.stations.web.server import Server
from coach.ui.outline import Outline
from coach.ui.state import State
from tests.patience import PATIENCE
from tests.stations.web.browser import CHROMIUM, Tab, browser
from tests.stations.web.pictures import SHAPES, moments, show
from tests.stations.web.visitors import Desk, demo, served

pytestmark = [pytest.mark.edge, pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")]

Opened = tuple[Server, Desk, Tab, Outline, list[State]]
SMALLEST = 44  # pixels of a button that a thumb finds
OUTSIDE = f"""[...document.querySelectorAll("nav button")].filter((b) => {{ const r = b.getBoundingClientRect();
  if (document.body.dataset.phase === "done") return r.height > 0;
  return r.height < {SMALLEST} || r.right > innerWidth || r.bottom > innerHeight || b.scrollWidth > b.clientWidth + 1;
  }}).length
  + (document.documentElement.scrollWidth > innerWidth) + (document.querySelector("main").scrollHeight > innerHeight)"""

RELABELLED = "document.querySelectorAll('[data-text]').forEach((each) => each.textContent = T[each.dataset.text])"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The page as a phone has it after its code was scanned, with the bundled run."""
    pytest.importorskip("uvicorn")
    outline, states = demo()
    rules = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    with served() as (server, desk, _visitor), browser(tmp_path_factory.mktemp("browser"), rules) as tab:
        tab.shape(*SHAPES["phone"])
        tab.open(f"http://127.0.0.1:{server.port}/#{server.access.token}")
        tab.wait_for("typeof last !== 'undefined' && last !== null")
        yield server, desk, tab, outline, states


def test_the_code_opens_the_page_and_leaves_no_trace_in_its_address(opened: Opened) -> None:
    server, _, tab, outline, states = opened
    show(server, tab, outline, states, states[850])
    assert tab.ask("location.href") == f"http://127.0.0.1:{server.port}/" and tab.ask("document.cookie") == ""
    assert tab.ask("document.getElementById('number').textContent").count(":") == 1
    assert tab.ask("document.getElementById('c-run').getAttribute('d').length") > 500
    assert tab.ask("document.title").endswith("/km")


def test_every_moment_fits_on_a_phone_in_every_language(opened: Opened) -> None:
    server, _, tab, outline, states = opened
    tab.shape(*SHAPES["phone"])
    for name, moment in moments(states):
        show(server, tab, outline, states, moment, "de")
        assert tab.ask(OUTSIDE) == 0, name
    show(server, tab, outline, states, states[850])
    for language in ("de", "fr", "es", "en"):
        told = json.dumps(texts(language))
        tab.ask(f"Object.assign(T, {told}); {RELABELLED}")
        assert tab.ask(OUTSIDE) == 0, language


def test_a_key_is_one_touch_and_the_end_must_be_held(opened: Opened) -> None:
    server, desk, tab, outline, states = opened
    show(server, tab, outline, states, states[850])
    tab.ask("document.querySelector('[data-key=lap]').click()")
    tab.ask("document.getElementById('end').dispatchEvent(new PointerEvent('pointerdown'))")
    tab.ask("document.getElementById('end').dispatchEvent(new PointerEvent('pointerup'))")
    tab.wait_for("!document.querySelector('[data-key=lap]').disabled")
    assert desk.pressed == ["lap"]
    tab.ask("document.getElementById('end').dispatchEvent(new PointerEvent('pointerdown'))")
    deadline = time.monotonic() + PATIENCE
    while desk.pressed != ["lap", "quit"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert desk.pressed == ["lap", "quit"]


def test_the_voice_is_made_quieter_and_louder_by_a_touch(opened: Opened) -> None:
    server, desk, tab, outline, states = opened
    before = len(desk.pressed)
    show(server, tab, outline, states, states[850])
    for key in ("quieter", "louder"):
        tab.ask(f"document.querySelector('[data-key={key}]').click()")
        tab.wait_for(f"!document.querySelector('[data-key={key}]').disabled")
    assert desk.pressed[before:] == ["quieter", "louder"]
    del desk.pressed[before:]


def test_an_old_pace_is_grey_and_says_so(opened: Opened) -> None:
    server, _, tab, outline, states = opened
    show(server, tab, outline, states, states[850])
    shown = "document.body.classList.contains('stale') && document.getElementById('banner').textContent"
    assert str(tab.ask(f"show({{...last, age: 9}}), {shown}")).startswith("No news for ")
    server.board.put(states[851])
    tab.wait_for("!document.body.classList.contains('stale')")


def test_a_dead_stream_is_opened_anew(opened: Opened) -> None:
    server, _, tab, outline, states = opened
    show(server, tab, outline, states, states[850])
    tab.ask("source.close(); heard -= 20000; age()")
    server.board.put(states[860])
    tab.wait_for("source && source.readyState === 1")


def test_the_name_of_another_shows_nothing_and_without_the_cookie_there_is_a_door(opened: Opened) -> None:
    server, _, tab, outline, states = opened
    show(server, tab, outline, states, states[850])
    tab.open(f"http://evil.example:{server.port}/")
    tab.wait_for("location.hostname === 'evil.example' || location.protocol === 'chrome-error:'")
    assert tab.ask("document.getElementById('run')") is None
    tab.open(f"http://localhost:{server.port}/")
    tab.wait_for("document.readyState === 'complete' && document.body.dataset.view === 'door'")
    tab.ask(
        f"document.getElementById('numbers').value = '{server.access.numbers}'; document.querySelector('#door button').click()"
    )
    tab.wait_for("document.body.dataset.view === 'run'")
