"""A language as it is spoken in a country: en-GB, fr-BE, es-MX."""

import re

import pytest

from coach.config import Config
from coach.core.events import Cue
from coach.voice.words.phrasing import Words
from coach.voice.words.tables import check, known_languages, languages, our_languages, read


def said(language: str, kind: str, **facts: object) -> str:
    return Words.load(language, "metric").text(Cue(0.0, kind, 2, 0.0, 0.0, facts))


def test_a_country_changes_what_it_says_otherwise_and_nothing_else() -> None:
    assert said("en-GB", "split", number=3, seconds=320.0) == "Kilometre three, five twenty."
    assert said("en-CA", "split", number=3, seconds=320.0) == "Kilometre three, five twenty."
    assert said("en-US", "split", number=3, seconds=320.0) == said("en", "split", number=3, seconds=320.0)
    assert said("fr-BE", "heart_high", bpm=176.0, nth=1) == "Cardio cent septante-six. Ralentis."
    assert said("fr-CH", "heart_high", bpm=182.0, nth=1) == "Cardio cent huitante-deux. Ralentis."
    assert said("es-MX", "set_belt", tenths=106) == "Pon la caminadora a diez punto seis."
    assert said("es-US", "set_belt", tenths=106) == "Pon la caminadora a diez punto seis."
    assert said("de-AT", "halfway") == said("de", "halfway")


@pytest.mark.parametrize("language", our_languages())
def test_every_country_is_complete_and_checked(language: str) -> None:
    tables = read(language)
    check(tables, read("en"))
    assert len(set(tables["numbers"]["below_hundred"].split())) == 100
    assert set(tables) == set(read(language.partition("-")[0]))
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", language) and language.partition("-")[0] in languages()


def test_the_config_takes_a_country() -> None:
    for language in known_languages():
        assert Config.model_validate({"runner": {"language": language}}).runner.language == language
    with pytest.raises(ValueError, match="'en-XX' is not one of the languages"):
        Config.model_validate({"runner": {"language": "en-XX"}})
