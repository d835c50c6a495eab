from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from castlib.errors import CastError
from castlib.text import frequency, words
from castlib.text.collocations import collocations

STOCK = ["น้ำ", "ถนน", "ตลาด", "ป่า", "ครู"]
SAID = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "b1"]), st.sampled_from("12"), st.lists(st.sampled_from(STOCK))
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(SAID, st.integers(1, 4))
def test_pairs_are_those_of_a_plain_loop(segments, said, window):
    frame = segments(*((group, speaker, " ".join(text)) for group, speaker, text in said))
    pairs = [
        (text[i], text[j], group, (group, speaker))
        for group, speaker, text in said
        for i, j in combinations(range(len(text)), 2)
        if j - i <= window
    ]
    n = Counter((a, b) for a, b, *_ in pairs)
    found = collocations(frequency.count(frame), window, min_n=1, min_groups=1)
    for row in found.itertuples():
        own = [pair for pair in pairs if pair[:2] == (row.word, row.follower)]
        assert row.n == n[row.word, row.follower]
        assert row.n_word == sum(pair[0] == row.word for pair in pairs)
        assert row.n_follower == sum(pair[1] == row.follower for pair in pairs)
        assert row.groups == len({pair[2] for pair in own})
        assert row.people == len({pair[3] for pair in own})
        assert row.of_n == len(pairs)
        assert row.n * row.of_n > row.n_word * row.n_follower
        assert row.log_dice <= 14
    assert set(found["of_groups"]) <= {len({group for group, *_ in said})}


def test_g2_equals_an_independent_computation(segments, messages):
    rows = [(f"a{i % 9}", str(i), text) for i, text in enumerate(messages("neg")[:2000])]
    found = collocations(frequency.count(segments(*rows)), min_n=8)
    assert len(found) > 40
    for row in found.itertuples():
        own, rest = row.n_word - row.n, row.n_follower - row.n
        table = [[row.n, own], [rest, row.of_n - row.n - own - rest]]
        g2 = chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
        assert row.g2 == pytest.approx(g2, rel=1e-8)
        assert row.log_dice == pytest.approx(
            14 + np.log2(2 * row.n / (row.n_word + row.n_follower))
        )
    assert (found["groups"] >= 2).all()
    assert found["log_dice"].is_monotonic_decreasing


def test_pairs_do_not_cross_segments_nor_take_in_pseudonyms(segments):
    rows = [
        ("a1", "1", "น้ำ"),
        ("a1", "1", "ถนน [บุคคล:7f3a2c] ตลาด"),
        ("a2", "1", "ถนน ตลาด และ ป่า"),
    ]
    found = collocations(frequency.count(segments(*rows)), window=1, min_n=1, min_groups=1)
    pairs = set(zip(found["word"], found["follower"], strict=True))
    assert pairs == {("ถนน", "ตลาด"), ("ตลาด", "ป่า")}
    assert words.content("[บุคคล:7f3a2c]") == []


def test_nothing_said_is_an_empty_table_and_no_window_is_refused(segments):
    nothing = frequency.count(segments(("a1", "1", "๑๐")))
    assert collocations(nothing).empty
    with pytest.raises(CastError, match="at least one word"):
        collocations(nothing, window=0)
