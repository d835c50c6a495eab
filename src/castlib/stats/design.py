"""What a sample of clusters is worth, and what the expansion to every district would need."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from numbers import Real

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError
from castlib.shown import Shown


@dataclass(frozen=True, repr=False)
class Plan(Shown):
    """What a clustered sample can say: see `plan` for the fields."""

    icc: float
    cluster_size: float
    clusters: int
    n: float
    design_effect: float
    effective_n: float
    margin: float
    power: float
    clusters_needed: int | None
    n_needed: float | None
    clusters_for_power: int | None
    n_for_power: float | None


def plan(
    icc: float,
    cluster_size: float,
    clusters: int,
    *,
    sd: float = 1.0,
    margin: float = 0.1,
    effect: float = 0.3,
    power: float = 0.8,
    population: int | None = None,
) -> Plan:
    """Return what a sample of people in clusters is worth, and how many clusters an aim needs.

    Use it before an expansion: how many districts, with the same number of people each, make the mean
    as certain as wanted, and a difference of the wanted size likely to be seen. Districts are supposed
    to be drawn at random; pilot districts were not.

    Parameters
    ----------
    icc : float
        Intraclass correlation, 0–1 (`models.multilevel`).
    cluster_size : float
        People in a cluster, at least 1.
    clusters : int
        Clusters in the present sample, at least 2.
    sd : float
        Standard deviation between people, in the scale's units.
    margin : float
        Wanted half width of the mean's 95 % interval, in the scale's units.
    effect : float
        Difference of the means of two equal halves of the clusters, in standard deviations, to be seen.
    power : float
        Wanted probability of seeing it at the 5 % level, two-sided.
    population : int, optional
        Clusters that exist (878 districts); the margin then has the finite population correction
        between clusters, and no more clusters are asked for.

    Returns
    -------
    Plan
        The present sample: `n`, `design_effect` (≥ 1), `effective_n`, `margin` (scale's units), `power`
        (0–1). The aims: `clusters_needed` and `n_needed` for the margin, `clusters_for_power` (even) and
        `n_for_power` for the difference; None when even the whole population (or 20,000 clusters) would
        not do.

    Raises
    ------
    CastError
        A number out of its range.

    Notes
    -----
    Design effect 1 + (m − 1)·ICC; margin = t·sd·√(ICC·(1 − c/C)/c + (1 − ICC)/(c·m)) with c − 1 degrees
    of freedom, c of C clusters with m people each (of many); without C this is t·sd·√(deff/n). Power
    from the noncentral t with c − 2 degrees of freedom; each half has n/2 people.

    References
    ----------
    Kish 1965.

    Examples
    --------
    >>> found = plan(icc=0.05, cluster_size=10, clusters=76)
    >>> round(found.design_effect, 2), round(found.effective_n), found.clusters_needed
    (1.45, 524, 59)
    """
    _check(icc, cluster_size, clusters, sd, margin, effect, power, population)
    effect_of_design = 1 + (cluster_size - 1) * icc
    most = population or 20_000
    counts = np.arange(2, most + 1)
    half_width = _margin(counts, cluster_size, icc, sd, population)
    even = counts[(counts % 2 == 0) & (counts >= 4)]
    seen = _power(even, cluster_size, effect_of_design, effect)
    by_margin, by_power = _first(counts, half_width <= margin), _first(even, seen >= power)
    here, n = np.array([clusters]), clusters * cluster_size
    return Plan(
        icc=icc,
        cluster_size=cluster_size,
        clusters=clusters,
        n=n,
        design_effect=effect_of_design,
        effective_n=n / effect_of_design,
        margin=float(_margin(here, cluster_size, icc, sd, population)[0]),
        power=float(_power(here, cluster_size, effect_of_design, effect)[0])
        if clusters > 2
        else 0.0,
        clusters_needed=by_margin,
        n_needed=by_margin and by_margin * cluster_size,
        clusters_for_power=by_power,
        n_for_power=by_power and by_power * cluster_size,
    )


def proportion(
    icc: float,
    cluster_size: float,
    clusters: int,
    *,
    share: float = 0.5,
    margin: float = 0.05,
    difference: float = 0.1,
    power: float = 0.8,
    population: int | None = None,
) -> Plan:
    """Return what a sample of people in clusters says of a share (such as "high or highest"), as `plan`.

    Parameters
    ----------
    icc, cluster_size, clusters, power, population
        As in `plan`; the ICC of the yes-or-no answer, usually lower than that of the scale behind it.
    share : float
        Share expected, 0–1; 0.5 is the least certain.
    margin : float
        Wanted half width of the share's 95 % interval, 0–1 (0.05: five points of a hundred).
    difference : float
        Difference of the shares of two equal halves of the clusters to be seen, 0–1, `share` being
        their middle.

    Returns
    -------
    Plan
        As `plan`; `margin` in shares.

    Raises
    ------
    CastError
        A number out of its range.

    Notes
    -----
    `plan` with sd = √(share·(1 − share)) and the difference divided by the two halves' pooled standard
    deviation: a normal approximation, not for shares near 0 or 1 with few people.

    References
    ----------
    Kish 1965.

    Examples
    --------
    >>> found = proportion(icc=0.05, cluster_size=10, clusters=76)
    >>> round(found.margin, 3), found.clusters_needed
    (0.044, 59)
    """
    low, high = share - difference / 2, share + difference / 2
    if not (difference > 0 and low > 0 and high < 1):
        raise CastError(
            f"out of range: share = {share}, difference = {difference} (the shares compared, {low:g} "
            f"and {high:g}, lie between 0 and 1, the second above the first)"
        )
    pooled = np.sqrt((low * (1 - low) + high * (1 - high)) / 2)
    return plan(
        icc,
        cluster_size,
        clusters,
        sd=float(np.sqrt(share * (1 - share))),
        margin=margin,
        effect=float(difference / pooled),
        power=power,
        population=population,
    )


def sensitivity(
    icc: float,
    icc_ci: tuple[float, float],
    cluster_size: float,
    clusters: int,
    planner: Callable[..., Plan] = plan,
    **aims: float,
) -> pd.DataFrame:
    """Return the plan at the ICC estimated and at both ends of its interval.

    Use it wherever a plan is shown: an ICC from 76 districts is itself uncertain, and the number of
    districts needed follows it. The plan to rely on is that of the upper end.

    Parameters
    ----------
    icc, icc_ci : float, (low, high)
        As `models.multilevel` gives them.
    cluster_size, clusters, aims
        As in `plan`, or in `proportion`.
    planner : function
        `plan` or `proportion`.

    Returns
    -------
    DataFrame
        Three rows, bound = low, estimate, high, and the fields of `Plan` as columns; a number needed is
        missing (NA) where `plan` gives None.

    Raises
    ------
    CastError
        An interval that does not hold the ICC, or a number out of its range.

    Notes
    -----
    `plan` three times; nothing else is uncertain in it.

    References
    ----------
    Kish 1965.

    Examples
    --------
    >>> found = sensitivity(0.05, (0.02, 0.1), cluster_size=10, clusters=76)
    >>> found[["bound", "clusters_needed"]].to_numpy().tolist()
    [['low', 48], ['estimate', 59], ['high', 76]]
    """
    low, high = icc_ci
    if not all(isinstance(value, Real) for value in (low, icc, high)):
        raise CastError(f"numbers were expected: icc = {icc!r}, icc_ci = {icc_ci!r}")
    if not low <= icc <= high:
        raise CastError(f"the interval {low}-{high} does not hold the ICC {icc}")
    values = {"low": low, "estimate": icc, "high": high}
    rows = [
        {"bound": bound, **asdict(planner(value, cluster_size, clusters, **aims))}
        for bound, value in values.items()
    ]
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(["clusters_needed", "clusters_for_power"], "Int64")).astype(
        dict.fromkeys(["n_needed", "n_for_power"], "Float64")
    )


def _check(icc, cluster_size, clusters, sd, margin, effect, power, population) -> None:
    """Refuse numbers out of their range."""
    given = {"icc": icc, "cluster_size": cluster_size, "clusters": clusters, "sd": sd}
    given |= {"margin": margin, "effect": effect, "power": power, "population": population or 2}
    text = [f"{name} = {v!r}" for name, v in given.items() if not isinstance(v, Real)]
    if text:
        raise CastError(f"numbers were expected: {', '.join(text)}")
    most = population or np.inf
    whole = all(count % 1 == 0 for count in (clusters, population or 2))
    ranges = {
        "icc": (icc, 0 <= icc <= 1, "0-1"),
        "cluster_size": (cluster_size, 1 <= cluster_size < np.inf, "1 or more"),
        "clusters": (
            clusters,
            whole and 2 <= clusters <= most,
            "whole, 2 or more, and no more than the population, which is whole too",
        ),
        "sd": (sd, 0 < sd < np.inf, "above 0"),
        "margin": (margin, 0 < margin < np.inf, "above 0"),
        "effect": (effect, 0 < effect < np.inf, "above 0"),
        "power": (power, 0 < power < 1, "between 0 and 1"),
    }
    wrong = [f"{name} = {v} ({right})" for name, (v, ok, right) in ranges.items() if not ok]
    if wrong:
        raise CastError(f"out of range: {', '.join(wrong)}")


def _margin(clusters: np.ndarray, size: float, icc: float, sd: float, population: int | None):
    """Return the half width of the mean's 95 % interval for each number of clusters."""
    from scipy.stats import t

    left = 1 - clusters / population if population else 1.0
    variance = (icc * left + (1 - icc) / size) / clusters
    return t.ppf(0.975, clusters - 1) * sd * np.sqrt(variance)


def _power(clusters: np.ndarray, size: float, deff: float, effect: float) -> np.ndarray:
    """Return the probability of seeing the difference for each number of clusters (3 or more)."""
    from scipy.stats import nct, t

    df = clusters - 2.0
    shift = effect * np.sqrt(clusters * size / deff / 4)
    edge = t.ppf(0.975, df)
    seen = nct.sf(edge, df, np.minimum(shift, 30.0))
    return np.where(np.isfinite(seen), seen, 1.0)


def _first(counts: np.ndarray, enough: np.ndarray) -> int | None:
    """Return the first count that is enough."""
    return int(counts[np.argmax(enough)]) if enough.any() else None


__getattr__, __dir__ = lazy.offered(__name__)
