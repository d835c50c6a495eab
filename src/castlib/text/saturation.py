"""Thematic saturation: after how many groups no new code came, whatever the order they were read in."""

import numpy as np
import pandas as pd

from castlib import lazy

SEED = 2565
ORDERS = 1000
BASE, RUN, THRESHOLD = 4, 2, 0.05
CURVE = ["group_number", "codes", "codes_low", "codes_high", "new", "of_codes"]


def saturation(
    agreed: pd.DataFrame,
    read: pd.DataFrame,
    by: str | None = None,
    base: int = BASE,
    run: int = RUN,
    threshold: float = THRESHOLD,
    orders: int = ORDERS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return after how many groups saturation is reached, over shuffled orders of the groups.

    Look at each kind of informants by itself (`by="kind"`): a whole can be saturated while a part is
    not. It speaks of codes being found, not of their being understood; with a codebook fixed before
    the reading it can only say how soon the codes were met.

    Parameters
    ----------
    agreed : pandas.DataFrame
        Codes of segments: group, code; from `castlib.text.coding.consensus`.
    read : pandas.DataFrame
        What was read (the codings, or the segments): group, and `by`. A group in which nothing was
        coded counts too.
    by : str, optional
        A column ("kind", "cluster"): each of its values by itself. Rows without a value are left out.
    base : int
        Groups whose different codes are the base.
    run : int
        Consecutive groups in which new codes are looked for.
    threshold : float
        Largest share of new codes in a run, of the codes in the base, that counts as nothing new, 0–1.
    orders : int
        Orders of the groups, drawn at random.
    seed : int
        Of the orders.

    Returns
    -------
    pandas.DataFrame
        One row (one for each value of `by`, whose column comes first):

        - groups, codes: how many there are
        - base, run, threshold: as given
        - reached: share of the orders in which saturation was reached, 0–1
        - after, after_low, after_high: groups read when nothing more was new: median and 95 % range
          over the orders that reached it; the run after it, which shows it, is not counted ("6 + 2")
        - found: mean share of all codes known at that point, 0–1
        - reason: why there is no answer (Thai), otherwise empty; then the numbers above are nan

    Notes
    -----
    Base = different codes in the first `base` groups. The run moves on by one group at a time, so that
    runs overlap; its new codes are those not met in any group before it. Saturation is reached before
    the first run with (new codes) / (codes in the base) ≤ threshold.

    References
    ----------
    Guest, Namey & Chen 2020, 10.1371/journal.pone.0232076.

    Examples
    --------
    >>> agreed = pd.DataFrame({"group": list("abcdefgh") * 2, "code": ["p"] * 8 + ["q"] * 8})
    >>> saturation(agreed, agreed)[["groups", "codes", "reached", "after", "found"]].values.tolist()
    [[8.0, 2.0, 1.0, 4.0, 1.0]]
    """
    rows = []
    for value, first, n_groups in _parts(agreed, read, by, orders, seed):
        row = {by: value} if by else {}
        row |= {"groups": n_groups, "codes": first.shape[1]}
        row |= {"base": base, "run": run, "threshold": threshold}
        reason = _refusal(n_groups, first.shape[1], base, run)
        rows.append(row | ({} if reason else _reached(first, n_groups, base, run, threshold)))
        rows[-1]["reason"] = reason
    columns = ["groups", "codes", "base", "run", "threshold", "reached"]
    columns += ["after", "after_low", "after_high", "found", "reason"]
    return pd.DataFrame(rows, columns=[by, *columns] if by else columns)


def curve(
    agreed: pd.DataFrame,
    read: pd.DataFrame,
    by: str | None = None,
    orders: int = ORDERS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Return how many different codes are known after 1, 2, … groups, over shuffled orders.

    Parameters
    ----------
    agreed, read, by, orders, seed
        As for `saturation`; the orders are the same.

    Returns
    -------
    pandas.DataFrame
        One row a number of groups (within each value of `by`, whose column comes first): group_number
        from 1, codes (mean), codes_low, codes_high (95 % range of the orders), new (mean number of
        codes first met in that group), of_codes (all there are).
    """
    parts = []
    for value, first, n_groups in _parts(agreed, read, by, orders, seed):
        known = _known(first, n_groups)
        low, high = np.percentile(known, [2.5, 97.5], axis=0)
        new = np.diff(known, axis=1, prepend=0).mean(axis=0)
        numbers = np.arange(1, n_groups + 1)
        columns = [numbers, known.mean(axis=0), low, high, new, np.full(n_groups, first.shape[1])]
        part = pd.DataFrame(dict(zip(CURVE, columns, strict=True)))
        if by:
            part.insert(0, by, value)
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=[by, *CURVE])
    return pd.concat(parts, ignore_index=True)


def _parts(agreed: pd.DataFrame, read: pd.DataFrame, by: str | None, orders: int, seed: int):
    """Yield value, in which place each code was first met in each order (orders × codes), groups."""
    wanted = [None] if by is None else sorted(read[by].dropna().unique())
    for value in wanted:
        groups = pd.Index(
            sorted(read.loc[read[by] == value if by else slice(None), "group"].unique())
        )
        own = agreed[agreed["group"].isin(groups)].drop_duplicates(["group", "code"])
        column, codes = pd.factorize(own["code"], sort=True)
        places = np.random.default_rng(seed).permuted(
            np.tile(np.arange(len(groups)), (orders, 1)), axis=1
        )
        first = np.full((orders, len(codes)), len(groups))
        for code in range(len(codes)):
            having = groups.get_indexer(own["group"][column == code])
            first[:, code] = places[:, having].min(axis=1)
        yield value, first, len(groups)


def _known(first: np.ndarray, n_groups: int) -> np.ndarray:
    """Return how many codes are known after each number of groups: orders × groups."""
    return (first[:, None, :] <= np.arange(n_groups)[:, None]).sum(axis=2)


def _refusal(n_groups: int, n_codes: int, base: int, run: int) -> str:
    if n_groups < base + run:
        return f"มี {n_groups} กลุ่ม น้อยกว่าที่วิธีนี้ต้องใช้ (ฐาน {base} กลุ่ม และช่วงตรวจ {run} กลุ่ม)"
    return "" if n_codes else "ไม่มีรหัสที่ผู้ลงรหัสเห็นตรงกัน"


def _reached(
    first: np.ndarray, n_groups: int, base: int, run: int, threshold: float
) -> dict[str, float]:
    """Return the share of orders that reach saturation, and after how many groups."""
    known = _known(first, n_groups)
    before = known[:, base - 1 : n_groups - run]
    new = known[:, base - 1 + run :] - before
    enough = (new <= threshold * known[:, [base - 1]]) & (known[:, [base - 1]] > 0)
    reached = enough.any(axis=1)
    if not reached.any():
        return {"reached": 0.0}
    step = enough[reached].argmax(axis=1)
    low, after, high = np.percentile(base + step, [2.5, 50, 97.5])
    found = before[reached, step].mean() / first.shape[1]
    return {"reached": reached.mean(), "after": after, "after_low": low, "after_high": high} | {
        "found": found
    }


__getattr__, __dir__ = lazy.offered(__name__)
