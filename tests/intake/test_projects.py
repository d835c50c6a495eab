"""Coding projects: passages come back to the segments they were laid out from, and nothing is shifted."""

from datetime import datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from castlib.exchange import documents
from castlib.exchange.project import Code, Document, Lost, Passage, Project
from castlib.intake import projects
from castlib.intake.arrival import Arrival, Count

AT = datetime(2022, 11, 20, 9, 30)
TURNS = [
    ("TH-50", "q1", 1, "ผู้ให้ข้อมูล 1", "ทุกฝ่ายช่วยกัน"),
    ("TH-50", "q1", 2, "ผู้ให้ข้อมูล 4", "นายอำเภอนำ"),
    ("TH-50", "q2", 3, "", "หนี้สินลดลง"),
    ("centre-03", "q1", 1, "[บุคคล:00000a]", "ช่วยกัน: ทุกวัน"),
]
NETWORK, LEADERSHIP = "driver_network", "driver_leadership"


@pytest.fixture
def segments() -> pd.DataFrame:
    frame = pd.DataFrame(TURNS, columns=["group", "question", "turn", "speaker", "text"])
    frame["segment"] = frame["group"] + ":" + frame["turn"].astype(str)
    return frame.assign(kind=frame["group"].map({"TH-50": "participants", "centre-03": "staff"}))


@pytest.fixture
def mask():
    return SimpleNamespace(mask=str, person=lambda text: f"[บุคคล:{len(text):06d}]")


def passage(document: Document, words: str, code: str, coder: str = "1", to: str = "") -> Passage:
    """Return a coded passage: some words of a document, or from them to the end of others."""
    start = document.text.index(words)
    end = document.text.index(to) + len(to) if to else start + len(words)
    return Passage(document.name, start, end, code, coder, AT)


