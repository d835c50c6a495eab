"""The intake desk: `intake(source)` reads everything that was sent and writes the study's tables."""

import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pandas as pd

from castlib import paths, store
from castlib.errors import CastError
from castlib.exchange.project import Project
from castlib.intake import (
    coding,
    forms,
    history,
    photos,
    projects,
    questionnaire,
    replies,
    report,
    sheets,
    source,
    tables,
    verdicts,
)
from castlib.intake.arrival import Arrival, deadline, newest, thai_time, why_kept
from castlib.intake.faults import Fault, fault
from castlib.intake.forms import Form
from castlib.intake.report import Report
from castlib.intake.sheets import Rows
from castlib.intake.source import Unusable
from castlib.privacy import seen

PATIENCE = 2.0


def intake(folder: Path, out: Callable[[str], object] = print) -> Report:
    """Return the report of taking in a source folder, its tables written and its summary printed.

    When neither the files nor the intake nor the study's own data have changed since the last time,
    nothing is read again and the last report is returned. An unusable source gives a report with exit
    code 2 and one sentence; nothing is written then.

    Parameters
    ----------
    folder : Path
        What provinces sent; never written to.
    out : callable
        Takes each line of the summary, and of progress when it takes longer than two seconds.
    """
    folder = Path(folder)
    name = folder.resolve().name
    try:
        arrivals = source.collect(folder)
        digest = source.digest(arrivals)
        known = report.previous()
        if known and (known.source, known.digest) == (name, digest) and _in_place(digest):
            done = known
        else:
            done = _take_in(name, arrivals, digest, out)
    except Unusable as error:
        done = Report(name, 2, problem=str(error))
    for line in done.lines():
        out(line)
    return done


def _in_place(digest: str) -> bool:
    """Whether the study's tables and the replies are there and were made from the same things."""
    try:
        made_from = store.about()["source_digest"]
    except (CastError, ValueError, KeyError):
        return False
    files = (paths.study() / f"{name}.parquet" for name in store.TABLES)
    return made_from == digest and all(file.is_file() for file in files) and replies.in_place()


def _take_in(name: str, arrivals: list[Arrival], digest: str, out: Callable) -> Report:
    """Read every file, write the tables, and return the report."""
    tick = _Progress(sum(not arrival.refused for arrival in arrivals), out)
    opened = _open(arrivals, tick)
    respondents = _respondents(arrivals, opened)
    with ThreadPoolExecutor(1) as aside:
        # decoding pictures leaves the interpreter free for the forms
        pictures = aside.submit(photos.read, _of(arrivals, "photo"), tick)
        try:
            kept = _forms(_of(arrivals, "form"), tick)
        except BaseException:
            tick.stopped = True
            raise
        seen_photos = pictures.result()
    if not kept and (respondents is None or respondents.empty):
        raise Unusable(_nothing(name, arrivals))
    written = tables.gather(
        respondents=respondents,
        forms=kept,
        photos=seen_photos,
        ioc=[sheets.ioc(arrival, opened[arrival.key]) for arrival in _of(arrivals, "ioc")],
        coders=[(arrival, opened[arrival.key]) for arrival in _of(arrivals, "coding")],
        projects=_projects(arrivals, tick),
        decided=[
            verdicts.read(arrival, opened[arrival.key]) for arrival in _of(arrivals, "verdicts")
        ],
    )
    country = _country(arrivals)
    _compare_with_register(arrivals)
    districts, absent = tables.districts(written, kept, arrivals)
    faults = [*(f for arrival in arrivals for f in arrival.faults), *absent, *country]
    written["districts"] = tables.frame("districts", districts)
    written["faults"] = tables.frame("faults", [found.record() for found in faults])
    synthetic = any(arrival.path.lower() == source.SYNTHETIC for arrival in arrivals)
    mask = arrivals[0].mask
    now, files = datetime.now().isoformat(timespec="seconds"), [a.record() for a in arrivals]
    before = history.load(synthetic)
    register = history.update(before, files, now)
    done = Report(
        source=name,
        exit_code=report.exit_code(faults),
        synthetic=synthetic,
        finished=now,
        digest=digest,
        files=files,
        districts=report.entries(districts, absent),
        totals=report.total(arrivals),
        faults=[found.record() for found in country],
        register=register,
        changes=history.changes(before, register),
        new_key=seen.key() not in (None, mask.key.fingerprint),
    )
    # without its report the old state is never taken for finished, whenever this is interrupted
    report.file().unlink(missing_ok=True)
    seen.save(mask)
    store.write(written, synthetic, digest)
    replies.write(done)
    history.save(register, synthetic)
    done.save()
    return done


def _respondents(arrivals: list[Arrival], opened: dict[str, Rows]) -> pd.DataFrame | None:
    """Return the respondents of the online form and of what provinces typed in; None without any."""
    return questionnaire.read([(a, opened[a.key]) for a in _of(arrivals, "questionnaire")])


def _of(arrivals: list[Arrival], kind: str) -> list[Arrival]:
    """Return the files of a kind that have not been refused."""
    return [arrival for arrival in arrivals if arrival.kind == kind and not arrival.refused]


