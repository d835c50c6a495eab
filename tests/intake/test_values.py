import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib import instrument
from castlib.intake import values
from castlib.intake.values import Unreadable


def refusal(reader, *given) -> str:
    with pytest.raises(Unreadable) as caught:
        reader(*given)
    return caught.value.code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("เเม่", "แม่"),
        ("\ufeffก\u200b ข\xa0\xa0ค\t", "ก ข ค"),
        ("a\x00b\x1fc", "abc"),
        ("บรรทัด\r\nใหม่", "บรรทัด ใหม่"),
    ],
)
def test_clean_leaves_what_is_seen(written, read):
    assert values.clean(written) == read


@given(st.text())
def test_clean_is_done_once(text):
    assert values.clean(values.clean(text)) == values.clean(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *((str(k), k) for k in range(1, 6)),
        *(zip("๑๒๓๔๕", range(1, 6), strict=True)),
        ("５", 5),
        ("5.0", 5),
        ("5.00", 5),
        ("มากที่สุด", 5),
        ("มาก ที่สุด", 5),
        ("มากทีสุด", 5),
        ("มากที่สุ่ด", 5),
        ("น้อยที่สุด", 1),
        ("น้\u200bอย", 2),
        ("ปานกลาง", 3),
        ("Highest", 5),
        ("HIGH", 4),
        ("๔ มาก", 4),
        ("4 (มาก)", 4),
        ("มากที่สุด (5)", 5),
        ("มากที่สุด = 5", 5),
        ("(5) มากที่สุด", 5),
        ("มาก (High)", 4),
        ("2=น้อย", 2),
        ("ระดับ 3", 3),
        ("ระดับมาก", 4),
        ("+4", 4),
    ],
)
def test_level(written, read):
    assert values.level(values.clean(written)) == read


@pytest.mark.parametrize("written", ["0", "6", "-1", "−1", "55", "5000", "๙", "7.0"])
def test_level_out_of_range(written):
    assert refusal(values.level, written) == "level-out-of-range"


@pytest.mark.parametrize(
    "written", ["ดี", "4 น้อย", "น้อย (4)", "3.5", "3-4", "x", "5,", "½", "²", "มากมาก"]
)
def test_level_unreadable(written):
    assert refusal(values.level, written) == "level-unreadable"


def test_every_choice_by_value_number_label_and_both():
    choices = instrument.load().choices
    for name, own in choices.groupby("list"):
        for number, row in enumerate(own.itertuples(), start=1):
            thai, english = row.label_th, row.label_en
            ways = [row.value, row.value.upper(), str(number), f"{number}.0", thai, english]
            ways += [f"{number}. {thai}", f"{number}) {thai}", f"{thai} ({number})", f" {thai} "]
            ways += [f"{thai} ({english})", f"{thai}/{english}", f"{row.value} {thai}"]
            read = {way: values.choice(values.clean(way), name) for way in ways}
            assert read == dict.fromkeys(ways, row.value)


@pytest.mark.parametrize("written", ["ไม่บอก", "1 หญิง", "3", "ชาย,หญิง", "-"])
def test_choice_unknown(written):
    with pytest.raises(Unreadable) as caught:
        values.choice(written, "sex")
    assert caught.value.code == "choice-unknown"
    assert caught.value.details["choices"] == "ชาย, หญิง"


@pytest.mark.parametrize(
    "written",
    [
        "45",
        "๔๕",
        "4๕",
        "45.0",
        "45 ปี",
        "๔๕ปี",
        "45 years",
        "45 Years old",
        "อายุ 45",
        "อายุ 45 ปี",
        "45 ปี 6 เดือน",
        "สี่สิบห้า",
        "สี่สิบห้าปี",
    ],
)
def test_whole_numbers(written):
    assert values.whole(values.clean(written), 18, 90) == 45


@pytest.mark.parametrize(
    "written",
    ["30-40", "1.5", "-3", "ประมาณ 45", "45+", "40 กว่า", "สามสี่สิบ", "สามสิบกว่า", "สิบสิบ", "4,5"],
)
def test_number_unreadable(written):
    assert refusal(values.whole, written) == "number-unreadable"


@pytest.mark.parametrize("written", ["17", "91", "2520", "หนึ่งร้อย"])
def test_number_out_of_range(written):
    assert refusal(values.whole, written, 18, 90) == "number-out-of-range"


@given(st.text(max_size=12) | st.text("0123456789๐๕.- ปีสิบห้าร้อย", max_size=12))
def test_no_text_breaks_a_reader(text):
    for reader in (values.level, values.whole):
        try:
            reader(values.clean(text))
        except Unreadable:
            continue
