import contextlib
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib.intake import forms
from castlib.intake.arrival import Count

from . import sample
from .sample import HEAD, SAID, box, form, p, table, turns


@pytest.fixture
def take(arrive):
    def read(content: bytes, path: str = sample.FORM, province: str | None = "TH-50"):
        arrival = arrive(content, path, province)
        found = forms.read(arrival)
        assert arrival.rows.balanced
        assert arrival.fields.balanced
        return found, arrival

    return read


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def test_a_good_form(take):
    found, arrival = take(form())
    assert (found.group, found.kind, found.cluster) == ("TH-50", "participants", "north-upper-1")
    assert found.consent
    assert found.n_participants == 10
    assert [s["question"] for s in found.segments] == ["q1", "q1", "q2"]
    assert [s["speaker"] for s in found.segments] == ["ผู้ให้ข้อมูล 3", "ผู้ให้ข้อมูล 4", "ผู้ให้ข้อมูล 1"]
    assert not arrival.faults
    assert arrival.rows == Count(13, 13, 0)
    assert arrival.fields == Count(3 + 30 + 9, 42, 0)


def test_source_rows_count_all_rows_of_all_tables(take):
    found, _ = take(form())
    assert [s["source_row"] for s in found.segments] == [16, 17, 19]


def test_without_consent_nothing_that_was_said_is_kept(take):
    found, arrival = take(form(consent=box(" " + sample.CONSENT, False)))
    assert not found.consent
    assert found.segments == []
    assert codes(arrival) == ["consent-not-ticked"]
    assert arrival.rows == Count(13, 10, 3)
    assert arrival.fields.rejected == 9


def test_consent_may_stand_in_a_table_of_its_own(take):
    found, arrival = take(form(consent=table(("☒", sample.CONSENT))))
    assert found.consent
    assert not arrival.faults


def test_the_folder_serves_when_the_header_does_not_say(take):
    found, arrival = take(form(HEAD[1:]))
    assert found.province == "TH-50"
    assert not arrival.faults
    found, arrival = take(form((("จังหวัด", "เชียงใหมม"), *HEAD[1:])))
    assert found.province == "TH-50"
    assert codes(arrival) == ["form-province-unknown"]
    found, arrival = take(form(HEAD[1:]), "form.docx", None)
    assert found is None
    assert arrival.rows == Count(13, 0, 13)


@pytest.mark.parametrize(
    ("said", "path", "group", "kind"),
    [
        ("เจ้าหน้าที่ศูนย์ศึกษาฯ แห่งที่ ๑๑", "x.docx", "centre-11", "staff"),
        ("เจ้าหน้าที่ศูนย์ศึกษาและพัฒนาชุมชน", "staff/centre-04.docx", "centre-04", "staff"),
        ("หน่วยงานภาคี", "x.docx", "partners", "partners"),
        ("ผู้บริหาร", "executives/executive-2.docx", "executive-2", "executive"),
        ("ผู้บริหาร คนที่ 5", "x.docx", "executive-5", "executive"),
        ("", "staff/partners.docx", "partners", "partners"),
        ("", "staff/centre-02.docx", "centre-02", "staff"),
        ("", "executives/executive-1.docx", "executive-1", "executive"),
    ],
)
def test_national_groups(take, said, path, group, kind):
    people = 1 if kind == "executive" else 5
    content = form((("ประเภท", said), HEAD[1]), participants=sample.people(people))
    found, arrival = take(content, path, None)
    assert (found.group, found.kind, found.province, found.cluster) == (group, kind, None, None)
    assert not arrival.faults


def test_a_header_of_four_columns_and_colons(take):
    head = (("จังหวัด :", "จ.เชียงใหม่", "วันที่จัด:", "9/11/2565"), ("จำนวนผู้เข้าร่วม", "10", "", ""))
    found, arrival = take(form(head))
    assert found.held_on.day == 9
    assert not arrival.faults


