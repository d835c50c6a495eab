"""The gate: nothing is called finished while an identifier of a person stands anywhere in it.

Every file of a folder is read by the `readers` and searched for two things: what the intake saw (its
traces, keyed hashes: the identifiers themselves are kept nowhere), and whatever looks like an
identifier (`identifiers.find`). What the authors wrote themselves is no leak, and the two are excused
differently:

- what only looks like one is excused by any of the repository's own sources (chapters, notebook
  templates, data without raw and word lists, licence): it did not come from the files that were sent;
- what the intake saw is excused by the bibliography, the licence and the citation file only, because
  a chapter into which a participant's name was copied is just what the gate is for. A single word or a
  position, which everyday language has too, is excused by any of the sources.

A file that cannot be searched is a leak. A file found clean is not searched again until it, the
traces, the sources or this code change (build/gate.json).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path

from castlib import paths
from castlib.errors import CastError
from castlib.privacy import pseudonyms, readers, seeking, seen
from castlib.privacy.readers import Piece
from castlib.privacy.seeking import Hit

MOST_SHOWN = 10
_SPACED = str.maketrans("_.+-", "    ")
LIBRARIES = ("lxml", "pillow", "pillow-heif", "pyarrow", "pypdf", "pyreadstat", "pythainlp")
IMPRINT = ("LICENSE", "CITATION.cff", "pyproject.toml")
KINDS = {
    "person": "ชื่อบุคคล",
    "phone": "หมายเลขโทรศัพท์",
    "id": "เลขประจำตัวประชาชน",
    "email": "อีเมล",
    "line": "ไลน์ไอดี",
    "address": "ที่อยู่",
    "position": "ตำแหน่งของบุคคล",
    readers.GPS: "พิกัดสถานที่ในภาพ",
    readers.UNREADABLE: "ค้นไม่ได้",
}


class Leaking(CastError):
    """An output that must not be called finished; the sentence names file, place and kind."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class Leak:
    """An identifier found: `file` within the folder, `place` in it, `kind`, and its first letter only."""

    file: str
    place: str
    kind: str
    first: str = ""

    def __str__(self) -> str:
        hint = f" “{self.first}…”" if self.first else ""
        return f"{self.file} {self.place}".strip() + f": {KINDS.get(self.kind, self.kind)}{hint}"


def check(folder: Path) -> None:
    """Return when nothing in a folder identifies a person; otherwise raise, naming file and place.

    Raises
    ------
    Leaking
        Something was found; at most ten places are named, no identifier is quoted whole.
    CastError
        The intake left no traces, or left them with another key: what it saw cannot be searched for.
    """
    leaks = search(folder)
    if leaks:
        shown = "".join(f"\n  {leak}" for leak in leaks[:MOST_SHOWN])
        rest = f"\n  และอีก {len(leaks) - MOST_SHOWN:,} แห่ง" if len(leaks) > MOST_SHOWN else ""
        raise Leaking(
            f"หยุดไว้ก่อน: พบข้อมูลที่อาจระบุตัวบุคคลใน {_named(folder)} {len(leaks):,} แห่ง{shown}{rest}\n"
            "ให้แก้ที่ต้นทาง (ไฟล์ที่ส่งมา บทในหนังสือ หรือโน้ตบุ๊ก) แล้วเรียกคำสั่งเดิมอีกครั้ง"
        )


def ready() -> None:
    """Raise what `check` would raise for want of the intake's traces, before the work to be checked."""
    _traces()


def search(folder: Path) -> list[Leak]:
    """Return every identifier that stands in a folder's files, their metadata or their names.

    Raises
    ------
    CastError
        As `check`: without the traces of the intake there is nothing to search for.
    """
    folder = Path(folder)
    traces = _traces()
    if not folder.is_dir():
        raise CastError(f"ตรวจข้อมูลส่วนบุคคลใน {_named(folder)} ไม่ได้ เพราะไม่มีโฟลเดอร์นี้")
    # a link to a folder is not followed: it counts as a file that cannot be read
    files = (f for f in folder.rglob("*") if f.is_symlink() or not f.is_dir())
    names = sorted(file.relative_to(folder).as_posix() for file in files)
    # whose text it is: a file's own name, and all files of one content
    whose: dict[str, list[str]] = defaultdict(list) | {name: [name] for name in names}
    for name in names:
        if not readers.is_known(name):
            whose[_digest(folder / name)].append(name)
    record = _Record(_named(folder), traces)
    new = [key for key in whose if key not in record.clean]
    if not new:
        return []
    own, sources = set(names), _Sources()
    things = [_name(key) if key in own else folder / whose[key][0] for key in new]
    found = dict(zip(new, seeking.seek(things, traces), strict=True))
    leaks = {
        Leak(file, each.place, each.kind, each.hit.first if each.hit else "")
        for key, listed in found.items()
        for each in listed
        if not (each.hit and sources.excuse(each.hit))
        for file in whose[key]
    }
    leaking = {leak.file for leak in leaks}
    record.save(key for key, files in whose.items() if leaking.isdisjoint(files))
    shown = cache(_shown)
    return sorted(replace(leak, file=shown(leak.file), place=shown(leak.place)) for leak in leaks)


