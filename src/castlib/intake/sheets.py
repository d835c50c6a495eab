"""CSV files: opening any of them, and reading the register, the experts' ratings and the coders' sheets.

All readers take rows of clean text. A column called หมายเหตุ is the sender's remark: not read, not
counted, not a fault.
"""

import csv
import io
import re
from collections import defaultdict

import pandas as pd

from castlib import instrument, paths
from castlib.errors import nearest, some
from castlib.intake import values
from castlib.intake.arrival import REMARKS, Arrival
from castlib.intake.values import Unreadable, clean, digits

MOST_ROWS, MOST_COLUMNS = 200_000, 1_000
FILE, UPLOADED = "ไฟล์", "เวลาที่อัปโหลด"
ITEM, EXPERT = "ข้อ", "ผู้เชี่ยวชาญ"
DOCUMENT, TURN, TEXT, CODES = "เอกสาร", "ลำดับ", "ข้อความ", "รหัส"
RATINGS = {"-1": -1, "−1": -1, "–1": -1, "0": 0, "1": 1, "+1": 1}
HEADERS = {
    "questionnaire": (
        {instrument.SUBMITTED, instrument.PROVINCE},
        {"submitted_at", "province"},
    ),
    "register": ({FILE, UPLOADED},),
    "coding": ({DOCUMENT, TURN, CODES},),
}
Rows = list[tuple[int, list[str]]]


def read(arrival: Arrival) -> Rows | None:
    """Return a CSV file's rows with their numbers (the first is 1), blank ones left out.

    Quoting and uneven rows are read as spreadsheets read them. Returns None, the file refused, when it
    is not UTF-8, not CSV, too large, or empty.
    """
    try:
        text = arrival.file.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""))
        rows = []
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
                limit = f"{MOST_ROWS:,} แถว {MOST_COLUMNS:,} คอลัมน์"
                given = f"{number:,} แถว" if number > MOST_ROWS else f"{len(cells):,} คอลัมน์"
                arrival.refuse("csv-too-large", given=given, limit=limit)
                return None
            cells = [clean(cell) for cell in cells]
            if any(cells):
                rows.append((number, cells))
    except UnicodeDecodeError:
        arrival.refuse("csv-encoding")
    except csv.Error as error:
        arrival.refuse("csv-broken", given=str(error))
    else:
        if rows:
            return rows
        arrival.refuse("csv-broken", given="ไม่มีข้อความ")
    return None


def kind(rows: Rows, path: str) -> str:
    """Return what a sheet is by its header, or else by its name and folder."""
    header = set(rows[0][1]) if rows else set()
    for found, needed in HEADERS.items():
        if any(names <= header for names in needed):
            return found
    if ITEM in header and any(name.startswith(EXPERT) for name in header):
        return "ioc"
    folder, _, name = path.rpartition("/")
    by_name = {"questionnaire.csv": "questionnaire", "received.csv": "register"}
    by_folder = {"ratings": "ioc", "coding": "coding"}
    return by_name.get(name) or by_folder.get(folder) or "unknown"


class Sheet:
    """A sheet's rows under the columns that its kind needs; cells beyond them are counted and refused.

    `columns` are the needed columns with what a header calls them. Iterating gives the row's number and its cells by
    column; blank rows are left out, and counted rows and fields go to the arrival.
    """

    def __init__(self, arrival: Arrival, rows: Rows, columns: dict[str, str]) -> None:
        header = rows[0][1]
        width = max(len(cells) for _, cells in rows)
        header = header + [""] * (width - len(header))
        self.arrival = arrival
        self.known = {name: header.index(name) for name in columns if name in header}
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
        missing = [called for name, called in columns.items() if name not in self.known]
        if missing:
            listed = ", ".join(f"“{name}”" for name in missing)
            arrival.refuse("columns-missing", given_all=listed, number=len(missing))

    def __iter__(self):
        for number, cells, _ in self.rows:
            yield (
                number,
                {
                    name: cells[place] if place < len(cells) else ""
                    for name, place in self.known.items()
                },
            )

    def settle(self, kept: dict[int, tuple[int, int]]) -> None:
        """Count rows and fields: `kept` has, by row number, how many fields were kept and refused."""
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


def register(arrival: Arrival, rows: Rows, arrivals: list[Arrival]) -> None:
    """Give every file the time at which the drive received it; the last upload of a path counts."""
    sheet = Sheet(arrival, rows, {FILE: FILE, UPLOADED: UPLOADED})
    if arrival.refused:
        return
    by_path = {_key(found.path): found for found in arrivals}
    uploads, kept = defaultdict(list), {}
    for number, cells in sheet:
        place = f"แถว {number}"
        found = by_path.get(_key(cells[FILE]))
        if not found:
            arrival.fault("register-no-file", place, given=cells[FILE])
            continue
        try:
            when = values.moment(cells[UPLOADED]) if cells[UPLOADED] else None
        except Unreadable:
            when = None
        if when is None:
            arrival.fault("register-time-unreadable", place, found.province, given=cells[UPLOADED])
        else:
            uploads[found.path].append((when, number, found))
    for times in uploads.values():
        *earlier, (when, number, found) = sorted(times, key=lambda upload: upload[:2])
        found.submitted_at = max(when, found.submitted_at or when)
        kept[number] = (2, 0)
        for _, number, _ in earlier:
            arrival.fault("register-twice", f"แถว {number}", found.province, given=found.path)
    sheet.settle(kept)


