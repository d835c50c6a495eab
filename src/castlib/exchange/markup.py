"""Documents as Taguette keeps them: HTML in which a position counts bytes of UTF-8, tags left out."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from html import unescape

import numpy as np

# tags that begin or end a line
_LINES = frozenset(
    "p br pre blockquote caption h1 h2 h3 h4 h5 ul ol li dl dt dd table thead tbody tr th td".split()
)
_TOKEN = re.compile(
    r"""<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<]+|<""",
    re.IGNORECASE,
)
_SPACE = "\t\n\f\r "


def html(text: str) -> str:
    """Return a text as HTML, a paragraph a line, so that the text in it is the text itself.

    >>> html("ก\\n<ข>")
    '<p>ก</p>\\n<p>&lt;ข&gt;</p>'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "\n".join(f"<p>{line}</p>" for line in safe.split("\n"))


@dataclass(frozen=True)
class Page:
    """What an HTML document says, and how bytes of it are counted.

    `text`: its text, a line end added between blocks that have none; `pictures`: how many it shows.
    """

    text: str
    pictures: int
    _bytes: np.ndarray
    _added: list[int]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where bytes lie in `text`, or None when they lie outside it or within a character."""
        first, last = (int(np.searchsorted(self._bytes, place)) for place in (start, end))
        if not 0 <= start < end <= self._bytes[-1]:
            return None
        if self._bytes[first] != start or self._bytes[last] != end:
            return None
        return first + bisect_right(self._added, first), last + bisect_left(self._added, last)


def page(contents: str) -> Page:
    """Return what an HTML document says.

    >>> said = page("<p>ก</p><p>a &amp; b</p>")
    >>> said.text, said.span(3, 4)
    ('ก\\na & b', (2, 3))
    """
    pieces: list[str] = []
    added: list[int] = []
    length, pictures = 0, 0
    last, ended, verbatim = "", False, False
    for token in _TOKEN.finditer(contents.replace("\r\n", "\n").replace("\r", "\n").lstrip(_SPACE)):
        tag = (token["tag"] or "").lower()
        if tag:
            ended = ended or tag in _LINES
            verbatim = tag == "pre" and not token["end"]
            pictures += tag == "img"
            continue
        said = unescape(token[0])
        if verbatim:
            said, verbatim = said.removeprefix("\n"), False
        if not said:
            continue
        space = said[: len(said) - len(said.lstrip())]
        if ended and last and not last.endswith("\n") and "\n" not in space:
            added.append(length)
            pieces.append("\n")
        ended = False
        pieces.append(said)
        length += len(said)
        last = said
    text = "".join(pieces)
    inner = np.frombuffer(_without(text, added).encode("utf-32-le", "replace"), "<u4")
    width = 1 + (inner > 0x7F).astype(np.int32) + (inner > 0x7FF) + (inner > 0xFFFF)
    return Page(text, pictures, np.concatenate([[0], np.cumsum(width)]), added)


def _without(text: str, added: list[int]) -> str:
    """Return a text without the line ends that were added to it."""
    pieces, begun = [], 0
    for number, place in enumerate(added):
        pieces.append(text[begun : place + number])
        begun = place + number + 1
    return "".join([*pieces, text[begun:]])
