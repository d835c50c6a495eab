"""Figures fit for print: Thai shaped rightly, colour-blind safe, a caption and a text for who can't see.

Each function draws one kind of figure and returns a `Figure`, which shows itself in a notebook and in
the book, and carries the numbers that it shows. Call `style()` once, in the set-up cell.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.present import tables, thai

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from castlib.present.tables import Table

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"  # Okabe and Ito's palette
WIDTH = 7.0  # inches, the text width of the printed page
DPI = 150


@dataclass(frozen=True)
class Figure:
    """A finished figure: the picture, its caption, the same said in words (alt text), and its numbers.

    `data` are the numbers shown, no more exactly than they are shown: the book offers them as a file.
    `spots` are (outline in pixels, what is there), told where a pointer rests. `name` is how a page of the
    book that shows the figure again refers to it. `drawing` is matplotlib's own, to be kept in another form.
    """

    caption: str
    alt: str
    png: bytes = field(repr=False)
    data: Table = field(repr=False)
    size: tuple[int, int] = (0, 0)
    spots: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    name: str = ""
    drawing: Drawing | None = field(default=None, repr=False, compare=False)

    def named(self, name: str) -> Figure:
        """Return the same figure under a name."""
        return replace(self, name=name)

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.png).decode("ascii")
        rows = {"columns": self.data.columns, "rows": self.data.rows}
        numbers = json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c")
        name = f' data-name="{escape(self.name)}"' if self.name else ""
        shown = f'<img src="data:image/png;base64,{picture}" alt="{escape(self.alt)}">'
        if self.spots:
            shown = f'<div style="position: relative">{shown}{self._told()}</div>'
        return (
            f'<figure class="cast-figure"{name}>{shown}'
            f'<script type="application/json">{numbers}</script>'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )

    def _told(self) -> str:
        """Return what lies over the picture and tells its spots; who cannot point has the alt text and the file."""
        shapes = "".join(
            f'<path d="{outline}"><title>{escape(what)}</title></path>'
            for outline, what in self.spots
        )
        place = "position: absolute; inset: 0; width: 100%; height: 100%"
        return (
            f'<svg class="web-only" aria-hidden="true" viewBox="0 0 {self.size[0]} {self.size[1]}" '
            f'fill="transparent" style="{place}">{shapes}</svg>'
        )


def style() -> None:
    """Set the study's look for every figure drawn after this: Sarabun, quiet grid, safe colours."""
    import fontpkg_sarabun
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib import font_manager

    fonts = font_manager.fontManager
    # only once: adding a font makes matplotlib forget which files it has found for the others
    if fontpkg_sarabun.FAMILY not in fonts.get_font_names():
        for weight in ("Regular", "Bold"):
            fonts.addfont(Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{weight}.ttf")
    sns.set_theme(style="whitegrid", palette=[BLUE, ORANGE, GREEN, GREY])
    # set_theme resets the font, so the font comes after it; DejaVu has the Greek letters
    mpl.rcParams.update(
        {"font.family": ["Sarabun", "DejaVu Sans"], "font.size": 11, "axes.unicode_minus": False}
    )


def blank(height: float, width: float = WIDTH, **panels: object) -> tuple[Drawing, Axes]:
    """Return an empty drawing of a size in inches, known to nobody else (pyplot keeps no list of it).

    `panels` are those of matplotlib's `subplots`; with several, their axes are returned as an array.
    """
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(width, height), dpi=DPI, layout="constrained")
    return drawing, drawing.subplots(**panels)


def finish(
    drawing: Drawing,
    caption: str,
    alt: str,
    data: Table,
    spots: Iterable[tuple[Axes, Sequence[Sequence[tuple[float, float]]], str]] = (),
) -> Figure:
    """Return a drawing as a finished figure.

    It is drawn once and its pixels are kept; `savefig` would draw it twice. Nothing of the time or the
    machine is in the file: the same data give the same bytes.

    Parameters
    ----------
    data : Table
        The numbers that the figure shows, as exactly as they are shown.
    spots : iterable of (axes, rings, what)
        Outlines in the axes' own units, and what is told where a pointer rests on them.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(drawing)
    canvas.draw()
    page = io.BytesIO()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # 3: as small as the usual 6 on such pictures, in two thirds of the time
    picture.save(page, "png", dpi=(DPI, DPI), compress_level=3)
    outlined = tuple(
        ("".join(_outline(axes, ring, picture.height) for ring in rings), what)
        for axes, rings, what in spots
    )
    return Figure(caption, alt, page.getvalue(), data, picture.size, outlined, drawing=drawing)


def _outline(axes: Axes, ring: Sequence[tuple[float, float]], height: int) -> str:
    """Return a ring as the path of an SVG, in the picture's pixels from its top left."""
    at = axes.transData.transform(ring)
    at[:, 1] = height - at[:, 1]
    points = dict.fromkeys((round(x), round(y)) for x, y in at)
    return "M" + " ".join(f"{x},{y}" for x, y in points) + "Z"


