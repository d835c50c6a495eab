"""A Word file opened without trust: its paragraphs and tables as text, and how many pictures it has.

Only the document's XML is read. Nothing is unpacked to disk; sizes, ratio and depth are bounded; no
entity is resolved and nothing is fetched. Content controls, tracked insertions, text boxes and check
boxes are read; deletions, moved-away text and placeholders ("click here") are not.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lxml import etree

MOST_PARTS, LONGEST_ENTRY = 2_000, 512
LONGEST_END = 2**16 + 22
MOST_XML = 8 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_RATIO, SMALL = 200, 2**20
TICKED, UNTICKED = "☒", "☐"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN_TYPES = ("document.main+xml", "document.macroEnabled.main+xml", "template.main+xml")
TYPES_PART = "[Content_Types].xml"

# Wingdings and Wingdings 2 draw boxes at these places of the private use area
_SYMBOLS = {"F0FE": TICKED, "F0FD": TICKED, "F052": TICKED, "F053": TICKED, "F0FC": TICKED}
_SYMBOLS |= {"F06F": UNTICKED, "F0A8": UNTICKED, "F0A3": UNTICKED, "F02A": UNTICKED}
_INSIDE = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent"}
_INSIDE |= {"Choice", "body", "document", "txbxContent"}
_SILENT = frozenset({"sdtPr", "pPr", "rPr", "trPr", "tcPr", "tblPr", "instrText"})
_OFF = {"0", "false", "off"}

Table = list[list[str]]


class Refused(Exception):
    """A file that cannot be read as Word; `code` is the fault's, `given` what was seen."""

    def __init__(self, code: str, given: str = "") -> None:
        super().__init__(code, given)
        self.code, self.given = code, given


@dataclass(frozen=True)
class Document:
    """What a Word file says: `blocks` are paragraphs (text) and tables (rows of cell text) in order."""

    blocks: list[str | Table]
    pictures: int
    macro: bool


def read(file: Path) -> Document:
    """Return what a Word file says, or raise `Refused`.

    Check boxes, drawn or real, come out as ☒ and ☐ in the text; a cell's paragraphs are joined by a
    space; a cell over several columns is followed by empty ones.
    """
    xml, macro = _main_part(file)
    root = _parse(xml)
    for mark in list(root.iter("{*}trPr")):
        if mark.find("{*}del") is not None:
            row = mark.getparent()
            row.getparent().remove(row)
    etree.strip_elements(root, "{*}del", "{*}moveFrom", "{*}Fallback", with_tail=False)
    pictures = sum(1 for _ in root.iter("{*}blip", "{*}imagedata"))
    return Document(list(_blocks(root)), pictures, macro)


def _main_part(file: Path) -> tuple[bytes, bool]:
    """Return the document's XML, and whether the package carries macros."""
    with file.open("rb") as opened:
        start = opened.read(len(OLE))
        if start == OLE:
            locked = "EncryptedPackage".encode("utf-16-le") in opened.read()
            raise Refused("form-encrypted" if locked else "form-old-word")
        _end(opened)
    try:
        with zipfile.ZipFile(file) as package:
            _bound(package)
            names = package.namelist()
            if TYPES_PART not in names:
                raise Refused("form-not-word")
            name = _main_name(_bounded(package, TYPES_PART))
            if name not in names:
                raise Refused("form-not-word")
            macro = any(part.lower().endswith("vbaproject.bin") for part in names)
            return _bounded(package, name), macro
    except Refused:
        raise
    except Exception as error:  # a damaged zip makes the library raise nearly anything
        raise Refused("form-broken", type(error).__name__) from error


def _end(opened: BinaryIO) -> None:
    """Refuse a file without a zip's end, or with a directory too long to be worth listing."""
    opened.seek(0)
    zipped = opened.read(4) == b"PK\x03\x04"
    opened.seek(max(0, opened.seek(0, os.SEEK_END) - LONGEST_END))
    tail = opened.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise Refused("form-broken", "ไฟล์ขาดตอนท้าย") if zipped else Refused("form-not-word")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory > MOST_PARTS * LONGEST_ENTRY or tail[:end][-20:].startswith(b"PK\x06\x07"):
        raise Refused("form-too-large", "รายการส่วนประกอบยาวผิดปกติ")


def _bound(package: zipfile.ZipFile) -> None:
    """Refuse a package that is locked, points outside itself or unpacks to too much."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused("form-too-large", f"{len(parts):,} ส่วน")
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * packed):
        raise Refused("form-too-large", f"{unpacked / 2**20:,.0f} MB")
    for part in parts:
        name = part.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise Refused("form-unsafe", "ชื่อส่วนชี้ออกนอกไฟล์")
        if part.flag_bits & 1:
            raise Refused("form-encrypted")


def _bounded(package: zipfile.ZipFile, name: str) -> bytes:
    """Return a part's bytes, at most MOST_XML of them whatever its header promises."""
    with package.open(name) as part:
        xml = part.read(MOST_XML + 1)
    if len(xml) > MOST_XML:
        raise Refused("form-too-large", f"เกิน {MOST_XML // 2**20} MB")
    return xml


def _main_name(types: bytes) -> str:
    """Return the name of the document's main part by the package's list of types."""
    for entry in _parse(types).iter("{*}Override"):
        if entry.get("ContentType", "").endswith(MAIN_TYPES):
            return entry.get("PartName", "").removeprefix("/")
    return "word/document.xml"


def _parse(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error).lower()
        raise Refused(*DEEP if deep else ("form-broken", "XML ไม่สมบูรณ์")) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("form-unsafe", "มีคำนิยามของเอกสาร (DTD) ซึ่ง Word ไม่ใช้")
    return root


DEEP = ("form-unsafe", "โครงสร้างซ้อนกันลึกผิดปกติ")


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
