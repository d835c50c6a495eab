"""The scaling phase: where districts stand, what kinds there are, which conditions.

A district's ten people are a small cell. A district is shown by a shrunken estimate with its interval
and by its position, never by a percentage; its name is its province's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, regions
from castlib.errors import CastError
from castlib.present import maps, notes, tables, thai
from castlib.present.results import National, Value

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.stats.configurations import Solution, TruthTable
    from castlib.store import Study

SOURCE = "respondents: success and outcomes by province"
CONDITIONS = ("leadership", "network", "participation", "knowledge")
ANCHORS = (0.10, 0.50, 0.90)  # quantiles of the district scores: fully out, cross-over, fully in
CONSISTENCY, PRI = 0.80, 0.50
TYPES = {
    "ready": "พร้อมเป็นต้นแบบ (องค์ประกอบสูง ผลลัพธ์สูง)",
    "people": "ผลลัพธ์นำ (องค์ประกอบต่ำ ผลลัพธ์สูง)",
    "process": "องค์ประกอบนำ (องค์ประกอบสูง ผลลัพธ์ต่ำ)",
    "support": "ต้องสนับสนุน (องค์ประกอบต่ำ ผลลัพธ์ต่ำ)",
}
POSITIONS = {"above": "สูงกว่าค่ากลาง", "near": "ใกล้ค่ากลาง", "below": "ต่ำกว่าค่ากลาง"}
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
    frame = pd.DataFrame(list(shown.rows), columns=["province", *LEVELS, "type", "position"])
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
    return frame.assign(type=[names.get(kind, "support") for kind in kinds], position=position)


def national_tables(frame: pd.DataFrame, region: str) -> dict[str, Table]:
    """Return the country's estimates, a table a cluster, for the clusters' pages to read."""
    if region != regions.COUNTRY:
        return {}
    home = frame["province"].map(regions.provinces().set_index("province")["cluster"])
    columns = ["province", *LEVELS, "type", "position"]
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
        note="คะแนน 1–5; ตำแหน่งเทียบช่วงของผลลัพธ์กับค่ามัธยฐานของกลุ่มจังหวัด",
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
    named = _named(frame).sort_values("outcome")
    first, last = named.iloc[0], named.iloc[-1]
    return maps.provinces(
        dict(zip(frame["province"], frame["outcome"], strict=True)),
        region=region,
        span=_span(frame, country),
        label="ผลลัพธ์ของอำเภอนำร่อง (คะแนน 1–5 ค่าประมาณแบบหด)",
        caption="ผลลัพธ์ของอำเภอนำร่องรายจังหวัด เส้นหนาคือเขตกลุ่มจังหวัด จังหวัดลายขีดไม่มีข้อมูล",
        alt=f"ต่ำสุด {first['label']} {first['outcome']:.2f}; สูงสุด {last['label']} {last['outcome']:.2f}",
    )


def types(frame: pd.DataFrame) -> Table:
    """Return how many districts are of each type, and which."""
    named = _named(frame)
    rows = []
    for code, label in TYPES.items():
        own = named[named["type"] == code]
        rows.append((label, len(own), " ".join(sorted(own["label"])) or thai.MISSING))
    shown = pd.DataFrame(rows, columns=["label", "count", "which"])
    return tables.table(
        shown,
        "ประเภทของอำเภอนำร่อง",
        ["label", "count", "which"],
        note="แบ่งที่ค่ามัธยฐานของทั้งประเทศ อำเภอใกล้เส้นแบ่งอาจเปลี่ยนประเภทได้",
        label="ประเภท",
        count="อำเภอ",
        which="อำเภอนำร่อง จังหวัด",
    )


def reading(frame: pd.DataFrame, region: str) -> Text:
    """Read the types: which is commonest, and how many districts stand apart in their cluster."""
    counts = frame["type"].value_counts()
    apart = int((frame["position"] != "near").sum())
    most = " และ".join(TYPES[code] for code in sorted(counts.index[counts == counts.max()]))
    return notes.reading(
        f"ใน{regions.label(region)} ประเภทที่พบมากที่สุดคือ{most} {counts.max()} จาก {len(frame)} อำเภอ "
        f"มี {apart} อำเภอที่ช่วงความเชื่อมั่นของผลลัพธ์ไม่ครอบคลุมค่ากลางของกลุ่มจังหวัด "
        "นอกนั้นยังแยกจากค่ากลางไม่ได้"
    )


@dataclass(frozen=True)
class Paths:
    """What fsQCA found: the truth table, and the solution or the reason why there is none."""

    truth: TruthTable
    solution: Solution | None
    reason: str


def memberships(study: Study, anchors: tuple[float, float, float] = ANCHORS) -> pd.DataFrame:
    """Return each district's membership in the conditions and in a high outcome, by the direct method."""
    from castlib.stats import configurations as fsqca

    tool, people = instrument.load(), study.scores("actual")
    people["outcome"] = people[tool.outcomes].mean(axis=1, skipna=False)
    means = people.groupby("province")[[*CONDITIONS, "outcome"]].mean().dropna()
    return means.apply(lambda column: fsqca.calibrate(column, *column.quantile(list(anchors))))


