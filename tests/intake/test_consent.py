import pytest

from castlib.intake import consent
from castlib.intake.ticks import drawn


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("☑ ยินยอมให้ข้อมูล", "given"),
        ("✓ ยินยอมให้ข้อมูล", "given"),
        ("✔️ ยินยอมให้ข้อมูล", "given"),
        ("[x] ยินยอมให้ข้อมูล", "given"),
        ("( / ) ยินยอมให้ข้อมูล", "given"),
        ("(...√...) ยินยอมให้ข้อมูล", "given"),
        ("....../...... ยินยอมให้ข้อมูล", "given"),
        ("/ ยินยอมให้ข้อมูล", "given"),
        ("X ยินยอมให้ข้อมูล", "given"),
        ("ยินยอมให้ข้อมูล /", "given"),
        ("ยินยอมให้ข้อมูล ☒", "given"),
        ("◉ ยินยอม ○ ไม่ยินยอม", "given"),
        ("☒ ยินยอม ☐ ไม่ยินยอม", "given"),
        ("ยินยอม: ใช่", "given"),
        ("การให้ความยินยอมของผู้เข้าร่วม : ยินยอมทุกคน", "given"),
        ("ผู้เข้าร่วมทุกคนยินยอม ☒ ใช่ ☐ ไม่ใช่", "given"),
        ("☒ ยินยอมโดยไม่ได้ถูกบังคับ", "given"),
        ("☒ ผู้เข้าร่วมได้ให้ความยินยอมครบทุกคน", "given"),
        ("ยินยอม ☐ ไม่ยินยอม ☒", "unticked"),
        ("การยินยอม: ☐ ยินยอม ☒ ไม่ยินยอม", "unticked"),
        ("ผู้เข้าร่วมทุกคนยินยอม ☐ ใช่ ☒ ไม่ใช่", "unticked"),
        ("ยินยอม: ไม่ใช่", "unticked"),
        ("☒ ไม่รับรองว่ายินยอม", "unticked"),
        ("☒ ยังไม่ได้รับความยินยอม", "unticked"),
        ("☒ ผู้เข้าร่วมบางคนยินยอม", "unticked"),
        ("☒ ปฏิเสธการยินยอม", "unticked"),
        ("☒ ไม่ประสงค์จะให้ความยินยอม", "unticked"),
        ("☐ ยินยอมให้ข้อมูล", "unticked"),
        ("[ ] ยินยอมให้ข้อมูล", "unticked"),
        ("(   ) ยินยอม (   ) ไม่ยินยอม", "unticked"),
        ("……… ยินยอมให้ข้อมูล", "unticked"),
        ("☐ ยินยอม ☐ ไม่ยินยอม", "unticked"),
        ("ไม่ยินยอม / ยินยอม", "missing"),
        ("☒ ยินยอม ☒ ไม่ยินยอม", "contrary"),
        ("( / ) ยินยอม ( / ) ไม่ยินยอม", "contrary"),
        ("☐ ไม่ยินยอม", "missing"),
        ("ที่ผ่านการรับรองการยินยอม", "missing"),
        ("ผู้เข้าร่วมทุกคนยินยอมแล้ว", "missing"),
        ("ยินยอม: ดูเอกสารแนบ", "missing"),
        ("☒ ไม่มีรูปภาพ", "missing"),
        ("● ยินยอมให้ข้อมูล", "missing"),
        ("ลงชื่อ (/) ผู้ให้ความยินยอม", "signed"),
        ("ลายมือชื่อ........................", "signed"),
    ],
)
def test_one_line(line, verdict):
    assert consent.judge([line]) == verdict


def test_every_statement_of_consent_must_be_ticked():
    both = ["☒ ยินยอมให้ข้อมูล", "☒ ยินยอมให้บันทึกเสียง"]
    assert consent.judge(both) == "given"
    assert consent.judge([both[0], "☐ ยินยอมให้บันทึกเสียง"]) == "unticked"
    assert consent.judge([both[0], "☒ ไม่ยินยอมให้บันทึกเสียง"]) == "contrary"


def test_silence_is_no_consent():
    assert consent.judge([]) == "missing"
    assert set(consent.FAULTS) == {"unticked", "contrary", "signed", "missing"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ชาย / หญิง", "ชาย / หญิง"),
        ("ก/ข", "ก/ข"),
        ("(x)", "☒"),
        ("[ ]", "☐"),
        ("（/）", "☒"),
        ("/", "☒"),
        ("(ก)", "(ก)"),
        ("x", "☒"),
        ("Xerox", "Xerox"),
    ],
)
def test_typed_boxes(text, found):
    assert drawn(text) == found
