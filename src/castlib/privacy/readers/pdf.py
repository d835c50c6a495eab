"""What a PDF says: its pages, what has a name in it (metadata, bookmarks, notes, attachments), and the rest."""

import contextlib
import logging
import re
import zlib
from collections.abc import Iterator
from io import BytesIO

from castlib.privacy.readers.pdfpage import Memory, Shown
from castlib.privacy.readers.pdftokens import STRING, raw, said
from castlib.privacy.readers.piece import (
    UNREADABLE,
    Inside,
    Piece,
    Unreadable,
    row,
    strings,
    within,
)

MOST_STREAM = 64 * 2**20
NOTES = ("/Contents", "/T", "/TU", "/Subj", "/V", "/DV", "/RC")

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_BARE_STRING = re.compile(STRING, re.DOTALL)
_LEADERS = re.compile(r"(?:\. ?){4,}")
_DOUBLED = re.compile("([\u0e01-\u0e2e][\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]+)\\1+")


def read(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield everything that a PDF says; `inside` reads what is embedded in it, by name and bytes."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    document = pypdf.PdfReader(BytesIO(content))
    if document.is_encrypted:
        raise Unreadable("เข้ารหัส")
    told: set[str] = set()
    for piece in _named(document, inside):
        told.add(piece.text)
        yield piece
    typst = str((document.metadata or {}).get("/Creator", "")).startswith("Typst")
    memory = Memory()
    for number, page in enumerate(document.pages, start=1):
        shown = Shown(memory)
        # where another program's page cannot be followed, the library's own reading stands alone
        with (
            contextlib.nullcontext()
            if typst
            else contextlib.suppress(ValueError, KeyError, IndexError, TypeError, AttributeError)
        ):
            stream = page.get_contents()
            shown.read(stream.get_data() if stream is not None else b"", page.get("/Resources"))
        # a tone mark set higher than its consonant makes a text layer say the cluster twice;
        # dots lead to the page numbers of a list of contents
        single = _LEADERS.sub(" ", _DOUBLED.sub(r"\1", shown.text))
        yield from _paragraphs(f"หน้า {number}", single)
        if not typst or shown.unsure:
            yield from _paragraphs(f"หน้า {number}", page.extract_text())
    yield from _rest(content, told, inside)


def _named(document, inside: Inside) -> Iterator[Piece]:
    for name, value in (document.metadata or {}).items():
        yield Piece(f"ข้อมูลกำกับ {name}", str(value))
    about = document.trailer["/Root"].get("/Metadata")
    if about is not None:
        yield from within("ข้อมูลกำกับ XMP", inside("xmp.xml", about.get_object().get_data()))
    for mark in _flat(document.outline):
        yield Piece("บุ๊กมาร์ก", str(mark.title))
    for number, page in enumerate(document.pages, start=1):
        for note in page.get("/Annots") or ():
            note = note.get_object()
            texts = [note.get(key) for key in NOTES] + [(note.get("/A") or {}).get("/URI")]
            yield from (Piece(f"หน้า {number} หมายเหตุหรือลิงก์", str(text)) for text in texts if text)
    for name, versions in document.attachments.items():
        yield Piece("ชื่อไฟล์แนบ", name)
        for version in versions:
            yield from within("ไฟล์แนบ", inside(name, version))


def _flat(marks: list) -> Iterator:
    for mark in marks:
        if isinstance(mark, list):
            yield from _flat(mark)
        else:
            yield mark


def _paragraphs(place: str, text: str) -> Iterator[Piece]:
    """Yield a page's paragraphs, and its rows of columns."""
    for block in text.split("\f"):
        lines = block.split("\n")
        yield Piece(place, " ".join(line for line in lines if "\t" not in line))
        for line in lines:
            if "\t" in line:
                yield from (Piece(place, cell) for cell in line.split("\t"))
                yield from row(place, line.split("\t"))


def _rest(content: bytes, told: set[str], inside: Inside) -> Iterator[Piece]:
    """Yield every string of the file's objects, also of those that no page uses any more."""
    position, bare = 0, []
    for start in _STREAM.finditer(content):
        if start.start() < position:
            continue
        head = content[max(position, start.start() - 2000) : start.start()].rpartition(b" obj")[2]
        bare.append(content[position : start.start()])
        end = content.find(b"endstream", start.end())
        position = len(content) if end < 0 else end
        yield from _stream(head, content[start.end() : position], bare, inside)
    bare.append(content[position:])
    for token in set(_BARE_STRING.findall(b"\n".join(bare))):
        text = said(raw(token))
        if len(text) > 3 and text not in told:
            yield Piece("ข้อความในโครงสร้างของไฟล์", text)


def _stream(head: bytes, packed: bytes, bare: list[bytes], inside: Inside) -> Iterator[Piece]:
    """Yield what a picture or an earlier version's metadata says; lay packed objects with the bare ones."""
    if b"/DCTDecode" in head:
        yield from within("ภาพ", inside("picture.jpg", packed.rstrip(b"\r\n")))
    elif b"/ObjStm" in head or b"/Metadata" in head:
        if b"/FlateDecode" in head:
            inflating = zlib.decompressobj()
            with contextlib.suppress(zlib.error):  # what can be unpacked is searched
                packed = inflating.decompress(packed, MOST_STREAM)
            if inflating.unconsumed_tail:
                yield Piece("ส่วนของไฟล์", "", UNREADABLE)
        if b"/ObjStm" in head:
            bare.append(packed)
        else:
            yield from (Piece("ข้อมูลกำกับ XMP", text) for text in strings(packed))
