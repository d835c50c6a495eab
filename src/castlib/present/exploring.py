"""What a researcher asks while exploring and no page of the book has: answers, relations, words, quotes.

The rules of the pages hold here too: counts and means of categories of people are for the country only,
where no count is small, and words are shown only of people who stay unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, labels, lazy, regions
from castlib.present import displays, figures, notes, readings, tables, words
from castlib.present.displays import labelled
from castlib.privacy import cells
from castlib.text import coding, kwic
from castlib.text import quotes as quoting
from castlib.text.words import normalise

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

LINES, QUOTES = 30, 10


def answers(respondents: pd.DataFrame, column: str) -> Table | Text:
    """Return how many chose each of an item's five answers, or why the page does not tell.

    Nothing is withheld in part: an item's mean and S.D., which the page shows too, would tell the rest,
    as would the country's counts less those of the other clusters.
    """
    frame = _counted(respondents[column])
    if refused := notes.refusal(_small(respondents, frame)):
        return refused
    return tables.table(
        frame,
        f"คำตอบของข้อ “{instrument.load().label(column)}”",
        ["label", "n", "percent"],
        decimals={"percent": 1},
        note=f"ผู้ตอบ {frame['n'].sum():,} คน",
        label="คำตอบ",
        n="คน",
        percent="ร้อยละ",
    )


def answers_figure(respondents: pd.DataFrame, column: str) -> Figure | None:
    """Return the share of each answer, or None where `answers` does not tell."""
    frame = _counted(respondents[column]).round({"percent": 1})
    if _small(respondents, frame):
        return None
    return figures.bars(
        frame,
        label="label",
        value="percent",
        xlabel="ร้อยละของผู้ตอบ",
        caption=f"คำตอบของข้อ “{instrument.load().label(column)}”",
        alt="; ".join(f"{row.label} ร้อยละ {row.percent:.1f}" for row in frame.itertuples()),
    )


def _small(respondents: pd.DataFrame, counted: pd.DataFrame) -> str | None:
    """Return why the counts of an item's answers are not told, or None."""
    own = "เห็นได้จากค่าเฉลี่ยเมื่อเลือกข้อคำถาม “ทั้งหมด” หรือ spss.frequencies ในโน้ตบุ๊กของตนเอง"
    if not _whole(respondents):
        return f"จำนวนคนที่เลือกแต่ละคำตอบนับรวมทั้งประเทศเท่านั้น ภาพของพื้นที่{own}"
    few = counted["n"].between(1, cells.LIMIT - 1)
    return f"มีคำตอบที่ผู้เลือกไม่ถึง {cells.LIMIT} คน ภาพของข้อนี้{own}" if few.any() else None


def _whole(people: pd.DataFrame) -> bool:
    """Return whether people are of the whole country."""
    return set(regions.clusters()) <= set(people["cluster"])


def _counted(given: pd.Series) -> pd.DataFrame:
    options = labels.values(given.name)
    counts = given.dropna().astype(int).value_counts().reindex(list(options), fill_value=0)
    told = [f"{value} {label}" for value, label in options.items()]
    percent = 100 * counts / counts.sum()
    return pd.DataFrame({"label": told, "n": counts.array, "percent": percent.array})


def means_figure(scores: pd.DataFrame, dv: str, between: str) -> Figure | None:
    """Return the groups' means with their intervals; None where the scores are not the whole country's.

    The released records lack some categories of people in smaller regions, so their means stay in.
    """
    from castlib.stats import levels

    if not _whole(scores):
        return None
    tool = instrument.load()
    asked = tool.questions.set_index("variable").loc[between]
    names = tool.options(asked["choices"])
    own = {code: scores[scores[between] == code] for code in names}
    rows = [
        levels.describe(some[[dv]], cluster=some["province"]).assign(label=names[code])
        for code, some in own.items()
        if some[dv].count() >= cells.LIMIT
    ]
    caption = f"ค่าเฉลี่ยของ{tool.label(dv)}ตาม{tool.label(between)}"
    return displays.means_figure(pd.concat(rows, ignore_index=True), caption)


def correlations(scores: pd.DataFrame, one: str, others: Sequence[str]) -> pd.DataFrame:
    """Return how one scale goes together with others: item, n, r, ci_low, ci_high, p (Pearson)."""
    from castlib.stats import groups

    found = {other: groups.correlation(scores, one, other) for other in others if other != one}
    rows = [(other, c.n, c.r, *c.ci, c.p) for other, c in found.items()]
    frame = pd.DataFrame(rows, columns=["item", "n", "r", "ci_low", "ci_high", "p"])
    frame["p"] = groups.holm(frame["p"].to_numpy(float))
    return frame.sort_values("r", ascending=False, ignore_index=True)


