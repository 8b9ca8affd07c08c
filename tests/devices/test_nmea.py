"""What a receiver says becomes one Fix per epoch; what it does not say stays unsaid."""

from __future__ import annotations

import itertools
import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pynmeagps import NMEAReader

from devices.framing import sentence
from devices.nmea import NmeaDecoder
from devices.sample import Fix, Mode, Sample
from tests.devices.captures import decoded

TRACKS = Path(os.environ.get("COACH_TRACKS", Path(__file__).parents[3] / "shared" / "tracks"))
MIXED_TALKERS = {
    "bundg_zeus_9",
    "ch-4701",
}  # positions that differ within one second; gpsd takes the other one


def rmc(time: str, lat: str = "4722.0000", speed: str = "6.0", status: str = "A", date: str = "010626") -> bytes:
    return sentence(f"GPRMC,{time},{status},{lat},N,00802.0000,E,{speed},12.0,{date},,,{status}".encode())


def gga(time: str, quality: int = 1, satellites: str = "09", hdop: str = "1.1") -> bytes:
    body = f"GNGGA,{time},4722.0000,N,00802.0000,E,{quality},{satellites},{hdop},431.0,M,48.0,M,,"
    return sentence(body.encode())


def one(*sentences: bytes) -> Fix:
    (sample,) = decoded(NmeaDecoder("gps"), list(sentences))
    assert isinstance(sample, Fix)
    return sample


def test_an_epoch_gathers_what_its_sentences_say() -> None:
    gsa = sentence(b"GNGSA,A,3,01,02,03,04,,,,,,,,,2.0,1.1,1.7,1")
    gst = sentence(b"GNGST,120000.00,9.0,,,,3.0,4.0,6.0")
    fix = one(rmc("120000.00"), gga("120000.00"), gsa, gst)
    assert (fix.lat, fix.lon) == pytest.approx((47 + 22 / 60, 8 + 2 / 60)) and fix.alt == 431.0
    assert fix.speed == pytest.approx(6.0 * 1852 / 3600)
    assert (fix.course, fix.sigma, fix.hdop, fix.satellites, fix.mode) == (12.0, 5.0, 1.1, 9, Mode.FIX_3D)
    assert fix.utc == datetime.fromisoformat("2026-06-01T12:00:00+00:00").timestamp()
    assert fix.speed_sigma is None  # NMEA says nothing about it


@pytest.mark.parametrize(
    "sentences",
    [
        [rmc("120000", status="V")],
        [rmc("120000"), gga("120000", quality=0)],
        [gga("120000"), sentence(b"GPRMC,120000,A,4722.0,N,00802.0,E,6.0,12.0,010626,,,N")],
        [gga("120000", quality=8)],
        [sentence(b"GNGNS,120000,4722.0,N,00802.0,E,NN,00,,,,,")],
        [rmc("120000"), sentence(b"GPGSA,A,1,,,,,,,,,,,,,,,")],
        [sentence(b"GPRMC,,V,,,,,,,,,,N")],
        [sentence(b"GPRMC,120000,A,0000.0000,N,00000.0000,E,0.0,0.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,47A2.6,N,00802.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,9122.0,N,00802.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,4722.0,Q,00802.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,4760.0,N,00802.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,4722.0,N,18002.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,4722.0,N,,,6.0,12.0,010626,,,A")],
        [sentence(b"GPRMC,120000,A,,,00802.0,E,6.0,12.0,010626,,,A")],
        [sentence(b"GPGLL,4722.0,N,00802.0,E,120000,V")],
    ],
)
def test_without_a_fix_nothing_is_invented(sentences: list[bytes]) -> None:
    fix = one(*sentences)
    assert fix.mode is Mode.NONE
    assert (fix.lat, fix.lon, fix.alt, fix.speed, fix.course, fix.sigma, fix.hdop) == (None,) * 7


@pytest.mark.parametrize("quality", [b"12", b"9", b"3", b"01", b"", b"A"])
def test_a_quality_that_is_not_in_the_standard_is_no_refusal(quality: bytes) -> None:
    """Some phones tell the number of satellites there."""
    odd = sentence(b"GNGGA,120000,4722.0000,N,00802.0000,E,%s,09,1.1,431.0,M,48.0,M,," % quality)
    assert one(rmc("120000"), odd).mode is Mode.FIX_3D
    assert one(rmc("120000", status="V"), odd).mode is Mode.NONE


