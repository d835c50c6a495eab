"""How far coders agree on the codes of the segments: Krippendorff's alpha, Cohen's kappa, per cent."""

import warnings
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.shown import Shown
from castlib.text.answers import Answers, coincidences, pair_tables

SEED = 2565
REPEATS = 1000


@dataclass(frozen=True, repr=False)
class Agreement(Shown):
    """How far coders agree, in all and by code.

    Attributes
    ----------
    coders : tuple of str
    segments : int
        Segments that at least two coders read: the units compared.
    read_by_one : int
        Segments that only one coder read: they say nothing of agreement and are left out.
    uncoded : int
        Segments compared that no coder gave any code.
    alpha, alpha_low, alpha_high : float
        Krippendorff's alpha of the whole sets of codes, with its 95 % interval. ≤ 1; 0 = as by chance.
    same : float
        Share of the pairs of readings that have exactly the same codes, 0–1.
    codes : pandas.DataFrame
        One row a code that anybody gave, most given first:

        - code
        - segments: those that any coder gave it, of the segments compared
        - both: of the pairs of readings in which one at least gave it, the share in which both did,
          0–1; the many segments that have nothing to do with the code do not raise it
        - percent: share of all pairs of readings that say the same, yes or no, 0–1
        - kappa, kappa_low, kappa_high: Cohen's; the mean over the pairs of coders if there are more
        - alpha, alpha_low, alpha_high: Krippendorff's, nominal
    """

    coders: tuple[str, ...]
    segments: int
    read_by_one: int
    uncoded: int
    alpha: float
    alpha_low: float
    alpha_high: float
    same: float
    codes: pd.DataFrame

    def __repr__(self) -> str:
        return f"Agreement({', '.join(self.coders)}: {self.segments:,} segments, alpha {self.alpha:.3f})"


def agreement(codings: pd.DataFrame, repeats: int = REPEATS, seed: int = SEED) -> Agreement:
    """Return how far the coders agree, in all and by code, with bootstrap intervals.

    Report it before any theme is counted. The unit is the segment; what counts as an answer is said
    in `castlib.text.answers`. Not for coders who marked stretches of their own choice:
    here the segments are given, and the same for all.

    Parameters
    ----------
    codings : pandas.DataFrame
        The checked table: segment, coder, code (missing = read, nothing to code).
    repeats : int
        Bootstrap samples of segments.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Agreement
        A coefficient is nan where it is undefined: the code was always given.

    Raises
    ------
    CastError
        No segment was read by two coders, or none of those was given a code.

    Notes
    -----
    Nominal alpha = 1 − D_o / D_e, for each code. For whole sets the difference of two is the number of
    codes that only one of them has; D_o and D_e then are the sums of the codes' own, so that a code
    weighs by how much could go wrong with it. Intervals are percentiles over segments drawn with
    replacement (samples in which a coefficient is undefined left out), not Hayes and Krippendorff's
    simulation of disagreements, and take segments as independent. The package irr of R (0.84.1) differs
    when more than two coders read everything: it weighs complete units wrongly.

    References
    ----------
    Hayes & Krippendorff 2007, 10.1080/19312450709336664 · Cohen 1960, 10.1177/001316446002000104 ·
    Light 1971, 10.1037/h0031643.

    Examples
    --------
    >>> rows = [("1", "a", "p"), ("1", "b", "p"), ("2", "a", "p"), ("2", "b", None)]
    >>> rows += [("3", "a", "q"), ("3", "b", "q"), ("4", "a", None), ("4", "b", None)]
    >>> found = agreement(pd.DataFrame(rows, columns=["segment", "coder", "code"]))
    >>> found.codes[["code", "segments", "both", "kappa"]].values.tolist()
    [['p', 2, 0.5, 0.5], ['q', 1, 1.0, 1.0]]
    """
    answers = Answers.of(codings)
    given, read, times = answers.patterns()
    drawn = np.random.default_rng(seed).multinomial(times.sum(), times / times.sum(), size=repeats)
    pairs = list(combinations(range(len(answers.coders)), 2))
    tables = np.array([pair_tables(given, read, *pair) for pair in pairs])
    together = coincidences(given, read)
    each, whole = alphas(weigh(drawn, together))
    kappas = _mean([cohen_kappa(weigh(drawn, table)) for table in tables])
    total = weigh(times, tables.sum(axis=0))
    yes = total[:, 0, 0]
    codes = pd.DataFrame(
        {
            "code": answers.codes,
            "segments": (given.any(axis=1) * times[:, None]).sum(axis=0),
            "both": yes / (total.sum(axis=(1, 2)) - total[:, 1, 1]),
            "percent": (yes + total[:, 1, 1]) / total.sum(axis=(1, 2)),
            "kappa": _mean([cohen_kappa(weigh(times, table)) for table in tables]),
            **interval("kappa", kappas),
            "alpha": _package_alphas(given, read, times),
            **interval("alpha", each),
        }
    )
    order = ["segments", "code"]
    return Agreement(
        coders=answers.coders,
        segments=int(times.sum()),
        read_by_one=answers.read_by_one,
        uncoded=int(times[~given.any(axis=(1, 2))].sum()),
        alpha=float(alphas(weigh(times, together))[1]),
        **{name: float(value) for name, value in interval("alpha", whole).items()},
        same=_same(given, read, times, pairs),
        codes=codes.sort_values(order, ascending=[False, True], ignore_index=True),
    )