def test_the_participants_table_counts_and_without_it_the_header(take):
    found, arrival = take(form(participants=sample.people(9)))
    assert found.n_participants == 9
    assert codes(arrival) == ["participants-differ", "participants-count"]
    found, arrival = take(form(participants=""))
    assert found.n_participants == 10
    assert not arrival.faults
    blank = table(("ลำดับ", "เพศ", "ภาคเครือข่าย"), (1, "ชาย", "ภาครัฐ"), (2, "", ""))
    found, arrival = take(form(HEAD[:2], participants=blank))
    assert found.n_participants == 1


def test_blank_rows_are_no_rows_and_numbers_may_be_thai(take):
    said = (p("ประเด็นที่ ๑"), turns(("๑.", "๓", "ก"), ("", "", ""), ("๒", "ผู้ดำเนินการ", "ข")))
    found, arrival = take(form(said=said))
    assert [s["turn"] for s in found.segments] == [1, 2]
    assert found.segments[0]["speaker"] == "ผู้ให้ข้อมูล 3"
    assert codes(arrival) == ["speaker-named"]


def test_a_rejected_turn_leaves_no_gap_to_warn_of(take):
    said = (SAID[0], turns((1, "1", "ก"), (2, "1", ""), (3, "1", "ค")))
    _, arrival = take(form(said=said))
    assert codes(arrival) == ["turn-empty"]


def test_a_row_without_a_speaker_is_kept_as_nobodys(take):
    found, _ = take(form(said=(SAID[0], turns((1, "", "ก")))))
    assert found.segments[0]["speaker"] == "ไม่ระบุ"


def test_a_column_that_the_form_does_not_have_is_refused_and_the_row_kept(take):
    odd = table(("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ", "ชื่อ"), (1, "1", "ก", "สมมติ"))
    found, arrival = take(form(said=(SAID[0], odd)))
    assert len(found.segments) == 1
    assert "columns-extra" in codes(arrival)
    assert arrival.fields.rejected == 1


def sentence(arrival, code: str) -> str:
    return next(found.sentence for found in arrival.faults if found.code == code)


@pytest.mark.parametrize(
    ("consent", "code"),
    [
        (box(" ยินยอม", True) + box(" ไม่ยินยอม", True), "consent-contrary"),
        (p("ลงชื่อ.......................... ผู้รับรองการยินยอม"), "consent-signed"),
        (table(("ลงชื่อ", "ทดสอบ ตัวอย่าง", "ผู้บันทึก")), "consent-signed"),
        (p("ผู้เข้าร่วมทุกคนยินยอมให้ข้อมูลแล้ว"), "consent-missing"),
        (box(" ยินยอม", False) + box(" ไม่ยินยอม", True), "consent-not-ticked"),
    ],
)
def test_consent_that_is_not_certified_says_why(take, consent, code):
    found, arrival = take(form(consent=consent))
    assert codes(arrival) == [code]
    assert not found.consent
    assert found.segments == []
    assert "ให้" in sentence(arrival, code)


@pytest.mark.parametrize(
    "consent",
    [
        table(("การยินยอมของผู้เข้าร่วมทุกคน", "ใช่")),
        table(("ข้อความ", "ใช่", "ไม่ใช่"), ("ผู้เข้าร่วมทุกคนยินยอม", "/", "")),
        table(("ยินยอม", "ไม่ยินยอม"), ("✓", "")),
        p("ยินยอมให้ข้อมูล: ใช่"),
        p("ผู้เข้าร่วมทุกคนยินยอม ☑ ใช่ ☐ ไม่ใช่"),
    ],
)
def test_consent_in_other_shapes(take, consent):
    found, arrival = take(form(consent=consent))
    assert found.consent
    assert not arrival.faults


def test_consent_in_the_header_table_is_no_strange_label(take):
    found, arrival = take(form((*HEAD, ("ผู้เข้าร่วมทุกคนยินยอม", "☒ ใช่ ☐ ไม่ใช่")), consent=""))
    assert found.consent
    assert not arrival.faults
    assert arrival.fields.read == 42


