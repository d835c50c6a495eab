"""fsQCA: R's numbers on the Lipset data, logic that must hold, refusals."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError
from castlib.stats import _minimise
from castlib.stats import configurations as fsqca

CONDITIONS = ["DEV", "URB", "LIT", "IND", "STB"]
FULL = {"Developed", "High urbanization", "High literacy", "Industrialized", "Stable", "Survival"}
NONE = {
    "Undeveloped",
    "Low urbanization",
    "Low literacy",
    "Not industrialized",
    "Unstable",
    "Collapse",
}


def sets(file):
    """Read memberships; R wrote full and no membership as labels."""
    return pd.read_csv(file, index_col="case").map(
        lambda v: 1.0 if v in FULL else 0.0 if v in NONE else float(v)
    )


@pytest.fixture(scope="module")
def fuzzy(shared):
    return sets(shared / "lipset_fuzzy_LF.csv")


@pytest.fixture(scope="module")
def crisp(shared):
    return sets(shared / "lipset_crisp_LC.csv")


@pytest.mark.parametrize(
    ("log_odds", "name"),
    [(np.log(19), "calibrated_direct_idm_0.95"), (3, "calibrated_direct_logodds3")],
)
def test_calibration_equals_r(log_odds, name, shared, oracle, close):
    raw = pd.read_csv(shared / "lipset_raw_LR.csv")
    text = (shared / "fsqca_lipset.json").read_text(encoding="utf-8")
    r = json.loads(text)["oracles"][name]["value"]
    for column, anchors in oracle("fsqca_lipset", "thresholds_e_c_i").items():
        close(
            fsqca.calibrate(raw[column], *anchors, membership=1 / (1 + np.exp(-log_odds))),
            r[column],
        )


@pytest.mark.parametrize(
    ("outcome", "name"), [("SURV", "necessity_single"), ("~SURV", "necessity_single_neg_outcome")]
)
def test_necessity_equals_r(outcome, name, fuzzy, oracle, close):
    found = fsqca.necessity(fuzzy, outcome, CONDITIONS).set_index("condition")
    for condition, r in oracle("fsqca_lipset", name).items():
        close(
            found.loc[condition, ["consistency", "relevance", "coverage"]],
            [r["inclN"], r["RoN"], r["covN"]],
        )
    assert (found["n"] == 18).all()


def test_sufficiency_equals_r(fuzzy, oracle, close):
    found = fsqca.sufficiency(fuzzy, "SURV", CONDITIONS).set_index("condition")
    for condition, r in oracle("fsqca_lipset", "sufficiency_single").items():
        close(
            found.loc[condition, ["consistency", "pri", "coverage"]],
            [r["inclS"], r["PRI"], r["covS"]],
        )


def test_truth_table_equals_r(fuzzy, oracle, close):
    found, r = (
        fsqca.truth_table(fuzzy, "SURV", CONDITIONS).rows,
        oracle("fsqca_lipset", "truth_table_0.8"),
    )
    assert found["out"].to_list() == r["OUT"]
    assert found["n"].to_list() == r["n"]
    assert [",".join(cases) for cases in found["cases"]] == r["cases"]
    close(found["consistency"], r["incl"])
    close(found["pri"], r["PRI"])
    for condition in CONDITIONS:
        assert found[condition].to_list() == r[condition]


@pytest.mark.parametrize(
    ("outcome", "kind", "name"),
    [
        ("SURV", "complex", "conservative_0.8"),
        ("SURV", "parsimonious", "parsimonious_0.8"),
        ("SURV", "intermediate", "intermediate_0.8"),
        ("~SURV", "complex", "neg_outcome_conservative_0.8"),
        ("~SURV", "parsimonious", "neg_outcome_parsimonious_0.8"),
    ],
)
def test_fuzzy_solutions_equal_r(outcome, kind, name, fuzzy, oracle, close):
    found = fsqca.minimise(
        fsqca.truth_table(fuzzy, outcome, CONDITIONS), kind, dict.fromkeys(CONDITIONS, True)
    )
    r = oracle("fsqca_lipset", name)
    same_as_r(found, r["C1P1"] if kind == "intermediate" else r, close)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("complex", "crisp_LC_conservative"), ("parsimonious", "crisp_LC_parsimonious")],
)
def test_crisp_solutions_equal_r(kind, name, crisp, oracle, close):
    found = fsqca.minimise(fsqca.truth_table(crisp, "SURV", CONDITIONS, incl_cut=1), kind)
    same_as_r(found, oracle("fsqca_lipset", name), close)


def test_a_pri_cut_equals_r(fuzzy, oracle, close):
    table = fsqca.truth_table(fuzzy, "SURV", CONDITIONS, pri_cut=0.51)
    same_as_r(fsqca.minimise(table), oracle("fsqca_lipset", "conservative_0.8_pri_0.51"), close)


def same_as_r(found, r, close):
    """Assert that a solution has R's models, and its terms R's consistency and coverage."""
    fit = r["IC"] if "IC" in r else {"terms": r["terms"], "solution": r["overall"]}
    models = r.get("solutions") or r["solution"]
    assert found.models == [m if isinstance(m, list) else [m] for m in models]
    terms = pd.DataFrame({k: v if isinstance(v, list) else [v] for k, v in fit["terms"].items()})
    terms = terms.set_index(".row").loc[found.terms["term"]]
    close(found.terms[["consistency", "pri", "coverage"]], terms[["inclS", "PRI", "covS"]])
    if terms["covU"].notna().all():
        close(found.terms["unique_coverage"], terms["covU"])
    close(
        found.fit[["consistency", "pri", "coverage"]].iloc[0],
        [fit["solution"][k] for k in ("inclS", "PRI", "covS")],
    )


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(*[st.booleans()] * 4), st.sampled_from("10?"), min_size=1))
def test_minimised_terms_cover_all_positive_and_no_negative_rows(table):
    rows = {sum(bit << (3 - i) for i, bit in enumerate(key)): out for key, out in table.items()}
    positive = {r for r, out in rows.items() if out == "1"}
    free = {r for r, out in rows.items() if out == "?"}
    if not positive:
        return
    primes = _minimise.prime_implicants(positive | free, 4)
    models = _minimise.smallest_covers(primes, positive)
    for model in models:
        hit = _minimise.covered(model, set(range(16)))
        assert positive <= hit <= positive | free
    assert len({len(model) for model in models}) == 1
    every = [t for t in product(range(16), repeat=2) if t[1] & ~t[0] == 0]
    allowed = [t for t in every if _minimise.covered([t], set(range(16))) <= positive | free]
    shortest = {
        t
        for t in allowed
        if not any(o != t and o[0] & t[0] == o[0] and t[1] & o[0] == o[1] for o in allowed)
    }
    assert set(primes) == {t for t in shortest if _minimise.covered([t], positive | free)}


def test_equally_short_models_are_all_given():
    rows = pd.DataFrame(list(product([0.0, 1.0], repeat=3)), columns=list("abc"))
    rows["y"] = [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    found = fsqca.minimise(fsqca.truth_table(rows, "y", list("abc")))
    assert len(found.models) == 2
    assert all(len(model) == 3 for model in found.models)
    assert (found.fit[["consistency", "coverage"]] == 1).all(axis=None)


def test_intermediate_lies_between(fuzzy):
    table = fsqca.truth_table(fuzzy, "SURV", CONDITIONS)
    complex_, middle, short = (
        fsqca.minimise(table, k, {"DEV": True}) for k in ("complex", "intermediate", "parsimonious")
    )
    coverage = [s.fit.loc[0, "coverage"] for s in (complex_, middle, short)]
    assert coverage == sorted(coverage)


def test_a_case_on_the_fence_belongs_nowhere_and_is_named():
    data = pd.DataFrame({"a": [0.9, 0.5, 0.2], "y": [0.8, 0.9, 0.1], "name": ["p", "q", "r"]})
    table = fsqca.truth_table(data, "y", ["a"], case="name")
    assert table.unassigned == ("q",)
    assert table.rows["n"].to_list() == [1, 1]


@pytest.mark.parametrize("anchors", [(1, 3, 2), (3, 3, 4), (4, 3, 3.5)])
def test_anchors_out_of_order_are_refused(anchors):
    with pytest.raises(CastError, match="rise or fall"):
        fsqca.calibrate(pd.Series([1.0, 2.0]), *anchors)


def test_calibration_rises_and_keeps_missing():
    found = fsqca.calibrate(pd.Series([1.0, None, 3.0, 9.0]), 1, 3, 9)
    assert found.round(6).to_list()[::2] == [0.05, 0.5]
    assert found.isna().to_list() == [False, True, False, False]
    down = fsqca.calibrate(pd.Series([1.0, 3.0, 9.0]), 9, 3, 1)
    assert down.round(6).to_list() == [0.95, 0.5, 0.05]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"a": [1.2, 0.1], "y": [0.2, 0.3]}, "outside 0-1 in: a"),
        ({"a": [0.2, 0.1], "y": [0.0, 0.0]}, "no case is a member"),
        ({"a": ["x", "y"], "y": [0.2, 0.3]}, "text was found"),
        ({"a": [None, None], "y": [0.2, 0.3]}, "no answer at all"),
    ],
)
def test_bad_memberships_are_refused(data, word):
    with pytest.raises(CastError, match=word):
        fsqca.necessity(pd.DataFrame(data), "y", ["a"])


def test_nothing_to_minimise_is_refused(fuzzy):
    with pytest.raises(CastError, match="no combination of conditions is sufficient"):
        fsqca.minimise(fsqca.truth_table(fuzzy, "SURV", CONDITIONS, incl_cut=0.99))
    with pytest.raises(CastError, match="nothing tells"):
        fsqca.minimise(fsqca.truth_table(fuzzy, "SURV", CONDITIONS, incl_cut=0.01))
    with pytest.raises(CastError, match="parsimonious"):
        fsqca.minimise(fsqca.truth_table(fuzzy, "SURV", CONDITIONS), "parsimoniuos")
    with pytest.raises(CastError, match="none of them the outcome"):
        fsqca.truth_table(fuzzy, "SURV", [*CONDITIONS, "SURV"])
