"""Which codes were raised where, and which are raised together."""

import pandas as pd

from castlib import lazy
from castlib.text import coding

PAIR = ["code_a", "code_b"]


def by_region(
    codings: pd.DataFrame, segments: pd.DataFrame, by: str = "cluster"
) -> tuple[pd.DataFrame, pd.Series]:
    """Return in how many groups of each region each code was agreed on, and how many were read.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        The checked tables. Rows without a region (staff, partners, executives) are left out.
    by : str
        "cluster" or "province".

    Returns
    -------
    matrix : pandas.DataFrame
        Codes (without themes, in the codebook's order) × regions: groups.
    groups : pandas.Series
        Groups read in each region. A share is `matrix / groups`, 0–1; with the three to six groups of a
        cluster it says little by itself.

    Raises
    ------
    UnknownCode
        A coding has a code that is not in the codebook, or there is no such column.
    """
    found = coding.prevalence(codings, segments, by=by)
    leaves = found[found["parent"] != ""]
    matrix = leaves.pivot(index="code", columns=by, values="groups")
    return matrix.loc[leaves["code"].unique()], found.groupby(by)["of_groups"].first()


def co_occurrence(codings: pd.DataFrame) -> pd.DataFrame:
    """Return how often two codes are agreed on in one segment, and in one group.

    That two codes go together does not say that one brings the other about. A long conversation comes
    to nearly everything: two codes that share a group may have nothing to do with each other, two that
    share segments more likely have.

    Parameters
    ----------
    codings : pandas.DataFrame
        The checked table. What not every reader gave is left out (`castlib.text.coding.consensus`).

    Returns
    -------
    pandas.DataFrame
        One row a pair of codes that share a group, those that share most segments first:

        - code_a, code_b: in alphabetical order
        - segments: that carry both; segments_jaccard: of those that carry either, 0–1
        - said_together: groups in which a segment carries both
        - groups: in which both are raised, anywhere; groups_jaccard: of those that raise either, 0–1

    Notes
    -----
    Jaccard's coefficient |A ∩ B| / |A ∪ B| (Jaccard 1912, 10.1111/j.1469-8137.1912.tb05611.x). What
    carries neither code is not in it.

    Examples
    --------
    >>> place = {"kind": "participants", "province": "TH-50", "cluster": "x", "coder": "a"}
    >>> rows = [("g:1", "g", "p"), ("g:1", "g", "q"), ("g:2", "g", "p"), ("h:1", "h", "q")]
    >>> codings = pd.DataFrame(rows, columns=["segment", "group", "code"]).assign(**place)
    >>> co_occurrence(codings)[["code_a", "code_b", "segments", "groups"]].values.tolist()
    [['p', 'q', 1, 1]]
    """
    agreed = coding.consensus(codings)[["segment", "group", "code"]]
    pairs = {unit: _pairs(agreed, unit) for unit in ("segment", "group")}
    together = pairs["segment"].groupby(PAIR)["group"].nunique().rename("said_together")
    found = _counted(agreed, pairs["group"], "group")
    found = found.join(_counted(agreed, pairs["segment"], "segment")).join(together)
    counts = ["segments", "said_together", "groups"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["segments_jaccard"] = found["segments_jaccard"].fillna(0.0)
    columns = [*PAIR, "segments", "segments_jaccard", "said_together", "groups", "groups_jaccard"]
    found = found.reset_index()[columns]
    order = ["segments", "groups", *PAIR]
    return found.sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def _pairs(agreed: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return each unit and pair of codes in it, once."""
    each = agreed[list(dict.fromkeys([unit, "group", "code"]))].drop_duplicates()
    keys = [column for column in each if column != "code"]
    both = each.merge(each, on=keys, suffixes=("_a", "_b"))
    return both[both["code_a"] < both["code_b"]]


def _counted(agreed: pd.DataFrame, pairs: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return for each pair in how many units both are, and Jaccard's coefficient."""
    alone = agreed.groupby("code")[unit].nunique()
    both = pairs.groupby(PAIR).size()
    either = alone.reindex(both.index.get_level_values("code_a")).to_numpy()
    either = either + alone.reindex(both.index.get_level_values("code_b")).to_numpy() - both
    return pd.DataFrame({f"{unit}s": both, f"{unit}s_jaccard": both / either})


__getattr__, __dir__ = lazy.offered(__name__)
