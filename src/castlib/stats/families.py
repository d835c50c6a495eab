"""One statistic over many variables: families of comparisons, and clustering by construct."""

from collections.abc import Sequence

import pandas as pd

from castlib import lazy
from castlib.stats import groups, models
from castlib.stats._input import existing, plain

MIN_GROUP = 5
MIN_CLUSTERS = 10


def compare_all(
    data: pd.DataFrame, dvs: Sequence[str], betweens: Sequence[str], cluster: str | None = None
) -> pd.DataFrame:
    """Return the comparison of every variable between every grouping, p values corrected together.

    Use it instead of many single tests: the more tests, the more differences chance alone gives.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; rows with a missing value are left out test by test.
    dvs, betweens : sequences of str
        Numeric variables, and grouping columns. Groups of fewer than 5 people are left out; a
        comparison in which fewer than two groups remain, or nothing varies, is not made.
    cluster : str, optional
        Column that names the districts. With 10 clusters or more the tests are robust to people of a
        district being alike; with fewer, such tests cannot be trusted and the ordinary ones are used.

    Returns
    -------
    DataFrame
        A row a comparison: dv, between, chosen, n, statistic, p, p_holm, effect, effect_size,
        effect_low, effect_high (95 %); see `castlib.stats.groups.compare`.

    Raises
    ------
    CastError
        A column that does not exist or holds text.

    Notes
    -----
    Holm: the smallest of k p values times k, the next times k − 1 …, never falling and at most 1.

    References
    ----------
    Holm 1979, Scandinavian Journal of Statistics 6, 65–70; Cameron & Miller 2015,
    doi:10.3368/jhr.50.2.317 (few clusters).

    Examples
    --------
    >>> data = pd.DataFrame({"a": range(20), "b": [1, 2] * 10, "half": ["x"] * 10 + ["y"] * 10})
    >>> compare_all(data, ["a", "b"], ["half"])[["dv", "chosen", "n"]].values.tolist()
    [['a', 'student_t', 20], ['b', 'mann_whitney', 20]]
    """
    data = plain(data)
    existing(data, [*dvs, *betweens, *([] if cluster is None else [cluster])])
    rows = []
    for between in betweens:
        sizes = data[between].value_counts()
        kept = data[data[between].isin(sizes.index[sizes >= MIN_GROUP])]
        many = cluster is not None and kept[cluster].nunique() >= MIN_CLUSTERS
        for dv in dvs:
            own = kept.dropna(subset=[dv])
            sizes = own[between].value_counts()
            own = own[own[between].isin(sizes.index[sizes >= MIN_GROUP])]
            if own[between].nunique() < 2 or own[dv].nunique() < 2:
                continue
            found = groups.compare(own, dv, between, cluster if many else None)
            rows.append(
                {
                    "dv": dv,
                    "between": between,
                    "chosen": found.chosen,
                    "n": found.n,
                    "statistic": found.statistic,
                    "p": found.p,
                    "effect": found.effect_name,
                    "effect_size": found.effect_size,
                    "effect_low": found.effect_ci[0],
                    "effect_high": found.effect_ci[1],
                }
            )
    columns = ["dv", "between", "chosen", "n", "statistic", "p", "effect", "effect_size"]
    frame = pd.DataFrame(rows, columns=[*columns, "effect_low", "effect_high"])
    frame.insert(6, "p_holm", groups.holm(frame["p"].to_numpy(float)) if len(frame) else [])
    return frame


def clustering(data: pd.DataFrame, items: Sequence[str], group: str) -> pd.DataFrame:
    """Return how alike people of one group are in each variable, and what the sample is worth.

    Use it for the table of design effects that stands beside every n.

    Parameters
    ----------
    data : DataFrame
        One row a respondent.
    items : sequence of str
        Numeric variables.
    group : str
        Column that names the groups (districts).

    Returns
    -------
    DataFrame
        A row a variable: item, n, icc, ci_low, ci_high, design_effect, effective_n; see
        `castlib.stats.models.multilevel`.

    Raises
    ------
    CastError
        As `castlib.stats.models.multilevel`.

    Notes
    -----
    design effect = 1 + (m − 1)·ICC, effective n = n/design effect, m = Σn²/Σn of the groups.

    References
    ----------
    Kish 1965; Raudenbush & Bryk 2002.

    Examples
    --------
    >>> data = pd.DataFrame({"y": [1, 2, 3, 3, 4, 5, 6, 7, 8], "g": list("aaabbbccc")})
    >>> clustering(data, ["y"], "g")[["item", "n", "icc"]].round(3).to_numpy().tolist()
    [['y', 9, 0.857]]
    """
    found = {item: models.multilevel(data, item, group) for item in items}
    rows = [
        (item, m.n, m.icc, *m.icc_ci, m.design_effect, m.effective_n) for item, m in found.items()
    ]
    columns = ["item", "n", "icc", "ci_low", "ci_high", "design_effect", "effective_n"]
    return pd.DataFrame(rows, columns=columns)


__getattr__, __dir__ = lazy.offered(__name__)
