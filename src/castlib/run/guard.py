"""One run at a time in a build folder, and a run that can be asked to stop."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

from castlib import paths
from castlib.errors import CastError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Busy(CastError):
    """Another run is at work in the same build folder."""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let no second run into the same build folder; the lock goes with the process that holds it."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    paths.build().mkdir(parents=True, exist_ok=True)
    with open(paths.build() / "run.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Busy(
                f"มี cast run อีกชุดหนึ่งกำลังทำงานอยู่ใน {paths.build()} (กระบวนการหมายเลข {lock.read()}) "
                "รอให้ชุดนั้นจบก่อนแล้วสั่งใหม่"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Stop(threading.Event):
    """What Ctrl-C and SIGTERM set: the run looks at it where it can stop in good order."""

    _breaks = False

    def ask(self, *_: object) -> None:
        """Set it, as the handler of a signal."""
        self.set()
        if self._breaks:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Let it break what goes on meanwhile: a long wait that leaves nothing half-done."""
        self._breaks = True
        try:
            if self.is_set():
                raise KeyboardInterrupt
            yield
        finally:
            self._breaks = False


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Yield what Ctrl-C and SIGTERM set."""
    asked = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, asked.ask) for number in STOP_SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
