"""Word forms of focus groups and interviews: whose they are, when, with whom, by whose consent.

Rules: the header table says the province (else the folder's name does) or the kind of informants; a
conflict with the folder is warned and the header holds. Consent is certified when every ticked-or-not
statement about it (ยินยอม) is ticked and no contrary one is; otherwise the group is kept with consent
False and nothing that was said is. The number of participants is the number of rows in their table, or
the number in the header when there is no such table. Of two forms of one group the newest is used, a
form in its own province's folder before others.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from castlib import instrument, protocol, regions
from castlib.errors import some
from castlib.intake import turns, values, word, zips
from castlib.intake.arrival import Arrival
from castlib.intake.turns import Turn
from castlib.intake.values import Unreadable, clean, digits
from castlib.intake.word import TICKED, UNTICKED, Table

LABELS = {"จังหวัด": "province", "ประเภท": "kind", "วันที่": "held_on", "จำนวน": "n_participants"}
KINDS = {"ศูนย์": "staff", "ภาคี": "partners", "ผู้บริหาร": "executive"}
FOLDERS = {"staff": "staff", "executives": "executive"}
MOST_PEOPLE = 999
SEX = "เพศ"

_QUESTION = re.compile(r"ประเด็นที่ ?(\d{1,2})(?!\d)")
_TICKS = dict.fromkeys("☑✓✔✅🗹✗✘🗷√", TICKED) | dict.fromkeys("□▢❏❑⬜", UNTICKED)
_GLYPHS = str.maketrans(_TICKS)
_BRACKETS = re.compile(r"[\[(] ?([xX×/])? ?[\])]")
_AGAINST = re.compile(r"ไม่ ?(?:ได้|ให้|ขอ)* ?(?:ความ|การ)?(?:ยินยอม|รับรอง)")


@dataclass
class Form:
    """One form that could be read: its group, and what was said that may be used."""

    arrival: Arrival
    group: str
    kind: str
    province: str | None
    own_folder: bool
    held_on: datetime | None = None
    n_participants: int | None = None
    consent: bool = False
    pictures: int = 0
    segments: list[dict] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The group in Thai."""
        if self.province:
            return regions.label(self.province)
        return f"{protocol.informant_label(self.kind)} ({self.group})"

    @property
    def cluster(self) -> str | None:
        """The cluster of the form's province; None for national informants."""
        listed = regions.provinces().set_index("province")["cluster"]
        return listed[self.province] if self.province else None


