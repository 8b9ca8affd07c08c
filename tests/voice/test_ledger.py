"""What was taken from other players is written down, and given back by whoever comes next. Without a server."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from coach.voice.server import ducking, ledger, pulse
from coach.voice.server.ducking import Ducking
from coach.voice.server.ledger import Debt, Ledger
from coach.voice.server.pulse import Stream
from coach.voice.settings import VoiceSettings


def debt(index: int = 7, name: str = "player", **more: object) -> Debt:
    return replace(Debt(index, name, (60_000, 50_000), (37_857, 31_547), time.time()), **more)  # type: ignore[arg-type]


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, ...]]:
    done: dict[int, tuple[int, ...]] = {}
    monkeypatch.setattr(pulse, "set_volumes", done.__setitem__)
    return done


def test_what_a_living_coach_owes_is_not_touched_and_what_a_dead_one_owes_is_taken_over(tmp_path: Path) -> None:
    living, dead = Ledger(tmp_path), Ledger(tmp_path)
    living.write([debt(1)])
    dead.write([debt(2), debt(3)])
    dead.write([debt(2)])
    dead.leave()
    assert [each.index for each in ledger.abandoned(tmp_path)] == [2]
    assert ledger.abandoned(tmp_path) == []
    living.tear_up()
    assert not list(tmp_path.iterdir())


def test_what_was_asked_while_the_server_hung_is_not_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anybody lowered after the end."""
    asked, answers = threading.Semaphore(0), threading.Event()
    calls = []

    def streams() -> list[Stream]:
        calls.append("streams")
        asked.release()
        answers.wait(60)
        return []

    monkeypatch.setattr(pulse, "is_there", lambda: True)
    monkeypatch.setattr(pulse, "streams", streams)
    others = Ducking(VoiceSettings(player="sounddevice"), lambda: None, tmp_path)
    others.start()
    others.speaking(True)
    asked.acquire()
    for _ in range(100):
        others.speaking(False)
        others.speaking(True)
    others.close(0.0)
    answers.set()
    others.close(60)
    assert calls == ["streams"]


def test_a_server_that_answers_too_late_is_asked_again_while_it_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a busy computer: neither the look at the players nor the setting was answered in time at first."""
    lowered, refusals = threading.Event(), ["streams", "streams", "set", "set"]

    def refuses(what: str) -> None:
        if refusals and refusals[0] == what:
            raise pulse.Unanswered(refusals.pop(0))

    def streams() -> list[Stream]:
        refuses("streams")
        return [Stream(7, "player", 1, (60_000, 50_000))]

    def set_volumes(index: int, volumes: tuple[int, ...]) -> None:
        refuses("set")
        lowered.set()

    monkeypatch.setattr(pulse, "is_there", lambda: True)
    monkeypatch.setattr(pulse, "streams", streams)
    monkeypatch.setattr(pulse, "set_volumes", set_volumes)
    monkeypatch.setattr(pulse, "PACTL_TIME", 0.0)
    monkeypatch.setattr(ducking, "TRY_AGAIN", 0.01)
    others = Ducking(VoiceSettings(player="sounddevice"), lambda: None, tmp_path)
    others.start()
    others.speaking(True)
    assert lowered.wait(60) and not refusals
    others.close(60)


@pytest.mark.parametrize("content", [b"", b"[{", b"[1]\n", b"\xff\xfe", b'[{"index": 1}]\n'])
def test_a_torn_file_owes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1-1.json").write_bytes(content)
    assert ledger.abandoned(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_after_a_week_it_is_forgiven(tmp_path: Path) -> None:
    old = Ledger(tmp_path)
    old.write([debt(since=time.time() - 8 * 86_400)])
    old.leave()
    assert ledger.abandoned(tmp_path) == []


def test_each_channel_gets_back_its_own(set_to: dict[int, tuple[int, ...]]) -> None:
    assert ledger.pay([Stream(7, "player", 1, (37_857, 31_547))], [debt()]) == []
    assert set_to == {7: (60_000, 50_000)}


def test_a_stream_that_seems_loud_still_is_set_all_the_same(set_to: dict[int, tuple[int, ...]]) -> None:
    """A server may tell the old volume for some milliseconds after it was lowered."""
    assert ledger.pay([Stream(7, "player", 1, (60_000, 50_000))], [debt()]) == []
    assert set_to == {7: (60_000, 50_000)}


def test_a_player_that_returns_loud_is_believed_at_the_second_look(set_to: dict[int, tuple[int, ...]]) -> None:
    """A server that remembers may take a moment to make it quiet."""
    loud, quiet = (Stream(8, "player", 1, volumes) for volumes in ((65_536,), (37_857,)))
    owed = ledger.pay([loud], [debt()])
    assert owed == [debt(doubted=True, since=owed[0].since)]
    assert ledger.pay([loud], owed) == []
    assert set_to == {}
    assert ledger.pay([quiet], owed) == []
    assert set_to == {8: (60_000,)}


def test_a_stream_that_came_back_quiet_is_not_lowered_again() -> None:
    debts, fresh = ledger.lower([Stream(8, "player", 1, (37_857, 31_547))], [debt()], -12.0)
    assert fresh == [] and [each.index for each in debts] == [8]
    assert debts[0].original == (60_000, 50_000)
