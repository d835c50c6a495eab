"""What may leave the study's tables: small cells stay in.

A district's ten people are a small cell, so districts appear as a position and as shrunken estimates,
never as percentages; and in any table of counts a cell under the limit is withheld, with a second one
where subtraction from the total would give the first away.
"""

import pandas as pd

LIMIT = 5


def suppress(counts: pd.Series, limit: int = LIMIT) -> pd.Series:
    """Return one-way counts with small ones missing, primary and secondary.

    A count from 1 to `limit` - 1 is withheld. When only one cell of the table is withheld, the
    smallest other count that is not zero goes with it, because the total would reveal the first.

    Parameters
    ----------
    counts : Series of int
        The cells of one table whose total is shown.
    limit : int
        The smallest count that may be shown.

    Returns
    -------
    Series of nullable integers
        Missing where withheld; zeros are shown.

    Examples
    --------
    >>> suppress(pd.Series({"a": 3, "b": 20, "c": 7})).isna().tolist()
    [True, False, True]
    >>> suppress(pd.Series({"a": 12, "b": 20})).tolist()
    [12, 20]
    """
    shown = counts.astype("Int64")
    hidden = (counts > 0) & (counts < limit)
    rest = counts[~hidden & (counts > 0)]
    if hidden.sum() == 1 and len(rest):
        hidden[rest.idxmin()] = True
    return shown.mask(hidden)
