"""intervals.icu: uploads an activity, and lists those of a day. Its API documents no upload that may be repeated safely."""

from __future__ import annotations

import base64
import urllib.parse
import urllib.request
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from coach.runs.sync.http import Answer, ask

ADDRESS = "https://intervals.icu"
OWNER = "/api/v1/athlete/0"  # 0: whoever the key belongs to
NEAR = 60.0  # s between the starts of two activities that may be the same
ALIKE = 0.02  # share that their distances may differ
DAY = timedelta(days=1)


class Intervals:
    """`key` is the runner's own, from the settings of the site."""

    name = "intervals"

    def __init__(self, key: str, address: str = ADDRESS) -> None:
        self._address = address.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"API_KEY:{key}".encode()).decode()

    def upload(self, name: str, external_id: str, file_name: str, data: bytes) -> Answer:
        """Sends a FIT file."""
        boundary = external_id + "-boundary"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + f"\r\n--{boundary}--\r\n".encode()
        query = {"name": name, "external_id": external_id}
        return self._ask("/activities", query, body, f"multipart/form-data; boundary={boundary}")

    def find(self, external_id: str, start: float, metres: float) -> Answer:
        """The activity of that id, or one that began then and is as long; content None if there is none."""
        day = datetime.fromtimestamp(start, UTC).date()
        answer = self._ask("/activities", {"oldest": str(day - DAY), "newest": str(day + DAY)})
        if answer.status != 200 or not isinstance(answer.content, list):
            return answer._replace(status=answer.status if answer.status != 200 else 0, content=None)
        listed = [each for each in answer.content if isinstance(each, dict)]
        same = [each for each in listed if each.get("external_id") == external_id]
        same += [each for each in listed if _is_alike(each, start, metres)]
        return answer._replace(content=same[0] if same else None)

    def planned(self, day: date) -> Answer:
        """The workouts of a day, their targets resolved to m/s and beats."""
        return self._ask("/events", {"category": "WORKOUT", "resolve": "true", "oldest": str(day), "newest": str(day)})

    def _ask(self, path: str, query: Mapping[str, str], body: bytes | None = None, kind: str | None = None) -> Answer:
        url = f"{self._address}{OWNER}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(url, data=body, method="POST" if body is not None else "GET")
        request.add_header("Authorization", self._authorization)
        request.add_header("User-Agent", "progression-coach")
        if kind:
            request.add_header("Content-Type", kind)
        return ask(request)


def _is_alike(activity: Mapping[str, Any], start: float, metres: float) -> bool:
    """By start and distance: a service may forget the id. A start without a zone may be whole hours off: it is not alike."""
    try:
        began = datetime.fromisoformat(str(activity.get("start_date") or "").replace("Z", "+00:00"))
        distance = float(activity.get("distance") or 0.0)
    except ValueError:
        return False
    if began.tzinfo is None:
        return False
    return abs(began.timestamp() - start) <= NEAR and abs(distance - metres) <= ALIKE * metres
