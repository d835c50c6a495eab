"""The run: every notebook that is out of date, several at a time, the country before its regions.

Whatever goes wrong in one notebook stays there; whatever ends the run leaves only whole, true
notebooks behind, and the next run goes on from them. Only this process publishes, wherever a notebook
was run, so that none is published twice or by halves.
"""

import contextlib
import heapq
import json
import os
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime
from pathlib import Path

from castlib import paths, regions, store
from castlib.errors import CastError
from castlib.regions import COUNTRY
from castlib.run import guard, plan
from castlib.run.order import Limits, Made, Order
from castlib.run.report import Known, Out, Outcome, Report, changes, say
from castlib.run.tell import Teller

RECORD, PAGE, TIMES = "run.json", "run.html", "times.json"
EXPECTED_MB = 512  # of a notebook that has never been made


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
    scheduler: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    out: Out = say,
) -> Report:
    """Make every notebook that is out of date and return what became of each.

    Parameters
    ----------
    region_codes, phases : iterables of str
        What to bring up to date. The country's notebook of a phase is made too when it is out of
        date, for the regions compare themselves with it.
    jobs : int, optional
        Notebooks at a time; by default one a core, or as many as the scheduler's workers have threads.
    dry_run : bool
        Only say what would be made, and why.
    scheduler : str, optional
        Address of a Dask scheduler whose workers make the notebooks; by default this machine does.
    limits : Limits
        What one notebook may take.
    out : callable
        Takes each Thai line of progress; by default they are printed, and on a terminal a grid of
        regions and phases stands in place of the lines of notebooks that went well.

    Returns
    -------
    Report
        Also written to build/run.json and, to be read, build/run.html (not in a dry run).

    Raises
    ------
    UnknownCode, CastError
        A code that the study does not have; a template that cannot take the parameters; a disk that
        is full or may not be written; workers that are not of the same code, or no longer there.
    Busy
        Another run is at work.
    Interrupted
        Ctrl-C or SIGTERM; the kernels are gone and the next run goes on.
    """
    codes = sorted({regions.check(code) for code in region_codes}, key=regions.every().index)
    inputs = plan.read(dict.fromkeys(phases))
    given = (inputs, codes, jobs, scheduler, limits, out)
    if dry_run:
        with contextlib.closing(_Run(*given)) as begun:
            return begun.foresee()
    try:
        with (
            guard.alone(),
            guard.stoppable() as asked,
            contextlib.closing(_Run(*given)) as begun,
        ):
            return begun.do(asked)
    except BrokenPipeError:  # for who reads what is said; the command knows what to do
        raise
    except OSError as fault:
        raise CastError(_sentence(fault)) from fault


