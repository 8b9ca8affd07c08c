"""`coach init` writes a config that is read, and in which only what was chosen is set."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from coach.cli.init import example
from coach.cli.main import main
from coach.config import Config, load
from devices import catalogue
from devices.catalogue import Device
from tests.conftest import ROOT
from tests.devices.fakes import plugged_in


def init(path: Path, *arguments: str, answers: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--config", str(path), "init", *arguments], input=answers)
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def nothing_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "best", dict)


def set_in(path: Path) -> dict[str, object]:
    return {name: table for name, table in tomllib.loads(path.read_text())["runner"].items()}


def test_answers_become_options_and_all_else_is_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    code, told = init(path, answers="10k 50:00\nimperial\nde\n")
    assert code == 0, told
    assert set_in(path) == {"race": "10k 50:00", "units": "imperial", "language": "de"}
    assert "# level " in path.read_text() and "# [[source]]" in path.read_text()
    assert load(path).fitness is not None
    plain = load(path).model_dump()
    plain["runner"] |= {"race": "", "units": "metric", "language": "en"}
    assert plain == Config().model_dump()


def test_return_alone_leaves_a_question_open_and_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    code, told = init(path, answers="half 1:45\n\n6:30/km\n\n\n")
    assert code == 0, told
    assert "did you mean 1:45:00?" in told
    assert set_in(path) == {"easy_pace": "6:30/km", "units": "metric", "language": "en"}


def test_nothing_is_asked_of_who_types_all(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert init(path, "-y", "--race", "10k 50:00")[0] == 0
    assert set_in(path) == {"race": "10k 50:00"}
    assert init(tmp_path / "other.toml", "-y", "--race", "10k")[0] == 2
    assert init(tmp_path / "other.toml", "-y", "--language", "xx")[0] == 2
    assert not (tmp_path / "other.toml").exists()


@pytest.mark.parametrize(("arguments", "answers"), [((), "n\n"), ((), "\n"), (("-y",), "")])
def test_a_config_is_not_replaced_without_a_word(arguments: tuple[str, ...], answers: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n")
    assert init(path, *arguments, answers=answers)[0] == 1
    assert path.read_text() == "# mine\n"
    assert init(path, answers="y\n\n\n\n\n")[0] == 0


@pytest.mark.edge
def test_what_is_plugged_in_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with plugged_in() as plug:
        device = Device(port=str(plug.path), kind="nmea", description="a receiver")
        monkeypatch.setattr(catalogue, "best", lambda: {"gps": device})
        path = tmp_path / "config.toml"
        code, told = init(path, "-y")
        assert code == 0, told
        assert f"found: nmea at {plug.path}" in told
        (source,) = load(path).source
        assert (source.name, source.kind, source.options()["port"]) == ("gps", "nmea", str(plug.path))


def test_the_example_is_in_the_package_that_is_installed() -> None:
    included = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
        "force-include"
    ]
    assert included == {"config.example.toml": "coach/config.example.toml"}
    assert example() == (ROOT / "config.example.toml").read_text()
