"""Archives and databases made to harm, or damaged: each refused in a sentence, in bounded time and memory."""

import contextlib
import random
import resource
import sqlite3
import struct
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from castlib.exchange import refi, taguette
from castlib.exchange.checks import NotReadable
from castlib.exchange.markup import page
from tests.exchange.sample import archive, guid, qde, qdpx, selection, source
from tests.exchange.test_refi import SMALL

DTD = '<!DOCTYPE x [<!ENTITY a "ก"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
CODE = '<Code guid="{}" name="{}" isCodable="true">'


def refusal(content: bytes) -> str:
    with pytest.raises(NotReadable) as caught:
        refi.read(content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (archive({"project.qde": "<a/>" + " " * 70 * 2**20}), "ใหญ่เกินที่รับได้"),
        (
            archive({"project.qde": qde(""), "sources/a.txt": "\0" * 4 * 2**20}),
            "ใหญ่เกินที่รับได้ (4 MB)",
        ),
        (archive({f"{n}.txt": "" for n in range(refi.MOST_PARTS + 1)}), "ใหญ่เกินที่รับได้"),
        (archive({"../project.qde": qde("")}), "ไม่ปลอดภัย (ชื่อส่วนชี้ออกนอกไฟล์)"),
        (archive({"/project.qde": qde("")}), "ไม่ปลอดภัย"),
        (archive({"C:\\project.qde": qde("")}), "ไม่ปลอดภัย"),
        (archive({"a.qde": qde(""), "b.qde": qde("")}), "ชำรุด (มีไฟล์ .qde 2 ไฟล์)"),
        (qdpx(DTD + "<x>&a;&b;</x>"), "มีคำนิยามของเอกสาร (DTD)"),
        (qdpx(f'<!DOCTYPE x [<!ENTITY a "ha">{LAUGHS}]><x>&j;</x>'), ""),
        (qdpx("<a>" * 100_000 + "</a>" * 100_000), "ซ้อนกันลึกผิดปกติ"),
        (qdpx("<a/>" * (refi.MOST_TAGS + 1)), "ใหญ่เกินที่รับได้"),
        (qdpx(qde("")[:-20]), "ชำรุด (XML ไม่สมบูรณ์)"),
        (qdpx(qde("").replace("urn:QDA-XML:project:1.0", "urn:other")), "ไม่ใช่ไฟล์"),
        (qdpx("<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes/></CodeBook>"), "ไม่ใช่ไฟล์"),
        (qdpx(qde(source("") + source("", "อื่น"))), "เอกสารที่ใช้ GUID เดียวกัน (อื่น)"),
        (
            qdpx(qde("").replace("<Codes>", f"<Codes>{CODE.format(guid(1), 'อื่น')}</Code>")),
            "รหัสที่ใช้ GUID เดียวกัน (อื่น, ทีม)",
        ),
        (qdpx(qde(source("", "ก" * 2_001)), a="x"), "ใหญ่เกินที่รับได้ (ชื่อยาว 2,001 อักขระ)"),
        (refi.write(SMALL)[:-40], "ชำรุด"),
        (b"PK\x03\x04" + b"\0" * 100, "ชำรุด (ไฟล์ขาดตอนท้าย)"),
    ],
    ids=lambda given: given if isinstance(given, str) else "archive",
)
def test_archives_made_to_harm_are_refused(content, told):
    assert told in refusal(content)


def test_a_text_whose_header_lies_about_its_size_is_refused():
    content = bytearray(qdpx(qde(source(selection(0, 3))), a="ทีม" * 1000))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 10)
    assert "ชำรุด" in refusal(bytes(content))


def test_texts_larger_together_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(refi, "MOST_TEXTS", 10)
    parts = {"project.qde": qde(source("") + source("", "ข", "internal://b.txt", 51))}
    assert "ข้อความเกิน" in refusal(archive({**parts, "a.txt": "x" * 6, "b.txt": "x" * 6}))


def test_a_file_that_is_not_there_is_told(tmp_path):
    for read in (refi.read, refi.read_codebook, taguette.read):
        with pytest.raises(NotReadable, match=r"เปิดไฟล์ ไม่มี ไม่ได้"):
            read(tmp_path / "ไม่มี")


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_to_an_archive_makes_more_than_a_refusal(data):
    content = bytearray(refi.write(SMALL))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotReadable):
        refi.read(bytes(content))


WHOLE = qde(
    source(selection(0, 6, "ทีมงาน")),
    before=f'<Cases><Case guid="{guid(3)}" name="ก"/></Cases>',
    after='<Sets><Set guid="s" name="ข"/></Sets>',
)


def test_whatever_is_missing_in_the_xml_reading_goes_on_or_is_refused():
    whole = etree.fromstring(WHOLE.encode())
    for number, element in enumerate(whole.iter()):
        for key in [*element.attrib, None]:
            changed = etree.fromstring(WHOLE.encode())
            there = list(changed.iter())[number]
            if key is not None:
                del there.attrib[key]
            elif number:
                there.getparent().remove(there)
            with contextlib.suppress(NotReadable):
                refi.read(qdpx(etree.tostring(changed), a="ทีมงานดี"))


