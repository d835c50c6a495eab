"""What a region's study shows of itself in a notebook: its tables, its n, what was left out and why."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from castlib import labels, protocol, regions, shown, store

if TYPE_CHECKING:
    from castlib.store import Study

SYNTHETIC = "ข้อมูลจำลอง: สร้างขึ้นเพื่อทดสอบ มิใช่คำตอบของบุคคลจริง"
FAULTS = 8


def page(study: Study) -> str:
    """Return a study as HTML: label, notice, tables with their rows, n against the plan, what was left out."""
    notice = f"<p><em>{SYNTHETIC}</em></p>" if store.synthetic() else ""
    rows = [
        (what, f"study.{name}", f"{len(getattr(study, name)):,} {unit}")
        for name, (what, unit) in labels.TABLES.items()
    ]
    return (
        f"<h4>{escape(regions.label(study.region))} <code>{escape(study.region)}</code></h4>{notice}"
        f"{shown.table(rows, ('ตาราง', 'ชื่อที่ใช้เรียก', 'จำนวน'))}<p>{escape(sizes(study))}</p>"
        f"{_left_out(study)}"
        '<p>ดูเป็นภาษาไทย: <code>study.labelled("respondents")</code> '
        "คะแนนรายองค์ประกอบ: <code>study.scores()</code></p>"
    )


def sizes(study: Study) -> str:
    """Return n against what the protocol asks for, in a sentence."""
    people, places = len(study.respondents), len(study.districts)
    wanted = places * protocol.load().per_district["answers"]
    late = int((~study.respondents["on_time"]).sum())
    return (
        f"ผู้ตอบ {people:,} คน จากที่กำหนด {wanted:,} คน ใน {places:,} อำเภอนำร่อง "
        f"(ส่งหลังกำหนด {late:,} คน)"
    )


def _left_out(study: Study) -> str:
    """Return what was not accepted or is to be checked: how often, and the first sentence of its kind."""
    if study.faults.empty:
        return "<p>รับไว้ทั้งหมด ไม่มีสิ่งที่ต้องตรวจสอบ</p>"
    kinds = study.faults.groupby(["severity", "code"], sort=False)["sentence"].agg(
        ["size", "first"]
    )
    kinds = kinds.sort_values("size", ascending=False, kind="stable").sort_index(
        level="severity", sort_remaining=False, kind="stable"
    )
    rows = [
        (f"{labels.SEVERITY[severity]} {kind.size:,} รายการ", code, kind.first)
        for (severity, code), kind in zip(
            kinds.index[:FAULTS], kinds[:FAULTS].itertuples(index=False, name="Kind"), strict=True
        )
    ]
    rest = len(kinds) - FAULTS
    more = f"<p>และอีก {rest:,} ชนิด ดูทั้งหมดใน <code>study.faults</code></p>" if rest > 0 else ""
    header = ("สิ่งที่ไม่รับหรือควรตรวจสอบ", "ชนิด", "ตัวอย่างคำอธิบาย")
    return f"{shown.table(rows, header)}{more}"
