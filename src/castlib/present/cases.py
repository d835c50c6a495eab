"""The scaling phase: fsQCA's paths told with their cases' own words.

A path's typical cases are the districts that are more in than out of both the path and the outcome
(Schneider & Rohlfing 2013, doi:10.1177/0049124113481341). They are shown as clusters, never as
districts, and only their focus groups are quoted, by the rule of `castlib.text.quotes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy, regions
from castlib.present import conditions, tables, thai
from castlib.present.results import Value
from castlib.text import coding
from castlib.text import quotes as quoting

if TYPE_CHECKING:
    from castlib.present.conditions import Paths
    from castlib.present.results import National
    from castlib.present.tables import Table
    from castlib.store import Study

NAME = "paths"
SOURCE = f"{conditions.SOURCE}; codings"


def typical(fuzzy: pd.DataFrame, term: str) -> list[str]:
    """Return the cases that are more in than out of both a term such as `a*~b` and the outcome.

    >>> fuzzy = pd.DataFrame(
    ...     {"a": [0.9, 0.9, 0.4], "b": [0.2, 0.8, 0.1], "outcome": [0.8, 0.9, 0.9]}
    ... )
    >>> typical(fuzzy.set_index(pd.Index(["x", "y", "z"])), "a*~b")
    ['x']
    """
    parts = [
        1 - fuzzy[part[1:]] if part.startswith("~") else fuzzy[part] for part in term.split("*")
    ]
    inside = np.minimum.reduce([*parts, fuzzy["outcome"]]) > 0.5
    return list(fuzzy.index[inside])


def presence(paths: Paths | None, country: National | None) -> pd.DataFrame:
    """Return in how many paths of the solution each condition is present, or absent: item, present, absent, of.

    A region reads them from the country's page. Without a solution all are 0.
    """
    names = conditions.CONDITIONS
    if country is not None:
        counts = {s: [int(country[f"{name}.{s}"]) for name in names] for s in ("present", "absent")}
        return pd.DataFrame({"item": names, **counts, "of": int(country["fsqca.terms"])})
    terms = [] if paths.solution is None else [t.split("*") for t in paths.solution.models[0]]
    present = [sum(name in term for term in terms) for name in names]
    absent = [sum(f"~{name}" in term for term in terms) for name in names]
    return pd.DataFrame({"item": names, "present": present, "absent": absent, "of": len(terms)})


def told(study: Study, paths: Paths | None, country: National | None) -> Table:
    """Return each path with its typical cases and their words; a region's page reads the country's."""
    if country is not None:
        return country.table(NAME)
    terms = [] if paths.solution is None else paths.solution.models[0]
    fuzzy = conditions.memberships(study)
    clusters = regions.provinces().set_index("province")
    book = coding.codebook()
    rows = []
    for term in terms:
        cases = typical(fuzzy, term)
        there = [part for part in term.split("*") if not part.startswith("~")]
        own = book[book["construct"].isin(there)]
        sides = {
            term: tuple(
                list(own.loc[own["kind"] == kind, "code"]) for kind in ("driver", "obstacle")
            )
        }
        people = study.segments[study.segments["kind"] == "participants"]
        groups = people.loc[people["province"].isin(cases), "group"].unique()
        said = quoting.sides(people, study.codings, sides, groups)
        words = [f"“{row.text}” ({row.informant} {row.place})" for row in said.itertuples()]
        listed = list(dict.fromkeys(clusters["cluster_th"][cases]))
        rows.append(
            {
                "label": conditions.in_thai(term),
                "cases": len(cases),
                "clusters": ", ".join(listed) or thai.MISSING,
                "quote": next(iter(words), thai.MISSING),
                "other": next(iter(words[1:]), thai.MISSING),
            }
        )
    return tables.table(
        pd.DataFrame(rows, columns=["label", "cases", "clusters", "quote", "other"]),
        "ชุดเงื่อนไขเล่าด้วยถ้อยคำของอำเภอที่เป็นกรณีแบบฉบับ",
        ["label", "cases", "clusters", "quote", "other"],
        note=(
            "กรณีแบบฉบับคืออำเภอที่เป็นสมาชิกของทั้งชุดเงื่อนไขและผลลัพธ์สูงเกิน 0.5 แสดงเป็นกลุ่มจังหวัด ไม่แสดงชื่ออำเภอ "
            "ถ้อยคำแรกกล่าวถึงเงื่อนไขในฐานะปัจจัยความสำเร็จ ถ้อยคำถัดไปกล่าวถึงอุปสรรคในเรื่องเดียวกันถ้ามี "
            f"ใช้เฉพาะกลุ่มสนทนาของกรณีแบบฉบับ {quoting.RULE}"
        ),
        label="ชุดเงื่อนไข",
        cases="อำเภอ",
        clusters="กลุ่มจังหวัดของอำเภอ",
        quote="ถ้อยคำ",
        other="ถ้อยคำที่แย้ง หรือถ้อยคำถัดไป",
    )


def national_tables(table: Table, country: National | None) -> dict[str, Table]:
    """Return the paths' table for the regions' pages to read; only TH's page saves it."""
    return {NAME: table} if country is None else {}


def values(found: pd.DataFrame, level: pd.DataFrame, country: National | None) -> dict[str, Value]:
    """Return each condition's paths and mean by name, on the country's page only, for regions to read."""
    if country is not None:
        return {}
    saved = {
        f"{row.item}.{state}": Value(getattr(row, state), 0, "ชุด", row.of, source=SOURCE)
        for row in found.itertuples()
        for state in ("present", "absent")
    }
    return saved | {
        f"{row.item}.mean": Value(row.mean, 2, "คะแนน (1–5)", row.n, source=SOURCE)
        for row in level.itertuples()
    }


__getattr__, __dir__ = lazy.offered(__name__)
