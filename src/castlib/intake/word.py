"""A Word file opened without trust: its paragraphs and tables as text, and what else it carries.

Only the document's XML and the lists of what it refers to are read (`zips` says within which bounds,
`wordxml` what of the XML). Nothing is fetched, no embedded file is opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from castlib.intake import wordxml, zips
from castlib.intake.wordxml import Block

MOST_XML, MOST_LIST = 8 * 2**20, 2**20
MOST_LISTS = 50
MAIN_TYPES = ("document.main+xml", "document.macroEnabled.main+xml", "template.main+xml")
EMBEDDED = {"oleObject", "package", "aFChunk", "subDocument", "control"}
OUTSIDE = {
    "attachedTemplate": "แม่แบบ",
    "image": "รูปภาพ",
    "oleObject": "วัตถุที่เชื่อมโยง",
    "frame": "กรอบ",
    "subDocument": "เอกสารย่อย",
}

_REMOTE = re.compile(r"[a-z]{3,}s?:(?!//?/?/?[a-z]:)|[/\\]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """What a Word file says and carries.

    `blocks`: paragraphs (text) and tables in order; `pictures`: how many it shows, page headers
    included; `embedded`: how many other files it holds; `outside`: what of it lies elsewhere.
    """

    blocks: list[Block]
    pictures: int
    macro: bool
    embedded: int
    outside: list[str]


def read(file: Path) -> Document:
    """Return what a Word file says, or raise `zips.Refused`."""
    with zips.opened(file) as package:
        main = zips.main_name(package, MAIN_TYPES, "word/document.xml")
        macro = zips.has_macro(package)
        root = zips.parse(zips.part(package, main, MOST_XML))
        links = list(_links(package, main))
    blocks = wordxml.blocks(root)
    margins = {target for part, kind, target, _ in links if kind == "image" and part == "margin"}
    embedded = sum(k in EMBEDDED for part, k, _, away in links if part == "main" and not away)
    away = {kind for _, kind, target, away in links if away and _is_told(kind, target)}
    outside = sorted({OUTSIDE.get(kind, "อื่น ๆ") for kind in away})
    return Document(blocks, wordxml.pictures(root) + len(margins), macro, embedded, outside)


def _is_told(kind: str, target: str) -> bool:
    """Whether something outside is worth telling: no hyperlink, nor the template of the sender's own Word."""
    own = kind == "attachedTemplate" and not _REMOTE.match(target)
    return kind != "hyperlink" and not own


def _links(package: ZipFile, main: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield what the parts beside the main one refer to: whose, kind, target, whether outside the file."""
    folder = PurePosixPath(main).parent
    lists = [
        name
        for name in package.namelist()
        if name.endswith(".rels") and PurePosixPath(name).parent == folder / "_rels"
    ]
    if len(lists) > MOST_LISTS:
        raise zips.Refused("too-large", f"{len(lists):,} ส่วน")
    for name in lists:
        owner = PurePosixPath(name).name.removesuffix(".rels")
        margin = owner.startswith(("header", "footer", "footnotes", "endnotes"))
        part = "main" if owner == PurePosixPath(main).name else "margin" if margin else "other"
        for link in zips.parse(zips.part(package, name, MOST_LIST)).iter("{*}Relationship"):
            kind = link.get("Type", "").rpartition("/")[2]
            yield part, kind, link.get("Target", ""), link.get("TargetMode") == "External"
