"""The Word file: Thai in font and language, the notice in its header, the contents filled."""

import io
import zipfile

import pytest
from lxml import etree

from castlib.book import report, word

from . import small_book

PAGE = """<html><body><h1 id="a">บทที่ 1 บทนำ</h1><p>ข้อความ</p><h2 id="b">ความเป็นมา</h2>
<table><caption>ตารางที่ 1</caption><thead><tr><th>ก</th></tr></thead><tbody><tr><td>ข</td></tr></tbody></table>
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
    assert ["".join(link.itertext()) for link in links] == ["บทที่ 1 บทนำ", "ความเป็นมา"]
    marks = {mark.get(word._w("name")) for mark in body.iter(word._w("bookmarkStart"))}
    assert {link.get(word._w("anchor")) for link in links} <= marks
    kinds = [
        mark.get(word._w("fldCharType"))
        for mark in body.find(".//w:sdt", W).iter(word._w("fldChar"))
    ]
    assert kinds == ["begin", "separate", "end"]


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
