"""The run: every notebook that is out of date, several at a time, the country before its regions.

Whatever goes wrong in one notebook stays there; whatever ends the run leaves only whole, true
notebooks behind, and the next run goes on from them.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from castlib import paths, regions
from castlib.errors import CastError
from castlib.run import plan

Out = Callable[[str], None]
SAID = {"made": "ทำแล้ว", "failed": "ไม่สำเร็จ", "blocked": "ยังไม่ได้ทำ", "due": "ต้องทำ"}


class Busy(CastError):
    """Another run is at work in the same build folder."""


class Interrupted(KeyboardInterrupt):
    """A run stopped from outside; everything is in order and `report` says what was done."""

    def __init__(self, report: "Report") -> None:
        super().__init__("หยุดกลางคัน")
        self.report = report


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook."""

    region: str
    phase: str
    status: str  # made, reused, failed, blocked; due in a dry run
    why: str
    seconds: float = 0.0
    cell_seconds: float = 0.0
    error: str = ""

    @property
    def name(self) -> str:
        """Region and phase, as people write it."""
        return f"{self.region}/{self.phase}"


@dataclass(frozen=True)
class Report:
    """A whole run: when, how long, and every notebook's outcome."""

    started: str
    finished: str
    seconds: float
    jobs: int
    notebooks: tuple[Outcome, ...]

    def of(self, status: str) -> tuple[Outcome, ...]:
        """Return the outcomes with a status: made, reused, failed, blocked or due."""
        return tuple(outcome for outcome in self.notebooks if outcome.status == status)

    @property
    def made(self) -> tuple[Outcome, ...]:
        """The notebooks that this run made."""
        return self.of("made")

    @property
    def reused(self) -> tuple[Outcome, ...]:
        """The notebooks that were current."""
        return self.of("reused")

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The notebooks that raised, died or hung."""
        return self.of("failed")

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """The notebooks not made because the country's of the same phase failed."""
        return self.of("blocked")


def run(
    region_codes: Iterable[str],
    phases: Iterable[str],
    jobs: int | None = None,
    dry_run: bool = False,
    out: Out = print,
) -> Report:
    """Make every notebook that is out of date and return what became of each.

    Parameters
    ----------
    region_codes, phases : iterables of str
        What to bring up to date. The country's notebook of a phase is made too when it is out of
        date, for the regions compare themselves with it.
    jobs : int, optional
        Notebooks at a time; by default one a core.
    dry_run : bool
        Only say what would be made, and why.
    out : callable
        Takes each Thai line of progress.

    Returns
    -------
    Report
        Also written to build/run.json (not in a dry run).

    Raises
    ------
    UnknownCode, CastError
        A code that the study does not have; a template that cannot take the parameters.
    Busy
        Another run is at work.
    Interrupted
        Ctrl-C or SIGTERM; the kernels are gone and the next run goes on.
    """
    codes = sorted({regions.check(code) for code in region_codes}, key=regions.codes("province").index)
    inputs = plan.read(dict.fromkeys(phases))
    work = _Run(inputs, codes, jobs or len(os.sched_getaffinity(0)), out)
    if dry_run:
        return work.foresee()
    with _alone(), _stoppable():
        return work.do()


class _Run:
    """One run's state: what waits, what runs, what is done."""

    def __init__(self, inputs: plan.Inputs, codes: list[str], jobs: int, out: Out) -> None:
        self.inputs = inputs
        self.jobs = jobs
        self.codes = [code for code in codes if code != regions.COUNTRY]
        self.asked_country = len(self.codes) < len(codes)
        self.outcomes: list[Outcome] = []
        self.started = datetime.now().astimezone()
        self.clock = time.monotonic()
        self.stopped = threading.Event()
        self.running: dict[Future, str] = {}
        self.pool: ThreadPoolExecutor | None = None
        self.staging = paths.build() / "staging"
        self.show = _Show(out)
        self.total = len(codes) * len(inputs.templates)

    def foresee(self) -> Report:
        """Say what would be made, and why."""
        for phase in self.inputs.templates:
            country = self._reasons(regions.COUNTRY, phase)
            for region in (regions.COUNTRY, *self.codes):
                reasons = country if region == regions.COUNTRY else self._reasons(region, phase)
                if reasons:
                    self._record(Outcome(region, phase, "due", "; ".join(reasons)))
                elif country:
                    self._record(Outcome(region, phase, "reused", plan.WAITS))
                elif region != regions.COUNTRY or self.asked_country:
                    self._record(Outcome(region, phase, "reused", ""))
        return self._report()
