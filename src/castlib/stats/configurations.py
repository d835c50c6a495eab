"""Which combinations of conditions come with an outcome: fuzzy-set qualitative comparative analysis.

Our own minimiser, small, because pyqca 0.2.0 computes PRI differently from R's QCA, gives one model
where several are equal, and has no intermediate solution by easy counterfactuals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError, check_code, some
from castlib.stats import _minimise
from castlib.stats._input import existing, labels, numbers

MOST_CONDITIONS = 10
FIT = ["consistency", "pri", "coverage"]


def calibrate(
    values: pd.Series,
    exclusion: float,
    crossover: float,
    inclusion: float,
    membership: float = 0.95,
) -> pd.Series:
    """Return fuzzy memberships of numbers by the direct method.

    The three anchors come from theory or outside knowledge, not from the sample's own percentiles, if at
    all possible; show what changes when they move.

    Parameters
    ----------
    values : Series
        Numeric; missing stays missing.
    exclusion, crossover, inclusion : float
        Values of full exclusion, of the greatest ambiguity (0.5) and of full inclusion, in rising or in
        falling order.
    membership : float
        Membership at full inclusion. 0.95 is R's default; the fs/QCA program takes log odds of
        exactly 3, 0.9526.

    Returns
    -------
    Series
        Memberships between 0 and 1, same index.

    Raises
    ------
    CastError
        Anchors out of order, or values that are not numbers.

    References
    ----------
    Ragin 2008.

    Examples
    --------
    >>> calibrate(pd.Series([1.0, 3.0, 4.0]), 1, 3, 4).round(2).to_list()
    [0.05, 0.5, 0.95]
    """
    if not (exclusion < crossover < inclusion or exclusion > crossover > inclusion):
        raise CastError(
            f"anchors {exclusion}, {crossover}, {inclusion} were given; exclusion, crossover and "
            "inclusion must rise or fall in this order"
        )
    if not 0.5 < membership < 1:
        raise CastError(f"a membership of {membership} was given; it lies between 0.5 and 1")
    x = numbers(values.to_frame("value"), least=1, complete=False, varying=False)["value"]
    inside = (x - crossover) * np.sign(inclusion - crossover) >= 0
    width = np.where(inside, inclusion - crossover, crossover - exclusion)
    odds = np.log(membership / (1 - membership)) * (x - crossover) / width
    return (1 / (1 + np.exp(-odds))).rename(values.name)


def necessity(data: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return how far each condition, and its absence, is necessary for the outcome.

    A condition is called necessary from a consistency of about 0.90, and only matters if its relevance
    is not low: a condition that nearly every case has is trivially necessary.

    Parameters
    ----------
    data : DataFrame
        One row a case, memberships 0–1; cases with a missing membership are left out.
    outcome : str
        Column, or ``~column`` for its absence.
    conditions : sequence of str
        Columns.

    Returns
    -------
    DataFrame
        condition (``~x``: absence), consistency, relevance (RoN), coverage (all 0–1), n (cases).

    Raises
    ------
    CastError
        Memberships outside 0–1, or an outcome that no case has.

    Notes
    -----
    consistency Σmin(x, y)/Σy, coverage Σmin(x, y)/Σx, relevance Σ(1 − x)/Σ(1 − min(x, y)): as
    QCA::pof(relation = "necessity").

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "y": [0.8, 0.9, 0.1]})
    >>> necessity(data, "y", ["a"])[["condition", "consistency"]].round(3)
      condition  consistency
    0         a        0.944
    1        ~a        0.278
    """
    sets, y = _memberships(data, outcome, conditions)
    rows = []
    for name, x in _with_absence(sets):
        both = np.minimum(x, y)
        relevance = _share((1 - x).sum(), (1 - both).sum())
        rows.append((name, both.sum() / y.sum(), relevance, _share(both.sum(), x.sum())))
    names = ["condition", "consistency", "relevance", "coverage"]
    return pd.DataFrame(rows, columns=names).assign(n=len(y))


