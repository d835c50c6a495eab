"""The truth table of combinations of conditions, and its minimised solutions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from castlib.errors import CastError, check_code, some
from castlib.shown import Shown
from castlib.stats import _minimise
from castlib.stats._input import labels, plain
from castlib.stats._sets import FIT, memberships, sufficiency_of

MOST_CONDITIONS = 10
COLUMNS = ["out", "n", "consistency", "pri", "cases"]
KINDS = ("complex", "parsimonious", "intermediate")


@dataclass(frozen=True, repr=False)
class TruthTable(Shown):
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

    Use it before `minimise`, and show it: the thresholds are the analyst's (`robustness` moves them).

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
        As in `necessity`; more than 10 conditions, or one named as a column of the table (out, n …);
        thresholds out of range.

    Notes
    -----
    As QCA::truthTable. Rows are in the order of the binary number that the conditions make, the first
    condition its highest digit.

    References
    ----------
    Ragin 2008.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "b": [0.7, 0.1, 0.3], "y": [0.8, 0.9, 0.1]})
    >>> truth_table(data, "y", ["a", "b"]).rows[["a", "b", "out", "n"]].to_numpy().tolist()
    [[0, 0, '0', 1], [0, 1, '?', 0], [1, 0, '1', 1], [1, 1, '1', 1]]
    """
    _check_cuts(incl_cut, n_cut, pri_cut)
    sets, y = memberships(plain(data), outcome, conditions)
    all_names = (data.index.to_series() if case is None else labels(data, case)).to_numpy()
    k = sets.shape[1]
    if k > MOST_CONDITIONS:
        raise CastError(f"{k} conditions were given; at most {MOST_CONDITIONS} (2^k combinations)")
    taken = [name for name in sets if name in COLUMNS]
    if taken:
        raise CastError(f"the truth table has columns of these names; rename: {some(taken)}")
    x = sets.to_numpy()
    names = list(all_names[sets.index])
    half = (np.abs(x - 0.5) < 1e-9).any(axis=1)
    place = 1 << np.arange(k)[::-1]
    belongs = np.where(half, -1, (x > 0.5) @ place)
    rows = []
    for number in range(2**k):
        present = number & place > 0
        own = tuple(name for name, at in zip(names, belongs, strict=True) if at == number)
        fit, out = (np.nan, np.nan), "?"
        if len(own) >= n_cut:
            fit = sufficiency_of(np.where(present, x, 1 - x).min(axis=1), y)[:2]
            out = "1" if fit[0] >= incl_cut - 1e-9 and fit[1] >= pri_cut - 1e-9 else "0"
        rows.append((*present.astype(int), out, len(own), *fit, own))
    return TruthTable(
        rows=pd.DataFrame(rows, columns=[*sets, *COLUMNS]),
        outcome=outcome,
        conditions=tuple(sets),
        unassigned=tuple(name for name, h in zip(names, half, strict=True) if h),
        n=len(y),
        memberships=x,
        target=y,
        cases=tuple(names),
    )


def _check_cuts(incl_cut: float, n_cut: int, pri_cut: float) -> None:
    """Refuse thresholds that mean nothing."""
    numbers = all(isinstance(cut, Real) for cut in (incl_cut, n_cut, pri_cut))
    if not numbers or not (0 < incl_cut <= 1 and 0 <= pri_cut <= 1 and n_cut >= 1):
        raise CastError(
            f"thresholds out of range: incl_cut = {incl_cut!r} (above 0, to 1), pri_cut = {pri_cut!r} "
            f"(0-1), n_cut = {n_cut!r} (1 or more)"
        )


@dataclass(frozen=True, repr=False)
class Solution(Shown):
    """Sufficient combinations, minimised: see `minimise` for the fields."""

    kind: str
    models: list[list[str]]
    terms: pd.DataFrame
    fit: pd.DataFrame
    member: np.ndarray
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
        `fit` (frame: model, consistency, pri, coverage of the whole model), `member` (each case's
        membership in the first model, in the order of the table's cases), `n` (cases).

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
    check_code(kind, KINDS, "ชนิดคำตอบ")
    if not isinstance(table, TruthTable):
        raise CastError(f"a truth table was expected, a {type(table).__name__} was given")
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
    rows, fits, wholes = [], [], []
    for number, model in enumerate(models, start=1):
        members = [_member(term, table.memberships) for term in model]
        wholes.append(np.max(members, axis=0))
        fits.append((number, *sufficiency_of(wholes[-1], table.target)))
        for i, (term, member) in enumerate(zip(model, members, strict=True)):
            others = np.max([np.zeros(table.n), *members[:i], *members[i + 1 :]], axis=0)
            unique = fits[-1][3] - sufficiency_of(others, table.target)[2]
            own = tuple(c for c, m in zip(table.cases, member, strict=True) if m > 0.5)
            fit = sufficiency_of(member, table.target)
            rows.append((number, _name(term, table.conditions), *fit, unique, own))
    columns = ["model", "term", *FIT, "unique_coverage", "cases"]
    return Solution(
        kind=kind,
        models=[[_name(term, table.conditions) for term in model] for model in models],
        terms=pd.DataFrame(rows, columns=columns),
        fit=pd.DataFrame(fits, columns=["model", *FIT]),
        member=wholes[0],
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
    return "*".join(
        ("" if term[1] & place[c] else "~") + c for c in conditions if term[0] & place[c]
    )
