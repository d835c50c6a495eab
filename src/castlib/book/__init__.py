"""The book: HTML, PDF and Word, from the chapters and the executed notebooks.

Only this package knows Sphinx, pandoc and Typst. It reads notebooks and results as files.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from castlib import paths, protocol, regions, store
from castlib.errors import CastError, some

TOOLS = ("jupyter-book", "myst-nb", "pypandoc-binary", "pydata-sphinx-theme", "sphinx", "sphinx-book-theme",
         "sphinxcontrib-bibtex", "typst", "fontpkg-sarabun")  # fmt: skip


def book(
    level: str = "cluster", jobs: int | None = None, out: Callable[[str], object] = print
) -> bool:
    """Make whatever of the book is out of date; return whether anything was.

    Parameters
    ----------
    level : str
        "cluster" for the country and its clusters, "province" for the provinces' pages too.
    jobs : int, optional
        How many pages or documents are made at once; by default one a processor.
    out : callable
        Takes the lines that say what is going on, in Thai.

    Raises
    ------
    CastError
        A notebook is missing, failed or out of date; a page names a result that no notebook saved; a
        tool could not read what it was given. PDF and Word files made before stay as they are; the
        pages lose their index.html until a build succeeds.
    Leaking
        Something in the book identifies a person. The whole book is moved to build/failed/book.
    """
    from castlib.privacy import gate

    begun = time.monotonic()
    gate.ready()
    _refuse_what_is_out_of_date(level)
    record, inputs = _read_record(), _inputs(level)
    if record["inputs"] == inputs and all((_folder() / name).exists() for name in record["files"]):
        _pass_the_gate()
        out(f"หนังสือเป็นปัจจุบัน ไม่ต้องทำใหม่ ({time.monotonic() - begun:.1f} วินาที)")
        return False
    from castlib.book import assemble, report, site

    def timed(step: str, do: Callable[[], object]) -> object:
        start = time.monotonic()
        done = do()
        out(f"{step}: {time.monotonic() - start:.1f} วินาที")
        return done

    jobs = jobs or os.cpu_count() or 1
    # an unfinished build, or one with other pages, leaves files that the next must not take for its own
    fresh = record["inputs"] is None or record["level"] != level
    known = record["reports"]
    _write_record({"inputs": None, "level": level, "files": [], "reports": known})
    timed("รวมเล่ม", lambda: assemble.assemble(level))
    timed("หน้าเว็บ", lambda: site.build(jobs, fresh))
    papers = assemble.documents()
    digests = timed(f"PDF และ Word {len(papers)} เล่ม", lambda: report.build(papers, known, jobs))
    files = [
        site.html() / "index.html",
        *(file for paper in papers for file in report.files(paper)),
    ]
    timed("ตรวจข้อมูลส่วนบุคคล", _pass_the_gate)
    names = [file.relative_to(_folder()).as_posix() for file in files]
    _write_record({"inputs": inputs, "level": level, "files": names, "reports": digests})
    return True


def _folder() -> Path:
    return paths.build() / "book"


def _pass_the_gate() -> None:
    """Stop where something in the book identifies a person, and put the book away."""
    from castlib.privacy import gate

    try:
        gate.check(_folder())
    except gate.Leaking as error:
        aside = paths.failed() / "book"
        shutil.rmtree(aside, ignore_errors=True)
        aside.parent.mkdir(parents=True, exist_ok=True)
        _folder().rename(aside)
        raise gate.Leaking(f"{error}\nหนังสือที่ยังไม่ผ่านย้ายไปไว้ที่ build/failed/book") from None


def _refuse_what_is_out_of_date(level: str) -> None:
    """Stop, naming every notebook that the book cannot take as it is."""
    from castlib.run import plan

    found = plan.status(regions.codes(level), protocol.PHASES)
    due = [
        f"{region}/{phase} ({why})" for region, phase, current, why in found if not current or why
    ]
    if due:
        raise CastError(
            f"ยังทำหนังสือไม่ได้ มีโน้ตบุ๊กที่ไม่เป็นปัจจุบัน {len(due)} เล่ม: {some(due)} "
            f"ใช้คำสั่ง cast run{' --level province' if level == 'province' else ''} แล้วทำหนังสืออีกครั้ง"
        )


def _inputs(level: str) -> str:
    """Return a digest of everything that the book is made from."""
    package = Path(__file__).parents[1]
    folders = [paths.book(), paths.data(), package / "book", package / "present"]
    listed = [file for folder in folders for file in folder.rglob("*") if file.suffix != ".pyc"]
    listed = [file for file in listed if not file.is_relative_to(paths.data() / "raw")]
    listed += package.glob("*.py")
    for region in regions.codes(level):
        listed += (paths.executed() / region / f"{phase}.ipynb" for phase in protocol.PHASES)
        listed += (paths.results() / region / f"{phase}.json" for phase in protocol.PHASES)
    digest = hashlib.sha256(
        json.dumps([level, store.about(), _versions()], sort_keys=True).encode()
    )
    for file in sorted(file for file in listed if file.is_file()):
        digest.update(f"{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _versions() -> list[str]:
    return [metadata.version(name) for name in TOOLS]


def _read_record() -> dict:
    """Return what the last build left: its inputs (None if it did not finish), its files, its documents."""
    file = _folder() / "record.json"
    empty = {"inputs": None, "level": "", "files": [], "reports": {}}
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else empty


def _write_record(record: dict) -> None:
    file = _folder() / "record.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(file)
