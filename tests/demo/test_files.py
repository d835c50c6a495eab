import io
import re
from datetime import datetime

import pandas as pd
import pytest
from PIL import Image

from castlib import instrument, protocol, regions
from castlib.demo import files

LEVEL = re.compile(r"[1-5]?")


def flaws_of(known: dict, kind: str) -> list[dict]:
    return [flaw for flaw in known["flaws"] if flaw["kind"] == kind]


def spoilt_rows(known: dict, kind: str) -> set[int]:
    return {row for flaw in flaws_of(known, kind) for row in flaw["rows"]}


def moments(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, format="%d/%m/%Y, %H:%M:%S")


def test_sheets_are_utf8_with_bom_and_say_that_they_are_synthetic(content):
    sheets = [name for name in content if name.endswith(".csv")]
    assert len(sheets) == 5
    for name in sheets:
        assert content[name].startswith("\ufeff".encode())
        table = pd.read_csv(io.BytesIO(content[name]), dtype=str, keep_default_na=False)
        assert (table[files.REMARKS] == files.MARK).all()


def test_the_export_has_the_forms_own_headers_in_the_order_of_submission(sheet):
    export = sheet("questionnaire.csv")
    assert list(export.columns) == [*instrument.load().headers.values(), files.REMARKS]
    assert moments(export["ประทับเวลา"]).is_monotonic_increasing
    assert set(export["จังหวัด"]) == set(regions.provinces()["name_th"])


def test_choices_are_labels_and_levels_are_digits(sheet, known):
    tool, export = instrument.load(), sheet("questionnaire.csv")
    for question in tool.questions[tool.questions["type"] == "choice"].itertuples():
        assert set(export[question.text_th]) == set(tool.options(question.choices).values())
    levels = export[[tool.headers[column] for column in tool.answer_columns]]
    wrong = levels[~levels.map(lambda cell: bool(LEVEL.fullmatch(cell))).all(axis=1)]
    expected = spoilt_rows(known, "out_of_range") | spoilt_rows(known, "thai_digits_answers")
    assert {index + 2 for index in wrong.index} == expected


def test_flaws_of_the_export_lie_in_the_rows_that_the_truth_names(sheet, known):
    export, tool = sheet("questionnaire.csv"), instrument.load()
    names = regions.provinces().set_index("province")["name_th"]
    for flaw in (flaw for flaw in known["flaws"] if flaw["file"] == "questionnaire.csv"):
        rows = export.iloc[[row - 2 for row in flaw["rows"]]]
        assert set(rows["จังหวัด"]) == {names[flaw["province"]]}
        if flaw["kind"] == "out_of_range":
            assert list(rows[tool.headers[flaw["column"]]]) == ["7"]
        if flaw["kind"] == "duplicate_answer":
            once, twice = moments(rows["ประทับเวลา"])
            assert (twice - once).total_seconds() == 3
            assert rows.drop(columns="ประทับเวลา").duplicated(keep=False).all()
        if flaw["kind"] == "thai_digits_answers":
            assert rows[tool.headers["age"]].str.fullmatch("[๐-๙]+").all()
        if flaw["kind"] == "late_answers":
            late = moments(export["ประทับเวลา"]).dt.date > protocol.load().deadline
            assert late[rows.index].all()


def test_how_many_answer(sheet, known):
    counts = sheet("questionnaire.csv")["จังหวัด"].value_counts()
    codes = regions.provinces().set_index("name_th")["province"]
    seen = counts.rename(index=codes)
    for kind, expected in (("nine_answers", 9), ("eleven_answers", 11)):
        for flaw in flaws_of(known, kind):
            copies = [
                f for f in flaws_of(known, "duplicate_answer") if f["province"] == flaw["province"]
            ]
            assert seen[flaw["province"]] == expected + len(copies)
    assert (seen == 10).sum() >= 66


def test_the_register_lists_every_form_and_photo_once(content, sheet):
    register = sheet("received.csv")
    sent = [name for name in content if name.endswith((".docx", ".jpg"))]
    assert sorted(register["ไฟล์"]) == sorted(sent)
    assert (
        register["เวลาที่อัปโหลด"]
        .map(lambda t: bool(re.fullmatch(r"\d+/\d+/2022, \d+:\d\d:\d\d", t)))
        .all()
    )


