"""Every public function on data that carry nothing: a sentence that says what is wrong, never a silent NaN."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from castlib.errors import CastError
from castlib.stats import configurations as fsqca
from castlib.stats import design, factors, families, groups, levels, models, needs, reliability

ITEMS = ["i1", "i2", "i3", "i4", "i5", "i6"]
MODEL = "one =~ i1 + i2 + i3\ntwo =~ i4 + i5 + i6"
CONDITIONS = ["m1", "m2"]
PAIRS = (["i1_expected", "i2_expected"], ["i1_actual", "i2_actual"])


def people() -> pd.DataFrame:
    """Return 120 answers on which every function works."""
    rng = np.random.default_rng(7)
    n = 120
    common = np.repeat(rng.normal(size=(n, 2)), 3, axis=1)
    frame = pd.DataFrame(common + 0.8 * rng.normal(size=(n, 6)), columns=ITEMS)
    frame = np.clip(frame.round(1) / 2 + 3, 1, 5)
    frame["x"], frame["z"] = rng.normal(size=(2, n))
    frame["g"], frame["half"] = np.arange(n) % 3, np.where(np.arange(n) % 2, "a", "b")
    frame["d"] = np.arange(n) // 10
    frame["y"] = frame["x"] + rng.normal(size=12)[frame["d"]] + rng.normal(size=n)
    for name in ("i1", "i2"):
        frame[f"{name}_actual"] = frame[name]
        frame[f"{name}_expected"] = np.clip(frame[name] + rng.integers(0, 2, n), 1, 5)
    for name in (*CONDITIONS, "out"):
        frame[name] = rng.uniform(0.01, 0.99, n)
    frame["out"] = np.maximum(frame["m1"], frame["m2"]) ** 2
    return frame.assign(rater=np.arange(n) % 4, target=np.arange(n) // 4)


def ratings(data: pd.DataFrame) -> pd.DataFrame:
    """Return the experts' ratings among the columns."""
    return data[ITEMS[:3]]


# name: (call, numeric column that is spoilt, grouping column that is spoilt)
CALLS = {
    "reliability": (lambda d: reliability.reliability(d[ITEMS]), "i2", None),
    "reliability_clustered": (
        lambda d: reliability.reliability(d[ITEMS], cluster=d["d"]), "i2", "d"),
    "bootstrap_alpha": (
        lambda d: reliability.bootstrap_alpha(d[ITEMS], d["d"], n_boot=50), "i2", "d"),
    "icc": (lambda d: reliability.icc(d, "rater", "target", "i1"), "i1", "rater"),
    "adequacy": (lambda d: factors.adequacy(d[ITEMS]), "i2", None),
    "parallel_analysis": (lambda d: factors.parallel_analysis(d[ITEMS], n_iter=20), "i2", None),
    "efa": (lambda d: factors.efa(d[ITEMS], 2), "i2", None),
    "cfa": (lambda d: factors.cfa(d, MODEL), "i2", None),
    "htmt": (lambda d: factors.htmt(d, MODEL), "i2", None),
    "invariance": (lambda d: factors.invariance(d, MODEL, "half"), "i2", "half"),
    "compare_2": (lambda d: groups.compare(d, "y", "half"), "y", "half"),
    "compare_3": (lambda d: groups.compare(d, "y", "g"), "y", "g"),
    "compare_clustered": (lambda d: groups.compare(d, "y", "g", cluster="d"), "y", "d"),
    "association": (lambda d: groups.association(d, "g", "half"), None, "half"),
    "correlation": (lambda d: groups.correlation(d, "x", "y"), "x", None),
    "regression": (lambda d: models.regression(d, "y", ["x", "z"]), "x", None),
    "regression_clustered": (lambda d: models.regression(d, "y", ["x", "z"], "d"), "x", "d"),
    "relative_importance": (
        lambda d: models.relative_importance(d, "y", ["x", "z"], "d", n_boot=50), "x", "d"),
    "multilevel": (lambda d: models.multilevel(d, "y", "d", ["x"]), "x", "d"),
    "pni": (lambda d: needs.pni(d, *PAIRS, cluster="d", n_boot=50), "i1_actual", "d"),
    "importance_performance": (
        lambda d: needs.importance_performance(d, *PAIRS, cluster="d", n_boot=50), "i1_actual", "d"),
    "describe": (lambda d: levels.describe(d[["i1", "i2"]], d["d"]), "i1", "d"),
    "clustering": (lambda d: families.clustering(d, ["y", "x"], "d"), "y", "d"),
    "calibrate": (lambda d: fsqca.calibrate(d["x"], -1, 0, 1), "x", None),
    "necessity": (lambda d: fsqca.necessity(d, "out", CONDITIONS), "m1", None),
    "sufficiency": (lambda d: fsqca.sufficiency(d, "out", CONDITIONS), "m1", None),
    "truth_table": (lambda d: fsqca.truth_table(d, "out", CONDITIONS), "m1", None),
    "minimise": (
        lambda d: fsqca.minimise(fsqca.truth_table(d, "out", CONDITIONS, 0.7)), "m1", None),
    "robustness": (lambda d: fsqca.robustness(d, "out", CONDITIONS, (0.7, 0.8)), "m1", None),
}  # fmt: skip

