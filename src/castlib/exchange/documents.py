"""The study's documents as coding programs get them, and the way back from a passage to its segments.

One document a group: a heading line a question, then one line a turn, `[3] ผู้ให้ข้อมูล 2: ข้อความ`. Nothing
else tells a turn from a heading, so that a person can read it and `Reading` can take it apart exactly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from castlib import instrument, regions
from castlib.exchange.project import Document

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_TURN = re.compile(r"\[([0-9]{1,4})\] (?:.*?: )?")


class Gone(LookupError):
    """The text of a passage is not, or not in one place only, in what the group said."""


@dataclass(frozen=True)
class Piece:
    """A stretch of one segment: text[start:end], in code points."""

    segment: str
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    """What was said in a line of a document, text[start:end], and the turn that the line says it is."""

    start: int
    end: int
    turn: int | None


def name(group: str) -> str:
    """Return the name of a group's document: its code, and its province where it has one.

    >>> name("TH-50"), name("centre-03")
    ('TH-50 เชียงใหม่', 'centre-03')
    """
    names = regions.provinces().set_index("province")["name_th"]
    return f"{group} {names[group]}" if group in names.index else group


def lay_out(segments: pd.DataFrame) -> tuple[dict[str, Document], dict[str, int]]:
    """Return the documents by group, and where each segment's text begins in its group's document.

    Parameters
    ----------
    segments : pandas.DataFrame
        The checked table: segment, group, kind, question, turn, speaker, text.

    Examples
    --------
    >>> rows = [("centre-03:1", "centre-03", "staff", "q1", 1, "ผู้ให้ข้อมูล 2", "ช่วยกัน")]
    >>> columns = ["segment", "group", "kind", "question", "turn", "speaker", "text"]
    >>> documents, begins = lay_out(pd.DataFrame(rows, columns=columns))
    >>> documents["centre-03"].text.splitlines()[1]
    '[1] ผู้ให้ข้อมูล 2: ช่วยกัน'
    >>> documents["centre-03"].text[begins["centre-03:1"] :]
    'ช่วยกัน'
    """
    documents, begins = {}, {}
    for group, own in segments.groupby("group", sort=False):
        lines, length, asked = [], 0, None
        for turn in own.sort_values("turn").itertuples():
            if turn.question != asked:
                asked = turn.question
                lines.append(heading(turn.kind, asked))
                length += len(lines[-1]) + 1
            lead = _lead(turn.turn, turn.speaker)
            begins[turn.segment] = length + len(lead)
            lines.append(lead + turn.text)
            length += len(lines[-1]) + 1
        documents[str(group)] = Document(name(str(group)), "\n".join(lines))
    return documents, begins


def heading(kind: str, question: str) -> str:
    """Return the line above the turns of a question; a question that the form lacks goes by its code."""
    forms = instrument.focus_group()
    asked = forms.get(kind, forms["staff"])
    numbered = dict(zip(asked["question"], asked["text_th"], strict=True))
    return f"ประเด็น {question} {numbered.get(question, '')}".rstrip()


def _lead(turn: int, speaker: str) -> str:
    return f"[{turn}] {speaker}: "


class Reading:
    """How a document, as a program gives it back, lies on what its group said.

    Parameters
    ----------
    document : Document
        As it was found; its text is only compared, never taken over.
    own : pandas.DataFrame
        The group's rows of the checked table of segments.

    Notes
    -----
    A line that says its turn stands for that segment. Where its text is the segment's, positions are
    taken as they are. Elsewhere (the form was corrected since, or the document is not ours) the coded
    text itself is looked for, and must be there exactly once; otherwise it is `Gone`. Headings, turn
    numbers and speakers are never part of a piece.
    """

    def __init__(self, document: Document, own: pd.DataFrame) -> None:
        self.text = document.text
        self.said = {row.turn: row for row in own.itertuples()}
        self.headings = {heading(row.kind, row.question) for row in self.said.values()}
        self.lines = list(self._lines())

    def _lines(self) -> Iterator[_Line]:
        for found in _LINE.finditer(self.text):
            line = found[0]
            if line.strip() in self.headings:
                continue
            led = _TURN.match(line)
            turn = int(led[1]) if led else None
            lead = led.end() if led else 0
            if turn in self.said:
                own = _lead(turn, self.said[turn].speaker)
                lead = len(own) if line.startswith(own) else lead
            end = found.start() + len(line.rstrip())
            yield _Line(min(found.start() + lead, end), end, turn)

    def same(self, line: _Line) -> bool:
        """Whether a line holds exactly what its turn says now."""
        row = self.said.get(line.turn)
        return row is not None and self.text[line.start : line.end] == row.text.rstrip()

    @property
    def read(self) -> set[str]:
        """The segments whose text, as it is now, stands in the document: who read it has read them."""
        same = {self.said[line.turn].segment for line in self.lines if self.same(line)}
        if any(line.turn is not None for line in self.lines):
            return same
        return {row.segment for row in self.said.values() if row.text in self.text}

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return what a passage covers, a piece a segment; nothing when it covers layout only.

        Raises
        ------
        Gone
            Some of its text is not in the group's segments, or in several places.
        """
        found = []
        for line in self.lines:
            first, last = max(start, line.start), min(end, line.end)
            if not self.text[first:last].strip():
                continue
            if self.same(line):
                segment = self.said[line.turn].segment
                found.append(Piece(segment, first - line.start, last - line.start))
            else:
                found.append(self._sought(self.text[first:last], line.turn))
        return found

    def touched(self, start: int, end: int) -> set[str]:
        """Return the segments whose lines a passage covers any of, whether their text is as it was or not."""
        lines = (line for line in self.lines if line.start < end and start < line.end)
        return {self.said[line.turn].segment for line in lines if line.turn in self.said}

    def _sought(self, text: str, turn: int | None) -> Piece:
        """Return the one place where a text was said, in its own turn if it says one."""
        rows = [row for row in self.said.values() if turn in (None, row.turn)]
        hits = [
            Piece(row.segment, at, at + len(text)) for row in rows for at in within(text, row.text)
        ]
        if len(hits) != 1:
            raise Gone(text)
        return hits[0]


def within(part: str, whole: str) -> list[int]:
    """Return where a text stands in another: at most two places, since one is enough and two too many.

    >>> within("กก", "กกก"), within("ข", "ก")
    ([0, 1], [])
    """
    first = whole.find(part)
    second = whole.find(part, first + 1) if first >= 0 else -1
    return [at for at in (first, second) if at >= 0]
