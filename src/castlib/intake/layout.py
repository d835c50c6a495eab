"""The parts of a form, wherever the sender has put them: header, participants, turns, other lines.

A table may hold several parts one under another, or whole tables in its cells; a table without a header
goes on from the one before it when it has as many columns. A header's labels and values may also stand
in plain lines, after a colon or on dots.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from castlib.errors import some
from castlib.intake import consent, people, topics, turns
from castlib.intake.arrival import Arrival
from castlib.intake.turns import NUMBER, SPEAKER, TEXT, Turn
from castlib.intake.wordxml import Block, Cell

LABELS = {
    "province": re.compile(r"(?:ชื่อ)?จังหวัด"),
    "kind": re.compile(r"ประเภท|กลุ่มผู้ให้ข้อมูล|กลุ่มเป้าหมาย"),
    "held_on": re.compile(
        r"วัน ?ที่|วัน ?[/,]? ?เดือน|วัน ?[/,]? ?เวลา|(?:จัด|ดำเนินการ|สัมภาษณ์).{0,10}วันที่"
    ),
    "n_participants": re.compile(r"จำนวน"),
}
LONGEST_LABEL, LONGEST_LINE = 60, 300
STANDARD: turns.Places = {NUMBER: 0, SPEAKER: 1, TEXT: 2}

_LINE = re.compile(
    r"(จังหวัด|วันที่[^\s:：.…_]{0,30}|จำนวน[^\s:：.…_]{0,30}|ประเภท[^\s:：.…_]{0,30})\s?(?:[:：]|[.…_]{2,})"
    r"[\s.…_]*((?:(?!จังหวัด|วันที่|จำนวน|ประเภท).){1,80}?)[\s.…_]*(?=จังหวัด|วันที่|จำนวน|ประเภท|[.…_]{2,}|$)"
)
_SPOKEN = re.compile(
    rf"(?:\d{{1,3}}[.)]? ?)?{turns.PERSON} ?(?:คนที่|ที่|หมายเลข)? ?[\d๐-๙]{{1,3}}(?![\d๐-๙])"
)


@dataclass
class Parts:
    """The parts of a document: header cells by field, number of participants, turns, other lines."""

    header: dict[str, tuple[str, str]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    people: int | None = None
    turns: list[Turn] = field(default_factory=list)
    unused: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    outside: int = 0


@dataclass
class _Section:
    """Rows of a table under one header: a header of turns (places), of participants (heads), or none."""

    first: int
    rows: list[list[Cell]] = field(default_factory=list)
    places: turns.Places | None = None
    heads: people.Heads | None = None
    top: list[str] | None = None


def sort(arrival: Arrival, blocks: list[Block]) -> Parts:
    """Return a document's parts; cells that count are counted as read."""
    sorter = _Sorter(arrival)
    for block in blocks:
        sorter.take(block)
    parts = sorter.parts
    _read_lines(arrival, parts)
    if parts.strange:
        arrival.fault("form-label-unknown", given=some(parts.strange))
    if parts.outside:
        arrival.fault("turns-outside", number=parts.outside)
    return parts


class _Sorter:
    """Goes through a document once; knows the question, the rows and tables so far, and the last table."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival, self.parts = arrival, Parts()
        self.question, self.rows, self.tables = "", 0, 0
        self.last = _Section(0)
        self.width = 0

    def take(self, block: Block) -> None:
        """Sort one block; a table that only lays out others is gone through in their place."""
        if isinstance(block, str):
            self._line(block)
            return
        sections = list(_sections(block.rows))
        known = any(isinstance(part, _Section) and (part.places or part.heads) for part in sections)
        if block.inner and not known:
            for inner in block.inner:
                self.take(inner)
            return
        self.tables += 1
        for section in sections:
            if isinstance(section, str):
                self._line(section)
            else:
                self._section(section)
        self.rows += len(block.rows)

    def _line(self, line: str) -> None:
        self.parts.lines.append(line)
        if heading := topics.question(line):
            self.question = heading
        elif self.question and _SPOKEN.match(line):
            self.parts.outside += 1

    def _section(self, section: _Section) -> None:
        table = f"ตารางที่ {self.tables}"
        if not (section.places or section.heads):
            self._follow(section)
        if section.places:
            self._turns(section, table)
        elif section.heads:
            number = people.count(self.arrival, section.rows, section.heads, table)
            self.parts.people = (self.parts.people or 0) + number
        elif _is_header(section.rows) and not (self.parts.header and self.question):
            _read_header(self.arrival, section.rows, self.parts)
        else:
            self._other(section, table)
            return
        if section.rows and (section.places or section.heads):
            self.last, self.width = section, len(turns.grid(section.rows[0]))

    def _follow(self, section: _Section) -> None:
        """Give rows without a header that of the table before, or the form's own under a question."""
        width = len(turns.grid(section.rows[0]))
        if not turns.goes_on(section.rows):
            return
        if self.width == width and (self.last.places or not self.question):
            section.places, section.heads = self.last.places, self.last.heads
        elif self.question and width == len(STANDARD):
            section.places = STANDARD

    def _turns(self, section: _Section, table: str) -> None:
        gathered = turns.gather(section.rows, section.places, table, section.first, self.rows)
        found, unused, strange = gathered
        if strange:
            listed = some(f"คอลัมน์ที่ {place + 1} ของ{table}" for place in sorted(strange))
            self.arrival.fault("columns-extra", given_all=listed, number=len(strange))
        self.arrival.rows.read += len(found)
        self.arrival.fields.read += sum(turn.cells + turn.strays for turn in found)
        self.parts.turns += [replace(turn, question=self.question) for turn in found]
        self.parts.unused |= unused

    def _other(self, section: _Section, table: str) -> None:
        """Keep a table's rows as lines; say so unless they are about consent or only frame a title."""
        lines = consent.lines(section.rows)
        alone = all(sum(cell.says for cell in row) <= 1 for row in section.rows)
        framed = alone and not self.question
        if any(lines) and not framed and consent.judge(lines) == consent.MISSING:
            self.arrival.fault("form-table-unknown", table)
        for line in lines:
            self._line(line)


