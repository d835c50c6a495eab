"""The arithmetic of answers in five steps: from a hidden normal feeling to 1, 2, 3, 4 or 5.

A feeling is `centre + spread * z` with a standard normal z, and the answer is the nearest of 1–5. Cutting
loses information, so a planted loading of answers needs a stronger one of feelings; both are exact here.
"""

from statistics import NormalDist

import numpy as np

STEPS = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
CUTS = STEPS[:-1] + 0.5
NORMAL = NormalDist()


def chances(centre: float, spread: float) -> np.ndarray:
    """Return the probability of each answer 1–5.

    >>> chances(3, 1).round(3)
    array([0.067, 0.242, 0.383, 0.242, 0.067])
    """
    below = [NORMAL.cdf((cut - centre) / spread) for cut in CUTS]
    return np.diff([0.0, *below, 1.0])


def mean(centre: float, spread: float) -> float:
    """Return the mean answer."""
    return float(chances(centre, spread) @ STEPS)


def deviation(centre: float, spread: float) -> float:
    """Return the standard deviation of answers."""
    share = chances(centre, spread)
    return float(np.sqrt(share @ STEPS**2 - (share @ STEPS) ** 2))


def slope(centre: float, spread: float) -> float:
    """Return how much the answer rises with one standard deviation of feeling: their covariance."""
    return sum(NORMAL.pdf((cut - centre) / spread) for cut in CUTS)


def centre_for(wanted: float, spread: float) -> float:
    """Return the centre of feelings whose answers have the wanted mean, by bisection.

    >>> round(mean(centre_for(4.6, 0.8), 0.8), 6)
    4.6
    """
    low, high = -5.0, 11.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle, spread) < wanted else (low, middle)
    return (low + high) / 2


def cut(feelings: np.ndarray) -> np.ndarray:
    """Return the answers 1–5 that feelings lead to."""
    return 1 + np.searchsorted(CUTS, feelings).astype(int)
