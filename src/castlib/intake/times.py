"""Times and dates as people and systems in Thailand write them, all brought to Thai time.

Rules: the day comes before the month; only where the second number cannot be a month is it the day
(11/25/2022), and a whole column is read month first when two of its dates can only be that and none can
only be the other (`month_first`). A year from 2400 on is Buddhist, as is one marked พ.ศ.; two digits are
a Buddhist year from 43 on (65 = 2565) and a Common one below (22 = 2022); 19yy is what a spreadsheet
makes of a Buddhist yy. A time with an offset is brought to Thai time, one without is Thai. Of a range of
days the first counts. A date without a time is midnight: its day is known, so punctuality can be judged.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from castlib.intake.spelling import Unreadable, digits
from castlib.protocol import BUDDHIST_ERA, MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2100
BUDDHIST_FROM = 2400
LONGEST = 100
SHORT_MONTHS = "มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค".split()
ENGLISH_MONTHS = (
    "january february march april may june july august september october november december"
).split()

_SERIAL = re.compile(r"[0-9]{5,6}(?:\.[0-9]+)?")
_CLOCK = r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]{1,9})?)?"
_HALF = r"\s*([ap]\.?m\.?|ก่อนเที่ยง|หลังเที่ยง)?"
_ZONE = r"\s*(z|utc|gmt|ict|(?:utc|gmt)?\s*[-+−][0-9]{1,2}(?::?[0-9]{2})?)?"
_HOURS = r"\s*(?:น\.?|นาฬิกา|hrs?\.?)?"
_AT = r"(?:(?:\s*,\s*|\s+|(?<=[0-9])t(?=[0-9]))(?:เวลา|at)?|,?\s*เวลา)\s*"
_TIMED = re.compile(rf"(.+?){_AT}{_CLOCK}{_HALF}{_HOURS}{_ZONE}")
_HELD_AT = re.compile(rf"{_AT}{_CLOCK}{_HOURS}(?:\s*(?:[-–—]|ถึง)\s*{_CLOCK})?{_HOURS}$")
_ERA = r"(พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|b\.?e\.?|a\.?d\.?|c\.?e\.?)?\s*"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMBERS = re.compile(
    rf"[ก-๙.\s]*([0-9]{{1,2}})\s?([-/.])\s?([0-9]{{1,2}})\s?\2\s?{_ERA}([0-9]{{4}}|[0-9]{{2}})"
)
_NAMED = re.compile(
    r"(?:[ก-๙.\s]*|[a-z]{3,9}\.?,?\s*)([0-9]{1,2})(?:st|nd|rd|th)?[-/.\s]*(?:เดือน\s*)?"
    rf"([ก-ฮเ][ก-๙.\s]*?|[a-z]{{3,9}})[-/.,\s]*{_ERA}([0-9]{{4}}|[0-9]{{2}})"
)
_AMERICAN = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?([a-z]{3,9})\.?\s*([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})"
)
_DAYS = re.compile(
    r"([ก-๙.\s]*[0-9]{1,2})\s*(?:[-–—,&]|ถึง|และ|to)\s*[0-9]{1,2}(?=\s*[ก-ฮเa-z/])(.*)"
)
_BETWEEN = re.compile(r"\s+[-–—]\s+|\s*(?:[–—]|ถึง)\s*|\s+to\s+|(?<=[0-9]{4})\s?-\s?(?=[0-9])")


def moment(text: str, month_first: bool = False, utc: bool = False) -> datetime:
    """Return a time in Thailand from any of the usual notations, a spreadsheet's number included.

    Parameters
    ----------
    text : str
        Clean text, such as "5/11/2565, 9:04:07 น." or "2022-11-05T09:04:07+07:00".
    month_first : bool
        Read 11/5/2022 as the fifth of November.
    utc : bool
        A time without an offset is in UTC, as in KoboToolbox's own columns, not in Thailand.

    >>> moment("5/11/2565, 9:04:07"), moment("2022-11-05T02:04:07Z")
    (datetime.datetime(2022, 11, 5, 9, 4, 7), datetime.datetime(2022, 11, 5, 9, 4, 7))
    >>> moment("5 พ.ย. 2565")
    datetime.datetime(2022, 11, 5, 0, 0)
    """
    text = digits(text).casefold()
    if len(text) > LONGEST:
        raise Unreadable("time-unreadable")
    if _SERIAL.fullmatch(text):
        return _of_serial(float(text))
    found = _TIMED.fullmatch(text)
    if not found:
        return _day(text, "time-unreadable", month_first)
    day, hour, minute, second, half, zone = found.groups()
    try:
        when = _day(day, "time-unreadable", month_first).replace(
            hour=_hour(int(hour), half), minute=int(minute), second=int(second or 0)
        )
    except ValueError:
        raise Unreadable("time-unreadable") from None
    return when + timedelta(hours=7) - _offset(zone or ("z" if utc else "ict"))


def date(text: str) -> datetime:
    """Return a day, midnight; a time of day after it is left out, and of several days the first counts.

    >>> date("วันที่ ๙-๑๐ พ.ย. ๒๕๖๕ เวลา ๐๙.๐๐ น.")
    datetime.datetime(2022, 11, 9, 0, 0)
    """
    text = digits(text).casefold()
    if len(text) > LONGEST:
        raise Unreadable("form-date-unreadable")
    text = _HELD_AT.sub("", text)
    if several := _DAYS.fullmatch(text):
        return _day(several[1] + several[2], "form-date-unreadable")
    first, *later = _BETWEEN.split(text)
    year = re.search(r"[0-9]{4}$|[0-9]{2}$", later[-1]) if later else None
    ways = [text, first, *(f"{first}{sign}{year[0]}" for sign in (" ", "/") if year)]
    for way in ways:
        try:
            return _day(way, "form-date-unreadable")
        except Unreadable:
            continue
    raise Unreadable("form-date-unreadable")


def month_first(texts: Iterable[str]) -> bool:
    """Return whether a column's dates are written month first: two can only be that, none the other way.

    >>> month_first(["11/5/2022", "11/25/2022", "11/30/2022"]), month_first(["5/11/2022"])
    (True, False)
    """
    months = days = 0
    for text in texts:
        found = re.match(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]", digits(text))
        if found:
            one, two = int(found[1]), int(found[2])
            months += one <= 12 < two <= 31
            days += two <= 12 < one <= 31
    return months >= 2 and not days


def _of_serial(days: float) -> datetime:
    """Return the time that a spreadsheet's number of days means."""
    when = datetime(1899, 12, 30) + timedelta(seconds=round(days * 86400))
    day = _checked("time-unreadable", _year(str(when.year), None), when.month, when.day)
    return day + timedelta(hours=when.hour, minutes=when.minute, seconds=when.second)


