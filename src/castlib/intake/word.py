"""A Word file opened without trust: its paragraphs and tables as text, and how many pictures it has.

Only the document's XML is read (`zips` says within which bounds). Content controls, tracked insertions, text boxes and check
boxes are read; deletions, moved-away text and placeholders ("click here") are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from castlib.intake import zips

MOST_XML = 8 * 2**20
TICKED, UNTICKED = "☒", "☐"
MAIN_TYPES = ("document.main+xml", "document.macroEnabled.main+xml", "template.main+xml")

# Wingdings and Wingdings 2 draw boxes at these places of the private use area
_SYMBOLS = {"F0FE": TICKED, "F0FD": TICKED, "F052": TICKED, "F053": TICKED, "F0FC": TICKED}
_SYMBOLS |= {"F06F": UNTICKED, "F0A8": UNTICKED, "F0A3": UNTICKED, "F02A": UNTICKED}
_INSIDE = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent"}
_INSIDE |= {"Choice", "body", "document", "txbxContent"}
_SILENT = frozenset({"sdtPr", "pPr", "rPr", "trPr", "tcPr", "tblPr", "instrText"})
_OFF = {"0", "false", "off"}

Table = list[list[str]]


@dataclass(frozen=True)
class Document:
    """What a Word file says: `blocks` are paragraphs (text) and tables (rows of cell text) in order."""

    blocks: list[str | Table]
    pictures: int
    macro: bool


def read(file: Path) -> Document:
    """Return what a Word file says, or raise `zips.Refused`.

    Check boxes, drawn or real, come out as ☒ and ☐ in the text; a cell's paragraphs are joined by a
    space; a cell over several columns is followed by empty ones.
    """
    xml, macro = _main_part(file)
    root = zips.parse(xml)
    for mark in list(root.iter("{*}trPr")):
        if mark.find("{*}del") is not None:
            row = mark.getparent()
            row.getparent().remove(row)
    etree.strip_elements(root, "{*}del", "{*}moveFrom", "{*}Fallback", with_tail=False)
    pictures = sum(1 for _ in root.iter("{*}blip", "{*}imagedata"))
    return Document(list(_blocks(root)), pictures, macro)


def _main_part(file: Path) -> tuple[bytes, bool]:
    """Return the document's XML, and whether the package carries macros."""
    with zips.opened(file) as package:
        name = zips.main_name(package, MAIN_TYPES, "word/document.xml")
        return zips.part(package, name, MOST_XML), zips.has_macro(package)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def _inside(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children of an element, those of wrappers (content controls, insertions) in their place."""
    for child in element:
        if _name(child) not in _INSIDE:
            yield child
        elif not _is_placeholder(child):
            yield from _inside(child)


def _blocks(element: etree._Element) -> Iterator[str | Table]:
    for child in _inside(element):
        if _name(child) == "p":
            yield _text(child, _SILENT | {"txbxContent"})
            for box in _text_boxes(child):
                yield from _blocks(box)
        elif _name(child) == "tbl":
            yield [_row(row) for row in _inside(child) if _name(row) == "tr"]


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes anchored in a paragraph, not those within them."""
    pending = list(paragraph)
    while pending:
        node = pending.pop()
        if _name(node) == "txbxContent":
            yield node
        else:
            pending.extend(reversed(node))


def _row(row: etree._Element) -> list[str]:
    cells = []
    for cell in _inside(row):
        if _name(cell) == "tc":
            span = cell.find("{*}tcPr/{*}gridSpan")
            width = _value(span) if span is not None else "1"
            cells += [_text(cell)] + [""] * (min(int(width), 64) - 1 if width.isdigit() else 0)
    return cells


def _text(element: etree._Element, silent: frozenset[str] = _SILENT) -> str:
    """Return an element's visible text on one line, boxes as ☒ and ☐."""
    pieces: list[str] = []
    pending = [element]
    while pending:
        node = pending.pop()
        name = _name(node)
        if name in silent:
            continue
        if name == "t":
            pieces.append(node.text or "")
        elif name in ("tab", "br", "cr", "p"):
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "sym":
            pieces.append(_SYMBOLS.get(_value(node, "char").upper(), ""))
        elif name == "checkBox":
            pieces.append(_legacy(node))
        elif name == "sdt" and (box := node.find("{*}sdtPr/{*}checkbox")) is not None:
            pieces.append(_tick(box.find("{*}checked")))
            continue
        elif name == "sdt" and _is_placeholder(node):
            continue
        pending.extend(reversed(node))
    return " ".join("".join(pieces).split())


def _value(element: etree._Element, name: str = "val") -> str:
    """Return an attribute of an element whatever its namespace."""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _tick(mark: etree._Element | None) -> str:
    """Return the sign of a check box's state; an element without a value means on."""
    return UNTICKED if mark is None or _value(mark) in _OFF else TICKED


def _legacy(box: etree._Element) -> str:
    """Return the sign of an old form field's check box."""
    checked = box.find("{*}checked")
    return _tick(checked if checked is not None else box.find("{*}default"))


def _is_placeholder(control: etree._Element) -> bool:
    return control.find("{*}sdtPr/{*}showingPlcHdr") is not None