@pytest.mark.parametrize("satellites", [6, 7, 8, 12])
def test_the_satellites_told_as_the_quality_are_no_refusal_either(satellites: int) -> None:
    told = gga("120000", quality=satellites, satellites=f"{satellites:02}")
    assert one(told, rmc("120000")).mode is Mode.FIX_3D


def unchecked(stream: bytes) -> bytes:
    """The same sentences without their checksums, and half of them with an asterisk all the same."""
    halves = itertools.cycle((b"", b"*"))
    return re.sub(rb"\*[0-9A-F]{2}", lambda _: next(halves), stream)


def test_a_receiver_that_never_sends_a_checksum_is_read_from_its_first_sentence_on() -> None:
    stream = b"".join(rmc(f"1200{second:02}") + gga(f"1200{second:02}") for second in range(10))
    for pieces in ([unchecked(stream)], [bytes([byte]) for byte in unchecked(stream)]):
        decoder = NmeaDecoder("gps")
        assert decoded(decoder, pieces) == decoded(NmeaDecoder("gps"), [stream])
        assert decoder.faults == {"unchecked": 20}


def test_one_checksum_is_enough_to_take_no_sentence_without() -> None:
    begun = b"".join(unchecked(rmc(f"12000{second}")) for second in range(3))
    later = b"".join(unchecked(rmc(f"1200{second}")) for second in range(10, 60))
    decoder = NmeaDecoder("gps")
    fixes = decoded(decoder, [begun, rmc("120006"), later])
    assert len(fixes) == 1 and set(decoder.faults) == {"noise"}


NUMBERS = {"time": 1, "lat": 3, "lon": 5, "speed": 7, "course": 8, "date": 9}  # of an RMC


@pytest.mark.parametrize("number", ["9" * 250, "1e999", "-inf", "nan", "0x10", "9" * 18 + ".5"])
@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_nobody_can_mean_is_counted_and_raises_nothing(field: str, number: str) -> None:
    fields = ["GPRMC", "120000", "A", "4722.0", "N", "00802.0", "E", "6.0", "12.0", "010626", "", "", "A"]
    fields[NUMBERS[field]] = number
    decoder = NmeaDecoder("gps")
    decoded(decoder, [sentence(",".join(fields).encode())])
    assert decoder.faults.keys() & {"impossible", "noise"}


def test_dead_reckoning_is_told_apart() -> None:
    assert one(gga("120000", quality=6)).mode is Mode.DEAD_RECKONING
    assert one(sentence(b"GPRMC,120000,A,4722.0,N,00802.0,E,6.0,12.0,010626,,,E")).mode is Mode.DEAD_RECKONING
    assert one(sentence(b"GNGNS,120000,4722.0,N,00802.0,E,EN,04,1.0,431.0,48.0,,")).mode is Mode.DEAD_RECKONING


@pytest.mark.parametrize(
    ("said", "speed"),
    [
        ("0.0", 0.0),
        ("", None),
        ("-1.0", None),
        ("nan", None),
        ("inf", None),
        ("1e400", None),
        ("1_0", None),
        ("2000", None),
    ],
)
def test_a_speed_is_the_receivers_own_or_none(said: str, speed: float | None) -> None:
    assert one(rmc("120000", speed=said)).speed == speed


def test_vtg_gives_the_speed_where_rmc_does_not() -> None:
    vtg = sentence(b"GPVTG,12.0,T,,M,,N,10.8,K,A")
    assert one(gga("120000"), vtg).speed == pytest.approx(3.0)
    assert one(gga("120000"), sentence(b"GPVTG,12.0,10.0,5.0,9.3")).speed == pytest.approx(5 * 1852 / 3600)
    assert one(gga("120000"), sentence(b"GPVTG,12.0,T,,M,5.0,N,9.3,K,N")).speed is None
    assert one(gga("120000"), sentence(b"GPVTG,12.0,10.0,,36.0")).speed == pytest.approx(10.0)
    assert one(gga("120000"), sentence(b"GPVTG,12.0,T,,M,,N,360.0,K")).speed == pytest.approx(100.0)
    assert one(rmc("120000", speed="6.0"), vtg).speed == pytest.approx(6 * 1852 / 3600)


