"""XLSX workbooks opened without trust: which sheets there are, how numbers are shown, and the rows of each.

Only what is needed is parsed: the list of sheets, number formats, shared strings, cells. openpyxl is not
used for reading: it cannot tell a formula without a value from an empty cell, sees no row in a strict
workbook, fills gaps without bound, and takes three times as long.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from castlib.intake import zips
from castlib.intake.grid import LAST_ROW, Grid, Notes, Strings, stream
from castlib.intake.spelling import clean
from castlib.intake.zips import Refused

TYPES = ("sheet.main+xml", "sheet.macroEnabled.main+xml", "template.main+xml")
TYPES += ("template.macroEnabled.main+xml",)
MOST_XML = 8 * 2**20
# number formats without a code of their own: dates and times, the Thai ones included
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
TIMES = {18, 19, 20, 21, 22, 45, 46, 47, 75, 76, 77, 78, 79, 80}

_QUIET = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True)
class Worksheet:
    """One sheet of a workbook: its name, whether it is hidden, and the part with its cells."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """An opened package as a workbook; damage and danger raise `zips.Refused`."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        main = zips.main_name(package, TYPES, "xl/workbook.xml")
        self._folder = posixpath.dirname(main)
        root = self._parse(main)
        about = root.find("{*}workbookPr")
        self._from_1904 = about is not None and about.get("date1904") in ("1", "true")
        related = self._related(main)
        self.sheets = []
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            link = next((v for key, v in sheet.attrib.items() if key.endswith("}id")), "")
            kind, part = related.get(link, ("", ""))
            if kind == "worksheet":
                hidden = sheet.get("state", "visible") != "visible"
                self.sheets.append(Worksheet(clean(sheet.get("name", ""))[:60], hidden, part))
        if lost := {sheet.part for sheet in self.sheets} - {*package.namelist()}:
            raise Refused("broken", f"ไม่มีแผ่นงาน {len(lost)} แผ่น")
        parts = dict(related.values())
        self._formats = self._dates(parts.get("styles"))
        self._strings = self._shared(parts.get("sharedStrings"))

    def rows(
        self, sheet: Worksheet, notes: Notes, last: int = LAST_ROW
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not blank with their numbers, to row `last`; `notes` is filled meanwhile."""
        grid = Grid(self._strings, self._formats, self._from_1904, notes, last)
        for _ in stream(self.package, sheet.part, grid):
            yield from grid.done
            grid.done.clear()
            if grid.finished:
                return

    def _parse(self, part: str):
        return zips.parse(zips.part(self.package, part, MOST_XML))

    def _related(self, main: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the name of every part that the workbook refers to, by link."""
        name = f"{self._folder}/_rels/{posixpath.basename(main)}.rels".removeprefix("/")
        found = {}
        for link in self._parse(name):
            target = posixpath.join("/", self._folder, link.get("Target", ""))
            kind = posixpath.basename(link.get("Type", ""))
            found[link.get("Id", "")] = kind, posixpath.normpath(target).removeprefix("/")
        return found

    def _dates(self, part: str | None) -> list[str]:
        """Return what each cell style shows: `date`, `time` (with or without a date) or nothing."""
        if part not in self.package.namelist():
            return []
        root = self._parse(part)
        codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter("{*}numFmt")}
        return [_shows(x.get("numFmtId"), codes) for x in root.iterfind("{*}cellXfs/{*}xf")]

    def _shared(self, part: str | None) -> list[str]:
        if part not in self.package.namelist():
            return []
        table = Strings()
        for _ in stream(self.package, part, table):
            pass
        return table.found


def _shows(number: str | None, codes: dict[str | None, str]) -> str:
    """Return `date` or `time` for a number format, or nothing.

    >>> _shows("164", {"164": "[$-107041E]d mmmm yyyy;@"}), _shows("164", {"164": '0.0 "day"'})
    ('date', '')
    """
    if number in codes:
        first = _QUIET.sub("", codes[number].partition(";")[0]).lower()
        if "general" in first or not re.search(r"[dmyhsb]", first):
            return ""
        return "time" if re.search(r"[hs]", first) else "date"
    plain = int(number) if number and number.isdecimal() else 0
    return ("time" if plain in TIMES else "date") if plain in DATES else ""
