"""The process behind a warm parent: a fork server that the next client of the same user finds.

A server has a folder of its own among the user's, with its socket in it. The folder's name is a digest of
all that a kernel takes over from the server: Python, castlib, the libraries, the study's own data, the
environment that is read at the start, and what a process cannot change afterwards. So a client finds a
server that is right for it or none, and then starts one. The server sees the rest of nobody's environment;
folder, umask, limits and output come with each kernel. Left as they were with who started it: signals that
were ignored (`nohup`), the control group, and what the kernel kills first when memory runs out.

Who uses a server holds a shared lock on its folder. One that nobody has held for `LINGER` seconds ends, and
at once where its study is gone or its socket was taken away: a server of newer code or data does that.
"""

import contextlib
import errno
import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import forkserver, reduction, resource_tracker
from pathlib import Path
from typing import Any

import castlib
from castlib import paths

# seconds that a server stays without a client; with 0 it is shared with nobody and ends with its own
LINGER = float(os.environ.get("CAST_LINGER", 300))
LOOK = 1.0  # seconds between two looks at who holds it
# the variables that are read when Python, or a library that a kernel finds loaded, starts
READ_AT_START = (
    *("ARROW_", "CAST_HOME", "HOME", "IPYTHON", "LANG", "LC_", "LD_", "MPL", "NUMEXPR_"),
    *("PYTHAINLP", "PYTHON", "TMPDIR", "TZ", "XDG_CACHE", "XDG_CONFIG", "XDG_DATA"),
)
_LONGEST = 60  # characters of a temporary folder's name that leave room for a socket's (108 in all)
SOCKET = "s"

_begun: list[subprocess.Popen] = []


def environment(home: str | None) -> dict[str, str]:
    """Return what a server sees of this process's environment, with the study that it warms up on."""
    seen = {name: value for name, value in os.environ.items() if name.startswith(READ_AT_START)}
    at = home or seen.get("CAST_HOME")
    return seen | ({"CAST_HOME": os.path.abspath(at)} if at else {})


def state(home: Path) -> str:
    """Return a digest that moves when castlib, an installed library or the study's own data does."""
    code, data = os.path.dirname(castlib.__file__), os.path.join(home, "data")
    files = [f for f in _files(code) if f.path.endswith(".py")] + list(_files(data, without="raw"))
    about = [(file.path, file.stat()) for file in files]
    seen = sorted((path, found.st_mtime_ns, found.st_size) for path, found in about)
    libraries = sorted({sysconfig.get_path(kind) for kind in ("purelib", "platlib")})
    return _digest(seen, [os.stat(folder).st_mtime_ns for folder in libraries])


def _files(folder: str, without: str = "__pycache__") -> Iterator[os.DirEntry]:
    """Yield the files in a folder and below it, but for what lies under one name."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry
            elif entry.name != without:
                yield from _files(entry.path, without)


def name(seen: dict[str, str], now: str) -> str:
    """Return the name of the folder of the server that is right for this process."""
    import resource

    hard = [resource.getrlimit(number)[1] for number in limits()]
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    fixed = [os.nice(0), hard, cores, os.getegid(), sorted(os.getgroups())]
    kind = _digest(sys.version, sys.executable, castlib.__file__, sorted(seen.items()), fixed)
    return f"{kind}-{now}"


def _digest(*things: Any) -> str:
    return hashlib.sha256(json.dumps(things).encode()).hexdigest()[:12]


def limits() -> dict[int, tuple[int, int]]:
    """Return this process's limits, as `resource.setrlimit` takes them."""
    import resource

    numbers = {getattr(resource, n) for n in dir(resource) if n.startswith("RLIMIT_")}
    return {number: resource.getrlimit(number) for number in sorted(numbers)}


def shared() -> Path:
    """Return the folder of the user's servers; PermissionError when others could have a hand in it."""
    given, user = os.environ.get("XDG_RUNTIME_DIR"), os.geteuid()
    place = Path(given or short_place() or tempfile.gettempdir(), f"castlib-{user}")
    place.mkdir(mode=0o700, exist_ok=True)
    about = place.lstat()
    private = stat.S_ISDIR(about.st_mode) and about.st_uid == user and not about.st_mode & 0o077
    if not private or place.parent.stat().st_uid not in (0, user):
        raise PermissionError(f"{place} is not this user's alone")
    return place


def short_place() -> str | None:
    """Return /tmp when the usual temporary folder's name is too long for a socket."""
    return "/tmp" if len(tempfile.gettempdir()) > _LONGEST else None


