"""Alpha and kappa equal R's (tests/reference/agreement), the krippendorff package's and statsmodels'."""

import json
from itertools import product
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from castlib.errors import CastError
from castlib.text.agreement import agreement, cohen_kappa
from castlib.text.answers import disagreements

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "agreement"
R = json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))["oracles"]


def ratings(frame):
    """Coders × units as codings with one code each."""
    long = frame.rename_axis("coder").melt(
        ignore_index=False, var_name="segment", value_name="code"
    )
    return long.dropna().astype({"code": str}).reset_index()


@pytest.fixture(scope="module")
def two(codings):
    """Two coders, 200 segments, three codes: 85 % kept by each, some given without reason."""
    random = np.random.default_rng(7)
    rows = []
    for unit in range(200):
        true = {code for code in "pqr" if random.random() < 0.15}
        for coder in "xy":
            kept = {c for c in true if random.random() < 0.85}
            rows.append(
                (
                    f"a1:{unit}",
                    coder,
                    ";".join(sorted(kept | {"q"} if random.random() < 0.03 else kept)),
                )
            )
    return codings(*rows)


def test_alpha_with_missing_ratings_equals_r():
    classic = pd.read_csv(REFERENCE / "krippendorff2011.csv", index_col="coder")
    found = agreement(ratings(classic))
    assert found.alpha == pytest.approx(
        R["krippendorff_classic_irr"]["value"]["nominal"], abs=1e-14
    )
    assert (found.segments, found.read_by_one) == (11, 1)


@pytest.mark.parametrize("name", ["anxiety", "diagnoses"])
def test_alpha_of_many_coders_equals_r(shared, name):
    expected = {
        "anxiety": R["kripp_anxiety_by_definition"]["value"]["nominal"],
        "diagnoses": R["kripp_diagnoses_nominal_by_definition"]["value"],
    }
    table = pd.read_csv(shared / "oracle" / f"irr_{name}.csv").T
    assert agreement(ratings(table)).alpha == pytest.approx(expected[name], abs=1e-13)


@pytest.mark.parametrize(
    ("name", "first", "expected"),
    [
        ("diagnoses", 0, R["cohen_kappa_diagnoses_1_2"]["value"]["value"]),
        ("diagnoses", 1, R["cohen_kappa_diagnoses_2_3"]["value"]["value"]),
        ("anxiety", 0, R["cohen_kappa_anxiety_1_2"]["value"]["unweighted"]),
    ],
)
def test_kappa_equals_r(shared, name, first, expected):
    table = pd.read_csv(shared / "oracle" / f"irr_{name}.csv")
    values = sorted(set(table.stack()))
    counts = pd.crosstab(table.iloc[:, first], table.iloc[:, first + 1])
    counts = counts.reindex(index=values, columns=values, fill_value=0)
    assert float(cohen_kappa(counts.to_numpy())) == pytest.approx(expected, abs=1e-13)


def test_each_code_equals_statsmodels_and_the_package(two):
    units = sorted(two["segment"].unique())
    found = agreement(two).codes.set_index("code")
    for code in "pqr":
        said = two[two["code"] == code].groupby("coder")["segment"].agg(set)
        x, y = (np.array([unit in said[coder] for unit in units]).astype(int) for coder in "xy")
        table = pd.crosstab(x, y).to_numpy()
        assert found.loc[code, "kappa"] == pytest.approx(cohens_kappa(table).kappa)
        assert found.loc[code, "percent"] == (x == y).mean()
        assert found.loc[code, "both"] == (x & y).sum() / (x | y).sum()
        assert found.loc[code, "segments"] == (x | y).sum()
        alpha = krippendorff.alpha([x, y], level_of_measurement="nominal")
        assert found.loc[code, "alpha"] == pytest.approx(alpha)


def test_alpha_of_whole_sets_equals_the_package_with_set_distance(two):
    sets = (
        two.dropna(subset="code").groupby(["segment", "coder"])["code"].agg(lambda c: frozenset(c))
    )
    index = pd.MultiIndex.from_product([two["segment"].unique(), list("xy")])
    sets = sets.reindex(index).map(lambda s: s if isinstance(s, frozenset) else frozenset())
    domain = sorted(set(sets), key=sorted)
    codes = sets.map(domain.index).unstack().T.to_numpy()
    apart = np.array([[len(a ^ b) for b in domain] for a in domain])
    expected = krippendorff.alpha(
        codes,
        value_domain=range(len(domain)),
        level_of_measurement=lambda v1, v2, i1, i2, n_v, dtype: apart[i1, i2].astype(dtype),
    )
    assert agreement(two).alpha == pytest.approx(expected)


def test_what_was_read_and_left_uncoded_is_an_answer(codings):
    rows = [("a1:1", "x", "p"), ("a1:1", "y", "p"), ("a1:2", "x", ""), ("a1:2", "y", "")]
    found = agreement(codings(*rows, ("a1:3", "x", "p")))
    assert (found.segments, found.read_by_one, found.uncoded) == (2, 1, 1)
    assert found.codes.loc[0, ["segments", "both", "percent", "kappa", "alpha"]].tolist() == [
        1,
        1,
        1,
        1,
        1,
    ]