def correlation_table(found: pd.DataFrame, one: str) -> Table:
    """Return the table of one scale's correlations."""
    return tables.table(
        labelled(found),
        f"ความสัมพันธ์ของ{instrument.load().label(one)}กับองค์ประกอบและผลลัพธ์อื่น",
        ["label", "n", "r", "ci", "p"],
        note=(
            "สหสัมพันธ์ของเพียร์สัน; p ปรับด้วยวิธีของ Holm; ถือว่าผู้ตอบเป็นอิสระต่อกัน ผู้ตอบในอำเภอเดียวกันคล้ายกัน "
            "ช่วงจริงจึงกว้างกว่านี้; ความสัมพันธ์มิใช่เหตุและผล"
        ),
        r="r",
    )


def correlation_figure(found: pd.DataFrame, one: str) -> Figure:
    """Return one scale's correlations with their intervals, the closest first."""
    frame = labelled(found)
    return figures.intervals(
        frame,
        label="label",
        value="r",
        low="ci_low",
        high="ci_high",
        xlabel="r",
        caption=f"ความสัมพันธ์ของ{instrument.load().label(one)}กับองค์ประกอบและผลลัพธ์อื่น",
        alt="; ".join(f"{row.label} r = {row.r:.2f}" for row in frame.itertuples()),
    )


def quotable(study: Study) -> pd.DataFrame:
    """Return the segments whose words may be shown: clear by themselves, the speaker unknown."""
    said = study.segments.assign(text=study.segments["text"].map(normalise))
    return said[quoting.showable(said)]


def in_context(said: pd.DataFrame, word: str) -> Table | Text:
    """Return a word's places in segments that may be shown (`quotable`), one line a group."""
    if not normalise(word):
        return notes.refusal("ยังไม่ได้ระบุคำ")
    found = words.clear(kwic.kwic(said, word))
    if found.empty:
        return notes.refusal(f"ไม่พบคำว่า “{word}” ในถ้อยคำที่แสดงได้โดยไม่ชี้ตัวผู้พูด")
    shown = found.head(LINES)
    note = (
        f"พบใน {len(found):,} กลุ่ม แสดง {len(shown):,} บรรทัด กลุ่มละหนึ่งบรรทัด จากข้อความที่แสดงได้โดยไม่ชี้ตัวผู้พูดเท่านั้น "
        "จำนวนนี้จึงไม่ใช่ความถี่ของคำ"
    )
    return words.concordance(shown, f"คำว่า “{word}” ในบริบท", note)


def coded(study: Study) -> pd.DataFrame:
    """Return the quotes that may be shown for each code of the codebook (`castlib.text.quotes.choose`)."""
    book = coding.codebook()
    leaves = list(book.loc[book["parent"] != "", "code"])
    return quoting.choose(study.segments, study.codings, leaves, QUOTES)


def coded_table(chosen: pd.DataFrame, code: str) -> Table | Text:
    """Return the quotes of one code, told by informant and cluster only."""
    label = readings.theme_labels()[code]
    own = chosen[chosen["code"] == code]
    if own.empty:
        return notes.refusal(f"ไม่มีถ้อยคำของประเด็น “{label}” ที่แสดงได้ตามเกณฑ์: {quoting.RULE}")
    return tables.table(
        own,
        f"ถ้อยคำที่ลงรหัส “{label}”",
        ["text", "informant", "place"],
        note=quoting.RULE,
        text="ถ้อยคำ",
        informant="ผู้ให้ข้อมูล",
        place="พื้นที่",
    )


def saved(content: Mapping, caption: str) -> Table:
    """Return the named results of a notebook (`results.read`) as a table: what the book's prose uses."""
    rows = [
        {"label": name, "shown": v["shown"], "unit": v["unit"], "n": v["n"], "source": v["source"]}
        for name, v in content["values"].items()
    ]
    frame = pd.DataFrame(rows).astype({"n": "Int64"})
    made = tables.table(
        frame,
        caption,
        ["label", "shown", "unit", "n", "source"],
        note="ผลที่โน้ตบุ๊กบันทึกไว้เมื่อทำครั้งล่าสุด หนังสืออ้างผลด้วยชื่อเหล่านี้",
        label="ชื่อของผล",
        shown="ค่า",
        unit="หน่วย",
        source="มาจาก",
    )
    return replace(made, numeric=(False, True, False, True, False))


__getattr__, __dir__ = lazy.offered(__name__)
