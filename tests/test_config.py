"""The config: the example file is the defaults, and every mistake is one line with what to type."""

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from pydantic import BaseModel

from coach import config
from coach.cli.guard import ignored_here
from coach.config import default_path
from coach.core.plan.segments import Distance
from coach.core.policy import Policy
from coach.errors import InvalidSettings
from coach.workouts import native
from devices.kinds import KINDS

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def load(tmp_path: Path, text: str) -> config.Config:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return config.load(path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(InvalidSettings) as wrong:
        load(tmp_path, text)
    return str(wrong.value).removeprefix(f"{tmp_path}/").splitlines()[0]


def test_the_example_file_is_the_defaults() -> None:
    assert config.load(EXAMPLE).model_dump() == config.Config().model_dump()


def test_the_example_file_says_every_default_aloud() -> None:
    """Not only the same, but written: an option that is missing there is not documented."""
    written = tomllib.loads(EXAMPLE.read_text())
    defaults = json.loads(json.dumps(config.Config().model_dump(exclude={"source", "workout"}), default=vars))
    assert set(written) == set(defaults)
    for subject in defaults["coach"]["policy"]:
        defaults[f"coach.policy.{subject}"] = asdict(getattr(Policy(), subject))
        written[f"coach.policy.{subject}"] = written["coach"]["policy"][subject]
    for table, options in defaults.items():
        for name, value in options.items():
            line = f"{name} = {json.dumps(value)}  # what it does"
            assert name in written[table], f"config.example.toml: [{table}]: add the line: {line}"
        unknown = sorted(set(written[table]) - set(options))
        named = f"config.example.toml: [{table}]: {', '.join(unknown)}"
        assert not unknown, f"{named}: add a field to coach/config.py, or remove its line"


def test_a_constant_by_its_former_name_counts_and_is_told_where_it_stands_now(tmp_path: Path) -> None:
    read = load(tmp_path, "[coach.policy]\n\nheart_over = 90\n[coach.policy.heart]\nfar = 9\n")
    assert (read.coach.policy.heart.over, read.coach.policy.heart.far) == (90, 9)
    (told,) = read.warnings
    assert told.endswith("config.toml:3: coach.policy.heart_over is now called coach.policy.heart.over")


def test_the_example_file_names_every_option_of_a_segment() -> None:
    text = EXAMPLE.read_text()
    models: list[type[BaseModel]] = [native.SegmentTable, native.WorkoutTable]
    for model in models:
        for name in model.model_fields:
            assert re.search(rf"^#[\s#]+(\[\[workout\.)?{name}\b", text, re.MULTILINE), name


def test_its_commented_examples_are_valid(tmp_path: Path) -> None:
    """Uncommented one by one: sources alone, and the workout."""
    text = EXAMPLE.read_text()
    sources = re.findall(r"^# \[\[source\]\].*\n(?:^# [^\[\n].*\n)+", text, re.MULTILINE)
    assert len(sources) == 8
    for source in sources:
        lines = [line[2:] for line in source.splitlines() if not line.startswith("# address")]
        assert load(tmp_path, "\n".join(lines)).source[0].name in ("gps", "pod", "track")
    segments = "\n".join(line[2:] for line in text[text.index("# [[workout.segment]]") :].splitlines())
    plan = load(tmp_path, f'[runner]\nrace = "10k 50:00"\n{segments}').plan
    assert plan and len(plan.segments) == 5


def test_no_file_at_the_default_place_is_the_defaults() -> None:
    loaded = config.load(None)
    assert loaded.model_dump() == config.Config().model_dump()
    assert (loaded.path, loaded.plan, loaded.fitness) == (None, None, None)


def test_a_file_at_the_default_place_is_read() -> None:
    config.default_path().parent.mkdir(parents=True)
    config.default_path().write_text('[runner]\nunits = "imperial"\n')
    loaded = config.load(None)
    assert loaded.runner.units == "imperial"
    assert loaded.path == config.default_path()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[runner]\nunits = "metrik"\n', "config.toml:2: runner.units: 'metrik' is not one of metric, imperial; "
         'did you mean "metric"?'),
        ('[runner]\n\nunitz = "metric"\n', 'config.toml:3: runner.unitz: is not a known option; did you mean "units"?'),
        ("[runer]\n", 'config.toml:1: runer: is not a known option; did you mean "runner"?'),
        ('[voice]\nrate = "fast"\n', "config.toml:2: voice.rate: should be a valid integer"),
        ("[voice]\nrate = 900\n", "config.toml:1: voice: rate = 900 is not between 80 and 400"),
        ("[voice]\nvolume = nan\n", "config.toml:1: voice: volume = nan is not between"),
        ('[voice]\nengine = "command"\n', 'config.toml:1: voice: engine = "command" needs command ='),
        ("[coach.policy.correction]\nsettel = 5\n", 'config.toml:2: coach.policy.correction.settel: is not a known option; did '
         'you mean "settle"?'),
        ("[runner]\nmax_heart = 180\nthreshold_heart = 190\n", "config.toml:1: runner: threshold_heart = 190 must be "
         "below max_heart = 180"),
        ('[runner]\nheart_zones = "reserve"\n', 'config.toml:1: runner: heart_zones = "reserve" needs your maximum and your '
         "resting heart rate: give max_heart and resting_heart"),
        ('[runner]\nheart_zones = "lthr"\n', "config.toml:2: runner.heart_zones: 'lthr' is not one of auto, maximum, "
         "threshold, reserve"),
        ("[coach.policy.heart]\nover = -5\n", "config.toml:1: coach.policy: heart.over = -5"),
        ("[coach.policy]\nsettle = inf\n", "config.toml:1: coach.policy: correction.settle = inf"),
        ("[coach.policy]\nsettle = 'x'\n", "config.toml:2: coach.policy.correction.settle: should be a valid number"),
        ("[coach]\npolicy = 5\n", "config.toml:2: coach.policy: "),
        ('[runner]\nrace = "10k"\n', "config.toml:2: runner.race: '10k' is not a race result; write it like"),
        ('[runner]\nrace = "10k 5:00"\n', "config.toml:2: runner.race: '10k 5:00' is not a running race"),
        ('[runner]\nlanguage = "xx"\n', "config.toml:2: runner.language: 'xx' is not one of the languages"),
        ('[[source]]\nname = "a"\nkind = "nmae"\n', 'config.toml:1: source 1: kind = "nmae" is not known; '
         'did you mean "nmea"?'),
        ('[[source]]\nname = "a"\nkind = "nmea"\n[[source]]\nname = "a"\nkind = "pod"\n',
         'config.toml:5: source 2.name: "a" is the name of two sources'),
        ('[[source]]\nname = "a"\nkind = "nmea"\ncolumns = ["x"]\n',
         'config.toml:4: source 1.columns: is not an option of kind = "nmea"; it is'),
        ('[[source]]\nname = "a"\nkind = "ublox"\nrate = 50\n',
         "config.toml:4: source 1.rate: 50 is out of bounds: 1 to 10 fixes a second"),
        ('[[source]]\nname = "a"\nkind = "nmea"\nprot = "auto"\n',
         'config.toml:4: source 1.prot: is not an option of kind = "nmea"; did you mean "port"?'),
        ('[voice]\nengine = "pytsx3"\n', 'config.toml:1: voice: engine = "pytsx3" is not known; did you mean "pyttsx3"?'),
        ('[[source]]\nname = "a"\nkind = "track"\n', "config.toml:1: source 1: a track needs a file"),
        ('[workout]\nfile = "gone.toml"\n', "config.toml:2: workout.file: 'gone.toml' does not exist"),
        ("[workout]\n", "config.toml:1: workout: has no segments"),
        ("[runner\n", "config.toml:1: expected"),
        ("[runner]\nbeta_blockers = True\n", "config.toml:2: invalid value; write true"),
        ("[runner]\nunits = metric\n", 'config.toml:2: invalid value; put texts in quotes: "metric"'),
        ("[runner]\nunits = ‘metric’\n", 'config.toml:2: invalid value; write straight quotes: units = "metric"'),
        ('[runner]\nshoes = "C:\\.a"\n', "config.toml:2: unescaped '\\' in a string; in single quotes a backslash is one"),
        ("a = 4:30\n", "config.toml:1: expected newline or end of document after a statement; put values with a unit "
         'in quotes: "4:30"'),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_where_what_and_what_to_type(tmp_path: Path, text: str, told: str) -> None:
    assert refused(tmp_path, text).startswith(told)


