"""The text of a factor model, in lavaan's syntax: what loads on which factor, and what covaries."""

import re
from dataclasses import dataclass, field
from itertools import combinations

from castlib.errors import CastError, some

Mark = float | str  # a fixed value, or the parameter's name
MARK = r"start\([^()]*\)|[^\s:<>|(),\"']+"


@dataclass(frozen=True)
class Structure:
    """What loads on which factor, and what covaries."""

    items: list[str] = field(default_factory=list)
    factors: list[str] = field(default_factory=list)
    loadings: dict[tuple[str, str], Mark] = field(default_factory=dict)
    covariances: dict[tuple[str, str], Mark] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Items, then factors: the order of the matrices."""
        return self.items + self.factors

    def indicators(self, factor: str) -> list[str]:
        """Return what loads on a factor."""
        return [to for to, by in self.loadings if by == factor]


def read(text: str) -> Structure:
    """Return the structure of a model in lavaan's syntax (=~ and ~~), completed as lavaan::cfa does.

    >>> found = read("one =~ a + b; two =~ c + d")
    >>> found.loadings["a", "one"], found.loadings["b", "one"], found.covariances["one", "two"]
    (1.0, 'b =~ one', 'one ~~ two')
    """
    if not isinstance(text, str):
        raise CastError(f"a factor model is a text, a {type(text).__name__} was given")
    found = Structure()
    written = [_statement(line) for line in _lines(text)]
    found.factors.extend(dict.fromkeys(left for left, sign, _ in written if sign == "=~"))
    if not found.factors:
        raise CastError("the factor model names no factor; write: factor =~ item1 + item2 + item3")
    for left, sign, terms in written:
        for name, mark in terms:
            known = found.loadings if sign == "=~" else found.covariances
            pair = (name, left) if sign == "=~" else tuple(sorted((name, left)))
            if pair in known or (sign == "=~" and name == left):
                raise CastError(
                    f"the factor model says twice how {name!r} and {left!r} go together"
                )
            known[pair] = mark
    found.items.extend(dict.fromkeys(to for to, _ in found.loadings if to not in found.factors))
    strange = {name for pair in found.covariances for name in pair} - set(found.names)
    if strange:
        raise CastError(
            f"these covary in the factor model but load on none: {some(sorted(strange))}"
        )
    _complete(found)
    return found


def _lines(text: str) -> list[str]:
    """Return the statements of a model: without comments, each on one line."""
    text = re.sub(r"[#!].*", "", text)
    text = re.sub(r"([+~*])\s*\n\s*", r"\1 ", text)
    text = re.sub(r"\s*\n\s*\+", " +", text)
    return [line.strip() for line in re.split(r"[\n;]", text) if line.strip()]


def _statement(line: str) -> tuple[str, str, list[tuple[str, Mark]]]:
    """Return left side, sign and terms (name, mark) of a statement."""
    found = re.fullmatch(r"([^\s~=+*]+)\s*(=~|~~)\s*([^~=]+)", line)
    terms = (
        [[part.strip() for part in term.split("*")] for term in found[3].split("+")]
        if found
        else []
    )
    if not terms or not all(
        len(t) < 3 and re.fullmatch(r"[^\s:<>|()]+", t[-1]) and re.fullmatch(MARK, t[0])
        for t in terms
    ):
        raise CastError(
            f"the factor model's line {line!r} could not be read; write one line a factor, "
            "such as: factor =~ item1 + item2 + item3, and item1 ~~ item2 for a covariance"
        )
    return found[1], found[2], [(t[-1], _mark(t[0]) if len(t) == 2 else "") for t in terms]


def _mark(text: str) -> Mark:
    """Return a fixed value as a number, a parameter's name as it is written, nothing of a start."""
    if text.startswith("start("):
        return ""
    try:
        return float(text) if text != "NA" else "NA"
    except ValueError:
        return text


def _complete(found: Structure) -> None:
    """Fix each factor's unit by its first indicator; free variances and covariances of factors."""
    for factor in found.factors:
        first = found.indicators(factor)[0]
        mark = found.loadings[first, factor]
        if isinstance(mark, str) and mark != "NA":
            alike = [path for path, own in found.loadings.items() if mark and own == mark]
            found.loadings.update(dict.fromkeys([(first, factor), *alike], 1.0))
    lower = {to for to, _ in found.loadings}
    alone = {found.indicators(f)[0] for f in found.factors if len(found.indicators(f)) == 1}
    for name in found.names:
        found.covariances.setdefault((name, name), 0.0 if name in alone else "")
    for pair in combinations(sorted(f for f in found.factors if f not in lower), 2):
        found.covariances.setdefault(pair, "")
    for sign, marks in (("=~", found.loadings), ("~~", found.covariances)):
        for (to, by), mark in marks.items():
            marks[to, by] = f"{to} {sign} {by}" if mark in ("", "NA") else mark