def sufficiency(data: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return how far each condition alone, and its absence, is sufficient for the outcome.

    Parameters, errors as in `necessity`.

    Returns
    -------
    DataFrame
        condition, consistency Σmin(x, y)/Σx, pri (how much less it is consistent with the absence of
        the outcome), coverage Σmin(x, y)/Σy (all 0–1), n (cases): as QCA::pof(relation = "sufficiency").

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "y": [0.8, 0.9, 0.1]})
    >>> sufficiency(data, "y", ["a"]).round(3).loc[0, "consistency"]
    np.float64(0.895)
    """
    sets, y = _memberships(data, outcome, conditions)
    rows = [(name, *_sufficiency(x, y)) for name, x in _with_absence(sets)]
    return pd.DataFrame(rows, columns=["condition", *FIT]).assign(n=len(y))


@dataclass(frozen=True)
class TruthTable:
    """Every combination of conditions: see `truth_table` for the fields."""

    rows: pd.DataFrame
    outcome: str
    conditions: tuple[str, ...]
    unassigned: tuple[object, ...]
    n: int
    memberships: np.ndarray
    target: np.ndarray
    cases: tuple[object, ...]


def truth_table(
    data: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    incl_cut: float = 0.8,
    n_cut: int = 1,
    pri_cut: float = 0.0,
    case: str | None = None,
) -> TruthTable:
    """Return the truth table: for every combination of conditions its cases and whether it is sufficient.

    Parameters
    ----------
    data, outcome, conditions
        As in `necessity`; at most 10 conditions.
    incl_cut, pri_cut : float
        A combination is sufficient (out = 1) from this consistency and this PRI on.
    n_cut : int
        Combinations with fewer cases are remainders (out = "?").
    case : str, optional
        Column that names the cases; by default the index.

    Returns
    -------
    TruthTable
        `rows` (frame, 2^k rows: the conditions as 0/1, out ("1", "0", "?"), n, consistency, pri (NaN in
        remainders), cases (tuple)), `outcome`, `conditions`, `unassigned` (cases with a membership of
        exactly 0.5, which belong to no combination), `n`, and what `minimise` needs.

    Raises
    ------
    CastError
        As in `necessity`; more than 10 conditions.

    Notes
    -----
    As QCA::truthTable. Rows are in the order of the binary number that the conditions make, the first
    condition its highest digit.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "b": [0.7, 0.1, 0.3], "y": [0.8, 0.9, 0.1]})
    >>> truth_table(data, "y", ["a", "b"]).rows[["a", "b", "out", "n"]].to_numpy().tolist()
    [[0, 0, '0', 1], [0, 1, '?', 0], [1, 0, '1', 1], [1, 1, '1', 1]]
    """
    sets, y = _memberships(data, outcome, conditions)
    k = sets.shape[1]
    if k > MOST_CONDITIONS:
        raise CastError(f"{k} conditions were given; at most {MOST_CONDITIONS} (2^k combinations)")
    x = sets.to_numpy()
    names = list(sets.index if case is None else labels(data, case)[sets.index])
    half = (np.abs(x - 0.5) < 1e-9).any(axis=1)
    place = 1 << np.arange(k)[::-1]
    belongs = np.where(half, -1, (x > 0.5) @ place)
    rows = []
    for number in range(2**k):
        present = number & place > 0
        own = tuple(name for name, at in zip(names, belongs, strict=True) if at == number)
        fit, out = (np.nan, np.nan), "?"
        if len(own) >= n_cut:
            fit = _sufficiency(np.where(present, x, 1 - x).min(axis=1), y)[:2]
            out = "1" if fit[0] >= incl_cut - 1e-9 and fit[1] >= pri_cut - 1e-9 else "0"
        rows.append((*present.astype(int), out, len(own), *fit, own))
    return TruthTable(
        rows=pd.DataFrame(rows, columns=[*sets, "out", "n", "consistency", "pri", "cases"]),
        outcome=outcome,
        conditions=tuple(sets),
        unassigned=tuple(name for name, h in zip(names, half, strict=True) if h),
        n=len(y),
        memberships=x,
        target=y,
        cases=tuple(names),
    )


@dataclass(frozen=True)
class Solution:
    """Sufficient combinations, minimised: see `minimise` for the fields."""

    kind: str
    models: list[list[str]]
    terms: pd.DataFrame
    fit: pd.DataFrame
    n: int


def minimise(
    table: TruthTable, kind: str = "complex", expect: Mapping[str, bool] | None = None
) -> Solution:
    """Return the shortest expressions of the sufficient combinations.

    The complex (conservative) solution uses no combination without cases; the parsimonious one any
    that shortens it; the intermediate one only those that theory makes easy to suppose.

    Parameters
    ----------
    table : TruthTable
        From `truth_table`.
    kind : {"complex", "parsimonious", "intermediate"}
    expect : dict, optional
        For intermediate: condition → True if its presence, False if its absence should help the outcome;
        conditions without a direction are left out.

    Returns
    -------
    Solution
        `kind`; `models` (each a list of terms such as ``a*~b``; several when equally short ones exist),
        `terms` (frame: model (1, 2 …), term, consistency, pri, coverage, unique_coverage, cases),
        `fit` (frame: model, consistency, pri, coverage of the whole model), `n` (cases).

    Raises
    ------
    CastError
        No sufficient combination, none that fails, or an unknown kind or condition.

    Notes
    -----
    As QCA::minimize(details = TRUE): models with the fewest terms. Intermediate: easy counterfactuals
    (Ragin 2008, ch. 9), models by number of terms; with several complex or parsimonious models, those of
    every pair.

    References
    ----------
    Ragin 2008.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "b": [0.7, 0.1, 0.3], "y": [0.8, 0.9, 0.1]})
    >>> table = truth_table(data, "y", ["a", "b"])
    >>> minimise(table).models, minimise(table, "parsimonious").models
    ([['a']], [['a']])
    """
    check_code(kind, ("complex", "parsimonious", "intermediate"), "ชนิดคำตอบ")
    out = table.rows["out"].to_numpy()
    positive, remainders = set(np.flatnonzero(out == "1")), set(np.flatnonzero(out == "?"))
    if not positive:
        raise CastError(f"no combination of conditions is sufficient for {table.outcome!r}")
    if not (out == "0").any():
        raise CastError("no combination with cases fails: nothing tells the conditions apart")
    k = len(table.conditions)
    models = _models(positive, set() if kind == "complex" else remainders, k)
    if kind == "intermediate":
        models = _intermediate(positive, remainders, models, _expected(table, expect or {}), k)
    rows, fits = [], []
    for number, model in enumerate(models, start=1):
        members = [_member(term, table.memberships) for term in model]
        whole = np.max(members, axis=0)
        fits.append((number, *_sufficiency(whole, table.target)))
        for i, (term, member) in enumerate(zip(model, members, strict=True)):
            others = np.max([np.zeros(table.n), *members[:i], *members[i + 1 :]], axis=0)
            unique = fits[-1][3] - _sufficiency(others, table.target)[2]
            own = tuple(c for c, m in zip(table.cases, member, strict=True) if m > 0.5)
            fit = _sufficiency(member, table.target)
            rows.append((number, _name(term, table.conditions), *fit, unique, own))
    columns = ["model", "term", *FIT, "unique_coverage", "cases"]
    return Solution(
        kind=kind,
        models=[[_name(term, table.conditions) for term in model] for model in models],
        terms=pd.DataFrame(rows, columns=columns),
        fit=pd.DataFrame(fits, columns=["model", *FIT]),
        n=table.n,
    )


def _models(positive: set[int], free: set[int], k: int) -> list[list[_minimise.Term]]:
    """Return the smallest covers of the positive rows, free rows being allowed."""
    return _minimise.smallest_covers(_minimise.prime_implicants(positive | free, k), positive)


def _intermediate(positive, remainders, parsimonious, expected, k) -> list[list[_minimise.Term]]:
    """Return the models that use easy counterfactuals only, over every pair of models."""
    found = []
    for first in _models(positive, set(), k):
        for second in parsimonious:
            terms = _minimise.between(first, second, expected)
            easy = _minimise.covered(terms, remainders)
            found += [m for m in _models(positive, easy, k) if m not in found]
    return found


def _expected(table: TruthTable, expect: Mapping[str, bool]) -> _minimise.Term:
    """Return the conditions with a direction, and their directions, as bits."""
    k = len(table.conditions)
    mask = value = 0
    for name, present in expect.items():
        check_code(name, table.conditions, "เงื่อนไข")
        bit = 1 << (k - 1 - table.conditions.index(name))
        mask, value = mask | bit, value | (bit if present else 0)
    return mask, value


def _member(term: _minimise.Term, x: np.ndarray) -> np.ndarray:
    """Return each case's membership in a term."""
    place = 1 << np.arange(x.shape[1])[::-1]
    used = term[0] & place > 0
    return np.where(term[1] & place > 0, x, 1 - x)[:, used].min(axis=1)


