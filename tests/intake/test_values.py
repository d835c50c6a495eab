from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib import regions
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
        ("5.0", 5),
        ("5.00", 5),
        ("มากที่สุด", 5),
        ("มาก ที่สุด", 5),
        ("น้อยที่สุด", 1),
        ("ปานกลาง", 3),
        ("Highest", 5),
        ("๔ มาก", 4),
        ("4 (มาก)", 4),
        ("2=น้อย", 2),
    ],
)
def test_level(written, read):
    assert values.level(values.clean(written)) == read


@pytest.mark.parametrize("written", ["0", "6", "-1", "−1", "55", "5000", "๙", "7.0"])
def test_level_out_of_range(written):
    assert refusal(values.level, written) == "level-out-of-range"


@pytest.mark.parametrize("written", ["ดี", "4 น้อย", "3.5", "3-4", "x", "5,", "½", "²"])
def test_level_unreadable(written):
    assert refusal(values.level, written) == "level-unreadable"


@pytest.mark.parametrize(
    "written", ["5/11/2022, 9:04:07", "๕/๑๑/๒๕๖๕ ๐๙:๐๔:๐๗", "05/11/2565, 9:04:07 น."]
)
def test_moment_in_both_eras(written):
    assert values.moment(written) == datetime(2022, 11, 5, 9, 4, 7)


@pytest.mark.parametrize(
    "written",
    [
        "31/2/2022, 9:00:00",
        "5/13/2022, 9:00:00",
        "5/11/2022",
        "5/11/2022, 25:00:00",
        "5/11/1022, 9:00:00",
        "x",
    ],
)
def test_moment_unreadable(written):
    assert refusal(values.moment, written) == "time-unreadable"


def test_a_leap_day_is_of_the_common_era():
    assert values.moment("29/2/2567, 1:00:00") == datetime(2024, 2, 29, 1)
    assert refusal(values.moment, "29/2/2565, 1:00:00") == "time-unreadable"


@pytest.mark.parametrize(
    "written",
    [
        "9 พฤศจิกายน 2565",
        "๙ พฤศจิกายน ๒๕๖๕",
        "วันที่ 9 พฤศจิกายน พ.ศ. 2565",
        "วันพุธที่ 9 พฤศจิกายน 2565",
        "9 พ.ย. 65",
        "9 พ.ย.2565",
        "9/11/2565",
        "9-11-2022",
        "09/11/65",
    ],
)
def test_date(written):
    assert values.date(written) == datetime(2022, 11, 9)


@pytest.mark.parametrize(
    "written", ["พฤศจิกายน 2565", "31 กุมภาพันธ์ 2565", "9 มกรา 2565", "9 พ.ย. 1065", "-"]
)
def test_date_unreadable(written):
    assert refusal(values.date, written) == "form-date-unreadable"


def test_every_province_by_every_name():
    for row in regions.provinces().itertuples():
        ways = [
            row.province,
            row.province.lower(),
            row.name_th,
            f"จังหวัด{row.name_th}",
            f"จ.{row.name_th}",
        ]
        ways += [f"จ. {row.name_th}", row.name_en, row.name_en.upper(), f"{row.name_en} Province"]
        assert {values.province(values.clean(way)) for way in ways} == {row.province}


def test_an_unknown_province_names_the_nearest():
    with pytest.raises(Unreadable) as caught:
        values.province("นครศรีธรรมราด")
    assert "นครศรีธรรมราช" in caught.value.details["hint"]
    assert refusal(values.province, "กรุงเทพมหานคร") == "province-unknown"
    with pytest.raises(Unreadable) as caught:
        values.province("zzz")
    assert caught.value.details["hint"] == ""


@pytest.mark.parametrize(
    ("folder", "province"),
    [
        ("TH-50 เชียงใหม่", "TH-50"),
        ("th-50", "TH-50"),
        ("จังหวัดเชียงใหม่", "TH-50"),
        ("50 เชียงใหม่", "TH-50"),
        ("Chiang Mai", "TH-50"),
        ("photos", None),
        ("", None),
    ],
)
def test_province_of_folder(folder, province):
    assert values.province_of_folder(folder) == province


def test_whole_numbers():
    assert values.whole("30 ปี", 18, 90) == 30
    assert refusal(values.whole, "17", 18, 90) == "number-out-of-range"
    assert refusal(values.whole, "1.5") == "number-unreadable"
    assert refusal(values.whole, "-3") == "number-unreadable"


@given(st.text(max_size=12))
def test_no_text_breaks_a_reader(text):
    for reader in (values.level, values.whole, values.moment, values.date, values.province):
        try:
            reader(values.clean(text))
        except Unreadable:
            continue
