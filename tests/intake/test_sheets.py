"""The register, the ratings and the coders' sheets, whatever program and habit they come from."""

import io
import unicodedata
from datetime import datetime

import openpyxl
import pytest

from castlib import instrument
from castlib.intake import headers, sheets
from castlib.intake.arrival import Arrival, Count

from . import sample

ITEMS = instrument.load().items


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


@pytest.mark.parametrize(
    ("content", "path", "kind"),
    [
        (sample.register("a"), "any.csv", "register"),
        (sample.ratings(), "any.csv", "ioc"),
        (sample.coded(), "any.csv", "coding"),
        (sample.sheet(["province", "submitted_at"]), "any.csv", "questionnaire"),
        (sample.sheet(["ประทับเวลา", "จังหวัด"]), "any.csv", "questionnaire"),
        (sample.sheet(instrument.load().answer_columns[:5]), "any.csv", "questionnaire"),
        (sample.sheet(["File", "Uploaded"]), "any.csv", "register"),
        (sample.sheet(["item", "Expert 1"]), "any.csv", "ioc"),
        (sample.sheet(["Document", "No.", "Text", "Codes"]), "any.csv", "coding"),
        (sample.sheet(["x"]), "questionnaire.csv", "questionnaire"),
        (sample.sheet(["x"]), "deep/received.xlsx", "register"),
        (sample.sheet(["x"]), "ratings/a.csv", "ioc"),
        (sample.sheet(["x"]), "ส่งแล้ว/coding/a.csv", "coding"),
        (sample.sheet(["x"]), "any.csv", "unknown"),
    ],
)
def test_kind_is_by_header_then_by_name(arrive, content, path, kind):
    assert sheets.kind(sheets.read(arrive(content, path)), path) == kind


@pytest.mark.parametrize("name", ["ไฟล์ ", "\u200bไฟล์", " ชื่อไฟล์*", "FILE  NAME", "file_name"])
def test_headers_forgive_what_cannot_be_seen_and_how_they_are_called(name):
    given = [name, unicodedata.normalize("NFD", "เวลาที่อัปโหลด"), "ไฟล์ "]
    named = headers.named("register", given)
    assert named[:2] == ["ไฟล์", "เวลาที่อัปโหลด"]
    assert named[2] == given[2]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(arrive):
    content = 'ก,ข\r\n\r\n"1\r\n2",x\r\n,\r\n3,y\r\n'.encode()
    assert [number for number, _ in sheets.read(arrive(content))] == [1, 3, 5]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b",,,"])
def test_a_sheet_without_a_word_is_refused(arrive, content):
    arrival = arrive(content)
    assert sheets.read(arrival) is None
    assert codes(arrival) == ["csv-broken"]


def test_the_register_finds_files_however_their_path_is_written(arrive, dress):
    written = ["provinces\\TH-50\\น้ํา.docx", "./a.jpg", "B.JPG ", "ไดรฟ์/โครงการ/deep/c.jpg", "d.jpg"]
    names = ["provinces/TH-50/น้ำ.docx", "a.jpg", "b.jpg", "deep/c.jpg", "x/d.jpg"]
    files = [Arrival(path, None) for path in names]
    arrival = arrive(dress(sample.register(*written)))
    sheets.register(arrival, sheets.read(arrival), files)
    assert [f.submitted_at for f in files] == [datetime(2022, 11, 9, 10)] * 5
    assert arrival.rows == Count(5, 5, 0)


def test_the_register_tells_twins_apart_and_guesses_nothing(arrive):
    files = [Arrival(path, None) for path in ("A.jpg", "a.jpg", "x/b.jpg", "y/b.jpg")]
    arrival = arrive(sample.register("a.jpg", "b.jpg", ""))
    sheets.register(arrival, sheets.read(arrival), files)
    assert [f.submitted_at is not None for f in files] == [False, True, False, False]
    assert codes(arrival) == ["register-no-file"] * 2


def test_the_register_knows_files_by_their_own_name_and_shows_them_by_another(arrive, mask):
    file = Arrival("[บุคคล:000000].docx", None, key="ทดสอบ ตัวอย่าง.docx", mask=mask)
    name = "ทดสอบ ตัวอย่าง.docx"
    rows = [["file", "uploaded"], [name, sample.TIME], [name, "x"]]
    arrival = arrive(sample.sheet(*rows), mask=mask)
    sheets.register(arrival, sheets.read(arrival), [file])
    assert file.submitted_at == datetime(2022, 11, 5, 9, 4, 7)
    assert "ตัวอย่าง" not in str([found.record() for found in arrival.faults])


