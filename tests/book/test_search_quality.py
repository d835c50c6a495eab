"""The book's search, asked hundreds of things in a browser, against what another engine finds.

Of each answer, the sections are taken in the order in which the page shows them. Recall is the share
of the sections that must be found (`search_answers.Pages.asked`) which are; precision at five the share
of the first five that are right (`right`); both are means over the queries that have any answer.
"""

from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from castlib import paths, regions

from . import search_answers

pytestmark = pytest.mark.slow
QUERIES = yaml.safe_load((Path(__file__).parent / "search_queries.yml").read_text(encoding="utf-8"))
ORDINARY = ("provinces", "places", "words", "latin", "several", "phrases", "begins")
PAIRS = ("digits", "tones", "spellings")
# what the page shows of an answer, in its order: the page's own section first, then the others
ANSWER = """query => {
  const answer = castSearch.search(castSearch.book ??= castSearch.prepare(castSearchIndex), query);
  return answer.results.flatMap(page => [...page.sections.filter(s => s.first),
    ...page.sections.filter(s => !s.first)].map(s => s.url));
}"""
FIELD = ".bd-search-container input[name=q]"


@pytest.fixture(scope="module")
def folder(small_home) -> Path:
    """The built pages of the small country."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(small_home))
        yield small_home / "build" / "book" / "html"


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.faults.append("dialog"), dialog.dismiss()))
    yield opened
    assert opened.faults == []
    opened.close()


@pytest.fixture(scope="module")
def answers(browser, site) -> dict[str, list[str]]:
    """The answer to every query, asked in the browser."""
    asked = {query for kind in ORDINARY for query in QUERIES[kind]} | set(QUERIES["nothing"])
    asked |= {query for kind in PAIRS for pair in QUERIES[kind] for query in pair}
    assert len(asked) >= 200
    page = browser.new_page()
    page.goto(f"{site}/search.html")
    found = {query: page.evaluate(ANSWER, query) for query in sorted(asked)}
    page.close()
    return found


@pytest.fixture(scope="module")
def pages(folder) -> search_answers.Pages:
    """The same pages, as the other engine reads them."""
    return search_answers.Pages(folder, search_answers.names(folder))


def test_what_must_be_found_is_found_and_the_first_are_right(answers, pages):
    quality = {
        query: pages.quality(query, found)
        for query, found in answers.items()
        if query not in QUERIES["nothing"] and (found or pages.asked(query))
    }
    assert len(quality) >= 150
    recall, precision = (sum(each) / len(quality) for each in zip(*quality.values(), strict=True))
    worst = sorted(quality.items(), key=lambda item: sum(item[1]))[:15]
    assert recall >= 0.98, worst
    assert precision >= 0.95, worst


def test_a_province_leads_to_its_clusters_first_page(answers):
    clusters = dict(
        zip(regions.provinces()["name_th"], regions.provinces()["cluster"], strict=True)
    )
    assert len(clusters) > 20
    for province, cluster in clusters.items():
        assert answers[province][0].split("#")[0] == f"{cluster}/index.html"


def test_with_or_without_the_word_for_province(answers):
    assert answers["จังหวัดเชียงใหม่"] == answers["เชียงใหม่"]
    assert answers["จังหวัด ลำพูน"] == answers["ลำพูน"]
    assert answers["จ. กระบี่"] == answers["กระบี่"]
    assert answers["จ.ลำปาง"] == answers["ลำปาง"]


@pytest.mark.parametrize("kind", ["digits", "spellings"])
def test_two_writings_of_one_word_have_one_answer(answers, kind):
    for one, other in QUERIES[kind]:
        # with blanks they are several terms, which weigh otherwise
        assert sorted(answers[one]) == sorted(answers[other]), (one, other)
    assert sum(bool(answers[one]) for one, _ in QUERIES[kind]) >= len(QUERIES[kind]) - 3


def test_a_tone_mark_makes_another_word(answers, pages):
    for pair in QUERIES["tones"]:
        for query in pair:
            assert set(answers[query]) <= pages.right(query), query
    assert set(answers["ข้าว"]) != set(answers["ข่าว"])


def test_what_the_book_does_not_say_is_not_found(answers):
    assert {query: answers[query] for query in QUERIES["nothing"] if answers[query]} == {}


def test_words_whose_link_word_is_left_out_are_found_close_together(answers, page: Page, site):
    page.goto(f"{site}/search.html?q=การมีส่วนร่วมประชาชน")
    expect(page.get_by_role("status")).to_contain_text("อยู่ใกล้กัน")
    expect(page.locator("#search-results mark").first).to_have_text("การมีส่วนร่วม")


def test_spelling_is_made_one_as_in_the_library(page: Page, site):
    from castlib.text import words

    odd = ["นํ้าใจ", "น้ํา", "เเม่", "ที\u0e48\u0e48", "ก\u0e48\u0e35", "ข้\u200bาว", "ต่างๆ", "เด็กๆๆ", "ฯลฯ", "ฯ ล ฯ", "กา\u0e48",
           "ฤๅษี", "ๅ", "\u0e49ก", "ก ์ข", "ปีี", "S.D.", "๑๒.๕๐", "Café", "สุุ\u0e38ข", "อําเภอ", "ป\u0e4d\u0e49า"]  # fmt: skip
    page.goto(f"{site}/search.html")
    for text in odd:
        ours = page.evaluate("text => castSearch.fold(castSearch.normalise(text))", text)
        assert ours == page.evaluate("text => castSearch.fold(text)", words.normalise(text)), text


def test_a_reader_searches_from_any_page_with_the_keyboard(page: Page, site):
    page.goto(f"{site}/north-upper-1/results.html")
    assert page.evaluate("typeof castSearchIndex") == "undefined"
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("เชียงใหม่")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    expect(page.get_by_role("status")).to_have_text(_counted(page))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/north-upper-1/index.html*")


def _counted(page: Page) -> str:
    expect(page.locator("#search-results h2").first).to_be_visible()
    pages = page.locator("#search-results > li:has(h2)").count()
    answer = "castSearch.search(castSearch.prepare(castSearchIndex), 'เชียงใหม่').count"
    return f"พบ {page.evaluate(answer)} หัวข้อ ใน {pages} หน้า"


def test_pages_opened_from_a_folder_are_searched_as_one_types(page: Page, folder):
    page.goto(f"{(folder / 'search.html').as_uri()}?q=Cronbach")
    link = page.locator("#search-results a", has_text="เครื่องมือที่ใช้ในการวิจัย").first
    expect(page.locator("#search-results mark").first).to_have_text("Cronbach")
    page.locator(FIELD).fill("cron")
    expect(page.locator("#search-results mark").first).to_have_text("Cron")
    link.click()
    page.wait_for_url("**/3_method.html#method-instruments")
    expect(page.locator("#method-instruments")).to_be_in_viewport()


def test_neither_query_nor_page_is_read_as_html(page: Page, site):
    page.goto(f"{site}/search.html?q=<img src=x onerror=alert(1)>")
    expect(page.get_by_role("status")).to_contain_text("ไม่พบ “<img src=x onerror=alert(1)>”")
    assert page.locator("#search-results img").count() == 0


def test_nothing_found_says_what_to_try(page: Page, site):
    page.goto(f"{site}/search.html?q=ขาว")
    page.locator(FIELD).fill("ภาวะผู่นำ")
    expect(page.get_by_role("status")).to_have_text("ไม่พบ “ภาวะผู่นำ” ในหนังสือ")
    expect(page.locator(".search-hint")).to_contain_text("ลองตรวจตัวสะกด")
    page.locator(FIELD).fill("เชียงใหม่ ไดโนเสาร์")
    expect(page.locator(".search-hint a")).to_have_text(["เชียงใหม่"])
    page.locator(FIELD).fill("น่ำ")
    expect(page.locator(".search-hint")).to_contain_text("น้ำ")


def test_a_phone_shows_the_answer_without_scrolling_sideways(page: Page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/search.html?q=PNI")
    expect(page.locator("#search-results h2").first).to_be_visible()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_answer_has_no_barrier(page: Page, site, mode):
    page.add_init_script(f"for (const k of ['mode', 'theme']) localStorage[k] = '{mode}'")
    page.goto(f"{site}/search.html?q=เชียงใหม่")
    expect(page.locator("html")).to_have_attribute("data-theme", mode)
    expect(page.locator("#search-results h2").first).to_be_visible()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f["id"] for f in found if f["impact"] in ("serious", "critical")] == []


def test_sphinx_index_is_neither_made_nor_loaded(folder):
    assert "Search.setIndex" not in (folder / "searchindex.js").read_text(encoding="utf-8")
    for name in ("searchtools.js", "language_data.js"):
        assert not (folder / "_static" / name).exists()
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert not any(name in text for name in ("searchindex.js", "searchtools.js", "search.js"))


def test_every_address_of_the_index_is_there(folder, answers):
    seen = {address for found in answers.values() for address in found}
    for address in seen:
        name, _, mark = address.partition("#")
        assert not mark or f'id="{mark}"' in (folder / name).read_text(encoding="utf-8"), address
    assert paths.home() == folder.parents[2]
