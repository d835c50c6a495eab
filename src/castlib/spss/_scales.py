"""Reliability and factor analysis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib.errors import CastError, check_code
from castlib.shown import Shown
from castlib.stats import _extraction, factors
from castlib.stats import reliability as scales
from castlib.stats._input import numbers, plain, whole


@dataclass(frozen=True, repr=False)
class Scale(Shown):
    """The reliability of a scale: see `reliability` for the fields."""

    alpha: float
    standardised_alpha: float
    n_items: int
    scale_mean: float
    scale_variance: float
    item_statistics: pd.DataFrame
    item_total: pd.DataFrame
    n: int


def reliability(data: pd.DataFrame, items: Sequence[str]) -> Scale:
    """Return the tables of Analyze ▸ Scale ▸ Reliability Analysis (Item, Scale, Scale if item deleted).

    Items worded the other way must be turned first, as in SPSS (`reliability.reliability` does it with
    `reverse`, and adds omega and intervals).

    Returns
    -------
    Scale
        `alpha`, `standardised_alpha` (of standardised items), `n_items`, `scale_mean`, `scale_variance` (of
        the sum); `item_statistics`: mean, sd, n; `item_total`: scale_mean_if_deleted,
        scale_variance_if_deleted, corrected_item_total (correlation with the rest), alpha_if_deleted; `n`
        respondents used (listwise).

    Raises
    ------
    CastError
        As `reliability.reliability`.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 3, 5, 4], "c": [1, 3, 2, 5, 5]})
    >>> found = reliability(data, ["a", "b", "c"])
    >>> round(found.alpha, 3), found.item_total["alpha_if_deleted"].round(3).to_list()
    (0.92, [0.825, 0.935, 0.889])
    """
    frame = numbers(plain(data), items)
    found = scales.reliability(frame)
    own, k = found.items.set_index("item"), frame.shape[1]
    total = frame.sum(axis=1)
    rest = frame.rsub(total, axis=0)
    correlations = frame.corr().to_numpy()
    mean_r = (correlations.sum() - k) / (k * (k - 1))
    return Scale(
        alpha=found.alpha,
        standardised_alpha=float(k * mean_r / (1 + (k - 1) * mean_r)),
        n_items=k,
        scale_mean=float(total.mean()),
        scale_variance=float(total.var()),
        item_statistics=own[["mean", "sd"]].assign(n=found.n),
        item_total=pd.DataFrame(
            {
                "scale_mean_if_deleted": rest.mean(),
                "scale_variance_if_deleted": rest.var(),
                "corrected_item_total": own["r_drop"],
                "alpha_if_deleted": own["alpha_if_deleted"],
            }
        ),
        n=found.n,
    )


@dataclass(frozen=True, repr=False)
class Factor(Shown):
    """A principal components analysis: see `factor` for the fields."""

    kmo: float
    bartlett_chi2: float
    bartlett_df: int
    bartlett_p: float
    communalities: pd.Series
    variance_explained: pd.DataFrame
    components: pd.DataFrame
    rotated: pd.DataFrame
    n: int


def factor(
    data: pd.DataFrame,
    items: Sequence[str],
    n_factors: int | None = None,
    rotation: str = "varimax",
) -> Factor:
    """Return the tables of Analyze ▸ Dimension Reduction ▸ Factor as SPSS makes them by default.

    That is principal components, as many as eigenvalues exceed 1, rotated by varimax with Kaiser
    normalisation. Components are not factors: for the factors behind the answers, and for how many there
    are, use `factors.efa` and `factors.parallel_analysis`; eigenvalues above 1 find too many.

    Parameters
    ----------
    n_factors : int, optional
        Components to keep; by default those with eigenvalues above 1.
    rotation : {"varimax", "promax"}
        Promax raises to the fourth power, as SPSS (kappa 4); its matrix is the pattern matrix.

    Returns
    -------
    Factor
        `kmo`, `bartlett_chi2`, `bartlett_df`, `bartlett_p`; `communalities` (extraction, 0–1);
        `variance_explained`: a row a component with eigenvalue, percent, cumulative_percent, and for those
        kept rotated (sum of squared loadings), rotated_percent, rotated_cumulative (percentages missing
        after promax, where they do not add up); `components` (unrotated) and `rotated` loadings, items ×
        C1, C2 …, each turned to be mostly positive (SPSS's signs may be the other way); `n` (listwise).

    Raises
    ------
    CastError
        As `factors.adequacy`; an unknown rotation; more components than items.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> common = np.repeat(rng.normal(size=(300, 2)), 4, axis=1)
    >>> answers = pd.DataFrame(common + rng.normal(size=(300, 8)), columns=list("abcdefgh"))
    >>> found = factor(answers, list("abcdefgh"))
    >>> found.rotated.shape, (found.rotated.abs() > 0.4).sum().to_list()
    ((8, 2), [4, 4])
    """
    check_code(rotation, ("varimax", "promax"), "วิธีหมุนแกน")
    frame = numbers(plain(data), items)
    fit = factors.adequacy(frame)
    values, vectors = np.linalg.eigh(_extraction.correlation(frame.to_numpy()))
    values, vectors, k = values[::-1], vectors[:, ::-1], len(values)
    kept = whole("n_factors", int((values > 1).sum()) if n_factors is None else n_factors, least=1)
    if kept > k:
        raise CastError(f"{kept} components of {k} items were asked for; at most {k} exist")
    raw = vectors[:, :kept] * np.sqrt(values[:kept])
    raw = raw * np.where(raw.sum(axis=0) < 0, -1.0, 1.0)
    turned, _ = _extraction.rotate(raw, rotation)
    names = [f"C{i + 1}" for i in range(kept)]
    table = pd.DataFrame(
        {"eigenvalue": values, "percent": values / k * 100},
        index=pd.Index([f"C{i + 1}" for i in range(k)], name="component"),
    )
    table["cumulative_percent"] = table["percent"].cumsum()
    table["rotated"] = pd.Series((turned**2).sum(axis=0), index=names)
    if rotation == "varimax":
        table["rotated_percent"] = table["rotated"] / k * 100
        table["rotated_cumulative"] = table["rotated_percent"].cumsum()
    return Factor(
        kmo=fit.kmo,
        bartlett_chi2=fit.bartlett_chi2,
        bartlett_df=fit.bartlett_df,
        bartlett_p=fit.bartlett_p,
        communalities=pd.Series((raw**2).sum(axis=1), index=frame.columns, name="communality"),
        variance_explained=table,
        components=pd.DataFrame(raw, index=frame.columns, columns=names),
        rotated=pd.DataFrame(turned, index=frame.columns, columns=names),
        n=fit.n,
    )
