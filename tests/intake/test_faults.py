"""Every fault there is, provoked in a whole source, with its severity, its place and its sentence."""

import os

import pytest

from castlib import instrument
from castlib.exchange import documents, refi
from castlib.exchange.project import Code, Document, Passage, Project
from castlib.intake import answers, intake, spreadsheet, turns, zips
from castlib.intake import source as place
from castlib.intake.faults import REFUSALS, WARNINGS, fault

from . import mutations, sample, test_photos
from .sample import FOLDER, FORM, box, form, p, picture, table
from .sample import turns as said
from .test_spreadsheet import book, inline, saved, xlsx

CODING = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส"]
ELSEWHERE = "provinces/TH-51 ลำพูน"
OLD = documents.name("TH-51")
ODD = ("provinces/TH-53 อุตรดิตถ์", "provinces/TH-54 แพร่", "provinces/TH-55 น่าน")


def _answers() -> bytes:
    rows = sample.answers(24)
    leave = dict.fromkeys(c for c in rows[0] if c.rpartition("_")[2] in ("actual", "expected", "1"))
    again = instrument.load().headers["leadership_1_actual"]
    rows[0]["province"] = "เชียงใหญ่"
    rows[1]["province"] = ""
    rows[2] |= dict.fromkeys(leave, "")
    rows[4] = {**rows[3], "proposal": "เพิ่มงบ"}
    rows[5] |= {"leadership_1_actual": "ดีมาก", "leadership_2_actual": "๗", "sex": "ไม่บอก"}
    rows[6] |= {"age": "สามสิบกว่า", "experience": "๕๑ ปี", "submitted_at": "เมื่อวาน"}
    rows[7] |= {"obstacle": "ก" * (answers.LONGEST_TEXT + 1)}
    rows[8] |= {"submitted_at": "16/11/2565, 0:00:01", "อีเมล": "x"}
    rows[9]["province"] = "กทม."
    for row in rows[10:12]:
        row["_uuid"] = "00000000-0000-0000-0000-000000000001"
    rows[13] = {**rows[12], "leadership_1_actual": "5", "leadership_2_actual": "5"}
    rows[13]["submitted_at"] = "14/11/2565, 9:04:12"
    for k, row in enumerate(rows[12:16]):
        row["ที่อยู่อีเมล"] = f"{k // 2}@example.org"
    rows[15] |= {"sex": "ชาย", "sector": "ภาคประชาชน"}
    rows[16] |= {"leadership_1_actual": "2", again: "5"}
    rows[20]["submitted_at"] = "11/1/2022, 9:00:00"
    return sample.export(rows, more=("อีเมล", "_uuid", "ที่อยู่อีเมล", again))


def _typed() -> bytes:
    rows = sample.answers(3)
    for row, day in zip(rows, (5, 14, 15), strict=True):
        row |= {"submitted_at": f"11/{day}/2022 9:00:00", "age": str(50 + day)}
    rows[2]["province"] = "ลำพูน"
    return sample.export(rows)


