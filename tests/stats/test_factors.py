"""KMO, parallel analysis, exploratory and confirmatory factors: R's numbers, properties, refusals, speed."""

import numpy as np
import pandas as pd
import pytest

from castlib.errors import CastError
from castlib.stats import _extraction, factors


def test_parallel_analysis_draws_what_random_answers_give():
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(120, 6)))
    rng = np.random.default_rng(1)
    slow = [np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(120, 6)).T))[::-1] for _ in range(3000)]
    found = factors.parallel_analysis(data, n_iter=3000, seed=2)
    np.testing.assert_allclose(found.thresholds, np.quantile(slow, 0.95, axis=0), rtol=0.02)
    assert found.n_factors == 0


def test_loadings_do_not_change_with_units_or_order_of_items(bfi_items):
    one = factors.efa(bfi_items, 3)
    moved = bfi_items[bfi_items.columns[::-1]] * np.arange(1, 26) + 7
    other = factors.efa(moved, 3)
    np.testing.assert_allclose(other.loadings.loc[one.loadings.index], one.loadings, atol=1e-5)


def test_a_heywood_case_is_named():
    rng = np.random.default_rng(3)
    common = rng.normal(size=(80, 2))
    items = pd.DataFrame(np.repeat(common, 3, axis=1) + 0.5 * rng.normal(size=(80, 6)))
    items[6] = common[:, 0] + 1e-3 * rng.normal(size=80)
    assert factors.efa(items, 3).heywood == [4]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"n_factors": 20}, "ask for fewer"),
        ({"n_factors": 0}, "1 or more; 0 was given"),
        ({"n_factors": 2.5}, "a whole number"),
        ({"n_factors": "2"}, "a whole number"),
        ({"n_factors": 2, "method": "pca"}, "minres"),
        ({"n_factors": 2, "rotation": "oblimax"}, "oblimin"),
    ],
)
def test_bad_requests_are_refused(bfi_items, change, word):
    with pytest.raises(CastError, match=word):
        factors.efa(bfi_items, **change)


def test_degenerate_items_are_refused(bfi_items):
    with pytest.raises(CastError, match="same in: A1"):
        factors.adequacy(bfi_items.assign(A1=3))
    with pytest.raises(CastError, match="singular"):
        factors.parallel_analysis(bfi_items.assign(A1=bfi_items["A2"] + bfi_items["A3"]))
    with pytest.raises(CastError, match="singular"):
        factors.efa(bfi_items.head(20), 2)
    with pytest.raises(CastError, match="20 or more; 1 was given"):
        factors.parallel_analysis(bfi_items, n_iter=1)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("visual = x1 + x2 + x3", "could not be read"),
        ("", "names no factor"),
        ("visual =~ x1 + x2 + x99", "no column 'x99'"),
        ("visual =~ x1 + x2 + x3", "no degrees of freedom"),
        ("visual =~ x1 + c(1,1)*x2 + x3", "could not be read"),
        (None, "a NoneType was given"),
    ],
)
def test_bad_models_are_refused(pupils, model, word):
    with pytest.raises(CastError, match=word):
        factors.cfa(pupils, model)


def test_too_few_respondents_are_refused(pupils, oracle):
    with pytest.raises(CastError, match="more are needed"):
        factors.cfa(pupils.head(9), oracle("cfa", "model_hs"))


def test_one_factor_is_not_rotated(bfi_items):
    matrix = _extraction.correlation(bfi_items[["A1", "A2", "A3", "A4"]].dropna().to_numpy())
    raw = _extraction.extract(matrix, 1, "minres")
    turned, phi = _extraction.rotate(raw, "oblimin")
    np.testing.assert_allclose(np.abs(turned), np.abs(raw))
    assert phi.tolist() == [[1.0]]


HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def test_models_may_be_written_in_all_of_lavaans_ways(pupils):
    one = factors.cfa(pupils, HS)
    other = factors.cfa(
        pupils,
        """visual =~ NA*x1 + x2 +
               x3          # goes on
           visual ~~ 1*visual; textual =~ x4 + x5 + x6
           speed =~ x7 + x8 + x9 ! a comment""",
    )
    assert other.fit["chi2"] == pytest.approx(one.fit["chi2"], rel=1e-9)
    np.testing.assert_allclose(other.loadings["standardised"], one.loadings["standardised"], 1e-6)
    assert list(other.loadings["item"]) == list(one.loadings["item"])
    freed = factors.cfa(pupils, HS + "\nx7 ~~ x8")
    assert (freed.fit["df"], freed.fit["chi2"]) == (23, pytest.approx(53.272, abs=1e-3))
    apart = factors.cfa(pupils, HS + "\nvisual ~~ 0*textual")
    assert (apart.fit["df"], apart.phi.loc["visual", "textual"]) == (25, 0)
    alike = factors.cfa(pupils, HS.replace("x1 + x2 + x3", "a*x1 + a*x2 + a*x3"))
    freely = factors.cfa(pupils, HS.replace("x1 +", "NA*x1 +") + "\nvisual ~~ 1*visual")
    assert (alike.fit["df"], freely.fit["df"]) == (26, 24)  # alike are loadings of 1


def test_a_factor_of_three_factors_fits_as_their_correlations_do(pupils):
    flat, high = (
        factors.cfa(pupils, HS),
        factors.cfa(pupils, HS + "\ng =~ visual + textual + speed"),
    )
    assert high.fit["chi2"] == pytest.approx(flat.fit["chi2"], rel=1e-8)
    np.testing.assert_allclose(high.phi.iloc[:3, :3], flat.phi, atol=1e-6)
    assert list(high.loadings["factor"].tail(3)) == ["g"] * 3


def test_units_and_directions_of_items_do_not_change_the_model(pupils):
    one = factors.cfa(pupils, HS)
    moved = pupils.assign(x1=1000 * pupils["x1"] + 5, x5=pupils["x5"] / 1e4, x8=7 - pupils["x8"])
    other = factors.cfa(moved.sample(frac=1, random_state=1), HS)
    assert other.fit["chi2"] == pytest.approx(one.fit["chi2"], rel=1e-9)
    sign = np.where(one.loadings["item"] == "x8", -1, 1)
    for column in ("standardised", "se"):
        mine = other.loadings[column] * (sign if column == "standardised" else 1)
        np.testing.assert_allclose(mine, one.loadings[column], rtol=1e-6)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("visual ~ x1", "could not be read"),
        ("f =~ x1 + x2 + x3 + x1", "says twice"),
        ("f =~ x1 + x2 + f", "says twice"),
        ("a =~ x1 + b\nb =~ x2 + a", "load on one another"),
        ("f =~ x1 + x2 + x3\nx9 ~~ x1", "load on none: x9"),
        ("f =~ x1 + x2", "not identified"),
        ("f =~ 0*x1 + x2 + x3 + x4", "not identified"),
    ],
)
def test_models_that_mean_nothing_are_refused(pupils, model, word):
    with pytest.raises(CastError, match=word):
        factors.cfa(pupils, model)


def test_a_heywood_case_of_the_confirmed_model_is_named():
    rng = np.random.default_rng(2)
    common = rng.normal(size=(60, 1))
    items = pd.DataFrame(0.4 * common + rng.normal(size=(60, 3)), columns=list("abc"))
    items["d"] = common[:, 0] + 1e-3 * rng.normal(size=60)
    items["e"] = common[:, 0] + 1e-3 * rng.normal(size=60)
    with pytest.raises(CastError, match=r"Heywood|not converge"):
        factors.cfa(items, "f =~ a + d + b\ng =~ c + e")


def test_discriminant_validity_compares_root_ave_with_correlations(pupils):
    found = factors.cfa(pupils, HS)
    row = found.discriminant.set_index(["factor_1", "factor_2"]).loc[("visual", "speed")]
    assert row["correlation"] == found.phi.loc["visual", "speed"]
    assert row["root_ave"] == np.sqrt(found.ave["visual"])
    assert row["distinct"]
    merged = factors.cfa(pupils, "one =~ x1 + x4 + x7\ntwo =~ x2 + x5 + x8")
    assert not merged.discriminant["distinct"][0]


