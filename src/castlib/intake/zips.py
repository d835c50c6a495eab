"""Office files (Word, Excel) opened without trust: a zip of XML parts with every size bounded.

Nothing is unpacked to disk; sizes, ratio and depth are bounded; no entity is resolved and nothing is
fetched. Every reason to refuse a file is one of REASONS.
"""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lxml import etree

REASONS = ("not", "old", "encrypted", "broken", "too-large", "unsafe")
MOST_PARTS, LONGEST_ENTRY = 2_000, 512
LONGEST_END = 2**16 + 22
MOST_UNPACKED = 200 * 2**20
MOST_RATIO, SMALL = 200, 2**20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES_PART = "[Content_Types].xml"


class Refused(Exception):
    """A file that is not opened: `reason` is one of REASONS, `given` what was seen."""

    def __init__(self, reason: str, given: str = "") -> None:
        super().__init__(reason, given)
        self.reason, self.given = reason, given


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an Office file whose directory is within bounds; damage of any kind becomes `Refused`."""
    _look(file)
    try:
        with zipfile.ZipFile(file) as package:
            _bound(package)
            if TYPES_PART not in package.namelist():
                raise Refused("not")
            yield package
    except Refused:
        raise
    except Exception as error:  # a damaged zip makes the library raise nearly anything
        raise Refused("broken", type(error).__name__) from error


def part(package: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a part's bytes, at most `most` of them whatever its header promises."""
    with package.open(name) as entry:
        content = entry.read(most + 1)
    if len(content) > most:
        raise Refused("too-large", f"เกิน {most // 2**20} MB")
    return content


def main_name(package: zipfile.ZipFile, types: tuple[str, ...], usual: str) -> str:
    """Return the name of the part whose content type ends in one of `types`; it must be there."""
    listed = parse(part(package, TYPES_PART, SMALL)).iter("{*}Override")
    named = (e.get("PartName", "") for e in listed if e.get("ContentType", "").endswith(types))
    name = next(named, usual).removeprefix("/")
    if name not in package.namelist():
        raise Refused("not")
    return name


def has_macro(package: zipfile.ZipFile) -> bool:
    """Whether the package carries a macro project."""
    return any(name.lower().endswith("vbaproject.bin") for name in package.namelist())


def parse(xml: bytes) -> etree._Element:
    """Return the root of a part's XML; a DTD or a depth that no office program writes is refused."""
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
        if "depth" in str(error).lower():
            raise Refused("unsafe", "โครงสร้างซ้อนกันลึกผิดปกติ") from error
        raise Refused("broken", "XML ไม่สมบูรณ์") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("unsafe", "มีคำนิยามของเอกสาร (DTD) ซึ่งโปรแกรมสำนักงานไม่ใช้")
    return root


def _look(file: Path) -> None:
    """Refuse what is no zip, and a zip without an end or with a directory too long to be worth listing."""
    with file.open("rb") as content:
        start = content.read(len(OLE))
        if start == OLE:
            locked = "EncryptedPackage".encode("utf-16-le") in content.read()
            raise Refused("encrypted" if locked else "old")
        _end(content, start.startswith(b"PK\x03\x04"))


def _end(content: BinaryIO, zipped: bool) -> None:
    content.seek(max(0, content.seek(0, os.SEEK_END) - LONGEST_END))
    tail = content.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise Refused("broken", "ไฟล์ขาดตอนท้าย") if zipped else Refused("not")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory > MOST_PARTS * LONGEST_ENTRY or tail[:end][-20:].startswith(b"PK\x06\x07"):
        raise Refused("too-large", "รายการส่วนประกอบยาวผิดปกติ")


def _bound(package: zipfile.ZipFile) -> None:
    """Refuse a package that is locked, points outside itself or unpacks to too much."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused("too-large", f"{len(parts):,} ส่วน")
    unpacked = sum(entry.file_size for entry in parts)
    packed = max(1, sum(entry.compress_size for entry in parts))
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > MOST_RATIO * packed):
        raise Refused("too-large", f"{unpacked / 2**20:,.0f} MB")
    for entry in parts:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise Refused("unsafe", "ชื่อส่วนชี้ออกนอกไฟล์")
        if entry.flag_bits & 1:
            raise Refused("encrypted")
