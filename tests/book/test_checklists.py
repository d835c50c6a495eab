"""The reporting checklists: numbered as published, every item answered somewhere that exists or honestly not."""

import json
import re

import pytest
import yaml

from castlib.book import assemble, checklists
from castlib.errors import CastError

from . import small_book

REPO = small_book.REPO
STROBE = ["1a", "1b", *"2 3 4 5".split(), "6a", *"7 8 9 10 11".split(), *(f"12{k}" for k in "abcde"),
          "13a", "13b", "13c", "14a", "14b", "15", "16a", "16b", "16c", *map(str, range(17, 23))]  # fmt: skip
NUMBERS = {
    "gramms": [str(k) for k in range(1, 7)],
    "coreq": [str(k) for k in range(1, 33)],
    "strobe": STROBE,
    "cherries": [str(k) for k in range(1, 31)],
}
LISTS = {checklist.code: checklist for checklist in checklists.load()}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CAST_HOME", str(tmp_path))
    return small_book.country(tmp_path, ["north-upper-1"])


def source():
    return (assemble.source() / "g_checklists.md").read_text(encoding="utf-8")


def change(home, **changes):
    file = home / "data" / "checklists" / "small.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    content["sections"][0]["items"][0] |= changes
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def own_pages():
    """Return the repo's chapters and the country's pages as the templates make them."""
    files = {file.name: file.read_bytes() for file in (REPO / "book").glob("*.md")}
    for file in (REPO / "notebooks").glob("[1-6]_*.ipynb"):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        for number, cell in enumerate(cells):
            text = "".join(cell["source"])
            if text.startswith("## "):
                cell["source"] = f"(cell-{number})=\n{text}"
        phase = file.stem.partition("_")[2]
        files[f"TH/{phase}.ipynb"] = json.dumps({"cells": cells}).encode()
    return files


@pytest.mark.parametrize("code", NUMBERS)
def test_items_are_those_of_the_published_list_in_its_order(code):
    assert [item.item for item in LISTS[code].items] == NUMBERS[code]


def test_the_lists_are_the_four_newest_first_and_each_says_its_version():
    assert list(LISTS) == ["gramms", "coreq", "strobe", "cherries"]
    assert all(str(checklist.year) in checklist.version for checklist in LISTS.values())


def test_strobe_has_22_items_and_coreq_its_three_domains():
    assert {re.match(r"\d+", item.item)[0] for item in LISTS["strobe"].items} == set(map(str, range(1, 23)))  # fmt: skip
    assert [len(items) for _, items in LISTS["coreq"].sections] == [8, 15, 9]


@pytest.mark.parametrize("code", NUMBERS)
def test_a_list_is_in_the_references_with_its_doi(code):
    entries = (REPO / "book" / "references.bib").read_text(encoding="utf-8").split("\n@")
    own = next(entry for entry in entries if f"{{{LISTS[code].reference}," in entry)
    assert "doi" in own
    assert {"gramms": "2008", "cherries": "2004"}.get(code, "2007") in own


def test_every_heading_that_an_item_names_is_in_the_repos_own_pages():
    text = checklists.sections(own_pages())
    assert text.count("{ref}`") == sum(len(i.where) for c in LISTS.values() for i in c.items)


def test_no_number_is_typed_into_what_an_item_says_of_the_study():
    for checklist in LISTS.values():
        for item in checklist.items:
            said = re.sub(r"\{result\}`[^`]+`", "", item.note)
            assert not re.search(r"\d", said), (checklist.name, item.item)


def test_the_page_links_labels_and_headings_and_tells_the_state_of_each_item(home):
    assemble.assemble()
    text = source()
    assert "CHECKLISTS" not in text
    assert "{ref}`บทที่ 3: ความเชื่อมั่น <small-reliability>`" in text
    assert "{ref}`ระยะ results ของ TH: คำถามที่ 1 <TH-results-1>`" in text
    assert (
        "จากทั้งหมด 3 รายการ รายงานแล้ว 1 รายการ รายงานบางส่วน 1 รายการ ไม่ได้รายงาน 1 รายการ\n" in text
    )
    assert "{cite}`kish1965`" in text


def test_headings_of_a_notebook_get_a_label_of_their_own(home):
    assemble.assemble()
    page = (assemble.source() / "north-upper-1" / "results.ipynb").read_text(encoding="utf-8")
    assert "(north-upper-1-results-1)=\\n## คำถามที่ 1" in page


@pytest.mark.parametrize(
    ("target", "like"),
    [
        ("3_method#small-reliabilty", "3_method#small-reliability"),
        ("TH/results#คำถามข้อที่ 1", "TH/results#คำถามที่ 1"),
        ("3_methods#small-reliability", "3_method#small-reliability"),
    ],
)
def test_a_vanished_heading_stops_the_book_and_is_named_with_the_nearest(home, target, like):
    assemble.assemble()
    before = source()
    change(home, where=[target])
    sentence = re.escape(f"รายการเล็ก ข้อ 1: ไม่พบหัวข้อ {target} (ที่ใกล้ที่สุดคือ {like})")
    with pytest.raises(CastError, match=sentence):
        assemble.assemble()
    assert source() == before


def test_a_heading_taken_out_of_a_chapter_stops_the_book(home):
    chapter = home / "book" / "3_method.md"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("(small-reliability)=\n", ""), encoding="utf-8")
    with pytest.raises(CastError, match="รายการเล็ก ข้อ 1: ไม่พบหัวข้อ 3_method#small-reliability"):
        assemble.assemble()


def test_at_most_ten_are_named_and_the_rest_counted(home):
    change(home, where=[f"9_none#x{k}" for k in range(12)])
    with pytest.raises(CastError, match=r"#x9[^0-9][\s\S]*และอีก 2 ข้อ") as told:
        assemble.assemble()
    assert "#x10" not in str(told.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"item": "2"}, "ข้อ 2: เลขข้อซ้ำกัน"),
        ({"state": "done"}, "ไม่มีสถานะ 'done'"),
        ({"where": []}, "มีสถานะว่ารายงานแล้ว แต่ไม่ได้บอกหน้าและหัวข้อ"),
        ({"state": "not_applicable"}, "มีสถานะว่าไม่เกี่ยวข้อง แต่ไม่ได้บอกเหตุผล"),
        ({"anchor": "x"}, r"small\.yml มีช่องที่ขาดหรือที่ไม่รู้จัก .*anchor"),
    ],
)
def test_what_is_wrong_in_a_list_itself_is_told(home, changes, sentence):
    change(home, **changes)
    with pytest.raises(CastError, match=sentence):
        checklists.load()
