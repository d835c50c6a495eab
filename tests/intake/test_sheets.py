from datetime import datetime

import pytest

from castlib.intake import sheets
from castlib.intake.arrival import Arrival, Count

from . import sample


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
        (sample.sheet(["x"]), "questionnaire.csv", "questionnaire"),
        (sample.sheet(["x"]), "deep/received.csv", "register"),
        (sample.sheet(["x"]), "ratings/a.csv", "ioc"),
        (sample.sheet(["x"]), "coding/a.csv", "coding"),
        (sample.sheet(["x"]), "any.csv", "unknown"),
    ],
)
def test_kind_is_by_header_then_by_name(arrive, content, path, kind):
    assert sheets.kind(sheets.read(arrive(content, path)), path) == kind


def test_rows_keep_the_numbers_that_a_spreadsheet_shows(arrive):
    content = 'ก,ข\r\n\r\n"1\r\n2",x\r\n,\r\n3,y\r\n'.encode()
    assert [number for number, _ in sheets.read(arrive(content))] == [1, 3, 5]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b",,,"])
def test_a_sheet_without_a_word_is_refused(arrive, content):
    arrival = arrive(content)
    assert sheets.read(arrival) is None
    assert codes(arrival) == ["csv-broken"]


def test_the_register_finds_files_however_their_path_is_written(arrive):
    written = ["provinces\\TH-50\\น้ํา.docx", "./a.jpg", "B.JPG "]
    files = [Arrival(path, None) for path in ("provinces/TH-50/น้ำ.docx", "a.jpg", "b.jpg")]
    arrival = arrive(sample.register(*written))
    sheets.register(arrival, sheets.read(arrival), files)
    assert [f.submitted_at for f in files] == [datetime(2022, 11, 9, 10)] * 3
    assert arrival.rows == Count(3, 3, 0)


def test_a_path_out_of_the_folder_is_only_a_name_that_is_not_there(arrive):
    arrival = arrive(sample.register("../../etc/passwd", "/etc/passwd"))
    sheets.register(arrival, sheets.read(arrival), [Arrival("a.jpg", None)])
    assert codes(arrival) == ["register-no-file"] * 2
    assert arrival.rows == Count(2, 0, 2)


def test_the_last_upload_of_a_file_counts(arrive):
    rows = [["ไฟล์", "เวลาที่อัปโหลด"], ["a", "3/11/2565, 8:00:00"], ["a", "1/11/2565, 8:00:00"]]
    arrival, file = arrive(sample.sheet(*rows)), Arrival("a", None)
    sheets.register(arrival, sheets.read(arrival), [file])
    assert file.submitted_at == datetime(2022, 11, 3, 8)
    assert arrival.rows == Count(2, 1, 1)
    assert arrival.faults[0].place == "แถว 3"


def test_ratings_may_be_thai_or_empty(arrive):
    arrival = arrive(
        sample.ratings(leadership_1=("๑", "−1", "", "+1", "0.5"), leadership_2=(0, 0, 0, 0, 0))
    )
    frame = sheets.ioc(arrival, sheets.read(arrival))
    own = frame[frame["item"] == "leadership_1"]
    assert dict(zip(own["expert"], own["rating"], strict=True)) == {1: 1, 2: -1, 4: 1}
    assert codes(arrival) == ["ioc-rating-unreadable"]
    assert arrival.fields.rejected == 1
    assert arrival.fields.balanced


def test_codes_are_counted_one_by_one(arrive):
    texts = {("TH-50", 1): "ก", ("TH-50", 2): "ข", ("TH-50", 3): "ค"}
    rows = [
        ("TH-50", "๑", "ก", "driver_network; driver_capacity;nothing"),
        ("TH-50", 2, "ข", "nothing"),
        ("TH-50", 3, "ค", ""),
    ]
    arrival = arrive(sample.coded(*rows), "coding/coder-7.csv")
    found = sheets.coding(arrival, sheets.read(arrival), texts)
    assert [(f["segment"], f["code"], f["coder"]) for f in found] == [
        ("TH-50:1", "driver_network", "coder-7"),
        ("TH-50:1", "driver_capacity", "coder-7"),
        ("TH-50:3", None, "coder-7"),
    ]
    assert arrival.rows == Count(3, 2, 1)
    assert arrival.fields == Count(6 + 4 + 3, 5 + 3, 1 + 4)
