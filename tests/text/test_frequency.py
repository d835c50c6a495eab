import numpy as np
import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests

from castlib.errors import CastError, UnknownCode
from castlib.text import frequency

# groups a1, a2, b1, s1 said 6, 2, 3 and 1 of the 12 words
DP_MARKET = (6 / 12 + abs(1 / 4 - 2 / 12) + abs(2 / 4 - 3 / 12) + abs(1 / 4 - 1 / 12)) / 2 * 12 / 11
DP_ROAD = (abs(2 / 3 - 6 / 12) + 2 / 12 + abs(1 / 3 - 3 / 12) + 1 / 12) / 2 * 12 / 11


@pytest.fixture(scope="module")
def few(segments):
    return segments(
        ("a1", "1", "น้ำท่วม น้ำท่วม น้ำท่วม ถนน"),
        ("a1", "1", "น้ำท่วม"),
        ("a1", "2", "ถนน"),
        ("a2", "1", "น้ำท่วม ตลาด"),
        ("b1", "1", "ตลาด ตลาด ถนน"),
        ("s1", "1", "ตลาด"),
    )


@pytest.fixture(scope="module")
def many(segments, messages):
    texts = [("a", text) for text in messages("neg")] + [("b", text) for text in messages("pos")]
    return segments(*((f"{side}{i % 30}", str(i), text) for i, (side, text) in enumerate(texts)))


def test_counts_people_and_groups_not_only_words(few):
    frame = frequency.frequencies(frequency.count(few))
    assert frame.to_dict("records")[:2] == [
        {
            "word": "ตลาด",
            "people": 3,
            "of_people": 5,
            "groups": 3,
            "of_groups": 4,
            "n": 4,
            "of_n": 12,
        }
        | {"per_thousand": pytest.approx(4000 / 12), "dp": pytest.approx(DP_MARKET)},
        {
            "word": "ถนน",
            "people": 3,
            "of_people": 5,
            "groups": 2,
            "of_groups": 4,
            "n": 3,
            "of_n": 12,
        }
        | {"per_thousand": 250, "dp": pytest.approx(DP_ROAD)},
    ]
    assert frame["word"].tolist() == ["ตลาด", "ถนน", "น้ำท่วม"]


def test_counts_within_a_column_and_leaves_out_rows_without_value(few):
    frame = frequency.frequencies(frequency.count(few), by="cluster").set_index(["cluster", "word"])
    assert frame.loc[("north-upper-1", "น้ำท่วม"), ["people", "groups", "n"]].tolist() == [2, 2, 5]
    assert set(frame.loc["south-gulf", "of_groups"]) == {1}
    assert frame["n"].sum() == 11
    kinds = frequency.frequencies(frequency.count(few), by="kind")
    assert set(kinds["kind"]) == {"participants", "staff"}


def test_unknown_column_is_named(few):
    with pytest.raises(UnknownCode, match="cluster"):
        frequency.frequencies(frequency.count(few), by="clusters")


def test_input_is_left_as_it_was(few):
    before = few.copy()
    frequency.keyness(frequency.count(few))
    assert few.equals(before)


def test_keyness_equals_an_independent_computation(many):
    counts = frequency.count(many)
    found = frequency.keyness(counts)
    own = (counts.segments["cluster"] == "south-gulf").to_numpy()
    n, rest = (counts.matrix[side].sum(axis=0) for side in (own, ~own))
    places = counts.segments["group"].to_numpy()
    spread = {
        word: len(set(places[counts.matrix[:, [i]].toarray()[:, 0] > 0]))
        for i, word in enumerate(counts.words)
        if n[i] + rest[i] > 120
    }
    frame = found[(found["cluster"] == "south-gulf") & found["word"].isin(spread)]
    assert len(frame) > 20
    for row in frame.itertuples():
        i = counts.words.get_loc(row.word)
        table = [[n[i], n.sum() - n[i]], [rest[i], rest.sum() - rest[i]]]
        g2, p, _, _ = chi2_contingency(table, correction=False, lambda_="log-likelihood")
        assert (row.n, row.rest_n, row.of_n) == (n[i], rest[i], n.sum())
        assert row.g2 == pytest.approx(g2, rel=1e-8, abs=1e-9)
        assert row.p == pytest.approx(p, rel=1e-6)
        assert row.groups + row.rest_groups == spread[row.word]
        expected = np.log2((n[i] / n.sum()) / (max(rest[i], 0.5) / rest.sum()))
        assert row.log_ratio == pytest.approx(expected)


