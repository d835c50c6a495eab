"""What sheets say, CSV or Excel: which kind they are, the register of uploads, the experts' ratings.

The coders' sheets have a module of their own, `coding`. All readers take rows of clean text. A column
called หมายเหตุ is the sender's remark: not read, not counted, not a fault.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

import pandas as pd

from castlib import instrument, paths
from castlib.errors import nearest, some
from castlib.intake import headers, spreadsheet, values
from castlib.intake.arrival import Arrival
from castlib.intake.headers import ASKED, EXPERT, FILE, ITEM, UPLOADED
from castlib.intake.spelling import Unreadable, clean, digits, letters, squeeze
from castlib.intake.spreadsheet import Rows, Sheet

read = spreadsheet.read
NAMES = {"questionnaire": "questionnaire", "received": "register", "verdicts": "verdicts"}
FOLDERS = {"ratings": "ioc", "coding": "coding"}
RATINGS = {"-1": -1, "0": 0, "1": 1, "+1": 1, "ไม่สอดคล้อง": -1, "ไม่แน่ใจ": 0, "สอดคล้อง": 1}
_DASHES = str.maketrans("−–—‐‑", "-----")
_NUMBERED = re.compile(r"^(?:ข้อ(?:ที่)?\s*)?[0-9]+(?:\.[0-9]+)*[.)\s]\s*")


def kind(rows: Rows, path: str) -> str:
    """Return what a sheet is by its header, or else by its name and folder."""
    if found := headers.kind(rows[0][1]) if rows else None:
        return found
    file = PurePosixPath(path)
    return NAMES.get(file.stem) or FOLDERS.get(file.parent.name) or "unknown"


def _named(arrival: Arrival, rows: Rows, kind: str, columns: list[str], *others: str) -> Sheet:
    """Return a sheet of a kind, its columns under our names whatever the sender calls them."""
    return Sheet(arrival, rows.under(headers.named(kind, rows[0][1])), columns, others)


def register(arrival: Arrival, rows: Rows, arrivals: list[Arrival]) -> None:
    """Give every file the time at which the drive received it; the last upload of a path counts."""
    sheet = _named(arrival, rows, "register", [FILE, UPLOADED])
    find = _finder(arrivals)
    uploads, kept = defaultdict(list), {}
    for number, cells in sheet:
        place = sheet.place(number)
        found = find(cells[FILE])
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
            uploads[found.key].append((when, number, found))
    for times in uploads.values():
        *earlier, (when, number, found) = sorted(times, key=lambda upload: upload[:2])
        found.submitted_at = max(when, found.submitted_at or when)
        kept[number] = (2, 0)
        for _, number, _ in earlier:
            place = sheet.place(number)
            arrival.fault("register-twice", place, found.province, given=found.path)
    sheet.settle(kept)


def _finder(arrivals: list[Arrival]) -> Callable[[str], Arrival | None]:
    """Return what finds the file of a path as people write it: whole, without case, or by its end."""
    exact = {clean(found.key): found for found in arrivals}
    loose, ends = defaultdict(list), defaultdict(list)
    for found in arrivals:
        key = _key(found.key)
        loose[key].append(found)
        ends[key.rpartition("/")[2]].append((key, found))

    def find(given: str) -> Arrival | None:
        key = _key(given)
        if same := exact.get(clean(given)) or next(iter(loose[key]), None):
            return same
        alike = [
            found
            for other, found in ends[key.rpartition("/")[2]]
            if f"/{other}".endswith(f"/{key}") or f"/{key}".endswith(f"/{other}")
        ]
        return alike[0] if len(alike) == 1 and key else None

    return find


def _key(path: str) -> str:
    """Return a path for comparing: one kind of slash, composed letters, no leading dot."""
    return clean(path).replace("\\", "/").removeprefix("./").replace(" ", "").casefold()


def ioc(arrival: Arrival, rows: Rows) -> pd.DataFrame:
    """Return the experts' ratings, one row an item and an expert: item, expert, rating, trace.

    An item goes by its code or by its text, in the column ข้อ or ข้อคำถาม.
    """
    header = headers.named("ioc", rows[0][1])
    if ITEM not in header:
        header = [ITEM if name == ASKED else name for name in header]
    experts = [name for name in header if re.fullmatch(rf"{EXPERT} [0-9]+", name)]
    needed = [ITEM, *(experts or [f"{EXPERT} 1"])]
    sheet = Sheet(arrival, rows.under(header), needed, (ASKED,))
    found, kept = [], {}
    items = list(instrument.load().items["item"])
    rated: set[str] = set()
    for number, cells in sheet:
        said, asked, place = cells.pop(ITEM), cells.pop(ASKED, ""), sheet.place(number)
        item = _item(said) or _item(asked)
        if item is None:
            arrival.fault("ioc-item-unknown", place, given=said or asked, hint=hint(said, items))
        elif item in rated:
            arrival.fault("ioc-item-twice", place, given=item)
        else:
            rated.add(item)
            good = bad = 0
            for name, given in cells.items():
                rating = _rating(given)
                if rating is not None:
                    good += 1
                    expert = int(name.removeprefix(EXPERT))
                    found.append((item, expert, rating, arrival.path, number))
                elif given:
                    bad += 1
                    where = f"{place} คอลัมน์ {name}"
                    arrival.fault("ioc-rating-unreadable", where, given=given)
            kept[number] = (good + bool(said) + bool(asked), bad)
    sheet.settle(kept)
    lacking = [item for item in items if item not in rated]
    if lacking and not arrival.refused:
        arrival.fault("ioc-items-missing", given=some(lacking))
    return pd.DataFrame(found, columns=["item", "expert", "rating", "source_file", "source_row"])


def _rating(given: str) -> int | None:
    """Return −1, 0 or 1, given as a number in any digits or as its label."""
    return RATINGS.get(re.sub(r"\.0+$", "", squeeze(given).translate(_DASHES)))


def _item(given: str) -> str | None:
    """Return the item that a cell names by its code or its text, numbered or not."""
    ways, given = _items(paths.data()), digits(given)
    return ways.get(letters(given)) or ways.get(letters(_NUMBERED.sub("", given)))


@cache
def _items(data: Path) -> dict[str, str]:
    """Return the items by what names them; `data` keeps two studies apart."""
    listed = instrument.load().items
    ways = (listed["item"], listed["text_th"], listed["text_en"])
    return {
        letters(clean(way)): item
        for column in ways
        for way, item in zip(column, listed["item"], strict=True)
    }


def hint(wrong: str, right: list[str]) -> str:
    like = nearest(wrong[:80], right)
    return f" (หมายถึง {like} หรือไม่)" if like else ""
