"""A cluster at one glance: where it lies, how its districts do, how it stands against the country."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import instrument, lazy, regions
from castlib.present import districts, figures, maps
from castlib.present.displays import POINTS, national, ranked
from castlib.present.figures import BLUE, GREY, ORANGE, blank, finish
from castlib.present.results import National, Value
from castlib.text import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from castlib.present.figures import Figure
    from castlib.present.tables import Table
    from castlib.store import Study

# left, bottom, width and height of the country, the region and the means, as shares of the picture
PLACES = ((0, 0.55, 0.1, 0.45), (0.09, 0.2, 0.44, 0.79), (0.75, 0.26, 0.24, 0.73))
LONG = 32  # letters and marks of a label that needs two lines
SOURCE = "respondents: construct scores"
COLUMNS = {"label": "รายการ", "mean": POINTS, "ci_low": "95% CI ล่าง", "ci_high": "95% CI บน",
           "country": "ทั่วประเทศ"}  # fmt: skip


def means(study: Study) -> pd.DataFrame:
    """Return every construct's mean with its interval: success factors, then outcomes, highest first.

    The columns are those of `castlib.stats.levels.describe` with the Thai label.
    """
    from castlib.stats import levels

    tool, scores = instrument.load(), study.scores()
    parts = (
        ranked(levels.describe(scores[items], cluster=scores["province"]))
        for items in (tool.success, tool.outcomes)
    )
    return pd.concat(parts, ignore_index=True)


def values(found: pd.DataFrame, region: str) -> dict[str, Value]:
    """Return the country's means by name, for the clusters' pages to read."""
    if region != regions.COUNTRY:
        return {}
    return {f"{row.item}.mean": Value(row.mean, 2, POINTS, row.n, (row.ci_low, row.ci_high), SOURCE)
            for row in found.itertuples(index=False)}  # fmt: skip


def figure(
    estimates: pd.DataFrame, found: pd.DataFrame, region: str, country: National | None
) -> Figure:
    """Return a cluster's map beside its means against the country's; elsewhere the map alone.

    `estimates` are `castlib.present.districts.estimates`', `found` is `means` of the same region.
    """
    if regions.level(region) != "cluster":
        return districts.figure(estimates, region, country)
    scores = dict(zip(estimates["province"], estimates["outcome"], strict=True))
    found = found.assign(country=national(country, list(found["item"]), "mean"))
    shades = maps.Shades(country["map.low"], country["map.high"])
    drawing, panels = blank(2.9, ncols=3)
    drawing.set_layout_engine("none")  # it would make the map small to give legends room
    for panel, place in zip(panels, PLACES, strict=True):
        panel.set_position(place)
    where, axes, beside = panels
    _against(beside, found)
    own = maps.draw(where, axes, scores, region, shades)
    drawing.legend(handles=maps.keys(shades, scores, own), title=districts.SHADE, loc="lower left", ncols=3,
                   frameon=False, fontsize=7.5, title_fontsize=7.5, columnspacing=1)  # fmt: skip
    drawing.legend(*beside.get_legend_handles_labels(), loc="lower right", ncols=2, frameon=False,
                   fontsize=8, columnspacing=1)  # fmt: skip
    caption = "ผลลัพธ์รายจังหวัด และค่าเฉลี่ยของกลุ่มจังหวัดเทียบกับทั่วประเทศ"
    said = "; ".join(
        f"{row.label} {row.mean:.2f} ทั่วประเทศ {row.country:.2f}" for row in found.itertuples()
    )
    return finish(drawing, f"{caption} {maps.CREDIT}", f"{maps.in_words('แผนที่', shades, scores, own)}; {said}",
                  _numbers(estimates, found), maps.spots(axes, scores, own)).named("profile")  # fmt: skip


def _against(axes: Axes, found: pd.DataFrame) -> None:
    """Draw means with their intervals, and the country's as marks; outcomes stand apart below."""
    outcomes = found["item"].isin(instrument.load().outcomes).to_numpy()
    labels = found["label"].map(_in_two)
    tall = labels.str.contains("\n").to_numpy()
    at = -(np.arange(len(found)) + 0.6 * outcomes + 0.8 * tall.cumsum() - 0.4 * tall)
    middle = found["mean"].to_numpy(float)
    reach = np.abs(np.vstack([middle - found["ci_low"], found["ci_high"] - middle]).astype(float))
    axes.errorbar(middle, at, xerr=reach, fmt="o", markersize=4, color=BLUE, capsize=2.5,
                  label="กลุ่มจังหวัด (95% CI)")  # fmt: skip
    axes.scatter(found["country"], at, marker="D", s=18, color=ORANGE, zorder=3, label="ทั่วประเทศ")
    axes.axhline(at[outcomes].max() + 0.8, color=GREY, linewidth=0.6)
    axes.set_yticks(at, labels, linespacing=1.2)
    axes.tick_params(labelsize=8, pad=2)
    axes.set_xlabel(POINTS, fontsize=8)
    axes.grid(axis="y", visible=False)


def _in_two(label: str) -> str:
    """Return a long label on two lines, broken between the words nearest to its middle.

    >>> _in_two("สุขมากขึ้น"), _in_two("แผนพัฒนาพื้นที่แบบบูรณาการ (One Plan)")
    ('สุขมากขึ้น', 'แผนพัฒนาพื้นที่แบบ\\nบูรณาการ (One Plan)')
    """
    if len(label) < LONG:
        return label
    ends = accumulate(map(len, words.segment(label)))
    middle = min(ends, key=lambda end: abs(2 * end - len(label)))
    return f"{label[:middle].strip()}\n{label[middle:].strip()}"


def _numbers(estimates: pd.DataFrame, found: pd.DataFrame) -> Table:
    """Return what the figure shows, as exactly as it shows it: provinces, then constructs."""
    names = {"outcome": "mean", "outcome_low": "ci_low", "outcome_high": "ci_high"}
    places = estimates.rename(columns=names).assign(
        label=estimates["province"].map(regions.label), country=np.nan
    )
    return figures.numbers(pd.concat([places, found], ignore_index=True), COLUMNS)


__getattr__, __dir__ = lazy.offered(__name__)
