"""Threads that play run before others where the system allows it, and nothing else of the voice does."""

import os
from threading import Thread

import pytest

from coach.voice.process.priority import going_first


def test_only_the_threads_that_play_go_first() -> None:
    found: list[int] = []

    def look() -> None:
        found.append(os.sched_getscheduler(0))

    def in_a_thread() -> None:
        thread = Thread(target=look)
        thread.start()
        thread.join()

    with going_first():
        look()
        in_a_thread()
    look()
    in_a_thread()
    here, playing, afterwards, others = found
    assert playing == here in (os.SCHED_RR, os.SCHED_OTHER)
    assert afterwards == others == os.SCHED_OTHER


def test_whoever_may_not_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*how: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", forbidden)
    with going_first():
        pass
