"""Any table that is sent, CSV or XLSX, as rows of clean text: told apart by content, whatever the name says.

The header is looked for near the top, since people put titles above it; row numbers are those that a
spreadsheet shows. Of a workbook's sheets the one whose header is known is read, a visible one first.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from castlib.errors import some
from castlib.intake import delimited, headers, zips
from castlib.intake.arrival import REMARKS, Arrival
from castlib.intake.grid import Notes
from castlib.intake.spelling import clean
from castlib.intake.workbook import Workbook, Worksheet

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 1_000, 10_000_000
MOST_SHEETS, FARTHEST = 20, 5_000
LOOK = delimited.LOOK
LOST = "\ufffd"


class Rows(list[tuple[int, list[str]]]):
    """A table's rows with their numbers, the header first, blank ones left out; `sheet` names a worksheet."""

    def __init__(self, rows: Iterable[tuple[int, list[str]]], sheet: str = "") -> None:
        super().__init__(rows)
        self.sheet = sheet

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return self[0][1]

    def under(self, header: list[str]) -> "Rows":
        """Return the same rows under other names of their columns."""
        return Rows([(self[0][0], header), *self[1:]], self.sheet)

    def place(self, number: int, column: str = "") -> str:
        """Return where a row, or a cell of it, stands.

        >>> Rows([], "Form1").place(12, "เพศ")
        'แผ่นงาน “Form1” แถว 12 คอลัมน์ “เพศ”'
        """
        sheet = f"แผ่นงาน “{self.sheet}” " if self.sheet else ""
        return f"{sheet}แถว {number}" + (f" คอลัมน์ “{column}”" if column else "")


class Sheet:
    """A sheet's rows under the columns that its kind needs; cells beyond them are counted and refused.

    `columns` are the needed columns, `others` those that are read when they are there. Iterating gives
    the row's number and its cells by column; blank rows are left out, and counted rows and fields go to
    the arrival.
    """

    def __init__(
        self, arrival: Arrival, rows: Rows, columns: list[str], others: tuple[str, ...] = ()
    ) -> None:
        header, width = rows[0][1], max(len(cells) for _, cells in rows)
        header = header + [""] * (width - len(header))
        self.arrival, self.place = arrival, rows.place
        self.known = {name: header.index(name) for name in (*columns, *others) if name in header}
        ignored = {place for place, name in enumerate(header) if name == REMARKS}
        own = set(self.known.values())
        self.rows = []
        strays: set[int] = set()
        for number, cells in rows[1:]:
            filled = {place for place, cell in enumerate(cells) if cell} - ignored
            if filled:
                self.rows.append((number, cells, len(filled - own)))
                strays |= filled - own
                arrival.rows.read += 1
                arrival.fields.read += len(filled)
        names = {place: header[place] or f"คอลัมน์ที่ {place + 1}" for place in range(width)}
        unknown = [p for p in range(width) if p not in own | ignored and (header[p] or p in strays)]
        if unknown:
            listed = some(f"“{names[place][:80]}”" for place in unknown)
            arrival.fault("columns-extra", given_all=listed, number=len(unknown))
        missing = [name for name in columns if name not in self.known]
        if missing:
            listed = ", ".join(f"“{name}”" for name in missing)
            arrival.refuse("columns-missing", given_all=listed, number=len(missing))

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells, _ in [] if self.arrival.refused else self.rows:
            yield (
                number,
                {
                    name: cells[place] if place < len(cells) else ""
                    for name, place in self.known.items()
                },
            )

    def settle(self, kept: dict[int, tuple[int, int]]) -> None:
        """Count rows and fields: `kept` has, by row number, how many fields were kept and refused."""
        if self.arrival.refused:
            return
        rows, fields = self.arrival.rows, self.arrival.fields
        for number, cells, strays in self.rows:
            if number in kept:
                accepted, rejected = kept[number]
                rows.accepted += 1
                fields.accepted += accepted
                fields.rejected += rejected + strays
            else:
                rows.rejected += 1
                known = sum(1 for p in self.known.values() if p < len(cells) and cells[p])
                fields.rejected += known + strays


def read(arrival: Arrival) -> Rows | None:
    """Return the rows of a table that was sent; None, the file refused, when it cannot be read."""
    family = "csv"
    try:
        with arrival.file.open("rb") as opened:
            start = opened.read(len(zips.OLE))
        if start.startswith(b"PK") or start == zips.OLE:
            family = "sheet"
            return _of_workbook(arrival)
        return _of_text(arrival)
    except zips.Refused as refusal:
        reason = "broken" if refusal.reason == "not" else refusal.reason
        limit = f"{MOST_ROWS:,} แถว {MOST_COLUMNS:,} คอลัมน์ {MOST_CELLS:,} ช่อง"
        arrival.refuse(f"{family}-{reason}", given=refusal.given, limit=limit)
    except delimited.Refused as refusal:
        arrival.refuse(refusal.code, given=refusal.given)
    except OSError as error:
        arrival.refuse("file-unreadable", given=type(error).__name__)
    return None


