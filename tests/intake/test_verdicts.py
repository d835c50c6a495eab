"""People's verdicts: what a sheet must say, and how what it says is read."""

import pytest

from castlib.intake import sheets, verdicts

from . import sample

REGION, OBJECTIVE, TOPIC, VERDICT, REASON, BY, DATE, NUMBERS, WORDS = range(9)


def read(arrive, *rows: tuple) -> tuple[list[dict], list]:
    arrival = arrive(sample.decided(*rows), "verdicts.csv")
    found = verdicts.read(arrival, sheets.read(arrival))
    for count in (arrival.rows, arrival.fields):
        assert count.read == count.accepted + count.rejected
    return found, arrival.faults


def changed(**cells: str) -> tuple:
    row = list(sample.DECIDED)
    for name, cell in cells.items():
        row[globals()[name]] = cell
    return tuple(row)


def test_a_verdict_is_read_as_it_was_written(arrive):
    found, faults = read(arrive, sample.DECIDED)
    assert not faults
    assert found == [
        {
            "region": "TH",
            "objective": 1,
            "topic": "network",
            "verdict": "add",
            "reason": "สองทางให้ภาพคนละด้าน",
            "by": "นักวิจัย",
            "date": "20/11/2565",
            "numbers": "x̄ 4.08 ระดับมาก ลำดับ 2/7",
            "words": "หนุน 37 แย้ง 59 จาก 73 กลุ่ม",
            "source_file": "verdicts.csv",
            "source_row": 2,
        }
    ]


@pytest.mark.parametrize("given", ["add", "Add", "เสริมกัน", " เสริมกัน "])
def test_a_verdict_goes_by_code_or_name(arrive, given):
    found, _ = read(arrive, changed(VERDICT=given, OBJECTIVE="๑", REGION="th"))
    assert [(row["verdict"], row["objective"], row["region"]) for row in found] == [
        ("add", 1, "TH")
    ]


def test_a_row_without_a_verdict_is_undecided_and_no_fault(arrive):
    assert read(arrive, changed(VERDICT=""), sample.DECIDED)[0][0]["source_row"] == 3


@pytest.mark.parametrize("column", ["REASON", "BY", "NUMBERS", "WORDS"])
def test_who_why_and_on_what_are_needed(arrive, column):
    found, faults = read(arrive, changed(**{column: ""}))
    assert not found
    assert [fault.code for fault in faults] == ["verdict-bare"]


@pytest.mark.parametrize(
    ("column", "given"),
    [
        ("REGION", "TH-5"),
        ("REGION", "TH-50"),
        ("OBJECTIVE", "5"),
        ("TOPIC", "netwrok"),
        ("TOPIC", "happiness"),
        ("VERDICT", "อาจจะ"),
    ],
)
def test_unknown_codes_are_named_with_their_column(arrive, column, given):
    found, (fault,) = read(arrive, changed(**{column: given}))
    assert not found
    assert fault.code == "verdict-unknown"
    assert f"“{given}”" in fault.sentence


def test_a_topic_that_the_objective_s_display_lacks_is_told(arrive):
    given = [changed(OBJECTIVE="4", TOPIC=topic) for topic in ("network", "sufficiency")]
    found, (fault,) = read(arrive, *given)
    assert [row["topic"] for row in found] == ["network"]
    assert (fault.code, fault.given) == ("verdict-unknown", "sufficiency")


def test_personal_data_in_a_reason_is_masked(arrive):
    found, _ = read(arrive, changed(REASON="สอบถามนายสมชาย ใจดี โทร. 081-234-5678 แล้ว"))
    assert "สมชาย" not in found[0]["reason"]
    assert "081" not in found[0]["reason"]
