"""The page of choices: menus on top, then the table, the figure, the code and the files."""

from __future__ import annotations

import base64
from html import escape

import ipywidgets as widgets

from castlib import instrument, protocol, regions, store
from castlib.explore import files
from castlib.explore.running import Explorer, Shown
from castlib.explore.views import ALL, BETWEEN, VIEWS, Choices
from castlib.present import notes
from castlib.present.tables import Table
from castlib.text import coding

STYLE = """<style>
.cast-explore table.cast-table {border-collapse: collapse; font-size: 14px; line-height: 1.6;}
.cast-explore .cast-table caption {text-align: left; font-weight: bold; padding: 4px 0;}
.cast-explore .cast-table th, .cast-explore .cast-table td {padding: 3px 10px; text-align: left;
  border-bottom: 1px solid #bbb; vertical-align: top; font-weight: normal;}
.cast-explore .cast-table thead th {font-weight: bold; border-bottom: 2px solid #555;}
.cast-explore .cast-table .num {text-align: right; white-space: nowrap;}
.cast-explore .cast-note, .cast-explore .cast-refusal {max-width: 60em; line-height: 1.6;}
.cast-explore .cast-figure {margin: 8px 0;} .cast-explore img {max-width: 100%; width: 700px;}
.cast-explore a {margin-right: 1.5em; font-size: 15px; color: #0b57d0; text-decoration: underline;}
.cast-explore .cast-synthetic {background: #fff3cd; color: #4d3800; padding: 4px 10px;}
</style>"""
WIDE = {"description_width": "10em"}
LABELS = {
    "region": "พื้นที่",
    "view": "สิ่งที่ดู",
    "construct": "องค์ประกอบ",
    "state": "สภาพ",
    "item": "ข้อคำถาม",
    "between": "เทียบตาม",
    "word": "คำที่ค้น",
    "code": "ประเด็นที่ลงรหัส",
    "phase": "ระยะ",
}
KINDS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "docx": "Word"} | {
    "png": "รูป PNG 300 dpi",
    "svg": "รูป SVG",
    "pdf": "รูป PDF",
}


class Panel:
    """The widgets and what they show; `box` is what a notebook displays."""

    def __init__(self, region: str) -> None:
        self._explorer = Explorer()
        self._busy = False
        self.choices = Choices(region=regions.check(region))
        self.shown: Shown | None = None
        self.controls = {name: self._control(name) for name in LABELS}
        self.table, self.figure, self.links = (widgets.HTML() for _ in range(3))
        self.show_code = widgets.ToggleButton(
            description="แสดงโค้ด", tooltip="โค้ดที่ทำตารางและรูปนี้ คัดลอกไปวางในเซลล์ใหม่ได้"
        )
        wide = widgets.Layout(width="min(100%, 60em)", height="18em", display="none")
        self.code = widgets.Textarea(layout=wide)
        self.prepare_files = widgets.Button(
            description="เตรียมไฟล์ดาวน์โหลด", layout=widgets.Layout(width="auto")
        )
        for control in self.controls.values():
            control.observe(self._chosen, "value")
        self.show_code.observe(self._toggle_code, "value")
        self.prepare_files.on_click(self._offer_files)
        tools = widgets.HBox([self.show_code, self.prepare_files])
        notice = f'<p class="cast-synthetic">{notes.SYNTHETIC}: มิใช่ผลการศึกษาจริง</p>'
        top = widgets.HTML(STYLE + (notice if store.synthetic() else ""))
        below = [self.table, self.figure, tools, self.links, self.code]
        self.box = widgets.VBox([top, *self.controls.values(), *below])
        self.box.add_class("cast-explore")
        self._arrange()
        self._render()

    def _control(self, name: str) -> widgets.Widget:
        """Return the menu of one choice, or the field of the word."""
        layout = widgets.Layout(width="min(100%, 46em)")
        given = {"description": LABELS[name], "style": WIDE, "layout": layout}
        value = getattr(self.choices, name)
        if name == "word":
            return widgets.Text(value=value, continuous_update=False, **given)
        return widgets.Dropdown(options=self._options(name), value=value, **given)

    def _options(self, name: str) -> list[tuple[str, str]]:
        tool = instrument.load()
        everything = ("ทั้งหมด", ALL)
        if name == "region":
            codes = dict.fromkeys([*regions.codes("cluster"), self.choices.region])
            return [(regions.label(code), code) for code in codes]
        if name == "view":
            return [(view.label, code) for code, view in VIEWS.items()]
        if name == "construct":
            return [everything, *((tool.label(c), c) for c in tool.constructs["construct"])]
        if name == "state":
            return [(label, code) for code, label in instrument.STATES.items()]
        if name == "item":
            items = tool.items[tool.items["construct"] == self.choices.construct]["item"]
            return [everything, *((tool.label(item), item) for item in items)]
        if name == "between":
            return [(tool.label(code), code) for code in BETWEEN]
        if name == "phase":
            return [(protocol.phase_label(code), code) for code in protocol.PHASES]
        book = coding.codebook()
        theme = dict(zip(book["code"], book["label_th"], strict=True))
        leaves = book[book["parent"] != ""]
        return [(f"{theme[row.parent]}: {row.label_th}", row.code) for row in leaves.itertuples()]

    def _chosen(self, change: dict) -> None:
        """Follow a change of one of the choices."""
        if self._busy:
            return
        before = self.choices
        self.choices = self._read()
        if self.choices.construct != before.construct:
            self._busy = True
            self.controls["item"].options = self._options("item")
            self.controls["item"].value = ALL
            self._busy = False
            self.choices = self._read()
        self._arrange()
        self._render()

    def _read(self) -> Choices:
        return Choices(**{name: control.value for name, control in self.controls.items()})

    def _arrange(self) -> None:
        """Show the choices that the view follows, and no others."""
        asks = ("region", "view", *VIEWS[self.choices.view].asks)
        for name, control in self.controls.items():
            useless = name == "item" and not self.choices.construct
            control.layout.display = "none" if name not in asks or useless else ""

    def _render(self) -> None:
        """Show what is chosen: the table first, then the figure."""
        self.links.value = ""
        for shown in self._explorer.steps(self.choices):
            self.shown = shown
            self.table.value = shown.table._repr_html_()
            self.code.value = shown.code
            self.prepare_files.disabled = not isinstance(shown.table, Table)
        self.figure.value = self.shown.figure._repr_html_() if self.shown.figure else ""

    def _toggle_code(self, change: dict) -> None:
        self.code.layout.display = "" if change["new"] else "none"
        self.show_code.description = "ซ่อนโค้ด" if change["new"] else "แสดงโค้ด"

    def _offer_files(self, _: widgets.Button) -> None:
        """Put a link for each kind of file under the figure; the file itself is in the link."""
        self.links.value = "กำลังเตรียมไฟล์…"
        made = files.of_table(self.shown.table, self.choices)
        if self.shown.figure:
            made |= files.of_figure(self.shown.figure)
        self.links.value = "ดาวน์โหลด: " + " ".join(
            f'<a download="{escape(files.name(self.choices, kind))}" href="data:{files.TYPES[kind]};base64,'
            f'{base64.b64encode(content).decode("ascii")}">{KINDS[kind]}</a>'
            for kind, content in made.items()
        )