def test_family_of_corrections_is_the_region_s_tested_words(segments):
    random = np.random.default_rng(1)
    stock = ["น้ำ", "ถนน", "ตลาด", "ป่า", "ทะเล", "ประชุม", "วางแผน", "ติดตาม", "ครู", "วัด"]
    rows = [
        (f"{side}{i % 5}", "1", " ".join(random.choice(stock, 12, p=chance)))
        for side, chance in (("a", np.arange(1, 11) / 55), ("b", np.arange(10, 0, -1) / 55))
        for i in range(10)
    ]
    found = frequency.keyness(frequency.count(segments(*rows)))
    # of two regions one says each word more and the other less, with the same p
    assert sorted(found["word"]) == sorted(stock)
    for column, method in (("p_holm", "holm"), ("p_fdr", "fdr_bh")):
        expected = multipletests(found["p"], method=method)[1]
        assert found[column].to_numpy() == pytest.approx(expected)
    assert (found["p_fdr"] <= found["p_holm"] + 1e-12).all()


def test_sentiment_words_are_key_on_the_right_side(many):
    found = frequency.keyness(frequency.count(many)).query("key")
    first = found.groupby("cluster").head(30).groupby("cluster")["word"].agg(set)
    assert {"แพง", "เหี้ย", "มึง"} <= first["north-upper-1"]
    assert {"ชอบ", "ขอบคุณ", "สวย", "น่ารัก", "รัก"} <= first["south-gulf"]


def test_unevenness_is_that_of_the_groups_of_a_value(segments):
    rows = [(f"a{i}", "1", "น้ำ " * i + "ถนน " * 4) for i in range(1, 5)]
    rows += [("b1", "1", "น้ำ ถนน"), ("b2", "1", "ถนน ถนน"), ("s1", "1", "น้ำ")]
    found = frequency.frequencies(frequency.count(segments(*rows)), by="cluster")
    dp = found.set_index(["cluster", "word"])["dp"]
    size = np.array([5, 6, 7, 8]) / 26
    expected = np.abs(np.array([1, 2, 3, 4]) / 10 - size).sum() / 2 / (1 - size.min())
    assert dp["north-upper-1", "น้ำ"] == pytest.approx(expected)
    assert dp["south-gulf", "น้ำ"] == pytest.approx(1)
    alone = frequency.frequencies(frequency.count(segments(("a1", "1", "น้ำ ถนน"))))
    assert alone["dp"].isna().all()


def test_a_word_of_one_group_is_not_key(segments):
    rest = [(f"b{i}", "1", "ประชุม วางแผน ติดตาม") for i in range(20)]
    rows = [("a1", "1", "สมุนไพร " * 30), ("a1", "1", "ตลาด " * 30), ("a2", "1", "ตลาด " * 30)]
    found = frequency.keyness(frequency.count(segments(*rows, *rest, ("b0", "1", "สมุนไพร"))))
    found = found.set_index("word")
    assert found.loc["สมุนไพร", "p_holm"] < 0.001
    assert not found.loc["สมุนไพร", "key"]
    assert found.loc["ตลาด", "key"]
    alone = frequency.keyness(frequency.count(segments(*rows, *rest)))
    assert "สมุนไพร" not in set(alone["word"])  # one group of the whole: not even tested


def test_every_region_at_once_is_each_region_against_the_rest(segments):
    rows = [
        (f"{c}{g}", "1", f"น้ำ ถนน {w} {w}")
        for c, w in zip("abs", ["นา", "ทะเล", "ป่า"], strict=True)
        for g in range(3)
    ]
    frame = segments(*rows)
    frame["cluster"] = frame["group"].str[0]
    together = frequency.keyness(frequency.count(frame))
    for region in "abs":
        side = frame.assign(cluster=np.where(frame["cluster"] == region, region, "rest"))
        alone = frequency.keyness(frequency.count(side)).query("cluster == @region")
        same = together.query("cluster == @region").reset_index(drop=True)
        assert same.equals(alone.reset_index(drop=True))


def test_one_region_has_nothing_to_be_compared_with(segments):
    with pytest.raises(CastError, match="at least two values of 'cluster'"):
        frequency.keyness(frequency.count(segments(("a1", "1", "น้ำ"), ("s1", "1", "น้ำ"))))


def test_a_region_without_words_has_no_key_words(segments):
    rows = [("a1", "1", "๑๐"), ("b1", "1", "น้ำ ถนน"), ("b2", "1", "น้ำ")]
    found = frequency.keyness(frequency.count(segments(*rows)))
    assert set(found["cluster"]) == {"south-gulf"}
    assert np.isfinite(found["log_ratio"]).all()
    assert frequency.frequencies(frequency.count(segments(("a1", "1", "๑๐")))).empty
