"""A file that arrived: what it is, what was found wrong with it, and what of it was counted.

Counts: a *row* is a data row that is not blank (of the questionnaire, of a form's table of participants
or of turns, of a sheet or of the register); a *field* is a cell of such a row, or of a form's header
table, with something in it. In a coder's sheet each code is a field of its own, and a suggestion that
nobody accepted is no row; in a coding project a row is a coded passage, its code a field. Headings,
column headers, row remarks (the column หมายเหตุ) and consent boxes are neither. Every reader counts what
it read, what it kept and what it refused on three separate paths.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from castlib import protocol
from castlib.intake.faults import Fault, fault
from castlib.privacy.pseudonyms import Pseudonyms

REMARKS = "หมายเหตุ"


@dataclass
class Count:
    """How many were read, and what became of them."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0

    @property
    def balanced(self) -> bool:
        """Whether everything read is either accepted or rejected."""
        return self.read == self.accepted + self.rejected

    def refuse(self) -> None:
        """Count everything that was read as rejected."""
        self.accepted, self.rejected = 0, self.read

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.read + other.read, self.accepted + other.accepted, self.rejected + other.rejected
        )


@dataclass
class Arrival:
    """One file of the source, from the moment it is found until it is counted.

    `path` is relative to the source and safe to show, personal data in it masked; `key` is that path as
    it is, for matching and never for showing; `file` is where it lies; `sha256` is empty when the file
    is not to be opened; `mask` is what puts pseudonyms in place of personal data, the same for all files
    of an intake.
    """

    path: str
    file: Path
    size: int = 0
    sha256: str = ""
    kind: str = "unknown"
    province: str | None = None
    submitted_at: datetime | None = None
    rows: Count = field(default_factory=Count)
    fields: Count = field(default_factory=Count)
    faults: list[Fault] = field(default_factory=list)
    refused: bool = False
    mask: Pseudonyms = field(default_factory=Pseudonyms, repr=False)
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self.key = self.key or self.path

    def fault(self, code: str, place: str = "", province: str | None = None, **details) -> None:
        """Note a fault in this file; the province is the file's own unless a row has another."""
        place = self.mask.mask(place)
        details = {n: self.mask.mask(d) if isinstance(d, str) else d for n, d in details.items()}
        self.faults.append(fault(code, self.path, place, province or self.province, **details))

    def refuse(self, code: str, **details) -> None:
        """Refuse the whole file: whatever was read from it counts as rejected."""
        self.fault(code, **details)
        self.refused = True
        self.rows.refuse()
        self.fields.refuse()

    @property
    def status(self) -> str:
        """Return accepted, warned (taken in, with faults) or rejected."""
        if self.refused:
            return "rejected"
        return "warned" if self.faults else "accepted"

    @property
    def late(self) -> bool:
        """Whether the register shows that the file came after the day of the deadline."""
        return self.submitted_at is not None and is_late(self.submitted_at)

    def record(self) -> dict:
        """Return the file's entry in the intake's report."""
        return {
            "path": self.path,
            "province": self.province,
            "kind": self.kind,
            "status": self.status,
            "sha256": self.sha256,
            "size": self.size,
            "submitted_at": self.submitted_at and self.submitted_at.isoformat(),
            "faults": [found.record() for found in self.faults],
        }


def is_late(when: datetime) -> bool:
    """Return whether a time in Thailand is after the end of the deadline's day."""
    return when.date() > protocol.load().deadline


def first_day() -> date:
    """Return the study's first day, before which nothing can have been answered."""
    return min(step["start"] for step in protocol.load().steps)


def deadline() -> str:
    """Return the deadline in Thai."""
    return protocol.thai_date(protocol.load().deadline)


def thai_time(when: datetime) -> str:
    """Return a time as Thai pages show it.

    >>> thai_time(datetime(2022, 11, 16, 9, 4))
    '16/11/2565 09:04 น.'
    """
    return f"{when.day}/{when.month}/{when.year + protocol.BUDDHIST_ERA} {when:%H:%M} น."


def newest(arrivals: list[Arrival]) -> Arrival:
    """Return the arrival that came last by the register; without a time, the last by path."""
    return max(arrivals, key=lambda a: (a.submitted_at or datetime.min, a.path))


def why_kept(kept: Arrival) -> str:
    """Return in Thai why this arrival is the newest."""
    if kept.submitted_at:
        return "ซึ่งใหม่ที่สุดตามทะเบียน"
    return "ซึ่งอยู่ท้ายสุดตามชื่อ เพราะทะเบียนไม่มีเวลาของไฟล์เหล่านี้"
