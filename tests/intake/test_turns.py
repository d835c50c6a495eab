import pytest

from castlib.intake import forms, turns
from castlib.intake.arrival import Count

from . import sample
from .sample import form, p, table

HEADING = p("ประเด็นที่ 1 ปัจจัยใด")
LISTED = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'


class Mask:
    """Pseudonyms that can be told from what they stand for."""

    def mask(self, text: str) -> str:
        return text.replace("ความลับ", "[ปิด]")

    def person(self, text: str) -> str:
        return f"[บุคคล:{sum(map(ord, text.replace(' ', ''))):06x}]"


@pytest.fixture
def take(arrive):
    """Read a form in which only what was said varies; return its segments and its arrival."""

    def read(*said: str):
        arrival = arrive(form(said=said), sample.FORM, "TH-50", mask=Mask())
        found = forms.read(arrival)
        assert arrival.rows.balanced
        assert arrival.fields.balanced
        return found.segments, arrival

    return read


def codes(arrival) -> list[str]:
    return [found.code for found in arrival.faults]


def numbers(segments) -> list[int]:
    return [segment["turn"] for segment in segments]


def speakers(segments) -> list[str]:
    return [segment["speaker"] for segment in segments]


def merged(text: str, begins: bool = False) -> str:
    """Return a table cell that goes on from the one above, or begins such a cell."""
    state = ' w:val="restart"' if begins else ""
    return f"<w:tc><w:tcPr><w:vMerge{state}/></w:tcPr>{p(text)}</w:tc>"


def rows(*cells: tuple) -> str:
    """Return a table of turns whose cells may be whole cells of XML."""
    lines = [("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"), *cells]
    return (
        "<w:tbl>"
        + "".join(
            "<w:tr>"
            + "".join(
                c if str(c).startswith("<w:tc>") else f"<w:tc>{p(str(c))}</w:tc>" for c in line
            )
            + "</w:tr>"
            for line in lines
        )
        + "</w:tbl>"
    )


def test_word_may_count_the_turns(take):
    said = [(LISTED, "ผู้ให้ข้อมูล 1", text) for text in "กขค"]
    found, arrival = take(HEADING, sample.turns(*said), p("ประเด็นที่ 2"), sample.turns(*said))
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert not arrival.faults
    assert arrival.fields == Count(33 + 12, 33 + 12, 0)


def test_turns_without_numbers_are_counted_and_it_is_told(take):
    found, arrival = take(
        HEADING, sample.turns((1, "1", "ก"), ("", "2", "ข"), (3, "1", "ค"), ("", "2", "ง"))
    )
    assert numbers(found) == [1, 2, 3, 4]
    assert codes(arrival) == ["turn-counted"]
    assert "ลำดับ 2, 4" in arrival.faults[0].sentence
    found, arrival = take(HEADING, table(("ผู้พูด", "ความคิดเห็น"), ("คนที่ 1", "ก"), ("คนที่ 2", "ข")))
    assert numbers(found) == [1, 2]
    assert codes(arrival) == ["turn-counted"]


def test_a_number_that_is_typed_is_never_taken_by_one_that_is_counted(take):
    found, _ = take(HEADING, sample.turns((1, "1", "ก"), ("", "2", "ข"), (2, "1", "ค")))
    assert numbers(found) == [1, 3, 2]


def test_numbers_that_begin_again_in_a_later_table_are_counted_on(take):
    again = sample.turns((1, "1", "ค"), (2, "2", "ง"))
    found, arrival = take(HEADING, sample.turns((1, "1", "ก"), (2, "2", "ข")), p("ข้อ 2"), again)
    assert numbers(found) == [1, 2, 3, 4]
    assert codes(arrival) == ["turn-again"]
    assert "ตารางที่ 4" in arrival.faults[0].sentence
    found, arrival = take(HEADING, sample.turns((1, "1", "ก"), (1, "2", "ข")))
    assert numbers(found) == [1]
    assert codes(arrival) == ["turn-twice"]


