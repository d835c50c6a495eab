"""The Word file: Thai in font and language, the notice in its header, the contents filled."""

import io
import zipfile

import pytest
from lxml import etree

from castlib.book import report, word

from . import small_book

PAGE = """<html><body><h1 id="a">บทที่ 1 บทนำ</h1><p>ข้อความ</p><h2 id="b">ความเป็นมา</h2>
<table id="t"><caption><strong>ตารางที่ 1-1</strong> หนึ่ง</caption>
<thead><tr><th>ก</th></tr></thead><tbody><tr><td>ข</td></tr></tbody></table>
<p>\ue004</p><h2 id="g">กลุ่มจังหวัด</h2><p>ย่อ</p><ol><li>หนึ่ง</li></ol><p>\ue005</p>
<math display="block"><mi>x</mi></math><p>(1-1)</p><p>\ue002</p><table id="u"><caption><strong>ตารางที่ 1-2</strong> สอง</caption>
<thead><tr><th>ก</th></tr></thead><tbody><tr><td>ข</td></tr></tbody></table><p>\ue003</p><p>ต่อ</p>
</body></html>"""
W = {"w": word.W}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    home = tmp_path_factory.mktemp("word")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(home))
        (home / "build" / "book" / "html").mkdir(parents=True)
        return report._pandoc(PAGE, "--to=docx", "--toc", "--metadata=title=ก", "--output=-")


@pytest.fixture
def parts(plain, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(small_book.REPO))
    with zipfile.ZipFile(io.BytesIO(word.dress(plain, "รายงาน & ผล", "ข้อมูลจำลอง"))) as package:
        return {name: package.read(name) for name in package.namelist()}


def tree(parts, name):
    return etree.fromstring(parts[name])


def test_the_same_input_gives_the_same_bytes(plain, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(small_book.REPO))
    assert word.dress(plain, "ก", "") == word.dress(plain, "ก", "")


def test_font_and_language_are_thai_for_complex_script(parts):
    default = tree(parts, "word/styles.xml").find("w:docDefaults/w:rPrDefault/w:rPr", W)
    assert default.find("w:rFonts", W).get(word._w("cs")) == "Sarabun"
    assert default.find("w:lang", W).get(word._w("bidi")) == "th-TH"
    assert b"asciiTheme" not in parts["word/styles.xml"]


def test_the_header_warns_on_every_page(parts):
    section = tree(parts, "word/document.xml").find("w:body/w:sectPr", W)
    assert section.find("w:headerReference", W).get(word._w("type")) == "default"
    assert section.find("w:titlePg", W) is None
    text = "".join(tree(parts, "word/header1.xml").itertext())
    assert "ข้อมูลจำลอง" in text
    assert "รายงาน & ผล" in text


def test_real_data_carry_no_warning(plain, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(small_book.REPO))
    with zipfile.ZipFile(io.BytesIO(word.dress(plain, "ก", ""))) as package:
        assert "จำลอง" not in package.read("word/header1.xml").decode()


def test_the_contents_list_the_headings_with_links_that_exist(parts):
    body = tree(parts, "word/document.xml")
    links = body.findall(".//w:sdt//w:hyperlink", W)
    assert ["".join(link.itertext()) for link in links] == ["บทที่ 1 บทนำ", "ความเป็นมา", "กลุ่มจังหวัด"]
    marks = {mark.get(word._w("name")) for mark in body.iter(word._w("bookmarkStart"))}
    assert {link.get(word._w("anchor")) for link in body.findall(".//w:hyperlink", W)} <= marks
    kinds = [
        mark.get(word._w("fldCharType"))
        for mark in body.find(".//w:sdt", W).iter(word._w("fldChar"))
    ]
    assert kinds == ["begin", "separate", "end"]


