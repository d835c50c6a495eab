"""The first moments of a forked kernel: from a copy of the warm parent to a process of its own."""

import atexit
import gc
import logging
import os
import signal
import sys
import threading
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

from castlib.run import memory


@dataclass(frozen=True)
class Start:
    """What a kernel starts from: the kernel program's arguments, and what a process has from its client."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    umask: int
    limits: dict[int, tuple[int, int]]

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Become the kernel; the fork server calls this in the fork and exits with what it returns."""
        ready, *output = forkserver.get_inherited_fds()
        _let_go(output)
        os.setsid()
        threading.Thread(target=_end_with_client, args=[parent_sentinel], daemon=True).start()
        os.environ.clear()
        os.environ.update(self.env)
        os.chdir(self.cwd)
        os.umask(self.umask)
        import resource

        for number, pair in self.limits.items():
            resource.setrlimit(number, pair)
        if megabytes := int(self.env.get("CAST_MEMORY_MB", 0)):
            memory.limit(megabytes)
            for name in ("tornado.general", "tornado.application"):
                logging.getLogger(name).addHandler(_NothingLost())
        sys.argv = ["ipykernel_launcher", *self.argv]
        _reseed()
        gc.enable()
        return _serve(self.argv, ready)


class _NothingLost(logging.Handler):
    """Ends a kernel that has no memory left to send what a cell said: the cell would pass without it."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and isinstance(record.exc_info[1], MemoryError):
            os._exit(1)


def _let_go(output: list[int]) -> None:
    """Close what the fork shares with the server, read nothing from its terminal, write to the client's."""
    server, tracker = forkserver._forkserver, resource_tracker._resource_tracker
    os.close(server._forkserver_alive_fd)
    os.close(tracker._fd)
    server.__init__()
    tracker.__init__()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for descriptor, own in zip([os.open(os.devnull, os.O_RDONLY), *output], range(3), strict=True):
        os.dup2(descriptor, own)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def _end_with_client(pipe: int) -> None:
    """End at once, with all that was started here, when the client closes its end of a pipe or is no more."""
    os.read(pipe, 1)
    os.killpg(0, signal.SIGKILL)


def _reseed() -> None:
    """Give the fork random numbers of its own (the standard library's `random` sees to itself)."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _serve(argv: list[str], ready: int) -> int:
    """Run ipykernel until it is asked to stop, and end as an ordinary Python process does."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.parent_handle = 1  # looks for no parent's end: a thread of ours waits for the client's
    app.initialize(argv)
    if app.transport == "ipc":
        for socket in Path(app.ip).parent.glob(f"{Path(app.ip).name}-*"):
            socket.chmod(0o600)
    _plot_inline(app.shell)
    os.write(ready, b".")
    os.close(ready)
    try:
        app.start()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _plot_inline(shell: Any) -> None:
    """Let figures show in the notebook: in the parent, matplotlib had no notebook to show them in."""
    if "matplotlib.pyplot" in sys.modules:
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        backend = os.environ["MPLBACKEND"]
        activate_matplotlib(backend)
        configure_inline_support(shell, backend)
