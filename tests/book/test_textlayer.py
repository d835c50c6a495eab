"""What is copied out of the PDF is what was written."""

import io
import unicodedata
from pathlib import Path

import fontpkg_sarabun
import pypdf
import pytest
import typst

from castlib.book import textlayer

WRITTEN = "ขึ้น เพิ่มขึ้น อยู่ ที่ น้ำ ทั้งหมด ผู้ ขับเคลื่อน จำลอง กำหนด ญาติ ฐาน x\u0304 fi α"


def letters(text):
    return sorted(unicodedata.normalize("NFKD", text.replace(" ", "").replace("\n", "")))


@pytest.fixture(scope="module")
def plain():
    source = (
        f'#set document(title: "ก")\n#set text(font: "Sarabun", lang: "th")\n= {WRITTEN}\n{WRITTEN}'
    )
    fonts = [str(Path(fontpkg_sarabun.ROOT) / "files")]
    return typst.compile(source.encode(), font_paths=fonts, ignore_system_fonts=True,
                         timestamp=0, pdf_standards="ua-1")  # fmt: skip


def test_every_letter_comes_out_once(plain):
    mended = pypdf.PdfReader(io.BytesIO(textlayer.mend(plain))).pages[0].extract_text()
    assert letters(mended) == letters(WRITTEN * 2)
    assert "ขึ้น เพิ่มขึ้น" in mended


def test_typst_still_needs_mending(plain):
    text = pypdf.PdfReader(io.BytesIO(plain)).pages[0].extract_text()
    assert letters(text) != letters(WRITTEN * 2)


def test_only_meanings_change_and_the_same_file_gives_the_same_bytes(plain):
    mended = textlayer.mend(plain)
    assert mended == textlayer.mend(plain)
    before, after = (pypdf.PdfReader(io.BytesIO(made)) for made in (plain, mended))
    assert after.pdf_header == before.pdf_header
    assert after.metadata == before.metadata

    def drawn(reader):
        marks = (b"BDC", b"BMC", b"EMC")
        contents = pypdf.generic.ContentStream(reader.pages[0].get_contents(), reader)
        return [operation for operation in contents.operations if operation[1] not in marks]

    assert drawn(after) == drawn(before)
    assert after.trailer["/Root"]["/MarkInfo"] == before.trailer["/Root"]["/MarkInfo"]