@contextlib.contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    """Hold a folder's lock alone."""
    import fcntl

    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(held)


class Server(forkserver.ForkServer):
    """The standard library's fork server in a folder: found there, or started by whoever misses it."""

    def __init__(self, place: Path, seen: dict[str, str], linger: float) -> None:
        super().__init__()
        self._place, self._seen, self._linger = place, seen, linger
        self._held: int | None = None
        self._forkserver_address = str(place / SOCKET)
        self._forkserver_alive_fd = os.open(os.devnull, os.O_RDONLY)  # kernels expect one
        self.ensure_running()

    def ensure_running(self) -> None:
        """Hold the server that listens in the folder; start one if none does."""
        resource_tracker.ensure_running()  # before there is a connection that the server waits on
        with _locked(self._place.parent):
            self._place.mkdir(mode=0o700, exist_ok=True)
            self._hold()
            if not self._listens():
                self._start()

    def _hold(self) -> None:
        import fcntl

        if self._held is not None and os.path.samestat(os.fstat(self._held), self._place.stat()):
            return
        self.leave()  # somebody removed the folder
        self._held = os.open(self._place, os.O_RDONLY)
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Hold the server no more."""
        if self._held is not None:
            os.close(self._held)
        self._held = None

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(self._forkserver_address)
            return True
        return False

    def _start(self) -> None:
        """Start a server; those that it replaces end when their kernels have."""
        kind = self._place.name.split("-")[0]
        for old in self._place.parent.glob(f"{kind}-*/{SOCKET}"):
            old.unlink(missing_ok=True)
            if old.parent != self._place:
                with contextlib.suppress(OSError):
                    old.parent.rmdir()
        _begun[:] = [process for process in _begun if process.poll() is None]
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self._forkserver_address)
            os.chmod(self._forkserver_address, 0o600)
            listener.listen()
            told = f"{listener.fileno()}, {str(self._place)!r}, {self._linger}"
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-c",
                    f"from castlib.run.server import serve; serve({told})",
                ],
                env=self._seen,
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        _begun.append(process)


def serve(listener: int, folder: str, linger: float) -> None:
    """Be the server in a folder until nobody needs it; a process of its own does nothing else."""
    os.chdir("/")  # holds no other folder
    reduction.recvfds = _patient(reduction.recvfds)
    signal.signal(signal.SIGALRM, _Watch(Path(folder), linger).look)
    signal.siginterrupt(signal.SIGALRM, False)  # breaks no library's reading off
    signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)
    silent = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).detach()  # the watch is what ends it
    forkserver.main(listener, silent, ["castlib.run.warm"])


class _Gone(ConnectionAbortedError, EOFError):
    """A client left before it had said anything; a fork server goes on after an aborted connection only."""


def _patient(receive: Callable[..., list[int]]) -> Callable[..., list[int]]:
    """Return what receives a client's descriptors; without it a client that is killed then ends the server."""

    def received(*about: Any) -> list[int]:
        try:
            return receive(*about)
        except (EOFError, ConnectionResetError) as gone:
            raise _Gone(errno.ECONNABORTED, "gone") from gone

    return received


class _Watch:
    """Ends this process, a server, when nobody needs it."""

    def __init__(self, place: Path, linger: float) -> None:
        self._place, self._linger = place, linger
        self._socket = self._found()
        self._needed = time.monotonic()

    def look(self, *_: Any) -> None:
        """End if nobody has held it for long, or its study is gone, or another has taken its place."""
        import fcntl

        if self._socket is None or self._found() != self._socket:
            if not _has_kernels():
                os._exit(0)
            return
        if self._is_held():
            self._needed = time.monotonic()
        if time.monotonic() - self._needed < self._linger and paths.home().is_dir():
            return
        with contextlib.suppress(OSError), _locked(self._place.parent, fcntl.LOCK_NB):
            if not self._is_held() and not _has_kernels():
                (self._place / SOCKET).unlink()
                self._place.rmdir()
                os._exit(0)

    def _found(self) -> int | None:
        """Return which socket lies in the folder."""
        with contextlib.suppress(OSError):
            return (self._place / SOCKET).stat().st_ino
        return None

    def _is_held(self) -> bool:
        import fcntl

        try:
            with _locked(self._place, fcntl.LOCK_NB):
                return False
        except BlockingIOError:
            return True


def _has_kernels() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
