from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib.intake import times
from castlib.intake.spelling import Unreadable, clean

FIFTH = datetime(2022, 11, 5)
AT_NINE = datetime(2022, 11, 5, 9, 4, 7)


def refusal(reader, *given) -> str:
    with pytest.raises(Unreadable) as caught:
        reader(*given)
    return caught.value.code


@pytest.mark.parametrize(
    "written",
    [
        "5/11/2022, 9:04:07",
        "5/11/2565, 9:04:07",
        "๕/๑๑/๒๕๖๕ ๐๙:๐๔:๐๗",
        "05/11/2565, 9:04:07 น.",
        "05-11-2565 09.04.07",
        "5.11.2565 09:04:07",
        "5/11/65 9:04:07",
        "5/11/22 9:04:07",
        "2022-11-05 09:04:07",
        "2565-11-05 09:04:07",
        "1965-11-05 09:04:07",
        "2022-11-05T09:04:07",
        "2022-11-05T09:04:07.000+07:00",
        "2022-11-05T02:04:07.123Z",
        "2022-11-05T02:04:07+0000",
        "2022-11-04T18:04:07-08:00",
        "2022/11/05 9:04:07 AM GMT+7",
        "2022/11/05 2:04:07 AM UTC",
        "5/11/2565, 9:04:07 ก่อนเที่ยง",
        "Nov 5, 2022 9:04:07 am",
        "5 Nov 2022 09:04:07",
        "Saturday, November 5, 2022 9:04:07 AM",
        "วันเสาร์ที่ 5 พฤศจิกายน พ.ศ. 2565 เวลา 09.04.07 น.",
        "44870.3778587963",
    ],
)
def test_moment_in_all_notations(written):
    assert times.moment(clean(written)) == AT_NINE


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("5 พ.ย. 2565 09.04 น.", 9, 4),
        ("5 พฤศจิกายน พ.ศ. 2565 เวลา 09:04", 9, 4),
        ("5 พฤศจิกา 65 21:04", 21, 4),
        ("5พ.ย.65 9:04น.", 9, 4),
        ("5/11/2565, 9:04:00 หลังเที่ยง", 21, 4),
        ("5/11/2022 12:04:00 AM", 0, 4),
        ("5/11/2022 12:04:00 PM", 12, 4),
        ("5/11/2022 13:04 pm", 13, 4),
    ],
)
def test_hours_and_halves_of_the_day(written, hour, minute):
    assert times.moment(clean(written)) == FIFTH.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    "written",
    [
        "5/11/2565",
        "๕ พ.ย. ๒๕๖๕",
        "2022-11-05",
        "5-Nov-22",
        "5 November 2022",
        "November 5, 2022",
        "44870",
    ],
)
def test_a_day_without_a_time_is_its_midnight(written):
    assert times.moment(written) == FIFTH


@pytest.mark.parametrize(
    "written",
    [
        "31/2/2565, 9:00:00",
        "29/2/2565, 1:00:00",
        "13/13/2022, 9:00:00",
        "5/11/2022, 25:00:00",
        "5/11/2022, 9:60",
        "5/11/2022 13:04 AM",
        "5/11/1022, 9:00:00",
        "5/11/2465",
        "5 xyz 2565",
        "9:04",
        "2022",
        "99999999",
        "x",
        "1" * 5_000,
    ],
)
def test_moment_unreadable(written):
    assert refusal(times.moment, written) == "time-unreadable"


def test_a_leap_day_is_of_the_common_era():
    assert times.moment("29/2/2567, 1:00:00") == datetime(2024, 2, 29, 1)


def test_a_time_of_a_system_without_an_offset_is_utc():
    assert times.moment("2022-11-05T02:04:07", utc=True) == AT_NINE
    assert times.moment("2022-11-05T09:04:07+07:00", utc=True) == AT_NINE
    assert times.moment("2022-11-15 17:30:00", utc=True) == datetime(2022, 11, 16, 0, 30)


def test_the_month_comes_first_where_it_must_or_where_the_column_says_so():
    assert times.moment("11/25/2022 9:04") == datetime(2022, 11, 25, 9, 4)
    assert times.moment("11/5/2022") == datetime(2022, 5, 11)
    assert times.moment("11/5/2022", month_first=True) == FIFTH
    assert times.moment("25/11/2022", month_first=True) == datetime(2022, 11, 25)
    american = ["11/5/2022", "11/25/2022", "11/13/2022 9:00"]
    assert times.month_first(american)
    assert not times.month_first(american[:2])
    assert not times.month_first([*american, "25/11/2022"])
    assert not times.month_first(["5/11/2565", "", "x"])


@pytest.mark.parametrize(
    "written",
    [
        "9 พฤศจิกายน 2565",
        "๙ พฤศจิกายน ๒๕๖๕",
        "วันที่ 9 พฤศจิกายน พ.ศ. 2565",
        "วันพุธที่ 9 เดือนพฤศจิกายน 2565",
        "9 พ.ย. 65",
        "9 พ.ย.2565",
        "9/11/2565",
        "9-11-2022",
        "09/11/65",
        "9 Nov 2022",
        "2022-11-09",
        "9 พ.ย. 2565 เวลา 09.00 น.",
        "วันพุธที่ 9 พฤศจิกายน 2565 เวลา 09.00-12.00 น.",
        "9-10 พ.ย. 2565",
        "๙ - ๑๐ พฤศจิกายน ๒๕๖๕",
        "9 และ 10 พ.ย. 65",
        "9,10 พ.ย. 2565",
        "9-10/11/2565",
        "9 พ.ย. - 1 ธ.ค. 2565",
        "9/11 - 10/11/2565",
        "9/11/2565 - 10/11/2565",
        "9 พฤศจิกายน 2565 ถึง 10 พฤศจิกายน 2565",
    ],
)
def test_date_and_the_first_of_several_days(written):
    assert times.date(clean(written)) == datetime(2022, 11, 9)


@pytest.mark.parametrize(
    "written", ["พฤศจิกายน 2565", "31 กุมภาพันธ์ 2565", "9 พ.ย. 1065", "-", "วันแม่", "9 ม 2565"]
)
def test_date_unreadable(written):
    assert refusal(times.date, written) == "form-date-unreadable"


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31)),
    st.sampled_from(["{d}/{m}/{b}, {t}", "{y}-{m:02d}-{d:02d} {t}", "{d} {name} {b} เวลา {t} น."]),
)
def test_what_is_written_is_read(when, notation):
    when = when.replace(microsecond=0)
    written = notation.format(
        d=when.day,
        m=when.month,
        y=when.year,
        b=when.year + 543,
        t=f"{when:%H:%M:%S}",
        name=times.MONTHS[when.month - 1],
    )
    assert times.moment(written) == when


@given(st.text(max_size=30) | st.text("0123456789/-.: ,TZนพศ+วันที่", max_size=30))
def test_no_text_breaks_a_reader(text):
    for reader in (times.moment, times.date):
        try:
            found = reader(clean(text))
        except Unreadable:
            continue
        assert 1999 <= found.year <= 2101
