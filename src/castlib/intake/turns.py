"""What was said in a focus group: the rows of a form's tables of turns, judged one by one.

Rules: a blank row, or one with only its number, is no row; a row whose number cell goes on from the row
above is the same turn. A row without a number (Word may count it) gets the next one; numbers that begin
again at 1 under a later question or in a later table are counted on. A row without text, with a number
that cannot be read or was used before in its table, or under no question of the form is refused; a row
without a speaker is kept. Without certified consent no row is kept at all. Speakers other than
ผู้ให้ข้อมูล N get a pseudonym.
"""

import re
from dataclasses import dataclass, replace
from itertools import groupby

from castlib.errors import some
from castlib.intake import values
from castlib.intake.arrival import Arrival
from castlib.intake.values import Unreadable, clean, digits
from castlib.intake.wordxml import Cell

NUMBER, SPEAKER, TEXT = "ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"
NOBODY = "ไม่ระบุ"
LONGEST_TEXT, LONGEST_HEAD, MOST_TURNS = 20_000, 40, 2_000

COUNTED = re.compile(r"(?:ลำดับ|เลขที่|ที่|ข้อ|no\.?|#)(?: ?ที่| ?เลข)?\.?", re.IGNORECASE)
# a number may be called what its column is: ข้อ 1, ลำดับที่ 1
_CALLED = re.compile(rf"^{COUNTED.pattern} ?(?=[\d๐-๙])", re.IGNORECASE)
# what heads a column, the best name first
_HEADS = {
    SPEAKER: (
        *("ผู้ให้ข้อมูล", "ผู้ให้สัมภาษณ์", "ผู้ถูกสัมภาษณ์", "ผู้พูด", "ผู้กล่าว", "ผู้แสดง", "ผู้ตอบ"),
        *("ผู้สนทนา", "ผู้ร่วม", "ผู้เข้าร่วม", "speaker", "ชื่อ"),
    ),
    TEXT: (
        *("ข้อความ", "ความคิดเห็น", "ความเห็น", "คำตอบ", "คำพูด", "ถ้อยคำ", "บทสนทนา", "เนื้อหา"),
        *("ข้อคิดเห็น", "สิ่งที่", "รายละเอียด", "ข้อมูลที่", "ประเด็น", "text"),
    ),
}
PERSON = rf"(?:{SPEAKER}|ผู้ให้สัมภาษณ์|ผู้เข้าร่วม(?:สนทนา|โครงการ)?|ผู้พูด|ผู้ร่วมสนทนา)"
_ORDINAL = r"(?:คนที่|รายที่|ที่|หมายเลข|no\.?)"
_ONE = re.compile(rf"(?:{PERSON}|คน)? ?{_ORDINAL}? ?(\d{{1,3}})\.?", re.IGNORECASE)
_MORE = re.compile(
    rf"{PERSON}? ?{_ORDINAL}? ?\d{{1,3}}(?: ?(?:,|และ|/|-|กับ) ?{_ORDINAL}? ?\d{{1,3}})+"
)
_NAMED = re.compile(rf"{PERSON} ?{_ORDINAL}? ?(\d{{1,3}})(?!\d)")
_UNNAMED = re.compile(rf"{PERSON}[\W_]*(?:{_ORDINAL})?[\W_]*")
_SAYS = re.compile(r"[^\W_]")

Places = dict[str, int]


@dataclass(frozen=True)
class Turn:
    """One turn as it stands in the form; `row` counts the rows of all tables of the file, from 1.

    `cells` counts its filled cells under the form's own columns, `strays` those under others; `counted`:
    Word numbers it.
    """

    number: str
    counted: bool
    speaker: str
    text: str
    cells: int
    strays: int
    row: int = 0
    table: str = ""
    place: str = ""
    question: str = ""


