"""What one cell says: text, numbers, levels, times, dates and provinces as people in Thailand write them.

Each function takes clean text that is not empty, and returns its value or raises `Unreadable` with a
fault's code. Digits may be Thai or Arabic, years of the Buddhist or the Common Era.
"""

import re
import unicodedata
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from castlib import instrument, paths, regions
from castlib.errors import nearest
from castlib.protocol import BUDDHIST_ERA, MONTHS

FIRST_YEAR, LAST_YEAR = 2000, 2100
BUDDHIST_FROM = 2400
SHORT_MONTHS = "มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค".split()

_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xAD]
    + [code for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x0b\x0c\x85"]
)
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_TIME = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}),? ?(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?น\.?)?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})")
_NAMED = re.compile(r"(?:.*?วันที่|.*?ที่)? ?(\d{1,2}) ?([ก-๙.]+?) ?(?:พ\.ศ\.|ค\.ศ\.)? ?(\d{2}|\d{4})")
_WHOLE = re.compile(r"(\d{1,4})(?:\.0+)?(?: ?(?:ปี|คน|ราย|years?))?", re.IGNORECASE)


class Unreadable(Exception):
    """A cell that does not say what its column asks; `code` is the fault's, `details` fill its sentence."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """Return text without what cannot be seen: composed, on one line, single spaces, Thai vowels whole.

    >>> clean(" เเม\\u200bน  า\\n")
    'แมน า'
    """
    text = " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())
    return _SARA_AM.sub("\\1\u0e33", text).replace("เเ", "แ")


def digits(text: str) -> str:
    """Return text with Thai digits as Arabic ones.

    >>> digits("๒๕๖๕")
    '2565'
    """
    return text.translate(_DIGITS)


def squeeze(text: str) -> str:
    """Return text for looking up: no spaces, one case, Arabic digits."""
    return digits(text).replace(" ", "").casefold()


def whole(text: str, low: int = 0, high: int = 9999) -> int:
    """Return a whole number; a unit (ปี, คน) may follow it.

    >>> whole("๔๕ ปี"), whole("45.0")
    (45, 45)
    """
    found = _WHOLE.fullmatch(digits(text))
    if not found:
        raise Unreadable("number-unreadable")
    if not low <= int(found[1]) <= high:
        raise Unreadable("number-out-of-range", low=low, high=high)
    return int(found[1])


def level(text: str) -> int:
    """Return an answer on the scale 1–5, given as a digit, as a label, or as both.

    >>> level("๕"), level("มากที่สุด"), level("4 - มาก")
    (5, 5, 4)
    """
    given = re.sub(r"\.0+$", "", squeeze(text))
    found = _choices(paths.data(), "level5").get(given)
    if found:
        return int(found)
    number = re.fullmatch(r"[-+−–]?\d+", given)
    raise Unreadable("level-out-of-range" if number else "level-unreadable")


def choice(text: str, name: str) -> str:
    """Return the value of a choice list whose value, Thai label or English label is given.

    >>> choice("หญิง", "sex"), choice("Female", "sex")
    ('female', 'female')
    """
    found = _choices(paths.data(), name).get(squeeze(text))
    if not found:
        raise Unreadable(
            "choice-unknown", choices=", ".join(instrument.load().options(name).values())
        )
    return found


@cache
def _choices(data: Path, name: str) -> dict[str, str]:
    """Return every way to write a choice, squeezed; `data` keeps two studies apart."""
    listed = instrument.load().choices
    ways: dict[str, str] = {}
    for row in listed[listed["list"] == name].itertuples():
        for label in (row.label_th, row.label_en):
            for way in (
                label,
                *(f"{row.value}{mark}{label}" for mark in ("", "-", "–", "=", ".", ":")),
            ):
                ways[squeeze(clean(way))] = row.value
            ways[squeeze(f"{row.value}({label})")] = row.value
        ways[squeeze(row.value)] = row.value
    return ways


def _year(text: str) -> int:
    """Return a year of the Common Era; two digits are a Buddhist year of this century."""
    year = int(text) + (2500 if len(text) == 2 else 0)
    return year - BUDDHIST_ERA if year >= BUDDHIST_FROM else year


def _moment(code: str, year: int, *rest: int) -> datetime:
    try:
        found = datetime(year, *rest)
    except ValueError:
        raise Unreadable(code) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(code)
    return found


def moment(text: str) -> datetime:
    """Return a time of day in Thailand written D/M/YYYY, H:MM:SS, in either era.

    >>> moment("5/11/2565, 9:04:07")
    datetime.datetime(2022, 11, 5, 9, 4, 7)
    """
    found = _TIME.fullmatch(digits(text))
    if not found:
        raise Unreadable("time-unreadable")
    day, month, year, *clock = found.groups(default="0")
    return _moment("time-unreadable", _year(year), int(month), int(day), *map(int, clock))


def date(text: str) -> datetime:
    """Return a day, midnight, written with the month's Thai name, or as D/M/YYYY.

    >>> date("วันที่ ๙ พ.ย. ๒๕๖๕")
    datetime.datetime(2022, 11, 9, 0, 0)
    """
    text = digits(text)
    if found := _SLASHED.fullmatch(text):
        return _moment("form-date-unreadable", _year(found[3]), int(found[2]), int(found[1]))
    found = _NAMED.fullmatch(text)
    name = found[2].replace(".", "").replace(" ", "") if found else ""
    for months in (MONTHS, SHORT_MONTHS):
        if name in months:
            return _moment(
                "form-date-unreadable", _year(found[3]), months.index(name) + 1, int(found[1])
            )
    raise Unreadable("form-date-unreadable")


def province(text: str) -> str:
    """Return the code of a province given by its Thai name, its English name or its code.

    >>> province("จ.เชียงใหม่"), province("Chiang Mai"), province("TH-50")
    ('TH-50', 'TH-50', 'TH-50')
    """
    names = _provinces(paths.data())
    given = squeeze(text)
    for way in (given, given.removeprefix("จังหวัด"), given.removeprefix("จ.")):
        if way in names:
            return names[way]
    if given.removesuffix("province") in names:
        return names[given.removesuffix("province")]
    like = nearest(given.removeprefix("จังหวัด").removeprefix("จ."), names)
    hint = f" (หมายถึง {province_name(names[like])} หรือไม่)" if like else ""
    raise Unreadable("province-unknown", hint=hint)


@cache
def _provinces(data: Path) -> dict[str, str]:
    """Return every name of every province, squeezed; `data` keeps two studies apart."""
    listed = regions.provinces()
    return {
        squeeze(clean(name)): code
        for column in ("name_th", "name_en", "province")
        for name, code in zip(listed[column], listed["province"], strict=True)
    }


def province_name(code: str) -> str:
    """Return a province's Thai name without the word จังหวัด."""
    return regions.label(code).removeprefix("จังหวัด")


@lru_cache(maxsize=4096)
def province_of_folder(folder: str) -> str | None:
    """Return the province that a folder is named after, or None.

    >>> province_of_folder("TH-50 เชียงใหม่"), province_of_folder("photos")
    ('TH-50', None)
    """
    folder = clean(folder)
    first, _, rest = folder.partition(" ")
    for name in (first, folder, rest):
        try:
            return province(name)
        except Unreadable:
            continue
    return None
