"""What was said in a focus group: the rows of a form's tables of turns, judged one by one.

Rules: a blank row is no row; a row without text, without a readable turn number, with a number used
before, or under no question of the form is refused; a row without a speaker is kept. Without certified
consent no row is kept at all.
"""

import re
from dataclasses import dataclass

from castlib.errors import some
from castlib.intake import values
from castlib.intake.arrival import Arrival
from castlib.intake.values import Unreadable, clean, digits

NUMBER, SPEAKER, TEXT = "ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"
NOBODY = "ไม่ระบุ"
LONGEST_TEXT = 20_000
_ONE = re.compile(r"(?:ผู้ให้ข้อมูล|ผู้เข้าร่วม)? ?(?:คนที่|ที่|หมายเลข)? ?(\d{1,3})")


@dataclass(frozen=True)
class Turn:
    """One row as it stands in the form; `row` counts the rows of all tables of the file, from 1."""

    row: int
    place: str
    question: str
    number: str
    speaker: str
    text: str
    strays: int

    @property
    def fields(self) -> int:
        """How many of its three cells have something in them."""
        return sum(map(bool, (self.number, self.speaker, self.text)))


def header(table: list[list[str]]) -> int | None:
    """Return the position of the header row of a table of turns; None for another table."""
    for place, row in enumerate(table[:2]):
        if NUMBER in row and TEXT in row:
            return place
    return None


def gather(
    arrival: Arrival, table: list[list[str]], number: int, before: int, question: str
) -> list[Turn]:
    """Return the rows of a table of turns that are not blank, and count them as read."""
    top = header(table) or 0
    names = table[top]
    places = {name: names.index(name) for name in (NUMBER, SPEAKER, TEXT) if name in names}
    found, strange = [], set()
    for offset, cells in enumerate(table[top + 1 :], start=top + 2):
        filled = {place for place, cell in enumerate(cells) if cell}
        if not filled:
            continue
        row = {n: cells[p] if p < len(cells) else "" for n, p in places.items()}
        strays = filled - set(places.values())
        strange |= strays
        found.append(
            Turn(
                before + offset,
                f"ตารางที่ {number} แถว {offset}",
                question,
                row[NUMBER],
                row.get(SPEAKER, ""),
                row[TEXT],
                len(strays),
            )
        )
    if strange:
        listed = some(f"คอลัมน์ที่ {place + 1} ของตารางที่ {number}" for place in sorted(strange))
        arrival.fault("columns-extra", given_all=listed, number=len(strange))
    arrival.rows.read += len(found)
    arrival.fields.read += sum(turn.fields + turn.strays for turn in found)
    return found


def judge(arrival: Arrival, turns: list[Turn], asked: list[str], consent: bool) -> list[dict]:
    """Return the turns that are kept as records of question, turn, speaker, text and source_row."""
    kept: dict[int, dict] = {}
    order, empty, lost = [], [], {}
    for turn in turns:
        number = _number(turn)
        if number is not None and number not in order:
            order.append(number)
        if not turn.text:
            empty.append(turn.number or turn.place)
        elif turn.question not in asked:
            lost.setdefault((turn.place.partition(" แถว")[0], turn.question), []).append(turn)
        elif number is None:
            arrival.fault("turn-unreadable", turn.place, given=turn.number)
        elif number in kept:
            arrival.fault("turn-twice", turn.place, given=number)
        elif len(turn.text) > LONGEST_TEXT:
            details = {"given": f"{len(turn.text):,}", "limit": f"{LONGEST_TEXT:,}"}
            arrival.fault("turn-too-long", turn.place, **details)
        elif consent:
            about = {"question": turn.question, "turn": number, "speaker": _speaker(turn)}
            kept[number] = {**about, "text": turn.text, "source_row": turn.row}
            arrival.rows.accepted += 1
            arrival.fields.accepted += turn.fields
            arrival.fields.rejected += turn.strays
            continue
        arrival.rows.rejected += 1
        arrival.fields.rejected += turn.fields + turn.strays
    for (place, question), rows in lost.items():
        arrival.fault("question-unknown", place, given=question or "ไม่มีหัวข้อ", number=len(rows))
    if empty:
        arrival.fault("turn-empty", given=some(empty), number=len(empty))
    _warn(arrival, list(kept.values()), order)
    return list(kept.values())


def _number(turn: Turn) -> int | None:
    try:
        return values.whole(turn.number.rstrip("."), low=1) if turn.number else None
    except Unreadable:
        return None


def _speaker(turn: Turn) -> str:
    """Return the speaker in one form: a numbered one as ผู้ให้ข้อมูล 3, another as written."""
    given = clean(digits(turn.speaker))
    one = _ONE.fullmatch(given)
    return f"{SPEAKER} {int(one[1])}" if one else given or NOBODY


def _warn(arrival: Arrival, kept: list[dict], order: list[int]) -> None:
    """Say what is odd about numbers and speakers, once a form."""
    jumps = [f"{a}→{b}" for a, b in zip([0, *order], order, strict=False) if b != a + 1]
    if jumps:
        arrival.fault("turn-order", given=some(jumps))
    nobody = [turn["turn"] for turn in kept if turn["speaker"] == NOBODY]
    if nobody:
        arrival.fault("speaker-missing", given=some(nobody))
    many = [turn["turn"] for turn in kept if len(re.findall(r"\d+", turn["speaker"])) > 1]
    if many:
        arrival.fault("speaker-many", given=some(many))
