"""One notebook as one file for e-mail."""

import base64
import io
import re

import pytest
from fontTools import ttLib
from lxml import html as parser
from playwright.sync_api import expect

from castlib import cli
from castlib.book import share
from castlib.errors import CastError
from castlib.privacy import gate

from . import small_book

MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = small_book.country(tmp_path_factory.mktemp("share"), ["north-upper-1"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(folder))
        patch.setattr("castlib.run.plan.status", lambda regions, phases: [(regions[0], phases[0], True, "")])  # fmt: skip
        yield folder


@pytest.fixture(scope="module")
def file(home):
    return share.share("north-upper-1", "results")


def test_the_file_is_whole_by_itself_and_small(file):
    tree = parser.parse(str(file), parser.HTMLParser(encoding="utf-8"))
    assert tree.getroot().get("lang") == "th"
    assert tree.findtext(".//title").startswith("ระยะ results")
    asked = tree.xpath("//@src | //link/@href | //script")
    assert asked
    assert all(address.startswith("data:image/png;base64,") for address in asked)
    assert not re.search(r"url\(\"?(?!\"?data:)", file.read_text(encoding="utf-8"))
    assert file.stat().st_size < MOST_BYTES


def test_numbers_are_those_of_the_book_and_parameters_are_left_out(file):
    text = file.read_text(encoding="utf-8")
    assert "ตารางที่ 4-1</span>" in text
    assert "รูปที่ 4-1</span>" in text
    assert "region =" not in text


def test_the_letters_inside_are_all_that_a_browser_draws(file):
    text = file.read_text(encoding="utf-8")
    thai = {letter for letter in text if "\u0e00" < letter < "\u0e7f"}
    fonts = re.findall(r"data:font/woff;base64,([^\"]+)", text)
    assert len(fonts) == 2
    for font in fonts:
        letters = ttLib.TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap()
        assert {ord(letter) for letter in thai | set("\u0e4d\u0e32")} <= set(letters)


def test_the_same_notebook_gives_the_same_bytes(file):
    before = file.read_bytes()
    assert share.share("north-upper-1", "results").read_bytes() == before
    assert [made.name for made in file.parent.iterdir()] == [file.name]


def test_a_notebook_that_is_not_current_is_refused_in_one_sentence(home, monkeypatch, capsys):
    due = [("TH", "results", False, "ข้อมูลของพื้นที่เปลี่ยน")]
    monkeypatch.setattr("castlib.run.plan.status", lambda regions, phases: due)
    assert cli.main(["share", "TH/results"]) != 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ข้อมูลของพื้นที่เปลี่ยน" in said
    assert "cast run --region TH --phase results" in said
    assert not (home / "build" / "share" / "TH-results.html").exists()


def test_what_identifies_a_person_is_not_written(home, monkeypatch):
    notebook = home / "build" / "notebooks" / "TH" / "guidelines.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("คำถามที่ 1", "ติดต่อ 081-234-5678"), encoding="utf-8")
    with pytest.raises(gate.Leaking, match="TH-guidelines"):
        share.share("TH", "guidelines")
    notebook.write_text(text, encoding="utf-8")
    assert not [made for made in (home / "build" / "share").iterdir() if "TH" in made.name]


def test_a_notebook_that_was_never_made_is_refused(home, monkeypatch):
    monkeypatch.setattr(
        "castlib.run.plan.status", lambda regions, phases: [("TH-50", "results", False, "ยังไม่ได้ทำ")]
    )
    with pytest.raises(CastError, match="ยังไม่ได้ทำ"):
        share.share("TH-50", "results")


@pytest.mark.slow
def test_a_browser_shows_it_without_asking_anybody(file, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    faults, asked = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.on("request", lambda request: asked.append(request.url[:9]))
    page.goto(file.as_uri(), wait_until="networkidle")
    expect(page.get_by_text("ข้อมูลจำลอง").first).to_be_visible()
    expect(page.get_by_text("castlib.means(study)")).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("details[open] code").first).to_be_visible()
    assert page.evaluate("document.fonts.check('16px Sarabun', 'กำ')")
    assert page.evaluate("[...document.images].every(i => i.naturalWidth && i.alt)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
    assert faults == []
    assert set(asked) <= {"file:///t", "data:font", "data:imag"}
