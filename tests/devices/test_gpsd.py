"""gpsd: its lines into fixes, and the real daemon fed on loopback: silent, killed and started again."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.framing import sentence
from devices.gpsd import GpsdDecoder
from devices.sample import Fix, Mode
from tests.cli.commands import configured, lines, started
from tests.patience import PATIENCE, wait_until

TPV = {"class": "TPV", "device": "/dev/ttyACM0", "mode": 3, "time": "2026-06-01T06:00:00.000Z", "lat": 47.0, "lon": 8.0,
       "speed": 3.1, "eps": 0.17, "eph": 1.1, "track": 90.0, "altMSL": 430.0}  # fmt: skip


def told(*reports: dict[str, object], at: float = 5.0) -> tuple[list[Fix], GpsdDecoder]:
    decoder = GpsdDecoder("gps")
    data = b"".join(json.dumps(report).encode() + b"\r\n" for report in reports)
    return [fix for fix in decoder.feed(at, data) if isinstance(fix, Fix)], decoder


def test_a_report_is_a_fix() -> None:
    ((fix,), _) = told(TPV)
    assert fix == Fix(5.0, "gps", 47.0, 8.0, 430.0, 3.1, 0.17, 90.0, 1.1, None, Mode.FIX_3D, None, 1780293600.0)


def test_an_accuracy_that_gpsd_made_up_is_none() -> None:
    assert told({**TPV, "eps": 19.08})[0][0].speed_sigma is None


def test_without_a_fix_there_is_no_position_and_without_a_time_still_a_fix() -> None:
    assert told({**TPV, "mode": 1})[0][0].mode is Mode.NONE
    assert told({name: value for name, value in TPV.items() if name != "time"})[0][0].speed == 3.1


def test_of_a_burst_for_one_epoch_one_counts() -> None:
    fixes, decoder = told({**TPV, "mode": 2}, TPV, {**TPV, "time": "2026-06-01T06:00:01.000Z"})
    assert len(fixes) == 2 and decoder.faults == {"repeated": 1}


def test_one_receiver_is_listened_to_as_long_as_it_speaks() -> None:
    decoder = GpsdDecoder("gps")
    other = {**TPV, "device": "/dev/ttyUSB7", "lat": 11.0}
    said = []
    for second in range(12):
        time_ = {"time": f"2026-06-01T06:00:{second:02}.000Z"}
        reports = [other | time_] + ([TPV | time_] if second in range(1, 4) else [])
        for report in reversed(reports):
            said += decoder.feed(float(second), json.dumps(report).encode() + b"\n")
    assert {fix.lat for fix in said if isinstance(fix, Fix)} == {11.0} and decoder.faults["other"] == 3


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e999", "-Infinity", "NaN", "true", '"3"', "[3]"])
def test_a_number_nobody_can_mean_costs_its_field_alone(number: str) -> None:
    line = json.dumps(TPV | {"speed": 0.125}).replace("0.125", number)
    (fix,) = GpsdDecoder("gps").feed(0.0, line.encode() + b"\n")
    assert isinstance(fix, Fix) and fix.speed is None and fix.lat == TPV["lat"]


@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from([
    b'{"class":"TPV","mode":3,"lat":1e999,"lon":"x"}\n', b'{"class":"TPV","time":"2026-13-77T99:99:99Z","mode":3}\n',
    b'[' * 5000 + b"\n", b'{"class":"TPV","mode":true,"lat":NaN,"lon":4,"speed":-Infinity}\n', b'"TPV"\n', b"\xff\xfe\n",
])), max_size=6))  # fmt: skip
def test_whatever_comes_nothing_is_raised(pieces: list[bytes]) -> None:
    decoder = GpsdDecoder("gps")
    for at, piece in enumerate(pieces):
        for fix in decoder.feed(float(at), piece):
            assert isinstance(fix, Fix) and (fix.lat is None or -90 <= fix.lat <= 90)


class Feed:
    """A receiver on the network, four epochs a second, that can be told to fall silent."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.speaks = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        self._server.settimeout(0.1)
        clients: list[socket.socket] = []
        tick = 0
        while not self._stop.wait(0.25):
            with contextlib.suppress(OSError):
                clients.append(self._server.accept()[0])
            tick += 1
            if self.speaks:
                clients = [client for client in clients if self._sent(client, tick)]
        for client in clients:
            client.close()

    @staticmethod
    def _sent(client: socket.socket, tick: int) -> bool:
        clock = f"06{tick // 240 % 60:02}{tick // 4 % 60:02}.{tick % 4 * 25:02}"
        lat = 47 * 100 + tick * 0.0004
        place = f"{lat:010.5f},N,00800.00000,E"
        try:
            client.sendall(sentence(f"GPRMC,{clock},A,{place},6.000,0.0,010626,,,A".encode())
                           + sentence(f"GPGGA,{clock},{place},1,10,0.9,430.0,M,48.0,M,,".encode())
                           + sentence(b"GPGSA,A,3,01,02,03,04,05,06,07,08,,,,,1.6,0.9,1.3"))  # fmt: skip
        except OSError:
            client.close()
            return False
        return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def daemon(port: int, feed: Feed) -> Iterator[subprocess.Popen[bytes]]:
    gpsd = subprocess.Popen(["gpsd", "-N", "-n", "-b", "-S", str(port), f"tcp://127.0.0.1:{feed.port}"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield gpsd
    finally:
        gpsd.kill()
        gpsd.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


@pytest.mark.edge
@pytest.mark.skipif(shutil.which("gpsd") is None, reason="gpsd is not installed: sudo apt install gpsd")
def test_the_real_daemon_silent_killed_and_started_again(tmp_path: Path) -> None:
    feed, port = Feed(), free_port()
    (tmp_path / "free.toml").write_text('name = "Free"\n[[segment]]\nlength = "1:00:00"\n')
    source = f'[[source]]\nname = "gps"\nkind = "gpsd"\naddress = "127.0.0.1:{port}"\n'
    config = configured(tmp_path, f"{source}[coach.policy.signal]\nlost_after = 2.0\n")
    told: list[dict[str, object]] = []

    def until(event: str) -> float:
        """The run's second at which it happened."""
        assert run.stdout
        for line in run.stdout:
            told.extend(lines(line))
            if told[-1].get("event") == event or (event == "speed" and told[-1].get("speed")):
                return float(str(told[-1]["at"]))
        raise AssertionError(f"{event} never came: {told[-5:]} {run.stderr.read() if run.stderr else ''}")

    with closing(feed), ExitStack() as stack:
        with daemon(port, feed):
            wait_until(lambda: answers(port), "gpsd does not answer")
            run = stack.enter_context(started(config, "run", tmp_path / "free.toml", "--json", "--estimates"))
            fixed = until("speed")
            feed.speaks = False
            silent = until("signal_lost")
            feed.speaks = True
            until("signal_back")
        killed = until("signal_lost")  # the daemon is dead
        with daemon(port, feed):
            wait_until(lambda: answers(port), "gpsd does not answer again")
            is_back, back = time.monotonic(), until("signal_back")
            waited = time.monotonic() - is_back
            run.send_signal(signal.SIGINT)
            run.communicate(timeout=PATIENCE)
    events = [line["event"] for line in told if line["kind"] == "event" and str(line["event"]).startswith("signal")]
    assert events == ["signal_lost", "signal_back"] * 2
    assert silent - fixed <= 12 and killed > silent and back > killed and waited <= 8
