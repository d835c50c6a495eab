"""What is found in a folder: each thing by its content, whatever its name, and nothing of it touched."""

import io
import os
import socket
import time
import unicodedata
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from castlib.intake import source, zips
from castlib.intake.arrival import Arrival
from castlib.privacy.pseudonyms import Key, key

from . import sample

WORD = sample.form()
SHEET = sample.register("a.jpg")
FTYP = b"\0\0\0\x18ftyp"


def workbook(rows: int = 1) -> bytes:
    made, file = openpyxl.Workbook(), io.BytesIO()
    for row in [["ไฟล์", "เวลาที่อัปโหลด"]] * rows:
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def zipped(**parts: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def office(content_type: str) -> bytes:
    types = f"<Types><Override PartName='/a' ContentType='application/{content_type}'/></Types>"
    return zipped(**{"[Content_Types].xml": types})


def ole(name: str) -> bytes:
    return zips.OLE + b"\0" * 600 + name.encode("utf-16-le")


EXCEL = workbook()


def collect(folder: Path, files: dict[str, bytes]) -> dict[str, Arrival]:
    sample.write(folder, files)
    return {arrival.key: arrival for arrival in source.collect(folder)}


def found(tmp_path: Path, name: str, content: bytes) -> tuple[str, str]:
    """Return a single file's kind and the code of its only fault."""
    (arrival,) = collect(tmp_path / "source", {name: content}).values()
    return arrival.kind, arrival.faults[0].code if arrival.faults else ""


@pytest.mark.parametrize("name", ["a.docx", "a.csv", "a.jpg", "a.xlsx", "a.zip", "a", "a.tmp.docx"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WORD, "form"),
        (EXCEL, "sheet"),
        (sample.picture(1), "photo"),
        (sample.picture(1, "PNG"), "photo"),
        (sample.picture(1, "GIF"), "photo"),
        (sample.picture(1, "WEBP"), "photo"),
        (FTYP + b"heic\0\0\0\0", "photo"),
        (FTYP + b"mif1\0\0\0\0", "photo"),
        (ole("WordDocument"), "form"),
        (ole("Workbook"), "sheet"),
    ],
    ids=["word", "excel", "jpeg", "png", "gif", "webp", "heic", "mif1", "doc", "xls"],
)
def test_content_tells_what_a_file_is_and_its_name_does_not(tmp_path, name, content, kind):
    assert found(tmp_path, name, content) == (kind, "")


