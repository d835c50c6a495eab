"""The numbers behind a chapter's tables: a CSV file each, one click away from the table's caption.

Notebooks' pages have theirs from `castlib.book.shown`; tables of chapters are made while Sphinx reads
them, so theirs are written when it writes the page.
"""

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from castlib import store
from castlib.book.shown import as_csv

FOLDER = "tables"


def offer(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write a page's captioned tables as CSV and lead to each from its caption."""
    if app.builder.format != "html":
        return
    titled = (table for table in doctree.findall(nodes.table) if table.next_node(nodes.title))
    for number, table in enumerate(titled, start=1):
        lines = [[entry.astext() for entry in row.children] for row in table.findall(nodes.row)]
        if len({len(line) for line in lines}) != 1:
            continue
        file = Path(FOLDER) / f"{page}-{number}.csv"
        target = Path(app.outdir) / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_csv(lines[0], lines[1:], store.synthetic()))
        caption = table.next_node(nodes.title)
        address = "../" * page.count("/") + file.as_posix()
        told = escape(f"ข้อมูล CSV ของตาราง {caption.astext()}")
        link = f' <a class="cast-csv web-only" href="{address}" download aria-label="{told}">ข้อมูล CSV</a>'
        caption += nodes.raw("", link, format="html")


def setup(app: Sphinx) -> dict:
    """Register the offer."""
    app.connect("doctree-resolved", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
