"""Cluster-robust inference for least squares: CR2 standard errors and their small-sample degrees of freedom.

Neither statsmodels (CR0 and CR1 only) nor pingouin has CR2, its degrees of freedom or the HTZ test.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClusterRobust:
    """Least squares with the bias-reduced cluster-robust covariance (Bell and McCaffrey).

    `adjusted` and `rows` hold, for each cluster, what the degrees of freedom need: its adjusted
    loadings and its rows of the design.
    """

    estimate: np.ndarray
    covariance: np.ndarray
    bread: np.ndarray
    adjusted: list[np.ndarray]
    rows: list[np.ndarray]

    def standard_error(self, contrast: np.ndarray) -> float:
        """Return the standard error of a contrast of the estimates."""
        return float(np.sqrt(contrast @ self.covariance @ contrast))

    def df(self, contrast: np.ndarray) -> float:
        """Return Satterthwaite degrees of freedom of a contrast's t statistic."""
        load, moment = self._working(contrast[:, None])
        trace = load[:, 0, 0].sum() - np.trace(self.bread @ moment[:, 0].T @ moment[:, 0])
        return float(trace**2 / self._product(load, moment, 0, 0)[1])

    def wald(self, contrasts: np.ndarray) -> tuple[float, float, float] | None:
        """Return F, df1 and df2 of the hypothesis that every contrast (a column) is zero.

        The approximate Hotelling T² test (HTZ) of Pustejovsky and Tipton; None when the clusters are
        too few to test so many contrasts together.
        """
        q = contrasts.shape[1]
        shape = contrasts.T @ self.bread @ contrasts
        values, vectors = np.linalg.eigh(shape)
        load, moment = self._working(contrasts @ (vectors / np.sqrt(values)) @ vectors.T)
        spread = sum(sum(self._product(load, moment, s, t)) for s in range(q) for t in range(q))
        eta = q * (q + 1) / spread
        if eta - q + 1 <= 0:
            return None
        value = contrasts.T @ self.estimate
        covariance = contrasts.T @ self.covariance @ contrasts
        if np.linalg.cond(covariance) > 1e12:
            return None
        q2 = value @ np.linalg.solve(covariance, value)
        return float(q2 * (eta - q + 1) / (eta * q)), float(q), float(eta - q + 1)

    def _working(self, contrasts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return, by cluster, the contrasts' loads on one another, and their moments with the design.

        Under the working model the inner products of contrasts s and t over clusters are
        diag(load[:, s, t]) − moment[:, s] · bread · moment[:, t]'.
        """
        loads = [a @ contrasts for a in self.adjusted]
        load = np.stack([own.T @ own for own in loads])
        moment = np.stack([own.T @ x for x, own in zip(self.rows, loads, strict=True)])
        return load, moment

    def _product(self, load: np.ndarray, moment: np.ndarray, s: int, t: int) -> tuple[float, float]:
        """Return Σ P(s,s)·P(t,t) and Σ P(s,t)·P(s,t)' of the inner products P, never built in full."""
        bread, ms, mt = self.bread, moment[:, s], moment[:, t]
        ds, dt, dst = load[:, s, s], load[:, t, t], load[:, s, t]
        own_s, own_t, both = (
            np.einsum("cp,pr,cr->c", a, bread, b) for a, b in ((ms, ms), (mt, mt), (ms, mt))
        )
        cross = bread @ (mt.T @ ms)
        of_own = ds @ dt - ds @ own_t - dt @ own_s + np.trace(bread @ (ms.T @ mt) @ cross)
        of_both = dst @ dst - 2 * dst @ both + np.trace(cross @ cross)
        return float(of_own), float(of_both)


def cluster_robust(x: np.ndarray, y: np.ndarray, cluster: np.ndarray) -> ClusterRobust:
    """Return the least squares fit of y on the columns of x with CR2 covariance by cluster."""
    bread = np.linalg.inv(x.T @ x)
    root = np.linalg.cholesky(bread)
    estimate = bread @ (x.T @ y)
    residual = y - x @ estimate
    adjusted, rows, scores = [], [], []
    for members in _members(cluster):
        own = x[members]
        left, strength, _ = np.linalg.svd(own @ root, full_matrices=False)
        room = 1 - strength**2
        factor = np.where(room > 1e-10, 1 / np.sqrt(np.maximum(room, 1e-10)), 0.0)
        load = own @ bread
        load = load + left @ ((factor - 1)[:, None] * (left.T @ load))
        adjusted.append(load)
        rows.append(own)
        scores.append(load.T @ residual[members])
    scores = np.stack(scores)
    return ClusterRobust(estimate, scores.T @ scores, bread, adjusted, rows)


def _members(cluster: np.ndarray) -> list[np.ndarray]:
    """Return the row numbers of each cluster."""
    order = np.argsort(cluster, kind="stable")
    _, first = np.unique(cluster[order], return_index=True)
    return np.split(order, first[1:])
