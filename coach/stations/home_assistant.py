"""What Home Assistant is told of a runner, so that it shows one device with its values, without being set up.

Source: home-assistant.io/integrations/mqtt, "device discovery", since 2024.11. A `unique_id` is never renamed.
"""

from __future__ import annotations

from typing import Any

from coach.ui.broker import Mqtt

OLD_AFTER = 10  # s without a state after which it is not shown any more: else a dead coach shows its last pace for ever

# id: name, template of its value, unit, device class, icon
SENSORS: dict[str, tuple[str, str, str | None, str | None, str]] = {
    "speed": ("Speed", "{{ value_json.speed }}", "m/s", "speed", "mdi:run-fast"),
    "pace": (
        "Pace",
        "{% set s = value_json.speed %}{% if s and s > 0.6 %}{% set p = (1000 / s) | round(0) | int %}"
        "{{ p // 60 }}:{{ '%02d' % (p % 60) }}{% else %}–{% endif %}",
        "min/km",
        None,
        "mdi:speedometer",
    ),
    "target": ("Target", "{{ value_json.target }}", "m/s", "speed", "mdi:target"),
    "distance": ("Distance", "{{ value_json.distance }}", "m", "distance", "mdi:map-marker-distance"),
    "elapsed": ("Time", "{{ value_json.elapsed }}", "s", "duration", "mdi:timer-outline"),
    "ahead": ("Ahead", "{{ value_json.ahead }}", "s", "duration", "mdi:clock-fast"),
    "heart": ("Heart rate", "{{ value_json.heart }}", "bpm", None, "mdi:heart-pulse"),
    "cadence": ("Cadence", "{{ value_json.cadence }}", "spm", None, "mdi:shoe-print"),
    "segment": ("Segment", "{{ value_json.now.name }}", None, None, "mdi:format-list-numbered"),
    "phase": ("Phase", "{{ value_json.phase }}", None, None, "mdi:run"),
    "words": ("Last words", "{{ (value_json.said | last).text if value_json.said else '' }}", None, None, "mdi:bullhorn"),
}


def device(options: Mqtt, version: str) -> tuple[str, dict[str, Any]]:
    """Topic and content of the discovery."""
    identity, base = f"coach_{options.runner}", f"{options.topic}/{options.runner}"
    told = {
        "dev": {"ids": [identity], "name": f"Coach of {options.runner}", "mf": "progression-coach", "sw": version},
        "o": {"name": "progression-coach", "sw": version},
        "cmps": {name: _sensor(identity, name) for name in SENSORS},
        "state_topic": f"{base}/state",
        "availability_topic": f"{base}/status",
    }
    return f"{options.discovery}/device/{identity}/config", told


def _sensor(identity: str, name: str) -> dict[str, Any]:
    called, template, unit, kind, icon = SENSORS[name]
    told = {"p": "sensor", "unique_id": f"{identity}_{name}", "name": called, "value_template": template, "icon": icon}
    told |= {"expire_after": OLD_AFTER}  # type: ignore[dict-item]
    return told | {key: value for key, value in (("unit_of_measurement", unit), ("device_class", kind)) if value}
