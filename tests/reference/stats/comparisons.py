"""What castlib computes of every set of R's numbers: `COMPARED[file, name]` gives function, path and values.

A path leads to numbers inside a set's value ("reml/varcomp/vcov"); a column of a matrix or a data frame is
one step of it. Digits are the significant digits that must agree. tests/stats/test_oracles.py compares,
and asks of every number that is not compared that not_ours.yml says why.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from castlib.stats import (
    _association,
    _cfa,
    _effects,
    _pairs,
    _sem,
    _syntax,
    factors,
    groups,
    models,
    reliability,
)
from castlib.stats import configurations as fsqca

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[3] / "shared" / "data" / "oracle"
SCALES = ("agree", "consc", "extra", "neuro", "open")
X = ["agree", "consc", "extra", "open"]
CONDITIONS = ["DEV", "URB", "LIT", "IND", "STB"]
EXACT, CLOSE, ITERATED = 8, 6, 4


class Part(NamedTuple):
    """Our numbers, and R's where only part of what stands at a path is comparable."""

    mine: object
    theirs: object


class Compared(NamedTuple):
    """Values of one function at a path of R's set, and how many digits must agree.

    `of_one` is true of arrays whose members share one scale (loadings): digits then count from their
    largest.
    """

    function: str
    path: str
    found: object
    digits: int = EXACT
    of_one: bool = False

    def pair(self, r: object) -> tuple[np.ndarray, np.ndarray]:
        """Return our numbers and R's."""
        part = self.found if isinstance(self.found, Part) else Part(self.found, at(r, self.path))
        return tuple(np.array(numbers, dtype=float).ravel() for numbers in part)

    def tolerance(self, theirs: np.ndarray) -> np.ndarray:
        """Return how far each number may be off."""
        size = np.abs(theirs)
        size = np.full_like(size, np.nanmax(size)) if self.of_one else size
        return 10.0**-self.digits * size + 1e-10


Comparator = Callable[[dict, "Data", str], Iterator[Compared]]
COMPARED: dict[tuple[str, str], Comparator] = {}


def compares(file: str, *names: str) -> Callable[[Comparator], Comparator]:
    """Register a comparator for sets of a file."""

    def register(function: Comparator) -> Comparator:
        COMPARED.update({(file, name): function for name in names})
        return function

    return register


@cache
def sets(file: str) -> dict[str, dict]:
    """Return R's sets in a file, by name: call, value, note."""
    return json.loads((HERE / f"{file}.json").read_text(encoding="utf-8"))["oracles"]


def at(value: object, path: str) -> np.ndarray:
    """Return the numbers at a path."""
    for step in path.split("/") if path else []:
        if isinstance(value, dict) and set(value) == {"rows", "cols", "data"}:
            columns = [value["cols"]] if isinstance(value["cols"], str) else value["cols"]
            value = [row[columns.index(step)] for row in value["data"]]
        else:
            value = value[step]
    if isinstance(value, dict):
        value = value["data"] if "data" in value else list(value.values())
    return np.array(value, dtype=float)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, int]]:
    """Yield the path of every number or column of numbers of a set, and how many stand there."""
    if isinstance(value, dict) and set(value) == {"rows", "cols", "data"}:
        columns = [value["cols"]] if isinstance(value["cols"], str) else value["cols"]
        yield from ((f"{path}/{c}".strip("/"), len(value["data"])) for c in columns)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}".strip("/"))
    else:
        numbers = [v for v in (value if isinstance(value, list) else [value]) if _is_number(v)]
        if numbers:
            yield path, len(numbers)


