import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from castlib.privacy import cells


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_small_count_is_shown_or_can_be_subtracted(counts):
    shown = cells.suppress(pd.Series(counts))
    kept = shown.dropna()
    assert not ((kept > 0) & (kept < cells.LIMIT)).any()
    hidden = sum(counts) - int(kept.sum())
    others = [count for count in counts if count > 0]
    if shown.isna().sum() == 1:
        # one cell alone is withheld only where no other could go with it
        assert others == [hidden]


def test_the_frame_given_is_not_changed():
    counts = pd.Series([3, 20])
    cells.suppress(counts)
    assert counts.tolist() == [3, 20]