def numbers(
    frame: pd.DataFrame, columns: dict[str, str], decimals: int | dict[str, int] = 2
) -> Table:
    """Return what a figure shows as a table: columns of a frame with their headings, in order."""
    return tables.table(frame, "", list(columns), decimals=decimals, **columns)


def intervals(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    xlabel: str,
    caption: str,
    alt: str,
    reference: Sequence[float] | None = None,
    reference_label: str = "ทั่วประเทศ",
    decimals: int = 2,
) -> Figure:
    """Draw one row a label: a point with its interval, and optionally the country's value as a mark.

    `frame` is drawn from top to bottom; `low` and `high` name the interval's ends in the unit of `value`.
    """
    drawing, axes = blank(1.2 + 0.36 * len(frame))
    at = np.arange(len(frame))[::-1]
    middle = frame[value].to_numpy(float)
    reach = np.abs(np.vstack([middle - frame[low], frame[high] - middle]).astype(float))
    axes.errorbar(middle, at, xerr=reach, fmt="o", color=BLUE, capsize=3, label="ค่าในพื้นที่ (95% CI)")
    if reference is not None:
        axes.scatter(reference, at, marker="D", color=ORANGE, zorder=3, label=reference_label)
        drawing.legend(loc="outside lower center", ncols=2, frameon=False)
    axes.set_yticks(at, frame[label])
    axes.set_ylim(-0.6, len(frame) - 0.4)
    axes.set_xlabel(xlabel)
    axes.grid(axis="y", visible=False)
    columns = {label: "รายการ", value: xlabel, low: "95% CI ล่าง", high: "95% CI บน"}
    if reference is not None:
        frame, columns = (
            frame.assign(_reference=reference),
            columns | {"_reference": reference_label},
        )
    return finish(drawing, caption, alt, numbers(frame, columns, decimals))


def bars(
    frame: pd.DataFrame, *, label: str, value: str, xlabel: str, caption: str, alt: str
) -> Figure:
    """Draw horizontal bars, one a label, values written at their ends."""
    import seaborn as sns

    drawing, axes = blank(0.9 + 0.34 * max(len(frame), 1))
    sns.barplot(frame, x=value, y=label, color=BLUE, ax=axes, orient="h")
    for container in axes.containers:
        axes.bar_label(container, fmt="{:,.4g}", padding=3, fontsize=9)
    axes.set(xlabel=xlabel, ylabel="")
    axes.margins(x=0.12)
    return finish(drawing, caption, alt, numbers(frame, {label: "รายการ", value: xlabel}, 1))


def scree(
    eigenvalues: Sequence[float], thresholds: Sequence[float], *, caption: str, alt: str
) -> Figure:
    """Draw the eigenvalues of the data beside those of random data (parallel analysis)."""
    drawing, axes = blank(3.4)
    count = np.arange(1, len(eigenvalues) + 1)
    axes.plot(count, eigenvalues, "o-", color=BLUE, label="ข้อมูลจริง")
    axes.plot(count, thresholds, "--", color=ORANGE, label="ข้อมูลสุ่ม (เปอร์เซ็นไทล์ที่ 95)")
    axes.set(xlabel="ลำดับองค์ประกอบ", ylabel="ค่าไอเกน (eigenvalue)")
    axes.legend()
    frame = pd.DataFrame({"k": count, "found": eigenvalues, "random": thresholds})
    columns = {"k": "ลำดับองค์ประกอบ", "found": "ข้อมูลจริง", "random": "ข้อมูลสุ่ม (เปอร์เซ็นไทล์ที่ 95)"}
    return finish(drawing, caption, alt, numbers(frame, columns))


