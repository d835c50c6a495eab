"""The data package that may be given away: made whole, or not at all.

What is in it stands in data/release.yml. `plan` describes, `people` and `counts` protect, `tables` puts
together, and one module a format writes.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from castlib import paths, store
from castlib.errors import CastError, some
from castlib.release import crate, datapackage, ddi, files, pages, plan, spss, tables
from castlib.release.plan import Refused

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Refused", "release"]

PACKAGE = "datapackage.json"


def release(folder: Path | None = None) -> tuple[Path, dict]:
    """Write the data package of the checked tables, and return its folder and the privacy report.

    Parameters
    ----------
    folder : Path, optional
        Where to; build/release unless given. A former release there is replaced, anything else is
        refused.

    Returns
    -------
    Path
        The folder.
    dict
        What disclosure.json says.

    Raises
    ------
    Refused
        The package would tell more than it may.
    CastError
        There are no checked tables, the folder cannot be used, or the gate found something.
    """
    from castlib.privacy import gate

    target = (folder or paths.build() / "release").resolve()
    given = plan.load(store.synthetic())
    _check_target(target, given)
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
    except OSError as error:
        raise CastError(f"เขียนที่ {target} ไม่ได้ ({error.strerror}) ระบุโฟลเดอร์อื่นด้วย --to") from error
    try:
        report = write(fresh, given)
        gate.check(fresh)
        _put(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target, report


def _check_target(target: Path, given: plan.Plan) -> None:
    """Refuse a place that holds anything but a former release."""
    if not target.exists():
        return
    held = {file.name for file in target.iterdir()} if target.is_dir() else {target.name}
    extra = held - crate.listed(target, given.name)
    if extra:
        raise CastError(
            f"ไม่เขียนทับ {target.name}: มีสิ่งอื่นที่ไม่ใช่ชุดข้อมูลที่เคยออกไว้ ({some(sorted(extra))}) "
            "ระบุโฟลเดอร์ว่างหรือโฟลเดอร์ใหม่ด้วย --to"
        )


def _put(fresh: Path, target: Path) -> None:
    """Put the finished folder in the place of the former one."""
    former = target.with_name(f".{target.name}.old")
    shutil.rmtree(former, ignore_errors=True)
    if target.exists():
        target.rename(former)
    fresh.rename(target)
    shutil.rmtree(former, ignore_errors=True)


def write(folder: Path, given: plan.Plan) -> dict:
    """Write every file of the package into a folder, and return the privacy report."""
    made, protected = tables.make(store.load(), given)
    report = _report(protected, given)
    every = [*made, tables.dictionary(made)]
    about = _about(every)
    for table in every:
        files.write_csv(table, folder / f"{table.name}.csv")
    for table in made:
        files.write_parquet(table, folder / f"{table.name}.parquet", given)
    spss.write(made[0], folder / f"{made[0].name}.sav", given)
    text = pages.readme(made, report, about, given)
    lines = [*datapackage.notice(given), "", *text.splitlines()]
    files.write_xlsx(every, lines, folder / "tables.xlsx", given)
    _text(folder / "README.md", text)
    _text(folder / "dictionary.html", pages.dictionary_page(made, given))
    _json(folder / "disclosure.json", report)
    (folder / "ddi-codebook.xml").write_bytes(ddi.document(made, given))
    _json(folder / PACKAGE, datapackage.describe(every, folder, given))
    _json(folder / crate.NAME, crate.describe(folder, about, given))
    return report


def _about(every: list[plan.Table]) -> dict[str, str]:
    """Return what each file of the package is."""
    both = datapackage.both
    found = {f"{t.name}.csv": both(t.th, t.en) for t in every}
    found |= {f"{t.name}.parquet": both(t.th, t.en) for t in every[:-1]}
    found[f"{every[0].name}.sav"] = both("รายบุคคลสำหรับ SPSS", "records for SPSS")
    found["tables.xlsx"] = both("ทุกตารางสำหรับ Excel", "every table for Excel")
    found["dictionary.html"] = both("พจนานุกรมข้อมูลสำหรับอ่าน", "the dictionary as a page")
    found["disclosure.json"] = both("รายงานการปกป้องผู้ให้ข้อมูล", "what was done to protect people")
    found["ddi-codebook.xml"] = "DDI-Codebook 2.5"
    found[PACKAGE] = "Frictionless Data Package"
    found["README.md"] = both("อ่านก่อน", "read this first")
    return found


def _report(protected: dict, given: plan.Plan) -> dict:
    th, en = datapackage.notice(given)
    return {
        "synthetic": given.synthetic,
        "notice_th": th,
        "notice_en": en,
        "version": given.version,
        **protected,
        "withheld_counts": {
            "smallest_shown": given.k,
            "zeros_shown": True,
            "narrowest_interval": given.k,
            "audit": "linear programming over all tables and the records together",
        },
        "answers_are_quasi_identifiers": False,
        "left_out": given.left_out,
    }


def _text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _json(file: Path, content: dict) -> None:
    _text(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
