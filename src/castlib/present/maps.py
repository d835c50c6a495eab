"""Maps of the provinces: a score by shade in five classes, cluster borders by line.

On paper in grey the classes stay in order, since each is darker than the one before; what is missing is
hatched. On a screen a province tells its name and score where a pointer rests. The country has a second
map of equal tiles, on which a small province is seen as well as a large one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from castlib import lazy, paths, regions
from castlib.errors import CastError
from castlib.present import figures, thai
from castlib.present.figures import Figure, blank, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    from castlib.present.tables import Table

CREDIT = "(เส้นเขตจังหวัด: Natural Earth)"
EDGE, BORDER, NOTHING = "#FFFFFF", "#333333", "#D9D9D9"
CLASSES = 5
SHAPE = 1.03  # a degree of longitude is shorter than one of latitude at 13–14° N
SQUARE = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shades:
    """Five classes of equal width from a low to a high score: their edges, faces and letters' colours.

    >>> Shades(3.0, 4.0).names[0], Shades(3.0, 4.0).of(3.2), Shades(3.0, 4.0).of(3.21)
    ('3.00–3.20', 0, 1)
    """

    low: float
    high: float

    @property
    def edges(self) -> np.ndarray:
        """The classes' edges; a score on an edge belongs to the class below it."""
        return np.linspace(self.low, self.high, CLASSES + 1).round(2)

    @property
    def names(self) -> list[str]:
        """The classes as the legend writes them."""
        return [f"{low:.2f}–{high:.2f}" for low, high in pairwise(self.edges)]

    def of(self, score: float) -> int:
        """Return the number of a score's class, from 0; what lies outside belongs to the nearest."""
        return int(np.digitize(round(score, 2), self.edges[1:-1], right=True))

    def face(self, number: int) -> tuple:
        """Return the colour of a class, the darker the higher."""
        import matplotlib as mpl

        return mpl.colormaps["cividis_r"]((number + 0.5) / CLASSES)

    def ink(self, score: float | None) -> str:
        """Return the colour of letters that can be read on a score's class."""
        return "white" if score is not None and self.of(score) > CLASSES / 2 else "black"


def provinces(
    scores: Mapping[str, float],
    *,
    region: str,
    span: tuple[float, float],
    label: str,
    caption: str,
    alt: str,
) -> Figure:
    """Draw the provinces of a region shaded by score; those without a score are grey and hatched.

    A cluster or province is drawn beside the country, in which it is marked, with its provinces' names
    and scores written in.

    Parameters
    ----------
    scores : mapping
        Province code -> score; provinces that are not in it have none.
    region : str
        What is drawn: the country with its cluster borders, or one cluster or province.
    span : tuple of two floats
        The scores of the lightest and the darkest shade.
    label : str
        What the shade means, with its unit.
    """
    shades = Shades(*span)
    if region == regions.COUNTRY:
        drawing, axes = blank(8.4)
        own = _own(region)
        _fill(axes, own, scores, shades)
        axes.autoscale_view()
    else:
        drawing, (where, axes) = blank(3.6, ncols=2, width_ratios=[1, 2.6])
        own = draw(where, axes, scores, region, shades)
    handles = keys(shades, scores, own)
    place = {"loc": "outside lower center", "ncols": 3, "frameon": False}
    drawing.legend(handles=handles, title=label, fontsize=9, title_fontsize=9, **place)
    told, rows = in_words(alt, shades, scores, own), _rows(scores, own)
    return finish(drawing, f"{caption} {CREDIT}", told, rows, spots(axes, scores, own))


def draw(
    where: Axes, axes: Axes, scores: Mapping[str, float], region: str, shades: Shades
) -> dict[str, list[Ring]]:
    """Draw a region's provinces with their names and scores, and on `where` the region in the country.

    Returns the provinces' outlines.
    """
    own = _own(region)
    _locate(where, outlines(paths.data() / "geo" / "provinces.geojson"), own)
    _fill(axes, own, scores, shades)
    axes.autoscale_view()
    names = _names()
    for code, rings in own.items():
        text = f"{names[code]}\n{thai.number(scores.get(code))}"
        _write(axes, _middle(rings), text, outlined=True)
    return own


