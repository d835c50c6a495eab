"""The words of the text as pages show them: said most, key, in context, in company, and topics."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, protocol, regions
from castlib.present import notes, tables, thai
from castlib.present.results import National
from castlib.text import collocations, frequency, topics
from castlib.text import words as thai_words
from castlib.text.kwic import kwic

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study
    from castlib.text.frequency import WordCounts

SHOWN, PAIRS, WORDS, LINES = 15, 10, 3, 2
KEY, MARKED = "คำ", "เด่นชัด"
EXPLORATORY = "เชิงสำรวจ"
FEW = "พื้นที่นี้มีกลุ่มสนทนาเดียว คำของกลุ่มเดียวบอกไม่ได้ว่าแพร่หลายเพียงใด และอาจชี้ตัวผู้พูด"


def _one_group(study: Study) -> str | None:
    """Return why words are not shown by people and in context, or None where several groups spoke."""
    return FEW if study.segments["group"].nunique() < 2 else None


def frequent(study: Study, counts: WordCounts) -> Table | Text:
    """Return the words that most people said, of how many people and groups, and how evenly spread."""
    said = frequency.frequencies(counts).head(SHOWN)
    for unit in ("people", "groups"):
        pairs = zip(said[unit], said[f"of_{unit}"], strict=True)
        said[unit] = [f"{n:,}/{of:,}" for n, of in pairs]
    return notes.refusal(_one_group(study)) or tables.table(
        said,
        f"คำที่มีผู้กล่าวถึงมากที่สุดใน{regions.label(study.region)}",
        ["word", "people", "groups", "n", "per_thousand", "dp"],
        decimals={"per_thousand": 1, "dp": 2},
        note=(
            "นับคำเนื้อหาหลังตัดคำและตัดคำหยุด เรียงตามจำนวนผู้พูด; ผู้พูดและกลุ่มแสดงเป็น ที่กล่าวถึง/ทั้งหมด; "
            "DP ใกล้ 0 = กระจายทั่วทุกกลุ่ม ใกล้ 1 = กระจุกในกลุ่มเดียว"
        ),
        people="ผู้พูด",
        groups="กลุ่ม",
        n="ครั้ง",
        per_thousand="ต่อพันคำ",
        dp="DP",
    )


def key_words(country: National | None, region: str) -> Table | None:
    """Return the region's key words against the rest; None on the country's page, which has no rest."""
    return None if country is None else country.table(f"keywords.{region}")


def national_tables(study: Study, counts: WordCounts) -> dict[str, Table]:
    """Return every region's key words against the rest of the country; only TH has what it takes."""
    if study.region != regions.COUNTRY:
        return {}
    found: dict[str, Table] = {}
    places = regions.provinces().set_index("province", drop=False)
    for by in regions.LEVELS:
        least = 1 if by == "province" else 2  # a province is one group
        placed = counts.segments.assign(**{by: counts.segments["province"].map(places[by])})
        said = frequency.keyness(replace(counts, segments=placed), by=by, min_groups=least)
        said = dict(tuple(said[said["groups"] >= least].groupby(by)))
        for code in places[by].unique():
            found[f"keywords.{code}"] = _keyword_table(said.get(code, _no_words()), by)
    return found


def _no_words() -> pd.DataFrame:
    return pd.DataFrame(columns=["word", "n", "groups", "g2", "log_ratio", "dp", "p_fdr", "key"])


def _keyword_table(said: pd.DataFrame, by: str) -> Table:
    spread = [] if by == "province" else ["groups", "dp"]
    return tables.table(
        said.head(SHOWN).assign(p=said["p_fdr"]),
        "คำที่พื้นที่กล่าวถึงบ่อยกว่าส่วนอื่นของประเทศ",
        ["word", "n", *spread, "g2", "log_ratio", "p", "key"],
        decimals={"g2": 1, "log_ratio": 1},
        note=(
            "เรียงตามค่า G²; log ratio 1 = พบบ่อยเป็นสองเท่าของส่วนอื่น; p ปรับให้คุมสัดส่วนคำที่เด่นโดยบังเอิญ "
            "(FDR ของ Benjamini–Hochberg); เด่นชัด (✓) = มีนัยสำคัญหลังปรับด้วยวิธีของ Holm ซึ่งเข้มกว่า "
            "คำที่ไม่เด่นชัดอาจต่างจากส่วนอื่นโดยบังเอิญ" + ("; DP ใกล้ 1 = กระจุกในกลุ่มเดียว" if spread else "")
        ),
        n="ครั้ง",
        groups="กลุ่ม",
        dp="DP",
        g2="G²",
        log_ratio="log ratio",
        p="p (FDR)",
        key=MARKED,
    )


