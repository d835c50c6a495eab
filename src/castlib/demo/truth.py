"""What is planted in the synthetic country, so that tests can ask whether the analysis finds it.

Everything comes from one seed and from the instrument, the codebook and the list of provinces as they
are; a country of three provinces has a truth too. Levels and coefficients are given by position, so that
another instrument needs no change here.
"""

from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
import pandas as pd

from castlib import instrument, regions
from castlib.demo import scale

ACTUAL = [4.20, 4.07, 3.67, 3.53, 3.93, 3.80, 3.40]
EXPECTED = [4.55, 4.54, 4.55, 4.58, 4.70, 4.40, 4.60]
OUTCOME = [3.72, 3.95, 3.58]
LOADINGS = [0.62, 0.69, 0.74, 0.79, 0.84]
HEIGHTS = {"actual": [-0.16, -0.08, 0.0, 0.08, 0.16], "expected": [-0.06, -0.03, 0.0, 0.03, 0.06]}
SPREAD = {"actual": 0.85, "expected": 0.80}
WEAKER = {"actual": 1.0, "expected": 0.85}
CORRELATION = {"actual": 0.5, "expected": 0.4}
CAUSES = (0, 4, 6)
COEFFICIENTS = [[0.30, 0.40, 0.25], [0.40, 0.30, 0.25], [0.25, 0.30, 0.40]]
ICC, CLUSTER_SD = 0.10, 0.12
EXPECTATION_FROM_ACTUAL = 0.25
UNIT = {"variable": "sector", "construct": 2, "difference": 0.45}
MISSING, HASTY = 0.015, 0.15
EXPERTS, LOW_RATINGS, HIGH_RATINGS = 5, (0.4, 0.6), (0.8, 1.0, 1.0, 1.0)


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the random numbers of one purpose: the same whatever else is drawn before or after."""
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])


@dataclass(frozen=True)
class Truth:
    """The planted numbers of the questionnaire.

    `constructs`: a row a construct (kind, actual, expected, pni, alpha, icc, and in hidden units slope,
    cluster_sd, district_sd); `items`: a row an answer column (construct, state, mean, loading, and in
    hidden units centre, spread, strength); `outcomes`: hidden standardised coefficients, outcome by
    component; `clusters` and `districts`: effects in hidden standard deviations, region by component;
    `group`: the one planted difference between groups; `ioc`: the index of each item.
    """

    seed: int
    constructs: pd.DataFrame
    items: pd.DataFrame
    outcomes: pd.DataFrame
    clusters: pd.DataFrame
    districts: pd.DataFrame
    group: dict
    ioc: pd.Series

    @property
    def success(self) -> list[str]:
        """Codes of the components of success."""
        return list(self.outcomes.columns)

    @property
    def pni_order(self) -> list[str]:
        """Components of success, the greatest need first."""
        return list(self.constructs.loc[self.success, "pni"].sort_values(ascending=False).index)


def plant(seed: int) -> Truth:
    """Return the truth of the country that a seed grows."""
    tool = instrument.load()
    items = _items(seed, tool)
    constructs = _constructs(tool, items)
    success = tool.success
    outcomes = pd.DataFrame(0.0, index=tool.outcomes, columns=success)
    for number, code in enumerate(tool.outcomes):
        coefficients = COEFFICIENTS[number % len(COEFFICIENTS)]
        for place, coefficient in zip(CAUSES, coefficients, strict=True):
            outcomes.loc[code, success[place % len(success)]] = coefficient
    clusters, districts = _places(seed, constructs.loc[success])
    return Truth(
        seed,
        constructs,
        items,
        outcomes,
        clusters,
        districts,
        _group(tool, constructs),
        _ioc(seed, tool),
    )


def _items(seed: int, tool: instrument.Instrument) -> pd.DataFrame:
    """Return the planted mean and loading of every answer column, and the feelings behind them."""
    rows, random = [], stream(seed, "items")
    levels = {("success", "actual"): ACTUAL, ("success", "expected"): EXPECTED}
    for kind, codes in (("success", tool.success), ("outcome", tool.outcomes)):
        for place, code in enumerate(codes):
            columns = tool.columns(code)
            strong = LOADINGS[-len(columns) :]
            loadings = random.permutation(np.resize(strong, len(columns)))
            heights = random.permutation(len(columns))
            for state in ("actual", "expected"):
                asked = tool.columns(code, state)
                if state == "expected" and asked == columns:
                    continue
                level = np.resize(levels.get((kind, state), OUTCOME), place + 1)[place]
                offset = np.resize(HEIGHTS[state], len(columns))[heights]
                means = level + offset - offset.mean()
                own = {"construct": code, "state": state}
                rows += [
                    {"column": column, **own, "mean": mean, "loading": loading}
                    for column, mean, loading in zip(
                        asked, means, loadings * WEAKER[state], strict=True
                    )
                ]
    items = pd.DataFrame(rows).set_index("column")
    items["spread"] = items["state"].map(SPREAD)
    feeling = [(m, s) for m, s in zip(items["mean"], items["spread"], strict=True)]
    items["centre"] = [scale.centre_for(m, s) for m, s in feeling]
    cut = [(c, s) for c, s in zip(items["centre"], items["spread"], strict=True)]
    items["deviation"] = [scale.deviation(c, s) for c, s in cut]
    slopes = np.array([scale.slope(c, s) for c, s in cut])
    items["strength"] = items["loading"] * items["deviation"] / slopes
    items["slope"] = items["loading"] * items["deviation"]
    return items


def _constructs(tool: instrument.Instrument, items: pd.DataFrame) -> pd.DataFrame:
    """Return each construct's planted level, need, reliability and share of variance between districts."""
    rows = {}
    for code in [*tool.success, *tool.outcomes]:
        own = items[(items["construct"] == code) & (items["state"] == "actual")]
        wished = items[(items["construct"] == code) & (items["state"] == "expected")]
        shared = np.outer(own["slope"], own["slope"])
        np.fill_diagonal(shared, own["deviation"] ** 2)
        variance, slope = shared.mean(), own["slope"].mean()
        actual, expected = own["mean"].mean(), wished["mean"].mean()
        rows[code] = {
            "kind": "success" if code in tool.success else "outcome",
            "actual": actual,
            "expected": expected,
            "pni": (expected - actual) / actual,
            "alpha": len(own) / (len(own) - 1) * (1 - np.trace(shared) / shared.sum()),
            "reliability": slope**2 / variance,
            "sd": np.sqrt(variance),
            "slope": slope,
            "icc": ICC if code in tool.success else np.nan,
            "cluster_sd": CLUSTER_SD / slope,
            "district_sd": np.sqrt(ICC * variance - CLUSTER_SD**2) / slope,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _places(seed: int, constructs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the effects of clusters and of districts: centred, and exactly as large as planted."""
    listed = regions.provinces()
    clusters = _correlated(seed, "clusters", regions.clusters(), constructs["cluster_sd"])
    weight = listed["cluster"].value_counts().reindex(clusters.index).to_numpy()
    clusters -= np.average(clusters, axis=0, weights=weight)
    districts = _correlated(seed, "districts", list(listed["province"]), constructs["district_sd"])
    return clusters, districts


def _correlated(seed: int, name: str, places: list[str], sd: pd.Series) -> pd.DataFrame:
    """Return effects a place by construct, correlated like people's feelings."""
    random, rho = stream(seed, name), CORRELATION["actual"]
    own = random.standard_normal((len(places), len(sd)))
    drawn = np.sqrt(rho) * random.standard_normal((len(places), 1)) + np.sqrt(1 - rho) * own
    spread = drawn.std(axis=0) if len(places) > 1 else np.ones(len(sd))
    return pd.DataFrame(
        (drawn - drawn.mean(axis=0)) / spread * sd.to_numpy(), index=places, columns=sd.index
    )


def _group(tool: instrument.Instrument, constructs: pd.DataFrame) -> dict:
    """Return the one difference between groups: who, on which construct, how much of a score point."""
    code = tool.success[UNIT["construct"] % len(tool.success)]
    value = next(iter(tool.options(UNIT["variable"])))
    share = 1 / len(tool.options(UNIT["variable"]))
    between = share * (1 - share) * UNIT["difference"] ** 2
    return {
        "variable": UNIT["variable"],
        "value": value,
        "construct": code,
        "difference": UNIT["difference"],
        "eta_squared": between / (between + constructs.loc[code, "sd"] ** 2),
    }


def _ioc(seed: int, tool: instrument.Instrument) -> pd.Series:
    """Return the index of item–objective congruence of each item: two items are planted low."""
    random, items = stream(seed, "ioc"), list(tool.items["item"])
    index = pd.Series(random.choice(HIGH_RATINGS, len(items)), index=items)
    low = random.choice(len(items), len(LOW_RATINGS), replace=False)
    index.iloc[low] = LOW_RATINGS
    return index


def expected_coefficients(truth: Truth) -> pd.DataFrame:
    """Return the standardised coefficients that a regression on scores should show, outcome by component.

    They are smaller than the hidden ones: scores are not perfectly reliable, and some of what belongs to
    a cause is seen in the components that go with it.
    """
    rho, codes = CORRELATION["actual"], truth.success
    hidden = np.full((len(codes), len(codes)), rho) + (1 - rho) * np.eye(len(codes))
    keep = np.sqrt(truth.constructs["reliability"])
    seen = hidden * np.outer(keep[codes], keep[codes])
    np.fill_diagonal(seen, 1.0)
    found = {
        code: np.linalg.solve(seen, hidden @ row.to_numpy() * keep[codes].to_numpy() * keep[code])
        for code, row in truth.outcomes.iterrows()
    }
    return pd.DataFrame(found, index=codes).T


def explained(coefficients: np.ndarray) -> float:
    """Return the share of an outcome's hidden variance that its causes explain."""
    pairs = sum(a * b for a, b in combinations(coefficients, 2))
    return float((coefficients**2).sum() + 2 * CORRELATION["actual"] * pairs)