def tiles(
    scores: Mapping[str, float],
    marks: Mapping[str, str],
    *,
    span: tuple[float, float],
    label: str,
    caption: str,
    alt: str,
) -> Figure:
    """Draw the country as one tile a province, arranged as they lie, clusters bordered.

    `marks` are written beside a province's score (a sign that it is surely high or low); the other
    parameters are those of `provinces`.

    Raises
    ------
    CastError
        A province has no tile in data/geo/tiles.csv.
    """
    own = {
        code: [(SQUARE + np.array([x, -y])).tolist()]
        for code, (x, y) in layout(paths.data()).items()
    }
    shades = Shades(*span)
    drawing, axes = blank(8.6)
    _fill(axes, own, scores, shades)
    axes.autoscale_view()
    axes.set_aspect("auto")
    names = _names()
    for code, rings in own.items():
        text = f"{names[code]}\n{thai.number(scores.get(code))} {marks.get(code, '')}".rstrip()
        _write(axes, np.mean(rings[0][:4], axis=0), text, shades.ink(scores.get(code)))
    handles = keys(shades, scores, own)
    place = {"loc": "outside lower center", "ncols": 3, "frameon": False}
    drawing.legend(handles=handles, title=label, fontsize=9, title_fontsize=9, **place)
    told, rows = in_words(alt, shades, scores, own), _rows(scores, own)
    return finish(drawing, caption, told, rows, spots(axes, scores, own))


@cache
def layout(data: Path) -> dict[str, tuple[int, int]]:
    """Return where each province's tile lies: (column from the west, row from the north)."""
    frame = pd.read_csv(data / "geo" / "tiles.csv", dtype={"province": str})
    at = {t.province: (t.column, t.row) for t in frame.itertuples()}
    own = regions.members(regions.COUNTRY)
    lost = [code for code in own if code not in at]
    if lost:
        raise CastError(
            f"data/geo/tiles.csv ไม่มีช่องของจังหวัด {thai.listed(lost)} ให้เพิ่ม province,row,column"
        )
    return {code: at[code] for code in own}


@cache
def outlines(file: Path) -> dict[str, list[Ring]]:
    """Return each province's outer rings (longitude, latitude) from the GeoJSON file."""
    found = {}
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        many = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        code = feature["properties"]["province"]
        found[code] = [[(x, y) for x, y, *_ in polygon[0]] for polygon in many]
    return found


def _own(region: str) -> dict[str, list[Ring]]:
    every = outlines(paths.data() / "geo" / "provinces.geojson")
    return {code: every[code] for code in regions.members(region)}


def _fill(
    axes: Axes, shapes: Mapping[str, list[Ring]], scores: Mapping[str, float], shades: Shades
) -> None:
    """Draw the provinces in their shades, and the clusters' borders over them."""
    from matplotlib.collections import LineCollection, PolyCollection

    for code, rings in shapes.items():
        missing = code not in scores
        look = {"facecolors": [NOTHING], "hatch": "///"}
        if not missing:
            look = {"facecolors": [shades.face(shades.of(scores[code]))]}
        axes.add_collection(PolyCollection(rings, edgecolors=EDGE, linewidths=0.6, **look))
    axes.add_collection(LineCollection(list(_borders(shapes)), colors=BORDER, linewidths=1.1))
    axes.set_aspect(SHAPE)
    axes.axis("off")


def _locate(axes: Axes, every: Mapping[str, list[Ring]], own: Iterable[str]) -> None:
    """Draw the whole country in grey and a region in it in black."""
    from matplotlib.collections import PolyCollection

    inside = set(own)
    for code, rings in every.items():
        face = "black" if code in inside else NOTHING
        axes.add_collection(
            PolyCollection(rings, facecolors=[face], edgecolors=face, linewidths=0.3)
        )
    axes.autoscale_view()
    axes.set_aspect(SHAPE)
    axes.axis("off")


