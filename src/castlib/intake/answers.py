"""One export of the questionnaire: its columns found, its rows read as people, its counts settled.

Each filled cell under a question is a field, as is one under a header that nobody knows; the time of
submission is one field however many columns tell it. What systems add is not counted and not kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from castlib import instrument, regions
from castlib.errors import some
from castlib.intake import questions, values
from castlib.intake.arrival import Arrival
from castlib.intake.spreadsheet import Rows
from castlib.intake.values import Unreadable

LONGEST_TEXT = 10_000
LONGEST_HEADER = 80
_UUID = re.compile(r"(?:uuid:)?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})", re.I)


@dataclass(frozen=True)
class Wrong:
    """A cell that could not be read: the question, its header, what stands there, and why not."""

    column: str
    header: str
    given: str
    refusal: Unreadable


@dataclass(frozen=True)
class Person:
    """A row of an export as it was read.

    `table` has the row and knows how to say where it is; `said` has a value for every column of the
    instrument, `wrong` what could not be read; `lost` counts the refused fields, `lent` is the province
    when it is only the folder's; `submission` and `sender` are what the system calls them, the sender
    as a pseudonym, both empty when it does not say.
    """

    arrival: Arrival
    table: Rows
    row: int
    said: dict[str, object]
    wrong: list[Wrong]
    lost: int
    lent: str | None
    submission: str
    sender: str

    @property
    def when(self) -> datetime | None:
        """When the answers were submitted; None when that cannot be read."""
        return self.said["submitted_at"]

    def fault(self, code: str, header: str = "", **details: object) -> None:
        """Note a fault of this row, or of a cell of it under a header."""
        place = self.table.place(self.row, _short(header))
        self.arrival.fault(code, place, self.said["province"], **details)


class Export:
    """An export's rows under the questions that its header asks.

    The file is refused when a question has no column. In a province's folder the columns of province and
    time may be missing: the rows are the folder's province's, and came when the file did. `read`
    remembers what each text under each column says, for all files of an intake.
    """

    def __init__(self, arrival: Arrival, rows: Rows, read: dict[tuple[str, str], object]) -> None:
        self.arrival, self.table, self.tool = arrival, rows, instrument.load()
        self.read, self.readers = read, _readers(self.tool, arrival)
        self.called, self.answers = self.tool.headers, self.tool.answer_columns
        width = max(len(cells) for _, cells in rows)
        self.header = rows[0][1] + [""] * (width - len(rows[0][1]))
        self.columns = found = questions.columns(self.header)
        self.rows: dict[int, list[str]] = {}
        self.own = {place for places in found.asked.values() for place in places}
        known = self.own | found.ignored | {place for place, _ in found.times}
        # columns without a header are strange once something stands in them
        self.strange = {place for place in range(width) if place not in known}
        for number, cells in rows[1:]:
            if filled := self._filled(cells):
                self.rows[number] = cells
                arrival.rows.read += 1
                arrival.fields.read += filled
        self._judge_header()
        times = [self._time(cells)[0] for cells in self.rows.values()] if found.times else []
        self.month_first = values.month_first(times)
        if self.month_first:
            name = self.header[found.times[0][0]]
            seen = next(text for text in times if values.month_first([text, text]))
            arrival.fault("time-month-first", f"คอลัมน์ “{_short(name)}”", given=seen)

    def people(self) -> list[Person]:
        """Return the rows that have a province and at least half of their answers, values read."""
        found = []
        for number, cells in self.rows.items():
            person = self._person(number, cells)
            answered = sum(person.said[column] is not None for column in self.answers)
            if person.said["province"] is None:
                missing = Wrong("province", "", "", Unreadable("province-missing"))
                first = next((cell for cell in person.wrong if cell.column == "province"), missing)
                person.fault(first.refusal.code, given=first.given, **first.refusal.details)
            elif answered < len(self.answers) / 2:
                person.fault("row-mostly-empty", given=answered, number=len(self.answers))
            else:
                found.append(person)
                for cell in person.wrong:
                    details = {"given": cell.given, **cell.refusal.details}
                    person.fault(cell.refusal.code, cell.header, **details)
                self._compare_with_folder(person)
        return found

    def settle(self, kept: list[Person]) -> None:
        """Count rows and fields: `kept` are the people of this export who are in the table."""
        rows, fields = self.arrival.rows, self.arrival.fields
        refused = dict(self.rows)
        for person in kept:
            del refused[person.row]
            rows.accepted += 1
            used = sum(value is not None for value in person.said.values())
            fields.accepted += used - bool(person.lent)
            fields.rejected += person.lost
        for cells in refused.values():
            rows.rejected += 1
            fields.rejected += self._filled(cells)

    def _filled(self, cells: list[str]) -> int:
        """Return how many fields a row has."""
        counted = self.own | self.strange
        filled = sum(1 for place, cell in enumerate(cells) if cell and place in counted)
        return filled + bool(self._time(cells)[0])

    def _time(self, cells: list[str]) -> tuple[str, bool, str]:
        """Return the best time of submission that a row gives, whether it is in UTC, and its header."""
        for place, utc in self.columns.times:
            if given := _at(cells, place):
                return given, utc, self.header[place]
        return "", False, ""

    def _judge_header(self) -> None:
        """Say which headers are strange or repeated, and refuse a file that lacks some."""
        arrival, found = self.arrival, self.columns
        rows = self.rows.values()
        filled = {place for cells in rows for place, cell in enumerate(cells) if cell}
        strange = sorted(p for p in self.strange if self.header[p] or p in filled)
        if strange:
            names = (self.header[place] or f"คอลัมน์ที่ {place + 1}" for place in strange)
            listed = some(f"“{_short(name)}”" for name in names)
            arrival.fault("columns-extra", given_all=listed, number=len(strange))
        if found.repeated:
            listed = some(f"“{_short(self.called[column])}”" for column in found.repeated)
            arrival.fault("columns-repeated", given_all=listed, number=len(found.repeated))
        lent = {"province", "submitted_at"} if arrival.province else set()
        have = {*found.asked, *lent, *(["submitted_at"] if found.times else [])}
        missing = [name for column, name in self.called.items() if column not in have]
        if missing:
            listed = ", ".join(f"“{name}”" for name in missing)
            arrival.refuse("columns-missing", given_all=listed, number=len(missing))

    def _person(self, number: int, cells: list[str]) -> Person:
        """Return a row as a person, with what could not be read."""
        said: dict[str, object] = dict.fromkeys(self.called)
        lost = sum(1 for place, cell in enumerate(cells) if cell and place in self.strange)
        said["submitted_at"], wrong = self._when(cells)
        lost += len(wrong)
        for column, places in self.columns.asked.items():
            texts = [(p, cells[p]) for p in places if p < len(cells) and cells[p]]
            if texts:
                said[column], refused = self._meaning(column, texts)
                lost += len(texts) - (said[column] is not None)
                wrong += refused
        silent = said["province"] is None and all(cell.column != "province" for cell in wrong)
        lent = self.arrival.province if silent else None
        said["province"] = said["province"] or lent
        submission, sender = self._submission(cells), self._sender(cells)
        return Person(self.arrival, self.table, number, said, wrong, lost, lent, submission, sender)

    def _when(self, cells: list[str]) -> tuple[datetime | None, list[Wrong]]:
        """Return when a row was submitted, and what of it could not be read."""
        given, utc, header = self._time(cells)
        if not given:
            return None, []
        try:
            return values.moment(given, self.month_first, utc), []
        except Unreadable as refusal:
            return None, [Wrong("submitted_at", header, given, refusal)]

    def _meaning(self, column: str, texts: list[tuple[int, str]]) -> tuple[object, list[Wrong]]:
        """Return what the cells under one question say together, and what could not be read."""
        meant: list[object] = []
        wrong: list[Wrong] = []
        for place, text in texts:
            key = column, text
            if key not in self.read:
                self.read[key] = _try(self.readers[column], text)
            value = self.read[key]
            if isinstance(value, Unreadable):
                wrong.append(Wrong(column, self.header[place], text, value))
            elif value not in meant:
                meant.append(value)
        if len(meant) > 1:
            given = " / ".join(text for _, text in texts)
            wrong.append(
                Wrong(column, self.header[texts[0][0]], given, Unreadable("answers-differ"))
            )
            return None, wrong
        return (meant[0] if meant else None), wrong

    def _submission(self, cells: list[str]) -> str:
        """Return the id that the system gave the submission."""
        found = (_UUID.fullmatch(_at(cells, place)) for place in self.columns.submissions)
        return next((uuid[1].casefold() for uuid in found if uuid), "")

    def _sender(self, cells: list[str]) -> str:
        """Return a pseudonym of who sent the row, by e-mail or user name."""
        text = next(filter(None, (_at(cells, place) for place in self.columns.senders)), "")
        mask = self.arrival.mask
        return mask.mask(text.casefold()) if "@" in text else text and mask.person(text.casefold())

    def _compare_with_folder(self, person: Person) -> None:
        """Say when a row in a province's folder is another province's."""
        own, folder = person.said["province"], self.arrival.province
        if folder and own != folder:
            names = {"given": regions.label(own), "folder": regions.label(folder)}
            person.fault("row-elsewhere", **names)


def _at(cells: list[str], place: int) -> str:
    """Return a row's cell; rows end with their last cell that is filled."""
    return cells[place] if place < len(cells) else ""


def _short(header: str) -> str:
    return header if len(header) <= LONGEST_HEADER else header[:LONGEST_HEADER] + "…"


def _readers(tool: instrument.Instrument, arrival: Arrival) -> dict[str, Callable[[str], object]]:
    """Return what reads a cell of each column."""
    readers: dict[str, Callable[[str], object]] = {"province": values.province}
    for question in tool.questions.itertuples():
        if question.type == "choice":
            readers[question.variable] = partial(values.choice, name=question.choices)
        elif question.type == "integer":
            low, high = int(question.min), int(question.max)
            readers[question.variable] = partial(values.whole, low=low, high=high)
        else:
            readers[question.variable] = partial(_text, arrival)
    return readers | {c: partial(values.level, name=name) for c, name in tool.lists.items()}


def _text(arrival: Arrival, text: str) -> str:
    """Return open text as it was written, personal data masked."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable("text-too-long", given=f"{len(text):,}", limit=f"{LONGEST_TEXT:,}")
    return arrival.mask.mask(text)


def _try(reader: Callable[[str], object], given: str) -> object:
    """Return what a reader makes of a cell, or its refusal."""
    try:
        return reader(given)
    except Unreadable as refusal:
        return refusal
