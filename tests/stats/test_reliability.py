"""Alpha, omega, item statistics, IOC and intraclass correlations: R's numbers, properties, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats.reliability import bootstrap_alpha, content_validity, icc, reliability

SCALES = ("agree", "consc", "extra", "neuro", "open")


def test_reversing_floor_and_ceiling():
    frame = pd.DataFrame(
        {"a": [1, 2, 3, 4, 5, 5], "b": [1, 3, 3, 4, 4, 5], "c": [5, 5, 3, 2, 1, 1]}
    )
    found = reliability(frame, reverse=["c"], scale=(1, 5))
    row = found.items.set_index("item").loc["c"]
    assert found.alpha > 0.9
    assert row["mean"] == pytest.approx(6 - frame["c"].mean())
    assert (row["floor"], row["ceiling"]) == (pytest.approx(2 / 6), pytest.approx(2 / 6))
    assert frame["c"].to_list() == [5, 5, 3, 2, 1, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 9), st.floats(-50, 50))
def test_alpha_does_not_change_with_unit_origin_or_order(seed, unit, origin):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(40, 1)) + rng.normal(size=(40, 4)), columns=list("abcd"))
    one, other = (
        reliability(frame),
        reliability((frame * unit + origin)[list("dbca")].sample(frac=1)),
    )
    assert one.alpha == pytest.approx(other.alpha, rel=1e-6)
    assert one.omega_total == pytest.approx(other.omega_total, rel=1e-4)
    assert one.alpha_ci[0] < one.alpha < one.alpha_ci[1] <= 1


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]}), "at least 3"),
        (pd.DataFrame({"a": [1, 2, 3], "b": [2, 2, 2], "c": [3, 1, 2]}), "same in: b"),
        (pd.DataFrame({"a": [1, None, 3], "b": [1, 2, None], "c": [3, 1, 2]}), "1 of 3 rows"),
        (
            pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"], "c": [3, 1, 2]}),
            "text was found in: b",
        ),
        (pd.DataFrame({"a": [1, 2, 3], "b": [None] * 3, "c": [3, 1, 2]}), "no answer at all in: b"),
        (pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 4, 3], "c": [2, 4, 7, 7]}), "singular"),
        (pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [4, 4, 0, 0]}), "cancel out"),
    ],
)
def test_bad_scales_are_refused(frame, word):
    with pytest.raises(CastError, match=word):
        reliability(frame)


def test_answers_outside_the_scale_and_unknown_items_are_refused(bfi):
    with pytest.raises(CastError, match="outside the scale 1–5 in: A1"):
        reliability(bfi[["A1", "A2", "A3"]], scale=(1, 5))
    with pytest.raises(CastError, match="did you mean 'A1'"):
        reliability(bfi[["A1", "A2", "A3"]], reverse=["A11"])


def test_ioc_leaves_out_the_worst_and_missing_ratings():
    ratings = pd.DataFrame(
        [[1, 1, 1, 1, 0], [1, 0, 0, 1, np.nan], [1, -1, 0, 0, 1], [0, 0, -1, -1, 1]],
        index=["q1", "q2", "q3", "q4"],
    )
    found = content_validity(ratings).set_index("item")
    assert found["ioc"].to_list() == pytest.approx([0.8, 0.5, 0.2, -0.2])
    assert found["keep"].to_list() == [True, True, False, False]
    assert found["ioc_without_worst"].to_list() == pytest.approx([1, 2 / 3, 0.5, 0])
    assert found["experts"].to_list() == [5, 4, 5, 5]


def test_ioc_refuses_other_ratings():
    with pytest.raises(CastError, match="other than -1, 0, 1 in: q2"):
        content_validity(pd.DataFrame([[1, 0], [2, 1]], index=["q1", "q2"]))
    with pytest.raises(CastError, match="fewer than 2 experts"):
        content_validity(pd.DataFrame([[1, 0], [None, 1]], index=["q1", "q2"]))


def test_icc_refuses_repeated_and_single_raters(judges):
    with pytest.raises(CastError, match="more than once"):
        icc(pd.concat([judges, judges.head(1)]), "judge", "target", "score")
    with pytest.raises(CastError, match="at least 2 of each"):
        icc(judges[judges["judge"] == "J1"], "judge", "target", "score")


def clustered(seed: int, icc: float) -> pd.DataFrame:
    """Return answers to four items of 76 × 10 people."""
    rng = np.random.default_rng(seed)
    level = np.sqrt(icc) * rng.normal(size=76).repeat(10) + np.sqrt(1 - icc) * rng.normal(size=760)
    return pd.DataFrame(level[:, None] + rng.normal(size=(760, 4))).assign(d=np.arange(760) // 10)


def test_alike_neighbours_widen_the_interval_of_alpha():
    data = clustered(1, 0.4)
    plain, robust = (reliability(data[range(4)], cluster=c) for c in (None, data["d"]))
    assert robust.alpha == plain.alpha
    assert np.diff(robust.alpha_ci) > 1.1 * np.diff(plain.alpha_ci)
    assert robust.alpha_ci[0] < robust.alpha < robust.alpha_ci[1]
    alone = reliability(data[range(4)], cluster=pd.Series(range(760)))
    np.testing.assert_allclose(alone.alpha_ci, plain.alpha_ci, atol=0.005)  # nobody's neighbour


def test_the_bootstrap_gives_the_interval_of_the_formula():
    data = clustered(2, 0.1)
    formula = reliability(data[range(4)], cluster=data["d"])
    drawn = bootstrap_alpha(data[range(4)], cluster=data["d"])
    assert (drawn.alpha, drawn.n, drawn.resampled) == (formula.alpha, 760, "clusters")
    np.testing.assert_allclose(drawn.ci, formula.alpha_ci, atol=0.004)
    assert bootstrap_alpha(data[range(4)], seed=3) == bootstrap_alpha(data[range(4)], seed=3)
    assert bootstrap_alpha(data[range(4)]).resampled == "people"
    few = data[data["d"] < 4]
    assert bootstrap_alpha(few[range(4)], few["d"]).resampled == "people_within_clusters"
    holed = data[range(4)].mask(data.index.to_numpy()[:, None] < [20, 0, 0, 0])
    assert bootstrap_alpha(holed, data["d"]).n == reliability(holed, cluster=data["d"]).n == 740


def test_clusters_of_other_rows_are_refused():
    data = clustered(3, 0.1)
    with pytest.raises(CastError, match="index"):
        reliability(data[range(4)], cluster=data["d"].iloc[::-1])
    with pytest.raises(CastError, match="index"):
        reliability(data[range(4)], cluster=[1] * 760)
    with pytest.raises(CastError, match="one cluster"):
        reliability(data[range(4)], cluster=data["d"] * 0)
