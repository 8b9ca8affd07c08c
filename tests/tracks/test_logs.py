"""Logs of receivers, which have no times of arrival: the receiver's own clock, whatever becomes of it."""

import json
import re
from collections.abc import Callable

import pytest

from devices.api import InvalidFile
from devices.framing import sentence
from devices.sample import RECORDER_PAUSED, Fix, Link
from devices.tracks import open_track
from tests.tracks.test_tracks import Write, read
from tests.tracks.test_tracks import write as write  # the fixture


def test_an_nmea_log_across_midnight(write: Write) -> None:
    bodies = [f"GPRMC,{clock},A,4700.0,N,00830.0,E,5.8,0.0,140526,,,A" for clock in ("235958", "235959", "000000", "000001")]
    samples, _ = read(write("a.log", b"".join(sentence(body.encode()) for body in bodies)))
    assert [sample.at for sample in samples] == [0.0, 1.0, 2.0, 3.0]


def logged(*seconds: float) -> bytes:
    """A log with a sentence at each second of the day; the runner goes on one second a sentence."""
    times = [f"{int(each) // 3600 % 24:02}{int(each) // 60 % 60:02}{each % 60:05.2f}" for each in seconds]
    places = [f"47{nth * 0.0016:07.4f}" for nth in range(len(times))]
    bodies = [f"GPRMC,{at},A,{north},N,00830.0,E,5.8,0.0,140526,,,A" for at, north in zip(times, places, strict=True)]
    return b"".join(sentence(body.encode()) for body in bodies)


def as_gpsd(*seconds: float) -> bytes:
    """The same as a Python program writes gpsd's reports."""
    times = [f"2026-05-14T{int(each) // 3600 % 24:02}:{int(each) // 60 % 60:02}:{each % 60:06.3f}Z" for each in seconds]
    reports = ({"lat": 47.0 + nth / 40_000, "lon": 8.5, "class": "TPV", "mode": 3, "time": at} for nth, at in enumerate(times))
    return b"".join(json.dumps(report).encode() + b"\n" for report in reports)


IN_TIME = [float(second) for second in range(36_000, 36_060)]
LOGS = pytest.mark.parametrize("log", [logged, as_gpsd])


@LOGS
@pytest.mark.parametrize(("back", "lost"), [(20, 0), (600, 0), (3000, 0), (1, 1)])
def test_a_receiver_that_learns_the_time_goes_on(write: Write, log: Callable[..., bytes], back: int, lost: int) -> None:
    samples, track = read(write("a.log", log(*IN_TIME[:30], *(at - back for at in IN_TIME[30:]))))
    assert (len(samples), samples[-1].at) == (60 - lost, 59.0 - lost)
    assert track.faults == ({"repeated": 1} if lost else {"set back": 1})


@LOGS
@pytest.mark.parametrize("wrong", [{0}, {30}, {30, 31, 32}, {20, 40}, {59}])
@pytest.mark.parametrize("ahead", [1800.0, -1800.0, 40.0, 40_000.0])
def test_a_few_wrong_times_in_a_log_cost_these_epochs(
    write: Write, log: Callable[..., bytes], wrong: set[int], ahead: float
) -> None:
    samples, track = read(write("a.log", log(*(at + ahead if nth in wrong else at for nth, at in enumerate(IN_TIME)))))
    if ahead == 40.0 and wrong & {0, 59}:
        return  # a gap of 40 s
    assert [sample.at for sample in samples] == [
        at - IN_TIME[min({0, 1} - wrong)] for nth, at in enumerate(IN_TIME) if nth not in wrong
    ]
    assert track.faults == {"stray": len(wrong)}


@LOGS
@pytest.mark.parametrize(("later", "at"), [(3600.0, 3630.0), (-7200.0, 29.0 + 900.0)])
def test_a_leap_in_a_log_is_a_pause(write: Write, log: Callable[..., bytes], later: float, at: float) -> None:
    samples, _ = read(write("a.log", log(*IN_TIME[:30], *(each + later for each in IN_TIME[30:]))))
    links = [sample for sample in samples if isinstance(sample, Link)]
    assert links == [Link(29.0, "nmea", False, RECORDER_PAUSED), Link(at, "nmea", True, RECORDER_PAUSED)]
    assert samples[-1].at == at + 29.0


@LOGS
def test_a_log_whose_epochs_all_have_one_time_is_refused(write: Write, log: Callable[..., bytes]) -> None:
    with pytest.raises(InvalidFile, match="all its epochs have the same time"):
        open_track(write("a.log", log(*[36_000.0] * 100)))  # before anything of it is replayed


@LOGS
def test_an_epoch_of_a_log_that_was_written_seldom_lasts_until_the_next(write: Write, log: Callable[..., bytes]) -> None:
    samples, _ = read(write("a.log", log(*IN_TIME[::15])))
    assert [sample.lasts for sample in samples if isinstance(sample, Fix)] == [15.0, 15.0, 15.0, None]
    samples, _ = read(write("b.log", log(*IN_TIME[:30], *IN_TIME[50:])))
    assert all(sample.lasts is None for sample in samples if isinstance(sample, Fix))


@pytest.mark.parametrize(
    "altered",
    [
        lambda report: b"2026-05-14 10:00:00: " + report,
        lambda report: report.replace(b'Z"', b'+00:00"'),
        lambda report: re.sub(rb'"time": "2026-05-14T10:00:(..).000Z"', rb'"time": 17787528\1.0', report),
    ],
)
def test_gpsd_reports_of_other_programs_and_of_former_versions_are_read(
    write: Write, altered: Callable[[bytes], bytes]
) -> None:
    reports = [altered(report) for report in as_gpsd(*IN_TIME).splitlines(keepends=True)]
    samples, track = read(write("a.log", b"".join(reports)))
    assert (len(samples), samples[-1].at, track.faults) == (60, 59.0, {})


@pytest.mark.parametrize("mode", ["N", "S", "M"])
def test_a_log_without_a_fix_says_whose_word_that_is(write: Write, mode: str) -> None:
    log = b"".join(sentence(f"GPRMC,1000{at:02}.00,A,4700.0,N,00830.0,E,5.8,0.0,140526,,,{mode}".encode()) for at in range(60))
    with pytest.raises(InvalidFile, match="none that the receiver calls a fix"):
        read(write("a.log", log))
