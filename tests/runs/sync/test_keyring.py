"""The key in the system's keyring: found there, kept there, and never waited for; by a keyring of our own."""

import os
import stat
import time
from pathlib import Path

import pytest

from coach.errors import InvalidSettings
from coach.runs.sync import keyring
from coach.runs.sync.keys import keep_key, key_file, key_of

KEPT = """
import json, pathlib
_file = pathlib.Path(__file__).with_name("kept.json")
def get_password(ours, service): return json.loads(_file.read_text()).get(ours + service) if _file.exists() else None
def set_password(ours, service, key): _file.write_text(json.dumps({ours + service: key}))
def delete_password(ours, service): _file.unlink()
"""
LOCKED = "import time\ndef get_password(*told): time.sleep(60)\nset_password = delete_password = get_password\n"
FAILING = "def get_password(*told): raise RuntimeError('no keyring')\nset_password = delete_password = get_password\n"
READ_ONLY = KEPT + "def set_password(*told): raise PermissionError\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which the program and its child import `keyring`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    return tmp_path / "keyring.py"


def test_a_keyring_that_answers_keeps_the_key_and_no_file_does(installed: Path) -> None:
    keep_key("intervals", "an-older-key")
    installed.write_text(KEPT)
    assert keep_key("intervals", " key-of-mine\n") == "the system's keyring"
    assert key_of("intervals") == "key-of-mine" and not key_file("intervals").exists()


@pytest.mark.parametrize("broken", [LOCKED, FAILING])
def test_one_that_is_locked_or_fails_is_left_and_the_file_counts(
    installed: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(keyring, "READ", 0.3)
    monkeypatch.setattr(keyring, "KEEP", 0.3)
    installed.write_text(broken)
    begun = time.monotonic()
    assert "only you can read" in keep_key("intervals", "key-of-mine")
    assert stat.S_IMODE(key_file("intervals").stat().st_mode) == 0o600
    assert key_of("intervals") == "key-of-mine" and time.monotonic() - begun < 30


def test_a_key_that_cannot_be_kept_replaces_the_older_one_there(installed: Path) -> None:
    installed.write_text(KEPT)
    keep_key("intervals", "an-older-key")
    installed.write_text(READ_ONLY)
    assert "only you can read" in keep_key("intervals", "key-of-mine")
    assert key_of("intervals") == "key-of-mine"


def test_what_is_no_key_is_refused_whoever_keeps_it(installed: Path) -> None:
    installed.write_text(KEPT)
    installed.with_name("kept.json").write_text('{"progression-coachintervals": "short"}')
    with pytest.raises(InvalidSettings, match="the keyring: is not a key"):
        key_of("intervals")


def test_without_the_library_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "find_spec", lambda name: None)
    assert keyring.found("intervals") is None and not keyring.keep("intervals", "key-of-mine")
