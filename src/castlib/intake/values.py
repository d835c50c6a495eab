"""What one cell says: text, numbers, levels, choices, times, dates and provinces as people write them.

Each reader takes clean text that is not empty, and returns its value or raises `Unreadable` with a
fault's code. Numbers, levels and choices are read here; times, places and spelling have modules of
their own and are named here too, so that readers of files need only this one.
"""

import re
from functools import cache
from itertools import product
from pathlib import Path

from castlib import instrument, paths
from castlib.intake.places import province, province_name, province_of_folder
from castlib.intake.spelling import Unreadable, clean, digits, letters, squeeze, unmarked
from castlib.intake.times import date, moment, month_first

__all__ = [
    "Unreadable",
    "choice",
    "clean",
    "date",
    "digits",
    "letters",
    "level",
    "moment",
    "month_first",
    "province",
    "province_name",
    "province_of_folder",
    "squeeze",
    "whole",
]

_UNIT = r"(?:ปี|คน|ราย|ท่าน|ขวบ|years?(?:old)?|yrs?\.?|persons?|people)?"
_WHOLE = re.compile(rf"(?:อายุ|age)?:?([0-9]{{1,4}})(?:\.0+)?{_UNIT}(?:[0-9]{{1,2}}เดือน)?\.?")
_NUMERAL = "ศูนย์ หนึ่ง เอ็ด สอง ยี่ สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ ร้อย พัน"
_WORDS = re.compile(rf"(?:อายุ)?((?:{'|'.join(_NUMERAL.split())})+){_UNIT}")
_NUMBER = re.compile(r"[-+−–]?[0-9]+(?:\.0+)?")
_SIGNS = ("", "-", "–", "=", ".", ":", ")", ".)", "/")


def whole(text: str, low: int = 0, high: int = 9999) -> int:
    """Return a whole number in digits or Thai words; a unit (ปี, คน) may follow it.

    Ranges, fractions and approximations are unreadable.

    >>> whole("๔๕ ปี"), whole("อายุ 45"), whole("สี่สิบห้า")
    (45, 45, 45)
    """
    given = squeeze(text)
    if found := _WHOLE.fullmatch(given):
        number = int(found[1])
    elif found := _WORDS.fullmatch(given):
        number = _in_words(found[1])
    else:
        raise Unreadable("number-unreadable")
    if not low <= number <= high:
        raise Unreadable("number-out-of-range", low=low, high=high)
    return number


def _in_words(text: str) -> int:
    from pythainlp.util import thaiword_to_num

    try:
        return thaiword_to_num(text)
    except ValueError:
        raise Unreadable("number-unreadable") from None


def level(text: str, name: str = "level5") -> int:
    """Return an answer on the scale 1–5, given as a digit, as a label of the list, or as both.

    >>> level("๕"), level("มากที่สุด"), level("4 - มาก")
    (5, 5, 4)
    """
    given = re.sub(r"\.0+$", "", squeeze(text)).removeprefix("ระดับ").removeprefix("+")
    found = _chosen(name, given)
    if found:
        return int(found)
    raise Unreadable("level-out-of-range" if _NUMBER.fullmatch(given) else "level-unreadable")


def choice(text: str, name: str) -> str:
    """Return the value of a choice list given by its value, its number in the list, or its label.

    >>> choice("หญิง", "sex"), choice("Female", "sex"), choice("2", "sex")
    ('female', 'female', 'female')
    """
    found = _chosen(name, re.sub(r"\.0+$", "", squeeze(text)))
    if not found:
        raise Unreadable(
            "choice-unknown", choices=", ".join(instrument.load().options(name).values())
        )
    return found


def _chosen(name: str, given: str) -> str | None:
    """Return the choice that squeezed text means; a tone mark left out or misplaced is forgiven."""
    ways, unmarked_ways = _choices(paths.data(), name)
    return ways.get(given) or unmarked_ways.get(unmarked(given))


@cache
def _choices(data: Path, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return every way to write a choice, squeezed, and the same without tone marks.

    `data` keeps two studies apart. A way that could mean two choices means none.
    """
    listed = instrument.load().choices
    found: dict[str, set[str]] = {}
    for number, row in enumerate(listed[listed["list"] == name].itertuples(), start=1):
        for way in _ways(str(number), row):
            found.setdefault(squeeze(clean(way)), set()).add(row.value)
    ways = {way: min(values) for way, values in found.items() if len(values) == 1}
    loose: dict[str, set[str]] = {}
    for way, value in ways.items():
        loose.setdefault(unmarked(way), set()).add(value)
    return ways, {way: min(values) for way, values in loose.items() if len(values) == 1}


def _ways(number: str, row) -> list[str]:
    """Return how people write one choice: its codes, its labels, both languages, a code beside a label."""
    thai, english = row.label_th, row.label_en
    codes = dict.fromkeys((row.value, number))
    labels = [thai, english]
    for one, other in ((thai, english), (english, thai)):
        labels += [f"{one}({other})", *(f"{one}{sign}{other}" for sign in _SIGNS)]
    beside = [
        way
        for code, label in product(codes, labels)
        for way in (
            *(f"{code}{sign}{label}" for sign in _SIGNS),
            *(f"{label}{sign}{code}" for sign in _SIGNS),
            *(f"{code}({label})", f"{label}({code})", f"({code}){label}", f"[{code}]{label}"),
        )
    ]
    return [*codes, *labels, *beside]
