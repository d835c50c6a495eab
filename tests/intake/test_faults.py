"""Every fault there is, provoked in a whole source, with its severity, its place and its sentence."""

import os

import pytest

from castlib.intake import intake, questionnaire, sheets, turns, zips
from castlib.intake import source as place
from castlib.intake.faults import REFUSALS, WARNINGS, fault

from . import sample
from .sample import FOLDER, FORM, box, form, p, picture, table
from .sample import turns as said

ELSEWHERE = "provinces/TH-51 ลำพูน"


def _answers() -> bytes:
    rows = sample.answers(24)
    leave = dict.fromkeys(c for c in rows[0] if c.rpartition("_")[2] in ("actual", "expected", "1"))
    rows[0]["province"] = "เชียงใหม"
    rows[1]["province"] = ""
    rows[2] |= dict.fromkeys(leave, "")
    rows[4] = {**rows[3], "proposal": "เพิ่มงบ"}
    rows[5] |= {"leadership_1_actual": "ดีมาก", "leadership_2_actual": "๗", "sex": "ไม่บอก"}
    rows[6] |= {"age": "สามสิบ", "experience": "๕๑ ปี", "submitted_at": "เมื่อวาน"}
    rows[7] |= {"obstacle": "ก" * (questionnaire.LONGEST_TEXT + 1)}
    rows[8] |= {"submitted_at": "16/11/2565, 0:00:01", "อีเมล": "x"}
    return sample.export(rows, more=("อีเมล",))


def _terrible() -> dict[str, bytes]:
    """Return a source in which nearly everything is wrong, each thing once if possible."""
    other = (("จังหวัด", "ลำพูน"), *sample.HEAD[1:])
    odd = (
        p("ประเด็นที่ 1"),
        said(
            (1, "ผู้ให้ข้อมูล 1, 2", "สองคน"),
            (3, "", "ไม่มีชื่อ"),
            (3, "ผู้ให้ข้อมูล 1", "ซ้ำ"),
            ("สี่", "ผู้ให้ข้อมูล 1", "ไม่มีเลข"),
            (5, "ผู้ให้ข้อมูล 1", ""),
            (6, "ผู้ให้ข้อมูล 1", "ก" * (turns.LONGEST_TEXT + 1)),
        ),
        p("ประเด็นที่ 9"),
        said((7, "ผู้ให้ข้อมูล 1", "ผิดประเด็น")),
        table(("บันทึก", "อื่น"), ("ก", "ข")),
        "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>",
    )
    head = (
        ("จังหวัด", "แดนไกล"),
        ("วันที่สนทนากลุ่ม", "วันแม่"),
        ("จำนวนผู้เข้าร่วม", "หลายคน"),
        ("หัวหน้าทีม", "ไม่ควรมี"),
    )
    seen = ["แบบ.docx", "a.docx", "คน.docx", "photos/1.jpg", "photos/2.jpg"]
    rows = [["ไฟล์", "เวลาที่อัปโหลด"], *([f"{ELSEWHERE}/{name}", sample.TIME] for name in seen)]
    rows += [[FORM, "16/11/2022, 8:00:00"], [FORM, sample.TIME], ["ไม่มี.jpg", sample.TIME]]
    rows += [[f"{FOLDER}/photos/1.jpg", "พรุ่งนี้"]]
    return {
        "questionnaire.csv": _answers(),
        "สำเนา/questionnaire.csv": sample.export(sample.answers(1)),
        "received.csv": sample.sheet(*rows),
        FORM: form(head, said=odd, participants=sample.people(9), **{"word/vbaProject.bin": b"x"}),
        f"{ELSEWHERE}/a.docx": form(other, consent=box(" ยินยอมให้ข้อมูล", False)),
        f"{ELSEWHERE}/แบบ.docx": form(other),
        f"{ELSEWHERE}/คน.docx": form(
            (("จังหวัด", "ลำปาง"), ("จำนวน", "๗")), consent=p("ไม่มี"), said=()
        ),
        "staff/centre-12.docx": form((("ประเภท", "เจ้าหน้าที่ศูนย์ศึกษาฯ"),)),
        "nobody.docx": form(()),
        "nowhere.docx": form((("จังหวัด", "แดนไกล"),)),
        "staff/old.doc": zips.OLE + b"\0" * 600,
        "staff/locked.docx": zips.OLE + "EncryptedPackage".encode("utf-16-le"),
        "staff/text.docx": b"hello",
        "staff/cut.docx": form()[:-300],
        "staff/large.docx": sample.docx(
            p("ก"), **{"word/media/a.bin": b"\0" * (zips.SMALL + 1) * 4}
        ),
        "staff/unsafe.docx": sample.docx(p("ก"), **{"../../up.txt": b"x"}),
        f"{FOLDER}/photos/1.jpg": picture(1),
        f"{FOLDER}/photos/2.jpg": picture(1),
        f"{FOLDER}/photos/cut.jpg": picture(3)[:200],
        f"{FOLDER}/photos/big.png": sample.huge(9_000),
        f"{ELSEWHERE}/photos/1.jpg": picture(1),
        f"{ELSEWHERE}/photos/2.jpg": picture(2),
        "photos/lost.jpg": picture(9),
        "empty.docx": b"",
        ".DS_Store": b"x",
        "notes.txt": "บันทึก".encode(),
        "ratings/ioc.csv": sample.sheet(
            ["ข้อ", "ผู้เชี่ยวชาญ 1"],
            *(
                [item, rating]
                for item, rating in (("leadership_1", 2), ("leadership_1", 1), ("leadrship_2", 1))
            ),
        ),
        "ratings/more.csv": sample.ratings(),
        "coding/a.csv": sample.coded(
            (sample_group := "TH-51", 1, "ทุกฝ่ายช่วยกัน", "driver_leadrship"),
            (sample_group, 2, "คนละข้อความ", "driver_leadership"),
            (sample_group, 2, "นายอำเภอนำ", "driver_leadership"),
            (sample_group, 99, "ไม่มี", "driver_leadership"),
        ),
        "รหัส/a.csv": sample.coded(("TH-51", 1, "ทุกฝ่ายช่วยกัน", "")),
        "coding/thai.csv": sample.sheet(["เอกสาร"], ["ก"], encoding="cp874"),
        "coding/wide.csv": sample.sheet(["ก"] * (sheets.MOST_COLUMNS + 1)),
        "coding/long.csv": b'"' + b"x" * 200_000,
        "coding/half.csv": sample.sheet(["เอกสาร", "ลำดับ"], ["TH-51", 1]),
    }


