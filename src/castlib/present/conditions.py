"""The scaling phase: which conditions of a district are necessary or sufficient for a high outcome (fsQCA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy, protocol
from castlib.errors import CastError
from castlib.present import notes, tables, thai
from castlib.present.results import Value, or_dash

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.stats.configurations import Solution, TruthTable
    from castlib.store import Study

SOURCE = "respondents: success and outcomes by province"
CONDITIONS = protocol.CONDITIONS
ANCHORS = (0.10, 0.50, 0.90)  # quantiles of the district scores: fully out, cross-over, fully in
CONSISTENCY, PRI = 0.80, 0.50
NECESSARY, RELEVANT = 0.90, 0.60  # Schneider & Wagemann 2012; Ragin 2008
KINDS = {"complex": "อนุรักษ์", "intermediate": "ขั้นกลาง", "parsimonious": "กระชับ"}


@dataclass(frozen=True)
class Paths:
    """What fsQCA found: necessity, the truth table, and the solutions or the reason why there is none."""

    necessary: pd.DataFrame
    truth: TruthTable
    solutions: dict[str, Solution]
    reason: str

    @property
    def solution(self) -> Solution | None:
        """The conservative solution, which supposes nothing of combinations without cases."""
        return self.solutions.get("complex")


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
    a PRI of 0.50 on. The intermediate solution expects each condition to help.
    """
    from castlib.stats import configurations as fsqca

    fuzzy = memberships(study)
    necessary = fsqca.necessity(fuzzy, "outcome", CONDITIONS)
    truth = fsqca.truth_table(fuzzy, "outcome", CONDITIONS, incl_cut=CONSISTENCY, pri_cut=PRI)
    try:
        expect = dict.fromkeys(CONDITIONS, True)
        solutions = {kind: fsqca.minimise(truth, kind, expect) for kind in KINDS}
    except CastError as error:
        return Paths(necessary, truth, {}, str(error))
    return Paths(necessary, truth, solutions, "")


def necessity(paths: Paths) -> Table:
    """Return how far each condition, and its absence, is necessary for a high outcome."""
    frame = paths.necessary
    needed = (frame["consistency"] >= NECESSARY) & (frame["relevance"] >= RELEVANT)
    return tables.table(
        frame.assign(label=frame["condition"].map(in_thai), needed=needed),
        "เงื่อนไขที่จำเป็นต่อผลลัพธ์สูง",
        ["label", "consistency", "relevance", "coverage", "needed"],
        note=(
            f"n = {frame['n'].iloc[0]} อำเภอ; จำเป็น (✓) เมื่อความสอดคล้องตั้งแต่ {NECESSARY:.2f} "
            f"และความเกี่ยวข้อง (RoN) ตั้งแต่ {RELEVANT:.2f}"
        ),
        label="เงื่อนไข",
        consistency="ความสอดคล้อง",
        relevance="ความเกี่ยวข้อง",
        coverage="ความครอบคลุม",
        needed="จำเป็น",
    )


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
            f"เพียงพอ (✓) เมื่อความสอดคล้องตั้งแต่ {CONSISTENCY:.2f} และ PRI ตั้งแต่ {PRI:.2f}; "
            f"ไม่มีอำเภอใน {int((paths.truth.rows['n'] == 0).sum())} จาก {len(paths.truth.rows)} แบบ"
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
    """Return the terms of the three solutions, equal ones together; the reason when there is none."""
    if paths.solution is None:
        return notes.reading("ไม่มีชุดเงื่อนไขใดที่เพียงพอต่อผลลัพธ์สูงตามเกณฑ์ที่ตั้งไว้")
    parts, said = [], []
    for found, kinds in _distinct(paths):
        heading, fit = " = ".join(KINDS[kind] for kind in kinds), found.fit.iloc[0]
        terms = found.terms.query("model == 1")
        parts.append(terms.assign(kind=heading, label=terms["term"].map(in_thai)))
        more = (
            f" มี {len(found.models)} แบบจำลองที่สั้นเท่ากัน แสดงแบบแรก" if len(found.models) > 1 else ""
        )
        said.append(
            f"{heading}: ความสอดคล้อง {fit['consistency']:.2f} ความครอบคลุม {fit['coverage']:.2f}{more}"
        )
    return tables.table(
        pd.concat(parts),
        "ชุดเงื่อนไขที่เพียงพอต่อผลลัพธ์สูง",
        ["kind", "label", "consistency", "pri", "coverage", "unique_coverage"],
        note="; ".join([
            "ทั้งคำตอบ " + " ".join(said),
            "อนุรักษ์ไม่สมมติแถวที่ไม่มีอำเภอ ขั้นกลางสมมติเฉพาะที่เงื่อนไขแต่ละข้อช่วยให้ผลลัพธ์สูง กระชับสมมติทุกแถวที่ทำให้สั้นลง",
            "เครื่องหมาย + อ่านว่า และ",
        ]),
        kind="คำตอบ",
        label="ชุดเงื่อนไข",
        consistency="ความสอดคล้อง",
        pri="PRI",
        coverage="ความครอบคลุม",
        unique_coverage="ครอบคลุมเฉพาะ",
    )  # fmt: skip


