"""Reporting checklists (GRAMMS, COREQ, STROBE, CHERRIES): what each item asks, and where the book answers it.

A checklist is a file in data/checklists/. An item names the headings that fulfil it, `page#anchor`:
the label of a heading in a chapter (`3_method#method-sample`), the heading's own words on a notebook's
page (`TH/results#ข้อจำกัด`). The book's appendix is filled from them when the pages are laid together,
and a heading that no longer exists stops the book there.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from castlib import paths, regions
from castlib.book.facts import listed
from castlib.errors import CastError, nearest

STATES = {
    "reported": "รายงานแล้ว",
    "partly": "รายงานบางส่วน",
    "not_reported": "ไม่ได้รายงาน",
    "not_applicable": "ไม่เกี่ยวข้อง",
}
ANSWERED = ("reported", "partly")
SHOWN = 10  # faults told at once

_LABELLED = re.compile(r"^\((?P<label>[^\s()]+)\)=\n+#+ +(?P<heading>.+)$", re.MULTILINE)
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
_CHAPTER = re.compile(r"(?:บทที่|ภาคผนวก) \S+")


@dataclass(frozen=True)
class Item:
    """One item: what it asks, the headings that answer it, and, unless fully answered, why not."""

    item: str
    topic_th: str
    topic_en: str
    asks_th: str
    state: str = "reported"
    where: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    """A published checklist in one version; `sections` are its own, each with its items in order."""

    code: str
    name: str
    title_th: str
    title_en: str
    version: str
    year: int
    reference: str
    about_th: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]

    @property
    def items(self) -> list[Item]:
        """Every item, in the checklist's order."""
        return [item for _, items in self.sections for item in items]


@dataclass(frozen=True)
class Anchor:
    """A heading of the book that can be linked to: how a checklist names it, its label, how it is shown."""

    target: str
    label: str
    shown: str


def load() -> list[Checklist]:
    """Return the checklists of data/checklists/, newest first.

    Raises
    ------
    CastError
        An item is numbered twice, has an unknown state, is answered nowhere, or is not answered and
        does not say why.
    """
    lists = [_read(file) for file in sorted((paths.data() / "checklists").glob("*.yml"))]
    _stop([fault for checklist in lists for fault in _faults(checklist)])
    return sorted(lists, key=lambda checklist: (-checklist.year, checklist.code))


def _read(file: Path) -> Checklist:
    content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    try:
        read = [
            (section["section_th"], tuple(Item(**item) for item in section["items"]))
            for section in content.pop("sections")
        ]
        return Checklist(code=file.stem, sections=tuple(read), **content)
    except (KeyError, TypeError) as error:
        raise CastError(f"data/checklists/{file.name} มีช่องที่ขาดหรือที่ไม่รู้จัก ({error})") from None


def _faults(checklist: Checklist) -> Iterator[str]:
    """Yield what is wrong with a checklist's own file."""
    counted = Counter(item.item for item in checklist.items)
    for item in checklist.items:
        place = f"{checklist.name} ข้อ {item.item}"
        if counted[item.item] > 1:
            yield f"{place}: เลขข้อซ้ำกัน"
        if item.state not in STATES:
            yield f"{place}: ไม่มีสถานะ {item.state!r} (ที่มีคือ {', '.join(STATES)})"
        elif item.state in ANSWERED and not item.where:
            yield f"{place}: มีสถานะว่า{STATES[item.state]} แต่ไม่ได้บอกหน้าและหัวข้อ (where)"
        elif item.state != "reported" and not item.note:
            yield f"{place}: มีสถานะว่า{STATES[item.state]} แต่ไม่ได้บอกเหตุผล (note)"


