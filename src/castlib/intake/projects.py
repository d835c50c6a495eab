"""Coding projects as coders send them: REFI-QDA archives (.qdpx) and Taguette's projects (.sqlite3).

A row is a coded passage, its code a field. Documents are only compared with what the forms say, never
taken over; nor are memos. A document in which a coder coded something was read whole by that coder: of
its other segments there was nothing to code.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

import pandas as pd

from castlib import paths
from castlib.errors import CastError, some
from castlib.exchange import refi, taguette
from castlib.exchange.documents import Gone, Piece, Reading
from castlib.exchange.project import Code, Lost, Passage, Project
from castlib.intake import coding, content
from castlib.intake.arrival import Arrival
from castlib.intake.coding import Elsewhere
from castlib.intake.sheets import hint
from castlib.intake.spelling import clean, digits, letters

LONGEST_QUOTE = 40
# what programs call whoever sits before them
NOBODY = {"", "admin", "administrator", "default", "default user", "user", "unknown", "owner"}
_NUMBERED = re.compile(r"(?:coder|ผู้ลงรหัส)[-_ ]?[0-9]{1,2}$", re.IGNORECASE)


def read(arrival: Arrival) -> Project | None:
    """Return the project in a file; None, the file refused, when it cannot be read."""
    try:
        with arrival.file.open("rb") as opened:
            start = opened.read(len(content.SQLITE))
        return (taguette if start == content.SQLITE else refi).read(arrival.file)
    except (CastError, OSError) as error:
        arrival.refuse("coding-project-unreadable", given=str(error))
        return None


def group(name: str, groups: set[str]) -> str | None:
    """Return the group that a document's name means, as we wrote it or with an ending after it.

    >>> (
    ...     group("TH-50 เชียงใหม่.docx", {"TH-50"}),
    ...     group("centre-03", {"centre-03"}),
    ...     group("x", {"TH-50"}),
    ... )
    ('TH-50', 'centre-03', None)
    """
    name = clean(name)
    stem = clean(PurePosixPath(name).stem)
    ways = (name, stem, stem.partition(" ")[0])
    return next((found for way in ways if way and (found := coding.group(way, groups))), None)


def coder(arrival: Arrival, given: str) -> str:
    """Return the coder that a project names; where it names nobody, whom the file is named after."""
    if clean(given).casefold() in NOBODY:
        stem = clean(PurePosixPath(arrival.key).stem)
        numbered = _NUMBERED.search(digits(stem))
        given = numbered[0] if numbered else stem
    return coding.called(given, arrival.mask)


def unlisted(codes: Iterable[Code]) -> list[str]:
    """Return the names of a project's codes that the study's codebook has under no name or label."""
    known = coding.codebook(paths.data())
    return [code.name for code in codes if letters(clean(code.name)) not in known]


def claims(arrival: Arrival, project: Project, groups: set[str]) -> set[tuple[str, str]]:
    """Return whose codings of which group a project holds: (coder, group)."""
    pairs = {(passage.coder, passage.document) for passage in project.passages}
    found = {(coder(arrival, by), group(name, groups)) for by, name in pairs}
    return {(by, name) for by, name in found if name}


def codings(
    arrival: Arrival, project: Project, segments: pd.DataFrame, elsewhere: Elsewhere | None = None
) -> list[dict]:
    """Return a project's codings, one record a segment's passage and code, as from the coders' sheets.

    A passage that spans several turns gives each of them a coding. `segments` is the checked table;
    `elsewhere` has the file that is used instead for a coder's codings of a group.
    """
    taken = _Taken(arrival, segments)
    by_document = defaultdict(list)
    for number, passage in enumerate(project.passages, start=1):
        by_document[passage.document].append((number, passage))
    arrival.rows.read = arrival.fields.read = len(project.passages)
    for document in project.documents:
        if passages := by_document.pop(document.name, None):
            found = group(document.name, taken.groups)
            if found:
                reading = Reading(document, segments[segments["group"] == found])
                taken.document(document.name, found, reading, passages, elsewhere or {})
            else:
                by_document[document.name] = passages
    for name, passages in by_document.items():
        arrival.fault("coding-document-unknown", f"เอกสาร {name}", number=len(passages))
    taken.tell()
    used = {passage.code for passage in project.passages}
    unused = [name for name in unlisted(project.codes) if name not in used]
    new = [Lost("รหัสที่ไม่มีในสมุดรหัสและไม่ได้ใช้", len(unused), tuple(unused))] if unused else []
    for lost in [*project.lost, *new]:
        examples = f" เช่น {some(lost.examples)}" if lost.examples else ""
        arrival.fault("coding-lost", given=lost.what, number=lost.number, examples=examples)
    arrival.rows.accepted = arrival.fields.accepted = taken.accepted
    arrival.rows.rejected = arrival.fields.rejected = len(project.passages) - taken.accepted
    return coding.settled(taken.records)


class _Taken:
    """What has been taken from a project so far, and what has to be told of it at the end."""

    def __init__(self, arrival: Arrival, segments: pd.DataFrame) -> None:
        self.arrival, self.groups = arrival, set(segments["group"])
        self.known = coding.codebook(paths.data())
        self.lengths = dict(zip(segments["segment"], segments["text"].str.len(), strict=True))
        self.records: list[dict] = []
        self.accepted = 0
        self.unknown, self.twice, self.done = Counter(), Counter(), set()

    def document(
        self,
        name: str,
        group: str,
        reading: Reading,
        passages: list[tuple[int, Passage]],
        elsewhere: Elsewhere,
    ) -> None:
        """Take the passages of one document."""
        place, gone, layout = f"เอกสาร {name}", [], 0
        doubtful, coded = defaultdict(set), {}
        for number, passage in passages:
            by = coder(self.arrival, passage.coder)
            code = self.known.get(letters(clean(passage.code)))
            if (by, group) in elsewhere:
                self.twice[coding.told_of(by, elsewhere[by, group])] += 1
                continue
            try:
                pieces = reading.pieces(passage.start, passage.end)
            except Gone:
                gone.append(reading.text[passage.start : passage.end])
                doubtful[by] |= reading.touched(passage.start, passage.end)
                continue
            if not pieces:
                layout += 1
            elif code is None:
                self.unknown[passage.code] += 1
                doubtful[by] |= {piece.segment for piece in pieces}
            else:
                self.accepted += 1
                coded.setdefault(by, number)
                for piece in pieces:
                    if (by, code, piece) not in self.done:
                        self._add(number, by, code, piece, passage)
                    self.done.add((by, code, piece))
        self._read(reading, coded, doubtful)
        self._tell_document(place, reading, gone, layout)

    def _add(
        self, number: int, by: str, code: str | None, piece: Piece, passage: Passage | None
    ) -> None:
        group, _, turn = piece.segment.rpartition(":")
        about = {"coder": by, "start": piece.start, "end": piece.end}
        about["coded_at"] = passage and passage.at
        self.records.append(coding.record(self.arrival, number, (group, int(turn)), code, **about))

    def _read(self, reading: Reading, coded: dict[str, int], doubtful: dict[str, set[str]]) -> None:
        """Note the segments that each coder read and left without a code, under the first row of theirs."""
        read = reading.read
        for by, number in coded.items():
            own = {one["segment"] for one in self.records if one["coder"] == by}
            for segment in (row.segment for row in reading.said.values()):
                if segment in read - own - doubtful[by]:
                    whole = Piece(segment, 0, self.lengths[segment])
                    self._add(number, by, None, whole, None)

    def _tell_document(self, place: str, reading: Reading, gone: list[str], layout: int) -> None:
        if gone:
            quotes = some((text[:LONGEST_QUOTE] for text in gone), limit=3)
            self.arrival.fault("coding-passage-gone", place, given=quotes, number=len(gone))
        if layout:
            self.arrival.fault("coding-layout-only", place, number=layout)
        differ = [
            line.turn for line in reading.lines if line.turn is not None and not reading.same(line)
        ]
        if differ:
            self.arrival.fault("coding-document-differs", place, given=some(differ))

    def tell(self) -> None:
        """Tell of unknown codes, and of coders whose documents another file is used for."""
        for name, number in self.unknown.items():
            near = hint(name, [*self.known.values()])
            self.arrival.fault("code-unknown", f"{number} ช่วง", given=name, hint=near)
        coding.tell_twice(self.arrival, self.twice)
