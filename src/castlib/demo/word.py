"""Word files made from nothing but their XML: quick, and the same bytes from the same words.

Only what a typed form has: paragraphs, tables with borders, check boxes as real content controls, and
the picture that should not be there.
"""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

STAMP = (2022, 11, 1, 0, 0, 0)
WHEN = "2022-11-01T00:00:00Z"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14" '
    f'xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" '
    f'xmlns:pic="{DRAWING}/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PAGE_WIDTH = 9000
EMU = 9525


def paragraph(text: str, style: str = "Normal") -> str:
    """Return a paragraph in a named style."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def check_box(text: str, ticked: bool, number: int) -> str:
    """Return a paragraph that begins with a check box content control."""
    sign, state = ("☒", 1) if ticked else ("☐", 0)
    font = 'w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"'
    return (
        f'<w:p><w:sdt><w:sdtPr><w:id w:val="{number}"/><w14:checkbox>'
        f'<w14:checked w14:val="{state}"/>'
        '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:rPr><w:rFonts {font}/></w:rPr><w:t>{sign}</w:t></w:r></w:sdtContent>"
        f"</w:sdt>{_run(' ' + text)}</w:p>"
    )


def table(rows: Sequence[Sequence[str]], shares: Sequence[float]) -> str:
    """Return a bordered table; `shares` are the columns' shares of the page's width."""
    widths = [round(PAGE_WIDTH * share) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{_run(cell)}</w:p></w:tc>'
            for cell, width in zip(row, widths, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
    )


def picture(width: int, height: int) -> str:
    """Return a paragraph that shows the package's one picture, its size in pixels."""
    size = f'cx="{width * EMU}" cy="{height * EMU}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr id="1" name="image1"/>'
        f'<a:graphic><a:graphicData uri="{DRAWING}/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="image1.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:embed="rId2"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def document(title: str, body: Sequence[str], image: bytes | None = None) -> bytes:
    """Return a .docx file: its title goes into the file's properties, its body onto the page."""
    section = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" '
    section += (
        'w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    links = [("styles", "styles.xml")] + ([("image", "media/image1.jpg")] if image else [])
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_LINKS,
        "docProps/core.xml": CORE.format(title=escape(title), when=WHEN),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{''.join(body)}{section}</w:body>"
        "</w:document>",
        "word/_rels/document.xml.rels": _links((f"{OFFICE}/{kind}", to) for kind, to in links),
        "word/styles.xml": STYLES,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, text in parts.items():
            package.writestr(_entry(name), HEAD + text)
        if image:
            package.writestr(_entry("word/media/image1.jpg"), image)
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a zip entry with a fixed time and system, so that the bytes depend on the content only."""
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
    return entry


def _links(found) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{to}"/>'
        for number, (kind, to) in enumerate(found, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


ROOT_LINKS = _links(
    [
        (f"{OFFICE}/officeDocument", "word/document.xml"),
        (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
)
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="jpg" ContentType="image/jpeg"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{TYPES}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified></cp:coreProperties>'
)
FONT = "TH SarabunPSK"


def _style(name: str, shown: str, size: int, bold: bool) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    default = ' w:default="1"' if name == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{shown}"/>{based}'
        f'<w:rPr>{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
STYLES = (
    f'<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/><w:lang w:bidi="th-TH"/></w:rPr>'
    "</w:rPrDefault></w:docDefaults>"
    + _style("Normal", "Normal", 32, bold=False)
    + _style("Title", "Title", 40, bold=True)
    + _style("Heading2", "heading 2", 34, bold=True)
    + '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '</w:style><w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
    f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>'
    "</w:style></w:styles>"
)
