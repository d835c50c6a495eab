"""A REFI-QDA project's XML as a coding project: users, codes, texts, coded selections, and what is left behind."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from lxml import etree

from castlib.archives import Refused
from castlib.errors import some
from castlib.exchange.checks import (
    MOST_CODES,
    MOST_DOCUMENTS,
    MOST_PASSAGES,
    Losses,
    Names,
    NotReadable,
    finished,
    thai_time,
)
from castlib.exchange.positions import CERTAIN, MARK, Counted, Selection, Way, said_plainly, way_of
from castlib.exchange.project import Code, Document, Passage, Project

ORIGIN = "castlib"
MOST_SEARCHED = 3_000_000_000
MOST_USERS, LONGEST_NAME, LONGEST_SAID = 10_000, 2_000, 1_000
LEFT_BEHIND = {
    "Variable": "ตัวแปร",
    "Case": "กรณี (case)",
    "Note": "บันทึกช่วยจำ (memo)",
    "Link": "ลิงก์",
    "Set": "ชุดของรหัสหรือเอกสาร (set)",
    "Graph": "แผนผัง",
    "PictureSource": "ภาพ",
    "AudioSource": "เสียง",
    "VideoSource": "วีดิทัศน์",
}
_POSITION = re.compile(r"\d{1,9}")

Open = Callable[[str], Counted | None]


class Reading:
    """What is being read of one project: its root, its parts, and what its GUIDs stand for."""

    def __init__(self, root: etree._Element, opened: Open) -> None:
        self.root, self.open, self.losses = root, opened, Losses()
        self.own = root.get("origin", "") == ORIGIN
        self.users = users(root)
        self.codes, self.coded = codebook(root.find("{*}CodeBook"), self.losses)
        self.cases = {_guid(case) for case in root.iterfind("{*}Cases/{*}Case")}
        self.documents: list[Document] = []
        self.passages: list[Passage] = []
        self.selections: list[tuple[str, Selection, etree._Element]] = []
        self.searched = 0

    def project(self) -> Project:
        """Return the whole; raise `NotReadable` or `Refused` when it cannot be trusted."""
        for kind, what in LEFT_BEHIND.items():
            for found in self.root.iterfind(f"*/{{*}}{kind}"):
                self.losses.add(what, found.get("name", ""))
                coded = sum(1 for _ in found.iter("{*}Coding"))
                self.losses.add("การลงรหัสบนภาพ เสียง วีดิทัศน์ หรือบันทึก", number=coded)
        self._described(self.root, "คำอธิบายโครงการ", self.root.get("name", ""))
        self._sources()
        joined = self.root.get("origin", "").upper().startswith("ATLAS")
        way = (
            Way()
            if self.own
            else way_of([selection for _, selection, _ in self.selections], joined)
        )
        for document, selection, element in self.selections:
            self._selected(document, selection, element, way)
        if len(self.passages) > MOST_PASSAGES:
            raise Refused("too-large", f"{len(self.passages):,} ช่วง")
        read = Project(
            self.root.get("name") or "โครงการไม่มีชื่อ",
            tuple(self.documents),
            tuple(self.codes),
            tuple(self.users.values()),
            tuple(self.passages),
        )
        return finished(read, self.losses)

    def _sources(self) -> None:
        seen: set[str] = set()
        names = Names()
        sources = list(self.root.iterfind("{*}Sources/*"))
        if len(sources) > MOST_DOCUMENTS:
            raise Refused("too-large", f"{len(sources):,} เอกสาร")
        repeated = [s.get("name", "") for s in sources if _guid(s) and _is_seen(_guid(s), seen)]
        if repeated:
            raise NotReadable(
                f"ไฟล์มีเอกสารที่ใช้ GUID เดียวกัน ({some(repeated)}) ให้ส่งออกจากโปรแกรมเดิมใหม่"
            )
        for source in sources:
            kind = etree.QName(source).localname
            if kind not in ("TextSource", "PDFSource"):
                continue
            plain = source.find("{*}Representation") if kind == "PDFSource" else source
            text = None if plain is None else self._text(plain)
            given = source.get("name") or _guid(source) or "เอกสารไม่มีชื่อ"
            coded = sum(1 for _ in source.iter("{*}Coding"))
            self._described(source, "คำอธิบายของเอกสาร", given)
            if text is None:
                self.losses.add("เอกสารที่ไม่มีฉบับข้อความล้วนที่อ่านได้ในไฟล์", given)
                self.losses.add("การลงรหัสในเอกสารที่ไม่ได้นำเข้า", given, coded)
                continue
            name = names.free(_short(given))
            if name != given:
                self.losses.add("ชื่อเอกสารที่ซ้ำกัน จึงเปลี่ยนชื่อ", f"{given} → {name}")
            self.documents.append(Document(name, text.raw if self.own else text.text))
            self._coded(name, text, source, plain)

    def _coded(
        self, name: str, text: Counted, source: etree._Element, plain: etree._Element
    ) -> None:
        """Keep the selections of a text, and the codings of the whole of it."""
        areas = sum(1 for s in source.iterfind("{*}PDFSelection") for _ in s.iter("{*}Coding"))
        self.losses.add("การลงรหัสบนพื้นที่ของหน้า PDF", name, areas)
        for element in plain.iterfind("{*}PlainTextSelection"):
            places = element.get("startPosition", ""), element.get("endPosition", "")
            if not all(map(_POSITION.fullmatch, places)):
                self._lose(element, "การลงรหัสที่ไม่มีตำแหน่งที่อ่านได้", f"{name} {places}")
                continue
            said = _cut(element.get("name", ""))
            if not said_plainly(said)[0]:
                said = _cut(element.findtext("{*}Description") or "")
            start, end = map(int, places)
            self.selections.append((name, Selection(text, start, end, said), element))
        whole = [c for e in {source, plain} for c in e.iterfind("{*}Coding")]
        length = len(self.documents[-1].text)
        if whole and not length:
            self.losses.add("การลงรหัสในเอกสารว่าง", name, len(whole))
        elif whole:
            self._passages(name, 0, length, whole, source)

    def _selected(self, name: str, selection: Selection, element: etree._Element, way: Way) -> None:
        codings = element.findall("{*}Coding")
        noted = element.findtext("{*}Description") or ""
        fits = self.own or selection.fits(way)
        if noted.strip() and not (fits and _cut(noted) == selection.said):
            self.losses.add("บันทึกที่ช่วงข้อความ", noted)
        if not codings:
            self.losses.add("ช่วงข้อความที่ไม่มีรหัส", selection.said or name)
            return
        if self.own:
            span = selection.start, selection.end
            span = span if span[0] < span[1] <= len(selection.source.raw) else None
        else:
            span = selection.source.span(selection.start, selection.end, way)
        example = f"{name} [{selection.start}:{selection.end}] {selection.said}"
        if span is None:
            self._lose(element, "การลงรหัสที่ตำแหน่งอยู่นอกเอกสารหรือว่าง", example)
        elif not fits and self._stands_elsewhere(selection, element.get("name", "")):
            self._lose(element, "การลงรหัสที่ตำแหน่งไม่ตรงกับข้อความที่โปรแกรมเดิมจดไว้", example)
        else:
            self._passages(name, *span, codings, element)

    def _stands_elsewhere(self, selection: Selection, name: str) -> bool:
        """Whether a selection's name is in the text (it is not where it should be)."""
        said, _ = said_plainly(_cut(name))
        if len(said) < CERTAIN:
            return False
        self.searched += len(selection.source.flat)
        if self.searched > MOST_SEARCHED:
            raise Refused("too-large", "ช่วงข้อความที่ตำแหน่งไม่ตรงมีมากผิดปกติ")
        return said in selection.source.flat

    def _passages(
        self, name: str, start: int, end: int, codings: list[etree._Element], around: etree._Element
    ) -> None:
        for coding in codings:
            reference = coding.find("{*}CodeRef")
            target = _plain(reference.get("targetGUID", "")) if reference is not None else ""
            example = f"{name} [{start}:{end}]"
            if target in self.coded:
                coder = next(filter(None, self._users(coding, around)), "")
                at = next(filter(None, _moments(coding, around)), None)
                code = self.coded[target]
                self.passages.append(Passage(name, start, end, code, coder, at))
            elif target in self.cases:
                self.losses.add("ช่วงข้อความที่ระบุว่าเป็นของกรณี (case)", example)
            else:
                self.losses.add("การลงรหัสที่อ้างรหัสที่ไม่มีในไฟล์", example)

    def _users(self, coding: etree._Element, around: etree._Element) -> Iterator[str]:
        for element, key in (
            (coding, "creatingUser"),
            (around, "creatingUser"),
            (around, "modifyingUser"),
        ):
            yield self.users.get(_plain(element.get(key, "")), "")

    def _text(self, element: etree._Element) -> Counted | None:
        """Return a source's plain text: what stands in the XML, or the part that it names."""
        content = element.find("{*}PlainTextContent")
        path = element.get("plainTextPath", "")
        if content is not None and (content.text or not path):
            return Counted(content.text or "")
        text = self.open(path) if path else None
        # what we write is text from its first character on
        return Counted(MARK + text.raw) if text and self.own and text.marked else text

    def _described(self, element: etree._Element, what: str, name: str) -> None:
        if (element.findtext("{*}Description") or "").strip():
            self.losses.add(what, name)

    def _lose(self, element: etree._Element, what: str, example: str) -> None:
        self.losses.add(what, example, sum(1 for _ in element.iterfind("{*}Coding")))


