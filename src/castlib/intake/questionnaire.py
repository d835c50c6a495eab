"""The questionnaire: the online form's export, and what provinces have typed in, as one table.

Rules, in this order; each refused row or field is a fault that says which row, column and value:

1. Every question of the instrument needs a column; when some are missing, all are named and the file is
   refused. In a province's folder the columns of province and time may be missing.
2. A row needs a province of the study. An unreadable or impossible value leaves its field empty. When
   two columns ask the same, the first that is filled counts; when they say different things, neither.
3. A row with more than half of its level answers missing is refused.
4. Who sent answers more than once is kept once (rules and reasons: `copies`).
5. More than the ten answers of a district are all kept; the district is warned (see `desk`).
6. An answer after the deadline's day is kept, warned, and not on time; one before the study's first day
   is kept and warned, since its date is wrong. Without a readable time an answer
   of the online form counts as on time, a typed one as the file that holds it; both come last.
7. A typed row of another province than its folder's is kept as that province's, and warned.
"""

from datetime import datetime

import pandas as pd

from castlib import instrument, protocol, regions
from castlib.intake import copies
from castlib.intake.answers import Export, Person
from castlib.intake.arrival import Arrival, deadline, first_day, is_late, thai_time
from castlib.intake.spreadsheet import Rows


def read(files: list[tuple[Arrival, Rows]]) -> pd.DataFrame | None:
    """Return the respondents of all files as the table of respondents; None when every file is refused.

    Respondents are numbered in the order of submission within their province; ties by file, the
    country's before the provinces', then by row.

    Parameters
    ----------
    files : list of (Arrival, Rows)
        At most one export of the country and one a province; rows of clean text, the header first.
    """
    tool = instrument.load()
    files = sorted(files, key=lambda file: (file[0].province is not None, file[0].path))
    read: dict[tuple[str, str], object] = {}
    exports = [Export(arrival, rows, read) for arrival, rows in files]
    exports = [export for export in exports if not export.arrival.refused]
    if not exports:
        return None
    people = [person for export in exports for person in export.people()]
    people.sort(key=lambda person: person.when or datetime.max)
    background = list(tool.questions.loc[tool.questions["role"] == "background", "variable"])
    people = copies.once(people, background, tool.answer_columns, _late)
    records = _number(people)
    for export in exports:
        export.settle([person for person in people if person.arrival is export.arrival])
    return _frame(records, tool)


def _arrived(person: Person) -> datetime | None:
    """Return when a person's answers came; those typed without a time came with their file."""
    typed = person.arrival.province is not None
    return person.when or (person.arrival.submitted_at if typed else None)


def _late(person: Person) -> bool:
    when = _arrived(person)
    return when is not None and is_late(when)


def _number(people: list[Person]) -> list[dict]:
    """Return people as records with an id by order of submission within the province; say who was late."""
    last: dict[str, int] = {}
    records = []
    for person in people:
        province, late = person.said["province"], _late(person)
        last[province] = last.get(province, 0) + 1
        about = {"respondent": f"{province}-{last[province]:02d}", "on_time": not late}
        about |= {"source_file": person.arrival.path, "source_row": person.row}
        records.append(about | person.said)
        if late:
            person.fault("answer-late", given=thai_time(_arrived(person)), deadline=deadline())
        elif person.when and person.when.date() < first_day():
            start = protocol.thai_date(first_day())
            person.fault("answer-early", given=thai_time(person.when), start=start)
    return records


def _frame(records: list[dict], tool: instrument.Instrument) -> pd.DataFrame:
    """Return records as a frame of the table's types, in order of province and id."""
    home = regions.provinces().set_index("province")["cluster"]
    columns = ["respondent", *tool.headers, "on_time", "source_file", "source_row"]
    frame = pd.DataFrame(records, columns=columns)
    whole = tool.questions.loc[tool.questions["type"] == "integer", "variable"]
    types = dict.fromkeys(tool.answer_columns, "Int8") | dict.fromkeys(whole, "Int64")
    frame["submitted_at"] = pd.to_datetime(frame["submitted_at"]).astype("datetime64[us]")
    frame = frame.astype(types | {"on_time": bool, "source_row": "int64"})
    frame = frame.assign(cluster=frame["province"].map(home))
    return frame.sort_values("province", kind="stable", ignore_index=True)
