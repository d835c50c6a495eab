"""Make pandoc's Word file a Thai one: font, language, header on every page, tables, contents, captions.

Captions are Word's own (SEQ fields), numbered as on the screen, and the lists of tables and figures are made
from them; wide tables lie in sections on their side. The styles are book/word.xml. The font travels inside the file, so that it looks the same on a machine
that has no Sarabun.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from castlib import paths
from castlib.book.article import GLANCE, GLANCE_BACK, TURN, TURN_BACK

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EMBEDDED = {"embedRegular": "Regular", "embedBold": "Bold", "embedItalic": "Italic",
            "embedBoldItalic": "BoldItalic"}  # fmt: skip
# of a region's first page: what its text is written in, and the room above and below its other parts
RUNNING = {"FirstParagraph", "BodyText", "BlockText", "Compact"}
CLOSE = {"Heading1": (0, 80), "Heading2": (120, 40), "CaptionedFigure": (40, 0), "ImageCaption": (20, 40),
         "TableCaption": (40, 40), "TableHead": (10, 10), "TableText": (10, 10)}  # fmt: skip
LISTS = {"ตารางที่": "สารบัญตาราง", "รูปที่": "สารบัญรูป"}
A4, SIDE = (11906, 16838), 1361  # paper and its side margins, in twentieths of a point
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip file can hold

_ns = {"w": W, "m": M}


def dress(plain: bytes, running_title: str, notice: str, keywords: Sequence[str] = ()) -> bytes:
    """Return pandoc's Word file in the study's form; the same input gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _body(parts["word/document.xml"])
    about = etree.fromstring(parts["docProps/core.xml"])
    about.find("cp:keywords", about.nsmap).text = ", ".join(keywords)
    parts["docProps/core.xml"] = _xml(about)
    parts["word/header1.xml"] = _header(running_title, notice, turned=False)
    parts["word/header2.xml"] = _header(running_title, notice, turned=True)
    parts["word/footer1.xml"] = _footer()
    _relate(
        parts,
        "word/document.xml",
        {
            "rIdHeader": ("header", "header1.xml"),
            "rIdTurned": ("header", "header2.xml"),
            "rIdFooter": ("footer", "footer1.xml"),
        },
    )
    _embed_fonts(parts)
    _declare(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            package.writestr(zipfile.ZipInfo(name, EPOCH), parts[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _element(text: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W}" xmlns:r="{R}">{text}</x>')[0]


def _styles(given: bytes) -> bytes:
    """Put the study's styles in the place of pandoc's, and leave no font to the theme."""
    root = etree.fromstring(given)
    ours = etree.parse(
        str(paths.book() / "word.xml"),
        etree.XMLParser(remove_blank_text=True, remove_comments=True),
    )
    root.replace(root.find("w:docDefaults", _ns), ours.find("w:docDefaults", _ns))
    for fonts in root.findall(".//w:rFonts[@w:asciiTheme]", _ns) + root.findall(
        ".//w:rFonts[@w:cstheme]", _ns
    ):
        if fonts.getparent() is not None:
            fonts.getparent().remove(fonts)
    for style in ours.findall("w:style", _ns):
        old = root.find(f"w:style[@w:styleId='{style.get(_w('styleId'))}']", _ns)
        if old is None:
            root.append(style)
        else:
            root.replace(old, style)
    return _xml(root)


def _body(given: bytes) -> bytes:
    root = etree.fromstring(given)
    body = root.find("w:body", _ns)
    turned = False
    for part in body:
        text = "".join(part.itertext()) if part.tag == _w("p") else ""
        turned = text == TURN or (turned and text != TURN_BACK)
        for table in part.iter(_w("tbl")):
            _table(table, _room(turned))
    for formula in body.findall("w:p/m:oMathPara", _ns):
        _formula(formula)
    _glance(body)
    captions = _captions(body)
    _contents(body, captions)
    _turn(body)
    body.replace(body.find("w:sectPr", _ns), _section())
    return _xml(root)


def _room(turned: bool) -> int:
    """Return how wide the text is on an upright page, or on one on its side."""
    return A4[turned] - 2 * SIDE


def _section(turned: bool = False) -> etree._Element:
    width, height = reversed(A4) if turned else A4
    side, header = (' w:orient="landscape"', "Turned") if turned else ("", "Header")
    return _element(
        "<w:sectPr>"
        f'<w:headerReference w:type="default" r:id="rId{header}"/><w:footerReference w:type="default" r:id="rIdFooter"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{side}/>'
        f'<w:pgMar w:top="1474" w:right="{SIDE}" w:bottom="1361" w:left="{SIDE}" w:header="680" w:footer="680" w:gutter="0"/>'
        "</w:sectPr>"
    )


def _turn(body: etree._Element) -> None:
    """End a section at each of the article's marks: an upright one before a wide table, one on its side after."""
    for mark in body.findall("w:p", _ns):
        text = "".join(mark.itertext())
        if text not in (TURN, TURN_BACK):
            continue
        last = mark.getprevious()
        while last.tag in (_w("bookmarkStart"), _w("bookmarkEnd")):
            last = last.getprevious()
        if last.tag != _w("p"):
            # a table cannot end a section; a paragraph that takes no room does
            last = _element(
                '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
            )
            mark.addprevious(last)
        properties = last.find("w:pPr", _ns)
        if properties is None:
            properties = etree.Element(_w("pPr"))
            last.insert(0, properties)
        properties.append(_section(turned=text == TURN_BACK))
        body.remove(mark)


def _glance(body: etree._Element) -> None:
    """Set what stands between the marks of a region's first page close."""
    inside = False
    for part in list(body):
        text = "".join(part.itertext())
        if text in (GLANCE, GLANCE_BACK):
            inside = text == GLANCE
            body.remove(part)
        elif inside:
            for properties in part.iter(_w("pPr")):
                _close_up(properties)


def _close_up(properties: etree._Element) -> None:
    style = properties.find("w:pStyle", _ns)
    name = "Compact" if style is None else style.get(_w("val"))  # an item of a list has none
    if name in RUNNING:
        if style is not None:
            properties.remove(style)
        properties.insert(0, _element('<w:pStyle w:val="Glance"/>'))
    elif name in CLOSE:
        above, below = CLOSE[name]
        line = ' w:line="240" w:lineRule="auto"'
        style.addnext(_element(f'<w:spacing w:before="{above}" w:after="{below}"{line}/>'))


def _formula(formula: etree._Element) -> None:
    """Set a numbered formula in the middle of its line, and its number at the end of it."""
    line = formula.getparent()
    below = line.getnext()
    if below is None or not re.fullmatch(r"\(\S+-\d+\)", "".join(below.itertext())):
        return
    tabs = "".join(
        f'<w:tab w:val="{kind}" w:pos="{place}"/>'
        for kind, place in (("center", _room(False) // 2), ("right", _room(False)))
    )
    properties = line.find("w:pPr", _ns)
    if properties is None:
        properties = etree.Element(_w("pPr"))
        line.insert(0, properties)
    # after the style, which comes first
    properties.insert(1, _element(f"<w:tabs>{tabs}</w:tabs>"))
    tab = "<w:r><w:tab/></w:r>"
    formula.addprevious(_element(tab))
    line.extend([_element(tab), *below.findall("w:r", _ns)])
    line.replace(formula, formula.find("m:oMath", _ns))
    line.getparent().remove(below)


def _captions(body: etree._Element) -> dict[str, list[tuple[str, str]]]:
    """Make the number of each caption a field, and return each kind's captions: place and text."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in LISTS}
    last = {}
    for caption in body.findall("w:p", _ns):
        style = caption.find("w:pPr/w:pStyle", _ns)
        run = caption.find("w:r", _ns)
        if style is None or style.get(_w("val")) not in ("TableCaption", "ImageCaption"):
            continue
        numbered = re.fullmatch(rf"({'|'.join(LISTS)}) (.*-)(\d+)", "".join(run.itertext()))
        if numbered is None:
            continue
        kind, prefix, number = numbered.groups()
        # numbers begin again in each chapter
        follows = last.get(kind) == (prefix, int(number) - 1)
        start = "" if follows else f" \\r {number}"
        last[kind] = prefix, int(number)
        look = etree.tostring(run.find("w:rPr", _ns), encoding="unicode")
        run.find("w:t", _ns).text = f"{kind} {prefix}"
        run.addnext(_element(
            f'<w:fldSimple w:instr=" SEQ {kind} \\* ARABIC{start} "><w:r>{look}<w:t>{number}</w:t></w:r></w:fldSimple>'
        ))  # fmt: skip
        mark = caption.getprevious()
        while mark.tag != _w("bookmarkStart"):
            mark = mark.getprevious()
        found[kind].append((mark.get(_w("name")), "".join(caption.itertext()).strip()))
    return found


def _table(table: etree._Element, room: int) -> None:
    """Give a table the whole width, its own text size, rows that stay whole, a head that repeats."""
    width = table.find("w:tblPr/w:tblW", _ns)
    width.set(_w("type"), "pct")
    width.set(_w("w"), "5000")
    columns = table.findall("w:tblGrid/w:gridCol", _ns)
    given = sum(int(column.get(_w("w"))) for column in columns)
    for column in columns:
        column.set(_w("w"), str(int(column.get(_w("w"))) * room // given))
    for row in table.findall("w:tr", _ns):
        properties = row.find("w:trPr", _ns)
        if properties is None:
            properties = etree.Element(_w("trPr"))
            row.insert(0, properties)
        properties.insert(0, etree.Element(_w("cantSplit")))
        head = properties.find("w:tblHeader", _ns) is not None
        for style in row.findall(".//w:pStyle", _ns):
            style.set(_w("val"), "TableHead" if head else "TableText")


def _contents(body: etree._Element, captions: dict[str, list[tuple[str, str]]]) -> None:
    """Fill the contents with the headings, and put the lists of tables and figures after it.

    Word adds the page numbers when it is asked to update the fields.
    """
    block = body.find("w:sdt", _ns)
    field = block.find("w:sdtContent/w:p[2]", _ns)
    instruction = "".join(field.itertext()).strip()
    headings = []
    for heading in body.findall("w:p", _ns):
        style = heading.find("w:pPr/w:pStyle", _ns)
        level = style is not None and {"Heading1": 1, "Heading2": 2}.get(style.get(_w("val")))
        mark = heading.getprevious()
        if not level or mark is None or mark.tag != _w("bookmarkStart"):
            continue
        text = "".join(heading.itertext()).strip()
        headings.append((f"TOC{level}", mark.get(_w("name")), text))
    content = field.getparent()
    content.remove(field)
    content.extend(_listed(instruction, headings))
    for kind, entries in reversed(captions.items()):
        if entries:
            title = f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>{LISTS[kind]}</w:t></w:r></w:p>'
            lines = [("TableofFigures", place, text) for place, text in entries]
            for part in reversed([_element(title), *_listed(f'TOC \\h \\z \\c "{kind}"', lines)]):
                block.addnext(part)


def _listed(instruction: str, entries: list[tuple[str, str, str]]) -> list[etree._Element]:
    """Return the paragraphs of a field that lists places: (style, bookmark, text) each."""
    lines = [
        _element(
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:hyperlink w:anchor="{escape(place)}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink></w:p>'
        )
        for style, place, text in entries
    ]
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    )
    for part in reversed(begin):
        lines[0].insert(1, _element(part))
    lines.append(_element('<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'))
    return lines


def _header(title: str, notice: str, turned: bool) -> bytes:
    warning = (
        f'<w:r><w:tab/></w:r><w:r><w:rPr><w:b/><w:bCs/><w:color w:val="8A4B00"/></w:rPr><w:t>{escape(notice)}</w:t></w:r>'
        if notice
        else ""
    )
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{_room(turned)}"/></w:tabs>'
    text = f'<w:p><w:pPr><w:pStyle w:val="Header"/>{tab}</w:pPr><w:r><w:t>{escape(title)}</w:t></w:r>{warning}</w:p>'
    return _xml(etree.fromstring(f'<w:hdr xmlns:w="{W}" xmlns:r="{R}">{text}</w:hdr>'))


def _footer() -> bytes:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    text = f'<w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{number}</w:p>'
    return _xml(etree.fromstring(f'<w:ftr xmlns:w="{W}" xmlns:r="{R}">{text}</w:ftr>'))


def _relate(parts: dict[str, bytes], part: str, targets: dict[str, tuple[str, str]]) -> None:
    """Add relationships from a part: id -> (kind, target)."""
    folder, _, name = part.rpartition("/")
    place = f"{folder}/_rels/{name}.rels"
    empty = f'<Relationships xmlns="{PACKAGE}/relationships"/>'.encode()
    root = etree.fromstring(parts.get(place, empty))
    for key, (kind, target) in targets.items():
        etree.SubElement(
            root,
            f"{{{PACKAGE}/relationships}}Relationship",
            Id=key,
            Type=f"{R}/{kind}",
            Target=target,
        )
    parts[place] = _xml(root)


def _embed_fonts(parts: dict[str, bytes]) -> None:
    """Put Sarabun into the file, obfuscated with a key as the format asks."""
    import fontpkg_sarabun

    table = etree.fromstring(parts["word/fontTable.xml"])
    font = etree.SubElement(table, _w("font"), {_w("name"): "Sarabun"})
    font.append(_element('<w:charset w:val="DE"/>'))
    font.append(_element('<w:pitch w:val="variable"/>'))
    links = {}
    for slot, style in EMBEDDED.items():
        key = uuid.uuid5(uuid.NAMESPACE_DNS, f"Sarabun-{style}")
        content = (Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{style}.ttf").read_bytes()
        mask = bytes.fromhex(key.hex)[::-1]
        head = bytes(byte ^ mask[k % 16] for k, byte in enumerate(content[:32]))
        parts[f"word/fonts/{style}.odttf"] = head + content[32:]
        links[f"rId{style}"] = ("font", f"fonts/{style}.odttf")
        font.append(_element(f'<w:{slot} r:id="rId{style}" w:fontKey="{{{str(key).upper()}}}"/>'))
    parts["word/fontTable.xml"] = _xml(table)
    _relate(parts, "word/fontTable.xml", links)


def _declare(parts: dict[str, bytes]) -> None:
    """Name the new parts' types, and say in the settings that fonts are inside and the language is Thai."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    space = f"{{{PACKAGE}/content-types}}"
    etree.SubElement(types, f"{space}Default", Extension="odttf",
                     ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont")  # fmt: skip
    for name in ("header1", "header2", "footer1"):
        kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name[:-1]}+xml"
        etree.SubElement(types, f"{space}Override", PartName=f"/word/{name}.xml", ContentType=kind)
    parts["[Content_Types].xml"] = _xml(types)
    settings = parts["word/settings.xml"].decode("utf-8")
    settings = re.sub(r"<w:embedSystemFonts ?/>", "<w:embedTrueTypeFonts/>", settings)
    settings = re.sub(
        r"<w:themeFontLang [^>]*/>", '<w:themeFontLang w:val="en-US" w:bidi="th-TH"/>', settings
    )
    parts["word/settings.xml"] = settings.encode("utf-8")
