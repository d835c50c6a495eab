from datetime import datetime

import pandas as pd
import pytest

from castlib import instrument
from castlib.intake import answers, questionnaire
from castlib.intake.arrival import Arrival, Count

from . import sample
from .exports import TYPED, arrived, codes, typed


@pytest.fixture
def take(arrive):
    """Read one export; return its respondents and its arrival."""

    def read(rows: list[dict[str, str]] | bytes) -> tuple[pd.DataFrame | None, Arrival]:
        files = arrived(arrive, questionnaire=rows)
        return questionnaire.read(files), files[0][0]

    return read


def test_answers_are_numbers_choices_are_codes_and_empty_is_missing(take):
    rows = sample.answers(2)
    rows[1]["leadership_1_actual"] = ""
    frame, arrival = take(rows)
    assert frame.loc[0, "leadership_1_expected"] == 1
    assert frame["leadership_1_actual"].dtype == "Int8"
    assert frame.loc[1, "leadership_1_actual"] is pd.NA
    assert frame.loc[0, ["sex", "education", "sector"]].tolist() == [
        "female",
        "bachelor",
        "government",
    ]
    assert frame.loc[0, "age"] == 30
    assert frame["submitted_at"].dtype == "datetime64[us]"
    assert frame["proposal"].isna().all()
    assert arrival.rows == Count(2, 2, 0)
    assert arrival.fields.rejected == 0
    assert not arrival.faults


def test_open_text_is_masked_bounded_and_otherwise_kept_as_it_is(take):
    rows = sample.answers(3)
    rows[0]["obstacle"] = "=1+1 โดย ทดสอบ ตัวอย่าง"
    rows[1]["obstacle"] = "- งบประมาณ"
    rows[2]["obstacle"] = "ก" * (answers.LONGEST_TEXT + 1)
    frame, arrival = take(rows)
    assert frame["obstacle"].tolist()[:2] == ["=1+1 โดย [บุคคล:0a1b2c]", "- งบประมาณ"]
    assert pd.isna(frame.loc[2, "obstacle"])
    assert codes(arrival) == ["text-too-long"]


def test_ids_follow_submission_within_the_province_ties_by_row_unknown_times_last(take):
    rows = sample.answers(5)
    for row, at in zip(rows, ["3", "?", "1", "2", "1"], strict=True):
        row["submitted_at"] = f"{at}/11/2022, 9:00:00"
    rows[3]["province"] = "Lamphun"
    frame, _ = take(rows)
    by_row = dict(zip(frame["source_row"], frame["respondent"], strict=True))
    assert by_row == {4: "TH-50-01", 6: "TH-50-02", 2: "TH-50-03", 3: "TH-50-04", 5: "TH-51-01"}
    assert frame["on_time"].all()


def test_a_row_needs_half_of_its_answers(take):
    columns = instrument.load().answer_columns
    rows = sample.answers(2)
    half = len(columns) // 2
    rows[0] |= dict.fromkeys(columns[:half], "")
    rows[1] |= dict.fromkeys(columns[: half + 1], "9")
    frame, arrival = take(rows)
    assert frame["source_row"].tolist() == [2]
    assert codes(arrival) == ["row-mostly-empty"]
    assert arrival.rows == Count(2, 1, 1)
    assert arrival.fields.balanced


@pytest.mark.parametrize(
    "rename",
    [
        lambda c, text: c,
        lambda c, text: f" {text.replace(' ', '  ')}\u200b",
        lambda c, text: f"ข้อ 7 {text} *",
        lambda c, text: f"form/group/{c}",
        lambda c, text: f"group-{c}",
        lambda c, text: f"{c}: {text}",
    ],
)
def test_headers_may_be_codes_paths_or_texts_in_any_order(take, rename):
    rows = sample.answers(3)
    headers = instrument.load().headers
    columns = sorted(headers)
    lines = [[row[c] for c in columns] for row in rows]
    other, arrival = take(sample.sheet([rename(c, headers[c]) for c in columns], *lines))
    plain, _ = take(rows)
    pd.testing.assert_frame_equal(other, plain)
    assert not arrival.faults


def test_all_missing_columns_are_named_at_once(take):
    header = list(instrument.load().headers.values())
    frame, arrival = take(sample.sheet(header[3:], ["x"] * (len(header) - 3)))
    assert frame is None
    assert arrival.refused
    sentence = arrival.faults[-1].sentence
    assert all(f"“{name}”" in sentence for name in header[:3])
    assert arrival.rows == Count(1, 0, 1)


def test_cells_beyond_the_header_and_unknown_columns_are_counted_as_refused(take):
    content = sample.export(sample.answers(2), more=("อีเมล",)).decode("utf-8-sig").splitlines()
    content[1] += "x,เกิน"
    frame, arrival = take("\n".join(content).encode())
    assert len(frame) == 2
    assert arrival.fields.rejected == 2
    assert arrival.fields.balanced
    assert codes(arrival) == ["columns-extra"]
    assert "“อีเมล”" in arrival.faults[0].sentence


def test_what_systems_add_is_neither_counted_nor_kept_nor_a_fault(take):
    more = ("หมายเหตุ", "ที่อยู่อีเมล", "คะแนน", "deviceid", "_id", "meta/instanceID", "_tags")
    rows = [row | {name: f"{name} {k}" for name in more} for k, row in enumerate(sample.answers(2))]
    plain, alone = take(sample.answers(2))
    frame, arrival = take(sample.export(rows, more=more))
    pd.testing.assert_frame_equal(frame, plain)
    assert not arrival.faults
    assert (arrival.rows, arrival.fields) == (alone.rows, alone.fields)


