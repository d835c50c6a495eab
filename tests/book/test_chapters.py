"""The repo's own chapters: in the contents, and naming only what exists."""

import re

import pytest
import yaml

from castlib import store
from castlib.book import facts
from castlib.present import coding, comparisons, displays, measurement, robust, structure

from . import small_book

BOOK = small_book.REPO / "book"
CHAPTERS = sorted(BOOK.glob("*.md"))


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(
        store, "about", lambda: {"synthetic": True, "source_digest": "0" * 64, "rows": {}}
    )
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
    heads["results"] = "agreement|saturation"
    saved["results"] = coding.NATIONAL
    text = "".join(file.read_text(encoding="utf-8") for file in CHAPTERS)
    for phase, names in saved.items():
        used = set(re.findall(rf"`TH/{phase}/((?:{heads[phase]})[\w.]*)`", text))
        assert used
        assert used <= set(names)


def text_of(*names: str) -> str:
    return "".join((BOOK / f"{name}.md").read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize(
    "chapter", ["0_summary", "0_summary_en", "4_results", "5_conclusion", "cluster"]
)
def test_a_page_of_findings_says_that_they_are_synthetic(chapter):
    assert "{{ synthetic_note" in text_of(chapter)


# what may be typed: numbers of chapters, objectives and steps, names, scales, criteria, laws and licences
TYPED = (
    r"(?:บทที่|ข้อที่|ข้อ|กิจกรรมที่|ขั้นตอน|ถึง) [\d๐-๙][\d๐-๙.]*",
    "เครือข่าย 7 ภาค", "ทั้ง ๒ กิจกรรม", "HTMT2", "UTF-8", "95%", "คะแนนเต็มคือ 5", "1–5", "from 1 to 5", "5 ระดับ",
    "1 ตรง, 0 ไม่แน่ใจ, −1 ไม่ตรง", "ตั้งแต่ 0.50", "ตั้งแต่ 10 อำเภอ", "ไม่ถึง 5 คน", "เส้น 0.85",
    r"ใกล้ 0\.(?:95|06|08)", "พ.ศ. 2562", "4.0", "1:10 ล้าน", "License 1.1", "เซตตั้งแต่ 0", "CR2", "Debian 12", "Python 3.11",
)  # fmt: skip
MARKUP = (
    r"```.*?```", r"\{[\w:-]+\}`[^`]*`", r"\{\{[^}]*\}\}", r"`[^`]*`", r"\$\$.*?\$\$", r"\$[^$]*\$",
    r"\(\w+\.(?:md|ipynb)\)", r"^\([\w-]+\)=", r"^\d+\. ",
)  # fmt: skip


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda file: file.stem)
def test_no_number_of_the_study_is_typed(chapter):
    prose = chapter.read_text(encoding="utf-8")
    for pattern in (*MARKUP, *TYPED):
        prose = re.sub(pattern, " ", prose, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"[^\n]{,30}[\d๐-๙][^\n]{,20}", prose) == []


def test_both_summaries_answer_the_four_objectives_with_the_same_numbers():
    thai, english = (
        set(re.findall(r"\{result[\w-]*\}`([^`]+)`", text_of(name)))
        for name in ("0_summary", "0_summary_en")
    )
    assert english - thai == set()
    assert {"TH/success-factors", "TH/results", "TH/guidelines", "TH/scaling"} <= {
        name.rsplit("/", 1)[0] for name in english
    }


def test_a_summary_shows_labels_in_english_only():
    labels = re.findall(
        r"\{result\}`([^`]+(?:label|labels|level|strength|solution))`", text_of("0_summary_en")
    )
    assert labels == []
    assert not re.search("[\u0e00-\u0e7f]", text_of("0_summary_en"))


def test_equations_and_tables_that_are_named_are_referred_to_and_the_other_way_round(known):
    text = "".join(file.read_text(encoding="utf-8") for file in CHAPTERS)
    assert set(re.findall(r"\$\$ \((eq-[\w-]+)\)", text)) == set(
        re.findall(r"\{eq\}`([\w-]+)`", text)
    )
    labels = set(re.findall(r":name: (\S+)", "".join(known.values())))
    assert set(re.findall(r"\{numref\}`([\w-]+)`", text)) <= labels


def test_every_work_is_cited_once_at_least_and_every_citation_is_a_work():
    bib = (BOOK / "references.bib").read_text(encoding="utf-8")
    lists = "".join(
        file.read_text(encoding="utf-8")
        for file in (small_book.REPO / "data" / "checklists").glob("*.yml")
    )
    cited = {key.strip() for keys in re.findall(r"\{cite[:\w]*\}`([^`]+)`", text_of(*(f.stem for f in CHAPTERS)))
             for key in keys.split(",")}  # fmt: skip
    cited |= set(re.findall(r"^reference: (\S+)$", lists, re.M))
    assert set(re.findall(r"^@\w+\{(\w+),", bib, re.M)) == cited


def test_every_province_is_in_the_index_and_leads_to_its_cluster(known):
    from castlib import regions

    home = regions.provinces().set_index("province")["cluster"]
    links = re.findall(r"<([\w-]+)-(TH-\d\d)>", known["list_provinces"])
    assert sorted(links) == sorted(zip(home, home.index, strict=True))
    assert "(REGION-PROVINCE)=" in text_of("cluster")


def test_terms_of_the_glossary_stand_in_the_order_of_a_dictionary():
    from castlib.book.citations import dictionary_order

    for part in text_of("f_glossary").split("\n## ")[1:]:
        terms = re.findall(r"^(\S.*)\n: ", part, re.M)
        assert terms == sorted(terms, key=dictionary_order)
        assert len(terms) == len(set(terms))
