"""What changes in the constructs' means and ranks when doubtful answers are left out.

Late answers and straight-lined ones are left out in turn. Answering too fast cannot be told: the form
keeps the time of sending, not of opening. Fewer than five people are never left out in sight, because
the difference of two means would tell what they answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy, regions
from castlib.present import notes, readings, tables, thai
from castlib.present.displays import labelled
from castlib.present.results import Value, or_dash
from castlib.privacy import cells

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents: actual state, without late and straight-lined answers"
KINDS = {"late": "ผู้ส่งหลังกำหนด", "same": "ผู้ตอบเหมือนกันทุกข้อทั้งตอน"}


def straight_lined(respondents: pd.DataFrame) -> pd.Series:
    """Return who gave one and the same answer throughout a part of the questionnaire.

    The parts are as the form has them: expected state, actual state, outcomes. All answers given in a
    part are the same, and at least half of the part was answered. This is the strictest of the usual
    rules, simple non-differentiation (Kim et al. 2019, doi:10.1177/0894439317752406); a block as short
    as one construct would catch many who mean it.
    """
    tool = instrument.load()
    parts = {state: [c for code in tool.success for c in tool.columns(code, state)]
             for state in ("expected", "actual")}  # fmt: skip
    parts["outcomes"] = [column for code in tool.outcomes for column in tool.columns(code)]
    found = pd.Series(False, index=respondents.index)
    for columns in parts.values():
        answers = respondents[columns].astype("float64")
        enough = answers.notna().sum(axis=1) >= len(columns) / 2
        found |= enough & (answers.nunique(axis=1) == 1)
    return found


@dataclass(frozen=True)
class LeftOut:
    """The constructs' means with all answers and without some.

    `counts` says how many people each kind has; `shown` which kinds may be shown; `frame` has item,
    mean, rank, and for each shown kind its mean and rank, and the largest change.
    """

    region: str
    n: int
    counts: dict[str, int]
    shown: tuple[str, ...]
    frame: pd.DataFrame


def leave_out(study: Study) -> LeftOut:
    """Return the constructs' means and ranks with all answers, without late, without straight-lined."""
    items, scores = instrument.load().success, study.scores("actual")
    doubtful = {"late": ~study.respondents["on_time"], "same": straight_lined(study.respondents)}
    counts = {kind: int(who.sum()) for kind, who in doubtful.items()}
    kept = {kind: scores.loc[~who, items] for kind, who in doubtful.items()}
    few = {kind: kept[kind].notna().sum().min() < cells.LIMIT for kind in KINDS}
    shown = tuple(k for k in KINDS if counts[k] >= cells.LIMIT and not few[k])
    frame = pd.DataFrame({"item": items, "mean": scores[items].mean().to_numpy()})
    for kind in shown:
        frame[kind] = kept[kind].mean().to_numpy()
    moved = frame[list(shown)].sub(frame["mean"], axis=0)
    frame["change"] = [row[row.abs().idxmax()] if len(row) else 0.0 for _, row in moved.iterrows()]
    for column in ("mean", *shown):
        ranks = frame[column].rank(ascending=False, method="min")
        frame[f"{column}_rank"] = ranks.astype("Int64")
    return LeftOut(study.region, len(scores), counts, shown, frame)


def refused(found: LeftOut) -> str | None:
    """Return why nothing is shown: nobody to leave out, too few, or nearly everybody."""
    if found.shown:
        return None
    if not any(found.counts.values()):
        return f"ไม่พบ{KINDS['late']}และไม่พบ{KINDS['same']} จึงไม่มีคำตอบให้ตัดออก"
    elsewhere = "" if found.region == regions.COUNTRY else " ผลรวมดูได้ที่หน้าของทั่วประเทศ"
    return f"ผู้ที่จะตัดออกหรือผู้ที่จะเหลืออยู่มีไม่ถึง {cells.LIMIT} คน ผลต่างของค่าเฉลี่ยจะเผยคำตอบของคนเหล่านั้น{elsewhere}"


