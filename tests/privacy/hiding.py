"""Files of every format with a text hidden in each place that the format has, made by the tests."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from PIL import Image, PngImagePlugin, TiffImagePlugin

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def pdf(text: str, title: str = "") -> bytes:
    """Return a PDF as the book's own are made: Thai set in Sarabun by Typst."""
    import fontpkg_sarabun
    import typst

    fonts = [str(Path(fontpkg_sarabun.ROOT) / "files")]
    source = f'#set text(font: "Sarabun", lang: "th")\n#set document(title: "{title}")\n{text}'
    return typst.compile(source.encode(), font_paths=fonts, ignore_system_fonts=True)


def changed_pdf(change: Callable, content: bytes | None = None) -> bytes:
    """Return a PDF changed by a function that takes pypdf's writer."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content or pdf("หน้าเปล่า")))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    """Return a zip of parts; in their names __ stands for / and the last _ for the dot."""
    return zipped_by_name({name.replace("__", "/"): content for name, content in parts.items()})


def zipped_by_name(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def docx(body: str = "", **parts: str | bytes) -> bytes:
    """Return a Word file of a body's XML and other parts, given as word_comments=xml."""
    listed = {"[Content_Types].xml": f'<Types xmlns="{TYPES}"/>'}
    listed["word/document.xml"] = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    listed |= {name.replace("_", "/", 1) + ".xml": content for name, content in parts.items()}
    return zipped_by_name(listed)


def runs(*texts: str, form: str = "") -> str:
    """Return a Word paragraph of several runs, as Word splits what was typed."""
    return "<w:p>" + "".join(f"<w:r>{form}<w:t>{text}</w:t></w:r>" for text in texts) + "</w:p>"


def word_part(name: str, text: str) -> str:
    """Return the XML of a header, a footer or comments that say a text."""
    return f'<w:{name} xmlns:w="{W}">{runs(text)}</w:{name}>'


def xlsx(change: Callable) -> bytes:
    """Return a workbook changed by a function that takes openpyxl's."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "ผล"
    book.active["A1"] = "หัวข้อ"
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def notebook(output: dict | None = None, source: str = "1 + 1", **metadata: object) -> bytes:
    """Return a notebook of one cell with an output."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": output}] if output else []
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": source,
        "outputs": outputs,
    }
    return json.dumps(
        {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def picture(kind: str = "PNG", **options: object) -> bytes:
    """Return a small picture saved with the options that Pillow takes for its metadata."""
    made = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 180, 90)).save(made, kind, **options)
    return made.getvalue()


def png(word: str, text: str, packed: bool = False, international: bool = True) -> bytes:
    """Return a PNG with a text chunk."""
    chunks = PngImagePlugin.PngInfo()
    if international:
        chunks.add_itxt(word, text, zip=packed)
    else:
        chunks.add_text(word, text, zip=packed)
    return picture("PNG", pnginfo=chunks)


def exif(artist: str = "", position: bool = False, tag: int = 0x013B) -> Image.Exif:
    """Return EXIF with an author, a position, or both."""
    tags = Image.Exif()
    if artist:
        tags[tag] = artist.encode("utf-16-le" if tag == 0x9C9D else "utf-8")
    if position:
        tags.get_ifd(0x8825)[1] = "N"
        tags.get_ifd(0x8825)[2] = (18.0, 47.0, 12.0)
    return tags


def tiff_with_position() -> bytes:
    """Return a TIFF picture with a position."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x8825] = {1: "N", 2: (18.0, 47.0, 12.0)}
    return picture("TIFF", tiffinfo=tags)


def heic(tags: Image.Exif) -> bytes:
    """Return a HEIC picture with EXIF."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return picture("HEIF", exif=tags.tobytes())


def as_address(content: bytes, kind: str = "image/png") -> str:
    """Return a file as a data: address."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def parquet(frame: pd.DataFrame) -> bytes:
    """Return a frame as Parquet."""
    made = io.BytesIO()
    frame.to_parquet(made, index=False)
    return made.getvalue()


def sav(folder: Path, frame: pd.DataFrame, **about: object) -> bytes:
    """Return a frame as SPSS's own file."""
    import pyreadstat

    file = folder / "made.sav"
    pyreadstat.write_sav(frame, file, **about)
    return file.read_bytes()


