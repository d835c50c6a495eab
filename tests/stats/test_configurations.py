"""fsQCA: R's numbers on the Lipset data, logic that must hold, refusals."""

from itertools import product

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


def test_the_first_row_of_the_sweep_is_the_chosen_solution(fuzzy):
    found = fsqca.robustness(fuzzy, "SURV", CONDITIONS, (0.8, 0.75, 0.9, 0.99))
    chosen = fsqca.minimise(fsqca.truth_table(fuzzy, "SURV", CONDITIONS))
    first = found.iloc[0]
    assert first["solution"] == " + ".join(chosen.models[0])
    assert first[["chosen", "same", "overlap"]].to_list() == [True, True, 1]
    assert first["consistency"] == chosen.fit.loc[0, "consistency"]
    assert len(found) == 4 * 2 * 2
    assert found["chosen"].sum() == 1
    strict = found[found["incl_cut"] == 0.99]
    assert (strict["models"] == 0).all()
    assert strict["reason"].str.contains("no combination").all()
    assert strict["solution"].isna().all()
    narrower = found.query("incl_cut == 0.9 and n_cut == 1 and pri_cut == 0").iloc[0]
    assert narrower["solution"] == "DEV*URB*LIT*IND*STB"
    assert not narrower["same"]
    assert 0 < narrower["overlap"] < 1


def test_the_sweep_moves_anchors_and_kinds(shared):
    raw = pd.read_csv(shared / "lipset_raw_LR.csv").set_index("case")
    anchors = {"DEV": (400, 550, 900), "LIT": (50, 75, 90), "SURV": (-9, 0, 10)}
    frames = {
        label: pd.DataFrame(
            {
                c: fsqca.calibrate(raw[c], e, m + shift * (i - m), i)
                for c, (e, m, i) in anchors.items()
            }
        )
        for label, shift in (("as chosen", 0.0), ("crossover higher", 0.3))
    }
    found = fsqca.robustness(
        frames, "SURV", ["DEV", "LIT"], (0.75, 0.7), (1,), (0.0,), "intermediate", {"DEV": True}
    )
    assert found["calibration"].to_list() == ["as chosen"] * 2 + ["crossover higher"] * 2
    assert found["overlap"].between(0, 1).all()
    with pytest.raises(CastError, match="the same cases"):
        fsqca.robustness(
            frames | {"crossover higher": frames["as chosen"].head(12)},
            "SURV",
            ["DEV", "LIT"],
            (0.75,),
        )


def test_a_chosen_solution_must_exist(fuzzy):
    with pytest.raises(CastError, match="no combination of conditions is sufficient"):
        fsqca.robustness(fuzzy, "SURV", CONDITIONS, incl_cuts=(0.99, 0.8))
    with pytest.raises(CastError, match="no threshold"):
        fsqca.robustness(fuzzy, "SURV", CONDITIONS, incl_cuts=())
    with pytest.raises(CastError, match="thresholds out of range"):
        fsqca.truth_table(fuzzy, "SURV", CONDITIONS, incl_cut=1.2)
