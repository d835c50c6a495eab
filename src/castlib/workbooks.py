"""Workbooks for people to open and to fill in: text is text there, never a formula."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SIGNS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a CSV file.

    >>> safe("=1+1"), safe("R0001")
    ("'=1+1", 'R0001')
    """
    return f"'{text}" if text.startswith(SIGNS_OF_FORMULAS) else text


def write(
    sheets: Mapping[str, pd.DataFrame], file: Path, widths: Mapping[str, int] | None = None
) -> None:
    """Write frames as the worksheets of a workbook, whole or not at all.

    Text that a spreadsheet would take for a formula is marked as text; what is missing or empty is an
    empty cell; the first row stays in view. `widths` has the width of columns by name, in characters.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for name, frame in sheets.items():
        sheet = book.create_sheet(name)
        rows = [
            list(frame.columns),
            *frame.astype(object).where(frame.notna(), "").to_numpy().tolist(),
        ]
        for row, values in enumerate(rows, start=1):
            for column, value in enumerate(values, start=1):
                if value != "":
                    cell = sheet.cell(row, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
                        cell.quotePrefix = value.startswith(SIGNS_OF_FORMULAS)
        sheet.freeze_panes = "A2"
        for column, heading in enumerate(frame.columns, start=1):
            if width := (widths or {}).get(heading):
                sheet.column_dimensions[get_column_letter(column)].width = width
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    book.save(fresh)
    os.replace(fresh, file)
