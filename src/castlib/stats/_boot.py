"""Bootstrap by weights: a resample is how often each unit was drawn, so totals are one matrix product."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from castlib.errors import CastError
from castlib.stats._input import whole
from castlib.stats.refusals import LEAST_CLUSTERS


class Resamples(NamedTuple):
    """Totals of the rows, totals in each resample, what was drawn, and its degrees of freedom."""

    total: np.ndarray
    drawn: np.ndarray
    resampled: str
    df: int


def resample(rows: np.ndarray, cluster: pd.Series | None, n_boot: int, seed: int) -> Resamples:
    """Return the totals of the rows in resamples.

    Whole clusters are drawn ("clusters"); without clusters, people ("people"); with fewer clusters than
    can stand for others, people within each cluster ("people_within_clusters").
    """
    n_boot = whole("n_boot, the number of bootstrap samples,", n_boot, least=20)
    rng = np.random.default_rng(seed)
    total, n = rows.sum(axis=0), len(rows)
    if cluster is None:
        drawn = np.tensordot(_weights(n, n_boot, rng), rows, axes=1)
        return Resamples(total, drawn, "people", n - 1)
    codes = pd.factorize(cluster)[0]
    if codes.min() < 0:
        raise CastError(f"{(codes < 0).sum()} rows have no value of {cluster.name!r}")
    count = codes.max() + 1
    if count < LEAST_CLUSTERS:
        parts = [rows[codes == code] for code in range(count)]
        drawn = sum(np.tensordot(_weights(len(p), n_boot, rng), p, axes=1) for p in parts)
        return Resamples(total, drawn, "people_within_clusters", max(n - count, 1))
    units = np.zeros((count, *rows.shape[1:]))
    np.add.at(units, codes, rows)
    drawn = np.tensordot(_weights(count, n_boot, rng), units, axes=1)
    return Resamples(total, drawn, "clusters", count - 1)


def around(own: np.ndarray, boot: np.ndarray, df: int, ci: float = 0.95) -> np.ndarray:
    """Return the ends (low, high) of the interval of a positive number, from its resamples' logarithms.

    Percentiles of the resamples hold too seldom with 76 clusters: they know neither t nor that a
    resample varies less, by 1/units, than a sample does.
    """
    from scipy.stats import t

    spread = np.log(boot).std(axis=0, ddof=1) * np.sqrt((df + 1) / df)
    reach = np.exp(t.ppf((1 + ci) / 2, df) * spread)
    return np.stack([own / reach, own * reach])


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
