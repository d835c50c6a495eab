"""The instrument phase: whether the constructs are distinct, and measured alike in every macro region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, lazy, regions
from castlib.errors import CastError
from castlib.present import notes, tables, thai
from castlib.present.results import Value, or_dash

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents: actual state and outcomes by macro region"
LEVELS = {"configural": "โครงสร้าง", "metric": "น้ำหนัก", "scalar": "จุดตัด"}
DECISIONS = {
    "reference": "ฐาน",
    "holds": "ผ่าน",
    "fails": "ไม่ผ่าน",
    "not_reached": "ขั้นก่อนไม่ผ่าน",
}
# Hu & Bentler 1999; not RMSEA, which misleads where df are few: Kenny et al. 2015,
# doi:10.1177/0049124114543236
LEAST_CFI, MOST_SRMR = 0.95, 0.08


def validity(found: object, ratios: pd.DataFrame) -> Table:
    """Return CR, AVE and, pair by pair, Fornell and Larcker's comparison and HTMT2; fit in the note.

    On the diagonal √AVE, below it the factors' correlations, above it HTMT2.
    """
    label, factors = instrument.load().label, list(found.ave.index)
    matrix = np.tril(found.phi.loc[factors, factors].to_numpy(dtype=float), -1)
    matrix += np.diag(np.sqrt(found.ave.to_numpy(dtype=float)))
    frame = pd.DataFrame(matrix, index=factors, columns=factors)
    for row in ratios.itertuples():
        frame.loc[row.factor_1, row.factor_2] = row.htmt2
    numbers = {code: str(i) for i, code in enumerate(factors, start=1)}
    frame = frame.assign(cr=found.cr, ave=found.ave)
    frame["label"] = [f"{numbers[code]} {label(code)}" for code in factors]
    fit = found.fit
    low, high = fit["rmsea_ci"]
    note = (
        f"n = {found.n:,}; เส้นทแยงมุมคือ √AVE ใต้เส้นคือสหสัมพันธ์ขององค์ประกอบ เหนือเส้นคือ HTMT2 "
        "(Roemer et al. 2021); แยกจากกันเมื่อ √AVE สูงกว่าสหสัมพันธ์ (Fornell & Larcker 1981) และ HTMT2 ต่ำกว่า .85; "
        f"χ² = {fit['chi2']:,.1f}, df = {fit['df']:.0f}, CFI = {fit['cfi']:.3f}, TLI = {fit['tli']:.3f}, "
        f"RMSEA = {fit['rmsea']:.3f} [{low:.3f}, {high:.3f}], SRMR = {fit['srmr']:.3f}"
    )
    caption = "ความเที่ยงเชิงโครงสร้าง (CR) ความแปรปรวนที่สกัดได้เฉลี่ย (AVE) และความตรงเชิงจำแนก"
    columns = ["label", "cr", "ave", *factors]
    return tables.table(frame, caption, columns, note=note, cr="CR", ave="AVE", **numbers)


def distinct(found: object, ratios: pd.DataFrame) -> Text:
    """Read both criteria of discriminant validity: which pairs of constructs are not told apart."""
    label = instrument.load().label

    def pairs(frame: pd.DataFrame) -> str:
        """Return the pairs that fail, in words."""
        poor = frame[~frame["distinct"]].itertuples()
        return thai.listed([f"{label(row.factor_1)}กับ{label(row.factor_2)}" for row in poor])

    first = ratios.loc[ratios["htmt2"].idxmax()]
    by_ratio, by_ave = pairs(ratios), pairs(found.discriminant)
    said = (
        f"HTMT2 สูงสุด {first['htmt2']:.2f} ระหว่าง{label(first['factor_1'])}กับ{label(first['factor_2'])} "
        + (f"คู่ที่ตั้งแต่ .85 ขึ้นไปคือ {by_ratio} " if by_ratio else "ไม่มีคู่ใดถึง .85 ")
        + (f"คู่ที่ √AVE ไม่สูงกว่าสหสัมพันธ์คือ {by_ave} " if by_ave else "และ √AVE สูงกว่าสหสัมพันธ์ทุกคู่ ")
    )
    if by_ratio or by_ave:
        return notes.reading(said + "คู่เหล่านี้แยกจากกันไม่ชัด จึงควรอ่านผลของแต่ละตัวด้วยความระวัง")
    return notes.reading(said + "จึงไม่พบองค์ประกอบคู่ใดที่วัดซ้ำกันตามเกณฑ์ทั้งสอง")


def across(study: Study) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Return each scale's invariance across the macro regions, and why others have none.

    Scale by scale, because the smallest macro region cannot carry a model of all items together.
    """
    from castlib.stats import factors, refusals

    tool = instrument.load()
    home = regions.provinces().set_index("province")["macro_region"]
    people = study.respondents[tool.answer_columns].astype("float64")
    people["macro_region"] = study.respondents["province"].map(home)
    away = notes.country_only(study.region, "การเทียบการวัดระหว่างภูมิภาค")
    checked, refused = {}, {}
    for code in tool.constructs["construct"]:
        items = tool.columns(code)
        sizes = people.dropna(subset=items)["macro_region"].value_counts().to_list()
        reason = away or refusals.invariance(sizes, len(items))
        if reason is None:
            try:
                model = f"{code} =~ " + " + ".join(items)
                found = factors.invariance(people, model, "macro_region", to="scalar")
                checked[code] = found.assign(smallest=min(sizes))
            except CastError:
                reason = "แบบจำลองคำนวณไม่ได้กับคำตอบของทุกภูมิภาค"
        if reason is not None:
            refused[code] = reason
    return checked, refused


