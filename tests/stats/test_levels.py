"""The five-level reading: half-open intervals without gaps, intervals, clusters, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from castlib.errors import CastError
from castlib.stats import levels


@pytest.mark.parametrize(
    ("mean", "boonchom", "equal_width"),
    [
        (1.0, 1, 1),
        (1.5, 1, 1),
        (1.501, 2, 1),
        (1.8, 2, 1),
        (2.5, 2, 2),
        (2.6, 3, 2),
        (3.5, 3, 4),
        (4.2, 4, 4),
        (4.205, 4, 5),
        (4.5, 4, 5),
        (4.505, 5, 5),
        (4.51, 5, 5),
        (5.0, 5, 5),
    ],
)
def test_upper_bounds_belong_to_the_level_below(mean, boonchom, equal_width):
    assert levels.read(mean) == boonchom
    assert levels.read(mean, "equal_width") == equal_width


def test_every_possible_mean_has_a_level_and_levels_rise():
    means = np.arange(760, 3801) / 760
    for criterion in ("boonchom", "equal_width"):
        read = levels.read(means, criterion)
        assert (np.diff(read) >= 0).all()
        assert set(read) == {1, 2, 3, 4, 5}


@given(st.floats(1, 5))
def test_a_series_reads_as_its_members(mean):
    series = pd.Series([mean, 3.0], index=["x", "y"])
    assert levels.read(series).to_dict() == {"x": levels.read(mean), "y": 3}


@pytest.mark.parametrize("mean", [0.99, 5.001, float("nan")])
def test_means_off_the_scale_are_refused(mean):
    with pytest.raises(CastError, match="outside 1-5"):
        levels.read(mean)


def test_unknown_criteria_are_refused():
    with pytest.raises(CastError, match="boonchom"):
        levels.read(3, "bonchom")


def test_describe_gives_the_t_interval(study):
    column = study["c0_actual"]
    row = levels.describe(study[["c0_actual"]]).iloc[0]
    low, high = stats.t.interval(0.95, 759, column.mean(), stats.sem(column))
    assert row[["ci_low", "ci_high"]].to_list() == pytest.approx([low, high])
    assert (row["n"], row["clusters"], row["rank"]) == (760, 1, 1)
    assert row["sd"] == pytest.approx(column.std())


def test_districts_widen_the_interval(study):
    people = levels.describe(study[["c0_actual"]]).iloc[0]
    districts = levels.describe(study[["c0_actual"]], cluster=study["district"]).iloc[0]
    means = study.groupby("district")["c0_actual"].mean()
    assert districts["se"] == pytest.approx(
        stats.sem(means)
    )  # equal districts: the means' own error
    assert districts["se"] > 1.2 * people["se"]
    assert districts["clusters"] == 76


def test_crossing_a_line_is_said():
    frame = pd.DataFrame({"close": [4, 5] * 20, "far": [4, 4, 4, 4, 4, 4, 4, 4, 4, 5] * 4})
    found = levels.describe(frame).set_index("item")
    assert found["crosses"].to_dict() == {"close": True, "far": False}
    assert found["rank"].to_dict() == {"close": 1, "far": 2}


def test_alike_answers_have_no_width():
    row = levels.describe(pd.DataFrame({"a": [4, 4, 4]})).iloc[0]
    assert row[["sd", "ci_low", "ci_high", "level"]].to_list() == [0, 4, 4, 4]


def test_missing_answers_and_districts(study):
    holed = study[["c0_actual"]].where((study.index >= 10)[:, None])
    row = levels.describe(holed, cluster=study["district"].where(study["district"] < 70)).iloc[0]
    assert (row["n"], row["clusters"]) == (690, 69)
    alone = levels.describe(study.loc[:9, ["c0_actual"]], cluster=study.loc[:9, "district"])
    assert alone.loc[0, "clusters"] == 1


def test_bad_frames_are_refused(study):
    with pytest.raises(CastError, match="at least 2"):
        levels.describe(pd.DataFrame({"a": [3]}))
    with pytest.raises(CastError, match="index"):
        levels.describe(study[["c0_actual"]], cluster=study["district"].iloc[::-1])
    with pytest.raises(CastError, match="no answer at all"):
        levels.describe(pd.DataFrame({"a": [None, None, None]}))