def _is_number(value: object) -> bool:
    """Return whether R printed a number (not a label, a truth value or NA)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class Data:
    """The data sets, read when first asked for; those that are not in the repository lie beside it."""

    @cached_property
    def bfi(self) -> pd.DataFrame:
        return pd.read_csv(HERE / "bfi_scored.csv")

    @property
    def items(self) -> pd.DataFrame:
        return self.bfi[[f"{letter}{i}" for letter in "ACENO" for i in range(1, 6)]]

    @property
    def scales(self) -> pd.DataFrame:
        return self.bfi[[*SCALES, "education", "g76"]].dropna()

    @cached_property
    def pupils(self) -> pd.DataFrame:
        return pd.read_csv(HERE / "holzinger_swineford_1939.csv")

    @cache  # noqa: B019
    def beside(self, name: str) -> pd.DataFrame:
        """Return a data set that may not be kept in the repository."""
        return pd.read_csv(SHARED / name)

    def fuzzy(self, name: str) -> pd.DataFrame:
        """Return memberships; R wrote full and no membership as the labels of a factor."""
        frame = self.beside(name).set_index("case")
        full = ("Developed", "High", "Industrialized", "Stable", "Survival")
        return frame.map(
            lambda v: (
                float(v.startswith(full)) if isinstance(v, str) and v[0].isalpha() else float(v)
            )
        )


def parts(data: pd.DataFrame, dv: str, between: str) -> list[np.ndarray]:
    """Return the values of each group."""
    kept = data[[dv, between]].dropna()
    return [own.to_numpy() for _, own in kept.groupby(between)[dv]]


# ---------------------------------------------------------------- reliability


@compares("bfi_reliability", "n_complete_25_items")
def _complete(r, data, name):
    yield Compared("factors.adequacy", "", factors.adequacy(data.items).n)


@compares("bfi_reliability", "item_descriptives")
def _descriptives(r, data, name):
    rows = []
    for item in r[".row"]:  # two columns made of it make a scale of the item's own n
        own, row = data.bfi[item], np.arange(2800)
        scale = pd.DataFrame({"item": own, "one": own + row % 5, "two": own + row % 7})
        found = reliability.reliability(scale)
        rows.append(found.items.set_index("item").loc["item"].to_dict() | {"n": found.n})
    table = pd.DataFrame(rows)
    for column in ("n", "mean", "sd", "skew", "kurtosis"):
        yield Compared("reliability.reliability", column, table[column])


@compares("bfi_reliability", *(f"reliability_{scale}" for scale in SCALES))
def _reliability(r, data, name):
    items = data.bfi[r["items"]]
    found = reliability.reliability(items)
    whole, function = found.items.set_index("item"), "reliability.reliability"
    yield Compared(function, "n_listwise", found.n)
    yield Compared(function, "raw_alpha", found.alpha)
    yield Compared(function, "alpha_ci_feldt", found.alpha_ci)
    yield Compared(function, "r_drop", whole["r_drop"])
    yield Compared(function, "r_drop_by_cor", whole["r_drop"])
    yield Compared(function, "alpha_if_deleted", whole["alpha_if_deleted"])
    yield Compared(function, "scale_mean", whole["mean"].mean())
    yield Compared(function, "omega_tot_psych_minres_1f", found.omega_total, CLOSE)
    yield Compared(
        "reliability.bootstrap_alpha", "raw_alpha", reliability.bootstrap_alpha(items).alpha
    )
    explored = factors.efa(items, 1, "ml")
    yield Compared("factors.efa", "ml_1factor_loadings", explored.loadings["F1"], ITERATED)
    confirmed = factors.cfa(items, "f =~ " + " + ".join(r["items"]))
    yield Compared("factors.cfa", "omega_std_ml", confirmed.cr["f"], ITERATED)
    yield Compared("factors.cfa", "ave_std", confirmed.ave["f"], ITERATED)


# ---------------------------------------------------------------- factors


@compares("bfi_factor", "n", "KMO_overall", "KMO_items", "bartlett_sphericity", "determinant")
def _adequacy(r, data, name):
    found = factors.adequacy(data.items)
    n, k = found.n, len(found.kmo_items)
    values = {
        "n": [("", n)],
        "KMO_overall": [("", found.kmo)],
        "KMO_items": [("", found.kmo_items)],
        "determinant": [("", np.exp(-found.bartlett_chi2 / (n - 1 - (2 * k + 5) / 6)))],
        "bartlett_sphericity": [
            ("chisq", found.bartlett_chi2),
            ("df", found.bartlett_df),
            ("p.value", found.bartlett_p),
        ],
    }
    for path, value in values[name]:
        yield Compared("factors.adequacy", path, value)


@compares("bfi_factor", "eigenvalues_pc", "horn_pca_q95_200", "horn_pca_ncomp", "parallel")
def _parallel(r, data, name):
    found, function = factors.parallel_analysis(data.items, seed=1), "factors.parallel_analysis"
    if name == "eigenvalues_pc":
        yield Compared(function, "", found.eigenvalues)
    elif name == "horn_pca_q95_200":  # 200 random data sets of R's against 1,000 of ours
        yield Compared(function, "", found.thresholds, 2)
    elif name == "horn_pca_ncomp":
        yield Compared(function, "q95", found.n_factors)
    else:
        yield Compared(function, "ncomp", found.n_factors)
        yield Compared(function, "pc.values", found.eigenvalues)


def _order(mine: pd.DataFrame, r: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return the order and the signs that turn our factors into R's."""
    theirs = np.array(r["data"])
    alike = theirs.T @ mine.to_numpy()
    order = np.abs(alike).argmax(axis=1)
    return order, np.sign(alike[np.arange(len(order)), order])


def _rotated(found, r: dict, digits: int) -> Iterator[Compared]:
    """Compare loadings, and factor correlations where R gives them, up to order and sign."""
    order, sign = _order(found.loadings, r["loadings"])
    pattern = found.loadings.to_numpy()[:, order] * sign
    yield Compared("factors.efa", "loadings", pattern, digits, of_one=True)
    if "Phi" in r:
        phi = found.phi.to_numpy()[np.ix_(order, order)] * np.outer(sign, sign)
        yield Compared("factors.efa", "Phi", phi, digits, of_one=True)


