"""Warm kernels: a kernel that starts in a fraction of a second because its imports are already done.

`WarmProvisioner` serves any Jupyter client that starts the kernel `cast` (entry point
`jupyter_client.kernel_provisioners`). The first such kernel starts a fork server of the standard
library (`castlib.run.server`), which imports `castlib.run.warm` once; every kernel is then a fork of it,
with its own session, environment, folder, random state and sockets, and ends with its client. The server
stays for a while, for the user's next client. Where processes cannot be forked, or the kernel is not this
Python's, the ordinary kernel serves.
"""

import asyncio
import contextlib
import itertools
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from castlib import paths
from castlib.run import server
from castlib.run.child import Start

CAN_FORK = hasattr(os, "fork")
SPEC = Path(__file__).parent / "kernelspec"
# Read when a process starts, so they belong to the fork server: one BLAS thread a kernel (several
# kernels share the cores, and a fork takes one thread only), and sets in the same order in every run.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
_PARENT_ONLY = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_START = 120.0  # seconds to wait for a fork; the first waits for the imports too
_END = 5.0  # seconds to wait for a killed process

_lock = threading.RLock()
_started: list["Fork | subprocess.Popen"] = []
_numbers = itertools.count(1)


class Fork:
    """A forked kernel process, with as much of `subprocess.Popen`'s face as LocalProvisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, status: int, orders: int) -> None:
        self.pid = forkserver.read_signed(status)
        self.returncode: int | None = None
        self._status = status
        self._orders = orders  # the kernel ends when this end of the pipe is closed
        self._polling = threading.Lock()
        os.set_blocking(status, False)

    def poll(self) -> int | None:
        """Return the exit code (minus the signal's number if one ended it), None while it runs."""
        with self._polling:
            if self.returncode is None:
                with contextlib.suppress(BlockingIOError):
                    told = os.read(self._status, forkserver.SIGNED_STRUCT.size)
                    # nothing told: the server is gone, and its kernels go with it
                    self.returncode = forkserver.SIGNED_STRUCT.unpack(told)[0] if told else 255
                    os.close(self._status)
                    os.close(self._orders)
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended and return the exit code."""
        while self.poll() is None:
            time.sleep(0.005)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and to every process that it started."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signum)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmParent:
    """A fork server with the study's libraries loaded, and this process's kernels forked from it.

    It warms up on the study of its first kernel (`home`), which need not be this process's own.
    """

    def __init__(self, home: str | None = None) -> None:
        self.forks: list[Fork] = []
        seen = server.environment(home)
        self._home = Path(seen.get("CAST_HOME") or paths.home())
        self._state = server.state(self._home)
        name = server.name(seen, self._state)
        seen |= ENVIRONMENT | _PARENT_ONLY
        self._server = _shared(name, seen) or server.Server(folder() / name, seen, 0)

    def is_current(self) -> bool:
        """Return whether its code and data are still as they were."""
        return self._state == server.state(self._home)

    async def fork(self, start: Start) -> Fork:
        """Return a new kernel, its sockets bound; EOFError or OSError when the server has failed."""
        ready, telling = os.pipe()
        try:
            status, orders = self._server.connect_to_new_process([telling, 1, 2])
        finally:
            os.close(telling)
        try:
            fork = await self._begun(start, status, orders)
            await asyncio.wait_for(_readable(ready), _START)
        finally:
            os.close(ready)
        return fork

    async def _begun(self, start: Start, status: int, orders: int) -> Fork:
        try:
            with open(orders, "wb", closefd=False) as pipe:
                pickle.dump({}, pipe)
                pickle.dump(start, pipe)
            await asyncio.wait_for(_readable(status), _START)
            fork = Fork(status, orders)
        except BaseException:
            os.close(status)
            os.close(orders)
            raise
        self.forks.append(fork)
        return fork

    def stop(self) -> bool:
        """Leave the server unless kernels still live on it; return whether it was left."""
        self.forks = [fork for fork in self.forks if fork.poll() is None]
        if not self.forks:
            self._server.leave()
        return not self.forks


def _shared(name: str, seen: dict[str, str]) -> server.Server | None:
    """Return the server that the user's clients share; None if they should not, or cannot."""
    if server.LINGER:
        with contextlib.suppress(OSError):
            return server.Server(server.shared() / name, seen, server.LINGER)
    return None


_parents: list[WarmParent] = []


def parent(home: str | None = None) -> WarmParent:
    """Return the warm parent of code and data as they now are; one of others serves no more."""
    with _lock:
        if not _parents or not _parents[-1].is_current():
            _parents[:] = [old for old in _parents if not old.stop()]
            _parents.append(WarmParent(home))
        return _parents[-1]


def warm_up() -> None:
    """Start the warm parent now, so that it is ready when the first kernel is wanted."""
    if CAN_FORK:
        with contextlib.suppress(OSError):
            parent()


def kill_all() -> None:
    """Kill every kernel that this process has started with a WarmProvisioner."""
    for process in _living():
        process.kill()


def _living() -> list["Fork | subprocess.Popen"]:
    with _lock:
        _started[:] = [process for process in _started if process.poll() is None]
        return list(_started)


def folder() -> Path:
    """Return this process's private folder for sockets, short enough for them, gone at its end."""
    global _folder
    with _lock:
        if _folder is None:
            _folder = tempfile.TemporaryDirectory(prefix="cast-", dir=server.short_place())
        return Path(_folder.name)


_folder: tempfile.TemporaryDirectory | None = None


class WarmProvisioner(LocalProvisioner):
    """Start a kernel as a fork of the warm parent; in all else it is jupyter_client's local one."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose sockets in a private folder rather than open TCP ports, unless ports were asked for."""
        manager = self.parent
        if CAN_FORK and manager and manager.transport == "tcp" and not any(manager.ports):
            manager.transport = "ipc"
            manager.ip = str(folder() / f"k{next(_numbers)}")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel and return its connection once it listens."""
        self.process = await self._fork(cmd, **kwargs)
        if self.process:
            self.pid, self.pgid = self.process.pid, None
            self.cwd = kwargs.get("cwd", Path.cwd())
        else:
            _say_once(self.log)
            await super().launch_kernel(cmd, **kwargs)
        with _lock:
            _started.append(self.process)
        return self.connection_info

    async def _fork(
        self, cmd: list[str], env: dict[str, str], cwd: Any = None, **_: Any
    ) -> Fork | None:
        """Return a forked kernel; None if there can be none."""
        if not CAN_FORK or cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
            return None
        with contextlib.suppress(EOFError, OSError):
            env = env | {"JPY_PARENT_PID": str(os.getpid())}
            start = Start(cmd[3:], env, str(cwd or Path.cwd()), _umask(), server.limits())
            return await parent(env.get("CAST_HOME")).fork(start)
        return None

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it gone, so that the manager's next look (0.1 s apart) is its last."""
        await super().kill(restart)
        until = time.monotonic() + _END
        while isinstance(self.process, Fork) and self.process.poll() is None:
            if time.monotonic() > until:
                break
            await asyncio.sleep(0.002)


_said = False


def _say_once(log: Any) -> None:
    global _said
    if not _said:
        log.warning("แยกเคอร์เนลจากแม่แบบที่อุ่นเครื่องไว้ไม่ได้ จึงใช้เคอร์เนลปกติ ซึ่งเริ่มช้ากว่า")
        _said = True


async def _readable(descriptor: int) -> None:
    """Wait until something, or the end, can be read."""
    loop = asyncio.get_running_loop()
    seen = asyncio.Event()
    loop.add_reader(descriptor, seen.set)
    try:
        await seen.wait()
    finally:
        loop.remove_reader(descriptor)


def _umask() -> int:
    """Return the umask, which can only be read by setting it."""
    with _lock:
        before = os.umask(0o77)
        os.umask(before)
    return before
