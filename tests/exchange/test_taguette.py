"""Taguette's project files: what it can carry comes back, what it cannot is refused, its own habits are read."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings

from castlib.errors import CastError
from castlib.exchange import taguette
from castlib.exchange.checks import canonical
from castlib.exchange.markup import html, page
from castlib.exchange.project import Code, Document, Lost, Passage, Project
from tests.exchange import sample
from tests.exchange.test_refi import SMALL


@pytest.fixture
def read(tmp_path):
    """Return what reading bytes of a file says, changed by statements of SQL first."""

    def opened(content: bytes, *statements: str) -> Project:
        file = tmp_path / "โครงการ ก?b#c%20.sqlite3"
        file.write_bytes(content)
        with sqlite3.connect(file) as database:
            for statement in statements:
                database.execute(statement)
        database.close()
        return taguette.read(file)

    return opened


@given(sample.projects(sample.PIECES, 50))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_project_comes_back_as_it_went(read, project):
    content = taguette.write(project)
    assert read(content) == canonical(project)
    assert taguette.write(project) == content


@given(sample.texts(sample.PIECES))
def test_a_text_in_html_is_the_text(text):
    assert page(html(text)).text == text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "ก" * 51}, "ยาวเกิน 50 อักขระ"),
        ({"documents": (*SMALL.documents, Document("ก" * 51, ""))}, "ยาวเกิน 50 อักขระ"),
        ({"documents": (*SMALL.documents, Document("ก", "a\r\n"))}, "อักขระควบคุม: ก"),
        ({"documents": (*SMALL.documents, Document("ก", "\x0b"))}, "อักขระควบคุม: ก"),
        ({"documents": (*SMALL.documents, Document("ก", "a" * 5_000_001))}, "ยาวเกิน 5 MB: ก"),
        ({"codes": (*SMALL.codes, Code("ก" * 198, parent="ทีม"))}, "ยาวเกิน 200 อักขระ"),
        ({"codes": (*SMALL.codes, Code("ก", "ข" * 102_401))}, "คำอธิบายรหัสที่ยาวเกิน 102,400 อักขระ: ก"),
    ],
)
def test_what_taguette_would_refuse_is_refused_before(change, told):
    with pytest.raises(CastError, match=told):
        taguette.write(replace(SMALL, **change))


def test_paths_become_codes_in_codes_only_below_codes_that_there_are(read):
    paths = ["ทีม", "ทีม.ผู้นำ", "ทีม.ผู้นำ.ไว้ใจ", "ผล.ระยะสั้น", "จบ.", "อุปสรรค", "อุปสรรค.ผู้นำ"]
    rows = ", ".join(f"({n}, 1, '{path}', '')" for n, path in enumerate(paths, 10))
    project = read(
        taguette.write(replace(SMALL, codes=(), passages=())), f"INSERT INTO tags VALUES {rows}"
    )
    assert {code.name: code.parent for code in project.codes} == {
        "ทีม": "",
        "ผู้นำ": "ทีม",
        "ไว้ใจ": "ผู้นำ",
        "ผล.ระยะสั้น": "",
        "จบ.": "",
        "อุปสรรค": "",
        "ผู้นำ (อุปสรรค)": "อุปสรรค",
    }
    assert project.lost == (Lost("ชื่อรหัสที่ซ้ำหรือว่าง จึงเปลี่ยนชื่อ", 1, ("อุปสรรค.ผู้นำ → ผู้นำ (อุปสรรค)",)),)


def test_html_of_other_documents_is_read_as_text_with_its_line_ends(read):
    contents = (
        "<h1>กลุ่ม</h1><p>ทีม &amp; <strong>ผู้</strong>นำ<br>ดี</p>\n<pre>\nก\nข</pre>"
        '<img src="/static/missing.png"><a href="https://a?b=1&amp;c=2" title="x>y">ลิงก์</a>'
    )
    offsets = [len(text.encode()) for text in ("กลุ่ม", "กลุ่มทีม & ", "กลุ่มทีม & ผู้นำ")]
    project = read(
        taguette.write(SMALL),
        f"UPDATE documents SET contents = '{contents}', description = 'x' WHERE id = 1",
        f"UPDATE highlights SET start_offset = {offsets[1]}, end_offset = {offsets[2]}",
    )
    text = project.documents[0].text
    assert text == "กลุ่ม\nทีม & ผู้นำ\nดี\nก\nข\nลิงก์"
    passage = project.passages[0]
    assert text[passage.start : passage.end] == "ผู้นำ"
    assert {lost.what for lost in project.lost} == {"ภาพในเอกสาร", "คำอธิบายของเอกสาร"}


def test_highlights_that_say_nothing_are_told(read):
    project = read(
        taguette.write(SMALL),
        "INSERT INTO highlights VALUES (7, 1, 0, 3, ''), (8, 1, 0, 9999, ''), (9, 1, 1, 3, '')",
        "INSERT INTO highlight_tags VALUES (8, 1), (9, 1)",
        "UPDATE projects SET description = 'x'",
    )
    assert project.passages == SMALL.passages
    assert {lost.what: lost.number for lost in project.lost} == {
        "คำอธิบายโครงการ": 1,
        "ช่วงข้อความที่ไม่มีรหัส": 1,
        "การลงรหัสที่ตำแหน่งอยู่นอกเอกสารหรือว่าง": 2,
    }


def test_a_code_is_hers_who_gave_it_first_and_a_merged_one_hers_who_marked(read):
    payload = {"type": "highlight_add", "highlight_id": 1, "start_offset": 0, "end_offset": 42}
    later = json.dumps({**payload, "tags": [1, 2]})
    project = read(
        taguette.write(SMALL),
        "INSERT INTO highlight_tags VALUES (1, 2)",
        f"INSERT INTO commands VALUES (9, '2022-11-17 01:00:00.000000', 'บุญ', 1, 1, '{later}')",
    )
    made = {(p.code, p.coder, p.at) for p in project.passages}
    assert made == {
        ("ทีม", "สมร", datetime(2022, 11, 16, 9)),
        ("ผู้นำ", "บุญ", datetime(2022, 11, 17, 8)),
    }
    merged = read(
        taguette.write(SMALL),
        "UPDATE highlight_tags SET tag_id = 2",
        "DELETE FROM tags WHERE id = 1",
    )
    assert merged.passages == (Passage("กลุ่ม 1", 0, 14, "ทีม.ผู้นำ", "สมร", datetime(2022, 11, 16, 9)),)


def test_what_one_coder_marked_in_one_place_is_one_highlight(tmp_path):
    passage = SMALL.passages[0]
    more = (passage, replace(passage, code="ผู้นำ"), replace(passage, coder="บุญ"))
    (tmp_path / "a.sqlite3").write_bytes(taguette.write(replace(SMALL, passages=more)))
    with sqlite3.connect(tmp_path / "a.sqlite3") as database:
        marked = database.execute(
            "SELECT start_offset, end_offset, count(*) FROM highlights JOIN highlight_tags"
            " ON id = highlight_id GROUP BY id ORDER BY count(*)"
        ).fetchall()
    database.close()
    assert marked == [(0, 42, 1), (0, 42, 2)]
