"""What a page shows of a notebook's tables and figures, and the numbers that go with them."""

import base64
import csv
import io
import json
from types import SimpleNamespace

import pandas as pd
import pytest
from docutils import nodes
from docutils.utils import new_document

from castlib import store
from castlib.book import behind, shown
from castlib.present import figures, tables


@pytest.fixture(params=[True, False], ids=["synthetic", "real"])
def synthetic(request, monkeypatch):
    monkeypatch.setattr(store, "synthetic", lambda: request.param)
    return request.param


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(store, "synthetic", lambda: False)
    return shown.Shown("TH", "results", "4.4")


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


FRAME = pd.DataFrame(
    {"label": ["=HYPERLINK(1)", "-ลดลง"], "n": [1234, 5], "mean": [3.14159, float("nan")],
     "ci_low": [-0.1, float("nan")], "ci_high": [0.25, float("nan")]}
)  # fmt: skip


def test_a_table_gives_the_numbers_that_it_shows_and_no_finer_ones(page):
    made = tables.table(FRAME, "ตาราง <1>", ["label", "n", "mean", "ci"])
    html = page.ready(made._repr_html_())
    head, first, second = read(page.files["data/TH/results-tab-1.csv"])
    assert head == ["รายการ", "n", "x̄", "95% CI ล่าง", "95% CI บน"]
    assert first == ["'=HYPERLINK(1)", "1234", "3.14", "-0.10", "0.25"]
    assert second == ["'-ลดลง", "5", "", "", ""]
    assert 'href="../data/TH/results-tab-1.csv" download' in html
    assert html.index("ข้อมูล CSV</a>") < html.index("</caption>")
    assert 'class="cast-csv web-only"' in html


def test_a_figure_carries_its_numbers_to_the_file_and_leaves_them_out_of_the_page(page):
    figures.style()
    rows = pd.DataFrame({"label": ["</script>", "ข"], "value": [4.26, 1.0]})
    made = figures.bars(rows, label="label", value="value", xlabel="คน", caption="รูป", alt="คำ")
    notebook = made._repr_html_()
    assert notebook.count("</script>") == 1
    html = page.ready(notebook)
    assert "<script" not in html
    assert read(page.files["data/TH/results-fig-1.csv"]) == [
        ["รายการ", "คน"],
        ["</script>", "4.3"],
        ["ข", "1.0"],
    ]


def test_shares_are_two_numbers_and_no_date(synthetic):
    lines = read(shown.as_csv(["กลุ่ม", "ลำดับ"], [["3/4", "1–2"], ["–", "3/4 ก"]], synthetic))
    assert [line[:3] for line in lines] == [
        ["กลุ่ม", "กลุ่ม จากทั้งหมด", "ลำดับ"],
        ["3", "4", "1–2"],
        ["", "", "3/4 ก"],
    ]


def test_what_is_synthetic_says_so_in_its_numbers_too(synthetic):
    lines = read(shown.as_csv(["n"], [["1"]], synthetic))
    assert lines == ([["n", "ชนิดข้อมูล"], ["1", "ข้อมูลจำลอง"]] if synthetic else [["n"], ["1"]])


def test_a_named_figure_can_be_shown_again_and_tells_where_it_is_from(page):
    image = base64.b64encode(b"png").decode()
    numbers = json.dumps({"columns": ["n"], "rows": [["1"]]})
    html = page.ready(
        f'<figure class="cast-figure" data-name="map"><img src="data:image/png;base64,{image}">'
        f'<script type="application/json">{numbers}</script><figcaption>ก</figcaption></figure>'
    )
    again = page.figures["map"]
    assert 'id="fig-4.4-1"' in html
    assert "id=" not in again
    assert "data-name" not in html + again
    assert '<a href="results.html#fig-4.4-1">รูปที่ 4.4-1</a>' in again
    assert "../data/TH/results-fig-1.csv" in again
    assert "data:image" not in html + again


def test_a_chapters_table_has_its_numbers_one_click_away(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "synthetic", lambda: False)
    rows = [nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in line))
            for line in (["ก", "ข"], ["=1", "1,234"])]  # fmt: skip
    table = nodes.table(
        "", nodes.title("", 'ตาราง "ก"'), nodes.tgroup("", nodes.tbody("", *rows), cols=2)
    )
    doctree = new_document("3_method")
    doctree += [
        table,
        nodes.table("", nodes.tgroup("", nodes.tbody("", rows[0].deepcopy()), cols=2)),
    ]
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=tmp_path)
    behind.offer(app, doctree, "TH/3_method")
    assert read((tmp_path / "tables" / "TH" / "3_method-1.csv").read_bytes()) == [
        ["ก", "ข"],
        ["'=1", "1234"],
    ]
    link = table.next_node(nodes.raw).astext()
    assert 'href="../tables/TH/3_method-1.csv" download' in link
    assert "web-only" in link
    assert "&quot;ก&quot;" in link
    assert len(list(tmp_path.rglob("*.csv"))) == 1


def test_a_table_without_a_caption_takes_no_number_from_the_next(page):
    html = page.ready(
        '<table class="cast-table"><tr><td>ก</td></tr></table>'
        '<table class="cast-table"><caption>ข</caption><tr><th>ค</th></tr><tr><td>1</td></tr></table>'
    )
    assert html.startswith('<table class="cast-table"><tr>')
    assert '<caption><span class="caption-number">ตารางที่ 4.4-1</span> ข' in html


def test_one_picture_shown_twice_is_kept_once(page):
    image = base64.b64encode(b"png").decode()
    html = f'<figure class="cast-figure"><img src="data:image/png;base64,{image}"><figcaption>ก</figcaption></figure>'
    page.ready(html + html)
    assert [name.split("/")[0] for name in page.files] == ["figures"]


def test_a_cell_of_a_word_or_two_stays_on_one_line(page):
    frame = pd.DataFrame({"label": ["ก", "ข"], "item": ["ยังแยกไม่ได้", "การติดตามผลและการจัดการความรู้"]})
    html = page.ready(tables.table(frame, "ตาราง", ["label", "item"])._repr_html_())
    assert '<td class="txt whole">ยังแยกไม่ได้</td>' in html
    assert '<td class="txt">การติดตามผลและการจัดการความรู้</td>' in html