def cohen_kappa(table: np.ndarray) -> np.ndarray:
    """Return Cohen's kappa of a contingency table of two coders, or of a stack of such tables.

    Parameters
    ----------
    table : array, shape (…, K, K)
        Counts: the first coder's values by the second's, in the same order.

    Returns
    -------
    array, shape (…)
        ≤ 1; 0 = as by chance; nan when both coders gave one and the same value only.

    Examples
    --------
    >>> round(float(cohen_kappa([[20, 5], [10, 15]])), 3)
    0.4
    """
    table = np.asarray(table, dtype=float)
    n = table.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore"):
        observed = np.trace(table, axis1=-2, axis2=-1) / n
        expected = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / n**2
        return np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)


def weigh(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the values summed over patterns, each as often as it was seen or drawn."""
    flat = times @ values.reshape(len(values), -1).astype(float)
    return flat.reshape(*times.shape[:-1], *values.shape[1:])


def alphas(together: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return alpha of each code and of the whole sets, from coincidences (…, codes, 3)."""
    no_no, yes_no, yes_yes = np.moveaxis(together, -1, 0)
    no, yes = no_no + yes_no, yes_no + yes_yes
    expected = no * yes / (no + yes - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(expected > 0, 1 - yes_no / expected, np.nan)
        return each, 1 - yes_no.sum(axis=-1) / expected.sum(axis=-1)


def _package_alphas(given: np.ndarray, read: np.ndarray, times: np.ndarray) -> list[float]:
    """Return each code's alpha by the krippendorff package, whose formula `alphas` has for samples."""
    import krippendorff

    yes = np.repeat(given.sum(axis=1), times, axis=0)
    no = np.repeat(read.sum(axis=1), times)[:, None] - yes
    with np.errstate(invalid="ignore"):
        return [
            krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
            for counts in np.stack([no, yes], axis=-1).transpose(1, 0, 2)
        ]


def _same(given: np.ndarray, read: np.ndarray, times: np.ndarray, pairs: list) -> float:
    """Return the share of pairs of readings with exactly the same codes."""
    shared = np.array([read[:, i] & read[:, j] for i, j in pairs])
    alike = np.array([(given[:, i] == given[:, j]).all(axis=1) for i, j in pairs])
    return float(((shared & alike) @ times).sum() / (shared @ times).sum())


def _mean(kappas: list[np.ndarray]) -> np.ndarray:
    """Return the mean over the pairs of coders, leaving out the pairs for which it is undefined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(kappas, axis=0)


def interval(name: str, samples: np.ndarray) -> dict[str, np.ndarray]:
    """Return the 2.5 and 97.5 percentiles over the samples; nan where all are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanpercentile(samples, [2.5, 97.5], axis=0)
    return {f"{name}_low": low, f"{name}_high": high}


__getattr__, __dir__ = lazy.offered(__name__)
