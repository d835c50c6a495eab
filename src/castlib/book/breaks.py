"""Keep Thai words whole at the ends of the PDF's lines.

Typst looks for word ends in Thai with a statistical model that cuts some everyday words in two. The
study's own segmentation is better: each word is put into a box, which a line may not break. Marks of
the private use area carry the words through pandoc.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from lxml import html

from castlib.text import words

if TYPE_CHECKING:
    from pythainlp.util import Trie

OPEN, CLOSE = "\ue000", "\ue001"
# longer words are compounds: they may break between their own words, or a narrow column would overflow
LONGEST = 12
# a box in a heading would not show in the PDF's bookmarks
LEFT_ALONE = {"h1", "h2", "h3", "h4", "h5", "h6", "code", "pre", "math"}

_THAI = re.compile("[\u0e01-\u0e5b]+(?: ๆ)?")


def mark(page: str) -> str:
    """Return an HTML document with the Thai words of its running text marked."""
    tree = html.fromstring(page)
    _mark(tree)
    return html.tostring(tree, encoding="unicode")


def marked(text: str) -> str:
    """Return a text with its Thai words marked."""
    return _THAI.sub(lambda run: "".join(_pieces(run[0])), text)


def boxed(typst: str) -> str:
    """Return Typst text with its marked words in boxes.

    >>> boxed("\\ue000มาก\\ue001)")
    '#box("มาก");)'
    """
    # Typst sets a string that it has met only once; text in brackets is new to it wherever it stands.
    # Without the semicolon it would read what follows as arguments.
    return typst.replace(OPEN, '#box("').replace(CLOSE, '");')


def _mark(element: html.HtmlElement) -> None:
    if element.tag in LEFT_ALONE or not isinstance(element.tag, str):
        return
    element.text = element.text and marked(element.text)
    for child in element:
        _mark(child)
        child.tail = child.tail and marked(child.tail)


def _pieces(run: str) -> Iterator[str]:
    bare, repeat = (run[:-2], run[-2:]) if run.endswith(" ๆ") else (run, "")
    pieces = words.segment(bare)
    if "".join(pieces) != bare:
        # segmenting mends odd spellings; a report shows what was written
        yield run
        return
    pieces[-1] += repeat
    for piece in pieces:
        for part in (piece,) if len(piece) <= LONGEST else _parts(piece):
            yield f"{OPEN}{part}{CLOSE}" if 1 < len(part) <= LONGEST else part


@cache
def _parts(compound: str) -> tuple[str, ...]:
    """Return a compound in pieces of whole everyday words.

    >>> _parts("การจัดการความรู้")
    ('การจัดการ', 'ความรู้')
    """
    from pythainlp.tokenize import word_tokenize

    parts = [""]
    for word in word_tokenize(compound, custom_dict=_short(), engine="newmm"):
        # fewer boxes are quicker to set
        if len(parts[-1] + word) <= LONGEST:
            parts[-1] += word
        else:
            parts.append(word)
    return tuple(parts)


@cache
def _short() -> Trie:
    from pythainlp.corpus import thai_words
    from pythainlp.util import Trie

    return Trie(word for word in thai_words() if len(word) <= LONGEST)
