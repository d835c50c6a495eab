"""Named results in the book's prose: the Sphinx roles `result…` and the directive `result-table`.

A chapter writes {result}`TH/success-factors/leadership.mean` and the page shows the value as its
notebook saved it, linked to the page that it came from; {result-ci} shows the value's confidence
interval, {result-n} the n that it rests on, {result-en} the value in English. A name that no notebook saved is a warning,
and warnings stop the build. Each file read is a dependency of the page, so a page is read again when a
number on it may have changed.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_refnode

from castlib.book.english import english
from castlib.errors import nearest
from castlib.present import thai

logger = logging.getLogger(__name__)


class _Named:
    """What the role and the directive share: find the named entry, note the file as a dependency."""

    env: BuildEnvironment

    def find(self, name: str, kind: str) -> dict | None:
        """Return the entry of a full name (region/phase/name), or warn and return None."""
        region, _, rest = name.partition("/")
        phase, _, short = rest.partition("/")
        file = Path(self.env.config.cast_results) / region / f"{phase}.json"
        self.env.note_dependency(str(file))
        if not file.is_file():
            self._warn(f"ไม่พบผล {name!r}: ยังไม่มีไฟล์ผลของ {region}/{phase}")
            return None
        entries = _read(file, file.stat().st_mtime_ns)[kind]
        if short not in entries:
            like = nearest(short, entries)
            hint = f" (หมายถึง {region}/{phase}/{like} หรือไม่)" if like else ""
            self._warn(f"ไม่มีผลชื่อ {name!r}{hint}")
            return None
        return entries[short]

    def _warn(self, sentence: str) -> None:
        logger.warning(sentence, location=self.get_location(), type="cast", subtype="result")


class Result(_Named, SphinxRole):
    """Show what a function makes of a named value, linked to its page; unit, n and interval are in the title."""

    def __init__(self, say: Callable[[dict], str]) -> None:
        super().__init__()
        self._say = say

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        entry = self.find(self.text, "values")
        if entry is None:
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        try:
            said = self._say(entry)
        except LookupError as why:
            self._warn(f"แสดงผล {self.text!r} ตามที่ขอไม่ได้: {why}")
            return [nodes.problematic(self.rawtext, self.rawtext)], []
        shown = nodes.inline("", said, classes=["result"])
        page = self.text.rsplit("/", 1)[0]
        return [
            addnodes.pending_xref(
                "", shown, refdomain="", reftype="result", reftarget=page, reftitle=about(entry)
            )
        ], []


class ResultTable(_Named, SphinxDirective):
    """Show a named table, with its caption and note; the caption is numbered like any other."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        saved = self.find(self.arguments[0], "tables")
        if saved is None:
            return [nodes.problematic(self.arguments[0], self.arguments[0])]
        numeric = saved.get("numeric", [False] * len(saved["columns"]))
        table = nodes.table("", nodes.title("", saved["caption"]), classes=["cast-table"])
        self.set_source_info(table)
        table["ids"] = [nodes.make_id(f"table-{self.arguments[0]}")]
        group = nodes.tgroup("", cols=len(numeric))
        group += [nodes.colspec("", colwidth=1) for _ in numeric]
        group += nodes.thead("", _row(saved["columns"], numeric))
        group += nodes.tbody("", *(_row(row, numeric) for row in saved["rows"]))
        table += group
        self.state.document.note_explicit_target(table)
        note = saved.get("note")
        return [table, nodes.paragraph("", note, classes=["cast-note"])] if note else [table]


def about(entry: dict) -> str:
    """Return what stands behind a value, in words: unit, n, interval.

    >>> about({"unit": "คะแนน", "n": 760, "ci": [4.01, 4.09], "decimals": 2})
    'คะแนน · n = 760 · ช่วงเชื่อมั่น 95% 4.01–4.09'
    """
    parts = [entry["unit"]] if entry["unit"] else []
    if entry["n"] is not None:
        parts.append(f"n = {entry['n']:,}")
    if entry["ci"] is not None:
        low, high = (thai.number(end, entry["decimals"]) for end in entry["ci"])
        parts.append(f"ช่วงเชื่อมั่น 95% {low}–{high}")
    return " · ".join(parts)


def interval(entry: dict) -> str:
    """Return a value's 95 % confidence interval, or a dash where the value could not be computed.

    >>> interval({"shown": "4.05", "ci": [4.012, 4.09], "decimals": 2})
    '[4.01, 4.09]'
    """
    if entry["ci"] is None and entry["shown"] != thai.MISSING:
        raise LookupError("ผลนี้ไม่มีช่วงความเชื่อมั่น")
    return thai.interval(*entry["ci"], entry["decimals"]) if entry["ci"] else thai.MISSING


def basis(entry: dict) -> str:
    """Return the n that a value rests on."""
    if entry["n"] is None:
        raise LookupError("ผลนี้ไม่มี n")
    return f"{entry['n']:,}"


@cache
def _read(file: Path, _changed: int) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def _row(cells: list[str], numeric: list[bool]) -> nodes.row:
    return nodes.row("", *(
        nodes.entry("", nodes.paragraph("", cell), classes=["num" if number else "txt"])
        for cell, number in zip(cells, numeric, strict=True)
    ))  # fmt: skip


def _link(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.Node):
    """Link a named value to the page it came from, or show it bare when that page is not in the book."""
    if node["reftype"] != "result":
        return None
    if node["reftarget"] not in env.found_docs:
        return shown
    return make_refnode(app.builder, node["refdoc"], node["reftarget"], "", shown, node["reftitle"])


def setup(app: Sphinx) -> dict:
    """Register the role and the directive."""
    app.add_config_value("cast_results", "", "env")
    app.add_role("result", Result(lambda entry: entry["shown"]))
    app.add_role("result-ci", Result(interval))
    app.add_role("result-n", Result(basis))
    app.add_role("result-en", Result(lambda entry: english(entry["shown"])))
    app.add_directive("result-table", ResultTable)
    app.connect("missing-reference", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