def _name(name: str) -> Piece:
    """Return what a file's name and folders say, also with spaces for the signs that stand for them."""
    return Piece("ชื่อไฟล์หรือโฟลเดอร์", f"{name} / {name.translate(_SPACED)}".replace("/", " / "))


def _shown(text: str) -> str:
    """Return a name or a place as it may be shown: of an identifier in it, the first letter."""
    hits = {*seeking.find(text), *seeking.find(text.translate(_SPACED))}
    for hit in sorted(hits, key=lambda hit: (-hit.start, hit.end)):
        text = f"{text[: hit.start + 1]}…{text[hit.end :]}"
    return text


def _named(folder: Path) -> str:
    """Return a folder's path from the study's home, or its name."""
    home = paths.home()
    return folder.relative_to(home).as_posix() if folder.is_relative_to(home) else folder.name


def _digest(file: Path) -> str:
    """Return what tells one file from another: its content and, for how it is read, its suffix."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() + file.suffix.lower()
    except OSError:
        return str(file)


def _traces() -> dict:
    """Return what the intake saw, as it left it under the key of this machine."""
    file = seen.file()
    cannot = "ตรวจข้อมูลส่วนบุคคลในผลลัพธ์ไม่ได้: ร่องรอยของข้อมูลส่วนบุคคลที่การตรวจรับต้องทิ้งไว้"
    again = f"({_named(file)}) ใช้คำสั่ง cast intake อีกครั้ง แล้วเรียกคำสั่งเดิม"
    try:
        saved = json.loads(file.read_text(encoding="utf-8"))
        key, traces = saved["key"], saved["traces"]
    except FileNotFoundError as error:
        raise CastError(f"{cannot}ไม่มีอยู่ {again}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CastError(f"{cannot}อ่านไม่ได้ {again}") from error
    if key != pseudonyms.key().fingerprint:
        raise CastError(f"{cannot}ทำด้วยกุญแจอื่น {again}")
    return traces


def _sources() -> Iterator[Path]:
    """Yield what the authors wrote: no raw data, and no word lists, in which names stand for nobody."""
    others = (paths.data() / "raw", paths.data() / "text")
    for folder in (paths.book(), paths.data(), paths.notebooks()):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not any(file.is_relative_to(other) for other in others):
                yield file
    yield from (file for name in IMPRINT if (file := paths.home() / name).is_file())


class _Sources:
    """What the authors wrote, read when the first hit asks for it."""

    def excuse(self, hit: Hit) -> bool:
        """Whether a hit is the authors' own."""
        allowed = self._written if hit.everyday or not hit.seen else self._published
        return (hit.kind, hit.normal) in allowed

    @cached_property
    def _written(self) -> set[tuple[str, str]]:
        return self._identifiers(_sources())

    @cached_property
    def _published(self) -> set[tuple[str, str]]:
        return self._identifiers(f for f in _sources() if f.suffix == ".bib" or f.name in IMPRINT)

    def _identifiers(self, files: Iterable[Path]) -> set[tuple[str, str]]:
        found = (each for file in files for each in seeking.search_file(file) if each.hit)
        return {(each.hit.kind, each.hit.normal) for each in found}


class _Record:
    """What was found clean, kept a folder: digests of files, and names; for the same traces, sources and code."""

    def __init__(self, folder: str, traces: dict) -> None:
        self._folder, self._made_with = folder, _made_with(traces)
        self._file = paths.build() / "gate.json"
        saved = json.loads(self._file.read_text(encoding="utf-8")) if self._file.is_file() else {}
        self._known = saved["clean"] if saved.get("made_with") == self._made_with else {}
        self.clean = {key for listed in self._known.values() for key in listed}

    def save(self, clean: Iterable[str]) -> None:
        """Keep what is clean of a folder for the next time."""
        saved = {"made_with": self._made_with, "clean": self._known | {self._folder: sorted(clean)}}
        paths.put_json(self._file, saved)


def _made_with(traces: dict) -> str:
    """Return a digest of everything that makes a file clean or not, but the file."""
    digest = hashlib.sha256(json.dumps(traces, sort_keys=True).encode())
    code, words = Path(__file__).parent.rglob("*.py"), (paths.data() / "text").rglob("*.txt")
    for file in (*sorted(code), *sorted(words), *_sources()):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update(repr([metadata.version(name) for name in LIBRARIES]).encode())
    return digest.hexdigest()
