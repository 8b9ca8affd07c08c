"""Nothing that was written down is lost: cut anywhere, killed at any moment, on a full card."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from coach.core.events import Cue
from coach.core.inputs import Input, Key, Tick
from coach.runs import clocks, growing_file, store
from coach.runs.entries import Led, read, seal, unseal, write
from coach.runs.journal import Bug, End, JournalReader, JournalWriter, SaidCue, is_journal, is_led
from devices.api import InvalidFile, Unavailable
from devices.sample import Fix, Link, Mode, Pulse, Rx, Stride

ENTRIES: list[Input] = [
    Tick(0.0),
    Rx(0.1 + 0.2, "gps", b"$GPRMC,1*00\r\n"),
    Rx(1.0, "gps", bytes(range(256))),
    Link(2.0, "gps", False, "unplugged"),
    Key(3.0, "pause"),
    Fix(4.0, "gps", 51.5, -0.1, speed=3.1, mode=Mode.FIX_3D),
    Stride(5.0, "pod", 3.2, cadence=172.0),
    Pulse(6.0, "strap", 151),
]
CUE = Cue(7.0, "ease_off", 3, 10.0, 7.0, {"speed": 3.0})


def written(path: Path, why: str | None = "complete", number: int = 0) -> Path:
    writer = JournalWriter.begin(path, {"plan": {}}, pytest.fail, number)
    for entry in ENTRIES:
        writer.write_input(entry)
    writer.write_cue(CUE, "Slow down. Ten seconds too fast.")
    writer.write_bug(8.0, "Traceback …")
    writer.close(9.0, why)
    writer.close(9.0, why)
    return path


def test_what_was_written_reads_back_exactly(tmp_path: Path) -> None:
    reader = JournalReader(written(tmp_path / "run.jsonl"))
    said = SaidCue.of(CUE, "Slow down. Ten seconds too fast.")
    assert [*reader] == [*ENTRIES, said, Bug(8.0, "Traceback …"), End(9.0, "complete")]
    assert reader.run == {"plan": {}}
    assert reader.damaged == 0


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert written(tmp_path / "run.jsonl").stat().st_mode & 0o777 == 0o600


def test_cut_at_any_byte_the_whole_lines_before_are_read_and_the_run_can_go_on(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.jsonl", None).read_bytes()
    cut = tmp_path / "cut.jsonl"
    for length in range(whole.index(b"\n") + 1, len(whole) + 1):
        cut.write_bytes(whole[:length])
        before = [*JournalReader(cut)]
        assert len(before) in (lines := whole[:length].count(b"\n") - 1, lines + 1)  # a line may lack its newline alone
        JournalWriter.go_on(cut, pytest.fail).close(9.0, "quit")
        assert [*JournalReader(cut)][:-1] == before[:lines]
        assert [*JournalReader(cut)][-1] == End(9.0, "quit")


@pytest.mark.parametrize("tail", [b"\0" * 4096, b"\xff" * 100, b'{"k":"tick","at":5.0,"crc":"00000000"}\n', b"[1]\n"])
def test_a_tail_that_a_power_cut_left_is_cut_off(tmp_path: Path, tail: bytes) -> None:
    path = written(tmp_path / "run.jsonl", None)
    sound = [*JournalReader(path)]
    with path.open("ab") as file:
        file.write(tail)
    assert [*JournalReader(path)] == sound
    JournalWriter.go_on(path, pytest.fail).close(9.0, "quit")
    assert [*JournalReader(path)] == [*sound, End(9.0, "quit")]


def test_a_changed_line_in_the_middle_costs_that_line_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl")
    path.write_bytes(path.read_bytes().replace(b"unplugged", b"unplugge!"))
    reader = JournalReader(path)
    assert len([*reader]) == len(ENTRIES) + 2
    assert reader.damaged == 1


def test_no_journal_is_refused_in_one_line(tmp_path: Path) -> None:
    for content in (b"", b"{}", b"\0" * 10, b'{"k":"run","format":1}\n', os.urandom(1000)):
        path = tmp_path / "other.jsonl"
        path.write_bytes(content)
        with pytest.raises(InvalidFile) as refused:
            JournalReader(path)
        assert "\n" not in str(refused.value)


def test_a_second_coach_is_refused_the_same_run(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    first = JournalWriter.begin(path, {}, pytest.fail)
    assert is_led(path)
    with pytest.raises(Unavailable, match="another coach"):
        JournalWriter.go_on(path, pytest.fail)
    first.close(0.0, None)
    assert not is_led(path)


def test_a_folder_that_may_not_be_written_stops_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    writer = JournalWriter.begin(tmp_path / "file" / "run.jsonl", {}, told.append)
    writer.write_input(Tick(1.0))
    assert not writer.is_saved
    writer.close(2.0, "quit")
    assert told == [
        "the journal cannot be written (File exists); it is tried again",
        "the end of this run is missing in its journal: it could not be written to the card",
    ]


def noted(told: list[str], count: int) -> list[str]:
    """What was told, once it is so many lines: the file is looked after by another thread."""
    for _ in range(1000):
        if len(told) >= count:
            break
        Event().wait(0.02)
    return told


@pytest.mark.edge
@pytest.mark.parametrize("harm", ["deleted", "truncated", "replaced", "emptied"])
def test_a_journal_that_is_harmed_while_it_is_written_is_whole_again(tmp_path: Path, harm: str) -> None:
    path, told = tmp_path / "run.jsonl", list[str]()
    writer = JournalWriter.begin(path, {"plan": {}}, told.append, number=7)
    for second in range(100):
        writer.write_input(Tick(float(second)))
    match harm:
        case "deleted":
            path.unlink()
        case "truncated":
            os.truncate(path, 1000)
        case "replaced":
            path.unlink()
            path.write_text("another file")
        case "emptied":
            path.write_bytes(b"")
    assert noted(told, 2)[:2] == [
        "the journal was deleted or cut short: it is written anew",
        "the journal is being written again; nothing was lost",
    ]
    writer.write_input(Tick(100.0))
    assert is_led(path)
    writer.close(101.0, "quit")
    reader = JournalReader(path)
    assert [*reader] == [*(Tick(float(second)) for second in range(101)), End(101.0, "quit")]
    assert (reader.header["number"], reader.damaged) == (7, 0)
    assert [each.name for each in tmp_path.iterdir()] == ["run.jsonl"]


def test_a_card_that_is_full_for_long_costs_no_more_for_each_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes handed to the card are counted, not seconds: each try offers it a bounded piece, however much is waiting."""
    card, told = FullCard(monkeypatch), list[str]()
    monkeypatch.setattr(growing_file, "RETRY_EVERY", 0.0)
    writer = JournalWriter.begin(tmp_path / "run.jsonl", {}, told.append)
    card.left = 0
    for second in range(3000):
        writer.write_input(Rx(float(second), "gps", bytes(1000)))
    assert max(card.offered) <= growing_file.AT_ONCE + 2000
    card.left = 1 << 30
    writer.close(3000.0, "quit")
    assert len([*JournalReader(tmp_path / "run.jsonl")]) == 3001


