"""People's names in running Thai text and in cells.

A name is found in one of four ways, from the surest to the loosest: after a title; after words that
announce a name (ชื่อ, ติดต่อ, ผู้ประสานงาน …); as a listed first name that is no other word, alone or
with a family name; as two words in a row that look like a name and are no others. "Look like" is the
lexicon's `likeness`, so names that are in no list are found too.
"""

import re
from collections.abc import Iterator

from castlib.privacy import titles
from castlib.privacy.lexicon import Lexicon
from castlib.privacy.names import (
    CONTEXT,
    FIELD,
    FORMAL,
    KIN,
    LATIN_NAME,
    NOT_LATIN_NAMES,
    NOTHING,
    ROLE,
    RUN,
    WEAK,
    Names,
)
from castlib.privacy.titles import LETTER

MOST_TITLES = 4
_IS_THAI = re.compile(f"[{LETTER}]+").fullmatch
_AFTER_TITLE = re.compile(r"[ :.]{0,2}")
_LATIN_LETTER = re.compile("[A-Za-z]")
_LATIN_SMALL = re.compile(r"[A-Za-z][A-Za-z'’\-]+(?: [A-Za-z'’\-]{2,}){0,1}")
# two capitalised words beside a number or an address that reaches somebody
_LATIN_BESIDE = re.compile(
    r"(?<![A-Za-z])[A-Z][a-z]+ [A-Z][a-z]+(?= ?[:(<|,]? ?(?:\+|\(?0)[\d\- ]{8}| ?[:(<|,]? ?[A-Za-z0-9._]{2,40}@)"
    r"|(?<=\d \()[A-Z][a-z]+ [A-Z][a-z]+(?=\))"
)
_BRACKETED = re.compile(
    f" ?(?:หรือ ?)?[(\\[\"“‘'] ?(?:ชื่อเล่น|ชื่อเล่นว่า|เรียกว่า|หรือ|ฉายา)?[ :]{{0,2}}([{LETTER}]{{1,14}}|[A-Z][a-z]{{1,12}}) ?[)\\]\"”’']"
)
_JOINED = re.compile(r" ?(?:,|และ|กับ|หรือ|/|&|\+|;|รวมทั้ง|พร้อมด้วย|ร่วมกับ) ?")
_CITED = re.compile(r" ?[(\[]2[45]\d\d[)\],:]")  # an author, and the year of a book
_UNDERLINED = re.compile("(?<=[ก-๎])_(?=[ก-๎])")
_ORGAN = re.compile(
    r" ?(?:อบต\.?|อบจ\.?|เทศบาล|องค์การบริหารส่วนตำบล|ชมรม|กลุ่ม|กองทุน|อสม\.?|รพ\.สต\.?|โครงการ) (?=[ก-ฮเ-ไ])"
)
_OPENS, _CLOSES = "\n,;:-•*[(\"“'", "\n,;:)]\"”'(<|.0123456789+"
# A word before a name that makes it a place's or a thing's.
_PLACE_BEFORE = frozenset(
    "อำเภอ ตำบล จังหวัด บ้าน หมู่บ้าน วัด โรงเรียน ถนน ซอย ชุมชน แม่น้ำ คลอง เขื่อน เขต แขวง ต. อ. จ. ถ. ซ. อุทยาน อุทยานแห่งชาติ เทศบาล เทศบาลตำบล"
    " เทศบาลเมือง เทศบาลนคร อบต. อบต มหาวิทยาลัย วิทยาลัย มูลนิธิ บริษัท ห้าง ห้างหุ้นส่วน ธนาคาร โรงพยาบาล ตลาด เกาะ ภู ภูเขา ดอย เขา อ่าว หาด สะพาน ค่าย เมือง นคร มัสยิด สถานี พันธุ์ ต้น ดอก พรรค".split()
)


