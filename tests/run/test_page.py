"""The run told to people: whole, offline, escaped, and saying what to do."""

import re

import pytest

from castlib import paths
from castlib.run import page, plan
from castlib.run.report import Outcome, Report

REGION, PHASE = "north-upper-1", "results"


def written(home, *outcomes: Outcome) -> str:
    moment = "2024-05-06T07:08:09+07:00"
    page.write(Report(moment, moment, 65.0, 2, True, outcomes), paths.build() / "run.html")
    return (paths.build() / "run.html").read_text(encoding="utf-8")


def test_trouble_comes_with_its_cause_its_notebook_and_what_to_do(home):
    kept = plan.failed(REGION, PHASE)
    kept.parent.mkdir(parents=True)
    kept.touch()
    error = "เซลล์ In [3]: ValueError: <script>alert('ไม่มี')</script>"
    blocked = Outcome("south-gulf", PHASE, "blocked", "", error=f"เพราะ TH/{PHASE} ไม่สำเร็จ")
    text = written(home, Outcome(REGION, PHASE, "failed", plan.NEVER_MADE, error=error), blocked)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    (link,) = re.findall(r'href="([^"]*)"', text)
    assert (paths.build() / link).samefile(kept)
    assert page.OTHERWISE in text
    assert "แก้โน้ตบุ๊กระดับประเทศ" in text
    assert not re.search(r"(src|href)=.?(https?:|//)|@import|url\(", text)


def test_what_changed_the_slowest_and_the_machines(home):
    changes = tuple((f"v{n}", "3.87", "3.88") for n in range(12))
    made = Outcome(REGION, PHASE, "made", "เหตุ", 12.34, 10.0, 345, "one", changes=changes)
    text = written(home, made, Outcome("south-gulf", PHASE, "made", "เหตุ", 1.0, host="two"))
    for told in ("ข้อมูลจำลอง", "12.3", "345", "one, two", "เหตุ (2 เล่ม)", "12 ค่า", "และอีก 2 ค่า"):
        assert told in text
    assert "6 พฤษภาคม 2567 เวลา 07.08 น." in text
    assert text.index("<td>3.87</td>") < text.index("<td>3.88</td>")
    assert "ไม่มี ทุกเล่มเรียบร้อย" in text


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("MemoryError:  (หน่วยความจำเกินกำหนด)", "--jobs 1"),
        ("OSError: No space left on device", "ดิสก์เต็ม"),
    ],
)
def test_advice_fits_the_error(error, advice):
    assert advice in page._advice(error)
