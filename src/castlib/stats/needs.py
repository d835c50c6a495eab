"""What is needed most: the gap between what should be and what is, and the map of importance and performance."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, some
from castlib.stats import _boot
from castlib.stats._input import existing, numbers

Columns = Sequence[str] | Mapping[str, str | Sequence[str]]

LEAST_MEAN = 0.01


def pni(
    data: pd.DataFrame,
    expected: Columns,
    actual: Columns,
    cluster: str | None = None,
    n_boot: int = 2000,
    seed: int = 2565,
) -> pd.DataFrame:
    """Return the modified priority needs index of each item, and how sure it and its rank are.

    PNI = (I − D)/D: how far what should be (I) exceeds what is (D), as a share of what is. Use it for
    paired answers on one positive scale, to order needs. Give `cluster` (the district) when people were
    sampled in groups.

    Parameters
    ----------
    data : DataFrame
        One row a respondent.
    expected, actual : list of str, or dict
        Paired columns, in the same order; or label → column(s), a label's score being the mean of its
        columns. A person counts for an item who answered both sides of it fully.
    cluster : str, optional
        Column that names each row's cluster: whole clusters are resampled. With fewer than 10, which
        cannot stand for others, people within each are resampled, and the intervals speak of these
        clusters only.
    n_boot : int
        Bootstrap samples.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        One row an item: item (the column without `_expected`, or the label), n, expected, actual
        (means, in units of the scale), pni (0 = no gap, positive = more is wanted), ci_low, ci_high
        (95 %, bootstrap) and both as `ci`, rank (1 = greatest need; ties share it), rank_low,
        rank_high (95 % of the resamples) and both as `rank_ci`, resampled (clusters, people, people_within_clusters).

    Raises
    ------
    CastError
        Lists of different length, an item without paired answers, a mean at or near zero (the index is
        a ratio of means), rows without a cluster.

    Notes
    -----
    PNI = (I − D)/D with I and D the means of those who answered both. The interval comes from the
    resamples' standard deviation of ln(I/D), with t on the units resampled less one; on the study's
    design it holds the truth 95 % of the time (benchmarks/coverage.py), the percentiles of the resamples
    a per cent or two less.

    References
    ----------
    สุวิมล ว่องวาณิช 2550.

    Examples
    --------
    >>> data = pd.DataFrame(
    ...     {
    ...         "a_expected": [5, 5, 4],
    ...         "a_actual": [4, 3, 3],
    ...         "b_expected": [5, 5, 5],
    ...         "b_actual": [2, 2, 1],
    ...     }
    ... )
    >>> pni(data, ["a_expected", "b_expected"], ["a_actual", "b_actual"])[["item", "pni", "rank"]]
      item  pni  rank
    0    a  0.4     2
    1    b  2.0     1
    """
    items, wanted, found = _pairs(data, expected, actual)
    totals, drawn, resampled, df = _totals(data, wanted, found, cluster, n_boot, seed)
    for state, scores, row in (("actual", found, 1), ("expected", wanted, 0)):
        reach = np.nanmax(np.abs(scores), axis=0)
        least = np.minimum(totals[row], drawn[:, row].min(axis=0))
        low = [item for item, bad in zip(items, least <= LEAST_MEAN * reach, strict=True) if bad]
        if low:
            raise CastError(
                f"the mean of the {state} state is zero, near zero or negative in: {some(low)}; "
                "PNI is a ratio of means, so answers must be on a positive scale such as 1-5"
            )
    own, boot = totals[0] / totals[1], drawn[:, 0] / drawn[:, 1]
    table = pd.DataFrame({"item": items, "n": totals[2].astype(int)})
    table["expected"], table["actual"], table["pni"] = totals[0], totals[1], own - 1
    table["ci_low"], table["ci_high"] = _boot.around(own, boot, df) - 1
    table = table.assign(**_boot.ranks(own, boot), resampled=resampled)
    for name, low, high in (("ci", "ci_low", "ci_high"), ("rank_ci", "rank_low", "rank_high")):
        both = list(zip(table[low], table[high], strict=True))
        table.insert(table.columns.get_loc(low), name, both)
    return table


def importance_performance(
    data: pd.DataFrame,
    importance: Columns,
    performance: Columns,
    cluster: str | None = None,
    n_boot: int = 2000,
    seed: int = 2565,
) -> pd.DataFrame:
    """Return the quadrant of each item on the map of importance and performance, and how sure it is.

    The lines are the means of the items. An item near a line changes side from sample to sample:
    `share` says how often it stays.

    Parameters
    ----------
    data, importance, performance, cluster, n_boot, seed
        As `data`, `expected`, `actual` … in `pni`; at least 2 items.

    Returns
    -------
    DataFrame
        One row an item: item, n, importance, performance (means), importance_line, performance_line
        (where the quadrants meet), quadrant, share (of bootstrap samples that give the same quadrant,
        0–1), resampled. Quadrants: concentrate (important, performs low), keep_up (important, performs high),
        low_priority, overkill (unimportant, performs high). A mean on a line counts as above it.

    Raises
    ------
    CastError
        As in `pni`, or fewer than 2 items.

    Notes
    -----
    Both lines are means of the items' means, in the sample and again in each resample.

    References
    ----------
    Martilla & James 1977, doi:10.1177/002224297704100112.

    Examples
    --------
    >>> data = pd.DataFrame(
    ...     {
    ...         "a_expected": [5, 5, 4],
    ...         "a_actual": [2, 3, 2],
    ...         "b_expected": [3, 4, 3],
    ...         "b_actual": [4, 4, 5],
    ...     }
    ... )
    >>> found = importance_performance(data, ["a_expected", "b_expected"], ["a_actual", "b_actual"])
    >>> found["quadrant"].to_list()
    ['concentrate', 'overkill']
    """
    items, wanted, found = _pairs(data, importance, performance)
    if len(items) < 2:
        raise CastError("one item was given; a map of importance and performance needs at least 2")
    totals, drawn, resampled, _ = _totals(data, wanted, found, cluster, n_boot, seed)
    own, boot = _quadrant(totals[None])[0], _quadrant(drawn)
    return pd.DataFrame(
        {
            "item": items,
            "n": totals[2].astype(int),
            "importance": totals[0],
            "performance": totals[1],
            "importance_line": totals[0].mean(),
            "performance_line": totals[1].mean(),
            "quadrant": np.array(["low_priority", "overkill", "concentrate", "keep_up"])[own],
            "share": (boot == own).mean(axis=0),
            "resampled": resampled,
        }
    )


def _quadrant(means: np.ndarray) -> np.ndarray:
    """Return 2 × (important) + (performs high) of samples × (importance, performance, n) × items."""
    above = means[:, :2] >= means[:, :2].mean(axis=2, keepdims=True) - 1e-12
    return 2 * above[:, 0] + above[:, 1]


def _pairs(
    data: pd.DataFrame, expected: Columns, actual: Columns
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the items' labels and their scores in both states (rows × items, NaN where incomplete)."""
    expected, actual = ([c] if isinstance(c, str) else c for c in (expected, actual))
    wanted, found = (
        dict(c) if isinstance(c, Mapping) else {_label(name): name for name in c}
        for c in (expected, actual)
    )
    if not wanted or len(wanted) != len(found) or len(expected) != len(wanted):
        raise CastError(
            f"{len(expected)} columns of the expected and {len(actual)} of the actual state were "
            "given; give pairs, in the same order, each once"
        )
    if isinstance(expected, Mapping) and set(wanted) != set(found):
        raise CastError(f"labels in one state only: {some(sorted(set(wanted) ^ set(found)))}")
    order = list(wanted) if isinstance(expected, Mapping) else list(found)
    scores = [_scores(data, wanted.values()), _scores(data, [found[label] for label in order])]
    both = np.isfinite(scores[0]) & np.isfinite(scores[1])
    nobody = [item for item, some_ in zip(wanted, both.any(axis=0), strict=True) if not some_]
    if nobody:
        raise CastError(f"nobody answered both states of: {some(nobody)}")
    return list(wanted), *(np.where(both, s, np.nan) for s in scores)