def test_kobos_own_time_is_utc_and_comes_before_the_phones(take):
    rows = sample.answers(2)
    names = [c for c in instrument.load().headers if c != "submitted_at"]
    header = [*(f"g/{c}" for c in names), "start", "end", "_submission_time"]
    lines = [[row[c] for c in names] for row in rows]
    lines[0] += ["x", "2022-11-15T23:50:00.000+07:00", "2022-11-15T17:10:00"]
    lines[1] += ["x", "2022-11-15T23:50:00.000+07:00", ""]
    frame, arrival = take(sample.sheet(header, *lines))
    assert frame["submitted_at"].tolist() == [
        datetime(2022, 11, 15, 23, 50),
        datetime(2022, 11, 16, 0, 10),
    ]
    assert frame["on_time"].tolist() == [True, False]
    assert codes(arrival) == ["answer-late"]
    assert arrival.fields.read == 2 * (len(names) + 1) - 2  # proposal is empty
    assert arrival.fields.rejected == 0


def test_a_column_of_american_dates_is_read_so_and_said(take):
    rows = sample.answers(4)
    for row, at in zip(rows, ["11/5/2022", "11/14/2022", "11/15/2022", "11/2/2022"], strict=True):
        row["submitted_at"] = f"{at} 9:00:00"
    frame, arrival = take(rows)
    assert [when.day for when in frame["submitted_at"]] == [2, 5, 14, 15]
    assert codes(arrival) == ["time-month-first"]
    assert "11/14/2022" in arrival.faults[0].sentence


def test_a_question_asked_twice_takes_what_is_filled_and_nothing_where_they_differ(take):
    rows = sample.answers(4)
    again = instrument.load().headers["leadership_1_actual"]
    for row, first, second in zip(rows, "2 4 ".split(" "), ["", "มาก", "4"], strict=False):
        row["leadership_1_actual"], row[again] = first, second
    rows[2] |= {"leadership_1_actual": "", again: "4"}
    rows[3] |= {"leadership_1_actual": "2", again: "5"}
    frame, arrival = take(sample.export(rows, more=(again,)))
    assert frame["leadership_1_actual"].tolist() == [2, 4, 4, pd.NA]
    assert codes(arrival) == ["columns-repeated", "answers-differ"]
    assert arrival.faults[1].place.startswith("แถว 5 คอลัมน์ “นายอำเภอ")
    assert "2 / 5" in arrival.faults[1].sentence
    assert arrival.fields.rejected == 1 + 2
    assert arrival.fields.balanced


def test_the_deadlines_day_is_in_time(take):
    rows = sample.answers(3)
    rows[0]["submitted_at"] = "15/11/2565, 23:59:59"
    rows[1]["submitted_at"] = "16/11/2565, 0:00:00"
    rows[2]["submitted_at"] = "15 พ.ย. 2565"
    frame, arrival = take(rows)
    by_row = dict(zip(frame["source_row"], frame["on_time"], strict=True))
    assert by_row == {2: True, 3: False, 4: True}
    assert codes(arrival) == ["answer-late"]


def test_an_export_without_rows_has_no_respondents(take):
    frame, arrival = take([])
    assert frame.empty
    assert not arrival.faults


def test_bangkok_and_a_name_of_several_provinces_refuse_the_row(take):
    rows = sample.answers(3)
    rows[0]["province"], rows[1]["province"] = "กทม.", "สมุทร"
    frame, arrival = take(rows)
    assert len(frame) == 1
    assert codes(arrival) == ["province-bangkok", "province-unknown"]
    assert "76 จังหวัด" in arrival.faults[0].sentence
    assert "สมุทรสงคราม" in arrival.faults[1].sentence


def test_typed_questionnaires_are_added_as_their_folders(arrive):
    national = sample.answers(2)
    files = arrived(arrive, questionnaire=national, typed=typed(sample.answers(4)[2:]))
    frame = questionnaire.read(files)
    assert frame["province"].tolist() == ["TH-50"] * 4
    assert frame["respondent"].tolist() == [f"TH-50-0{k}" for k in range(1, 5)]
    assert frame["source_file"].tolist() == ["questionnaire.csv"] * 2 + [TYPED] * 2
    typed_in = files[1][0]
    assert typed_in.rows == Count(2, 2, 0)
    assert typed_in.fields == Count(2 * 88, 2 * 88, 0)
    assert not typed_in.faults


def test_typed_rows_without_a_time_came_with_their_file(arrive):
    files = arrived(arrive, typed=typed(sample.answers(1)))
    files[0][0].submitted_at = datetime(2022, 11, 16, 8)
    frame = questionnaire.read(files)
    assert not frame.loc[0, "on_time"]
    assert pd.isna(frame.loc[0, "submitted_at"])
    assert codes(files[0][0]) == ["answer-late"]


def test_a_typed_row_of_another_province_is_kept_and_warned(arrive):
    rows = sample.answers(3)
    rows[1]["province"], rows[2]["province"] = "ลำพูน", ""
    files = arrived(arrive, typed=rows)
    frame = questionnaire.read(files)
    assert frame["province"].tolist() == ["TH-50", "TH-50", "TH-51"]
    assert codes(files[0][0]) == ["row-elsewhere"]
    assert files[0][0].fields.balanced


def test_a_file_that_is_refused_leaves_the_others(arrive):
    files = arrived(
        arrive,
        questionnaire=sample.answers(2),
        lamphun=sample.sheet(["จังหวัด", "ประทับเวลา"], ["ก", "ข"]),
    )
    frame = questionnaire.read(files)
    assert len(frame) == 2
    assert files[1][0].refused
    assert questionnaire.read(files[1:]) is None