@pytest.mark.parametrize("talker", ["GP", "GN", "GL", "GA", "GB", "GQ", "II"])
def test_any_talker_is_heard(talker: str) -> None:
    assert one(sentence(f"{talker}RMC,120000,A,4722.0,N,00802.0,E,6.0,12.0,010626,,".encode())).mode is Mode.FIX_2D


def test_the_last_sentence_of_an_epoch_is_learned_and_then_costs_no_delay() -> None:
    decoder = NmeaDecoder("gps")
    counts = [
        len(decoder.feed(float(second), piece))
        for second in range(3)
        for piece in (rmc(f"12000{second}"), gga(f"12000{second}"))
    ]
    assert counts == [
        0,
        0,
        1,
        1,
        0,
        1,
    ]  # the first by the next one's beginning, the others by their last sentence


def test_quiet_ends_an_epoch() -> None:
    decoder = NmeaDecoder("gps")
    assert decoder.feed(1.0, rmc("120000")) == []
    assert decoder.tick(1.1) == []
    (sample,) = decoder.tick(1.2)
    assert sample.at == 1.0


def test_a_fix_is_told_when_its_bytes_came() -> None:
    decoder = NmeaDecoder("gps")
    fixes = [*decoder.feed(5.0, rmc("120000")), *decoder.feed(6.0, rmc("120001")), *decoder.tick(7.0)]
    assert [fix.at for fix in fixes] == [5.0, 6.0]


def test_held_up_epochs_are_spread_by_the_receivers_clock() -> None:
    decoder = NmeaDecoder("gps")
    fixes = decoder.feed(10.0, rmc("120000")) + decoder.feed(11.0, rmc("120001"))
    burst = b"".join(rmc(f"1200{second:02}") for second in range(2, 32))
    fixes += decoder.feed(41.0, burst) + decoder.tick(42.0)
    assert [fix.at for fix in fixes] == pytest.approx(list(range(10, 42)), abs=0.01)


def test_a_receiver_whose_clock_was_set_is_believed_soon() -> None:
    decoder = NmeaDecoder("gps")
    fixes: list[Sample] = []
    for second in range(8):
        time = f"1200{second:02}" if second < 3 else f"1159{second:02}"  # set back by a minute
        fixes += decoder.feed(float(second), rmc(time))
    fixes += decoder.tick(8.0)
    assert [fix.at for fix in fixes] == [0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0]
    assert decoder.faults == {"repeated": 1}


def test_a_receiver_whose_clock_lost_time_is_believed_soon_too() -> None:
    decoder = NmeaDecoder("gps")
    arrivals = [0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 13.0, 14.0]
    fixes = [fix for nth, at in enumerate(arrivals) for fix in decoder.feed(at, rmc(f"1200{nth:02}"))]
    fixes += decoder.tick(15.0)
    assert [fix.at for fix in fixes] == pytest.approx([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 13.0, 14.0], abs=0.01)


def test_hdop_comes_from_gga_or_else_from_gsa() -> None:
    gsa = sentence(b"GPGSA,A,3,01,02,03,04,,,,,,,,,2.0,1.5,1.7")
    longer = sentence(b"GPGSA,A,3,23,13,07,25,,,,,,,,,,,,,,,,,,,,,09.2,07.2,05.7")  # a receiver with 24 slots
    assert [one(gga("120000"), gsa).hdop, one(rmc("120000"), gsa).hdop] == [1.1, 1.5]
    assert one(rmc("120000"), longer).hdop == 7.2
    assert one(gga("120000", hdop="99.99")).hdop is None


def test_an_epoch_told_twice_counts_once() -> None:
    decoder = NmeaDecoder("gps")
    fixes = [sample for time in ("120000", "120001", "120000", "120002") for sample in decoder.feed(0.0, rmc(time))]
    assert len(fixes + decoder.tick(1.0)) == 3
    assert decoder.faults == {"repeated": 1}


