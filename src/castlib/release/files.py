"""The tables as CSV, Parquet and XLSX: the same cells in each, no cell a formula, no time of making."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pandas as pd

from castlib.release.plan import SYNTHETIC, Plan, Table, Variable
from castlib.workbooks import safe

if TYPE_CHECKING:
    from pathlib import Path

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def cell(value: object) -> str | int | float | bool | None:
    """Return a cell as a plain Python value; None where it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, str):
        return safe(value)
    return value.item() if hasattr(value, "item") else value


def rows(table: Table) -> list[list]:
    """Return the rows of a table as plain values, in the order of its variables."""
    columns = [[cell(value) for value in table.frame[v.name]] for v in table.variables]
    return [list(row) for row in zip(*columns, strict=True)]


def write_csv(table: Table, file: Path) -> None:
    """Write UTF-8 without a byte order mark, lines ended by a line feed, a missing cell empty."""
    words = {True: "true", False: "false", None: ""}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([v.name for v in table.variables])
    for row in rows(table):
        writer.writerow([words[c] if c is None or isinstance(c, bool) else c for c in row])
    file.write_text(text.getvalue(), encoding="utf-8", newline="")


def write_parquet(table: Table, file: Path, plan: Plan) -> None:
    """Write typed columns, with each one's labels and the table's title in the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    types["boolean"] = pa.bool_()
    columns = list(zip(*rows(table), strict=True)) or [()] * len(table.variables)
    fields = [
        pa.field(v.name, types[v.kind], metadata={"label_th": v.th, "label_en": v.en})
        for v in table.variables
    ]
    about = {"title_th": table.th, "title_en": table.en, "licence": plan.licence["name"]}
    about |= {"synthetic": json.dumps(plan.synthetic)}
    about |= {"notice": f"{SYNTHETIC} (synthetic data)"} if plan.synthetic else {}
    schema = pa.schema(fields, metadata=about)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, fields, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file)


def write_xlsx(tables: list[Table], notices: list[str], file: Path, plan: Plan) -> None:
    """Write one workbook: a first sheet that says what it is, then a sheet a table, headers frozen."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    def typed(sheet: object, value: object) -> object:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"  # a text, whatever it begins with
        return made

    book = Workbook(write_only=True)
    about = book.create_sheet("about")
    about.column_dimensions["A"].width = 110
    for line in notices:
        about.append([typed(about, line)])
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for number, variable in enumerate(table.variables, 1):
            sheet.column_dimensions[_letter(number)].width = _width(variable)
        sheet.append([typed(sheet, v.name) for v in table.variables])
        for row in rows(table):
            sheet.append([typed(sheet, value) for value in row])
    book.properties.title = f"{plan.title_th} {SYNTHETIC if plan.synthetic else ''}".strip()
    book.properties.creator = "castlib"
    plain = io.BytesIO()
    book.save(plain)
    file.write_bytes(_timeless(plain.getvalue(), f"{plan.date.isoformat()}T00:00:00Z"))


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


def _width(variable: Variable) -> int:
    return 14 if variable.kind != "string" else 24


def _timeless(workbook: bytes, when: str) -> bytes:
    """Return the same workbook without the time at which it was made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", when.encode(), content)
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, content)
    return made.getvalue()
