"""The coders' sheets: whose codings, of which passages, and what is refused."""

import re

import pytest

from castlib.intake import coding, sheets
from castlib.intake.arrival import Count

from . import sample


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


TEXTS = {("TH-50", 1): "ก", ("TH-50", 2): "ข", ("TH-50", 3): "ค", ("centre-03", 1): "ง"}


def test_codes_are_counted_one_by_one(arrive, dress):
    rows = [
        ("TH-50", "๑", "ก", "driver_network; driver_capacity;nothing"),
        ("TH-50", 2, "ข", "nothing"),
        ("TH-50", 3, "ค", ""),
    ]
    arrival = arrive(dress(sample.coded(*rows)), "coding/coder-7.csv")
    found = coding.coding(arrival, sheets.read(arrival), TEXTS)
    assert [(f["segment"], f["code"], f["coder"]) for f in found] == [
        ("TH-50:1", "driver_network", "coder-7"),
        ("TH-50:1", "driver_capacity", "coder-7"),
        ("TH-50:3", None, "coder-7"),
    ]
    assert {(f["start"], f["end"], f["coded_at"]) for f in found} == {(0, 1, None)}
    assert arrival.rows == Count(3, 2, 1)
    assert arrival.fields == Count(6 + 4 + 3, 5 + 3, 1 + 4)


@pytest.mark.parametrize(
    "cell",
    [
        "driver_network;driver_leadership",
        "Driver_Network, DRIVER_LEADERSHIP",
        "driver_network\ndriver_leadership",
        "driver_network | driver_leadership ;",
        "ภาคีเครือข่าย 7 ภาค, ภาวะผู้นำการเปลี่ยนแปลง",
        "ภาคีเครือข่าย ๗ ภาค\nภาวะผู้นำการเปลี่ยนแปลง",
        "Seven-sector network; Change leadership",
        "driver_network;driver_leadership;driver_network",
    ],
)
def test_codes_go_by_code_or_label_parted_by_any_sign(arrive, dress, cell):
    arrival = arrive(dress(sample.coded(("จ.เชียงใหม่", 1, "ก", cell))), "coding/coder-1.csv")
    found = coding.coding(arrival, sheets.read(arrival), TEXTS)
    assert [f["code"] for f in found] == ["driver_network", "driver_leadership"]
    assert [f["segment"] for f in found] == ["TH-50:1"] * 2
    assert not arrival.faults
    assert arrival.fields.balanced


def test_what_stands_between_known_codes_is_one_unknown_code(arrive):
    cell = "driver_network สิ่งที่ ไม่รู้จัก driver_leadership"
    arrival = arrive(sample.coded(("CENTRE-03", 1, "ง", cell)), "coding/coder-1.csv")
    found = coding.coding(arrival, sheets.read(arrival), TEXTS)
    assert [f["code"] for f in found] == ["driver_network", "driver_leadership"]
    assert [f.given for f in arrival.faults] == ["สิ่งที่ ไม่รู้จัก"]
    assert arrival.fields == Count(6, 5, 1)


@pytest.mark.parametrize("sign", ",|")
def test_a_number_among_the_codes_is_hidden_before_its_signs_part_it(arrive, sign):
    cell = sign.join(["โทร 08" + "1", "234", "1234"])
    arrival = arrive(sample.coded(("TH-50", 1, "ก", cell)), "coding/coder-1.csv")
    coding.coding(arrival, sheets.read(arrival), TEXTS)
    assert [re.sub("[0-9a-f]{6}", "", f.given) for f in arrival.faults] == ["โทร [โทรศัพท์:]"]


def test_coded_text_is_compared_as_it_was_taken_in(arrive, mask):
    texts = {("TH-50", 1): "[บุคคล:000000] ว่า", ("TH-50", 2): "ทุกฝ่าย ช่วยกัน", ("TH-50", 3): "ค"}
    rows = [
        ("TH-50", 1, "ทดสอบ ตัวอย่าง ว่า", ""),
        ("TH-50", 2, "ทุกฝ่ายช่วยกัน", ""),
        ("TH-50", 3, "ง", ""),
    ]
    arrival = arrive(sample.coded(*rows), "coding/coder-1.csv", mask=mask)
    assert len(coding.coding(arrival, sheets.read(arrival), texts)) == 3
    assert [(f.code, f.place) for f in arrival.faults] == [("coding-text-differs", "แถว 4")]


