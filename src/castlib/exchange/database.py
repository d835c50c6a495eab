"""A SQLite file of another program, opened without trust: only read, its schema plain, its work bounded."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from castlib.exchange.checks import NotReadable

MOST_BYTES = 200 * 2**20
LONGEST_VALUE, LONGEST_STATEMENT = 20 * 2**20, 100_000
STEPS, MOST_STEPS = 100_000, 5_000
_START = b"SQLite format 3\0"


@contextmanager
def opened(file: Path, kind: str) -> Iterator[sqlite3.Connection]:
    """Open a file of a kind (Thai) to read tables from; what is wrong with it raises `NotReadable`.

    Views, triggers, virtual tables and computed columns are refused, so that reading runs nothing of the
    file's. Reading that goes on for too long (a damaged file may lead in circles) is stopped.
    """
    name = f"ไฟล์ {file.name}"
    try:
        with file.open("rb") as content:
            start = content.read(len(_START))
        size = file.stat().st_size
    except OSError as error:
        raise NotReadable(
            f"เปิด{name} ไม่ได้ ({type(error).__name__}) ให้ตรวจชื่อและที่อยู่ของไฟล์"
        ) from error
    if start != _START:
        raise NotReadable(f"{name} ไม่ใช่{kind}")
    if size > MOST_BYTES:
        raise NotReadable(f"{name} มีขนาด {size / 2**20:,.0f} MB เกิน {MOST_BYTES // 2**20} MB ที่รับได้")
    database = sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1", uri=True)
    try:
        _bound(database)
        _plain(database, name)
        yield database
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        raise NotReadable(
            f"{name} ชำรุดหรือไม่ใช่{kind} ({type(error).__name__}) ให้ส่งออกจากโปรแกรมเดิมใหม่"
        ) from error
    finally:
        database.close()


def _bound(database: sqlite3.Connection) -> None:
    limits = {
        sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
        sqlite3.SQLITE_LIMIT_SQL_LENGTH: LONGEST_STATEMENT,
        sqlite3.SQLITE_LIMIT_COLUMN: 100,
        sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
        sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5,
        sqlite3.SQLITE_LIMIT_ATTACHED: 0,
        sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    }
    for limit, most in limits.items():
        database.setlimit(limit, most)
    steps = iter(range(MOST_STEPS))
    database.set_progress_handler(lambda: next(steps, None) is None, STEPS)
    for setting in (
        "query_only = ON",
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
    ):
        database.execute(f"PRAGMA {setting}")


def _plain(database: sqlite3.Connection, name: str) -> None:
    """Refuse a schema with anything that would run when it is read."""
    unsafe = []
    for kind, table, statement in database.execute("SELECT type, name, sql FROM sqlite_master"):
        virtual = str(statement or "").upper().lstrip().startswith("CREATE VIRTUAL")
        if kind not in ("table", "index") or virtual:
            unsafe.append(f"{kind} {table}"[:80])
    if not unsafe:
        computed = database.execute(
            "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_xinfo(t.name) AS c"
            " WHERE t.type = 'table' AND c.hidden <> 0 LIMIT 10"
        )
        unsafe = [f"{table}.{column}"[:80] for table, column in computed]
    if unsafe:
        raise NotReadable(f"{name} มีส่วนที่ไม่ปลอดภัย ({', '.join(unsafe[:10])}) จึงไม่เปิดอ่าน")
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise NotReadable(f"{name} ชำรุด ให้ส่งออกจากโปรแกรมเดิมใหม่")