def _label(column: str) -> str:
    """Return the item of a column: its name without the state."""
    return column.removesuffix("_expected").removesuffix("_actual")


def _scores(data: pd.DataFrame, columns) -> np.ndarray:
    """Return each person's score of each item: the mean of its columns, NaN unless all are answered."""
    groups = [[c] if isinstance(c, str) else list(c) for c in columns]
    used = existing(data, [c for group in groups for c in group])
    frame = numbers(data, used, least=2, complete=False, varying=False)
    return np.column_stack([frame[g].to_numpy().mean(axis=1) for g in groups])


def _totals(
    data: pd.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    cluster: str | None,
    n_boot: int,
    seed: int,
) -> _boot.Resamples:
    """Return means of both scores and n by item (3 × items), the same by resample, and what was drawn."""
    counted = np.isfinite(first).astype(float)
    rows = np.stack([np.nan_to_num(first), np.nan_to_num(second), counted], axis=1)
    if cluster is not None:
        existing(data, [cluster])
    of = None if cluster is None else data[cluster]
    found = _boot.resample(rows, of, n_boot, seed)
    if (found.drawn[:, 2] == 0).any():
        raise CastError("too few people answered an item to resample them; leave that item out")
    found.total[:2] /= found.total[2]
    found.drawn[:, :2] /= found.drawn[:, 2:]
    return found


__getattr__, __dir__ = lazy.offered(__name__)
