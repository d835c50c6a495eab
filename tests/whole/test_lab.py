"""A researcher's first minutes, in a real browser: JupyterLab, the page of choices, the notebooks."""

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from playwright.sync_api import Error, Page, expect

from castlib import protocol

pytestmark = pytest.mark.slow

TOKEN = "for-tests"
REGION = "south-gulf"
LONG = 90_000  # milliseconds that a loaded machine may take


@pytest.fixture
def page(browser):
    """A page that notes which other machines it has asked."""
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    opened.asked = set()
    opened.on("requestfinished", lambda request: opened.asked.add(request.url.split("/")[2]))
    yield opened
    opened.close()


@contextmanager
def served(home: Path, command: str) -> Iterator[str]:
    """Start `cast lab` or `cast explore` as make does, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = {"CAST_HOME": str(home), "JUPYTER_PORT": str(port), "JUPYTER_TOKEN": TOKEN}
    env = os.environ | asked | {"BROWSER": "true"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = Path(sys.executable).parent / "cast"
    with subprocess.Popen([program, command], env=env, **quiet) as server:
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="module")
def home(small_home, tmp_path_factory) -> Path:
    """A copy of the small country, where a researcher leaves files."""
    return Path(shutil.copytree(small_home, tmp_path_factory.mktemp("lab") / "home"))


@pytest.fixture(scope="module")
def lab(home):
    """JupyterLab at its first start."""
    with served(home, "lab") as address:
        yield address


def go(page: Page, address: str) -> None:
    """Open an address, waiting for the server to start."""
    for _ in range(240):
        try:
            page.goto(address)
            return
        except Error as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(500)
    pytest.fail(f"nothing answers at {address}")


def run_all(page: Page) -> None:
    page.get_by_text(re.compile(r"CAST .*\| Idle")).wait_for(timeout=LONG)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).first.click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).select_option(label=option)


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_lab_opens_where_to_start_and_the_page_answers(page: Page, lab, home):
    first = pd.read_csv(home / "data" / "provinces.csv")["cluster"][0]
    go(page, f"{lab}/lab/workspaces/cast?token={TOKEN}")
    start = page.locator(".jp-RenderedMarkdown h1", has_text="เริ่มที่นี่")
    start.wait_for(timeout=LONG)
    expect(page.locator(".jp-TableOfContents").first).to_be_visible()
    page.locator(".jp-RenderedMarkdown a", has_text="explore.ipynb").first.click()
    run_all(page)
    page.locator(".cast-explore img").wait_for(timeout=LONG)
    expect(page.get_by_text("ข้อมูลจำลอง: มิใช่ผลการศึกษาจริง")).to_be_visible()
    page.get_by_label("พื้นที่", exact=True).press("ArrowDown")  # by the keyboard alone
    choose(page, "สิ่งที่ดู", "ความต้องการจำเป็น (PNI)")
    caption = page.locator(".cast-explore caption")
    expect(caption).to_have_text("ดัชนีความต้องการจำเป็นขององค์ประกอบแห่งความสำเร็จ", timeout=LONG)
    choose(page, "สิ่งที่ดู", "คำในบริบท (KWIC)")
    expect(caption).to_contain_text("คำว่า “แผน” ในบริบท", timeout=LONG)
    page.get_by_role("button", name="แสดงโค้ด").click()
    code = page.locator(".cast-explore textarea").input_value()
    assert f"castlib.load({first!r})" in code
    assert page.asked == {lab.removeprefix("http://")}
    assert json.loads((home / "build" / "lab" / "settings" / "overrides.json").read_text())


@pytest.mark.parametrize("phase", protocol.PHASES)
def test_a_notebook_runs_for_another_region(page: Page, lab, home, phase):
    folder = home / "build" / "tried"
    folder.mkdir(exist_ok=True)
    template = next((home / "notebooks").glob(f"[0-9]_{phase}.ipynb"))
    file = Path(shutil.copy(template, folder / f"{phase}.ipynb"))
    go(page, f"{lab}/lab/workspaces/{phase}/tree/build/tried/{phase}.ipynb?token={TOKEN}")
    parameters = page.locator(".jp-CodeCell .cm-content", has_text="REGION =").first
    parameters.click(timeout=LONG)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(f'REGION = "{REGION}"\nPHASE = "{phase}"')
    run_all(page)
    last = sum(cell["cell_type"] == "code" for cell in json.loads(file.read_bytes())["cells"])
    page.locator(".jp-InputPrompt", has_text=f"[{last}]:").wait_for(timeout=LONG)
    page.keyboard.press("Control+S")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    cells = [c for c in json.loads(file.read_bytes())["cells"] if c["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert f'REGION = "{REGION}"' in "".join(cells[0]["source"])
    assert all(cell["execution_count"] for cell in cells)
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert "กลุ่มจังหวัดภาคใต้ฝั่งอ่าวไทย" in json.dumps(outputs, ensure_ascii=False)


def test_the_page_without_code_gives_files(page: Page, home):
    with served(home, "explore") as address:
        go(page, address)
        expect(page).to_have_url(re.compile("/login"))  # nobody enters without the token
        page.goto(f"{address}/?token={TOKEN}")
        page.locator(".cast-explore img").wait_for(timeout=LONG)
        expect(page).to_have_title("สำรวจข้อมูลการศึกษา CAST")
        expect(page.locator("html")).to_have_attribute("lang", "th")
        assert page.get_by_text("import explore").count() == 0
        choose(page, "องค์ประกอบ", "ภาคีเครือข่าย 7 ภาค")
        caption = page.locator(".cast-explore caption")
        expect(caption).to_contain_text("ภาคีเครือข่าย 7 ภาค", timeout=LONG)
        page.get_by_role("button", name="เตรียมไฟล์ดาวน์โหลด").click()
        name, content = downloaded(page, "CSV")
        assert name == "TH-describe-network-synthetic.csv"
        table = pd.read_csv(io.BytesIO(content), nrows=5, encoding="utf-8-sig")
        assert list(table.columns[:3]) == ["รายการ", "n", "x̄"]
        name, content = downloaded(page, "Excel")
        pd.testing.assert_frame_equal(pd.read_excel(io.BytesIO(content)), table)
        name, content = downloaded(page, "Word")
        assert "ข้อมูลจำลอง" in "".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
        name, content = downloaded(page, "PNG")
        assert (name, content[1:4]) == ("TH-describe-network-synthetic.png", b"PNG")
        assert page.asked == {address.removeprefix("http://")}
