"""The guidelines phase: what to do first, on what evidence, and what people propose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, mixed
from castlib.present import displays, notes, readings, tables, thai
from castlib.present.results import National, Value
from castlib.text import agreement, coding
from castlib.text import quotes as quoting

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents and codings: needs, obstacles and proposals"
CONCERNS = mixed.SIDES[3][0]


def rank(study: Study, needs: pd.DataFrame) -> pd.DataFrame:
    """Return the constructs by priority with their evidence, codes, segments and a proposal in people's words.

    `needs` is `castlib.stats.needs.pni` of the constructs. The order and the strength are
    `castlib.mixed.priorities`'; quote is missing where no proposal may be quoted.
    """
    codings = study.codings[study.codings["kind"] == "participants"]
    heard = mixed.voices(codings, 3, list(needs["item"]))
    book = coding.codebook().set_index("code")
    own = coding.consensus(study.codings)
    own = own.assign(
        kind_of=own["code"].map(book["kind"]), topic=own["code"].map(book["construct"])
    )
    own = own[own["kind_of"].isin(CONCERNS)]
    kinds = own.groupby("topic")["kind"].nunique().to_dict()
    found = mixed.priorities(displays.labelled(needs), heard, kinds, _alphas(study.codings))
    people = own[own["kind"] == "participants"]
    segments = people.groupby("code")["segment"].nunique().to_dict()
    for kind in CONCERNS:
        found[kind] = [[(code, n) for code, n in codes if book["kind"][code] == kind]
                       for codes in found["codes_for"]]  # fmt: skip
    found["trail"] = [[(code, segments[code]) for code, _ in codes] for codes in found["codes_for"]]
    return found.assign(kinds_heard=found["topic"].map(kinds).fillna(0).astype(int),
                        quote=_quotes(study, found))  # fmt: skip


def _alphas(codings: pd.DataFrame) -> dict[str, float]:
    read = codings.groupby("segment")["coder"].nunique()
    if (read < 2).all() or codings["code"].isna().all():
        return {}
    found = agreement.agreement(codings, repeats=1).codes
    return dict(zip(found["code"], found["alpha"], strict=True))


def _quotes(study: Study, found: pd.DataFrame) -> list[str | None]:
    """Return for each construct a quote of its most widespread proposal, or None."""
    codes = [next((code for code, _ in listed), None) for listed in found["proposal"]]
    people = study.segments[study.segments["kind"] == "participants"]
    chosen = quoting.choose(people, study.codings, [code for code in codes if code], n=1)
    said = {row.code: f"“{row.text}” ({row.informant} {row.place})" for row in chosen.itertuples()}
    return [said.get(code) for code in codes]


def _shares(codes: list[tuple[str, int]], of: int, trail: Mapping[str, int]) -> str:
    names = readings.theme_labels()
    told = (f"{names[code]} {groups}/{of} กลุ่ม ({trail[code]} ตอน)" for code, groups in codes)
    return "; ".join(told) or thai.MISSING


def table(found: pd.DataFrame) -> Table:
    """Return what a policy maker reads: priority, what, evidence to its passages, strength, and proposals."""
    rows = list(found.itertuples())
    frame = found.assign(
        numbers=[
            f"PNI {r.pni:.3f} ลำดับ {r.rank:.0f} ({r.rank_low:.0f}–{r.rank_high:.0f})" for r in rows
        ],
        obstacles=[_shares(r.obstacle, r.of_groups, dict(r.trail)) for r in rows],
        proposals=[_shares(r.proposal, r.of_groups, dict(r.trail)) for r in rows],
        strength=[f"{mixed.STRENGTHS[r.strength]} ({r.signs}/{len(mixed.SIGNS)})" for r in rows],
    )
    return tables.table(
        frame,
        "ลำดับเรื่องที่ควรปรับปรุง พร้อมหลักฐานและข้อเสนอ",
        ["priority", "label", "numbers", "obstacles", "proposals", "strength", "quote"],
        note=(
            "ลำดับมาจากค่าเฉลี่ยของลำดับ PNI กับลำดับของจำนวนกลุ่มผู้เข้าร่วมโครงการที่กล่าวถึงอุปสรรคหรือข้อเสนอ "
            "ความหนักแน่นนับสี่ข้อ: ลำดับ PNI อยู่ครึ่งบนในการสุ่มซ้ำร้อยละ 95, อย่างน้อยครึ่งหนึ่งของกลุ่มกล่าวถึง, "
            "ผู้ให้ข้อมูลอย่างน้อยสองประเภทกล่าวถึง, และ α ของผู้ลงรหัสตั้งแต่ "
            f"{mixed.RELIABLE} ทุกรหัส (Krippendorff 2004); สามข้อขึ้นไป = หนักแน่น สองข้อ = ปานกลาง นอกนั้น = อ่อน "
            "พื้นที่ที่มีผู้ให้ข้อมูลประเภทเดียวได้ไม่เกินสามข้อ; ตอนคือข้อความของผู้เข้าร่วมโครงการที่ได้รหัสนั้น"
        ),
        priority="ลำดับ",
        label="เรื่อง",
        numbers="หลักฐานจากตัวเลข",
        obstacles="อุปสรรค",
        proposals="ข้อเสนอ",
        strength="ความหนักแน่น",
        quote="ข้อเสนอในถ้อยคำของผู้ให้ข้อมูล",
    )


def told(needs: pd.DataFrame, country: National | None) -> dict[str, Table]:
    """Return the three greatest needs as a named table, for a page that tells a region at a glance."""
    shown = displays.needs(needs, country).first(3)
    return {"needs": shown.only(*(name for name in shown.names if name != "rank"))}


def reading(found: pd.DataFrame) -> Text:
    """Read the priorities: the first, how strong its evidence is, and which others are strong."""
    first = found.iloc[0]
    strong = list(found.loc[found["strength"] == "strong", "label"])
    said = (
        f"เรื่องที่ควรปรับปรุงก่อนคือ{first['label']} (PNI = {first['pni']:.3f} "
        f"กล่าวถึงใน {first['for_groups']} จาก {first['of_groups']} กลุ่ม) "
        f"หลักฐาน{mixed.STRENGTHS[first['strength']]}"
    )
    also = f"เรื่องที่หลักฐานหนักแน่นคือ {thai.listed(strong)}" if strong else "ยังไม่มีเรื่องใดที่หลักฐานหนักแน่น"
    return notes.reading(said, also)


def values(found: pd.DataFrame) -> dict[str, Value]:
    """Return the priorities by number (label, strength), and how many are of each strength."""
    saved = {}
    for row in found.head(3).itertuples():
        name = f"priority.{row.priority}"
        saved[f"{name}.label"] = Value(row.label, source=SOURCE)
        saved[f"{name}.strength"] = Value(mixed.STRENGTHS[row.strength], n=row.signs, source=SOURCE)
        saved[f"{name}.groups"] = Value(row.for_groups, 0, "กลุ่ม", row.of_groups, source=SOURCE)
        first = next((code for code, _ in row.proposal), None)
        said = readings.theme_labels()[first] if first else "ไม่มีข้อเสนอ"
        saved[f"{name}.proposal"] = Value(said, source=SOURCE)
    counts = found["strength"].value_counts()
    return saved | {
        f"strength.{code}": Value(int(counts.get(code, 0)), 0, "เรื่อง", source=SOURCE)
        for code in mixed.STRENGTHS
    }


__getattr__, __dir__ = lazy.offered(__name__)
