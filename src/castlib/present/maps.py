"""Maps of the provinces: a score by shade, cluster borders by line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from castlib import paths, regions
from castlib.present.figures import Figure, blank, finish

EDGE, BORDER, NOTHING = "#FFFFFF", "#333333", "#D9D9D9"
Ring = list[tuple[float, float]]


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

    Parameters
    ----------
    scores : mapping
        Province code -> score; provinces that are not in it have none.
    region : str
        What is drawn: the country with its cluster borders, or one cluster.
    span : tuple of two floats
        The scores of the lightest and the darkest shade.
    label : str
        What the shade means, with its unit.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.colors import Normalize

    own = regions.members(region)
    shapes = {
        code: rings
        for code, rings in outlines(paths.data() / "provinces.geojson").items()
        if code in own
    }
    shade = ScalarMappable(Normalize(*span), "cividis_r")
    drawing, axes = blank(8.4 if region == regions.COUNTRY else 4.6)
    for code, rings in shapes.items():
        missing = code not in scores
        face = NOTHING if missing else shade.to_rgba(scores[code])
        hatch = "///" if missing else None
        axes.add_collection(
            PolyCollection(rings, facecolors=[face], edgecolors=EDGE, linewidths=0.4, hatch=hatch)
        )
    axes.add_collection(LineCollection(list(_borders(shapes)), colors=BORDER, linewidths=0.9))
    axes.autoscale_view()
    axes.set_aspect(1.03)  # a degree of longitude is shorter than one of latitude at 13–14° N
    axes.axis("off")
    drawing.colorbar(shade, ax=axes, label=label, shrink=0.6)
    return finish(drawing, caption, alt)


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


def _borders(shapes: Mapping[str, list[Ring]]) -> Iterator[tuple]:
    """Yield the edges that a cluster shares with no other province of its own: its outline."""
    cluster = regions.provinces().set_index("province")["cluster"]
    edges: dict[str, Counter] = {}
    for code, rings in shapes.items():
        seen = edges.setdefault(cluster[code], Counter())
        for ring in rings:
            seen.update(frozenset(pair) for pair in pairwise(ring))
    for seen in edges.values():
        yield from (tuple(edge) for edge, times in seen.items() if times == 1 and len(edge) == 2)
