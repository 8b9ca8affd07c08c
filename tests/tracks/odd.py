"""Recordings as other programs write them, each odd in one way; the same run of 600 s at 3 m/s must come out of each.

After what people reported of other programs; made anew.
"""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from devices.framing import sentence
from devices.tracks.fit_messages import TIME
from tests.tracks.test_fit import DEGREE, NOW, definition, fit

SECONDS, SPEED = 601, 3.0  # records, one a second; m/s
METRE = 1 / 111_257.0  # degrees of latitude at 51 degrees north
BEGAN = datetime(2026, 5, 14, 5, 30, tzinfo=UTC)
File = tuple[str, bytes]  # suffix, content


def clock(second: float, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return (BEGAN + timedelta(seconds=second)).strftime(form)


def gpx_point(second: int, metres: float, inner: str = "", time: str | None = None) -> str:
    written = clock(second) if time is None else time
    return f'<trkpt lat="{51.3 + metres * METRE:.8f}" lon="9.7"><time>{written}</time>{inner}</trkpt>\n'


def gpx(points: Iterator[str]) -> str:
    return f'<?xml version="1.0"?>\n<gpx xmlns="u"><trk><trkseg>{"".join(points)}</trkseg></trk></gpx>'


def tcx(points: Iterator[str]) -> str:
    laps = f'<Lap StartTime="{clock(0)}"><Track>{"".join(points)}</Track></Lap>'
    return f'<?xml version="1.0"?><TrainingCenterDatabase xmlns="u"><Activity>{laps}</Activity></TrainingCenterDatabase>'


def tcx_point(second: int, metres: float | None, way: float | None, speed: float | None) -> str:
    place = "" if metres is None else f"<LatitudeDegrees>{51.3 + metres * METRE:.8f}</LatitudeDegrees>"
    place += "" if metres is None else "<LongitudeDegrees>9.7</LongitudeDegrees>"
    counted = "" if way is None else f"<DistanceMeters>{way}</DistanceMeters>"
    told = "" if speed is None else f"<TPX><Speed>{speed}</Speed></TPX>"
    return f"<Trackpoint><Time>{clock(second)}</Time>{place}{counted}{told}</Trackpoint>\n"


def rmc(second: int, talker: str = "GP", status: str = "A", mode: str = "A", date: str = "140526") -> str:
    minutes = (51.3 + SPEED * second * METRE - 51) * 60
    place = f"51{minutes:08.5f},N,00942.00000,E"
    body = f"{talker}RMC,{clock(second, '%H%M%S.00')},{status},{place},5.832,0.0,{date},,,{mode}"
    return sentence(body.encode()).decode()


def digits(text: str, zero: str) -> str:
    """With the digits of another script."""
    return "".join(chr(ord(zero) + int(sign)) if sign.isdecimal() else sign for sign in text)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _each(write: Callable[[int], str]) -> Iterator[str]:
    return (write(second) for second in range(SECONDS))


PLAIN = gpx(_each(lambda second: gpx_point(second, SPEED * second)))
_TIMES: dict[str, Callable[[int], str]] = {
    "Persian digits": lambda at: digits(clock(at), "۰"),
    "Arabic digits": lambda at: digits(clock(at), "٠"),
    "Devanagari digits": lambda at: digits(clock(at), "०"),
    "points for colons": lambda at: clock(at, "%Y-%m-%dT%H.%M.%SZ"),
    "dashes for colons": lambda at: clock(at, "%Y-%m-%dT%H-%M-%SZ"),
    "low lines for colons": lambda at: clock(at, "%Y-%m-%d_%H_%M_%S").replace("_", " ", 1),
    "no sign between": lambda at: clock(at, "%Y%m%d%H%M%S"),
    "a basic form": lambda at: clock(at, "%Y%m%dT%H%M%SZ"),
    "a day 0": lambda at: clock(at, "%Y-%m-00T%H:%M:%SZ"),
    "no date but zeros": lambda at: clock(at, "0000-00-00T%H:%M:%SZ"),
    "a 30th of February": lambda at: clock(at, "2026-02-30T%H:%M:%SZ"),
    "a Buddhist year": lambda at: clock(at, "2569-%m-%dT%H:%M:%SZ"),
    "an hour 24": lambda at: clock(at, "%Y-%m-%dT24:%M:%SZ"),
    "GMT and an offset": lambda at: clock(at, "%Y-%m-%dT%H:%M:%S GMT+02:00"),
    "GMT and hours": lambda at: clock(at, "%Y-%m-%dT%H:%M:%S GMT+2"),
    "a printer's minus": lambda at: clock(at, "%Y-%m-%dT%H:%M:%S−02:00"),
    "no zone in each second point": lambda at: clock(at, "%Y-%m-%dT%H:%M:%SZ")[: 20 - at % 2],
    "the form of e-mails": lambda at: clock(at, "Thu, 14 May 2026 %H:%M:%S GMT"),
    "the form of Unix": lambda at: clock(at, "Thu May 14 %H:%M:%S GMT+02:00 2026"),
    "milliseconds": lambda at: str(round((BEGAN.timestamp() + at) * 1000)),
    "six digits of a second": lambda at: clock(at, "%Y-%m-%dT%H:%M:%S.000000Z"),
    "a clock set ahead by an hour": lambda at: clock(at + (3600 if at >= 300 else 0)),
    "a clock set ahead by 20 min": lambda at: clock(at + (1200 if at >= 300 else 0)),
    "a clock set ahead by years": lambda at: clock(at) if at >= 30 else clock(at, "1999-08-22T%H:%M:%SZ"),
}
_SPEEDS: dict[str, Callable[[int], str]] = {
    "a speed of 0 now and then": lambda at: f"<speed>{SPEED if at % 10 else 0}</speed>",
    "a speed of 0 in each third": lambda at: f"<speed>{SPEED if at % 3 else 0}</speed>",
    "a speed in each tenth": lambda at: "" if at % 10 else f"<speed>{SPEED}</speed>",
    "a speed in each second": lambda at: "" if at % 2 else f"<speed>{SPEED}</speed>",
}
_TCX: dict[str, Callable[[int], str]] = {
    "an odometer that blinks": lambda at: tcx_point(at, None, 0.0 if at % 10 == 5 else SPEED * at, None),
    "an odometer that blinks beside places": lambda at: tcx_point(at, SPEED * at, 0.0 if at % 10 == 5 else SPEED * at, SPEED),
    "km/h and an odometer": lambda at: tcx_point(at, SPEED * at, SPEED * at, 3.6 * SPEED),
    "yards for metres": lambda at: tcx_point(at, None, round(SPEED * at / 0.9144, 1), SPEED),
}
_ROUTE = PLAIN.replace("<trkseg>", "").replace("</trkseg>", "").replace("trkpt", "rtept").replace("trk>", "rte>")


def _changed() -> Iterator[tuple[str, File]]:
    """Files whose points are as they should be."""
    yield "names in capitals", (".gpx", PLAIN.upper().encode())
    yield "a GPX in capitals", (".gpx", PLAIN.replace("gpx", "GPX").encode())
    yield "LAT and LON", (".gpx", PLAIN.replace("lat=", "LAT=").replace("lon=", "LON=").encode())
    yield "a longitude of 350 degrees", (".gpx", PLAIN.replace('lon="9.7"', 'lon="350.3"').encode())
    yield "a recorded route", (".gpx", _ROUTE.encode())
    yield "packed twice", (".gpx.gz", gzip.compress(gzip.compress(PLAIN.encode())))
    yield "zeros behind the end", (".gpx", PLAIN.encode() + bytes(300))
    yield "in a zip archive", (".zip", zipped({"run.gpx": PLAIN.encode(), "__MACOSX/._run.gpx": b"x", "a folder/": b""}))
    yield "packed in a zip archive", (".zip", zipped({"run.gpx.gz": gzip.compress(PLAIN.encode())}))
    yield "two marks of UTF-8", (".gpx", b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode())
    yield "UTF-16 and ends of Windows", (".gpx", PLAIN.replace("\n", "\r\n").encode("utf-16"))
    yield (
        "all in Arabic digits",
        (".gpx", re.sub(r"(?<![\w.])\d+\.\d+(?=\")", lambda number: digits(number[0], "٠"), PLAIN).encode()),
    )
    yield "TCX in capitals", (".tcx", tcx(_each(lambda at: tcx_point(at, SPEED * at, None, None))).upper().encode())


def _laps() -> Iterator[tuple[str, File]]:
    points = list(_each(lambda at: tcx_point(at, SPEED * at, SPEED * at, None)))
    first, last = "".join(points[:300]), "".join(points[300:])
    between = {
        "empty laps": '</Track></Lap><Lap StartTime="x"></Lap><Lap/><Lap><Track/></Lap><Lap><Track>',
        "a lap without a track": "</Track></Lap><Lap><DistanceMeters>500</DistanceMeters></Lap><Lap><Track>",
        "a point with a time alone": f"<Trackpoint><Time>{clock(299.5)}</Time></Trackpoint>",
        "an empty point": "<Trackpoint/>",
        "a track that begins anew without a pause": "</Track><Track>",
        "a lap that is there twice": f"</Track></Lap><Lap><Track>{first}</Track></Lap><Lap><Track>",
        "thirty points that are in two laps": f"</Track></Lap><Lap><Track>{''.join(points[270:300])}",
    }
    for name, what in between.items():
        yield name, (".tcx", tcx(iter((first, what, last))).encode())
    yield "a distance missing now and then", (
        ".tcx", tcx(_each(lambda at: tcx_point(at, SPEED * at, SPEED * at if at % 7 else None, None))).encode()
    )  # fmt: skip
    yield "an odometer that begins anew with each lap", (
        ".tcx", tcx(_each(lambda at: tcx_point(at, SPEED * at, SPEED * (at % 100), None))).encode()
    )  # fmt: skip
    yield "the halves of the run in the wrong order", (".tcx", tcx(iter((last, "</Track></Lap><Lap><Track>", first))).encode())


def _fit() -> Iterator[tuple[str, File]]:
    full = definition(0, 20, (TIME, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85))
    short = definition(1, 20, (0, 4, 0x85), (1, 4, 0x85))
    places = [struct.pack("<ii", round((51.3 + SPEED * at * METRE) * DEGREE), round(9.7 * DEGREE)) for at in range(SECONDS)]
    records = [struct.pack("<BI", 0, NOW + at) + place for at, place in enumerate(places)]
    shorts = [bytes((0xA0 | NOW + at & 31,)) + place for at, place in enumerate(places)]
    yield "short times", (".fit", fit(full, short, records[0], *shorts[1:]))
    yield "short times, one in five seconds", (".fit", fit(full, short, records[0], *shorts[5::5]))
    for name, size in (("no bytes", 0), ("three bytes of a float", 3), ("bytes that nobody described", 4)):
        own = definition(0, 20, (TIME, 4, 0x86), (0, 4, 0x85), (1, 4, 0x85), own=bytes((1, 0, size, 0)))
        yield f"a developer's field of {name}", (".fit", fit(own, *(record + bytes(size) for record in records)))
    whole = fit(full, *records)
    yield "a header of 20 bytes", (".fit", bytes((20,)) + whole[1:14] + bytes(6) + whole[14:])
    yield "a header that says 13 bytes", (".fit", bytes((13,)) + whole[1:])
    yield "zeros behind the CRC", (".fit", whole + bytes(4096))
    yield "ones behind the CRC", (".fit", whole + b"\xff" * 300)
    yield "records backwards", (".fit", fit(full, *records[::-1]))
    yield "each record twice", (".fit", fit(full, *(record for record in records for _ in range(2))))
    yield "two files in one", (".fit", fit(full, *records[:300]) + fit(full, *records[300:]))
    lost = [struct.pack("<BI", 0, 1000 + at) + place for at, place in enumerate(places[:20])]
    yield "a watch that learns its time", (".fit", fit(full, *lost, *records[20:]))


def _pieces() -> Iterator[tuple[str, File]]:
    for step in (5, 10):
        rare = (f"</trkseg><trkseg>{gpx_point(at, SPEED * at)}" for at in range(0, SECONDS, step))
        yield f"a segment for each point, {step} s apart", (".gpx", gpx(rare).encode())
        held = gpx(_each(lambda at, step=step: gpx_point(at, SPEED * (at // step * step))))  # type: ignore[misc]
        yield f"places held for {step} s", (".gpx", held.encode())


def _logs() -> Iterator[tuple[str, File]]:
    lines = list(_each(rmc))
    yield "quality 6 and mode E", (".nmea", "".join(_each(lambda at: rmc(at, mode="E"))).encode())
    yield "a time before each sentence", (".nmea", "".join(f"12:00:00.123 {line}" for line in lines).encode())
    yield "sentences in quotes", (".nmea", "".join(f'"{line.strip()}"\n' for line in lines).encode())
    yield "a date of zeros", (".nmea", "".join(_each(lambda at: rmc(at, date="000000"))).encode())
    for first, second in (("GP", "GN"), ("GN", "GL")):
        without, found = first if first != "GN" else second, "GN"
        both = (
            "".join(rmc(at, each, *("VN" if each == without else "AA")) for each in (first, second)) for at in range(SECONDS)
        )
        yield f"{without} without a fix beside {found}", (".nmea", "".join(both).encode())
    yield "a log packed twice", (".gz", gzip.compress(gzip.compress("".join(lines).encode())))


def _all() -> Iterator[tuple[str, File]]:
    for name, time in _TIMES.items():
        yield name, (".gpx", gpx(_each(lambda at, time=time: gpx_point(at, SPEED * at, time=time(at)))).encode())  # type: ignore[misc]
    for name, told in _SPEEDS.items():
        yield name, (".gpx", gpx(_each(lambda at, told=told: gpx_point(at, SPEED * at, told(at)))).encode())  # type: ignore[misc]
    for name, write in _TCX.items():
        yield name, (".tcx", tcx(_each(write)).encode())
    yield from _changed()
    yield from _laps()
    yield from _fit()
    yield from _pieces()
    yield from _logs()


ODD: dict[str, File] = dict(_all())