def heatmap(
    frame: pd.DataFrame, *, caption: str, alt: str, label: str, decimals: int = 2
) -> Figure:
    """Draw a matrix of numbers with each number written in its cell."""
    import seaborn as sns

    drawing, axes = blank(1.4 + 0.34 * len(frame))
    written = frame.map(lambda value: thai.number(value, decimals))
    sns.heatmap(
        frame,
        annot=written,
        fmt="",
        annot_kws={"fontsize": 9},
        cmap="cividis",
        cbar_kws={"label": label},
        linewidths=0.5,
        ax=axes,
    )
    axes.set(xlabel="", ylabel="")
    axes.tick_params(axis="x", rotation=90)
    columns = {"_row": "รายการ"} | {name: str(name) for name in frame}
    return finish(drawing, caption, alt, numbers(frame.assign(_row=frame.index), columns, decimals))


def priority_map(
    frame: pd.DataFrame,
    *,
    label: str,
    importance: str,
    performance: str,
    sure: Sequence[bool],
    caption: str,
    alt: str,
) -> Figure:
    """Draw importance against performance, the plane cut into four at the means (Martilla & James 1977).

    A point whose quadrant is not `sure` is drawn hollow.
    """
    drawing, axes = blank(4.8)
    x, y = frame[performance].to_numpy(float), frame[importance].to_numpy(float)
    filled = [BLUE if known else "white" for known in sure]
    axes.scatter(x, y, color=filled, edgecolors=BLUE, linewidths=1.5, zorder=3)
    axes.axvline(x.mean(), color=GREY, linestyle="--", linewidth=1)
    axes.axhline(y.mean(), color=GREY, linestyle="--", linewidth=1)
    for number, (across, up) in enumerate(zip(x, y, strict=True), start=1):
        axes.annotate(str(number), (across, up), xytext=(5, 4), textcoords="offset points")
    key = "\n".join(f"{k} {name}" for k, name in enumerate(frame[label], start=1))
    axes.text(1.02, 1.0, key, transform=axes.transAxes, va="top", fontsize=9)
    corner = {"transform": axes.transAxes, "color": GREY, "fontsize": 9}
    axes.text(0.01, 0.98, "เร่งปรับปรุง", va="top", **corner)
    axes.text(0.99, 0.98, "รักษาไว้", va="top", ha="right", **corner)
    axes.text(0.01, 0.02, "ความสำคัญรองลงมา", **corner)
    axes.text(0.99, 0.02, "ทำได้เกินความจำเป็น", ha="right", **corner)
    axes.set(xlabel="สภาพที่เป็นจริง (คะแนน 1–5)", ylabel="สภาพที่คาดหวัง (คะแนน 1–5)")
    axes.margins(0.15)
    columns = {label: "รายการ", importance: "คาดหวัง", performance: "เป็นจริง"}
    return finish(drawing, caption, alt, numbers(frame, columns))


def timeline(steps: pd.DataFrame, *, caption: str, alt: str) -> Figure:
    """Draw the protocol's steps as bars in time, and the deadline as a line (columns: step, start, end, deadline)."""
    import matplotlib.dates as dates

    drawing, axes = blank(0.8 + 0.3 * len(steps))
    at = np.arange(len(steps))[::-1]
    start = dates.date2num(steps["start"])
    length = dates.date2num(steps["end"]) - start + 1
    axes.barh(at, length, left=start, height=0.55, color=BLUE)
    axes.axvline(dates.date2num(steps["deadline"].iloc[0]) + 1, color=ORANGE, linestyle="--")
    axes.set_yticks(at, steps["step"])
    ticks = pd.date_range(steps["start"].min(), steps["end"].max(), freq="MS")
    axes.set_xticks(dates.date2num(ticks), [thai.month(tick) for tick in ticks])
    axes.grid(axis="y", visible=False)
    days = steps.assign(start=steps["start"].dt.date, end=steps["end"].dt.date)
    columns = {"step": "ขั้นตอน", "start": "วันเริ่ม", "end": "วันสิ้นสุด"}
    return finish(drawing, caption, alt, numbers(days, columns))


__getattr__, __dir__ = lazy.offered(__name__)
