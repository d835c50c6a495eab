"""The book's search: an index of its sections, made from the built pages, in place of Sphinx's.

Sphinx has no Thai: it cuts at vowel marks. Here the text is cut with the study's dictionary, and the
index keeps the whole text of each section as words, so that a phrase is found as it stands and shown
with the words around it. The query is answered by book/_static/search.js in the reader's browser; no
other machine is asked, and pages opened from a folder can be searched too.

The index is a script, searchindex.js, since a page opened from a folder may not fetch a file. It says

- words: every piece of text, the most frequent first; "\\t" ends a cell;
- inner: for a word made of others, its number and where the others begin in it;
- provinces, districts: names of places, so that จังหวัด before one may be left out;
- pages: address and weight, in the book's order; a region's first page is a profile;
- blocks: the different paragraphs and rows, parted by blanks, one character a word (see `sign`);
- sections: page, anchor, heading, and which blocks stand under it (see `runs`).
"""

import hashlib
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path

from lxml import html
from sphinx.application import Sphinx
from sphinx.config import Config

from castlib import paths, regions
from castlib.text import words

FILE = "searchindex.js"
CELL = "\t"
_BLOCKS = frozenset(
    "blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre section "
    "summary table tbody thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# what the gate knows as no person's number while it stands whole
_WHOLE = re.compile(
    r"(10\.[0-9]{4,9}/[^\s\"<>]+|(?i:isbn|issn)(?:-1[03])?[: ]{0,2}[0-9X][0-9X\- ]{7,16})"
)
_UNREAD = frozenset(("script", "style", "svg", "annotation"))
# the code that made a table, the sign that links to a heading, the words that fold and unfold
_UNSHOWN = frozenset(("cell_input", "headerlink", "collapsed", "expanded"))
# Cyrillic and Armenian for the most frequent, two bytes in the file; then Han and Yi, three bytes
_SHORT, _SHORTS, _LONG = 0x400, 400, 0x3400
MOST = _SHORTS + 0xA620 - _LONG


@dataclass
class Section:
    """A heading and the text under it, up to the next heading; `anchor` is "" if it has none.

    `text` is the blocks (paragraphs, rows) in order, each a list of cells as they are written.
    """

    anchor: str
    heading: str = ""
    text: list[list[str]] = field(default_factory=list)


def sections(article: str) -> list[Section]:
    """Return the sections of a page in reading order, from its article's HTML.

    Code cells, alternative texts and what a page shows for navigation are not text to be found.

    >>> page = (
    ...     '<section id="a"><h1>ผล<a class="headerlink">#</a></h1><p>ข้าว <b>หอม</b></p></section>'
    ... )
    >>> sections(page)
    [Section(anchor='a', heading='ผล', text=[['ข้าว หอม']])]
    """
    reader = _Reader()
    reader.read(html.fragment_fromstring(article, create_parent="div"))
    return reader.found


class _Reader:
    """Walks a page, and puts its text into blocks and cells of the section that it stands in."""

    def __init__(self) -> None:
        self.found: list[Section] = []
        self.here = Section("")
        self.cells: list[str] = []
        self.cell: list[str] = []

    def read(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNREAD:
            return
        if not _UNSHOWN.isdisjoint(element.get("class", "").split()):
            return
        outer = self.here
        if tag in _BLOCKS:
            self._end_block()
        if tag == "section":
            self.here = Section(element.get("id", ""))
            self.found.append(self.here)
        self.cell.append(element.text or "")
        for child in element:
            self.read(child)
            self.cell.append(child.tail or "")
        if tag in ("td", "th", "br"):
            self._end_cell()
        if tag in _HEADINGS and not self.here.heading:
            self.here.heading = "".join(self.cell)
            self.cell.clear()
        if tag in _BLOCKS:
            self._end_block()
        self.here = outer

    def _end_cell(self) -> None:
        text = "".join(self.cell)
        self.cell.clear()
        if text and not text.isspace():
            self.cells.append(text)

    def _end_block(self) -> None:
        self._end_cell()
        if self.cells:
            self.here.text.append(self.cells)
            self.cells = []


@cache
def _pieces(text: str) -> tuple[str, ...]:
    """Cut a text into words; a DOI or ISBN stays whole: a part could look like a person's number."""
    return tuple(
        piece
        for part in _WHOLE.split(text)
        for piece in ([part] if _WHOLE.fullmatch(part) else words.segment(part))
    )


def _block(cells: list[str]) -> tuple[str, ...]:
    """Return the pieces of a block, with the sign that ends a cell between them."""
    first, *others = cells
    return (*_pieces(first), *(piece for cell in others for piece in (CELL, *_pieces(cell))))


def sign(number: int) -> str:
    """Return the character that stands for a word, by its number.

    No digit and no letter of Latin or Thai is one: a row of signs must never look like a name or a
    telephone number, which the gate would take for a leak.

    >>> sign(0), sign(400)
    ('Ѐ', '㐀')
    """
    return chr(_SHORT + number if number < _SHORTS else _LONG + number - _SHORTS)


def parts(word: str, known: frozenset[str]) -> list[int]:
    """Return where the words begin that a longer one is made of, after the first; [] if it is not.

    The fewest known words of three characters or more, the last of five: with less, chance makes
    จัง|หวัด and ข้อ|มูล.

    >>> parts("ความสำเร็จ", frozenset(["ความ", "สำเร็จ", "ความสำเร็จ"]))
    [4]
    """
    best: list[list[int] | None] = [[]] + [None] * len(word)
    for end in range(3, len(word) + 1):
        for start in range(end - 2):
            before = best[start]
            if before is None or (start, end) == (0, len(word)) or word[start:end] not in known:
                continue
            if (held := best[end]) is None or len(before) + 1 <= len(held):
                best[end] = [*before, start]
    found = (best[-1] or [])[1:]
    return found if found and len(word) - found[-1] >= 5 else []


def runs(numbers: Iterable[int]) -> list[int]:
    """Return numbers, of each that follow one another the first and, below zero, how many more there are.

    >>> runs([4, 5, 6, 9])
    [4, -2, 9]
    """
    short: list[int] = []
    last = None
    for number in numbers:
        if last is None or number != last + 1:
            short.append(number)
        elif short[-1] < 0:
            short[-1] -= 1
        else:
            short.append(-1)
        last = number
    return short


def index(pages: dict[str, str], kept: Path | None = None) -> dict:
    """Return the index of pages, given as name (without .html) and the HTML of their articles, in order.

    In the file `kept` their words are for the next time, when most of the pages are the same.

    Raises
    ------
    ValueError
        The book has more different words than the index can number.
    """
    # regions' pages say much in the same words: a block stands once, whoever says it
    blocks: dict[tuple[str, ...], int] = {}
    cut = _cut(pages.values(), kept)
    rows = [
        (page, anchor, heading, [blocks.setdefault(block, len(blocks)) for block in said])
        for page, article in pages.items()
        for anchor, heading, said in cut[article]
    ]
    counted = Counter(piece for block in blocks for piece in block)
    counted.update(piece for *_, heading, _ in rows for piece in heading)
    if len(counted) > MOST:
        raise ValueError(f"{len(counted)} different words; the search numbers {MOST}")
    signs = {word: sign(k) for k, (word, _) in enumerate(counted.most_common())}

    def coded(pieces: Iterable[str]) -> str:
        return "".join(map(signs.__getitem__, pieces))

    at = {page: k for k, page in enumerate(pages)}
    provinces = set(regions.provinces()["name_th"])
    single, known = provinces | words.places(), words.known()
    inner = {word: parts(word, known) for word in signs if word not in single}
    return {
        "words": list(signs),
        "inner": [[k, *inner[word]] for k, word in enumerate(signs) if inner.get(word)],
        "provinces": sorted(provinces),
        "districts": sorted((words.places() - provinces) & signs.keys()),
        "pages": [[f"{page}.html", _weight(page), int(page.endswith("/index"))] for page in pages],
        "blocks": " ".join(map(coded, blocks)),
        "sections": [
            [at[page], anchor, coded(head), runs(said)] for page, anchor, head, said in rows
        ],
    }


def _cut(articles: Iterable[str], kept: Path | None) -> dict[str, list[tuple]]:
    """Return each article's sections in words: anchor, heading and blocks."""
    _pieces.cache_clear()
    known = pickle.loads(kept.read_bytes()) if kept and kept.exists() else {}
    form = _form()
    keyed = {hashlib.sha256(form + article.encode()).digest(): article for article in articles}
    cut = {
        key: known.get(key)
        or [(s.anchor, _pieces(s.heading), [*map(_block, s.text)]) for s in sections(article)]
        for key, article in keyed.items()
    }
    if kept and cut.keys() != known.keys():
        kept.write_bytes(pickle.dumps(cut))
    return {keyed[key]: found for key, found in cut.items()}


def _form() -> bytes:
    """Return a digest of what an article's words depend on, but the article."""
    lists = sorted((paths.data() / "text").rglob("*.txt"))
    files = [Path(__file__), Path(words.__file__), paths.data() / "provinces.csv", *lists]
    versions = [metadata.version(name) for name in ("lxml", "nlpo3", "pythainlp")]
    said = repr([*(file.read_bytes() for file in files), *versions])
    return hashlib.sha256(said.encode()).digest()


def _weight(page: str) -> float:
    """Return how much a page counts: the report before the country's pages before the regions'."""
    if "/" not in page:
        return 1.2
    return 1.1 if page.startswith(f"{regions.COUNTRY}/") else 1.0


def write(folder: Path, names: Iterable[str], kept: Path | None = None) -> Path:
    """Write the index of the built pages with these names, in this order; return its file.

    `kept` as in `index`.
    """
    articles = {name: _article(folder / f"{name}.html") for name in names}
    # each word in a line of its own, lest neighbours look like a name
    text = json.dumps(index(articles, kept), ensure_ascii=False, indent=0, separators=(",", ":"))
    file = folder / FILE
    file.write_text(f"castSearchIndex={text};\n", encoding="utf-8")
    return file


def _article(file: Path) -> str:
    page = file.read_text(encoding="utf-8")
    return page[page.index("<article") : page.rindex("</article>") + len("</article>")]


def in_order(children: dict[str, list[str]], root: str) -> list[str]:
    """Return pages in the order in which the contents lists them, each once.

    >>> in_order({"index": ["1", "2"], "1": ["1a"]}, "index")
    ['index', '1', '1a', '2']
    """
    order = dict.fromkeys([root])
    for child in children.get(root, []):
        order.update(dict.fromkeys(in_order(children, child)))
    return list(order)


def _own_page(app: Sphinx) -> None:
    """Let the builder make the search page, but neither collect words nor write an index."""
    if app.builder.name == "html":
        app.builder.search = False
        app.config.html_additional_pages["search"] = "search.html"


def _only_where_used(app: Sphinx, config: Config) -> None:
    """Keep the search's script and style off the other pages; the book's settings add all there are."""
    for name in ("html_js_files", "html_css_files"):
        config[name] = [file for file in config[name] if not str(file).startswith("search")]


def _finish(app: Sphinx, failure: Exception | None) -> None:
    if failure or app.builder.name != "html":
        return
    folder = Path(app.outdir)
    order = in_order(app.env.toctree_includes, app.config.root_doc)
    write(folder, order, Path(app.doctreedir, "search.pickle"))
    for name in ("searchtools.js", "language_data.js"):
        (folder / "_static" / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict:
    """Register the search in place of Sphinx's."""
    app.connect("config-inited", _only_where_used)
    app.connect("builder-inited", _own_page)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
