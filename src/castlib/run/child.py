"""The first moments of a forked kernel: from a copy of the warm parent to a process of its own."""

import atexit
import gc
import logging
import os
import sys
import threading
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

from castlib.run import memory


@dataclass(frozen=True)
class Start:
    """What a kernel starts from: the kernel program's arguments, its environment, its folder."""

    argv: list[str]
    env: dict[str, str]
    cwd: str

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Become the kernel; the fork server calls this in the fork and exits with what it returns."""
        ready = forkserver.get_inherited_fds()[0]
        _let_go(parent_sentinel)
        os.setsid()
        os.environ.clear()
        os.environ.update(self.env, JPY_PARENT_PID=str(os.getppid()))
        os.chdir(self.cwd)
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


def _let_go(parent_sentinel: int) -> None:
    """Close what the fork shares with the parent, and read nothing from its terminal.

    Without the pipe that keeps the fork server alive, the server ends when the process that started it
    does, however that ends; and each kernel ends when it sees the server gone.
    """
    server, tracker = forkserver._forkserver, resource_tracker._resource_tracker
    for descriptor in (parent_sentinel, server._forkserver_alive_fd, tracker._fd):
        os.close(descriptor)
    server.__init__()
    tracker.__init__()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def _reseed() -> None:
    """Give the fork random numbers of its own (the standard library's `random` sees to itself)."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _serve(argv: list[str], ready: int) -> int:
    """Run ipykernel until it is asked to stop, and end as an ordinary Python process does."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.parent_handle = os.getppid()
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