MANY = f"""
import sys
sys.path[:0] = {sys.path!r}
from castlib.errors import CastError
from castlib.exchange import refi
from tests.exchange.sample import qde, qdpx, selection, source, guid
kind = sys.argv[1]
if kind == "shared text":
    many = "".join(source(selection(0, 5, "กขคงจฉชซ"), f"d{{n}}", number=n) for n in range(9_000))
    content = qdpx(qde(many), a="".join(f"{{n}} " for n in range(900_000)))
elif kind == "same names":
    content = qdpx(qde("".join(source("", number=n) for n in range(15_000))), a="x")
elif kind == "misplaced names":
    many = "".join(selection(n, n + 9, "ทีมงานเข้มแข็ง") for n in range(30_000))
    content = qdpx(qde(source(many)), a="xyz " * 500_000 + "ทีมงานเข้มแข็ง")
elif kind == "users":
    users = "".join(f'<User guid="{{guid(n)}}" name="a"/>' for n in range(100_000))
    content = qdpx(qde("").replace("<Users>", "<Users>" + users))
try:
    read = refi.read(content)
    print(len(read.documents), len(read.passages))
except CastError as refused:
    print(refused)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("shared text", "ใหญ่เกินที่รับได้"),
        ("same names", "15000 0"),
        ("misplaced names", "ใหญ่เกินที่รับได้"),
        ("users", "ใหญ่เกินที่รับได้"),
    ],
)
def test_great_numbers_end_within_bounds_of_memory_and_work(kind, told):
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
        resource.setrlimit(resource.RLIMIT_CPU, (120, 120))

    done = subprocess.run(
        [sys.executable, "-c", MANY, kind], capture_output=True, text=True, preexec_fn=bound
    )
    assert told in done.stdout, done.stderr


@pytest.fixture
def change(tmp_path):
    """A Taguette project changed by statements of SQL, or by bytes, and what reading it says."""

    def changed(*statements: str, **bytes_at: bytes) -> str:
        file = tmp_path / "โครงการ.sqlite3"
        file.write_bytes(taguette.write(SMALL))
        with sqlite3.connect(file) as database:
            for statement in statements:
                database.execute(statement)
        database.close()
        with pytest.raises(NotReadable) as caught:
            taguette.read(file)
        return str(caught.value)

    return changed


CIRCLE = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS id FROM c"


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (("CREATE VIEW v AS SELECT 1",), "ไม่ปลอดภัย (view v)"),
        (("DROP TABLE tags", f"CREATE VIEW tags AS {CIRCLE}"), "ไม่ปลอดภัย (view tags)"),
        (("CREATE TRIGGER t INSERT ON tags BEGIN DELETE FROM tags; END",), "ไม่ปลอดภัย (trigger t)"),
        (("CREATE VIRTUAL TABLE f USING fts5(a)",), "ไม่ปลอดภัย (table f"),
        (("ALTER TABLE tags ADD COLUMN x AS (abs(id))",), "ไม่ปลอดภัย (tags.x)"),
        (("DROP TABLE commands",), "(ไม่มีตาราง commands)"),
        (("DELETE FROM projects",), "มี 0 โครงการ (ไม่มีโครงการ)"),
        (("INSERT INTO projects VALUES (2, 'อื่น', '', '')",), "มี 2 โครงการ (โครงการ, อื่น)"),
        (("UPDATE documents SET contents = zeroblob(30000000)",), "ชำรุด"),
    ],
)
def test_databases_made_to_harm_are_refused(change, statements, told):
    assert told in change(*statements)


def test_a_database_that_never_ends_is_stopped(change, monkeypatch):
    monkeypatch.setattr("castlib.exchange.database.MOST_STEPS", 1)
    monkeypatch.setattr("castlib.exchange.database.STEPS", 1_000)
    rows = "WITH RECURSIVE c(n) AS (SELECT 9 UNION ALL SELECT n + 1 FROM c WHERE n < 9999)"
    assert "ชำรุด" in change(f"INSERT INTO highlight_tags {rows} SELECT n, 1 FROM c")


def test_great_tables_are_refused(change, monkeypatch):
    monkeypatch.setattr("castlib.exchange.workspace.MOST_CODES", 1)
    assert "มากเกิน 1 ที่รับได้" in change()
    monkeypatch.setattr("castlib.exchange.workspace.MOST_TEXTS", 3)
    assert "เอกสารในไฟล์รวมกันเกิน" in change()
    monkeypatch.setattr("castlib.exchange.database.MOST_BYTES", 3)
    assert "MB ที่รับได้" in change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET contents = x'ff00', name = x'00'",
        "UPDATE tags SET path = id, description = x'ff'",
        "UPDATE highlights SET start_offset = 'x', end_offset = 1e300",
        "UPDATE highlights SET end_offset = 9223372036854775807",
        "UPDATE highlights SET document_id = 77",
        "UPDATE commands SET payload = '{\"type\": \"highlight_add\"' || printf('%.*c', 50000, '[')",
        """UPDATE commands SET payload = '{"highlight_add": 0, "highlight_id": [], "tags": ["x"]}'""",
        "UPDATE commands SET date = 'yesterday', user_login = x'ff'",
        "UPDATE highlight_tags SET tag_id = 99",
        "UPDATE tags SET path = id || '...' || printf('%.*c', 100000, '.')",
    ],
)
def test_values_of_other_kinds_do_not_stop_reading(tmp_path, statement):
    file = tmp_path / "a.sqlite3"
    file.write_bytes(taguette.write(SMALL))
    with sqlite3.connect(file) as database:
        assert database.execute(statement).rowcount > 0
    database.close()
    assert taguette.read(file).name == "โครงการ"


def test_no_damage_to_a_database_makes_more_than_a_refusal(tmp_path):
    whole, chance = taguette.write(SMALL), random.Random(5)
    file = tmp_path / "a.sqlite3"
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 5, 100))):
            content[chance.randrange(16, len(content))] = chance.randrange(256)
        file.write_bytes(content[: chance.choice((None, len(content) // 2))])
        with contextlib.suppress(NotReadable):
            taguette.read(file)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "</", "<a '", '<a "b', "&", "&#", "<p", "<!--", "<pre>"]
)
def test_markup_without_end_is_read_in_one_go(piece):
    assert page(piece * 300_000).pictures == 0
