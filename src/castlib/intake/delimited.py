"""Delimited text (CSV, TSV): its encoding told surely, its delimiter by the header, its rows as spreadsheets see them.

UTF-8, UTF-16 and UTF-32 with or without a mark, and Thai of before Unicode (TIS-620, cp874) are read.
Text in an old encoding is believed only when it is spelt as Thai can be: bytes of another language decode
just as well, but put vowels and tone marks where no consonant carries them.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from castlib.intake.grid import LONGEST_TEXT

DELIMITERS = ",;\t|"
LOOK = 10
MOST_BYTES = 96 * 2**20
MOST_DAMAGE = 0.02
WIDE, FEW_LETTERS = 10, 40
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\r?\n')
_CONSONANT = "\u0e01-\u0e2e"
_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_THAI = re.compile(f"[{_CONSONANT}{_MARK}\u0e30-\u0e33\u0e40-\u0e45]")
# a vowel before nothing that carries it, one after nothing, a mark upon nothing, a letter in an English word
_MISSPELT = re.compile(
    rf"[\u0e40-\u0e44](?![{_CONSONANT}\u0e40])|(?<![{_CONSONANT}{_MARK}])[{_MARK}]"
    rf"|(?<![{_CONSONANT}{_MARK}\u0e32])[\u0e30\u0e32\u0e33]|(?<=[a-z])[{_CONSONANT}\u0e3f\u0e50-\u0e59](?=[a-z])",
    re.IGNORECASE,
)
# UTF-8 once taken for Western or for Thai letters, and Thai letters once taken for Western ones
_MOJIBAKE = re.compile(
    r"[\u00c0-\u00ff][\u0080-\u00bf\u0152-\u02dc\u2010-\u2122]+|[\u00a1-\u00ff]{2,}|(?:\u0e40[\u0e18\u0e19].){2,}"
)
_LOST = re.compile(r"\?{3,}|\ufffd+")
_STRANGE = re.compile("[^\t-\r -~\u00a0-\u024f\u0e01-\u0e5b\u2000-\u2122\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Refused(Exception):
    """Text that is no table: `code` is the fault's, `given` what was seen."""

    def __init__(self, code: str, given: str = "") -> None:
        super().__init__(code, given)
        self.code, self.given = code, given


