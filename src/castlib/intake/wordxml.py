"""A Word document's XML as what its reader sees: paragraphs and tables of text, in order.

Read are content controls at every level, tracked insertions, results of fields, form fields, text boxes
(once, after their paragraph), symbol fonts and tables within tables. Not read are deletions and
moved-away text, placeholders ("click here"), field codes, hidden text, annotations of ruby, and what
stands in other parts: headers and footers, notes, comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from castlib.intake.settle import JOINED, SIGN, name, on, settle, state, value
from castlib.intake.ticks import TICKED, UNTICKED, symbol
from castlib.intake.values import clean
from castlib.intake.zips import Refused

MOST_ELEMENTS, MOST_TEXT = 300_000, 1_000_000
MOST_COLUMNS, DEEPEST = 64, 8

_WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent"}
_WRAPPERS |= {"Choice", "Fallback", "body", "document", "txbxContent"}
_SILENT = {"sdtPr", "sdtEndPr", "pPr", "rPr", "instrText", "rt", "txbxContent"}
_SAYS = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell: its text, over how many columns, and what of it stands elsewhere.

    `merged`: it goes on from the cell above; `listed`: Word counts it, the number is not in the text.
    """

    text: str
    width: int = 1
    merged: bool = False
    listed: bool = False

    @property
    def says(self) -> bool:
        """Whether it has a letter or a digit: dots to write on and dashes say nothing."""
        return _SAYS.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows; `inner` is what it holds, block by block, when a cell holds another table."""

    rows: list[list[Cell]]
    inner: list["Block"] = field(default_factory=list)


Block = str | Table


def blocks(root: etree._Element) -> list[Block]:
    """Return a document's paragraphs and tables, or raise `Refused`; `root` is left settled.

    Boxes of content controls and form fields come out as ☒ and ☐; text is clean; a cell's paragraphs
    are joined by a space.
    """
    if root.xpath("count(//*)") > MOST_ELEMENTS:
        raise Refused("too-large", f"เกิน {MOST_ELEMENTS:,} ส่วนย่อย")
    if sum(map(len, root.itertext("{*}t", with_tail=False))) > MOST_TEXT:
        raise Refused("too-large", f"เกิน {MOST_TEXT:,} ตัวอักษร")
    settle(root)
    return list(_blocks(root, 0))


def pictures(root: etree._Element) -> int:
    """Return how many pictures, charts and drawings by hand a settled document shows."""
    shown = sum(1 for _ in root.iter("{*}blip", "{*}chart", "{*}relIds", "{*}contentPart"))
    old = root.iter("{*}imagedata")
    return shown + sum(1 for mark in old if next(mark.iterancestors("{*}object"), None) is None)


def _inside(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children of an element, those of wrappers (content controls, insertions) in their place."""
    pending = list(reversed(element))
    while pending:
        child = pending.pop()
        if name(child) in _WRAPPERS:
            pending.extend(reversed(child))
        else:
            yield child