def _write(
    axes: Axes, at: Sequence[float], text: str, colour: str = "black", outlined: bool = False
) -> None:
    """Write a province's name and score into it, outlined where they may run over its border."""
    from matplotlib.patheffects import withStroke

    around = [withStroke(linewidth=2, foreground="white")] if outlined else []
    place = {"ha": "center", "va": "center", "fontsize": 7.5 if outlined else 7, "linespacing": 1.1}
    axes.text(*at, text, color=colour, path_effects=around, **place)


def keys(shades: Shades, scores: Mapping[str, float], own: Iterable[str]) -> list[Patch]:
    """Return what a map's legend says: what the shades mean, and how many provinces each has."""
    from matplotlib.patches import Patch

    counts, missing = _counts(shades, scores, own)
    handles = [
        Patch(
            facecolor=shades.face(k),
            edgecolor=BORDER,
            linewidth=0.4,
            label=f"{name} (n = {counts[k]})",
        )
        for k, name in enumerate(shades.names)
    ]
    if missing:
        handles.append(
            Patch(facecolor=NOTHING, edgecolor=EDGE, hatch="///", label=f"ไม่มีข้อมูล (n = {missing})")
        )
    return handles


def spots(
    axes: Axes, scores: Mapping[str, float], own: Mapping[str, list[Ring]]
) -> Iterator[tuple[Axes, list[Ring], str]]:
    """Yield each province's outline and what is told of it where a pointer rests."""
    for code, rings in own.items():
        yield axes, rings, f"{regions.label(code)} {thai.number(scores.get(code))}"


def _counts(shades: Shades, scores: Mapping[str, float], own: Iterable[str]) -> tuple[Counter, int]:
    codes = list(own)
    found = Counter(shades.of(scores[code]) for code in codes if code in scores)
    return found, len(codes) - found.total()


def in_words(alt: str, shades: Shades, scores: Mapping[str, float], own: Iterable[str]) -> str:
    """Return an alt text with how many provinces are of each class."""
    counts, missing = _counts(shades, scores, own)
    said = [f"{name} {counts[k]} จังหวัด" for k, name in enumerate(shades.names)]
    if missing:
        said.append(f"ไม่มีข้อมูล {missing} จังหวัด")
    return f"{alt}; {'; '.join(said)}"


def _rows(scores: Mapping[str, float], own: Iterable[str]) -> Table:
    frame = pd.DataFrame({"province": list(own)})
    frame = frame.assign(
        name=frame["province"].map(_names()), score=frame["province"].map(scores).astype(float)
    )
    return figures.numbers(frame, {"province": "รหัสจังหวัด", "name": "จังหวัด", "score": "คะแนน"})


def _names() -> pd.Series:
    return regions.provinces().set_index("province")["name_th"]


def _middle(rings: Sequence[Ring]) -> np.ndarray:
    """Return the centre of mass of the largest ring."""

    def moments(ring: Ring) -> tuple[float, np.ndarray]:
        points = np.asarray(ring)
        cross = points[:-1, 0] * points[1:, 1] - points[1:, 0] * points[:-1, 1]
        area = cross.sum() / 2
        return abs(area), ((points[:-1] + points[1:]) * cross[:, None]).sum(axis=0) / (6 * area)

    return max(map(moments, rings), key=itemgetter(0))[1]


def _borders(shapes: Mapping[str, list[Ring]]) -> Iterator[tuple]:
    """Yield the edges that a cluster shares with no other province of its own: its outline."""
    cluster = regions.provinces().set_index("province")["cluster"]
    edges: dict[str, Counter] = {}
    for code, rings in shapes.items():
        seen = edges.setdefault(cluster[code], Counter())
        for ring in rings:
            seen.update(frozenset(map(tuple, pair)) for pair in pairwise(ring))
    for seen in edges.values():
        yield from (tuple(edge) for edge, times in seen.items() if times == 1 and len(edge) == 2)


__getattr__, __dir__ = lazy.offered(__name__)