def test_numbers_may_begin_again_within_one_table(take):
    whole = (
        ("ประเด็นที่ 2", "", ""),
        (1, "1", "ค"),
        (2, "2", "ง"),
        ("ประเด็นที่ 3", "", ""),
        (1, "1", "จ"),
    )
    found, arrival = take(HEADING, sample.turns((1, "1", "ก"), (2, "2", "ข"), *whole))
    assert numbers(found) == [1, 2, 3, 4, 5]
    assert [s["question"] for s in found] == ["q1", "q1", "q2", "q2", "q3"]
    assert codes(arrival) == ["turn-again"]


def test_a_speaker_may_span_turns_and_a_number_rows(take):
    found, arrival = take(
        HEADING,
        rows(
            (1, merged("ผู้ให้ข้อมูล 3", True), "ก"),
            (2, merged(""), "ข"),
            (merged("3", True), "ผู้ให้ข้อมูล 1", "ค"),
            (merged(""), "", "ต่อ"),
            (4, "", "ง"),
        ),
    )
    assert [(s["turn"], s["speaker"], s["text"]) for s in found] == [
        (1, "ผู้ให้ข้อมูล 3", "ก"),
        (2, "ผู้ให้ข้อมูล 3", "ข"),
        (3, "ผู้ให้ข้อมูล 1", "ค ต่อ"),
        (4, "ไม่ระบุ", "ง"),
    ]
    assert codes(arrival) == ["speaker-missing"]


def test_a_table_split_over_pages_goes_on_with_and_without_its_header(take):
    found, arrival = take(
        HEADING,
        sample.turns((1, "1", "ก")),
        sample.turns((2, "2", "ข")),
        table((3, "1", "ค"), (4, "2", "ง")),
        table((5, "1", "จ"), ("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"), (6, "2", "ฉ")),
    )
    assert numbers(found) == [1, 2, 3, 4, 5, 6]
    assert not arrival.faults


def test_a_table_under_a_question_needs_no_header(take):
    found, arrival = take(HEADING, table((1, "ผู้ให้ข้อมูล 2", "ก")))
    assert speakers(found) == ["ผู้ให้ข้อมูล 2"]
    assert not arrival.faults


@pytest.mark.parametrize(
    ("head", "row", "faults"),
    [
        (("ที่", "ผู้พูด", "ความคิดเห็น"), (1, "3", "ก"), []),
        (("ลำดับที่", "ผู้ให้สัมภาษณ์", "ประเด็น"), (1, "3", "ก"), []),
        (("No.", "ผู้เข้าร่วมสนทนา", "ข้อความ/ความคิดเห็น"), (1, "3", "ก"), []),
        (("ผู้ให้ข้อมูล", "ข้อความ", "ลำดับ"), ("3", "ก", 1), []),
        (("ลำดับ", "ผู้ให้ข้อมูล", "ประเด็น", "ข้อความ"), (1, "3", "x", "ก"), ["columns-extra"]),
        (("ลำดับ", "ผู้ให้ข้อมูล", "ชื่อ-สกุล", "ข้อความ"), (1, "3", "ทดสอบ", "ก"), ["columns-extra"]),
        (("ลำดับ", "ผู้ให้ข้อมูล", "ชื่อ-สกุล", "ข้อความ"), (1, "3", "", "ก"), []),
    ],
)
def test_columns_by_other_names_in_another_order(take, head, row, faults):
    found, arrival = take(HEADING, table(head, row))
    assert [(s["turn"], s["speaker"], s["text"]) for s in found] == [(1, "ผู้ให้ข้อมูล 3", "ก")]
    assert codes(arrival) == faults
    assert "ทดสอบ" not in str(arrival.record())


def test_rows_as_the_blank_form_has_them_are_no_rows(take):
    blank = [(3, "", ""), (4, "ผู้ให้ข้อมูล", "……………"), (5, "ผู้ให้ข้อมูลคนที่ ....", ""), ("", "-", "")]
    more = sample.turns((6, "1", "ค"))
    found, arrival = take(HEADING, sample.turns((1, "1", "ก"), (2, "2", "ข"), *blank), more)
    assert numbers(found) == [1, 2, 6]
    assert not arrival.faults
    assert arrival.rows == Count(13, 13, 0)


