"""Which themes the synthetic country speaks about, where they are stressed, and how coders find them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib import paths, regions
from castlib.demo.truth import Truth, stream

ODDS, STRESS = 3.0, 4.2
LEAST, MOST, AGAINST = 0.6, 1.6, 2.2
OWN_PART, KIN, STRAY = 4.0, 0.3, 0.08
ALPHA, HARD_ALPHA = 0.80, 0.55
FALSE_SHARE = 0.05


@dataclass(frozen=True)
class Themes:
    """The planted themes.

    `codes`: the codebook's codes that text carries, with kind, objective and construct; `weight`: how
    often each is spoken of before any emphasis; `emphasis`: the codes that each cluster stresses, with
    odds of about 3; `against`: the construct that the numbers praise and the words complain about;
    `hard`: the code that coders agree on badly.
    """

    codes: pd.DataFrame
    weight: pd.Series
    emphasis: dict[str, list[str]]
    against: str
    hard: str

    def chances(self, questions: pd.DataFrame, question: str, cluster: str | None) -> pd.Series:
        """Return the probability of each code as the first thing said to a question, in a cluster.

        Codes of the question's objective come first. When a form asks several questions of one
        objective, each has its own part of the codes: a kind, or a construct, in the codebook's order.
        """
        asked = questions.set_index("question")["objective"].astype(str)
        same = list(asked.index[asked == asked[question]])
        fitting = self.codes["objective"] == asked[question]
        if not fitting.any():
            fitting[:] = True
        by = "kind" if self.codes.loc[fitting, "kind"].nunique() > 1 else "construct"
        parts = list(self.codes.loc[fitting, by].unique())
        part = parts[same.index(question) % len(parts)] if len(same) > 1 else None
        kin = self.codes["kind"].isin(self.codes.loc[fitting, "kind"])
        weight = self.weight.where(fitting, np.where(kin, KIN, STRAY))
        weight = weight.where(~(fitting & (self.codes[by] == part)), weight * OWN_PART)
        weight[self.emphasis.get(cluster, [])] *= STRESS
        return weight / weight.sum()


def plant(truth: Truth) -> Themes:
    """Return the themes of the country that a truth describes."""
    book = pd.read_csv(paths.data() / "codebook.csv", dtype=str, keep_default_na=False)
    codes = book[book["parent"] != ""].set_index("code")[["kind", "objective", "construct"]]
    against = truth.pni_order[-2]
    weight = _weight(truth, codes, against)
    praised = codes["construct"].isin(truth.pni_order[-2:])
    drivers = codes[(codes["kind"] == "driver") & ~praised]
    hard = str(stream(truth.seed, "hard").choice(drivers.index))
    return Themes(codes, weight, _emphasis(truth.seed, list(codes.index)), against, hard)


def _weight(truth: Truth, codes: pd.DataFrame, against: str) -> pd.Series:
    """Return weights that go with the numbers: praise with the level, complaint with the need."""
    ranks = truth.constructs.loc[truth.success, ["actual", "pni"]].rank()
    ranks = LEAST + (MOST - LEAST) * (ranks - 1) / max(1, len(ranks) - 1)
    level = codes["construct"].map(ranks["actual"])
    need = codes["construct"].map(ranks["pni"])
    weight = level.where(codes["kind"] == "driver", need).fillna(1.0)
    weight[codes["construct"] == against] = LEAST
    weight[(codes["kind"] == "obstacle") & (codes["construct"] == against)] = AGAINST
    return weight


def _emphasis(seed: int, codes: list[str]) -> dict[str, list[str]]:
    """Deal two or three codes to each cluster, all of them before one comes again."""
    random, stock = stream(seed, "emphasis"), []
    found = {}
    for cluster in regions.clusters():
        if len(stock) < 3:
            rest = [code for code in random.permutation(codes) if code not in stock]
            stock += [str(code) for code in rest]
        number = int(random.integers(2, 4))
        found[cluster], stock = stock[:number], stock[number:]
    return found


def sensitivity(prevalence: float, alpha: float) -> float:
    """Return the chance of seeing a code that is there for which two coders agree at `alpha`.

    A coder also sees a code that is not there, with a chance of 5 % of its prevalence. Of two coders
    with the same habits Krippendorff's alpha of "there or not" is (a - m²) / (m - m²), where m is the
    share that one codes and a the share that both code.

    >>> round(sensitivity(0.05, 0.8), 3)
    0.854
    """
    low, high, false = 0.0, 1.0, FALSE_SHARE * prevalence
    for _ in range(50):
        chance = (low + high) / 2
        one = prevalence * chance + (1 - prevalence) * false
        both = prevalence * chance**2 + (1 - prevalence) * false**2
        low, high = (chance, high) if (both - one**2) / (one - one**2) < alpha else (low, chance)
    return (low + high) / 2


def code_sheets(themes: Themes, seed: int, true: list[list[str]]) -> tuple[list[list], dict]:
    """Return what two coders write beside each segment, and the planted agreement on each code.

    Parameters
    ----------
    true : list of lists
        The codes that each segment of the country really carries, in the order of the sheets.
    """
    codes = list(themes.codes.index)
    there = np.array([[code in carried for code in codes] for carried in true])
    prevalence = there.mean(axis=0)
    target = np.where(np.array(codes) == themes.hard, HARD_ALPHA, ALPHA)
    seen = np.array(
        [sensitivity(p, a) if p else 0.0 for p, a in zip(prevalence, target, strict=True)]
    )
    sheets = []
    for coder in ("1", "2"):
        chance = stream(seed, "coder", coder).random(there.shape)
        marked = chance < np.where(there, seen, FALSE_SHARE * prevalence)
        sheets.append([[codes[k] for k in np.flatnonzero(row)] for row in marked])
    planted = {
        code: {"prevalence": float(p), "alpha": float(a), "sensitivity": float(s)}
        for code, p, a, s in zip(codes, prevalence, target, seen, strict=True)
    }
    return sheets, planted
