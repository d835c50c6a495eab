"""Pages that can be sent back: blocks of text and tables, as one HTML file and as one Word file.

reply.html is the page of any browser, by itself: no script, no address, no file beside it. reply.xml is
the same in Word's flat XML, whose parts become the zip. Every text passes `plain` and is escaped. Equal
pages have equal bytes, and a file is replaced whole or not at all.
"""

import io
import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from lxml import etree

from castlib import protocol

PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip file can hold
MADE = re.compile(r".+\.(?:html|docx)(?:\.new)?")
CHECKED = re.compile(r'<meta name="checked" content="([^"]+)">')

_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# what XML cannot hold, and what would turn the letters around it: neither can be shown
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Cell:
    """A cell of a table: text, a smaller note under it, good or bad or neither, where it leads."""

    text: object
    note: str = ""
    tone: str = ""
    link: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of the first or the second level below the title."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """A paragraph; with a tone (good, bad, warn, due) a notice, with `small` a remark."""

    kind: ClassVar[str] = "text"
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    kind: ClassVar[str] = "points"
    items: list[str]


@dataclass(frozen=True)
class Table:
    """A table under its header; `shares` are the columns' shares of the width in percent."""

    kind: ClassVar[str] = "table"
    head: tuple[str, ...]
    shares: tuple[int, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Page:
    """A page by the name of its files: its title, its blocks, and what it must say of its data."""

    name: str
    title: str
    notice: str
    blocks: list[Heading | Text | Points | Table]


def plain(text: object) -> str:
    """Return a text in one line without what cannot be seen.

    >>> plain("a\\n\\x00b\\u202e.exe")
    'a b.exe'
    """
    return _UNSEEN.sub("", _BREAKS.sub(" ", str(text)))


@cache
def _template(name: str):
    """Return a template that cleans and escapes whatever it is given."""
    return Environment(
        loader=PackageLoader("castlib", "intake"),
        autoescape=True,
        finalize=lambda given: given if hasattr(given, "__html__") else plain(given),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


def _about(checked: datetime) -> dict:
    study = protocol.load()
    return {
        "study": study.title_th,
        "organisation": study.organisation["th"],
        "checked": checked.isoformat(timespec="seconds"),
        "checked_th": f"{protocol.thai_date(checked)} เวลา {checked:%H:%M} น.",
    }


def html(page: Page, checked: datetime) -> bytes:
    """Return a page as HTML."""
    return _template("reply.html").render(page=page, **_about(checked)).encode("utf-8")


def word(page: Page, checked: datetime) -> bytes:
    """Return a page as a Word file."""
    flat = _template("reply.xml").render(page=page, **_about(checked))
    package = etree.fromstring(flat.encode("utf-8"))
    types = etree.Element(f"{{{TYPES}}}Types", nsmap={None: TYPES})
    etree.SubElement(types, f"{{{TYPES}}}Default", Extension="rels", ContentType=RELATIONSHIPS)
    parts = {"[Content_Types].xml": types}
    for part in package:
        name, kind = part.get(f"{PKG}name"), part.get(f"{PKG}contentType")
        parts[name.lstrip("/")] = part[0][0]
        if kind != RELATIONSHIPS:
            etree.SubElement(types, f"{{{TYPES}}}Override", PartName=name, ContentType=kind)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, root in parts.items():
            etree.cleanup_namespaces(root)
            xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            opened.writestr(zipfile.ZipInfo(name, EPOCH), xml, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def put(folder: Path, page: Page, checked: datetime) -> tuple[datetime, list[Path]]:
    """Write a page's HTML and Word files, and return since when they say this and what was written.

    When both say the same already, and only the time of checking would change, they stay as they are.
    """
    files = {folder / f"{page.name}.html": html, folder / f"{page.name}.docx": word}
    since = _since(next(iter(files)))
    if since and all(_content(file) == make(page, since) for file, make in files.items()):
        return since, []
    for file, make in files.items():
        replace(file, make(page, checked))
    return checked, list(files)


def _since(file: Path) -> datetime | None:
    """Return the time of checking that a page shows; None when there is no such page."""
    found = CHECKED.search((_content(file) or b"")[:2000].decode("utf-8", "replace"))
    try:
        return datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def replace(file: Path, content: bytes) -> list[Path]:
    """Put a content into a file, whole or not at all; return the file unless it held the same."""
    if _content(file) == content:
        return []
    fresh = file.with_name(file.name + ".new")
    fresh.write_bytes(content)
    os.replace(fresh, file)
    return [file]


def clear(folder: Path, wanted: Iterable[Path]) -> None:
    """Remove pages of provinces that are no longer, and what a broken-off writing left."""
    made = {file for file in folder.iterdir() if MADE.fullmatch(file.name)}
    for file in made - set(wanted):
        file.unlink()