@pytest.mark.parametrize(
    "head",
    [
        (
            ("ชื่อจังหวัด", "เชียงใหม่"),
            ("วัน เดือน ปี", "9 พ.ย. 2565"),
            ("จำนวนผู้ให้ข้อมูล", "10 คน (ชาย 4 หญิง 6)"),
        ),
        (("จังหวัด: เชียงใหม่", "วันที่: 9/11/2565"), ("จำนวนผู้เข้าร่วม：10 คน", "")),
        (("", ""), ("จังหวัด", "เชียงใหม่"), ("วันที่จัด", "9/11/2565"), ("จำนวน", "รวม 10 คน")),
    ],
)
def test_headers_in_other_words_and_shapes(take, head):
    found, arrival = take(form(head))
    assert not arrival.faults
    assert (found.province, found.held_on.day, found.n_participants) == ("TH-50", 9, 10)


def test_a_header_in_plain_lines_on_dots(take):
    lines = p("จังหวัด.....เชียงใหม่..... วันที่ ......๙ พฤศจิกายน ๒๕๖๕......") + p("จำนวนผู้เข้าร่วม: ๑๐ คน")
    content = sample.docx(lines, box(" " + sample.CONSENT, True), sample.people(), *SAID)
    found, arrival = take(content, "form.docx", None)
    assert not arrival.faults
    assert (found.province, found.held_on.day, found.n_participants) == ("TH-50", 9, 10)
    assert arrival.fields.read == 42


def test_of_strange_labels_only_the_label_is_told(take):
    head = (*HEAD, ("หัวหน้าทีม", "ทดสอบ ตัวอย่าง"), ("", "ทดสอบ ตัวอย่าง"))
    _, arrival = take(form(head))
    assert codes(arrival) == ["form-label-unknown"]
    assert "หัวหน้าทีม, ช่องที่ไม่มีชื่อ" in arrival.faults[0].sentence
    assert "ทดสอบ" not in str(arrival.record())


def test_participants_with_names_are_counted_and_the_names_are_nowhere(take):
    rows = [(k, f"ทดสอบ ตัวอย่าง{k}", "หญิง", "08" + "1234" * 2) for k in range(1, 11)]
    named = table(("ที่", "ชื่อ - สกุล", "เพศ", "เบอร์โทร"), *rows)
    found, arrival = take(form(participants=named))
    assert found.n_participants == 10
    assert codes(arrival) == ["participants-named"]
    assert "10 แถว" in arrival.faults[0].sentence
    assert "ทดสอบ" not in str(arrival.record()) + str(found)
    assert arrival.fields.rejected == 20


@pytest.mark.parametrize(
    "participants",
    [
        table(("ลำดับ", "ตำแหน่ง"), *((k, "ปลัด") for k in range(1, 11))),
        table(("เพศ", "จำนวน (คน)"), ("ชาย", "๔"), ("หญิง", "6"), ("รวม", 10)),
        sample.people(6) + table(*((k, "ชาย", "ภาครัฐ") for k in range(7, 11))),
        sample.people(10).replace("</w:tbl>", table(("รวม", "10", "คน"))[len("<w:tbl>") :]),
        table(("รายชื่อผู้เข้าร่วม",), ("",)) + sample.people(),
        table(
            ("ผู้เข้าร่วม", "", ""), ("ลำดับ", "เพศ", "ภาค"), *((k, "ชาย", "รัฐ") for k in range(1, 11))
        ),
    ],
)
def test_participants_in_other_shapes(take, participants):
    found, arrival = take(form(participants=participants))
    assert found.n_participants == 10
    assert not arrival.faults


def test_staff_five_partners_five_executive_one(take):
    for kind, number, asked in (("ผู้บริหาร คนที่ 1", 2, 1), ("หน่วยงานภาคี", 4, 5)):
        _, arrival = take(
            form((("ประเภท", kind), HEAD[1]), participants=sample.people(number)), "x", None
        )
        assert codes(arrival) == ["participants-count"]
        assert f"กำหนด {asked} คน" in arrival.faults[0].sentence
    found, arrival = take(form((("ประเภท", "ผู้บริหาร คนที่ 1"), HEAD[1]), participants=""), "x", None)
    assert found.n_participants is None
    assert not arrival.faults


