"""Mend the text that a PDF from Typst gives when it is copied, searched or read by a program.

Typst says what a group of Thai letters means beside its glyphs (ActualText), and again beside a mark that
is set higher, so that ขึ้น is copied as ขึ้ขึ้น; programs that do not read ActualText take the first group in
which a glyph stood for the glyph's meaning. Here each glyph of Sarabun is told apart by its outline and
says its own letter, and what a group says goes where not all of it stands there.
"""

import io
import re
import zlib
from functools import cache
from itertools import pairwise
from pathlib import Path

MEANING = re.compile(rb"/Span<</ActualText<FEFF((?:0E[0-9A-F]{2})+)>>>BDC(.*?)EMC", re.DOTALL)
# ำ is drawn as two glyphs, so there the group says it
SARA_AM = b"0E33"

# a PDF as Typst writes it: all objects, and one table of where each begins
_FILE = re.compile(
    rb"(.*\n)(xref\n0 \d+\n)((?:\d{10} \d{5} [nf]\r\n)+)(trailer\n.*startxref\n)\d+(.*)", re.DOTALL
)
_STRING = re.compile(rb"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_ESCAPED = re.compile(rb"\\(?:[0-7]{1,3}|.)", re.DOTALL)
_LETTER = re.compile(r"<([0-9A-F]{4})> <([0-9A-F]+)>")


def mend(pdf: bytes) -> bytes:
    """Return a PDF whose glyphs of Sarabun say their letters; what is seen does not change."""
    import pypdf

    fonts, mended = {}, {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts[font.indirect_reference.idnum] = font.get_object()
        stream = page["/Contents"]
        mended[stream.indirect_reference.idnum] = MEANING.sub(_said, stream.get_data())
    for font in fonts.values():
        name = font["/BaseFont"].partition("+")[2]
        if name.startswith("Sarabun-"):
            inside = font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile2"].get_data()
            stream = font["/ToUnicode"]
            meanings = _meanings(stream.get_data().decode(), name, inside)
            mended[stream.indirect_reference.idnum] = meanings.encode()
    return _with(pdf, mended)


def _with(pdf: bytes, streams: dict[int, bytes]) -> bytes:
    """Return a PDF with other content in some of its streams; all else stays as Typst wrote it."""
    body, head, table, trailer, last = _FILE.fullmatch(pdf).groups()
    lines = table.splitlines(keepends=True)
    numbers = {int(line[:10]): number for number, line in enumerate(lines) if b"n" in line}
    starts = sorted(numbers)
    made = bytearray(body[: starts[0]])
    for start, end in pairwise([*starts, len(body)]):
        number, found = numbers[start], body[start:end]
        lines[number] = b"%010d" % len(made) + lines[number][10:]
        made += _refilled(found, streams[number]) if number in streams else found
    return b"".join([made, head, *lines, trailer, b"%d" % len(made), last])


def _refilled(stream: bytes, content: bytes) -> bytes:
    head, mark, _ = stream.partition(b"\nstream\n")
    packed = zlib.compress(content) if b"/FlateDecode" in head else content
    head = re.sub(rb"/Length \d+", b"/Length %d" % len(packed), head)
    return head + mark + packed + b"\nendstream\nendobj\n"


def _said(found: re.Match) -> bytes:
    shown = b"".join(_STRING.findall(found[2]))
    glyphs, letters = len(_ESCAPED.sub(b"-", shown)) // 2, len(found[1]) // 4
    if SARA_AM in found[1] or glyphs == letters:
        return found[0]
    return b"/Span BMC" + found[2] + b"EMC"


def _meanings(cmap: str, name: str, inside: bytes) -> str:
    """Return a font's table of meanings with every glyph that has one of our outlines."""
    from fontTools import ttLib

    letters = _letters(name)
    given = dict(_LETTER.findall(cmap))
    font = ttLib.TTFont(io.BytesIO(inside))
    for number, outline in enumerate(_outlines(font)):
        letter = letters.get(outline)
        code = f"{number:04X}"
        if letter and len(given.get(code, "")) != 4:
            given[code] = letter.encode("utf-16-be").hex().upper()
    lines = [f"<{code}> <{text}>" for code, text in sorted(given.items())]
    # a block holds at most a hundred lines
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    table = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    begin, end = cmap.index("endcodespacerange") + 17, cmap.index("endcmap")
    return f"{cmap[:begin]}\n{table}\n{cmap[end:]}"


@cache
def _letters(name: str) -> dict[tuple, str]:
    """Return what each outline of a style of Sarabun means: its character, or its name's."""
    import fontpkg_sarabun
    from fontTools import agl, ttLib

    font = ttLib.TTFont(Path(fontpkg_sarabun.ROOT) / "files" / f"{name}.ttf")
    characters = font.getBestCmap()
    order = font.getGlyphOrder()
    meant = {glyph: agl.toUnicode(glyph) for glyph in order}
    meant |= {glyph: chr(code) for code, glyph in reversed(characters.items())}
    outlines = list(_outlines(font))
    return {
        outline: meant[glyph]
        for glyph, outline in zip(reversed(order), reversed(outlines), strict=True)
        if outline and meant[glyph]
    }


def _outlines(font) -> list[tuple]:
    """Return each glyph's drawing and width, in the font's order; nothing for one that draws nothing."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    shown = font.getGlyphSet()
    found = []
    for glyph in font.getGlyphOrder():
        pen = DecomposingRecordingPen(shown)
        shown[glyph].draw(pen)
        found.append((tuple(pen.value), shown[glyph].width) if pen.value else ())
    return found
