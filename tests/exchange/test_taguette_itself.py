"""Taguette itself opens what we write, and an independent reader reads our REFI-QDA files."""

import json
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from castlib.exchange import refi, taguette
from castlib.exchange.checks import canonical
from castlib.exchange.project import Code, Document, Passage, Project
from tests.exchange import running

pytestmark = pytest.mark.slow

TEXT = 'ผู้ใหญ่บ้าน: ทีมงานเข้มแข็ง 🙂\n\n  น้ำใจ & <แรง> &amp; "ใจ"\tของคน 👩‍🌾\nจบ'
CODES = (Code("ทีม", "คนและงาน"), Code("1.2 ผู้นำ", "นำ\nและฟัง", "ทีม"), Code("ไม่ได้ใช้"))
WORKS = Project(
    "สนทนากลุ่ม",
    (Document("กลุ่ม 1", TEXT), Document("กลุ่ม 2", TEXT), Document("ว่าง", "")),
    CODES,
    ("สมร", "บุญ"),
    (
        Passage("กลุ่ม 1", 13, 28, "ทีม", "สมร", datetime(2022, 11, 16, 9, 30, 1, 5)),
        Passage("กลุ่ม 1", 13, 28, "1.2 ผู้นำ", "สมร", datetime(2022, 11, 16, 9, 31)),
        Passage("กลุ่ม 1", 20, 50, "ทีม", "บุญ"),
        Passage("กลุ่ม 2", 0, len(TEXT), "ทีม", "บุญ", datetime(2022, 11, 17)),
    ),
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with running.taguette(tmp_path_factory.mktemp("taguette") / "workspace.sqlite3") as browser:
        yield browser


def read(content: bytes, folder: Path) -> Project:
    (folder / "exported.sqlite3").write_bytes(content)
    return taguette.read(folder / "exported.sqlite3")


def test_a_project_goes_into_taguette_and_out_again(browser, tmp_path):
    number = browser.import_project(taguette.write(WORKS))
    back = read(browser.export_project(number), tmp_path)
    # imported passages are the importing person's: coders are what Taguette cannot carry
    owned = tuple(replace(p, coder="admin") for p in WORKS.passages)
    assert back == canonical(replace(WORKS, coders=("admin",), passages=owned))


def test_taguette_shows_the_text_and_finds_the_same_words(browser):
    number = browser.import_project(taguette.write(WORKS))
    shown = json.loads(browser.get(f"/api/project/{number}/highlights/"))["highlights"]
    assert len(shown) == 3
    assert sorted(len(highlight["tags"]) for highlight in shown) == [1, 1, 2]
    exported = browser.get(f"/project/{number}/export/highlights/.csv").decode()
    assert TEXT[13:28].split()[0] in exported
    assert "ทีม.1\u20242 ผู้นำ" in exported


def test_what_is_marked_in_taguette_is_read_where_it_was_marked(browser, tmp_path):
    number = browser.import_project(taguette.write(replace(WORKS, passages=())))
    exported = read(browser.export_project(number), tmp_path)
    page = json.loads(
        browser.get(f"/api/project/{number}/document/{_first(browser, number)}/contents")
    )
    assert page["contents"][0]["contents"]
    tag = json.loads(browser.post(f"/api/project/{number}/tag/new", path="ใหม่", description="ลอง"))[
        "id"
    ]
    begun = len(TEXT[:13].encode())
    ended = begun + len(TEXT[13:30].encode())
    made = {"start_offset": begun, "end_offset": ended, "tags": [tag]}
    path = f"/api/project/{number}/document/{_first(browser, number)}/highlight/new"
    browser.post(path, **made)
    back = read(browser.export_project(number), tmp_path)
    assert back.documents == exported.documents == WORKS.documents
    assert back.codes[-1] == Code("ใหม่", "ลอง")
    [passage] = back.passages
    assert (passage.document, passage.start, passage.end) == ("กลุ่ม 1", 13, 30)
    assert (passage.code, passage.coder) == ("ใหม่", "admin")


def _first(browser: running.Browser, number: int) -> int:
    """Return the number of a project's first document, as its page lists it."""
    listed = browser.get(f"/project/{number}").decode()
    found = json.loads(listed.split("var documents = ")[1].split(";\n")[0])
    return min(int(document) for document in found)


def test_a_document_that_taguette_took_in_itself_is_read(browser, tmp_path):
    number = browser.import_project(taguette.write(replace(WORKS, documents=(), passages=())))
    page = "<html><body><h1>หัวเรื่อง</h1><p>ทีมงาน<br>ดี</p><script>x</script><p>จบ &amp; ลา</p></body></html>"
    path = f"/api/project/{number}/document/new"
    told = {"name": "เอกสาร", "description": "", "text_direction": "LEFT_TO_RIGHT"}
    sent = browser.upload(path, ("a.html", page.encode()), **told)
    document = json.loads(sent)["created"]
    tag = json.loads(browser.post(f"/api/project/{number}/tag/new", path="ก", description=""))["id"]
    begun = len("หัวเรื่องทีมงานดี".encode())
    made = {"start_offset": begun, "end_offset": begun + len("จบ & ลา".encode()), "tags": [tag]}
    browser.post(f"/api/project/{number}/document/{document}/highlight/new", **made)
    back = read(browser.export_project(number), tmp_path)
    assert back.documents == (Document("เอกสาร", "หัวเรื่อง\nทีมงาน\nดี\nจบ & ลา"),)
    [passage] = back.passages
    assert back.documents[0].text[passage.start : passage.end] == "จบ & ลา"


def test_a_codebook_of_taguette_is_read(browser):
    number = browser.import_project(taguette.write(WORKS))
    codes = refi.read_codebook(browser.get(f"/project/{number}/export/codebook.qdc"))
    assert [code.name for code in codes] == ["ทีม", "ทีม.1\u20242 ผู้นำ", "ไม่ได้ใช้"]


def test_opened_as_a_workspace_coders_stay(tmp_path):
    workspace = tmp_path / "workspace.sqlite3"
    workspace.write_bytes(taguette.write(WORKS))
    with running.taguette(workspace) as browser:
        assert b"\xe0\xb8\xaa\xe0\xb8\x99\xe0\xb8\x97" in browser.get("/")
    assert taguette.read(workspace) == WORKS


INDEPENDENT = """
import json, sys
from pyrefiqda import RefiProject
project = RefiProject.load(sys.argv[1], sys.argv[2])
said = []
for source in project.sources.text_source:
    path = RefiProject.resolve_source_path(source.plain_text_path, sys.argv[2])
    text = open(path, encoding="utf-8", newline="").read()
    for selection in source.plain_text_selection:
        for coding in selection.coding:
            place = text[selection.start_position : selection.end_position]
            said.append([source.name, place, coding.code_ref.target_guid, coding.creating_user])
names = {}
def walk(code):
    names[code.guid] = code.name
    for below in code.code:
        walk(below)
for code in project.code_book.codes.code:
    walk(code)
users = {user.guid: user.name for user in project.users.user}
print(json.dumps([[name, place, names[code], users[user]] for name, place, code, user in said]))
"""


def test_an_independent_reader_of_the_standard_reads_the_same_passages(tmp_path):
    (tmp_path / "a.qdpx").write_bytes(refi.write(WORKS))
    command = [running.python(), "-c", INDEPENDENT, tmp_path / "a.qdpx", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    texts = {document.name: document.text for document in WORKS.documents}
    told = [
        [p.document, texts[p.document][p.start : p.end], p.code, p.coder] for p in WORKS.passages
    ]
    assert sorted(json.loads(done.stdout)) == sorted(told)
