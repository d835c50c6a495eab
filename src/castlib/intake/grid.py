"""The cells of a worksheet, and the shared strings they refer to, read as their XML streams by.

Memory does not grow with the part; a DTD stops the parser where it stands, and depth, text and row and
column numbers are bounded. Numbers come out as people write them, dates as ISO text.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.parsers import expat

from castlib.intake.spelling import clean
from castlib.intake.zips import Refused

MOST_STRINGS, MOST_ELEMENTS, LONGEST_TEXT = 1_000_000, 5_000_000, 2**17
LAST_ROW, LAST_COLUMN, DEEPEST = 1_048_576, 16_384, 64
CHUNK = 2**16

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Notes:
    """Cells that have no value of their own: formulas never computed, and errors such as #N/A."""

    formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def stream(package: zipfile.ZipFile, part: str, reader: "Reader") -> Iterator[None]:
    """Feed a part to a reader piece by piece, stopping after each."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_dtd
    try:
        with package.open(part) as entry:
            while piece := entry.read(CHUNK):
                parser.Parse(piece)
                yield
            parser.Parse(b"", True)
            yield
    except expat.ExpatError as error:
        raise Refused("broken", "XML ไม่สมบูรณ์") from error


def _no_dtd(*_: object) -> None:
    raise Refused("unsafe", "มีคำนิยามของเอกสาร (DTD) ซึ่งโปรแกรมสำนักงานไม่ใช้")


class Reader:
    """What the parser tells of: keeps the text of the elements that hold some."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = self.depth = self.seen = self.silent = 0
        self.keeping = False

    def text(self, text: str) -> None:
        if self.keeping:
            self.length += len(text)
            if self.length > LONGEST_TEXT:
                raise Refused("too-large", f"ช่องละกว่า {LONGEST_TEXT:,} ตัวอักษร")
            self.pieces.append(text)

    def start(self, name: str, about: dict[str, str]) -> None:
        """Take note of an element; its name comes with the prefix that the writer chose."""
        self.depth += 1
        self.seen += 1
        if self.depth > DEEPEST:
            raise Refused("unsafe", "โครงสร้างซ้อนกันลึกผิดปกติ")
        if self.seen > MOST_ELEMENTS:
            raise Refused("too-large", f"กว่า {MOST_ELEMENTS:,} องค์ประกอบ")
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.keeping = not self.silent
        elif name == "rPh":
            self.silent += 1
        else:
            self.open(name, about)

    def end(self, name: str) -> None:
        self.depth -= 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in ("v", "t"):
            self.keeping = False
        elif name == "rPh":
            self.silent -= 1
        else:
            self.close(name)

    def taken(self) -> str:
        """Return the text kept since the last time."""
        found = "".join(self.pieces)
        self.pieces.clear()
        self.length = 0
        return found


class Strings(Reader):
    """The shared strings, clean."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def open(self, name: str, about: dict[str, str]) -> None:
        if name == "si" and len(self.found) >= MOST_STRINGS:
            raise Refused("too-large", f"กว่า {MOST_STRINGS:,} ข้อความ")

    def close(self, name: str) -> None:
        if name == "si":
            self.found.append(_plain(self.taken()))


class Grid(Reader):
    """The rows of a sheet: `done` gathers those that are not blank until they are fetched."""

    def __init__(
        self, strings: list[str], formats: list[str], from_1904: bool, notes: Notes, last: int
    ) -> None:
        super().__init__()
        self.strings, self.formats, self.from_1904 = strings, formats, from_1904
        self.notes, self.last = notes, last
        self.done: list[tuple[int, list[str]]] = []
        self.finished = self.formula = False
        self.row = self.column = 0
        self.cells: list[str] = []
        self.about: dict[str, str] = {}

    def open(self, name: str, about: dict[str, str]) -> None:
        if name == "c":
            self.about, self.formula = about, False
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = about.get("r", "")
            row = int(number) if number.isdecimal() else self.row + 1
            if not self.row < row <= LAST_ROW:
                raise Refused("broken", "เลขแถวไม่เรียงลำดับ")
            self.row, self.column, self.cells = row, 0, []
            self.finished = self.finished or row > self.last

    def close(self, name: str) -> None:
        if name == "c":
            self._place()
        elif name == "row" and self.cells and not self.finished:
            self.done.append((self.row, self.cells))
        elif name == "sheetData":
            self.finished = True

    def _place(self) -> None:
        """Put the cell that has just ended into its row."""
        where = self.about.get("r")
        self.column = _column(where.rstrip("0123456789")) if where else self.column + 1
        if self.column > LAST_COLUMN:
            raise Refused("broken", "เลขคอลัมน์เกินที่ตารางมีได้")
        if not self.pieces and not self.formula:
            return
        raw, kind = self.taken(), self.about.get("t", "n")
        if kind == "e":
            self.notes.errors.append(where or f"แถว {self.row}")
        elif not raw and self.formula and kind != "str":
            self.notes.formulas.append(where or f"แถว {self.row}")
        elif text := self._value(kind, raw):
            self.cells += [""] * (self.column - len(self.cells))
            self.cells[self.column - 1] = text

    def _value(self, kind: str, raw: str) -> str:
        if kind == "s":
            if not raw.isdecimal() or int(raw) >= len(self.strings):
                raise Refused("broken", "ดัชนีข้อความไม่ตรง")
            return self.strings[int(raw)]
        if kind == "n":
            return self._number(raw, self.about.get("s", ""))
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind == "d":
            return raw.replace("T", " ").partition(".")[0].removesuffix("Z")
        return _plain(raw)

    def _number(self, raw: str, style: str) -> str:
        shows = ""
        if style.isdecimal() and int(style) < len(self.formats):
            shows = self.formats[int(style)]
        try:
            number = float(raw)
            return _moment(number, shows, self.from_1904) if shows else _shown(raw, number)
        except (ValueError, OverflowError):
            return clean(raw)


def _column(letters: str) -> int:
    """Return a column's number.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter.upper()) - 64
    return max(number, 1)


def _plain(raw: str) -> str:
    """Return clean text; what the format cannot write in XML (`_x000D_`) is undone."""
    if "_x" in raw:
        raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
        raw = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return clean(raw)


def _shown(raw: str, number: float) -> str:
    """Return a number as people write it.

    >>> _shown("5.0", 5.0), _shown("0.30000000000000004", 0.1 + 0.2), _shown("1234567890123", 1.0)
    ('5', '0.3', '1234567890123')
    """
    if raw.isdecimal() and raw.isascii():
        return raw
    return str(int(number)) if number.is_integer() else f"{number:.15g}"


def _moment(number: float, shows: str, from_1904: bool) -> str:
    """Return a serial number as a date, a time of day, or both; the year is always of the Common Era.

    >>> _moment(44870, "date", False), _moment(44870.3778587963, "date", False)
    ('2022-11-05', '2022-11-05 09:04:07')
    """
    seconds = round(number * 86400)
    if 0 <= number < 1:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    days = 24107 if from_1904 else 25569 - (number < 60)
    found = datetime(1970, 1, 1) + timedelta(seconds=seconds - days * 86400)
    return str(found) if shows == "time" or seconds % 86400 else f"{found:%Y-%m-%d}"
