"""The scaling phase: where districts stand, and what kinds there are.

A district's ten people are a small cell. A district is shown by a shrunken estimate with its interval
and by its position, never by a percentage; its name is its province's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, lazy, regions
from castlib.present import maps, notes, tables, thai
from castlib.present.displays import POINTS
from castlib.present.results import National, Value

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents: success and outcomes by province"
TYPES = {
    "ready": "พร้อมเป็นต้นแบบ (องค์ประกอบสูง ผลลัพธ์สูง)",
    "people": "ผลลัพธ์นำ (องค์ประกอบต่ำ ผลลัพธ์สูง)",
    "process": "องค์ประกอบนำ (องค์ประกอบสูง ผลลัพธ์ต่ำ)",
    "support": "ต้องสนับสนุน (องค์ประกอบต่ำ ผลลัพธ์ต่ำ)",
}
POSITIONS = {"above": "สูงกว่าค่ากลาง", "near": "ยังแยกไม่ได้", "below": "ต่ำกว่าค่ากลาง"}
MARKS = {"above": "▲", "below": "▼"}
SHADE = "ผลลัพธ์ของอำเภอนำร่อง (คะแนน 1–5 ค่าประมาณแบบหด; n คือจำนวนจังหวัด)"
LEVELS = ("success", "success_low", "success_high", "outcome", "outcome_low", "outcome_high")


def scores(study: Study) -> pd.DataFrame:
    """Return each respondent's two overall scores: success (actual state) and outcome."""
    tool, found = instrument.load(), study.scores("actual")
    return found[["province", "cluster"]].assign(
        success=found[tool.success].mean(axis=1, skipna=False),
        outcome=found[tool.outcomes].mean(axis=1, skipna=False),
    )


def estimates(study: Study, country: National | None) -> pd.DataFrame:
    """Return one row a district: shrunken success and outcome with intervals, type and position.

    The country's page estimates them from all districts together; a region's page reads its own from
    there, as they were shown, because a few districts cannot say how much districts differ.
    """
    if country is None:
        return _estimate(scores(study))
    own = regions.members(study.region)
    home = regions.provinces().set_index("province")["cluster"][own[0]]
    shown = country.table(f"districts.{home}")
    frame = pd.DataFrame(
        list(shown.rows), columns=["province", *LEVELS, "type", "clear", "position"]
    )
    frame = frame.astype(dict.fromkeys(LEVELS, float))
    return frame[frame["province"].isin(own)].reset_index(drop=True)


def _estimate(people: pd.DataFrame) -> pd.DataFrame:
    from castlib.stats import models

    parts = []
    for score in ("success", "outcome"):
        found = models.multilevel(people.dropna(subset=[score]), score, "province").groups
        named = {
            "group": "province",
            "estimate": score,
            "low": f"{score}_low",
            "high": f"{score}_high",
        }
        parts.append(found.rename(columns=named)[list(named.values())].set_index("province"))
    frame = pd.concat(parts, axis=1, join="inner").rename_axis("province").reset_index()
    middle = frame[["success", "outcome"]].median()
    high = frame[["success", "outcome"]] > middle
    names = {(True, True): "ready", (False, True): "people", (True, False): "process"}
    kinds = zip(high["success"], high["outcome"], strict=True)
    cluster = frame["province"].map(regions.provinces().set_index("province")["cluster"])
    centre = frame.groupby(cluster)["outcome"].transform("median")
    position = np.select(
        [frame["outcome_low"] > centre, frame["outcome_high"] < centre], ["above", "below"], "near"
    )
    apart = [
        (frame[f"{score}_low"] > middle[score]) | (frame[f"{score}_high"] < middle[score])
        for score in middle.index
    ]
    return frame.assign(
        type=[names.get(kind, "support") for kind in kinds],
        clear=np.where(apart[0] & apart[1], "yes", "no"),
        position=position,
    )


def national_tables(frame: pd.DataFrame, region: str) -> dict[str, Table]:
    """Return the country's estimates, a table a cluster, for the clusters' pages to read."""
    if region != regions.COUNTRY:
        return {}
    home = frame["province"].map(regions.provinces().set_index("province")["cluster"])
    columns = ["province", *LEVELS, "type", "clear", "position"]
    return {
        f"districts.{code}": tables.table(
            frame[home == code], "ค่าประมาณแบบหดของอำเภอนำร่อง", columns, **{c: c for c in columns}
        )
        for code in regions.clusters()
    }


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    names = regions.provinces().set_index("province")
    return frame.assign(
        label=frame["province"].map(names["name_th"]),
        cluster=frame["province"].map(names["cluster_th"]),
    )