def test_a_path_out_of_the_folder_is_only_a_name_that_is_not_there(arrive):
    arrival = arrive(sample.register("../../etc/passwd", "/etc/passwd", "/", "."))
    sheets.register(arrival, sheets.read(arrival), [Arrival("a.jpg", None)])
    assert codes(arrival) == ["register-no-file"] * 4
    assert arrival.rows == Count(4, 0, 4)


def test_the_last_upload_of_a_file_counts(arrive):
    rows = [["ไฟล์", "เวลาที่อัปโหลด"], ["a", "3/11/2565, 8:00:00"], ["a", "1/11/2565, 8:00:00"]]
    arrival, file = arrive(sample.sheet(*rows)), Arrival("a", None)
    sheets.register(arrival, sheets.read(arrival), [file])
    assert file.submitted_at == datetime(2022, 11, 3, 8)
    assert arrival.rows == Count(2, 1, 1)
    assert arrival.faults[0].place == "แถว 3"


def test_a_workbook_names_its_sheet_and_keeps_its_dates(arrive):
    book = openpyxl.Workbook()
    book.active.title = "ทะเบียน"
    for row in (["ไฟล์", "เวลาที่อัปโหลด"], ["a", datetime(2022, 11, 5, 9, 4, 7)], ["b", 1]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    arrival, found = arrive(file.getvalue()), Arrival("a", None)
    sheets.register(arrival, sheets.read(arrival), [found])
    assert found.submitted_at == datetime(2022, 11, 5, 9, 4, 7)
    assert arrival.faults[0].place == "แผ่นงาน “ทะเบียน” แถว 3"


def test_ratings_may_be_thai_or_empty(arrive, dress):
    changed = {
        "leadership_1": ("๑", "−1", "", "+1", "0.5"),
        "leadership_2": (0, "1.0", "–๑", "สอดคล้อง", 2),
    }
    arrival = arrive(dress(sample.ratings(**changed)))
    frame = sheets.ioc(arrival, sheets.read(arrival))
    own = frame[frame["item"].isin(changed)].groupby("item")[["expert", "rating"]]
    rated = {item: dict(rows.itertuples(index=False)) for item, rows in own}
    assert rated == {
        "leadership_1": {1: 1, 2: -1, 4: 1},
        "leadership_2": {1: 0, 2: 1, 3: -1, 4: 1},
    }
    assert codes(arrival) == ["ioc-rating-unreadable"] * 2
    assert arrival.fields.rejected == 2
    assert arrival.fields.balanced


@pytest.mark.parametrize("header", ["ข้อ", "ข้อคำถาม", "Item", "ข้อที่"])
@pytest.mark.parametrize("expert", ["ผู้เชี่ยวชาญ {}", "ผู้ทรงคุณวุฒิคนที่ {}", "Expert_{}", "ผชช.{}"])
def test_items_go_by_code_or_text_and_experts_by_any_title(arrive, header, expert):
    texts = [f"{k}. {text}" for k, text in enumerate(ITEMS["text_th"], start=1)]
    texts[0], texts[1] = ITEMS["item"][0].upper(), ITEMS["text_en"][1]
    rows = ([text, 1, "๐"] for text in texts)
    arrival = arrive(sample.sheet([header, expert.format(1), expert.format("๒")], *rows))
    frame = sheets.ioc(arrival, sheets.read(arrival))
    assert list(frame["item"].unique()) == list(ITEMS["item"])
    assert set(zip(frame["expert"], frame["rating"], strict=True)) == {(1, 1), (2, 0)}
    assert not arrival.faults


def test_numbered_items_go_by_the_text_beside_them(arrive):
    rows = ([k, text, 1] for k, text in enumerate(ITEMS["text_th"], start=1))
    arrival = arrive(sample.sheet(["ข้อ", "ข้อคำถาม", "ผู้เชี่ยวชาญ 1"], *rows))
    assert list(sheets.ioc(arrival, sheets.read(arrival))["item"]) == list(ITEMS["item"])
    assert not arrival.faults
    assert arrival.fields.balanced
