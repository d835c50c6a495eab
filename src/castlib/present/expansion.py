"""The scaling phase: how many districts following the expansion would take, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, protocol, regions
from castlib.present import districts, notes, tables, thai
from castlib.present.results import National, Value

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.stats.design import Plan
    from castlib.store import Study

MARGIN = 0.05  # points of the scale: how certain a national mean should be
SHARE_MARGIN = 0.05  # how certain a national share should be
EFFECT, POWER = 0.3, 0.8  # a difference of two halves of the districts to be seen, and how likely
HIGH = 4  # the fourth of five levels
SOURCE = districts.SOURCE
# what the country's page measures and the others read
NAMES = (
    "icc",
    "icc.low",
    "icc.high",
    "sd",
    "share",
    "share.icc",
    "share.icc.low",
    "share.icc.high",
)


@dataclass(frozen=True)
class Reach:
    """What following the expansion to every district would take.

    `bounds` plans for the mean outcome and for a difference in it, `shares` for the share of people
    whose outcome is at level "high" or above; each at the ICC estimated and at both ends of its interval.
    """

    icc: float
    icc_ci: tuple[float, float]
    sd: float
    share: float
    share_icc: float
    share_icc_ci: tuple[float, float]
    plan: Plan
    bounds: pd.DataFrame
    shares: pd.DataFrame
    districts: int
    people: int


def reach(study: Study, country: National | None) -> Reach:
    """Return how many districts to follow for a mean and a share as certain as the margins.

    The country's page measures ICC, SD and share; a region's page reads them, for its districts are too
    few. Both plan with them as they are shown, so that every page tells the same plan.
    """
    from castlib.stats import design

    protocolled = protocol.load()
    size, all_districts = protocolled.per_district["answers"], protocolled.districts_total
    known = _measured(study) if country is None else {name: country[name] for name in NAMES}
    icc, icc_ci = known["icc"], (known["icc.low"], known["icc.high"])
    share_icc, share_ci = known["share.icc"], (known["share.icc.low"], known["share.icc.high"])
    sample, aims = (size, len(regions.provinces())), {"power": POWER, "population": all_districts}
    mean = {"sd": round(known["sd"], 2), "margin": MARGIN, "effect": EFFECT}
    # the difference to be seen is not told of shares; it only has to be possible
    share = min(max(round(known["share"] / 100, 3), 0.01), 0.99)
    part = {"share": share, "margin": SHARE_MARGIN, "difference": 0.01}
    return Reach(
        icc,
        icc_ci,
        known["sd"],
        known["share"],
        share_icc,
        share_ci,
        design.plan(round(icc, 3), *sample, **mean, **aims),
        design.sensitivity(round(icc, 3), _shown(icc_ci), *sample, **mean, **aims),
        design.sensitivity(
            round(share_icc, 3), _shown(share_ci), *sample, design.proportion, **part, **aims
        ),
        all_districts,
        all_districts * size,
    )


def _measured(study: Study) -> dict[str, float]:
    """Return the outcome's ICC and SD, and the share of people at level "high" or above with its ICC."""
    from castlib.stats import levels, models

    people = districts.scores(study).dropna(subset=["outcome"])
    people["high"] = (levels.read(people["outcome"]) >= HIGH).astype(float)
    mean, part = (models.multilevel(people, score, "province") for score in ("outcome", "high"))
    found = (mean.icc, *mean.icc_ci, float(people["outcome"].std()), 100 * people["high"].mean())
    return dict(zip(NAMES, (*found, part.icc, *part.icc_ci), strict=True))


def _shown(ends: tuple[float, float]) -> tuple[float, float]:
    return round(ends[0], 3), round(ends[1], 3)


