"""What a file is by its content: a form, a sheet, a photo, a coding project, or something sent by mistake, told by name.

The ending of the name speaks only where the content says nothing: in text, and in damaged files.
"""

from pathlib import Path

from castlib.intake import spreadsheet, zips

WORD = {".docx", ".doc", ".docm", ".dotx", ".dot", ".dotm"}
EXCEL = {".xlsx", ".xls", ".xlsm", ".xltx", ".xltm", ".csv", ".tsv", ".tab"}
PICTURES = {".jpg", ".jpeg", ".jfif", ".png", ".heic", ".heif", ".avif", ".gif", ".webp", ".bmp"}
PICTURES |= {".tif", ".tiff"}
SHORTCUTS = {".gdoc", ".gsheet", ".gslides", ".gform", ".lnk", ".url", ".webloc"}
START, MOST_OLE = 2**12, 64 * 2**20
SQLITE, REFI = b"SQLite format 3\0", ".qdpx"

_WORD, _EXCEL = "Word (.docx)", "Excel (.xlsx)"
_SIGNS = {
    b"\xff\xd8\xff": "photo",
    b"\x89PNG": "photo",
    b"GIF8": "photo",
    b"II*\0": "photo",
    b"MM\0*": "photo",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
    b"BZh": "archive",
    b"\xfd7zXZ": "archive",
    b"ID3": "media",
    b"OggS": "media",
    b"\x1aE\xdf\xa3": "media",
}
_STILL = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"heif", b"mif1", b"msf1", b"avif")
_WEB = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<table", b"mime-version:")
_ODF = {
    b"opendocument.text": ("OpenDocument (.odt)", _WORD),
    b"opendocument.spreadsheet": ("OpenDocument (.ods)", _EXCEL),
    b"opendocument.presentation": ("OpenDocument (.odp)", _WORD),
}
_IWORK = {".pages": ("Pages", _WORD), ".numbers": ("Numbers", _EXCEL), ".key": ("Keynote", _WORD)}

Told = tuple[str, str, dict[str, str]]


def tell(file: Path, start: bytes) -> Told:
    """Return a file's kind, and the code and details of the fault when it is not one that is read.

    `start` is the beginning of the file, at least `START` bytes of it if there are as many.
    """
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _of_zip(file, start)
    if start.startswith(SQLITE):
        return "project", "", {}
    if start.startswith(zips.OLE[:4]):
        return _of_ole(file)
    if start[4:8] == b"ftyp":
        return _known("photo" if start[8:12] in _STILL else "media")
    if start.startswith(b"RIFF"):
        return _known("photo" if start[8:12] == b"WEBP" else "media")
    for sign, kind in _SIGNS.items():
        if start.startswith(sign):
            return _known(kind)
    if start[257:262] == b"ustar":
        return _known("archive")
    if b"%PDF-" in start[:1024]:
        return "unknown", "file-pdf", {}
    return _of_text(file, start)


def _known(kind: str) -> Told:
    codes = {"archive": "file-archive", "media": "file-media"}
    return ("unknown", codes[kind], {}) if kind in codes else (kind, "", {})


def _foreign(given: str, wanted: str) -> Told:
    """Return what is said of another program's file."""
    return "unknown", "file-format", {"given": given, "wanted": wanted}


def _by_name(file: Path) -> Told | None:
    ending = file.suffix.lower()
    for kind, endings in (("form", WORD), ("sheet", EXCEL), ("photo", PICTURES)):
        if ending in endings:
            return kind, "", {}
    return None


def _of_zip(file: Path, start: bytes) -> Told:
    """Tell an Office file by its own list of parts; a damaged one by what can be seen of it."""
    if file.suffix.lower() == REFI:
        return "project", "", {}
    try:
        with zips.opened(file) as package:
            listed = zips.parse(zips.part(package, zips.TYPES_PART, zips.SMALL))
            types = [entry.get("ContentType", "").lower() for entry in listed]
    except zips.Refused as refusal:
        return _damaged(file, start, refusal.reason)
    main = " ".join(name for name in types if "main" in name or "sheet.binary" in name)
    if "sheet.binary" in main:
        return _foreign("Excel แบบไบนารี (.xlsb)", _EXCEL)
    if "wordprocessingml" in main or "ms-word" in main:
        return "form", "", {}
    if "spreadsheetml" in main or "ms-excel" in main:
        return "sheet", "", {}
    if "presentation" in main or "powerpoint" in main:
        return _foreign("PowerPoint (.pptx)", _WORD)
    return _damaged(file, start, "broken")


def _damaged(file: Path, start: bytes, reason: str) -> Told:
    for sign, (given, wanted) in _ODF.items():
        if start[30:38] == b"mimetype" and sign in start[:128]:
            return _foreign(given, wanted)
    if file.suffix.lower() in _IWORK:
        return _foreign(*_IWORK[file.suffix.lower()])
    if reason != "not":
        for sign, kind in ((b"word/", "form"), (b"xl/", "sheet")):
            if sign in start:
                return kind, "", {}
        if told := _by_name(file):
            return told
    return _known("archive")


def _of_ole(file: Path) -> Told:
    """Tell an Office file of before 2007, or one with a password, by the names in it."""
    with file.open("rb") as opened:
        content = opened.read(MOST_OLE)
    for name, told in {
        "WordDocument": ("form", "", {}),
        "Workbook": ("sheet", "", {}),
        "PowerPoint Document": _foreign("PowerPoint (.ppt)", _WORD),
    }.items():
        if name.encode("utf-16-le") in content:
            return told
    return _by_name(file) or ("unknown", "file-unknown", {})


def _of_text(file: Path, start: bytes) -> Told:
    """Tell what has no sign of its own: text, or bytes that say nothing."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if file.suffix.lower() in SHORTCUTS:
        return "unknown", "file-shortcut", {}
    if head.startswith(b"{\\rtf"):
        return _foreign("RTF", _WORD)
    if head.startswith(_WEB) or (head.startswith(b"<?xml") and b"<html" in head):
        return "unknown", "file-web", {}
    if head.startswith(b"<?xml") and b"office" in head:
        return _foreign("XML", _EXCEL if b"spreadsheet" in head else _WORD)
    told = _by_name(file)
    if (told is None or told[0] == "form") and spreadsheet.is_table(file):
        return "sheet", "", {}
    return told or ("unknown", "file-unknown", {})
