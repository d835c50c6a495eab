"""Who makes the notebooks: this machine's cores, or the workers of a Dask scheduler."""

import os
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from castlib import paths
from castlib.run import plan
from castlib.run.order import Order


class Makers(Protocol):
    """What a run asks of those who make its notebooks."""

    places: int

    def submit(self, order: Order) -> Future:
        """Begin a notebook; the future gives what was made."""

    def check(self) -> None:
        """Raise CastError when nothing more can be made."""

    def stop(self, running: Iterable[Future]) -> None:
        """Give up what is running, and return when nothing of it goes on here."""

    def close(self) -> None:
        """Let go of everything."""


def of(scheduler: str | None, jobs: int | None, inputs: plan.Inputs) -> Makers:
    """Return the makers that a run asked for."""
    if scheduler is None:
        return Here(jobs or _cores())
    from castlib.run import farm

    return farm.Farm(scheduler, jobs, inputs)


class Here:
    """This machine: each notebook has a thread that watches its kernel."""

    def __init__(self, jobs: int) -> None:
        from castlib.run import kernels

        kernels.warm_up()  # goes on while this process imports papermill
        from castlib.run import execute

        self.places = jobs
        self._make, self._kill_all = execute.make, kernels.kill_all
        self._pool = ThreadPoolExecutor(jobs)

    def submit(self, order: Order) -> Future:
        """Begin a notebook."""
        return self._pool.submit(self._make, order, paths.home())

    def check(self) -> None:
        """Nothing can go wrong here that a notebook does not tell."""

    def stop(self, running: Iterable[Future]) -> None:
        """Kill the kernels and wait for their threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in running):
            self._kill_all()
            time.sleep(0.02)

    def close(self) -> None:
        """Wait for the threads to end."""
        self._pool.shutdown()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
