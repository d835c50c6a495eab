import json

import numpy as np
import pandas as pd
import pytest

from castlib import instrument, regions
from castlib.demo import flaws, themes, truth


@pytest.fixture(scope="module")
def planted() -> truth.Truth:
    return truth.plant(2565)


def test_levels_and_needs_stand_apart(planted):
    success = planted.constructs.loc[planted.success]
    assert success["actual"].between(3.4 - 1e-9, 4.2 + 1e-9).all()
    assert success["expected"].between(4.4 - 1e-9, 4.7 + 1e-9).all()
    assert np.diff(np.sort(success["actual"])).min() > 0.1
    assert np.diff(np.sort(success["pni"])).min() > 0.03
    assert success["pni"].min() == pytest.approx(0.08, abs=0.01)
    assert success["pni"].max() == pytest.approx(0.35, abs=0.01)


def test_the_order_of_needs_is_not_the_order_of_levels_turned_round(planted):
    lowest_first = list(planted.constructs.loc[planted.success, "actual"].sort_values().index)
    assert planted.pni_order != lowest_first
    assert planted.pni_order[0] == lowest_first[0]


def test_loadings_and_reliability(planted):
    asked = planted.items[planted.items["state"] == "actual"]
    assert asked["loading"].between(0.6, 0.85).all()
    assert (
        asked.groupby("construct")["loading"].nunique() == asked.groupby("construct").size()
    ).all()
    assert planted.items["strength"].max() < 0.95
    assert planted.constructs["alpha"].between(0.84, 0.86).all()


def test_effects_of_places_are_centred_and_as_large_as_planted(planted):
    success = planted.constructs.loc[planted.success]
    sizes = regions.provinces()["cluster"].value_counts().reindex(planted.clusters.index)
    scores = planted.clusters * success["slope"]
    np.testing.assert_allclose(np.average(scores, axis=0, weights=sizes), 0, atol=1e-12)
    np.testing.assert_allclose(scores.std(ddof=0), truth.CLUSTER_SD, rtol=1e-9)
    between = (success["slope"] * success["district_sd"]) ** 2 + truth.CLUSTER_SD**2
    np.testing.assert_allclose(between / success["sd"] ** 2, truth.ICC, rtol=1e-9)


def test_three_causes_and_no_others(planted):
    assert list(planted.outcomes.columns[(planted.outcomes > 0).all()]) == [
        "leadership",
        "participation",
        "knowledge",
    ]
    assert ((planted.outcomes > 0).sum(axis=1) == 3).all()
    seen = truth.expected_coefficients(planted)
    assert (seen[planted.outcomes > 0].min(axis=1) > 0.2).all()
    assert (seen[planted.outcomes == 0].max(axis=1) < 0.05).all()


def test_two_items_are_planted_low(planted):
    low = planted.ioc[planted.ioc < 0.8]
    assert sorted(low) == [0.4, 0.6]
    assert len(planted.ioc) == len(instrument.load().items)


def test_another_seed_is_another_country(planted):
    other = truth.plant(1)
    assert not other.clusters.equals(planted.clusters)
    pd.testing.assert_series_equal(other.constructs["pni"], planted.constructs["pni"])


def test_another_instrument_needs_no_other_code(small_home):
    home = small_home(2)
    folder = home / "data" / "instrument"
    for name, column in (("constructs", "construct"), ("items", "construct")):
        table = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        kept = table[table[column].isin(["network", "capacity", "knowledge", "happiness"])]
        kept.to_csv(folder / f"{name}.csv", index=False)
    planted = truth.plant(5)
    assert planted.success == ["network", "capacity", "knowledge"]
    assert list(planted.outcomes.index) == ["happiness"]
    assert len(themes.plant(planted).weight) > 0


@pytest.mark.parametrize("seed", [1, 2565])
def test_every_kind_of_flaw_falls_on_a_few(seed):
    plan = flaws.plan(seed)
    assert set().union(*plan.values()) == set(flaws.KINDS)
    assert sum(bool(kinds) for kinds in plan.values()) < len(plan) / 2
    assert not any({"form_missing", "late_form"} <= kinds for kinds in plan.values())


@pytest.mark.parametrize(
    ("provinces", "impossible"),
    [(1, {"form_missing", "eleven_answers", "personal_data"}), (2, {"personal_data"})],
)
def test_a_small_country_has_every_flaw_that_it_can(small_home, provinces, impossible):
    small_home(provinces)
    plan = flaws.plan(2565)
    assert set().union(*plan.values()) == set(flaws.KINDS) - impossible


def test_what_is_written_of_the_truth(known):
    assert json.loads(json.dumps(known, default=lambda value: value.item()))["seed"] == 2565
    assert set(known["constructs"]["leadership"]) == {
        *("kind", "actual", "expected", "pni", "alpha", "sd", "icc")
    }
    assert known["mean_order"][0] == "leadership"
    assert known["pni_order"][0] == "knowledge"
    assert set(known["items"]) == set(instrument.load().answer_columns)
    assert set(known["coefficients"]) == {"hidden", "scores"}
    assert set(known["clusters"]) == set(regions.clusters())
    assert len(known["districts"]) == len(known["cluster_of"]) == 76
    assert known["group"]["variable"] == "sector"
    assert {flaw["kind"] for flaw in known["flaws"]} == set(flaws.KINDS)