def heads(row: list[str]) -> Places | None:
    """Return which column of a header row is which; None when it is no header of turns.

    >>> heads(["ที่", "ผู้พูด", "ความคิดเห็น/ข้อเสนอ"])
    {'ข้อความ': 2, 'ผู้ให้ข้อมูล': 1, 'ลำดับ': 0}
    """
    short = {
        p: cell
        for p, cell in enumerate(row)
        if cell and len(cell) <= LONGEST_HEAD and not re.search(r"\d", cell)
    }
    places: Places = {}
    for name in (TEXT, SPEAKER):
        ranked = [
            (rank, p)
            for p, cell in short.items()
            for rank, head in enumerate(_HEADS[name])
            if cell.casefold().startswith(head)
        ]
        if ranked:
            places[name] = min(ranked)[1]
    number = next((p for p, cell in short.items() if COUNTED.fullmatch(cell)), None)
    if number is not None:
        places[NUMBER] = number
    return places if TEXT in places and len(places) > 1 else None


def goes_on(rows: list[list[Cell]]) -> bool:
    """Whether a table without a header can be of turns: it begins with a number, typed or counted."""
    first = rows[0][0]
    return first.listed or re.fullmatch(r"\d{1,4}[.)]?", digits(first.text)) is not None


def grid(row: list[Cell]) -> list[Cell]:
    """Return a row's cells by column of the table: one over two columns is followed by an empty one."""
    if all(cell.width == 1 for cell in row):
        return row
    return [
        part
        for cell in row
        for part in (cell, *(Cell("", merged=cell.merged) for _ in range(cell.width - 1)))
    ]


def gather(
    rows: list[list[Cell]], places: Places, table: str, first: int, before: int
) -> tuple[list[Turn], set[int], set[int]]:
    """Return the turns of rows under a header, numbers of rows not used, and columns not of the form.

    `first` is the number of the first row in its table, `before` how many rows the tables before have.
    Questions are for the caller to fill in.
    """
    found: list[Turn] = []
    unused, strange = set(), set()
    above: dict[int, str] = {}
    for offset, row in enumerate(rows, start=first):
        cells = grid(row)
        above = {p: above.get(p, "") if cell.merged else cell.text for p, cell in enumerate(cells)}
        filled = {p for p, cell in enumerate(cells) if cell.says}
        if not filled:
            continue
        turn = _turn(cells, filled, places, above)
        if _goes_on(cells, places) and found:
            found[-1] = _joined(found[-1], turn)
        elif turn.text or turn.strays or not _is_template(turn):
            place = f"{table} แถว {offset}"
            found.append(replace(turn, row=before + offset, table=table, place=place))
        elif number := _typed(turn):
            unused.add(number)
        strange |= filled - set(places.values())
    return found, unused, strange


def _turn(cells: list[Cell], filled: set[int], places: Places, above: dict[int, str]) -> Turn:
    """Return a row as a turn; a speaker's cell over several rows speaks in each of them."""
    own = {name: cells[p] if p < len(cells) else Cell("") for name, p in places.items()}
    number = own.get(NUMBER, Cell(""))
    strays = len(filled - set(places.values()))
    return Turn(
        number=number.text if number.says else "",
        counted=number.listed,
        speaker=above.get(places.get(SPEAKER, -1), ""),
        text=own[TEXT].text if own[TEXT].says else "",
        cells=len(filled) - strays,
        strays=strays,
    )


def _goes_on(cells: list[Cell], places: Places) -> bool:
    """Whether a row belongs to the turn above: its number's cell is one with the cell above."""
    place = places.get(NUMBER, -1)
    return 0 <= place < len(cells) and cells[place].merged


def _joined(turn: Turn, more: Turn) -> Turn:
    text = f"{turn.text} {more.text}".strip()
    return replace(turn, text=text, cells=turn.cells + more.cells, strays=turn.strays + more.strays)


def _is_template(turn: Turn) -> bool:
    """Whether a row without text is as the blank form has it: no more than a number and whom it asks for."""
    alone = turn.cells == bool(turn.number)
    return alone or _UNNAMED.fullmatch(turn.speaker) is not None


def _typed(turn: Turn) -> int | None:
    """Return the number that a turn has in the form; None when there is none or it cannot be read."""
    try:
        number = _CALLED.sub("", turn.number.strip(" .()"))
        return values.whole(number, low=1) if turn.number else None
    except Unreadable:
        return None