def test_captions_are_fields_with_the_numbers_of_the_screen_and_make_the_list(parts):
    body = tree(parts, "word/document.xml")
    captions = body.xpath("//w:p[w:pPr/w:pStyle/@w:val='TableCaption']", namespaces=W)
    assert ["".join(p.itertext()) for p in captions] == ["ตารางที่ 1-1 หนึ่ง", "ตารางที่ 1-2 สอง"]
    fields = [p.find("w:fldSimple", W) for p in captions]
    assert [field.get(word._w("instr")) for field in fields] == [
        " SEQ ตารางที่ \\* ARABIC \\r 1 ",
        " SEQ ตารางที่ \\* ARABIC ",
    ]
    listed = body.xpath("//w:p[w:pPr/w:pStyle/@w:val='TableofFigures']", namespaces=W)
    assert ["".join(p.find("w:hyperlink", W).itertext()) for p in listed] == [
        "ตารางที่ 1-1 หนึ่ง", "ตารางที่ 1-2 สอง",
    ]  # fmt: skip
    assert "".join(listed[0].itertext()).startswith('TOC \\h \\z \\c "ตารางที่"')


def test_a_formula_has_its_number_at_the_end_of_its_line(parts):
    formula = tree(parts, "word/document.xml").find(".//{*}oMath")
    line = formula.getparent()
    assert line.tag == word._w("p")
    assert "".join(line.itertext()) == "x(1-1)"
    assert len(line.findall("w:r/w:tab", W)) == 2


def test_a_wide_table_lies_in_a_section_on_its_side(parts):
    body = tree(parts, "word/document.xml").find("w:body", W)
    sections = body.findall(".//w:sectPr", W)
    turned = [section.find("w:pgSz", W).get(word._w("orient")) for section in sections]
    assert turned == [None, "landscape", None]
    room = [
        sum(int(column.get(word._w("w"))) for column in table.iter(word._w("gridCol")))
        for table in body.iter(word._w("tbl"))
    ]
    assert room[0] <= 11906 - 2 * 1361 < room[1] <= 16838 - 2 * 1361
    assert "\ue002" not in "".join(body.itertext())


def test_a_regions_first_page_is_set_close_and_its_marks_are_gone(parts):
    body = tree(parts, "word/document.xml")
    close = body.xpath("//w:p[w:pPr/w:pStyle/@w:val='Glance']", namespaces=W)
    assert ["".join(p.itertext()) for p in close] == ["ย่อ", "หนึ่ง"]
    headings = body.xpath("//w:p[w:pPr/w:pStyle/@w:val='Heading2']", namespaces=W)
    assert [p.find("w:pPr/w:spacing", W) is not None for p in headings] == [False, True]
    assert not {"\ue004", "\ue005"} & set("".join(body.itertext()))


def test_tables_fill_the_page_and_repeat_their_head(parts):
    table = tree(parts, "word/document.xml").find(".//w:tbl", W)
    assert table.find("w:tblPr/w:tblW", W).get(word._w("w")) == "5000"
    assert table.find("w:tr/w:trPr/w:tblHeader", W) is not None
    styles = [style.get(word._w("val")) for style in table.iter(word._w("pStyle"))]
    assert styles == ["TableHead", "TableText"]


def test_the_font_inside_is_the_font_that_was_put_in(parts):
    font = tree(parts, "word/fontTable.xml").xpath("//w:font[@w:name='Sarabun']", namespaces=W)[0]
    key = font.find("w:embedRegular", W).get(word._w("fontKey")).strip("{}").replace("-", "")
    mask = bytes.fromhex(key)[::-1]
    hidden = parts["word/fonts/Regular.odttf"]
    assert bytes(byte ^ mask[k % 16] for k, byte in enumerate(hidden[:4])) == b"\x00\x01\x00\x00"


def test_every_relationship_has_its_part(parts):
    for name in ("word/_rels/document.xml.rels", "word/_rels/fontTable.xml.rels"):
        for link in tree(parts, name):
            if link.get("TargetMode") != "External":
                assert f"word/{link.get('Target')}" in parts
