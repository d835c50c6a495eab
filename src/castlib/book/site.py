"""Build the book's HTML with Jupyter Book's configuration and Sphinx, in a process of its own."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from castlib import lazy, paths, store
from castlib.book.assemble import source
from castlib.book.facts import facts
from castlib.errors import CastError

NOTICE = "ข้อมูลจำลอง: ตัวเลขและข้อความในหนังสือเล่มนี้สร้างขึ้นเพื่อทดสอบระบบ ไม่ใช่ผลการศึกษาจริง"
UNUSED = {"sphinx_thebe", "sphinx_comments", "sphinx.ext.intersphinx", "sphinx_multitoc_numbering",
          "sphinx_jupyterbook_latex", "sphinx_copybutton", "sphinx_design", "sphinx_togglebutton"}  # fmt: skip


def html() -> Path:
    """Return the folder of the built pages."""
    return paths.build() / "book" / "html"


def configuration() -> dict:
    """Return the Sphinx configuration of the book: Jupyter Book's from _config.yml, less what it never uses.

    What is left out reaches for another host (live code, comments, other projects' indexes), says nothing
    of parallel safety, which would make the whole build serial, or adds to every page what none uses and
    speaks no Thai (buttons to copy, to fold, cards).
    """
    lazy.skip_address_grammars()
    from jupyter_book.config import get_final_config

    folder = source()
    settings, _ = get_final_config(
        user_yaml=folder / "_config.yml",
        sourcedir=folder,
        cli_config={"latex_individualpages": False},
        raise_on_invalid=True,
    )
    settings["extensions"] = [name for name in settings["extensions"] if name not in UNUSED]
    return settings


def setup(app: Sphinx) -> dict:
    """Add what depends on the study, also where Jupyter Book itself builds the assembled source."""
    app.add_config_value("cast_static", "", "html")
    app.connect("config-inited", add_the_study, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_the_study(app: Sphinx, config: Config) -> None:
    """Say where the named results lie, what the chapters may say of the study, and whether it is synthetic."""
    notice = NOTICE if store.synthetic() else ""
    config.cast_results = str(paths.results())
    # each page tells the content of its scripts and styles
    config.cast_static = _digest(source() / "_static")
    config.myst_substitutions = facts(notice)
    config.html_theme_options["announcement"] = notice


def _digest(folder: Path) -> str:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def build(jobs: int = 2, fresh: bool = False) -> None:
    """Build the pages; any warning is an error, and all of them are named at once.

    `fresh` builds without what an earlier, unfinished build left behind.
    """
    doctrees = paths.build() / "book" / "doctrees"
    if fresh:
        for folder in (html(), doctrees):
            shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q", "-j", str(jobs),
               "-d", str(doctrees), str(source()), str(html())]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        # what was written looks like a book, but is none
        (html() / "index.html").unlink(missing_ok=True)
        said = [line for line in done.stderr.splitlines() if line.strip()]
        faults = [line for line in said if "WARNING" in line or "ERROR" in line] or said[-20:]
        rest = f"\n  และอีก {len(faults) - 20} รายการ" if len(faults) > 20 else ""
        raise CastError("สร้างหน้าเว็บไม่สำเร็จ:\n  " + "\n  ".join(faults[:20]) + rest)
    _remove_what_no_page_uses()


def _remove_what_no_page_uses() -> None:
    """Remove old pictures and numbers, which Sphinx leaves, and its list of names for other projects."""
    (html() / "objects.inv").unlink(missing_ok=True)
    for folder in ("figures", "data"):
        shown = source() / "_extra" / folder
        for file in (html() / folder).rglob("*.*"):
            if not (shown / file.relative_to(html() / folder)).exists():
                file.unlink()