def users(root: etree._Element) -> dict[str, str]:
    """Return users' names by GUID, each name once."""
    named: dict[str, str] = {}
    names = Names()
    for user in root.iterfind("{*}Users/{*}User"):
        name = user.get("name") or user.get("id") or ""
        if name and _guid(user) not in named:
            named[_guid(user)] = names.free(_short(name))
        if len(named) > MOST_USERS:
            raise Refused("too-large", f"กว่า {MOST_USERS:,} ผู้ใช้")
    return named


def codebook(book: etree._Element | None, losses: Losses) -> tuple[list[Code], dict[str, str]]:
    """Return the codes of a codebook, and their names by GUID.

    A code whose name another has too (programs allow it under different codes) gets the name of the code
    above it behind its own.
    """
    found: list[Code] = []
    names = Names()
    named: dict[str, str] = {}
    given: dict[str, tuple[str, str]] = {}
    roots = [] if book is None else [*book.iterfind("{*}Codes/{*}Code"), *book.iterfind("{*}Code")]
    pending = [(code, "") for code in reversed(roots)]
    while pending:
        element, parent = pending.pop()
        guid, name = _guid(element), _short(element.get("name", ""))
        if given.setdefault(guid, (name, parent)) != (name, parent) and guid:
            raise NotReadable(
                f"ไฟล์มีรหัสที่ใช้ GUID เดียวกัน ({given[guid][0]}, {name}) ให้ส่งออกจากโปรแกรมเดิมใหม่"
            )
        if guid and guid in named:
            continue
        free = names.free(name or "รหัสไม่มีชื่อ", parent)
        if free != name:
            losses.add("ชื่อรหัสที่ซ้ำหรือว่าง จึงเปลี่ยนชื่อ", f"{name} → {free}")
        losses.add("สีของรหัส", number=int(bool(element.get("color"))))
        named[guid] = free
        found.append(Code(free, element.findtext("{*}Description") or "", parent))
        if len(found) > MOST_CODES:
            raise Refused("too-large", f"กว่า {MOST_CODES:,} รหัส")
        pending += [(below, free) for below in reversed(element.findall("{*}Code"))]
    return found, named


def _moments(coding: etree._Element, around: etree._Element) -> Iterator[datetime | None]:
    for element, key in (
        (coding, "creationDateTime"),
        (around, "creationDateTime"),
        (around, "modifiedDateTime"),
    ):
        yield _moment(element.get(key, ""))


def _moment(given: str) -> datetime | None:
    """Return an xsd:dateTime as Thai time, or None when it is none.

    >>> _moment("2022-11-16T02:00:00Z")
    datetime.datetime(2022, 11, 16, 9, 0)
    """
    try:
        return thai_time(datetime.fromisoformat(given.strip()))
    except (ValueError, OverflowError):
        return None


def _short(name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise Refused("too-large", f"ชื่อยาว {len(name):,} อักขระ")
    return name


def _cut(said: str) -> str:
    return said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}…"


def _is_seen(guid: str, seen: set[str]) -> bool:
    if guid in seen:
        return True
    seen.add(guid)
    return False


def _guid(element: etree._Element) -> str:
    return _plain(element.get("guid", ""))


def _plain(guid: str) -> str:
    """Return a GUID without braces and in small letters, as programs differ in both."""
    return guid.strip().strip("{}").lower()
