"""Taguette's projects (.sqlite3), written for its import and read from its export.

Taguette has no REFI-QDA projects: what carries codings is its own database. Its import keeps documents,
codes, passages and their times, and makes every passage the importing person's; opened as a workspace
(`taguette --database FILE`) the coders stay. It has no control characters, no carriage returns, names of 50
characters, and a point in a code's name means a code below another.
"""

import json
import sqlite3
from datetime import datetime
from itertools import groupby

from castlib.errors import CastError, some
from castlib.exchange.checks import checked, is_plain, world_time
from castlib.exchange.markup import html
from castlib.exchange.project import Code, Passage, Project
from castlib.exchange.workspace import LIKE_A_POINT, OWNER, POINT, UNKNOWN, read

__all__ = ["read", "write"]

REVISION = "db5e31a0233d"  # of the schema, Taguette 1.5
APPLICATION = 0x54677474  # "Tgtt"
LONGEST_NAME, LONGEST_PATH, LONGEST_DESCRIPTION, LONGEST_PAGE = 50, 200, 102_400, 5_000_000
_SCHEMA = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE users (login VARCHAR(30) NOT NULL, created DATETIME NOT NULL,
    hashed_password VARCHAR(192), disabled BOOLEAN NOT NULL, password_set_date DATETIME,
    language VARCHAR(10), email VARCHAR(256), email_sent DATETIME,
    CONSTRAINT pk_users PRIMARY KEY (login));
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE TABLE projects (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, created DATETIME NOT NULL);
CREATE TABLE project_members (project_id INTEGER NOT NULL, user_login VARCHAR(30) NOT NULL,
    privileges VARCHAR(11) NOT NULL,
    CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_login),
    CONSTRAINT fk_project_members_project_id_projects FOREIGN KEY (project_id)
        REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_project_members_user_login_users FOREIGN KEY (user_login)
        REFERENCES users (login) ON DELETE CASCADE ON UPDATE CASCADE);
CREATE INDEX ix_project_members_project_id ON project_members (project_id);
CREATE INDEX ix_project_members_user_login ON project_members (user_login);
CREATE TABLE documents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL, filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL,
    project_id INTEGER NOT NULL, text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL,
    CONSTRAINT fk_documents_project_id_projects FOREIGN KEY (project_id)
        REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_documents_project_id ON documents (project_id);
CREATE TABLE commands (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL, project_id INTEGER NOT NULL, document_id INTEGER,
    payload TEXT NOT NULL,
    CONSTRAINT fk_commands_user_login_users FOREIGN KEY (user_login)
        REFERENCES users (login) ON UPDATE CASCADE,
    CONSTRAINT fk_commands_project_id_projects FOREIGN KEY (project_id)
        REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX idx_project_document ON commands (project_id, document_id);
CREATE INDEX idx_project_id ON commands (project_id, id);
CREATE INDEX ix_commands_date ON commands (date);
CREATE INDEX ix_commands_document_id ON commands (document_id);
CREATE INDEX ix_commands_project_id ON commands (project_id);
CREATE INDEX ix_commands_user_login ON commands (user_login);
CREATE TABLE tags (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL, description TEXT NOT NULL,
    CONSTRAINT uq_tags_project_id UNIQUE (project_id, path),
    CONSTRAINT fk_tags_project_id_projects FOREIGN KEY (project_id)
        REFERENCES projects (id) ON DELETE CASCADE);
CREATE INDEX ix_tags_path ON tags (path);
CREATE INDEX ix_tags_project_id ON tags (project_id);
CREATE TABLE highlights (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL,
    snippet TEXT NOT NULL,
    CONSTRAINT fk_highlights_document_id_documents FOREIGN KEY (document_id)
        REFERENCES documents (id) ON DELETE CASCADE);
CREATE INDEX ix_highlights_document_id ON highlights (document_id);
CREATE TABLE highlight_tags (highlight_id INTEGER NOT NULL, tag_id INTEGER NOT NULL,
    CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id),
    CONSTRAINT fk_highlight_tags_highlight_id_highlights FOREIGN KEY (highlight_id)
        REFERENCES highlights (id) ON DELETE CASCADE,
    CONSTRAINT fk_highlight_tags_tag_id_tags FOREIGN KEY (tag_id)
        REFERENCES tags (id) ON DELETE CASCADE);