def halves(text: str) -> tuple[str, str]:
    """Return a text cut in two where no space is."""
    cut = len(text) // 2 + (text[len(text) // 2 : len(text) // 2 + 1] == " ")
    return text[:cut], text[cut:]


def _note(text: str) -> Callable:
    def change(writer) -> None:
        from pypdf.annotations import FreeText

        writer.add_annotation(page_number=0, annotation=FreeText(text=text, rect=(50, 50, 200, 80)))

    return change


def _link(text: str) -> Callable:
    def change(writer) -> None:
        from pypdf.annotations import Link

        writer.add_annotation(
            page_number=0,
            annotation=Link(rect=(50, 50, 200, 80), url=f"https://example.invalid/ {text}"),
        )

    return change


def _cell_comment(text: str) -> Callable:
    def change(book) -> None:
        from openpyxl.comments import Comment

        book.active["B2"] = "x"
        book.active["B2"].comment = Comment(text, "ผู้ตรวจ")

    return change


def _hidden_sheet(text: str) -> Callable:
    def change(book) -> None:
        book.create_sheet("ซ่อน")["C3"] = text
        book["ซ่อน"].sheet_state = "hidden"

    return change


def _defined_name(text: str) -> Callable:
    def change(book) -> None:
        from openpyxl.workbook.defined_name import DefinedName

        book.defined_names["known"] = DefinedName("known", attr_text=f'"{text}"', comment=text)

    return change


def _frame(text: str) -> pd.DataFrame:
    return pd.DataFrame({"ข้อ": ["ก", "ข"], "คำตอบ": ["ปกติ", f"พูดถึง {text} ว่าดี"]})


def _schema(text: str) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"note": text}), made)
    return made.getvalue()


def _written(text: str, word: str) -> Callable:
    def change(book) -> None:
        setattr(book.properties, word, text)

    return change


def _cell(text: str) -> Callable:
    def change(book) -> None:
        book.active["B7"] = f"โทร {text}"

    return change


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
PAGE = "<!doctype html><html><head><title>หน้า</title></head><body>\n\n{}\n</body></html>"
PROPERTIES = '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc"><dc:creator>{}</dc:creator></cp:coreProperties>'
CUSTOM = (
    '<Properties xmlns="urn:x"><property name="ผู้ประสาน"><lpwstr>{}</lpwstr></property></Properties>'
)

