"""The book in a browser, on a desk and on a phone: going about, picking a region, colours, accessibility, weight.

Pictures of what readers see are left in build/screens/ of the repository, to be looked at.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
PHASES = ("instrument", "collection", "success-factors", "results", "guidelines", "scaling")
READ = ("index", "3_method", "north-upper-1/index", *(f"north-upper-1/{p}" for p in PHASES), "references", "search")  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WEIGHT = 1.5 * 2**20


def opened(browser: Browser, size: dict, mode: str = "light") -> Page:
    """Open a page of a size and a colour that keeps what goes wrong on it, and what it asks for."""
    page = browser.new_page(viewport=size)
    page.add_init_script(
        f"for (const k of ['mode', 'theme']) localStorage[k] ??= '{mode}'",
    )
    page.faults, page.asked = [], {}
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.on("request", lambda request: page.asked.setdefault(request.url))
    return page


@pytest.fixture(scope="module")
def desk(browser):
    page = opened(browser, DESK)
    yield page
    page.close()


@pytest.fixture(scope="module")
def phone(browser):
    page = opened(browser, PHONE)
    yield page
    page.close()


@pytest.fixture(scope="module")
def dark(browser):
    page = opened(browser, DESK, "dark")
    yield page
    page.close()


def picture(page: Page, name: str) -> None:
    """Leave what is seen now for a person to look at."""
    folder = ROOT / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name.replace('/', '-')}.png")


def overflow(page: Page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("name", READ)
def test_a_page_has_no_barrier_in_light_and_dark(desk, dark, site, name):
    # what the dark changes is colours; the rest is the same page
    for page, mode, rules in [(desk, "light", RULES), (dark, "dark", ["color-contrast"])]:
        page.goto(f"{site}/{name}.html")
        expect(page.locator("html")).to_have_attribute("data-theme", mode)
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
        told = [
            f"{fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:200]}"
            for fault in found.response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert told == []
        picture(page, f"{name}-{mode}")


@pytest.mark.parametrize("name", READ)
def test_a_phone_shows_a_page_without_scrolling_sideways(phone, site, name):
    phone.goto(f"{site}/{name}.html")
    phone.wait_for_load_state("networkidle")
    assert overflow(phone) <= 0
    picture(phone, f"{name}-phone")
    assert phone.faults == []


@pytest.mark.parametrize("name", READ)
def test_the_interface_speaks_thai(desk, site, name):
    desk.goto(f"{site}/{name}.html")
    said = desk.evaluate("""[...document.querySelectorAll('body *')]
        .filter(e => !e.closest('article') || e.matches('button, summary, select, input'))
        .flatMap(e => ['title', 'aria-label', 'placeholder', 'alt', 'data-bs-title'].map(a => e.getAttribute(a)))
        .concat([...document.querySelectorAll('nav, header, footer, button, summary, label')].map(e => e.innerText))
        .filter(t => t && /[A-Za-z]{3}/.test(t) && !/[ก-๛]/.test(t))""")
    assert [text for text in said if not re.search("Ctrl", text)] == []


def test_a_page_weighs_little_and_asks_no_other_machine(browser, site):
    for name in ("index", "TH/instrument", "north-upper-1/results"):
        page = opened(browser, DESK)
        sizes = []
        page.on("response", lambda response, sizes=sizes: sizes.append(len(response.body())))
        page.goto(f"{site}/{name}.html", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        page.wait_for_load_state("networkidle")
        assert {address.split("/")[2] for address in page.asked} == {site.removeprefix("http://")}
        assert sum(sizes) <= WEIGHT, (name, sum(sizes))
        assert page.faults == []
        page.close()


def test_the_picker_keeps_the_phase_and_names_the_region(desk, site):
    desk.goto(f"{site}/north-upper-1/guidelines.html")
    places = desk.get_by_label("หน้าเดียวกันของพื้นที่อื่น")
    expect(places).to_have_value("north-upper-1/guidelines")
    assert "ภาคใต้" in places.locator("optgroup").evaluate_all("all => all.map(g => g.label)")
    places.select_option(label="กลุ่มจังหวัดภาคใต้ฝั่งอ่าวไทย")
    desk.get_by_role("button", name="ไป", exact=True).click()
    desk.wait_for_url(f"{site}/south-gulf/guidelines.html")
    desk.get_by_label("หน้าเดียวกันของพื้นที่อื่น").select_option(label="ทั่วประเทศ")
    desk.get_by_role("button", name="ไป", exact=True).click()
    desk.wait_for_url(f"{site}/TH/guidelines.html")


def test_the_picker_works_from_a_folder_with_the_keyboard_alone(browser, small_home):
    page = opened(browser, PHONE)
    folder = (small_home / "build" / "book" / "html").as_uri()
    page.goto(f"{folder}/index.html")
    places = page.get_by_label("ดูผลของจังหวัด")
    places.focus()
    page.keyboard.press("End")
    province = places.evaluate("list => list.selectedOptions[0].label")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{folder}/*/index.html")
    expect(page.locator("article")).to_contain_text(province)
    assert page.faults == []
    page.close()


def test_colours_change_and_stay_changed(browser, site):
    page = opened(browser, DESK)
    page.goto(f"{site}/index.html")
    switch = page.get_by_role("button", name="สีของหน้า")
    for _ in range(3):
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
        switch.click()
    page.goto(f"{site}/north-upper-1/results.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.close()


def test_what_has_the_focus_is_seen_and_nothing_hidden_takes_it(browser, site):
    page = opened(browser, DESK)
    page.goto(f"{site}/north-upper-1/guidelines.html")
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        seen = page.evaluate("""() => {
            const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
            const marked = style.outlineStyle !== "none" || style.boxShadow !== "none";
            return [box.width > 0 && box.height > 0 && marked, e.outerHTML.slice(0, 120)];
        }""")
        assert seen[0], seen[1]
    page.close()


def test_the_search_field_opens_and_the_contents_of_a_phone_too(browser, site):
    page = opened(browser, DESK)
    page.goto(f"{site}/4_results.html")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="แสดงหรือซ่อนสารบัญ").click()
    contents = page.get_by_role("navigation", name="สารบัญ")
    expect(contents).to_be_visible()
    picture(page, "contents-phone")
    contents.get_by_role("link", name="บทที่ 1 บทนำ").click()
    expect(page.locator("h1").first).to_contain_text("บทที่ 1")
    page.close()


def test_a_wide_table_scrolls_in_its_own_box_says_so_and_takes_the_keyboard(phone, site):
    phone.goto(f"{site}/north-upper-1/success-factors.html")
    box = phone.get_by_role("region", name=re.compile("ตารางที่")).first
    expect(box).to_be_visible()
    expect(phone.get_by_text("ตารางกว้างกว่าจอ").first).to_be_visible()
    box.focus()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
    picture(phone, "table-phone")
    figure = phone.get_by_role("region", name=re.compile("รูปที่")).first
    assert figure.evaluate("box => box.scrollWidth > box.clientWidth")
    assert overflow(phone) <= 0


def test_a_notebook_can_be_downloaded(desk, site):
    desk.goto(f"{site}/north-upper-1/results.html")
    with desk.expect_download() as taken:
        desk.get_by_role("link", name=re.compile("ดาวน์โหลด")).first.click()
    assert taken.value.suggested_filename == "results.ipynb"
    assert '"cells"' in Path(taken.value.path()).read_text(encoding="utf-8")


def test_the_printed_page_is_the_text_without_what_is_to_be_pressed(browser, site):
    page = opened(browser, DESK)
    page.goto(f"{site}/north-upper-1/success-factors.html")
    page.emulate_media(media="print")
    for gone in ("nav.cast-navigation", ".cast-picker", ".prev-next-footer", ".bd-header-article"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_text("ข้อมูลจำลอง").first).to_be_visible()
    folder = ROOT / "build" / "screens"
    page.pdf(path=folder / "printed.pdf", prefer_css_page_size=True)
    page.set_viewport_size({"width": 680, "height": 900})
    assert (
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('article table')].map(t => t.scrollWidth - t.parentElement.clientWidth))"
        )
        <= 1
    )
    page.close()
