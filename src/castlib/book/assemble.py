"""Lay the book's source together: chapters, executed notebooks, one part a macro region.

Everything goes to build/book/src/ and is written only when its content changed, so that Sphinx reads
again only what is new; what no longer belongs is removed. Nothing is computed here: a page shows what
its notebook shows, with the parameter cells taken out, tables and figures numbered, and the pictures
and numbers laid beside the page (castlib.book.shown). Each page ends by saying what it was made from.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import yaml

from castlib import paths, protocol, regions, store
from castlib.book import checklists
from castlib.book.facts import DIGITS
from castlib.book.shown import Shown
from castlib.errors import CastError, nearest
from castlib.present import thai
from castlib.present.tables import Table

NOT_PAGES = {"_toc.yml", "cluster.md", "province.md", "report.typ"}
SCREENS = {"0_provinces"}  # chapters whose links lead to pages that the main report does not hold
LAB = "http://localhost:8888/lab/tree/"
PARAMETERS = {"parameters", "injected-parameters"}
FONTS = ("Regular", "Italic", "Bold", "BoldItalic")
GLANCE = "ส"  # what numbers the tables of a region's first page: ส-1

_SAVED = re.compile(r"^TABLE (?P<phase>\S+) (?P<name>\S+)$", re.MULTILINE)
_AGAIN = re.compile(r"^FIGURE (?P<phase>\S+) (?P<name>\S+)$", re.MULTILINE)
_EACH = re.compile(r"^EACH PROVINCE\n(?P<block>.*?)^END\n", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Report:
    """One paper document: its file name without suffix, its titles, and (page, heading shift) in order."""

    name: str
    title: str
    subtitle: str
    pages: tuple[tuple[str, int], ...]


def source() -> Path:
    """Return the folder of the book's assembled source."""
    return paths.build() / "book" / "src"


def assemble(level: str = "cluster") -> int:
    """Write build/book/src/ for the regions of a level; return how many files changed or went away.

    Raises
    ------
    CastError
        A reporting checklist points to a heading that is not in the book, or a region's first page to a
        figure that no notebook shows; nothing is written.
    """
    files: dict[str, bytes] = dict(_own())
    toc = _toc(level)
    files["_toc.yml"] = yaml.safe_dump(toc, allow_unicode=True, sort_keys=False).encode()
    files["conf.py"] = (
        b"from castlib.book.site import configuration\n\nglobals().update(configuration())\n"
    )
    public = _public_address(files["_config.yml"])
    for region in regions.codes(level):
        figures = {}
        for number, phase in enumerate(protocol.PHASES, start=1):
            made, figures[phase] = _notebook(region, phase, number, public)
            files.update(made)
        if region != regions.COUNTRY:
            page, beside = _landing(region, level, figures)
            files |= {f"{region}/index.md": page.encode(), **beside}
    appendix = files["g_checklists.md"].decode()
    files["g_checklists.md"] = appendix.replace("CHECKLISTS", checklists.sections(files)).encode()
    return _sync(files, source())


def documents(level: str = "cluster") -> list[Report]:
    """Return the paper documents: the main report, and one for each cluster."""
    chapters = []
    for part in _plan()["parts"]:
        for chapter in part.get("chapters", []):
            if chapter["file"] in SCREENS:
                continue
            chapters.append((chapter["file"], 0))
            if "sections" in chapter:
                chapters += [(page, 1) for page in _phases(chapter["sections"])]
    title = protocol.load().title_th
    main = Report("report", title, "รายงานการศึกษา", tuple(chapters))
    return [main] + [
        Report(f"clusters/{code}", title, f"รายงาน{regions.label(code)}", _cluster_pages(code))
        for code in regions.clusters()
    ]


def _cluster_pages(cluster: str) -> tuple[tuple[str, int], ...]:
    return ((f"{cluster}/index", 0), *((page, 0) for page in _phases(cluster)))


def _phases(region: str) -> list[str]:
    return [f"{region}/{phase}" for phase in protocol.PHASES]


def _own() -> Iterator[tuple[str, bytes]]:
    """Yield the repo's own pages and settings, and the web font from its package."""
    import fontpkg_sarabun
    from fontTools.ttLib import TTFont

    for file in sorted(paths.book().rglob("*")):
        name = file.relative_to(paths.book()).as_posix()
        if file.is_file() and name not in NOT_PAGES:
            yield name, file.read_bytes()
    for style in FONTS:
        file = Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{style}.ttf"
        font = TTFont(file, recalcTimestamp=False)
        font.flavor = "woff"  # half as much to load
        content = io.BytesIO()
        font.save(content)
        yield f"_static/fonts/{file.stem}.woff", content.getvalue()


