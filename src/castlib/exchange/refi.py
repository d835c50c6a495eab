"""REFI-QDA 1.5 projects (.qdpx) and codebooks (.qdc), as NVivo, ATLAS.ti, MAXQDA and QualCoder exchange them.

Written are positions in Unicode code points from 0 with the end after the last character, as the programs
do; a selection is named by its text, so that any reader can check. The same project gives the same bytes.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import groupby
from pathlib import Path, PurePosixPath
from uuid import UUID, uuid5

from lxml import etree

from castlib import archives
from castlib.archives import Refused
from castlib.errors import CastError
from castlib.exchange.checks import ODD, Losses, NotReadable, checked, nested, world_time
from castlib.exchange.positions import MARK, Counted
from castlib.exchange.project import Code, Passage, Project
from castlib.exchange.qde import ORIGIN, Reading
from castlib.exchange.qde import codebook as codes_of

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
NAMES = UUID("6f0d3b5e-0f0a-5c1e-9a58-5d3d7a3c2f10")
LONGEST_NAME = 200
MOST_PARTS = 40_000
MOST_XML, MOST_TEXT, MOST_TEXTS = 64 * 2**20, 8 * 2**20, 64 * 2**20
MOST_TAGS, MOST_ATTRIBUTES = 4_000_000, 10_000_000
TIMES = (1980, 1, 1, 0, 0, 0)
READ, USUAL = (".qde", ".txt"), "project.qde"

_REFUSED = {
    "not": "ไม่ใช่ไฟล์ {kind}",
    "old": "ไม่ใช่ไฟล์ {kind}",
    "encrypted": "ตั้งรหัสผ่านไว้ จึงเปิดอ่านไม่ได้ ให้ยกเลิกรหัสผ่านแล้วส่งออกใหม่",
    "broken": "ชำรุด ({given}) ให้ส่งออกจากโปรแกรมเดิมใหม่",
    "too-large": "ใหญ่เกินที่รับได้ ({given}) ให้แบ่งเป็นโครงการที่เล็กลง",
    "unsafe": "มีส่วนที่ไม่ปลอดภัย ({given}) จึงไม่เปิดอ่าน",
}
_SCHEME = re.compile(r"[a-z]+://+", re.IGNORECASE)


def write(project: Project) -> bytes:
    """Return a project as a `.qdpx`: `project.qde` and one plain text part for each document.

    Codes keep their order within a code, passages are told by document and place, and two that are the
    same are one. `lost` is not written. A project that contradicts itself raises `CastError` with all that
    stands against it.

    >>> from castlib.exchange.project import Document
    >>> book = (Code("ทีม"),)
    >>> project = Project(
    ...     "ก", (Document("กลุ่ม 1", "ทีมดี"),), book, (), (Passage("กลุ่ม 1", 0, 3, "ทีม", ""),)
    ... )
    >>> read(write(project)) == project
    True
    """
    project = checked(project)
    root = etree.Element("Project", {"name": project.name, "origin": ORIGIN}, {None: PROJECT})
    if project.coders:
        users = etree.SubElement(root, "Users")
        for coder in project.coders:
            etree.SubElement(users, "User", guid=_guid("user", coder), name=coder)
    if project.codes:
        _codes(etree.SubElement(etree.SubElement(root, "CodeBook"), "Codes"), project.codes)
    parts = {}
    if project.documents:
        sources = etree.SubElement(root, "Sources")
        told = {name: list(of) for name, of in groupby(project.passages, lambda p: p.document)}
        for document in project.documents:
            guid = _guid("source", document.name)
            path = {"plainTextPath": f"internal://{guid}.txt"}
            source = etree.SubElement(sources, "TextSource", guid=guid, name=document.name, **path)
            _selections(source, document.text, told.get(document.name, []))
            parts[f"sources/{guid}.txt"] = document.text.encode()
    return _zipped({USUAL: _xml(root), **parts})


def codebook(project: Project) -> bytes:
    """Return a project's codes as a `.qdc`; a project without codes has none and raises `CastError`."""
    project = checked(project)
    if not project.codes:
        raise CastError("โครงการนี้ยังไม่มีรหัส จึงทำสมุดรหัส .qdc ไม่ได้")
    root = etree.Element("CodeBook", {"origin": ORIGIN}, {None: CODEBOOK})
    _codes(etree.SubElement(root, "Codes"), project.codes)
    return _xml(root)


def read(content: bytes | Path) -> Project:
    """Return the project of a `.qdpx`, what was not taken over in `lost`.

    Positions count code points of each document's text with its line ends as LF, however the program that
    wrote them counted (see `positions`). What is no such file, is damaged, hostile, too large or ambiguous
    raises `NotReadable` with a sentence for the person who gave it.
    """
    with _told(content, "โครงการลงรหัส REFI-QDA (.qdpx)"):
        parts = _parts(content)
        root = _parsed(_project_of(parts))
        if not _is(root, "Project", PROJECT):
            raise Refused("not")
        return Reading(root, _Texts(parts).named).project()


