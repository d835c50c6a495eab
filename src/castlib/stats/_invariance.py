"""Does the instrument measure the same in every group: invariance; and are its factors distinct: HTMT."""

from itertools import combinations

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.stats import _sem, _syntax
from castlib.stats._cfa import answers, indices, refuse_heywood
from castlib.stats._input import existing, finite, labels, plain

LEVELS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
MOST_CFI_LOST, MOST_RMSEA_GAINED = 0.010, 0.015


def invariance(data: pd.DataFrame, model: str, group: str, to: str = "strict") -> pd.DataFrame:
    """Return whether a factor model holds alike in several groups, level by level.

    Use it before the means of groups are compared: equal loadings (metric) let relations be compared,
    equal intercepts (scalar) let means be. Without scalar invariance, a difference of means may be a
    difference in how the questions are understood.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; rows with a missing item or group are not used (listwise).
    model : str
        As in `cfa`. Factors of factors are not taken: the levels say nothing of them.
    group : str
        Column that names the groups; in each, more people than items.
    to : str
        The last level to look at. Means need no more than "scalar", and a quarter of the work less.

    Returns
    -------
    DataFrame
        A row a level (configural, metric, scalar, strict) as far as `to`: level, chi2, df, p, cfi, tli, rmsea, srmr of
        the model of all groups; delta_chi2, delta_df, delta_p, delta_cfi, delta_rmsea, delta_srmr
        against the level above (NaN for configural; delta_p tests the added equalities); decision:
        reference (configural, nothing to compare with), holds, fails, or not_reached (an earlier level
        failed); n and groups (how many).

    Raises
    ------
    CastError
        As `cfa`; one group, a group too small, an item that does not vary in a group.

    Notes
    -----
    Maximum likelihood of all groups together with means, as lavaan::cfa(group.equal = …): the first
    loading is 1; from scalar on, factor means are free in all groups but the first. A level holds
    when CFI falls by no more than .010 and RMSEA rises by no more than .015 (Chen 2007, for more than
    300 people; Cheung & Rensvold 2002 for CFI). χ² differences are almost always significant with many
    people and do not decide. Whether the configural model fits at all is read from its own fit.

    References
    ----------
    Chen 2007, doi:10.1080/10705510701301834; Cheung & Rensvold 2002,
    doi:10.1207/S15328007SEM0902_5.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(400, 2)), 3, axis=1)
    >>> data = pd.DataFrame(common + rng.normal(size=(400, 6)), columns=list("abcdef"))
    >>> data["half"] = np.repeat(["x", "y"], 200)
    >>> found = invariance(data, "one =~ a + b + c\\ntwo =~ d + e + f", "half")
    >>> found[["level", "df", "decision"]].to_numpy().tolist()[:2]
    [['configural', 16, 'reference'], ['metric', 20, 'holds']]
    """
    from scipy.stats import chi2

    if to not in LEVELS or to == "configural":
        raise CastError(f"to must be one of {some(list(LEVELS)[1:])}; given {to!r}")
    structure = _syntax.read(model)
    samples = _samples(data, structure, group)
    rows = []
    levels = list(LEVELS)[: list(LEVELS).index(to) + 1]
    for level, equal in ((level, LEVELS[level]) for level in levels):
        fitted = _sem.fit(*_sem.groups(structure, samples, equal, means=True), samples)
        if fitted.df < 1:
            raise CastError("the factor model has no degrees of freedom: nothing is left to test")
        refuse_heywood(fitted, structure)
        rows.append({"level": level, **indices(fitted).drop("rmsea_ci")})
    frame = pd.DataFrame(rows)
    frame["df"] = frame["df"].astype(int)
    for name in ("chi2", "df", "cfi", "rmsea", "srmr"):
        frame[f"delta_{name}"] = frame[name].diff()
    frame.insert(10, "delta_p", chi2.sf(frame["delta_chi2"], frame["delta_df"]))
    finite("measurement invariance", frame.iloc[:, 1:8], frame.iloc[1:, 8:])
    worse = (frame["delta_cfi"] < -MOST_CFI_LOST) | (frame["delta_rmsea"] > MOST_RMSEA_GAINED)
    earlier = worse.cumsum() - worse
    frame["decision"] = np.select([earlier > 0, worse], ["not_reached", "fails"], "holds")
    frame.loc[0, "decision"] = "reference"
    return frame.assign(n=sum(s.n for s in samples), groups=len(samples))