@compares("bfi_factor", "minres_5_oblimin", "minres_5_unrotated", "ml_5_varimax")
def _psych(r, data, name):
    method, rotation = ("ml", "varimax") if name.startswith("ml") else ("minres", "oblimin")
    found, function = factors.efa(data.items, 5, method, rotation), "factors.efa"
    if (
        "unrotated" not in name
    ):  # stats::varimax stops within 1e-3 of its optimum: see the tight set
        yield from _rotated(found, r, 2 if method == "ml" else ITERATED)
        order, _ = _order(found.loadings, r["loadings"])
        shares = np.array(r["Vaccounted"]["data"])[1]
        variance = found.variance.to_numpy()[order]
        yield Compared(
            function, "Vaccounted", Part(variance, shares), 2 if method == "ml" else ITERATED
        )
    yield Compared(function, "communality", found.communalities, ITERATED)
    yield Compared(function, "uniquenesses", 1 - found.communalities, ITERATED)
    yield Compared(function, "dof", found.df)
    yield Compared(function, "STATISTIC", found.chi2, CLOSE)
    yield Compared(function, "PVAL", found.p, ITERATED)
    yield Compared(function, "RMSEA/RMSEA", found.rmsea, CLOSE)
    yield Compared(function, "TLI", found.tli, CLOSE)


@compares("bfi_factor", "minres_exact_unrotated", "minres_exact_oblimin")
def _exact(r, data, name):
    found = factors.efa(data.items, 5)
    if name == "minres_exact_oblimin":
        yield from _rotated(found, r, 5)
        return
    yield Compared("factors.efa", "communality", found.communalities, CLOSE)
    pattern = found.loadings.to_numpy()
    rest = data.items.dropna().corr().to_numpy() - pattern @ found.phi.to_numpy() @ pattern.T
    rest = rest[np.tril_indices(25, -1)]
    yield Compared("factors.efa", "ssq_offdiag_residual", rest @ rest, CLOSE)


@compares("bfi_factor", "ml_varimax_kaiser_tight")
def _varimax(r, data, name):
    found = factors.efa(data.items, 5, "ml", "varimax")
    order, sign = _order(found.loadings, r)
    yield Compared("factors.efa", "", found.loadings.to_numpy()[:, order] * sign, 5, of_one=True)


@compares("bfi_factor", "factanal_5_varimax")
def _factanal(r, data, name):
    found, function = factors.efa(data.items, 5, "ml", "varimax"), "factors.efa"
    yield from _rotated(found, r, 2)
    yield Compared(function, "uniquenesses", 1 - found.communalities, ITERATED)
    yield Compared(function, "STATISTIC", found.chi2, CLOSE)
    yield Compared(function, "dof", found.df)
    yield Compared(function, "PVAL", found.p, ITERATED)


@compares("bfi_factor", "ml_5_promax")
def _promax(r, data, name):
    yield from _rotated(factors.efa(data.items, 5, "ml", "promax"), r, 2)


@compares("bfi_factor", "fit_ingredients")
def _ingredients(r, data, name):
    null_df = factors.adequacy(data.items).bartlett_df
    for method in ("minres", "ml"):
        found = factors.efa(data.items, 5, method)
        yield Compared("factors.efa", f"{method}/STATISTIC", found.chi2, CLOSE)
        yield Compared("factors.efa", f"{method}/dof", found.df)
        yield Compared("factors.efa", f"{method}/n", found.n)
        yield Compared("factors.adequacy", f"{method}/null_dof", null_df)


# ---------------------------------------------------------------- confirmatory factors


def _fit(fit: pd.Series, r: dict, path: str) -> Iterator[Compared]:
    """Compare the indices of fit."""
    names = {"chi2": "chisq", "df": "df", "p": "pvalue", "cfi": "cfi", "tli": "tli"}
    names |= {"rmsea": "rmsea", "srmr": "srmr"}
    for mine, theirs in names.items():
        yield Compared("factors.cfa", path + theirs, fit[mine], CLOSE)
    yield Compared("factors.cfa", path + "nnfi", fit["tli"], CLOSE)
    for end, value in zip(("lower", "upper"), fit["rmsea_ci"], strict=True):
        yield Compared("factors.cfa", f"{path}rmsea.ci.{end}", value, CLOSE)


