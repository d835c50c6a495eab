"""What a notebook shows, made ready for a page: numbered, its pictures and its numbers laid beside it.

The numbers behind a table or a figure are those that it shows, no more exactly: anything finer could
tell more of a person than the page does (decision 22). They are offered as CSV, for a spreadsheet or
another program.
"""

import base64
import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from itertools import count

from lxml import html

from castlib import store
from castlib.present import thai
from castlib.present.notes import SYNTHETIC
from castlib.workbooks import safe

SHORT = 12  # letters, without the marks above and below them
KINDS = {"table": ("ตารางที่", "tab"), "figure": ("รูปที่", "fig")}

_SHOWN = re.compile(
    r'<(?P<kind>table|figure)(?P<rest> class="cast-(?:table|figure)"[^>]*>'
    r"(?:(?!</(?:table|figure)>).)*?<(?P<head>caption|figcaption)>)(?P<caption>.*?)(?P<end></(?P=head)>.*?</(?P=kind)>)",
    re.DOTALL,
)
_NUMBERS = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
_PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')
_WORDS = re.compile(r'<td class="txt">([^<]+)</td>')
_NAME = re.compile(r' data-name="([^"]+)"')
# what is written in one cell and belongs in two: an interval; so many of so many, which spreadsheets read as a date
_PAIRS = {
    re.compile(r"\[(\S+), (\S+)\]"): (" ล่าง", " บน"),
    re.compile(r"(\d+)/(\d+)"): ("", " จากทั้งหมด"),
}
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?%?")


class Shown:
    """The tables and figures of one page, numbered in the order in which they are made ready.

    `files` are what is laid beside the page, by name under the site's root; `figures` those that have a
    name, as another page of the region shows them again.
    """

    def __init__(self, region: str, phase: str, prefix: str) -> None:
        self.region, self.phase, self.prefix = region, phase, prefix
        self.files: dict[str, bytes] = {}
        self.figures: dict[str, str] = {}
        self._synthetic = store.synthetic()
        self._numbers = {kind: count(1) for kind in KINDS}

    def ready(self, shown: str) -> str:
        """Return the HTML of one output with its tables and figures numbered and its pictures taken out."""
        shown = _SHOWN.sub(self._one, _PICTURE.sub(self._picture, shown))
        return _WORDS.sub(_whole, shown)

    def _one(self, found: re.Match) -> str:
        kind, rest, caption, end = found["kind"], found["rest"], found["caption"], found["end"]
        word, short = KINDS[kind]
        place = next(self._numbers[kind])
        number = f"{self.prefix}-{place}"
        link, name = "", f"{short}-{number}"
        content = _cells(found[0]) if kind == "table" else _figure_cells(found[0])
        if content is not None:
            file = f"data/{self.region}/{self.phase}-{short}-{place}.csv"
            self.files[file] = as_csv(*content, self._synthetic)
            told = f"ข้อมูล CSV ของ{word} {number}"
            link = f' <a class="cast-csv web-only" href="../{file}" download aria-label="{told}">ข้อมูล CSV</a>'
        rest = _NUMBERS.sub("", rest)
        named = _NAME.search(rest)
        if named:
            rest = rest.replace(named[0], "")
            again = f'<a href="{self.phase}.html#{name}">{word} {number}</a>'
            self.figures[named[1]] = f"<{kind}{rest}{caption} ({again}){link}{end}"
        mark = f'<span class="caption-number">{word} {number}</span> '
        return f'<{kind} id="{name}"{rest}{mark}{caption}{link}{end}'

    def _picture(self, found: re.Match) -> str:
        picture = base64.b64decode(found[1])
        name = hashlib.sha256(picture).hexdigest()[:16] + ".png"
        self.files[f"figures/{name}"] = picture
        return f'src="../figures/{name}" loading="lazy"'


def _whole(found: re.Match) -> str:
    """Keep a cell of a word or two on one line."""
    short = sum(unicodedata.category(letter) != "Mn" for letter in found[1]) <= SHORT
    return f'<td class="txt whole">{found[1]}</td>' if short else found[0]


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[str]], synthetic: bool) -> bytes:
    """Return cells as they are shown as a CSV file that spreadsheets and programs read alike.

    UTF-8 with a byte order mark; intervals and shares (3/4) become two columns, a number loses its separators of
    thousands, a dash for what is missing becomes an empty cell, and text that a spreadsheet would take for
    a formula is marked as text. A last column says that synthetic data are synthetic.

    >>> as_csv(["n", "95% CI"], [["1,234", "[-0.10, 0.20]"]], synthetic=False).splitlines()[1]
    b'1234,-0.10,0.20'
    """
    table = [list(columns), *([cell.strip() for cell in row] for row in rows)]
    wide = [_parted(*column) for column in zip(*table, strict=True)]
    lines = [list(line) for line in zip(*(column for some in wide for column in some), strict=True)]
    if synthetic:
        lines = [[*line, SYNTHETIC if k else "ชนิดข้อมูล"] for k, line in enumerate(lines)]
    page = io.StringIO()
    csv.writer(page, lineterminator="\r\n").writerows(lines)
    return page.getvalue().encode("utf-8-sig")


def _parted(heading: str, *cells: str) -> list[list[str]]:
    """Return a column's cells under its heading, or two columns where each cell holds a pair."""
    for pattern, names in _PAIRS.items():
        pairs = [pattern.fullmatch(cell) for cell in cells]
        known = [pair for cell, pair in zip(cells, pairs, strict=True) if cell != thai.MISSING]
        if known and None not in known:
            return [
                [safe(heading + name), *(_plain(pair[k]) if pair else "" for pair in pairs)]
                for k, name in enumerate(names, start=1)
            ]
    return [[safe(heading), *map(_plain, cells)]]


def _plain(cell: str) -> str:
    if cell == thai.MISSING:
        return ""
    return cell.replace(",", "") if cell and _NUMBER.fullmatch(cell) else safe(cell)


def _cells(table: str) -> tuple[list[str], list[list[str]]] | None:
    """Return the headings and rows of a table's HTML; None where its rows are not all alike."""
    tree = html.fragment_fromstring(table)
    rows = [[cell.text_content() for cell in row.xpath("./th | ./td")] for row in tree.iter("tr")]
    return (rows[0], rows[1:]) if len({len(row) for row in rows}) == 1 else None


def _figure_cells(figure: str) -> tuple[list[str], list[list[str]]] | None:
    """Return the numbers that a figure carries with it, if it does."""
    found = _NUMBERS.search(figure)
    if found is None:
        return None
    content = json.loads(found[1])
    return content["columns"], content["rows"]
