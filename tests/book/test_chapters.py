"""The repo's own chapters: in the contents, and naming only what exists."""

import re

import pytest
import yaml

from castlib import store
from castlib.book import facts
from castlib.present import comparisons, displays, measurement, robust, structure

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


def test_numbers_that_a_page_may_have_to_refuse_resolve_all_the_same():
    saved = {
        "instrument": measurement.factor_values(None, None, None) | structure.values({}, None),
        "success-factors": comparisons.values(None)
        | comparisons.regional_values(None)
        | displays.regression_values(None, None)
        | displays.clustering_values(None),
        "scaling": robust.values(None),
    }
    heads = {
        "instrument": "kmo|bartlett|factors|cfa|htmt|invariance",
        "success-factors": "differences|regions|r2|predictor|icc|design_effect|effective_n",
        "scaling": "fsqca.(?:tried|same|overlap)",
    }
    text = "".join(file.read_text(encoding="utf-8") for file in CHAPTERS)
    for phase, names in saved.items():
        used = set(re.findall(rf"`TH/{phase}/((?:{heads[phase]})[\w.]*)`", text))
        assert used
        assert used <= set(names)