class _Progress:
    """What to call after each file: it says how far things are, every two seconds, until stopped."""

    def __init__(self, total: int, out: Callable) -> None:
        self.total, self.out = total, out
        self.done, self.said, self.stopped = 0, time.monotonic(), False

    def __call__(self) -> None:
        if self.stopped:
            raise CancelledError
        self.done += 1
        if time.monotonic() - self.said > PATIENCE:
            self.said = time.monotonic()
            self.out(f"กำลังอ่าน {self.done:,}/{self.total:,} ไฟล์")


def _open(arrivals: list[Arrival], tick: Callable) -> dict[str, Rows]:
    """Return the rows of every sheet by key; kinds are told, extra copies refused, the register used."""
    opened: dict[str, Rows] = {}
    for arrival in _of(arrivals, "sheet"):
        rows = sheets.read(arrival)
        arrival.kind = sheets.kind(rows or [], arrival.key)
        if arrival.kind == "coding":
            coding.veil(arrival)
        if rows is None:
            continue
        opened[arrival.key] = rows
        if arrival.kind == "unknown":
            arrival.refuse("file-unknown")
        tick()
    for arrival in _of(arrivals, "register"):
        sheets.register(arrival, opened[arrival.key], arrivals)
    by_place = defaultdict(list)
    for arrival in _of(arrivals, "questionnaire"):
        by_place[arrival.province].append(arrival)
    for same in by_place.values():
        _newest_only(same, "questionnaire-twice")
    _newest_only(_of(arrivals, "ioc"), "ioc-twice")
    _newest_only(_of(arrivals, "verdicts"), "verdicts-twice")
    return opened


def _projects(arrivals: list[Arrival], tick: Callable) -> list[tuple[Arrival, Project]]:
    """Return the coding projects that can be read."""
    found = []
    for arrival in _of(arrivals, "project"):
        project = projects.read(arrival)
        found += [(arrival, project)] if project else []
        tick()
    return found


def _newest_only(arrivals: list[Arrival], code: str, **details: object) -> None:
    """Refuse all but the newest of files of which there should be one."""
    if len(arrivals) > 1:
        kept = newest(arrivals)
        for arrival in arrivals:
            if arrival is not kept:
                arrival.refuse(code, kept=kept.path, why=why_kept(kept), **details)


def _forms(arrivals: list[Arrival], tick: Callable) -> list[Form]:
    """Return the forms that can be read, one a group; the others of a group are refused."""
    by_group = defaultdict(list)
    for arrival in arrivals:
        form = forms.read(arrival)
        if form:
            by_group[form.group].append(form)
        tick()
    kept = []
    for same in by_group.values():
        own = [form for form in same if form.own_folder] or same
        chosen = newest([form.arrival for form in own])
        for form in same:
            if form.arrival is chosen:
                kept.append(form)
            else:
                equal = form.own_folder == own[0].own_folder
                why = why_kept(chosen) if equal else "ซึ่งอยู่ในโฟลเดอร์ของจังหวัดนั้นเอง"
                form.arrival.refuse("form-twice", group=form.label, kept=chosen.path, why=why)
    return sorted(kept, key=lambda form: (store.KINDS.index(form.kind), form.group))


def _nothing(name: str, arrivals: list[Arrival]) -> str:
    """Return the sentence for a source with neither answers nor forms."""
    read = [arrival for arrival in arrivals if arrival.kind != "ignored"]
    refusals = [arrival.faults[-1] for arrival in read if arrival.refused]
    # a file may be in order and every row of it refused
    rows = (found for arrival in read for found in arrival.faults if found.severity == "rejected")
    first = next(iter([*refusals, *rows]), None)
    why = f" (เช่น {first.path}: {first.sentence})" if first else ""
    return (
        f"ใช้ {name} เป็นแหล่งข้อมูลไม่ได้: ใน {len(arrivals):,} ไฟล์ไม่มีแบบสอบถามหรือแบบบันทึกที่ใช้ได้แม้แต่ไฟล์เดียว{why} "
        "ให้ตรวจว่าระบุโฟลเดอร์ถูกต้องและดาวน์โหลดไฟล์ครบ"
    )


def _country(arrivals: list[Arrival]) -> list[Fault]:
    """Return what the country as a whole has not sent."""
    came = {arrival.kind for arrival in arrivals}
    needed = ("questionnaire", "register")
    return [fault(f"{kind}-missing") for kind in needed if kind not in came]


def _compare_with_register(arrivals: list[Arrival]) -> None:
    """Say which of the provinces' files came late, and of which the register knows nothing."""
    registered = bool(_of(arrivals, "register"))
    for arrival in (*_of(arrivals, "form"), *_of(arrivals, "photo")):
        if arrival.province is None:
            continue
        if arrival.late:
            when = thai_time(arrival.submitted_at)
            arrival.fault("file-late", given=when, deadline=deadline())
        elif arrival.submitted_at is None and registered:
            arrival.fault("file-not-registered")