def _hour(hour: int, half: str | None) -> int:
    """Return the hour of 24; `half` is what says before or after noon."""
    if not half:
        return hour
    if half[0] in "pห":
        return hour + 12 if hour < 12 else hour
    if hour > 12:
        raise Unreadable("time-unreadable")
    return hour % 12


def _offset(zone: str) -> timedelta:
    """Return how far a zone is ahead of UTC."""
    if zone == "ict":
        return timedelta(hours=7)
    found = re.search(r"([-+−])([0-9]{1,2}):?([0-9]{2})?$", zone)
    if not found:
        return timedelta()
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return ahead if found[1] == "+" else -ahead


def _day(text: str, code: str, month_first: bool = False) -> datetime:
    """Return the day that a text without a time of day says, or raise Unreadable(code)."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _checked(code, _year(found[1], None), int(found[3]), int(found[4]))
    if found := _NUMBERS.fullmatch(text):
        day, month = int(found[1]), int(found[3])
        if (month_first and day <= 12) or (month > 12 and day <= 12):
            day, month = month, day
        return _checked(code, _year(found[5], found[4]), month, day)
    if found := _NAMED.fullmatch(text):
        return _checked(code, _year(found[4], found[3]), _month(found[2], code), int(found[1]))
    if found := _AMERICAN.fullmatch(text):
        return _checked(code, _year(found[3], None), _month(found[1], code), int(found[2]))
    raise Unreadable(code)


def _month(name: str, code: str) -> int:
    """Return a month's number by its name, its abbreviation, or the beginning of its name."""
    name = re.sub(r"[.\s]", "", name)
    if name in SHORT_MONTHS:
        return SHORT_MONTHS.index(name) + 1
    for months, least in ((MONTHS, 4), (ENGLISH_MONTHS, 3)):
        begun = [k for k, month in enumerate(months, start=1) if month.startswith(name)]
        if len(begun) == 1 and len(name) >= least:
            return begun[0]
    raise Unreadable(code)


def _year(text: str, era: str | None) -> int:
    """Return a year of the Common Era."""
    year, common = int(text), bool(era) and era[0] in "คac"
    if len(text) == 2:
        return 2000 + year if common or year < BUDDHIST_ERA % 100 else 2500 + year - BUDDHIST_ERA
    if 1900 + BUDDHIST_ERA % 100 <= year < 2000:
        return year + 600 - BUDDHIST_ERA  # 1965 was typed as 65
    return year - BUDDHIST_ERA if year >= BUDDHIST_FROM and not common else year


def _checked(code: str, year: int, month: int, day: int) -> datetime:
    try:
        found = datetime(year, month, day)
    except ValueError:
        raise Unreadable(code) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(code)
    return found
