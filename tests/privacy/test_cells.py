import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from castlib.privacy import cells

count = st.one_of(st.integers(0, 7), st.integers(0, 40))


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_small_count_is_shown_or_can_be_subtracted(counts):
    shown = cells.suppress(pd.Series(counts))
    kept = shown.dropna()
    assert not ((kept > 0) & (kept < cells.LIMIT)).any()
    hidden = sum(counts) - int(kept.sum())
    others = [count for count in counts if count > 0]
    if shown.isna().sum() == 1 or 0 < hidden < cells.LIMIT:
        # one alone, or fewer than the limit together, only where no other could go with them
        assert hidden == sum(others)


def test_two_that_a_total_would_give_away_take_a_third():
    assert cells.suppress(pd.Series([1, 1, 9, 30])).isna().tolist() == [True, True, True, False]


def test_the_frame_given_is_not_changed():
    counts = pd.Series([3, 20])
    cells.suppress(counts)
    assert counts.tolist() == [3, 20]


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    values = draw(st.lists(count, min_size=rows * columns, max_size=rows * columns))
    return pd.DataFrame(np.reshape(values, (rows, columns)))


def attack(shown):
    """Return the bounds of each withheld cell, from what is shown and that totals are totals.

    The unknowns are all cells, totals among them; the inner ones are not negative. Whole-number
    bounds: a table's sums are totally unimodular, so the programme's corners are whole numbers.
    """
    rows, columns = shown.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    lines, right = [], []
    for line in [*number, *number.T]:
        tie = np.zeros(number.size)
        tie[line[:-1]], tie[line[-1]] = 1, -1
        lines.append(tie)
        right.append(0)
    for cell, value in zip(number.ravel(), shown.to_numpy(dtype=object).ravel(), strict=True):
        if not pd.isna(value):
            lines.append(np.eye(number.size)[cell])
            right.append(int(value))
    found = {}
    for cell in number.ravel()[shown.isna().to_numpy().ravel()]:
        ends = []
        for sign in (1, -1):
            aim = sign * np.eye(number.size)[cell]
            solved = linprog(aim, A_eq=np.array(lines), b_eq=right, bounds=(0, None))
            assert solved.status in (0, 3)
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        found[divmod(int(cell), columns)] = tuple(ends)
    return found


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_withheld_cell_of_a_table_can_be_narrowed_below_the_limit(counts):
    shown = cells.suppress_table(counts)
    whole = counts.assign(total=counts.sum(axis=1))
    whole.loc["total"] = whole.sum()
    kept = shown.notna().to_numpy()
    # what is shown is true and not small
    assert (shown.to_numpy(dtype=object)[kept] == whole.to_numpy()[kept]).all()
    assert not ((whole > 0) & (whole < cells.LIMIT)).to_numpy()[kept].any()
    for (row, column), (low, high) in attack(shown).items():
        assert low - 1e-6 <= whole.iloc[row, column] <= high + 1e-6
        assert high - low >= cells.LIMIT - 1e-6


@settings(max_examples=60, deadline=None)
@given(tables())
def test_nothing_is_withheld_where_nothing_is_small(counts):
    large = counts.where(counts == 0, counts + cells.LIMIT)
    assert cells.suppress_table(large).notna().all(axis=None)


def test_not_much_more_is_withheld_than_must_be():
    rng = np.random.default_rng(5)
    small = hidden = 0
    for _ in range(20):
        counts = pd.DataFrame(rng.poisson(8, (18, 5)))
        small += int(((counts > 0) & (counts < cells.LIMIT)).sum().sum())
        hidden += int(cells.suppress_table(counts).isna().sum().sum())
    assert small < hidden <= 2 * small + 40


def test_small_totals_are_withheld_too():
    shown = cells.suppress_table(pd.DataFrame({"f": [2, 30, 20], "m": [1, 25, 40]}))
    assert pd.isna(shown.loc[0, "total"])
    assert shown.loc["total", "total"] == 118


def test_tables_with_a_common_margin_are_protected_together():
    # each table alone would show 3 of a row's 23 by what it shows of the margin
    system = cells.Published()
    small, large, size = system.cell(3), system.cell(20), system.cell(23, total=True)
    halves = [system.cell(11), system.cell(12)]
    system.tie([small, large], size)
    system.tie(halves, size)
    assert system.protect() == {small, large}
    # what is known anyway cannot be withheld
    known = cells.Published()
    small, large = known.cell(3), known.fixed(20)
    known.tie([small, large], known.fixed(23))
    with pytest.raises(cells.Unprotectable, match="ปกปิด"):
        known.protect()
    assert cells.Unprotectable.exit_code == 1


def test_a_count_that_cannot_be_wider_is_as_wide_as_it_can():
    # two of three groups: everybody knows that there are three
    system = cells.Published()
    yes, no = system.cell(2, most=3), system.cell(1, most=3)
    system.tie([yes, no], None)
    assert system.protect() == {yes, no}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1.0, None])), max_size=12))
def test_k_is_the_size_of_the_smallest_class(rows):
    frame = pd.DataFrame(rows, columns=["a", "b"])
    sizes = [rows.count(row) for row in rows]
    assert cells.k_anonymity(frame, ["a", "b"]) == (min(sizes) if sizes else 0)
    assert cells.class_sizes(frame, ["a", "b"]).tolist() == sizes
