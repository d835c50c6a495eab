"""How the package's variables are described: labels, values, and what was done to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castlib import instrument, regions
from castlib.release import people
from castlib.release.plan import (
    SPSS_NOT_ANSWERED,
    SPSS_SUPPRESSED,
    SUPPRESSED,
    Option,
    Plan,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

STATES = {"expected": ("ที่คาดหวัง", "expected"), "actual": ("ที่เป็นจริง", "actual")}
LEVELS = {
    "country": ("ทั่วประเทศ", "Country"),
    "macro_region": ("ภาค", "Macro region"),
    "cluster": ("กลุ่มจังหวัด", "Provincial cluster"),
}
HELD_BACK = {"blank_th": "ไม่แสดง (withheld)", "blank_en": "withheld"}
WITHHELD = Variable("withheld", "boolean", "nominal", "ไม่แสดงเพราะจำนวนน้อย", "Withheld because few")


def options(pairs: Iterable[tuple[str, str, str]]) -> tuple[Option, ...]:
    """Return options numbered from 1 in their order; a code that comes twice counts once."""
    once = {code: (th, en) for code, th, en in pairs}
    return tuple(Option(code, n, *labels) for n, (code, labels) in enumerate(once.items(), 1))


def places(*levels: str) -> tuple[Option, ...]:
    """Return the regions of some levels (country, macro_region, cluster, province) as options."""
    listed, found = regions.provinces(), []
    for level in levels:
        if level == "country":
            found.append((regions.COUNTRY, *LEVELS["country"]))
            continue
        english = "name_en" if level == "province" else f"{level}_en"
        thai = "name_th" if level == "province" else f"{level}_th"
        if english not in listed:
            listed[english] = listed[level].str.replace("-", " ").str.capitalize()
        found += listed[[level, thai, english]].itertuples(index=False, name=None)
    return options(found)


def quasi(name: str, plan: Plan) -> Variable:
    """Describe a quasi-identifier: its values, and what was done to it."""
    place = name in (plan.quasi[0], plan.coarser)
    if place:
        values, (th, en) = places(name), LEVELS[name]
        note = "สรุปจากจังหวัดของผู้ตอบ", "Made from the respondent's province."
    else:
        th, en = plan.labels(name)
        values = options((o["code"], o["label_th"], o["label_en"]) for o in plan.options(name))
        note = ("ไม่ได้รวมกลุ่ม", "Not grouped.")
        if plan.source(name) != name:
            note = (f"รวมกลุ่มจาก {plan.source(name)}", f"Grouped from {plan.source(name)}.")
        values += (Option("", SPSS_NOT_ANSWERED, "ไม่ตอบ", "Not answered", missing=True),)
    gone = Option(SUPPRESSED, SPSS_SUPPRESSED, "ปกปิด", "Suppressed", missing=True)
    return Variable(
        name,
        "string",
        "nominal",
        th,
        en,
        (*values, gone),
        blank_th="" if place else "ไม่ตอบ",
        blank_en="" if place else "not answered",
        note_th=f"{note[0]} ปกปิดบางค่าให้ผู้ที่เหมือนกันมีอย่างน้อย {plan.k} คน",
        note_en=f"{note[1]} Some cells suppressed so that at least {plan.k} people are alike.",
    )


def answers(plan: Plan) -> list[Variable]:
    """Describe every answer column."""
    tool = plan.tool
    items = tool.items.set_index("item")
    blank = {
        "blank_th": "ไม่ตอบ อ่านไม่ได้ หรือนอกช่วง",
        "blank_en": "not answered, unreadable or out of range",
    }
    found = []
    for column in tool.answer_columns:
        item, _, state = column.rpartition("_")
        asked = items.loc[item if state in STATES else column]
        th, en = asked["text_th"], asked["text_en"]
        if state in STATES:
            th, en = f"{th} [{instrument.STATES[state]}]", f"{en} [{state} state]"
        own = tool.choices[tool.choices["list"] == asked["choices"]]
        levels = options(own[["value", "label_th", "label_en"]].itertuples(index=False, name=None))
        missing = Option("", SPSS_NOT_ANSWERED, "ไม่ตอบ", "Not answered", missing=True)
        found.append(
            Variable(column, "integer", "ordinal", th, en, (*levels, missing), 1, 5, **blank)
        )
    return found


def scores(plan: Plan) -> list[Variable]:
    """Describe every construct score."""
    names = plan.tool.constructs.set_index("construct")
    missing = Option("", SPSS_NOT_ANSWERED, "คำนวณไม่ได้", "Cannot be computed", missing=True)
    found = []
    for score, (construct, state, columns) in people.score_columns(plan).items():
        th, en = names.loc[construct, ["name_th", "name_en"]]
        state_th, state_en = STATES.get(state, ("", ""))
        found.append(
            Variable(
                score,
                "number",
                "scale",
                f"คะแนน{th} {state_th}".strip(),
                f"Score: {en} {state_en}".strip(),
                (missing,),
                1,
                5,
                blank_th="มีคำตอบที่ขาด",
                blank_en="an answer is missing",
                note_th=f"ค่าเฉลี่ยของ {len(columns)} ข้อ: {columns[0]} ถึง {columns[-1]}",
                note_en=f"Mean of {len(columns)} items: {columns[0]} to {columns[-1]}.",
            )
        )
    return found


def where(*levels: str) -> list[Variable]:
    """Describe the level and the region of an aggregate."""
    named = options((level, *LEVELS[level]) for level in levels)
    return [
        Variable("level", "string", "nominal", "ระดับพื้นที่", "Level of the region", named),
        Variable("region", "string", "nominal", "พื้นที่", "Region", places(*levels)),
    ]


def count(name: str, th: str, en: str, low: int = 0) -> Variable:
    """Describe a count of which few are withheld."""
    return Variable(name, "integer", "scale", th, en, low=low, **HELD_BACK)