def invariance(checked: Mapping[str, pd.DataFrame], refused: Mapping[str, str]) -> Table:
    """Return configural, metric and scalar invariance of each scale across the macro regions."""
    label = instrument.load().label
    frame = pd.concat([found.assign(label=label(code)) for code, found in checked.items()])
    frame = frame[frame["level"].isin(LEVELS)]
    many = f"{frame['n'].min():,}–{frame['n'].max():,}"
    shown = frame.assign(
        level=frame["level"].map(LEVELS), decision=frame["decision"].map(DECISIONS)
    )
    note = [
        f"n = {many} คน {frame['groups'].max()} ภูมิภาค ภูมิภาคที่เล็กที่สุด {frame['smallest'].min()} คน",
        "โครงสร้าง (configural), น้ำหนักเท่ากัน (metric), จุดตัดเท่ากัน (scalar)",
        "ผ่านเมื่อ CFI ลดไม่เกิน .010 และ RMSEA เพิ่มไม่เกิน .015 จากขั้นก่อน (Chen 2007)",
        f"ขั้นโครงสร้างกลมกลืนเมื่อ CFI ตั้งแต่ {LEAST_CFI:.2f} และ SRMR ไม่เกิน {MOST_SRMR:.2f} (Hu & Bentler 1999) "
        "เพราะ RMSEA ของแบบจำลองที่มี df น้อยสูงเกินจริงได้ (Kenny et al. 2015)",
        "ไม่ได้เผื่อความคล้ายกันของผู้ตอบในอำเภอเดียวกัน χ² จึงอาจใหญ่กว่าที่ควร",
        *(f"ไม่แสดง{label(code)}: {why}" for code, why in refused.items()),
    ]
    changes = ["delta_cfi", "delta_rmsea"]
    return tables.table(
        shown,
        "ความไม่แปรเปลี่ยนของการวัดระหว่างภูมิภาค",
        ["label", "level", "chi2", "df", "cfi", "rmsea", *changes, "decision"],
        decimals={"chi2": 1} | dict.fromkeys(["cfi", "rmsea", *changes], 3),
        note="; ".join(note),
        label="มาตร",
        level="ขั้น",
        chi2="χ²",
        df="df",
        cfi="CFI",
        rmsea="RMSEA",
        delta_cfi="ΔCFI",
        delta_rmsea="ΔRMSEA",
        decision="ผล",
    )


