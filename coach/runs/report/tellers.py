"""What the parts of a report share: the run, the words of its language, and paces and deviations told in them."""

from __future__ import annotations

from html import escape

from coach.core.units import pace_text, speed_text
from coach.runs.activity import Activity
from coach.runs.explain import Explained
from coach.runs.report.charts import Frame, frame_of_paces
from coach.runs.report.texts import Texts

NONE = "–"


class Teller:
    """`unit` is km or mi; `frame` that of the chart of paces, whose time axis all charts share."""

    def __init__(self, activity: Activity, language: str, unit: str) -> None:
        self.activity, self.unit = activity, unit
        self.texts = Texts(language)
        self.frame: Frame = frame_of_paces(activity.seconds)
        self._told = speed_text if activity.setup.settings.treadmill else pace_text

    def page(self, name: str) -> str:
        """A text of the page, as HTML."""
        return escape(self.texts("page", name))

    def pace(self, speed: float) -> str:
        """ "5:05/km", or on a treadmill "9,5 km/h"."""
        return self.texts.number(self._told(speed, self.unit))

    def before_after(self, correction: Explained) -> tuple[str, str]:
        """How far off pace the runner was before a correction and after it; a dash where it is not known."""
        achieved, target = self.activity.achieved(correction), self.activity.target_at(correction.at)
        if achieved is None or not target:
            return NONE, NONE
        before, after = achieved.before, achieved.after
        return self.texts.off(before, target, self.unit), NONE if after is None else self.texts.off(after, target, self.unit)
