"""Bootstrap by weights: a resample is how often each unit was drawn, so totals are one matrix product."""

import numpy as np
import pandas as pd

from castlib.errors import CastError


def weights(units: int, n_boot: int, seed: int) -> np.ndarray:
    """Return how often each unit is drawn in each resample (n_boot × units, as floats)."""
    if n_boot < 20:
        raise CastError(f"{n_boot} bootstrap samples were asked for; an interval needs at least 20")
    drawn = np.random.default_rng(seed).integers(units, size=(n_boot, units))
    drawn += units * np.arange(n_boot)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n_boot * units)
    return counts.reshape(n_boot, units).astype(float)


def sums(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the totals of rows by group number."""
    totals = np.zeros((groups.max() + 1, *values.shape[1:]))
    np.add.at(totals, groups, values)
    return totals


def units(values: np.ndarray, cluster: pd.Series | None) -> np.ndarray:
    """Return what is drawn: the rows themselves, or the totals of each cluster."""
    if cluster is None:
        return values
    codes = pd.factorize(cluster)[0]
    if codes.min() < 0:
        raise CastError(f"{(codes < 0).sum()} rows have no value of {cluster.name!r}")
    if codes.max() < 1:
        raise CastError(f"all rows are in one cluster of {cluster.name!r}; at least 2 are needed")
    return sums(values, codes)


def ranks(own: np.ndarray, boot: np.ndarray) -> dict[str, np.ndarray]:
    """Return rank (1 = largest, ties share the better), rank_low and rank_high (95 % of resamples)."""
    from scipy.stats import rankdata

    drawn = rankdata(-boot, method="min", axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0, method="inverted_cdf")
    rank = rankdata(-own, method="min")
    return {
        "rank": rank.astype(int),
        "rank_low": np.minimum(low, rank).astype(int),
        "rank_high": np.maximum(high, rank).astype(int),
    }
