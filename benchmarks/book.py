"""How long the book takes: its pages (all, after one cluster has changed, after nothing has) and its papers.

    make study && .venv/bin/python benchmarks/book.py

Works on a copy of the finished build. "One cluster" is a new sentence in each of its six notebooks.
Prints the seconds of the pages and of the gate that searches them for personal data, the share of the
whole that one cluster takes, the weight of the site and of its heaviest page with all that it loads, and
the seconds of the PDF and Word files: the main report's, one cluster's, all clusters'.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import html as parser

from castlib import paths
from castlib.book import assemble, report, site
from castlib.privacy import gate

CLUSTER = "north-upper-1"
MB = 2**20


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cast-bench-") as folder:
        copy(Path(folder))
        os.environ["CAST_HOME"] = folder
        whole, searched = both("all pages", fresh=True)
        change(CLUSTER)
        part, again = both("one cluster changed")
        both("nothing changed")
        print(
            f"one cluster: {part / whole:.2f} of the pages' time, {again / searched:.2f} of the gate's"
        )
        weigh(site.html())
        main, *clusters = assemble.documents()
        papers("main report", main)
        papers("one cluster", *[paper for paper in clusters if paper.name.endswith(CLUSTER)])
        papers(f"{len(clusters)} clusters", *clusters)


def copy(home: Path) -> None:
    """Lay a copy of the study and of its executed notebooks into another home."""
    for name in (
        "data",
        "notebooks",
        "book",
        "build/study",
        "build/intake",
        "build/notebooks",
        "build/results",
    ):
        shutil.copytree(paths.home() / name, home / name, ignore=shutil.ignore_patterns("raw"))
    for name in gate.IMPRINT:
        shutil.copy(paths.home() / name, home / name)


def both(what: str, fresh: bool = False) -> tuple[float, float]:
    """Build and search the pages; print and return the seconds of both."""
    pages = timed(lambda: (assemble.assemble(), site.build(os.cpu_count() or 1, fresh)))
    search = timed(lambda: gate.check(paths.build() / "book"))
    print(f"{what}: pages {pages:.1f} s, gate {search:.1f} s")
    return pages, search


def papers(what: str, *made: assemble.Report) -> None:
    """Make PDF and Word files and print the seconds."""
    seconds = timed(lambda: report.build(made, {}, os.cpu_count() or 1))
    print(f"{what}: PDF and Word {seconds:.1f} s")


def timed(do: Callable[[], object]) -> float:
    begun = time.monotonic()
    do()
    return time.monotonic() - begun


def change(region: str) -> None:
    """Add a sentence to each of a region's executed notebooks."""
    for file in (paths.executed() / region).glob("*.ipynb"):
        content = json.loads(file.read_text(encoding="utf-8"))
        text = next(cell for cell in content["cells"] if cell["cell_type"] == "markdown")
        text["source"] = "".join(text["source"]) + "\n\nมีคำตอบมาเพิ่มหลังกำหนด\n"
        file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def weigh(folder: Path) -> None:
    """Print what the whole site and its heaviest page weigh."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    pages = [file for file in files if file.suffix == ".html" and "_static" not in file.parts]
    weights = {page: page_weight(page) for page in pages}
    heaviest = max(weights, key=weights.__getitem__)
    print(
        f"site: {len(pages)} pages, {sum(file.stat().st_size for file in files) / MB:.1f} MB; "
        f"heaviest page {heaviest.relative_to(folder)}, {weights[heaviest] / MB:.2f} MB with what it loads"
    )


def page_weight(page: Path) -> int:
    """Return the bytes of a page, its scripts, style sheets and pictures, and two faces of its font."""
    tree = parser.parse(str(page))
    loaded = tree.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")
    files = {(page.parent / address.partition("?")[0]).resolve() for address in loaded}
    root = page.parent / tree.getroot().get("data-content_root", "")
    files |= {root / "_static" / "fonts" / f"Sarabun-{face}.woff" for face in ("Regular", "Bold")}
    return page.stat().st_size + sum(file.stat().st_size for file in files)


if __name__ == "__main__":
    main()
