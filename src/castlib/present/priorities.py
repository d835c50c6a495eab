"""The guidelines phase: importance against performance, and how sure each construct's place is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy
from castlib.present import figures, notes, tables, thai
from castlib.present.displays import RESAMPLED, labelled
from castlib.present.results import Value

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table

SOURCE = "respondents: expected and actual"
SURE = 0.95
QUADRANTS = {
    "concentrate": "เร่งปรับปรุง",
    "keep_up": "รักษาไว้",
    "low_priority": "ความสำคัญรองลงมา",
    "overkill": "ทำได้เกินความจำเป็น",
}


def _ordered(found: pd.DataFrame) -> pd.DataFrame:
    order = found["quadrant"].map(list(QUADRANTS).index)
    return labelled(found.assign(order=order)).sort_values(
        ["order", "share"], ascending=[True, False]
    )


def table(found: pd.DataFrame) -> Table:
    """Return each construct's place on the map, and the share of resamples that keep it there."""
    first = found.iloc[0]
    note = (
        f"เส้นแบ่ง: สภาพที่คาดหวัง {first['importance_line']:.2f} สภาพที่เป็นจริง {first['performance_line']:.2f} "
        "คือค่าเฉลี่ยขององค์ประกอบทั้งหมด (Martilla & James 1977); "
        f"ความแน่ใจ = ร้อยละของการสุ่มซ้ำ{RESAMPLED[first['resampled']]} ที่ยังอยู่ช่องเดิม"
    )
    frame = _ordered(found)
    return tables.table(
        frame.assign(quadrant=frame["quadrant"].map(QUADRANTS), share=100 * frame["share"]),
        "ตำแหน่งขององค์ประกอบบนแผนที่ความสำคัญและสภาพปัจจุบัน",
        ["label", "n", "importance", "performance", "quadrant", "share"],
        decimals={"importance": 2, "performance": 2, "share": 1},
        note=note,
        importance="คาดหวัง",
        performance="เป็นจริง",
        quadrant="ตำแหน่ง",
        share="ความแน่ใจ %",
    )


def figure(found: pd.DataFrame) -> Figure:
    """Return the map; a construct whose place is not sure is drawn hollow."""
    return figures.priority_map(
        labelled(found),
        label="label",
        importance="importance",
        performance="performance",
        sure=found["share"] >= SURE,
        caption=(
            "ความสำคัญและสภาพปัจจุบันขององค์ประกอบแห่งความสำเร็จ "
            f"จุดโปร่งคือตำแหน่งที่คงเดิมไม่ถึงร้อยละ {100 * SURE:.0f} ของการสุ่มซ้ำ"
        ),
        alt="; ".join(
            f"{row.label} อยู่ช่อง{QUADRANTS[row.quadrant]} (แน่ใจร้อยละ {100 * row.share:.0f})"
            for row in _ordered(found).itertuples()
        ),
    )


def reading(found: pd.DataFrame) -> Text:
    """Read which constructs to concentrate on, surely or not, and which places may change."""
    label = instrument.load().label
    urgent = found[found["quadrant"] == "concentrate"].sort_values("share", ascending=False)
    named = [f"{label(row.item)} (แน่ใจร้อยละ {100 * row.share:.0f})" for row in urgent.itertuples()]
    said = (
        f"องค์ประกอบที่คาดหวังสูงแต่สภาพจริงต่ำกว่าค่าเฉลี่ย จึงอยู่ช่องเร่งปรับปรุง คือ {thai.listed(named)}"
        if named
        else "ไม่พบองค์ประกอบในช่องเร่งปรับปรุง"
    )
    unsure = [label(item) for item in found.loc[found["share"] < SURE, "item"]]
    sure = (
        f"ตำแหน่งของ{thai.listed(unsure)}อยู่ใกล้เส้นแบ่งและเปลี่ยนช่องได้เมื่อเก็บข้อมูลใหม่ จึงไม่ควรใช้ตัดสินใจโดยลำพัง"
        if unsure
        else f"ทุกองค์ประกอบคงช่องเดิมตั้งแต่ร้อยละ {100 * SURE:.0f} ของการสุ่มซ้ำ"
    )
    return notes.reading(said, sure)


def values(found: pd.DataFrame) -> dict[str, Value]:
    """Return which constructs to concentrate on, and how many places are sure."""
    n = int(found["n"].max())
    urgent = found[found["quadrant"] == "concentrate"]
    named = thai.listed(list(labelled(urgent)["label"])) if len(urgent) else "ไม่มี"
    return {
        "concentrate.labels": Value(named, n=n, source=SOURCE),
        "quadrants.sure": Value(
            int((found["share"] >= SURE).sum()), 0, "องค์ประกอบ", n, source=SOURCE
        ),
    }


__getattr__, __dir__ = lazy.offered(__name__)