@pytest.mark.parametrize(
    ("name", "coder"),
    [
        ("coder-1.csv", "coder-1"),
        ("Coder 02 (1).xlsx", "coder-2"),
        ("ผู้ลงรหัสคนที่ ๑.csv", "coder-1"),
        ("coder-1 - Copy.csv", "coder-1"),
        ("a.csv", "coder-a"),
        ("coder-ตัวอย่าง.csv", "[บุคคล:000008]"),
        ("ตัวอย่าง.csv", "[บุคคล:000008]"),
        ("coder-somchai.csv", "[บุคคล:000007]"),
        ("coder-1 ตัวอย่าง.csv", "[บุคคล:000010]"),
    ],
)
def test_a_coder_is_a_number_or_a_pseudonym_also_in_the_path(arrive, mask, name, coder):
    arrival = arrive(sample.coded(("TH-50", 1, "ก", "x")), f"coding/{name}", mask=mask)
    arrival.fault("file-unknown")
    assert coding.coder(arrival) == coder
    coding.veil(arrival)
    shown = name if coder.startswith("coder-") else f"{coder}.csv"
    assert arrival.path == f"coding/{shown}"
    assert {found.path for found in arrival.faults} == {arrival.path}
    assert arrival.key == f"coding/{name}"


PLACED = ["เอกสาร", "ลำดับ", "ข้อความ", "รหัส", "เริ่ม", "สิ้นสุด", "ข้อความที่ลงรหัส", "ผู้ลงรหัส", "เวลา"]
SAID = {("TH-50", 1): "น้ำแล้งทุกปี น้ำแล้งหนัก งบก็มาช้า", ("TH-50", 2): "ไม่มีปัญหา"}
WATER, BUDGET = "obstacle_water", "obstacle_budget"


def taken(arrive, dress, *rows, header=PLACED, path="coding/coder-1.csv", **known):
    """Return a sheet's arrival and its records as (segment, code, coder, start, end)."""
    arrival = arrive(dress(sample.sheet(header, *rows)), path, **known)
    found = coding.coding(arrival, sheets.read(arrival), SAID)
    names = ("segment", "code", "coder", "start", "end")
    assert arrival.rows.balanced
    assert arrival.fields.balanced
    return arrival, [tuple(one[name] for name in names) for one in found]


def test_a_passage_stands_where_its_numbers_or_its_words_say(arrive, dress):
    said = SAID["TH-50", 1]
    arrival, found = taken(
        arrive,
        dress,
        ("TH-50", 1, said, WATER, "๐", "8.0", "", "", "5/11/2565, 9:04:07"),
        ("TH-50", 1, said, BUDGET, "", "", "งบก็มาช้า", "2", "2022-11-05 10:00"),
        ("TH-50", 2, "ไม่มีปัญหา", "", "", "", "", "", ""),
    )
    assert found == [
        ("TH-50:1", WATER, "coder-1", 0, 8),
        ("TH-50:1", BUDGET, "coder-2", said.index("งบ"), len(said)),
        ("TH-50:2", None, "coder-1", 0, 10),
    ]
    assert not arrival.faults


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("5", "5", ""), "coding-position-wrong"),
        (("0", "99", ""), "coding-position-wrong"),
        (("0", "", ""), "coding-position-wrong"),
        (("-1", "3", ""), "coding-position-wrong"),
        (("หนึ่ง", "3", ""), "coding-position-wrong"),
        (("0", "4", "งบ"), "coding-position-wrong"),
        (("", "", "น้ำแล้ง"), "coding-passage-unclear"),
        (("", "", "น้ำท่วม"), "coding-passage-unclear"),
    ],
)
def test_a_passage_that_is_not_there_once_is_refused(arrive, dress, cells, code):
    row = ("TH-50", 1, SAID["TH-50", 1], WATER, *cells, "", "")
    arrival, found = taken(arrive, dress, row)
    assert found == []
    assert codes(arrival) == [code]
    assert arrival.rows == Count(1, 0, 1)


def test_positions_in_a_text_that_has_changed_are_found_again_by_their_words(arrive, dress):
    row = ("TH-50", 1, "ปีนี้งบก็มาช้า", BUDGET, "5", "14", "", "", "")
    arrival, found = taken(arrive, dress, row)
    said = SAID["TH-50", 1]
    assert found == [("TH-50:1", BUDGET, "coder-1", said.index("งบ"), len(said))]
    assert codes(arrival) == ["coding-text-differs"]