def test_the_line_itself_stands_below_with_a_caret(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as wrong:
        load(tmp_path, '[runner]\n  units = "metrik"\n')
    assert str(wrong.value).splitlines()[1:] == ['      units = "metrik"', "              ^"]


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for data in (b"\xff\xfe\0", b"x" * (1 << 21), b"a = " + b"[" * 100_000):
        path.write_bytes(data)
        with pytest.raises(InvalidSettings):
            config.load(path)
    with pytest.raises(InvalidSettings, match="cannot be read: no such file"):
        config.load(tmp_path / "gone.toml")
    with pytest.raises(InvalidSettings, match="cannot be read: is a directory"):
        config.load(tmp_path)


def test_a_byte_order_mark_is_forgiven(tmp_path: Path) -> None:
    assert load(tmp_path, '\ufeff[runner]\nunits = "imperial"\n').runner.units == "imperial"


def test_the_workout_may_stand_in_the_config_or_beside_it(tmp_path: Path) -> None:
    (tmp_path / "easy.toml").write_text('[[segment]]\nlength = "5 km"\npace = "6:00/km"\n')
    for text in ('[workout]\nfile = "easy.toml"\n', '[[workout.segment]]\nlength = "5 km"\npace = "6:00/km"\n'):
        plan = load(tmp_path, text).plan
        assert plan and plan.segments[0].length == Distance(5000.0)


def test_the_schema_names_every_table() -> None:
    schema = config.schema()
    assert set(schema["properties"]) == {"runner", "source", "coach", "voice", "workout", "after", "sync", "buttons", "mqtt"}
    assert "imperial" in json.dumps(schema)


def test_the_schema_knows_the_options_of_each_kind() -> None:
    rows = {row["properties"]["kind"].get("const"): row["properties"] for row in config.schema()["$defs"]["Source"]["oneOf"]}
    assert set(rows) == {*KINDS, None}  # None: those of plug-ins
    assert rows["ublox"]["rate"] == {"description": "fixes a second", "type": "number", "minimum": 1, "maximum": 10}
    assert rows["ublox"]["model"]["enum"] == ["pedestrian", "wrist"]
    assert "columns" in rows["pod"] and "columns" not in rows["nmea"]


def test_coach_schema_prints_json() -> None:
    printed = subprocess.run([sys.executable, "-m", "coach.cli.main", "schema"], capture_output=True, check=True)
    assert json.loads(printed.stdout)["type"] == "object"


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[runner]\nunits = "metrc"\nage = 300\n[coach]\nverbosity = "loud"\n')
    with pytest.raises(InvalidSettings) as wrong:
        config.load(path)
    told = str(wrong.value)
    assert [line.partition(": ")[0] for line in told.splitlines() if line.startswith(str(path))] == [
        f"{path}:{number}" for number in (2, 3, 5)
    ]
    path.write_text('[[source]]\nkind = "nmea"\nbaud = "x"\n[[source]]\nkind = "pod"\nmode = "y"\n')
    with pytest.raises(InvalidSettings) as wrong:
        config.load(path)
    assert f"{path}:3: " in str(wrong.value) and f"{path}:6: " in str(wrong.value)


def test_more_mistakes_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[runner]\n" + "".join(f"x{n} = 1\n" for n in range(50)))
    with pytest.raises(InvalidSettings, match=r"and 30 mistakes more$"):
        config.load(path)


def test_one_source_may_stand_in_single_brackets_and_needs_no_name(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[source]\nkind = "nmea"\nport = "/dev/ttyUSB0"\n')
    (source,) = config.load(path).source
    assert (source.name, source.kind, source.options()["port"]) == ("nmea", "nmea", "/dev/ttyUSB0")
    path.write_text('[source]\nkind = "nmea"\nbawd = 3\n')
    with pytest.raises(InvalidSettings, match=r"config\.toml:3: "):
        config.load(path)
    path.write_text('[source]\nkind = "nmea"\n[source]\nkind = "pod"\n')
    with pytest.raises(InvalidSettings, match=r"write \[\[source\]\] for each of several"):
        config.load(path)
    path.write_text('[[source]]\nkind = "nmea"\n[[source]]\nkind = "nmea"\n')
    with pytest.raises(InvalidSettings, match='"nmea" is the name of two sources'):
        config.load(path)


def test_a_config_in_the_current_folder_is_named_where_it_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ignored_here() is None
    Path("config.toml").write_text("[tool.other]\nx = 1\n")
    assert ignored_here() is None
    Path("config.toml").write_text('[[source]]\nkind = "nmea"\n')
    assert ignored_here() == Path("config.toml")
    default_path().parent.mkdir(parents=True)
    Path("config.toml").rename(default_path())
    monkeypatch.chdir(default_path().parent)
    assert ignored_here() is None
