"""Figures fit for print: Thai shaped rightly, colour-blind safe, a caption and a text for who can't see.

Each function draws one kind of figure and returns a `Figure`, which shows itself in a notebook and in
the book. Call `style()` once, in the set-up cell.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib.present import thai

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6B6B6B"  # Okabe and Ito's palette
WIDTH = 7.0  # inches, the text width of the printed page
DPI = 150


@dataclass(frozen=True)
class Figure:
    """A finished figure: the picture, its caption, the same said in words (alt text), and the drawing itself."""

    caption: str
    alt: str
    png: bytes = field(repr=False)
    drawing: Drawing | None = field(default=None, repr=False, compare=False)

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<figure class="cast-figure"><img src="data:image/png;base64,{data}" '
            f'alt="{escape(self.alt)}"><figcaption>{escape(self.caption)}</figcaption></figure>'
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


def blank(height: float, width: float = WIDTH) -> tuple[Drawing, Axes]:
    """Return an empty drawing of a size in inches, known to nobody else (pyplot keeps no list of it)."""
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(width, height), dpi=DPI, layout="constrained")
    return drawing, drawing.subplots()


def finish(drawing: Drawing, caption: str, alt: str) -> Figure:
    """Return a drawing as a finished figure.

    It is drawn once and its pixels are kept; `savefig` would draw it twice. Nothing of the time or the
    machine is in the file: the same data give the same bytes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(drawing)
    canvas.draw()
    page = io.BytesIO()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    picture.save(page, "png", dpi=(DPI, DPI))
    return Figure(caption, alt, page.getvalue(), drawing)


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
    return finish(drawing, caption, alt)


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
    return finish(drawing, caption, alt)


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
    return finish(drawing, caption, alt)


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
    return finish(drawing, caption, alt)


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
    return finish(drawing, caption, alt)


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
    return finish(drawing, caption, alt)