def _reached(found: pd.DataFrame) -> str:
    """Return the highest level at which a scale's measurement holds: none, configural, metric, scalar."""
    rows = found.set_index("level")
    base = rows.loc["configural"]
    if base["cfi"] < LEAST_CFI or base["srmr"] > MOST_SRMR:
        return "none"
    held = [level for level in ("metric", "scalar") if rows.loc[level, "decision"] == "holds"]
    return held[-1] if held else "configural"


def comparable(checked: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the scales whose means may be compared across the macro regions (scalar invariance)."""
    return [code for code, found in checked.items() if _reached(found) == "scalar"]


def invariance_reading(checked: Mapping[str, pd.DataFrame]) -> Text:
    """Read whether the means of the macro regions may be compared, scale by scale."""
    label = instrument.load().label
    reached = {code: _reached(found) for code, found in checked.items()}
    of = {
        level: [label(code) for code, own in reached.items() if own == level]
        for level in ("none", "configural", "metric", "scalar")
    }
    said = [
        f"เทียบค่าเฉลี่ยระหว่างภูมิภาคได้ {len(of['scalar'])} จาก {len(checked)} มาตร "
        "เพราะไม่พบว่าน้ำหนักและจุดตัดต่างกันเกินเกณฑ์"
        if of["scalar"]
        else f"ยังไม่ควรเทียบค่าเฉลี่ยระหว่างภูมิภาคของมาตรใดใน {len(checked)} มาตรที่ตรวจ"
    ]
    if of["metric"]:
        said.append(
            f"{thai.listed(of['metric'])} ผ่านเพียงขั้นน้ำหนัก เทียบความสัมพันธ์ได้แต่ยังไม่ควรเทียบค่าเฉลี่ย "
            "เพราะความต่างอาจมาจากการเข้าใจข้อคำถามต่างกัน"
        )
    if of["configural"]:
        said.append(f"{thai.listed(of['configural'])} ไม่ผ่านขั้นน้ำหนัก ยังไม่ควรเทียบทั้งความสัมพันธ์และค่าเฉลี่ย")
    if of["none"]:
        said.append(
            f"{thai.listed(of['none'])} มีแบบจำลององค์ประกอบเดียวที่ไม่กลมกลืนตั้งแต่ขั้นโครงสร้าง "
            f"(CFI ต่ำกว่า {LEAST_CFI:.2f} หรือ SRMR เกิน {MOST_SRMR:.2f}) จึงยังไม่ควรเทียบ"
        )
    said.append("การผ่านเกณฑ์แปลว่าไม่พบความต่างของการวัดที่เกินเกณฑ์ ไม่ได้พิสูจน์ว่าทุกภูมิภาคเข้าใจข้อคำถามเหมือนกัน")
    return notes.reading(*said)


def values(checked: Mapping[str, pd.DataFrame], ratios: pd.DataFrame | None) -> dict[str, Value]:
    """Return the largest HTMT2, and how many scales' means may be compared across macro regions."""
    saved = {}
    if ratios is not None:
        largest = float(ratios["htmt2"].max())
        saved["htmt.largest"] = Value(largest, 2, "", int(ratios["n"].max()), source=SOURCE)
    if checked:
        n = min(int(found["n"].iloc[0]) for found in checked.values())
        saved["invariance.scales"] = Value(len(checked), 0, "มาตร", n, source=SOURCE)
        many = len(comparable(checked))
        saved["invariance.comparable"] = Value(many, 0, "มาตร", n, source=SOURCE)
    return or_dash(saved, "htmt.largest", "invariance.scales", "invariance.comparable")


__getattr__, __dir__ = lazy.offered(__name__)