def test_silence_raises_per_cent_but_not_both(codings):
    silent = [(f"a1:{i}", coder, "") for i in range(100) for coder in "xy"]
    differ = [("b1:1", "x", "p"), ("b1:1", "y", "p"), ("b1:2", "x", "p"), ("b1:2", "y", "")]
    few, many = (agreement(codings(*rows)).codes.loc[0] for rows in (differ, differ + silent))
    assert few["percent"] == 0.5
    assert many["percent"] > 0.99
    assert few["both"] == many["both"] == 0.5


def test_same_seed_same_interval_and_it_holds_the_estimate(two):
    once, again, other = (agreement(two, seed=seed) for seed in (1, 1, 2))
    assert once.codes.equals(again.codes)
    assert (once.alpha_low, once.alpha_high) == (again.alpha_low, again.alpha_high)
    assert once.alpha_low != other.alpha_low
    assert once.alpha_low < once.alpha < once.alpha_high
    assert (once.codes["alpha_low"] < once.codes["alpha"]).all()


def test_interval_is_the_plain_bootstrap_over_segments(two):
    found = agreement(two, repeats=4000, seed=3)
    given = two.assign(has=two["code"].eq("p")).groupby(["coder", "segment"])["has"].any().unstack()
    random, samples = np.random.default_rng(4), []
    for _ in range(1500):
        x, y = given.to_numpy().astype(int)[:, random.integers(0, 200, 200)]
        if (x | y).any():
            samples.append(krippendorff.alpha([x, y], level_of_measurement="nominal"))
    expected = np.percentile(samples, [2.5, 97.5])
    row = found.codes.set_index("code").loc["p"]
    assert [row["alpha_low"], row["alpha_high"]] == pytest.approx(list(expected), abs=0.04)


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("pqr")), st.sets(st.sampled_from("pqr"))), min_size=1
    )
)
def test_the_order_of_coders_does_not_matter(codings, units):
    rows = [
        (f"a1:{i}", c, ";".join(s))
        for i, pair in enumerate(units)
        for c, s in zip("xy", pair, strict=True)
    ]
    swapped = [(unit, {"x": "y", "y": "x"}[coder], codes) for unit, coder, codes in rows]
    if not any(codes for _, _, codes in rows):
        return
    one, two = (agreement(codings(*r), repeats=10) for r in (rows, swapped))
    assert one.alpha == pytest.approx(two.alpha, nan_ok=True)
    assert one.alpha <= 1 or np.isnan(one.alpha)
    columns = ["code", "segments", "both", "percent"]
    assert one.codes[columns].equals(two.codes[columns])
    assert one.codes["kappa"].to_numpy() == pytest.approx(
        two.codes["kappa"].to_numpy(), nan_ok=True
    )


def test_a_code_always_given_has_no_coefficient(codings):
    found = agreement(codings(*((f"a1:{i}", c, "p") for i, c in product(range(5), "xy"))))
    assert found.codes[["kappa", "alpha", "alpha_low"]].isna().all(axis=None)
    assert found.codes.loc[0, "percent"] == found.same == 1


def test_three_coders_and_partial_reading(codings):
    rows = [
        ("a1:1", "x", "p"),
        ("a1:1", "y", "p"),
        ("a1:1", "z", ""),
        ("a1:2", "x", "q"),
        ("a1:2", "z", "q"),
    ]
    rows += [
        ("a1:3", "y", ""),
        ("a1:3", "z", "p"),
        ("a1:4", "x", ""),
        ("a1:4", "y", ""),
        ("a1:4", "z", ""),
    ]
    found = agreement(codings(*rows))
    codes = found.codes.set_index("code")
    assert found.coders == ("x", "y", "z")
    # pairs of readings: 3 + 1 + 1 + 3 = 8; alike but for a1:1 x–z, y–z and a1:3 y–z
    assert codes.loc["p", "percent"] == found.same == 5 / 8
    assert codes.loc["p", "both"] == 1 / 4
    assert codes.loc["q", "both"] == 1


def test_nothing_to_compare_is_told(codings):
    with pytest.raises(CastError, match="of 2 segments read, 0 were read by two or more"):
        agreement(codings(("a1:1", "x", "p"), ("a1:2", "y", "p")))
    with pytest.raises(CastError, match="that have codes"):
        agreement(codings(("a1:1", "x", ""), ("a1:1", "y", "")))


def test_disagreements_say_who_gave_what(codings, segments):
    said = segments(("a1", "1", "น้ำ"), ("a1", "2", "ถนน"))
    rows = [
        ("a1:1", "x", "p;q"),
        ("a1:1", "y", "q"),
        ("a1:1", "z", ""),
        ("a1:2", "x", "q"),
        ("a1:2", "y", "q"),
    ]
    found = disagreements(codings(*rows), said)
    assert found.to_dict("records") == [
        {"segment": "a1:1", "code": "p", "given_by": "x", "not_given_by": "y, z", "text": "น้ำ"},
        {"segment": "a1:1", "code": "q", "given_by": "x, y", "not_given_by": "z", "text": "น้ำ"},
    ]