def take(segments, mask, docs, passages, lost=(), elsewhere=None):
    """Return the arrival of a project and its codings as (segment, code, coder, start, end)."""
    arrival = Arrival("coding/a.qdpx", None, mask=mask)
    coders = tuple({p.coder for p in passages})
    project = Project("x", tuple(docs), (), coders, tuple(passages), lost)
    records = projects.codings(arrival, project, segments, elsewhere)
    assert arrival.rows.balanced
    assert arrival.rows.read == len(passages)
    names = ("segment", "code", "coder", "start", "end")
    return arrival, [tuple(one[name] for name in names) for one in records], records


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def test_a_passage_over_turns_gives_each_of_them_its_own_words(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    arrival, found, records = take(
        segments, mask, docs.values(), [passage(own, "ช่วยกัน", "ภาคีเครือข่าย 7 ภาค", to="หนี้สิน")]
    )
    assert found == [
        ("TH-50:1", NETWORK, "coder-1", 7, 14),
        ("TH-50:2", NETWORK, "coder-1", 0, 10),
        ("TH-50:3", NETWORK, "coder-1", 0, 7),
    ]
    assert {one["coded_at"] for one in records} == {AT}
    assert not arrival.faults


def test_a_document_in_which_something_is_coded_was_read_whole_by_that_coder(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    given = [passage(own, "นำ", LEADERSHIP), passage(own, "ทุกฝ่าย", NETWORK, "สมหญิง")]
    _, found, _ = take(segments, mask, docs.values(), given)
    assert [one for one in found if one[1] is None] == [
        ("TH-50:1", None, "coder-1", 0, 14),
        ("TH-50:3", None, "coder-1", 0, 11),
        ("TH-50:2", None, "[บุคคล:000006]", 0, 10),
        ("TH-50:3", None, "[บุคคล:000006]", 0, 11),
    ]


def test_layout_alone_is_no_coding(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    given = [passage(own, "[2] ผู้ให้ข้อมูล 4: ", LEADERSHIP), passage(own, "ประเด็น q2", NETWORK)]
    arrival, found, _ = take(segments, mask, [own], given)
    assert found == []
    assert codes(arrival) == ["coding-layout-only"]
    assert arrival.rows == Count(2, 0, 2)


def test_what_a_form_no_longer_says_is_told_and_never_moved(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    given = [
        passage(own, "ฝ่ายช่วย", NETWORK),
        passage(own, "กัน", NETWORK),
        passage(own, "นำ", LEADERSHIP),
    ]
    now = segments.replace({"text": {"ทุกฝ่ายช่วยกัน": "พวกเราทุกฝ่ายช่วยเหลือกันและกัน"}})
    arrival, found, _ = take(now, mask, [own], given)
    assert found == [
        ("TH-50:1", NETWORK, "coder-1", 9, 17),
        ("TH-50:2", LEADERSHIP, "coder-1", 8, 10),
        ("TH-50:3", None, "coder-1", 0, 11),
    ]
    assert codes(arrival) == ["coding-passage-gone", "coding-document-differs"]
    assert arrival.faults[0].given == "กัน"
    gone = segments[segments["turn"] != 1]
    arrival, found, _ = take(gone, mask, [own], given)
    assert [one[:2] for one in found] == [("TH-50:2", LEADERSHIP), ("TH-50:3", None)]


def test_what_a_refused_passage_covers_was_not_left_without_a_code(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    given = [passage(own, "ทุกฝ่าย", NETWORK, to="นายอำเภอ"), passage(own, "หนี้สิน", LEADERSHIP)]
    now = segments.replace({"text": {"ทุกฝ่ายช่วยกัน": "ช่วยกัน"}})
    arrival, found, _ = take(now, mask, [own], given)
    assert [one[:2] for one in found] == [("TH-50:3", LEADERSHIP)]
    assert codes(arrival) == ["coding-passage-gone", "coding-document-differs"]


def test_two_documents_of_a_group_are_one_reading(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    again = Document("TH-50.txt", own.text)
    given = [passage(own, "นำ", LEADERSHIP), passage(again, "นำ", LEADERSHIP)]
    given.append(passage(again, "ทุกฝ่าย", NETWORK))
    arrival, found, _ = take(segments, mask, [own, again], given)
    assert sorted(one[:2] for one in found if one[1]) == [
        ("TH-50:1", NETWORK),
        ("TH-50:2", LEADERSHIP),
    ]
    assert [one[0] for one in found if not one[1]] == ["TH-50:3"]
    assert not arrival.faults


def test_a_document_of_ones_own_goes_by_its_words_alone(segments, mask):
    own = Document("จังหวัดเชียงใหม่.docx", "บันทึก\r\n1. ทุกฝ่ายช่วยกัน\r\nนายอำเภอนำ หนี้สินลดลง")
    given = [passage(own, "ทุกฝ่าย", NETWORK), passage(own, "บันทึก", NETWORK)]
    arrival, found, _ = take(segments, mask, [own], given)
    assert found == [
        ("TH-50:1", NETWORK, "coder-1", 0, 7),
        ("TH-50:2", None, "coder-1", 0, 10),
        ("TH-50:3", None, "coder-1", 0, 11),
    ]
    assert codes(arrival) == ["coding-passage-gone"]


def test_unknown_documents_codes_and_losses_are_told(segments, mask):
    docs, _ = documents.lay_out(segments)
    own, other = docs["TH-50"], Document("ฉบับของฉัน", "ทุกฝ่าย")
    given = [
        passage(other, "ทุก", NETWORK),
        passage(own, "ทุก", "driver_netwrok"),
        passage(own, "ฝ่าย", "driver_netwrok"),
        passage(own, "นำ", LEADERSHIP),
    ]
    lost = (Lost("บันทึกช่วยจำ", 3, ("ก",)),)
    arrival, found, _ = take(segments, mask, [own, other], given, lost)
    assert [one[:2] for one in found] == [("TH-50:2", LEADERSHIP), ("TH-50:3", None)]
    assert codes(arrival) == ["coding-document-unknown", "code-unknown", "coding-lost"]
    assert "2 ช่วง" in arrival.faults[1].sentence
    assert "บันทึกช่วยจำ 3 รายการ เช่น ก" in arrival.faults[2].sentence
    assert arrival.rows == Count(4, 1, 3)


def test_codes_that_are_new_and_were_not_used_are_told(segments, mask):
    docs, _ = documents.lay_out(segments)
    own = docs["TH-50"]
    new, known = Code("ความเหนื่อยล้า"), Code("Change leadership")
    given = (passage(own, "นำ", LEADERSHIP), passage(own, "ทุก", "อื่น"))
    project = Project("x", (own,), (new, known, Code("อื่น")), ("coder-1",), given)
    arrival = Arrival("coding/x.qdpx", None, mask=mask)
    projects.codings(arrival, project, segments)
    assert codes(arrival) == ["code-unknown", "coding-lost"]
    assert "รหัสที่ไม่มีในสมุดรหัสและไม่ได้ใช้ 1 รายการ เช่น ความเหนื่อยล้า" in arrival.faults[1].sentence


def test_of_a_coder_in_two_files_one_is_used(segments, mask):
    docs, _ = documents.lay_out(segments)
    own, other = docs["TH-50"], docs["centre-03"]
    given = [passage(own, "นำ", LEADERSHIP), passage(other, "ช่วย", NETWORK)]
    kept = Arrival("coding/z.csv", None)
    arrival, found, _ = take(
        segments, mask, [own, other], given, elsewhere={("coder-1", "TH-50"): kept}
    )
    assert [one[:2] for one in found] == [("centre-03:1", NETWORK)]
    assert codes(arrival) == ["coding-coder-twice"]
    assert "coding/z.csv" in arrival.faults[0].sentence


@pytest.mark.parametrize(
    ("given", "path", "by"),
    [
        ("admin", "coding/TH-50-coder-3.sqlite3", "coder-3"),
        ("", "coding/ผู้ลงรหัส ๔.sqlite3", "coder-4"),
        ("Admin", "coding/งาน.sqlite3", "[บุคคล:000003]"),
        ("Coder 2", "coding/TH-50-coder-3.sqlite3", "coder-2"),
        ("สมหญิง", "coding/TH-50-coder-3.sqlite3", "[บุคคล:000006]"),
    ],
)
def test_who_is_called_as_everybody_goes_by_the_file_s_name(mask, given, path, by):
    assert projects.coder(Arrival(path, None, mask=mask), given) == by
