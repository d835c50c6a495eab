"""The names that others call by: every function, parameter, field and column that is promised exists."""

import inspect

import numpy as np
import pandas as pd
import pytest

from castlib import stats
from castlib.stats import configurations as fsqca
from castlib.stats import design, factors, groups, levels, models, needs, reliability

SIGNATURES = {
    reliability.reliability: ["items", "reverse", "ci"],
    reliability.content_validity: ["ratings"],
    reliability.icc: ["data", "rater", "target", "score"],
    factors.adequacy: ["items"],
    factors.parallel_analysis: ["items", "n_iter", "seed"],
    factors.efa: ["items", "n_factors", "method", "rotation"],
    factors.cfa: ["data", "model"],
    factors.invariance: ["data", "model", "group"],
    factors.htmt: ["data", "model"],
    groups.compare: ["data", "dv", "between", "cluster"],
    groups.association: ["data", "x", "y"],
    groups.correlation: ["data", "x", "y", "method"],
    models.regression: ["data", "y", "x", "cluster"],
    models.relative_importance: ["data", "y", "x"],
    models.multilevel: ["data", "y", "group", "x"],
    needs.pni: ["data", "expected", "actual", "cluster"],
    needs.importance_performance: ["data", "importance", "performance"],
    levels.read: ["mean", "criterion"],
    levels.describe: ["frame"],
    fsqca.calibrate: ["values"],
    fsqca.necessity: ["data", "outcome", "conditions"],
    fsqca.truth_table: ["data", "outcome", "conditions"],
    fsqca.minimise: ["table"],
    fsqca.robustness: ["data", "outcome", "conditions"],
    design.plan: ["icc", "cluster_size"],
}
MODEL = "one =~ A1 + A2 + A3\ntwo =~ C1 + C2 + C3"


def has(found: object, *names: str) -> None:
    """Assert that a result has these fields, or a frame these columns."""
    for name in names:
        assert name in found.columns if isinstance(found, pd.DataFrame) else hasattr(found, name)


@pytest.mark.parametrize("function", SIGNATURES)
def test_parameters_come_first_in_the_promised_order(function):
    given = list(inspect.signature(function).parameters)
    assert given[: len(SIGNATURES[function])] == SIGNATURES[function]


def public() -> list:
    """Return every function that castlib.stats offers."""
    found = {}
    for module in (getattr(stats, name) for name in stats.__all__):
        offered = getattr(module, "__all__", ())
        for name, value in inspect.getmembers(module, inspect.isfunction):
            own = value.__module__ == module.__name__ and not name.startswith("_")
            if own or name in offered:
                found[f"{module.__name__.removeprefix('castlib.stats.')}.{name}"] = value
    return sorted(found.items())


# small ones that say all in a sentence and an example
BRIEF = {"groups.holm", "levels.uppers"}


@pytest.mark.parametrize(("name", "function"), public())
def test_docstrings_say_all(name, function):
    text = inspect.getdoc(function)
    assert text.splitlines()[0].endswith(".")
    assert ">>> " in text
    if name not in BRIEF and not name.startswith("refusals."):
        for section in ("Parameters", "Returns", "Raises", "References", "Examples"):
            assert f"\n{section}\n---" in text, section


def test_reliability(bfi, judges):
    found = reliability.reliability(bfi[["A1", "A2", "A3"]], reverse=["A1"], ci=0.9)
    has(found, "alpha", "alpha_ci", "omega_total", "n")
    has(found.items, "item", "mean", "sd", "skew", "kurtosis")
    has(found.items, "floor", "ceiling", "r_drop", "alpha_if_deleted")
    rated = reliability.content_validity(pd.DataFrame([[1, 0, 1]], index=["q1"]))
    has(rated, "item", "ioc", "keep", "ioc_without_worst")
    forms = reliability.icc(judges, "judge", "target", "score")
    assert forms["type"].to_list() == ["ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k"]
    has(forms, "icc", "ci_low", "ci_high")


