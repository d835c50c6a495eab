"""The respondents as an SPSS file: labels in Thai, measure levels, declared missing codes."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from castlib.release.plan import SYNTHETIC, Plan, Table, Variable

if TYPE_CHECKING:
    from pathlib import Path

# what SPSS holds, in bytes of UTF-8
NAME, LABEL, VALUE_LABEL, FILE_LABEL = 64, 256, 120, 64
# where the header says when the file was written: 9 bytes of date and 8 of time
WRITTEN = slice(92, 109)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def write(table: Table, file: Path, plan: Plan) -> None:
    """Write a table as .sav: coded variables by their numbers, a blank as its missing code."""
    import pyreadstat

    coded = [v for v in table.variables if v.options]
    title = f"{SYNTHETIC} (synthetic)" if plan.synthetic else plan.name
    pyreadstat.write_sav(
        pd.DataFrame({v.name: numbers(table.frame[v.name], v) for v in table.variables}),
        file,
        file_label=clip(title, FILE_LABEL),
        column_labels={v.name: clip(v.th, LABEL) for v in table.variables},
        variable_value_labels={
            v.name: {float(o.number): clip(o.th, VALUE_LABEL) for o in v.options} for v in coded
        },
        missing_ranges={
            v.name: [o.number for o in v.options if o.missing]
            for v in coded
            if any(o.missing for o in v.options)
        },
        variable_measure={v.name: v.measure for v in table.variables},
        variable_format={v.name: "F8.4" if v.kind == "number" else "F3.0" for v in coded},
        note=[title, f"{plan.name} {plan.version}, {plan.licence['name']}"],
    )
    content = bytearray(file.read_bytes())
    day = f"{plan.date.day:02d} {MONTHS[plan.date.month - 1]} {plan.date.year % 100:02d}"
    content[WRITTEN] = f"{day}00:00:00".encode()
    file.write_bytes(content)


def numbers(column: pd.Series, variable: Variable) -> pd.Series:
    """Return a column as SPSS holds it: codes as numbers, a blank as its missing code, text as text."""
    if not variable.options:
        return column.astype(object)
    if variable.kind == "string":
        return column.fillna("").map(variable.numbers).astype("float64")
    return column.astype("float64").fillna(variable.numbers[""])


def clip(text: str, size: int) -> str:
    """Return a text of at most so many bytes of UTF-8, cut between whole letters and marked by an ellipsis.

    >>> clip("ชาย", 9), clip("ภาครัฐ", 12)
    ('ชาย', 'ภาค…')
    """
    if len(text.encode()) <= size:
        return text
    cut = len(text.encode()[: size - len("…".encode())].decode(errors="ignore"))
    while unicodedata.category(text[cut]) == "Mn":  # a vowel or tone mark stays with its consonant
        cut -= 1
    return text[:cut] + "…"