@pytest.mark.parametrize(
    ("name", "content", "kind", "code"),
    [
        ("a.csv", SHEET, "sheet", ""),
        ("a.txt", SHEET, "sheet", ""),
        ("a", SHEET, "sheet", ""),
        ("a.tsv", SHEET.replace(b",", b"\t"), "sheet", ""),
        ("a.dat", SHEET.decode("utf-8-sig").encode("utf-16"), "sheet", ""),
        ("a.docx", SHEET, "sheet", ""),
        ("a.xlsx", SHEET, "sheet", ""),
        ("a.xls", b"x", "sheet", ""),
        ("a.docx", b"hello", "form", ""),
        ("a.jpg", b"hello", "photo", ""),
        ("a.txt", "บันทึก".encode(), "unknown", "file-unknown"),
        ("a", b"\x01\x02\x03", "unknown", "file-unknown"),
        ("a.docx", WORD[:-300], "form", ""),
        ("a.xlsx", EXCEL[:-300], "sheet", ""),
        ("a.docx", EXCEL[:-300], "sheet", ""),
        ("a.docx", WORD[:40], "form", ""),
        ("a.docx", ole("EncryptedPackage"), "form", ""),
        ("a.xlsx", ole("EncryptedPackage"), "sheet", ""),
        ("a.docx", zipped(**{"[Content_Types].xml": "<x", "word/a": "x"}), "form", ""),
        ("a.docx", b"%PDF-1.7\n", "unknown", "file-pdf"),
        ("a.doc", b"{\\rtf1\\ansi", "unknown", "file-format"),
        (
            "a.docx",
            zipped(mimetype="application/vnd.oasis.opendocument.text"),
            "unknown",
            "file-format",
        ),
        (
            "a.ods",
            zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "unknown",
            "file-format",
        ),
        ("a.pages", zipped(**{"Index/Document.iwa": "x"}), "unknown", "file-format"),
        ("a.xlsb", office("vnd.ms-excel.sheet.binary.macroEnabled.main"), "unknown", "file-format"),
        (
            "a.pptx",
            office("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
            "unknown",
            "file-format",
        ),
        ("a.ppt", ole("PowerPoint Document"), "unknown", "file-format"),
        (
            "a.xls",
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "unknown",
            "file-format",
        ),
        ("a.msg", ole("__substg1.0"), "unknown", "file-unknown"),
        ("a.xls", b"\xef\xbb\xbf\r\n<html><table>", "unknown", "file-web"),
        ("a.doc", b"MIME-Version: 1.0\r\n", "unknown", "file-web"),
        ("a.docx", zipped(**{"TH-50/a.docx": WORD}), "unknown", "file-archive"),
        ("a.zip", zipped(), "unknown", "file-archive"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "unknown", "file-archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "unknown", "file-archive"),
        ("a.gz", b"\x1f\x8b\x08", "unknown", "file-archive"),
        ("a.mov", FTYP + b"qt  \0\0\0\0", "unknown", "file-media"),
        ("a.mp3", b"ID3\x03", "unknown", "file-media"),
        ("a.gdoc", b'{"url": "https"}', "unknown", "file-shortcut"),
        ("a.docx.crdownload", WORD, "unknown", "file-partial"),
        ("a.tmp", b"x", "unknown", "file-partial"),
        ("a.docx", b"", "unknown", "file-empty"),
        ("~$a.docx", b"x", "ignored", "ignored-file"),
        (".~lock.a.docx#", b"", "ignored", "ignored-file"),
        ("._a.docx", b"x", "ignored", "ignored-file"),
        (".DS_Store", b"x", "ignored", "ignored-file"),
        ("desktop.ini", b"x", "ignored", "ignored-file"),
        ("__macosx/a/b.docx", WORD, "ignored", "ignored-file"),
        ("Synthetic.txt", b"", "notice", ""),
    ],
    ids=lambda given: "" if isinstance(given, bytes) else None,  # an archive tells when it was made
)
def test_everything_else_has_a_reason(tmp_path, name, content, kind, code):
    assert found(tmp_path, name, content) == (kind, code)


def test_the_reason_says_what_it_is_and_what_to_do(tmp_path):
    (arrival,) = collect(tmp_path / "s", {"a.doc": b"{\\rtf1"}).values()
    assert "ไฟล์ RTF" in arrival.faults[0].sentence
    assert "Word (.docx)" in arrival.faults[0].sentence


@pytest.mark.parametrize(
    "path",
    [
        "provinces/TH-50 เชียงใหม่/a.docx",
        "เชียงใหม่/a.docx",
        "50 เชียงใหม่/a.docx",
        "จังหวัดเชียงใหม่/ส่งครั้งที่ 2/ภาพ/a.docx",
        "ภาคเหนือ/จ.เชียงใหม่/a.docx",
        "Chiang Mai/a.docx",
        "th-50_เชียงใหม่/a.docx",
        unicodedata.normalize("NFD", "เชียงใหม่\u200b/a.docx"),
        "แบบบันทึก เชียงใหม่.docx",
        "photos/เชียงใหม่ (1).jpg",
    ],
)
def test_a_province_is_found_in_any_layout(tmp_path, path):
    (arrival,) = collect(tmp_path / "s", {path: WORD}).values()
    assert arrival.province == "TH-50"


@pytest.mark.parametrize("path", ["a.docx", "staff/centre-1 เชียงใหม่.docx", "เชียงใหม่ ลำพูน.docx"])
def test_where_nothing_or_too_much_is_said_there_is_no_province(tmp_path, path):
    (arrival,) = collect(tmp_path / "s", {path: WORD}).values()
    assert arrival.province is None


def test_what_is_no_ordinary_file_is_never_opened(tmp_path):
    folder = sample.write(tmp_path / "s", {"real.docx": WORD})
    os.mkfifo(folder / "pipe.docx")
    os.mkfifo(folder / "~$pipe.docx")
    os.symlink("real.docx", folder / "link.docx")
    os.symlink("/etc/passwd", folder / "~$link.docx")
    os.symlink(".", folder / "round")
    os.symlink("nowhere", folder / "broken.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        arrivals = {a.key: a.faults[0].code if a.faults else "" for a in source.collect(folder)}
    assert arrivals == {
        "real.docx": "",
        "pipe.docx": "file-special",
        "socket": "file-special",
        "link.docx": "file-link",
        "round": "file-link",
        "broken.jpg": "file-link",
        "~$pipe.docx": "ignored-file",
        "~$link.docx": "ignored-file",
    }


def test_a_file_that_becomes_a_pipe_or_vanishes_meanwhile_is_refused(tmp_path, monkeypatch):
    folder = sample.write(tmp_path / "s", {"a.docx": WORD, "b.docx": WORD})
    before = {name: (folder / name).lstat() for name in ("a.docx", "b.docx")}
    (folder / "a.docx").unlink()
    os.mkfifo(folder / "a.docx")
    real = Path.lstat

    def lstat(self: Path) -> os.stat_result:
        if self.name == "b.docx":
            self.unlink()
        return before.get(self.name) or real(self)

    monkeypatch.setattr(Path, "lstat", lstat)
    codes = {a.key: a.faults[0].code for a in source.collect(folder)}
    assert codes == {"a.docx": "file-special", "b.docx": "file-unreadable"}


def test_names_are_shown_on_one_line_and_kept_as_they_are(tmp_path):
    folder = tmp_path / "s"
    names = {
        "a\nb\x1b.jpg": "a\ufffdb\ufffd.jpg",
        "<b>&\u202e.jpg": "<b>&.jpg",
        unicodedata.normalize("NFD", "é\u200bก\u00a0.jpg"): "éก .jpg",
        "ก" * 80 + ".jpg": "ก" * 80 + ".jpg",
        os.fsdecode(b"\xff.jpg"): "\ufffd.jpg",
        os.fsdecode(b"\xfe.jpg"): "\ufffd.jpg",
    }
    arrivals = collect(folder, {name: sample.picture(1) for name in names})
    assert {key: arrival.path for key, arrival in arrivals.items()} == names
    assert len(source.digest(list(arrivals.values()))) == 64


def test_files_that_differ_in_case_only_are_two(tmp_path):
    arrivals = collect(tmp_path / "s", {"a.jpg": sample.picture(1), "A.JPG": sample.picture(2)})
    assert len(arrivals) == 2


def test_folders_too_deep_are_refused_and_the_rest_is_read(tmp_path):
    deep = "/".join(["d"] * (source.DEEPEST + 1))
    arrivals = collect(tmp_path / "s", {f"{deep}/a.jpg": b"x", "ok.jpg": sample.picture(1)})
    assert [arrivals[deep].faults[0].code, arrivals["ok.jpg"].status] == ["folder-deep", "accepted"]


def test_a_path_deeper_than_the_system_can_open_is_refused(tmp_path):
    folder, here = tmp_path / "s", os.getcwd()
    folder.mkdir()
    try:
        os.chdir(folder)
        for _ in range(24):
            os.mkdir("d" * 250)
            os.chdir("d" * 250)
    finally:
        os.chdir(here)
    (arrival,) = source.collect(folder)
    assert arrival.faults[0].code == "file-unreadable"


def test_paths_are_masked_and_the_digest_knows_only_the_key(tmp_path, monkeypatch):
    files = {"ทดสอบ ตัวอย่าง/ทดสอบ ตัวอย่าง.docx": WORD, "staff/a.docx": WORD}
    plain = source.digest(list(collect(tmp_path / "s", files).values()))
    made = []

    def hide(text: str) -> str:
        return text.replace("ทดสอบ ตัวอย่าง", "[บุคคล:0]")

    def pseudonyms() -> SimpleNamespace:
        made.append(SimpleNamespace(mask=hide, key=key()))
        return made[-1]

    monkeypatch.setattr(source, "Pseudonyms", pseudonyms)
    arrivals = collect(tmp_path / "s", files)
    assert [a.path for a in arrivals.values()] == ["staff/a.docx", "[บุคคล:0]/[บุคคล:0].docx"]
    assert {id(arrival.mask) for arrival in arrivals.values()} == {id(*made)}
    assert source.digest(list(arrivals.values())) == plain
    made[0].key = Key(b"another" * 5)
    assert source.digest(list(arrivals.values())) != plain


def test_thousands_of_files_are_looked_at_in_seconds(tmp_path):
    picture = sample.picture(1)
    folder = sample.write(tmp_path / "s", {f"{k % 76}/{k}.jpg": picture for k in range(3_000)})
    sample.write(folder, {f"{k}/a.docx": WORD for k in range(300)})
    began = time.monotonic()
    assert len(source.collect(folder)) == 3_300
    assert time.monotonic() - began < 10