@compares("cfa", "hs_ml", "bfi_ml", "hs_1factor")
def _confirmed(r, data, name):
    if name == "hs_1factor":
        found = factors.cfa(data.pupils, "g =~ " + " + ".join(f"x{i}" for i in range(1, 10)))
        yield from _fit(found.fit, r, "")
        yield Compared("factors.cfa", "ntotal", found.n)
        return
    frame = data.pupils if name == "hs_ml" else data.items
    model = sets("cfa")["model_hs" if name == "hs_ml" else "model_bfi"]["value"]
    found, function = factors.cfa(frame, model), "factors.cfa"
    yield from _fit(found.fit, r["fit"], "fit/")
    yield Compared(function, "fit/ntotal", found.n)
    theirs = pd.DataFrame(r["standardized"])
    loads, k = found.loadings, len(found.loadings)
    estimates = np.concatenate([loads["standardised"], 1 - loads["standardised"] ** 2])
    pairs = theirs.iloc[2 * k :]
    phi = [found.phi.loc[a, b] for a, b in zip(pairs["lhs"], pairs["rhs"], strict=True)]
    yield Compared(function, "standardized/est.std", np.concatenate([estimates, phi]), ITERATED)
    for path, mine in (
        ("se", loads["se"]),
        ("z", loads["standardised"] / loads["se"]),
        ("pvalue", loads["p"]),
    ):  # of loadings only: R's first k rows
        yield Compared(function, f"standardized/{path}", Part(mine, theirs[path][:k]), ITERATED)
    yield from _parameters(frame, model, pd.DataFrame(r["unstandardized"]))
    own = _sem.sample(frame[loads["item"].unique()].dropna().to_numpy())
    items = len(own.mean)
    moments = items * (items + 1) // 2
    yield Compared(function, "fit/npar", moments - found.fit["df"])
    yield Compared(function, "fit/baseline.chisq", _cfa._independence(own))
    yield Compared(function, "fit/baseline.df", moments - items)


def _parameters(frame: pd.DataFrame, model: str, theirs: pd.DataFrame) -> Iterator[Compared]:
    """Compare the parameters themselves, of which `cfa` reports the standardised ones."""
    from scipy.stats import norm

    structure = _syntax.read(model)
    own = _sem.sample(frame[structure.items].dropna().to_numpy())
    fitted = _sem.fit(*_sem.groups(structure, [own]), [own])
    (group,) = fitted.groups
    place = {name: i for i, name in enumerate(structure.names)}
    error = np.sqrt(np.diag(fitted.covariance))
    rows = []
    for path in theirs.itertuples():
        ends = place[path.rhs], place[path.lhs]
        ends = ends if path.op == "=~" else sorted(ends, reverse=True)
        kind = _sem.PATH if path.op == "=~" else _sem.COVARIANCE
        slot = (group.kind == kind) & (group.row == ends[0]) & (group.column == ends[1])
        number = group.number[slot]
        rows.append((fitted.values[number[0]], error[number[0]]) if len(number) else (1.0, 0.0))
    est, se = np.array(rows).T
    free = se > 0
    z = est[free] / se[free]
    yield Compared("factors.cfa", "unstandardized/est", est, ITERATED)
    yield Compared("factors.cfa", "unstandardized/se", se, ITERATED)
    yield Compared("factors.cfa", "unstandardized/z", Part(z, theirs["z"][free]), ITERATED)
    p = Part(2 * norm.sf(np.abs(z)), theirs["pvalue"][free])
    yield Compared("factors.cfa", "unstandardized/pvalue", p, 3)


@compares("cfa", "hs_cov_sample_over_n")
def _sample(r, data, name):
    found = _sem.sample(data.pupils[r["rows"]].to_numpy())
    yield Compared("factors.cfa", "", found.covariance)


@compares("cfa", "hs_cr_ave", "bfi_cr_ave", "hs_lv_cor")
def _validity(r, data, name):
    short = "hs" if name.startswith("hs") else "bfi"
    frame = data.pupils if short == "hs" else data.items
    found = factors.cfa(frame, sets("cfa")[f"model_{short}"]["value"])
    if name == "hs_lv_cor":
        yield Compared("factors.cfa", "", found.phi, 5)
    else:
        rows = np.stack([found.cr, found.ave, np.sqrt(found.ave)])
        yield Compared("factors.cfa", "", rows, 5)


@compares("cfa", "hs_htmt", "hs_htmt_arithmetic")
def _htmt(r, data, name):
    found = factors.htmt(data.pupils, sets("cfa")["model_hs"]["value"])
    column = "htmt2" if name == "hs_htmt" else "htmt"
    matrix = pd.DataFrame(np.eye(3), index=r["rows"], columns=r["cols"])
    for row in found.itertuples():
        matrix.loc[row.factor_1, row.factor_2] = getattr(row, column)
        matrix.loc[row.factor_2, row.factor_1] = getattr(row, column)
    yield Compared("factors.htmt", "", matrix)


@compares("cfa", "hs_invariance_school")
def _invariance(r, data, name):
    model = sets("cfa")["model_hs"]["value"]
    found = factors.invariance(data.pupils, model, "school").set_index("level")
    for level in ("configural", "metric", "scalar"):
        row = found.loc[level, ["chi2", "df", "cfi", "rmsea", "srmr"]]
        yield Compared("factors.invariance", level, row, 5)


# ---------------------------------------------------------------- groups


