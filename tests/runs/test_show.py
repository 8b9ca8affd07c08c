"""A run told afterwards: its totals agree with one another, and with what the coach said during it."""

import time
from pathlib import Path

import pytest

import coach.demo as coach_demo
from coach.core.inputs import Input, Key
from coach.core.plan.segments import FREE_RUN, Duration, Kind, Plan, Ramp, Segment, Steady
from coach.core.settings import Settings
from coach.runs import show, store
from coach.runs.activity import Activity
from coach.runs.entries import seal
from coach.runs.history import totals_of
from coach.runs.journal import JournalReader, JournalWriter, compact, is_journal
from coach.runs.recording import Recording, open_recording, ticking
from coach.runs.relive import relive
from coach.runs.setup import Setup
from coach.ui.table import aligned
from devices.api import InvalidFile
from devices.sample import Fix, Pulse, Stride
from tests.cli.commands import coach, configured, lines

DEMO_TRACK = Path(coach_demo.__file__).with_name("run.nmea")
PLAN = Plan(
    "Shown",
    (
        Segment("Warm-up", Kind.WARMUP, Duration(120.0), Steady(2.5)),
        Segment("Build", Kind.STEADY, Duration(600.0), Ramp(2.6, 3.2)),
        Segment("Cool-down", Kind.COOLDOWN, Duration(120.0), Steady(2.4)),
    ),
)


def of(items: list[Input], plan: Plan = PLAN, **settings: str) -> Activity:
    recording = Recording(lambda: ticking(iter(items)), None, 0, lambda: 0)
    return relive(recording, Setup(plan, Settings(**settings)), "km")  # type: ignore[arg-type]


def strides(seconds: int, fast: range = range(0)) -> list[Input]:
    """As planned, but a tenth too fast in some seconds."""
    wanted = [2.5 if at < 120 else 2.6 + 0.6 * (at - 120) / 600 if at < 720 else 2.4 for at in range(seconds)]
    return [Stride(float(at), "pod", speed * (1.1 if at in fast else 1.0), 170.0) for at, speed in enumerate(wanted)]


def test_the_parts_of_a_run_add_up_to_its_totals() -> None:
    activity = of(strides(841))
    elapsed, distance = activity.summary["elapsed"], activity.summary["distance"]
    for parts in ([part for _, part in activity.segments], activity.splits("km"), activity.splits("mi")):
        assert sum(part.elapsed for part in parts) == pytest.approx(elapsed, abs=0.1)
        assert sum(part.distance for part in parts) == pytest.approx(distance, abs=0.1)
        assert [part.began for part in parts[1:]] == pytest.approx([part.ended for part in parts[:-1]])
    assert [part.distance for part in activity.splits("km")][:2] == [1000.0, 1000.0]
    assert activity.behind == pytest.approx(0.0, abs=3.0)
    assert activity.mean("cadence") == 170.0


def test_a_run_ends_where_its_last_segment_does_not_with_the_next_input() -> None:
    activity = of([each._replace(at=each.at + 0.4 * (each.at > 0)) for each in strides(842) if isinstance(each, Stride)])
    assert activity.summary["complete"] and activity.summary["elapsed"] == 840.0
    assert sum(part.distance for _, part in activity.segments) == pytest.approx(activity.summary["distance"], abs=0.1)


def test_time_ahead_of_the_plan_is_what_a_faster_pace_gains() -> None:
    activity = of(strides(841, range(300, 400)))
    assert activity.behind == pytest.approx(-10.0, abs=2.0)
    assert [number for number, _ in activity.segments] == [1, 2, 3]


def test_a_correction_that_was_answered_is_told_as_answered_and_one_that_was_not_as_not() -> None:
    answered, deaf = of(strides(841, range(300, 318))), of(strides(841, range(300, 500)))
    for activity, least, most in ((answered, -0.02, 0.03), (deaf, 0.07, 0.13)):
        [first, *_] = [each for each in activity.decisions if each.kind == "ease_off" and each.rule is None]
        achieved = activity.achieved(first)
        assert achieved and 0.04 < achieved.before < 0.13
        assert achieved.after is not None and least <= achieved.after <= most
    told = "\n".join(show.text(answered, "km"))
    assert "on pace" in told and "s fast →" in told