class _Run:
    """One run's state: what waits, what is running, and what has become of the rest."""

    def __init__(
        self,
        inputs: plan.Inputs,
        codes: list[str],
        jobs: int | None,
        scheduler: str | None,
        limits: Limits,
        out: Out,
    ) -> None:
        self.inputs = inputs
        self.codes = codes
        self.jobs = jobs
        self.scheduler = scheduler
        self.limits = limits
        self.out = out
        self.staging = paths.build() / "staging"
        self.known = Known(paths.build() / TIMES)
        self.outcomes: list[Outcome] = []
        self.waiting: list[tuple[bool, float, str, str, str]] = []
        self.running: dict[Future, tuple[str, str, str]] = {}
        self.makers = None
        self.clock = time.monotonic()
        self.started = _now()
        self.teller = Teller(out, self.known, [COUNTRY, *codes], list(inputs.templates))
        for phase in inputs.templates:
            for region in codes:
                self.teller.expect(region, phase)

    def close(self) -> None:
        """Give the terminal back, however the run ended."""
        self.teller.close()

    def foresee(self) -> Report:
        """Say what would be made, and why; make nothing."""
        for phase in self.inputs.templates:
            country = self.inputs.why(COUNTRY, phase)
            waits = country not in ([], plan.ONLY_WORDS)
            codes = self.codes
            if self._joins(country):
                self.teller.expect(COUNTRY, phase)
                codes = [COUNTRY, *codes]
            for region in codes:
                reasons = country if region == COUNTRY else self.inputs.why(region, phase)
                status = "due" if reasons else "reused"
                later = [plan.WAITS] if waits and not reasons else []
                self._record(Outcome(region, phase, status, "; ".join(reasons or later)))
        report = self._report()
        self.teller.end(f"ต้องทำ {len(report.of('due'))} จาก {len(report.notebooks)} เล่ม")
        return report

    def do(self, asked_to_stop: guard.Stop) -> Report:
        """Bring every notebook up to date."""
        try:
            self._make(asked_to_stop)
        except KeyboardInterrupt:
            report = self._told_anyway("สั่งให้หยุด")
            self.teller.end(f"{report.summary()} สั่ง cast run อีกครั้งเพื่อทำต่อ")
            raise Interrupted(report) from None
        except BaseException as fault:
            self._told_anyway(_sentence(fault))
            self.teller.end("หยุดเพราะเหตุที่แจ้งด้านล่าง งานที่เสร็จแล้วยังอยู่")
            raise
        report = self._told()
        self.teller.end(report.summary())
        return report

    def _make(self, asked_to_stop: guard.Stop) -> None:
        """Make what is out of date; however that ends, nothing goes on and nothing half-done is left."""
        shutil.rmtree(self.staging, ignore_errors=True)
        try:
            for phase in self.inputs.templates:
                self._country(phase)
            if self.waiting:
                from castlib.run import makers

                with asked_to_stop.at_once():
                    self.makers = makers.of(self.scheduler, self.jobs, self.inputs)
            while self.waiting or self.running:
                self._fill()
                done, _ = wait(self.running, timeout=0.1, return_when=FIRST_COMPLETED)
                if asked_to_stop.is_set():
                    raise KeyboardInterrupt
                ended = [(self.running.pop(future), future.result()) for future in done]
                self._fill()  # before these are published, so that no place waits for it
                for about, made in ended:
                    self._finished(*about, made)
                with asked_to_stop.at_once():
                    self.makers.check()
        except BaseException:
            if self.makers:
                self.makers.stop(list(self.running))
            raise
        finally:
            if self.makers:
                self.makers.close()
            shutil.rmtree(self.staging, ignore_errors=True)

    def _joins(self, country: list[str]) -> bool:
        """Whether the country's notebook is made though it was not asked for: it is out of date."""
        return bool(country) and COUNTRY not in self.codes

    def _country(self, phase: str) -> None:
        """Begin a phase with the country's notebook; the regions follow when it is current."""
        reasons = self.inputs.why(COUNTRY, phase)
        if self._joins(reasons):
            self.teller.expect(COUNTRY, phase)
        if reasons and reasons != plan.ONLY_WORDS:
            self._queue(COUNTRY, phase, reasons)
            return
        if reasons or COUNTRY in self.codes:
            self._settle(COUNTRY, phase, reasons)
        self._regions(phase)

    def _regions(self, phase: str, country_made: bool = True) -> None:
        """Make the regions that are not current; without the country's results they cannot be."""
        for region in self.codes:
            if region == COUNTRY:
                continue
            reasons = self.inputs.why(region, phase)
            if reasons in ([], plan.ONLY_WORDS):
                self._settle(region, phase, reasons)
            elif country_made:
                self._queue(region, phase, reasons)
            else:
                _withdraw(region, phase)
                error = f"เพราะ {COUNTRY}/{phase} ไม่สำเร็จ"
                self._record(Outcome(region, phase, "blocked", "; ".join(reasons), error=error))

    def _settle(self, region: str, phase: str, reasons: list[str]) -> None:
        """Keep a notebook as it was run; where only its template's words changed, with the new words."""
        if reasons:
            from castlib.run import execute

            place = plan.notebook(region, phase)
            worded = execute.reword(self.inputs.templates[phase].content, place.read_bytes())
            self._publish(region, phase, worded, plan.results(region, phase).read_bytes())
        seconds, memory_mb = self.known.seconds(region, phase), self.known.memory_mb(region, phase)
        status, why = ("reworded", reasons[0]) if reasons else ("reused", "")
        self._record(Outcome(region, phase, status, why, seconds, memory_mb=memory_mb))

    def _queue(self, region: str, phase: str, reasons: list[str]) -> None:
        """Let a notebook wait for its turn: the country's first, for others wait for it; then the longest."""
        first, longest = region != COUNTRY, -self.known.seconds(region, phase)
        heapq.heappush(self.waiting, (first, longest, region, phase, "; ".join(reasons)))

    def _fill(self) -> None:
        """Hand out as many waiting notebooks as there are places free."""
        while self.waiting and len(self.running) < self.makers.places:
            *_, region, phase, why = heapq.heappop(self.waiting)
            content = self.inputs.templates[phase].content
            expected = self.known.memory_mb(region, phase) or EXPECTED_MB
            order = Order(region, phase, content, self.limits, expected)
            self.running[self.makers.submit(order)] = (region, phase, why)
            self.teller.begin(region, phase)

    def _finished(self, region: str, phase: str, why: str, made: Made) -> None:
        """Publish what was made, or keep what failed; then go on with what waited for it."""
        measured = (made.seconds, made.cell_seconds, made.memory_mb, made.host)
        if made.error:
            _withdraw(region, phase)
            self._place(made.notebook, plan.failed(region, phase))
            self._record(Outcome(region, phase, "failed", why, *measured, error=made.error))
        else:
            before = plan.saved(region, phase)
            moved = changes(before, json.loads(made.results)) if before else ()
            self._publish(region, phase, made.notebook, made.results)
            outcome = Outcome(region, phase, "made", why, *measured, changes=moved)
            self.known.learn(outcome)
            self._record(outcome)
        if region == COUNTRY:
            self._regions(phase, country_made=not made.error)

    def _publish(self, region: str, phase: str, notebook: bytes, results: bytes) -> None:
        """Put results and notebook in their places; the notebook last, for it vouches for the results."""
        content = json.loads(notebook)
        content["metadata"]["cast"] = {
            "region": region,
            "phase": phase,
            "key": self.inputs.key(region, phase),
            "results": plan.sha(results),
            "compared_with": json.loads(results)["compared_with"],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self._place(results, plan.results(region, phase))
        self._place(text.encode(), plan.notebook(region, phase))
        plan.failed(region, phase).unlink(missing_ok=True)

    def _place(self, content: bytes, file: Path) -> None:
        """Write a file whole or not at all."""
        self.staging.mkdir(parents=True, exist_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        new = self.staging / "new"
        new.write_bytes(content)
        os.replace(new, file)

    def _record(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.teller.tell(outcome, self.makers.places if self.makers else self.jobs or 1)

    def _report(self, ended: str = "") -> Report:
        order = list(self.inputs.templates)
        codes = [COUNTRY, *self.codes]
        listed = sorted(self.outcomes, key=lambda o: (order.index(o.phase), codes.index(o.region)))
        seconds = time.monotonic() - self.clock
        jobs = self.makers.places if self.makers else 0
        left = self.teller.total - len(listed)
        synthetic = store.synthetic()
        return Report(self.started, _now(), seconds, jobs, synthetic, tuple(listed), left, ended)

    def _told(self, ended: str = "") -> Report:
        """Return the report, written down for programs and for people."""
        from castlib.run import page

        report = self._report(ended)
        report.save(paths.build() / RECORD)
        page.write(report, paths.build() / PAGE)
        self.known.save()
        return report

    def _told_anyway(self, ended: str) -> Report:
        """Return the report of a run that did not get through, written down if the disk lets it be.

        Where it cannot be, neither is there that of an earlier run, which would be taken for this one's.
        """
        with contextlib.suppress(OSError):
            for name in (RECORD, PAGE):
                (paths.build() / name).unlink(missing_ok=True)
            return self._told(ended)
        return self._report(ended)


def _withdraw(region: str, phase: str) -> None:
    """Take away what was published: it is no longer true, and nothing has replaced it."""
    plan.notebook(region, phase).unlink(missing_ok=True)
    plan.results(region, phase).unlink(missing_ok=True)


def _sentence(fault: BaseException) -> str:
    """Return why a run ended, in a sentence for people."""
    if isinstance(fault, BrokenPipeError):
        return "โปรแกรมที่อ่านข้อความของคำสั่งนี้ปิดไปก่อน"
    if isinstance(fault, OSError):
        return f"อ่านหรือเขียนไฟล์ไม่ได้: {fault} แก้แล้วสั่งใหม่ งานที่เสร็จแล้วยังอยู่"
    return str(fault) if isinstance(fault, CastError) else repr(fault)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