@compares("bfi_group_tests", *(f"anova_{scale}_by_education" for scale in SCALES))
def _many_groups(r, data, name):
    values = parts(data.bfi, scale := name.split("_")[1], "education")
    found, function = groups.compare(data.bfi, scale, "education"), "groups.compare"
    levene = found.checks.query("check == 'levene'").iloc[0]
    yield Compared(function, "n", found.groups["n"])
    yield Compared(function, "mean", found.groups["mean"])
    yield Compared(function, "var", found.groups["sd"] ** 2)
    yield Compared(function, "levene_median", levene[["statistic", "p"]])
    means, ranks = groups._means(values, equal=True), groups._ranks(values)
    chosen = groups._means(values, equal=found.chosen == "anova")
    assert (found.statistic, found.p) == (chosen["statistic"], chosen["p"])
    for path, value in zip(("F", "df1", "df2", "p"), _test(means), strict=True):
        yield Compared(function, path, value)
    yield Compared(function, "omega2", means["effect_size"])
    yield Compared(function, "welch", _test(groups._means(values, equal=False)))
    for path, mine in (("H", "statistic"), ("df", "df"), ("p", "p"), ("eta2_H", "effect_size")):
        yield Compared(function, f"kruskal/{path}", ranks[mine])
    pairs = _pairs.of_means(values, equal=False)
    t = (pairs["difference"] / pairs["se"]).abs()
    yield Compared(function, "games_howell/diff_2_minus_1", -pairs["difference"])
    yield Compared(function, "games_howell/se", pairs["se"])
    yield Compared(function, "games_howell/t", t)
    yield Compared(function, "games_howell/q", t * np.sqrt(2))
    yield Compared(function, "games_howell/df", pairs["df"])
    yield Compared(function, "games_howell/p", pairs["p"], ITERATED)
    yield Compared(function, "games_howell/lower", -pairs["ci_high"], 5)
    yield Compared(function, "games_howell/upper", -pairs["ci_low"], 5)
    pairs = _pairs.of_means(values, equal=True)
    for path, mine in (
        ("diff", -pairs["difference"]),
        ("lwr", -pairs["ci_high"]),
        ("upr", -pairs["ci_low"]),
        ("p adj", pairs["p"]),
    ):
        yield Compared(function, f"tukey/{path}", mine, ITERATED)


def _test(found: dict) -> list[float]:
    """Return statistic, degrees of freedom and p."""
    return [found["statistic"], *np.atleast_1d(found["df"]), found["p"]]


@compares("bfi_group_tests", *(f"ttest_{scale}_by_gender" for scale in SCALES))
def _two_groups(r, data, name):
    values = parts(data.bfi, scale := name.split("_")[1], "gender")
    found, function = groups.compare(data.bfi, scale, "gender"), "groups.compare"
    for i, row in enumerate(found.groups.itertuples(), start=1):
        yield Compared(function, f"n{i}", row.n)
        yield Compared(function, f"m{i}", row.mean)
        yield Compared(function, f"sd{i}", row.sd)
    for kind, equal in (("pooled", True), ("welch", False)):
        for path, value in zip("t df p".split(), _test(groups._means(values, equal)), strict=True):
            yield Compared(function, f"{kind}/{path}", value)
    chosen = groups._means(values, equal=found.chosen == "student_t")
    assert (found.statistic, found.p) == (chosen["statistic"], chosen["p"])
    yield Compared(function, "J_exact", _effects._correction(r["n1"] + r["n2"] - 2))
    yield Compared(function, "hedges_g_exactJ", found.effect_size)
    yield Compared(function, "hedges_g_effectsize", [found.effect_size, *found.effect_ci], CLOSE)
    ranks = groups._ranks(values)
    yield Compared(function, "cliffs_delta_effsize", [ranks["effect_size"], *ranks["effect_ci"]])
    yield Compared(function, "mann_whitney/W", ranks["statistic"])
    yield Compared(function, "mann_whitney/p_cc", ranks["p"])
    yield Compared(function, "mann_whitney/rank_biserial", ranks["effect_size"])


@compares("bfi_group_tests", "normality_open")
def _normality(r, data, name):
    whole = data.bfi[["open"]].dropna()
    found = groups.compare(pd.concat([whole.assign(g="a"), whole.assign(g="b")]), "open", "g")
    yield Compared("groups.compare", "n", found.groups["n"][0])
    yield Compared("groups.compare", "shapiro_W", found.checks["statistic"][0], CLOSE)
    yield Compared("groups.compare", "shapiro_p", found.checks["p"][0], CLOSE)


@compares("bfi_group_tests", "p_adjust")
def _holm(r, data, name):
    p = "001 008 039 041 042 06 074 205 212 216 222 251 269 275 34 341 384 569 594 696 762 94 942"
    p = [float(f"0.{digits}") for digits in f"{p} 975 986".split()]  # those of R's call
    yield Compared("groups.holm", "holm", groups.holm(np.array(p)))