def table(frame: pd.DataFrame, region: str) -> Table:
    """Return every district's estimate and its position within its cluster."""
    shown = _named(frame).assign(
        position=frame["position"].map(POSITIONS), kind=frame["type"].map(TYPES)
    )
    for score in ("success", "outcome"):
        ends = zip(frame[f"{score}_low"], frame[f"{score}_high"], strict=True)
        shown[f"{score}_ci"] = [thai.interval(low, high) for low, high in ends]
    many = region == regions.COUNTRY
    return tables.table(
        shown.sort_values(["cluster", "label"]) if many else shown,
        "ค่าประมาณแบบหดของอำเภอนำร่องและตำแหน่งในกลุ่มจังหวัด",
        [
            "label",
            *(["cluster"] if many else []),
            "success",
            "success_ci",
            "outcome",
            "outcome_ci",
            "position",
        ],
        note=(
            "คะแนน 1–5; ตำแหน่งเทียบช่วงของผลลัพธ์กับค่ามัธยฐานของกลุ่มจังหวัด "
            "ยังแยกไม่ได้คือช่วงครอบคลุมค่านั้น ซึ่งไม่ได้แปลว่าเท่ากัน"
        ),
        label="อำเภอนำร่อง จังหวัด",
        success="องค์ประกอบ",
        success_ci="95% CI",
        outcome="ผลลัพธ์",
        outcome_ci="95% CI",
        position="ตำแหน่ง",
    )


def _span(frame: pd.DataFrame, country: National | None) -> tuple[float, float]:
    """Return the ends of the map's shades, the country's on every page, to a tenth of a point."""
    if country is not None:
        return country["map.low"], country["map.high"]
    return np.floor(10 * frame["outcome"].min()) / 10, np.ceil(10 * frame["outcome"].max()) / 10


def figure(frame: pd.DataFrame, region: str, country: National | None) -> Figure:
    """Return the map of the districts' outcome, by province; shades mean the same on every page."""
    ranged = "เส้นหนาคือเขตกลุ่มจังหวัด" if region == regions.COUNTRY else "แผนที่เล็กบอกที่ตั้งในประเทศ"
    return maps.provinces(
        dict(zip(frame["province"], frame["outcome"], strict=True)),
        region=region,
        span=_span(frame, country),
        label=SHADE,
        caption=f"ผลลัพธ์ของอำเภอนำร่องรายจังหวัด {ranged}",
        alt=_extremes(frame),
    ).named("map")


def tiles(frame: pd.DataFrame, country: National | None) -> Figure | None:
    """Return the country's map of equal tiles, on which districts that stand apart are marked; None for a region."""
    if country is not None:
        return None
    signs = {code: MARKS.get(at, "") for code, at in frame[["province", "position"]].to_numpy()}
    return maps.tiles(
        dict(zip(frame["province"], frame["outcome"], strict=True)),
        signs,
        span=_span(frame, country),
        label=SHADE,
        caption=(
            "ผลลัพธ์ของอำเภอนำร่องรายจังหวัด จังหวัดละหนึ่งช่องเท่ากัน เส้นหนาคือเขตกลุ่มจังหวัด "
            "▲ สูงกว่าและ ▼ ต่ำกว่าค่ากลางของกลุ่มจังหวัด ช่องที่ไม่มีเครื่องหมายยังแยกไม่ได้"
        ),
        alt=_extremes(frame),
    )


def _extremes(frame: pd.DataFrame) -> str:
    named = _named(frame).sort_values("outcome")
    first, last = named.iloc[0], named.iloc[-1]
    return (
        f"ต่ำสุด {first['label']} {first['outcome']:.2f}; สูงสุด {last['label']} {last['outcome']:.2f}"
    )


