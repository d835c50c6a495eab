"""PNI and the map of importance and performance: the formula, ranks, resampling, refusals, speed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats import needs

EXPECTED, ACTUAL = ([f"c{i}_{state}" for i in range(7)] for state in ("expected", "actual"))


def test_pni_is_the_gap_over_what_is(study):
    found = needs.pni(study, EXPECTED, ACTUAL, cluster="district")
    wanted, is_ = study[EXPECTED].mean().to_numpy(), study[ACTUAL].mean().to_numpy()
    np.testing.assert_allclose(found["pni"], (wanted - is_) / is_)
    np.testing.assert_allclose(found[["expected", "actual"]], np.column_stack([wanted, is_]))
    assert found["item"].to_list() == [f"c{i}" for i in range(7)]
    assert (found["n"] == 760).all()
    assert (found["ci_low"] < found["pni"]).all()
    assert (found["pni"] < found["ci_high"]).all()
    assert sorted(found["rank"]) == list(range(1, 8))
    assert found.loc[found["pni"].idxmax(), "rank"] == 1
    assert ((found["rank_low"] <= found["rank"]) & (found["rank"] <= found["rank_high"])).all()
    assert set(found["resampled"]) == {"clusters"}


def test_interval_is_the_linearised_one(study):
    """The delta method by district: PNI's standard error from the residuals I − (1 + PNI)·D."""
    found = needs.pni(study, EXPECTED, ACTUAL, cluster="district")
    for i, row in found.iterrows():
        ratio = 1 + row["pni"]
        residual = study[EXPECTED[i]] - ratio * study[ACTUAL[i]]
        of_district = residual.groupby(study["district"]).sum()
        error = np.sqrt((of_district**2).sum() * 76 / 75) / study[ACTUAL[i]].sum()
        assert (row["ci_high"] - row["ci_low"]) / 3.92 == pytest.approx(error, rel=0.1)


def test_labels_and_several_columns(study):
    by_list = needs.pni(study, EXPECTED[:2], ACTUAL[:2])
    by_label = needs.pni(
        study, {"one": EXPECTED[0], "two": [EXPECTED[1]]}, {"two": ACTUAL[1], "one": ACTUAL[0]}
    )
    assert by_label["item"].to_list() == ["one", "two"]
    assert by_label["pni"].to_list() == by_list["pni"].to_list()
    whole = needs.pni(study, {"all": EXPECTED}, {"all": ACTUAL})
    ratio = study[EXPECTED].mean(axis=1).mean() / study[ACTUAL].mean(axis=1).mean()
    assert whole.loc[0, "pni"] == pytest.approx(ratio - 1)


def test_an_unanswered_side_leaves_the_person_out_of_that_item(study):
    holed = study.assign(c0_actual=study["c0_actual"].mask(study.index < 60))
    found = needs.pni(holed, EXPECTED, ACTUAL)
    assert found["n"].to_list() == [700] + [760] * 6
    assert found.loc[0, "expected"] == pytest.approx(study["c0_expected"].iloc[60:].mean())


def test_few_clusters_are_not_resampled_as_if_they_stood_for_others(study):
    few = study[study["district"] < 4]
    found = needs.pni(few, EXPECTED, ACTUAL, cluster="district")
    assert set(found["resampled"]) == {"people_within_clusters"}
    one = needs.pni(study[study["district"] == 1], EXPECTED, ACTUAL, cluster="district")
    assert np.isfinite(one[["ci_low", "ci_high"]]).all(axis=None)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_pni_does_not_change_with_units_or_row_order(seed, unit):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        rng.integers(1, 6, (30, 4)), columns=["a_expected", "b_expected", "a_actual", "b_actual"]
    )
    moved = (frame * unit).sample(frac=1, random_state=1)
    pairs = ["a_expected", "b_expected"], ["a_actual", "b_actual"]
    one, other = needs.pni(frame, *pairs, n_boot=50), needs.pni(moved, *pairs, n_boot=50)
    np.testing.assert_allclose(one["pni"], other["pni"], rtol=1e-9, atol=1e-12)


def test_the_same_seed_gives_the_same_interval(study):
    one, other = (needs.pni(study, EXPECTED, ACTUAL, seed=s) for s in (1, 1))
    pd.testing.assert_frame_equal(one, other)
    assert not one.equals(needs.pni(study, EXPECTED, ACTUAL, seed=2))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"actual": ACTUAL[:2]}, "7 columns of the expected and 2 of the actual"),
        ({"expected": [], "actual": []}, "give pairs"),
        ({"expected": {"a": "c0_expected"}, "actual": {"b": "c0_actual"}}, "one state only: a, b"),
        ({"expected": ["c0_expected"], "actual": ["zero_actual"]}, "near zero or negative in: c0"),
        ({"expected": ["c0_expected"], "actual": ["small_actual"]}, "near zero or negative in: c0"),
        (
            {"expected": ["c0_expected"], "actual": ["empty_actual"]},
            "no answer at all in: empty_actual",
        ),
        ({"expected": ["c0_expected"], "actual": ["late_actual"]}, "nobody answered both"),
        ({"cluster": "distrct"}, "did you mean 'district'"),
        ({"cluster": "holed"}, "10 rows have no value of 'holed'"),
        ({"n_boot": 1}, "20 or more; 1 was given"),
    ],
)
def test_bad_requests_are_refused(study, change, word):
    data = study.assign(
        zero_actual=0,
        small_actual=np.random.default_rng(0).normal(0.001, 1, 760),
        empty_actual=np.nan,
        holed=study["district"].where(study["district"] > 0),
        late_actual=study["c0_actual"].where(study.index < 5),
    )
    if "late_actual" in change.get("actual", []):
        data.loc[:4, "c0_expected"] = np.nan
    with pytest.raises(CastError, match=word):
        needs.pni(data, **({"expected": EXPECTED, "actual": ACTUAL} | change))


def test_quadrants_follow_the_lines(study):
    found = needs.importance_performance(study, EXPECTED, ACTUAL, cluster="district")
    names = {
        (True, False): "concentrate",
        (True, True): "keep_up",
        (False, False): "low_priority",
        (False, True): "overkill",
    }
    for row in found.itertuples():
        sides = row.importance >= row.importance_line, row.performance >= row.performance_line
        assert row.quadrant == names[sides]
    assert found["share"].between(0, 1).all()
    assert found["importance_line"].iloc[0] == pytest.approx(study[EXPECTED].mean().mean())


def test_a_clear_quadrant_is_sure_and_a_close_one_is_not():
    rng = np.random.default_rng(0)
    data = pd.DataFrame({
        "a_expected": rng.normal(4.9, 0.1, 100), "a_actual": rng.normal(2, 0.1, 100),
        "b_expected": rng.normal(3, 0.1, 100), "b_actual": rng.normal(4, 0.1, 100),
        "c_expected": rng.normal(3.95, 0.5, 100), "c_actual": rng.normal(3, 0.5, 100),
    })  # fmt: skip
    pairs = ([f"{i}_{s}" for i in "abc"] for s in ("expected", "actual"))
    found = needs.importance_performance(data, *pairs).set_index("item")
    assert found.loc["a", ["quadrant", "share"]].to_list() == ["concentrate", 1.0]
    assert found.loc["b", ["quadrant", "share"]].to_list() == ["overkill", 1.0]
    assert found.loc["c", "share"] < 0.9


def test_a_map_needs_two_items(study):
    with pytest.raises(CastError, match="at least 2"):
        needs.importance_performance(study, EXPECTED[:1], ACTUAL[:1])
