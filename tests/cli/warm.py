"""The program in a process of its own that has imported it already: forked from a server, which saves importing it again.

Everything else is as if it had been started: standard streams, folder, environment, arguments and exit code are its own.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tests.conftest import ROOT

PATIENCE = 180.0  # s for a command; what a test runs takes a tenth of it, but on a machine that many share
LONGEST = 1 << 20  # bytes of a request


def run(arguments: list[str], given: bytes | int = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs `coach` to its end, with this standard input: what is piped in, or an open file."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, _pipe(given) as stream:
        asked = json.dumps([arguments, os.getcwd(), dict(os.environ)]).encode()
        server = _server()
        socket.send_fds(server, [len(asked).to_bytes(4, "big")], [stream, out.fileno(), err.fileno()])
        server.sendall(asked)
        try:
            code = int.from_bytes(server.recv(4), "big", signed=True)
        except TimeoutError:
            _server.cache_clear()  # it still waits for this command, and others must not
            raise
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(["coach", *arguments], code, out.read(), err.read())


@contextmanager
def _pipe(content: bytes | int) -> Iterator[int]:
    """The reading end of a pipe with this content, which may be more than a pipe holds; or the file that was given."""
    if isinstance(content, int):
        yield content
        return
    reading, writing = os.pipe()

    def fill() -> None:
        with os.fdopen(writing, "wb") as pipe:
            try:
                pipe.write(content)
                pipe.flush()
            except BrokenPipeError:
                pipe.detach()  # the program did not want it all

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        yield reading
    finally:
        os.close(reading)
        filling.join()


@cache
def _server() -> socket.socket:
    """The socket to a server of our own, which ends with this process."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", "tests.cli.warm", str(theirs.fileno())]
        ours_alone = {**os.environ, "PYTHONPATH": str(ROOT)}  # what else a command finds is told with it
        server = subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=ROOT, env=ours_alone)
    ours.settimeout(PATIENCE)

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _serve(asking: socket.socket) -> None:
    """Forks a process for each request, which becomes the program; answers with its exit code."""
    import coach.cli

    for module in iter_modules(coach.cli.__path__):
        if module.name != "__main__":
            import_module(f"coach.cli.{module.name}")
    gc.collect()
    gc.freeze()  # a process that looks for garbage in what it shares with this one would copy all of it
    while True:
        size, streams, _, _ = socket.recv_fds(asking, 4, 3)
        if not size:
            return
        arguments, folder, environment = json.loads(_read(asking, int.from_bytes(size, "big")))
        if not (child := os.fork()):
            asking.close()
            return _become(arguments, folder, environment, streams)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        asking.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))


def _read(asking: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        read += asking.recv(size - len(read))
    return read


def _become(arguments: list[str], folder: str, environment: dict[str, str], streams: list[int]) -> None:
    from coach.cli.start import start

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [each for each in environment.get("PYTHONPATH", "").split(os.pathsep) if each and each not in sys.path]
    sys.argv = ["coach", *arguments]
    os._exit(_code_of(start))


def _code_of(program: Callable[[], object]) -> int:
    """Its exit code once all that is done at an interpreter's end is done, but for freeing each object one by one."""
    code = 0
    try:
        program()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
