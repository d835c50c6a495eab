"""The scaling phase: where districts stand, what kinds there are, which conditions, what more needs.

A district's ten people are a small cell. A district is shown by a shrunken estimate with its interval
and by its position, never by a percentage; its name is its province's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, protocol, regions
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
CONSISTENCY = 0.80
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
    home = study.region if regions.level(study.region) == "cluster" else regions.provinces().set_index("province").loc[study.region, "cluster"]
    shown = country.table(f"districts.{home}")
    frame = pd.DataFrame(list(shown.rows), columns=["province", *LEVELS, "type", "position"])
    frame = frame.astype(dict.fromkeys(LEVELS, float))
    return frame[frame["province"].isin(own)].reset_index(drop=True)


def _estimate(people: pd.DataFrame) -> pd.DataFrame:
    from castlib.stats import models

    parts = []
    for score in ("success", "outcome"):
        found = models.multilevel(people.dropna(subset=[score]), score, "province").groups
        named = {"group": "province", "estimate": score, "low": f"{score}_low", "high": f"{score}_high"}
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
    shown = _named(frame).assign(position=frame["position"].map(POSITIONS), kind=frame["type"].map(TYPES))
    for score in ("success", "outcome"):
        ends = zip(frame[f"{score}_low"], frame[f"{score}_high"], strict=True)
        shown[f"{score}_ci"] = [thai.interval(low, high) for low, high in ends]
    many = region == regions.COUNTRY
    return tables.table(
        shown.sort_values(["cluster", "label"]) if many else shown,
        "ค่าประมาณแบบหดของอำเภอนำร่องและตำแหน่งในกลุ่มจังหวัด",
        ["label", *(["cluster"] if many else []), "success", "success_ci", "outcome", "outcome_ci", "position"],
        note="คะแนน 1–5; ตำแหน่งเทียบช่วงของผลลัพธ์กับค่ามัธยฐานของกลุ่มจังหวัด",
        label="อำเภอนำร่อง จังหวัด",
        success="องค์ประกอบ",
        success_ci="95% CI",
        outcome="ผลลัพธ์",
        outcome_ci="95% CI",
        position="ตำแหน่ง",
    )


def figure(frame: pd.DataFrame, region: str) -> Figure:
    """Return the map of the districts' outcome, by province."""
    named = _named(frame).sort_values("outcome")
    extremes = f"ต่ำสุด {named['label'].iloc[0]} {named['outcome'].iloc[0]:.2f}; สูงสุด {named['label'].iloc[-1]} {named['outcome'].iloc[-1]:.2f}"
    return maps.provinces(
        dict(zip(frame["province"], frame["outcome"], strict=True)),
        region=region,
        label="ผลลัพธ์ของอำเภอนำร่อง (คะแนน 1–5 ค่าประมาณแบบหด)",
        caption="ผลลัพธ์ของอำเภอนำร่องรายจังหวัด เส้นหนาคือเขตกลุ่มจังหวัด จังหวัดลายขีดไม่มีข้อมูล",
        alt=extremes,
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
    """The configurations found: how districts were calibrated, the truth table, the solution."""

    necessity: pd.DataFrame
    truth: TruthTable
    solution: Solution
    cases: int


def configurations(study: Study) -> Paths:
    """Return the fsQCA of the districts: four conditions of success for a high outcome.

    Membership is calibrated by the direct method at the 10th, 50th and 90th percentiles of the
    districts' means; a row of the truth table is sufficient from a consistency of 0.80 on.
    """
    from castlib.stats import configurations as fsqca

    tool, people = instrument.load(), study.scores("actual")
    people["outcome"] = people[tool.outcomes].mean(axis=1, skipna=False)
    means = people.groupby("province")[[*CONDITIONS, "outcome"]].mean().dropna()
    anchors = {column: tuple(means[column].quantile(list(ANCHORS))) for column in means}
    fuzzy = pd.DataFrame({c: fsqca.calibrate(means[c], *anchors[c]) for c in means}, index=means.index)
    needed = fsqca.necessity(fuzzy, "outcome", list(CONDITIONS))
    truth = fsqca.truth_table(fuzzy, "outcome", list(CONDITIONS), incl_cut=CONSISTENCY)
    return Paths(needed, truth, fsqca.minimise(truth), len(means))


def expansion(study: Study, country: National | None) -> pd.DataFrame:
    """Return what following the expansion to every district would take, from the pilot's own ICC."""
    from castlib.stats import design, models

    plan, per = protocol.load(), protocol.load().per_district["answers"]
    if country is None:
        icc = models.multilevel(scores(study).dropna(subset=["outcome"]), "outcome", "province").icc
    else:
        icc = country["icc"]
    found = design.plan(icc, per, plan.districts_total)
    return pd.DataFrame({"icc": [icc], "districts": plan.districts_total, "people": plan.districts_total * per,
                         "design_effect": found.design_effect, "n_needed": found.n_needed})  # fmt: skip


def values(frame: pd.DataFrame, paths: Paths | None, reach: pd.DataFrame) -> dict[str, Value]:
    """Return the phase's named values."""
    counts = frame["type"].value_counts()
    saved = {"districts": Value(len(frame), 0, "อำเภอ", source=SOURCE)}
    saved |= {f"type.{code}": Value(int(counts.get(code, 0)), 0, "อำเภอ", source=SOURCE) for code in TYPES}
    return saved