def find(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Return where in a folded text people are named, in order and not overlapping."""
    return _Reader(text, lexicon).find()


class _Reader(Names):
    """One folded text, read for names; what was found is kept in `found`, each start with its end."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        # as names stand in the names of files
        super().__init__(_UNDERLINED.sub(" ", text), lexicon)
        self.found: dict[int, int] = {}

    def find(self) -> list[tuple[int, int]]:
        """Return the places, longest first where they overlap."""
        for way in (
            self._titled,
            self._in_latin,
            self._called,
            self._announced,
            self._listed,
            self._paired,
        ):
            for start, end in way():
                self._keep(start, end)
        kept: list[tuple[int, int]] = []
        for start, end in sorted(self.found.items(), key=lambda place: (place[0], -place[1])):
            if not kept or start >= kept[-1][1]:
                kept.append((start, end))
        return kept

    def _keep(self, start: int, end: int) -> None:
        """Note a name, what stands in brackets after it, and the names joined to it."""
        while self.found.get(start, 0) < end:
            self.found[start] = end
            if (bracketed := _BRACKETED.match(self.text, end)) and self._short_name(bracketed[1]):
                self.found[bracketed.start(1)] = bracketed.end(1)
                end = bracketed.end()
            if joined := _JOINED.match(self.text, end):
                start, end = self._joined(joined.end()) or (start, 0)

    def _joined(self, at: int) -> tuple[int, int] | None:
        """Return the place of a name that is joined to one."""
        place = self.name(at, NOTHING)
        run = RUN.match(self.text, at)
        pair = self.strange_pair(run[0], run.end()) if run and not place else 0
        return (at, pair) if pair else place

    def _short_name(self, word: str) -> bool:
        """Return whether a word in brackets after a name is another name of that person."""
        lexicon = self.lexicon
        if word[0].isascii():
            return not NOT_LATIN_NAMES.match(word)
        if word in lexicon.nicknames or word in lexicon.given:
            return True
        return word not in lexicon.common and len(word) <= 8 and lexicon.strange(word)

    def _titled(self) -> Iterator[tuple[int, int]]:
        """Find names after formal titles, and after shortened callings."""
        for pattern, tier in ((titles.FORMAL_TITLE, FORMAL), (titles.SHORT_ROLE, ROLE)):
            for found in pattern.finditer(self.text):
                start, end = found.span()
                if not self._apart(start, end):
                    continue
                place = self._after_titles(start, end, tier)
                if place:
                    yield place

    def _apart(self, start: int, end: int) -> bool:
        """Return whether a title begins a word here, or at least a listed name follows it."""
        title = self.text[start:end]
        # the cutting takes ขอบคุณนาย for ขอบ and คุณนาย
        if "." in title or self.text.endswith("ขอบคุณ", 0, start):
            return True
        if start in self.bounds and (end in self.bounds or title in _PLAIN):
            return True
        run = RUN.match(self.text, end)
        return bool(run) and (
            self.listed_start(run[0]) > 3
            or (title in _PLAIN and len(run[0]) < 17 and self.lexicon.likeness(run[0]) > 4)
        )

    def _called(self) -> Iterator[tuple[int, int]]:
        """Find names after callings and words of kinship."""
        for number in [n for n, word in enumerate(self.words) if word in _CALLED]:
            if self._before(number) not in _PLACE_BEFORE:
                start, word = self.starts[number], self.words[number]
                place = self._after_titles(start, start + len(word), _CALLED[word])
                if place:
                    yield place

    def _before(self, number: int) -> str:
        """Return the word before a word, a space between them left out."""
        before = self.words[max(0, number - 2) : number]
        return "" if not before else before[0] if before[-1] == " " else before[-1]

    def _after_titles(self, start: int, end: int, tier: int) -> tuple[int, int] | None:
        """Return the place of the name after a title and further titles; a formal title is part of it."""
        text = self.text
        blocked = self.blocked(start)
        begin = start if tier == FORMAL else None
        for _ in range(MOST_TITLES):
            more = _MORE.match(text[end : end + 40])
            if not more:
                break
            is_formal = bool(more["formal"])
            if is_formal and begin is None:
                begin = end + more.start("formal")
            if is_formal:
                if self.blocked(end + more.start("formal")) > end + more.end():
                    break  # คุณนายอำเภอ
            else:
                if self.blocked(end + more.start(2)) or end + more.end() not in self.bounds:
                    break
                begin = None
            tier = FORMAL if is_formal else _CALLED[more[2]]
            end += more.end()
        if organ := _ORGAN.match(text, end):
            end = organ.end()
        at = _AFTER_TITLE.match(text, end).end()
        if blocked > end:
            run = RUN.match(text, at)
            if not run or at + self.listed_start(run[0]) <= blocked:
                return None
        place = self.name(at, tier)
        return place and (begin if begin is not None else place[0], place[1])

    def _in_latin(self) -> Iterator[tuple[int, int]]:
        """Find names after English titles."""
        if not _LATIN_LETTER.search(self.text):
            return
        for found in titles.LATIN_TITLE.finditer(self.text):
            end = found.end()
            name = LATIN_NAME.match(self.text, end)
            if not name and (found[0][0].isupper() or "." in found[0]):
                name = _LATIN_SMALL.match(self.text, end)
            if found[0].rstrip().isupper() and name and not name[0].isupper():
                continue
            if name and not NOT_LATIN_NAMES.match(name[0]):
                yield found.start(), name.end()
            elif not name:
                place = self.name(end, ROLE)
                if place:
                    yield found.start(), place[1]

        for found in _LATIN_BESIDE.finditer(self.text):
            if not NOT_LATIN_NAMES.match(found[0]):
                yield found.span()

    def _announced(self) -> Iterator[tuple[int, int]]:
        """Find names after words that announce one."""
        for pattern, tier in (
            (titles.ANNOUNCED, CONTEXT),
            (titles.FIELD, FIELD),
            (titles.LOOSE, WEAK),
        ):
            for found in pattern.finditer(self.text):
                start, end = found.span()
                if start not in self.bounds and self.text[start - 1].isalpha():
                    continue
                # a common word is a name only where something parts it from what announces it
                parted = found[0][-1] in " :." or "ชื่อ" in found[0] or tier == FIELD
                place = self.name(end, tier if parted else WEAK) or self._nickname(found)
                if place:
                    yield place

    def _nickname(self, announced: re.Match) -> tuple[int, int] | None:
        """Return the place of a short name where the text says that one comes."""
        run = RUN.match(self.text, announced.end())
        if not run or not re.match("ชื่อ ?เล่น|เรียกกัน|ฉายา", announced[0]):
            return None
        size = next(
            (n for n in range(len(run[0]), 1, -1) if run[0][:n] in self.lexicon.nicknames), 0
        )
        rest = run[0][size:]
        if size and (not rest or self.lexicon.parts(rest)[0] in self.lexicon.following):
            return run.start(), run.start() + size
        return None

    def _listed(self) -> Iterator[tuple[int, int]]:
        """Find listed first names that are no other words, alone or with a family name."""
        lexicon = self.lexicon
        for number in [n for n, word in enumerate(self.words) if word in lexicon.given]:
            word, start = self.words[number], self.starts[number]
            if len(word) < 3:
                continue
            end = start + len(word)
            run = RUN.match(self.text, start)
            if end < run.end() <= end + 6 and (place := self.name(start, NOTHING)):
                end = max(end, place[1])
            whole = end if " " in self.text[start:end] else self.surname(end, NOTHING)
            distinct = word not in lexicon.common and word not in lexicon.places
            if whole and _CITED.match(self.text, whole):
                continue
            family = self.text[end:whole].strip()
            sure = distinct or (family in lexicon.family and family not in lexicon.common)
            placed = self.words[number - 1] in _PLACE_BEFORE if number else False
            if whole and not placed and (sure or self._alone(start, whole)):
                yield start, whole
                continue
            before = self._before(number)
            if before in _PLACE_BEFORE or before[:1] in ("-", "/"):
                continue
            if distinct and len(word) >= 4 and self._clean_edges(number):
                yield start, end

    def _alone(self, start: int, end: int) -> bool:
        """Return whether a place is a whole cell, a whole line, or an item of a list."""
        before = self.text[max(0, start - 4) : start].rstrip(" ")
        after = self.text[end : end + 2].lstrip(" ")
        opened = not before or before[-1] in _OPENS or bool(re.search(r"\d[.)]$", before))
        return opened and (not after or after[0] in _CLOSES)

    def _clean_edges(self, number: int) -> bool:
        """Return whether the words beside a word are words, not what is left of a broken one."""
        beside = self.words[number - 1 : number] if number else []
        beside += self.words[number + 1 : number + 2]
        known = self.lexicon.common
        return all(
            word in known or word in self.lexicon.given or not RUN.match(word) for word in beside
        )

    def _paired(self) -> Iterator[tuple[int, int]]:
        """Find two words in a row that look like a first and a family name and like nothing else."""
        lexicon, words, starts = self.lexicon, self.words, self.starts
        for number in [n for n, word in enumerate(words) if word == " "]:
            if not 0 < number < len(words) - 1 or not _IS_THAI(words[number + 1]):
                continue
            second = words[number + 1]
            if second in lexicon.following and len(second) > 2:
                continue
            at = number
            while at and _IS_THAI(words[at - 1]) and words[at - 1] not in lexicon.following:
                at -= 1
            opened = at
            while opened and _IS_THAI(words[opened - 1]) and number - opened < 6:
                opened -= 1
            start, end = starts[at], starts[number]
            if opened < at and self.odd_word(self.text[starts[opened] : end], False):
                start, at = starts[opened], opened
            if self.text.startswith("แซ่", end + 1) and (clan := self.surname(end, CONTEXT)):
                yield starts[opened] if end - starts[opened] < 15 else start, clan
                continue
            first = self.text[start:end]
            if not 2 < len(first) < 17 or first in lexicon.common or first in lexicon.places:
                continue
            stands_alone = not at or not _IS_THAI(words[at - 1])
            family = 0
            like = lexicon.likeness(first)
            if like >= 4 or first in lexicon.given:
                family = self.surname(end, NOTHING)
                second = self.text[end + 1 : family]
                plain = not (lexicon.strange(first) or lexicon.strange(second))
                if plain and like + lexicon.likeness(second) < 10:
                    family = 0
            if stands_alone and not family:
                pair = self.strange_pair(first, end)
                family = pair if pair and self._alone(start, pair) else 0
            if family and not _CITED.match(self.text, family):
                yield start, family


_PLAIN = ("นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง")
_CALLED = (
    dict.fromkeys(titles.KIN, KIN)
    | dict.fromkeys(titles.OFFICES, WEAK)
    | dict.fromkeys(titles.ROLES, ROLE)
)
_MORE = re.compile(
    rf" ?(?:(?P<formal>{titles.FORMAL_TITLE.pattern})"
    rf"|({titles.any_of([word for word in _CALLED if len(word) > 2])}))"
)
