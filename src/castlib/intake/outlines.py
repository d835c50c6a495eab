"""In which province a position lies, by the simplified outlines of data/geo/provinces.geojson."""

import json
from functools import cache
from pathlib import Path

import numpy as np

from castlib import paths

KM_LATITUDE, KM_LONGITUDE = 110.57, 111.32


def province_at(longitude: float, latitude: float) -> str | None:
    """Return the code of the province in which a position lies; None outside all of them.

    >>> province_at(98.98, 18.79), province_at(100.5, 13.75) is None
    ('TH-50', True)
    """
    outlines = _outlines(paths.data())
    return next((code for code, rings in outlines.items() if _in(rings, longitude, latitude)), None)


def distance(province: str, longitude: float, latitude: float) -> float:
    """Return how far a position lies outside a province, in kilometres; 0 within it.

    >>> distance("TH-50", 98.98, 18.79), round(distance("TH-50", 100.5, 13.75), -2)
    (0.0, 400.0)
    """
    rings = _outlines(paths.data())[province]
    if _in(rings, longitude, latitude):
        return 0.0
    scale = np.array([KM_LONGITUDE * np.cos(np.radians(latitude)), KM_LATITUDE])
    return min(_to_ring((ring - (longitude, latitude)) * scale) for ring in rings)


def _in(rings: list[np.ndarray], longitude: float, latitude: float) -> bool:
    """Whether a ray from the position crosses the rings an odd number of times."""
    crossings = 0
    for ring in rings:
        (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
        across = (y1 > latitude) != (y2 > latitude)
        at = x1[across] + (latitude - y1[across]) / (y2 - y1)[across] * (x2 - x1)[across]
        crossings += int((at > longitude).sum())
    return crossings % 2 == 1


def _to_ring(points: np.ndarray) -> float:
    """Return the distance of the origin from a closed line."""
    starts, steps = points[:-1], np.diff(points, axis=0)
    lengths = (steps**2).sum(axis=1)
    share = np.divide(
        -(starts * steps).sum(axis=1), lengths, np.zeros(len(steps)), where=lengths > 0
    )
    nearest = starts + steps * share.clip(0, 1)[:, None]
    return float(np.sqrt((nearest**2).sum(axis=1)).min())


@cache
def _outlines(data: Path) -> dict[str, list[np.ndarray]]:
    """Return the rings of every province; `data` keeps two studies apart."""
    text = (data / "geo" / "provinces.geojson").read_text(encoding="utf-8")
    return {
        shape["properties"]["province"]: [
            np.array(ring) for polygon in shape["geometry"]["coordinates"] for ring in polygon
        ]
        for shape in json.loads(text)["features"]
    }
