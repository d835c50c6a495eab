"""Where codes were raised, and which are raised together: figures of `castlib.text.matrices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from castlib import regions
from castlib.present import figures, notes, readings, thai
from castlib.text import coding, matrices

if TYPE_CHECKING:
    import pandas as pd

    from castlib.present.figures import Figure
    from castlib.present.notes import Text
    from castlib.store import Study

LEAST_GROUPS = 20
LEAST_TOGETHER = 2
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
    pairs = matrices.co_occurrence(study.codings)
    edges = pairs[pairs["said_together"] >= LEAST_TOGETHER]
    return _circle(nodes, edges, read)


def _circle(nodes: pd.DataFrame, edges: pd.DataFrame, read: int) -> Figure:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    drawing, axes = figures.blank(6.2)
    angle = np.pi / 2 - 2 * np.pi * (np.arange(len(nodes)) + 0.5) / max(len(nodes), 1)
    at = np.column_stack([np.cos(angle), np.sin(angle)])
    place = {code: at[number] for number, code in enumerate(nodes["code"])}
    most = max(edges["segments"].max(), 1) if len(edges) else 1
    for edge in edges.iloc[::-1].itertuples():
        start, end = place[edge.code_a], place[edge.code_b]
        strength = edge.segments / most
        # bent towards the middle, so that neighbours' lines do not hide behind the circle
        bent = Path([start, (start + end) / 5, end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
        look = {"linewidth": 0.4 + 6 * strength, "alpha": 0.2 + 0.6 * strength}
        axes.add_patch(PathPatch(bent, facecolor="none", edgecolor=figures.GREY, zorder=1, **look))
    names = coding.codebook().set_index("code")["label_th"]
    for kind, (colour, shape) in KINDS.items():
        own = (nodes["code_kind"] == kind).to_numpy()
        size = 30 + 320 * nodes.loc[own, "groups"] / read
        axes.scatter(
            *at[own].T, s=size, color=colour, marker=shape, label=names.get(kind, kind), zorder=2
        )
    for side, half in ((1, at[:, 0] > 0), (-1, at[:, 0] <= 0)):
        order = np.flatnonzero(half)[np.argsort(-at[half, 1])]
        heights = np.linspace(1.12, -1.12, len(order)) if len(order) > 1 else [0.0]
        for number, height in zip(order, heights, strict=True):
            node, aside = nodes.loc[number], ("left" if side > 0 else "right")
            label = f"{node['label']} ({node['groups']})"
            look = {"ha": aside, "va": "center", "fontsize": 8}
            axes.text(1.32 * side, height, label, **look)
            line = {"color": figures.GREY, "linewidth": 0.5, "zorder": 0}
            axes.plot([at[number, 0], 1.28 * side], [at[number, 1], height], **line)
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
    )