EXPECTED = {
    "ignored-file": (".DS_Store", "", "ไม่ต้องทำอะไร"),
    "file-unknown": ("notes.txt", "", "ไม่รู้จัก"),
    "file-link": ("staff/link.docx", "", "ทางลัด"),
    "file-special": ("pipe.jpg", "", "ไม่เปิดอ่าน"),
    "file-empty": ("empty.docx", "", "ไฟล์ว่าง"),
    "file-too-large": ("huge.jpg", "", "เกินขนาดสูงสุด 1 MB"),
    "file-unreadable": ("locked", "", "PermissionError"),
    "file-no-province": ("photos/lost.jpg", "", "โฟลเดอร์ของจังหวัด"),
    "file-late": (FORM, "", "16/11/2565 08:00 น. หลังกำหนดส่ง 15 พฤศจิกายน 2565"),
    "file-not-registered": (f"{FOLDER}/photos/1.jpg", "", "ไม่มีชื่อไฟล์นี้ในทะเบียน"),
    "csv-encoding": ("coding/thai.csv", "", "UTF-8"),
    "csv-broken": ("coding/long.csv", "", "CSV"),
    "csv-too-large": ("coding/wide.csv", "", "1,001 คอลัมน์"),
    "columns-missing": ("coding/half.csv", "", "2 คอลัมน์: “ข้อความ”, “รหัส”"),
    "columns-extra": ("questionnaire.csv", "", "1 คอลัมน์: “อีเมล”"),
    "questionnaire-twice": ("questionnaire.csv", "", "สำเนา/questionnaire.csv"),
    "questionnaire-missing": ("", "", "questionnaire.csv"),
    "province-missing": ("questionnaire.csv", "แถว 3", "ไม่ได้ระบุจังหวัด"),
    "province-unknown": (
        "questionnaire.csv",
        "แถว 2",
        "“เชียงใหม” ในการศึกษานี้ (หมายถึง เชียงใหม่ หรือไม่)",
    ),
    "row-mostly-empty": ("questionnaire.csv", "แถว 4", "9 จาก 82 ข้อ"),
    "row-twice": ("questionnaire.csv", "แถว 6", "เหมือนแถว 5"),
    "answer-late": ("questionnaire.csv", "แถว 10", "16/11/2565 00:00 น."),
    "level-unreadable": ("questionnaire.csv", "แถว 7 คอลัมน์ “นายอำเภอ", "“ดีมาก”"),
    "level-out-of-range": ("questionnaire.csv", "แถว 7 คอลัมน์", "“๗” อยู่นอกช่วง 1–5"),
    "choice-unknown": ("questionnaire.csv", "แถว 7 คอลัมน์ “เพศ”", "(ชาย, หญิง)"),
    "number-unreadable": ("questionnaire.csv", "แถว 8 คอลัมน์ “อายุ (ปี)”", "“สามสิบ”"),
    "number-out-of-range": ("questionnaire.csv", "แถว 8 คอลัมน์", "“๕๑ ปี” อยู่นอกช่วง 0–50"),
    "time-unreadable": ("questionnaire.csv", "แถว 8 คอลัมน์ “ประทับเวลา”", "“เมื่อวาน”"),
    "text-too-long": ("questionnaire.csv", "แถว 9 คอลัมน์", "10,001 ตัวอักษร เกิน 10,000"),
    "register-missing": ("", "", "received.csv"),
    "register-no-file": ("received.csv", "แถว 9", "“ไม่มี.jpg”"),
    "register-twice": ("received.csv", "แถว 8", "ครั้งหลังสุด"),
    "register-time-unreadable": ("received.csv", "แถว 10", "“พรุ่งนี้”"),
    "form-not-word": ("staff/text.docx", "", "ไม่ใช่ไฟล์ Word"),
    "form-old": ("staff/old.doc", "", "(.doc)"),
    "form-encrypted": ("staff/locked.docx", "", "รหัสผ่าน"),
    "form-broken": ("staff/cut.docx", "", "เสียหาย"),
    "form-too-large": ("staff/large.docx", "", "4 MB"),
    "form-unsafe": ("staff/unsafe.docx", "", "ชี้ออกนอกไฟล์"),
    "form-macro": (FORM, "", "มาโคร"),
    "picture-in-form": (FORM, "", "รูปภาพ 1 รูป"),
    "form-kind-unknown": ("nobody.docx", "", "ไม่มีทั้งจังหวัดและประเภท"),
    "form-no-number": ("staff/centre-12.docx", "", "เกินจำนวน 11"),
    "form-twice": (f"{ELSEWHERE}/a.docx", "", "แบบ.docx"),
    "form-no-turns": (f"{ELSEWHERE}/คน.docx", "", "ไม่พบตาราง"),
    "form-province-unknown": (FORM, "จังหวัด", "“แดนไกล”"),
    "province-conflict": (f"{ELSEWHERE}/คน.docx", "", "จังหวัดลำปาง แต่ไฟล์อยู่ในโฟลเดอร์ของ จังหวัดลำพูน"),
    "form-date-missing": (f"{ELSEWHERE}/คน.docx", "", "ไม่ได้กรอกวันที่"),
    "form-date-unreadable": (FORM, "วันที่สนทนากลุ่ม", "“วันแม่”"),
    "form-count-unreadable": (FORM, "จำนวนผู้เข้าร่วม", "“หลายคน”"),
    "form-label-unknown": (FORM, "", "หัวหน้าทีม"),
    "form-table-unknown": (FORM, "ตารางที่ 5", "ไม่อยู่ในแบบบันทึก"),
    "participants-count": (FORM, "", "9 คน แต่แนวทางกำหนด 10 คน"),
    "participants-differ": (f"{ELSEWHERE}/คน.docx", "", "7 คน แต่ตารางผู้เข้าร่วมมี 10 แถว"),
    "consent-missing": (f"{ELSEWHERE}/คน.docx", "", "ไม่พบข้อความรับรอง"),
    "consent-not-ticked": (f"{ELSEWHERE}/a.docx", "", "ไม่ได้ทำเครื่องหมาย"),
    "question-unknown": (FORM, "ตารางที่ 4", "(q9) จึงไม่รับ 1 แถว"),
    "turn-empty": (FORM, "", "1 แถว (5)"),
    "turn-unreadable": (FORM, "ตารางที่ 3 แถว 5", "“สี่”"),
    "turn-twice": (FORM, "ตารางที่ 3 แถว 4", "เลขลำดับ 3 ซ้ำ"),
    "turn-too-long": (FORM, "ตารางที่ 3 แถว 7", "20,001"),
    "turn-order": (FORM, "", "1→3"),
    "speaker-missing": (FORM, "", "ลำดับ 3"),
    "speaker-many": (FORM, "", "ลำดับ 1"),
    "photo-unreadable": (f"{FOLDER}/photos/cut.jpg", "", "เปิดภาพไม่ได้"),
    "photo-too-large": (f"{FOLDER}/photos/big.png", "", "9,000 × 9,000 พิกเซล"),
    "photo-twice": (f"{FOLDER}/photos/2.jpg", "", "photos/1.jpg"),
    "photo-elsewhere": (f"{ELSEWHERE}/photos/1.jpg", "", "จังหวัดอื่น"),
    "ioc-twice": ("ratings/ioc.csv", "", "ratings/more.csv"),
    "ioc-item-unknown": ("ratings/ioc.csv", "แถว 4", "หมายถึง leadership_2 หรือไม่"),
    "ioc-item-twice": ("ratings/ioc.csv", "แถว 3", "leadership_1 มีคะแนนแล้ว"),
    "ioc-rating-unreadable": ("ratings/ioc.csv", "แถว 2 คอลัมน์ ผู้เชี่ยวชาญ 1", "“2” ไม่ใช่ -1, 0 หรือ 1"),
    "ioc-items-missing": ("ratings/ioc.csv", "", "ของข้อ leadership_2"),
    "coding-segment-unknown": ("coding/a.csv", "เอกสาร TH-51", "ลำดับ 99"),
    "coding-twice": ("coding/a.csv", "แถว 4", "TH-51:2"),
    "coding-coder-twice": ("coding/a.csv", "", "รหัส/a.csv"),
    "code-unknown": ("coding/a.csv", "แถว 2", "หมายถึง driver_leadership หรือไม่"),
    "coding-text-differs": ("coding/a.csv", "แถว 3", "ไม่ตรงกับข้อความในแบบบันทึก"),
    "answers-few": ("", "", "0 ชุด จาก 10 ชุด"),
    "answers-many": ("", "", "ชุด เกินที่กำหนด 10 ชุด"),
    "form-missing": ("", "", "15 พฤศจิกายน 2565"),
    "photos-few": ("", "", "จากอย่างน้อย 5 ภาพ"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict]]:
    """Return the faults of several terrible sources by code."""
    root = tmp_path_factory.mktemp("terrible")
    (root / "data").symlink_to(place.paths.data())
    whole = _terrible()
    once = {"สำเนา/questionnaire.csv", "ratings/more.csv", "รหัส/a.csv"}
    first = {path: content for path, content in whole.items() if path not in once}
    faults: list[dict] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(root))
        patch.setattr(place, "MOST_BYTES", 2**20)
        patch.setattr("castlib.store.write", lambda *_: None)
        for name, files in {
            "whole": {**first, "huge.jpg": b"\xff\xd8\xff" + b"\0" * 2**20},
            "twice": {path: content for path, content in whole.items() if path != "received.csv"},
            "forms": {FORM: form()},
        }.items():
            folder = sample.write(root / name, files)
            if name == "whole":
                (folder / "staff/link.docx").symlink_to(folder / FORM)
                os.mkfifo(folder / "pipe.jpg")
                (folder / "locked").mkdir()
                patch.setattr(place.os, "scandir", _scandir)
            done = intake(folder, out=lambda line: None)
            assert done.exit_code == int(name != "forms")
            faults += done.all_faults()
    by_code: dict[str, list[dict]] = {}
    for one in faults:
        by_code.setdefault(one["code"], []).append(one)
    return by_code


