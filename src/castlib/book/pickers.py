"""Going from a region's page to the same page of another region, and from a province to its cluster.

Both are native lists with a button, so that they work from a keyboard, on a phone, and from pages
opened as files. What they offer is the same on every page and stands once, in _static/places.js;
book/_static/cast.js fills the lists.
"""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from castlib import protocol, regions

FILE = "places.js"
_PICKER = """
<form class="cast-picker web-only pst-js-only" data-cast-{kind}="{page}">
<label for="cast-place">{label}</label>
<select id="cast-place"></select><button type="submit">ไป</button>
</form>
"""


def picker(page: str, root: str) -> str:
    """Return the picker of a page as HTML, "" where a page has none; `root` is the book's first page.

    >>> print(picker("TH/results", "index"))
    <BLANKLINE>
    <form class="cast-picker web-only pst-js-only" data-cast-page="results">
    <label for="cast-place">หน้าเดียวกันของพื้นที่อื่น</label>
    <select id="cast-place"></select><button type="submit">ไป</button>
    </form>
    <BLANKLINE>
    >>> picker("3_method", "index")
    ''
    """
    if page == root:
        return _PICKER.format(kind="provinces", page="", label="ดูผลของจังหวัด")
    region, _, name = page.partition("/")
    if region in regions.every() and name in ("index", *protocol.PHASES):
        return _PICKER.format(kind="page", page=name, label="หน้าเดียวกันของพื้นที่อื่น")
    return ""


def places(pages: set[str]) -> dict:
    """Return what the pickers offer, of the pages that the book has.

    `groups` is [macro region, [[code, name], …]] with the country first, `provinces` is
    [[name, folder of its pages], …] in dictionary order, and `country` is the page that stands for the
    country's profile.
    """
    from pythainlp.util import collate

    frame = regions.provinces()
    groups = [["ทั้งประเทศ", [[regions.COUNTRY, regions.label(regions.COUNTRY)]]]]
    for name, rows in frame.groupby("macro_region_th", sort=False):
        codes = []
        for cluster, members in rows.groupby("cluster", sort=False):
            codes += [cluster, *members["province"]]
        groups.append([name, [[c, regions.label(c)] for c in codes if f"{c}/index" in pages]])
    cluster_of = dict(zip(frame["name_th"], frame["cluster"], strict=True))
    own = {
        row.name_th: row.province for row in frame.itertuples() if f"{row.province}/index" in pages
    }
    listed = [[name, own.get(name, cluster_of[name])] for name in collate(cluster_of)]
    return {"groups": groups, "provinces": listed, "country": "4_results"}


def _place(app: Sphinx, pagename: str, template: str, context: dict, doctree: object) -> None:
    """Put a page's picker below its title."""
    if doctree is not None:
        title, end, rest = context["body"].partition("</h1>")
        context["body"] = title + end + picker(pagename, app.config.root_doc) + rest


def _write(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the script before any page, whose link to it tells its content."""
    said = json.dumps(places(env.found_docs), ensure_ascii=False, separators=(",", ":"))
    file = Path(app.outdir, "_static", FILE)
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"const castPlaces = {said};\n", "utf-8")


def setup(app: Sphinx) -> dict:
    """Register the pickers and their scripts."""
    app.add_js_file(FILE, loading_method="defer")
    app.add_js_file("cast.js", loading_method="defer")
    app.connect("html-page-context", _place)
    app.connect("env-updated", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