@dataclass
class _Parts:
    """The parts of a document: header cells by field, rows of participants, turns, other lines."""

    header: dict[str, tuple[str, str]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    people: int | None = None
    turns: list[Turn] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def read(arrival: Arrival) -> Form | None:
    """Return a form's group, consent and turns; None when the file is refused."""
    try:
        document = word.read(arrival.file)
    except zips.Refused as refusal:
        code = "form-not-word" if refusal.reason == "not" else f"form-{refusal.reason}"
        arrival.refuse(code, given=refusal.given)
        return None
    parts = _parts(arrival, document)
    form = _whose(arrival, parts)
    if form is None:
        return None
    if document.macro:
        arrival.fault("form-macro")
    if document.pictures:
        arrival.fault("picture-in-form", given=document.pictures)
    form.pictures = document.pictures
    form.held_on = _held_on(arrival, parts)
    form.n_participants = _people(arrival, parts, form.kind)
    agreed = consent(parts.lines)
    form.consent = agreed is True
    if not form.consent:
        arrival.fault("consent-missing" if agreed is None else "consent-not-ticked")
    if not parts.turns:
        arrival.fault("form-no-turns")
    sort = "staff" if form.kind == "partners" else form.kind
    asked = list(instrument.focus_group()[sort]["question"])
    form.segments = turns.judge(arrival, parts.turns, asked, form.consent)
    return form


def _parts(arrival: Arrival, document: word.Document) -> _Parts:
    """Sort a document's blocks; cells that count are counted as read."""
    parts, question, rows, tables = _Parts(), "", 0, 0
    for block in document.blocks:
        if isinstance(block, str):
            line = clean(block)
            parts.lines.append(line)
            if found := _QUESTION.match(digits(line)):
                question = f"q{int(found[1])}"
            continue
        tables += 1
        table = [[clean(cell) for cell in row] for row in block]
        if turns.header(table) is not None:
            parts.turns += turns.gather(arrival, table, tables, rows, question)
        elif any(SEX in row for row in table[:2]):
            parts.people = (parts.people or 0) + _count_people(arrival, table)
        elif not question and any(_label(row[0]) for row in table if row):
            _read_header(arrival, table, parts)
        else:
            lines = [" ".join(filter(None, row)) for row in table]
            parts.lines += lines
            if any(lines) and consent(lines) is None:
                arrival.fault("form-table-unknown", f"ตารางที่ {tables}")
        rows += len(table)
    return parts


def _count_people(arrival: Arrival, table: Table) -> int:
    """Return the number of rows of participants; a row with only its number is still blank."""
    top = next(place for place, row in enumerate(table) if SEX in row)
    filled = [sum(map(bool, row)) for row in table[top + 1 :] if any(row[1:])]
    arrival.rows.read += len(filled)
    arrival.rows.accepted += len(filled)
    arrival.fields.read += sum(filled)
    arrival.fields.accepted += sum(filled)
    return len(filled)


def _label(cell: str) -> str | None:
    """Return which field of the header a label names."""
    return next((name for label, name in LABELS.items() if cell.startswith(label)), None)


def _read_header(arrival: Arrival, table: Table, parts: _Parts) -> None:
    """Read pairs of label and value, two or four cells a row; settle those that mean nothing here."""
    for row in table:
        for label, value in zip(row[::2], row[1::2], strict=False):
            if not value:
                continue
            arrival.fields.read += 1
            name = _label(label)
            if name and name not in parts.header:
                parts.header[name] = (label, value)
            else:
                parts.strange.append(label or value)
                arrival.fields.rejected += 1
    if parts.strange:
        arrival.fault("form-label-unknown", given=some(parts.strange))


def _whose(arrival: Arrival, parts: _Parts) -> Form | None:
    """Return the form under its group, or refuse the file when nothing says whose it is."""
    top, *_ = arrival.path.split("/")
    _, said = parts.header.get("kind", ("", ""))
    kind = next((kind for word_, kind in KINDS.items() if word_ in said), None)
    if kind is None and ("province" in parts.header or arrival.province):
        kind = "participants"
    if kind is None and top in FOLDERS:
        kind = "partners" if arrival.file.stem == "partners" else FOLDERS[top]
    if kind is None:
        arrival.refuse("form-kind-unknown")
        return None
    for name in ("kind", "province"):
        used = name == ("province" if kind == "participants" else "kind")
        if name in parts.header and not used:
            _settle(arrival, kept=False)
            arrival.fault("form-label-unknown", given=parts.header[name][0])
    if kind == "participants":
        return _of_province(arrival, parts)
    arrival.province = None
    if said:
        _settle(arrival, kept=True)
    group = _numbered(arrival, kind, said)
    return Form(arrival, group, kind, None, own_folder=True) if group else None


def _settle(arrival: Arrival, kept: bool) -> None:
    """Count one cell of the header."""
    arrival.fields.accepted += kept
    arrival.fields.rejected += not kept


def _of_province(arrival: Arrival, parts: _Parts) -> Form | None:
    label, said = parts.header.get("province", ("", ""))
    folder = arrival.province
    if said:
        try:
            arrival.province = values.province(said)
            _settle(arrival, kept=True)
        except Unreadable as refusal:
            _settle(arrival, kept=False)
            arrival.fault("form-province-unknown", label, given=said, **refusal.details)
    if arrival.province is None:
        arrival.refuse("file-no-province")
        return None
    if folder and folder != arrival.province:
        names = {"given": regions.label(arrival.province), "folder": regions.label(folder)}
        arrival.fault("province-conflict", **names)
    own = folder == arrival.province
    return Form(arrival, arrival.province, "participants", arrival.province, own)


def _numbered(arrival: Arrival, kind: str, said: str) -> str | None:
    """Return the group of staff, partners or an executive, numbered by the header or the file's name."""
    if kind == "partners":
        return "partners"
    targets = protocol.load().targets["qualitative"]
    limit = targets["centres"] if kind == "staff" else targets["executives"]
    found = re.search(r"\d{1,3}", digits(said)) or re.search(r"\d{1,3}", digits(arrival.file.stem))
    if not found or not 1 <= int(found[0]) <= limit:
        label = protocol.informant_label(kind)
        arrival.refuse("form-no-number", given=said, label=label, limit=limit)
        return None
    return f"centre-{int(found[0]):02d}" if kind == "staff" else f"executive-{int(found[0])}"


def _held_on(arrival: Arrival, parts: _Parts) -> datetime | None:
    if "held_on" not in parts.header:
        arrival.fault("form-date-missing")
        return None
    label, said = parts.header["held_on"]
    try:
        found = values.date(said)
    except Unreadable as refusal:
        _settle(arrival, kept=False)
        arrival.fault(refusal.code, label, given=said)
        return None
    _settle(arrival, kept=True)
    return found


def _people(arrival: Arrival, parts: _Parts, kind: str) -> int | None:
    """Return how many took part, and compare the two places that say so with what is asked."""
    label, said = parts.header.get("n_participants", ("", ""))
    declared = None
    if said:
        try:
            declared = values.whole(said, high=MOST_PEOPLE)
            _settle(arrival, kept=True)
        except Unreadable:
            _settle(arrival, kept=False)
            arrival.fault("form-count-unreadable", label, given=said)
    people = parts.people or declared
    if parts.people and declared is not None and parts.people != declared:
        arrival.fault("participants-differ", given=declared, number=parts.people)
    study = protocol.load()
    asked = {
        "participants": study.per_district["participants"],
        "staff": study.targets["qualitative"]["per_centre"],
        "partners": study.targets["qualitative"]["partners"],
    }.get(kind, people)
    if people != asked:
        given = "ไม่ระบุ" if people is None else people
        arrival.fault("participants-count", given=given, number=asked)
    return people


def consent(lines: list[str]) -> bool | None:
    """Return whether consent is certified by these lines; None when none of them says so with a box.

    A box belongs to the words after it, or to those before it when the line ends with a box.

    >>> consent(["☒ ยินยอมให้ข้อมูล ☐ ไม่ยินยอม"]), consent(["☐ ยินยอม"]), consent(["ยินยอม"])
    (True, False, None)
    """
    given, contrary = [], []
    for line in lines:
        if "ยินยอม" not in line:
            continue
        line = _BRACKETS.sub(lambda m: TICKED if m[1] else UNTICKED, line.translate(_GLYPHS))
        pieces = [piece.strip() for piece in re.split(f"([{TICKED}{UNTICKED}])", line)]
        words, boxes = pieces[::2], pieces[1::2]
        words = words[1:] if words[-1] else words[:-1]
        for box, statement in zip(boxes, words, strict=True):
            if "ยินยอม" in statement:
                side = contrary if _AGAINST.search(statement) else given
                side.append(box == TICKED)
    if not given and not any(contrary):
        return None
    return bool(given) and all(given) and not any(contrary)