@compares("bfi_group_tests", "chisq_gender_education", "cramers_v", "two_by_two")
def _tables(r, data, name):
    function, frame = "groups.association", data.bfi
    if name == "two_by_two":
        frame = frame.dropna(subset="education").assign(high=lambda d: d["education"] >= 4)
    found = groups.association(frame, "gender", "high" if name == "two_by_two" else "education")
    if name == "cramers_v":
        yield Compared(function, "v", found.effect_size)
        yield Compared(function, "effectsize_unadjusted", found.effect_size)
        return
    yield Compared(function, "observed", found.table)
    yield Compared(function, "X2", found.statistic)
    yield Compared(function, "p", found.p)
    if name == "two_by_two":
        ratio, p = _association._fisher(found.table.to_numpy())
        yield Compared(function, "phi", found.effect_size)
        yield Compared(function, "fisher_or_cmle", ratio, ITERATED)
        yield Compared(function, "fisher_p", p)
    else:
        yield Compared(function, "df", found.df)


@compares(
    "bfi_group_tests",
    *(f"cor_{x}_{y}" for i, x in enumerate(SCALES) for y in SCALES[i + 1 :]),
)
def _correlation(r, data, name):
    _, x, y = name.split("_")
    pearson, spearman, kendall = (
        groups.correlation(data.bfi, x, y, m) for m in ("pearson", "spearman", "kendall")
    )
    function = "groups.correlation"
    yield Compared(function, "n", pearson.n)
    for path, value in zip(
        "r lower upper p".split(), (pearson.r, *pearson.ci, pearson.p), strict=True
    ):
        yield Compared(function, f"pearson/{path}", value)
    yield Compared(function, "spearman/rho", spearman.r)
    yield Compared(function, "spearman/p", spearman.p)
    yield Compared(function, "spearman/ci_bonett_wright", spearman.ci)
    yield Compared(function, "kendall/tau_b", kendall.r)
    yield Compared(function, "kendall/p", kendall.p)


# ---------------------------------------------------------------- regression


@compares("bfi_regression", "n", "coef_table", "confint", "std_beta", "vif", "fit")
def _regression(r, data, name):
    found, function = models.regression(data.scales, "neuro", X), "models.regression"
    table = found.coefficients
    if name == "n":
        yield Compared(function, "", found.n)
    elif name == "coef_table":
        yield Compared(function, "Estimate", table["b"])
        yield Compared(function, "Std. Error", table["se"])
        yield Compared(function, "t value", table["b"] / table["se"])
        yield Compared(function, "Pr(>|t|)", table["p"])
    elif name == "confint":
        yield Compared(function, "", table[["ci_low", "ci_high"]])
    elif name == "std_beta":
        yield Compared(function, "", table["beta"].iloc[1:])
    elif name == "vif":
        yield Compared(function, "", table["vif"].iloc[1:])
    else:
        values = (found.r2, found.adj_r2, found.f, *found.f_df, found.f_p)
        for path, value in zip("R2 adjR2 F df1 df2 p".split(), values, strict=True):
            yield Compared(function, path, value)


@compares("bfi_regression", "se_HC2", "se_cluster_education_CR2", "cr2_satterthwaite_education")
def _robust(r, data, name):
    cluster = "id" if name == "se_HC2" else "education"  # HC2 is CR2 with people as clusters
    frame = data.scales.assign(id=range(len(data.scales)))
    table, function = (
        models.regression(frame, "neuro", X, cluster).coefficients,
        "models.regression",
    )
    if name != "cr2_satterthwaite_education":
        yield Compared(function, "", table["se"])
        return
    for path, mine in (
        ("beta", table["b"]),
        ("SE", table["se"]),
        ("tstat", table["b"] / table["se"]),
        ("df_Satt", table["df"]),
        ("p_Satt", table["p"]),
    ):
        yield Compared(function, path, mine)


@compares("bfi_regression", "interaction_centred")
def _interaction(r, data, name):
    centred = data.scales - data.scales.mean()
    frame = pd.DataFrame({"cx": centred["extra"], "ca": centred["agree"]})
    frame = frame.assign(both=frame["cx"] * frame["ca"], neuro=data.scales["neuro"])
    table = models.regression(frame, "neuro", ["cx", "ca", "both"]).coefficients
    for path, mine in (
        ("Estimate", table["b"]),
        ("Std. Error", table["se"]),
        ("t value", table["b"] / table["se"]),
        ("Pr(>|t|)", table["p"]),
    ):
        yield Compared("models.regression", path, mine)


# ---------------------------------------------------------------- multilevel