def test_invariance_decides_by_changes_of_fit(pupils):
    found = factors.invariance(pupils, HS, "school").set_index("level")
    assert found["decision"].to_list() == ["reference", "holds", "fails", "not_reached"]
    assert found["delta_df"].to_list()[1:] == [6, 6, 9]
    assert found.loc["scalar", "delta_chi2"] == pytest.approx(40.059, abs=1e-3)
    assert (found["n"] == 301).all()
    assert found["chi2"].is_monotonic_increasing
    shorter = factors.invariance(pupils, HS, "school", to="scalar").set_index("level")
    pd.testing.assert_frame_equal(shorter, found.iloc[:3])
    with pytest.raises(CastError, match="metric, scalar, strict"):
        factors.invariance(pupils, HS, "school", to="weak")


def test_invariance_finds_what_was_planted():
    rng = np.random.default_rng(4)
    n = 1500
    group = np.repeat(["a", "b", "c"], n // 3)
    factor = rng.normal(size=n) + 0.5 * (group == "b")
    items = 3 + factor[:, None] * [0.8, 0.7, 0.9, 0.8] + 0.6 * rng.normal(size=(n, 4))
    data = pd.DataFrame(items, columns=list("wxyz")).assign(g=group)
    same = factors.invariance(data, "f =~ w + x + y + z", "g").set_index("level")["decision"]
    assert set(same) == {"reference", "holds"}
    shifted = data.assign(x=data["x"] + 0.6 * (group == "c"))
    moved = factors.invariance(shifted, "f =~ w + x + y + z", "g").set_index("level")["decision"]
    assert moved.to_list() == ["reference", "holds", "fails", "not_reached"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"school": "one"}, "one group"),
        ({"school": np.r_[["tiny"] * 9, ["big"] * 292]}, r"the 9 items: tiny \(9\)"),
        ({"school": None}, "no value at all"),
        ({"x1": np.r_[np.ones(150), np.arange(151)]}, "in group 'first': every answer .* x1"),
    ],
)
def test_groups_that_cannot_be_compared_are_refused(pupils, change, word):
    data = pupils.assign(school=np.r_[["first"] * 150, ["second"] * 151]).assign(**change)
    with pytest.raises(CastError, match=word):
        factors.invariance(data, HS, "school")
    with pytest.raises(CastError, match="factors of factors"):
        factors.invariance(data, HS + "\ng =~ visual + textual + speed", "school")


def test_htmt_is_one_for_halves_of_one_factor():
    rng = np.random.default_rng(1)
    data = pd.DataFrame(
        rng.normal(size=(4000, 1)) + rng.normal(size=(4000, 6)), columns=list("abcdef")
    )
    row = factors.htmt(data, "one =~ a + b + c\ntwo =~ d + e + f").iloc[0]
    assert row[["htmt", "htmt2"]].to_list() == pytest.approx([1, 1], abs=0.05)
    assert not row["distinct"]
    with pytest.raises(CastError, match="items of two factors: a"):
        factors.htmt(data, "one =~ a + b + c\ntwo =~ a + e + f")
    with pytest.raises(CastError, match="given: 1 factors"):
        factors.htmt(data, "one =~ a + b + c")


def test_starting_values_in_a_model_fix_and_equate_nothing(pupils):
    plain = factors.cfa(pupils, "v =~ x1 + x2 + x3\nt =~ x4 + x5 + x6")
    started = factors.cfa(pupils, "v =~ x1 + start(0.8)*x2 + start(0.8)*x3\nt =~ x4 + x5 + x6")
    pd.testing.assert_series_equal(plain.fit, started.fit)


def test_extraction_takes_the_better_of_two_minima():
    matrix = np.corrcoef(np.random.default_rng(375).normal(size=(30, 9)), rowvar=False)
    loadings = _extraction.extract(matrix, 3, "minres")
    rest = matrix - loadings @ loadings.T
    assert (rest[np.tril_indices(9, -1)] ** 2).sum() < 0.2  # 0.208 at the other
