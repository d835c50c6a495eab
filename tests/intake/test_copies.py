"""Who sent more than once: which row is used, and what the others' faults say."""

import uuid

import pytest

from castlib import instrument
from castlib.intake import questionnaire
from castlib.intake.arrival import Count

from . import sample
from .exports import TYPED, arrived, codes, typed

MAIL = "ที่อยู่อีเมล"


@pytest.fixture
def take(arrive):
    def read(rows: list[dict[str, str]], *more: str):
        files = arrived(arrive, questionnaire=sample.export(rows, more=more))
        frame = questionnaire.read(files)
        arrival = files[0][0]
        assert arrival.rows.balanced
        assert arrival.fields.balanced
        assert arrival.rows.accepted == len(frame)
        return frame, arrival

    return read


def rows_of(frame) -> list[int]:
    return sorted(frame["source_row"])


def test_the_first_submitted_of_a_double_click_is_used(take):
    rows = sample.answers(2)
    again = rows[0] | {"submitted_at": "1/11/2022, 8:00:00", "proposal": "เพิ่มงบ"}
    frame, arrival = take([*rows, again])
    assert frame["source_row"].tolist() == [4, 3]
    assert [(f.code, f.place) for f in arrival.faults] == [("row-twice", "แถว 2")]
    assert "เหมือนแถว 4" in arrival.faults[0].sentence
    assert "ถ้าเป็นคนละคน" in arrival.faults[0].sentence
    assert arrival.rows == Count(3, 2, 1)


def test_equal_rows_of_two_provinces_or_two_senders_are_two_people(take):
    rows = sample.answers(1) * 3
    elsewhere = [rows[0], rows[1] | {"province": "ลำพูน"}]
    assert len(take(elsewhere)[0]) == 2
    senders = [row | {MAIL: f"{k}@example.org"} for k, row in enumerate(rows[:2])]
    assert len(take([*senders, rows[2]], MAIL)[0]) == 2


def test_one_submission_exported_twice_is_used_in_its_fuller_form(take):
    rows = sample.answers(3)
    first, other = (str(uuid.UUID(int=k)) for k in (1, 2))
    rows[0] |= {"_uuid": first, "leadership_1_actual": ""}
    rows[1] |= {"_uuid": f"uuid:{first}"}
    rows[2] |= {"_uuid": other}
    frame, arrival = take(rows, "_uuid")
    assert rows_of(frame) == [3, 4]
    assert codes(arrival) == ["row-submission-twice"]


def test_the_forms_own_id_and_what_is_no_id_tell_nothing(take):
    rows = [row | {"formhub/uuid": str(uuid.UUID(int=1)), "KEY": "1"} for row in sample.answers(3)]
    assert len(take(rows, "formhub/uuid", "KEY")[0]) == 3


def again(row: dict[str, str], at: str, **changed: str) -> dict[str, str]:
    return (
        row | {"submitted_at": at, "leadership_1_actual": "5", "leadership_2_actual": "5"} | changed
    )


def test_the_last_complete_row_of_a_sender_is_used_one_in_time_first(take):
    row = sample.answers(1)[0] | {MAIL: "a@example.org", "submitted_at": "1/11/2022, 8:00:00"}
    upper = {MAIL: "A@Example.org"}
    second, partial = again(row, "2/11/2022, 8:00:00", **upper), again(row, "3/11/2022, 8:00:00")
    partial["leadership_3_actual"] = ""
    frame, arrival = take([row, second, partial], MAIL)
    assert rows_of(frame) == [3]
    assert codes(arrival) == ["row-sender-twice"] * 2
    assert all("แถว 3" in found.sentence for found in arrival.faults)
    late = again(row, "20/11/2022, 8:00:00", age="31")
    frame, arrival = take([row, late], MAIL)
    assert rows_of(frame) == [2]
    assert codes(arrival) == ["row-sender-twice"]


def test_one_account_for_many_people_loses_nobody_and_is_said(take):
    rows = sample.answers(3)
    rows[1] |= {"sex": "ชาย", "sector": "ภาคประชาชน"}
    frame, arrival = take([row | {MAIL: "a@example.org"} for row in rows], MAIL)
    assert len(frame) == 3
    assert codes(arrival) == ["sender-shared"]
    assert "example.org" not in str(arrival.faults)


def test_answers_all_alike_of_different_people_are_kept(take):
    columns = instrument.load().answer_columns
    rows = [row | dict.fromkeys(columns, "5") for row in sample.answers(4)]
    assert len(take(rows)[0]) == 4


def test_copies_are_found_across_files_and_name_the_other(arrive):
    rows = sample.answers(3)
    files = arrived(arrive, questionnaire=rows[:2], typed=typed(rows[1:]))
    frame = questionnaire.read(files)
    assert len(frame) == 3
    assert set(frame["source_file"]) == {"questionnaire.csv", TYPED}
    faults = files[1][0].faults
    assert [(f.code, f.place) for f in faults] == [("row-twice", "แถว 2")]
    assert "แถว 3 ของไฟล์ questionnaire.csv" in faults[0].sentence