# where: (file name, what makes the file of a text, part of the place that must be named)
PLACES: dict[str, tuple[str, Callable[[str, Path], bytes], str]] = {
    "html text": ("a.html", lambda t, _: PAGE.format(f"<p>คุยกับ {t} แล้ว</p>").encode(), "บรรทัด 3"),
    "html inline": ("a.html", lambda t, _: PAGE.format("<p>{}<b>{}</b></p>".format(*halves(t))).encode(), "บรรทัด 3"),
    "html entities": ("a.html", lambda t, _: PAGE.format("".join(f"&#{ord(c)};" for c in t)).encode(), "บรรทัด"),
    "html title": ("a.html", lambda t, _: PAGE.replace("หน้า", t).format("").encode(), "บรรทัด 1"),
    "html alt": ("a.html", lambda t, _: PAGE.format(f'<img alt="{t}" src="x.png">').encode(), "แอตทริบิวต์ alt"),
    "html comment": ("a.html", lambda t, _: PAGE.format(f"<!-- {t} -->").encode(), "ความเห็น"),
    "html script": ("a.html", lambda t, _: PAGE.format(f"<script>var a = {json.dumps(t)};</script>").encode(), "บรรทัด"),
    "html content": ("a.html", lambda t, _: PAGE.format(f'<meta name="author" content="{t}">').encode(), "content"),
    "html picture": ("a.html", lambda t, _: PAGE.format(f'<img src="{as_address(png("Author", t))}">').encode(), "แอตทริบิวต์ src"),
    "pdf text": ("a.pdf", lambda t, _: pdf(f"ก่อนหน้า\n#pagebreak()\nคุยกับ {t.replace('@', chr(92) + '@')} แล้ว"), "หน้า 2"),
    "pdf title": ("a.pdf", lambda t, _: pdf("หน้า", title=t), "/Title"),
    "pdf metadata": ("a.pdf", lambda t, _: changed_pdf(lambda w: w.add_metadata({"/Author": t})), "/Author"),
    "pdf note": ("a.pdf", lambda t, _: changed_pdf(_note(t)), "หน้า 1 หมายเหตุหรือลิงก์"),
    "pdf link": ("a.pdf", lambda t, _: changed_pdf(_link(t)), "หน้า 1 หมายเหตุหรือลิงก์"),
    "pdf bookmark": ("a.pdf", lambda t, _: changed_pdf(lambda w: w.add_outline_item(title=t, page_number=0)), "บุ๊กมาร์ก"),
    "pdf attachment": ("a.pdf", lambda t, _: changed_pdf(lambda w: w.add_attachment(filename="b.txt", data=t.encode())), "ไฟล์แนบ"),
    "docx body": ("a.docx", lambda t, _: docx(runs("คุยกับ ", *halves(t))), "word/document.xml"),
    "docx hidden": ("a.docx", lambda t, _: docx(runs(t, form="<w:rPr><w:vanish/></w:rPr>")), "word/document.xml"),
    "docx header": ("a.docx", lambda t, _: docx(word_header1=word_part("hdr", t)), "word/header1.xml"),
    "docx footnote": ("a.docx", lambda t, _: docx(word_footnotes=word_part("footnotes", t)), "word/footnotes.xml"),
    "docx comment": ("a.docx", lambda t, _: docx(word_comments=word_part("comments", t)), "word/comments.xml"),
    "docx property": ("a.docx", lambda t, _: docx(docProps_core=PROPERTIES.format(t)), "docProps/core.xml"),
    "docx custom": ("a.docx", lambda t, _: docx(docProps_custom=CUSTOM.format(t)), "docProps/custom.xml"),
    "docx author": ("a.docx", lambda t, _: docx(f'<w:ins w:author="{t}">{runs("x")}</w:ins>'), "author"),
    "docx picture": ("a.docx", lambda t, _: zipped_by_name({"[Content_Types].xml": f'<Types xmlns="{TYPES}"/>', "word/media/a.png": png("Author", t)}), "word/media/a.png"),
    "xlsx cell": ("a.xlsx", lambda t, _: xlsx(_cell(t)), "แผ่นงาน “ผล” เซลล์ B7"),
    "xlsx comment": ("a.xlsx", lambda t, _: xlsx(_cell_comment(t)), "comment"),
    "xlsx hidden sheet": ("a.xlsx", lambda t, _: xlsx(_hidden_sheet(t)), "แผ่นงาน “ซ่อน” เซลล์ C3"),
    "xlsx property": ("a.xlsx", lambda t, _: xlsx(_written(t, "creator")), "docProps/core.xml"),
    "xlsx name": ("a.xlsx", lambda t, _: xlsx(_defined_name(t)), "xl/workbook.xml"),
    "ipynb source": ("a.ipynb", lambda t, _: notebook(source=f"# {t}"), "เซลล์ 1"),
    "ipynb html": ("a.ipynb", lambda t, _: notebook({"text/html": [f"<p>{halves(t)[0]}<b>", f"{halves(t)[1]}</b></p>\n"]}), "เซลล์ 1 ผลลัพธ์ 1"),
    "ipynb plain": ("a.ipynb", lambda t, _: notebook({"text/plain": t}), "เซลล์ 1 ผลลัพธ์ 1"),
    "ipynb picture": ("a.ipynb", lambda t, _: notebook({"image/png": base64.b64encode(png("Author", t)).decode()}), "เซลล์ 1 ผลลัพธ์ 1"),
    "ipynb metadata": ("a.ipynb", lambda t, _: notebook(authors=[{"name": t}]), "authors"),
    "csv": ("a.csv", lambda t, _: f"ข้อ,คำตอบ\nก,ปกติ\nข,คุยกับ {t}\n".encode("utf-8-sig"), "แถว 3 คอลัมน์ “คำตอบ”"),
    "csv thai": ("a.csv", lambda t, _: f"ข้อ,คำตอบ\nข,คุยกับ {t}\n".encode("cp874"), "แถว 2"),
    "tsv": ("a.tsv", lambda t, _: f"ข้อ\tคำตอบ\nข\t{t}\n".encode("utf-16"), "แถว 2"),
    "parquet": ("a.parquet", lambda t, _: parquet(_frame(t)), "คอลัมน์ “คำตอบ” แถว 2"),
    "parquet schema": ("a.parquet", lambda t, _: _schema(t), "ข้อมูลกำกับ note"),
    "sav": ("a.sav", lambda t, p: sav(p, pd.DataFrame({"x": ["ปกติ", t]})), "คอลัมน์ “x” แถว 2"),
    "sav label": ("a.sav", lambda t, p: sav(p, pd.DataFrame({"x": [1]}), column_labels={"x": t}), "ป้ายของตัวแปร “x”"),
    "sav value label": ("a.sav", lambda t, p: sav(p, pd.DataFrame({"x": [1]}), variable_value_labels={"x": {1: t}}), "ป้ายของค่า 1"),
    "sav note": ("a.sav", lambda t, p: sav(p, pd.DataFrame({"x": [1]}), note=t), "บันทึก"),
    "json": ("a.json", lambda t, _: json.dumps({"values": [{"source": f"จาก {t}"}]}).encode(), "values/source"),
    "json key": ("a.json", lambda t, _: json.dumps({t: 1}).encode(), "ชื่อคีย์"),
    "search index": ("searchindex.js", lambda t, _: f"Search.setIndex({json.dumps({'titles': ['ก', t]})})".encode(), "titles"),
    "xml": ("a.xml", lambda t, _: f"<?xml version='1.0'?><codeBook>\n<abstract>{t}</abstract></codeBook>".encode(), "บรรทัด 2"),
    "markdown": ("a.md", lambda t, _: f"# หัวข้อ\n\nคุยกับ {t}\n".encode(), "บรรทัด 3"),
    "text": ("a.txt", lambda t, _: f"ก\nคุยกับ {t}\n".encode(), "บรรทัด 2"),
    "svg text": ("a.svg", lambda t, _: SVG.format("<text><tspan>{}</tspan><tspan>{}</tspan></text>".format(*halves(t))).encode(), "บรรทัด 1"),
    "svg comment": ("a.svg", lambda t, _: SVG.format(f"<!-- {t} -->").encode(), "ความเห็น"),
    "png text": ("a.png", lambda t, _: png("Author", t), "iTXt"),
    "png packed": ("a.png", lambda t, _: png("Author", t, packed=True), "iTXt"),
    "png exif": ("a.png", lambda t, _: picture("PNG", exif=exif(t)), "Artist"),
    "png tail": ("a.png", lambda t, _: picture() + t.encode(), "ต่อท้าย"),
    "jpeg artist": ("a.jpg", lambda t, _: picture("JPEG", exif=exif(t)), "Artist"),
    "jpeg author of windows": ("a.jpg", lambda t, _: picture("JPEG", exif=exif(t, tag=0x9C9D)), "XPAuthor"),
    "jpeg comment": ("a.jpg", lambda t, _: picture("JPEG", comment=t.encode()), "comment"),
    "jpeg xmp": ("a.jpg", lambda t, _: picture("JPEG", xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{t}</a></x:xmpmeta>".encode()), "xmp"),
    "webp": ("a.webp", lambda t, _: picture("WEBP", exif=exif(t)), "Artist"),
    "tiff": ("a.tif", lambda t, _: picture("TIFF", exif=exif(t)), "Artist"),
    "heic": ("a.heic", lambda t, _: heic(exif(t)), "Artist"),
    "zip": ("a.zip", lambda t, _: zipped_by_name({"in/b.txt": f"ก\n{t}"}), "in/b.txt บรรทัด 2"),
    "zip docx": ("a.zip", lambda t, _: zipped_by_name({"b.docx": docx(runs(t))}), "b.docx word/document.xml"),
    "zip name": ("a.zip", lambda t, _: zipped_by_name({f"{t}.txt": "ก"}), "ชื่อแฟ้มในไฟล์"),
    "pickled": ("a.doctree", lambda t, _: b"\x80\x05\x8c\x10" + t.encode() + b"\x94", "ข้อความในไฟล์"),
}  # fmt: skip
