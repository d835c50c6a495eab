"""The participants of a form: rows counted, never kept; a name among them is told without being quoted."""

import re
from dataclasses import dataclass

from castlib.intake import turns, values
from castlib.intake.arrival import Arrival
from castlib.intake.values import Unreadable
from castlib.intake.wordxml import Cell

SEX, NUMBER_OF, TOTAL = "เพศ", "จำนวน", "รวม"
NAMED = (
    *("ชื่อ", "นามสกุล", "ลงชื่อ", "ลายมือชื่อ", "ลายเซ็น", "โทร", "เบอร์", "หมายเลขโทร", "มือถือ"),
    *("อีเมล", "อีเมล์", "e-mail", "email", "ไลน์", "line", "facebook", "เฟซบุ๊ก", "ที่อยู่"),
    *("เลขประจำตัว", "เลขบัตร", "เลขที่บัตร", "บัตรประชาชน"),
)
ABOUT = (
    *("เพศ", "อายุ", "ตำแหน่ง", "สังกัด", "หน่วยงาน", "ภาค", "องค์กร", "อาชีพ", "กลุ่ม", "บทบาท"),
    *("ผู้ให้ข้อมูล", "ผู้เข้าร่วม", "ผู้ให้สัมภาษณ์"),
)


@dataclass(frozen=True)
class Heads:
    """Which columns of a table of participants number them, name them, or say how many they are."""

    number: int | None
    named: frozenset[int]
    how_many: int | None


def heads(row: list[str]) -> Heads | None:
    """Return the columns of a header row of participants; None for any other row."""
    short = {
        p: cell.casefold()
        for p, cell in enumerate(row)
        if cell and len(cell) <= turns.LONGEST_HEAD and not re.search(r"\d", cell)
    }
    number = next((p for p, cell in short.items() if turns.COUNTED.fullmatch(cell)), None)
    named = frozenset(p for p, cell in short.items() if cell.startswith(NAMED))
    about = [p for p, cell in short.items() if cell.startswith(ABOUT)]
    with_sex = any(cell.startswith(SEX) for cell in short.values())
    if not with_sex and (number is None or not (named or about)):
        return None
    how_many = next((p for p, cell in short.items() if cell.startswith(NUMBER_OF)), None)
    return Heads(number, named, how_many) if len(short) > 1 else None


def count(arrival: Arrival, rows: list[list[Cell]], where: Heads, table: str) -> int:
    """Return how many people a table's rows are, and count the rows; one with only its number is blank."""
    people, named = 0, 0
    for row in rows:
        cells = turns.grid(row)
        filled = {p for p, cell in enumerate(cells) if cell.says}
        if not filled - {where.number} or cells[min(filled)].text.startswith(TOTAL):
            continue
        refused = len(filled & where.named)
        named += bool(refused)
        arrival.rows.read += 1
        arrival.rows.accepted += 1
        arrival.fields.read += len(filled)
        arrival.fields.accepted += len(filled) - refused
        arrival.fields.rejected += refused
        people += _how_many(cells, where)
    if named:
        arrival.fault("participants-named", table, number=named)
    return people


def _how_many(cells: list[Cell], where: Heads) -> int:
    """Return how many people a row stands for: one, or what a summary by sex says."""
    place = where.how_many
    if place is None or place >= len(cells):
        return 1
    try:
        return values.whole(cells[place].text, high=999)
    except Unreadable:
        return 1