def test_only_the_late_forms_are_late(sheet, known):
    register = sheet("received.csv")
    late = moments(register["เวลาที่อัปโหลด"]).dt.date > protocol.load().deadline
    assert set(register["ไฟล์"][late]) == {flaw["file"] for flaw in flaws_of(known, "late_form")}


def test_photos_open_are_small_and_differ_but_for_the_planted_ones(content, known):
    photos = {name: data for name, data in content.items() if name.endswith(".jpg")}
    broken = {flaw["file"] for flaw in flaws_of(known, "unreadable_photo")}
    for name, data in photos.items():
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("JPEG", (640, 480))
            assert image.info["comment"] == files.MARK.encode()
            if name in broken:
                with pytest.raises(OSError, match="truncated"):
                    image.load()
            else:
                image.load()
    assert len(photos) - len(set(photos.values())) == len(flaws_of(known, "identical_photos"))
    assert max(map(len, photos.values())) < 40_000


def test_few_photos_are_few_and_all_others_are_enough(content, known):
    few = {flaw["file"]: flaw["given"] for flaw in flaws_of(known, "few_photos")}
    for province in regions.provinces()["province"]:
        place = f"{files.folder(province)}/photos"
        number = sum(name.startswith(place + "/") for name in content)
        assert number == few[place] if place in few else number >= 5


def test_experts_ratings_have_the_planted_index(sheet, known):
    ratings = sheet("ratings/ioc.csv").set_index("ข้อ")
    given = ratings[[f"ผู้เชี่ยวชาญ {number}" for number in range(1, 6)]].astype(int)
    assert given.isin([-1, 0, 1]).all(axis=None)
    assert given.mean(axis=1).round(9).to_dict() == pytest.approx(known["ioc"])


def test_coders_read_the_same_segments_with_known_codes(content, sheet, known):
    one, two = sheet("coding/coder-1.csv"), sheet("coding/coder-2.csv")
    assert list(one.columns)[:4] == ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส"]
    assert list(one.columns)[4:] == ["เริ่ม", "สิ้นสุด", "เวลา", files.REMARKS]
    shared = ["เอกสาร", "ลำดับ", "ข้อความ"]
    read = [frame[shared].drop_duplicates().reset_index(drop=True) for frame in (one, two)]
    pd.testing.assert_frame_equal(*read)
    unread = {flaw["province"] for flaw in flaws_of(known, "consent_unticked")}
    carried = {name for name in known["themes"]["segments"] if name.partition(":")[0] not in unread}
    assert set(one["เอกสาร"] + ":" + one["ลำดับ"]) == carried
    marked = {code for cell in one["รหัส"] for code in cell.split(";") if code}
    assert marked == set(known["themes"]["agreement"])


def test_coders_mark_passages_where_the_code_is_said(sheet, known):
    for number in (1, 2):
        given = sheet(f"coding/coder-{number}.csv")
        marked = given[given["เริ่ม"] != ""]
        assert 0.2 < len(marked) / len(given) < 0.8
        truly = known["themes"]["segments"]
        for row in marked.itertuples(index=False):
            group, turn, text, code, start, end, _, _ = row
            assert code in truly[f"{group}:{turn}"]
            assert text[int(start) : int(end)].strip() == text[int(start) : int(end)] != ""


def test_coders_agree_as_planted(sheet, known):
    read = (sheet(f"coding/coder-{k}.csv") for k in (1, 2))
    turns = (frame.groupby(["เอกสาร", "ลำดับ"], sort=False)["รหัส"] for frame in read)
    one, two = (codes.agg(";".join).str.split(";") for codes in turns)
    hard = known["themes"]["hard"]
    seen = {}
    for code in known["themes"]["agreement"]:
        a, b = (cells.map(lambda cell, code=code: code in cell) for cells in (one, two))
        share = (a.mean() + b.mean()) / 2
        seen[code] = 1 - (a != b).mean() / (2 * share * (1 - share))
    assert seen.pop(hard) == pytest.approx(0.55, abs=0.1)
    assert pd.Series(seen).mean() == pytest.approx(0.80, abs=0.02)
    assert min(seen.values()) > 0.68


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (datetime(2022, 11, 5, 9, 4, 7), "5/11/2022, 9:04:07"),
        (datetime(2022, 10, 31, 0, 0, 0), "31/10/2022, 0:00:00"),
    ],
)
def test_moments_are_written_as_the_online_form_does(when, shown):
    assert files.moment(when) == shown
