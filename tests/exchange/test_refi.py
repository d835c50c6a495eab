"""Our own REFI-QDA files: nothing lost, the same bytes twice, as the standard's structure asks."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from castlib.errors import CastError
from castlib.exchange import refi
from castlib.exchange.checks import canonical
from castlib.exchange.project import Code, Document, Passage, Project
from tests.exchange import sample

SCHEMAS = Path(__file__).parents[1] / "reference/refi"
SMALL = Project(
    "โครงการ",
    (Document("กลุ่ม 1", sample.TEXT), Document("ว่าง", "")),
    sample.CODES,
    ("สมร", "บุญ"),
    (Passage("กลุ่ม 1", 0, 14, "ทีม", "สมร", datetime(2022, 11, 16, 9)),),
)


def schema(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / name))


@given(sample.projects())
@settings(deadline=None)
def test_any_project_comes_back_as_it_went(project):
    content = refi.write(project)
    assert refi.read(content) == canonical(project)
    assert refi.write(project) == content


@given(sample.projects())
@settings(deadline=None, max_examples=50)
def test_what_is_written_has_the_standards_structure(project):
    with zipfile.ZipFile(BytesIO(refi.write(project))) as package:
        root = etree.fromstring(package.read("project.qde"))
        parts = set(package.namelist())
    schema("project.rng").assertValid(root)
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(set(guids)) == len(guids)
    referred = [e.get(key) for e in root.iter() for key in ("creatingUser", "targetGUID")]
    assert set(filter(None, referred)) <= set(guids)
    paths = [source.get("plainTextPath") for source in root.iter("{*}TextSource")]
    assert parts == {"project.qde", *(p.replace("internal://", "sources/") for p in paths)}


@given(sample.projects())
@settings(deadline=None, max_examples=50)
def test_a_codebook_comes_back_and_has_the_standards_structure(project):
    if not project.codes:
        with pytest.raises(CastError, match="ยังไม่มีรหัส"):
            refi.codebook(project)
        return
    content = refi.codebook(project)
    schema("codebook.rng").assertValid(etree.fromstring(content))
    assert refi.read_codebook(content) == canonical(project).codes


def test_a_selection_is_named_by_its_text_and_ends_after_it():
    with zipfile.ZipFile(BytesIO(refi.write(SMALL))) as package:
        found = etree.fromstring(package.read("project.qde")).find(".//{*}PlainTextSelection")
    assert (found.get("startPosition"), found.get("endPosition")) == ("0", "14")
    assert found.get("name") == sample.TEXT[:14] == "ทีมงานเข้มแข็ง"
    assert found.get("creationDateTime") == "2022-11-16T02:00:00Z"


def test_a_file_is_read_from_where_it_lies(tmp_path):
    (tmp_path / "a.qdpx").write_bytes(refi.write(SMALL))
    (tmp_path / "a.qdc").write_bytes(refi.codebook(SMALL))
    assert refi.read(tmp_path / "a.qdpx") == SMALL
    assert refi.read_codebook(tmp_path / "a.qdc") == SMALL.codes


PASSAGE = SMALL.passages[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "ชื่อว่าง: โครงการ"),
        ({"documents": (*SMALL.documents, Document("ว่าง", "x"))}, "ชื่อซ้ำ: เอกสาร ว่าง"),
        ({"coders": ("สมร", "สมร")}, "ชื่อซ้ำ: ผู้ลงรหัส สมร"),
        ({"codes": (*SMALL.codes, Code("ก", parent="ไม่มี"))}, "รหัสที่อยู่ใต้รหัสที่ไม่มี.*: ก"),
        ({"codes": (*SMALL.codes, Code("ก", parent="ข"), Code("ข", parent="ก"))}, ": ก, ข"),
        ({"codes": (*SMALL.codes, Code("ทีม", parent="ทีม"))}, "ชื่อซ้ำ: รหัส ทีม"),
        ({"codes": (*SMALL.codes, Code("ก\x01"))}, "อักขระควบคุม"),
        ({"documents": (*SMALL.documents, Document("ก", "\ud800"))}, "ไม่สมบูรณ์: ก"),
        ({"passages": (replace(PASSAGE, document="ไม่มี"),)}, "ในเอกสารที่ไม่มี: ไม่มี"),
        ({"passages": (replace(PASSAGE, code="ไม่มี"),)}, "ด้วยรหัสที่ไม่มี: ไม่มี"),
        ({"passages": (replace(PASSAGE, coder="ไม่มี"),)}, "โดยผู้ลงรหัสที่ไม่มี: ไม่มี"),
        ({"passages": (replace(PASSAGE, end=99),)}, r"นอกเอกสารหรือว่าง: กลุ่ม 1 \[0:99\]"),
        ({"passages": (replace(PASSAGE, start=14),)}, r"นอกเอกสารหรือว่าง: กลุ่ม 1 \[14:14\]"),
        ({"passages": (replace(PASSAGE, at=datetime.now(UTC)),)}, "เวลาที่มีเขตเวลา"),
    ],
)
def test_a_project_that_contradicts_itself_is_not_written(change, told):
    for write in (refi.write, refi.codebook):
        with pytest.raises(CastError, match=told):
            write(replace(SMALL, **change))


def test_all_contradictions_are_told_at_once():
    wrong = replace(SMALL, name="", passages=(replace(PASSAGE, code="x", coder="y"),))
    with pytest.raises(CastError) as caught:
        refi.write(wrong)
    assert str(caught.value).count("·") == 3