def test_pauses_and_laps_are_kept_and_a_pause_is_no_running() -> None:
    items = strides(841)
    keys: list[Input] = [Key(200.5, "pause"), Key(260.5, "pause"), Key(400.5, "lap")]
    activity = of(sorted([*items, *keys], key=lambda item: item.at))
    assert activity.pauses == [(200.5, 260.5)]
    assert not [each for each in activity.seconds if 202 < each.at < 260]
    [lap] = activity.laps
    assert lap.elapsed == pytest.approx(340.5, abs=1.0)
    assert any(line.startswith("lap") for line in show.text(activity, "km"))


def test_the_heart_and_the_place_are_those_of_their_second() -> None:
    items: list[Input] = []
    for at in range(100):
        fix = Fix(float(at), "gps", 47.0 + at * 2.7e-5, 8.0, 400.0 + at / 10, speed=3.0, utc=1.8e9 + at)
        items += [fix, Pulse(at + 0.1, "strap", 100 + at)]
    activity = of(items, FREE_RUN)
    assert activity.started == 1.8e9
    middle = activity.seconds[50]
    assert middle.lat == pytest.approx(47.0 + middle.at * 2.7e-5) and middle.alt == pytest.approx(400 + middle.at / 10)
    assert middle.heart == pytest.approx(100 + middle.at, abs=1)
    assert not of(strides(50)).started


def test_a_recording_is_shown_and_explained_with_a_workout(tmp_path: Path) -> None:
    config = configured(tmp_path)
    told = coach(config, "show", DEMO_TRACK, "--workout", "5m 6:00/km, 10m ramp 6:00-5:00/km, 5m 6:30/km").stdout
    assert "Steady" in told and "corrections" in told and "score" in told
    rows = lines(coach(config, "show", DEMO_TRACK, "--workout", "5m 6:00/km, 10m 5:30/km", "--json").stdout)
    assert [row["kind"] for row in rows][-1] == "summary" and {"segment", "split"} <= {row["kind"] for row in rows}
    whole = rows[-1]
    assert whole["elapsed"] == pytest.approx(sum(row["elapsed"] for row in rows if row["kind"] == "segment"), abs=0.2)
    explained = coach(config, "explain", DEMO_TRACK, "--workout", "5m 6:00/km, 10m 5:30/km").stdout
    assert "six minutes per kilometer" in explained


def test_a_run_that_ended_is_listed_with_its_totals_and_one_that_did_not_is_replayed_for_them(tmp_path: Path) -> None:
    config = configured(tmp_path, f'[[source]]\nname = "track"\nkind = "track"\nport = "{DEMO_TRACK}"\nrate = 5000\n')
    coach(config, "run", "2m 6:00/km")
    [run] = store.list_runs()
    assert run.totals and run.totals["elapsed"] == pytest.approx(120.0, abs=0.1)
    path = store.folder() / "broken.jsonl"
    writer = JournalWriter.begin(path, Setup(PLAN).as_dict(), pytest.fail, 2)
    for item in strides(130):
        writer.write_input(item)
    writer.close(130.0, None)
    [broken, _] = store.list_runs()
    assert broken.totals is None and totals_of(broken)["distance"] == pytest.approx(325.0, abs=10.0)
    told = coach(config, "runs").stdout.splitlines()
    assert "did not end" in told[1] and "2:00" in told[2]
    assert lines(coach(config, "runs", "--json").stdout)[1]["distance"] == run.totals["distance"]
    assert (
        coach(config, "show", run.path.stem).stdout
        == "\n".join(show.text(relive(open_recording(run.path), Setup.from_dict(JournalReader(run.path).run), "km"), "km"))
        + "\n"
    )


