import io
import json
import tempfile
from functools import cache
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.privacy import readers

from . import hiding

HIDDEN = "นายทดสอบ ตัวอย่าง"


def said(name, content):
    return list(readers.read(name, content))


def unreadable(name, content):
    return [piece for piece in said(name, content) if piece.kind == readers.UNREADABLE]


@pytest.mark.parametrize("where", hiding.PLACES)
def test_every_place_of_every_format_is_read(where, tmp_path):
    name, make, place = hiding.PLACES[where]
    pieces = said(name, make(HIDDEN, tmp_path))
    assert not [piece for piece in pieces if piece.kind == readers.UNREADABLE]
    assert [p for p in pieces if HIDDEN in " ".join(p.text.split()) and place in p.place]


def test_the_words_of_linked_data_are_no_names_on_a_network_but_as_keys_only():
    content = b'{"@context": {"@id": "a"}, "@graph": [{"@type": "b", "@value": "@graph"}], "@somebody": 1}'
    texts = [piece.text for piece in said("a.json", content) if piece.kind == readers.TEXT]
    assert [text for text in texts if "@" in text] == ["@graph", "@somebody"]


def test_cells_that_the_search_index_makes_one_word_are_no_number_of_a_person():
    index = {"terms": {"055570111ผ": [1]}, "titles": ["055-570-111"]}
    content = f"Search.setIndex({json.dumps(index)})".encode()
    found = {piece.text: piece.kind for piece in readers.read("searchindex.js", content)}
    assert (found["055570111ผ"], found["055-570-111"]) == ("row", "text")


def test_the_pages_of_a_pdf_say_thai_as_it_is_read():
    text = "ผู้นำนักขับเคลื่อน ตั้งแต่ครั้งนี้ ปัญหาน้ำที่ขึ้นสูง ทำให้สิ่งที่มั่นคงยั่งยืน"
    pieces = said("a.pdf", hiding.pdf(text))
    assert [piece for piece in pieces if piece.place == "หน้า 1" and piece.text == text]


def test_a_name_over_two_lines_of_a_pdf_is_in_one_piece():
    narrow = "#set page(width: 62pt, margin: 10pt)\n#set text(size: 11pt)\nคำว่า ทดสอบตัวอย่าง"
    pieces = said("a.pdf", hiding.pdf(narrow))
    assert any("ทดสอบตัวอย่าง" in piece.text.replace(" ", "") for piece in pieces)


def test_columns_of_a_pdf_are_not_run_together():
    table = "#table(columns: 3, inset: 9pt, [81], [234], [5678])"
    texts = [piece.text for piece in said("a.pdf", hiding.pdf(table)) if piece.kind == readers.TEXT]
    assert "234" in texts
    assert not [text for text in texts if "81" in text and "5678" in text]


def test_a_pdf_of_another_program_is_read_by_the_library_too():
    page = pypdf.PageObject.create_blank_page(width=200, height=200)
    writer = pypdf.PdfWriter()
    writer.add_page(page)
    stream = pypdf.generic.DecodedStreamObject()
    stream.set_data(
        b"BT /F1 12 Tf 20 100 Td (call 0\\0701-2) Tj 0 -14 Td [(34)-20(-567)-400(8)] TJ ET"
    )
    name = pypdf.generic.NameObject
    font = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding",
    }
    fonts = pypdf.generic.DictionaryObject(
        {name("/F1"): pypdf.generic.DictionaryObject({name(k): name(v) for k, v in font.items()})}
    )
    writer.pages[0][name("/Resources")] = pypdf.generic.DictionaryObject({name("/Font"): fonts})
    writer.pages[0][name("/Contents")] = writer._add_object(stream)
    made = io.BytesIO()
    writer.write(made)
    texts = [piece.text for piece in said("a.pdf", made.getvalue())]
    assert any("call 081-2" in text for text in texts)
    assert any("34-567 8" in text for text in texts)


def test_a_pdf_keeps_nothing_that_was_deleted():
    first = hiding.changed_pdf(lambda w: w.add_metadata({"/Author": HIDDEN}))
    # a later version that says nothing of an author, laid behind the first as programs do
    later = first + b"\n9999 0 obj\n<</Author(nobody)>>\nendobj\n"
    assert any(HIDDEN in piece.text for piece in said("a.pdf", later))