def _terrible() -> dict[str, bytes]:
    """Return a source in which nearly everything is wrong, each thing once if possible."""
    other = (("จังหวัด", "ลำพูน"), *sample.HEAD[1:])
    odd = (
        p("ประเด็นที่ 1"),
        said(
            (1, "ผู้ให้ข้อมูล 1, 2", "สองคน"),
            (3, "", "ไม่มีชื่อ"),
            (3, "ผู้ให้ข้อมูล 1", "ซ้ำ"),
            ("สี่ห้า", "ผู้ให้ข้อมูล 1", "ไม่มีเลข"),
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
        f"{FOLDER}/ตอบ.csv": _typed(),
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
        "verdicts.csv": sample.decided(
            sample.DECIDED,
            sample.DECIDED,
            ("nort-upper-1", *sample.DECIDED[1:]),
            ("TH", "3", *sample.DECIDED[2:4], "", *sample.DECIDED[5:]),
        ),
        "ตัดสิน/verdicts.csv": sample.decided(sample.DECIDED),
        "coding/a.csv": sample.coded(
            (sample_group := "TH-51", 1, "ทุกฝ่ายช่วยกัน", "driver_leadrship"),
            (sample_group, 2, "คนละข้อความ", "driver_leadership"),
            (sample_group, 2, "นายอำเภอนำ", "driver_leadership"),
            (sample_group, 99, "ไม่มี", "driver_leadership"),
        ),
        "รหัส/a.csv": sample.coded(("TH-51", 1, "ทุกฝ่ายช่วยกัน", "")),
        "coding/coder-3.csv": "日本語の質問票,回答です".encode("shift_jis"),
        "coding/coder-4.csv": sample.sheet(["ก"] * (spreadsheet.MOST_COLUMNS + 1)),
        "coding/coder-5.csv": b'"' + b"x" * 200_000,
        "coding/coder-6.csv": sample.sheet(["เอกสาร", "ลำดับ"], ["TH-51", 1]),
        **_projects(),
        **_mistaken(),
        **_odd_forms(),
        **_odd_photos(),
    }


def _projects() -> dict[str, bytes]:
    """Return coders' passages that are nowhere, and projects that are not what they should be."""
    placed = ["เริ่ม", "สิ้นสุด", "ข้อความที่ลงรหัส"]
    row = ("TH-51", 1, "ทุกฝ่ายช่วยกัน", "driver_network")
    text = f"{documents.heading('participants', 'q1')}\n[1] ผู้ให้ข้อมูล 3: ทุกคนช่วยเหลือ"
    at = text.index("ทุกคน")
    coded = ((OLD, 0, 5), (OLD, at, at + 5), ("อื่น", 0, 3))
    made = Project(
        "ทดสอบ",
        (Document(OLD, text), Document("อื่น", "อื่นๆ")),
        (Code("driver_network"),),
        ("coder-8",),
        tuple(Passage(*where, "driver_network", "coder-8") for where in coded),
    )
    memo = mutations.repacked(refi.write(made), _with_memo)
    return {
        "coding/coder-21.csv": sample.sheet(
            [*CODING, *placed], (*row, 3, 99, ""), (*row, "", "", "ไม่ได้พูด")
        ),
        "coding/coder-22.csv": sample.sheet(
            [*CODING, "ข้อเสนอ", "รับ"], (*row, "ทุกฝ่าย", "ใช่"), (*row, "ทุกฝ่าย", "อาจจะ")
        ),
        "coding/cut.qdpx": refi.write(made)[:-200],
        "coding/p.qdpx": memo,
    }


def _with_memo(name: str, part: bytes) -> bytes:
    memo = '<Notes><Note guid="5c7a4b8e-3b0a-4f0e-9b0a-0d7e8c6a1f10" name="บันทึก"><PlainTextContent>ก</PlainTextContent></Note></Notes>'
    return part.replace(b"</Project>", memo.encode() + b"</Project>")


def _odd_forms() -> dict[str, bytes]:
    """Return forms that are read, but not as they should have been filled in."""
    links = (
        '<Relationships><Relationship Type="x/package" Target="a.docx"/>'
        '<Relationship Type="x/image" Target="https://example.org" TargetMode="External"/></Relationships>'
    )
    turned = (
        p("ประเด็นที่ 1"),
        said((1, "ทดสอบ ตัวอย่าง", "ก"), ("", "ผู้ให้ข้อมูล 1", "ข")),
        p("ประเด็นที่ 2"),
        said((1, "ผู้ให้ข้อมูล 1", "ค")),
        p("ผู้ให้ข้อมูล 2: อยู่นอกตาราง"),
    )
    people = [(k, "ทดสอบ ตัวอย่าง", "หญิง") for k in range(1, 11)]
    named = table(("ลำดับ", "ชื่อ-สกุล", "เพศ"), *people)
    both = box(" ยินยอม", True) + box(" ไม่ยินยอม", True)
    return {
        f"{ODD[0]}/a.docx": form(
            sample.HEAD[1:],
            said=turned,
            participants=named,
            **{"word/_rels/document.xml.rels": links},
        ),
        f"{ODD[1]}/a.docx": form(sample.HEAD[1:], consent=both),
        f"{ODD[2]}/a.docx": form(sample.HEAD[1:], consent=p("ลงชื่อ.......... ผู้บันทึก")),
    }


def _odd_photos() -> dict[str, bytes]:
    """Return pictures that are of another kind, the same again, or not of this activity."""
    scene, keep = test_photos.scene(1), test_photos.saved
    bangkok = test_photos.stamped((100.5, 13.75), "2019:01:05 10:00:00")
    photos = {
        "1.jpg": keep(scene),
        "2.jpg": keep(scene.resize((200, 150))),
        "3.gif": keep(scene, "GIF"),
        "4.jpg": keep(test_photos.scene(2, (300, 99))),
        "5.jpg": keep(test_photos.Image.new("RGB", (200, 200))),
        "6.jpg": keep(test_photos.scene(3), exif=bangkok),
    }
    return {f"{ODD[0]}/photos/{name}": content for name, content in photos.items()}


def _mistaken() -> dict[str, bytes]:
    """Return files that should have been others, and workbooks with something wrong."""
    other = ["แผ่นอื่น", "อื่น"]
    made = book(รหัส=[["แบบลงรหัส"], CODING], สำรอง=[CODING], ชี้แจง=[other])
    odd = f"<row>{inline(*CODING)}</row><row r='2'><c r='A2' t='e'><v>#REF!</v></c><c r='B2'><f>1</f></c></row>"
    lost = sample.coded(("TH-51", "\ufffd", "ก\0" + "ก" * 99, ""))
    return {
        "ส่งผิด/a.docx": b"%PDF-1.7",
        "ส่งผิด/b.doc": b"{\\rtf1",
        "ส่งผิด/c.rar": b"Rar!\x1a\x07",
        "ส่งผิด/d.docx.part": form(),
        "ส่งผิด/e.gdoc": b"{}",
        "ส่งผิด/f.xls": b"<html><table></table>",
        "ส่งผิด/g.mp4": b"\0\0\0\x18ftypisom",
        "/".join(["ลึก"] * (place.DEEPEST + 1)) + "/a.jpg": picture(5),
        "coding/coder-11.csv": "หน่วยงานภาคี,ประชาชน".encode().decode("latin-1").encode(),
        "coding/coder-12.xls": zips.OLE + "Workbook".encode("utf-16-le"),
        "coding/coder-13.xlsx": zips.OLE + "EncryptedPackage".encode("utf-16-le"),
        "coding/coder-14.xlsx": saved(made)[:-300],
        "coding/coder-15.xlsx": xlsx("", **{"xl/media/a.bin": b"\0" * (zips.SMALL + 1) * 4}),
        "coding/coder-16.xlsx": xlsx("", **{"../../up.txt": b"x"}),
        "coding/coder-17.xlsx": saved(book(ว่าง=[])),
        "coding/coder-18.xlsx": saved(made),
        "coding/coder-19.xlsm": xlsx(odd, **{"xl/vbaProject.bin": b"x"}),
        "coding/coder-20.csv": lost,
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
    "csv-encoding": ("coding/coder-3.csv", "", "UTF-8"),
    "csv-garbled": ("coding/coder-11.csv", "", "ก่อนบันทึก"),
    "csv-nul": ("coding/coder-20.csv", "", "(NUL) 1 ไบต์"),
    "csv-letters-lost": ("coding/coder-20.csv", "", "1 แถว: แถว 2"),
    "file-pdf": ("ส่งผิด/a.docx", "", "PDF"),
    "file-format": ("ส่งผิด/b.doc", "", "RTF"),
    "file-archive": ("ส่งผิด/c.rar", "", "แตกไฟล์"),
    "file-partial": ("ส่งผิด/d.docx.part", "", "ไม่เสร็จ"),
    "file-shortcut": ("ส่งผิด/e.gdoc", "", "ทางลัด"),
    "file-web": ("ส่งผิด/f.xls", "", "HTML"),
    "file-media": ("ส่งผิด/g.mp4", "", "วิดีโอ"),
    "folder-deep": ("/".join(["ลึก"] * 33), "", "ลึกเกิน 32 ชั้น"),
    "sheet-old": ("coding/coder-12.xls", "", ".xls"),
    "sheet-encrypted": ("coding/coder-13.xlsx", "", "รหัสผ่าน"),
    "sheet-broken": ("coding/coder-14.xlsx", "", "ขาดตอนท้าย"),
    "sheet-too-large": ("coding/coder-15.xlsx", "", "4 MB"),
    "sheet-unsafe": ("coding/coder-16.xlsx", "", "ชี้ออกนอกไฟล์"),
    "sheet-empty": ("coding/coder-17.xlsx", "", "ไม่มีแผ่นงาน"),
    "sheet-twice": ("coding/coder-18.xlsx", "", "ใช้แผ่นงาน “รหัส” และไม่ใช้ “สำรอง”"),
    "sheet-others": ("coding/coder-18.xlsx", "", "“ชี้แจง”"),
    "sheet-above-header": ("coding/coder-18.xlsx", "แผ่นงาน “รหัส” แถว 2", "แถว 1"),
    "sheet-macro": ("coding/coder-19.xlsm", "", "มาโคร"),
    "sheet-formula": ("coding/coder-19.xlsm", "แผ่นงาน “ข้อมูล”", "B2"),
    "sheet-error": ("coding/coder-19.xlsm", "แผ่นงาน “ข้อมูล”", "A2"),
    "csv-broken": ("coding/coder-5.csv", "", "CSV"),
    "csv-too-large": ("coding/coder-4.csv", "", "1,001 คอลัมน์"),
    "columns-missing": ("coding/coder-6.csv", "", "2 คอลัมน์: “ข้อความ”, “รหัส”"),
    "columns-extra": ("questionnaire.csv", "", "1 คอลัมน์: “อีเมล”"),
    "questionnaire-twice": ("questionnaire.csv", "", "สำเนา/questionnaire.csv"),
    "questionnaire-missing": ("", "", "questionnaire.csv"),
    "province-missing": ("questionnaire.csv", "แถว 3", "ไม่ได้ระบุจังหวัด"),
    "province-unknown": (
        "questionnaire.csv",
        "แถว 2",
        "“เชียงใหญ่” ในการศึกษานี้ (หมายถึง เชียงใหม่ หรือไม่)",
    ),
    "province-bangkok": ("questionnaire.csv", "แถว 11", "“กทม.” ไม่อยู่ใน 76 จังหวัด"),
    "row-mostly-empty": ("questionnaire.csv", "แถว 4", "9 จาก 82 ข้อ"),
    "row-twice": ("questionnaire.csv", "แถว 6", "เหมือนแถว 5"),
    "row-submission-twice": ("questionnaire.csv", "แถว 12", "เดียวกันกับแถว 13"),
    "row-sender-twice": ("questionnaire.csv", "แถว 14", "ส่งไว้ในแถว 15"),
    "row-elsewhere": (f"{FOLDER}/ตอบ.csv", "แถว 4", "เป็นของ จังหวัดลำพูน"),
    "sender-shared": ("questionnaire.csv", "", "1 รายที่ส่งหลายแถวของจังหวัดเดียว (แถว 16, 17)"),
    "columns-repeated": ("questionnaire.csv", "", "1 ข้อ: “นายอำเภอ"),
    "answers-differ": ("questionnaire.csv", "แถว 18 คอลัมน์ “นายอำเภอ", "(2 / 5)"),
    "time-month-first": (f"{FOLDER}/ตอบ.csv", "คอลัมน์ “ประทับเวลา”", "11/14/2022"),
    "answer-early": (
        "questionnaire.csv",
        "แถว 22",
        "11/1/2565 09:00 น. ก่อนเริ่มการศึกษา (1 ตุลาคม 2565)",
    ),
    "answer-late": ("questionnaire.csv", "แถว 10", "16/11/2565 00:00 น."),
    "level-unreadable": ("questionnaire.csv", "แถว 7 คอลัมน์ “นายอำเภอ", "“ดีมาก”"),
    "level-out-of-range": ("questionnaire.csv", "แถว 7 คอลัมน์", "“๗” อยู่นอกช่วง 1–5"),
    "choice-unknown": ("questionnaire.csv", "แถว 7 คอลัมน์ “เพศ”", "(ชาย, หญิง)"),
    "number-unreadable": ("questionnaire.csv", "แถว 8 คอลัมน์ “อายุ (ปี)”", "“สามสิบกว่า”"),
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
    "form-external": (f"{ODD[0]}/a.docx", "", "(รูปภาพ)"),
    "form-embedded": (f"{ODD[0]}/a.docx", "", "1 ไฟล์"),
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
    "participants-named": (f"{ODD[0]}/a.docx", "ตารางที่ 2", "10 แถว"),
    "consent-missing": (f"{ELSEWHERE}/คน.docx", "", "ไม่พบข้อความรับรอง"),
    "consent-not-ticked": (f"{ELSEWHERE}/a.docx", "", "ไม่ได้ทำเครื่องหมาย"),
    "consent-contrary": (f"{ODD[1]}/a.docx", "", "เพียงช่องเดียว"),
    "consent-signed": (f"{ODD[2]}/a.docx", "", "ลายมือชื่ออย่างเดียว"),
    "question-unknown": (FORM, "ตารางที่ 4", "(q9) จึงไม่รับ 1 แถว"),
    "turn-empty": (FORM, "", "1 แถว (5)"),
    "turn-unreadable": (FORM, "ตารางที่ 3 แถว 5", "“สี่ห้า”"),
    "turn-twice": (FORM, "ตารางที่ 3 แถว 4", "เลขลำดับ 3 ซ้ำ"),
    "turn-too-long": (FORM, "ตารางที่ 3 แถว 7", "20,001"),
    "turn-order": (FORM, "", "1→3"),
    "turn-again": (f"{ODD[0]}/a.docx", "", "ตารางที่ 4"),
    "turn-counted": (f"{ODD[0]}/a.docx", "", "ลำดับ 2"),
    "turns-outside": (f"{ODD[0]}/a.docx", "", "1 ย่อหน้า"),
    "speaker-missing": (FORM, "", "ลำดับ 3"),
    "speaker-many": (FORM, "", "ลำดับ 1"),
    "speaker-named": (f"{ODD[0]}/a.docx", "", "ลำดับ 1"),
    "photo-unreadable": (f"{FOLDER}/photos/cut.jpg", "", "เปิดภาพไม่ได้"),
    "photo-format": (f"{ODD[0]}/photos/3.gif", "", "ชนิด GIF"),
    "photo-same": (f"{ODD[0]}/photos/2.jpg", "", "photos/1.jpg"),
    "photo-small": (f"{ODD[0]}/photos/4.jpg", "", "300 × 99"),
    "photo-blank": (f"{ODD[0]}/photos/5.jpg", "", "สีเดียว"),
    "photo-place": (f"{ODD[0]}/photos/6.jpg", "", "นอกจังหวัดทั้งหมด"),
    "photo-time": (f"{ODD[0]}/photos/6.jpg", "", "5 มกราคม 2562"),
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
    "coding-position-wrong": ("coding/coder-21.csv", "แถว 2", "“3–99” ไม่อยู่ในข้อความที่ให้มา ซึ่งยาว 14"),
    "coding-passage-unclear": ("coding/coder-21.csv", "แถว 3", "“ไม่ได้พูด”"),
    "suggestion-no-coder": ("coding/coder-22.csv", "แถว 2", "ข้อความ TH-51:1"),
    "suggestion-unclear": ("coding/coder-22.csv", "แถว 3", "“อาจจะ”"),
    "coding-project-unreadable": ("coding/cut.qdpx", "", "ให้เปิดในโปรแกรมเดิม"),
    "coding-document-unknown": ("coding/p.qdpx", "เอกสาร อื่น", "1 ช่วง"),
    "coding-passage-gone": ("coding/p.qdpx", f"เอกสาร {OLD}", "1 ช่วง"),
    "coding-layout-only": ("coding/p.qdpx", f"เอกสาร {OLD}", "1 ช่วง"),
    "coding-document-differs": ("coding/p.qdpx", f"เอกสาร {OLD}", "ลำดับ 1"),
    "coding-lost": ("coding/p.qdpx", "", "รายการ"),
    "code-unknown": ("coding/a.csv", "แถว 2", "หมายถึง driver_leadership หรือไม่"),
    "coding-text-differs": ("coding/a.csv", "แถว 3", "ไม่ตรงกับข้อความในแบบบันทึก"),
    "verdicts-twice": ("verdicts.csv", "", "ตัดสิน/verdicts.csv"),
    "verdict-unknown": ("verdicts.csv", "แถว 4", "หมายถึง north-upper-1 หรือไม่"),
    "verdict-bare": ("verdicts.csv", "แถว 5", "ไม่มีเหตุผล"),
    "verdict-again": ("verdicts.csv", "แถว 3", "TH/1/network"),
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
    once = {
        "สำเนา/questionnaire.csv",
        "ratings/more.csv",
        "รหัส/a.csv",
        "ตัดสิน/verdicts.csv",
    }
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
    if not isinstance(folder, int) and os.path.basename(str(folder)) == "locked":
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