def test_a_backlog_without_end_is_written_anew_from_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card, told = FullCard(monkeypatch), list[str]()
    monkeypatch.setattr(growing_file, "BACKLOG_AT_MOST", 10_000)
    monkeypatch.setattr(growing_file, "RETRY_EVERY", 0.0)
    writer = JournalWriter.begin(tmp_path / "run.jsonl", {}, told.append)
    card.left = 5
    for second in range(1000):
        writer.write_input(Tick(float(second)))
    card.left = 1 << 30
    writer.close(1000.0, "quit")
    assert [*JournalReader(tmp_path / "run.jsonl")] == [*(Tick(float(s)) for s in range(1000)), End(1000.0, "quit")]


def test_noise_is_kept_compactly_and_exactly(tmp_path: Path) -> None:
    noise = Random(1).randbytes(10_000)
    assert len(write(Rx(1.0, "gps", noise))) < 1.4 * len(noise)
    assert read(unseal(write(Rx(1.0, "gps", noise))) or {}) == Rx(1.0, "gps", noise)


class FullCard:
    """os.write on a card with so many bytes left."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 1 << 30
        self.offered: list[int] = []
        self._write = os.write
        monkeypatch.setattr(os, "write", self)

    def __call__(self, file: int, data: bytes) -> int:
        self.offered.append(len(data))
        if self.left <= 0:
            raise OSError(28, "No space left on device")
        taken = self._write(file, data[: self.left])
        self.left -= taken
        return taken


def test_a_full_card_loses_nothing_once_there_is_space_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card, told = FullCard(monkeypatch), list[str]()
    writer = JournalWriter.begin(tmp_path / "run.jsonl", {}, told.append)
    writer.write_input(Tick(0.0))
    card.left = 7  # a short write, without an exception, then none
    for second in range(1, 50):
        writer.write_input(Tick(float(second)))
    assert told == ["the journal cannot be written (No space left on device): free some space; it is tried again"]
    card.left = 1 << 30
    writer.close(50.0, "quit")
    assert [*JournalReader(tmp_path / "run.jsonl")] == [*(Tick(float(s)) for s in range(50)), End(50.0, "quit")]


@pytest.mark.edge
def test_killed_at_any_moment_every_acknowledged_line_is_there(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from coach.core.inputs import Tick
        from coach.runs.journal import JournalWriter
        writer = JournalWriter.begin(Path(sys.argv[1]), {}, print)
        count = 0
        while True:
            writer.write_input(Tick(float(count)))
            count += 1
            sys.stdout.write(f"{count}\\n"); sys.stdout.flush()
    """)
    for attempt in range(5):
        path = tmp_path / f"{attempt}.jsonl"
        with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            acknowledged = 0
            for _ in range(200 * (attempt + 1)):
                acknowledged = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])
        ticks = [entry.at for entry in JournalReader(path)]
        assert ticks == [float(second) for second in range(len(ticks))]
        assert len(ticks) >= acknowledged


