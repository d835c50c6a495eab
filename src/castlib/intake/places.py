"""Which province a text names: official names and codes, and the spellings listed in data/names.csv.

A name may stand behind จังหวัด, จ. or a district, beside its code, or before a postcode. Text that names
several provinces, or begins several names (นคร, สมุทร), is refused with them as a hint; Bangkok is told
apart, since it is not among the study's 76 provinces.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path

from castlib import paths, regions
from castlib.errors import nearest
from castlib.intake.spelling import Unreadable, clean, digits, letters

BANGKOK = "TH-10"
SHORTEST = 3
SHORTEST_HINT = 2
MOST_HINTS = 8
LONGEST = 200

_BEFORE = re.compile(
    r"^(?:จังหวัด|จว\.?\s?|จ[.\s]\s?|province\s+of\s+|province:?\s+|changwat\s+)[:\s]*", re.I
)
_AFTER = re.compile(r"[\s,]*(?:province|จังหวัด)\.?$", re.I)
_INSIDE = re.compile(r"(?:จังหวัด|(?:^|(?<=[\s,(]))(?:จว\.?|จ\.))\s*")
_DISTRICT = re.compile(r"(?:อำเภอ|อ\.|ตำบล|ต\.|เขต|แขวง|หมู่บ้าน|บ้าน|ถนน|ถ\.)\s*[^\s,()/]+")
_CODE = re.compile(r"th\s?[-–_]?\s?([0-9]{2})(?![0-9])", re.I)
_SIGNS = re.compile(r"[,;:/|()\[\]–—=\"_]+|\s-\s|\s-|-\s")


def province(text: str) -> str:
    """Return the code of a province given by its name in Thai or English, or by its code.

    Parameters
    ----------
    text : str
        Clean text, such as "จ.เชียงใหม่", "Chiangmai", "50" or "อ.แม่ริม จ.เชียงใหม่ 50180".

    Raises
    ------
    Unreadable
        `province-bangkok`, or `province-unknown` with a hint (which may be empty).

    >>> province("จ.เชียงใหม่"), province("Chiang Mai"), province("โคราช")
    ('TH-50', 'TH-50', 'TH-30')
    """
    found = _exactly(text) or _only(_inside(text[:LONGEST]))
    if found == BANGKOK:
        raise Unreadable("province-bangkok", hint="")
    if found is None:
        raise Unreadable("province-unknown", hint=_hint(text[:LONGEST]))
    return found


@lru_cache(maxsize=4096)
def province_of_folder(folder: str) -> str | None:
    """Return the province that a folder is named after, or None; a number alone is no name.

    >>> province_of_folder("TH-50 เชียงใหม่"), province_of_folder("photos"), province_of_folder("50")
    ('TH-50', None, None)
    """
    found = _only(_inside(clean(folder)[:LONGEST]))
    return None if found == BANGKOK else found


def province_name(code: str) -> str:
    """Return a province's Thai name without the word จังหวัด."""
    return regions.label(code).removeprefix("จังหวัด")


@cache
def _names(data: Path) -> dict[str, str]:
    """Return every spelling of the study's provinces and of Bangkok; `data` keeps two studies apart."""
    study = set(regions.provinces()["province"]) | {BANGKOK}
    with (data / "names.csv").open(encoding="utf-8", newline="") as lines:
        listed = {letters(clean(row["name"])): row["province"] for row in csv.DictReader(lines)}
    names = {name: code for name, code in listed.items() if code in study}
    return names | _official(data)


@cache
def _official(data: Path) -> dict[str, str]:
    """Return the names and codes in the list of provinces; `data` keeps two studies apart."""
    listed = regions.provinces()
    return {
        letters(clean(name)): code
        for column in ("name_th", "name_en", "province")
        for name, code in zip(listed[column], listed["province"], strict=True)
    }


def _exactly(text: str) -> str | None:
    """Return what a whole text names, with or without the word for province."""
    names = _names(paths.data())
    # a spreadsheet makes 50.0 of a code
    text = re.sub(r"^([0-9๐-๙]{2})\.[0๐]+$", r"\1", text)
    bare = _AFTER.sub("", _BEFORE.sub("", text))
    ways = (letters(text), letters(bare))
    return next((names[way] for way in ways if way in names), None)


def _inside(text: str) -> set[str]:
    """Return the provinces that a longer text names."""
    if marked := _INSIDE.split(text)[1:]:
        found = {name for part in marked for name in _first(part)}
        if found:
            return found
    text = digits(text)
    codes = {f"TH-{number}" for number in _CODE.findall(text)} & {*_names(paths.data()).values()}
    text = _DISTRICT.sub(" , ", _CODE.sub(" , ", text))
    leading = re.match(r"\W*([0-9]{2})\W", text)
    named = {name for part in _SIGNS.split(text) for name in _spoken(part.split())}
    if named and leading and leading[1] in _names(paths.data()):
        named.add(_names(paths.data())[leading[1]])
    return codes | named


def _only(found: set[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def _first(text: str) -> set[str]:
    """Return the province named at the beginning of a text that follows the word for province."""
    words = _SIGNS.sub(" ", text).split()
    for number in range(min(len(words), 5), 0, -1):
        if found := _names(paths.data()).get(letters("".join(words[:number]))):
            return {found}
    return set()


def _spoken(words: list[str]) -> set[str]:
    """Return the provinces that words in a row name; abbreviations and numbers do not count here."""
    names, found, place = _names(paths.data()), set(), 0
    while place < len(words):
        for number in range(min(len(words) - place, 5), 0, -1):
            bare = _AFTER.sub("", _BEFORE.sub("", " ".join(words[place : place + number])))
            key = letters(bare)
            if len(key) >= SHORTEST and not key.isdigit() and key in names:
                found.add(names[key])
                place += number - 1
                break
        place += 1
    return found


def _hint(text: str) -> str:
    """Return which provinces a text that names none may mean."""
    found = _inside(text)
    bare = letters(_AFTER.sub("", _BEFORE.sub("", text)))
    if not found and len(bare) >= SHORTEST_HINT:
        found = {code for name, code in _official(paths.data()).items() if name.startswith(bare)}
    if not found and not re.fullmatch("th[0-9]*|[0-9]*", bare) and len(bare) >= SHORTEST_HINT:
        found = {_official(paths.data()).get(nearest(bare, _official(paths.data())))} - {None}
    named = [_shown(code) for code in sorted(found)][:MOST_HINTS]
    return f" (หมายถึง {' หรือ '.join(named)} หรือไม่)" if named else ""


def _shown(code: str) -> str:
    return "กรุงเทพมหานคร" if code == BANGKOK else province_name(code)
