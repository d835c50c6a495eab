"""From pages to one document for paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from castlib.book import article

PAGE = """<html><body><nav><a href="x.html">เมนู</a></nav><article class="bd-article">
<section id="{id}"><span id="label"></span><h1>{title}<a class="headerlink" href="#{id}">#</a></h1>
{body}</section></article></body></html>"""


@pytest.fixture
def site(tmp_path):
    def write(name, title, body):
        file = tmp_path / f"{name}.html"
        file.parent.mkdir(exist_ok=True)
        file.write_text(PAGE.format(id="top", title=title, body=body), encoding="utf-8")

    write("one", "หนึ่ง", '<p><a href="TH/two.html#deep">ลึก</a> <a href="TH/two.html">สอง</a> <a href="out.html">นอก</a>'
          ' <a href="https://example.org/">เว็บ</a></p>')  # fmt: skip
    write("TH/two", "สอง", '<section id="deep"><h2>ลึก</h2><img src="../figures/a.png" alt="ก">'
          '<a href="../one.html#label">กลับ</a></section><details class="hide above-input">โค้ด</details>'
          '<p class="web-only">ดาวน์โหลด</p>')  # fmt: skip
    return tmp_path


def made(site):
    return html.fromstring(article.document(site, [("one", 0), ("TH/two", 1)]))


def test_only_the_articles_are_kept_and_nothing_for_screens(site):
    text = made(site).text_content()
    assert "หนึ่ง" in text
    for gone in ("เมนู", "#", "โค้ด", "ดาวน์โหลด"):
        assert gone not in text


def test_links_inside_the_document_lead_to_ids_that_exist(site):
    document = made(site)
    ids = document.xpath("//@id")
    links = [link for link in document.xpath("//a/@href") if link.startswith("#")]
    assert len(links) == 3
    assert all(link[1:] in ids for link in links)
    assert len(set(ids)) == len(ids)


def test_links_out_of_the_document_become_words_but_addresses_stay(site):
    document = made(site)
    assert "นอก" in document.text_content()
    assert "https://example.org/" in document.xpath("//a/@href")
    assert not [link for link in document.xpath("//a/@href") if "out.html" in link]


def test_headings_move_down_and_pictures_are_found_from_the_site(site):
    document = made(site)
    assert [h.text for h in document.xpath("//h1 | //h2 | //h3")] == ["หนึ่ง", "สอง", "ลึก"]
    assert [h.tag for h in document.xpath("//h1 | //h2 | //h3")] == ["h1", "h2", "h3"]
    assert document.xpath("//img/@src") == ["figures/a.png"]


cell = st.text(st.sampled_from("กขคงำีู่ 0123.ab"), max_size=80)
grid = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(grid)
def test_columns_share_the_whole_page_and_none_vanishes(rows):
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    table = html.fromstring(f"<table>{body}</table>")
    article._set_widths(table)
    widths = [
        float(col.get("style").removeprefix("width: ").rstrip("%")) for col in table.iter("col")
    ]
    assert len(widths) == len(rows[0])
    assert sum(widths) == pytest.approx(100, abs=0.1)
    assert min(widths) > 1


def test_a_number_keeps_its_line_beside_a_long_text():
    long = "การมีส่วนร่วมของประชาชนและภาคีเครือข่าย" * 8
    table = html.fromstring(f"<table><tr><td>{long}</td><td>12,345.67</td></tr></table>")
    article._set_widths(table)
    number = float(table.xpath(".//col")[1].get("style").removeprefix("width: ").rstrip("%"))
    assert number * article.LINE / 100 >= len("12,345.67")


def test_a_table_with_joined_cells_is_left_alone():
    table = html.fromstring(
        "<table><tr><td colspan='2'>ก</td></tr><tr><td>ข</td><td>ค</td></tr></table>"
    )
    article._set_widths(table)
    assert not table.xpath(".//col")


def test_footnotes_and_remarks_are_said_the_way_pandoc_reads_them(site):
    body = (
        '<p>คำ<a class="footnote-reference" href="#n" id="r" role="doc-noteref">[1]</a></p>'
        '<div class="admonition warning"><p class="admonition-title">คำเตือน</p><p>ระวัง</p></div>'
        '<aside id="n" role="doc-footnote"><span class="label">[1]</span><p>เชิงอรรถ</p></aside>'
    )
    (site / "three.html").write_text(
        PAGE.format(id="top", title="สาม", body=body), encoding="utf-8"
    )
    text = article.document(site, [("three", 0)])
    assert 'href="#three--n" id="r"' not in text
    assert 'epub:type="noteref"' in text
    assert 'epub:type="footnote"' in text
    assert "<blockquote" in text
    assert "<strong" in text


def test_a_name_of_several_letters_in_a_formula_is_one_word(site):
    letters = "".join(f'<mi mathvariant="normal">{letter}</mi>' for letter in "deff")
    (site / "four.html").write_text(
        PAGE.format(id="top", title="สี่", body=f"<math>{letters}<mi>m</mi></math>"), encoding="utf-8"
    )
    text = article.document(site, [("four", 0)])
    assert "deff</mtext><mi>m</mi>" in text


def test_a_table_with_tall_rows_lies_on_its_side_with_its_heading_and_note(site):
    long = "ถ้อยคำของผู้เข้าร่วมการสนทนากลุ่ม " * 40
    body = (
        '<p>เปิด</p><section id="wide"><h2>คำถาม</h2><p>นำ</p><table><tr><td>ก</td><td>'
        + long
        + "</td></tr></table>"
        '<p class="cast-note">หมายเหตุ</p><p>ต่อ</p></section>'
        "<table><tr><td>สั้น</td></tr></table>"
    )
    (site / "five.html").write_text(PAGE.format(id="top", title="ห้า", body=body), encoding="utf-8")
    text = article.document(site, [("five", 0)])
    turned = text.partition(article.TURN)[2].partition(article.TURN_BACK)[0]
    for words in ("คำถาม", "นำ", "ถ้อยคำ", "หมายเหตุ"):
        assert words in turned
    assert "ห้า" not in turned
    assert "สั้น" not in turned
    assert text.count(article.TURN) == 1


@pytest.mark.parametrize(
    ("rows", "words", "whole"), [(25, 1, True), (26, 1, False), (6, 80, False)]
)
def test_a_table_of_less_than_half_a_page_is_kept_whole(site, rows, words, whole):
    row = f"<tr><td>ข้อ</td><td>{'ถ้อยคำ ' * words}</td></tr>"
    body = f"<table>{row * rows}</table>"
    (site / "six.html").write_text(PAGE.format(id="top", title="หก", body=body), encoding="utf-8")
    text = article.document(site, [("six", 0)])
    assert ('<div data-typst:breakable="false"><table' in text) == whole


def test_what_is_said_of_the_data_is_printed_once_but_that_they_are_synthetic_on_every_page(site):
    note = '<div class="cast-note"><p>ข้อมูลจำลอง: สร้างขึ้น</p><p>แบบสอบถาม 39 คน</p></div>'
    for name in ("one", "TH/two"):
        (site / f"{name}.html").write_text(PAGE.format(id="top", title="ก", body=note))
    text = made(site).text_content()
    assert (text.count("ข้อมูลจำลอง"), text.count("39 คน")) == (2, 1)


def test_a_regions_first_page_stands_between_marks_and_says_its_warning_without_a_title(site):
    warning = '<div class="admonition warning"><p class="admonition-title">คำเตือน</p><p>ข้อมูลจำลอง</p></div>'
    (site / "TH" / "index.html").write_text(PAGE.format(id="top", title="ก", body=warning))
    document = html.fromstring(article.document(site, [("one", 0), ("TH/index", 0)]))
    said = [part.strip() for part in document.itertext() if part.strip()]
    at = said.index(article.GLANCE)
    assert said[at:] == [article.GLANCE, "ก", "ข้อมูลจำลอง", article.GLANCE_BACK]
