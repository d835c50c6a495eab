"""What a search of the book should find, worked out from the pages by another engine.

Nothing here is the book's own search: the pages are read by XPath, spelling is made one by PyThaiNLP,
and words are cut by its newmm. The dictionary is the study's, since a dictionary says what a word is.

A section *has* a term if the term stands in its heading or text as whole words; it has *part* of it if
a word there begins with the term, or is made of it and other words of the dictionary. Blanks, hyphens
and points do not count, but between two digits. A query's terms are what blanks part; words in quotation
marks are one term.

- `asked(query)`: the sections that have every term. These must be found; if there is none, the right ones.
- `right(query)`: the sections that have a term, or part of it, on a page that has every term or part of
  it. Whatever else is found is wrong.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

from lxml import html
from pythainlp.tokenize import word_tokenize
from pythainlp.util import dict_trie, normalize, remove_zw, thai_digit_to_arabic_digit

from castlib import regions
from castlib.text import words

BLOCKS = frozenset("p li td th caption figcaption dt dd pre h1 h2 h3 h4 div section".split())
UNSEEN = frozenset(("cell_input", "headerlink", "collapsed", "expanded"))
UNREAD = frozenset(("script", "style", "annotation"))
# newmm leaves brackets with Latin letters, and the dictionary has words with blanks in them
MARKS = re.compile(r"""((?<![0-9]),|,(?![0-9])|[ ()\[\]{}<>"“”'/|=+*&;:!?%–…·])""")
NOT_BETWEEN_DIGITS = re.compile(r"(?<![0-9])[ .\-‑]+|[ .\-‑]+(?![0-9])")


class Block:
    """A paragraph or cell: its letters without blanks, and the places between words."""

    def __init__(self, text: str) -> None:
        self.text, self.ends = "", {0}
        for word in (piece for cut in _cut(_spelt(text)) for piece in MARKS.split(cut)):
            bare = NOT_BETWEEN_DIGITS.sub("", word)
            self.text += " " if word and not bare and self.text[-1:].isdigit() else bare
            self.ends.add(len(self.text))

    def whole(self, term: str) -> bool:
        return any(start in self.ends and end in self.ends for start, end in self._places(term))

    def part(self, term: str) -> bool:
        return any(self._is_part(term, start, end) for start, end in self._places(term))

    def _places(self, term: str) -> Iterator[tuple[int, int]]:
        start = self.text.find(term)
        while start >= 0:
            yield start, start + len(term)
            start = self.text.find(term, start + 1)

    def _is_part(self, term: str, start: int, end: int) -> bool:
        unfinished = re.match("[ะ-ฺๅ็-๎]", self.text[end:]) and len(term) < 4
        if start in self.ends and len(term) > 1 and not (unfinished or term[-1].isdigit()):
            return True
        return start in self.inner and end in self.inner

    @cached_property
    def inner(self) -> set[int]:
        found, ends = set(self.ends), sorted(self.ends)
        for start, end in pairwise(ends):
            at = start
            for piece in _inside(self.text[start:end]):
                at += len(piece)
                found.add(at)
        return found


class Pages:
    """The built pages of a book, to be asked what a query should find."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self.sections: dict[str, set[str]] = {}  # of each page, by address
        self.holders: dict[str, set[str]] = defaultdict(set)  # of each text, the sections
        for name in names:
            own = self.sections[f"{name}.html"] = set()
            for address, texts in _sections(folder, name):
                own.add(address)
                for text in texts:
                    self.holders[text].add(address)
        self.blocks = {text: Block(text) for text in self.holders}

    def asked(self, query: str) -> set[str]:
        return set.intersection(*(self._having(term, Block.whole) for term in terms(query)))

    def right(self, query: str) -> set[str]:
        found = [self._having(term, Block.part) for term in terms(query)]
        pages = [own for own in self.sections.values() if all(own & each for each in found)]
        return set().union(*pages) & set().union(*found)

    def quality(self, query: str, found: list[str]) -> tuple[float, float]:
        """Return recall, and precision of the first five; finding nothing is right where there is nothing."""
        right, first = self.right(query), found[:5]
        asked = self.asked(query) or right
        recall = len(asked & set(found)) / len(asked) if asked else 1.0
        return recall, sum(each in right for each in first) / len(first) if first else 0.0

    def _having(self, term: str, how: Callable[[Block, str], bool]) -> set[str]:
        return set().union(
            *(self.holders[t] for t, block in self.blocks.items() if how(block, term))
        )


def names(folder: Path) -> list[str]:
    """Return the names of a book's pages, but for the search page."""
    files = (
        f.relative_to(folder) for f in sorted(folder.rglob("*.html")) if f.name != "search.html"
    )
    return [file.with_suffix("").as_posix() for file in files if file.parts[0] != "_static"]


def terms(query: str) -> list[str]:
    """Return what a query asks for, as it is compared; จังหวัด before a province's name is left out."""
    names = "|".join(regions.provinces()["name_th"])
    query = re.sub(rf"(?<!\S)(?:จังหวัด|จ\.)\s*(?={names})", "", query)
    parts = re.findall(r'"[^"]+"|\S+', re.sub("[“”]", '"', query).replace(" ๆ", "ๆ"))
    return [Block(part.strip('"')).text for part in parts]


def _sections(folder: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of each section and the texts of its blocks; the first one's is the page's."""
    page = html.parse(str(folder / f"{name}.html"), html.HTMLParser(encoding="utf-8"))
    found: dict[html.HtmlElement, dict[html.HtmlElement, str]] = {}
    for text in page.xpath("//article//section//text()"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        above = [holder, *holder.iterancestors()]
        if any(e.tag in UNREAD or UNSEEN & set(e.get("class", "").split()) for e in above):
            continue
        block = next(e for e in above if e.tag in BLOCKS)
        blocks = found.setdefault(next(e for e in above if e.tag == "section"), {})
        blocks[block] = blocks.get(block, "") + text
    for k, (section, blocks) in enumerate(found.items()):
        texts = [text for text in blocks.values() if text.strip()]
        yield f"{name}.html" + (f"#{section.get('id')}" if k else ""), texts


@cache
def _trie():
    return dict_trie(words.known())


@cache
def _cut(text: str) -> tuple[str, ...]:
    return tuple(word_tokenize(text, custom_dict=_trie(), engine="newmm"))


@cache
def _inside(word: str) -> tuple[str, ...]:
    """Return the words of the dictionary that one of its words is made of, or only itself."""
    if word not in words.known() or len(word) < 8:
        return (word,)
    _trie().remove(word)
    pieces = tuple(word_tokenize(word, custom_dict=_trie(), engine="newmm"))
    _trie().add(word)
    return pieces if all(piece in words.known() for piece in pieces) else (word,)


def _spelt(text: str) -> str:
    text = normalize(remove_zw(re.sub(r"\s+", " ", text)))
    return thai_digit_to_arabic_digit(text).lower().replace("’", "'")
