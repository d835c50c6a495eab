"""Fuzzy sets: calibration, and how far one is necessary or sufficient for another."""

from collections.abc import Iterator, Sequence
from numbers import Real

import numpy as np
import pandas as pd

from castlib.errors import CastError, some
from castlib.stats._input import existing, numbers

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

    Notes
    -----
    1/(1 + exp(−o)), o = ln(m/(1 − m)) · (x − crossover)/(inclusion − crossover), and towards exclusion
    likewise with (crossover − exclusion); m is `membership`. As QCA::calibrate(method = "direct").

    References
    ----------
    Ragin 2008.

    Examples
    --------
    >>> calibrate(pd.Series([1.0, 3.0, 4.0]), 1, 3, 4).round(2).to_list()
    [0.05, 0.5, 0.95]
    """
    from scipy.special import expit

    if not isinstance(values, pd.Series):
        raise CastError(f"a Series was expected, a {type(values).__name__} was given")
    anchors = (exclusion, crossover, inclusion, membership)
    if not all(isinstance(value, Real) for value in anchors):
        raise CastError(f"anchors are numbers; given: {some(anchors)}")
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
    return pd.Series(expit(odds), index=values.index, name=values.name)


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

    References
    ----------
    Ragin 2008; Schneider & Wagemann 2012, Set-Theoretic Methods for the Social Sciences (relevance).

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "y": [0.8, 0.9, 0.1]})
    >>> necessity(data, "y", ["a"])[["condition", "consistency"]].round(3)
      condition  consistency
    0         a        0.944
    1        ~a        0.222
    """
    sets, y = memberships(data, outcome, conditions)
    rows = []
    for name, x in _with_absence(sets):
        both = np.minimum(x, y)
        relevance = _share((1 - x).sum(), (1 - both).sum())
        rows.append((name, both.sum() / y.sum(), relevance, _share(both.sum(), x.sum())))
    names = ["condition", "consistency", "relevance", "coverage"]
    return pd.DataFrame(rows, columns=names).assign(n=len(y))


def sufficiency(data: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Return how far each condition alone, and its absence, is sufficient for the outcome.

    Use it to look at conditions one by one; whether they suffice together is for `truth_table`.

    Parameters
    ----------
    data, outcome, conditions
        As in `necessity`.

    Returns
    -------
    DataFrame
        condition (``~x``: absence), consistency, pri (how much less it is consistent with the absence of
        the outcome), coverage (all 0–1), n (cases).

    Raises
    ------
    CastError
        As in `necessity`.

    Notes
    -----
    consistency Σmin(x, y)/Σx, coverage Σmin(x, y)/Σy, pri the consistency with what belongs to the
    outcome and to its absence taken off above and below: as QCA::pof(relation = "sufficiency").

    References
    ----------
    Ragin 2008; Schneider & Wagemann 2012, Set-Theoretic Methods for the Social Sciences (PRI).

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "y": [0.8, 0.9, 0.1]})
    >>> sufficiency(data, "y", ["a"])[["condition", "consistency"]].round(3)
      condition  consistency
    0         a        0.895
    1        ~a        0.364
    """
    sets, y = memberships(data, outcome, conditions)
    rows = [(name, *sufficiency_of(x, y)) for name, x in _with_absence(sets)]
    return pd.DataFrame(rows, columns=["condition", *FIT]).assign(n=len(y))


def memberships(
    data: pd.DataFrame, outcome: str, conditions: Sequence[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the conditions' memberships and the outcome's, complete cases only."""
    if not isinstance(outcome, str):
        raise CastError(f"the outcome is the name of a column, {outcome!r} was given")
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


def _with_absence(sets: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each condition and its absence."""
    yield from ((name, sets[name].to_numpy()) for name in sets)
    yield from ((f"~{name}", 1 - sets[name].to_numpy()) for name in sets)


def sufficiency_of(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Return consistency, PRI and coverage of x as sufficient for y."""
    both = np.minimum(x, y)
    neither = np.minimum(both, 1 - y).sum()
    pri = _share(both.sum() - neither, x.sum() - neither)
    return _share(both.sum(), x.sum()), pri, float(both.sum() / y.sum())


def _share(part: float, whole: float) -> float:
    """Return part / whole, 0 of nothing."""
    return float(part / whole) if whole > 1e-12 else 0.0
