"""What a coding project must be to be written, in which order it is told, and what is left behind."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from castlib.errors import CastError, some
from castlib.exchange.project import Code, Lost, Passage, Project

MOST_DOCUMENTS, MOST_CODES, MOST_PASSAGES = 20_000, 20_000, 500_000
DEEPEST = 100
THAI_TIME = timezone(timedelta(hours=7))
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNPAIRED = re.compile("[\ud800-\udfff]")
_YEARS = (1971, 9998)


class NotReadable(CastError):
    """A file of another program that is not read: what was seen in it and what to do."""


class Losses:
    """Counts by kind of what is not taken over, with examples, in the order of first sight."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, what: str, example: str = "", number: int = 1) -> None:
        """Count `number` more things of a kind; at most ten examples of each are kept."""
        if not number:
            return
        self._counted[what] += number
        examples = self._examples.setdefault(what, [])
        example = " ".join(example.split())[:80]
        if example and example not in examples and len(examples) < 10:
            examples.append(example)

    def told(self) -> tuple[Lost, ...]:
        """Return all that was counted."""
        return tuple(Lost(w, n, tuple(self._examples[w])) for w, n in self._counted.items())


class Names:
    """Names of one kind, each given once.

    >>> names = Names()
    >>> [names.free("ก"), names.free("ก", "ข"), names.free("ก", "ข")]
    ['ก', 'ก (ข)', 'ก (2)']
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def free(self, name: str, hint: str = "") -> str:
        """Return the name, with the hint or a number behind it when it is taken, and take it."""
        free = name if name not in self._taken or not hint else f"{name} ({hint})"
        while free in self._taken:
            self._last[name] = self._last.get(name, 1) + 1
            free = f"{name} ({self._last[name]})"
        self._taken.add(free)
        return free


def canonical(project: Project) -> Project:
    """Return the project in the order in which files tell it, the same twice left out.

    Codes stand before those below them; passages by document, place, code, coder.

    >>> codes = (Code("ลูก", parent="แม่"), Code("แม่"))
    >>> [code.name for code in canonical(Project("", (), codes, (), ())).codes]
    ['แม่', 'ลูก']
    """
    codes = tuple(code for code, _ in nested(project.codes))
    documents = {document.name: number for number, document in enumerate(project.documents)}
    places = {code.name: number for number, code in enumerate(codes)}
    coders = {coder: number for number, coder in enumerate(project.coders)}

    def key(p: Passage) -> tuple[int, int, int, int, int]:
        return documents[p.document], p.start, p.end, places[p.code], coders.get(p.coder, -1)

    first = {key(passage): passage for passage in reversed(project.passages)}
    return replace(project, codes=codes, passages=tuple(first[place] for place in sorted(first)))


def finished(project: Project, losses: Losses) -> Project:
    """Return a project that was read in canonical order, with what was lost."""
    whole = canonical(project)
    twice = len(project.passages) - len(whole.passages)
    losses.add("การลงรหัสที่ซ้ำกันทุกประการ", number=twice)
    return replace(whole, lost=losses.told())


def nested(codes: Iterable[Code]) -> list[tuple[Code, int]]:
    """Return each code and how many codes stand above it, those below a code right after it."""
    below: dict[str, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent, []).append(code)
    pending = [(code, 0) for code in reversed(below.pop("", []))]
    order = []
    while pending:
        code, depth = pending.pop()
        order.append((code, depth))
        pending += [(child, depth + 1) for child in reversed(below.pop(code.name, []))]
    return order


def checked(project: Project) -> Project:
    """Return the project in canonical order, or raise `CastError` with all that stands against it."""
    texts = {document.name: document.text for document in project.documents}
    codes = {code.name for code in project.codes}
    coders = {*project.coders, ""}
    faults = {
        "ชื่อว่าง": [kind for kind, name in _names(project) if not name],
        "ชื่อซ้ำ": _repeated(_names(project)),
        "รหัสที่อยู่ใต้รหัสที่ไม่มี หรือวนกลับมาที่ตัวเอง หรือซ้อนลึกเกินไป": _loose(project.codes),
        "ข้อความที่มีอักขระที่ไม่สมบูรณ์": [n for n, text in texts.items() if _broken(text)],
        "ชื่อหรือคำอธิบายที่มีอักขระควบคุม": [w for w in _words(project) if not is_plain(w)],
        "การลงรหัสในเอกสารที่ไม่มี": [p.document for p in project.passages if p.document not in texts],
        "การลงรหัสด้วยรหัสที่ไม่มี": [p.code for p in project.passages if p.code not in codes],
        "การลงรหัสโดยผู้ลงรหัสที่ไม่มี": [p.coder for p in project.passages if p.coder not in coders],
        "ตำแหน่งที่อยู่นอกเอกสารหรือว่าง": [
            f"{p.document} [{p.start}:{p.end}]"
            for p in project.passages
            if not 0 <= p.start < p.end <= len(texts.get(p.document, "")) and p.document in texts
        ],
        "เวลาที่มีเขตเวลาหรืออยู่นอกช่วงปี": [
            str(p.at) for p in project.passages if p.at and not _is_dated(p.at)
        ],
    }
    told = [f"{what}: {some(dict.fromkeys(seen))}" for what, seen in faults.items() if seen]
    if told:
        raise CastError("ส่งออกโครงการลงรหัสไม่ได้ · " + " · ".join(told))
    return canonical(project)


def is_plain(words: str) -> bool:
    """Whether XML can hold the words: no control characters but tab and line ends, nothing unpaired.

    >>> is_plain("ก\\n"), is_plain("ก\\x00")
    (True, False)
    """
    return ODD.search(words) is None


def thai_time(given: datetime) -> datetime:
    """Return a moment as Thai time without its zone; what has none is taken as Thai already."""
    return given.astimezone(THAI_TIME).replace(tzinfo=None) if given.tzinfo else given


def world_time(at: datetime) -> datetime:
    """Return Thai time as UTC, without its zone."""
    return at.replace(tzinfo=THAI_TIME).astimezone(UTC).replace(tzinfo=None)


def _names(project: Project) -> list[tuple[str, str]]:
    return [
        ("โครงการ", project.name),
        *(("เอกสาร", document.name) for document in project.documents),
        *(("รหัส", code.name) for code in project.codes),
        *(("ผู้ลงรหัส", coder) for coder in project.coders),
    ]


def _words(project: Project) -> list[str]:
    return [name for _, name in _names(project)] + [c.description for c in project.codes]


def _repeated(names: list[tuple[str, str]]) -> list[str]:
    return [f"{kind} {name}" for (kind, name), times in Counter(names).items() if times > 1]


def _loose(codes: tuple[Code, ...]) -> list[str]:
    reached = {code.name for code, depth in nested(codes) if depth < DEEPEST}
    return [code.name for code in codes if code.name and code.name not in reached]


def _broken(text: str) -> bool:
    return _UNPAIRED.search(text) is not None


def _is_dated(at: datetime) -> bool:
    return at.tzinfo is None and _YEARS[0] <= at.year <= _YEARS[1]
