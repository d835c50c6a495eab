"""Factor models by maximum likelihood, of one group or several, with means or without.

Not semopy 2.3.11: it reports success at a chi-square of 12,752 instead of 85 (Holzinger and Swineford)
when one item is in thousands, and has no groups together. Covariances are total · S · total' with
total = (I − A)⁻¹, A the paths and S the covariances of items and factors (McArdle and McDonald's RAM).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from castlib.errors import CastError
from castlib.stats._starts import starting_values
from castlib.stats._syntax import Structure

PATH, COVARIANCE, MEAN = 0, 1, 2


@dataclass(frozen=True)
class Sample:
    """What a group's answers come to: n, means, and covariances divided by n."""

    n: int
    mean: np.ndarray
    covariance: np.ndarray


def sample(values: np.ndarray) -> Sample:
    """Return what the answers of a group (people × items) come to."""
    n, k = values.shape
    return Sample(n, values.mean(axis=0), np.cov(values.T, ddof=0).reshape(k, k))


@dataclass(frozen=True)
class Group:
    """One group's model: its fixed matrices, and matrix, row, column and number of each parameter."""

    items: int
    fixed: tuple[np.ndarray, np.ndarray, np.ndarray]
    kind: np.ndarray
    row: np.ndarray
    column: np.ndarray
    number: np.ndarray

    @property
    def has_means(self) -> bool:
        """Whether means are modelled."""
        return bool((self.kind == MEAN).any())

    @cached_property
    def places(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Row, column and number of the parameters of each matrix."""
        return [
            (self.row[at], self.column[at], self.number[at])
            for at in (self.kind == kind for kind in (PATH, COVARIANCE, MEAN))
        ]

    def implied(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return total effects (I − paths)⁻¹, and covariances and means of items and factors."""
        paths, covariances, means = (matrix.copy() for matrix in self.fixed)
        for (row, column, number), matrix in zip(
            self.places, (paths, covariances, means), strict=True
        ):
            matrix[row, column] = values[number]
        row, column, number = self.places[COVARIANCE]
        covariances[column, row] = values[number]
        total = np.linalg.inv(np.eye(len(paths)) - paths)
        return total, total @ covariances @ total.T, total @ means[:, 0]

    def slopes(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how covariances and means of items and factors change with each parameter."""
        total, covariance, mean = self.implied(values)
        path, centre = self.kind == PATH, self.kind == MEAN
        first = total[:, self.row].T
        second = np.where(
            path[:, None], covariance[self.column], total[:, self.column % len(total)].T
        )
        half = first[:, :, None] * second[:, None, :] * ~centre[:, None, None]
        whole = path | (self.row != self.column)
        half += half.transpose(0, 2, 1) * whole[:, None, None]
        level = first * np.where(path, mean[self.column], centre.astype(float))[:, None]
        by_covariance = np.zeros((len(values), *half.shape[1:]))
        by_mean = np.zeros((len(values), len(total)))
        np.add.at(by_covariance, self.number, half)
        np.add.at(by_mean, self.number, level)
        return by_covariance, by_mean


def groups(
    structure: Structure, samples: Sequence[Sample], equal: Sequence[str] = (), means: bool = False
) -> tuple[list[Group], np.ndarray]:
    """Return each group's model and starting values of all parameters.

    `equal` names what groups share: loadings, intercepts, residuals. With `means`, intercepts are free,
    and once they are shared, the factors' means are free in all groups but the first.
    """
    size, numbers, made = len(structure.names), {}, []
    pooled = _pooled(samples)
    for g, own_sample in enumerate(samples):
        guess = starting_values(structure, (pooled if equal else own_sample).covariance)
        fixed = tuple(np.zeros((size, width)) for width in (size, size, 1))
        slots = []
        free_means = "intercepts" in equal and g > 0
        places = _places(structure, guess, pooled.mean if means else None, free_means)
        for kind, to, by, mark, start, family in places:
            if isinstance(mark, float):
                fixed[kind][to, by] = mark
                if kind == COVARIANCE:
                    fixed[kind][by, to] = mark
            else:
                own = mark if family in equal else f"{mark} in group {g + 1}"
                slots.append((kind, to, by, numbers.setdefault(own, (len(numbers), start))[0]))
        made.append(Group(len(structure.items), fixed, *np.array(slots).T))
    return made, np.array([start for _, start in numbers.values()])


def _places(structure: Structure, guess: dict, means: np.ndarray | None, free_means: bool):
    """Yield matrix, row, column, mark, starting value and family of all that a group's model holds."""
    names, items = structure.names, structure.items
    at = {name: i for i, name in enumerate(names)}
    for (to, by), mark in structure.loadings.items():
        yield PATH, at[to], at[by], mark, guess[to, by], "loadings"
    for (one, other), mark in structure.covariances.items():
        row, column = sorted((at[one], at[other]), reverse=True)
        family = "residuals" if row == column < len(items) else "covariances"
        yield COVARIANCE, row, column, mark, guess.get((one, other), 0.0), family
    if means is not None:
        yield from (
            (MEAN, i, 0, f"{item} ~ 1", means[i], "intercepts") for i, item in enumerate(items)
        )
        for factor in structure.factors:
            yield MEAN, at[factor], 0, f"{factor} ~ 1" if free_means else 0.0, 0.0, "means"


def _pooled(samples: Sequence[Sample]) -> Sample:
    """Return all groups' average."""
    share = np.array([s.n for s in samples]) / sum(s.n for s in samples)
    mean, covariance = (
        np.tensordot(share, np.stack([getattr(s, name) for s in samples]), axes=1)
        for name in ("mean", "covariance")
    )
    return Sample(sum(s.n for s in samples), mean, covariance)


@dataclass(frozen=True)
class Fitted:
    """A fitted model: parameters, their covariance, the groups, and each group's misfit n·F."""

    values: np.ndarray
    covariance: np.ndarray
    groups: list[Group]
    samples: list[Sample]
    chi2: np.ndarray

    @property
    def df(self) -> int:
        """Return moments less parameters."""
        k, means = self.groups[0].items, self.groups[0].has_means
        return len(self.groups) * (k * (k + 1) // 2 + k * means) - len(self.values)


def fit(made: list[Group], start: np.ndarray, samples: list[Sample]) -> Fitted:
    """Return the maximum likelihood fit: Fisher's scoring, after quasi-Newton steps where it stalls."""
    values = _scored(made, start, samples)
    if values is None:
        values = _scored(made, _descended(made, start, samples), samples)
    if values is None:
        raise CastError(
            "the factor model did not converge: n is too small for it, an item has nothing to do with "
            "its factor, or the model wants a variance below zero (Heywood case)"
        )
    strength, turn = _strength(_scores(made, values, samples)[1])
    if strength[0] < 1e-9:
        raise CastError(
            "the factor model is not identified: the data cannot tell its parameters apart; "
            "give each factor at least 3 items, or fix a loading"
        )
    return Fitted(
        values, 2 * turn / strength @ turn.T, made, samples, _misfit(made, values, samples)
    )


def _scored(made: list[Group], values: np.ndarray, samples: list[Sample]) -> np.ndarray | None:
    """Return the parameters at which Fisher's scoring with halved steps arrives, None if nowhere."""
    total = sum(s.n for s in samples)
    height = _misfit(made, values, samples).sum()
    for _ in range(100 if np.isfinite(height) else 0):
        gradient, information = _scores(made, values, samples)
        strength, turn = _strength(information)
        step = turn @ (turn.T @ gradient / np.maximum(strength, 1e-7))
        gain, length = gradient @ step / total, 1.0
        while gain > 1e-9:
            tried = _misfit(made, values - length * step, samples).sum()
            if tried < height - 1e-4 * length * gain * total:
                break
            length /= 2
            if length < 1e-4:
                return None
        values = values - length * step
        height = _misfit(made, values, samples).sum()
        if gain < 1e-12:
            return values
    return None


def _descended(made: list[Group], start: np.ndarray, samples: list[Sample]) -> np.ndarray:
    """Return where quasi-Newton steps (BFGS) lead, in units in which parameters are about as certain."""
    from scipy.optimize import minimize

    size = 1 / np.sqrt(np.diag(_scores(made, start, samples)[1]))

    def misfit(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        height = _misfit(made, scaled * size, samples).sum()
        if not np.isfinite(height):
            return 1e12, np.zeros(len(scaled))
        return height, _scores(made, scaled * size, samples)[0] * size

    return (
        minimize(misfit, start / size, jac=True, method="BFGS", options={"maxiter": 500}).x * size
    )


def _strength(information: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues of the scaled information, and directions that turn them back into units."""
    size = np.sqrt(np.diag(information))
    if not (np.isfinite(size).all() and (size > 0).all()):
        raise CastError(
            "the factor model did not converge: a parameter leads nowhere from its start"
        )
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    return values, vectors / size[:, None]


def _misfit(made: list[Group], values: np.ndarray, samples: list[Sample]) -> np.ndarray:
    """Return n·F of each group, infinite where the implied covariances are impossible."""
    result = np.full(len(made), np.inf)
    for g, (group, own) in enumerate(zip(made, samples, strict=True)):
        k = group.items
        _, covariance, mean = group.implied(values)
        try:
            root = np.linalg.cholesky(covariance[:k, :k])
        except np.linalg.LinAlgError:
            continue
        inverse = np.linalg.inv(root)
        ratio = inverse @ own.covariance @ inverse.T
        away = inverse @ (own.mean - mean[:k]) if group.has_means else np.zeros(k)
        result[g] = own.n * (np.trace(ratio) - np.linalg.slogdet(ratio)[1] - k + away @ away)
    return result


def _scores(
    made: list[Group], values: np.ndarray, samples: list[Sample]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient of n·F and its expected second derivatives."""
    gradient, information = np.zeros(len(values)), np.zeros((len(values),) * 2)
    for group, own in zip(made, samples, strict=True):
        k = group.items
        _, covariance, mean = group.implied(values)
        by_covariance, by_mean = (part[:, :k] for part in group.slopes(values))
        by_covariance = by_covariance[:, :, :k]
        inverse = np.linalg.inv(covariance[:k, :k])
        away = own.mean - mean[:k] if group.has_means else np.zeros(k)
        rest = covariance[:k, :k] - own.covariance - np.outer(away, away)
        weight = inverse @ rest @ inverse
        gradient += own.n * (
            np.tensordot(by_covariance, weight, axes=2) - 2 * by_mean @ inverse @ away
        )
        turned = inverse @ by_covariance
        flat = turned.reshape(len(values), -1), turned.transpose(0, 2, 1).reshape(len(values), -1)
        information += own.n * (flat[0] @ flat[1].T + 2 * by_mean @ inverse @ by_mean.T)
    return gradient, information
