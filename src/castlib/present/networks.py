"""Where codes were raised, and which are raised together: figures of `castlib.text.matrices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from castlib import lazy, regions
from castlib.present import figures, notes, readings, thai
from castlib.text import coding, matrices

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.store import Study

LEAST_GROUPS = 20
LEAST_TOGETHER = 3
# Okabe and Ito's colours and a shape for each kind of code: told apart without colour too
KINDS = {
    "driver": (figures.BLUE, "o"),
    "result": (figures.GREEN, "s"),
    "obstacle": (figures.ORANGE, "^"),
    "proposal": ("#CC79A7", "D"),
}


def regions_figure(study: Study) -> Figure | Text:
    """Return in how many of each cluster's groups each code was raised; for the country only."""
    reason = notes.country_only(study.region, "การเทียบประเด็นระหว่างกลุ่มจังหวัด")
    if reason or study.codings["cluster"].isna().all():
        return notes.refusal(reason or "ไม่มีข้อความของกลุ่มจังหวัดใดที่ลงรหัสแล้ว")
    matrix, groups = matrices.by_region(study.codings, study.segments)
    order = [code for code in regions.clusters() if code in matrix]
    matrix, groups = matrix[order], groups[order]
    names = [f"{regions.label(code).removeprefix('กลุ่มจังหวัด')} ({n})" for code, n in groups.items()]
    labels = matrix.index.map(readings.theme_labels())
    share = 100 * matrix.to_numpy() / groups.to_numpy()
    drawing, axes = figures.blank(7.4)
    shown = axes.imshow(share, cmap="cividis", vmin=0, vmax=100, aspect="auto")
    drawing.colorbar(shown, ax=axes, label="ร้อยละของกลุ่มที่อ่าน")
    for count in np.unique(matrix):
        # a marker for each number: a hundred times as quick as hundreds of texts
        for colour, half in (("white", share < 50), ("black", share >= 50)):
            down, across = np.nonzero((matrix.to_numpy() == count) & half)
            axes.scatter(across, down, s=34, marker=f"${count}$", color=colour, linewidths=0.2)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    axes.grid(visible=False)
    widest = (matrix > 0).sum(axis=1).set_axis(labels)
    everywhere = list(widest.index[widest == len(names)])
    return figures.finish(
        drawing,
        "จำนวนกลุ่มสนทนาที่กล่าวถึงแต่ละประเด็น ตามกลุ่มจังหวัด (จำนวนกลุ่มที่อ่านในวงเล็บ)",
        f"{len(labels)} ประเด็น ใน {len(names)} กลุ่มจังหวัด; ประเด็นที่พบทุกกลุ่มจังหวัด: "
        f"{thai.listed(everywhere) or 'ไม่มี'}; ประเด็นที่พบในกลุ่มจังหวัดน้อยที่สุด: "
        f"{widest.idxmin()} ({widest.min()})",
        figures.numbers(
            matrix.set_axis(names, axis=1).assign(theme=list(labels)),
            {"theme": "ประเด็น"} | {name: name for name in names},
        ),
    )


def network_figure(study: Study) -> Figure | Text:
    """Return which codes are raised in the same breath: a circle of codes, joined where they go together.

    A line needs at least `LEAST_TOGETHER` groups in which a segment carries both, so that no line rests on one table.
    """
    read = study.codings["group"].nunique()
    if read < LEAST_GROUPS:
        return notes.refusal(
            f"มีกลุ่มที่อ่านแล้ว {read} กลุ่ม น้อยกว่า {LEAST_GROUPS} กลุ่ม การปรากฏร่วมของประเด็นจึงอาจเป็นเรื่องบังเอิญ"
        )
    found = coding.prevalence(study.codings, study.segments)
    nodes = found[(found["parent"] != "") & (found["groups"] > 0)].reset_index(drop=True)
    if nodes.empty:
        return notes.refusal("ไม่มีรหัสที่ผู้ลงรหัสเห็นตรงกัน")
    pairs = matrices.co_occurrence(study.codings)
    edges = pairs[pairs["said_together"] >= LEAST_TOGETHER]
    return _circle(nodes, edges, read)