def _plan() -> dict:
    return yaml.safe_load((paths.book() / "_toc.yml").read_text(encoding="utf-8"))


def _toc(level: str) -> dict:
    """Return the table of contents: the repo's, with the regions' pages filled in."""
    plan = _plan()
    parts = []
    for part in plan["parts"]:
        if "regions" in part:
            parts += _macro_regions(level)
            continue
        for chapter in part["chapters"]:
            if "sections" in chapter:
                chapter["sections"] = [{"file": page} for page in _phases(chapter["sections"])]
        parts.append(part)
    return plan | {"parts": parts}


def _macro_regions(level: str) -> list[dict]:
    parts = []
    for name, provinces in regions.provinces().groupby("macro_region_th", sort=False):
        chapters = []
        for cluster, rows in provinces.groupby("cluster", sort=False):
            sections = [{"file": page} for page in _phases(cluster)]
            if level == "province":
                sections += [_part(province) for province in rows["province"]]
            chapters.append({"file": f"{cluster}/index", "sections": sections})
        parts.append({"caption": name, "chapters": chapters})
    return parts


def _part(region: str) -> dict:
    return {"file": f"{region}/index", "sections": [{"file": page} for page in _phases(region)]}


def _landing(
    region: str, level: str, figures: dict[str, dict[str, str]]
) -> tuple[str, dict[str, bytes]]:
    """Return a region's first page with what lies beside it, made from book/cluster.md or book/province.md.

    In the template REGION, LABEL and PROVINCES are the region's own, PHASES the links to its pages; what
    stands between EACH PROVINCE and END is said of each province (PROVINCE its code, NAME its name);
    `FIGURE phase name` shows a figure of one of the region's pages again, `TABLE phase name` a table that
    its notebook saved by name.
    """
    template = (paths.book() / f"{regions.level(region)}.md").read_text(encoding="utf-8")
    members = regions.members(region)
    labels = {code: regions.label(code) for code in members}

    def each(found: re.Match) -> str:
        blocks = []
        for code, name in labels.items():
            page = f"[{name}](../{code}/index.md)" if level == "province" else name
            words = {"PROVINCE": code, "NAME": name, "PAGE": page}
            blocks.append(_filled(found["block"], words))
        return "".join(blocks)

    def again(found: re.Match) -> str:
        known = {
            f"{phase} {name}": html for phase, own in figures.items() for name, html in own.items()
        }
        return _known(known, found, f"หน้าแรกของ {region} อ้างรูป")

    def saved(found: re.Match) -> str:
        content = _results(region, found["phase"])["tables"]
        known = {f"{found['phase']} {name}": table for name, table in content.items()}
        table = _known(known, found, f"หน้าแรกของ {region} อ้างตาราง")
        return shown.ready(Table.from_json(table)._repr_html_())

    shown = Shown(region, "index", GLANCE)
    names = " ".join(name.removeprefix("จังหวัด") for name in labels.values())
    words = {"REGION": region, "LABEL": regions.label(region), "PROVINCES": names}
    words["PHASES"] = "\n".join(f"- []({phase}.ipynb)" for phase in protocol.PHASES)
    page = _filled(_EACH.sub(each, template), words)
    page = _SAVED.sub(saved, _AGAIN.sub(again, page))
    return page, {f"_extra/{name}": content for name, content in shown.files.items()}


def prefix(region: str, phase: str) -> str:
    """Return what the numbers of a page's tables and figures begin with.

    A notebook of a researcher's own, which is in no book, has its numbers begin with 1.

    >>> prefix("TH", "collection"), prefix("north-upper-1", "collection"), prefix("TH", "my_idea")
    ('4.2', '2', '1')
    """
    if phase not in protocol.PHASES:
        return "1"
    number = protocol.PHASES.index(phase) + 1
    return f"4.{number}" if region == regions.COUNTRY else str(number)


def _known(known: Mapping[str, object], found: re.Match, whose: str) -> object:
    """Return what a template asks for by phase and name."""
    asked = f"{found['phase']} {found['name']}"
    if asked not in known:
        raise CastError(f"{whose} {asked!r} ซึ่งไม่มี (ใกล้เคียงที่สุดคือ {nearest(asked, known) or 'ไม่มี'})")
    return known[asked]


def _results(region: str, phase: str) -> dict:
    return json.loads((paths.results() / region / f"{phase}.json").read_text(encoding="utf-8"))


def _filled(template: str, words: dict[str, str]) -> str:
    names = sorted(words, key=len, reverse=True)
    return re.sub("|".join(names), lambda found: words[found[0]], template)