@pytest.mark.parametrize(
    ("start", "end", "passage"),
    [
        (0, 3, "ถาม"),
        (3, 8, "[บุคคล:000000]"),
        (2, 22, "ม[บุคคล:000000] ก่อน"),
        (9, 24, "[บุคคล:000000] ก่อนทำ"),
        (17, 24, " ก่อนทำ"),
    ],
)
def test_a_passage_over_a_person_takes_the_whole_pseudonym(arrive, mask, start, end, passage):
    given, said = "ถามทดสอบ ตัวอย่าง ก่อนทำ", "ถาม[บุคคล:000000] ก่อนทำ"
    content = sample.sheet(PLACED[:6], ("TH-50", 1, given, WATER, start, end))
    arrival = arrive(content, "coding/coder-1.csv", mask=mask)
    (found,) = coding.coding(arrival, sheets.read(arrival), {("TH-50", 1): said})
    assert said[found["start"] : found["end"]] == passage
    assert not arrival.faults


def test_several_rows_of_a_segment_are_several_passages_and_a_repeated_one_is_refused(
    arrive, dress
):
    said = SAID["TH-50", 1]
    rows = [("TH-50", 1, said, code, *at, "", "", "") for code, at in (
        ("", ("", "")), (WATER, ("0", "8")), (WATER, ("0", "8")), (BUDGET, ("0", "8")), (WATER, ("", "")))]  # fmt: skip
    arrival, found = taken(arrive, dress, *rows)
    assert [(code, start, end) for _, code, _, start, end in found] == [
        (WATER, 0, 8),
        (BUDGET, 0, 8),
        (WATER, 0, len(said)),
    ]
    assert [(one.code, one.place[-5:]) for one in arrival.faults] == [("coding-twice", "แถว 4")]


def test_a_time_that_is_none_leaves_only_its_cell_empty(arrive, dress):
    row = ("TH-50", 1, SAID["TH-50", 1], WATER, "", "", "", "", "เมื่อวาน")
    arrival, found = taken(arrive, dress, row)
    assert len(found) == 1
    assert codes(arrival) == ["time-unreadable"]
    assert arrival.fields == Count(5, 4, 1)


SUGGESTED = [*PLACED, "ข้อเสนอจากพจนานุกรม", "รับ"]


@pytest.mark.parametrize("yes", ["ใช่", "X", "1", "✓", "๑"])
@pytest.mark.parametrize("no", ["", "ไม่", "0", "?"])
def test_a_suggestion_is_a_coding_only_of_the_person_who_accepts_it(arrive, dress, yes, no):
    said = SAID["TH-50", 1]
    arrival, found = taken(
        arrive,
        dress,
        ("TH-50", 1, said, WATER, "0", "8", "", "2", "", "น้ำ", no),
        ("TH-50", 1, said, BUDGET, said.index("งบ"), len(said), "", "2", "", "งบ", yes),
        ("TH-50", 2, "ไม่มีปัญหา", WATER, "", "", "", "", "", "ปัญหา", no),
        header=SUGGESTED,
        path="coding/suggestions.csv",
    )
    assert [one[1:3] for one in found] == [(BUDGET, "coder-2")]
    assert not arrival.faults
    assert arrival.rows == Count(1, 1, 0)


def test_an_answer_to_a_suggestion_that_is_neither_yes_nor_no_is_told(arrive, dress):
    row = ("TH-50", 1, SAID["TH-50", 1], WATER, "0", "8", "", "2", "", "น้ำ", "ok")
    arrival, found = taken(arrive, dress, row, header=SUGGESTED, path="coding/s.csv")
    assert found == []
    assert codes(arrival) == ["suggestion-unclear"]
    assert "“ok”" in arrival.faults[0].sentence
    assert arrival.rows == Count(1, 0, 1)
    assert coding.claims(arrival, sheets.read(arrival), {"TH-50"}) == set()


def test_a_suggestion_accepted_by_nobody_named_is_refused(arrive, dress):
    row = ("TH-50", 1, SAID["TH-50", 1], WATER, "0", "8", "", "", "", "น้ำ", "ใช่")
    arrival, found = taken(arrive, dress, row, header=SUGGESTED)
    assert found == []
    assert codes(arrival) == ["suggestion-no-coder"]
    assert arrival.rows == Count(1, 0, 1)


def test_coders_in_a_column_are_pseudonyms_too(arrive, dress, mask):
    row = ("TH-50", 1, SAID["TH-50", 1], WATER, "", "", "", "ทดสอบ ตัวอย่าง", "")
    arrival, found = taken(arrive, dress, row, mask=mask)
    assert found[0][2].startswith("[บุคคล:")
    rows = sheets.read(arrival)
    assert coding.claims(arrival, rows, {"TH-50"}) == {(found[0][2], "TH-50")}