def _random_intercept(found, path: str) -> Iterator[Compared]:
    """Compare a restricted maximum likelihood fit."""
    function = "models.multilevel"
    variances = np.array([found.between, found.within])
    yield Compared(function, f"{path}fixef/Estimate", found.fixed["b"], CLOSE)
    yield Compared(function, f"{path}fixef/Std. Error", found.fixed["se"], CLOSE)
    yield Compared(function, f"{path}fixef/t value", found.fixed["b"] / found.fixed["se"], CLOSE)
    yield Compared(function, f"{path}varcomp/vcov", variances, ITERATED)
    yield Compared(function, f"{path}varcomp/sdcor", np.sqrt(variances), ITERATED, of_one=True)
    yield Compared(function, f"{path}logLik", found.log_likelihood, EXACT)
    yield Compared(function, f"{path}REMLcrit_or_deviance", -2 * found.log_likelihood, EXACT)
    yield Compared(function, f"{path}ngroups", found.n_groups)
    yield Compared(function, f"{path}nobs", found.n)


@compares(
    "multilevel",
    *(f"null_{scale}_by_{group}" for scale in SCALES for group in ("g76", "age")),
    *(f"bh1996_null_{name}" for name in ("WBEING", "HRS", "COHES", "LEAD")),
    "lq2002_null_LEAD",
)
def _null(r, data, name):
    if name.startswith("null"):
        _, scale, _, group = name.split("_")
        found = models.multilevel(data.bfi, scale, group)
    else:
        file, _, scale = name.split("_")
        group = "GRP" if file == "bh1996" else "COMPID"
        found = models.multilevel(data.beside(f"{file}.csv"), scale, group)
    assert found.boundary == r["reml"]["singular"]
    yield from _random_intercept(found, "reml/")
    yield Compared("models.multilevel", "icc_lmm_reml", found.icc, ITERATED)


@compares("multilevel", "bh1996_contextual")
def _contextual(r, data, name):
    x = ["HRS", "G.HRS", "LEAD", "G.LEAD"]
    yield from _random_intercept(
        models.multilevel(data.beside("bh1996.csv"), "WBEING", "GRP", x), ""
    )


@compares("multilevel", "sleepstudy_intercept_ml")
def _sleep(r, data, name):
    frame = pd.read_csv(HERE / "sleepstudy.csv")
    found = models.multilevel(frame, "Reaction", "Subject", ["Days"])
    function = (
        "models.multilevel"  # balanced: fixed effects do not depend on how variances are estimated
    )
    yield Compared(function, "fixef/Estimate", found.fixed["b"], EXACT)
    yield Compared(function, "ngroups", found.n_groups)
    yield Compared(function, "nobs", found.n)


# ---------------------------------------------------------------- raters


@compares("agreement", "icc_shrout_fleiss_1979", "icc_anxiety")
def _icc(r, data, name):
    shrout = name.startswith("icc_shrout")
    wide = (
        pd.read_csv(HERE / "shrout_fleiss_1979.csv") if shrout else data.beside("irr_anxiety.csv")
    )
    long = wide.melt(ignore_index=False, var_name="rater", value_name="score")
    found = reliability.icc(long.reset_index(names="target"), "rater", "target", "score")
    names = {"icc": "ICC", "f": "F", "df1": "df1", "df2": "df2", "p": "p"}
    names |= {"ci_low": "lower bound", "ci_high": "upper bound"}
    if shrout:
        for mine, theirs in names.items():
            yield Compared("reliability.icc", theirs, found[mine])
        return
    for row in found.itertuples():
        form = f"icc_{row.type[3]}_{'k' if row.type.endswith('k') else '1'}"
        values = {"icc": row.icc, "F": row.f}
        if row.type[3] != "2":  # irr takes other degrees of freedom for p and the mean's interval
            values |= {"p": row.p}
        if row.type != "ICC2k":
            values |= {"lower": row.ci_low, "upper": row.ci_high}
        for path, value in values.items():
            yield Compared("reliability.icc", f"{form}/{path}", value, CLOSE)


# ---------------------------------------------------------------- fuzzy sets


@compares("fsqca_lipset", "calibrated_direct_idm_0.95", "calibrated_direct_logodds3")
def _calibrated(r, data, name):
    log_odds = 3 if name.endswith("3") else np.log(19)
    raw = data.beside("lipset_raw_LR.csv")
    for column, anchors in sets("fsqca_lipset")["thresholds_e_c_i"]["value"].items():
        found = fsqca.calibrate(raw[column], *anchors, membership=1 / (1 + np.exp(-log_odds)))
        yield Compared("configurations.calibrate", column, found)


@compares("fsqca_lipset", "max_abs_diff_from_LF")
def _rounded(r, data, name):
    raw, fuzzy = data.beside("lipset_raw_LR.csv"), data.fuzzy("lipset_fuzzy_LF.csv")
    anchors = sets("fsqca_lipset")["thresholds_e_c_i"]["value"]
    for row, membership in (("idm.95", 0.95), ("logodds3", 1 / (1 + np.exp(-3)))):
        away = [
            (fsqca.calibrate(raw[c], *a, membership=membership).to_numpy() - fuzzy[c].to_numpy())
            for c, a in anchors.items()
        ]
        theirs = r["data"][r["rows"].index(row)]
        yield Compared("configurations.calibrate", "", Part(np.abs(away).max(axis=1), theirs), 5)


