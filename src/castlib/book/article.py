"""One document out of many built pages: their articles in order, fit for paper.

PDF and Word are made from what the reader sees on screen. What only a screen can use goes (folded
code, link marks, downloads); links between pages of the document become links inside it, and links to
pages outside it become plain words.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree, html

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
KEPT_IDS = {"h1", "h2", "h3", "h4", "h5", "h6", "table", "figure", "dt", "aside"}


def document(site: Path, pages: Iterable[tuple[str, int]]) -> str:
    """Return the articles of built pages as one HTML document.

    `pages` gives each page's name and by how much its headings move down. Pictures keep their place:
    their addresses are relative to `site`.
    """
    shifts = dict(pages)
    articles = {page: _article(site / f"{page}.html") for page in shifts}
    places = {page: _places(page, article) for page, article in articles.items()}
    for page, article in articles.items():
        _relink(page, article, places)
        _shift(article, shifts[page])
        _tidy(article)
    parts = [part for article in articles.values() for part in article]
    body = "".join(html.tostring(part, encoding="unicode") for part in parts)
    return f'<html xmlns:epub="http://www.idpf.org/2007/ops" lang="th"><body>{body}</body></html>'


def _article(file: Path) -> Element:
    """Return a page's article without what only a screen can use."""
    tree = html.parse(str(file), html.HTMLParser(encoding="utf-8"))
    article = tree.xpath("//article[contains(@class, 'bd-article')]")[0]
    for element in article.xpath(SCREEN_ONLY):
        element.drop_tree()
    return article


def _places(page: str, article: Element) -> dict[str, str]:
    """Move each section's id to its heading, make ids unique in the document, and say where each went.

    An id that stands on nothing that paper can point to leads to the heading above it; the empty id is
    the page itself.
    """
    places: dict[str, str] = {}
    for number, section in enumerate(article.iter("section")):
        heading = next(iter(section.xpath("./*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]")), None)
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
    for cell in article.xpath(".//*[self::th or self::td][contains(@class, 'num')]"):
        cell.set("style", "text-align: right")
    for number in article.xpath(".//span[@class='caption-number']"):
        number.tag = "strong"
    for mark in article.xpath(".//a[@role='doc-noteref']"):
        mark.set("epub:type", "noteref")
    for note in article.xpath(".//aside[@role='doc-footnote']"):
        note.set("epub:type", "footnote")
        for label in note.xpath("./span[@class='label']"):
            label.drop_tree()
    for box in article.xpath(".//div[contains(@class, 'admonition')]"):
        box.tag = "blockquote"
        for title in box.xpath("./p[contains(@class, 'admonition-title')]"):
            title.tag = "strong"
    wrappers = ".//section | .//div | .//span[not(@class)] | .//*[self::td or self::th]/p[last() = 1]"
    for wrapper in article.xpath(wrappers):
        wrapper.drop_tag()