SPOILT = {
    "all missing": (lambda x: x.mask(x.notna()), "no answer at all"),
    "infinite": (lambda x: x.where(x.index > 0, np.inf), "infinite"),
    "text": (lambda x: x.astype(object).where(x.index > 0, "many"), "text was found"),
    "text of figures": (lambda x: x.astype(str), "text was found"),
}
# a constant is an answer like any other to these
CONSTANT_IS_FINE = {
    "pni", "importance_performance", "describe", "calibrate", "necessity", "sufficiency",
    "truth_table", "minimise", "robustness",
}  # fmt: skip
# with one cluster, people within it are resampled, or the interval speaks of them only
ONE_IS_FINE = {
    "pni", "importance_performance", "describe", "relative_importance", "bootstrap_alpha",
}  # fmt: skip
# where a missing number means what the docstring says it means
MISSING_IS_SAID = {
    "beta", "vif", "consistency", "pri", "coverage", "overlap", "delta_chi2", "delta_df", "delta_p",
    "delta_cfi", "delta_rmsea", "delta_srmr", "group", "reason", "solution",
}  # fmt: skip


def blanks(found: object, name: str = "") -> list[str]:
    """Return the fields of a result in which a number is missing."""
    if dataclasses.is_dataclass(found):
        return [
            b for f in dataclasses.fields(found) for b in blanks(getattr(found, f.name), f.name)
        ]
    if isinstance(found, pd.DataFrame):
        return [b for column in found for b in blanks(found[column], str(column))]
    if isinstance(found, tuple | list | pd.Series | np.ndarray):
        return sorted({b for value in found for b in blanks(value, name)})
    missing = isinstance(found, float | np.floating) and np.isnan(found)
    return [name] if missing and name not in MISSING_IS_SAID else []


def allowed(call, data, word: str) -> None:
    """Assert that a call on these data is refused with the word, or leaves no blank."""
    try:
        found = call(data)
    except CastError as error:
        if not re.search(word, str(error)):
            raise
    else:
        assert blanks(found) == []


@pytest.mark.parametrize("name", CALLS)
def test_good_data_leave_no_blank(name):
    assert blanks(CALLS[name][0](people())) == []


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call[1]])
def test_a_spoilt_column_is_named(name, spoil):
    call, column, _ = CALLS[name]
    change, word = SPOILT[spoil]
    data = people()
    data[column] = change(data[column])
    with pytest.raises(CastError, match=word) as caught:
        call(data)
    assert column in str(caught.value) or name == "calibrate"


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call[1]])
def test_a_constant_is_refused_by_name_or_is_an_answer(name):
    call, column, _ = CALLS[name]
    data = people().assign(**{column: 0.7 if column == "m1" else 3.0})
    if name in CONSTANT_IS_FINE:
        assert blanks(call(data)) == []
        return
    with pytest.raises(CastError, match=r"same in|does not vary|no variation"):
        call(data)


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call[2]])
@pytest.mark.parametrize("spoil", ["missing", "one"])
def test_a_spoilt_grouping_is_refused(name, spoil):
    call, _, group = CALLS[name]
    data = people()
    data[group] = None if spoil == "missing" else 1
    if spoil == "one" and name in ONE_IS_FINE:
        return allowed(call, data, "one cluster")  # or people within the one cluster
    with pytest.raises(
        CastError,
        match=r"no value|one group|one cluster|at least [23]|2 values each|more than once",
    ):
        call(data)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4])
def test_few_rows_are_refused_or_leave_no_blank(name, rows):
    allowed(CALLS[name][0], people().head(rows), "" if rows else "need|at least|no |fewer|given")


@pytest.mark.parametrize("name", CALLS)
def test_columns_of_one_name_are_refused(name):
    call, column, group = CALLS[name]
    data = people()
    twice = pd.concat([data, data[[column or group]]], axis=1)
    with pytest.raises(CastError, match=r"twice|named|a Series was expected"):
        call(twice)


@pytest.mark.parametrize("name", [n for n, call in CALLS.items() if call[2] == "d"])
def test_a_cluster_for_each_person_is_refused_or_no_clustering(name):
    allowed(CALLS[name][0], people().assign(d=range(120)), "every group of 'd' has one person")


ONE_ITEM = {
    "reliability": reliability.reliability,
    "bootstrap_alpha": reliability.bootstrap_alpha,
    "adequacy": factors.adequacy,
    "parallel_analysis": factors.parallel_analysis,
    "efa": lambda d: factors.efa(d, 1),
    "cfa": lambda d: factors.cfa(d, "f =~ i1"),
    "htmt": lambda d: factors.htmt(d, "f =~ i1\ng =~ i1"),
    "invariance": lambda d: factors.invariance(d.assign(half=["a", "b"] * 60), "f =~ i1", "half"),
}


@pytest.mark.parametrize("name", ONE_ITEM)
def test_one_item_is_refused(name):
    with pytest.raises(CastError, match=r"at least 3|not identified|degrees of freedom|2 items"):
        ONE_ITEM[name](people()[["i1"]])


