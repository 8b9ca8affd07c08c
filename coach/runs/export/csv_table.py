"""A run as a CSV table, a row for each second, in SI units; unknown values are empty."""

from __future__ import annotations

import csv
from io import StringIO

from coach.runs.activity import Activity, Second
from coach.runs.export.moments import said_in, utc_text

DIGITS = {"at": 3, "elapsed": 3, "distance": 2, "lat": 7, "lon": 7, "alt": 1, "slope": 4}
USUAL = 3  # digits of the others


def content(activity: Activity) -> bytes:
    """The columns of `Second`, after the time in UTC; and the words that were said in that second."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("time", *Second._fields, "said"))
    words = said_in(activity)
    for second in activity.seconds:
        cells = (_cell(name, value) for name, value in zip(Second._fields, second, strict=True))
        table.writerow((utc_text(activity.unix(second.at)), *cells, words.get(second.at, "")))
    return text.getvalue().encode()


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    return round(value, DIGITS.get(name, USUAL)) if isinstance(value, float) else value