def in_context(study: Study, key: Table | None) -> Table | Text | None:
    """Return a few lines with each of the first key words; None on the country's page."""
    if key is None:
        return None
    marked = [row[0] for row in key.rows if row[key.columns.index(MARKED)] == "✓"][:WORDS]
    said = study.segments[study.segments["kind"] == "participants"]
    lines = pd.concat([_lines(said, word) for word in ["", *marked]])
    refused = _one_group(study) or (None if len(lines) else "ไม่มีคำเด่นชัดที่มีถ้อยคำซึ่งแสดงได้โดยไม่ชี้ตัวผู้พูด")
    return notes.refusal(refused) or concordance(
        lines, "คำเด่นชัดในบริบท", "กลุ่มละไม่เกินหนึ่งบรรทัดต่อคำ ไม่แสดงบรรทัดที่เอ่ยชื่อพื้นที่หรือมีรหัสแทนบุคคล"
    )


def _lines(said: pd.DataFrame, word: str) -> pd.DataFrame:
    """Return the lines of a word that may be shown: no place named, nobody meant, one a group."""
    return clear(kwic(said, word)).head(LINES) if word else kwic(said.head(0), "คำ")


def clear(found: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of `kwic` that may be shown: no place named, nobody meant, one a group."""
    texts = found["left"] + found["keyword"] + found["right"]
    places = thai_words.places()
    hidden = [
        "[" in text or not places.isdisjoint(pieces)
        for text, pieces in zip(texts, thai_words.segment_all(texts), strict=True)
    ]
    return found[[not line for line in hidden]].drop_duplicates("group")


def concordance(lines: pd.DataFrame, caption: str, note: str = "") -> Table:
    """Return lines of `kwic` with the keywords one under the other, told by informant and cluster.

    Whether a line may be shown is for the caller to see to; it says what was said, word by word.
    """
    home = lines["cluster"].map(lambda code: regions.label(code), na_action="ignore")
    shown = lines.assign(
        informant=lines["kind"].map(protocol.informant_label),
        place=home.astype("object").where(home.notna(), thai.MISSING),
    )
    made = tables.table(
        shown,
        caption,
        ["informant", "place", "left", "keyword", "right"],
        note=note,
        informant="ผู้ให้ข้อมูล",
        place="พื้นที่",
        left="ก่อนหน้า",
        keyword=KEY,
        right="ถัดไป",
    )
    return replace(made, numeric=(False, False, True, False, False))


def company(study: Study, counts: WordCounts) -> Table | Text:
    """Return the closest pairs of words that several groups said."""
    found = collocations.collocations(counts).sort_values("g2", ascending=False)
    found = found.drop_duplicates("word").head(PAIRS)
    reason = _one_group(study) or (None if len(found) else "ไม่มีคู่คำที่กล่าวซ้ำในหลายกลุ่มมากพอ")
    pairs = zip(found["groups"], found["of_groups"], strict=True)
    return notes.refusal(reason) or tables.table(
        found.assign(groups=[f"{n:,}/{of:,}" for n, of in pairs]),
        "คำที่มักกล่าวต่อกัน",
        ["word", "follower", "n", "people", "groups", "log_dice"],
        decimals={"log_dice": 1},
        note=(
            f"คำหลังอยู่ภายใน {collocations.WINDOW} คำเนื้อหาถัดจากคำแรกในข้อความเดียวกัน เรียงตามค่า G² คำแรกละคู่; "
            "logDice ยิ่งใกล้ 14 ยิ่งกล่าวคู่กันเสมอ"
        ),
        follower="คำถัดไป",
        n="ครั้ง",
        people="ผู้พูด",
        groups="กลุ่ม",
        log_dice="logDice",
    )


def explored(study: Study, counts: WordCounts) -> Table | Text:
    """Return topics that the words fall into by themselves, as exploration; for the country only."""
    reason = notes.country_only(study.region, f"หัวเรื่อง{EXPLORATORY}จากคำ")
    if reason:
        return notes.refusal(reason)
    found = topics.explore(counts)
    return tables.table(
        found.assign(shared=100 * found["shared"]),
        f"หัวเรื่องที่คอมพิวเตอร์จัดจากคำ ({EXPLORATORY})",
        ["topic", "words", "people", "groups", "shared", "stable"],
        decimals=0,
        note=(
            f"{EXPLORATORY}: ใช้หาเรื่องที่สมุดรหัสอาจขาด ไม่ใช่ข้อค้นพบ; แยกด้วย NMF จากคำของ "
            f"{found['of_people'].iloc[0]:,} คนใน {found['of_groups'].iloc[0]:,} กลุ่ม; ได้ซ้ำ = ร้อยละของสิบคำแรกที่ได้อีก "
            "เมื่อเริ่มแบบสุ่มใหม่จากผู้พูดสี่ในห้า; จำนวนหัวเรื่องกำหนดไว้ก่อน หัวเรื่องที่ไม่คงตัว (✗) อาจเกิดโดยบังเอิญ"
        ),
        topic="หัวเรื่อง",
        words="คำที่มีน้ำหนักมากที่สุด",
        people="ผู้พูด",
        groups="กลุ่ม",
        shared="ได้ซ้ำ (ร้อยละ)",
        stable="คงตัว",
    )


__getattr__, __dir__ = lazy.offered(__name__)
