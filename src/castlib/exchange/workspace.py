"""A Taguette project, exported or as a workspace of its own, as a coding project."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from castlib.errors import some
from castlib.exchange import database
from castlib.exchange.checks import (
    MOST_CODES,
    MOST_DOCUMENTS,
    MOST_PASSAGES,
    Losses,
    Names,
    NotReadable,
    finished,
    thai_time,
)
from castlib.exchange.markup import Page, page
from castlib.exchange.project import Code, Document, Passage, Project

OWNER = "admin"
POINT, LIKE_A_POINT = ".", "\u2024"
UNKNOWN = datetime(1970, 1, 1)
MOST_TEXTS, MOST_COMMANDS, LONGEST_PAYLOAD, LONGEST_PATH = 64 * 2**20, 2_000_000, 100_000, 2_000
KIND = "โครงการของ Taguette (.sqlite3)"


class _Made(NamedTuple):
    """That a person gave a highlight these tags at a time."""

    coder: str
    at: datetime | None
    tags: frozenset[int]


def read(file: Path) -> Project:
    """Return the project of a Taguette `.sqlite3`, what was not taken over in `lost`.

    A code's coder is who first gave the passage that code. Positions count code points of the documents'
    text; a line end is added between blocks that have none. A file with several projects, a damaged or a
    hostile one raises `NotReadable`.
    """
    with database.opened(file, KIND) as opened:
        missing = {"projects", "documents", "tags", "highlights", "highlight_tags", "commands"} - {
            name
            for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if missing:
            raise NotReadable(f"ไฟล์ {file.name} ไม่ใช่{KIND} (ไม่มีตาราง {some(sorted(missing))})")
        projects = opened.execute(
            "SELECT id, name, description FROM projects ORDER BY id LIMIT 101"
        )
        projects = projects.fetchall()
        if len(projects) != 1:
            names = some(name for _, name, _ in projects) or "ไม่มีโครงการ"
            raise NotReadable(
                f"ไฟล์ {file.name} มี {len(projects)} โครงการ ({names})"
                " ให้ส่งออกจาก Taguette ทีละโครงการ (Export project)"
            )
        number, name, description = projects[0]
        losses = Losses()
        losses.add("คำอธิบายโครงการ", _text(name), int(bool(description)))
        return _project(opened, number, _text(name) or "โครงการไม่มีชื่อ", losses)


def _project(opened: sqlite3.Connection, number: int, name: str, losses: Losses) -> Project:
    documents, pages = _documents(opened, number, losses)
    codes, tags = _codes(opened, number, losses)
    made = _made(opened, number)
    given: dict[int, list[int]] = {}
    rows = _rows(opened, "SELECT highlight_id, tag_id FROM highlight_tags", (), MOST_PASSAGES)
    for highlight, tag in rows:
        if tag in tags:
            given.setdefault(highlight, []).append(tag)
    passages = []
    rows = _rows(
        opened,
        "SELECT h.id, h.document_id, h.start_offset, h.end_offset FROM highlights AS h"
        " JOIN documents AS d ON d.id = h.document_id WHERE d.project_id = ? ORDER BY h.id",
        (number,),
        MOST_PASSAGES,
    )
    for highlight, document, start, end in rows:
        if document not in pages:
            continue
        place = f"{documents[document].name} [{start}:{end}]"
        span = pages[document].span(_whole(start), _whole(end))
        if highlight not in given:
            losses.add("ช่วงข้อความที่ไม่มีรหัส", place)
        elif span is None:
            losses.add("การลงรหัสที่ตำแหน่งอยู่นอกเอกสารหรือว่าง", place, len(given[highlight]))
        else:
            for tag in given[highlight]:
                coder, at = _by_whom(made.get(highlight, []), tag)
                passages.append(Passage(documents[document].name, *span, tags[tag], coder, at))
    coders = _coders(opened, number, {passage.coder for passage in passages})
    told = tuple(documents.values())
    return finished(Project(name, told, codes, coders, tuple(passages)), losses)


def _documents(
    opened: sqlite3.Connection, project: int, losses: Losses
) -> tuple[dict[int, Document], dict[int, Page]]:
    documents: dict[int, Document] = {}
    pages: dict[int, Page] = {}
    names, size = Names(), 0
    rows = _rows(
        opened,
        "SELECT id, name, description, contents FROM documents WHERE project_id = ? ORDER BY id",
        (project,),
        MOST_DOCUMENTS,
    )
    for number, given, description, contents in rows:
        contents = _text(contents)
        size += len(contents)
        if size > MOST_TEXTS:
            raise NotReadable(f"เอกสารในไฟล์รวมกันเกิน {MOST_TEXTS // 2**20} ล้านอักขระที่รับได้")
        name = names.free(_text(given)[:LONGEST_PATH] or "เอกสารไม่มีชื่อ")
        if name != given:
            losses.add("ชื่อเอกสารที่ซ้ำกัน จึงเปลี่ยนชื่อ", f"{_text(given)} → {name}")
        pages[number] = page(contents)
        documents[number] = Document(name, pages[number].text)
        losses.add("ภาพในเอกสาร", name, pages[number].pictures)
        losses.add("คำอธิบายของเอกสาร", name, int(bool(description)))
    return documents, pages


def _codes(
    opened: sqlite3.Connection, project: int, losses: Losses
) -> tuple[tuple[Code, ...], dict[int, str]]:
    """Return the codes that paths say, and their names by number of tag."""
    rows = list(
        _rows(
            opened,
            "SELECT id, path, description FROM tags WHERE project_id = ? ORDER BY id",
            (project,),
            MOST_CODES,
        )
    )
    paths = {number: _text(path)[:LONGEST_PATH] for number, path, _ in rows}
    known = dict.fromkeys(paths.values(), "")
    names = Names()
    above: dict[int, str] = {}
    for number, path in paths.items():
        cut = path.rfind(POINT)
        while cut > 0 and path[:cut] not in known:
            cut = path.rfind(POINT, 0, cut)
        above[number] = path[:cut] if 0 < cut < len(path) - 1 else ""
        own = path[len(above[number]) + 1 :] if above[number] else path
        own = own.replace(LIKE_A_POINT, POINT) or "รหัสไม่มีชื่อ"
        known[path] = names.free(own, above[number])
        if known[path] != own:
            losses.add("ชื่อรหัสที่ซ้ำหรือว่าง จึงเปลี่ยนชื่อ", f"{path} → {known[path]}")
    codes = tuple(
        Code(
            known[paths[number]], _text(description), known[above[number]] if above[number] else ""
        )
        for number, _, description in rows
    )
    return codes, {number: known[path] for number, path in paths.items()}


def _made(opened: sqlite3.Connection, project: int) -> dict[int, list[_Made]]:
    """Return who gave each highlight which tags, the first first."""
    made: dict[int, list[_Made]] = {}
    rows = _rows(
        opened,
        "SELECT user_login, date, payload FROM commands WHERE project_id = ? ORDER BY id",
        (project,),
        MOST_COMMANDS,
    )
    for login, date, payload in rows:
        payload = _text(payload)
        if "highlight_add" not in payload or len(payload) > LONGEST_PAYLOAD:
            continue
        try:
            told = json.loads(payload)
            highlight, tags = told["highlight_id"], frozenset(map(int, told["tags"]))
            at = datetime.fromisoformat(_text(date))
            at = None if at == UNKNOWN else thai_time(at.replace(tzinfo=UTC))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
        made.setdefault(_whole(highlight), []).append(_Made(_text(login)[:LONGEST_PATH], at, tags))
    return made


def _by_whom(made: list[_Made], tag: int) -> tuple[str, datetime | None]:
    """Return who gave a highlight a tag, and when; a tag that came by merging is its first maker's."""
    first = next(
        (m for m in made if tag in m.tags), made[0] if made else _Made("", None, frozenset())
    )
    return first.coder, first.at


def _coders(opened: sqlite3.Connection, project: int, coded: set[str]) -> tuple[str, ...]:
    """Return the members of a project and whoever coded in it; the workspace's owner only if she did."""
    rows = opened.execute(
        "SELECT m.user_login FROM project_members AS m LEFT JOIN users AS u ON u.login = m.user_login"
        " WHERE m.project_id = ? ORDER BY u.rowid LIMIT 10000",
        (project,),
    )
    silent = {"", OWNER} - coded | {""}
    members = [login for (login,) in rows if isinstance(login, str) and login not in silent]
    return tuple(dict.fromkeys([*members, *sorted(coded - {""})]))


def _rows(opened: sqlite3.Connection, query: str, given: tuple, most: int) -> Iterator[tuple]:
    for number, row in enumerate(opened.execute(query, given), 1):
        if number > most:
            raise NotReadable(f"ไฟล์มีรายการมากเกิน {most:,} ที่รับได้")
        yield row


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else -1
