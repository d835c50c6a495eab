"""Tables fit for print: Thai headings, a caption, notes, numbers aligned, nothing truncated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import check_code
from castlib.present import thai

# the headings of columns that many tables have: the one place where they are named
HEADINGS = {
    "label": "รายการ",
    "construct": "องค์ประกอบ",
    "item": "ข้อคำถาม",
    "n": "n",
    "mean": "x̄",
    "sd": "S.D.",
    "ci": "95% CI",
    "level": "ระดับ",
    "rank": "ลำดับ",
    "country": "ทั่วประเทศ",
    "p": "p",
    "province": "จังหวัด",
    "cluster": "กลุ่มจังหวัด",
    "kind": "กลุ่มผู้ให้ข้อมูล",
    "theme": "ประเด็น",
    "word": "คำ",
}


# what APA style writes otherwise: headings, and statistics that cannot exceed 1
APA_HEADINGS = {"mean": "M", "sd": "SD"}
BOUNDED = set(
    "p r r_drop alpha alpha_if_deleted omega r2 icc ioc ioc_without_worst standardised communality "
    "importance lmg_ci cfi rmsea cr ave consistency coverage unique_coverage pri overlap".split()
)
SYMBOLS = {"M", "SD", "n", "N", "p", "r", "t", "F", "z", "d", "g", "b", "SE", "df", "U", "H", "V"}
STYLES = ("thai", "apa")


@dataclass(frozen=True)
class Table:
    """A table as it is shown: a caption, Thai column headings, cells already formatted, a note.

    `numeric` says which columns hold numbers and are set right-aligned, `names` which columns of the
    frame they were. It shows itself as plain, accessible HTML, from which the book makes its PDF and
    Word forms too; in the APA form (`apa`) the symbols of statistics are in italics.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""
    style: str = "thai"
    names: tuple[str, ...] = ()

    def apa(self) -> Table:
        """Return the same table in the form of APA 7: any table of any page, `displays.levels(…).apa()`.

        M and SD, no zero before the point of a statistic that cannot exceed 1 nor in its interval (`ci`
        belongs to the column before it), symbols in italics.
        """
        columns = zip(self.names, self.columns, strict=True)
        bare = _bounded(self.names)
        rows = (
            tuple(_without_zero(cell) if b else cell for cell, b in zip(row, bare, strict=True))
            for row in self.rows
        )
        headings = tuple(
            APA_HEADINGS.get(n, shown) if shown == HEADINGS.get(n) else shown
            for n, shown in columns
        )
        return replace(self, columns=headings, rows=tuple(rows), style="apa")

    def first(self, rows: int, note: str = "") -> Table:
        """Return the table's first rows only, with a note of their own."""
        return replace(self, rows=self.rows[:rows], note=note)

    def only(self, *names: str) -> Table:
        """Return the table with some of its columns only, named as in the frame, in their order.

        >>> table(pd.DataFrame({"item": ["a"], "n": [3]}), "", ["item", "n"]).only("n").columns
        ('n',)
        """
        at = [self.names.index(name) for name in names]
        columns, numeric = (tuple(part[k] for k in at) for part in (self.columns, self.numeric))
        rows = tuple(tuple(row[k] for k in at) for row in self.rows)
        return replace(self, columns=columns, rows=rows, numeric=numeric, names=names)

    def _repr_html_(self) -> str:
        kinds = ["num" if number else "txt" for number in self.numeric]
        head = "".join(
            f'<th scope="col" class="{kind}">{self._heading(name)}</th>'
            for name, kind in zip(self.columns, kinds, strict=True)
        )
        body = "".join(f"<tr>{self._row(row, kinds)}</tr>" for row in self.rows)
        note = f'<p class="cast-note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<table class="cast-table"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
        )

    def _heading(self, name: str) -> str:
        italic = self.style == "apa" and name in SYMBOLS
        return f"<em>{escape(name)}</em>" if italic else escape(name)

    @staticmethod
    def _row(row: tuple[str, ...], kinds: list[str]) -> str:
        first, *rest = zip(row, kinds, strict=True)
        cells = "".join(f'<td class="{kind}">{escape(cell)}</td>' for cell, kind in rest)
        return f'<th scope="row" class="{first[1]}">{escape(first[0])}</th>{cells}'

    def __repr__(self) -> str:
        lines = [self.caption, *(" | ".join(row) for row in (self.columns, *self.rows)), self.note]
        return "\n".join(lines).rstrip()

    def to_json(self) -> dict:
        """Return the table as plain lists and texts."""
        return {
            "caption": self.caption,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "numeric": list(self.numeric),
            "note": self.note,
            "style": self.style,
            "names": list(self.names),
        }

    @classmethod
    def from_json(cls, content: dict) -> Table:
        """Return the table that `to_json` described."""
        return cls(
            content["caption"],
            tuple(content["columns"]),
            tuple(tuple(row) for row in content["rows"]),
            tuple(content["numeric"]),
            content["note"],
            content["style"],
            tuple(content["names"]),
        )


