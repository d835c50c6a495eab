import pytest

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


@pytest.mark.parametrize(
    ("line", "agreed"),
    [
        ("☑ ยินยอมให้ข้อมูล", True),
        ("✓ ยินยอมให้ข้อมูล", True),
        ("[x] ยินยอมให้ข้อมูล", True),
        ("( / ) ยินยอมให้ข้อมูล", True),
        ("ยินยอมให้ข้อมูล ☒", True),
        ("ยินยอม ☐ ไม่ยินยอม ☒", False),
        ("☒ ยินยอม ☐ ไม่ยินยอม", True),
        ("การยินยอม: ☐ ยินยอม ☒ ไม่ยินยอม", False),
        ("☒ ยินยอม ☒ ไม่ยินยอม", False),
        ("☒ ไม่รับรองว่ายินยอม", False),
        ("☒ ยินยอมโดยไม่ได้ถูกบังคับ", True),
        ("☐ ยินยอมให้ข้อมูล", False),
        ("[ ] ยินยอมให้ข้อมูล", False),
        ("☐ ไม่ยินยอม", None),
        ("ที่ผ่านการรับรองการยินยอม", None),
        ("☒ ไม่มีรูปภาพ", None),
    ],
)
def test_consent(line, agreed):
    assert forms.consent([line]) is agreed


def test_every_statement_of_consent_must_be_ticked():
    assert forms.consent(["☒ ยินยอมให้ข้อมูล", "☒ ยินยอมให้บันทึกเสียง"]) is True
    assert forms.consent(["☒ ยินยอมให้ข้อมูล", "☐ ยินยอมให้บันทึกเสียง"]) is False


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
    assert [(s["turn"], s["speaker"]) for s in found.segments] == [
        (1, "ผู้ให้ข้อมูล 3"),
        (2, "ผู้ดำเนินการ"),
    ]
    assert not arrival.faults


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
