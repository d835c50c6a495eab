"""What every analysis asks of its data: columns that exist, numbers, enough rows, something that varies."""

from collections.abc import Hashable, Sequence
from numbers import Real

import numpy as np
import pandas as pd

from castlib.errors import CastError, nearest, some

LARGEST = 1e100  # squares and their sums stay numbers


def plain(data: pd.DataFrame) -> pd.DataFrame:
    """Return the data with rows numbered from 0, refusing what is no DataFrame."""
    if not isinstance(data, pd.DataFrame):
        raise CastError(f"a DataFrame was expected, a {type(data).__name__} was given")
    return data.reset_index(drop=True)


def existing(data: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the names as a list if every one is a column, once; otherwise raise naming the nearest.

    A text is the name of one column.
    """
    if not isinstance(data, pd.DataFrame):
        raise CastError(f"a DataFrame was expected, a {type(data).__name__} was given")
    if names is None:
        raise CastError("a list of columns was expected, None was given")
    names = [names] if isinstance(names, str) else list(names)
    lists = [name for name in names if not isinstance(name, Hashable)]
    if lists:
        raise CastError(f"the name of one column was expected, given: {some(lists)}")
    if len(set(names)) < len(names):
        raise CastError(f"a column was given twice: {some(n for n in names if names.count(n) > 1)}")
    for name in names:
        if name not in data.columns:
            like = nearest(name, [str(c) for c in data.columns])
            hint = f"did you mean {like!r}?" if like else f"the columns are {some(data.columns)}"
            raise CastError(f"the data has no column {name!r}; {hint}")
    several = {name for name in data.columns[data.columns.duplicated()] if name in names}
    if several:
        raise CastError(
            f"more than one column of the data is named: {some(sorted(several, key=str))}"
        )
    return names


def numbers(
    data: pd.DataFrame,
    names: Sequence[str] | None = None,
    *,
    least: int = 3,
    complete: bool = True,
    varying: bool = True,
) -> pd.DataFrame:
    """Return columns as floats, rows complete in all of them, refusing what nothing can be computed from.

    >>> numbers(pd.DataFrame({"a": [1, 2, None, 4], "b": [2, 2, 5, 1]})).shape
    (3, 2)
    """
    names = existing(data, getattr(data, "columns", ()) if names is None else names)
    if not names:
        raise CastError("no column was given; at least one is needed")
    text = [name for name in names if not _numeric(data[name])]
    if text:
        raise CastError(f"numbers were expected, text was found in: {some(text)}")
    values = np.column_stack([data[n].to_numpy(dtype=float, na_value=np.nan) for n in names])
    frame = pd.DataFrame(values, columns=names, index=data.index)
    _refuse(np.isinf(values).any(axis=0), names, "infinite values in")
    _refuse((np.abs(values) > LARGEST).any(axis=0), names, f"values beyond {LARGEST:g} in")
    _refuse(np.isnan(values).all(axis=0), names, "no answer at all in")
    if complete:
        frame = frame.dropna()
    rows = len(frame) if complete else int(frame.notna().sum().min())
    if rows < least:
        raise CastError(
            f"{rows} of {len(data)} rows are complete in {some(names)}; at least {least} are needed"
        )
    if varying:
        spread = (frame.max() - frame.min()).to_numpy()
        scale = frame.abs().max().to_numpy()
        same = spread <= np.maximum(1e-12 * scale, 1 / LARGEST)
        _refuse(same, names, "every answer is the same in")
    return frame


def _numeric(column: pd.Series) -> bool:
    """Return whether a column holds real numbers (or truth values); figures written as text do not count."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _numeric(column.cat.categories.to_series())
    if pd.api.types.is_numeric_dtype(column):
        return not pd.api.types.is_complex_dtype(column)
    return column.dtype == object and all(
        isinstance(value, Real | np.bool_) for value in column.dropna()
    )


def _refuse(bad: np.ndarray, names: list[str], what: str) -> None:
    """Raise naming the columns that are bad."""
    if bad.any():
        raise CastError(f"{what}: {some(n for n, b in zip(names, bad, strict=True) if b)}")


def labels(data: pd.DataFrame, name: str) -> pd.Series:
    """Return a grouping column, refusing one with no value in it."""
    existing(data, [name])
    if data[name].isna().all():
        raise CastError(f"the grouping column {name!r} has no value at all")
    return data[name]


def clusters_of(cluster: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Return each row's cluster by position, refusing clusters that are not those of the rows."""
    if not isinstance(cluster, pd.Series) or not cluster.index.equals(frame.index):
        raise CastError("the clusters' index is not that of the answers; take both from one frame")
    return labels(cluster.to_frame("cluster"), "cluster").reset_index(drop=True)


def whole(what: str, value: object, least: int) -> int:
    """Return a count as an int, refusing what is no whole number or too small.

    >>> whole("n_iter", 100.0, least=20)
    100
    """
    if not isinstance(value, Real) or value != value // 1 or value < least:
        raise CastError(f"{what} is a whole number of {least} or more; {value!r} was given")
    return int(value)


def finite(what: str, *values: object) -> None:
    """Raise if a result is not a number: a silent NaN is never returned."""
    for value in values:
        if not np.all(np.isfinite(np.asarray(value, dtype=float))):
            raise CastError(
                f"{what} cannot be computed from these data: the result is not a number"
            )
