"""The run: every notebook that is out of date, several at a time, the country before its regions.

Whatever goes wrong in one notebook stays there; whatever ends the run leaves only whole, true
notebooks behind, and the next run goes on from them.
"""

import contextlib
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from castlib import paths, regions
from castlib.errors import CastError
from castlib.regions import COUNTRY
from castlib.run import plan
from castlib.run.report import Out, Outcome, Report, Teller, say

RECORD = "run.json"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Busy(CastError):
    """Another run is at work in the same build folder."""


class Interrupted(KeyboardInterrupt):
    """A run stopped from outside; everything is in order and `report` says what was done."""

    def __init__(self, report: Report) -> None:
        super().__init__("หยุดกลางคัน")
        self.report = report


def run(
    region_codes: Iterable[str],
    phases: Iterable[str],
    jobs: int | None = None,
    dry_run: bool = False,
    out: Out = say,
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
        Takes each Thai line of progress; by default they are printed, and on a terminal the lines of
        notebooks that went well give way to each other.

    Returns
    -------
    Report
        Also written to build/run.json (not in a dry run).

    Raises
    ------
    UnknownCode, CastError
        A code that the study does not have; a template that cannot take the parameters; a disk that
        is full or may not be written.
    Busy
        Another run is at work.
    Interrupted
        Ctrl-C or SIGTERM; the kernels are gone and the next run goes on.
    """
    codes = sorted(
        {regions.check(code) for code in region_codes}, key=regions.codes("province").index
    )
    inputs = plan.read(dict.fromkeys(phases))
    if dry_run:
        return _Run(inputs, codes, jobs or _cores(), out).foresee()
    try:
        with _alone(), _stoppable() as asked:
            return _Run(inputs, codes, jobs or _cores(), out).do(asked)
    except OSError as fault:
        raise CastError(f"อ่านหรือเขียนไฟล์ไม่ได้: {fault} แก้แล้วสั่งใหม่ งานที่เสร็จแล้วยังอยู่") from fault


class _Run:
    """One run's state: what is running, and what has become of the rest."""

    def __init__(self, inputs: plan.Inputs, codes: list[str], jobs: int, out: Out) -> None:
        self.inputs = inputs
        self.codes = codes
        self.jobs = jobs
        self.staging = paths.build() / "staging"
        self.outcomes: list[Outcome] = []
        self.running: dict[Future, str] = {}
        self.pool: ThreadPoolExecutor | None = None
        self.stopping = False
        self.clock = time.monotonic()
        self.started = _now()
        self.teller = Teller(out, len(codes) * len(inputs.templates))

    def foresee(self) -> Report:
        """Say what would be made, and why; make nothing."""
        for phase in self.inputs.templates:
            country = self.inputs.why(COUNTRY, phase)
            for region in self._with_country(country):
                reasons = country if region == COUNTRY else self.inputs.why(region, phase)
                waits = [plan.WAITS] if country and not reasons else []
                status = "due" if reasons else "reused"
                self._record(Outcome(region, phase, status, "; ".join(reasons or waits)))
        report = self._report()
        self.teller.end(f"ต้องทำ {len(report.of('due'))} จาก {len(report.notebooks)} เล่ม")
        return report

    def do(self, asked_to_stop: threading.Event) -> Report:
        """Bring every notebook up to date."""
        shutil.rmtree(self.staging, ignore_errors=True)
        try:
            for phase in self.inputs.templates:
                self._country(phase)
            while self.running:
                done, _ = wait(self.running, timeout=0.1, return_when=FIRST_COMPLETED)
                if asked_to_stop.is_set():
                    raise KeyboardInterrupt
                for future in done:
                    phase = self.running.pop(future)
                    self._finished(phase, future.result())
        except BaseException as reason:
            self._halt()
            if not isinstance(reason, KeyboardInterrupt):
                raise
            report = self._report()
            report.save(paths.build() / RECORD)
            done = len(report.made) + len(report.reused)
            left = self.teller.total - len(report.notebooks)
            self.teller.end(
                f"หยุดกลางคัน: เรียบร้อยแล้ว {done} เล่ม เหลือ {left} เล่ม สั่ง cast run อีกครั้งเพื่อทำต่อ"
            )
            raise Interrupted(report) from None
        finally:
            if self.pool:
                self.pool.shutdown()
            shutil.rmtree(self.staging, ignore_errors=True)
        report = self._report()
        report.save(paths.build() / RECORD)
        self.teller.end(report.summary())
        return report

    def _with_country(self, country: list[str]) -> list[str]:
        """Return the regions asked for, and the country before them when it is out of date."""
        added = [COUNTRY] if country and COUNTRY not in self.codes else []
        self.teller.total += len(added)
        return added + self.codes

    def _country(self, phase: str) -> None:
        """Begin a phase with the country's notebook; the regions follow when it is current."""
        reasons = self.inputs.why(COUNTRY, phase)
        if reasons:
            self._with_country(reasons)
            self._submit(COUNTRY, phase, reasons)
            return
        if COUNTRY in self.codes:
            self._record(Outcome(COUNTRY, phase, "reused", ""))
        self._regions(phase)

    def _regions(self, phase: str, country_made: bool = True) -> None:
        """Make the regions that are not current; without the country's results they cannot be."""
        for region in self.codes:
            if region == COUNTRY:
                continue
            reasons = self.inputs.why(region, phase)
            if not reasons:
                self._record(Outcome(region, phase, "reused", ""))
            elif country_made:
                self._submit(region, phase, reasons)
            else:
                _withdraw(region, phase)
                error = f"เพราะ {COUNTRY}/{phase} ไม่สำเร็จ"
                self._record(Outcome(region, phase, "blocked", "; ".join(reasons), error=error))

    def _submit(self, region: str, phase: str, reasons: list[str]) -> None:
        if self.pool is None:
            from castlib.run import kernels

            kernels.warm_up()  # goes on while this process imports papermill
            from castlib.run import execute  # noqa: F401

            self.pool = ThreadPoolExecutor(self.jobs)
        key = self.inputs.key(region, phase)
        future = self.pool.submit(self._make, region, phase, "; ".join(reasons), key)
        self.running[future] = phase

    def _make(self, region: str, phase: str, why: str, key: dict[str, str]) -> Outcome | None:
        """Make one notebook, in a thread of the pool; None when the run is being stopped."""
        from castlib.run import execute

        staging = self.staging / f"{region}-{phase}"
        staging.mkdir(parents=True)
        clock = time.monotonic()
        try:
            executed = execute.execute(self.inputs.templates[phase], region, staging)
            execute.publish(executed, key, region, phase, staging)
        except execute.NotebookFailed as failure:
            if self.stopping:
                return None
            _withdraw(region, phase)
            execute.keep(failure, region, phase, staging)
            seconds = time.monotonic() - clock
            return Outcome(region, phase, "failed", why, seconds, error=failure.error)
        seconds = time.monotonic() - clock
        return Outcome(region, phase, "made", why, seconds, executed.cell_seconds)

    def _finished(self, phase: str, outcome: Outcome) -> None:
        self._record(outcome)
        if outcome.region == COUNTRY:
            self._regions(phase, country_made=outcome.status == "made")

    def _record(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.teller.tell(outcome)

    def _halt(self) -> None:
        """Kill the kernels and wait for their threads; nothing half-done is published."""
        self.stopping = True
        if self.pool is None:
            return
        from castlib.run import kernels

        self.pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in self.running):
            kernels.kill_all()
            time.sleep(0.02)

    def _report(self) -> Report:
        order = list(self.inputs.templates)
        codes = [COUNTRY, *self.codes]
        listed = sorted(self.outcomes, key=lambda o: (order.index(o.phase), codes.index(o.region)))
        seconds = time.monotonic() - self.clock
        return Report(self.started, _now(), seconds, self.jobs, tuple(listed))


def _withdraw(region: str, phase: str) -> None:
    """Take away what was published: it is no longer true, and nothing has replaced it."""
    plan.notebook(region, phase).unlink(missing_ok=True)
    plan.results(region, phase).unlink(missing_ok=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
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


@contextlib.contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Yield what Ctrl-C and SIGTERM set: the run looks at it where it can stop in good order."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in STOP_SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
