"""How far a withheld count can be narrowed by who knows every sum that is shown, and what widens it.

Linear programmes over the moves that keep all sums: `cells.Published` says what is tied to what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from castlib.errors import CastError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castlib.privacy.cells import Published

ALMOST = 1e-6


class Unprotectable(CastError):
    """No choice of further cells protects a small one: the table is too small to be published."""

    exit_code = 1


class Search:
    """The attacker's view: how far each withheld count can move while all that is shown stays."""

    def __init__(self, tables: Published) -> None:
        *given, self.ties = tables.arrays()
        self.values, self.costs, self.candidates, self.fixed, self.widths = given
        small = (self.values > 0) & (self.values < tables.limit)
        self.withheld = self.candidates & small
        self.low, self.high = self.values.astype(float), self.values.astype(float)

    def is_wide(self, cell: int) -> bool:
        """Return whether a withheld cell's interval is as wide as it must be."""
        return self._known(cell) or self._reach(cell, 1) or self._reach(cell, -1)

    def _known(self, cell: int) -> bool:
        return self.high[cell] - self.low[cell] >= self.widths[cell] - ALMOST

    def _reach(self, cell: int, sign: int) -> bool:
        """Move a cell as far as it goes; every other cell's interval widens by what it did meanwhile."""
        free = np.flatnonzero(self.withheld | ~(self.candidates | self.fixed))
        aim = np.where(free == cell, -float(sign), 0.0)
        moved = _solve(aim, self.ties[:, free], [(-v, None) for v in self.values[free]])
        if moved is None:  # nothing holds it
            self.low[cell], self.high[cell] = 0.0, np.inf
        else:
            self.low[free] = np.minimum(self.low[free], self.values[free] + moved)
            self.high[free] = np.maximum(self.high[free], self.values[free] + moved)
        return self._known(cell)

    def widen(self, cell: int) -> list[int]:
        """Withhold the cheapest further cells that let this one move as far as it must; return them."""
        up = self.low[cell] + self.widths[cell] - self.values[cell]
        down = self.high[cell] - self.widths[cell] - self.values[cell]
        # one way, or the other, or as far up as it goes and the rest down
        for steps in ([up], [down], None):
            paths = [self._path(cell, step) for step in steps or self._both_ways(cell)]
            if all(path is not None for path in paths):
                used = np.unique(np.concatenate(paths))
                more = used[self.candidates[used] & ~self.withheld[used]]
                self.withheld[more] = True
                return more.tolist()
        raise Unprotectable(
            f"ปกปิดเซลล์ที่มี {self.values[cell]} ให้คาดเดาไม่ได้ไม่สำเร็จ แม้ปกปิดเซลล์อื่นทั้งหมด "
            "ตารางนี้เล็กเกินไป: รวมค่าเข้าด้วยกันหรือเอาตารางออกจาก data/release.yml"
        )

    def _both_ways(self, cell: int) -> tuple[float, float]:
        """Return how far up a cell can go at most if all is withheld, and how far down it must then."""
        free = np.flatnonzero(~self.fixed)
        aim = np.where(free == cell, -1.0, 0.0)
        moved = _solve(aim, self.ties[:, free], [(-v, None) for v in self.values[free]])
        top = self.widths[cell] if moved is None else moved[np.searchsorted(free, cell)]
        up = min(top, self.widths[cell])
        return up, up - self.widths[cell]

    def _path(self, cell: int, step: float) -> np.ndarray | None:
        """Return the cells along which a cell moves by a step at the least cost; None: it cannot."""
        n = len(self.values)
        if self.values[cell] + step < -ALMOST:
            return None
        cost = np.where(self.withheld, ALMOST, self.costs)
        top = np.where(self.fixed, 0.0, np.inf)
        bounds = [(0, t) for t in top] + [
            (0, min(v, t)) for v, t in zip(self.values, top, strict=True)
        ]
        bounds[cell] = (max(step, 0), max(step, 0))
        bounds[n + cell] = (max(-step, 0), max(-step, 0))
        from scipy.sparse import hstack

        both = _solve(np.concatenate([cost, cost]), hstack([self.ties, -self.ties]), bounds)
        return None if both is None else np.flatnonzero(both[:n] + both[n:] > ALMOST)


def _solve(aim: np.ndarray, ties: object, bounds: Sequence[tuple]) -> np.ndarray | None:
    """Return the moves that keep every sum and make the aim least; None: there are none, or no end."""
    from scipy.optimize import linprog

    found = linprog(aim, A_eq=ties, b_eq=np.zeros(ties.shape[0]), bounds=bounds, method="highs-ds")
    impossible, endless = 2, 3
    if found.status in (impossible, endless):
        return None
    if not found.success:
        raise RuntimeError(f"linear programme not solved: {found.message}")
    return found.x
