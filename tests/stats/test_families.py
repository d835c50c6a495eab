import numpy as np
import pandas as pd

from castlib.stats import families, groups


def people(seed: int = 1, n: int = 240) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": random.normal(size=n),
            "b": random.normal(size=n) + np.repeat([0, 1], n // 2),
            "half": np.repeat(["x", "y"], n // 2),
            "place": [f"d{k % 12}" for k in range(n)],
        }
    )


def test_each_row_is_the_single_comparison():
    data = people()
    frame = families.compare_all(data, ["a", "b"], ["half"])
    single = groups.compare(data, "b", "half")
    row = frame.set_index("dv").loc["b"]
    assert (row["statistic"], row["p"]) == (single.statistic, single.p)
    assert row["effect_size"] == single.effect_size


def test_holm_corrects_the_family_and_never_helps():
    frame = families.compare_all(people(), ["a", "b"], ["half"])
    assert (frame["p_holm"] >= frame["p"]).all()
    smallest = frame["p"].idxmin()
    assert np.isclose(frame.loc[smallest, "p_holm"], 2 * frame.loc[smallest, "p"])


def test_with_enough_districts_the_tests_are_robust_and_with_few_they_are_not():
    data = people()
    assert set(families.compare_all(data, ["a"], ["half"], "place")["chosen"]) == {"cluster_robust"}
    few = data.assign(place=data["place"].str[-1].map(int) % 3)
    assert "cluster_robust" not in set(
        families.compare_all(few, ["a"], ["half"], "place")["chosen"]
    )


def test_small_groups_and_constants_are_left_out():
    data = people().assign(c=1.0)
    data.loc[:2, "half"] = "tiny"
    frame = families.compare_all(data, ["a", "c"], ["half"])
    assert list(frame["dv"]) == ["a"]
    assert frame["n"].iloc[0] == len(data) - 3


def test_nothing_to_compare_is_an_empty_frame_with_its_columns():
    frame = families.compare_all(people().assign(half="x"), ["a"], ["half"])
    assert frame.empty
    assert "p_holm" in frame


def test_clustering_has_a_row_a_variable():
    frame = families.clustering(people(), ["a", "b"], "place")
    assert list(frame["item"]) == ["a", "b"]
    assert (frame["design_effect"] >= 1).all()
