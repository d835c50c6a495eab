"""The online form's export: one CSV file, a row a person, Thai headers or the instrument's own codes.

Rules, in this order; each refused row or field is a fault that says which row, column and value:

1. Every column of the instrument is needed; when some are missing, all are named and the file is refused.
2. A row needs a province of the study. An unreadable or impossible value leaves its field empty.
3. A row with more than half of its level answers missing is refused.
4. Rows of one province with the same background and the same answers are one person (a double click):
   the first submitted is kept. Open text does not count, since people correct it and send again.
5. More than the ten answers of a district are all kept; the district is warned (see `desk`).
6. An answer after the deadline's day is kept, warned, and not on time. Without a readable time an answer
   counts as on time and comes last.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pandas as pd

from castlib import instrument, regions
from castlib.intake import values
from castlib.intake.arrival import Arrival, deadline, is_late, thai_time
from castlib.intake.sheets import Rows, Sheet
from castlib.intake.values import Unreadable, clean

LONGEST_TEXT = 10_000
LONGEST_HEADER = 80


def read(arrival: Arrival, rows: Rows) -> pd.DataFrame | None:
    """Return the respondents of an export as the table of respondents; None when the file is refused.

    Respondents are numbered in the order of submission within their province, ties by row.
    """
    tool = instrument.load()
    columns = tool.headers
    sheet = Sheet(arrival, [(1, _codes(rows[0][1], columns)), *rows[1:]], columns)
    if arrival.refused:
        return None
    people = _people(arrival, sheet, tool)
    people.sort(key=lambda person: (person["submitted_at"] or datetime.max, person["source_row"]))
    answers = [*_background(tool), *tool.answer_columns]
    people = _once(arrival, people, ["province", *answers])
    _number(arrival, people)
    lost = {person["source_row"]: person.pop("lost") for person in people}
    sheet.settle(
        {
            person["source_row"]: (
                sum(person[column] is not None for column in columns),
                lost[person["source_row"]],
            )
            for person in people
        }
    )
    return _frame(people, tool, arrival.path)


def _codes(header: list[str], columns: dict[str, str]) -> list[str]:
    """Return the header with the form's questions replaced by the instrument's column names."""
    by_header = {values.squeeze(clean(header)): column for column, header in columns.items()}
    return [by_header.get(values.squeeze(name), name) for name in header]


def _background(tool: instrument.Instrument) -> list[str]:
    return list(tool.questions.loc[tool.questions["role"] == "background", "variable"])


def _readers(tool: instrument.Instrument) -> dict[str, Callable[[str], object]]:
    """Return what reads a cell of each column."""
    readers: dict[str, Callable[[str], object]] = {"province": values.province}
    readers["submitted_at"] = values.moment
    for question in tool.questions.itertuples():
        if question.type == "choice":
            readers[question.variable] = partial(values.choice, name=question.choices)
        elif question.type == "integer":
            low, high = int(question.min), int(question.max)
            readers[question.variable] = partial(values.whole, low=low, high=high)
        else:
            readers[question.variable] = _text
    return readers | dict.fromkeys(tool.answer_columns, values.level)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unreadable("text-too-long", given=f"{len(text):,}", limit=f"{LONGEST_TEXT:,}")
    return text


def _people(arrival: Arrival, sheet: Sheet, tool: instrument.Instrument) -> list[dict]:
    """Return the rows that have a province and at least half of their answers, values read."""
    readers, answers = _readers(tool), tool.answer_columns
    read: dict[tuple[str, str], object] = {}
    people = []
    for number, cells in sheet:
        person, wrong = {"source_row": number}, {}
        for column, given in cells.items():
            if given and (column, given) not in read:
                read[column, given] = _try(readers[column], given)
            value = read[column, given] if given else None
            if isinstance(value, Unreadable):
                wrong[column], value = value, None
            person[column] = value
        answered = sum(person[column] is not None for column in answers)
        if person["province"] is None:
            refusal = wrong.get("province", Unreadable("province-missing"))
            details = {"given": cells["province"], **refusal.details}
            arrival.fault(refusal.code, f"แถว {number}", **details)
        elif answered < len(answers) / 2:
            details = {"given": answered, "number": len(answers)}
            arrival.fault("row-mostly-empty", f"แถว {number}", person["province"], **details)
        else:
            people.append({**person, "lost": len(wrong)})
            _say(arrival, person, cells, wrong, tool.headers if wrong else {})
    return people


def _say(
    arrival: Arrival,
    person: dict,
    cells: dict[str, str],
    wrong: dict[str, Unreadable],
    headers: dict[str, str],
) -> None:
    """Note what could not be read in a row that is kept."""
    for column, refusal in wrong.items():
        header = headers[column]
        if len(header) > LONGEST_HEADER:
            header = header[:LONGEST_HEADER] + "…"
        place = f"แถว {person['source_row']} คอลัมน์ “{header}”"
        details = {"given": cells[column], **refusal.details}
        arrival.fault(refusal.code, place, person["province"], **details)


def _try(reader: Callable[[str], object], given: str) -> object:
    """Return what a reader makes of a cell, or its refusal."""
    try:
        return reader(given)
    except Unreadable as refusal:
        return refusal


def _once(arrival: Arrival, people: list[dict], same: list[str]) -> list[dict]:
    """Return people without those who sent the same once more; they come in order of submission."""
    first: dict[tuple, int] = {}
    kept = []
    for person in people:
        row = person["source_row"]
        earlier = first.setdefault(tuple(person[column] for column in same), row)
        if earlier == row:
            kept.append(person)
        else:
            arrival.fault("row-twice", f"แถว {row}", person["province"], given=earlier)
    return kept


def _number(arrival: Arrival, people: list[dict]) -> None:
    """Give each person an id by order of submission within the province, and say who was late."""
    last: dict[str, int] = {}
    for person in people:
        province, when = person["province"], person["submitted_at"]
        last[province] = last.get(province, 0) + 1
        person["respondent"] = f"{province}-{last[province]:02d}"
        person["on_time"] = when is None or not is_late(when)
        if not person["on_time"]:
            place = f"แถว {person['source_row']}"
            arrival.fault(
                "answer-late", place, province, given=thai_time(when), deadline=deadline()
            )


def _frame(people: list[dict], tool: instrument.Instrument, path: str) -> pd.DataFrame:
    """Return people as a frame of the table's types, in order of province and id."""
    home = regions.provinces().set_index("province")["cluster"]
    columns = ["respondent", *tool.headers, "on_time", "source_row"]
    frame = pd.DataFrame(people, columns=columns)
    whole = tool.questions.loc[tool.questions["type"] == "integer", "variable"]
    types = dict.fromkeys(tool.answer_columns, "Int8") | dict.fromkeys(whole, "Int64")
    frame["submitted_at"] = pd.to_datetime(frame["submitted_at"]).astype("datetime64[us]")
    frame = frame.astype(types | {"on_time": bool, "source_row": "int64"})
    frame = frame.assign(cluster=frame["province"].map(home), source_file=path)
    return frame.sort_values("province", kind="stable", ignore_index=True)
