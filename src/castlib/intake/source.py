"""The source folder: which files are in it, what each of them is, and a digest of everything.

Nothing is written into it, no link is followed, and only ordinary files are opened. A file's path is
shown with what cannot be shown or must not be shown replaced; its `key` is the path as it is.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from castlib import paths
from castlib.errors import CastError
from castlib.intake import content
from castlib.intake.arrival import Arrival
from castlib.intake.values import province_of_folder
from castlib.privacy.pseudonyms import Pseudonyms

MOST_FILES = 100_000
MOST_BYTES = 200 * 2**20
DEEPEST = 32
SYNTHETIC = "synthetic.txt"
IGNORED = {".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized", "icon\r"}
IGNORED |= {".gitkeep", ".gitignore", ".dropbox", ".nomedia", ".directory"}
IGNORED_FOLDERS = {"__macosx", ".git", "$recycle.bin", "system volume information", "@eadir"}
IGNORED_FOLDERS |= {".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems", "lost+found"}
UNFINISHED = {".crdownload", ".part", ".partial", ".download", ".tmp", ".temp", ".opdownload"}
NATIONAL = {"staff", "executives"}
CODE = ("intake/*", "privacy/*.py", "errors.py", "instrument.py", "protocol.py", "regions.py")
CODE += ("store.py", "archives.py", "exchange/*.py")
DATA = (
    "provinces.csv",
    "names.csv",
    "protocol.yml",
    "codebook.csv",
    "instrument/*",
    "text/names/*",
)

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Unusable(CastError):
    """A folder from which nothing can be taken in; the message is for the person who named it."""


def collect(source: Path) -> list[Arrival]:
    """Return every file of the source in order of path, kind recognised, digest taken.

    All share one `mask`, which has seen every path. Raises Unusable when the folder cannot be a source.
    """
    if not source.is_dir():
        what = "เป็นไฟล์ ไม่ใช่โฟลเดอร์" if source.exists() else "ไม่มีโฟลเดอร์นี้"
        raise Unusable(f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: {what} ให้ระบุโฟลเดอร์ที่มีไฟล์ซึ่งจังหวัดส่งมา")
    root = source.resolve()
    if paths.build().resolve().is_relative_to(root):
        raise Unusable(
            f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: โฟลเดอร์ผลลัพธ์อยู่ข้างในนั้น ให้ระบุโฟลเดอร์ที่มีเฉพาะไฟล์ซึ่งจังหวัดส่งมา"
        )
    arrivals, mask = [], Pseudonyms()
    for found in _walk(root, mask):
        arrivals.append(found)
        if len(arrivals) > MOST_FILES:
            raise Unusable(
                f"ใช้ {source} เป็นแหล่งข้อมูลไม่ได้: มีมากกว่า {MOST_FILES:,} ไฟล์ ให้ตรวจว่าเป็นโฟลเดอร์ที่ถูกต้อง"
            )
    arrivals.sort(key=lambda arrival: arrival.key)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_recognise, arrivals))
    return arrivals


def _walk(root: Path, mask: Pseudonyms) -> Iterator[Arrival]:
    """Yield what lies in the folder and below; a folder that cannot be opened stands for its content."""
    shown = cache(lambda name: mask.mask(_shown(name)))
    pending = [(root, 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            if depth > DEEPEST:
                raise RecursionError
            with os.scandir(folder) as listed:
                entries = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in listed]
        except (OSError, RecursionError) as error:
            found = _arrival(root, folder, shown, mask)
            if isinstance(error, RecursionError):
                found.refuse("folder-deep", given=DEEPEST)
            else:
                found.refuse("file-unreadable", given=type(error).__name__)
            yield found
            continue
        for path, is_folder in entries:
            if is_folder:
                pending.append((Path(path), depth + 1))
            else:
                yield _arrival(root, Path(path), shown, mask)


def _arrival(root: Path, file: Path, shown, mask: Pseudonyms) -> Arrival:
    key = file.relative_to(root).as_posix()
    return Arrival("/".join(map(shown, key.split("/"))), file, key=key, mask=mask)


def _shown(name: str) -> str:
    """Return a name that fits on a line: composed, without what is invisible, the rest of it replaced.

    >>> _shown("a\\u200bb\\nc")
    'ab\\ufffdc'
    """
    kinds = {"Cf": "", "Zs": " "}
    return "".join(
        letter if letter.isprintable() else kinds.get(unicodedata.category(letter), "\ufffd")
        for letter in unicodedata.normalize("NFC", name)
    )


def _recognise(arrival: Arrival) -> None:
    """Say what a file is, and whose; refuse what is never read."""
    *folders, name = arrival.key.split("/")
    arrival.province = _province(folders, name)
    if arrival.refused:
        return
    try:
        about = arrival.file.lstat()
        arrival.size = about.st_size
        if _is_ignored(folders, name):
            arrival.kind = "ignored"
            arrival.refuse("ignored-file")
        if stat.S_ISLNK(about.st_mode):
            arrival.sha256 = _sha(os.fsencode(os.readlink(arrival.file)))
            _refuse(arrival, "file-link")
        elif not stat.S_ISREG(about.st_mode):
            _refuse(arrival, "file-special")
        elif arrival.size > MOST_BYTES:
            arrival.sha256 = _sha(f"{arrival.size} {about.st_mtime_ns}".encode())
            given, limit = f"{arrival.size / 2**20:,.0f} MB", f"{MOST_BYTES // 2**20} MB"
            _refuse(arrival, "file-too-large", given=given, limit=limit)
        else:
            _look(arrival, name)
    except OSError as error:
        _refuse(arrival, "file-unreadable", given=type(error).__name__)


def _refuse(arrival: Arrival, code: str, **details: object) -> None:
    """Refuse a file for the first reason there is."""
    if not arrival.refused:
        arrival.refuse(code, **details)


def _look(arrival: Arrival, name: str) -> None:
    """Take the digest of an ordinary file and give it its kind; sheets are told apart by their header."""
    with os.fdopen(os.open(arrival.file, _OPEN), "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            _refuse(arrival, "file-special")
            return
        arrival.sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        opened.seek(0)
        start = opened.read(content.START)
    if arrival.refused:
        return
    if arrival.key.lower() == SYNTHETIC:
        arrival.kind = "notice"
    elif arrival.file.suffix.lower() in UNFINISHED:
        arrival.refuse("file-partial")
    elif not start:
        arrival.refuse("file-empty")
    else:
        arrival.kind, code, details = content.tell(arrival.file, start)
        if code:
            arrival.refuse(code, **details)


def _is_ignored(folders: list[str], name: str) -> bool:
    """Whether a file is something that an office program or an operating system left behind."""
    left = name.startswith(("~$", "._", ".~lock.", "~WRL")) or name.lower() in IGNORED
    return left or not IGNORED_FOLDERS.isdisjoint(map(str.lower, folders))


def _province(folders: list[str], name: str) -> str | None:
    """Return the province that a folder is named after, the outermost first, or else the file itself."""
    for folder in folders:
        if found := province_of_folder(folder):
            return found
    return None if folders and folders[0] in NATIONAL else province_of_folder(Path(name).stem)


def digest(arrivals: list[Arrival]) -> str:
    """Return a digest of all that the result depends on: files, intake's code, the study's data, the key."""
    lines = [a.mask.key.fingerprint.encode() for a in arrivals[:1]]
    lines += [os.fsencode(f"{arrival.key}\0{arrival.sha256}") for arrival in arrivals]
    here = Path(__file__).resolve().parents[1]
    for folder, patterns in ((here, CODE), (paths.data(), DATA)):
        for pattern in patterns:
            for file in sorted(folder.glob(pattern)):
                if file.is_file():
                    lines.append(f"{file.relative_to(folder)}\0{_sha(file.read_bytes())}".encode())
    return _sha(b"\n".join(lines))


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
