"""The scaling phase: how far the fsQCA's solution hangs on its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy
from castlib.present import conditions, notes, tables, thai
from castlib.present.results import Value, or_dash

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

# the chosen one first; anchors are percentiles of the districts' means
ANCHORS = {
    "10, 50, 90": conditions.ANCHORS,
    "5, 50, 95": (0.05, 0.50, 0.95),
    "20, 50, 80": (0.20, 0.50, 0.80),
}
CUTS = {
    "incl_cuts": (conditions.CONSISTENCY, 0.75, 0.85, 0.90),
    "n_cuts": (1, 2),
    "pri_cuts": (conditions.PRI, 0.40, 0.60),
}
THRESHOLDS = {
    "calibration": "จุดสอบเทียบ (เปอร์เซ็นไทล์)",
    "incl_cut": "ความสอดคล้องขั้นต่ำ",
    "n_cut": "อำเภอขั้นต่ำต่อแถว",
    "pri_cut": "PRI ขั้นต่ำ",
}


def sweep(study: Study, paths: conditions.Paths | None) -> pd.DataFrame | None:
    """Return the solution under every combination of thresholds, or None where there is no solution."""
    from castlib.stats import configurations as fsqca

    if paths is None or paths.solution is None:
        return None
    fuzzy = {name: conditions.memberships(study, anchors) for name, anchors in ANCHORS.items()}
    return fsqca.robustness(fuzzy, "outcome", conditions.CONDITIONS, **CUTS)


def table(found: pd.DataFrame) -> Table:
    """Return, for each setting of each threshold, how often the solution stays the chosen one."""
    rows = []
    for name, heading in THRESHOLDS.items():
        for setting, own in found.groupby(name, sort=False):
            shown = f"{setting:.2f}" if isinstance(setting, float) else str(setting)
            chosen = setting == found[name].iloc[0]
            rows.append(
                {
                    "label": heading,
                    "setting": f"{shown} (ที่เลือก)" if chosen else shown,
                    "count": len(own),
                    "same": int(own["same"].sum()),
                    "none": int((own["models"] == 0).sum()),
                    "overlap": own["overlap"].min(),
                    "consistency": own["consistency"].min(),
                    "coverage": own["coverage"].min(),
                }
            )
    return tables.table(
        pd.DataFrame(rows),
        "ความคงทนของชุดเงื่อนไขเมื่อเปลี่ยนเกณฑ์",
        ["label", "setting", "count", "same", "none", "overlap", "consistency", "coverage"],
        note=(
            f"ลองทุกชุดของเกณฑ์ {len(found):,} ชุด; ความทับซ้อน = Σmin ÷ Σmax ของค่าสมาชิกในคำตอบนั้นกับคำตอบที่เลือก "
            "(Oana & Schneider 2021); ความทับซ้อน ความสอดคล้อง และความครอบคลุมเป็นค่าต่ำสุดของชุดที่มีคำตอบ"
        ),
        label="เกณฑ์",
        setting="ค่า",
        count="จำนวนชุด",
        same="คำตอบเดิม",
        none="ไม่มีคำตอบ",
        overlap="ความทับซ้อน",
        consistency="ความสอดคล้อง",
        coverage="ความครอบคลุม",
    )


def _shares(found: pd.DataFrame) -> pd.Series:
    """Return in how many combinations each term of the chosen solution stands in every model."""
    terms = found["solution"].iloc[0].split(" | ")[0].split(" + ")
    models = [
        [set(model.split(" + ")) for model in text.split(" | ")]
        for text in found["solution"].dropna()
    ]
    return pd.Series({term: sum(all(term in m for m in each) for each in models) for term in terms})


def reading(found: pd.DataFrame) -> Text:
    """Read the sweep: how often the very solution stays, how far others lie, which terms hold."""
    total, same = len(found), int(found["same"].sum())
    none = int((found["models"] == 0).sum())
    lowest = found.loc[found["overlap"].idxmin()]
    said = f"คำตอบเดิมทุกประการใน {same} จาก {total} ชุดเกณฑ์ "
    if none:
        said += f"ไม่มีคำตอบใน {none} ชุด "
    if same + none == total:
        said += "ชุดที่มีคำตอบได้คำตอบเดิมทั้งหมด "
    said += (
        f"ความทับซ้อนต่ำสุด {lowest['overlap']:.2f} "
        f"(จุดสอบเทียบ {lowest['calibration']} ความสอดคล้องขั้นต่ำ {lowest['incl_cut']:.2f})"
    )
    kept = [f"“{conditions.in_thai(term)}” {count} ชุด" for term, count in _shares(found).items()]
    return notes.reading(
        said,
        f"ใน {total} ชุดเกณฑ์นี้ เงื่อนไขที่เลือกยังปรากฏตามเดิมดังนี้ {thai.listed(kept)} "
        "เงื่อนไขที่หายไปเมื่อเกณฑ์ขยับเป็นข้อเสนอให้ตรวจต่อ ไม่ใช่ข้อสรุป",
    )


def values(found: pd.DataFrame | None) -> dict[str, Value]:
    """Return how many combinations were tried, kept the solution, and the smallest overlap."""
    if found is None:
        return or_dash({}, "fsqca.tried", "fsqca.same", "fsqca.overlap")
    n, source = int(found["n"].iloc[0]), conditions.SOURCE
    return {
        "fsqca.tried": Value(len(found), 0, "ชุดเกณฑ์", n, source=source),
        "fsqca.same": Value(int(found["same"].sum()), 0, "ชุดเกณฑ์", n, source=source),
        "fsqca.overlap": Value(float(found["overlap"].min()), 2, "", n, source=source),
    }


__getattr__, __dir__ = lazy.offered(__name__)
