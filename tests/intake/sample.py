"""Small files in the formats that provinces send, written by the tests themselves."""

import csv
import io
import random
import zipfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from castlib import instrument

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
SPACES = (
    f'xmlns:w="{MAIN}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{TYPES}.document.main+xml"/></Types>'
)
CONSENT = "รับรองว่าผู้เข้าร่วมทุกคนยินยอมให้ข้อมูลในการวิจัย"
FOLDER = "provinces/TH-50 เชียงใหม่"
FORM = f"{FOLDER}/แบบบันทึกสนทนากลุ่ม.docx"
TIME = "5/11/2022, 9:04:07"


def p(text: str) -> str:
    """Return a paragraph."""
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def box(text: str, ticked: bool) -> str:
    """Return a paragraph with a check box content control whose drawn sign says nothing."""
    return (
        f'<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
        f"</w:sdtPr><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
        f"<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
    )


def table(*rows: tuple) -> str:
    """Return a table; a cell is text, or XML when it begins with <."""
    cells = (
        "".join(
            f"<w:tc>{cell if str(cell).startswith('<') else p(str(cell))}</w:tc>" for cell in row
        )
        for row in rows
    )
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def package(document: str, **parts: bytes | str) -> bytes:
    """Return a .docx of a document's XML and other parts by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("[Content_Types].xml", CONTENT_TYPES)
        opened.writestr("word/document.xml", document)
        for name, content in parts.items():
            opened.writestr(name, content)
    return file.getvalue()


def docx(*blocks: str, **parts: bytes | str) -> bytes:
    """Return a .docx of blocks of XML."""
    body = "".join(blocks)
    return package(f"<w:document {SPACES}><w:body>{body}</w:body></w:document>", **parts)


def turns(*rows: tuple) -> str:
    """Return a table of turns under its header."""
    return table(("ลำดับ", "ผู้ให้ข้อมูล", "ข้อความ"), *rows)


def people(number: int = 10) -> str:
    """Return the table of participants."""
    rows = [(k, "หญิง", "ภาครัฐ") for k in range(1, number + 1)]
    return table(("ลำดับ", "เพศ", "ภาคเครือข่าย"), *rows)


HEAD = (("จังหวัด", "เชียงใหม่"), ("วันที่สนทนากลุ่ม", "๙ พฤศจิกายน ๒๕๖๕"), ("จำนวนผู้เข้าร่วม", "๑๐ คน"))
SAID = (
    p("ประเด็นที่ 1 ปัจจัยใด"),
    turns((1, "ผู้ให้ข้อมูล 3", "ทุกฝ่ายช่วยกัน"), (2, "ผู้ให้ข้อมูล ๔", "นายอำเภอนำ")),
    p("ประเด็นที่ ๒ ความทุกข์ใด"),
    turns((3, "ผู้ให้ข้อมูล 1", "หนี้สินลดลง")),
)


def form(
    head: tuple = HEAD,
    consent: str | None = None,
    participants: str | None = None,
    said: tuple = SAID,
    more: tuple = (),
    **parts: bytes | str,
) -> bytes:
    """Return a form; every part of it can be replaced."""
    return docx(
        p("แบบบันทึกประเด็นสนทนากลุ่ม"),
        table(*head) if head else "",
        box(" " + CONSENT, True) if consent is None else consent,
        people() if participants is None else participants,
        *said,
        *more,
        **parts,
    )


def national(kind: str, number: int) -> bytes:
    """Return a form of staff, partners or an executive."""
    return form(
        (("ประเภท", kind), *HEAD[1:2], ("จำนวนผู้เข้าร่วม", number)), participants=people(number)
    )


def picture(seed: int, kind: str = "JPEG", size: tuple[int, int] = (120, 100)) -> bytes:
    """Return a picture, each seed a different one."""
    noise = random.Random(seed).randbytes(size[0] * size[1] * 3)
    file = io.BytesIO()
    Image.frombytes("RGB", size, noise).save(file, kind)
    return file.getvalue()


def huge(side: int) -> bytes:
    """Return a PNG that claims to be `side` pixels wide and high, in a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        whole = name + content
        return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")

    head = chunk(b"IHDR", side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def sheet(*rows: tuple | list, encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def answers(number: int = 10, province: str = "เชียงใหม่") -> list[dict[str, str]]:
    """Return people's rows by column, every one a different person."""
    tool = instrument.load()
    rows = []
    for k in range(number):
        row = {"submitted_at": f"{1 + k % 14}/11/2022, 9:04:{k % 60:02d}", "province": province}
        row |= {"sex": "หญิง", "age": str(30 + k % 40), "education": "ปริญญาตรี"}
        row |= {"sector": "ภาครัฐ", "experience": "5", "obstacle": "งบประมาณ", "proposal": ""}
        row |= {c: str(1 + (k + n) % 5) for n, c in enumerate(tool.answer_columns)}
        rows.append(row)
    return rows


def export(rows: list[dict[str, str]], more: tuple = ()) -> bytes:
    """Return the online form's export of rows by column; `more` are headers that it should not have."""
    headers = instrument.load().headers
    lines = [[row.get(c, "") for c in (*headers, *more)] for row in rows]
    return sheet([*headers.values(), *more], *lines)


def register(*paths: str, at: str = "9/11/2022, 10:00:00") -> bytes:
    """Return the drive's register of these files."""
    return sheet(["ไฟล์", "เวลาที่อัปโหลด"], *([path, at] for path in paths))


def ratings(**changed: tuple) -> bytes:
    """Return five experts' ratings of every item; some items' can be given."""
    items = instrument.load().items["item"]
    header = ["ข้อ", *(f"ผู้เชี่ยวชาญ {k}" for k in range(1, 6))]
    return sheet(header, *([item, *changed.get(item, (1, 1, 1, 0, -1))] for item in items))


def coded(*rows: tuple) -> bytes:
    """Return a coder's sheet."""
    return sheet(["เอกสาร", "ลำดับ", "ข้อความ", "รหัส"], *rows)


DECIDED = ("TH", "1", "network", "เสริมกัน", "สองทางให้ภาพคนละด้าน", "นักวิจัย", "20/11/2565",
           "x̄ 4.08 ระดับมาก ลำดับ 2/7", "หนุน 37 แย้ง 59 จาก 73 กลุ่ม")  # fmt: skip


def decided(*rows: tuple) -> bytes:
    """Return a sheet of people's verdicts on the joint displays."""
    header = "พื้นที่ วัตถุประสงค์ หัวข้อ ข้อสรุป เหตุผล ผู้ตัดสิน วันที่ ตัวเลข ถ้อยคำ".split()
    return sheet(header, *rows)


def good() -> dict[str, bytes]:
    """Return the files of a country where one district has sent everything, and nothing is wrong."""
    photos = {f"{FOLDER}/photos/{k}.jpg": picture(k) for k in range(1, 6)}
    lines = (
        ("TH-50", 1, "ทุกฝ่ายช่วยกัน", "driver_network;driver_participation"),
        ("TH-50", 2, "นายอำเภอนำ", "driver_leadership"),
        ("TH-50", 3, "หนี้สินลดลง", ""),
    )
    return {
        "questionnaire.csv": export(answers()),
        "received.csv": register(FORM, *photos),
        FORM: form(),
        **photos,
        "staff/centre-03.docx": national("เจ้าหน้าที่ศูนย์ศึกษาฯ แห่งที่ ๓", 5),
        "staff/partners.docx": national("หน่วยงานภาคี", 5),
        "executives/executive-2.docx": national("ผู้บริหาร", 1),
        "ratings/ioc.csv": ratings(),
        "coding/coder-1.csv": coded(*lines),
    }


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder and return it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder
