"""The book as a person meets it: in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow

PAGES = ["index", "4_results", "TH/success-factors", "north-upper-1/index", "south-gulf/scaling"]


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda m: m.type == "error" and opened.faults.append(m.text))
    opened.hosts = set()
    opened.on("request", lambda request: opened.hosts.add(request.url.split("/")[2]))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_thai_and_asks_no_other_machine(page: Page, site, name):
    page.goto(f"{site}/{name}.html", wait_until="networkidle")
    expect(page.locator("html")).to_have_attribute("lang", "th")
    expect(page.locator("h1").first).to_have_text(re.compile("[ก-๛]"))
    expect(page.get_by_text("ข้อมูลจำลอง").first).to_be_visible()
    assert page.evaluate("document.fonts.check('16px Sarabun')")
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_load_state("networkidle")
    broken = "[...document.images].filter(i => !i.naturalWidth || !i.alt).map(i => i.src)"
    assert page.evaluate(broken) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert page.faults == []
    assert page.hosts == {site.removeprefix("http://")}


def test_a_reader_finds_a_cluster_and_a_number_leads_to_its_page(page: Page, site):
    page.goto(f"{site}/index.html")
    page.locator("summary", has_text="ภาคใต้").first.click()
    page.get_by_role("link", name="กลุ่มจังหวัดภาคใต้ฝั่งอ่าวไทย").first.click()
    expect(page.locator("h1").first).to_contain_text("กลุ่มจังหวัดภาคใต้ฝั่งอ่าวไทย")
    number = page.locator("article a[href*='success-factors.html']").first
    number.click()
    expect(page.locator("h1").first).to_contain_text("องค์ประกอบแห่งความสำเร็จ")
    expect(page.locator("table.cast-table caption").first).to_contain_text("ตารางที่")


def test_a_phone_shows_a_page_without_scrolling_sideways(page: Page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/north-upper-1/index.html")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