def _circle(nodes: pd.DataFrame, edges: pd.DataFrame, read: int) -> Figure:
    drawing, axes = figures.blank(6.2)
    angle = np.pi / 2 - 2 * np.pi * (np.arange(len(nodes)) + 0.5) / len(nodes)
    at = np.column_stack([np.cos(angle), np.sin(angle)])
    names = coding.codebook().set_index("code")["label_th"]
    _draw_edges(axes, edges, dict(zip(nodes["code"], at, strict=True)))
    for kind, (colour, shape) in KINDS.items():
        own = (nodes["code_kind"] == kind).to_numpy()
        look = {"s": 30 + 320 * nodes.loc[own, "groups"] / read, "color": colour, "marker": shape}
        axes.scatter(*at[own].T, **look, label=names.get(kind, kind), zorder=2)
    _draw_labels(axes, [f"{n.label} ({n.groups})" for n in nodes.itertuples()], at)
    axes.set(xlim=(-2.9, 2.9), ylim=(-1.25, 1.25))
    axes.set_axis_off()
    legend = drawing.legend(loc="outside lower center", ncols=len(KINDS), frameon=False)
    for handle in legend.legend_handles:
        handle.set_sizes([40])
    first = [
        f"{names[e.code_a]} กับ {names[e.code_b]} {e.segments} ข้อความ"
        for e in edges.head(5).itertuples()
    ]
    return figures.finish(
        drawing,
        f"ประเด็นที่กล่าวถึงในข้อความเดียวกัน จาก {read} กลุ่มที่อ่าน (จำนวนกลุ่มที่กล่าวถึงในวงเล็บ; "
        f"ขนาดจุดตามจำนวนกลุ่ม ความหนาของเส้นตามจำนวนข้อความ; เส้นมีเมื่อพบร่วมกันอย่างน้อย {LEAST_TOGETHER} กลุ่ม)",
        f"{len(nodes)} ประเด็น {len(edges)} คู่; คู่ที่พบร่วมกันมากที่สุด: " + ("; ".join(first) or "ไม่มี"),
        figures.numbers(
            edges.assign(a=edges["code_a"].map(names), b=edges["code_b"].map(names)),
            {"a": "ประเด็น", "b": "ประเด็นที่กล่าวถึงร่วม", "segments": "ข้อความ", "said_together": "กลุ่ม"},
        ),
    )


def _draw_edges(axes: Axes, edges: pd.DataFrame, at: dict[str, np.ndarray]) -> None:
    """Draw the lines, the stronger the wider, bent inwards so that neighbours' lines can be seen."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    edges = edges.iloc[::-1]
    ends = [(at[edge.code_a], at[edge.code_b]) for edge in edges.itertuples()]
    bend = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    strength = edges["segments"].to_numpy() / max(edges["segments"].max(), 1)
    lines = PathCollection(
        [Path([start, (start + end) / 5, end], bend) for start, end in ends],
        facecolors="none",
        edgecolors=[(figures.GREY, alpha) for alpha in 0.2 + 0.6 * strength],
        linewidths=0.4 + 6 * strength,
        zorder=1,
    )
    lines.set_in_layout(False)
    axes.add_collection(lines, autolim=False)


def _draw_labels(axes: Axes, labels: list[str], at: np.ndarray) -> None:
    """Write the labels in two columns beside the circle, evenly spaced, so that none covers another."""
    from matplotlib.collections import LineCollection

    leaders = []
    for side, half in ((1, at[:, 0] > 0), (-1, at[:, 0] <= 0)):
        order = np.flatnonzero(half)[np.argsort(-at[half, 1])]
        heights = np.linspace(1.12, -1.12, len(order))
        for number, height in zip(order, heights, strict=True):
            aside = "left" if side > 0 else "right"
            axes.text(1.32 * side, height, labels[number], ha=aside, va="center", fontsize=8)
            leaders.append([at[number], (1.28 * side, height)])
    lines = LineCollection(leaders, colors=figures.GREY, linewidths=0.5, zorder=0)
    lines.set_in_layout(False)
    axes.add_collection(lines, autolim=False)


__getattr__, __dir__ = lazy.offered(__name__)
