"""One document out of many built pages: their articles in order, fit for paper.

PDF and Word are made from what the reader sees on screen. What only a screen can use goes (folded
code, link marks, downloads); links between pages of the document become links inside it, and links to
pages outside it become plain words.
"""

import re
import unicodedata
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree, html

from castlib.present.notes import SYNTHETIC

Element = html.HtmlElement

SCREEN_ONLY = " | ".join(
    f".//{path}"
    for path in (
        "a[contains(@class, 'headerlink')]",
        "details[contains(@class, 'hide')]",
        "*[contains(@class, 'web-only')]",
        "*[contains(@class, 'toctree-wrapper')]",
        "div[@class='citation']/span[@class='label']",
        "hr[contains(@class, 'footnotes')]",
        "script",
        "button",
    )
)
LINE, TURNED_LINE = (
    96,
    148,
)  # letters on a line of a table across the page, and across one on its side
MOST_LINES = 8  # of a table's tallest row on an upright page
WHOLE = 25  # lines of a table that takes less than half a page, and stays on one
# paragraphs of their own, which pandoc hands through: between them the paper lies on its side
TURN, TURN_BACK = "\ue002", "\ue003"
# and between these stands a region's first page, set so close that it is one
GLANCE, GLANCE_BACK = "\ue004", "\ue005"
THAI_WORD = 12  # letters; longer ones are compounds, which break
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
KEPT_IDS = HEADINGS | {"table", "figure", "dt", "aside"}


def document(site: Path, pages: Iterable[tuple[str, int]]) -> str:
    """Return the articles of built pages as one HTML document.

    `pages` gives each page's name and by how much its headings move down. Pictures keep their place:
    their addresses are relative to `site`.
    """
    shifts = dict(pages)
    articles = {page: _article(site / f"{page}.html") for page in shifts}
    places = {page: _places(page, article) for page, article in articles.items()}
    told: set[str] = set()
    for page, article in articles.items():
        _tell_once(article, told)
        _relink(page, article, places)
        _shift(article, shifts[page])
        _tidy(article)
        if page.endswith("/index"):
            _close_up(article)
    parts = [part for article in articles.values() for part in article]
    body = "".join(html.tostring(part, encoding="unicode") for part in parts)
    body = re.sub(f"<p>{TURN_BACK}</p>\\s*<p>{TURN}</p>", "", body)
    return f'<html xmlns:epub="http://www.idpf.org/2007/ops" lang="th"><body>{body}</body></html>'


def _article(file: Path) -> Element:
    """Return a page's article without what only a screen can use."""
    tree = html.parse(str(file), html.HTMLParser(encoding="utf-8"))
    article = tree.xpath("//article[contains(@class, 'bd-article')]")[0]
    for element in article.xpath(SCREEN_ONLY):
        element.drop_tree()
    return article


def _tell_once(article: Element, told: set[str]) -> None:
    """Take out of a page's note on its data what a page before it has `told` in the same words.

    That data are synthetic is said on every page.
    """
    for paragraph in article.xpath(".//div[@class='cast-note']/p"):
        words = paragraph.text_content()
        if words in told and not words.startswith(SYNTHETIC):
            paragraph.drop_tree()
        told.add(words)


def _places(page: str, article: Element) -> dict[str, str]:
    """Move each section's id to its heading, make ids unique in the document, and say where each went.

    An id that stands on nothing that paper can point to leads to the heading above it; the empty id is
    the page itself.
    """
    places: dict[str, str] = {}
    for number, section in enumerate(article.iter("section")):
        heading = next(
            iter(section.xpath("./*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]")),
            None,
        )
        name = _name(page, section.get("id")) if number else _name(page)
        if heading is not None:
            heading.set("id", name)
        places[section.get("id")] = name
    top = places[""] = _name(page)
    for element in list(article.iter(etree.Element)):
        old = element.get("id")
        if old is None or old in places.values() or element.tag == "section":
            continue
        if element.tag in KEPT_IDS:
            places[old] = _name(page, old)
            element.set("id", places[old])
        else:
            above = next(element.iterancestors("section"), None)
            places[old] = top if above is None else places[above.get("id")]
            del element.attrib["id"]
    return places


def _name(page: str, fragment: str = "") -> str:
    return re.sub(r"[^\w.-]+", "-", f"{page}--{fragment}" if fragment else page)


def _relink(page: str, article: Element, places: dict[str, dict[str, str]]) -> None:
    """Point each link to its place in the document, or drop it and keep its words."""
    for picture in article.iter("img"):
        picture.set("src", normpath(join(dirname(page), picture.get("src"))))
    for link in list(article.iter("a")):
        address = link.get("href", "")
        if re.match(r"(https?|mailto):", address):
            continue
        path, _, fragment = address.partition("#")
        target = normpath(join(dirname(page), path)).removesuffix(".html") if path else page
        place = places.get(target, {}).get(fragment)
        if place is None:
            link.drop_tag()
        else:
            link.set("href", f"#{place}")
            link.attrib.pop("title", None)


def _shift(article: Element, by: int) -> None:
    for heading in list(article.iter("h1", "h2", "h3", "h4", "h5")):
        heading.tag = f"h{int(heading.tag[1]) + by}"