def table(
    frame: pd.DataFrame,
    caption: str,
    columns: Sequence[str],
    *,
    decimals: int | Mapping[str, int] = 2,
    note: str = "",
    style: str = "thai",
    **headings: str,
) -> Table:
    """Return a table of the named columns of a frame, in their order.

    Parameters
    ----------
    frame : DataFrame
        Tidy, unrounded.
    caption : str
        Thai, without a number: the book numbers tables.
    columns : sequence of str
        Columns of the frame. `ci` stands for the interval made of `ci_low` and `ci_high`, names that end
        in `_ci` hold intervals already written, and `p` is written as APA has it. Headings come from `HEADINGS`.
    decimals : int or mapping
        Digits of floats, for all columns or by column.
    note : str
        What a reader must know under the table: n, method, how missing values were treated.
    style : {"thai", "apa"}
        The form of Thai theses (x̄, S.D.), or that of APA 7 (`Table.apa`).
    **headings : str
        Thai headings for this table's own columns.
    """
    check_code(style, STYLES, "แบบของตาราง")
    known = HEADINGS | headings
    for column in columns:
        check_code(column, known, "หัวตารางของคอลัมน์")
    digits = {c: decimals if isinstance(decimals, int) else decimals.get(c, 2) for c in columns}
    cells = [_column(frame, column, digits[column]) for column in columns]
    numeric = tuple(c in ("ci", "p") or c.endswith("_ci") or _is_number(frame[c]) for c in columns)
    rows = tuple(zip(*cells, strict=True))
    shown = tuple(known[column] for column in columns)
    made = Table(caption, shown, rows, numeric, note, names=tuple(columns))
    return made.apa() if style == "apa" else made


def _bounded(columns: Sequence[str]) -> list[bool]:
    """Return which columns hold a statistic that cannot exceed 1, or the interval of one."""
    before = [None, *columns[:-1]]
    return [(b if c == "ci" else c) in BOUNDED for c, b in zip(columns, before, strict=True)]


def _without_zero(cell: str) -> str:
    """Return the text with no zero before a decimal point.

    >>> _without_zero("[-0.10, 0.85]"), _without_zero("10.50")
    ('[-.10, .85]', '10.50')
    """
    return re.sub(r"(?<![\d.])0(?=\.)", "", cell)


def _is_number(column: pd.Series) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column)


def _column(frame: pd.DataFrame, column: str, decimals: int) -> list[str]:
    if column == "ci":
        ends = zip(frame["ci_low"], frame["ci_high"], strict=True)
        return [thai.interval(low, high, decimals) for low, high in ends]
    if column == "p":
        return [thai.p_value(p).removeprefix("= ") for p in frame["p"]]
    return [_cell(value, decimals) for value in frame[column]]


def _cell(value: object, decimals: int) -> str:
    if pd.isna(value):
        return thai.MISSING
    if isinstance(value, (bool, np.bool_)):
        return "✓" if value else "✗"
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    return thai.number(value, decimals) if isinstance(value, float) else str(value)


__getattr__, __dir__ = lazy.offered(__name__)
