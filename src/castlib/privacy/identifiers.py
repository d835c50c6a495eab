"""Personal data in a cell or in running Thai text: what it is and where it stands.

Seven kinds: person, phone, id (national ID, passport, bank account …), email, line (LINE and other
networks), address, position (one that a single person holds). Patterns are tables in `contacts`,
`places` and `titles`; names are read by `persons`. What leaves this study leaves it masked
(`castlib.privacy.pseudonyms`), so a doubt is settled for privacy where a title or a word such as
โทร announces personal data, and for the text where nothing does.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from castlib.privacy import persons, titles
from castlib.privacy.contacts import PATTERNS, PROTECTED, WORTH, digits_of
from castlib.privacy.folding import fold
from castlib.privacy.lexicon import Lexicon, lexicon
from castlib.privacy.places import Places

# in the order in which they keep a place that two of them claim
KINDS = ("email", "id", "phone", "line", "address", "position", "person")
WORDS = {
    "person": "บุคคล",
    "phone": "โทรศัพท์",
    "id": "เลขประจำตัว",
    "email": "อีเมล",
    "line": "ไลน์",
    "address": "ที่อยู่",
    "position": "ตำแหน่ง",
}
MARK = re.compile(rf"\[(?:{'|'.join(WORDS.values())}):[0-9a-f]{{6}}\]")
_BLANK = "\ue000"
# what a text must have before reading it for names and places is worth the time
_DIGIT = re.compile(r"\d")
_READABLE = re.compile("[ก-ฮ]|[A-Za-z]{2}")


@dataclass(frozen=True)
class Identifier:
    """A piece of personal data: its kind, where it stands in the text given, and what stands there."""

    kind: str
    start: int
    end: int
    text: str


def find(text: str) -> list[Identifier]:
    """Return the personal data in a text, in order and not overlapping.

    Use it on cells and on running text, clean or as typed: invisible characters, parted vowels, Thai
    digits and doubled spaces hide nothing. Pseudonyms that stand in the text are left alone. Do not use
    it on program text or on lists of references, whose authors are persons too.

    Parameters
    ----------
    text : str
        Any length; the time taken grows with it and no faster (about 2 s for 1,000,000 characters).

    Returns
    -------
    list of Identifier
        `start` and `end` are places in `text` as given. Where two kinds claim one place, the more exact
        one has it: e-mail, ID, phone, LINE, address, position, person.

    Examples
    --------
    >>> [(found.kind, found.text) for found in find("ติดต่อนายทดสอบ ตัวอย่าง โทร ๐๘" + "-๑๒๓๔" * 2)]
    [('person', 'นายทดสอบ ตัวอย่าง'), ('phone', '๐๘-๑๒๓๔-๑๒๓๔')]
    >>> find("นายอำเภอบอกว่าคุณภาพชีวิตดีขึ้น ใช้งบ 1,250,000 บาท ปี 2565")
    []
    """
    return list(_find(text, lexicon()))


@lru_cache(maxsize=65536)
def _find(text: str, words: Lexicon) -> tuple[Identifier, ...]:
    """Return what `find` returns; the same text often comes again (a column's header, a place, a refrain)."""
    folded = fold(text)
    searched = MARK.sub(lambda mark: _BLANK * len(mark[0]), folded.text)
    found = []
    for kind, start, end in _resolved(_candidates(searched, words)):
        first, last = folded.span(start, end)
        found.append(Identifier(kind, first, last, text[first:last]))
    return tuple(found)


def _candidates(text: str, words: Lexicon) -> Iterator[tuple[str, int, int]]:
    """Find everything in a folded text that may be personal data."""
    worth = {kind for kind, needed in WORTH.items() if needed.search(text)}
    if worth:
        bare = PROTECTED.sub(lambda number: _BLANK * len(number[0]), text)
        for pattern in PATTERNS:
            if pattern.kind in worth:
                group = "it" if "it" in pattern.regex.groupindex else 0
                for match in pattern.regex.finditer(bare):
                    if pattern.check is None or pattern.check(match):
                        yield pattern.kind, *match.span(group)
    if _READABLE.search(text):
        places = Places(text, words)
        if _DIGIT.search(text):
            yield from (("address", *place) for place in places.addresses())
        yield from (("position", *place) for place in places.positions())
        yield from (("person", *place) for place in persons.find(text, words))


def _resolved(candidates: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the candidates, or what of them is left: the more exact kind, then the longer one, comes first."""
    kept: list[tuple[int, int, str]] = []
    for kind, start, end in sorted(
        set(candidates), key=lambda found: (KINDS.index(found[0]), found[1] - found[2], found[1])
    ):
        at = bisect(kept, (start, end, kind))
        free = (kept[at - 1][1] if at else 0, kept[at][0] if at < len(kept) else end)
        first, last = max(start, free[0]), min(end, free[1])
        # what another kind leaves of a name is still part of a name
        if (first, last) == (start, end) or (kind == "person" and last - first > 2):
            kept.insert(at, (first, last, kind))
    return [(kind, start, end) for start, end, kind in kept]


def normal(kind: str, text: str) -> str:
    """Return the form in which every spelling of one identifier is the same.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    text : str
        What stands in the text, as `find` gives it.

    Examples
    --------
    >>> normal("phone", "+๖๖ (0)8" + " 1234" * 2) == "08" + "1234" * 2
    True
    >>> normal("person", "นาย  ทดสอบ ตัวอย่าง")
    'ทดสอบตัวอย่าง'
    """
    return _NORMAL[kind](fold(text).text.strip())


def _phone(text: str) -> str:
    for value, word in enumerate(_SPOKEN_DIGITS):
        text = re.sub(word, str(value), text)
    number = digits_of(_EXTENSION.split(text, maxsplit=1)[0])
    return re.sub("^(?:00)?66(?:0(?=[2-9]))?(?=[2-9]\\d{7})", "0", number)


def _id(text: str) -> str:
    return re.sub(r"[^0-9A-Zก-ฮ]", "", text.upper())


def _email(text: str) -> str:
    text = re.sub(r"[(\[{ ](?:at|แอท|แอ็ต|เอท|แอด)[)\]} ]", "@", text.casefold())
    text = re.sub(r"[(\[ ](?:dot|ดอท|จุด)[)\] ]?", ".", text)
    return text.replace(" ", "").replace("คอม", "com")


def _line(text: str) -> str:
    text = re.sub(r"^(?:https?://)?(?:www\.|m\.|web\.)?[a-z]+\.(?:com|me)/", "", text.casefold())
    return re.sub(r"[\s@~]", "", text)


def _place(text: str) -> str:
    for short, long in _ABBREVIATIONS:
        text = short.sub(long, text)
    return re.sub(r"[^\w/\u0e00-\u0e7f]", "", text.casefold())


def _person(text: str) -> str:
    while title := (titles.FORMAL_TITLE.match(text) or titles.LATIN_TITLE.match(text)):
        rest = text[title.end() :].lstrip(" .")
        if len(rest) < 2:
            break
        text = rest
    return re.sub(r"[\s.,'’\-]", "", text.casefold())


_SPOKEN_DIGITS = "ศูนย์ (?:หนึ่ง|เอ็ด) (?:สอง|โท) สาม สี่ ห้า หก เจ็ด แปด เก้า".split()
_EXTENSION = re.compile(r"ต่อ|กด|(?i:ext)|#")
_ABBREVIATIONS = [
    (re.compile(short), long)
    for short, long in (
        (r"หมู่ ?ที่ ?|ม\. ?(?=\d)|(?i:moo|mu)\.? ?(?=\d)", "หมู่"),
        (r"ต\. ?", "ตำบล"),
        (r"อ\. ?(?=[ก-ฮเ-ไ])", "อำเภอ"),
        (r"จ\. ?", "จังหวัด"),
        (r"ถ\. ?", "ถนน"),
        (r"ซ\. ?", "ซอย"),
        (r"(?:ผญบ|ผญ)\.? ?|ผู้ใหญ่(?=หมู่)", "ผู้ใหญ่บ้าน"),
        (r"ผอ\.? ?", "ผู้อำนวยการ"),
        (r"รร\. ?|ร\.ร\. ?", "โรงเรียน"),
        (r"^(?:ที่อยู่(?:ปัจจุบัน)?|อยู่(?:ที่)?|พักอยู่(?:ที่)?)?[ :]*(?:บ้าน ?)?(?:เลขที่)?(?:บ้าน)?[ :]*(?=\d)", ""),
    )
]
_NORMAL = {
    "person": _person,
    "phone": _phone,
    "id": _id,
    "email": _email,
    "line": _line,
    "address": _place,
    "position": _place,
}