def read_codebook(content: bytes | Path) -> tuple[Code, ...]:
    """Return the codes of a `.qdc`; refused as `read` refuses."""
    with _told(content, "สมุดรหัส REFI-QDA (.qdc)"):
        if isinstance(content, Path):
            with content.open("rb") as file:
                content = file.read(MOST_XML + 1)
        if len(content) > MOST_XML:
            raise Refused("too-large", f"เกิน {MOST_XML // 2**20} MB")
        root = _parsed(content)
        if not _is(root, "CodeBook", CODEBOOK):
            raise Refused("not")
        codes, _ = codes_of(root, Losses())
        return tuple(codes)


class _Texts:
    """The plain texts of an archive, by the paths that its project gives them."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.read: dict[str, Counted | None] = {}

    def named(self, path: str) -> Counted | None:
        """Return the text that a path names, or None when it is not there or neither UTF-8 nor UTF-16."""
        key = PurePosixPath(_SCHEME.sub("", path).replace("\\", "/")).name.lower()
        if key not in self.parts or not key.endswith(READ[1]):
            return None
        if key not in self.read:
            self.read[key] = _decoded(self.parts[key])
        return self.read[key]


def _parts(content: bytes | Path) -> dict[str, bytes]:
    """Return the parts that are read, by name in small letters, whatever their folder is called."""
    parts: dict[str, bytes] = {}
    size = 0
    with archives.opened(content, MOST_PARTS, lambda name: name.lower().endswith(READ)) as package:
        for name in sorted(package.namelist(), key=lambda name: "sources/" not in name.lower()):
            key = PurePosixPath(name.replace("\\", "/")).name.lower()
            if key in parts or not key.endswith(READ):
                continue
            xml = key.endswith(READ[0])
            parts[key] = archives.part(package, name, MOST_XML if xml else MOST_TEXT)
            size += 0 if xml else len(parts[key])
            if size > MOST_TEXTS:
                raise Refused("too-large", f"ข้อความเกิน {MOST_TEXTS // 2**20} MB")
    return parts


def _project_of(parts: dict[str, bytes]) -> bytes:
    found = [name for name in parts if name.endswith(READ[0])]
    if not found:
        raise Refused("not")
    if len(found) > 1 and USUAL not in found:
        raise Refused("broken", f"มีไฟล์ .qde {len(found)} ไฟล์")
    return parts[USUAL if USUAL in found else found[0]]


def _decoded(content: bytes) -> Counted | None:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        return None
    marked = wide or text.startswith(MARK)
    return Counted(text.removeprefix(MARK), marked)


@contextmanager
def _told(content: bytes | Path, kind: str) -> Iterator[None]:
    """Turn what was refused, or could not be opened, into a sentence."""
    name = f"ไฟล์ {content.name}" if isinstance(content, Path) else "ไฟล์"
    try:
        yield
    except Refused as refused:
        sentence = _REFUSED[refused.reason].format(kind=kind, given=refused.given)
        raise NotReadable(f"{name} {sentence}") from refused
    except OSError as error:
        raise NotReadable(
            f"เปิด{name} ไม่ได้ ({type(error).__name__}) ให้ตรวจชื่อและที่อยู่ของไฟล์"
        ) from error


def _parsed(xml: bytes) -> etree._Element:
    if xml.count(b"<") > MOST_TAGS or xml.count(b"=") > MOST_ATTRIBUTES:
        raise Refused("too-large", "ส่วนย่อยมีมากผิดปกติ")
    return archives.parse(xml)


def _is(root: etree._Element, name: str, namespace: str) -> bool:
    """Whether a root is the standard's; programs write its version in several ways."""
    found = etree.QName(root)
    return found.localname == name and (found.namespace or "").startswith(namespace[: -len("1.0")])


def _codes(parent: etree._Element, codes: tuple[Code, ...]) -> None:
    above = [parent]
    for code, depth in nested(codes):
        del above[depth + 1 :]
        element = etree.SubElement(
            above[-1], "Code", guid=_guid("code", code.name), name=code.name, isCodable="true"
        )
        if code.description:
            etree.SubElement(element, "Description").text = code.description
        above.append(element)


def _selections(source: etree._Element, text: str, passages: list[Passage]) -> None:
    """Tell passages, those that one coder coded in one place at one time as one selection."""

    def mark(p: Passage) -> tuple[int, int, str, str]:
        return p.start, p.end, p.coder, str(p.at or "")

    for (start, end, coder, at), of in groupby(sorted(passages, key=mark), mark):
        coded = list(of)
        said = text[start : min(end, start + LONGEST_NAME)]
        said += "…" if end - start > LONGEST_NAME else ""
        key = coded[0].document, str(start), str(end), coder, at
        selection = etree.SubElement(
            source,
            "PlainTextSelection",
            guid=_guid("selection", *key),
            name=ODD.sub("\ufffd", said),
            startPosition=str(start),
            endPosition=str(end),
            **_made(coded[0]),
        )
        for passage in coded:
            guid = _guid("coding", *key, passage.code)
            coding = etree.SubElement(selection, "Coding", guid=guid, **_made(passage))
            etree.SubElement(coding, "CodeRef", targetGUID=_guid("code", passage.code))


def _made(passage: Passage) -> dict[str, str]:
    made = {"creatingUser": _guid("user", passage.coder)} if passage.coder else {}
    if passage.at:
        made["creationDateTime"] = f"{world_time(passage.at).isoformat()}Z"
    return made


def _guid(*key: str) -> str:
    return str(uuid5(NAMES, "\0".join(key))).upper()


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _zipped(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, TIMES), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()