TABLES = {
    "reliability": reliability.reliability,
    "bootstrap_alpha": reliability.bootstrap_alpha,
    "content_validity": reliability.content_validity,
    "icc": lambda d: reliability.icc(d, "rater", "target", "i1"),
    "adequacy": factors.adequacy,
    "parallel_analysis": factors.parallel_analysis,
    "efa": lambda d: factors.efa(d, 2),
    "cfa": lambda d: factors.cfa(d, MODEL),
    "htmt": lambda d: factors.htmt(d, MODEL),
    "invariance": lambda d: factors.invariance(d, MODEL, "half"),
    "compare": lambda d: groups.compare(d, "y", "g"),
    "association": lambda d: groups.association(d, "g", "half"),
    "correlation": lambda d: groups.correlation(d, "x", "y"),
    "regression": lambda d: models.regression(d, "y", ["x"]),
    "relative_importance": lambda d: models.relative_importance(d, "y", ["x", "z"]),
    "multilevel": lambda d: models.multilevel(d, "y", "d"),
    "pni": lambda d: needs.pni(d, *PAIRS),
    "importance_performance": lambda d: needs.importance_performance(d, *PAIRS),
    "describe": levels.describe,
    "compare_all": lambda d: families.compare_all(d, ["y"], ["g"]),
    "clustering": lambda d: families.clustering(d, ["y"], "d"),
    "necessity": lambda d: fsqca.necessity(d, "out", CONDITIONS),
    "sufficiency": lambda d: fsqca.sufficiency(d, "out", CONDITIONS),
    "truth_table": lambda d: fsqca.truth_table(d, "out", CONDITIONS),
    "robustness": lambda d: fsqca.robustness(d, "out", CONDITIONS),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("given", [[[1, 2], [3, 4]], np.ones((5, 5)), None])
def test_what_is_no_data_frame_is_refused(name, given):
    with pytest.raises(CastError, match="a DataFrame was expected"):
        TABLES[name](given)


@pytest.mark.parametrize("name", TABLES)
def test_a_frame_without_columns_is_refused(name):
    with pytest.raises(CastError, match=r"no column"):
        TABLES[name](pd.DataFrame(index=range(10)))


def test_single_numbers_are_checked():
    for wrong in (np.nan, np.inf, 9, "x", None):
        with pytest.raises(CastError):
            levels.read(wrong)
        with pytest.raises(CastError):
            design.plan(wrong, 10, 76)
        with pytest.raises(CastError):
            design.proportion(wrong, 10, 76)
        with pytest.raises(CastError):
            design.sensitivity(wrong, (0.01, 0.1), 10, 76)
    for wrong in ([0.2, np.nan], [1.2], ["x"], []):
        with pytest.raises(CastError):
            groups.holm(np.array(wrong))


def test_numbers_too_large_to_square_are_refused_and_categories_of_numbers_are_numbers():
    data = people()
    with pytest.raises(CastError, match=r"values beyond 1e\+100 in: x"):
        groups.correlation(data.assign(x=data["x"] * 1e200), "x", "y")
    given = data[ITEMS].astype("category")
    assert reliability.reliability(given).alpha == reliability.reliability(data[ITEMS]).alpha


def test_sets_at_their_ends_are_numbers_and_names_are_kept_apart():
    ends = fsqca.calibrate(pd.Series([-1e9, 1e9]), 1, 2, 3)
    assert ends.to_list() == [0, 1]
    with pytest.raises(CastError, match="anchors are numbers"):
        fsqca.calibrate(ends, "low", 2, 3)
    data = people().rename(columns={"m1": "n"})
    with pytest.raises(CastError, match="rename: n"):
        fsqca.truth_table(data, "out", ["n", "m2"])
    with pytest.raises(CastError, match="a truth table was expected"):
        fsqca.minimise(data)
    with pytest.raises(CastError, match="name of a column"):
        fsqca.necessity(data, 1, ["m2"])


@pytest.mark.parametrize("counts", [{"clusters": 76.5}, {"clusters": 76, "population": 878.5}])
def test_clusters_are_counted_in_whole_numbers(counts):
    with pytest.raises(CastError, match="whole"):
        design.plan(0.05, 10, **counts)


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda d: reliability.bootstrap_alpha(d[ITEMS], n_boot="many"), "n_boot"),
        (lambda d: needs.pni(d, *PAIRS, n_boot=50.5), "n_boot"),
        (lambda d: reliability.reliability(d[ITEMS], ci="95"), "confidence level"),
        (lambda d: reliability.reliability(d[ITEMS], scale="1-5"), "ends"),
        (lambda d: reliability.reliability(d[ITEMS], reverse=None), "None was given"),
        (lambda d: groups.compare(d, ["y"], "g"), "the name of one column"),
        (lambda d: fsqca.truth_table(d, "out", CONDITIONS, n_cut="1"), "out of range"),
    ],
)
def test_arguments_of_the_wrong_kind_are_named(call, word):
    with pytest.raises(CastError, match=word):
        call(people())
