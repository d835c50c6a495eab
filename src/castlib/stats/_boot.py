"""Bootstrap by weights: a resample is how often each unit was drawn, so totals are one matrix product."""

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.stats.refusals import LEAST_CLUSTERS


def resample(
    rows: np.ndarray, cluster: pd.Series | None, n_boot: int, seed: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """Return the totals of the rows, the totals in each resample, and what was drawn.

    Whole clusters are drawn ("clusters"); without clusters, people ("people"); with fewer clusters than
    can stand for others, people within each cluster ("people_within_clusters").
    """
    if n_boot < 20:
        raise CastError(f"{n_boot} bootstrap samples were asked for; an interval needs at least 20")
    rng = np.random.default_rng(seed)
    total = rows.sum(axis=0)
    if cluster is None:
        return total, np.tensordot(_weights(len(rows), n_boot, rng), rows, axes=1), "people"
    codes = pd.factorize(cluster)[0]
    if codes.min() < 0:
        raise CastError(f"{(codes < 0).sum()} rows have no value of {cluster.name!r}")
    if codes.max() + 1 < LEAST_CLUSTERS:
        parts = [rows[codes == code] for code in range(codes.max() + 1)]
        drawn = sum(np.tensordot(_weights(len(p), n_boot, rng), p, axes=1) for p in parts)
        return total, drawn, "people_within_clusters"
    units = np.zeros((codes.max() + 1, *rows.shape[1:]))
    np.add.at(units, codes, rows)
    return total, np.tensordot(_weights(len(units), n_boot, rng), units, axes=1), "clusters"


def _weights(units: int, n_boot: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each unit is drawn in each resample (n_boot × units, as floats)."""
    drawn = rng.integers(units, size=(n_boot, units)) + units * np.arange(n_boot)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n_boot * units)
    return counts.reshape(n_boot, units).astype(float)


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
