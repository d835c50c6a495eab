"""Readers of the gate: whatever a file says, anywhere in it, as pieces of text with their places.

What a file is, is told by its content. One that cannot be read, or that is broken, comes out as a piece
of the kind "unreadable"; only fonts and the theme's own scripts and styles are passed over.
"""

import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from castlib.privacy.readers import frames, markup, office, pdf, pictures, texts
from castlib.privacy.readers.piece import GPS, ROW, TEXT, UNREADABLE, Piece, Unreadable, strings

__all__ = ["GPS", "ROW", "TEXT", "UNREADABLE", "Piece", "read"]

MOST_BYTES = 500 * 2**20
DEEPEST = 3
FONTS = (b"wOF2", b"wOFF", b"OTTO", b"ttcf", b"true\x00", b"\x00\x01\x00\x00\x00")
PICTURES = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
    b"BM",
)
# by name only where the content is text, or must be what the name says
BINARY = frozenset(
    ".pdf .docx .xlsx .pptx .zip .png .jpg .jpeg .webp .heic .heif .tif .tiff .gif .parquet .sav .zsav".split()
)
# binary formats that keep their texts in plain UTF-8: pickles, compiled translations
PLAIN = frozenset((".pickle", ".doctree", ".mo"))
# what Sphinx makes for itself of sources that lie beside it and are searched; it is never given away
KEPT_BY_SPHINX = {"doctrees": (".pickle", ".doctree"), "LC_MESSAGES": (".mo",)}
THEME = frozenset((".js", ".css", ".map", ".po", ".mo"))


def is_known(name: str) -> bool:
    """Whether a file need not be searched: the theme's scripts and styles, what Sphinx keeps of the sources."""
    path = PurePosixPath(name)
    if "_static" in path.parts and path.suffix in THEME:
        return True
    return any(path.suffix in KEPT_BY_SPHINX.get(folder, ()) for folder in path.parts[:-1])


def read(name: str, content: bytes, depth: int = 0) -> Iterator[Piece]:
    """Yield what a file says, given its name and bytes; never raises.

    Parameters
    ----------
    name : str
        The file's name; only its suffix counts, and only where the content leaves it open.
    content : bytes
        The whole file.
    depth : int
        In how many files this one lies; more than 3 are not opened.

    Returns
    -------
    Iterator of Piece
        place (Thai: page, line, cell, field …), text, kind.
    """
    if len(content) > MOST_BYTES or depth > DEEPEST:
        yield Piece("", "ใหญ่หรือซ้อนลึกเกินกว่าจะค้น", UNREADABLE)
        return
    try:
        yield from _reader(
            PurePosixPath(name).suffix.lower(), content, partial(read, depth=depth + 1)
        )
    except Unreadable as error:
        yield Piece("", str(error), UNREADABLE)
    except Exception as error:  # a broken file makes a library raise nearly anything
        yield Piece("", f"ไฟล์เสีย ({type(error).__name__})", UNREADABLE)


def _reader(suffix: str, content: bytes, inside) -> Iterator[Piece]:
    """Return the pieces by the reader that the content, then the name, asks for."""
    if b"%PDF-" in content[:1024]:
        return pdf.read(content, inside)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return office.read(content, inside)
    if content.startswith(b"PAR1"):
        return frames.read_parquet(content)
    if content.startswith((b"$FL2", b"$FL3")):
        return frames.read_sav(content)
    if content.startswith(PICTURES) or content[4:8] == b"ftyp" or content[8:12] == b"WEBP":
        return pictures.read(content, inside)
    if content.startswith(FONTS):
        return iter(())
    if suffix in BINARY:
        raise Unreadable("ไฟล์เสียหรือไม่ใช่ชนิดตามชื่อ")
    if suffix in PLAIN:
        return (Piece("ข้อความในไฟล์", text) for text in strings(content))
    if content.startswith(b"# Sphinx inventory"):
        head, _, packed = content.partition(b"zlib.\n")
        return texts.read_text(head + b"\n" + zlib.decompress(packed), inside)
    return _plain(suffix, content, inside)


def _plain(suffix: str, content: bytes, inside) -> Iterator[Piece]:
    """Return the pieces of a file that is text."""
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if suffix in (".html", ".htm", ".xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return markup.read_html(texts.decoded(content), inside)
    if suffix in (".xml", ".svg", ".rdf", ".rels") or start.startswith((b"<?xml", b"<svg")):
        return markup.read_xml(content, inside)
    if suffix in (".ipynb", ".json", ".geojson", ".jsonld", ".map"):
        return texts.read_json(content, inside)
    if suffix in (".csv", ".tsv", ".tab"):
        return texts.read_csv(content, "," if suffix == ".csv" else "\t")
    if suffix in (".js", ".mjs"):
        return texts.read_script(content, inside)
    return texts.read_text(content, inside)
