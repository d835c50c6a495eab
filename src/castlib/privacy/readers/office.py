"""What zips say: Word and Excel in all their parts, and other archives by their members."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from lxml import etree

from castlib.privacy.readers.markup import DRAWN, parse, said
from castlib.privacy.readers.piece import Inside, Piece, Unreadable, row, within

MOST_PARTS = 10_000
MOST_UNPACKED = 500 * 2**20
MOST_RATIO, SMALL = 500, 2**20
TYPES, WORKBOOK, STRINGS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
FONT_PARTS = (".odttf", ".fntdata")
_SHEET = re.compile(r"^/?xl/worksheets/[^/]+\.xml$")
# values that only say how something looks or is bound together
_PLAIN = re.compile(r"[\w.%#:/-]{0,8}|https?://schemas[\w./:-]+|[\d\s.,-]{0,9}", re.ASCII)


def read(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield what the parts of an Office file, or the members of another archive, say."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        _bound(package)
        names = package.namelist()
        yield from (Piece("ชื่อแฟ้มในไฟล์", name) for name in names)
        yield from _texts("หมายเหตุของแฟ้มบีบอัด", package.comment)
        office = TYPES in names
        if office and WORKBOOK in names:
            yield from _cells(package)
        for entry in package.infolist():
            yield from _texts(f"หมายเหตุของ {entry.filename}", entry.comment)
            if entry.is_dir() or entry.filename.endswith(FONT_PARTS):
                continue
            part = package.read(entry)
            if office and _is_xml(entry.filename):
                yield from within(entry.filename, _part(part, bool(_SHEET.match(entry.filename))))
            else:
                yield from within(entry.filename, inside(PurePosixPath(entry.filename).name, part))


def _bound(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise Unreadable("ใหญ่เกินกว่าจะค้น")
    if unpacked > SMALL and unpacked > MOST_RATIO * packed:
        raise Unreadable("บีบอัดผิดปกติ")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("เข้ารหัส")


def _texts(place: str, comment: bytes) -> Iterator[Piece]:
    if comment:
        yield Piece(place, comment.decode("utf-8", "replace"))


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels", ".vml"))


def _part(content: bytes, sheet: bool) -> Iterator[Piece]:
    """Yield what a part says: paragraphs whole (hidden, deleted or shown), and attributes with words."""
    root = parse(content)
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        for name, value in element.items():
            if value not in seen and name not in DRAWN and not _PLAIN.fullmatch(value):
                seen.add(value)
                yield Piece(f"แอตทริบิวต์ {name.rpartition('}')[2]}", value)
    if sheet:  # its cells have been read with their names
        for data in root.iter("{*}sheetData"):
            data.clear()
    yield from said(root)


def _cells(package: zipfile.ZipFile) -> Iterator[Piece]:
    """Yield every cell of every sheet, hidden ones too, by its sheet and name."""
    strings = []
    if STRINGS in package.namelist():
        listed = parse(package.read(STRINGS)).iter("{*}si")
        strings = ["".join(text.text or "" for text in item.iter("{*}t")) for item in listed]
    for sheet, part in _sheets(package):
        for line in parse(package.read(part)).iter("{*}row"):
            texts = []
            for cell in line.iter("{*}c"):
                place = f"แผ่นงาน “{sheet}” เซลล์ {cell.get('r', '')}".rstrip()
                for formula in cell.iter("{*}f"):
                    yield Piece(place, formula.text or "")
                texts.append(_value(cell, strings))
                yield Piece(place, texts[-1])
            yield from row(f"แผ่นงาน “{sheet}” แถว {line.get('r', '')}", texts)


def _value(cell: etree._Element, strings: list[str]) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s" and value.isdigit() and int(value) < len(strings):
        return strings[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter("{*}t"))
    return value


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name and the part of each sheet; a part that no name leads to goes by its own."""
    relations = "xl/_rels/workbook.xml.rels"
    listed = parse(package.read(relations)) if relations in package.namelist() else ()
    targets = {link.get("Id"): link.get("Target", "") for link in listed}
    names = {}
    for sheet in parse(package.read(WORKBOOK)).iter("{*}sheet"):
        link = next((v for k, v in sheet.items() if k.endswith("}id")), None)
        names[PurePosixPath(targets.get(link, "")).name] = sheet.get("name", "")
    for part in package.namelist():
        if _SHEET.match(part):
            yield names.get(PurePosixPath(part).name, part), part