@pytest.mark.parametrize(("date", "year"), [("010679", 2079), ("010680", 1980), ("010699", 1999), ("010600", 2000)])
def test_two_digits_of_a_year_lie_between_1980_and_2079(date: str, year: int) -> None:
    assert one(rmc("120000", date=date)).utc == datetime.fromisoformat(f"{year}-06-01T12:00:00+00:00").timestamp()


@pytest.mark.parametrize("date", ["310226", "001326", "xx0626", "1", ""])
def test_a_date_that_is_none_leaves_the_time_unknown(date: str) -> None:
    fix = one(rmc("120000", date=date))
    assert (fix.mode, fix.utc) == (Mode.FIX_2D, None)


@pytest.mark.parametrize("time", ["126000", "120061", "240000", "-10000", "noon"])
def test_a_time_that_is_none_is_counted(time: str) -> None:
    decoder = NmeaDecoder("gps")
    (fix,) = decoded(decoder, [rmc(time)])
    assert isinstance(fix, Fix)
    assert (fix.utc, fix.at, decoder.faults) == (None, 0.0, {"impossible": 1})


def test_hours_back_are_the_past_and_a_night_back_is_tomorrow() -> None:
    decoder = NmeaDecoder("gps")
    fixes = [fix for time in ("230000", "120000", "000001") for fix in decoder.feed(0.0, rmc(time, date=""))]
    assert len(fixes + decoder.tick(1.0)) == 1  # eleven hours back, and almost twelve: neither is a midnight
    decoder = NmeaDecoder("gps")
    fixes = [fix for time in ("235000", "001000") for fix in decoder.feed(0.0, rmc(time, date="311226"))]
    assert len(fixes + decoder.tick(1.0)) == 2


def test_a_position_of_few_satellites_is_flat() -> None:
    assert one(gga("120000", satellites="03")).mode is Mode.FIX_2D
    assert one(gga("120000", satellites="04")).mode is Mode.FIX_3D
    assert one(gga("120000"), sentence(b"GPGSA,A,2,01,02,03,,,,,,,,,,2.0,1.1,1.7")).mode is Mode.FIX_2D


def test_gll_of_an_old_receiver_is_a_position() -> None:
    assert decoded(NmeaDecoder("gps"), [sentence(b"GPGLL,4722.0,S,00802.0,W,120000")]) == []  # valid or not?
    fix = one(sentence(b"GPGLL,4722.0,S,00802.0,W,120000,A"))
    assert (fix.lat, fix.lon, fix.mode) == (-(47 + 22 / 60), -(8 + 2 / 60), Mode.FIX_2D)


def test_midnight_and_a_leap_second_go_on() -> None:
    decoder = NmeaDecoder("gps")
    times = [("235959", "311226"), ("235960", "311226"), ("000001", "010127")]
    fixes = decoded(decoder, [rmc(time, date=date) for time, date in times])
    newyear = datetime.fromisoformat("2027-01-01T00:00:00+00:00").timestamp()
    assert [fix.utc - newyear for fix in fixes if isinstance(fix, Fix) and fix.utc] == [-1.0, 0.0, 1.0]


def test_a_forgotten_week_rollover_is_put_right() -> None:
    (fix,) = decoded(NmeaDecoder("gps", not_before=1767225600.0), [rmc("120000", date="161006")])
    assert isinstance(fix, Fix)
    assert fix.utc == datetime.fromisoformat("2026-06-01T12:00:00+00:00").timestamp()


def test_a_date_is_kept_for_epochs_that_do_not_repeat_it() -> None:
    fixes = decoded(NmeaDecoder("gps"), [rmc("235959.50", date="311226"), gga("235959.90"), gga("000000.30")])
    assert [fix.utc for fix in fixes if isinstance(fix, Fix)] == [1798761599.5, 1798761599.9, 1798761600.3]


def test_gll_that_tells_another_second_splits_no_epoch() -> None:
    gll = sentence(b"GPGLL,4722.0,N,00802.0,E,120001,A")
    assert len(decoded(NmeaDecoder("gps"), [rmc("120000"), gll, rmc("120002"), gll])) == 2


angles = st.tuples(st.integers(0, 89), st.integers(0, 59), st.integers(0, 99999), st.sampled_from("NS"))