def table(found: LeftOut) -> Table:
    """Return means and ranks with all answers and without some."""
    headings = {"late": "ไม่รวมส่งช้า", "same": "ไม่รวมตอบซ้ำทั้งตอน"}
    frame = labelled(found.frame).rename(columns={"mean_rank": "rank"}).sort_values("rank")
    frame["moved"] = [
        ", ".join(
            f"{row[f'{kind}_rank']} เมื่อ{headings[kind]}"
            for kind in found.shown
            if row[f"{kind}_rank"] != row["rank"]
        )
        or "คงเดิม"
        for _, row in frame.iterrows()
    ]
    out = [f"{KINDS[kind]} {found.counts[kind]:,} คน" for kind in found.shown]
    note = [
        f"ตัดออกทีละกลุ่มจาก {found.n:,} คน: {thai.listed(out)}",
        *(f"ไม่แสดงการตัด{KINDS[kind]} เพราะ{_why(found, kind)}" for kind in KINDS if kind not in found.shown),
        "ตอบเหมือนกันทุกข้อทั้งตอน = ข้อที่ตอบในตอนสภาพที่คาดหวัง สภาพที่เป็นจริง หรือผลลัพธ์ ตอนใดตอนหนึ่งได้คะแนนเดียวกันทั้งหมด "
        "(Kim et al. 2019)",
        "ไม่มีข้อมูลระยะเวลาที่ใช้ตอบ จึงตรวจผู้ที่ตอบเร็วเกินไปไม่ได้",
    ]  # fmt: skip
    return tables.table(
        frame,
        "ค่าเฉลี่ยและลำดับขององค์ประกอบเมื่อตัดคำตอบบางส่วนออก",
        ["label", "mean", *found.shown, "change", "rank", "moved"],
        decimals={"change": 3},
        note="; ".join(note),
        mean="x̄ ทั้งหมด",
        change="เปลี่ยนมากที่สุด",
        moved="ลำดับใหม่",
        **headings,
    )


def _why(found: LeftOut, kind: str) -> str:
    """Return why leaving out one kind is not shown."""
    if found.counts[kind] == 0:
        return "ไม่พบ"
    return f"ผู้ที่ตัดออกหรือที่เหลือมีไม่ถึง {cells.LIMIT} คน"


def reading(found: LeftOut) -> Text:
    """Read the largest change, and which ranks and levels move."""
    label, frame = instrument.load().label, found.frame
    most = frame.loc[frame["change"].abs().idxmax()]
    moved = [label(item) for item in frame.loc[_moved(found), "item"]]
    level = frame[["mean", *found.shown]].map(readings.level)
    crossed = [label(item) for item in frame.loc[level.nunique(axis=1) > 1, "item"]]
    named = " หรือ".join(KINDS[kind] for kind in found.shown)
    said = (
        f"เมื่อตัด{named}ออก ค่าเฉลี่ยเปลี่ยนมากที่สุด {thai.number(abs(most['change']), 3)} คะแนน "
        f"({label(most['item'])}) "
    )
    said += f"ลำดับที่เปลี่ยนคือของ{thai.listed(moved)} " if moved else "ไม่พบลำดับที่เปลี่ยน "
    said += f"ระดับที่เปลี่ยนคือของ{thai.listed(crossed)}" if crossed else "และไม่พบระดับที่เปลี่ยน"
    return notes.reading(said)


def _moved(found: LeftOut) -> pd.Series:
    """Return which constructs' rank changes when a kind is left out."""
    return found.frame[[f"{kind}_rank" for kind in ("mean", *found.shown)]].nunique(axis=1) > 1


def values(found: LeftOut) -> dict[str, Value]:
    """Return how many were left out and the largest change, where they may be shown."""
    saved = {
        f"without.{kind}": Value(found.counts[kind], 0, "คน", source=SOURCE) for kind in found.shown
    }
    if found.shown:
        change = float(found.frame["change"].abs().max())
        saved["without.change"] = Value(change, 3, "คะแนน (1–5)", found.n, source=SOURCE)
        moved = int(_moved(found).sum())
        saved["without.moved"] = Value(moved, 0, "องค์ประกอบ", found.n, source=SOURCE)
    return or_dash(saved, "without.late", "without.same", "without.change", "without.moved")


__getattr__, __dir__ = lazy.offered(__name__)
