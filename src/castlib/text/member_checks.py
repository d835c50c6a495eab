"""To whom the findings were brought back, and what they changed (member checking)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, paths, regions
from castlib.errors import CastError, nearest, some
from castlib.privacy import identifiers

if TYPE_CHECKING:
    from castlib.store import Study

ROLES = {
    "researcher": "คณะผู้วิจัย",
    "moderator": "ผู้ดำเนินการสนทนา",
    "province_team": "ทีมระดับจังหวัด",
    "district_team": "ทีมระดับอำเภอ",
}
OUTCOMES = {
    "confirmed": "ยืนยันตามเดิม",
    "changed": "ขอแก้ไขหรือเพิ่มเติม",
    "no_answer": "ยังไม่ตอบกลับ",
}
COLUMNS = ["group", "returned_on", "by", "outcome", "what_changed"]
LONGEST = 500


def member_checks(study: Study) -> pd.DataFrame:
    """Return the team's record of findings brought back to those who spoke: data/member_checks.csv.

    The record is kept by hand. It holds roles and no names: `by` is one of `ROLES`, and what changed is
    refused when personal data stands in it.

    Parameters
    ----------
    study : Study
        The region's checked tables. Rows of other regions are left out.

    Returns
    -------
    pandas.DataFrame
        One row a return, in the file's order: group, kind, province, cluster, returned_on
        (datetime64), by, outcome, what_changed (empty unless changed). No rows (or no file): nothing was
        brought back yet. A group may come more than once.

    Raises
    ------
    CastError
        A column is missing, cells cannot be read, or (for TH) a group is not one of the study's; every
        fault is told with its row.
    """
    file = paths.data() / "member_checks.csv"
    if file.exists():
        found = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    else:
        found = pd.DataFrame(columns=COLUMNS, dtype=str)
    lacking = [column for column in COLUMNS if column not in found]
    if lacking:
        raise CastError(f"{file.name}: ขาดคอลัมน์ {', '.join(lacking)} (ต้องมี {', '.join(COLUMNS)})")
    found = found[COLUMNS].apply(lambda column: column.str.strip())
    days = pd.to_datetime(found["returned_on"], format="%Y-%m-%d", errors="coerce")
    faults = [
        f"แถว {number} {fault}"
        for number, row, day in zip(found.index + 2, found.itertuples(), days, strict=True)
        for fault in _faults(row, day)
    ]
    known = set(study.groups["group"])
    if study.region == regions.COUNTRY:
        unknown = found.loc[~found["group"].isin(known), "group"]
        faults += [f"แถว {row + 2} ไม่มีกลุ่ม {group!r} ในการศึกษานี้" for row, group in unknown.items()]
    if faults:
        raise CastError(f"{file.name}: {some(faults)}")
    place = study.groups[["group", "kind", "province", "cluster"]]
    found = found.assign(returned_on=days).merge(place, on="group")
    return found[["group", "kind", "province", "cluster", *COLUMNS[1:]]]


def _faults(row: tuple, day: pd.Timestamp) -> list[str]:
    """Return what is wrong with a row; a name in it is not repeated."""
    faults = []
    if pd.isna(day):
        faults.append(f"วันที่ {row.returned_on!r} ไม่เป็นแบบ 2022-11-30 (คริสต์ศักราช ปี-เดือน-วัน)")
    if row.by not in ROLES:
        faults.append(f"by ต้องเป็นบทบาท ({', '.join(ROLES)}) ไม่ใช่ชื่อบุคคล")
    if row.outcome not in OUTCOMES:
        like = nearest(row.outcome, OUTCOMES)
        hint = f"หมายถึง {like} หรือไม่" if like else f"ที่มีคือ {', '.join(OUTCOMES)}"
        faults.append(f"outcome {row.outcome!r} ไม่มี ({hint})")
    if (row.outcome == "changed") != bool(row.what_changed):
        faults.append("what_changed ต้องมีเมื่อ outcome เป็น changed และว่างเมื่อเป็นอย่างอื่น")
    if len(row.what_changed) > LONGEST:
        faults.append(f"what_changed ยาว {len(row.what_changed):,} อักขระ เกิน {LONGEST}")
    elif identifiers.find(row.what_changed):
        faults.append("what_changed มีข้อมูลส่วนบุคคล ให้ใช้บทบาทแทน")
    return faults


__getattr__, __dir__ = lazy.offered(__name__)