@settings(deadline=None, max_examples=100, derandomize=True)
@given(angles, st.integers(0, 9999), st.integers(0, 86399))
def test_positions_and_speeds_are_those_of_pynmeagps(angle: tuple[int, int, int, str], knots: int, second: int) -> None:
    degrees, minutes, fraction, side = angle
    time = f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}.00"
    lat = f"{degrees:02}{minutes:02}.{fraction:05},{side}"
    raw = sentence(f"GNRMC,{time},A,{lat},{degrees:03}{minutes:02}.{fraction:05},W,{knots / 100},,010626,,,A,V".encode())
    theirs: Any = NMEAReader.parse(raw)
    ours = one(raw)
    if ours.mode is Mode.NONE:
        assert theirs.lat == theirs.lon == 0.0  # the only position we refuse here
    else:
        assert (ours.lat, ours.lon) == pytest.approx((theirs.lat, theirs.lon), abs=2e-8)
        assert ours.speed == pytest.approx(theirs.spd * 1852 / 3600)


cells = st.one_of(
    st.sampled_from(
        [
            b"",
            b"nan",
            b"-inf",
            b"1e308",
            b"-1",
            b"999999.99",
            b"A",
            b"V",
            b"N",
            b"E",
            b"\x7e",
            b"_",
            b"3",
            b"0x1",
        ]
    ),
    st.from_regex(rb"[ -#%-)+-~]{0,12}", fullmatch=True).filter(lambda cell: b"," not in cell),
)


@settings(deadline=None, max_examples=400, derandomize=True)
@given(
    st.sampled_from([b"RMC", b"GGA", b"GNS", b"GLL", b"GST", b"VTG", b"GSA", b"ZDA"]),
    st.lists(cells, max_size=24),
)
def test_nonsense_with_a_valid_checksum_raises_nothing_and_stays_in_bounds(kind: bytes, fields: list[bytes]) -> None:
    decoder = NmeaDecoder("gps", not_before=1767225600.0)
    nonsense = sentence(b",".join([b"GP" + kind, *fields]))
    for sample in decoded(decoder, [rmc("120000"), nonsense, rmc("120001"), nonsense]):
        assert isinstance(sample, Fix)
        assert (sample.mode is Mode.NONE) == (sample.lat is None) == (sample.lon is None)
        assert sample.lat is None or abs(sample.lat) <= 90
        assert sample.lon is None or abs(sample.lon) <= 180
        assert sample.speed is None or 0 <= sample.speed <= 515
        assert sample.sigma is None or 0 <= sample.sigma < 1e6


def _recordings() -> list[Path]:
    logs = [path for path in TRACKS.glob("gpsd_logs/*.log") if path.with_name(path.name + ".chk").exists()]
    return sorted(path for path in logs if path.stem.removeprefix("gpsd__") not in MIXED_TALKERS)


@pytest.mark.skipif(not _recordings(), reason="gpsd's logs are not here (COACH_TRACKS)")
def test_gpsd_finds_the_same_positions_and_speeds() -> None:
    compared = 0
    for path in _recordings():
        theirs = _told_by_gpsd(path.with_name(path.name + ".chk"))
        for fix in decoded(NmeaDecoder("gps"), [path.read_bytes()]):
            assert isinstance(fix, Fix)
            reports = theirs.get(round(fix.utc or 0.0, 2), [])
            if fix.lat is not None and reports:
                compared += 1
                assert min(abs(fix.lat - each["lat"]) for each in reports) < 2e-5, (path.name, fix)
                speeds = [each["speed"] for each in reports if "speed" in each]
                if fix.speed is not None and speeds:
                    assert min(abs(fix.speed - speed) for speed in speeds) < 0.02, (path.name, fix)
    assert compared > 700


def _told_by_gpsd(path: Path) -> dict[float, list[dict[str, Any]]]:
    told: dict[float, list[dict[str, Any]]] = {}
    for line in path.read_bytes().splitlines():
        if line.startswith(b'{"class":"TPV"') and b'"lat"' in line and b'"time"' in line:
            report = json.loads(line)
            time = datetime.fromisoformat(report["time"].replace("Z", "+00:00")).timestamp()
            told.setdefault(round(time, 2), []).append(report)
    return told
