"""Text folded so that one pattern finds every spelling of it, each place traced back to the text given."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_DASHES = "‐‑‒–—―−﹣－"
_SPACES = "\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
# one character for one: the digits of Thailand and its neighbours, full-width forms, dashes, spaces
_ONE_FOR_ONE = (
    {zero + n: str(n) for zero in (0xE50, 0xED0, 0x17E0, 0x1040, 0x660, 0x6F0) for n in range(10)}
    | {0xFF01 + n: chr(0x21 + n) for n in range(94)}
    | dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _SPACES), " ")
    | dict.fromkeys(map(ord, _LINE_ENDS), "\n")
)
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_TONES = "\u0e48-\u0e4c"
_RAISED = "\u0e31\u0e34-\u0e3a\u0e47\u0e4d"
_MARKS = {*map(chr, (*range(0x0E31, 0x0E3B), *range(0x0E47, 0x0E4E)))}
_UNSEEN = re.compile(f"[{_INVISIBLE}\x00-\x08\x0e-\x1f\x7f]+")
_UNEVEN = re.compile(
    " {2,}|เเ"
    f"|\u0e4d[{_TONES}]?า|[{_TONES}]\u0e4dา"  # sara am in two parts
    f"|[{_TONES}]+[{_RAISED}]"  # the tone typed before the vowel
    f"|([{_TONES}{_RAISED}])\\1+"
    "|[A-Za-z][\u0300-\u036f]+"  # a letter and its accents apart
)


@dataclass(frozen=True)
class Folded:
    """Folded text, and where each of its characters begins in the text given (None: the same places)."""

    text: str
    origins: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the text given of a place in the folded text."""
        if self.origins is None:
            return start, end
        return self.origins[start], self._ends[end - 1]

    @cached_property
    def _ends(self) -> list[int]:
        return self.origins[1:]


def fold(text: str) -> Folded:
    """Return text with Arabic digits, plain dashes and single spaces, Thai vowels whole, nothing invisible.

    Line ends stay, all as a newline. Letter case and full stops stay too.

    Examples
    --------
    >>> folded = fold("โทร\\u200b. ๐๘๑–๒๓๔")
    >>> folded.text
    'โทร. 081-234'
    >>> folded.span(5, 8)
    (6, 9)
    """
    seen, origins = _replaced(_UNSEEN, text.translate(_ONE_FOR_ONE), None)
    return Folded(*_replaced(_UNEVEN, seen, origins))


def _replaced(
    uneven: re.Pattern, text: str, origins: list[int] | None
) -> tuple[str, list[int] | None]:
    """Return text with each match of a pattern made even, and the places where its characters began."""
    if not uneven.search(text):
        return text, origins
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for found in uneven.finditer(text):
        start, end = found.span()
        even = _even(found[0])
        pieces += text[done:start], even
        places += range(done, start)
        places += [min(start + n, end - 1) for n in range(len(even))]
        done = end
    pieces.append(text[done:])
    places += range(done, len(text) + 1)
    return "".join(pieces), places if origins is None else [origins[place] for place in places]


def _even(piece: str) -> str:
    """Return what stands in the folded text for something that is written unevenly."""
    first, last = piece[0], piece[-1]
    if first == " ":
        return " "
    if first == "เ":
        return "แ"
    if last == "า":
        return piece.replace("\u0e4d", "").replace("า", "ำ")
    if first.isalpha():
        return unicodedata.normalize("NFC", piece)
    if first not in _MARKS:
        return ""
    return first if first == last else last + first
