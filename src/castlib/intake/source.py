"""The source folder: which files are in it, what each of them is, and a digest of everything.

Nothing is written into it, no link is followed, and only ordinary files are opened.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from castlib import paths
from castlib.errors import CastError
from castlib.intake.arrival import Arrival
from castlib.intake.values import province_of_folder

MOST_FILES = 100_000
MOST_BYTES = 200 * 2**20
SYNTHETIC = "synthetic.txt"
IGNORED = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized"}
WORD = {".docx", ".doc", ".docm", ".dotx", ".rtf", ".odt"}
PICTURES = {".jpg", ".jpeg", ".png", ".heic", ".heif", ".gif", ".webp", ".bmp", ".tif", ".tiff"}
NOT_WORD = {".xlsx", ".xlsm", ".xls", ".pptx", ".ppt", ".zip", ".csv", ".pdf"}
BEGINNINGS = {
    b"\xff\xd8\xff": "photo",
    b"\x89PNG": "photo",
    b"PK": "form",
    b"\xd0\xcf\x11\xe0": "form",
}
CODE = ("intake/*.py", "errors.py", "instrument.py", "protocol.py", "regions.py", "store.py")
DATA = ("provinces.csv", "protocol.yml", "codebook.csv", "instrument/*")


class Unusable(CastError):
    """A folder from which nothing can be taken in; the message is for the person who named it."""


def collect(source: Path) -> list[Arrival]:
    """Return every file of the source in order of path, kind recognised, digest taken.

    Raises Unusable when the folder cannot be a source.
    """
    if not source.is_dir():
        what = "เป็นไฟล์ ไม่ใช่โฟลเดอร์" if source.exists() else "ไม่มีโฟลเดอร์นี้"
        raise Unusable(f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: {what} ให้ระบุโฟลเดอร์ที่มีไฟล์ซึ่งจังหวัดส่งมา")
    root = source.resolve()
    if paths.build().resolve().is_relative_to(root):
        raise Unusable(
            f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: โฟลเดอร์ผลลัพธ์อยู่ข้างในนั้น ให้ระบุโฟลเดอร์ที่มีเฉพาะไฟล์ซึ่งจังหวัดส่งมา"
        )
    arrivals = []
    for found in _walk(root):
        arrivals.append(found)
        if len(arrivals) > MOST_FILES:
            raise Unusable(
                f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: มีมากกว่า {MOST_FILES:,} ไฟล์ ให้ตรวจว่าเป็นโฟลเดอร์ที่ถูกต้อง"
            )
    arrivals.sort(key=lambda arrival: arrival.path)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_recognise, arrivals))
    return arrivals


def _walk(root: Path) -> Iterator[Arrival]:
    """Yield what lies in the folder and below; a folder that cannot be opened stands for its content."""
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            found = _arrival(root, folder)
            found.refuse("file-unreadable", given=type(error).__name__)
            yield found
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                pending.append(Path(entry.path))
            else:
                yield _arrival(root, Path(entry.path))


def _arrival(root: Path, file: Path) -> Arrival:
    """Return the arrival of a file; letters that its name cannot show are replaced."""
    path = os.fsencode(file.relative_to(root).as_posix()).decode("utf-8", "replace")
    return Arrival(path, file)


def _recognise(arrival: Arrival) -> None:
    """Say what a file is by its content, then by its name and folder, and refuse what is never read."""
    *folders, name = arrival.path.split("/")
    arrival.province = next(filter(None, map(province_of_folder, folders)), None)
    if arrival.refused:
        return
    try:
        about = arrival.file.lstat()
        arrival.size = about.st_size
        if _is_ignored(folders, name):
            arrival.kind = "ignored"
            arrival.refuse("ignored-file")
        elif stat.S_ISLNK(about.st_mode):
            arrival.refuse("file-link")
            arrival.sha256 = _sha(os.fsencode(os.readlink(arrival.file)))
            return
        elif not stat.S_ISREG(about.st_mode):
            arrival.refuse("file-special")
            return
        if arrival.size > MOST_BYTES:
            arrival.sha256 = _sha(f"{arrival.size} {about.st_mtime_ns}".encode())
            if not arrival.refused:
                given, limit = f"{arrival.size / 2**20:,.0f} MB", f"{MOST_BYTES // 2**20} MB"
                arrival.refuse("file-too-large", given=given, limit=limit)
            return
        with arrival.file.open("rb") as opened:
            arrival.sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            begins = opened.read(4)
    except OSError as error:
        if not arrival.refused:
            arrival.refuse("file-unreadable", given=type(error).__name__)
        return
    if not arrival.refused:
        _sort(arrival, name, begins)


def _is_ignored(folders: list[str], name: str) -> bool:
    """Whether a file is something that an office program or an operating system left behind."""
    left = name.startswith(("~$", "._", ".~lock.")) or name.lower() in IGNORED
    return left or "__MACOSX" in folders


def _sort(arrival: Arrival, name: str, begins: bytes) -> None:
    """Give a file its kind; sheets are told apart later, by their header."""
    ending = arrival.file.suffix.lower()
    kind = next((kind for sign, kind in BEGINNINGS.items() if begins.startswith(sign)), None)
    if arrival.path.lower() == SYNTHETIC:
        arrival.kind = "notice"
        return
    if kind == "form" and ending in NOT_WORD:
        kind = None
    elif kind is None:
        kinds = {**dict.fromkeys(WORD, "form"), **dict.fromkeys(PICTURES, "photo"), ".csv": "sheet"}
        kind = kinds.get(ending)
    arrival.kind = kind or "unknown"
    if not begins:
        arrival.refuse("file-empty")
    elif kind is None:
        arrival.refuse("file-unknown")


def digest(arrivals: list[Arrival]) -> str:
    """Return a digest of everything that the result depends on: the files, intake's code, the study's data."""
    lines = [f"{arrival.path}\0{arrival.sha256}" for arrival in arrivals]
    here = Path(__file__).resolve().parents[1]
    for folder, patterns in ((here, CODE), (paths.data(), DATA)):
        for pattern in patterns:
            for file in sorted(folder.glob(pattern)):
                lines.append(f"{file.relative_to(folder)}\0{_sha(file.read_bytes())}")
    return _sha("\n".join(lines).encode())


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
