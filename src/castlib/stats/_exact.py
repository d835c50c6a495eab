"""Fisher's exact test of tables larger than 2 × 2, as R's fisher.test; scipy draws random tables only.

Columns are dealt out one after another. A node is what is left of the row totals; tables that have come
to the same node with the same probability so far go on as one, and a node whose completions all count, or
none of which counts, is settled at once (the idea of Mehta and Patel's network).
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from math import exp, lgamma

import numpy as np

MOST_STEPS = 60_000
MOST_WAYS = 5_000  # of one column among the rows
TOLERANCE = 1e-7  # tables as probable as the observed one count; R's own tolerance

Node = tuple[int, ...]


class _TooMany(Exception):
    """The table has more nodes than are worth walking."""


def fisher(counts: np.ndarray) -> float | None:
    """Return the probability of tables no more probable than this one, None when they are too many.

    >>> round(fisher(np.array([[3, 1], [1, 5], [2, 2]])), 5)
    0.26074
    """
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    columns = tuple(sorted((int(c) for c in table.sum(axis=0)), reverse=True))
    rows = tuple(sorted(int(r) for r in table.sum(axis=1)))
    observed = -sum(lgamma(x + 1) for x in table.ravel()) + TOLERANCE
    try:
        return min(1.0, _walk(rows, columns, observed))
    except _TooMany:
        return None


def probability(counts: np.ndarray) -> float:
    """Return the probability of this table among all with its margins.

    >>> round(probability(np.array([[3, 1], [1, 5], [2, 2]])), 5)
    0.04795
    """
    cells = -sum(lgamma(x + 1) for x in counts.ravel())
    return exp(cells - _whole(counts.sum(axis=0), counts.sum(axis=1)))


def _whole(rows: Sequence[int], columns: Sequence[int]) -> float:
    """Return the logarithm of Σ Π 1/x! over all tables with these margins."""
    margins = sum(lgamma(x + 1) for x in (*rows, *columns))
    return lgamma(sum(rows) + 1) - margins


def _walk(rows: Node, columns: Node, observed: float) -> float:
    """Return the probability of the tables that are no more probable than the observed one."""
    steps, all_tables = 0, _whole(rows, columns)
    ways = cache(_ways)

    @cache
    def ends(node: Node, stage: int) -> tuple[float, float]:
        """Return the least and the greatest Σ −ln x! with which a node can be completed."""
        nonlocal steps
        if stage == len(columns) - 1:
            only = -sum(lgamma(x + 1) for x in node)
            return only, only
        steps += 1
        low, high = np.inf, -np.inf
        for after, value in ways(node, columns[stage]):
            least, most = ends(after, stage + 1)
            low, high = min(low, value + least), max(high, value + most)
            steps += 1
            if steps > MOST_STEPS:
                raise _TooMany
        return low, high

    mass, waiting = 0.0, {rows: {0.0: 1.0}}
    for stage in range(len(columns)):
        following: dict[Node, dict[float, float]] = defaultdict(lambda: defaultdict(float))
        for node, pasts in waiting.items():
            low, high = ends(node, stage)
            whole = _whole(node, columns[stage:])
            for past, count in pasts.items():
                if past + high <= observed:
                    mass += count * exp(past + whole - all_tables)
                elif past + low <= observed:
                    for after, value in ways(node, columns[stage]):
                        following[after][round(past + value, 9)] += count
                        steps += 1
                    if steps > 4 * MOST_STEPS:
                        raise _TooMany
        waiting = following
    return mass


def _ways(node: Node, total: int) -> list[tuple[Node, float]]:
    """Return what is left of the rows after a column is dealt out in each way, and Σ −ln x! of it."""
    found = [((), total, 0.0)]
    for i, most in enumerate(node):
        room = sum(node[i + 1 :])
        found = [
            ((*left, most - x), rest - x, value - lgamma(x + 1))
            for left, rest, value in found
            for x in range(max(0, rest - room), min(most, rest) + 1)
        ]
        if len(found) > MOST_WAYS:
            raise _TooMany
    return [(tuple(sorted(left)), value) for left, _, value in found]
