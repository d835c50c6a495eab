"""The whole book of a small country, built once: pages, PDF, Word, and what is done a second time."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
from lxml import html as parser

from castlib import book
from castlib.book import site
from castlib.errors import CastError

from . import small_book

pytestmark = pytest.mark.slow
CLUSTERS = ["south-andaman", "north-upper-1"]
QUIET = {"out": lambda line: None}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = small_book.country(tmp_path_factory.mktemp("country"), CLUSTERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(folder))
        patch.setattr("castlib.run.plan.status", lambda regions, phases: [])
        book.book(**QUIET)
        yield folder


def pages(home):
    folder = home / "build" / "book" / "html"
    return sorted(file for file in folder.rglob("*.html") if "_static" not in file.parts)


def page(home, name):
    return parser.parse(
        str(home / "build" / "book" / "html" / name), parser.HTMLParser(encoding="utf-8")
    )


def test_every_page_has_its_place(home):
    names = {file.relative_to(home / "build" / "book" / "html").as_posix() for file in pages(home)}
    assert {"index.html", "north-upper-1/index.html", "references.html"} <= names
    assert {f"{r}/{p}.html" for r in ["TH", *CLUSTERS] for p in small_book.PHASES} <= names


def test_nothing_of_the_site_asks_another_host_for_anything(home):
    for file in pages(home):
        tree = parser.parse(str(file))
        asked = tree.xpath("//@src | //link/@href | //@srcset | //object/@data | //form/@action")
        assert not [address for address in asked if re.match(r"(https?:)?//", address)], file
        assert not re.findall(r"url\([\"']?(?:https?:)?//", file.read_text(encoding="utf-8")), file
    static = home / "build" / "book" / "html" / "_static"
    for sheet in static.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//", text), sheet
    reaching = r"(?:fetch|import|importScripts|open|Request|WebSocket|sendBeacon)\([^)]{0,20}[\"'](?:https?|wss?)://"
    loaded = {
        (file.parent / address.partition("?")[0]).resolve()
        for file in pages(home)
        for address in parser.parse(str(file)).xpath("//script/@src")
    }
    for script in sorted(loaded):
        text = script.read_text(encoding="utf-8")
        assert not re.findall(reaching, text), script
        assert not re.findall(r"\.src ?= ?[\"']https?:", text), script


def test_jupyter_book_itself_builds_the_assembled_source_without_a_warning(home, tmp_path):
    source = home / "build" / "book" / "src"
    command = [Path(sys.executable).with_name("jupyter-book"), "build", str(source), "--path-output",
               str(tmp_path), "-W", "-n", "--keep-going"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    built = tmp_path / "_build" / "html"
    assert "ข้อมูลจำลอง" in (built / "3_method.html").read_text(encoding="utf-8")
    assert "4.05" in (built / "4_results.html").read_text(encoding="utf-8")


def test_the_pickers_list_the_regions_that_the_book_has(home):
    script = home / "build" / "book" / "html" / "_static" / "places.js"
    told = json.loads(script.read_text(encoding="utf-8").partition("=")[2].rstrip(";\n"))
    codes = [code for _, places in told["groups"] for code, _ in places]
    assert codes == ["TH", "south-andaman", "north-upper-1"]
    assert ["เชียงใหม่", "north-upper-1"] in told["provinces"]
    assert page(home, "TH/results.html").xpath("//form/@data-cast-page") == ["results"]
    assert page(home, "3_method.html").xpath("//form[@data-cast-page]") == []


def test_passages_in_english_say_so(home):
    entry = page(home, "references.html").xpath("//p[contains(., 'Survey Sampling')]")[0]
    assert entry.get("lang") == "en"
    assert not page(home, "3_method.html").xpath("//article//p[@lang]")


def test_every_page_and_paper_says_that_the_data_are_synthetic(home):
    for file in pages(home):
        assert "ข้อมูลจำลอง" in file.read_text(encoding="utf-8"), file
    for pdf in (home / "build" / "book").rglob("*.pdf"):
        for sheet in pypdf.PdfReader(pdf).pages:
            # ำ comes as its two parts
            assert "ข้อมูลจ\u0e4d\u0e32ลอง" in sheet.extract_text(), pdf


def test_prose_shows_the_saved_value_and_leads_to_its_page(home):
    link = page(home, "4_results.html").xpath("//a[span[@class='result']]")[0]
    assert link.text_content() == "4.05"
    assert link.get("href") == "TH/success-factors.html"
    assert "n = 760" in link.get("title")


def test_tables_of_chapters_are_numbered_in_their_chapter_and_country_pages_below_it(home):
    assert "ตารางที่ 4-1" in page(home, "4_results.html").xpath("string(//table/caption)")
    assert "ตารางที่ ก-1" in page(home, "a_instrument.html").xpath("string(//table/caption)")
    assert "ตารางที่ 4.1-1" in page(home, "TH/instrument.html").xpath("string(//table/caption)")
    assert page(home, "3_method.html").xpath("//a[contains(., 'ตารางที่ 2-1')]")


def test_checklists_lead_to_the_headings_that_they_name(home):
    links = page(home, "g_checklists.html").xpath("//article//td//a[contains(@href, '#')]")
    assert len(links) == 3
    for link in links:
        name, _, mark = link.get("href").partition("#")
        heading = page(home, name).xpath(
            f"string(//*[@id='{mark}']/ancestor-or-self::section[1]/h2)"
        )
        assert heading.rstrip("#") == link.text_content().partition(": ")[2]


def test_formulas_need_no_script(home):
    method = page(home, "3_method.html")
    assert method.xpath("//*[local-name() = 'math']")
    assert not method.xpath("//script[contains(@src, 'mathjax')]")


def test_pictures_and_notebooks_to_download_are_there(home):
    folder = home / "build" / "book" / "html"
    for file in folder.glob("*/*.html"):
        tree = parser.parse(str(file))
        wanted = tree.xpath("//article//img/@src | //article//a[@download]/@href")
        assert all((file.parent / name).exists() for name in wanted), file


def test_the_sidebar_opens_around_the_page_only(home):
    tree = page(home, "north-upper-1/results.html")
    names = tree.xpath("//nav[@class='cast-navigation']//a/@href")
    assert "instrument.html" in names
    assert "../south-andaman/index.html" in names
    assert "../south-andaman/results.html" not in names
    assert tree.xpath("//nav[@class='cast-navigation']//a[@aria-current='page']/@href") == ["#"]


def test_the_pdf_has_contents_bookmarks_and_the_thai_language(home):
    pdf = pypdf.PdfReader(home / "build" / "book" / "report.pdf")
    titles = [mark["/Title"] for mark in pdf.outline if not isinstance(mark, list)]
    assert titles[:3] == ["สารบัญ", "สารบัญตาราง", "สารบัญรูป"]
    first = titles.index("บทที่ 1 บทนำ")
    assert titles[first + 1] == "บทที่ 2 แนวคิดและวรรณกรรม"
    assert pdf.trailer["/Root"]["/Lang"] == "th-TH"


def test_word_has_as_many_figures_and_tables_as_the_pages(home):
    shown = [page(home, f"north-upper-1/{name}.html") for name in ("index", *small_book.PHASES)]
    with zipfile.ZipFile(home / "build" / "book" / "clusters" / "north-upper-1.docx") as package:
        text = package.read("word/document.xml").decode()
    assert text.count("<w:tbl>") == sum(len(tree.xpath("//article//table")) for tree in shown)
    assert text.count("<w:drawing>") == sum(len(tree.xpath("//article//figure")) for tree in shown)


def test_a_second_time_nothing_is_done_and_sphinx_is_not_loaded(home):
    code = (
        "import sys, castlib.book as b, castlib.run.plan as p; p.status = lambda r, q: [];"
        "said = []; made = b.book(out=said.append); print(made, 'sphinx' in sys.modules, len(said))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "1"]


def test_a_new_value_changes_the_sentence_the_pdf_and_nothing_else(home):
    folder = home / "build" / "book"
    before = {file: file.read_bytes() for file in folder.rglob("*.pdf")}
    small_book.results(home, "TH", "success-factors", mean=3.21)
    assert book.book(**QUIET)
    assert "3.21" in page(home, "4_results.html").xpath("string(//article)")
    changed = [file.name for file, content in before.items() if file.read_bytes() != content]
    assert changed == ["report.pdf"]


def test_a_book_made_again_equals_one_made_afresh(home):
    small_book.notebook(home, "north-upper-1", "results", image_kb=2, figures=2, tables=2)
    chapter = home / "book" / "2_concepts.md"
    table = "\n```{list-table} ก่อน\n:name: tab-first\n\n* - ก\n```\n"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text.replace("\n```{list-table}", f"{table}\n```{{list-table}}", 1), "utf-8")
    assert book.book(**QUIET)
    folder = home / "build" / "book" / "html"
    again = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert page(home, "3_method.html").xpath("//a[contains(., 'ตารางที่ 2-2')]")
    site.build(fresh=True)
    afresh = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert [file for file in again.keys() | afresh if again.get(file) != afresh.get(file)] == []


def test_every_page_asks_for_the_newest_styles(home):
    def asked():
        texts = [file.read_text(encoding="utf-8") for file in pages(home)]
        return {address for text in texts for address in re.findall(r"cast\.css\?v=\w+", text)}

    style = home / "book" / "_static" / "cast.css"
    style.write_text(style.read_text(encoding="utf-8") + "\n/* นี้ */\n", encoding="utf-8")
    before = asked()
    assert book.book(**QUIET)
    assert len(before) == len(asked()) == 1
    assert before != asked()


def test_every_unknown_name_is_told_at_once_and_nothing_passes_for_finished(home):
    chapter = home / "book" / "5_conclusion.md"
    text = chapter.read_text(encoding="utf-8")
    wrong = "\n\n{result}`TH/results/nothing` และ {result}`TH/success-factors/leadership.men`\n"
    chapter.write_text(text + wrong, encoding="utf-8")
    with pytest.raises(
        CastError, match=r"TH/results/nothing[\s\S]*leadership\.men.*leadership\.mean"
    ):
        book.book(**QUIET)
    assert not (home / "build" / "book" / "html" / "index.html").exists()
    chapter.write_text(text, encoding="utf-8")
    assert book.book(**QUIET)
    assert "leadership.men`" not in page(home, "5_conclusion.html").xpath("string(//article)")


def test_a_notebook_that_is_not_current_stops_the_book_before_anything(home, monkeypatch):
    due = [("TH", "results", False, "ข้อมูลของพื้นที่เปลี่ยน"), ("TH", "scaling", True, "")]
    monkeypatch.setattr("castlib.run.plan.status", lambda regions, phases: due)
    with pytest.raises(CastError, match=r"1 เล่ม: TH/results \(ข้อมูลของพื้นที่เปลี่ยน\).*cast run"):
        book.book(**QUIET)


def test_real_data_carry_no_notice(home):
    about = home / "build" / "study" / "study.json"
    study = json.loads(about.read_text())
    about.write_text(json.dumps(study | {"synthetic": False}))
    config = SimpleNamespace(html_theme_options={})
    site.add_the_study(None, config)
    about.write_text(json.dumps(study))
    assert config.html_theme_options["announcement"] == ""
    assert config.myst_substitutions["synthetic_note"] == ""
