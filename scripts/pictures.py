"""Write docs/pictures: a region's page of the built book, and JupyterLab with that region open.

    .venv/bin/python scripts/pictures.py

Needs a built book (`make study`) and Debian's chromium. Thai outside the book is drawn in Sarabun.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import fontpkg_sarabun
import nbformat
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from castlib import paths

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
REGION = "north-upper-1"
CELLS = (
    f'import castlib\nfrom castlib import spss\n\nstudy = castlib.load("{REGION}")\nstudy',
    'spss.descriptives(study.scores(), ["leadership", "network", "suffering"]).round(2)',
)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{}</dir><dir>/usr/share/fonts</dir><cachedir>{}</cachedir>
<alias><family>sans-serif</family><prefer><family>Sarabun</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>Sarabun</family></prefer></alias></fontconfig>"""
SIZE = {"width": 1100, "height": 1080}


def save(page: Page, name: str) -> None:
    """Save what a page shows in few colours: a picture for a README."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    PICTURES.mkdir(exist_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(PICTURES / name, optimize=True)


def book(page: Page) -> None:
    """Take a picture of a region's page."""
    built = paths.home() / "build" / "book" / "html" / REGION / "index.html"
    page.goto(built.as_uri(), wait_until="load")
    page.wait_for_timeout(1500)
    save(page, "book.png")


def lab(page: Page, folder: Path) -> None:
    """Take a picture of JupyterLab after its cells were run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    notebook = paths.home() / "build" / "picture.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    made.metadata["kernelspec"] = {"name": "cast", "display_name": "CAST", "language": "python"}
    nbformat.write(made, notebook)
    asked = {"JUPYTER_PORT": str(port), "JUPYTER_TOKEN": "picture", "BROWSER": "true"}
    server = subprocess.Popen(
        [sys.executable, "-m", "castlib.cli", "lab"],
        env=os.environ | asked | {"JUPYTER_CONFIG_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}/lab/tree/build/picture.ipynb?token=picture&reset"
        for _ in range(120):
            try:
                page.goto(address)
                break
            except Exception:  # the server is still starting
                page.wait_for_timeout(500)
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.click(timeout=90_000)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+b")  # the list of files makes room
        for _ in CELLS:
            page.wait_for_timeout(8000)
            page.keyboard.press("Shift+Enter")
        page.locator(".jp-InputPrompt", has_text="[2]:").wait_for(timeout=90_000)
        page.wait_for_timeout(3000)
        page.locator(".jp-NotebookPanel .jp-CodeCell").first.scroll_into_view_if_needed()
        save(page, "lab.png")
    finally:
        server.terminate()
        server.wait()
        notebook.unlink()


def main() -> None:
    """Take both pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = Path(fontpkg_sarabun.ROOT) / "files"
        (folder / "fonts.conf").write_text(FONTS.format(files, folder / "cache"), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        with sync_playwright() as playwright:
            program = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=program, args=quiet)
            page = browser.new_page(viewport=SIZE)
            lab(page, folder)
            book(page)
            browser.close()


if __name__ == "__main__":
    main()
