"""A cluster at one glance: its map beside its means, and what of them is told in words and numbers."""

import pandas as pd
import pytest

from castlib import instrument, regions
from castlib.present import figures, notes, profile, tables, voices

CLUSTER = "north-upper-1"


class Country:
    """The country's results, as they are shown."""

    def __getitem__(self, name: str) -> float:
        return {"map.low": 3.3, "map.high": 4.1}.get(name, 3.75)


@pytest.fixture(autouse=True)
def style():
    figures.style()


def estimates(region: str) -> pd.DataFrame:
    frame = pd.DataFrame({"province": regions.members(region)})
    return frame.assign(outcome=3.7, outcome_low=3.4, outcome_high=4.0)


def found(mean: float = 3.9) -> pd.DataFrame:
    tool = instrument.load()
    items = [*tool.success, *tool.outcomes]
    labels = [tool.label(item) for item in items]
    return pd.DataFrame({"item": items, "label": labels}).assign(
        mean=mean, n=39, ci_low=mean - 0.2, ci_high=mean + 0.2
    )


def test_a_cluster_stands_against_the_country_in_picture_words_and_numbers():
    made = profile.figure(estimates(CLUSTER), found(), CLUSTER, Country())
    assert made.name == "profile"
    assert made.png != profile.figure(estimates(CLUSTER), found(3.8), CLUSTER, Country()).png
    assert made.alt.count("3.90 ทั่วประเทศ 3.75") == len(found())
    assert "4 จังหวัด" in made.alt
    rows = {row[0]: row[1:] for row in made.data.rows}
    assert rows["จังหวัดเชียงใหม่"] == ("3.70", "3.40", "4.00", "–")
    assert rows["สุขมากขึ้น"] == ("3.90", "3.70", "4.10", "3.75")
    assert made.spots[0][1] == "จังหวัดเชียงใหม่ 3.70"
    assert "Natural Earth" in made.caption


@pytest.mark.parametrize("region", ["TH", "TH-50"])
def test_elsewhere_it_is_the_map_alone(region):
    made = profile.figure(estimates(region), found(), region, Country())
    assert made.name == "map"
    assert len(made.data.rows) == len(regions.members(region))


def test_the_country_saves_its_means_for_the_clusters():
    saved = profile.values(found(), "TH")
    assert saved["happiness.mean"].shown == "3.90"
    assert profile.values(found(), CLUSTER) == {}


def test_two_quotes_are_of_two_themes_where_there_are_two():
    frame = pd.DataFrame({"label": ["ก", "ก", "ข"], "text": ["หนึ่ง", "สอง", "สาม"], "place": "ที่นี่"})
    said = tables.table(frame, "", ["label", "text", "place"], label="ก", text="ข", place="ค")
    assert voices.told(said)["voices"].rows == (("ก", "หนึ่ง"), ("ข", "สาม"))
    assert voices.told(said.first(2))["voices"].rows == (("ก", "หนึ่ง"), ("ก", "สอง"))
    assert voices.told(notes.refusal("มีกลุ่มไม่พอ"))["voices"].columns == ("ถ้อยคำ",)
