"""KMO, parallel analysis, exploratory and confirmatory factors: R's numbers, properties, refusals, speed."""

import time

import numpy as np
import pandas as pd
import pytest

from castlib.errors import CastError
from castlib.stats import _extraction, factors


def aligned(frame):
    """Return R's loadings, strongest factor first and mostly positive, as ours are."""
    values = frame.to_numpy()
    values = values * np.sign((values**3).sum(axis=0))
    return values[:, np.argsort(-(values**2).sum(axis=0))]


def test_kmo_and_bartlett_equal_psych(bfi_items, oracle, close):
    found, bartlett = factors.adequacy(bfi_items), oracle("bfi_factor", "bartlett_sphericity")
    close(found.kmo, oracle("bfi_factor", "KMO_overall"))
    close(found.kmo_items, list(oracle("bfi_factor", "KMO_items").values()))
    close([found.bartlett_chi2, found.bartlett_df], [bartlett["chisq"], bartlett["df"]])
    assert found.bartlett_p == 0
    assert found.n == oracle("bfi_factor", "n")
    assert list(found.kmo_items.index) == list(bfi_items.columns)


def test_parallel_analysis_equals_horn_in_r(bfi_items, oracle, close):
    found = factors.parallel_analysis(bfi_items, n_iter=2000, seed=1)
    close(found.eigenvalues, oracle("bfi_factor", "eigenvalues_pc"))
    close(found.thresholds, oracle("bfi_factor", "horn_pca_q95_200"), rel=0.01)
    assert found.n_factors == oracle("bfi_factor", "horn_pca_ncomp")["q95"]


def test_parallel_analysis_draws_what_random_answers_give():
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(120, 6)))
    rng = np.random.default_rng(1)
    slow = [np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(120, 6)).T))[::-1] for _ in range(3000)]
    found = factors.parallel_analysis(data, n_iter=3000, seed=2)
    np.testing.assert_allclose(found.thresholds, np.quantile(slow, 0.95, axis=0), rtol=0.02)
    assert found.n_factors == 0


def test_parallel_analysis_is_quick():
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(760, 35)))
    factors.parallel_analysis(data, n_iter=20)
    start = time.perf_counter()
    factors.parallel_analysis(data, n_iter=100)
    assert time.perf_counter() - start < 1


def test_minres_and_its_oblimin_equal_r(bfi_items, oracle, close):
    found = factors.efa(bfi_items, 5)
    exact, fit = (
        oracle("bfi_factor", "minres_exact_oblimin"),
        oracle("bfi_factor", "minres_5_oblimin"),
    )
    order = np.argsort(-(exact["loadings"] ** 2).sum().to_numpy())
    close(found.loadings, aligned(exact["loadings"]), abs_=1e-6)
    close(found.phi, exact["Phi"].to_numpy()[np.ix_(order, order)], abs_=1e-6)
    communality = oracle("bfi_factor", "minres_exact_unrotated")["communality"]
    close(found.communalities, list(communality.values()), rel=1e-6)
    close([found.chi2, found.df], [fit["STATISTIC"], fit["dof"]], rel=1e-6)
    close([found.rmsea, found.tli], [fit["RMSEA"]["RMSEA"], fit["TLI"]], rel=1e-6)
    assert found.heywood == []


def test_maximum_likelihood_and_varimax_equal_r(bfi_items, oracle, close):
    found, fit = factors.efa(bfi_items, 5, "ml", "varimax"), oracle("bfi_factor", "ml_5_varimax")
    close(found.loadings, aligned(oracle("bfi_factor", "ml_varimax_kaiser_tight")), abs_=1e-5)
    close(found.phi, np.eye(5))
    close(found.chi2, fit["STATISTIC"], rel=1e-6)
    close(
        [found.rmsea, found.tli, found.p],
        [fit["RMSEA"]["RMSEA"], fit["TLI"], fit["PVAL"]],
        rel=1e-5,
    )
    unique = list(oracle("bfi_factor", "factanal_5_varimax")["uniquenesses"].values())
    close(1 - found.communalities, unique, rel=1e-4)


def test_promax_equals_psych(bfi_items, oracle, close):
    found, r = factors.efa(bfi_items, 5, "ml", "promax"), oracle("bfi_factor", "ml_5_promax")
    close(found.loadings, aligned(r["loadings"]), abs_=1e-3)
    close(np.sort(np.abs(found.phi), axis=None), np.sort(np.abs(r["Phi"]), axis=None), abs_=1e-3)


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
        ({"n_factors": 0}, "ask for fewer"),
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
    with pytest.raises(CastError, match="at least 20"):
        factors.parallel_analysis(bfi_items, n_iter=1)


@pytest.mark.parametrize(("name", "data"), [("hs", "pupils"), ("bfi", "bfi_items")])
def test_cfa_equals_lavaan(name, data, request, oracle, close):
    found = factors.cfa(request.getfixturevalue(data), oracle("cfa", f"model_{name}"))
    r = oracle("cfa", f"{name}_ml")
    names = {
        "chi2": "chisq",
        "df": "df",
        "p": "pvalue",
        "cfi": "cfi",
        "tli": "tli",
        "rmsea": "rmsea",
        "srmr": "srmr",
    }
    for mine, theirs in names.items():
        close(found.fit[mine], r["fit"][theirs], rel=1e-6)
    close(found.fit["rmsea_ci"], [r["fit"]["rmsea.ci.lower"], r["fit"]["rmsea.ci.upper"]], rel=1e-6)
    standard = pd.DataFrame(r["standardized"]).query("op == '=~'")
    assert list(found.loadings["item"]) == list(standard["rhs"])
    assert list(found.loadings["factor"]) == list(standard["lhs"])
    close(found.loadings["standardised"], standard["est.std"], rel=1e-4)
    close(found.loadings["se"], standard["se"], rel=1e-4)
    reliable = oracle("cfa", f"{name}_cr_ave")
    close(found.cr, reliable.loc["CR"], rel=1e-5)
    close(found.ave, reliable.loc["AVE"], rel=1e-5)
    assert found.n == r["fit"]["ntotal"]


def test_factor_correlations_equal_lavaan(pupils, oracle, close):
    found = factors.cfa(pupils, oracle("cfa", "model_hs"))
    r = oracle("cfa", "hs_lv_cor")
    assert list(found.phi.columns) == list(r.columns)
    close(found.phi, r, rel=1e-6)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ("visual = x1 + x2 + x3", "could not be read"),
        ("", "names no factor"),
        ("visual =~ x1 + x2 + x99", "no column 'x99'"),
        ("visual =~ x1 + x2 + x3", "no degrees of freedom"),
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