def _blocks(element: etree._Element, depth: int) -> Iterator[Block]:
    """Yield the blocks of an element; `depth` is how many tables it stands in."""
    begun = ""
    for child in _inside(element):
        if name(child) == "p":
            begun += _text(child)
            if child.get(JOINED) is None:
                yield clean(begun)
                begun = ""
            for box in _text_boxes(child):
                yield from _blocks(box, depth)
        elif name(child) == "tbl":
            if depth >= DEEPEST:
                raise Refused("unsafe", "ตารางซ้อนกันลึกผิดปกติ")
            table = _table(child, depth + 1)
            if table.rows:
                yield table
    if begun:
        yield clean(begun)


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes anchored in a paragraph, not those within them."""
    pending = list(reversed(paragraph))
    while pending:
        node = pending.pop()
        if name(node) == "txbxContent":
            yield node
        else:
            pending.extend(reversed(node))


def _table(element: etree._Element, depth: int) -> Table:
    rows: list[list[Cell]] = []
    inner: list[Block] = []
    plain = 0
    for row in _inside(element):
        if name(row) != "tr":
            continue
        cells, held = _row(row, depth)
        if not cells:
            continue
        rows.append(cells)
        if held:
            inner += [Table(rows[plain:-1])] if rows[plain:-1] else []
            inner += held
            plain = len(rows)
    if inner and rows[plain:]:
        inner.append(Table(rows[plain:]))
    return Table(rows, inner)


def _row(row: etree._Element, depth: int) -> tuple[list[Cell], list[Block]]:
    """Return a row's cells, and what they hold when one of them holds a table."""
    before = value(row.find("{*}trPr/{*}gridBefore"))
    cells = [Cell("", _width(before))] if before and before != "0" else []
    columns = sum(cell.width for cell in cells)
    held: list[Block] = []
    for cell in _inside(row):
        if name(cell) != "tc":
            continue
        inside = list(_blocks(cell, depth))
        held += inside
        merge = cell.find("{*}tcPr/{*}vMerge")
        merged = merge is not None and value(merge) != "restart"
        width = _width(value(cell.find("{*}tcPr/{*}gridSpan")))
        columns += width
        if columns > MOST_COLUMNS:
            raise Refused("too-large", f"ตารางกว้างเกิน {MOST_COLUMNS} คอลัมน์")
        cells.append(Cell(_flat(inside), width, merged, _listed(cell)))
    return cells, held if any(isinstance(block, Table) for block in held) else []


def _width(given: str) -> int:
    return min(int(given), MOST_COLUMNS + 1) if given.isdecimal() and int(given) else 1


def _listed(cell: etree._Element) -> bool:
    """Whether Word numbers a paragraph of the cell; list 0 takes a style's numbering away."""
    lists = cell.iterfind(".//{*}pPr/{*}numPr/{*}numId")
    return any(value(number) != "0" for number in lists)


def _flat(inside: list[Block]) -> str:
    """Return blocks on one line."""
    pieces = []
    for block in inside:
        if isinstance(block, Table):
            pieces += [cell.text for row in block.rows for cell in row]
        else:
            pieces.append(block)
    return " ".join(filter(None, pieces))


def _text(paragraph: etree._Element) -> str:
    """Return a paragraph's visible text without its text boxes, boxes to tick as ☒ and ☐."""
    pieces: list[str] = []
    pending = [(child, "") for child in reversed(paragraph)]
    while pending:
        node, font = pending.pop()
        kind = name(node)
        if kind in _SILENT:
            continue
        if kind == "t":
            pieces.append(symbol(font, node.text or ""))
        elif kind in ("tab", "br", "cr", "ptab"):
            pieces.append(" ")
        elif kind == "noBreakHyphen":
            pieces.append("-")
        elif kind == "sym":
            pieces.append(_sym(node))
        elif kind == "checkBox":
            checked = node.find("{*}checked")
            pieces.append(state(checked if checked is not None else node.find("{*}default")))
        elif kind == "ddList":
            pieces.append(_chosen(node))
        elif kind == "sdt" and node.get(SIGN):
            pieces.append(node.get(SIGN))
        elif kind == "r":
            properties = node.find("{*}rPr")
            if properties is not None:
                if on(properties.find("{*}vanish")):
                    continue
                font = value(properties.find("{*}rFonts"), "ascii")
            pending += [(child, font) for child in reversed(node)]
        else:
            pending += [(child, font) for child in reversed(node)]
    return "".join(pieces)


def _sym(node: etree._Element) -> str:
    """Return the sign of a box that is drawn by a place in a symbol font; other symbols say nothing."""
    try:
        drawn = chr(int(value(node, "char"), 16))
    except (ValueError, OverflowError):
        return ""
    sign = symbol(value(node, "font"), drawn)
    return sign if sign in (TICKED, UNTICKED) else ""


def _chosen(choices: etree._Element) -> str:
    """Return the entry that an old drop-down form field shows."""
    listed = [value(entry) for entry in choices.iterfind("{*}listEntry")]
    chosen = choices.find("{*}result")
    place = value(chosen if chosen is not None else choices.find("{*}default")) or "0"
    return listed[int(place)] if place.isdecimal() and int(place) < len(listed) else ""
