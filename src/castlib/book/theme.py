"""How a page of the book looks: its navigation, its formulas, the numbers of a chapter's tables.

The theme's own sidebar renders the whole contents again for every page, half of the time of a build;
this one writes the chapters, the macro regions and the current region's pages. Formulas are MathML,
made by pandoc when the book is built: every browser shows it without a script from elsewhere, and
Word and PDF are made from the same.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.math import get_node_equation_number

CHAPTER = re.compile(r"(\d+|[a-z])_")
THAI, LATIN = re.compile("[ก-๛]"), re.compile("[A-Za-z]{2,}")
LETTERS = dict(zip("abcdefghij", "กขคงจฉชซฌญ", strict=True))

# written by the extensions: an English name that hides the Thai words of a fold, and roles that a list
# of works does not have (its entries hold links beside them)
FAULTS = (' aria-label="Toggle hidden content"', ' role="list"', ' role="doc-biblioentry"')


@cache
def mathml(formula: str, display: bool) -> str:
    """Return a TeX formula as MathML.

    >>> mathml("x", False)
    '<math display="inline" xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    """
    import pypandoc

    mark = "$$" if display else "$"
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=html", "--mathml"]
    page = subprocess.run(command, input=mark + formula.strip() + mark, check=True, capture_output=True,
                          text=True, encoding="utf-8").stdout  # fmt: skip
    made = re.search(r"<math.*</math>", page, re.DOTALL)
    if made is None:
        raise ValueError(f"pandoc cannot read the formula {formula!r}")
    bare = re.sub(r"<annotation.*?</annotation>|</?semantics>", "", made[0], flags=re.DOTALL)
    return bare


def _inline(self, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), False))
    raise nodes.SkipNode


def _block(self, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(mathml(node.astext(), True))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _number_by_chapter(_: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Number a chapter's tables, figures and formulas within it: 3-1, 3-2; in an appendix ก-1.

    Return the chapters to write again: all, if a number changed, for any may refer to it.
    """
    chapters = [page for page in env.found_docs if CHAPTER.match(page)]
    env.toc_fignumbers = {page: {} for page in chapters}
    for page, kinds in env.toc_fignumbers.items():
        chapter = CHAPTER.match(page)[1]
        mark = LETTERS.get(chapter, chapter)
        for node in env.get_doctree(page).findall(nodes.Element):
            kind = _numbered(node, env)
            if kind and node["ids"]:
                numbers = kinds.setdefault(kind, {})
                numbers[node["ids"][0]] = (f"{mark}-{len(numbers) + 1}",)
    # Sphinx forgets the numbers of a page that is read again
    before = getattr(env, "cast_numbers", None)
    env.cast_numbers = env.toc_fignumbers
    return [] if before == env.cast_numbers else chapters


def _numbered(node: nodes.Element, env: BuildEnvironment) -> str | None:
    """Return what kind of thing with a number a node is, if it is one."""
    if isinstance(node, nodes.section):
        return None
    standard, formulas = env.domains["std"], env.domains["math"]
    titled = standard.get_numfig_title(node) and standard.get_enumerable_node_type(node)
    return titled or formulas.get_enumerable_node_type(node)


def _navigation(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object
) -> None:
    context["cast_navigation"] = lambda: navigation(app, pagename, context["pathto"])
    for fault in FAULTS if doctree is not None else ():
        context["body"] = context["body"].replace(fault, "")


def navigation(app: Sphinx, page: str, pathto: Callable[[str], str]) -> str:
    """Return the sidebar's contents for a page: parts, their chapters, and what is open around the page."""
    titles, site = app.env.titles, app.config.external_site_map
    trail = {page, *_above(page, app.env.toctree_includes)}

    def item(name: str) -> str:
        children = app.env.toctree_includes.get(name, []) if name in trail else []
        nested = f"<ul>{''.join(map(item, children))}</ul>" if children else ""
        title = _short(titles[name])
        marks = ' aria-current="page"' if page == name else ""
        marks += "" if THAI.search(title) else ' lang="en"'
        return f'<li><a href="{escape(pathto(name))}"{marks}>{escape(title)}</a>{nested}</li>'

    parts = []
    for tree in site.root.subtrees:
        names = [str(name) for name in tree.items]
        # parts of regions stay closed until one of their pages is read
        closed = "/" in names[0] and trail.isdisjoint(names)
        items = "".join(map(item, names))
        parts.append(
            f"<details{'' if closed else ' open'}><summary>{escape(tree.caption)}</summary><ul>{items}</ul></details>"
        )
    return "".join(parts)


def _short(title: nodes.title) -> str:
    """Return a title without what stands there for readers who come from elsewhere."""
    parts = (
        p
        for p in title.children
        if "web-only" not in getattr(p, "attributes", {}).get("classes", [])
    )
    return "".join(part.astext() for part in parts).strip()


def _above(page: str, children: dict[str, list[str]]) -> Iterator[str]:
    """Yield the pages above a page, nearest first."""
    for parent, below in children.items():
        if page in below:
            yield parent
            yield from _above(parent, children)
            return


def _lay_styles(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Lay myst-nb's styles before any page, whose link to them tells their content; it does so at the end.

    Return what is written each time, the first page: with none to write, Sphinx lays no file beside them.
    """
    Path(app.outdir, "_static").mkdir(exist_ok=True)
    add_global_html_resources(app, None)
    return [app.config.root_doc]


class MarkEnglish(SphinxPostTransform):
    """Say that a passage without a Thai letter is English, so that it is read aloud as such."""

    default_priority = 900
    builders = ("html",)

    def run(self, **kwargs: object) -> None:
        for node in self.document.findall(nodes.TextElement):
            spoken = not isinstance(node, nodes.FixedTextElement | nodes.math | nodes.math_block)
            text = node.astext()
            if spoken and len(LATIN.findall(text)) > 1 and not THAI.search(text):
                node["classes"].append("language-en")


def setup(app: Sphinx) -> dict:
    """Register the formula renderer, the navigation, the marks of English and the numbering."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("html-page-context", _navigation)
    app.add_post_transform(MarkEnglish)
    app.connect("env-updated", _lay_styles)
    # it numbers sections after all pages are read, in the main process, but does not declare that it may
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    # Sphinx numbers through the book, for which it loads every page
    TocTreeCollector.assign_figure_numbers = _number_by_chapter
    return {"parallel_read_safe": True, "parallel_write_safe": True}