def _name(term: _minimise.Term, conditions: Sequence[str]) -> str:
    """Return a term in QCA's notation."""
    place = {c: 1 << i for i, c in enumerate(reversed(conditions))}
    return "*".join(("" if term[1] & place[c] else "~") + c for c in conditions if term[0] & place[c])


def _memberships(
    data: pd.DataFrame, outcome: str, conditions: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the conditions' memberships and the outcome's, complete cases only."""
    name = outcome.removeprefix("~")
    conditions = existing(data, conditions)
    if name in conditions or not conditions:
        raise CastError("give one condition or more, none of them the outcome")
    frame = numbers(data, [*conditions, name], least=2, varying=False)
    outside = frame.columns[((frame < 0) | (frame > 1)).any()]
    if len(outside):
        raise CastError(f"memberships outside 0-1 in: {some(outside)}; calibrate first")
    y = frame[name].to_numpy()
    y = 1 - y if outcome.startswith("~") else y
    if y.sum() == 0:
        raise CastError(f"no case is a member of the outcome {outcome!r}")
    return frame[conditions], y


def _with_absence(sets: pd.DataFrame):
    """Yield each condition and its absence."""
    yield from ((name, sets[name].to_numpy()) for name in sets)
    yield from ((f"~{name}", 1 - sets[name].to_numpy()) for name in sets)


def _sufficiency(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Return consistency, PRI and coverage of x as sufficient for y."""
    both = np.minimum(x, y)
    neither = np.minimum(both, 1 - y).sum()
    pri = _share(both.sum() - neither, x.sum() - neither)
    return _share(both.sum(), x.sum()), pri, float(both.sum() / y.sum())


def _share(part: float, whole: float) -> float:
    """Return part / whole, 0 of nothing."""
    return float(part / whole) if whole > 1e-12 else 0.0
