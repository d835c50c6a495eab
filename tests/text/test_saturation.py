from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib.text.saturation import curve, saturation

SAID = {"a": "pq", "b": "p", "c": "qr", "d": "p", "e": "ps", "f": "q", "g": "", "h": "t"}


def tables(said):
    agreed = pd.DataFrame(
        [(g, c) for g, codes in said.items() for c in codes], columns=["group", "code"]
    )
    read = pd.DataFrame({"group": list(said) * 2})
    return agreed.assign(kind="participants"), read.assign(kind="participants")


def by_the_book(order, base, run, threshold):
    """The procedure as it is described: base, then overlapping runs, one group further each time."""
    known = set().union(*(SAID[g] for g in order[:base]))
    size = len(known)
    for after in range(base, len(order) - run + 1):
        before = set().union(*(SAID[g] for g in order[:after]))
        new = set().union(*(SAID[g] for g in order[after : after + run])) - before
        if size and len(new) / size <= threshold:
            return after
    return None


@pytest.mark.parametrize(
    ("base", "run", "threshold"), [(2, 2, 0.0), (3, 2, 0.05), (3, 2, 0.34), (2, 3, 0.5)]
)
def test_agrees_with_every_order_counted_out(base, run, threshold):
    everywhere = [by_the_book(order, base, run, threshold) for order in permutations(SAID)]
    found = saturation(*tables(SAID), base=base, run=run, threshold=threshold, orders=20_000).iloc[
        0
    ]
    reached = [after for after in everywhere if after is not None]
    assert found["reached"] == pytest.approx(len(reached) / len(everywhere), abs=0.015)
    assert found["after"] == np.median(reached)
    assert (found["groups"], found["codes"], found["reason"]) == (8, 5, "")


def test_never_reached():
    said = {f"g{i}": str(i) for i in range(8)}
    agreed, read = tables(said)
    agreed["code"] = agreed["group"]
    found = saturation(agreed, read).iloc[0]
    assert found["reached"] == 0
    assert np.isnan(found["after"])
    assert found["reason"] == ""


def test_too_few_groups_are_refused_with_a_reason():
    few = {g: SAID[g] for g in "abcde"}
    found = saturation(*tables(few)).iloc[0]
    assert "มี 5 กลุ่ม" in found["reason"]
    assert np.isnan(found["reached"])
    agreed, read = tables(SAID)
    assert "ไม่มีรหัส" in saturation(agreed.head(0), read).loc[0, "reason"]


def test_each_kind_by_itself():
    agreed, read = tables(SAID)
    more = [frame.assign(group=frame["group"] + "2", kind="staff") for frame in (agreed, read)]
    both = [pd.concat(pair) for pair in zip((agreed, read), more, strict=True)]
    found = saturation(*both, by="kind", base=3)
    assert found["kind"].tolist() == ["participants", "staff"]
    assert found.loc[0, "after"] == found.loc[1, "after"]
    assert found.loc[0, "groups"] == 8


def test_same_seed_same_answer():
    one, two, other = (
        saturation(*tables(SAID), base=2, seed=seed, orders=50) for seed in (1, 1, 2)
    )
    assert one.equals(two)
    assert not one.equals(other)


def test_curve_ends_with_every_code():
    found = curve(*tables(SAID))
    assert found["group_number"].tolist() == list(range(1, 9))
    assert found["codes"].iloc[-1] == found["of_codes"].iloc[-1] == 5
    assert found["codes"].iloc[0] == pytest.approx(
        np.mean([len(c) for c in SAID.values()]), abs=0.1
    )
    assert found["new"].sum() == pytest.approx(5)


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.text("pqrst", max_size=4), min_size=1))
def test_curve_never_falls(said):
    found = curve(*tables(said), orders=20)
    assert (found["codes"].diff().dropna() >= 0).all()
    assert (found["codes_low"] <= found["codes"] + 1e-9).all()
    assert (found["codes"] <= found["codes_high"] + 1e-9).all()