def test_a_comment_does_not_cut_a_text_in_two():
    texts = [piece.text for piece in said("a.svg", "<svg><text>ก<!-- x -->ข</text></svg>".encode())]
    assert "กข" in texts


@pytest.mark.parametrize("name", ["a.html", "a.svg"])
def test_comments_outside_the_root_are_read(name):
    page = "<!-- {} -->\n<svg><title>x</title></svg>\n<!-- {} -->"
    texts = [piece.text.strip() for piece in said(name, page.format("first", "last").encode())]
    assert {"first", "x", "last"} <= set(texts)


@pytest.mark.parametrize(
    "content",
    [
        hiding.picture("JPEG", exif=hiding.exif("ก", position=True)),
        hiding.picture("PNG", exif=hiding.exif("ก", position=True)),
        hiding.picture("WEBP", exif=hiding.exif("ก", position=True)),
        hiding.tiff_with_position(),
        hiding.heic(hiding.exif("ก", position=True)),
        hiding.png("XML:com.adobe.xmp", '<x xmlns:exif="urn:e" exif:GPSLatitude="18,47N"/>'),
    ],
    ids=["jpeg", "png", "webp", "tiff", "heic", "xmp"],
)
def test_any_position_in_a_picture_is_told(content):
    assert readers.GPS in {piece.kind for piece in said("a", content)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_without_a_position_tells_none(kind):
    pieces = said("a", hiding.picture(kind, exif=hiding.exif("ก")))
    assert {piece.kind for piece in pieces} == {readers.TEXT}


def locked_pdf():
    return hiding.changed_pdf(lambda writer: writer.encrypt("x"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-1.7\n%broken"),
        ("a.pdf", locked_pdf()),
        ("a.docx", b"text"),
        ("a.docx", hiding.docx(hiding.runs("ก"))[:-30]),
        ("a.docx", hiding.zipped_by_name({"[Content_Types].xml": "<a/>", "word/document.xml": "<w:p>"})),
        ("a.xlsx", b"PK\x03\x04" + bytes(40)),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
        ("a.png", hiding.picture()[:40]),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(10)),
        ("a.parquet", b"PAR1" + bytes(20)),
        ("a.sav", b"$FL2" + bytes(200)),
        ("a.svg", b"<svg><text>"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY n "x">]><a>&n;</a>'),
        ("a.zip", hiding.zipped_by_name({"a.bin": b"\x00\xff" * 20})),
        ("a.zip", hiding.zipped_by_name({"a.txt": bytes(64 * 2**20)})),
        ("a.gz", b"\x1f\x8b\x08" + bytes(range(256))),
        ("a", bytes(range(256))),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_told(name, content):
    told = unreadable(name, content)
    assert told
    assert all("ก" <= max(piece.text) <= "๛" for piece in told)


@cache
def whole_file(where):
    with tempfile.TemporaryDirectory() as folder:
        return hiding.PLACES[where][1]("ก", Path(folder))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(hiding.PLACES)), st.data())
def test_a_damaged_file_is_never_a_crash(where, data):
    name, content = hiding.PLACES[where][0], bytearray(whole_file(where))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    said(name, bytes(content[: data.draw(st.integers(0, len(content)))]))


@pytest.mark.parametrize(
    "name",
    [
        "html/_static/bootstrap.js",
        "_static/styles/a.css",
        "_static/a.js.map",
        "doctrees/TH/a.doctree",
        "src/locale/th/LC_MESSAGES/sphinx.mo",
    ],
)
def test_the_theme_and_the_memory_of_the_sources_are_known(name):
    assert readers.is_known(name)


@pytest.mark.parametrize(
    "name",
    [
        "html/searchindex.js",
        "html/_static/data.json",
        "a.css",
        "_static/x.html",
        "a.pickle",
        "a.mo",
    ],
)
def test_what_is_neither_is_searched(name):
    assert not readers.is_known(name)


def test_fonts_say_nothing():
    import fontpkg_sarabun

    font = Path(fontpkg_sarabun.ROOT) / "files" / "Sarabun-Regular.ttf"
    assert said(font.name, font.read_bytes()) == []
