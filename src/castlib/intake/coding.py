"""The coders' sheets, CSV or Excel: who gave which passage of which segment which code, and when.

A row without a position is about the whole segment. One without a code says that the segment was read;
beside rows with codes it says nothing more. A row that a dictionary suggested is a coding of the person
who accepted it and of nobody else: as long as no one did, it is neither counted nor a fault.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath

import pandas as pd

from castlib import paths
from castlib.errors import some
from castlib.intake import passages, values
from castlib.intake.arrival import Arrival, why_kept
from castlib.intake.headers import (
    ACCEPTED,
    CODER,
    CODES,
    DOCUMENT,
    SUGGESTED,
    TEXT,
    TURN,
    WHEN,
    named,
)
from castlib.intake.sheets import hint
from castlib.intake.spelling import Unreadable, clean, digits, letters, squeeze
from castlib.intake.spreadsheet import Rows, Sheet
from castlib.privacy.pseudonyms import Pseudonyms

Elsewhere = dict[tuple[str, str], Arrival]

NEEDED, OPTIONAL = [DOCUMENT, TURN, TEXT, CODES], (*passages.COLUMNS, CODER, WHEN)
MARKS = (SUGGESTED, ACCEPTED)
YES = {"ใช่", "รับ", "ยอมรับ", "x", "1", "✓", "✔", "☑", "y", "yes", "true"}
NO = {"", "ไม่", "ไม่ใช่", "ไม่รับ", "ไม่ยอมรับ", "-", "?", "0", "✗", "✘", "☐", "n", "no", "false"}
_CODER = re.compile(
    r"(?:coder|coding|ผู้ลงรหัส|ผู้ให้รหัส)?[-_ ]*(?:คนที่|ที่)? ?([0-9]{1,2}|[a-z])(?:\s*\([0-9]+\)|[-_ ]*(?:copy|สำเนา|แก้ไข))*",
    re.IGNORECASE,
)
_CODER_WORD = re.compile(r"(?:coder|coding|ผู้ลงรหัส|ผู้ให้รหัส|ลงรหัส)[-_ ]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[;,|；，、]")
_WAYS = ("code", "label_th", "label_en")


def coder(arrival: Arrival) -> str:
    """Return the coder whose sheet this is, by the file's name: a number, or a person's pseudonym."""
    return called(PurePosixPath(arrival.key).stem, arrival.mask)


def called(name: str, mask: Pseudonyms) -> str:
    """Return what a coder is called in the tables: a number, or a person's pseudonym."""
    name = clean(name)
    if numbered := _CODER.fullmatch(digits(name)):
        return f"coder-{numbered[1].lower().lstrip('0')}"
    return mask.person(_CODER_WORD.sub("", name, 1) or name)


def veil(arrival: Arrival) -> None:
    """Put the coder's pseudonym in place of the name of a coder's file, unless it is a number."""
    path = PurePosixPath(arrival.path)
    if not coder(arrival).startswith("coder-"):
        arrival.path = str(path.with_name(coder(arrival) + path.suffix))
        arrival.faults = [replace(found, path=arrival.path) for found in arrival.faults]


def claims(arrival: Arrival, rows: Rows, groups: set[str]) -> set[tuple[str, str]]:
    """Return whose codings of which group a sheet holds: (coder, group)."""
    header = named("coding", rows.header)
    if DOCUMENT not in header:
        return set()
    places = {name: header.index(name) for name in (DOCUMENT, CODER) if name in header}
    cells = {
        (row[places[DOCUMENT]], _cell(row, places.get(CODER)))
        for _, row in _judged(rows.under(header))[1:]
        if places[DOCUMENT] < len(row)
    }
    found = {(_by(arrival, by), group(name, groups)) for name, by in cells}
    return {(by, name) for by, name in found if name}


def _by(arrival: Arrival, given: str) -> str:
    """Return the coder of a row: whom its cell names, or whose sheet it is."""
    return called(given, arrival.mask) if given else coder(arrival)


