from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import UnknownCode
from castlib.text import coding
from castlib.text.matrices import by_region, co_occurrence

NETWORK, WATER = "driver_network", "obstacle_water"


def test_a_code_is_counted_by_groups_of_its_region(codings, segments):
    said = segments(
        ("a1", "1", "x"), ("a1", "1", "y"), ("a2", "1", "x"), ("b1", "1", "x"), ("s1", "1", "x")
    )
    rows = [("a1:1", "c", NETWORK), ("a1:2", "c", NETWORK), ("a2:1", "c", ""), ("b1:1", "c", WATER)]
    matrix, groups = by_region(codings(*rows, ("s1:1", "c", WATER)), said)
    assert groups.to_dict() == {"north-upper-1": 2, "south-gulf": 1}
    assert matrix.loc[NETWORK].tolist() == [1, 0]
    assert matrix.loc[WATER].tolist() == [0, 1]
    book = coding.codebook()
    assert matrix.index.tolist() == book.loc[book["parent"] != "", "code"].tolist()
    with pytest.raises(UnknownCode):
        by_region(codings(("a1:1", "c", "zz")), said)


def test_pairs_are_counted_in_segments_and_in_groups(codings):
    rows = [("a1:1", "c", "p;q"), ("a1:2", "c", "p;q"), ("a2:1", "c", "p"), ("a2:2", "c", "q;r")]
    found = co_occurrence(codings(*rows)).set_index(["code_a", "code_b"])
    columns = ["segments", "segments_jaccard", "said_together", "groups", "groups_jaccard"]
    assert found.loc[("p", "q"), columns].tolist() == [2, 0.5, 1, 2, 1.0]
    assert found.loc[("q", "r"), columns].tolist() == [1, pytest.approx(1 / 3), 1, 1, 0.5]
    assert found.loc[("p", "r"), columns].tolist() == [0, 0.0, 0, 1, 0.5]


def test_what_the_readers_did_not_agree_on_is_left_out(codings):
    rows = [("a1:1", "c", "p;q"), ("a1:1", "d", "p"), ("a1:2", "c", "r")]
    assert co_occurrence(codings(*rows))[["code_a", "code_b"]].to_numpy().tolist() == [["p", "r"]]
    assert co_occurrence(codings(("a1:1", "c", "p"))).empty
    assert co_occurrence(codings(("a1:1", "c", ""))).empty


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["a1", "a2", "b1"]), st.integers(1, 3)),
        st.sets(st.sampled_from("pqrs"), min_size=1),
        min_size=1,
    )
)
def test_every_pair_is_counted_out(codings, said):
    rows = [
        (f"{group}:{turn}", "c", ";".join(sorted(codes))) for (group, turn), codes in said.items()
    ]
    found = co_occurrence(codings(*rows)).set_index(["code_a", "code_b"])
    in_group = {}
    for (group, _), codes in said.items():
        in_group[group] = in_group.get(group, set()) | codes
    expected = 0
    for a, b in combinations("pqrs", 2):
        shared = [codes for codes in in_group.values() if {a, b} <= codes]
        if not shared:
            assert (a, b) not in found.index
            continue
        expected += 1
        both = [key for key, codes in said.items() if {a, b} <= codes]
        either = [key for key, codes in said.items() if {a, b} & codes]
        row = found.loc[(a, b)]
        assert (row["segments"], row["groups"]) == (len(both), len(shared))
        assert row["said_together"] == len({group for group, _ in both})
        assert np.isclose(row["segments_jaccard"], len(both) / len(either))
        assert np.isclose(
            row["groups_jaccard"],
            len(shared) / sum(bool({a, b} & codes) for codes in in_group.values()),
        )
    assert len(found) == expected
