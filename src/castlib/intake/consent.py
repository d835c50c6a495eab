"""Whether a form certifies that its informants agreed: only a tick or a plain answer says so.

Rules: every statement about consent (ยินยอม) that has a box or an answer must be ticked or answered
with yes, and no contrary one may be. Silence, a bare sentence and a signature certify nothing.
"""

import re

from castlib.intake.ticks import TICKED, UNTICKED, drawn
from castlib.intake.wordxml import Cell

GIVEN, UNTOLD, CONTRARY, SIGNED, MISSING = "given", "unticked", "contrary", "signed", "missing"
FAULTS = {
    UNTOLD: "consent-not-ticked",
    CONTRARY: "consent-contrary",
    SIGNED: "consent-signed",
    MISSING: "consent-missing",
}
WORD, LONGEST_LINE, LONGEST_MARK = "ยินยอม", 2_000, 8

_AGAINST = re.compile(
    r"ไม่ ?(?:ได้|ให้|ขอ|รับ|มี|อาจ|สามารถ|ประสงค์|ต้องการ|เคย|ครบ| )*(?:ที่จะ|จะ)?(?:หนังสือ|ใบ|ความ|การ)*"
    r"(?:ให้ ?)?(?:ความ|การ)?(?:ยินยอม|รับรอง)|(?:ปฏิเสธ|ยกเลิก|เพิกถอน|ถอน)(?:การ|ความ|ให้| )*ยินยอม"
    r"|ยังไม่|(?:บางคน|บางราย|บางส่วน|บางท่าน)[^,]*ยินยอม"
)
_YES = re.compile(
    r"(?:ใช่|ยินยอม|รับรอง|เห็นด้วย|ตกลง|ครบ(?:ถ้วน)?|ทุกคน|ทั้งหมด|yes|y|true)(?:ทุกคน|ทั้งหมด|แล้ว|ครับ|ค่ะ| )*",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:ไม่|ยังไม่|no|n|false|ปฏิเสธ|บาง)[ก-๙ ]*", re.IGNORECASE)
_ANSWER = re.compile(rf"{WORD}[^:：]*[:：] ?(.*)$")
_BOXES = re.compile(f"([{TICKED}{UNTICKED}])")
_SIGNATURE = re.compile(r"ลงชื่อ|ลายมือชื่อ|ลายเซ็น|ลงนาม")


def judge(lines: list[str]) -> str:
    """Return GIVEN, or why consent is not certified by these lines.

    A box belongs to the words after it, or to those before it when the line ends with a box; words
    between two boxes need both; a box
    before a bare yes or no answers the statement that the line begins with.

    >>> judge(["☒ ยินยอมให้ข้อมูล ☐ ไม่ยินยอม"]), judge(["☐ ยินยอม"]), judge(["ยินยอม"])
    ('given', 'unticked', 'missing')
    >>> judge(["☐ รับรองการยินยอม ☒"])
    'unticked'
    """
    given, contrary = [], []
    for line in lines:
        if WORD in line and len(line) <= LONGEST_LINE and not _SIGNATURE.search(line):
            for statement, ticked in _statements(drawn(line)):
                (contrary if _AGAINST.search(statement) else given).append(ticked)
    if any(contrary) and any(given):
        return CONTRARY
    if any(contrary):
        return UNTOLD
    if given:
        return GIVEN if all(given) else UNTOLD
    return SIGNED if any(map(_SIGNATURE.search, lines)) else MISSING


def lines(rows: list[list[Cell]]) -> list[str]:
    """Return a table's rows as lines: columns headed yes and no become boxes before these words."""
    texts = [[cell.text for cell in row] for row in rows]
    top = texts[0] if texts else []
    heads = {p: head for p, head in enumerate(top) if _YES.fullmatch(head) or _NO.fullmatch(head)}
    if any(WORD in cell for cell in top if cell not in heads.values()):
        heads = {}
    found = []
    for row in texts:
        stated = any(WORD in cell for cell in (*row, *heads.values()))
        row = [drawn(cell) if len(cell) <= LONGEST_MARK else cell for cell in row]
        if heads and stated and any(row) and row != top:
            marks = [f"{row[p] or UNTICKED} {head}" for p, head in heads.items() if p < len(row)]
            row = [cell for p, cell in enumerate(row) if p not in heads] + marks
        elif not heads and len(full := [cell for cell in row if cell]) == 2 and _answers(*full):
            row = [": ".join(full)]
        found.append(" ".join(filter(None, row)))
    return found


def _answers(statement: str, answer: str) -> bool:
    """Whether two cells are a statement about consent and a plain answer to it."""
    said = _YES.fullmatch(answer) or _NO.fullmatch(answer)
    return WORD in statement and said is not None


def _statements(line: str) -> list[tuple[str, bool]]:
    """Return what a line states about consent, and whether it is ticked."""
    pieces = [piece.strip() for piece in _BOXES.split(line)]
    words, boxes = pieces[::2], pieces[1::2]
    if not boxes:
        return _answered(line)
    start, *after = words
    ticks = [box == TICKED for box in boxes]
    if WORD in start and after[-1] and not any(WORD in statement for statement in after):
        answers = [
            (f"ไม่{WORD}" if _NO.fullmatch(answer) else start, ticked)
            for answer, ticked in zip(after, ticks, strict=True)
            if _YES.fullmatch(answer) or _NO.fullmatch(answer)
        ]
        return answers
    if not start and not after[-1]:
        # boxes on both sides: nobody can tell which one is meant, so both must be ticked
        sides = zip(words[1:-1], ticks, ticks[1:], strict=False)
        return [(s, before and behind) for s, before, behind in sides if WORD in s]
    statements = after if after[-1] else words[:-1]
    return [(s, t) for s, t in zip(statements, ticks, strict=True) if WORD in s]


def _answered(line: str) -> list[tuple[str, bool]]:
    """Return the statement of a line such as `การยินยอม: ใช่`, if it is one."""
    found = _ANSWER.search(line)
    if not found:
        return []
    answer = found[1].strip(" ._…")
    if _NO.fullmatch(answer):
        return [(WORD, False)]
    return [(WORD, True)] if _YES.fullmatch(answer) else []
