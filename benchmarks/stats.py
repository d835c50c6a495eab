"""Speeds of the instrument phase's statistics, and ratios to plain loops in the same run.

    .venv/bin/python benchmarks/stats.py

On answers of the study's size (760 people in 76 districts, 35 items of seven constructs): parallel analysis
with 1,000 draws, EFA, CFA and the bootstrap of alpha with 2,000 resamples, twice each, the second time
counted (warm). The loops do a tenth of the work and are counted ten times.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pingouin

from castlib.stats import factors, reliability

PEOPLE, DISTRICTS, CONSTRUCTS, ITEMS = 760, 76, 7, 5
DRAWS, RESAMPLES, PART = 1000, 2000, 10
MOST_SECONDS, LEAST_RATIO = 8, 5


def main() -> None:
    answers, district = people()
    scales = [answers.iloc[:, ITEMS * c : ITEMS * (c + 1)] for c in range(CONSTRUCTS)]
    model = "\n".join(f"f{c} =~ " + " + ".join(scale) for c, scale in enumerate(scales))
    steps = {
        "parallel analysis, 1,000 draws": lambda: factors.parallel_analysis(answers, DRAWS),
        "EFA, 7 factors, oblimin": lambda: factors.efa(answers, CONSTRUCTS),
        "CFA, 7 factors": lambda: factors.cfa(answers, model),
        "bootstrap of alpha, 2,000 × 7": lambda: [
            reliability.bootstrap_alpha(scale, district, n_boot=RESAMPLES) for scale in scales
        ],
    }
    seconds = {name: timed(step) for name, step in steps.items()}
    for name, took in seconds.items():
        print(f"{name:34} {took:6.2f} s")
    whole = sum(seconds.values())
    print(f"{'together':34} {whole:6.2f} s (at most {MOST_SECONDS})")
    ours = timed(lambda: reliability.bootstrap_alpha(scales[0], n_boot=RESAMPLES))
    loop = PART * timed(lambda: alpha_loop(scales[0], RESAMPLES // PART))
    first = loop / ours
    print(f"bootstrap of alpha: {first:.0f} times as fast as a loop of pingouin.cronbach_alpha")
    loop = PART * timed(lambda: parallel_loop(answers, DRAWS // PART))
    second = loop / seconds["parallel analysis, 1,000 draws"]
    print(f"parallel analysis: {second:.0f} times as fast as a loop over random data (psych's way)")
    sys.exit(whole > MOST_SECONDS or min(first, second) < LEAST_RATIO)


def people() -> tuple[pd.DataFrame, pd.Series]:
    """Return answers 1-5 of seven correlated constructs, and each person's district."""
    rng = np.random.default_rng(2565)
    district = np.arange(PEOPLE) // (PEOPLE // DISTRICTS)
    common = rng.normal(0, 0.6, (PEOPLE, 1)) + rng.normal(0, 0.3, DISTRICTS)[district, None]
    factor = common + rng.normal(0, 0.7, (PEOPLE, CONSTRUCTS))
    noise = rng.normal(0, 0.6, (PEOPLE, CONSTRUCTS * ITEMS))
    values = np.clip(np.round(3.6 + 0.8 * np.repeat(factor, ITEMS, axis=1) + noise), 1, 5)
    names = [f"c{c}_{i}" for c in range(CONSTRUCTS) for i in range(ITEMS)]
    return pd.DataFrame(values, columns=names), pd.Series(district)


def timed(step: Callable[[], object]) -> float:
    """Return the seconds that a step takes the second time."""
    step()
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


def alpha_loop(scale: pd.DataFrame, times: int) -> list[float]:
    """Bootstrap alpha one resample after another."""
    rng = np.random.default_rng(1)
    drawn = (scale.iloc[rng.integers(PEOPLE, size=PEOPLE)] for _ in range(times))
    return [pingouin.cronbach_alpha(sample)[0] for sample in drawn]


def parallel_loop(answers: pd.DataFrame, times: int) -> np.ndarray:
    """Return eigenvalues of random data sets, one after another."""
    rng = np.random.default_rng(1)
    shape = answers.shape
    return np.array(
        [np.linalg.eigvalsh(np.corrcoef(rng.normal(size=shape).T)) for _ in range(times)]
    )


if __name__ == "__main__":
    main()
