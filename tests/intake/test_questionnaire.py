from datetime import datetime

import pandas as pd
import pytest

from castlib import instrument
from castlib.intake import questionnaire, sheets
from castlib.intake.arrival import Arrival, Count

from . import sample


@pytest.fixture
def take(arrive):
    """Read an export; return its respondents and its arrival."""

    def read(rows: list[dict[str, str]] | bytes) -> tuple[pd.DataFrame | None, Arrival]:
        content = rows if isinstance(rows, bytes) else sample.export(rows)
        arrival = arrive(content, "questionnaire.csv")
        return questionnaire.read(arrival, sheets.read(arrival)), arrival

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


def test_ids_follow_submission_within_the_province_ties_by_row_unknown_times_last(take):
    rows = sample.answers(5)
    for row, at in zip(rows, ["3", "?", "1", "2", "1"], strict=True):
        row["submitted_at"] = f"{at}/11/2022, 9:00:00"
    rows[3]["province"] = "Lamphun"
    frame, _ = take(rows)
    by_row = dict(zip(frame["source_row"], frame["respondent"], strict=True))
    assert by_row == {4: "TH-50-01", 6: "TH-50-02", 2: "TH-50-03", 3: "TH-50-04", 5: "TH-51-01"}
    assert frame["on_time"].all()


def test_the_first_submitted_of_two_equal_rows_is_kept(take):
    rows = sample.answers(2)
    again = rows[0] | {"submitted_at": "1/11/2022, 8:00:00", "proposal": "เพิ่มงบ"}
    frame, arrival = take([*rows, again])
    assert frame["source_row"].tolist() == [4, 3]
    assert [f.place for f in arrival.faults] == ["แถว 2"]
    assert arrival.rows == Count(3, 2, 1)
    elsewhere = again | {"province": "ลำพูน"}
    frame, arrival = take([*rows, elsewhere])
    assert len(frame) == 3


def test_a_row_needs_half_of_its_answers(take):
    columns = instrument.load().answer_columns
    rows = sample.answers(2)
    half = len(columns) // 2
    rows[0] |= dict.fromkeys(columns[:half], "")
    rows[1] |= dict.fromkeys(columns[: half + 1], "9")
    frame, arrival = take(rows)
    assert frame["source_row"].tolist() == [2]
    assert [f.code for f in arrival.faults] == ["row-mostly-empty"]
    assert arrival.rows == Count(2, 1, 1)
    assert arrival.fields.balanced


def test_headers_may_be_the_instruments_codes_in_any_order(take):
    rows = sample.answers(3)
    columns = sorted(instrument.load().headers)
    lines = [[row[c] for c in columns] for row in rows]
    coded, _ = take(sample.sheet(columns, *lines))
    thai, _ = take(rows)
    pd.testing.assert_frame_equal(coded, thai)


def test_headers_may_have_stray_spaces(take):
    headers = [f" {h.replace(' ', '  ')}\u200b" for h in instrument.load().headers.values()]
    lines = [list(row.values()) for row in sample.answers(1)]
    assert [*sample.answers(1)[0]] != headers
    columns = list(instrument.load().headers)
    lines = [[row[c] for c in columns] for row in sample.answers(1)]
    frame, arrival = take(sample.sheet(headers, *lines))
    assert len(frame) == 1
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
    assert [f.code for f in arrival.faults] == ["columns-extra"]
    assert "“อีเมล”" in arrival.faults[0].sentence


def test_remarks_are_not_data(take):
    rows = [row | {"หมายเหตุ": "ข้อมูลจำลอง"} for row in sample.answers(2)]
    frame, arrival = take(sample.export(rows, more=("หมายเหตุ",)))
    assert len(frame) == 2
    assert not arrival.faults
    assert arrival.fields.rejected == 0


def test_the_deadlines_day_is_in_time(take):
    rows = sample.answers(2)
    rows[0]["submitted_at"] = "15/11/2565, 23:59:59"
    rows[1]["submitted_at"] = "16/11/2565, 0:00:00"
    frame, arrival = take(rows)
    assert frame["on_time"].tolist() == [True, False]
    assert frame.loc[0, "submitted_at"] == datetime(2022, 11, 15, 23, 59, 59)
    assert [f.code for f in arrival.faults] == ["answer-late"]


def test_an_export_without_rows_has_no_respondents(take):
    frame, arrival = take([])
    assert frame.empty
    assert not arrival.faults