def anchors(files: Mapping[str, bytes]) -> list[Anchor]:
    """Return the headings of the chapters and of the country's pages, from the book's assembled source."""
    found = []
    for name, content in files.items():
        page, _, suffix = name.rpartition(".")
        folder = page.rpartition("/")[0]
        if suffix not in ("md", "ipynb") or folder not in ("", regions.COUNTRY):
            continue
        text = content.decode()
        if suffix == "ipynb":
            cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown"]
            text = "\n\n".join("".join(cell["source"]) for cell in cells)
        title = _TITLE.search(text)
        chapter = _short(title[1]) if title else page
        for label, heading in _LABELLED.findall(text):
            key = heading if folder else label
            shown = chapter if title and heading == title[1] else f"{chapter}: {heading}"
            found.append(Anchor(f"{page}#{key}", label, shown))
    return found


def _short(title: str) -> str:
    """Return a page's title as a reference names it.

    >>> _short("บทที่ 3 วิธีดำเนินการวิจัย"), _short("การขยายผล")
    ('บทที่ 3', 'การขยายผล')
    """
    chapter = _CHAPTER.match(title)
    return chapter[0] if chapter else title


def sections(files: Mapping[str, bytes]) -> str:
    """Return the appendix's sections in MyST: one for each checklist, with its table.

    Raises
    ------
    CastError
        A heading that an item points to is not in the book; all of them are named, each with the
        heading that is most like it.
    """
    lists = load()
    known = {anchor.target: anchor for anchor in anchors(files)}
    _stop(
        [
            f"{checklist.name} ข้อ {item.item}: ไม่พบหัวข้อ {target}{_hint(target, known)}"
            for checklist in lists
            for item in checklist.items
            for target in item.where
            if target not in known
        ]
    )
    return "\n".join(_section(checklist, known) for checklist in lists)


def _hint(target: str, known: Mapping[str, Anchor]) -> str:
    page = target.partition("#")[0]
    like = nearest(target, [t for t in known if t.startswith(f"{page}#")] or known)
    return f" (ที่ใกล้ที่สุดคือ {like})" if like else ""


def _stop(faults: list[str]) -> None:
    if not faults:
        return
    rest = f"\n  และอีก {len(faults) - SHOWN} ข้อ" if len(faults) > SHOWN else ""
    raise CastError(
        "รายการตรวจสอบการรายงานใน data/checklists/ ไม่ตรงกับเล่ม ให้แก้ที่ไฟล์นั้นหรือที่หัวข้อของหน้า:\n  "
        + "\n  ".join(faults[:SHOWN])
        + rest
    )


def _section(checklist: Checklist, known: Mapping[str, Anchor]) -> str:
    counted = Counter(item.state for item in checklist.items)
    states = " ".join(
        f"{w} {counted[state]} รายการ" for state, w in STATES.items() if counted[state]
    )
    rows = []
    for section, items in checklist.sections:
        if len(checklist.sections) > 1:
            rows.append(("", f"**{section}**", "", ""))
        rows += [_row(item, known) for item in items]
    columns = ["ข้อ", "สิ่งที่ให้รายงาน", "หน้าและหัวข้อที่รายงาน", "สถานะ"]
    table = listed(
        f"checklist-{checklist.code}",
        f"{checklist.name} รุ่น {checklist.version}",
        columns,
        rows,
    )
    return (
        f"(checklist-{checklist.code})=\n## {checklist.name} {checklist.title_th}\n\n"
        f"{checklist.title_en} รุ่น {checklist.version} {{cite}}`{checklist.reference}`\n"
        f"{checklist.about_th}\n\n"
        f"จากทั้งหมด {len(checklist.items)} รายการ {states}\n\n{table}\n"
    )


def _row(item: Item, known: Mapping[str, Anchor]) -> tuple[str, str, str, str]:
    links = [f"{{ref}}`{known[target].shown} <{known[target].label}>`" for target in item.where]
    asked = f"**{item.topic_th}** ({item.topic_en}) {item.asks_th}"
    where = " · ".join([*links, item.note] if item.note else links)
    return item.item, asked, where, STATES[item.state]
