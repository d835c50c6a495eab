"""Coding projects to try: any at all (hypothesis), and archives as other programs write them."""

import zipfile
from datetime import datetime
from io import BytesIO

from hypothesis import strategies as st

from castlib.exchange.project import Code, Document, Passage, Project

PIECES = [
    "ทีมงาน",
    "เข้มแข็ง",
    "กิ่",
    "น้ำ",
    "ๆ",
    "a<b & c",
    "&copy;",
    '"',
    "🙂",
    "👩‍🌾",
    "e\u0301",
    " ",
    "\n",
    "\n\n",
    "\t",
]
RAW = [*PIECES, "\r\n", "\r", "\ufeff", "\x00", "\x0b", "\u2028", "\u2024", "\ufffe"]
CODES = (Code("ทีม", "คนและงาน"), Code("ผู้นำ", "", "ทีม"))
TEXT = "ทีมงานเข้มแข็งมาก\nผู้นำรับฟังชาวบ้าน"


def texts(pieces: list[str], most: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), max_size=most).map("".join)


def names(longest: int, banned: str = "") -> st.SearchStrategy[str]:
    plain = texts([p for p in PIECES if p not in banned] + [".", "1.2", "ชื่อ", " x"], 5)
    return plain.filter(lambda name: 0 < len(name) <= longest)


@st.composite
def projects(draw, pieces: list[str] = RAW, longest: int = 200) -> Project:
    """Any project: several coders, codes in codes, overlapping passages, empty and equal documents."""
    many = draw(st.lists(names(min(longest, 50)), min_size=1, max_size=4, unique=True))
    documents = tuple(Document(name, draw(texts(pieces))) for name in many)
    codes: list[Code] = []
    for name in draw(st.lists(names(30), max_size=5, unique=True)):
        parent = draw(st.sampled_from(["", *(code.name for code in codes)]))
        codes.append(Code(name, draw(texts(PIECES, 4)), parent))
    coders = draw(st.lists(names(20), max_size=3, unique=True))
    passages = []
    coded = [document for document in documents if document.text] if codes else []
    for document in draw(st.lists(st.sampled_from(coded), max_size=8)) if coded else []:
        start = draw(st.integers(0, len(document.text) - 1))
        end = draw(st.integers(start + 1, len(document.text)))
        at = draw(st.none() | st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)))
        coder = draw(st.sampled_from(["", *coders]))
        code = draw(st.sampled_from(codes)).name
        passages.append(Passage(document.name, start, end, code, coder, at))
    name = draw(names(50))
    return Project(name, documents, tuple(codes), tuple(coders), tuple(passages))


def qdpx(project: str, **sources: bytes | str) -> bytes:
    """Return an archive of a project's XML and sources named without `.txt`."""
    parts = {f"Sources/{name}.txt": content for name, content in sources.items()}
    return archive({"project.qde": project, **parts})


def archive(parts: dict[str, bytes | str]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def selection(start: int, end: int, name: str = "", code: int = 1, inside: str = "") -> str:
    """Return a coded selection; code 1 is ทีม, 2 is ผู้นำ."""
    return (
        f'<PlainTextSelection guid="{guid(1000 + start)}" name="{name}" startPosition="{start}"'
        f' endPosition="{end}">{inside}<Coding guid="{guid(2000 + start)}" creatingUser="{guid(9)}"'
        f' creationDateTime="2022-11-16T02:00:00Z"><CodeRef targetGUID="{guid(code)}"/></Coding>'
        "</PlainTextSelection>"
    )


def qde(inside: str, origin: str = "QualCoder 3.6", after: str = "", before: str = "") -> str:
    """Return a project's XML with two codes, one user, sources and what stands before and after these."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="ลองดู"'
        f' origin="{origin}"><Users><User guid="{guid(9)}" name="สมร"/></Users><CodeBook><Codes>'
        f'<Code guid="{guid(1)}" name="ทีม" isCodable="true"><Description>คนและงาน</Description>'
        f'<Code guid="{{{guid(2).upper()}}}" name="ผู้นำ" isCodable="true"/></Code></Codes></CodeBook>'
        f"{before}<Sources>{inside}</Sources>{after}</Project>"
    )


def source(
    inside: str, name: str = "กลุ่ม 1", path: str = "internal://a.txt", number: int = 50
) -> str:
    return f'<TextSource guid="{guid(number)}" name="{name}" plainTextPath="{path}">{inside}</TextSource>'
