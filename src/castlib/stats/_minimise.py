"""Boolean minimisation: prime implicants by Quine and McCluskey, and every smallest set that covers.

A term is (mask, value): the conditions that it names, as bits, and which of those are present.
"""

from functools import reduce

Term = tuple[int, int]


def covers(term: Term, row: int) -> bool:
    """Return whether a row of the truth table is an instance of the term."""
    return row & term[0] == term[1]


def prime_implicants(rows: set[int], k: int) -> list[Term]:
    """Return the shortest terms of k conditions that cover no other row than these."""
    current = {((1 << k) - 1, row) for row in rows}
    primes: set[Term] = set()
    while current:
        merged: set[Term] = set()
        used: set[Term] = set()
        for mask, value in current:
            for bit in (1 << i for i in range(k)):
                twin = (mask, value ^ bit)
                if mask & bit and twin in current:
                    merged.add((mask & ~bit, value & ~bit))
                    used |= {(mask, value), twin}
        primes |= current - used
        current = merged
    return sorted(primes, key=_order)


def smallest_covers(terms: list[Term], rows: set[int]) -> list[list[Term]]:
    """Return every set of as few terms as possible that covers the rows (QCA's minimal models)."""
    by_row = {row: [t for t in terms if covers(t, row)] for row in rows}
    for size in range(1, len(rows) + 1):
        found: set[frozenset[Term]] = set()
        _extend(frozenset(), set(rows), size, by_row, found)
        if found:
            return sorted(
                (sorted(model, key=_order) for model in found), key=lambda m: [_order(t) for t in m]
            )
    return []


def _extend(
    chosen: frozenset[Term],
    left: set[int],
    room: int,
    by_row: dict[int, list[Term]],
    found: set[frozenset[Term]],
) -> None:
    """Add to `found` the covers that begin with the chosen terms and have room for more."""
    if not left:
        found.add(chosen)
    elif room:
        hardest = min(left, key=lambda row: (len(by_row[row]), row))
        for term in by_row[hardest]:
            rest = {row for row in left if not covers(term, row)}
            _extend(chosen | {term}, rest, room - 1, by_row, found)


def between(complex_: list[Term], parsimonious: list[Term], expected: Term) -> list[Term]:
    """Return intermediate terms: complex ones without what theory does not expect to matter.

    From each complex term, a condition goes when no parsimonious term that it belongs to needs it and
    its state is against the expectation (`expected`: conditions with a direction, and which).
    """
    terms = set()
    for mask, value in complex_:
        for needed, state in parsimonious:
            if mask & needed == needed and value & needed == state:
                against = mask & expected[0] & (value ^ expected[1])
                kept = mask & ~against | needed
                terms.add((kept, value & kept))
    return sorted(terms, key=_order)


def covered(terms: list[Term], rows: set[int]) -> set[int]:
    """Return the rows that some term covers."""
    return reduce(set.union, ({r for r in rows if covers(t, r)} for t in terms), set())


def _order(term: Term) -> tuple[int, int, int]:
    """Sort terms: fewest conditions first, then as the conditions come."""
    return bin(term[0]).count("1"), -term[0], -term[1]