def test_an_unknown_kind_is_refused_and_a_known_one_in_a_province_is_its_own(take):
    found, arrival = take(form((("ประเภท", "สื่อมวลชน"), HEAD[1])), "x.docx", None)
    assert found is None
    assert codes(arrival) == ["form-kind-unknown"]
    found, _ = take(form((("ประเภท", "ผู้เข้าร่วมโครงการ"), *HEAD)))
    assert (found.kind, found.group) == ("participants", "TH-50")


def test_a_form_in_the_folder_of_another_province_is_of_its_own(take):
    found, arrival = take(form(), "provinces/TH-51 ลำพูน/x.docx", "TH-51")
    assert (found.province, found.own_folder) == ("TH-50", False)
    assert codes(arrival) == ["province-conflict"]


HEADINGS = ("ประเด็นที่ 1 ปัจจัยใด", "ประเด็นที่ ๒")


def test_the_whole_form_in_one_table(take):
    whole = table(
        *((label, value, "") for label, value in HEAD),
        ("☒", sample.CONSENT, ""),
        ("ลำดับ", "เพศ", "ภาคเครือข่าย"),
        *((k, "หญิง", "ภาครัฐ") for k in range(1, 11)),
        (HEADINGS[0], "", ""),
        ("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"),
        (1, "ผู้ให้ข้อมูล 1", "ก"),
        (HEADINGS[1], "", ""),
        (2, "ผู้ให้ข้อมูล 2", "ข"),
    )
    found, arrival = take(sample.docx(whole))
    assert not arrival.faults
    assert found.n_participants == 10
    assert [(s["question"], s["turn"], s["source_row"]) for s in found.segments] == [
        ("q1", 1, 18),
        ("q2", 2, 20),
    ]


def test_tables_within_a_layout_table(take):
    layout = table(
        (table(*HEAD) + p(""),),
        (box(" " + sample.CONSENT, True) + sample.people() + p(""),),
        ("".join(SAID) + p(""),),
    )
    found, arrival = take(sample.docx(layout))
    assert not arrival.faults
    assert [s["question"] for s in found.segments] == ["q1", "q1", "q2"]
    assert [s["source_row"] for s in found.segments] == [16, 17, 19]


def test_a_text_box_may_hold_the_heading(take):
    boxed = (
        f"<w:p><w:r><w:pict><w:txbxContent>{p(HEADINGS[1])}</w:txbxContent></w:pict></w:r></w:p>"
    )
    found, _ = take(form(said=(boxed, sample.turns((1, "1", "ก")))))
    assert found.segments[0]["question"] == "q2"


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "ประเด็นที่ ๔",
            "ประเด็น 4 ปัญหา",
            "ข้อ 4",
            "ข้อที่ ๔ ปัญหา",
            "คำถามที่ 4",
            "4. ประเด็นที่ 4",
            "ประเด็นที่สี่",
        ),
        *("ประเด็นคำถามที่ 4.1", "ปัญหาและอุปสรรคที่พบในการดำเนินโครงการมีอะไรบ้าง"),
    ],
)
def test_headings_in_other_words(take, heading):
    found, arrival = take(form(said=(p(heading), sample.turns((1, "1", "ก")))))
    assert found.segments[0]["question"] == "q4"
    assert not arrival.faults


def test_a_heading_in_the_first_row_of_its_table(take):
    rows = ((HEADINGS[1], "", ""), ("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"), (1, "1", "ก"))
    split = (("ประเด็นที่ 3", "ความสุข"), *rows[1:2], (2, "1", "ข"))
    found, arrival = take(form(said=(table(*rows), table(*split))))
    assert [s["question"] for s in found.segments] == ["q2", "q3"]
    assert not arrival.faults


def test_what_was_said_outside_the_tables_is_told(take):
    spoken = p("ผู้ให้ข้อมูล 3: ทุกฝ่ายช่วยกัน") + p("2. ผู้เข้าร่วมคนที่ ๔ หนี้ลดลง") + p("จบแบบบันทึก")
    found, arrival = take(form(more=(spoken,)))
    assert len(found.segments) == 3
    assert codes(arrival) == ["turns-outside"]
    assert "2 ย่อหน้า" in arrival.faults[0].sentence


