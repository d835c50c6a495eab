"""What sheets say, CSV or Excel: the register of uploads, the experts' ratings, the coders' sheets.

All readers take rows of clean text. A column called หมายเหตุ is the sender's remark: not read, not
counted, not a fault.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

import pandas as pd

from castlib import instrument, paths
from castlib.errors import nearest, some
from castlib.intake import headers, spreadsheet, values
from castlib.intake.arrival import Arrival
from castlib.intake.headers import (
    ASKED,
    CODES,
    DOCUMENT,
    EXPERT,
    FILE,
    ITEM,
    TEXT,
    TURN,
    UPLOADED,
)
from castlib.intake.spelling import Unreadable, clean, digits, letters, squeeze
from castlib.intake.spreadsheet import Rows, Sheet

read = spreadsheet.read
NAMES = {"questionnaire": "questionnaire", "received": "register"}
FOLDERS = {"ratings": "ioc", "coding": "coding"}
RATINGS = {"-1": -1, "0": 0, "1": 1, "+1": 1, "ไม่สอดคล้อง": -1, "ไม่แน่ใจ": 0, "สอดคล้อง": 1}
_DASHES = str.maketrans("−–—‐‑", "-----")
_NUMBERED = re.compile(r"^(?:ข้อ(?:ที่)?\s*)?[0-9]+(?:\.[0-9]+)*[.)\s]\s*")
_CODER = re.compile(
    r"(?:coder|coding|ผู้ลงรหัส|ผู้ให้รหัส)?[-_ ]*(?:คนที่|ที่)? ?([0-9]{1,2}|[a-z])(?:\s*\([0-9]+\)|[-_ ]*(?:copy|สำเนา|แก้ไข))*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[;,|；，、]")
_WAYS = ("code", "label_th", "label_en")
_CODER_WORD = re.compile(r"(?:coder|coding|ผู้ลงรหัส|ผู้ให้รหัส|ลงรหัส)[-_ ]*", re.IGNORECASE)


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
            arrival.fault("ioc-item-unknown", place, given=said or asked, hint=_hint(said, items))
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


def _hint(wrong: str, right: list[str]) -> str:
    like = nearest(wrong[:80], right)
    return f" (หมายถึง {like} หรือไม่)" if like else ""


def coder(arrival: Arrival) -> str:
    """Return the coder whose sheet this is, by the file's name: a number, or a person's pseudonym."""
    stem = clean(PurePosixPath(arrival.key).stem)
    if numbered := _CODER.fullmatch(digits(stem)):
        return f"coder-{numbered[1].lower().lstrip('0')}"
    return arrival.mask.person(_CODER_WORD.sub("", stem, 1) or stem)


def veil(arrival: Arrival) -> None:
    """Put the coder's pseudonym in place of the name of a coder's file, unless it is a number."""
    path = PurePosixPath(arrival.path)
    if not coder(arrival).startswith("coder-"):
        arrival.path = str(path.with_name(coder(arrival) + path.suffix))
        arrival.faults = [replace(found, path=arrival.path) for found in arrival.faults]


def coding(arrival: Arrival, rows: Rows, texts: dict[tuple[str, int], str]) -> list[dict]:
    """Return a coder's codings, one record a segment and code; code None means: read, nothing to code.

    `texts` is every segment's text by group and turn, masked. A code goes by itself or by its label.
    Unknown codes are refused one by one; a row whose codes are all unknown is refused, since it does not
    say that there is nothing to code.
    """
    sheet = _named(arrival, rows, "coding", [DOCUMENT, TURN, TEXT, CODES])
    known, groups = _codebook(paths.data()), {group for group, _ in texts}
    listed = list(known.values())
    found, kept = [], {}
    unknown, done = defaultdict(list), set()
    for number, cells in sheet:
        # a cell of several codes was read as one field; from here on each code is a field. Masked whole:
        # parted at its signs, a telephone number in it would no longer be known for one
        given = _split(arrival.mask.mask(cells[CODES]), known)
        codes = [known.get(letters(code)) for code in given]
        arrival.fields.read += len(given) - bool(cells[CODES])
        segment, place = _segment(cells, groups), sheet.place(number)
        lost = len(given) - bool(cells[CODES])
        if segment not in texts:
            unknown[cells[DOCUMENT]].append(cells[TURN])
        elif segment in done:
            arrival.fault("coding-twice", place, given=f"{segment[0]}:{segment[1]}")
        else:
            for wrong in (way for way, code in zip(given, codes, strict=True) if code is None):
                arrival.fault("code-unknown", place, given=wrong, hint=_hint(wrong, listed))
            good = list(dict.fromkeys(filter(None, codes)))
            if good or not given:
                done.add(segment)
                lost = 0
                refused = codes.count(None)
                others = sum(1 for name in (DOCUMENT, TURN, TEXT) if cells[name])
                kept[number] = (others + len(codes) - refused, refused)
                end = len(texts[segment])
                found += [_record(arrival, number, segment, end, code) for code in good or [None]]
                if not _same(arrival, cells[TEXT], texts[segment]):
                    arrival.fault("coding-text-differs", place)
        arrival.fields.rejected += lost
    for document, turns in unknown.items():
        place = f"เอกสาร {document}"
        arrival.fault("coding-segment-unknown", place, given=some(turns), number=len(turns))
    sheet.settle(kept)
    return found


def _same(arrival: Arrival, coded: str, said: str) -> bool:
    """Whether a coder's text is what was said, spaces aside; what was said has been masked."""
    return squeeze(said) in (squeeze(coded), squeeze(arrival.mask.mask(coded)))


@cache
def _codebook(data: Path) -> dict[str, str]:
    """Return the codes by what names them; `data` keeps two studies apart."""
    listed = pd.read_csv(data / "codebook.csv", dtype=str, keep_default_na=False)
    ways = [(row[way], row["code"]) for way in _WAYS for _, row in listed.iterrows()]
    return {letters(clean(way)): code for way, code in reversed(ways) if way}


def _split(cell: str, known: dict[str, str]) -> list[str]:
    """Return the codes of a cell as written, parted by signs, or by spaces where lines were."""
    found = []
    for part in filter(None, map(str.strip, _BETWEEN.split(cell))):
        words, strange = part.split(), []
        while words:
            ends = range(len(words), 0, -1)
            end = next((n for n in ends if letters("".join(words[:n])) in known), 0)
            if end:
                found += [" ".join(strange)] if strange else []
                found.append(" ".join(words[:end]))
                words, strange = words[end:], []
            else:
                strange.append(words.pop(0))
        found += [" ".join(strange)] if strange else []
    return found


def _record(
    arrival: Arrival, number: int, segment: tuple[str, int], end: int, code: str | None
) -> dict:
    group, turn = segment
    about = {"segment": f"{group}:{turn}", "group": group, "coder": coder(arrival), "code": code}
    where = {"start": 0, "end": end, "coded_at": None}
    return {**about, **where, "source_file": arrival.path, "source_row": number}


def _segment(cells: dict[str, str], groups: set[str]) -> tuple[str, int] | None:
    """Return the group and turn of a row; the group goes by its code or by its province's name."""
    group = cells[DOCUMENT]
    try:
        if group not in groups and group.upper() in groups:
            group = group.upper()
        elif group not in groups and group.lower() not in groups:
            group = values.province(group)
        return group if group in groups else group.lower(), values.whole(cells[TURN])
    except Unreadable:
        return None
