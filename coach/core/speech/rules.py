"""RULES: a row for each kind of cue: how urgent it is, how long it stays worth hearing, its sound, and why it is said.

A row only names its sound; the voice knows how each one sounds. `floor.py` decides which cue may be said now.
A new cue needs a row here and a phrase in each language.
"""

from __future__ import annotations

from dataclasses import replace

from coach.core.speech.rule import MEASURED, NEVER, Rule, Sign

VERBOSITIES = ("quiet", "normal", "chatty")
ASKED_FOR = 2  # up to this priority a cue is about structure or safety or is an answer, and does not count against the budget

_CHANGED, _STRUCTURE = Sign("changed", "changed"), Sign(alone="changed")
_LOST, _BACK = Sign("lost", "lost"), Sign(alone="back")
_SLOWER, _FASTER = Sign(alone="ease_off"), Sign(alone="pick_up")
_CORRECTIONS = ("ease_off", "pick_up", "on_pace", "still_off", "dont_sprint")
_BY_HEART = ("heart_high", "heart_fast", "heart_low")
_OF_A_SEGMENT = (*_CORRECTIONS, "ramp", "preview", "countdown", "segment_began", "last_segment", "set_belt", "last_minutes")

# Among equally urgent cues, the upper row comes first.
RULES: dict[str, Rule] = {
    "signal_lost": Rule(
        0,
        10.0,
        2.5,
        withdraws=(*_CORRECTIONS, "signal_back", "weak_signal", "steady_signal"),
        because="{signal.lost_after} s without a speed",
        sign=_LOST,
        warm=1,
    ),
    "standing": Rule(0, 10.0, 1.0, because="{standing.ask_after} s without moving", sign=_LOST, warm=16),
    "set_belt": Rule(
        0,
        8.0,
        1.8,
        withdraws=("ramp",),
        event="belt_step",
        because="{belt.lead} s before the belt is to be set",
        sign=_STRUCTURE,
    ),
    "belt_off": Rule(3, 8.0, 2.5, because="the belt does not run as it was set: by the footpod, or by its own report"),
    "belt_differs": Rule(5, 20.0, 2.5, because="the belt and the footpod have differed for a minute, whatever the setting"),
    "countdown": Rule(
        1,
        0.3,
        3.2,
        withdraws=_CORRECTIONS,
        because="the last three seconds of the segment",
        sign=Sign(alone="countdown", worded=False),
        sign_at_end=Sign(alone="countdown_end", worded=False),
    ),
    "ready": Rule(2, 10.0, 1.5, because="{moving.ready_after} s of a known speed: the run may start", sign=_STRUCTURE),
    "waiting": Rule(2, 10.0, 2.5, because="a run that waits has had no speed for a minute", sign=_STRUCTURE, warm=24),
    "run_began": Rule(2, 10.0, 5.0, withdraws=("ready", "waiting"), because="the plan begins", sign=_STRUCTURE),
    "preview": Rule(
        2,
        6.0,
        3.5,
        withdraws=("ramp", *_CORRECTIONS),
        because="{announcement.preview} s before the segment ends; on a treadmill {belt.sooner} s sooner",
        sign=Sign(alone="preview"),
    ),
    "segment_began": Rule(2, 7.0, 3.0, withdraws=_OF_A_SEGMENT, joins=True, because="a new segment begins", sign=_CHANGED),
    "last_segment": Rule(2, 7.0, 3.5, withdraws=_OF_A_SEGMENT, joins=True, because="a new segment begins", sign=_CHANGED),
    "signal_back": Rule(
        2, 10.0, 1.5, withdraws=("signal_lost", "weak_signal"), because="the speed is known again", sign=_BACK, warm=2
    ),
    "paused": Rule(
        2, 5.0, 1.0, withdraws=(*_OF_A_SEGMENT, "resumed", "halfway"), because="the run was paused", sign=_STRUCTURE, warm=9
    ),
    "resumed": Rule(2, 5.0, 1.0, withdraws=("paused",), because="the run goes on after a pause", sign=_STRUCTURE, warm=10),
    "pause_off": Rule(
        2,
        10.0,
        2.0,
        because="{moving.flaps} pauses within {moving.flaps_within} s: it no longer pauses by itself",
        sign=_STRUCTURE,
        warm=23,
    ),
    "footpod_lost": Rule(
        2,
        10.0,
        2.0,
        withdraws=("footpod_back",),
        because="the footpod stopped sending: another device measures the speed",
        sign=_LOST,
        warm=4,
    ),
    "other_device": Rule(5, 10.0, 1.5, since="normal", because="another device measures the speed now", warm=6),
    "battery_low": Rule(5, 60.0, 1.5, because="the device reports a low battery", warm=7),
    "footpod_back": Rule(
        5,
        10.0,
        1.5,
        since="normal",
        withdraws=("footpod_lost",),
        because="the footpod sends again and measures the speed",
        sign=_BACK,
        warm=5,
    ),
    "report": Rule(2, 15.0, 5.0, yields=True, because="you asked"),
    "progress": Rule(2, 15.0, 4.5, yields=True, because="you asked"),
    "verbosity": Rule(2, 15.0, 0.8, yields=True, because="you asked"),
    "volume": Rule(2, 15.0, 1.0, yields=True, because="you asked"),
    "lap_split": Rule(2, 15.0, 2.0, yields=True, event="lap", because="you pressed lap"),
    "note": Rule(2, 15.0, 3.0, yields=True, because="the workout's author put it here"),
    "hold": Rule(
        2,
        10.0,
        2.5,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="too slow {giving_way.strike_after} s after two corrections: hold for {giving_way.hold} s, then speed up",
        sign=_CHANGED,
        warm=11,
    ),
    "half_climb": Rule(
        2,
        10.0,
        3.0,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="too slow again, or by more than {giving_way.too_short} bands: hold, then speed up half as much",
        sign=_CHANGED,
    ),
    "ease_to_end": Rule(
        2,
        10.0,
        3.0,
        withdraws=(*_CORRECTIONS, "ramp", "heart_high"),
        because="too slow for the third time, or the heart rate too high again: easy to the end",
        sign=_CHANGED,
        warm=12,
    ),
    "offer": Rule(
        2,
        10.0,
        3.5,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="too slow {giving_way.strike_after} s after two corrections: the key lap keeps the plan",
        sign=_CHANGED,
    ),
    "plan_kept": Rule(2, 10.0, 2.0, because="you pressed lap, or were back at the target before the plan gave way"),
    "plan_back": Rule(
        2,
        10.0,
        2.5,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="{giving_way.back_for} s at the pace that was planned before the plan gave way",
        sign=_CHANGED,
    ),
    "heart_high": Rule(
        2,
        6.0,
        3.5,
        withdraws=_CORRECTIONS,
        because="above the ceiling for {heart.over} s; the first time, targets sink by {heart.lower_by}",
        sign=_SLOWER,
    ),
    "heart_locked": Rule(
        2,
        10.0,
        2.5,
        withdraws=_BY_HEART,
        because="as many beats as steps for {heart.lock_after} s: no heart does so",
        sign=_LOST,
    ),
    "heart_lost": Rule(
        2, 10.0, 2.5, withdraws=_BY_HEART, because="{heart.lost_after} s without a heart rate that is needed", sign=_LOST
    ),
    "race_replan": Rule(
        2,
        10.0,
        3.0,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="a stop of {race.stop} s or more, which the rest of the race can win back",
        sign=_CHANGED,
    ),
    "race_estimate": Rule(
        2,
        10.0,
        4.0,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="a goal out of reach for {race.slips_after} s, or at once after a stop, or where a later one fails too",
        sign=_CHANGED,
    ),
    "race_back": Rule(
        2,
        10.0,
        3.5,
        withdraws=(*_CORRECTIONS, "ramp"),
        because="the time to expect was near the first goal again for {race.slips_after} s",
        sign=_CHANGED,
    ),
    "going_on": Rule(2, 15.0, 4.0, because="the run goes on after it broke off", sign=_STRUCTURE),
    "sound_back": Rule(2, 15.0, 4.0, because="there is a sound device again after some seconds without", sign=_BACK),
    "not_saved": Rule(2, 60.0, 2.0, because="the journal has not reached the card for some seconds", sign=_LOST, warm=21),
    "kept": Rule(
        0, 1.0, 0.7, because="the computer ends the program, and the run is kept to be resumed", sign=_STRUCTURE, warm=26
    ),
    "quit_asked": Rule(2, 3.0, 1.5, withdraws=_CORRECTIONS, because="q was pressed once", sign=_STRUCTURE, warm=22),
    "run_complete": Rule(2, 60.0, 5.0, because="the plan is complete", sign=_STRUCTURE),
    "run_stopped": Rule(2, 60.0, 4.0, because="you ended the run before the plan was complete", sign=_STRUCTURE),
    "ease_off": Rule(3, 3.0, 2.0, withdraws=("pick_up", "on_pace"), because=MEASURED, sign=_SLOWER),
    "pick_up": Rule(3, 3.0, 2.0, withdraws=("ease_off", "on_pace"), because=MEASURED, sign=_FASTER),
    "heart_fast": Rule(
        3, 5.0, 3.0, withdraws=("heart_low",), because="above the target for {heart.target_off} s and not falling", sign=_SLOWER
    ),
    "heart_low": Rule(
        3, 5.0, 3.0, withdraws=("heart_fast",), because="below the target for {heart.target_off} s, not rising", sign=_FASTER
    ),
    "still_off": Rule(
        3,
        8.0,
        3.0,
        because="off pace {correction.stands_after} s after two corrections; again after {giving_way.peace} s of peace",
    ),
    "dont_sprint": Rule(
        3,
        3.0,
        1.8,
        event="sprinting",
        because="faster than the target by {finish.too_fast} in the first half of a finish",
        sign=_SLOWER,
        warm=13,
    ),
    "uphill": Rule(3, 10.0, 2.5, withdraws=(*_CORRECTIONS, "downhill", "level"), because="a climb begins", warm=17),
    "downhill": Rule(3, 10.0, 2.0, withdraws=(*_CORRECTIONS, "uphill", "level"), because="a descent begins", warm=18),
    "level": Rule(3, 10.0, 2.5, withdraws=("uphill", "downhill"), because="the hill ends: the plan's pace counts again"),
    "off_course": Rule(
        2,
        10.0,
        1.2,
        withdraws=("back_on_course", "uphill", "downhill", "level"),
        because="the position is too far from the course",
        sign=_LOST,
        warm=19,
        on_course=True,
    ),
    "back_on_course": Rule(
        2,
        10.0,
        1.2,
        withdraws=("off_course",),
        because="the position is on the course again",
        sign=_BACK,
        warm=20,
        on_course=True,
    ),
    "weak_signal": Rule(
        3,
        10.0,
        2.0,
        because="speed uncertain by more than {signal.poor_sigma} for {signal.poor_for} s: splits are used from here on",
        warm=3,
    ),
    "pod_doubted": Rule(3, 10.0, 3.0, because="good GPS contradicts the footpod, whose scale is learned anew", warm=25),
    "steady_signal": Rule(
        3, 10.0, 2.5, withdraws=("weak_signal",), because="the speed is known well again: it is judged instead of splits"
    ),
    "ramp": Rule(
        4,
        8.0,
        1.8,
        since="normal",
        event="ramp_moved",
        because="the target moved by {announcement.refresh_change}, and was last said {announcement.refresh_every} s ago",
        sign=Sign(alone="pip"),
    ),
    "last_minutes": Rule(5, 10.0, 1.5, joins=True, because="five minutes or one minute of the run are left"),
    "halfway": Rule(5, 15.0, 1.0, since="normal", joins=True, because="half of the planned time", warm=8),
    "schedule": Rule(5, 15.0, 2.0, since="normal", joins=True, because="ahead of the plan at halfway, or behind it"),
    "split": Rule(5, 16.0, 2.0, since=NEVER, joins=True, because="a kilometre or mile is complete"),
    "segment_split": Rule(5, 10.0, 1.5, since="chatty", joins=True, because="a segment with a target ended"),
    "on_pace": Rule(
        6,
        4.0,
        0.4,
        since="normal",
        withdraws=("ease_off", "pick_up"),
        because="{correction.inside} s inside the band after a correction",
        sign=Sign(alone="pips", worded=False),
    ),
    "praise": Rule(
        6,
        4.0,
        1.2,
        since="normal",
        event="well_held",
        because="{praise.after} s inside the band, {praise.apart} s since the last praise",
        warm=14,
    ),
}

for _last in ("run_complete", "run_stopped"):  # the run is over, so nothing else is worth saying
    RULES[_last] = replace(RULES[_last], withdraws=tuple(RULES))
