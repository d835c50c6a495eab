"""Tables and figures to take away: CSV, XLSX and Word; PNG, SVG and PDF. Each says ข้อมูลจำลอง where it is."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from castlib import regions, store, workbooks
from castlib.present.notes import SYNTHETIC

if TYPE_CHECKING:
    from castlib.explore.views import Choices
    from castlib.present.figures import Figure
    from castlib.present.tables import Table

TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
DPI = 300
FONT, POINTS = "TH Sarabun New", 14


def of_table(table: Table, choices: Choices) -> dict[str, bytes]:
    """Return a table as the contents of files, by their extension."""
    notes = _notes(table, choices)
    return {"csv": _csv(table, notes), "xlsx": _xlsx(table, notes), "docx": _docx(table, notes)}


def of_figure(figure: Figure) -> dict[str, bytes]:
    """Return a figure as the contents of files, by their extension; 300 dots an inch where there are dots."""
    import matplotlib as mpl

    drawing, made = figure.drawing, {}
    if store.synthetic():
        drawing.supxlabel(SYNTHETIC, x=0.99, ha="right", fontsize=8)
    for kind, when in (("png", {}), ("svg", {"Date": None}), ("pdf", {"CreationDate": None})):
        page = io.BytesIO()
        # letters as shapes: every program shows the marks of Thai where they belong
        with mpl.rc_context({"svg.fonttype": "path"}):
            drawing.savefig(page, format=kind, dpi=DPI, metadata={"Title": figure.caption} | when)
        made[kind] = page.getvalue()
    return made


def name(choices: Choices, kind: str) -> str:
    """Return the name of a file of what is chosen, which says if it is synthetic.

    `TH-describe-network-synthetic.png` is the country's description of a construct, in a synthetic study.
    """
    chosen = {"needs": choices.construct, "saved": choices.phase, "coded": choices.code}
    chosen |= {"describe": choices.item or choices.construct, "compare": choices.between}
    parts = [choices.region, choices.view, chosen.get(choices.view, "")]
    parts += ["synthetic"] if store.synthetic() else []
    return f"{'-'.join(filter(None, parts))}.{kind}"


def _notes(table: Table, choices: Choices) -> list[str]:
    """Return what must go along with a table: synthetic or not, where, what it says of itself."""
    made = [SYNTHETIC + ": สร้างขึ้นเพื่อทดสอบ มิใช่ผลการศึกษาจริง"] if store.synthetic() else []
    return [*made, f"พื้นที่: {regions.label(choices.region)}", *([table.note] if table.note else [])]


def _values(table: Table) -> list[list[float | int | str]]:
    """Return the rows with what is a number as a number, as it is shown."""
    return [
        [_value(cell) if number else cell for cell, number in zip(row, table.numeric, strict=True)]
        for row in table.rows
    ]


def _value(cell: str) -> float | int | str:
    """Return the number that a cell shows, or the cell where it shows something else.

    >>> _value("1,234"), _value("-0.50"), _value("[1.00, 2.00]"), _value("< .001")
    (1234, -0.5, '[1.00, 2.00]', '< .001')
    """
    bare = cell.replace(",", "")
    try:
        return int(bare) if bare.lstrip("-").isdecimal() else float(bare)
    except ValueError:
        return cell


def _csv(table: Table, notes: list[str]) -> bytes:
    page = io.StringIO()
    lines = csv.writer(page)
    for row in (
        [*table.columns],
        *_values(table),
        [],
        [table.caption],
        *([note] for note in notes),
    ):
        lines.writerow([workbooks.safe(v) if isinstance(v, str) else v for v in row])
    return page.getvalue().encode("utf-8-sig")  # Excel takes it for Thai only with the mark


def _xlsx(table: Table, notes: list[str]) -> bytes:
    about = pd.DataFrame({"คำอธิบาย": [table.caption, *notes]})
    frame = pd.DataFrame(_values(table), columns=list(table.columns), dtype=object)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "table.xlsx")
        workbooks.write(
            {"ตาราง": frame, "คำอธิบาย": about}, file, {table.columns[0]: 50, "คำอธิบาย": 100}
        )
        return file.read_bytes()


def _docx(table: Table, notes: list[str]) -> bytes:
    """Return the table in a Word file, in the font that Thai offices use; its first row repeats on each page."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(POINTS)
    fonts = normal.element.rPr.rFonts
    for script in ("w:cs", "w:eastAsia", "w:hAnsi"):
        fonts.set(qn(script), FONT)
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(2 * POINTS))
    normal.element.rPr.append(size)
    document.core_properties.title, document.core_properties.author = table.caption, ""
    document.add_paragraph(table.caption).runs[0].bold = True
    grid = document.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    grid.style = "Table Grid"
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for line, row in zip(grid.rows, (table.columns, *table.rows), strict=True):
        for cell, text, number in zip(line.cells, row, table.numeric, strict=True):
            cell.text = text
            if number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for note in notes:
        document.add_paragraph(note)
    page = io.BytesIO()
    document.save(page)
    return page.getvalue()