def is_table(file: Path) -> bool:
    """Whether the beginning of a text file is a table whose header is known."""
    with file.open("rb") as opened:
        start = opened.read(2**16)
    for cut in range(4):
        # the beginning may end in the middle of a letter
        try:
            text = delimited.decode(start[: len(start) - cut])
            top = [cells for _, cells in islice(delimited.rows(text, headers.kind), 5 * LOOK)]
        except delimited.Refused:
            continue
        return any(map(headers.kind, top))
    return False


def _of_text(arrival: Arrival) -> Rows | None:
    size = arrival.file.stat().st_size
    if size > delimited.MOST_BYTES:
        raise zips.Refused("too-large", f"{size / 2**20:,.0f} MB")
    text = delimited.decode(arrival.file.read_bytes())
    found = Rows(_within(delimited.rows(text, headers.kind)))
    if not found:
        raise delimited.Refused("csv-broken", "ไม่มีข้อความ")
    if "\0" in text:
        arrival.fault("csv-nul", given=f"{text.count(chr(0)):,}")
    if LOST in text:
        lost = [number for number, cells in found if any(LOST in cell for cell in cells)]
        arrival.fault("csv-letters-lost", given=some(lost), number=len(lost))
    return _headed(arrival, found)


def _of_workbook(arrival: Arrival) -> Rows | None:
    with zips.opened(arrival.file) as package:
        book, notes = Workbook(package), Notes()
        chosen, others, same = _choose(book)
        found = Rows([])
        if chosen:
            found = Rows(_within(book.rows(chosen, notes)), chosen.name)
        macro = zips.has_macro(package)
    if not found:
        arrival.refuse("sheet-empty")
        return None
    if macro:
        arrival.fault("sheet-macro")
    for code, names in (("sheet-others", others), ("sheet-twice", same)):
        if names:
            arrival.fault(code, given=some(f"“{name}”" for name in names), kept=chosen.name)
    for code, cells in (("sheet-formula", notes.formulas), ("sheet-error", notes.errors)):
        if cells:
            place = f"แผ่นงาน “{chosen.name}”"
            arrival.fault(code, place, given=some(cells), number=len(cells))
    return _headed(arrival, found)


def _choose(book: Workbook) -> tuple[Worksheet | None, list[str], list[str]]:
    """Return the sheet to read, the names of others with something in them, and of those of its kind."""
    kinds: dict[Worksheet, str] = {}
    for sheet in sorted(book.sheets[:MOST_SHEETS], key=lambda sheet: sheet.hidden):
        rows = (cells for _, cells in book.rows(sheet, Notes(), FARTHEST) if any(cells))
        if top := list(islice(rows, LOOK)):
            kinds[sheet] = next(filter(None, map(headers.kind, top)), "")
    chosen = next((sheet for sheet, kind in kinds.items() if kind), next(iter(kinds), None))
    known = kinds.get(chosen)
    rest = [sheet for sheet in kinds if sheet is not chosen]
    same = [sheet.name for sheet in rest if known and kinds[sheet] == known]
    others = [sheet.name for sheet in rest if sheet.name not in same]
    return chosen, others + [sheet.name for sheet in book.sheets[MOST_SHEETS:]], same


def _within(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows that are not blank, clean, as long as a table is of bearable size."""
    many = widest = 0
    for number, cells in rows:
        widest = max(widest, len(cells))
        if widest > MOST_COLUMNS:
            raise zips.Refused("too-large", f"{widest:,} คอลัมน์")
        cells = [clean(cell) for cell in cells]
        if any(cells):
            many += 1
            yield number, cells
        if many > MOST_ROWS:
            raise zips.Refused("too-large", f"{many:,} แถว")
        if many * widest > MOST_CELLS:
            raise zips.Refused("too-large", f"กว่า {MOST_CELLS:,} ช่อง")


def _headed(arrival: Arrival, rows: Rows) -> Rows:
    """Return the rows from the header on, without copies of it further down."""
    tops = enumerate(cells for _, cells in rows[:LOOK])
    top = next((place for place, cells in tops if headers.kind(cells)), 0)
    if top:
        above = some(number for number, _ in rows[:top])
        arrival.fault("sheet-above-header", rows.place(rows[top][0]), given=above, number=top)
    first, *rest = rows[top:]
    return Rows([first, *(row for row in rest if row[1] != first[1])], rows.sheet)
