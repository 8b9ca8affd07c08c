"""A workout goes onto the watch that is plugged in: its folder is found in any case, and what was written is read back."""

from pathlib import Path

import pytest

from coach.errors import InvalidSettings
from coach.workouts import watch_folder
from tests.cli.commands import coach, configured


@pytest.mark.parametrize("names", [("GARMIN", "NewFiles"), ("Garmin", "NEWFILES"), ("garmin", "newfiles")])
def test_the_folder_is_found_whatever_its_case(tmp_path: Path, names: tuple[str, str]) -> None:
    folder = tmp_path / "media" / "me" / "WATCH" / names[0] / names[1]
    folder.mkdir(parents=True)
    (tmp_path / "media" / "me" / "STICK").mkdir()
    mounts = (f"{tmp_path}/media/*", f"{tmp_path}/media/*/*")
    assert watch_folder.new_files(mounts) == folder
    assert watch_folder.put(b"fit", "a.fit", folder).read_bytes() == b"fit"
    (tmp_path / "media" / "me" / "OTHER" / "GARMIN" / "NewFiles").mkdir(parents=True)
    with pytest.raises(InvalidSettings, match="2 watches were found"):
        watch_folder.new_files(mounts)


def test_a_watch_that_does_not_take_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.fit").mkdir()
    with pytest.raises(InvalidSettings, match="cannot be written: is a directory; unlock the watch"):
        watch_folder.put(b"fit", "a.fit", tmp_path)


def test_without_a_watch_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "x.fit"
    done = coach(configured(tmp_path), "convert", "10m 6:00/km Pace", out, "--to-watch", check=2)
    assert "no watch with a folder GARMIN/NewFiles" in done.stderr and not out.exists()
    assert "end it in .fit" in coach(configured(tmp_path), "convert", "10m", tmp_path / "x.zwo", "--to-watch", check=2).stderr