def test_factors(bfi_items, pupils):
    has(
        factors.adequacy(bfi_items),
        "kmo",
        "kmo_items",
        "bartlett_chi2",
        "bartlett_df",
        "bartlett_p",
    )
    found = factors.parallel_analysis(bfi_items, n_iter=50, seed=1)
    has(found, "n_factors", "eigenvalues", "thresholds")
    assert len(found.eigenvalues) == len(found.thresholds) == 25
    for method in ("minres", "ml"):
        for rotation in ("oblimin", "varimax", "promax"):
            found = factors.efa(bfi_items, 3, method=method, rotation=rotation)
            has(found, "loadings", "phi", "communalities", "rmsea", "tli", "n")
            assert found.loadings.shape == (25, 3)
            assert found.phi.shape == (3, 3)
            assert list(found.loadings.index) == list(found.communalities.index)
    found = factors.cfa(bfi_items, MODEL)
    has(found, "fit", "loadings", "cr", "ave")
    for name in ("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_ci", "srmr"):
        assert found.fit[name] is getattr(found.fit, name)
    assert len(found.fit.rmsea_ci) == 2
    has(found.loadings, "standardised", "se", "p")
    assert list(found.cr.index) == list(found.ave.index) == ["one", "two"]
    held = factors.invariance(pupils, "v =~ x1 + x2 + x3\nt =~ x4 + x5 + x6", "school")
    has(
        held,
        "level",
        "chi2",
        "df",
        "cfi",
        "rmsea",
        "srmr",
        "delta_cfi",
        "delta_chi2",
        "p",
        "decision",
    )


def test_groups(bfi, study):
    for between in ("gender", "education"):
        found = groups.compare(bfi, "open", between)
        has(found, "checks", "chosen", "why", "statistic", "df", "p", "effect_size", "effect_ci")
        has(found, "posthoc", "groups", "n")
        assert found.groups["n"].sum() == found.n
        assert len(found.effect_ci) == 2
    clustered = groups.compare(study, "outcome", "sex", cluster="district")
    assert clustered.chosen == "cluster_robust"
    found = groups.association(bfi, "gender", "education")
    has(found, "statistic", "df", "p", "effect_size", "effect_ci", "n")
    for method in ("pearson", "spearman", "kendall"):
        has(groups.correlation(bfi, "open", "agree", method), "r", "ci", "p", "n")


def test_models(study):
    x = ["c0_actual", "c1_actual"]
    for cluster in (None, "district"):
        found = models.regression(study, "outcome", x, cluster=cluster)
        has(found, "r2", "adj_r2", "n")
        has(found.coefficients, "b", "beta", "se", "ci_low", "ci_high", "p", "vif")
        assert list(found.coefficients.index) == ["Intercept", *x]
    shares = models.relative_importance(study, "outcome", x, n_boot=50)
    has(shares, "term", "importance", "ci_low", "ci_high")
    found = models.multilevel(study, "outcome", "district", x=x)
    has(found, "icc", "between", "within", "fixed", "design_effect", "effective_n", "groups")
    assert list(found.fixed.index) == ["Intercept", *x]
    assert len(found.groups) == 76
    has(found.groups, "group", "n", "estimate", "low", "high")


def test_needs_and_levels(study):
    pairs = ["c0_expected", "c1_expected"], ["c0_actual", "c1_actual"]
    found = needs.pni(study, *pairs, cluster="district", n_boot=50)
    has(
        found,
        "item",
        "expected",
        "actual",
        "pni",
        "ci_low",
        "ci_high",
        "rank",
        "rank_low",
        "rank_high",
    )
    assert found["ci"].to_list() == list(zip(found["ci_low"], found["ci_high"], strict=True))
    ranks = zip(found["rank"], found["rank_ci"], strict=True)
    assert all(low <= rank <= high for rank, (low, high) in ranks)
    alone = needs.pni(study, "c0_expected", "c0_actual", n_boot=50)
    assert alone["item"].to_list() == ["c0"]
    found = needs.importance_performance(study, *pairs, n_boot=50)
    has(found, "item", "quadrant", "share")
    assert levels.read(4.5, "boonchom") == 4
    has(levels.describe(study[pairs[1]]), "mean", "sd", "ci_low", "ci_high", "level", "crosses")


def test_configurations_and_design():
    rng = np.random.default_rng(0)
    raw = pd.DataFrame(rng.normal(size=(30, 3)), columns=["a", "b", "y"])
    data = raw.apply(fsqca.calibrate, args=(-1, 0, 1)).assign(y=lambda d: d["a"] ** 2)
    has(fsqca.necessity(data, "y", ["a", "b"]), "condition", "consistency", "coverage")
    table = fsqca.truth_table(data, "y", ["a", "b"], incl_cut=0.6)
    has(table.rows, "a", "b", "out", "n", "consistency", "pri")
    for kind in ("complex", "parsimonious", "intermediate"):
        found = fsqca.minimise(table, kind)
        has(found.fit, "consistency", "pri", "coverage")
    has(
        fsqca.robustness(data, "y", ["a", "b"], (0.6, 0.7)),
        "solution",
        "consistency",
        "coverage",
        "same",
    )
    plan = design.plan(0.05, 10, 76)
    has(plan, "effective_n", "design_effect", "power", "clusters_needed", "n_needed")