def _cell(row: list[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""


def _judged(rows: Rows, unclear: bool = False) -> Rows:
    """Return the rows without the suggestions that nobody has accepted; columns go by our names.

    With `unclear`, those stay of which it is neither said that they are accepted nor that they are not.
    """
    places = {name: rows.header.index(name) for name in MARKS if name in rows.header}
    if SUGGESTED not in places:
        return rows
    kept = (
        (number, row)
        for number, row in rows[1:]
        if not _cell(row, places[SUGGESTED])
        or (said := squeeze(_cell(row, places.get(ACCEPTED)))) in YES
        or (unclear and said not in NO)
    )
    return Rows([rows[0], *kept], rows.sheet)


def coding(
    arrival: Arrival,
    rows: Rows,
    texts: dict[tuple[str, int], str],
    elsewhere: Elsewhere | None = None,
) -> list[dict]:
    """Return a sheet's codings, one record a passage and code; code None means: read, nothing to code.

    `texts` is every segment's text by group and turn, masked; `elsewhere` has the file that is used
    instead for a coder's codings of a group. A code goes by itself or by its label. Unknown codes are
    refused one by one; a row whose codes are all unknown, or whose passage is not in the segment, is
    refused, since it does not say that there is nothing to code.
    """
    rows = _judged(rows.under(named("coding", rows.header)), unclear=True)
    sheet = Sheet(arrival, rows, NEEDED, (*OPTIONAL, *MARKS))
    known, groups = codebook(paths.data()), {group for group, _ in texts}
    found, kept = [], {}
    unknown, done, twice = defaultdict(list), set(), Counter()
    who = cache(lambda name: _by(arrival, name))
    for number, cells in sheet:
        # a cell of several codes was read as one field; from here on each code is a field. Masked whole:
        # parted at its signs, a telephone number in it would no longer be known for one
        given = _split(arrival.mask.mask(cells[CODES]), known)
        codes = [known.get(letters(code)) for code in given]
        more = len(given) - bool(cells[CODES])
        arrival.fields.read += more
        segment, place = _segment(cells, groups), sheet.place(number)
        by = who(cells.get(CODER, ""))
        arrival.fields.rejected += more
        if segment not in texts:
            unknown[cells[DOCUMENT]].append(cells[TURN])
            continue
        if cells.get(SUGGESTED) and squeeze(cells.get(ACCEPTED, "")) not in YES:
            arrival.fault("suggestion-unclear", place, given=cells[ACCEPTED])
            continue
        if elsewhere and (by, segment[0]) in elsewhere:
            twice[told_of(by, elsewhere[by, segment[0]])] += 1
            continue
        if cells.get(SUGGESTED) and not cells.get(CODER):
            arrival.fault("suggestion-no-coder", place, given=f"{segment[0]}:{segment[1]}")
            continue
        try:
            start, end = passages.placed(arrival, cells, texts[segment])
        except Unreadable as refusal:
            arrival.fault(refusal.args[0], place, **refusal.details)
            continue
        good = list(dict.fromkeys(filter(None, codes)))
        told = good or [None] * (not given)
        new = [code for code in told if (by, segment, start, end, code) not in done]
        if told and not new:
            arrival.fault("coding-twice", place, given=f"{segment[0]}:{segment[1]}")
            continue
        for wrong in (way for way, code in zip(given, codes, strict=True) if code is None):
            arrival.fault("code-unknown", place, given=wrong, hint=hint(wrong, [*known.values()]))
        if not told:
            continue
        arrival.fields.rejected -= more
        done |= {(by, segment, start, end, code) for code in new}
        when, bad = _when(arrival, cells.get(WHEN, ""), place)
        refused = codes.count(None)
        others = sum(1 for name, cell in cells.items() if cell and name != CODES) - bad
        kept[number] = (others + len(codes) - refused, refused + bad)
        about = {"coder": by, "start": start, "end": end, "coded_at": when}
        found += [record(arrival, number, segment, code, **about) for code in new]
        if not _same(arrival, cells[TEXT], texts[segment]):
            arrival.fault("coding-text-differs", place)
    tell_twice(arrival, twice)
    for document, turns in unknown.items():
        place = f"เอกสาร {document}"
        arrival.fault("coding-segment-unknown", place, given=some(turns), number=len(turns))
    sheet.settle(kept)
    return settled(found)


def settled(found: list[dict]) -> list[dict]:
    """Return records without those that say only that a segment was read which its coder coded elsewhere."""
    coded = {(one["coder"], one["segment"]) for one in found if one["code"]}
    return [one for one in found if one["code"] or (one["coder"], one["segment"]) not in coded]


def told_of(by: str, kept: Arrival) -> tuple[str, str, str]:
    """Return what is told of a coder whose codings another file is used for: the coder, that file, why."""
    return by, kept.path, why_kept(kept)


def tell_twice(arrival: Arrival, twice: Counter) -> None:
    """Tell how many rows are not used because another file has that coder's codings of the group."""
    for (by, kept, why), number in twice.items():
        arrival.fault("coding-coder-twice", given=by, kept=kept, why=why, number=number)


def _when(arrival: Arrival, given: str, place: str) -> tuple[datetime | None, int]:
    """Return when a row was coded, and how many cells of it were refused: one that is no time."""
    try:
        return (values.moment(given) if given else None), 0
    except Unreadable:
        arrival.fault("time-unreadable", f"{place} คอลัมน์ “{WHEN}”", given=given)
        return None, 1


def _same(arrival: Arrival, coded: str, said: str) -> bool:
    """Whether a coder's text is what was said, spaces aside; what was said has been masked."""
    return squeeze(said) in (squeeze(coded), squeeze(arrival.mask.mask(coded)))


@cache
def codebook(data: Path) -> dict[str, str]:
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


def record(
    arrival: Arrival, number: int, segment: tuple[str, int], code: str | None, **about: object
) -> dict:
    """Return a row of the table of codings; `about` has coder, start, end and coded_at."""
    name = {"segment": f"{segment[0]}:{segment[1]}", "group": segment[0], "code": code}
    return {**name, **about, "source_file": arrival.path, "source_row": number}


def group(given: str, groups: Iterable[str]) -> str | None:
    """Return the group that a document's name means: its code, or its province's name; None for no group."""
    try:
        if given not in groups and given.upper() in groups:
            given = given.upper()
        elif given not in groups and given.lower() not in groups:
            given = values.province(given)
    except Unreadable:
        return None
    found = given if given in groups else given.lower()
    return found if found in groups else None


def _segment(cells: dict[str, str], groups: set[str]) -> tuple[str, int] | None:
    """Return the group and turn of a row."""
    name = group(cells[DOCUMENT], groups)
    try:
        return (name, values.whole(cells[TURN])) if name else None
    except Unreadable:
        return None