def table(found: Reach) -> Table:
    """Return the expansion's sizes at the ICC estimated and at both ends of its interval."""
    bounds, shares = found.bounds.set_index("bound"), found.shares.set_index("bound")
    rows = {
        "ICC ของคะแนนผลลัพธ์": bounds["icc"].map("{:.3f}".format),
        "design effect": bounds["design_effect"].map("{:.2f}".format),
        f"อำเภอที่ต้องสุ่มเพื่อให้ค่าเฉลี่ยคลาดเคลื่อนไม่เกิน ±{MARGIN:.2f} คะแนน": bounds["clusters_needed"].map(_count),
        "ผู้ตอบที่ต้องใช้สำหรับค่าเฉลี่ย": bounds["n_needed"].map(_count),
        f"อำเภอที่ต้องสุ่มเพื่อพบความต่าง {EFFECT:.1f} S.D. ระหว่างสองกลุ่มอำเภอเท่ากัน": bounds["clusters_for_power"].map(_count),
        "ICC ของการได้ระดับมากขึ้นไป": shares["icc"].map("{:.3f}".format),
        f"อำเภอที่ต้องสุ่มเพื่อให้ร้อยละของผู้ได้ระดับมากขึ้นไปคลาดเคลื่อนไม่เกิน ±{100 * SHARE_MARGIN:.0f}": shares["clusters_needed"].map(_count),
        "ผู้ตอบที่ต้องใช้สำหรับร้อยละ": shares["n_needed"].map(_count),
    }  # fmt: skip
    frame = pd.DataFrame(rows).T.rename_axis("label").reset_index()
    return tables.table(
        frame,
        "สิ่งที่การติดตามผลทั่วประเทศต้องใช้",
        ["label", "low", "estimate", "high"],
        note=(
            f"อำเภอทั้งหมดที่จะขยายผล {found.districts:,} อำเภอ ถ้าเก็บครบด้วยเกณฑ์เดิมมีผู้ตอบ {found.people:,} คน; "
            "คิดจากการสุ่มอำเภอ อำเภอละเท่าเดิม ช่วงความเชื่อมั่น 95% และปรับด้วยจำนวนอำเภอทั้งหมด; "
            f"ความต่างคิดที่กำลังการทดสอบร้อยละ {100 * POWER:.0f} นัยสำคัญ .05 สองทาง โดย S.D. คือ {found.sd:.2f} คะแนน; "
            f"ร้อยละคิดจากที่พบในอำเภอนำร่องคือ {found.share:.1f}; "
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
    """Read the expansion: a census or a sample, how far that hangs on the ICC, and shares and differences."""
    plan, safe = found.plan, found.bounds.iloc[-1]
    if plan.clusters_needed is None:
        return notes.reading("แม้เก็บทุกอำเภอก็ยังไม่ได้ความแม่นยำที่ตั้งไว้ ต้องเพิ่มผู้ตอบในแต่ละอำเภอ")
    said = (
        f"การติดตามผลระดับประเทศใช้การสุ่ม {plan.clusters_needed:,} จาก {found.districts:,} อำเภอ "
        f"(ผู้ตอบ {plan.n_needed:,} คน) จึงได้ค่าเฉลี่ยที่คลาดเคลื่อนไม่เกิน ±{MARGIN:.2f} คะแนน "
        "แต่การบอกผลรายอำเภอยังต้องเก็บทุกอำเภอ"
    )
    upper = f"ถ้า ICC จริงอยู่ที่ขอบบนของช่วงความเชื่อมั่น ({found.icc_ci[1]:.3f}) "
    upper += (
        "แม้เก็บทุกอำเภอก็ยังไม่ได้ความแม่นยำนี้"
        if pd.isna(safe["clusters_needed"])
        else f"ต้องสุ่ม {safe['clusters_needed']:,} อำเภอ แผนที่เผื่อความไม่แน่นอนของ ICC คือจำนวนนี้"
    )
    part = found.shares.iloc[-1]
    return notes.reading(
        said,
        upper,
        f"ที่ขอบบนเช่นกัน การบอกร้อยละของผู้ได้ระดับมากขึ้นไปให้คลาดเคลื่อนไม่เกิน ±{100 * SHARE_MARGIN:.0f} "
        f"ใช้อำเภอ{_needed(part['clusters_needed'])} และการพบความต่าง {EFFECT:.1f} S.D. ระหว่างอำเภอสองกลุ่ม"
        f"ใช้อำเภอ{_needed(safe['clusters_for_power'])}",
    )


def _needed(value: object) -> str:
    return _count(value) if pd.isna(value) else f" {value:,} แห่ง"


def values(found: Reach, country: National | None) -> dict[str, Value]:
    """Return the expansion's named values, on the country's page only."""
    if country is not None:
        return {}
    return {
        "icc": Value(found.icc, 3, ci=found.icc_ci, source=SOURCE),
        "icc.low": Value(found.icc_ci[0], 3, source=SOURCE),
        "icc.high": Value(found.icc_ci[1], 3, source=SOURCE),
        "sd": Value(found.sd, 2, "คะแนน (1–5)", source=SOURCE),
        "share": Value(found.share, 1, "%", source=SOURCE),
        "share.icc": Value(found.share_icc, 3, ci=found.share_icc_ci, source=SOURCE),
        "share.icc.low": Value(found.share_icc_ci[0], 3, source=SOURCE),
        "share.icc.high": Value(found.share_icc_ci[1], 3, source=SOURCE),
        "expansion.clusters": _saved(found.plan.clusters_needed, "อำเภอ"),
        "expansion.clusters.safe": _saved(found.bounds["clusters_needed"].iloc[-1], "อำเภอ"),
        "expansion.share.safe": _saved(found.shares["clusters_needed"].iloc[-1], "อำเภอ"),
        "expansion.districts": Value(found.districts, 0, "อำเภอ", source="data/protocol.yml"),
        "expansion.people": Value(found.people, 0, "คน", source="data/protocol.yml"),
        "expansion.n_needed": _saved(found.plan.n_needed, "คน"),
    }


def _saved(value: object, unit: str) -> Value:
    """Return a number needed as a value, in words where there is none."""
    if value is None or pd.isna(value):
        return Value(_count(None), source=SOURCE)
    return Value(int(value), 0, unit, source=SOURCE)


__getattr__, __dir__ = lazy.offered(__name__)
