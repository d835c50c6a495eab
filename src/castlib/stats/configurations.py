"""Which combinations of conditions come with an outcome: fuzzy-set qualitative comparative analysis.

Our own minimiser, small, because pyqca 0.2.0 computes PRI differently from R's QCA, gives one model
where several are equal, and has no intermediate solution by easy counterfactuals.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, check_code
from castlib.stats._sets import FIT, calibrate, necessity, sufficiency
from castlib.stats._solutions import KINDS, Solution, TruthTable, minimise, truth_table

__all__ = [
    "Solution",
    "TruthTable",
    "calibrate",
    "minimise",
    "necessity",
    "robustness",
    "sufficiency",
    "truth_table",
]

CHOSEN = "chosen"


def robustness(
    data: pd.DataFrame | Mapping[str, pd.DataFrame],
    outcome: str,
    conditions: Sequence[str],
    incl_cuts: Sequence[float] = (0.8, 0.75, 0.85, 0.9),
    n_cuts: Sequence[int] = (1, 2),
    pri_cuts: Sequence[float] = (0.0, 0.5),
    kind: str = "complex",
    expect: Mapping[str, bool] | None = None,
) -> pd.DataFrame:
    """Return the solution under every combination of thresholds, and how far it is the chosen one.

    Use it before a solution is told: thresholds are conventions, and a finding that goes when one
    moves a little is none.

    Parameters
    ----------
    data : DataFrame, or dict of DataFrames
        Memberships as in `truth_table`; or label → the same cases calibrated otherwise (other anchors),
        the chosen calibration first.
    outcome, conditions
        As in `truth_table`.
    incl_cuts, n_cuts, pri_cuts : sequences
        Thresholds as in `truth_table`; the first of each is the chosen one.
    kind, expect
        As in `minimise`.

    Returns
    -------
    DataFrame
        A row a combination, the chosen one first: calibration, incl_cut, n_cut, pri_cut, chosen (True
        in the first row), solution (terms joined by " + "; equally short models by " | "), models (how
        many), consistency, pri, coverage (of the first model), same (the very solution of the first
        row), overlap (Σmin/Σmax of the cases' memberships in the two solutions, 0–1), reason (why
        there is no solution; then solution is missing, models 0, the fit and overlap missing and same
        False), n (cases).

    Raises
    ------
    CastError
        As in `truth_table` and `minimise`; the chosen thresholds give no solution; calibrations of
        different cases.

    Notes
    -----
    Every combination of the thresholds is tried, not one at a time: two small moves together may undo
    what neither does alone.

    References
    ----------
    Ragin 2008; Oana & Schneider 2021, doi:10.1177/00491241211036158.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.9, 0.8, 0.2], "b": [0.7, 0.1, 0.3], "y": [0.8, 0.9, 0.1]})
    >>> found = robustness(data, "y", ["a", "b"], incl_cuts=(0.8, 0.95), n_cuts=(1,))
    >>> found[["incl_cut", "pri_cut", "solution", "same"]].to_numpy().tolist()[0]
    [0.8, 0.0, 'a', True]
    """
    check_code(kind, KINDS, "ชนิดคำตอบ")
    frames = dict(data) if isinstance(data, Mapping) else {CHOSEN: data}
    cuts = list(product(frames, incl_cuts, n_cuts, pri_cuts))
    if not cuts:
        raise CastError("no threshold was given; give at least the chosen one of each")
    rows, first = [], None
    for label, incl_cut, n_cut, pri_cut in cuts:
        table = truth_table(frames[label], outcome, conditions, incl_cut, n_cut, pri_cut)
        if first is not None and table.n != first.n:
            raise CastError(
                f"the calibrations hold {first.n} and {table.n} complete cases; give the same cases"
            )
        try:
            found, reason = minimise(table, kind, expect), ""
        except CastError as error:
            if first is None:
                raise
            found, reason = None, str(error)
        first = first or found
        rows.append((label, incl_cut, n_cut, pri_cut, *_told(found, first), reason, table.n))
    names = ["calibration", "incl_cut", "n_cut", "pri_cut", "solution", "models"]
    names += ["consistency", "pri", "coverage", "same", "overlap", "reason", "n"]
    frame = pd.DataFrame(rows, columns=names)
    frame.insert(4, "chosen", frame.index == 0)
    return frame


def _told(found: Solution | None, first: Solution) -> tuple:
    """Return a solution's text, number of models and fit, whether it is the first one, and the overlap."""
    if found is None:
        return None, 0, np.nan, np.nan, np.nan, False, np.nan
    text = " | ".join(" + ".join(model) for model in found.models)
    fit = found.fit[FIT].iloc[0]
    alike = {frozenset(m) for m in found.models} == {frozenset(m) for m in first.models}
    one, other = found.member, first.member
    overlap = np.minimum(one, other).sum() / np.maximum(one, other).sum()
    return text, len(found.models), *fit, alike, overlap


__getattr__, __dir__ = lazy.offered(__name__)
