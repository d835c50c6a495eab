"""The repo's own chapters: in the contents, and naming only what exists."""

import re

import pytest
import yaml

from castlib import store
from castlib.book import facts

from . import small_book

BOOK = small_book.REPO / "book"
CHAPTERS = sorted(BOOK.glob("*.md"))


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(store, "about", lambda: {"synthetic": True, "source_digest": "0" * 64})
    return facts.facts("ข้อมูลจำลอง")


def test_every_chapter_of_the_contents_exists_and_the_other_way_round():
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    listed = {chapter["file"] for part in toc["parts"] for chapter in part.get("chapters", [])}
    templates = {"cluster", "province"}
    assert listed | {toc["root"]} == {file.stem for file in CHAPTERS} - templates


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda file: file.stem)
def test_every_substitution_is_known(chapter, known):
    used = set(re.findall(r"\{\{ *(\w+) *\}\}", chapter.read_text(encoding="utf-8")))
    assert used <= set(known)


def test_every_fact_is_used_and_tables_have_their_own_label(known):
    text = "".join(file.read_text(encoding="utf-8") for file in CHAPTERS)
    assert [name for name in known if not re.search(rf"\{{\{{ *{name} *\}}\}}", text)] == []
    labels = [label for table in known.values() for label in re.findall(r":name: (\S+)", table)]
    assert len(labels) == len(set(labels)) == sum(name.startswith("table_") for name in known)
