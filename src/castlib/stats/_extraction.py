"""Common factors of a correlation matrix: extraction (minres, maximum likelihood) and rotation."""

import numpy as np

from castlib.errors import CastError

LEAST_UNIQUENESS = 0.005


def correlation(values: np.ndarray) -> np.ndarray:
    """Return the correlation matrix, refusing one that cannot be inverted."""
    matrix = np.corrcoef(values, rowvar=False)
    if np.linalg.eigvalsh(matrix)[0] < 1e-10:
        raise CastError(
            "the correlation matrix of the items is singular: there are fewer respondents than "
            "items, or an item is a combination of others; leave items out"
        )
    return matrix


def extract(matrix: np.ndarray, n_factors: int, method: str) -> np.ndarray:
    """Return unrotated loadings (items by factors), by decreasing sum of squares.

    The better of two ends: a criterion may have several minima, and psych starts at 1 - SMC, factanal
    somewhat below.
    """
    from scipy.optimize import minimize

    criterion = {"minres": _minres, "ml": _likelihood}[method]
    alone = 1 / np.diag(np.linalg.inv(matrix))
    found = [
        minimize(
            criterion,
            np.clip(share * alone, LEAST_UNIQUENESS, 1),
            args=(matrix, n_factors),
            jac=True,
            method="L-BFGS-B",
            bounds=[(LEAST_UNIQUENESS, 1)] * len(matrix),
            options={"maxiter": 5000, "maxfun": 50000, "ftol": 1e-15, "gtol": 1e-9},
        )
        for share in (1, 1 - 0.5 * n_factors / len(matrix))
    ]
    best = min(found, key=lambda end: end.fun)
    if best.nit >= 5000:
        raise CastError(f"the {method} extraction of {n_factors} factors did not converge")
    return _loadings(best.x, matrix, n_factors, method)


def _minres(unique: np.ndarray, matrix: np.ndarray, n_factors: int):
    """Return half the squared residuals (ULS) and their gradient in the uniquenesses."""
    values, vectors = np.linalg.eigh(matrix - np.diag(unique))
    rest, vectors = values[:-n_factors], vectors[:, :-n_factors]
    return 0.5 * (rest**2).sum(), -(vectors**2) @ rest


def _likelihood(unique: np.ndarray, matrix: np.ndarray, n_factors: int):
    """Return the maximum likelihood discrepancy, the loadings profiled out, and its gradient."""
    scale = 1 / np.sqrt(unique)
    values, vectors = np.linalg.eigh(matrix * np.outer(scale, scale))
    rest = values[:-n_factors]
    kept = vectors[:, -n_factors:] * np.sqrt(np.maximum(values[-n_factors:] - 1, 0))
    implied = (kept**2).sum(axis=1) * unique + unique
    return (rest - np.log(rest) - 1).sum(), (implied - np.diag(matrix)) / unique**2


def _loadings(unique: np.ndarray, matrix: np.ndarray, n_factors: int, method: str) -> np.ndarray:
    """Return the loadings that belong to the uniquenesses."""
    scale = np.ones(len(unique)) if method == "minres" else np.sqrt(unique)
    target = matrix - np.diag(unique) if method == "minres" else matrix / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(target)
    values = values[-n_factors:][::-1] - (method == "ml")
    return scale[:, None] * vectors[:, -n_factors:][:, ::-1] * np.sqrt(np.maximum(values, 0))


def rotate(loadings: np.ndarray, rotation: str) -> tuple[np.ndarray, np.ndarray]:
    """Return rotated loadings and factor correlations, strongest factor first, each mostly positive."""
    n_factors = loadings.shape[1]
    turn = {"varimax": _varimax, "promax": _promax, "oblimin": _oblimin}[rotation]
    turned, phi = turn(loadings) if n_factors > 1 else (loadings, np.eye(1))
    sign = np.where((turned**3).sum(axis=0) < 0, -1.0, 1.0)
    turned, phi = turned * sign, phi * np.outer(sign, sign)
    order = np.argsort(-(turned**2).sum(axis=0))
    return turned[:, order], phi[np.ix_(order, order)]


def _varimax(loadings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotate by varimax with Kaiser normalisation."""
    size = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    unit, turn, last = loadings / size, np.eye(loadings.shape[1]), 0.0
    for _ in range(2000):
        now = unit @ turn
        left, strength, right = np.linalg.svd(unit.T @ (now**3 - now * (now**2).mean(axis=0)))
        turn = left @ right
        if strength.sum() <= last * (1 + 1e-13):
            break
        last = strength.sum()
    return unit @ turn * size, np.eye(loadings.shape[1])


def _promax(loadings: np.ndarray, power: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Rotate obliquely towards the varimax loadings raised to a power, with Kaiser normalisation."""
    size = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    simple = _varimax(loadings)[0] / size
    target = simple * np.abs(simple) ** (power - 1)
    turn = np.linalg.lstsq(simple, target, rcond=None)[0]
    turn = turn * np.sqrt(np.diag(np.linalg.inv(turn.T @ turn)))
    back = np.linalg.inv(turn)
    return simple @ turn * size, back @ back.T


def _oblimin(loadings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotate by direct quartimin (oblimin, gamma 0, no Kaiser normalisation), from the unrotated axes.

    As psych: other starts may find a lower criterion, but with factors that are nearly one.
    """
    from statsmodels.multivariate.factor_rotation import rotate_factors

    turned, turn = rotate_factors(
        loadings, "oblimin", 0, "oblique", T=np.eye(loadings.shape[1]), max_tries=2000, tol=1e-7
    )
    return turned, turn.T @ turn