def configurations(study: Study) -> Paths:
    """Return the fsQCA of the districts: four conditions of success for a high outcome.

    Membership is calibrated by the direct method at the 10th, 50th and 90th percentiles of the
    districts' means; a row of the truth table is sufficient from a consistency of 0.80 and
    a PRI of 0.50 on.
    """
    from castlib.stats import configurations as fsqca

    fuzzy = memberships(study)
    truth = fsqca.truth_table(fuzzy, "outcome", CONDITIONS, incl_cut=CONSISTENCY, pri_cut=PRI)
    try:
        return Paths(truth, fsqca.minimise(truth), "")
    except CastError as error:
        return Paths(truth, None, str(error))


def truth_table(paths: Paths) -> Table:
    """Return the combinations of conditions that districts have, most consistent first."""
    rows = paths.truth.rows.query("n > 0").sort_values("consistency", ascending=False)
    label = instrument.load().label
    for condition in CONDITIONS:
        rows[condition] = rows[condition].map({1: "●", 0: "○"})
    return tables.table(
        rows.assign(out=rows["out"] == "1"),
        "ตารางความจริง: เงื่อนไขของอำเภอกับผลลัพธ์สูง",
        [*CONDITIONS, "n", "consistency", "pri", "out"],
        note=(
            f"n = {paths.truth.n:,} อำเภอ; ● มี ○ ไม่มี; สอบเทียบแบบตรงที่เปอร์เซ็นไทล์ 10, 50 และ 90; "
            f"เพียงพอ (✓) เมื่อความสอดคล้องตั้งแต่ {CONSISTENCY:.2f} และ PRI ตั้งแต่ {PRI:.2f}"
        ),
        n="อำเภอ",
        consistency="ความสอดคล้อง",
        pri="PRI",
        out="เพียงพอ",
        **{condition: label(condition) for condition in CONDITIONS},
    )


def in_thai(term: str) -> str:
    """Return a term such as `a*~b` in Thai words."""
    label = instrument.load().label
    parts = [
        ("ไม่มี" if part.startswith("~") else "") + label(part.lstrip("~"))
        for part in term.split("*")
    ]
    return " + ".join(parts)


def solution(paths: Paths) -> Table | Text:
    """Return the terms of the conservative solution; the reason when there is none."""
    if paths.solution is None:
        return notes.reading("ไม่มีชุดเงื่อนไขใดที่เพียงพอต่อผลลัพธ์สูงตามเกณฑ์ที่ตั้งไว้")
    terms = paths.solution.terms.query("model == 1")
    fit = paths.solution.fit.iloc[0]
    return tables.table(
        terms.assign(label=terms["term"].map(in_thai)),
        "ชุดเงื่อนไขที่เพียงพอต่อผลลัพธ์สูง (คำตอบแบบอนุรักษ์)",
        ["label", "consistency", "pri", "coverage", "unique_coverage"],
        note=(
            f"ทั้งคำตอบ: ความสอดคล้อง {fit['consistency']:.2f} ความครอบคลุม {fit['coverage']:.2f}; "
            "เครื่องหมาย + อ่านว่า และ"
        ),
        label="ชุดเงื่อนไข",
        consistency="ความสอดคล้อง",
        pri="PRI",
        coverage="ความครอบคลุม",
        unique_coverage="ครอบคลุมเฉพาะ",
    )


def values(frame: pd.DataFrame, paths: Paths | None) -> dict[str, Value]:
    """Return the districts' named values; conditions on the country's page only."""
    counts = frame["type"].value_counts()
    saved = {"districts": Value(len(frame), 0, "อำเภอ", source=SOURCE)}
    saved |= {
        f"type.{code}": Value(int(counts.get(code, 0)), 0, "อำเภอ", source=SOURCE) for code in TYPES
    }
    low, high = _span(frame, None)
    saved |= {"map.low": Value(low, 1, source=SOURCE), "map.high": Value(high, 1, source=SOURCE)}
    if paths is None:
        return saved
    if paths.solution is None:
        saved["fsqca.solution"] = Value("ไม่มีชุดเงื่อนไขที่เพียงพอ", source=SOURCE)
        saved["fsqca.terms"] = Value(0, 0, "ชุด", source=SOURCE)
    else:
        fit, terms = paths.solution.fit.iloc[0], paths.solution.models[0]
        saved["fsqca.solution"] = Value(" หรือ ".join(map(in_thai, terms)), source=SOURCE)
        saved["fsqca.terms"] = Value(len(terms), 0, "ชุด", source=SOURCE)
        for name in ("consistency", "coverage"):
            saved[f"fsqca.{name}"] = Value(float(fit[name]), 2, "", paths.truth.n, source=SOURCE)
    return saved