def _tidy(article: Element) -> None:
    """Say in plain HTML what the theme says with classes: alignment, remarks, footnotes."""
    for cell in article.iter("th", "td"):
        cell.set(
            "style", f"text-align: {'right' if 'num' in cell.get('class', '').split() else 'left'}"
        )
    tables = {table: _set_widths(table) for table in article.iter("table")}
    for letters in article.xpath(".//*[local-name() = 'mi'][@mathvariant = 'normal']"):
        _join(letters)
    for number in article.xpath(".//span[@class='caption-number']"):
        number.tag = "strong"
    for mark in article.xpath(".//a[@role='doc-noteref']"):
        mark.set("epub:type", "noteref")
    for note in article.xpath(".//aside[@role='doc-footnote']"):
        note.set("epub:type", "footnote")
        for label in note.xpath("./span[@class='label']"):
            label.drop_tree()
    for note in article.xpath(".//p[contains(@class, 'cast-note')]"):
        note.tag = "div"  # with the names that pandoc reads: a Word style, a Typst text size
        note.attrib.update({"data-custom-style": "Table Note", "data-typst:text:size": "9pt"})
    for box in article.xpath(".//div[contains(@class, 'admonition')]"):
        box.tag = "blockquote"
        for title in box.xpath("./p[contains(@class, 'admonition-title')]"):
            title.tag = "strong"
    wrappers = ".//section | .//div[not(@data-custom-style)] | .//span[not(@class)] | .//*[self::td or self::th]/p[last() = 1]"
    for wrapper in article.xpath(wrappers):
        wrapper.drop_tag()
    for table, (wide, short) in tables.items():
        if wide:
            _turn(table)
        if short:
            _keep_whole(table)


def _close_up(article: Element) -> None:
    """Mark a region's first page, and leave out the titles of its warnings, which say what they are."""
    for title in article.xpath(".//blockquote/strong"):
        title.drop_tree()
    article.insert(0, _mark(GLANCE))
    article.append(_mark(GLANCE_BACK))


def _join(letter: Element) -> None:
    """Make one name of upright letters that follow each other in a formula."""
    following = letter.getnext()
    while (
        following is not None
        and following.tag == letter.tag
        and dict(following.attrib) == dict(letter.attrib)
    ):
        letter.text += following.text
        following.drop_tree()
        following = letter.getnext()
    if len(letter.text) > 1:  # pandoc would set a longer name as a product of slanted letters
        letter.tag = "mtext"


def _turn(table: Element) -> None:
    """Put a wide table on a page that lies on its side, with its note, and with the heading that it is for."""
    first = last = table
    above = table.getprevious()
    for _ in range(2):
        if above is not None and above.tag == "p":
            above = above.getprevious()
    while above is not None and above.tag in HEADINGS:
        first, above = above, above.getprevious()
    note = table.getnext()
    if note is not None and note.get("data-custom-style"):
        last = note
    for mark, put in ((TURN, first.addprevious), (TURN_BACK, last.addnext)):
        put(_mark(mark))


def _keep_whole(table: Element) -> None:
    """Say with a name that pandoc reads that a PDF's pages do not break a table."""
    whole = html.Element("div", {"data-typst:breakable": "false"})
    table.addprevious(whole)
    whole.append(table)


def _mark(letter: str) -> Element:
    paragraph = html.Element("p")
    paragraph.text = letter
    return paragraph


def _set_widths(table: Element) -> tuple[bool, bool]:
    """Give a table's columns the share of the page that their texts need, so that it never runs out of it.

    Where all fits on one line the shares follow the longest cells. Otherwise numbers and short words keep
    their line, and the columns with more to say divide what is left. Returns whether the table needs a page
    on its side, because it does not fit or its rows would grow tall; and whether it takes less than half
    a page.
    """
    rows = [row.xpath("./th | ./td") for row in table.iter("tr")]
    if len(set(map(len, rows))) != 1 or table.xpath(".//*[@colspan or @rowspan] | .//colgroup"):
        return False, False
    texts = [[cell.text_content() for cell in row] for row in rows]
    lengths = [list(map(_length, row)) for row in texts]
    wanted = [max(column) + 2 for column in zip(*lengths, strict=True)]
    least = [
        min(want, max(map(_unbroken, column)) + 2)
        for want, column in zip(wanted, zip(*texts, strict=True), strict=True)
    ]
    shares = _shares(wanted, least, LINE)
    lines = _lines(lengths, shares, LINE)
    wide = sum(least) > LINE or max(lines) > MOST_LINES
    if wide:
        shares = _shares(wanted, least, TURNED_LINE)
        lines = _lines(lengths, shares, TURNED_LINE)
    group = etree.Element("colgroup")
    for share in shares:
        etree.SubElement(group, "col", style=f"width: {100 * share / sum(shares):.2f}%")
    table.insert(1 if table.find("caption") is not None else 0, group)
    # a line holds about a tenth more than it is counted on for
    return wide, sum(max(1, ceil(0.9 * many)) for many in lines) <= WHOLE


def _lines(lengths: list[list[int]], shares: list[float], line: int) -> list[float]:
    """Return about how many lines each row's longest cell fills."""
    width = line / sum(shares)
    return [
        max(length / (share * width) for length, share in zip(row, shares, strict=True))
        for row in lengths
    ]


def _shares(wanted: list[int], least: list[int], line: int) -> list[float]:
    room = line - sum(least)
    if sum(wanted) <= line:
        return wanted
    if room <= 0:
        return least
    more = [(want - base) ** 0.75 for want, base in zip(wanted, least, strict=True)]
    return [base + room * part / sum(more) for base, part in zip(least, more, strict=True)]


def _length(text: str) -> int:
    """Return how many letters wide a text is: marks above and below a Thai consonant take no width.

    >>> _length("ที่อยู่")
    3
    """
    return sum(unicodedata.category(letter) != "Mn" for letter in text.strip())


def _unbroken(text: str) -> int:
    """Return about how wide the widest part is that no line may break: a number, a Latin or a Thai word."""
    words = re.findall(r"[\u0e00-\u0e7f]+|[^\s\u0e00-\u0e7f]+", text)
    return max(
        (min(_length(word), THAI_WORD) if word[0] >= "\u0e00" else len(word) for word in words),
        default=1,
    )
