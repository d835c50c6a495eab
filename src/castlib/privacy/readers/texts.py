"""What plain files say: text and Markdown by paragraph, CSV by cell, JSON and notebooks by their keys."""

import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from castlib.privacy.readers.markup import read_html, taken_out, unescaped
from castlib.privacy.readers.piece import ROW, Inside, Piece, Unreadable, row, within

LONGEST_END = 30
LONGEST_CELL = 2**24
SHORTEST_NUMBER = 1_000_000  # shorter ones are nobody's
NOTEBOOK_KEYS = frozenset(
    "cell_type data execution_count id metadata name nbformat nbformat_minor output_type outputs source tags text"
    " text/html text/plain".split()
)
INDEX_WORDS = ("terms ", "titleterms ")
LINKED_DATA_KEYS = frozenset("@context @graph @id @type @value".split())
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WORD_END, _WORD_START = re.compile(r"[^\W\d][\u0e31-\u0e4e]*\s*$"), re.compile(r"\s*[^\W\d]")
_CELLS = re.compile(r"\t|\s\|\s")
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_INDEX = re.compile(r"^\s*Search\.setIndex\((.*)\)\s*;?\s*$", re.DOTALL)


def decoded(content: bytes) -> str:
    """Return a text file's text: UTF-8, UTF-16 with its mark, otherwise the Thai single-byte encoding.

    >>> decoded("ก".encode("cp874")), decoded("ก".encode("utf-16"))
    ('ก', 'ก')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _CONTROL.search(content):
            raise Unreadable("ไม่ใช่ไฟล์ชนิดที่ค้นได้") from error
        return content.decode("cp874", "replace")


def read_text(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield a text's lines, tables by cell and row, and where lines meet."""
    before = ""
    for number, line in enumerate(_COLOUR.sub("", decoded(content)).splitlines(), start=1):
        line, pictures = taken_out(line, inside) if "data:" in line else (line, [])
        yield from within(f"บรรทัด {number}", iter(pictures))
        if line and not line.isspace():
            cells = _CELLS.split(unescaped(line))
            yield from (Piece(f"บรรทัด {number}", cell) for cell in cells)
            yield from row(f"บรรทัด {number}", cells)
            # a name may begin at the end of the line before
            if _WORD_END.search(before) and _WORD_START.match(line):
                yield from row(f"บรรทัด {number}", (before[-LONGEST_END:], line[:LONGEST_END]))
        before = line


def read_csv(content: bytes, delimiter: str = ",") -> Iterator[Piece]:
    """Yield a table's cells, each with its row and column, and its rows."""
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(decoded(content), newline=""), delimiter=delimiter)
    head: list[str] = []
    try:
        for number, cells in enumerate(rows, start=1):
            head = head or cells
            for k, cell in enumerate(cells):
                column = head[k] if k < len(head) else str(k + 1)
                yield Piece(f"แถว {number} คอลัมน์ “{column}”", cell)
            yield from row(f"แถว {number}", cells)
    except csv.Error as error:
        raise Unreadable("CSV ไม่สมบูรณ์") from error


def read_script(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield what a script says; of Sphinx's search index, its words and titles."""
    index = _INDEX.match(decoded(content))
    if not index:
        yield from read_text(content, inside)
        return
    for piece in read_json(index[1].encode(), inside):
        # Sphinx makes one word of cells that stand side by side: the numbers in it are nobody's
        yield piece._replace(kind=ROW) if piece.place.startswith(INDEX_WORDS) else piece


def read_json(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield every key and value of a JSON file, or the lines of one with a JSON text a line."""
    text = decoded(content)
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from read_text(content, inside)
        return
    if isinstance(whole, dict) and isinstance(whole.get("cells"), list) and "nbformat" in whole:
        yield from _notebook(whole, inside)
    else:
        yield from _walk(whole, "", inside)


def _notebook(whole: dict, inside: Inside) -> Iterator[Piece]:
    for number, cell in enumerate(whole["cells"], start=1):
        place = f"เซลล์ {number}"
        outputs = cell.get("outputs") or [] if isinstance(cell, dict) else []
        rest = {k: v for k, v in cell.items() if k != "outputs"} if outputs else cell
        yield from within(place, _walk(rest, "", inside))
        for k, output in enumerate(outputs, start=1):
            yield from within(f"{place} ผลลัพธ์ {k}", _walk(output, "", inside))
    yield from _walk({k: v for k, v in whole.items() if k != "cells"}, "", inside)


def _walk(value: object, place: str, inside: Inside) -> Iterator[Piece]:
    """Yield keys and values in depth; a list of texts is also one text, as notebooks keep theirs."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in NOTEBOOK_KEYS and key not in LINKED_DATA_KEYS:
                yield Piece(f"{place} ชื่อคีย์", str(key))
            yield from _walk(below, f"{place}/{key}" if place else str(key), inside)
        yield from row(place, (text for text in value.values() if isinstance(text, str)))
    elif isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        if any("\n" in line for line in value):
            yield from _said("".join(value), place, inside)
        else:
            yield from chain.from_iterable(_said(line, place, inside) for line in value)
            yield from row(place, value)
    elif isinstance(value, list):
        for below in value:
            yield from _walk(below, place, inside)
    elif isinstance(value, str):
        yield from _said(value, place, inside)
    elif isinstance(value, int) and abs(value) >= SHORTEST_NUMBER:
        yield Piece(place, str(value))


def _said(text: str, place: str, inside: Inside) -> Iterator[Piece]:
    """Yield what a text under a key says: a page, a packed picture, or lines."""
    kind = place.rpartition("data/")[2]
    if kind.startswith("image/") or "attachments" in place:
        try:
            name = f"picture.{kind.rpartition('/')[2].partition('+')[0]}"
            packed = text.encode() if "svg" in kind else base64.b64decode(text)
            yield from within(place, inside(name, packed))
            return
        except (binascii.Error, ValueError):
            pass  # not packed: a text like others
    if "data:" in text:
        text, pictures = taken_out(text, inside)
        yield from within(place, iter(pictures))
    if kind == "text/html" or text.lstrip().startswith("<"):
        yield from within(place, iter(_fragment(text)))
    elif "\n" in text:
        yield from within(place, iter(_lines(text)))
    else:
        yield Piece(place, unescaped(text))


# a book keeps each notebook three times: as it ran, as a page's source, and to be downloaded
@lru_cache(maxsize=512)
def _fragment(text: str) -> tuple[Piece, ...]:
    return _once(read_html(text, _nothing_inside))


@lru_cache(maxsize=512)
def _lines(text: str) -> tuple[Piece, ...]:
    return _once(read_text(text.encode("utf-8", "replace"), _nothing_inside))


def _once(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Return pieces without those that say again what one before them says."""
    return tuple({(piece.text, piece.kind): piece for piece in reversed(list(pieces))}.values())[
        ::-1
    ]


def _nothing_inside(name: str, content: bytes) -> Iterator[Piece]:
    """Stand for the reader of embedded files where they have been taken out."""
    return iter(())
