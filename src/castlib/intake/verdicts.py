"""What people decided on the joint displays: verdicts.csv, as `cast verdicts` writes it and people fill it.

It lies in the source beside the coders' sheets, because a verdict is made on those data: what was
decided on the synthetic country can never meet a real study.
"""

from collections.abc import Collection

from castlib import instrument, protocol, regions
from castlib.errors import nearest
from castlib.intake import headers
from castlib.intake.arrival import Arrival
from castlib.intake.headers import (
    BY,
    DATE,
    NUMBERS,
    OBJECTIVE,
    REASON,
    REGION,
    TOPIC,
    VERDICT,
    WORDS,
)
from castlib.intake.spelling import digits, letters
from castlib.intake.spreadsheet import Rows, Sheet

COLUMNS = [REGION, OBJECTIVE, TOPIC, VERDICT, REASON, BY, DATE, NUMBERS, WORDS]
# to be read by people only
BESIDE = ("ชื่อหัวข้อ", "ข้อสรุปที่เสนอ")


def read(arrival: Arrival, rows: Rows) -> list[dict]:
    """Return the verdicts of a sheet, one record a row that has one; a row without one is undecided.

    A row needs a reason, the role of who decided, and both strands as they were. A verdict goes by its
    code or its Thai name. Of two rows on one topic the first counts; the other is refused. A region is
    TH or a cluster, a topic one of its objective's: what no page shows could only be lost.
    """
    sheet = Sheet(arrival, rows.under(headers.named("verdicts", rows[0][1])), COLUMNS, BESIDE)
    found, kept, done = [], {}, set()
    for number, cells in sheet:
        place = sheet.place(number)
        filled = sum(1 for cell in cells.values() if cell)
        if not cells[VERDICT]:
            kept[number] = (filled, 0)
            continue
        record = _known(arrival, place, cells)
        if record is None:
            continue
        about = (record["region"], record["objective"], record["topic"])
        bare = [name for name in (REASON, BY, NUMBERS, WORDS) if not cells[name]]
        if about in done:
            arrival.fault("verdict-again", place, given="/".join(map(str, about)))
        elif bare:
            arrival.fault("verdict-bare", place, given="หรือ".join(bare))
        else:
            done.add(about)
            kept[number] = (filled, 0)
            names = {"reason": REASON, "by": BY, "date": DATE, "numbers": NUMBERS, "words": WORDS}
            text = {ours: arrival.mask.mask(cells[name]) for ours, name in names.items()}
            found.append(record | text | {"source_file": arrival.path, "source_row": number})
    sheet.settle(kept)
    return found


def _known(arrival: Arrival, place: str, cells: dict[str, str]) -> dict | None:
    """Return region, objective, topic and verdict by their codes; None, told, when one is unknown."""
    names = {letters(label): code for code, label in protocol.VERDICTS.items()}
    tool = instrument.load()
    # of the other objectives the topics are the components of success
    own = {"2": tool.outcomes, "4": protocol.CONDITIONS}
    topics = own.get(digits(cells[OBJECTIVE]).strip(), tool.success)
    ways = {
        "region": (REGION, regions.codes()),
        "objective": (OBJECTIVE, [str(entry["id"]) for entry in protocol.load().objectives]),
        "topic": (TOPIC, topics),
        "verdict": (VERDICT, list(protocol.VERDICTS)),
    }
    record: dict[str, object] = {}
    for name, (column, valid) in ways.items():
        given = cells[column]
        code = names.get(letters(given), given) if name == "verdict" else digits(given)
        found = _code(code, valid)
        if found is None:
            shown = [*valid, *protocol.VERDICTS.values()] if name == "verdict" else valid
            like = nearest(given[:80], shown)
            hint = f" (หมายถึง {like} หรือไม่)" if like else ""
            arrival.fault("verdict-unknown", place, given=given, hint=hint, column=column)
            return None
        record[name] = found
    return record | {"objective": int(str(record["objective"]))}


def _code(given: str, valid: Collection[str]) -> str | None:
    return next((code for code in valid if code.casefold() == given.strip().casefold()), None)