def judge(
    arrival: Arrival, turns: list[Turn], unused: set[int], asked: list[str], consent: bool
) -> list[dict]:
    """Return the turns that are kept as records of question, turn, speaker, text and source_row."""
    kept: dict[int, dict] = {}
    speakers: dict[int, str] = {}
    numbers = _numbers(arrival, turns, unused)
    empty, lost = [], {}
    for turn, number in zip(turns, numbers, strict=True):
        if not turn.text:
            empty.append(number or turn.place)
        elif turn.question not in asked:
            lost.setdefault((turn.table, turn.question), []).append(turn)
        elif number is None:
            arrival.fault("turn-unreadable", turn.place, given=turn.number)
        elif number in kept:
            arrival.fault("turn-twice", turn.place, given=number)
        elif len(turn.text) > LONGEST_TEXT:
            details = {"given": f"{len(turn.text):,}", "limit": f"{LONGEST_TEXT:,}"}
            arrival.fault("turn-too-long", turn.place, **details)
        elif consent:
            about = {"question": turn.question, "turn": number, "speaker": _speaker(arrival, turn)}
            text = arrival.mask.mask(turn.text)
            kept[number] = {**about, "text": text, "source_row": turn.row}
            speakers[number] = clean(digits(turn.speaker))
            arrival.rows.accepted += 1
            arrival.fields.accepted += turn.cells
            arrival.fields.rejected += turn.strays
            continue
        arrival.rows.rejected += 1
        arrival.fields.rejected += turn.cells + turn.strays
    for (table, question), rows in lost.items():
        arrival.fault("question-unknown", table, given=question or "ไม่มีหัวข้อ", number=len(rows))
    if empty:
        arrival.fault("turn-empty", given=some(empty), number=len(empty))
    _warn_of_speakers(arrival, kept, speakers)
    return list(kept.values())


def _numbers(arrival: Arrival, turns: list[Turn], unused: set[int]) -> list[int | None]:
    """Return the turns' numbers, None where one cannot be read; say what had to be counted."""
    given = [_typed(turn) for turn in turns]
    again, counted = [], []
    last = highest = 0
    parts = groupby(range(len(turns)), key=lambda k: (turns[k].table, turns[k].question))
    for (table, _), group in parts:
        own = list(group)
        first = next((given[k] for k in own if given[k]), None)
        shift = highest if first == 1 else 0
        again += [table] if shift and table not in again else []
        for k in own:
            if given[k]:
                given[k] += shift
            last = given[k] or last + (not turns[k].number)
            highest = max(highest, last)
    used = {number for number in given if number}
    last = 0
    for k, turn in enumerate(turns):
        if not turn.number:
            given[k] = last + 1 if last + 1 not in used else max(used) + 1
            used.add(given[k])
            counted += [] if turn.counted else [given[k]]
        last = given[k] or last
    order = list(dict.fromkeys(number for number in given if number))
    pairs = zip([0, *order], order, strict=False)
    jumps = [
        f"{a}→{b}" if a else f"เริ่มที่ {b}"
        for a, b in pairs
        if b <= a or not unused.issuperset(range(a + 1, b))
    ]
    for code, told in (("turn-again", again), ("turn-counted", counted), ("turn-order", jumps)):
        if told:
            arrival.fault(code, given=some(told))
    return given


def _speaker(arrival: Arrival, turn: Turn) -> str:
    """Return the speaker in one form: numbered ones as ผู้ให้ข้อมูล 3, another under a pseudonym."""
    given = clean(digits(turn.speaker))
    if _MORE.fullmatch(given):
        return f"{SPEAKER} " + ", ".join(str(int(n)) for n in re.findall(r"\d+", given))
    if one := _ONE.fullmatch(given) or _NAMED.match(given):
        return f"{SPEAKER} {int(one[1])}"
    if not _SAYS.search(given) or _UNNAMED.fullmatch(given):
        return NOBODY
    return arrival.mask.person(turn.speaker)


def _warn_of_speakers(arrival: Arrival, kept: dict[int, dict], given: dict[int, str]) -> None:
    """Say what is odd about speakers, once a form; `given` is what the form says of each turn kept."""
    nobody = [n for n, turn in kept.items() if turn["speaker"] == NOBODY]
    many = [n for n in kept if _MORE.fullmatch(given[n])]
    named = [n for n in kept if n not in (*nobody, *many) and not _ONE.fullmatch(given[n])]
    told = (("speaker-missing", nobody), ("speaker-many", many), ("speaker-named", named))
    for code, numbers in told:
        if numbers:
            arrival.fault(code, given=some(numbers))