def test_a_gap_in_the_numbers_is_told(take):
    found, arrival = take(HEADING, sample.turns((1, "1", "ก"), (4, "1", "ข"), (2, "1", "ค")))
    assert numbers(found) == [1, 4, 2]
    assert codes(arrival) == ["turn-order"]
    assert "1→4, 4→2" in arrival.faults[0].sentence
    _, arrival = take(HEADING, sample.turns((3, "1", "ก")))
    assert "เริ่มที่ 3" in arrival.faults[0].sentence


def test_cells_of_many_paragraphs_are_one_text(take):
    found, _ = take(HEADING, sample.turns((1, "1", p("บรรทัดหนึ่ง") + p("บรรทัดสอง"))))
    assert found[0]["text"] == "บรรทัดหนึ่ง บรรทัดสอง"


@pytest.mark.parametrize(
    ("given", "speaker", "fault"),
    [
        *((given, "ผู้ให้ข้อมูล 3", None) for given in ("3", "๓", "ผู้ให้ข้อมูล 3", "ผู้ให้ข้อมูลคนที่ ๓", "คนที่ 3")),
        *((given, "ผู้ให้ข้อมูล 3", None) for given in ("ผู้เข้าร่วม 03", "ผู้พูดหมายเลข 3", "No. 3")),
        ("ผู้ให้ข้อมูล 3 (ทดสอบ ตัวอย่าง)", "ผู้ให้ข้อมูล 3", "speaker-named"),
        ("ผู้ให้ข้อมูล 1, ๒", "ผู้ให้ข้อมูล 1, 2", "speaker-many"),
        ("ผู้ให้ข้อมูล 1 และ 2", "ผู้ให้ข้อมูล 1, 2", "speaker-many"),
        ("", "ไม่ระบุ", "speaker-missing"),
        ("ผู้ให้ข้อมูล", "ไม่ระบุ", "speaker-missing"),
        ("........", "ไม่ระบุ", "speaker-missing"),
    ],
)
def test_speakers(take, given, speaker, fault):
    found, arrival = take(HEADING, sample.turns((1, given, "ก")))
    assert speakers(found) == [speaker]
    assert codes(arrival) == ([fault] if fault else [])


def test_named_speakers_get_one_pseudonym_each_and_are_told(take):
    said = [(1, "ทดสอบ ตัวอย่าง", "ก"), (2, "สมมติ ตัวอย่าง", "ข"), (3, "ทดสอบ ตัวอย่าง", "ค")]
    found, arrival = take(HEADING, sample.turns(*said))
    first, second, third = speakers(found)
    assert first == third != second
    assert first.startswith("[บุคคล:")
    assert codes(arrival) == ["speaker-named"]
    assert "ทดสอบ" not in str(arrival.record()) + str(found)


def test_what_was_said_is_masked(take):
    found, _ = take(HEADING, sample.turns((1, "1", "เบอร์ของเขาคือความลับ")))
    assert found[0]["text"] == "เบอร์ของเขาคือ[ปิด]"


@pytest.mark.parametrize(
    "given", ["1.", "1)", "(1)", "๑", " ๑. ", "1.0", "ข้อ 1", "ลำดับที่ ๑", "No. 1"]
)
def test_numbers_as_people_type_them(take, given):
    found, arrival = take(HEADING, sample.turns((given, "1", "ก")))
    assert numbers(found) == [1]
    assert not arrival.faults


@pytest.mark.parametrize("given", ["สี่", "0", "-1", "1ก", "99999"])
def test_numbers_that_cannot_be_read(take, given):
    found, arrival = take(HEADING, sample.turns((given, "1", "ก")))
    if given == "สี่" and found:
        assert numbers(found) == [4]  # values may know numbers in words
        return
    assert found == []
    assert codes(arrival) == ["turn-unreadable"]


def test_a_header_is_no_row_of_speech():
    assert turns.heads(["ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"])
    assert turns.heads(["1", "ผู้ให้ข้อมูล 3", "ข้อความที่ส่งมา"]) is None
    assert turns.heads(["", "", "ข้อความ"]) is None
    assert turns.heads([]) is None
