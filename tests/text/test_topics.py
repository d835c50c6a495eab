import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from castlib.errors import CastError, UnknownCode
from castlib.text import frequency, topics

WATER = ["น้ำท่วม", "ชลประทาน", "คลอง", "ภัยแล้ง", "สระ", "ประปา", "บาดาล", "เขื่อน", "ฝน", "ตลิ่ง"]
MARKET = ["ตลาด", "ราคา", "สินค้า", "พ่อค้า", "กำไร", "ขาย", "ลูกค้า", "ร้าน", "ออนไลน์", "ยี่ห้อ"]
SCHOOL = ["ครู", "โรงเรียน", "นักเรียน", "หนังสือ", "สอบ", "วิชา", "ห้องเรียน", "การบ้าน", "ทุน", "มัธยม"]


@pytest.fixture(scope="module")
def planted(segments):
    """Sixty people of twelve groups, each of whom speaks of one of three matters."""
    random = np.random.default_rng(3)
    rows = [
        (f"{'ab'[p % 2]}{p % 12}", str(p), " ".join(random.choice(said, 15)))
        for p in range(60)
        for said in [[WATER, MARKET, SCHOOL][p // 4 % 3]]
    ]
    return frequency.count(segments(*rows))


def test_planted_topics_are_found_and_come_back(planted):
    found = topics.explore(planted, n_topics=3, seeds=8, min_groups=1)
    assert sorted(map(sorted, found["words"].str.split())) == sorted(
        map(sorted, [WATER, MARKET, SCHOOL])
    )
    assert found["people"].tolist() == [20, 20, 20]
    assert set(found["of_people"]) == {60}
    assert found["stable"].all()  # though one start in eight ends elsewhere
    assert found["shared"].mean() > 0.9
    assert found["cosine"].between(0.8, 1).all()
    assert found["topic"].tolist() == [1, 2, 3]


def test_topics_of_nothing_do_not_come_back(segments):
    random = np.random.default_rng(4)
    stock = [*WATER, *MARKET, *SCHOOL]
    rows = [(f"a{p % 12}", str(p), " ".join(random.choice(stock, 6))) for p in range(80)]
    found = topics.explore(frequency.count(segments(*rows)), n_topics=3, seeds=5, min_groups=1)
    assert not found["stable"].all()
    assert found["shared"].mean() < 0.75
    assert found["shared"].between(0, 1).all()


def test_the_same_data_give_the_same_topics(planted):
    first, again = (topics.explore(planted, n_topics=2, seeds=2, min_groups=1) for _ in range(2))
    assert first.equals(again)


def test_order_of_the_other_start_does_not_matter():
    random = np.random.default_rng(5)
    one = random.random((4, 40))
    cosine, shared = topics._counterparts(one, one[[2, 0, 3, 1]] * 7)
    assert cosine == pytest.approx(1)
    assert shared.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "asked", [{"n_topics": 7}, {"n_topics": 0}, {"min_groups": 99}, {"seeds": 0}]
)
def test_too_little_to_explore_is_refused(planted, asked):
    with pytest.raises(CastError, match=r"people|one random start"):
        topics.explore(planted, **({"n_topics": 3, "min_groups": 1} | asked))


def test_tfidf_equals_scikit_learn_s_without_its_additions(planted):
    found = topics.tfidf(planted, by="group", min_groups=1)
    groups, documents = pd.factorize(planted.segments["group"], sort=True)
    n = np.stack([planted.matrix[groups == i].sum(axis=0) for i in range(len(documents))])
    whole = n.sum(axis=1, keepdims=True)
    model = TfidfTransformer(norm=None, smooth_idf=False).fit(n)
    expected = n / whole * (model.idf_ - 1)
    for row in found.itertuples():
        i, j = list(documents).index(row.group), planted.words.get_loc(row.word)
        assert row.tfidf == pytest.approx(expected[i, j])
        assert (row.n, row.of_n) == (n[i, j], whole[i, 0])
    assert len(found) == (n > 0).sum()


def test_tfidf_of_a_word_that_all_say_is_nothing(segments):
    rows = [("a1", "1", "น้ำ ถนน"), ("a2", "1", "น้ำ ถนน"), ("b1", "1", "น้ำ ตลาด"), ("s1", "1", "ป่า")]
    found = topics.tfidf(frequency.count(segments(*rows))).set_index(["cluster", "word"])
    assert found.loc[("south-gulf", "น้ำ"), "tfidf"] == 0
    assert found.loc[("north-upper-1", "ถนน"), ["groups", "of_groups"]].tolist() == [2, 2]
    assert "ตลาด" not in found.index.get_level_values("word")  # one group only
    with pytest.raises(UnknownCode, match="cluster"):
        topics.tfidf(frequency.count(segments(*rows)), by="clusters")