def _sections(rows: list[list[Cell]]) -> Iterator[_Section | str]:
    """Yield the sections of a table, and the headings of questions between them."""
    current = _Section(1)
    for number, row in enumerate(rows, start=1):
        texts = [cell.text for cell in turns.grid(row)]
        if heading := _heading(row):
            if current.rows:
                yield current
            yield heading
            current = replace(current, first=number + 1, rows=[])
            continue
        places = turns.heads(texts)
        if places and current.places and NUMBER not in places and texts != current.top:
            places = None
        heads = None if places or current.places else people.heads(texts)
        if places or heads:
            if current.rows:
                yield current
            current = _Section(number + 1, places=places, heads=heads, top=texts)
        else:
            current.rows.append(row)
    if current.rows:
        yield current


def _heading(row: list[Cell]) -> str | None:
    """Return a row's text when it announces a question: in one cell, or its number and its words in two."""
    filled = [cell.text for cell in row if cell.says]
    alone = len(filled) == 1 or (len(filled) == 2 and filled[0].startswith("ประเด็น"))
    return " ".join(filled) if alone and topics.question(filled[0]) else None


def _label(cell: str) -> str | None:
    """Return which field of the header a label names."""
    if len(cell) > LONGEST_LABEL:
        return None
    return next((name for name, label in LABELS.items() if label.match(cell)), None)


def _is_header(rows: list[list[Cell]]) -> bool:
    return any(row and _label(row[0].text) for row in rows)


def _pairs(row: list[Cell]) -> Iterator[tuple[str, str]]:
    """Yield a row's labels with their values: in two cells, or in one after a colon."""
    cells = [cell.text for cell in row]
    while cells:
        label = cells.pop(0)
        before, _, after = label.replace("：", ":").partition(":")
        if _label(before.strip()) and after.strip():
            yield before.strip(), after.strip()
        else:
            yield label, cells.pop(0) if cells else ""


def _read_header(arrival: Arrival, rows: list[list[Cell]], parts: Parts) -> None:
    """Read labels and values; settle those that mean nothing here, consent goes to the lines."""
    for row in rows:
        for label, value in _pairs(row):
            if consent.WORD in label + value:
                parts.lines.append(f"{label}: {value}")
            elif not value.strip(" .…_-"):
                continue
            else:
                _enter(arrival, parts, label, value)


def _enter(arrival: Arrival, parts: Parts, label: str, value: str) -> None:
    """Put a value into the header under the field that its label names, the first of each."""
    arrival.fields.read += 1
    name = _label(label)
    if name and name not in parts.header:
        parts.header[name] = (label, value)
    else:
        parts.strange.append(label or "ช่องที่ไม่มีชื่อ")
        arrival.fields.rejected += 1


def _read_lines(arrival: Arrival, parts: Parts) -> None:
    """Read what the header table does not say from the lines before the first question."""
    for line in parts.lines:
        if topics.question(line):
            break
        for found in _LINE.finditer(line[:LONGEST_LINE]):
            if _label(found[1]) not in parts.header and consent.WORD not in line:
                _enter(arrival, parts, found[1], found[2])