def decode(content: bytes) -> str:
    """Return text that was saved in any of the encodings in use in Thailand, or raise Refused.

    >>> decode("ชาย,หญิง".encode("cp874"))
    'ชาย,หญิง'
    """
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return _whole(_strictly(content[len(mark) :], name))
    for name in _wide(content[: 2**16]):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if _at_home(text):
            return _whole(text)
    try:
        return _whole(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        wrong = error
    if text := _old_thai(content):
        return text
    raise _refused(content, wrong)


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        if name == "utf-8":
            raise _refused(content, error) from error
        raise Refused("csv-encoding", f"ไบต์ที่ {error.start + 1:,}") from error


def _refused(content: bytes, wrong: UnicodeDecodeError) -> Refused:
    """Return why bytes are not UTF-8: cut off in the last letter, or wrong on a line."""
    if wrong.end >= len(content) and "unexpected end" in wrong.reason:
        return Refused("csv-broken", "ไฟล์ขาดตอนท้าย")
    line = content.count(b"\n", 0, wrong.start) + 1
    return Refused("csv-encoding", f"บรรทัดที่ {line:,}")


def _wide(start: bytes) -> list[str]:
    """Return the encodings of two or four bytes a letter that zero bytes in these places speak for."""
    most = len(start) // 4
    zeros = [start[place::4].count(0) for place in range(4)]
    if most and min(zeros[0], zeros[1]) >= most:
        return ["utf-32-be"]
    if most and min(zeros[2], zeros[3]) >= most:
        return ["utf-32-le"]
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if even + odd < most / 16:
        return []
    return ["utf-16-le", "utf-16-be"] if odd > even else ["utf-16-be", "utf-16-le"]


def _at_home(text: str) -> bool:
    """Whether nearly all of a text is Western or Thai letters, and marks that go with them."""
    return len(_STRANGE.findall(text[: 2**16])) <= MOST_DAMAGE * len(text[: 2**16])


def _old_thai(content: bytes) -> str | None:
    """Return the text of bytes in TIS-620 or cp874; None when it is not spelt as Thai can be."""
    try:
        text = content.decode("cp874")
    except UnicodeDecodeError:
        return None
    thai, wrong = len(_THAI.findall(text)), len(_MISSPELT.findall(text))
    consonants = len(re.findall(f"[{_CONSONANT}]", text))
    plausible = wrong <= MOST_DAMAGE * thai and consonants >= 0.3 * thai
    return text if plausible and not _CONTROL.search(text) else None


def _whole(text: str) -> str:
    """Return text, or raise Refused when it is none, or its Thai was lost before it was saved."""
    if len(_CONTROL.findall(text)) > MOST_DAMAGE * len(text):
        raise Refused("csv-encoding", "มีไบต์ที่ไม่ใช่ตัวอักษรอยู่มาก")
    sample = text[: 2**20]
    letters = max(FEW_LETTERS, sum(map(str.isalpha, sample)))
    garbled = sum(len(found[0]) for found in _MOJIBAKE.finditer(sample))
    if garbled > 0.3 * letters:
        raise Refused("csv-garbled", _excerpt(_MOJIBAKE, sample))
    if sum(len(found[0]) for found in _LOST.finditer(sample)) > 0.3 * letters:
        raise Refused("csv-garbled", _excerpt(_LOST, sample))
    return text


def _excerpt(pattern: re.Pattern[str], text: str) -> str:
    start = pattern.search(text).start()
    return " ".join(text[start : start + 20].split())


def rows(text: str, heads: Callable[[list[str]], object]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of delimited text with their numbers, as written, blank ones too.

    The delimiter is the one that Excel's first line `sep=` names, else the one under which a row near
    the top is a header that `heads` knows, else the one that most rows agree on.
    """
    named = _SEPARATOR.match(text[:16])
    stream = io.StringIO(text, newline="")
    if named:
        stream.seek(named.end())
    delimiter = named[1] if named else _delimiter(text, heads)
    # lines of the row being read, to see at the end whether its quotes were closed
    lines: list[str] = []
    last: list[str] = []
    number = width = 0
    csv.field_size_limit(LONGEST_TEXT)  # the whole process's, which other readers set too
    try:
        for number, cells in enumerate(csv.reader(_noted(stream, lines), delimiter=delimiter), 1):
            width = max(width, len(cells))
            if any("\n" in cell and _swallowed(cell, delimiter, width) for cell in cells):
                raise Refused("csv-broken", _open_quote(number))
            yield number, cells
            last, lines[:] = lines[:], []
    except csv.Error as error:
        given = f"แถว {number + 1:,}: {error}"
        if "field larger" in str(error):
            given = f"ช่องหนึ่งในแถว {number + 1:,} ยาวเกิน {LONGEST_TEXT:,} ตัวอักษร"
        raise Refused("csv-broken", given) from error
    if _is_open(last, delimiter):
        raise Refused("csv-broken", _open_quote(number))


def _noted(lines: Iterable[str], kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def _open_quote(number: int) -> str:
    return f'เครื่องหมาย “"” ในแถว {number:,} ไม่มีตัวปิด'


def _is_open(lines: list[str], delimiter: str) -> bool:
    """Whether a row ends in the middle of a quoted cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds what looks like whole rows, lost in it by an open quote."""
    return width >= WIDE and any(line.count(delimiter) >= width - 2 for line in cell.split("\n"))


def _delimiter(text: str, heads: Callable[[list[str]], object]) -> str:
    tops = {delimiter: _top(text[: 2**18], delimiter) for delimiter in DELIMITERS}
    for delimiter, top in tops.items():
        if any(map(heads, top)):
            return delimiter
    return max(DELIMITERS, key=lambda delimiter: _agreement(tops[delimiter]))


def _top(text: str, delimiter: str) -> list[list[str]]:
    """Return the first rows that are not blank."""
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return list(islice((row for row in read if any(map(str.strip, row))), LOOK))
    except csv.Error:
        return []


def _agreement(top: list[list[str]]) -> int:
    """Return how many rows have the number of cells that most have; none when it is one cell."""
    widths = Counter(len(row) for row in top)
    width, number = widths.most_common(1)[0] if widths else (1, 0)
    return number if width > 1 else 0
