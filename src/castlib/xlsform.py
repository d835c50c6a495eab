"""The questionnaire as an XLSForm, the workbook from which KoboToolbox and ODK make an online form.

Columns come back from those systems under the instrument's own names, so their exports are read by the
intake as they are. Each construct is a page; a success item stands there twice, as it should be and
as it is. Nothing is asked of the device or of its user: the only metadata is `end`, the time of
completion with its offset from UTC, by which an answer is on time even where the server's time is left
out of an export.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from castlib import instrument, protocol, regions, workbooks
from castlib.intake.answers import LONGEST_TEXT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FORM = "cast_questionnaire"
LANGUAGES = {"th": "ไทย (th)", "en": "English (en)"}
STATES_EN = {"expected": "Expected state", "actual": "Actual state"}
PAGE, SCALE, LONG_LIST, LINES = "field-list", "likert", "minimal autocomplete", "multiline"


def survey() -> dict[str, pd.DataFrame]:
    """Return the form's worksheets by name.

    Returns
    -------
    dict of DataFrame
        `survey` (type, name, labels, required, appearance, constraint and its messages), `choices`
        (list_name, name, labels) and `settings` (form_title, form_id, version, default_language,
        style). All cells are text; the version is a digest of the two others, so that a changed
        instrument is a new version.
    """
    import pandas as pd

    tool = instrument.load()
    asked = tool.questions
    rows = [_row("end", "end"), *_page("background", "ข้อมูลทั่วไป", "About you", _background(tool))]
    for construct in tool.constructs.itertuples():
        items = tool.items[tool.items["construct"] == construct.construct]
        rows += _page(construct.construct, construct.name_th, construct.name_en, _items(items))
    open_questions = [_question(q) for q in asked[asked["role"] == "open"].itertuples()]
    rows += _page("open", "ความคิดเห็นเพิ่มเติม", "Further comments", open_questions)
    form = pd.DataFrame(rows).fillna("")
    choices = _choices(tool)
    content = "\n".join(frame.to_csv(index=False) for frame in (form, choices))
    settings = {
        "form_title": protocol.load().title_th,
        "form_id": FORM,
        "version": hashlib.sha256(content.encode()).hexdigest()[:12],
        "default_language": LANGUAGES["th"],
        "style": "pages",
    }
    return {"survey": form, "choices": choices, "settings": pd.DataFrame([settings])}


def write(file: Path) -> dict[str, pd.DataFrame]:
    """Write the XLSForm workbook, whole or not at all, and return its worksheets."""
    sheets = survey()
    workbooks.write(sheets, file)
    return sheets


def _in_both(column: str, thai: str, english: str) -> dict[str, str]:
    """Return a column's texts in both languages, as XLSForm names them."""
    return {f"{column}::{LANGUAGES['th']}": thai, f"{column}::{LANGUAGES['en']}": english}


def _row(kind: str, name: str, thai: str = "", english: str = "", **more: str) -> dict[str, str]:
    """Return a row of the sheet `survey`, every column there in its place."""
    blank = dict.fromkeys(("required", "appearance", "constraint"), "")
    message = _in_both("constraint_message", more.pop("message_th", ""), more.pop("message_en", ""))
    labels = _in_both("label", thai, english)
    return {"type": kind, "name": name, **labels, **blank, **message, **more}


def _page(name: str, thai: str, english: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return questions as a group that is shown on one page."""
    begin = _row("begin_group", name, thai, english, appearance=PAGE)
    return [begin, *rows, _row("end_group", "")]


def _background(tool: instrument.Instrument) -> list[dict[str, str]]:
    province = _row(
        "select_one province",
        "province",
        instrument.PROVINCE,
        "Province",
        required="yes",
        appearance=LONG_LIST,
    )
    own = tool.questions[tool.questions["role"] == "background"]
    return [province, *(_question(asked) for asked in own.itertuples())]


def _question(asked) -> dict[str, str]:
    """Return a background or open question; background needs an answer, open text does not."""
    needed = "yes" if asked.role == "background" else ""
    about = {"name": asked.variable, "thai": asked.text_th, "english": asked.text_en}
    if asked.type == "choice":
        return _row(f"select_one {asked.choices}", **about, required=needed)
    if asked.type == "integer":
        return _row(
            "integer",
            **about,
            required=needed,
            constraint=f". >= {asked.min} and . <= {asked.max}",
            message_th=f"ต้องเป็นจำนวนเต็มตั้งแต่ {asked.min} ถึง {asked.max}",
            message_en=f"A whole number from {asked.min} to {asked.max}",
        )
    return _row(
        "text",
        **about,
        required=needed,
        appearance=LINES,
        constraint=f"string-length(.) <= {LONGEST_TEXT}",
        message_th=f"ไม่เกิน {LONGEST_TEXT:,} ตัวอักษร",
        message_en=f"At most {LONGEST_TEXT:,} characters",
    )


def _items(items: pd.DataFrame) -> list[dict[str, str]]:
    """Return a construct's statements, a paired one in both states, one after the other."""
    rows = []
    for item in items.itertuples():
        kind = f"select_one {item.choices}"
        states = instrument.STATES if item.paired else {"": ""}
        for state, label in states.items():
            name = f"{item.item}_{state}" if state else item.item
            thai = f"{item.text_th} [{label}]" if state else item.text_th
            english = f"{item.text_en} [{STATES_EN[state]}]" if state else item.text_en
            rows.append(_row(kind, name, thai, english, required="yes", appearance=SCALE))
    return rows


def _choices(tool: instrument.Instrument) -> pd.DataFrame:
    """Return the sheet `choices`: the instrument's lists, and the provinces in the order of their names."""
    import pandas as pd

    own = tool.choices.rename(columns={"list": "list_name", "value": "name"})
    provinces = regions.provinces().rename(columns={"name_th": "label_th", "name_en": "label_en"})
    # a leading vowel is written first and spoken second
    order = provinces["label_th"].str.replace(r"^([เ-ไ])(.)", r"\2\1", regex=True).sort_values()
    provinces = provinces.loc[order.index].assign(
        list_name="province", name=lambda f: f["province"]
    )
    both = pd.concat([own, provinces])[["list_name", "name", "label_th", "label_en"]]
    names = {f"label_{code}": f"label::{name}" for code, name in LANGUAGES.items()}
    return both.rename(columns=names).reset_index(drop=True)