def types(frame: pd.DataFrame) -> Table:
    """Return how many districts are of each type, of how many the type is clear, and which."""
    named = _named(frame)
    rows = []
    for code, label in TYPES.items():
        own = named[named["type"] == code]
        clear = int((own["clear"] == "yes").sum())
        rows.append((label, len(own), clear, " ".join(sorted(own["label"])) or thai.MISSING))
    shown = pd.DataFrame(rows, columns=["label", "count", "clear", "which"])
    return tables.table(
        shown,
        "ประเภทของอำเภอนำร่อง",
        ["label", "count", "clear", "which"],
        note=(
            "แบ่งที่ค่ามัธยฐานของทั้งประเทศ; ประเภทชัดเมื่อช่วงความเชื่อมั่นของทั้งสองคะแนนไม่ครอบคลุมเส้นแบ่ง "
            "อำเภออื่นอาจเปลี่ยนประเภทได้เมื่อเก็บข้อมูลใหม่"
        ),
        label="ประเภท",
        count="อำเภอ",
        clear="ประเภทชัด",
        which="อำเภอนำร่อง จังหวัด",
    )


def reading(frame: pd.DataFrame, region: str) -> Text:
    """Read the types: which is commonest, and how many districts stand apart in their cluster."""
    counts = frame["type"].value_counts()
    apart = int((frame["position"] != "near").sum())
    clear = int((frame["clear"] == "yes").sum())
    if len(frame) == 1:
        kind, position = TYPES[frame["type"].iloc[0]], POSITIONS[frame["position"].iloc[0]]
        sure = "ชัด" if clear else "ยังไม่ชัด เพราะช่วงความเชื่อมั่นครอบคลุมเส้นแบ่ง"
        return notes.reading(
            f"อำเภอนำร่องของ{regions.label(region)}อยู่ในประเภท{kind} ประเภทนี้{sure} "
            f"เทียบกับค่ากลางของกลุ่มจังหวัดแล้วผลลัพธ์{position}"
        )
    top = sorted(counts.index[counts == counts.max()], key=list(TYPES).index)
    most = thai.listed([TYPES[code] for code in top]) + (" ประเภทละ" if len(top) > 1 else "")
    where = "ทั้งประเทศ" if region == regions.COUNTRY else regions.label(region)
    return notes.reading(
        f"ใน{where} ประเภทที่พบมากที่สุดคือ{most} {counts.max()} จาก {len(frame)} อำเภอ "
        + (
            f"แต่{f'ประเภทที่ชัดมีเพียง {clear} อำเภอ' if clear else 'ยังไม่มีอำเภอใดที่ประเภทชัด'} "
            "อำเภอที่เหลือมีช่วงความเชื่อมั่นครอบคลุมเส้นแบ่ง จึงไม่ควรใช้ประเภทเป็นป้ายถาวร"
            if clear < len(frame)
            else "และประเภทของทุกอำเภอชัด"
        ),
        f"เมื่อเทียบผลลัพธ์กับค่ากลางของกลุ่มจังหวัด พบว่าต่าง {apart} อำเภอ นอกนั้นยังแยกจากค่ากลางไม่ได้ ซึ่งไม่ได้แปลว่าเท่ากัน"
        if apart
        else "เมื่อเทียบผลลัพธ์กับค่ากลางของกลุ่มจังหวัด ยังไม่พบอำเภอที่ต่าง ซึ่งไม่ได้แปลว่าทุกอำเภอเท่ากัน",
    )


def values(frame: pd.DataFrame) -> dict[str, Value]:
    """Return the districts' named values: how many of each type, of how many it is clear, the map's ends,
    and of each district, by its province's code, what the table shows: estimates, position, type.
    """
    counts = frame["type"].value_counts()
    low, high = _span(frame, None)
    saved = {
        "districts": Value(len(frame), 0, "อำเภอ", source=SOURCE),
        **{
            f"type.{code}": Value(int(counts.get(code, 0)), 0, "อำเภอ", source=SOURCE)
            for code in TYPES
        },
        "type.clear": Value(int((frame["clear"] == "yes").sum()), 0, "อำเภอ", source=SOURCE),
        "map.low": Value(low, 1, source=SOURCE),
        "map.high": Value(high, 1, source=SOURCE),
    }
    for row in frame.to_dict("records"):
        name = f"district.{row['province']}"
        for score in ("success", "outcome"):
            ends = (row[f"{score}_low"], row[f"{score}_high"])
            saved[f"{name}.{score}"] = Value(row[score], 2, POINTS, ci=ends, source=SOURCE)
        saved[f"{name}.position"] = Value(POSITIONS[row["position"]], source=SOURCE)
        sure = "ชัด" if row["clear"] == "yes" else "ยังไม่ชัด"
        saved[f"{name}.type"] = Value(f"{TYPES[row['type']]} ประเภท{sure}", source=SOURCE)
    return saved


__getattr__, __dir__ = lazy.offered(__name__)