def _scandir(folder, real=os.scandir):
    if os.path.basename(folder) == "locked":
        raise PermissionError(folder)
    return real(folder)


def test_every_code_is_expected_here():
    assert set(EXPECTED) == REFUSALS.keys() | WARNINGS.keys()
    assert not REFUSALS.keys() & WARNINGS.keys()


@pytest.mark.parametrize("code", EXPECTED)
def test_fault_says_what_where_and_what_to_do(code, found):
    path, spot, words = EXPECTED[code]
    matching = [f for f in found.get(code, []) if f["path"] == path and f["place"].startswith(spot)]
    assert matching, [f"{f['path']} {f['place']}: {f['sentence']}" for f in found.get(code, [])]
    assert any(words in f["sentence"] for f in matching), [f["sentence"] for f in matching]
    assert matching[0]["severity"] == ("rejected" if code in REFUSALS else "warned")


def test_a_fault_of_a_row_or_a_folder_knows_its_province(found):
    assert {f["province"] for f in found["level-unreadable"]} == {"TH-50"}
    assert {f["province"] for f in found["picture-in-form"]} == {"TH-50"}
    assert {f["province"] for f in found["form-no-number"]} == {None}


def test_long_values_are_shortened_and_braces_are_only_text():
    one = fault("level-unreadable", place="แถว {0}", given="{x}" * 100)
    assert len(one.given) == 80
    assert "แถว {0}" in one.sentence