def test_what_the_file_carries_is_told(take):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="x/attachedTemplate" Target="http://x/a" TargetMode="External"/>'
        '<Relationship Id="r2" Type="x/package" Target="embeddings/a.docx"/></Relationships>'
    )
    found, arrival = take(form(**{"word/_rels/document.xml.rels": relations}))
    assert codes(arrival) == ["form-embedded", "form-external"]
    assert "แม่แบบ" in sentence(arrival, "form-external")
    assert "1 ไฟล์" in sentence(arrival, "form-embedded")
    assert len(found.segments) == 3


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"hello", "form-not-word", ".docx"),
        (form()[:-300], "form-broken", "เสียหาย"),
        (
            form(said=(SAID[0], turns(*((k, "1", f"x{k}") for k in range(1, 2002))))),
            "form-too-large",
            "2,001 แถว",
        ),
    ],
)
def test_files_that_are_refused_say_why(take, content, code, words):
    found, arrival = take(content)
    assert found is None
    assert codes(arrival) == [code]
    assert words in arrival.faults[0].sentence


def test_what_libreoffice_and_others_write_round_the_words(take):
    # as text processors split it: a run a syllable, proofing marks, bookmarks, section breaks
    word = "".join(
        f'<w:proofErr w:type="spellStart"/><w:r><w:rPr><w:lang w:bidi="th-TH"/></w:rPr><w:t>{part}</w:t></w:r>'
        '<w:bookmarkStart w:id="0" w:name="a"/><w:bookmarkEnd w:id="0"/>'
        for part in ("ประ", "เด็น", "ที่ ", "๑")
    )
    heading = f"<w:p><w:pPr><w:sectPr/></w:pPr>{word}</w:p>"
    found, arrival = take(form(said=(heading, SAID[1])))
    assert [s["question"] for s in found.segments] == ["q1", "q1"]
    assert not arrival.faults


PIECES = [
    "",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr/>",
    "<w:tc/>",
    "<w:sdt>",
    "ประเด็นที่ 2",
    "ลำดับ",
    "☒",
    "เพศ",
    "จังหวัด:",
]


@settings(
    max_examples=100, deadline=3000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_anything_is_read_or_refused_and_counted(take, tmp_path, data):
    file = tmp_path / "whole.docx"
    file.write_bytes(form())
    with zipfile.ZipFile(file) as opened:
        xml = opened.read("word/document.xml").decode()
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(xml) - 1))
        piece = data.draw(st.sampled_from(PIECES))
        xml = xml[:start] + piece + xml[start + data.draw(st.integers(0, 60)) :]
    take(sample.package(xml))


WORDS = st.sampled_from(
    [
        "",
        "ลำดับ",
        "เพศ",
        "ข้อความ",
        "ผู้ให้ข้อมูล",
        "1",
        "๒",
        "ผู้ให้ข้อมูล 3",
        "ประเด็นที่ 1",
        "จังหวัด",
        "เชียงใหม่",
        "ยินยอม",
        "☒",
        "/",
        "…",
    ]
)


@settings(
    max_examples=200, deadline=3000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables=st.lists(st.lists(st.lists(WORDS, max_size=4), min_size=1, max_size=6), max_size=5))
def test_tables_of_any_words_are_counted(take, tables):
    take(sample.docx(*(table(*rows) for rows in tables)))


def test_many_odd_lines_take_little_time(take):
    odd = (
        "บางคน" * 300 + "ยินยอม ☒",
        "(" * 1900 + "ยินยอม",
        "." * 1900 + "ยินยอม",
        "จังหวัด:" * 200,
        "ไม่ " * 450 + "ยินยอม ☒",
    )
    started = time.process_time()
    with contextlib.suppress(KeyError):
        take(form(more=tuple(p(line) for line in odd * 40)))
    assert time.process_time() - started < 3
