"""Lay the book's source together: chapters, executed notebooks, one part a macro region.

Everything goes to build/book/src/ and is written only when its content changed, so that Sphinx reads
again only what is new; what no longer belongs is removed. Nothing is computed here: a page shows what
its notebook shows, with the parameter cells taken out, tables and figures numbered, and the pictures
laid beside the page instead of inside it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import yaml

from castlib import paths, protocol, regions
from castlib.book import checklists

NOT_PAGES = {"_toc.yml", "cluster.md", "province.md", "report.typ"}
PARAMETERS = {"parameters", "injected-parameters"}
FONTS = ("Regular", "Italic", "Bold", "BoldItalic")
KINDS = {"table": ("ตารางที่", "tab"), "figure": ("รูปที่", "fig")}

_SHOWN = re.compile(
    r'<(?P<kind>table|figure)(?P<rest> class="cast-(?:table|figure)"[^>]*>'
    r"(?:(?!</(?:table|figure)>).)*?<(?:caption|figcaption)>)",
    re.DOTALL,
)
_PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')


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
        A reporting checklist points to a heading that is not in the book; nothing is written.
    """
    files: dict[str, bytes] = dict(_own())
    toc = _toc(level)
    files["_toc.yml"] = yaml.safe_dump(toc, allow_unicode=True, sort_keys=False).encode()
    files["conf.py"] = (
        b"from castlib.book.site import configuration\n\nglobals().update(configuration())\n"
    )
    for region in regions.codes(level):
        if region != regions.COUNTRY:
            files[f"{region}/index.md"] = _landing(region).encode()
        for place, phase in enumerate(protocol.PHASES, start=1):
            files.update(_notebook(region, phase, place))
    appendix = files["g_checklists.md"].decode()
    files["g_checklists.md"] = appendix.replace("CHECKLISTS", checklists.sections(files)).encode()
    return _sync(files, source())


def documents(level: str = "cluster") -> list[Report]:
    """Return the paper documents: the main report, and one for each cluster."""
    chapters = []
    for part in _plan()["parts"]:
        for chapter in part.get("chapters", []):
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

    for file in sorted(paths.book().rglob("*")):
        name = file.relative_to(paths.book()).as_posix()
        if file.is_file() and name not in NOT_PAGES:
            yield name, file.read_bytes()
    for style in FONTS:
        font = Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{style}.ttf"
        yield f"_static/fonts/{font.name}", font.read_bytes()


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


def _landing(region: str) -> str:
    """Return a region's first page, made from book/cluster.md or book/province.md."""
    template = (paths.book() / f"{regions.level(region)}.md").read_text(encoding="utf-8")
    frame = regions.provinces()
    names = frame.loc[frame["province"].isin(regions.members(region)), "name_th"]
    words = {"REGION": region, "LABEL": regions.label(region), "PROVINCES": " ".join(names)}
    return re.sub("|".join(words), lambda found: words[found[0]], template)


def prefix(region: str, place: int) -> str:
    """Return what the numbers of a page's tables and figures begin with."""
    return f"4.{place}" if region == regions.COUNTRY else str(place)


def _notebook(region: str, phase: str, place: int) -> Iterator[tuple[str, bytes]]:
    """Yield the page made from an executed notebook, its pictures, and the notebook to download."""
    original = (paths.executed() / region / f"{phase}.ipynb").read_bytes()
    content = json.loads(original)
    numbers, headings = {kind: count(1) for kind in KINDS}, count(1)
    pictures: dict[str, bytes] = {}
    cells = []
    for cell in content["cells"]:
        tags = set(cell["metadata"].get("tags", []))
        if tags & PARAMETERS:
            continue
        if cell["cell_type"] == "code":
            cell["metadata"]["tags"] = sorted(tags | {"hide-input"})
            for output in cell["outputs"]:
                number(output, prefix(region, place), numbers, pictures)
        elif "".join(cell["source"]).startswith("## "):
            heading = "".join(cell["source"])
            cell["source"] = f"({region}-{phase}-{next(headings)})=\n{heading}"
        cells.append(cell)
    if region != regions.COUNTRY:
        cells[0]["source"] = _name_the_region("".join(cells[0]["source"]), region)
    content["cells"] = [*cells, _download(phase)]
    content["metadata"].pop("papermill", None)
    yield f"{region}/{phase}.ipynb", json.dumps(content, ensure_ascii=False).encode()
    yield f"_extra/{region}/{phase}.ipynb", original
    yield from ((f"_extra/figures/{name}", picture) for name, picture in pictures.items())


def _name_the_region(text: str, region: str) -> str:
    """Add the region to a page's title: on the screen pages of many regions are found side by side."""
    title, rest = text.split("\n", 1)
    return f"{title} [{regions.label(region)}]{{.web-only}}\n{rest}"


def number(output: dict, prefix: str, numbers: dict, pictures: dict[str, bytes]) -> None:
    """Number the tables and figures in an output, and take its pictures out, in place."""
    if "text/html" not in output.get("data", {}):
        return

    def numbered(found: re.Match) -> str:
        kind = found["kind"]
        word, short = KINDS[kind]
        mark = f"{prefix}-{next(numbers[kind])}"
        return f'<{kind} id="{short}-{mark}"{found["rest"]}<span class="caption-number">{word} {mark}</span> '

    def taken_out(found: re.Match) -> str:
        picture = base64.b64decode(found[1])
        name = hashlib.sha256(picture).hexdigest()[:16] + ".png"
        pictures[name] = picture
        return f'src="../figures/{name}" loading="lazy"'

    html = "".join(output["data"]["text/html"])
    output["data"]["text/html"] = _PICTURE.sub(taken_out, _SHOWN.sub(numbered, html))


def _download(phase: str) -> dict:
    link = f'<p class="web-only"><a href="{phase}.ipynb" download>ดาวน์โหลดสมุดบันทึก (Jupyter notebook) ของหน้านี้</a></p>'
    return {"cell_type": "markdown", "id": "download", "metadata": {}, "source": link}


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