def _key(path: str) -> str:
    """Return a path for comparing: one kind of slash, composed letters, no leading dot."""
    return clean(path).replace("\\", "/").removeprefix("./").replace(" ", "").casefold()


def ioc(arrival: Arrival, rows: Rows) -> pd.DataFrame:
    """Return the experts' ratings, one row an item and an expert: item, expert, rating, trace."""
    experts = [name for name in rows[0][1] if re.fullmatch(rf"{EXPERT} ?\d+", digits(name))]
    sheet = Sheet(arrival, rows, {name: name for name in (ITEM, *(experts or [f"{EXPERT} 1"]))})
    found, kept = [], {}
    items = list(instrument.load().items["item"])
    rated: set[str] = set()
    for number, cells in [] if arrival.refused else sheet:
        item, place = cells.pop(ITEM), f"แถว {number}"
        if item not in items:
            arrival.fault("ioc-item-unknown", place, given=item, hint=_hint(item, items))
        elif item in rated:
            arrival.fault("ioc-item-twice", place, given=item)
        else:
            rated.add(item)
            good = bad = 0
            for name, given in cells.items():
                rating = RATINGS.get(digits(given).removesuffix(".0"))
                if rating is not None:
                    good += 1
                    expert = int(digits(name).removeprefix(EXPERT))
                    found.append((item, expert, rating, arrival.path, number))
                elif given:
                    bad += 1
                    arrival.fault("ioc-rating-unreadable", f"{place} คอลัมน์ {name}", given=given)
            kept[number] = (good + 1, bad)
    if not arrival.refused:
        sheet.settle(kept)
        if lacking := [item for item in items if item not in rated]:
            arrival.fault("ioc-items-missing", given=some(lacking))
    return pd.DataFrame(found, columns=["item", "expert", "rating", "source_file", "source_row"])


def _hint(wrong: str, right: list[str]) -> str:
    like = nearest(wrong, right)
    return f" (หมายถึง {like} หรือไม่)" if like else ""


def coder(arrival: Arrival) -> str:
    """Return the name of the coder whose sheet this is: the file's name."""
    return arrival.file.stem


def coding(arrival: Arrival, rows: Rows, texts: dict[tuple[str, int], str]) -> list[dict]:
    """Return a coder's codings, one record a segment and code; code None means: read, nothing to code.

    `texts` is every segment's text by group and turn. Unknown codes are refused one by one; a row whose
    codes are all unknown is refused, since it does not say that there is nothing to code.
    """
    sheet = Sheet(arrival, rows, {name: name for name in (DOCUMENT, TURN, TEXT, CODES)})
    known = list(pd.read_csv(paths.data() / "codebook.csv", usecols=["code"], dtype=str)["code"])
    found, kept = [], {}
    unknown, done = defaultdict(list), set()
    for number, cells in [] if arrival.refused else sheet:
        # a cell of several codes was read as one field; from here on each code is a field
        codes = [code for part in cells[CODES].split(";") if (code := part.strip())]
        arrival.fields.read += len(codes) - bool(cells[CODES])
        segment, place = _segment(cells), f"แถว {number}"
        lost = len(codes) - bool(cells[CODES])
        if segment not in texts:
            unknown[cells[DOCUMENT]].append(cells[TURN])
        elif segment in done:
            arrival.fault("coding-twice", place, given=f"{segment[0]}:{segment[1]}")
        else:
            good = [code for code in dict.fromkeys(codes) if code in known]
            for code in codes:
                if code not in known:
                    arrival.fault("code-unknown", place, given=code, hint=_hint(code, known))
            if good or not codes:
                done.add(segment)
                lost = 0
                accepted = sum(code in known for code in codes)
                others = sum(1 for name in (DOCUMENT, TURN, TEXT) if cells[name])
                kept[number] = (others + accepted, len(codes) - accepted)
                for code in good or [None]:
                    found.append(_record(arrival, number, segment, code))
                if cells[TEXT] != texts[segment]:
                    arrival.fault("coding-text-differs", place)
        arrival.fields.rejected += lost
    for document, turns in unknown.items():
        place = f"เอกสาร {document}"
        arrival.fault("coding-segment-unknown", place, given=some(turns), number=len(turns))
    if not arrival.refused:
        sheet.settle(kept)
    return found


def _record(arrival: Arrival, number: int, segment: tuple[str, int], code: str | None) -> dict:
    group, turn = segment
    about = {"segment": f"{group}:{turn}", "group": group, "coder": coder(arrival), "code": code}
    return {**about, "source_file": arrival.path, "source_row": number}


def _segment(cells: dict[str, str]) -> tuple[str, int] | None:
    try:
        return cells[DOCUMENT], values.whole(cells[TURN])
    except Unreadable:
        return None