@compares("fsqca_lipset", "necessity_single", "necessity_single_neg_outcome", "sufficiency_single")
def _single(r, data, name):
    fuzzy = data.fuzzy("lipset_fuzzy_LF.csv")
    outcome = "~SURV" if name.endswith("neg_outcome") else "SURV"
    kind, columns = fsqca.necessity, ["consistency", "relevance", "coverage"]
    if name.startswith("sufficiency"):
        kind, columns = fsqca.sufficiency, ["consistency", "pri", "coverage"]
    found = kind(fuzzy, outcome, CONDITIONS).set_index("condition")
    for condition, theirs in r.items():
        for key, column in zip(theirs, columns, strict=False):
            value = found.loc[condition, column]
            yield Compared(f"configurations.{kind.__name__}", f"{condition}/{key}", value)


@compares("fsqca_lipset", "superSubset_0.9")
def _combined(r, data, name):
    fuzzy = data.fuzzy("lipset_fuzzy_LF.csv")
    signed = fuzzy.assign(**{f"~{c}": 1 - fuzzy[c] for c in CONDITIONS})
    made = {}
    for term in r[".row"]:  # our necessity takes any column: R's combinations are built by hand
        both, parts_ = ("min", term.split("*")) if "*" in term else ("max", term.split(" + "))
        made[term] = signed[parts_].agg(both, axis=1)
    sets_ = pd.DataFrame(made).assign(SURV=fuzzy["SURV"])
    found = fsqca.necessity(sets_, "SURV", r[".row"]).set_index("condition").loc[r[".row"]]
    for path, mine in (("inclN", "consistency"), ("RoN", "relevance"), ("covN", "coverage")):
        yield Compared("configurations.necessity", path, found[mine])


@compares("fsqca_lipset", "truth_table_0.8", "truth_table_all_32")
def _truth_table(r, data, name):
    found = fsqca.truth_table(data.fuzzy("lipset_fuzzy_LF.csv"), "SURV", CONDITIONS).rows
    assert found["out"].to_list() == r["OUT"]
    for path, mine in (("n", "n"), ("incl", "consistency"), ("PRI", "pri")):
        yield Compared("configurations.truth_table", path, found[mine])
    for condition in CONDITIONS:
        yield Compared("configurations.truth_table", condition, found[condition])
    if "row" in r:
        yield Compared("configurations.truth_table", "row", found.index + 1)


SOLUTIONS = {
    "conservative_0.8": ("SURV", "complex", {}),
    "parsimonious_0.8": ("SURV", "parsimonious", {}),
    "intermediate_0.8": ("SURV", "intermediate", {}),
    "neg_outcome_conservative_0.8": ("~SURV", "complex", {}),
    "neg_outcome_parsimonious_0.8": ("~SURV", "parsimonious", {}),
    "crisp_LC_conservative": ("SURV", "complex", {"incl_cut": 1}),
    "crisp_LC_parsimonious": ("SURV", "parsimonious", {"incl_cut": 1}),
    "conservative_0.8_pri_0.51": ("SURV", "complex", {"pri_cut": 0.51}),
}


@compares("fsqca_lipset", *SOLUTIONS)
def _solution(r, data, name):
    outcome, kind, cuts = SOLUTIONS[name]
    file = "lipset_crisp_LC.csv" if name.startswith("crisp") else "lipset_fuzzy_LF.csv"
    table = fsqca.truth_table(data.fuzzy(file), outcome, CONDITIONS, **cuts)
    found = fsqca.minimise(table, kind, dict.fromkeys(CONDITIONS, True))
    inner = r["C1P1"] if kind == "intermediate" else r
    models_ = inner["solution" if kind == "intermediate" else "solutions"]
    assert found.models == [m if isinstance(m, list) else [m] for m in models_]
    terms, whole = ("terms", "overall") if kind == "intermediate" else ("IC/terms", "IC/solution")
    prefix = "C1P1/" if kind == "intermediate" else ""
    rows = at_names(inner, f"{terms}/.row")
    mine = found.terms.set_index("term").loc[rows]
    function = "configurations.minimise"
    for path, column in (("inclS", "consistency"), ("PRI", "pri"), ("covS", "coverage")):
        yield Compared(function, f"{prefix}{terms}/{path}", mine[column])
        yield Compared(function, f"{prefix}{whole}/{path}", found.fit[column][0])
    if len(rows) > 1:  # R gives no unique coverage of a single term
        yield Compared(function, f"{prefix}{terms}/covU", mine["unique_coverage"])


def at_names(value: dict, path: str) -> list[str]:
    """Return the names at a path, one or several."""
    for step in path.split("/"):
        value = value[step]
    return [value] if isinstance(value, str) else value
