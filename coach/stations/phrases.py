"""What a person types in place of a key: phrases for each of inputs.KEYS, in English, German, French and Spanish, as data."""

from __future__ import annotations

import re

from coach.core.inputs import KEYS

PHRASES: dict[str, tuple[str, ...]] = {
    "pause": (
        *("pause or go on", "stop for a moment", "wait", "start", "go"),
        *("warte", "los", "attends", "démarre", "espera", "empieza"),
    ),
    "resume": (
        *("go on", "continue", "carry on"),
        *("weiter", "weiter gehts", "reprends", "on reprend", "sigue", "continúa"),
    ),
    "skip": (
        *("next", "next segment", "skip this", "skip it"),
        *("überspringen", "nächster abschnitt", "suivant", "segment suivant", "siguiente", "salta"),
    ),
    "back": (
        *("previous", "go back", "once more", "again", "begin again"),
        *("zurück", "nochmal", "noch einmal", "retour", "recommence", "atrás", "anterior", "repite"),
    ),
    "lap": (
        *("mark", "mark a lap", "split", "lap time"),
        *("runde", "tour", "vuelta"),
    ),
    "report": (
        *("how am i doing", "how is it going", "how do i do", "status", "what now", "what is my pace", "my pace", "pace"),
        *("wie läuft es", "wie läufts", "wie liege ich", "comment ça va", "où jen suis", "cómo voy", "qué tal voy"),
    ),
    "progress": (
        *("am i ahead", "am i behind", "am i on plan", "when will i finish", "how far", "how long", "how much is left"),
        *("bin ich im plan", "liege ich im plan", "wann bin ich im ziel", "je suis en avance", "suis je en avance"),
        *("quand est ce que jarrive", "voy adelantado", "voy bien de tiempo", "cuándo llego"),
    ),
    "verbosity": (
        *("talk less", "talk more", "say less", "say more", "less", "more"),
        *("weniger reden", "mehr reden", "parle moins", "parle plus", "habla menos", "habla más"),
    ),
    "louder": (
        *("volume up", "turn it up", "speak up"),
        *("lauter", "plus fort", "monte le son", "más alto", "sube el volumen"),
    ),
    "quieter": (
        *("softer", "volume down", "turn it down"),
        *("leiser", "moins fort", "baisse le son", "más bajo", "baja el volumen"),
    ),
    "quit": (
        *("end", "stop", "finish", "end the run", "stop the run"),
        *("ende", "beenden", "aufhören", "termine", "arrête", "fin", "termina", "acaba"),
    ),
}


def key_of(typed: str) -> str | None:
    """The key that is meant; None if none is. Case and punctuation do not count."""
    said = " ".join(re.findall(r"\w+", re.sub("['’]", "", typed.lower())))
    return next((key for key in KEYS if said == key or said in PHRASES[key]), None)
