"""Make pandoc's Word file a Thai one: font, language, header on every page, tables, a filled contents list.

The styles are book/word.xml. The font travels inside the file, so that it looks the same on a machine
that has no Sarabun.
"""

import io
import re
import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from castlib import paths

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
EMBEDDED = {"embedRegular": "Regular", "embedBold": "Bold", "embedItalic": "Italic",
            "embedBoldItalic": "BoldItalic"}  # fmt: skip
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip file can hold

_ns = {"w": W}


def dress(plain: bytes, running_title: str, notice: str) -> bytes:
    """Return pandoc's Word file in the study's form; the same input gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/document.xml"] = _body(parts["word/document.xml"])
    parts["word/header1.xml"] = _header(running_title, notice)
    parts["word/footer1.xml"] = _footer()
    _relate(
        parts,
        "word/document.xml",
        {"rIdHeader": ("header", "header1.xml"), "rIdFooter": ("footer", "footer1.xml")},
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
    for table in body.iter(_w("tbl")):
        _table(table)
    _contents(body)
    section = _element(
        "<w:sectPr>"
        '<w:headerReference w:type="default" r:id="rIdHeader"/><w:footerReference w:type="default" r:id="rIdFooter"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1474" w:right="1361" w:bottom="1361" w:left="1361" w:header="680" w:footer="680" w:gutter="0"/>'
        "</w:sectPr>"
    )
    body.replace(body.find("w:sectPr", _ns), section)
    return _xml(root)


def _table(table: etree._Element) -> None:
    """Give a table the whole width, its own text size, rows that stay whole, a head that repeats."""
    width = table.find("w:tblPr/w:tblW", _ns)
    width.set(_w("type"), "pct")
    width.set(_w("w"), "5000")
    for row in table.findall("w:tr", _ns):
        properties = row.find("w:trPr", _ns)
        if properties is None:
            properties = etree.Element(_w("trPr"))
            row.insert(0, properties)
        properties.insert(0, etree.Element(_w("cantSplit")))
        head = properties.find("w:tblHeader", _ns) is not None
        for style in row.findall(".//w:pStyle", _ns):
            style.set(_w("val"), "TableHead" if head else "TableText")


def _contents(body: etree._Element) -> None:
    """Fill the contents list with the headings; Word adds the page numbers when it opens the file."""
    field = body.find("w:sdt/w:sdtContent/w:p[2]", _ns)
    content = field.getparent()
    content.remove(field)
    begin, instruction, separate, end = list(field.find("w:r", _ns))
    lines = []
    for heading in body.findall("w:p", _ns):
        style = heading.find("w:pPr/w:pStyle", _ns)
        level = style is not None and {"Heading1": 1, "Heading2": 2}.get(style.get(_w("val")))
        mark = heading.getprevious()
        if not level or mark is None or mark.tag != _w("bookmarkStart"):
            continue
        text, place = escape("".join(heading.itertext()).strip()), escape(mark.get(_w("name")))
        lines.append(_element(
            f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr><w:hyperlink w:anchor="{place}" w:history="1">'
            f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:hyperlink></w:p>'
        ))  # fmt: skip
    for part in (separate, instruction, begin):
        run = etree.Element(_w("r"))
        run.append(part)
        lines[0].insert(1, run)
    last = etree.SubElement(etree.Element(_w("p")), _w("r"))
    last.append(end)
    content.extend([*lines, last.getparent()])


def _header(title: str, notice: str) -> bytes:
    warning = (
        f'<w:r><w:tab/></w:r><w:r><w:rPr><w:b/><w:bCs/><w:color w:val="8A4B00"/></w:rPr><w:t>{escape(notice)}</w:t></w:r>'
        if notice
        else ""
    )
    text = f'<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t>{escape(title)}</w:t></w:r>{warning}</w:p>'
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
    for name in ("header", "footer"):
        kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
        etree.SubElement(types, f"{space}Override", PartName=f"/word/{name}1.xml", ContentType=kind)
    parts["[Content_Types].xml"] = _xml(types)
    settings = parts["word/settings.xml"].decode("utf-8")
    settings = re.sub(r"<w:embedSystemFonts ?/>", "<w:embedTrueTypeFonts/>", settings)
    settings = re.sub(
        r"<w:themeFontLang [^>]*/>", '<w:themeFontLang w:val="en-US" w:bidi="th-TH"/>', settings
    )
    parts["word/settings.xml"] = settings.encode("utf-8")
