"""How far coders agree on passages that they marked themselves: c-alpha, cu-alpha and Cu-alpha.

Everything is measured in characters of the segments that at least two coders read. Text that a coder
read and left uncoded is treated in two ways, and both are reported: in the binary c-alpha it is an
answer (not this code); in cu-alpha it is left out, so that long stretches nobody coded cannot raise it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError, check_code, some
from castlib.shown import Shown
from castlib.text import coding
from castlib.text.agreement import REPEATS, SEED, alphas, interval
from castlib.text.answers import coincidences

LEAST_GROUPS = 10


@dataclass(frozen=True, repr=False)
class Unitizing(Shown):
    """How far coders agree on passages, by code, by theme, and on which theme it is.

    Attributes
    ----------
    coders : tuple of str
    groups : int
        Focus groups and interviews that at least two coders read: what the intervals draw again.
    characters, uncoded : int
        Characters compared, and those of them that no coder gave any code.
    cu, cu_low, cu_high : float
        Cu-alpha: of the text that coders coded, whether they gave it the same themes.
    themes : pandas.DataFrame
        One row a theme that anybody gave, in the codebook's order: theme, characters, alpha (binary),
        alpha_low, alpha_high, cu (which of its codes), cu_low, cu_high.
    codes : pandas.DataFrame
        One row a code: theme, code, characters (that any coder gave it), alpha (binary), alpha_low,
        alpha_high, cu (this code, of what is coded in its theme), cu_low, cu_high.

    Intervals are nan when there are fewer than `LEAST_GROUPS` groups.
    """

    coders: tuple[str, ...]
    groups: int
    characters: int
    uncoded: int
    cu: float
    cu_low: float
    cu_high: float
    themes: pd.DataFrame
    codes: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"Unitizing({', '.join(self.coders)}: {self.characters:,} characters of "
            f"{self.groups} groups, Cu-alpha {self.cu:.3f})"
        )


def unitizing(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    parents: Mapping[str, str] | None = None,
    repeats: int = REPEATS,
    seed: int = SEED,
) -> Unitizing:
    """Return how far coders agree on the passages that they marked, with bootstrap intervals.

    Use it when coders choose where a passage begins and ends, as in Taguette, NVivo or ATLAS.ti. Where
    everybody codes whole segments `castlib.text.agreement.agreement` says it more plainly; here a long
    segment then only weighs more than a short one.

    Parameters
    ----------
    codings : pandas.DataFrame
        The checked table: segment, group, coder, code (missing = read, nothing to code), start, end
        (code points in the segment's text, end excluded).
    segments : pandas.DataFrame
        The checked table: segment, text.
    parents : mapping, optional
        The theme of each code, in the order of the tables; the codebook's when left out.
    repeats : int
        Bootstrap samples of groups.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Unitizing
        A coefficient is nan where it is undefined: nothing else was ever given, or nothing by two.

    Raises
    ------
    CastError
        A passage lies outside its segment, or no segment that two coders read has a code.
    UnknownCode
        A coding has a code without a theme.

    Notes
    -----
    Binary c-alpha: nominal alpha whose units are characters, with the values "has the code" and "has
    it not". It takes no account of a passage's characters being marked in one go.

    cu-alpha looks only at text that two coders coded within the theme. ℓ_k is the length of the
    passages with code k, each as far as others coded it too (over m − 1 when m coders read it); ℓ_kk
    the length on which two agree on k; ℓ the length of all, q_k and Q the sums of the passages' squared
    lengths, by which no passage is paired with itself. Of a theme and of one code in it:

        cu   = 1 − Σ_k (ℓ_k − ℓ_kk) / [ℓ Σ_k ℓ_k (ℓ − ℓ_k) / (ℓ² − Q)]
        cu_k = 1 − (ℓ_k − ℓ_kk) (ℓ_k ℓ − q_k) / [ℓ_k² (ℓ − ℓ_k)]

    When the codes of a theme exclude each other this is the published definition; when a passage has
    several, its value is the set of them and the difference of two sets the number of codes that one of
    them lacks. Cu-alpha is the same with themes for codes. Gaps that one coder left where another coded
    are disagreement in c-alpha, and not seen by cu-alpha: read the two together.

    Intervals are percentiles over groups drawn with replacement, not over segments or characters:
    passages of one conversation were marked by the same people one after the other, and a coder who
    marks generously does so in the whole of it.

    References
    ----------
    Krippendorff, Mathet, Bouvry & Widlöcher 2016, 10.1007/s11135-015-0266-1 · Krippendorff 2004,
    10.1007/s11135-004-8107-7 (several codes at once).

    Examples
    --------
    >>> said = pd.DataFrame({"segment": ["g:1"], "text": ["x" * 100]})
    >>> rows = [("x", "p", 0, 50), ("x", "q", 60, 90), ("y", "p", 0, 50), ("y", "q", 60, 80)]
    >>> given = pd.DataFrame(rows, columns=["coder", "code", "start", "end"])
    >>> found = unitizing(given.assign(segment="g:1", group="g"), said, {"p": "t", "q": "t"})
    >>> found.codes[["code", "characters", "alpha", "cu"]].round(2).values.tolist()
    [['p', 50, 1.0, 1.0], ['q', 30, 0.73, 1.0]]
    """
    theme_of = coding.themes() if parents is None else parents
    marks = _Marks.of(codings, segments)
    own = pd.Series({code: theme_of[check_code(code, theme_of, "รหัส")] for code in marks.codes})
    themes = [theme for theme in dict.fromkeys(theme_of.values()) if theme in set(own)]
    weights = _weights(len(marks.first), repeats, seed)
    carried = np.stack([marks.given[:, :, own == theme].any(axis=2) for theme in themes], axis=2)
    of_theme = np.empty((len(weights), len(themes)))
    of_code = np.empty((len(weights), len(own)))
    for number, theme in enumerate(themes):
        inside = (own == theme).to_numpy()
        found = _cu(marks, marks.given[:, :, inside], marks.cuts[:, :, inside], weights)
        of_theme[:, number], of_code[:, inside] = found
    between, _ = _cu(marks, carried, marks.cuts, weights)
    codes = pd.DataFrame({"theme": own.to_numpy(), "code": marks.codes})
    order = {code: place for place, code in enumerate(theme_of)}
    codes = codes.assign(**_columns(marks, marks.given, of_code, weights))
    return Unitizing(
        coders=marks.coders,
        groups=len(marks.first),
        characters=int(marks.length.sum()),
        uncoded=int(marks.length[~marks.given.any(axis=(1, 2))].sum()),
        **{name: float(value) for name, value in _named("cu", between, marks).items()},
        themes=pd.DataFrame({"theme": themes, **_columns(marks, carried, of_theme, weights)}),
        codes=codes.sort_values("code", key=lambda code: code.map(order), ignore_index=True),
    )


class _Marks(NamedTuple):
    """The texts cut wherever a passage begins or ends, so that no piece is marked in part.

    length (characters of each piece), given and cuts (pieces × coders × codes: carries the code; a
    passage with it begins or ends where the piece begins), read (pieces × coders), first (the first
    piece of each group).
    """

    coders: tuple[str, ...]
    codes: list[str]
    length: np.ndarray
    given: np.ndarray
    cuts: np.ndarray
    read: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, codings: pd.DataFrame, segments: pd.DataFrame) -> "_Marks":
        readers = codings.groupby("segment")["coder"].nunique()
        shared = codings[codings["segment"].map(readers) > 1].sort_values("group", kind="stable")
        _refuse(shared, segments)
        unit, names = pd.factorize(shared["segment"])
        coder, coders = pd.factorize(shared["coder"], sort=True)
        code, codes = pd.factorize(shared["code"], sort=True)
        ends = segments.set_index("segment")["text"].str.len().reindex(names).to_numpy()
        # a place is numbered through all texts; the last place of a text begins no piece
        before = np.concatenate([[0], np.cumsum(ends + 1)[:-1]])
        start, end = before[unit] + shared["start"], before[unit] + shared["end"]
        places = np.unique(np.concatenate([before, before + ends, start, end]))
        segment = np.searchsorted(before, places, side="right") - 1
        begins = places < (before + ends)[segment]
        low, high = (np.searchsorted(places[begins], at) for at in (start, end))
        shape = (begins.sum() + 1, len(coders), len(codes))
        opened, cuts = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=bool)
        has = code >= 0
        for at, step in ((low, 1), (high, -1)):
            np.add.at(opened, (at[has], coder[has], code[has]), step)
            cuts[at[has], coder[has], code[has]] = True
        cuts[np.searchsorted(places[begins], before)] = True
        seen = np.zeros((len(names), len(coders)), dtype=bool)
        seen[unit, coder] = True
        group = pd.factorize(shared["group"])[0][np.unique(unit, return_index=True)[1]]
        return cls(
            coders=tuple(coders),
            codes=list(codes),
            length=np.diff(places, append=0)[begins],
            given=opened.cumsum(axis=0)[:-1] > 0,
            cuts=cuts[:-1],
            read=seen[segment[begins]],
            first=np.unique(group[segment[begins]], return_index=True)[1],
        )

    def by_group(self, values: np.ndarray) -> np.ndarray:
        """Return the values of the pieces summed over each group."""
        return np.add.reduceat(values, self.first, axis=0)


def _refuse(shared: pd.DataFrame, segments: pd.DataFrame) -> None:
    """Raise for passages outside their segments, and where there is nothing to compare."""
    if shared["code"].isna().all():
        raise CastError("agreement needs segments that two coders read and that have codes")
    length = shared["segment"].map(segments.set_index("segment")["text"].str.len())
    inside = (shared["start"] >= 0) & (shared["start"] < shared["end"]) & (shared["end"] <= length)
    wrong = shared[shared["code"].notna() & ~inside]
    if len(wrong):
        places = zip(wrong["segment"], wrong["start"], wrong["end"], strict=True)
        told = some(f"{segment} {start}–{end}" for segment, start, end in places)
        raise CastError(f"passages must lie inside the text of their segment, and are not: {told}")


def _weights(groups: int, repeats: int, seed: int) -> np.ndarray:
    """Return how often each group counts: once in the first row, as drawn in the others."""
    random = np.random.default_rng(seed)
    drawn = random.multinomial(groups, np.full(groups, 1 / groups), size=repeats)
    return np.vstack([np.ones((1, groups), dtype=drawn.dtype), drawn])


def _cu(
    marks: _Marks, given: np.ndarray, cuts: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return cu of all values together (samples) and of each (samples × values).

    given: pieces × coders × values; cuts: pieces × coders × whatever may cut a passage of these values.
    """
    coded = given.any(axis=2)
    others = coded.sum(axis=1, keepdims=True) - coded
    share = marks.length / (marks.read.sum(axis=1) - 1)
    pairable = coded * others * share[:, None]
    many = given.sum(axis=1)
    passage = np.cumsum(cuts.any(axis=2), axis=0) - 1
    squares = np.zeros(given.shape)
    whole = np.zeros(given.shape[:2])
    for coder, number in enumerate(passage.T):
        start = np.flatnonzero(np.diff(number, prepend=-1))
        squared = np.bincount(number, pairable[:, coder]) ** 2
        whole[start, coder] = squared
        squares[start, coder] = squared[:, None] * given[start, coder]
    sums = [
        (pairable[:, :, None] * given).sum(axis=1),
        many * (many - 1) * share[:, None],
        squares.sum(axis=1),
        pairable.sum(axis=1),
        whole.sum(axis=1),
    ]
    own, both, own_squared, all_, all_squared = (weights @ marks.by_group(part) for part in sums)
    apart, total = own - both, all_[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = (own * (total - own)).sum(axis=1)
        together = 1 - apart.sum(axis=1) * (all_**2 - all_squared) / (all_ * chance)
        each = 1 - apart * (own * total - own_squared) / (own**2 * (total - own))
    return (
        np.where(np.isfinite(together), together, np.nan),
        np.where(np.isfinite(each), each, np.nan),
    )


def _columns(
    marks: _Marks, given: np.ndarray, cu: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the columns of the table of codes or of themes."""
    together = coincidences(given, marks.read) * marks.length[:, None, None]
    each, _ = alphas(np.tensordot(weights, marks.by_group(together), axes=1))
    marked = (given.any(axis=1) * marks.length[:, None]).sum(axis=0)
    return {"characters": marked} | _named("alpha", each, marks) | _named("cu", cu, marks)


def _named(name: str, samples: np.ndarray, marks: _Marks) -> dict[str, np.ndarray]:
    """Return the estimate (first sample) and the ends of its interval (the others)."""
    drawn = samples[1:] if len(marks.first) >= LEAST_GROUPS else np.full_like(samples[1:], np.nan)
    return {name: samples[0], **interval(name, drawn)}


__getattr__, __dir__ = lazy.offered(__name__)
