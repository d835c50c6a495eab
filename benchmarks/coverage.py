"""How often 95 % intervals hold the truth on the study's design: 76 districts of 10 people.

    .venv/bin/python benchmarks/coverage.py [replications]

Draws as many countries (1,000 unless said) as the study might have met, computes every interval with
castlib, and prints the share that holds, with its Monte Carlo error. A share outside 93-97 % is a
defect. The truth is known or, for rounded answers, computed from a million districts. Three minutes on
two cores.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd

from castlib.stats import levels, models, needs, reliability

DISTRICTS, PEOPLE, ITEMS = 76, 10, 4
REPLICATIONS = 1000
ICCS = (0.02, 0.1, 0.3)
SLOPES = {"person": 0.5, "district_level": 0.3}
ACTUAL = [f"a{i}_actual" for i in range(ITEMS)]
EXPECTED = [f"a{i}_expected" for i in range(ITEMS)]
LOW, HIGH = 0.93, 0.97


def main() -> None:
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else REPLICATIONS
    bad = 0
    with ProcessPoolExecutor(2) as pool:
        for icc in ICCS:
            known = truth(icc)
            seeds = np.random.SeedSequence(2565).spawn(replications)
            held = list(pool.map(partial(holds, icc=icc, known=known), seeds, chunksize=25))
            frame = pd.DataFrame(held)
            print(
                f"district effect {icc:.2f}, {replications:,} countries of {DISTRICTS} × {PEOPLE}"
            )
            for name, column in frame.items():
                share = column.mean()
                error = column.std() / np.sqrt(len(column))
                wrong = not LOW <= share <= HIGH
                bad += wrong
                print(f"  {name:32} {share:6.1%} ± {error:.1%}{'  OUTSIDE' if wrong else ''}")
    sys.exit(bad > 0)


def country(rng: np.random.Generator, icc: float, districts: int, people: int) -> pd.DataFrame:
    """Return answers: four paired items rounded to 1-5, a predictor of each level and an outcome."""
    district = np.repeat(np.arange(districts), people)
    n = len(district)

    def alike(share: float = icc) -> np.ndarray:
        between = rng.normal(size=districts)[district] * np.sqrt(share)
        return between + rng.normal(size=n) * np.sqrt(1 - share)

    level = alike()
    noise = rng.normal(size=(2, n, ITEMS))
    wish = 0.5 * level + np.sqrt(0.75) * alike()
    lift = np.linspace(-0.3, 0.3, ITEMS)
    actual = 3.5 + lift + 0.9 * (0.75 * level[:, None] + np.sqrt(1 - 0.75**2) * noise[0])
    expected = 4.4 - lift + 0.7 * (0.75 * wish[:, None] + np.sqrt(1 - 0.75**2) * noise[1])
    answers = np.clip(np.round(np.hstack([actual, expected])), 1, 5)
    frame = pd.DataFrame(answers, columns=[*ACTUAL, *EXPECTED]).assign(district=district)
    frame["person"] = alike(0.1)
    frame["district_level"] = rng.normal(size=districts)[district]
    frame["error"] = alike()
    frame["y"] = frame[list(SLOPES)] @ pd.Series(SLOPES) + frame["error"]
    frame["scale"] = frame[ACTUAL].mean(axis=1)
    return frame


def truth(icc: float) -> dict[str, float | np.ndarray]:
    """Return what the intervals should hold, from a million districts of two."""
    whole = country(np.random.default_rng(1), icc, 1_000_000, 2)
    pairs = whole["scale"].to_numpy().reshape(-1, 2)
    items = whole[ACTUAL]
    k = ITEMS / (ITEMS - 1)
    return {
        "icc": np.corrcoef(np.vstack([pairs, pairs[:, ::-1]]).T)[0, 1],
        "alpha": k * (1 - items.var().sum() / items.sum(axis=1).var()),
        "pni": whole[EXPECTED].mean().to_numpy() / whole[ACTUAL].mean().to_numpy() - 1,
        "mean": whole["scale"].mean(),
    }


def holds(seed: np.random.SeedSequence, icc: float, known: dict) -> dict[str, float]:
    """Return, for one country, which intervals hold the truth (a share where there are several)."""
    data = country(np.random.default_rng(seed), icc, DISTRICTS, PEOPLE)
    scale = models.multilevel(data, "scale", "district")
    of_error = models.multilevel(data, "error", "district")
    fixed = models.multilevel(data, "y", "district", list(SLOPES)).fixed
    robust = models.regression(data, "y", list(SLOPES), "district").coefficients
    alpha = reliability.reliability(data[ACTUAL], cluster=data["district"])
    drawn = reliability.bootstrap_alpha(data[ACTUAL], cluster=data["district"], n_boot=400)
    pni = needs.pni(data, EXPECTED, ACTUAL, cluster="district", n_boot=400)
    mean = levels.describe(data[["scale"]], cluster=data["district"]).iloc[0]
    found = {
        "ICC of a scale": inside(scale.icc_ci, known["icc"]),
        "ICC of a normal variable": inside(of_error.icc_ci, icc),
        "alpha": inside(alpha.alpha_ci, known["alpha"]),
        "alpha, bootstrap": inside(drawn.ci, known["alpha"]),
        "PNI": np.mean((pni["ci_low"] <= known["pni"]) & (known["pni"] <= pni["ci_high"])),
        "mean of a scale": inside((mean["ci_low"], mean["ci_high"]), known["mean"]),
    }
    for name, table in (("multilevel", fixed), ("regression, CR2", robust)):
        for term, slope in ({"Intercept": 0.0} | SLOPES).items():
            found[f"{name}: {term}"] = inside(table.loc[term, ["ci_low", "ci_high"]], slope)
    return found


def inside(ends, value: float) -> float:
    """Return 1 if the value lies between the ends."""
    low, high = ends
    return float(low <= value <= high)


if __name__ == "__main__":
    main()
