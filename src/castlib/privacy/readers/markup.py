"""What HTML and XML say: text with inline elements joined, attributes, comments, scripts, pictures in them."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from castlib.privacy.readers.piece import Inside, Piece, Unreadable, row, within

BLOCKS = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html input legend li main menu nav "
    "noscript ol optgroup option p pre script section select style summary table tbody td template text "
    "textarea tfoot th thead title tr ul"
).split()
# what is one text in office and picture formats, whatever it is made of
TEXTS = {"p", "si", "is", "text", "title", "desc"}
DRAWN = {"class", "d", "points", "transform", "viewBox", "path", "style", "gradientTransform"}
EMBEDDED = re.compile(r"""data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w-]+=[^;,"']*)*(?P<packed>;base64)?,(?P<data>[^"'<>\s)]*)""")  # fmt: skip

# what no page contains: they part the blocks and carry the line on which each begins
_BEGIN, _LINE = "\uf8f0", "\uf8f1"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_TAG = re.compile(r"<[^>]*>")
_STRING = etree.XPath("string()", smart_strings=False)


def read_html(content: bytes | str, inside: Inside) -> Iterator[Piece]:
    """Yield what an HTML page or fragment says, each block with the line on which it begins."""
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    content = content.replace(b"\0", b" ")
    if not content.strip():
        return
    tree = etree.fromstring(content, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if tree is None:  # nothing but comments
        yield Piece("ความเห็นในหน้า", content.decode("utf-8", "replace"))
        return
    yield from _attributes(tree, inside)
    for comment in _comments(tree):
        place = f"บรรทัด {comment.sourceline} ความเห็นในหน้า"
        yield from (
            Piece(place, text) for text in (comment.text, _TAG.sub(" ", comment.text or "")) if text
        )
    for line in tree.iter("tr"):
        cells = [" ".join(cell.itertext()) for cell in line.iter("td", "th")]
        yield from row(f"บรรทัด {line.sourceline} แถวของตาราง", cells)
    yield from _blocks(tree, inside)


def _comments(root: etree._Element) -> Iterator[etree._Element]:
    """Yield comments and processing instructions, also those that stand outside the root."""
    yield from root.itersiblings(preceding=True)
    yield from root.iter(etree.Comment, etree.ProcessingInstruction)
    yield from root.itersiblings()


def _blocks(tree: etree._Element, inside: Inside) -> Iterator[Piece]:
    """Mark where blocks begin and end, let the library write the text, and cut it there."""
    for element in tree.iter(*BLOCKS):
        element.text = f"{_BEGIN}{element.sourceline}{_LINE}{element.text or ''}"
        element.tail = f"{_BEGIN}{_LINE}{element.tail or ''}"
    line = "1"
    for block in etree.tostring(tree, method="text", encoding="unicode").split(_BEGIN):
        number, _, text = block.rpartition(_LINE)
        line = number or line
        if text and not text.isspace():
            text, pictures = taken_out(text, inside)
            yield from within(f"บรรทัด {line}", pictures)
            yield Piece(f"บรรทัด {line}", unescaped(text))


def _attributes(tree: etree._Element, inside: Inside) -> Iterator[Piece]:
    """Yield each attribute's value once, but of those that only say how something looks."""
    seen: set[str] = set()
    for element in tree.iter(etree.Element):
        for name, value in element.items():
            if value in seen or (name in DRAWN and "data:" not in value):
                continue
            seen.add(value)
            place = f"บรรทัด {element.sourceline} แอตทริบิวต์ {name.rpartition('}')[2]}"
            if "data:" in value:
                value, pictures = taken_out(value, inside)
                yield from within(place, iter(pictures))
            yield Piece(place, value)
            if "%" in value:
                yield Piece(place, unquote(value))
            if "<" in value:
                yield Piece(place, _TAG.sub(" ", value))


def taken_out(text: str, inside: Inside) -> tuple[str, list[Piece]]:
    """Return a text without the files embedded in it as data: addresses, and what those say."""
    found: list[Piece] = []

    def take(address: re.Match) -> str:
        kind = (address["type"] or "text/plain").lower()
        data = unquote_to_bytes(address["data"])
        try:
            content = base64.b64decode(data) if address["packed"] else data
        except binascii.Error:
            return address[0]
        found.extend(
            within("ไฟล์ฝัง", inside(f"data.{kind.rpartition('/')[2].partition('+')[0]}", content))
        )
        return " "

    return EMBEDDED.sub(take, text), found


def unescaped(text: str) -> str:
    r"""Return a text with the \u escapes of a script resolved.

    >>> unescaped(r"\u0e01x")
    'กx'
    """
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "\\u" in text else text


def parse(content: bytes) -> etree._Element:
    """Return the root of an XML document; entities are not resolved and nothing is fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("XML ไม่สมบูรณ์") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Unreadable("XML มีคำนิยามเอนทิตี")
    return root


def read_xml(content: bytes, inside: Inside) -> Iterator[Piece]:
    """Yield what an XML document says (SVG, DDI, XMP, a part of an Office file)."""
    root = parse(content)
    yield from _attributes(root, inside)
    yield from said(root)


def said(root: etree._Element) -> Iterator[Piece]:
    """Yield the texts of an XML tree: a paragraph whole, elements apart and side by side, comments."""
    for gap in root.iter("{*}tab", "{*}br", "{*}cr"):
        gap.text = " "
    pending = [root]
    for comment in _comments(root):
        yield Piece(f"บรรทัด {comment.sourceline} ความเห็น", comment.text or "")
    while pending:
        element = pending.pop()
        line = f"บรรทัด {element.sourceline}"
        if not isinstance(element.tag, str):
            continue
        if element.tag.rpartition("}")[2] in TEXTS:
            yield Piece(line, _STRING(element))
        else:
            texts = [element.text, *(child.tail for child in element)]
            yield from (Piece(line, unescaped(t)) for t in texts if t and not t.isspace())
            yield from row(line, (child.text for child in element))
            pending += reversed(element)
