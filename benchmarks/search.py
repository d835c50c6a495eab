"""What the book's search finds beside Sphinx's, and what both cost: run after `cast book`.

    .venv/bin/python benchmarks/search.py

Every query of tests/book/search_queries.yml is asked in Chromium of both, over the same pages, and the
answers are compared with what another engine finds (tests/book/search_answers.py). Sphinx leads to pages
and seldom to sections, so the comparison is by pages; ours is measured by sections too. Sphinx's index is
made in a temporary folder, with a plain theme, from the same assembled source.
"""

import gzip
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from castlib.book import assemble, search, site  # noqa: E402
from castlib.text import words  # noqa: E402
from tests.book import search_answers, test_search_quality  # noqa: E402

LEAST_RECALL, LEAST_PRECISION, MOST_SECONDS, MOST_KB = 0.98, 0.95, 3, 400
SPHINX = """query => Search._performSearch(...Search._parseQuery(query)).reverse().map(r => `${r[0]}.html${r[2]}`)"""
CONFIGURATION = """
from castlib.book.assemble import source
from castlib.book.site import configuration
globals().update(configuration())
extensions.remove("castlib.book.search")
html_theme, html_theme_options, html_sidebars = "basic", {}, {}
templates_path, html_static_path, html_extra_path, html_css_files, html_js_files = [], [], [], [], []
html_favicon = None
exclude_patterns = [*exclude_patterns, "_extra"]
bibtex_bibfiles = [str(source() / "references.bib")]
"""


def main() -> None:
    folder = site.html()
    names = search_answers.names(folder)
    words.warm()
    begun = time.process_time()
    file = search.write(folder, _in_order(folder))
    seconds = time.process_time() - begun
    pages = search_answers.Pages(folder, names)
    kinds = test_search_quality.QUERIES
    queries = [q for kind in test_search_quality.ORDINARY for q in kinds[kind]]
    queries += [q for kind in test_search_quality.PAIRS for pair in kinds[kind] for q in pair]
    queries = list(dict.fromkeys(q for q in queries if pages.right(q)))
    print(
        f"{len(names)} pages, {len(pages.holders)} different blocks of text, {len(queries)} queries"
    )
    with tempfile.TemporaryDirectory() as temporary, _chromium() as browser:
        sphinx = _sphinx(Path(temporary))
        ours, took, ready = _ask(browser, folder, test_search_quality.ANSWER, queries)
        theirs, sphinx_took, _ = _ask(browser, sphinx, SPHINX, queries)
        nothing, _, _ = _ask(browser, folder, test_search_quality.ANSWER, kinds["nothing"])
        _row("", "ours", "Sphinx")
        _row(
            "index, KB",
            *(f"{f.stat().st_size / 1024:.0f}" for f in (file, sphinx / "searchindex.js")),
        )
        kb = [len(gzip.compress(f.read_bytes())) / 1024 for f in (file, sphinx / "searchindex.js")]
        _row("index, KB gzipped", *(f"{each:.0f}" for each in kb))
    _row("ms a query, median", *(f"{sorted(t)[len(t) // 2]:.1f}" for t in (took, sphinx_took)))
    _row("ms a query, slowest", *(f"{max(t):.1f}" for t in (took, sphinx_took)))
    by_page = [_means(pages, queries, found) for found in (ours, theirs)]
    _row("pages: recall", *(f"{recall:.3f}" for recall, _ in by_page))
    _row("pages: precision at 5", *(f"{precision:.3f}" for _, precision in by_page))
    quality = [pages.quality(query, ours[query]) for query in queries]
    recall, precision = (sum(each) / len(quality) for each in zip(*quality, strict=True))
    _row("sections: recall", f"{recall:.3f}", "")
    _row("sections: precision at 5", f"{precision:.3f}", "")
    print(f"made in {seconds:.1f} s of processor; ready in the browser after {ready:.0f} ms")
    wrong = [query for query, found in nothing.items() if found]
    print(f"found although not in the book: {wrong}")
    good = recall >= LEAST_RECALL and precision >= LEAST_PRECISION and not wrong
    sys.exit(not (good and seconds <= MOST_SECONDS and kb[0] <= MOST_KB))


def _in_order(folder: Path) -> list[str]:
    import json

    made = (folder / search.FILE).read_text(encoding="utf-8")
    index = json.loads(made.removeprefix("castSearchIndex=").rstrip().removesuffix(";"))
    return [page[0].removesuffix(".html") for page in index["pages"]]


def _sphinx(folder: Path) -> Path:
    """Build the pages with Sphinx's own search; return their folder."""
    (folder / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-j", "2", "-c", str(folder), "-d",
               str(folder / "doctrees"), str(assemble.source()), str(folder / "html")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return folder / "html"


@contextmanager
def _chromium() -> Iterator[Page]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield started.new_page()
        started.close()


def _ask(page: Page, folder: Path, how: str, queries: list[str]) -> tuple[dict, list[float], float]:
    """Return the answers, the milliseconds of each, and of the first, for which the index is laid out."""
    page.goto((folder / "search.html").as_uri())
    timed = f"query => {{ const t = performance.now(); const a = ({how})(query); return [a, performance.now() - t]; }}"
    _, first = page.evaluate(timed, "ก")
    answers = {query: page.evaluate(timed, query) for query in queries}
    return {q: found for q, (found, _) in answers.items()}, [t for _, t in answers.values()], first


def _means(pages: search_answers.Pages, queries: list[str], found: dict) -> tuple[float, float]:
    """Return mean recall and precision at five, by pages."""

    def of(addresses: list[str] | set[str]) -> list[str]:
        return list(dict.fromkeys(address.partition("#")[0] for address in addresses))

    recalls, precisions = [], []
    for query in queries:
        shown, right = of(found[query]), of(pages.right(query))
        asked = of(pages.asked(query)) or right
        recalls.append(len(set(asked) & set(shown)) / len(asked))
        precisions.append(sum(p in right for p in shown[:5]) / len(shown[:5]) if shown else 0)
    return sum(recalls) / len(queries), sum(precisions) / len(queries)


def _row(*cells: str) -> None:
    print(f"{cells[0]:26}" + "".join(f"{cell:>10}" for cell in cells[1:]))


if __name__ == "__main__":
    main()