def _distinct(paths: Paths) -> list[tuple[Solution, list[str]]]:
    """Return the solutions that differ, each with its kinds."""
    by_terms: dict[tuple, list[str]] = {}
    for kind, found in paths.solutions.items():
        by_terms.setdefault(tuple(map(tuple, found.models)), []).append(kind)
    return [(paths.solutions[kinds[0]], kinds) for kinds in by_terms.values()]


def reading(paths: Paths) -> Text:
    """Read the fsQCA: what is necessary, what is sufficient, how far, and what that does not say."""
    frame = paths.necessary
    needed = frame[(frame["consistency"] >= NECESSARY) & (frame["relevance"] >= RELEVANT)]
    most = frame.loc[frame["consistency"].idxmax()]
    first = (
        f"เงื่อนไขที่จำเป็นต่อผลลัพธ์สูงตามเกณฑ์คือ{thai.listed(list(needed['condition'].map(in_thai)))}"
        if len(needed)
        else "ไม่พบเงื่อนไขใดเพียงข้อเดียวที่จำเป็นต่อผลลัพธ์สูงตามเกณฑ์ "
        f"ใกล้ที่สุดคือ{in_thai(most['condition'])} (ความสอดคล้อง {most['consistency']:.2f})"
    )
    if paths.solution is None:
        return notes.reading(first)
    fit, terms = paths.solution.fit.iloc[0], paths.solution.models[0]
    named = " หรือ ".join(f"“{in_thai(term)}”" for term in terms)
    return notes.reading(
        first,
        f"อำเภอที่มี{named} มักมีผลลัพธ์สูง (ความสอดคล้อง {fit['consistency']:.2f}) "
        f"และชุดเหล่านี้ครอบคลุมร้อยละ {100 * fit['coverage']:.0f} ของผลลัพธ์สูง "
        "สูงในที่นี้คือสูงเมื่อเทียบกับอำเภอนำร่องด้วยกัน และเป็นแบบแผนที่พบร่วมกัน มิใช่ข้อพิสูจน์ของเหตุและผล",
    )


def values(paths: Paths | None) -> dict[str, Value]:
    """Return the solution and its fit, and how many conditions are necessary; nothing where not analysed."""
    if paths is None:
        return {}
    n, frame = paths.truth.n, paths.necessary
    needed = int(((frame["consistency"] >= NECESSARY) & (frame["relevance"] >= RELEVANT)).sum())
    saved = {"fsqca.necessary": Value(needed, 0, "เงื่อนไข", n, source=SOURCE)}
    if paths.solution is None:
        saved["fsqca.solution"] = Value("ไม่มีชุดเงื่อนไขที่เพียงพอ", source=SOURCE)
        saved["fsqca.terms"] = Value(0, 0, "ชุด", source=SOURCE)
        return or_dash(saved, "fsqca.consistency", "fsqca.coverage")
    fit, terms = paths.solution.fit.iloc[0], paths.solution.models[0]
    saved["fsqca.solution"] = Value(" หรือ ".join(map(in_thai, terms)), source=SOURCE)
    saved["fsqca.terms"] = Value(len(terms), 0, "ชุด", source=SOURCE)
    for name in ("consistency", "coverage"):
        saved[f"fsqca.{name}"] = Value(float(fit[name]), 2, "", n, source=SOURCE)
    return saved


__getattr__, __dir__ = lazy.offered(__name__)
