"""The scaling phase: how many districts following the expansion would take, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from castlib import protocol, regions
from castlib.present import districts, notes, tables, thai
from castlib.present.results import National, Value

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.stats.design import Plan
    from castlib.store import Study

MARGIN = 0.05  # points of the scale: how certain a national mean should be
SOURCE = districts.SOURCE


@dataclass(frozen=True)
class Reach:
    """What following the expansion to every district would take."""

    icc: float
    icc_ci: tuple[float, float]
    sd: float
    plan: Plan
    bounds: pd.DataFrame
    districts: int
    people: int


def reach(study: Study, country: National | None) -> Reach:
    """Return how many districts to follow for a mean as certain as the margin, from the pilot's own ICC.

    The country's page measures ICC and SD; a region's page reads them, for its districts are too few.
    Both plan with them as they are shown, so that every page tells the same plan.
    """
    from castlib.stats import design, models

    protocolled = protocol.load()
    size, all_districts = protocolled.per_district["answers"], protocolled.districts_total
    if country is None:
        people = districts.scores(study).dropna(subset=["outcome"])
        found = models.multilevel(people, "outcome", "province")
        icc, icc_ci, sd = found.icc, found.icc_ci, float(people["outcome"].std())
    else:
        icc, icc_ci = country["icc"], (country["icc.low"], country["icc.high"])
        sd = country["sd"]
    sample = size, len(regions.provinces())
    aims = {"sd": round(sd, 2), "margin": MARGIN, "population": all_districts}
    shown = round(icc, 3), tuple(round(end, 3) for end in icc_ci)
    return Reach(
        icc,
        icc_ci,
        sd,
        design.plan(shown[0], *sample, **aims),
        design.sensitivity(*shown, *sample, **aims),
        all_districts,
        all_districts * size,
    )


def table(found: Reach) -> Table:
    """Return the expansion's sizes at the ICC estimated and at both ends of its interval."""
    bounds = found.bounds.set_index("bound")
    rows = {
        "ICC ของผลลัพธ์จากอำเภอนำร่อง": bounds["icc"].map("{:.3f}".format),
        "design effect": bounds["design_effect"].map("{:.2f}".format),
        f"อำเภอที่ต้องสุ่มเพื่อให้ค่าเฉลี่ยคลาดเคลื่อนไม่เกิน ±{MARGIN:.2f}": bounds["clusters_needed"].map(_count),
        "ผู้ตอบที่ต้องใช้": bounds["n_needed"].map(_count),
    }  # fmt: skip
    frame = pd.DataFrame(rows).T.rename_axis("label").reset_index()
    return tables.table(
        frame,
        "สิ่งที่การติดตามผลทั่วประเทศต้องใช้",
        ["label", "low", "estimate", "high"],
        note=(
            f"อำเภอทั้งหมดที่จะขยายผล {found.districts:,} อำเภอ ถ้าเก็บครบด้วยเกณฑ์เดิมมีผู้ตอบ {found.people:,} คน; "
            "คิดจากการสุ่มอำเภอ อำเภอละเท่าเดิม ช่วงความเชื่อมั่น 95% และปรับด้วยจำนวนอำเภอทั้งหมด; "
            "ขอบล่างและขอบบนของช่วงความเชื่อมั่น 95% ของ ICC"
        ),
        low="ICC ขอบล่าง",
        estimate="ICC ที่ประมาณได้",
        high="ICC ขอบบน",
    )


def _count(value: object) -> str:
    """Return a number needed, in words where there is none."""
    return "มากกว่าที่มี" if pd.isna(value) else thai.number(value, 0)


def reading(found: Reach) -> Text:
    """Read the expansion: a census or a sample, and how far that hangs on the ICC."""
    plan, safe = found.plan, found.bounds.iloc[-1]
    if plan.clusters_needed is None:
        return notes.reading("แม้เก็บทุกอำเภอก็ยังไม่ได้ความแม่นยำที่ตั้งไว้ ต้องเพิ่มผู้ตอบในแต่ละอำเภอ")
    said = (
        f"การติดตามผลระดับประเทศใช้การสุ่ม {plan.clusters_needed:,} จาก {found.districts:,} อำเภอ "
        f"(ผู้ตอบ {plan.n_needed:,} คน) จึงได้ค่าเฉลี่ยที่คลาดเคลื่อนไม่เกิน ±{MARGIN:.2f} คะแนน "
        "แต่การบอกผลรายอำเภอยังต้องเก็บทุกอำเภอ"
    )
    upper = f"ถ้า ICC จริงอยู่ที่ขอบบนของช่วงความเชื่อมั่น ({found.icc_ci[1]:.3f}) "
    if pd.isna(safe["clusters_needed"]):
        return notes.reading(said, upper + "แม้เก็บทุกอำเภอก็ยังไม่ได้ความแม่นยำนี้")
    return notes.reading(
        said, upper + f"ต้องสุ่ม {safe['clusters_needed']:,} อำเภอ แผนที่เผื่อความไม่แน่นอนของ ICC คือจำนวนนี้"
    )


def values(found: Reach, country: National | None) -> dict[str, Value]:
    """Return the expansion's named values, on the country's page only."""
    if country is not None:
        return {}
    needed = found.plan.n_needed
    return {
        "icc": Value(found.icc, 3, ci=found.icc_ci, source=SOURCE),
        "icc.low": Value(found.icc_ci[0], 3, source=SOURCE),
        "icc.high": Value(found.icc_ci[1], 3, source=SOURCE),
        "sd": Value(found.sd, 2, "คะแนน (1–5)", source=SOURCE),
        "expansion.districts": Value(found.districts, 0, "อำเภอ", source="data/protocol.yml"),
        "expansion.people": Value(found.people, 0, "คน", source="data/protocol.yml"),
        "expansion.n_needed": Value("มากกว่าที่มี", source=SOURCE)
        if needed is None
        else Value(needed, 0, "คน", source=SOURCE),
    }
