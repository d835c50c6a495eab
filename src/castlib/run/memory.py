"""Memory: what a kernel has used, what it may use, and whether a machine has room for another."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

LOOK = 0.2  # seconds between two looks for room

_lock = threading.Lock()
_inside: list[int] = []  # megabytes promised to the notebooks that run in this process
_free = 0  # megabytes that were free when the first of them began


def peak_mb(pid: int) -> int:
    """Return the most memory that a process has held, in megabytes; 0 where nothing tells (not Linux)."""
    return _status(f"/proc/{pid}/status", "VmHWM")


def limit(megabytes: int) -> None:
    """Let this process take so much more private memory than it has; beyond it Python raises MemoryError."""
    has = _status("/proc/self/status", "VmData")
    if megabytes and has:
        import resource

        most = (has + megabytes) * 1024**2
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


@contextlib.contextmanager
def room(megabytes: int) -> Iterator[None]:
    """Wait until the machine has room for a notebook of this size, or nothing else of ours runs on it.

    What was promised to the others counts, for they may not have taken it yet.
    """
    global _free
    import psutil

    while True:
        with _lock:
            now = psutil.virtual_memory().available // 1024**2
            if not _inside:
                _free = now
            if not _inside or min(now, _free - sum(_inside)) >= megabytes:
                _inside.append(megabytes)
                break
        time.sleep(LOOK)
    try:
        yield
    finally:
        with _lock:
            _inside.remove(megabytes)


def _status(file: str, name: str) -> int:
    """Return a line of Linux's description of a process, in megabytes."""
    with contextlib.suppress(OSError):
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) // 1024
    return 0