CREATE INDEX ix_highlight_tags_highlight_id ON highlight_tags (highlight_id);
CREATE INDEX ix_highlight_tags_tag_id ON highlight_tags (tag_id);
"""


def write(project: Project) -> bytes:
    """Return a project as Taguette's `.sqlite3`; the same project gives the same bytes.

    Codes below others become paths ("ทีม.ผู้นำ"). A project with what Taguette refuses (see the module)
    raises `CastError` with all of it; `lost` is not written.
    """
    project = checked(project)
    paths = _paths(project.codes)
    _refuse(project, paths)
    with sqlite3.connect(":memory:", isolation_level=None) as database:
        database.executescript(_SCHEMA)
        database.execute(f"PRAGMA application_id = {APPLICATION}")
        database.execute("BEGIN")
        _fill(database, project, paths)
        database.execute("COMMIT")
        content = database.serialize()
    database.close()
    return content


def _fill(database: sqlite3.Connection, project: Project, paths: dict[str, str]) -> None:
    """Write rows, numbered from 1 in the project's order."""
    logins = list(dict.fromkeys([OWNER, *project.coders, *(p.coder for p in project.passages)]))
    rows = {
        "alembic_version": [(REVISION,)],
        "users": [(login, UNKNOWN, None, 0, None, None, None, None) for login in logins],
        "projects": [(1, project.name, "", UNKNOWN)],
        "project_members": [(1, login, "ADMIN" if login == OWNER else "TAG") for login in logins],
        "documents": [
            (number, d.name, "", f"{number}.html", UNKNOWN, 1, "LEFT_TO_RIGHT", html(d.text))
            for number, d in enumerate(project.documents, 1)
        ],
        "tags": [
            (number, 1, paths[code.name], code.description)
            for number, code in enumerate(project.codes, 1)
        ],
        **_highlights(project),
    }
    for table, values in rows.items():
        marks = ", ".join("?" * len(values[0])) if values else ""
        told = [[str(v) if isinstance(v, datetime) else v for v in row] for row in values]
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", told) if told else None


def _highlights(project: Project) -> dict[str, list[tuple]]:
    """Return a highlight for what one coder marked in one place, with its codes, and who made it when."""
    tags = {code.name: number for number, code in enumerate(project.codes, 1)}
    rows: dict[str, list[tuple]] = {"highlights": [], "highlight_tags": [], "commands": []}
    imported = json.dumps({"type": "project_import"})
    rows["commands"].append((1, UNKNOWN, OWNER, 1, None, imported))
    places = {document.name: number for number, document in enumerate(project.documents, 1)}
    texts = {document.name: document.text for document in project.documents}

    def mark(p: Passage) -> tuple[int, int, int, str]:
        return places[p.document], p.start, p.end, p.coder

    for (document, start, end, coder), of in groupby(sorted(project.passages, key=mark), mark):
        passages = sorted(of, key=lambda p: (p.at or UNKNOWN, tags[p.code]))
        text = texts[passages[0].document]
        number = len(rows["highlights"]) + 1
        begun = len(text[:start].encode())
        ended = begun + len(text[start:end].encode())
        rows["highlights"].append((number, document, begun, ended, html(text[start:end])))
        given: list[int] = []
        for at, together in groupby(passages, lambda p: p.at):
            given += [tags[p.code] for p in together]
            payload = {
                "type": "highlight_add",
                "highlight_id": number,
                "start_offset": begun,
                "end_offset": ended,
                "tags": sorted(given),
            }
            date = world_time(at) if at else UNKNOWN
            made = json.dumps(payload, sort_keys=True)
            rows["commands"].append((len(rows["commands"]) + 1, date, coder, 1, document, made))
        rows["highlight_tags"] += [(number, tag) for tag in sorted(given)]
    return rows


def _paths(codes: tuple[Code, ...]) -> dict[str, str]:
    """Return each code's path; codes stand after those above them."""
    paths: dict[str, str] = {}
    for code in codes:
        own = code.name.replace(POINT, LIKE_A_POINT)
        paths[code.name] = f"{paths[code.parent]}{POINT}{own}" if code.parent else own
    return paths


def _refuse(project: Project, paths: dict[str, str]) -> None:
    documents = project.documents
    names = [project.name, *(document.name for document in documents)]
    faults = {
        f"ชื่อโครงการหรือเอกสารที่ยาวเกิน {LONGEST_NAME} อักขระ": [
            name for name in names if len(name) > LONGEST_NAME
        ],
        f"รหัสที่รวมชื่อรหัสเหนือขึ้นไปแล้วยาวเกิน {LONGEST_PATH} อักขระ": [
            path for path in paths.values() if len(path) > LONGEST_PATH
        ],
        f"คำอธิบายรหัสที่ยาวเกิน {LONGEST_DESCRIPTION:,} อักขระ": [
            code.name for code in project.codes if len(code.description) > LONGEST_DESCRIPTION
        ],
        "เอกสารที่มีอักขระควบคุม": [d.name for d in documents if not _is_carried(d.text)],
        f"เอกสารที่ยาวเกิน {LONGEST_PAGE / 1e6:g} MB": [
            d.name for d in documents if len(d.text.encode()) > LONGEST_PAGE
        ],
    }
    told = [f"{what}: {some(seen)}" for what, seen in faults.items() if seen]
    if told:
        raise CastError("Taguette รับโครงการนี้ไม่ได้ · " + " · ".join(told))


def _is_carried(text: str) -> bool:
    return is_plain(text) and "\r" not in text
