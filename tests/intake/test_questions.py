import pytest

from castlib import instrument
from castlib.intake import questions
from castlib.intake.questions import Columns, columns, question

SYSTEM = (
    "start deviceid phonenumber audit _id _validation_status _notes _status __version__ _tags _index "
    "formhub/uuid meta/instanceName meta-instanceName SubmitterName AttachmentsPresent "
    "AttachmentsExpected Status ReviewState DeviceID Edits FormVersion คะแนน Score หมายเหตุ"
).split()


def test_every_question_in_every_way_that_systems_and_people_write_it():
    for column, text in instrument.load().headers.items():
        ways = [column, column.upper(), text, f"1. {text}", f"ข้อ 1 {text} *", f"๑) {text}:"]
        ways += [f"group/{column}", f"a/b/{column}", f"group-{column}", f"กลุ่ม ก/{text}"]
        ways += [
            f"{column}: {text}",
            f"{column} {text}",
            text.replace(" ", "\u200b\n "),
            f" {text} ",
        ]
        if column == "submitted_at":
            continue
        assert {way: question(way) for way in ways} == dict.fromkeys(ways, column)


def test_a_grid_asks_in_either_order_and_in_english():
    tool = instrument.load()
    for item in tool.items[tool.items["paired"]].itertuples():
        for state, label in instrument.STATES.items():
            ways = [
                f"{item.text_th} [{label}]",
                f"{label} [{item.text_th}]",
                f"ตอนที่ 2 {label} [1. {item.text_th}]",
                f"{item.text_th} ({label})",
                f"{item.text_th} - {label}",
                f"{label}: {item.text_th}",
                f"{item.item} [{label}]",
                f"{item.item} {item.text_th} [{label}]",
                f"{item.text_en} [{state}]",
            ]
            assert {way: question(way) for way in ways} == dict.fromkeys(
                ways, f"{item.item}_{state}"
            )
        assert question(item.text_th) is None
        assert question(item.item) is None
    for item in tool.items[~tool.items["paired"]].itertuples():
        ways = [item.item, item.text_th, item.text_en, f"ทุกข์น้อยลง [{item.text_th}]"]
        assert {way: question(way) for way in ways} == dict.fromkeys(ways, item.item)
    for asked in tool.questions.itertuples():
        assert question(asked.text_en) == asked.variable


def test_a_code_before_another_questions_text_is_no_question():
    headers = instrument.load().headers
    assert question(f"leadership_1_actual {headers['leadership_2_actual']}") is None
    assert question(f"age {headers['sex']}") is None


@pytest.mark.parametrize("name", ["", "อีเมล", "เบอร์โทร", "ชื่อ-สกุล", "1", "x" * 5_000])
def test_what_is_no_question(name):
    assert question(name) is None
    assert columns([name]) == Columns()


@pytest.mark.parametrize("name", SYSTEM)
def test_what_systems_add_is_left_out(name):
    found = columns([name])
    assert found == Columns(ignored={0})


def test_times_submissions_and_senders():
    header = "today end _submission_time Timestamp _uuid meta/instanceID KEY Username _submitted_by"
    found = columns([*header.split(), "ที่อยู่อีเมล"])
    assert found.times == [(3, False), (2, True), (1, False), (0, False)]
    assert found.submissions == [4, 5, 6]
    assert found.senders == [7, 8, 9]
    assert columns(["SubmissionDate"]).times == [(0, True)]
    assert columns(["meta-instanceID"]).submissions == [0]
    assert columns(["_uuid", "meta/rootUuid"]).submissions == [1, 0]
    assert columns(["ข้อ 1 ประทับเวลา *"]).times == [(0, False)]


def test_province_and_time_in_other_words_where_only_one_header_says_so():
    found = columns(["จังหวัดที่ตั้งของอำเภอ", "วันที่กรอกข้อมูล", "อายุ", "Age (full years)"])
    assert found.asked == {"age": [2, 3], "province": [0]}
    assert found.times == [(1, False)]
    several = columns(["จังหวัดที่เกิด", "จังหวัดที่อยู่", "วันที่เกิด", "วันที่กรอก"])
    assert several == Columns()
    assert columns(["จังหวัด", "จังหวัดที่เกิด"]).asked == {"province": [0]}


def test_an_export_is_known_by_five_answers():
    names = instrument.load().answer_columns
    assert questions.is_questionnaire([f"g-{name}" for name in names[:5]])
    assert not questions.is_questionnaire([*names[:4], *names[:4]])
    assert not questions.is_questionnaire(["จังหวัด", "เพศ", "อายุ (ปี)"])
