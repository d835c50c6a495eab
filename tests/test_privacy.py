import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from castlib import privacy


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_small_count_is_shown_or_can_be_subtracted(counts):
    shown = privacy.suppress(pd.Series(counts))
    kept = shown.dropna()
    assert not ((kept > 0) & (kept < privacy.LIMIT)).any()
    hidden = sum(counts) - int(kept.sum())
    others = [count for count in counts if count > 0]
    if shown.isna().sum() == 1:
        # one cell alone is withheld only where no other could go with it
        assert others == [hidden]


def test_the_frame_given_is_not_changed():
    counts = pd.Series([3, 20])
    privacy.suppress(counts)
    assert counts.tolist() == [3, 20]
