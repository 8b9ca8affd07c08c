"""A fitness from what is no race, races of another distance, heart rates and heat: worked values, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach import config as config_
from coach.core.plan.heart import Beats
from coach.core.plan.segments import Kind
from coach.errors import InvalidSettings
from coach.planning.fitness.evidence import Evidence, best_fitness, from_easy_pace, from_heart, from_talk_test
from coach.planning.fitness.heart import heart_ceilings, most_beats
from coach.planning.fitness.heat import heat_factor
from coach.planning.fitness.paces import HALF, MARATHON, Fitness, Result
from coach.planning.fitness.predictions import Pair, marathon, marathon_after_two, predictions
from tests.cli.commands import coach, configured

MILE = 1609.344


@pytest.mark.parametrize(("pace", "vdot"), [("7:00/km", 35.1), ("7:30/km", 32.1), ("6:30/km", 38.5)])
def test_a_habitual_easy_pace(pace: str, vdot: float) -> None:
    assert from_easy_pace(pace) == pytest.approx(vdot, abs=0.05)


def test_the_talk_test_and_a_heart_rate() -> None:
    assert from_talk_test("7:00/km") == pytest.approx(31.4, abs=0.05)
    assert from_heart("7:00/km at 152", 190) == pytest.approx(35.6, abs=0.05)  # 80 % of the highest


def test_a_race_counts_before_an_estimate_and_the_better_of_two_races_before_the_other() -> None:
    race, estimate = Evidence(race="10k 50:00", easy_pace="5:30/km"), Evidence(easy_pace="7:00/km", talk_pace="7:00/km")
    found = best_fitness(race, "beginner")
    assert found and found.vdot == pytest.approx(40.01, abs=0.01) and not (found.estimate or found.capped)
    better = best_fitness(Evidence(race="10k 50:00", race2="5k 23:00"), "beginner")
    assert better and better.origin == "5k 23:00"
    lower = best_fitness(estimate, "intermediate")
    assert lower and lower.vdot == pytest.approx(31.4, abs=0.05) and lower.estimate and not lower.capped
    assert best_fitness(Evidence(), "beginner") is None


def test_a_beginner_without_a_race_runs_nothing_beyond_marathon_pace() -> None:
    found = best_fitness(Evidence(easy_pace="7:00/km"), "beginner")
    assert found and found.capped and found.speed("5k") == found.speed("marathon")


def test_an_ordinary_runners_marathon() -> None:
    """A half in 1:45:00: 3:59:17 on 20 miles a week, 3:49:16 on 40; Daniels and Gilbert promise 3:37:50."""
    half = Result.parse("half 1:45:00")
    assert marathon(half, 20 * MILE) == pytest.approx(3 * 3600 + 59 * 60 + 17, abs=1)
    assert marathon(half, 40 * MILE) == pytest.approx(3 * 3600 + 49 * 60 + 16, abs=1)
    assert Fitness(half.vdot).race_seconds(MARATHON) == pytest.approx(3 * 3600 + 37 * 60 + 50, abs=2)


def test_two_races_tell_how_much_a_runner_slows() -> None:
    """k = ln(105/47)/ln(21.0975/10) = 1.0767; K = 1.4510756 - 0.23797948 k - 0.01410023 · 2 = 1.16665."""
    pair = Pair.of(Result.parse("half 1:45:00"), Result.parse("10k 47:00"))
    assert pair.exponent == pytest.approx(1.0767, abs=1e-4) and not pair.is_short
    assert marathon_after_two(pair, 20 * MILE) == pytest.approx(6300 * 2**1.16665, rel=1e-4)
    told = {each.metres: each for each in predictions(Fitness(45), Result.parse("half 1:45:00"), pair, None)}
    assert told[HALF].by == "your result" and told[MARATHON].by == "Vickers & Vertosick"
    assert told[5000.0].by == "your two races"


def test_two_short_races_give_a_critical_speed() -> None:
    pair = Pair.of(Result.parse("1200 m 4:45"), Result.parse("3600 m 16:00"))
    speed, beyond = pair.critical_speed
    assert pair.is_short and speed == pytest.approx(2400 / 675) and beyond == pytest.approx(1200 - 285 * 2400 / 675)
    assert pair.seconds(1200.0) == pytest.approx(285) and pair.seconds(HALF) is None
    assert "critical speed" in pair.why("km")


@pytest.mark.parametrize("vdot", [40, 50, 60])
def test_daniels_races_have_the_critical_speed_they_should(vdot: int) -> None:
    """About 3.33, 4.01 and 4.68 m/s; threshold pace is close below it, and marathon pace nine per cent."""
    fitness = Fitness(vdot)
    results = [Result(metres, fitness.race_seconds(metres), "") for metres in (1200.0, 3600.0)]
    speed, _ = Pair.of(*results).critical_speed
    assert speed == pytest.approx({40: 3.33, 50: 4.01, 60: 4.68}[vdot], rel=0.02)
    assert 0.89 < fitness.speed("marathon") / speed < 0.92 and 0.95 < fitness.speed("threshold") / speed < 0.99


@pytest.mark.parametrize(
    ("one", "other"),
    [("10k 50:00", "10k 49:00"), ("5k 20:00", "half 2:30:00"), ("5k 25:00", "10k 50:00")],
)
def test_races_that_do_not_go_together_are_refused(one: str, other: str) -> None:
    with pytest.raises(ValueError, match=r"too close in distance|do not fit together"):
        Pair.of(Result.parse(one), Result.parse(other))


def test_the_highest_heart_rate_is_the_measured_one_or_comes_from_the_age() -> None:
    assert most_beats(187, 40) == 187 and most_beats(0, 40) == 180 and most_beats(0, 40, True) == 136 and most_beats() is None


def test_heart_ceilings() -> None:
    ceilings = heart_ceilings("intermediate", max_heart=200)
    assert set(ceilings) == set(Kind)
    assert [ceilings[kind] for kind in (Kind.EASY, Kind.STEADY, Kind.TEMPO, Kind.PEAK)] == [158, 180, 186, 194]
    assert max(heart_ceilings("beginner", max_heart=200).values()) == 180
    assert max(heart_ceilings("advanced", max_heart=200, limit=150).values()) == 150
    assert set(heart_ceilings("advanced", limit=150).values()) == {150} and heart_ceilings("advanced") == {}
    assert heart_ceilings("advanced", age=40, beta_blockers=True)[Kind.PEAK] == round(0.97 * 136)


@pytest.mark.parametrize(("celsius", "factor"), [(5, 1.0), (15, 1.005), (22.5, 1.0205), (30, 1.039), (40, 1.07), (45, 1.07)])
def test_heat_slows_and_an_amateur_more(celsius: float, factor: float) -> None:
    assert heat_factor(celsius, "advanced") == pytest.approx(factor)
    assert heat_factor(celsius, "beginner") == pytest.approx(1 + 1.3 * (factor - 1))


def test_fahrenheit_is_no_weather() -> None:
    with pytest.raises(ValueError, match="is out of range"):
        heat_factor(86, "advanced")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('race2 = "5k 24:00"', "race2 is the second of two results"),
        ('race = "10k 50:00"\nrace2 = "10k 49:00"', "too close in distance"),
        ('easy_pace = "7:00"', "is not a pace"),
        ('easy_pace = "2:30/km"', "15 to 90 is possible"),
        ('heart_pace = "6:30/km"', 'write "6:30/km at 152"'),
        ('heart_pace = "6:30/km at 152"', "give max_heart, or age"),
        ('heart_pace = "6:30/km at 110"\nmax_heart = 190', "give a steady run at"),
        ("max_heart = 90", "120 to 240"),
        ("age = 7", "is not a valid age"),
        ('weekly = "40"', "is not a distance"),
    ],
)
def test_what_the_config_says_wrong_of_the_runner_is_one_line(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[runner]\n{line}\n")
    with pytest.raises(InvalidSettings) as wrong:
        config_.load(path)
    assert says in str(wrong.value).splitlines()[0]


def test_the_config_gives_the_best_of_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[runner]\nlevel = "beginner"\ntalk_pace = "7:00/km"\neasy_pace = "7:00/km"\nage = 40\n')
    fitness = config_.load(path).fitness
    assert fitness and fitness.origin.startswith("the talk test") and fitness.capped


def test_the_command_shows_paces_ceilings_and_races(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "half 1:45:00"\nmax_heart = 190\nweekly = "20 mi"\n')
    shown = coach(config, "paces").stdout
    assert "easy, full sentences" in shown and "heart up to 150" in shown and "3:59:17" in shown
    told = json.loads(coach(config, "paces", "--easy-pace", "7:00/km", "--json").stdout)
    assert told["estimate"] and told["vdot"] == pytest.approx(35.1, abs=0.05)
    hot = json.loads(coach(config, "paces", "--json", "--heat", "30").stdout)
    cool = json.loads(coach(config, "paces", "--json").stdout)
    assert cool["paces"][0]["speed"] / hot["paces"][0]["speed"] == pytest.approx(1 + 1.3 * 0.039, abs=1e-3)
    assert "type --race" in coach(configured(tmp_path), "paces", check=2).stderr


def test_the_zones_of_coach_paces_are_those_of_the_run(tmp_path: Path) -> None:
    known = '[runner]\nrace = "10k 50:00"\nage = 40\nthreshold_heart = 166\n'
    steps = "".join(f'[[workout.segment]]\nlength = "1 min"\nheart = "z{number}"\n' for number in range(1, 6))
    config = configured(tmp_path, known + steps)
    zones = json.loads(coach(config, "paces", "--json").stdout)["zones"]
    plan = config_.load(config).plan
    assert plan and [each.heart for each in plan.segments] == [Beats(each["low"], each["high"]) for each in zones]
    assert "Heart-rate zones, by your threshold: z1 116-141, z2 141-149," in coach(config, "paces").stdout


def test_a_hot_days_plan_is_slower_offers_the_easy_twin_and_at_last_refuses(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "10k 50:00"\n')
    plan = ("plan", "segmented", "--json")
    cool = json.loads(coach(config, *plan).stdout)
    warm = json.loads(coach(config, *plan, "--heat", "37").stdout)
    assert warm["seconds"] == cool["seconds"] and warm["metres"] < 0.95 * cool["metres"]
    assert any("--easy" in line for line in warm["why"])
    assert "hard running is not safe" in coach(config, *plan, "--heat", "40", check=2).stderr
    twin = json.loads(coach(config, *plan, "--heat", "41", "--easy").stdout)
    assert twin["seconds"] == cool["seconds"] and [each["kind"] for each in twin["segments"]] == ["warmup", "easy", "cooldown"]


def test_a_marathon_plan_says_what_is_likely(tmp_path: Path) -> None:
    config = configured(tmp_path, '[runner]\nrace = "half 1:45:00"\nweekly = "20 mi"\n')
    assert "a marathon in 3:59:17 is likely" in coach(config, "race", "marathon", "3:38:00").stdout
