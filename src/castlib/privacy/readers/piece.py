"""What every reader yields: a piece of text and where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

TEXT, ROW, GPS, UNREADABLE = "text", "row", "position-in-picture", "unreadable"
SHORTEST_RUN = 4
LONGEST_PART = 60

_RUN = re.compile(rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")  # fmt: skip
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00|[\x01-\x5b]\x0e){4,}")


class Piece(NamedTuple):
    """A piece of what a file says, and the place where it stands.

    `kind` is "text"; "row" when cells that stand apart were joined, in which numbers must not be
    looked for; "position-in-picture" or "unreadable" when it is a leak by itself.
    """

    place: str
    text: str
    kind: str = TEXT


class Unreadable(Exception):
    """A file, or a part of one, that cannot be searched; the message says why, in Thai."""


Inside = Callable[[str, bytes], Iterator[Piece]]


def strings(content: bytes) -> Iterator[str]:
    """Yield the readable runs of a binary file, in UTF-8 and UTF-16.

    >>> list(strings(b"\\x00\\x01abcd\\xff" + "ก ข".encode()))
    ['abcd', 'ก ข']
    """
    for run in _RUN.findall(content):
        if len(run) >= SHORTEST_RUN:
            yield run.decode("utf-8", "ignore")
    for run in _WIDE.findall(content):
        yield run.decode("utf-16-le", "ignore")


def row(place: str, cells: Iterable[str | None]) -> Iterator[Piece]:
    """Yield the cells that may be parts of one name, side by side; nothing if there are not two.

    >>> list(row("แถว 2", ["นาย", "44", "ทดสอบ", None]))
    [Piece(place='แถว 2', text='นาย ทดสอบ', kind='row')]
    """
    words = [cell for cell in cells if cell and len(cell) <= LONGEST_PART]
    words = [word for word in words if any(map(str.isalpha, word))]
    if len(words) > 1:
        yield Piece(place, " ".join(words), ROW)


def within(place: str, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield pieces with the place of what they lie in before their own.

    >>> next(within("ไฟล์แนบ", iter([Piece("บรรทัด 1", "ก")])))
    Piece(place='ไฟล์แนบ บรรทัด 1', text='ก', kind='text')
    """
    for piece in pieces:
        yield piece._replace(place=f"{place} {piece.place}".strip())
