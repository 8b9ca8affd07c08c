"""The page is safe among strangers: what they try is refused and counted, and the run does not notice."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from coach.stations.web.access import TRIES, TRIES_WITHIN, Access
from coach.stations.web.limits import MOST_ADDRESSES, Limit
from coach.stations.web.pages import page
from coach.stations.web.refusals import OVER_AFTER, TOLD_EVERY, Refusals
from coach.stations.web.sockets import IN_ALL, PER_ADDRESS, Sockets
from tests.patience import wait_until
from tests.stations.web.visitors import CLOSED, Desk, Visitor, is_closed, served

Open = tuple[list[str], Desk, Visitor, str]


@pytest.fixture
def page_open() -> Iterator[Open]:
    """What was told, the desk, a visitor without the token, and the token."""
    pytest.importorskip("uvicorn")
    told: list[str] = []
    with served(told.append) as (server, desk, visitor):
        yield told, desk, visitor, server.access.token


def test_numbers_may_be_tried_five_times_in_five_minutes_and_the_token_always() -> None:
    now = [100.0]
    access = Access(8642, lambda: now[0])
    assert access.enters(access.numbers) and access.enters(access.numbers.replace(" ", "-"))
    assert not any(access.enters("111 111 111 111") for _ in range(TRIES))
    assert access.is_locked and not access.enters(access.numbers) and access.enters(access.token)
    now[0] += TRIES_WITHIN + 1
    assert access.enters(access.numbers)


def test_an_empty_key_or_one_of_other_digits_opens_nothing() -> None:
    access = Access(8642)
    assert not access.enters("") and not access.enters("١٢٣ ٤٥٦") and not access.knows(None) and not access.knows("")


def test_who_asks_too_often_waits_and_others_do_not() -> None:
    now = [0.0]
    limit = Limit(rate=1.0, burst=3.0, now=lambda: now[0])
    assert [limit.allows("a") for _ in range(4)] == [True, True, True, False] and limit.allows("b")
    now[0] = 1.0
    assert limit.allows("a") and not limit.allows("a")
    for number in range(3 * MOST_ADDRESSES):
        limit.allows(str(number))
    assert len(limit._levels) <= MOST_ADDRESSES


def test_an_attack_is_one_line_when_it_is_over_and_one_a_minute_while_it_lasts() -> None:
    told: list[str] = []
    refusals = Refusals(told.append)
    for second in range(10):
        refusals.count("slow", f"10.0.0.{second % 2}", second)
    refusals.tell(9.5)
    assert told == []
    refusals.tell(9.0 + OVER_AFTER)
    assert told == ["the page refused 10 requests (too slow) from 10.0.0.0, 10.0.0.1"]
    for second in range(int(TOLD_EVERY) + 1):
        refusals.count("token", str(second), second)
        refusals.tell(second)
    assert len(told) == 2 and "and others" in told[1]


def test_sockets_are_few_for_one_and_for_all() -> None:
    sockets = Sockets(lambda reason, address: None)
    assert sum(sockets.take("a") for _ in range(50)) == PER_ADDRESS
    assert sum(sockets.take(str(each)) for each in range(50)) == IN_ALL - PER_ADDRESS
    sockets.give_back("a")
    assert sockets.take("b")


@pytest.mark.edge
def test_without_the_token_there_is_nothing(page_open: Open) -> None:
    _, desk, visitor, token = page_open
    assert [visitor.ask("GET", path)[0] for path in ("/state", "/events")] == [401, 401]
    assert visitor.post("/press", {"key": "lap"}) == 401 and desk.pressed == []
    visitor.cookie = f"coach_{visitor.port}={token}"  # it is no cookie
    assert visitor.ask("GET", "/state")[0] == 401
    status, shell = visitor.ask("GET", "/")
    assert status == 200 and token.encode() not in shell


@pytest.mark.edge
def test_with_the_token_a_key_reaches_the_run_and_nothing_else_does(page_open: Open) -> None:
    _, desk, visitor, token = page_open
    assert visitor.enter("wrong") == 403 and visitor.enter(token) == 204
    assert {"HttpOnly", "SameSite=strict"} <= set(visitor.headers["set-cookie"].split("; "))
    assert visitor.post("/press", {"key": "lap"}) == 204
    assert [visitor.post("/press", told) for told in ({"key": "halt"}, {"key": ["lap"]}, {})] == [400, 400, 400]
    assert visitor.ask("POST", "/press", b"[" * 900, Origin=visitor.origin)[0] == 400
    assert desk.pressed == ["lap"]


@pytest.mark.edge
def test_another_page_another_name_and_another_address_are_refused(page_open: Open) -> None:
    told, desk, visitor, token = page_open
    visitor.enter(token)
    key = '{"key": "quit"}'
    for origin in ("http://evil.example", "null", "https://127.0.0.1", f"http://127.0.0.1:{visitor.port + 1}"):
        assert visitor.ask("POST", "/press", key, Origin=origin)[0] == 403
    assert visitor.ask("POST", "/press", key)[0] == 403
    for host in (f"evil.example:{visitor.port}", "127.0.0.1", f"127.0.0.1.:{visitor.port}", f"10.9.8.7:{visitor.port}"):
        assert visitor.ask("GET", "/state", Host=host)[0] == 421
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/state/", "/page.js"):
        assert visitor.ask("GET", path)[0] == 404
    assert visitor.ask("DELETE", "/state")[0] == 405 and desk.pressed == [] and told == []


@pytest.mark.edge
def test_a_large_body_is_refused_unread_and_a_flood_of_keys_at_its_limit(page_open: Open) -> None:
    _, desk, visitor, token = page_open
    visitor.enter(token)
    assert visitor.ask("POST", "/press", b"x" * 200_000, Origin=visitor.origin)[0] in (413, CLOSED)
    chunks = iter([b"x" * 800] * 3)
    assert visitor.ask("POST", "/press", chunks, Origin=visitor.origin)[0] in (413, CLOSED)  # type: ignore[arg-type]
    answers = [visitor.post("/press", {"key": "lap"}) for _ in range(30)]
    assert answers[:10] == [204] * 10 and answers.count(429) > 5 and len(desk.pressed) == answers.count(204)


@pytest.mark.edge
def test_silent_connections_take_no_place_from_others_and_each_attack_is_one_line() -> None:
    pytest.importorskip("uvicorn")
    told: list[str] = []
    with served(told.append) as (server, _, _visitor):
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for each in silent[:PER_ADDRESS]:
            each.sendall(b"GET / HTTP/1.1\r\nHost: ")
        wait_until(lambda: is_closed(silent[-1]))
        phone = Visitor(server.port, "127.0.0.2")
        assert phone.enter(server.access.token) == 204 and phone.ask("GET", "/state")[0] == 200
        for each in silent:
            each.close()
    assert told == [f"the page refused {20 - PER_ADDRESS} requests (too many connections) from 127.0.0.1"]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt-br"])
def test_the_page_runs_nothing_but_its_own_and_is_small(language: str) -> None:
    shown = page(language)
    assert len(shown.html.encode()) < 60_000 and shown.html.count("<script") == 2 and " style=" not in shown.html
    assert "http://" not in shown.html and "https://" not in shown.html and "unsafe" not in shown.policy
    assert f'<html lang="{"en" if language == "pt-br" else language}">' in shown.html