def test_columns_are_aligned_and_empty_ones_left_out() -> None:
    rows = [("name", "way", "none", "why"), ("a", "1 km", "–", "x"), ("bcd", "10 km", "–", "a long reason")]
    assert list(aligned(rows)) == ["name    way            why", "a      1 km              x", "bcd   10 km  a long reason"]


def kept(name: str, days: float) -> Path:
    """A journal that began so many days ago."""
    path = store.new_path(name)
    setup = Setup(PLAN)
    writer, runner, words = JournalWriter.begin(path, setup.as_dict(), pytest.fail, 1), setup.coach(), setup.words()
    for item in strides(30):
        writer.write_input(item)
        for cue in runner.feed(item):
            writer.write_cue(cue, words.text(cue))
    writer.close(30.0, "quit")
    header = {**JournalReader(path).header, "started": time.time() - days * 86_400}
    header.pop("crc", None)
    path.write_bytes(seal(header) + b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    return path


def test_old_runs_are_deleted_only_by_the_runners_word(tmp_path: Path) -> None:
    config, old, new, undated = configured(tmp_path), kept("old", 100), kept("new", 5), kept("undated", 20_000)
    assert "add --yes" in coach(config, "runs", "--keep", "90d", check=2).stderr and old.exists()
    assert "'soon' is not an age" in coach(config, "runs", "--keep", "soon", check=2).stderr
    assert coach(config, "runs", "--keep", "90d", "--yes").stdout.split() == [old.stem]
    assert not old.exists() and new.exists() and undated.exists()
    assert "No run is older" in coach(config, "runs", "--keep", "90d", "--yes").stderr


def test_old_journals_are_packed_and_told_as_before(tmp_path: Path) -> None:
    config, old, new = configured(tmp_path), kept("old", 8), kept("new", 5)
    before = coach(config, "show", old.stem).stdout
    assert store.compact_old(time.time()) == 1
    packed = old.with_name(old.name + ".gz")
    assert not old.exists() and packed.exists() and new.exists() and packed.stat().st_mode & 0o077 == 0
    assert {run.name for run in store.list_runs()} == {old.stem, new.stem} and store.find_run(old.stem) == packed
    assert coach(config, "show", old.stem).stdout == before and store.compact_old(time.time()) == 0
    assert "all of them the same again" in coach(config, "verify", old.stem).stdout
    assert [each.ended for each in store.list_runs()] == [True, True]


def test_a_packed_journal_that_is_damaged_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    path = kept("old", 8)
    with path.open("ab") as file:
        file.write(b"".join(seal({"k": "tick", "at": float(at)}) for at in range(5000)))
    packed = compact(path)
    packed.write_bytes(packed.read_bytes()[:-4000])
    journal = JournalReader(packed)
    assert 1 < len(list(journal)) < 5000 and journal.damaged == 1
    packed.write_bytes(b"\x1f\x8b nothing")
    assert not is_journal(packed)
    with pytest.raises(InvalidFile):
        JournalReader(packed)


def test_a_break_between_packing_and_deleting_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path = kept("old", 8)
    content = path.read_bytes()
    compact(path)
    path.write_bytes(content)
    assert [run.path for run in store.list_runs()] == [path] and store.compact_old(time.time()) == 1
    assert [run.name for run in store.list_runs()] == [path.stem]


@pytest.mark.parametrize("command", ["show", "explain", "report", "export"])
def test_what_could_not_be_used_of_a_recording_is_told_by_each_command(tmp_path: Path, command: str) -> None:
    path, out = tmp_path / "odd.gpx", ("-o", tmp_path / ("x.html" if command == "report" else "x.fit"))
    lats = (47 + at * 2.7e-5 if at % 3 else "x" for at in range(120))
    times = (f"<time>2026-05-14T05:{at // 60:02}:{at % 60:02}Z</time>" for at in range(120))
    points = (f'<trkpt lat="{lat}" lon="8">{when}</trkpt>' for lat, when in zip(lats, times, strict=True))
    path.write_text(f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{"".join(points)}</trkseg></trk></gpx>')
    done = coach(configured(tmp_path), command, path, *(out if command in ("report", "export") else ()))
    assert "40" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