def _samples(data: pd.DataFrame, structure: _syntax.Structure, group: str) -> list[_sem.Sample]:
    """Return each group's moments, in the order in which the groups appear."""
    if set(structure.factors) & {to for to, _ in structure.loadings}:
        raise CastError(
            "factors of factors are not compared between groups; give one level of them"
        )
    data = plain(data)
    existing(data, [*structure.items, group])
    of = labels(data, group)
    frame = answers(data[of.notna()], structure)
    names, small = of[frame.index], []
    parts = {name: frame[(names == name).to_numpy()] for name in names.unique()}
    if len(parts) < 2:
        raise CastError(f"{group!r} has one group with answers; at least 2 are needed")
    small = [f"{name} ({len(own)})" for name, own in parts.items() if len(own) <= frame.shape[1]]
    if small:
        raise CastError(
            f"groups with no more people than the {frame.shape[1]} items: {some(small)}; leave them "
            "out, merge groups, or take fewer items at a time"
        )
    for name, own in parts.items():
        try:
            answers(own, structure)
        except CastError as error:
            raise CastError(f"in group {name!r}: {error}") from None
    return [_sem.sample(own.to_numpy()) for own in parts.values()]


def htmt(data: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return how distinct the factors of a model are: the heterotrait–monotrait ratio of each pair.

    Use it beside `cfa(...).discriminant`, which it surpasses in finding factors that are one. No model
    is fitted, so it also serves where `cfa` does not converge.

    Parameters
    ----------
    data : DataFrame
        One row a respondent; the items are numeric columns. Incomplete rows are not used.
    model : str
        As in `cfa`; which item belongs to which factor, at least 2 items each, an item in one only.

    Returns
    -------
    DataFrame
        A row a pair of factors: factor_1, factor_2, htmt (arithmetic means, Henseler), htmt2 (geometric
        means, for items that load unequally), distinct (htmt2 < 0.85), n. A ratio is 0 when items of
        different factors are unrelated, about 1 when the two factors are one.

    Raises
    ------
    CastError
        As `cfa`; one factor, a factor of one item, an item of two factors.

    Notes
    -----
    Mean absolute correlation of items of different factors, over the geometric mean of the two
    factors' own mean absolute correlations. semTools::htmt gives HTMT2 by default and the arithmetic
    one with htmt2 = FALSE.

    References
    ----------
    Henseler, Ringle & Sarstedt 2015, doi:10.1007/s11747-014-0403-8; Roemer, Schuberth & Henseler 2021,
    doi:10.1108/IMDS-02-2021-0082.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 3, axis=1)
    >>> data = pd.DataFrame(common + rng.normal(size=(300, 6)), columns=list("abcdef"))
    >>> htmt(data, "one =~ a + b + c\\ntwo =~ d + e + f")[["factor_1", "factor_2", "distinct"]]
      factor_1 factor_2  distinct
    0      one      two      True
    """
    structure = _syntax.read(model)
    inside = {f: structure.indicators(f) for f in structure.factors}
    twice = [i for i in structure.items if sum(i in items for items in inside.values()) > 1]
    few = [f for f, items in inside.items() if len(set(items) & set(structure.items)) < 2]
    if len(inside) < 2 or twice or few:
        raise CastError(
            "the ratio compares 2 factors or more, each with 2 items or more of its own; "
            f"given: {len(inside)} factors, too few items in: {some(few) or 'none'}, "
            f"items of two factors: {some(twice) or 'none'}"
        )
    frame = answers(data, structure)
    strength = frame.corr().abs()
    rows = []
    for one, other in combinations(inside, 2):
        between = strength.loc[inside[one], inside[other]].to_numpy().ravel()
        within = [_pairs(strength.loc[inside[f], inside[f]].to_numpy()) for f in (one, other)]
        with np.errstate(divide="ignore"):  # a correlation of exactly 0 has the geometric mean 0
            ratios = [
                m(between) / np.sqrt(m(within[0]) * m(within[1])) for m in (np.mean, _geometric)
            ]
        finite(f"the ratio of {one!r} and {other!r}", ratios)
        rows.append((one, other, *ratios))
    table = pd.DataFrame(rows, columns=["factor_1", "factor_2", "htmt", "htmt2"])
    return table.assign(distinct=table["htmt2"] < 0.85, n=len(frame))


def _pairs(matrix: np.ndarray) -> np.ndarray:
    """Return the values below the diagonal."""
    return matrix[np.tril_indices(len(matrix), -1)]


def _geometric(values: np.ndarray) -> float:
    """Return the geometric mean."""
    return float(np.exp(np.log(values).mean()))