def _notebook(
    region: str, phase: str, number: int, public: str
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the page made from an executed notebook with what lies beside it, and its named figures."""
    original = (paths.executed() / region / f"{phase}.ipynb").read_bytes()
    content = json.loads(original)
    headings = count(1)
    shown = Shown(region, phase, prefix(region, phase))
    cells = []
    for cell in content["cells"]:
        tags = set(cell["metadata"].get("tags", []))
        if tags & PARAMETERS:
            continue
        if cell["cell_type"] == "code":
            cell["metadata"]["tags"] = sorted(tags | {"hide-input"})
            for data in (output.get("data", {}) for output in cell["outputs"]):
                if "text/html" in data:
                    data["text/html"] = shown.ready("".join(data["text/html"]))
        elif "".join(cell["source"]).startswith("## "):
            heading = "".join(cell["source"])
            cell["source"] = f"({region}-{phase}-{next(headings)})=\n{heading}"
        cells.append(cell)
    if region != regions.COUNTRY:
        cells[0]["source"] = _name_the_region("".join(cells[0]["source"]), region)
    content["cells"] = [*cells, _foot(region, phase, number, public)]
    content["metadata"].pop("papermill", None)
    files = {f"_extra/{name}": content for name, content in shown.files.items()}
    page = json.dumps(content, ensure_ascii=False).encode()
    return (
        files | {f"{region}/{phase}.ipynb": page, f"_extra/{region}/{phase}.ipynb": original},
        shown.figures,
    )


def _name_the_region(text: str, region: str) -> str:
    """Add the region to a page's title: on the screen pages of many regions are found side by side."""
    title, rest = text.split("\n", 1)
    return f"{title} [{regions.label(region)}]{{.web-only}}\n{rest}"


def _foot(region: str, phase: str, number: int, public: str) -> dict:
    """Return a page's last cell: what it was made from, and where its notebook is."""
    last = (
        _results(region, "collection")["values"].get("received.last", {}).get("shown", thai.MISSING)
    )
    template = f"notebooks/{number}_{phase}.ipynb"
    links = {
        f"{phase}.ipynb": "ดาวน์โหลดสมุดบันทึกที่คำนวณหน้านี้",
        f"{LAB}{template}": "เปิดใน JupyterLab (หลังสั่ง <code>make lab</code>)",
    }
    if public:
        owner, name, branch = public.split("/")
        links |= {
            f"https://mybinder.org/v2/gh/{owner}/{name}/{branch}?labpath={template}": "Binder",
            f"https://colab.research.google.com/github/{owner}/{name}/blob/{branch}/{template}": "Colab",
        }
    listed = " · ".join(
        f'<a href="{address}"{" download" if address == f"{phase}.ipynb" else ""}>{words}</a>'
        for address, words in links.items()
    )
    made = (
        f"ข้อมูลที่ได้รับถึงวันที่ {last} · ลายนิ้วมือของแถวข้อมูลที่หน้านี้ใช้ "
        f"<code>{store.digest(region)[:DIGITS]}</code>"
    )
    text = f'<p class="cast-note cast-made">{made}</p>\n<p class="web-only cast-made">{listed}</p>'
    return {"cell_type": "markdown", "id": "foot", "metadata": {}, "source": text}


def _public_address(config: bytes) -> str:
    """Return where the notebooks lie in public, as owner/repository/branch on GitHub; empty if nowhere.

    Raises
    ------
    CastError
        It is set in book/_config.yml, but not in this form.
    """
    context = yaml.safe_load(config)["sphinx"]["config"]["html_context"]
    address = context.get("cast_repository") or ""
    if address and not re.fullmatch(r"[\w.-]+/[\w.-]+/[\w.-]+", address):
        raise CastError(
            f"cast_repository ใน book/_config.yml คือ {address!r} ต้องเป็น เจ้าของ/ที่เก็บ/กิ่ง บน GitHub หรือเว้นว่าง"
        )
    return address


def _sync(files: dict[str, bytes], folder: Path) -> int:
    """Make a folder hold exactly these files, touching only those whose content differs.

    What Sphinx compiles from the translations (.mo) stays.
    """
    changed = 0
    for name, content in files.items():
        target = folder / name
        if target.exists() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        changed += 1
    for old in sorted(folder.rglob("*"), reverse=True):  # a folder after what is in it
        if old.is_dir():
            if not any(old.iterdir()):
                old.rmdir()
        elif old.suffix != ".mo" and old.relative_to(folder).as_posix() not in files:
            old.unlink()
            changed += 1
    return changed