def run_in(folder: Path, name: str, **header: Any) -> Path:
    return written(folder / f"{name}.jsonl", **header)


def test_runs_are_listed_newest_first_and_one_that_broke_off_is_found() -> None:
    assert store.list_runs() == []
    assert store.unfinished() is None
    ended = run_in(store.folder(), "2026-01-01-a")
    assert store.unfinished() is None
    broken = run_in(store.folder(), "2026-01-02-b", why=None)
    (store.folder() / "noise.jsonl").write_text("not a run")
    first, second = store.list_runs()
    assert (first.path, first.ended, first.seconds) == (broken, False, 8.0)
    assert (second.path, second.ended, second.seconds) == (ended, True, 9.0)
    found = store.unfinished()
    assert found and found.path == broken
    assert store.find_run("last") == broken
    assert is_journal(store.find_run("2026-01-01-a"))


def test_a_run_that_is_being_led_is_not_offered() -> None:
    writer = JournalWriter.begin(store.new_path("Thursday: 3 × 1 km"), {}, pytest.fail)
    writer.write_input(Tick(1.0))
    assert store.unfinished() is None
    writer.close(1.0, None)
    assert store.unfinished() is not None


def test_a_run_that_is_not_there_is_one_line_with_a_suggestion() -> None:
    run_in(store.folder(), "2026-01-01-a")
    with pytest.raises(ValueError, match=r"did you mean .2026-01-01-a"):
        store.find_run("2026-01-01-b")


def test_names_of_runs_are_plain_whatever_the_plan_is_called() -> None:
    assert store.new_path("../../etc/passwd\0").stem.endswith("-etc-passwd")
    assert len(store.new_path("x" * 500).stem) < 64


def test_the_newest_run_is_known_whatever_the_time_of_day_was() -> None:
    """A computer without a battery starts with an older time: the run that broke off last is not the newest by the clock."""
    written(store.folder() / "2026-05-01-a.jsonl", number=1)
    broken = written(store.folder() / "2020-01-01-b.jsonl", why=None, number=store.next_number())
    content = broken.read_bytes().split(b"\n", 1)
    header = unseal(content[0]) or {}
    broken.write_bytes(seal(header | {"started": 1.0}) + content[1])
    assert [run.number for run in store.list_runs()] == [2, 1]
    found = store.unfinished()
    assert found and found.path == broken


def test_a_break_is_as_long_as_the_time_since_boot_says(monkeypatch: pytest.MonkeyPatch) -> None:
    led = Led(100.0, clocks.boot(), 5000.0)
    monkeypatch.setattr(clocks, "since_boot", lambda: 5000.0 + 50.0 + 7.0)
    assert clocks.gap(led, 150.0) == pytest.approx(7.0)


def test_after_another_boot_nobody_knows_how_long_it_was() -> None:
    assert clocks.gap(Led(0.0, "another boot", 1.0), 5.0) is None
    assert clocks.gap(Led(0.0, "", 1.0), 5.0) is None
    assert clocks.gap(None, 5.0) is None
