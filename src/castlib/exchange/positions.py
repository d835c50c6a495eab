"""Where a program's positions lie in a text, whichever way it counts.

The REFI-QDA standard counts Unicode code points of the plain text file from 0 and says "the first and the
last character"; programs write the position after the last one. They differ in whether CR LF counts once
or twice, a byte order mark at all, a character beyond U+FFFF once or twice (UTF-16), and the end as the
last character or after it. The way is found by what the file itself says: many programs name a selection
by its text.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

MARK = "\ufeff"
SAYS, CERTAIN = 4, 8
LOOKED_AT = 2_000
MARGIN = 3
_NOTHING_SAID = re.compile(r"[\W\d_]*")
_CUT = ("...", "…")


class Way(NamedTuple):
    """A way of counting; all False is the standard's code points with the end after the last one."""

    last: bool = False  # the end is the last character, not the position after it
    mark: bool = False  # the byte order mark counts
    wide: bool = False  # characters beyond U+FFFF count twice
    joined: bool = False  # CR LF counts once


@dataclass(frozen=True, eq=False)
class Counted:
    """A plain text as its file has it (without its byte order mark): how positions in it are counted."""

    raw: str
    marked: bool = False

    @cached_property
    def text(self) -> str:
        """The text with each line end as LF."""
        return self.raw.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def flat(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())

    def choices(self) -> tuple[bool, bool, bool]:
        """Return whether the ways of counting differ here: by mark, by width, by line ends."""
        return self.marked, max(self.raw, default="") > "\uffff", "\r\n" in self.raw

    def span(self, start: int, end: int, way: Way) -> tuple[int, int] | None:
        """Return where a selection lies in `text`, or None when it lies outside it or within a character."""
        shift = int(way.mark and self.marked)
        begun, ended = (self._place(p - shift, way) for p in (start, end + way.last))
        return None if begun is None or ended is None or begun >= ended else (begun, ended)

    def _place(self, position: int, way: Way) -> int | None:
        ruler = _ruler(self, way.wide, way.joined)
        if not 0 <= position <= int(ruler[-1]):
            return None
        index = int(np.searchsorted(ruler, position))
        # a place in `text` is a position in which CR LF counts once
        return int(_ruler(self, False, True)[index]) if ruler[index] == position else None


@lru_cache(maxsize=4)
def _ruler(source: Counted, wide: bool, joined: bool) -> np.ndarray:
    """Return the position of each character of a text, and of its end, in a way of counting."""
    letters = np.frombuffer(source.raw.encode("utf-32-le"), "<u4")
    width = np.ones(len(letters), np.int32)
    if wide:
        width += letters > 0xFFFF
    if joined:
        width[1:][(letters[1:] == 10) & (letters[:-1] == 13)] = 0
    return np.concatenate([[0], np.cumsum(width, dtype=np.int32)])


@dataclass(frozen=True)
class Selection:
    """Positions as a file gives them in a text, and what the file says stands there (or empty)."""

    source: Counted
    start: int
    end: int
    said: str = ""

    def fits(self, way: Way) -> int:
        """Return 2 when just what is said stands there, 1 when it begins with it, else 0."""
        said, cut = said_plainly(self.said)
        span = self.source.span(self.start, self.end, way) if said else None
        if span is None:
            return 0
        # said is short or whole: more than its length need not be compared
        there = " ".join(self.source.text[span[0] : min(span[1], span[0] + 4 * len(said))].split())
        if there == said:
            return 1 if cut else 2
        return int((cut or len(said) >= 30) and there.startswith(said))

    def begins(self, way: Way) -> bool:
        """Whether it begins where a word separated by space, or a line, begins."""
        span = self.source.span(self.start, self.end, way)
        return span is not None and (span[0] == 0 or self.source.text[span[0] - 1].isspace())


def said_plainly(said: str) -> tuple[str, bool]:
    """Return what a name says of a text on one line (empty if nothing), and whether it was cut short.

    >>> said_plainly("ทีมงานเข้มแข็ง..."), said_plainly("10,15")
    (('ทีมงานเข้มแข็ง', True), ('', False))
    """
    flat = " ".join(said.split())
    whole = flat.removesuffix(_CUT[0]).removesuffix(_CUT[1]).rstrip()
    if len(whole) < SAYS or _NOTHING_SAID.fullmatch(whole):
        return "", False
    return whole, whole != flat


def way_of(selections: list[Selection], joined: bool = False) -> Way:
    """Return the way of counting that fits what the selections say, else where they begin, else the usual one.

    `joined`: the program that wrote them is known to count CR LF once.
    """
    looked_at = selections[:LOOKED_AT]
    differ = [source.choices() for source in {id(s.source): s.source for s in looked_at}.values()]
    mark, wide, lines = (
        (any(choice) for choice in zip(*differ, strict=True)) if differ else (False,) * 3
    )
    ways = [
        Way(*way)
        for way in product(
            (False, True),
            (False, True) if mark else (False,),
            (False, True) if wide else (False,),
            (joined, not joined) if lines else (joined,),
        )
    ]
    said = [selection for selection in looked_at if said_plainly(selection.said)[0]]
    fits = {way: sum(selection.fits(way) for selection in said) for way in ways}
    best = max(ways, key=lambda way: fits[way])
    same = [way for way in ways if fits[way] == fits[best] and way.last == best.last]
    begins = {way: sum(selection.begins(way) for selection in looked_at) for way in same}
    clearest = max(same, key=lambda way: begins[way])
    return clearest if begins[clearest] >= begins[best] + MARGIN else best
