"""Where the fitting of a factor model begins: near its solution, whatever the units of the items."""

from itertools import combinations

import numpy as np

from castlib.errors import CastError, some
from castlib.stats._syntax import Structure


def starting_values(structure: Structure, covariance: np.ndarray) -> dict[tuple[str, str], float]:
    """Return starting values: each factor the first axis of what loads on it, near the solution."""
    names = {name: i for i, name in enumerate(structure.items)}
    known, guess, waiting = covariance, {}, list(structure.factors)
    for name, at in names.items():
        guess[name, name] = covariance[at, at]
    while waiting:
        ready = [f for f in waiting if all(i in names for i in structure.indicators(f))]
        if not ready:
            raise CastError(f"in the factor model these load on one another: {some(waiting)}")
        for factor in ready:
            inside = structure.indicators(factor)
            at = [names[name] for name in inside]
            axis = _axis(known[np.ix_(at, at)])
            marks = [structure.loadings[name, factor] for name in inside]
            unit = 1.0  # what makes the fixed loading what it is
            for mark, i, loading in zip(marks, at, axis, strict=True):
                if isinstance(mark, float) and mark != 0:
                    least = 0.1 * np.sqrt(known[i, i])
                    unit = mark / np.copysign(max(abs(loading), least), loading)
                    break
            along = axis @ known[at] / (axis @ axis) / unit
            variance = unit**-2.0
            for name, i, loading in zip(inside, at, axis, strict=True):
                guess[name, factor] = loading * unit
                guess[name, name] = max(known[i, i] - loading**2, 0.2 * known[i, i])
            known = np.block([[known, along[:, None]], [along[None], np.array([[variance]])]])
            names[factor] = len(names)
            guess[factor, factor] = variance
            waiting.remove(factor)
    factors = sorted(structure.factors)
    at = [names[factor] for factor in factors]
    spread = np.sqrt([guess[factor, factor] for factor in factors])
    alike = known[np.ix_(at, at)] / np.outer(spread, spread)
    alike = np.clip(alike, -0.9, 0.9) * (1 - np.eye(len(at)))
    alike *= min(1.0, 0.9 / max(-np.linalg.eigvalsh(alike)[0], 1e-9))  # so that they are possible
    for (i, one), (j, other) in combinations(enumerate(factors), 2):
        guess[one, other] = alike[i, j] * spread[i] * spread[j]
    return guess


def _axis(covariance: np.ndarray) -> np.ndarray:
    """Return loadings on one factor of variance 1, by a few steps of principal axes."""
    spread = np.sqrt(np.diag(covariance))
    alike = covariance / np.outer(spread, spread)
    common = np.full(len(alike), 0.5)
    for _ in range(8):
        values, vectors = np.linalg.eigh(alike - np.diag(1 - common))
        axis = vectors[:, -1] * np.sqrt(max(values[-1], 0.01))
        common = np.minimum(axis**2, 0.95)
    return axis * (1.0 if axis.sum() >= 0 else -1.0) * spread
