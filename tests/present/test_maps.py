"""Maps: what is drawn where, in which class, and what is told of it."""

import re

import numpy as np
import pandas as pd
import pytest

from castlib import paths, regions
from castlib.errors import CastError
from castlib.present import districts, figures, maps

WORDS = {"label": "คะแนน", "caption": "แผนที่", "alt": "ต่ำสุด"}
CODES = regions.members("north-upper-1")


@pytest.fixture(autouse=True)
def style():
    figures.style()


def drawn(scores: dict[str, float], region: str = "north-upper-1") -> figures.Figure:
    return maps.provinces(scores, region=region, span=(3.0, 4.0), **WORDS)


def test_a_score_on_an_edge_belongs_to_the_class_below_it():
    shades = maps.Shades(3.0, 4.0)
    assert [shades.of(score) for score in (3.0, 3.2, 3.21, 4.0)] == [0, 0, 1, 4]
    assert [shades.of(score) for score in (2.5, 4.5)] == [0, 4]


def test_classes_darken_in_order_so_that_grey_paper_keeps_them_apart():
    faces = np.array([maps.Shades(3.0, 4.0).face(k)[:3] for k in range(maps.CLASSES)])
    light = faces @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) < -0.08).all()


def test_each_province_tells_its_name_and_score_and_the_missing_one_says_so():
    made = drawn(dict.fromkeys(CODES[1:], 3.5))
    told = [what for _, what in made.spots]
    assert told == [
        f"{regions.label(code)} {'3.50' if code != CODES[0] else '–'}" for code in CODES
    ]
    html = made._repr_html_()
    assert html.count("<title>") == len(CODES)
    assert '<svg class="web-only" aria-hidden="true"' in html
    assert "3.40–3.60 3 จังหวัด" in made.alt
    assert "ไม่มีข้อมูล 1 จังหวัด" in made.alt
    assert made.data.rows[0][2] == "–"


@pytest.mark.parametrize("region", ["TH", "north-upper-1", "TH-50"])
def test_the_origin_of_the_outlines_is_credited(region):
    assert drawn({}, region).caption.endswith("(เส้นเขตจังหวัด: Natural Earth)")


def test_a_changed_score_changes_picture_words_and_numbers():
    before, after = (
        drawn(dict.fromkeys(CODES, 3.5)),
        drawn(dict.fromkeys(CODES, 3.5) | {CODES[0]: 3.9}),
    )
    assert before.png != after.png
    assert before.alt != after.alt
    assert before.data.rows[0] != after.data.rows[0]


def test_spots_lie_on_the_picture():
    made = drawn(dict.fromkeys(CODES, 3.5))
    points = np.array([[int(n) for n in p.split(",")] for outline, _ in made.spots
                       for p in re.findall(r"-?\d+,-?\d+", outline)])  # fmt: skip
    assert (points >= 0).all()
    assert (points <= made.size).all()


def test_every_province_has_an_outline_and_a_tile_of_its_own():
    every = set(regions.members("TH"))
    assert set(maps.outlines(paths.data() / "geo" / "provinces.geojson")) == every
    at = maps.layout(paths.data())
    assert set(at) == every
    assert len(set(at.values())) == len(every)


def test_tiles_of_a_cluster_touch_each_other():
    at = maps.layout(paths.data())
    for cluster in regions.clusters():
        own = {at[code] for code in regions.members(cluster)}
        reached, edge = set(), {next(iter(own))}
        while edge:
            reached |= edge
            near = {
                (x + dx, y + dy) for x, y in edge for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
            }
            edge = near & own - reached
        assert reached == own, cluster


def test_tiles_lie_as_the_provinces_do():
    shapes = maps.outlines(paths.data() / "geo" / "provinces.geojson")
    at = maps.layout(paths.data())
    rows = [(*maps._middle(shapes[code]), *at[code]) for code in at]
    order = pd.DataFrame(rows, columns=["east", "north", "column", "row"]).corr("spearman")
    assert order.loc["east", "column"] > 0.9
    assert order.loc["north", "row"] < -0.95


def test_a_province_without_a_tile_is_named(tmp_path):
    (tmp_path / "geo").mkdir()
    lines = (paths.data() / "geo" / "tiles.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("TH-50")]
    (tmp_path / "geo" / "tiles.csv").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(CastError, match="TH-50"):
        maps.layout(tmp_path)


def test_only_districts_that_surely_stand_apart_are_marked_and_only_for_the_country():
    codes = regions.members("TH")
    frame = pd.DataFrame({"province": codes, "outcome": 3.6, "position": "near"})
    plain = districts.tiles(frame, None)
    frame.loc[0, "position"] = "above"
    assert districts.tiles(frame, None).png != plain.png
    assert districts.tiles(frame, country=object()) is None
