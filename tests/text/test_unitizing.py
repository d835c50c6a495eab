"""Passages: c-alpha equals the krippendorff package on characters, cu-alpha its definition counted out."""

from itertools import pairwise, permutations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castlib.errors import CastError, UnknownCode
from castlib.text import coding, unitizing

THEMES = {"p": "t", "q": "t", "r": "t", "u": "v"}
LENGTH = 12


def tables(rows, length=LENGTH, groups=1):
    """Codings from (segment number, coder, code, start, end); every coder of a row read every segment."""
    frame = pd.DataFrame(rows, columns=["unit", "coder", "code", "start", "end"])
    units, coders = range(max(frame["unit"]) + 1), sorted(set(frame["coder"]))
    blank = pd.DataFrame(
        [(u, c, None, 0, length) for u in units for c in coders], columns=frame.columns
    )
    has = pd.MultiIndex.from_frame(frame[["unit", "coder"]])
    blank = blank[~pd.MultiIndex.from_frame(blank[["unit", "coder"]]).isin(has)]
    frame = pd.concat([frame.astype({"code": object}), blank.astype({"code": object})])
    frame["group"] = "g" + (frame["unit"] % groups).astype(str)
    frame["segment"] = frame["group"] + ":" + frame["unit"].astype(str)
    said = frame[["segment"]].drop_duplicates().assign(text="x" * length)
    return frame.drop(columns="unit").reset_index(drop=True), said


def passages(codings, coder, codes):
    """The passages of a coder, cut where a code of these begins or ends: (segment, start, end, set)."""
    found = []
    own = codings[(codings["coder"] == coder) & codings["code"].isin(codes)]
    for segment, rows in own.groupby("segment"):
        ends = sorted({*rows["start"], *rows["end"]})
        for low, high in pairwise(ends):
            inside = rows[(rows["start"] <= low) & (high <= rows["end"])]
            if len(inside):
                found.append((segment, low, high, frozenset(inside["code"])))
    return found


def by_definition(codings, codes):
    """cu of a theme and of each of its codes, by counting pairs of passages, and pairs of characters."""
    coders = sorted(set(codings["coder"]))
    said = {coder: passages(codings, coder, codes) for coder in coders}
    observed = np.zeros((len(codes), 2))  # of each code: together, in one of the two only
    lengths = {}
    for one, other in permutations(coders, 2):
        for i, (segment, low, high, own) in enumerate(said[one]):
            for place, begin, end, theirs in said[other]:
                shared = min(high, end) - max(low, begin) if place == segment else 0
                if shared > 0:
                    shared /= len(coders) - 1
                    lengths[one, i] = lengths.get((one, i), 0) + shared
                    for k, code in enumerate(codes):
                        if code in own:
                            observed[k, 0 if code in theirs else 1] += shared
    held = [(said[coder][i][3], size) for (coder, i), size in lengths.items()]
    total = sum(size for _, size in held)
    expected = np.zeros((len(codes), 2))
    everything = sum(a * b for (_, a), (_, b) in permutations(held, 2))
    for (own, a), (theirs, b) in permutations(held, 2):
        for k, code in enumerate(codes):
            if code in own:
                expected[k, 0 if code in theirs else 1] += a * b
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = 1 - observed[:, 1].sum() / (expected[:, 1].sum() * total / np.float64(everything))
        each = 1 - (observed[:, 1] / observed.sum(axis=1)) / (expected[:, 1] / expected.sum(axis=1))
    return [value if np.isfinite(value) else np.nan for value in (whole, *each)]


def check(codings, said):
    found = unitizing.unitizing(codings, said, THEMES, repeats=5)
    by_code = found.codes.set_index("code")
    for theme in found.themes["theme"]:
        codes = [code for code in by_code.index if THEMES[code] == theme]
        whole, *each = by_definition(codings, codes)
        got = found.themes.set_index("theme").loc[theme, "cu"]
        assert got == pytest.approx(whole, nan_ok=True)
        assert by_code.loc[codes, "cu"].to_numpy() == pytest.approx(np.array(each), nan_ok=True)
    between = by_definition_of_themes(codings, list(found.themes["theme"]))
    assert found.cu == pytest.approx(between, nan_ok=True)
    for code in by_code.index:
        yes = characters(codings, said, code)
        expected = np.nan
        if yes.min() < yes.max():
            expected = krippendorff.alpha(yes, level_of_measurement="nominal")
        assert by_code.loc[code, "alpha"] == pytest.approx(expected, nan_ok=True)
        assert by_code.loc[code, "characters"] == yes.any(axis=0).sum()
    return found


def by_definition_of_themes(codings, themes):
    """A passage of Cu is cut wherever any code is: the pieces of the codes, with their themes."""
    rows = []
    for coder in sorted(set(codings["coder"])):
        for segment, low, high, codes in passages(codings, coder, list(THEMES)):
            rows += [(segment, coder, THEMES[code], low, high) for code in codes]
    columns = ["segment", "coder", "code", "start", "end"]
    return by_definition(pd.DataFrame(rows, columns=columns).drop_duplicates(), themes)[0]


def characters(codings, said, code):
    """Which characters have the code: coders × characters of all texts."""
    coders, order = sorted(set(codings["coder"])), list(said["segment"])
    yes = np.zeros((len(coders), len(order), LENGTH), dtype=int)
    for row in codings[codings["code"] == code].itertuples():
        yes[coders.index(row.coder), order.index(row.segment), row.start : row.end] = 1
    return yes.reshape(len(coders), -1)


def test_two_coders_counted_out():
    rows = [
        (0, "x", "p", 0, 6),
        (0, "y", "p", 1, 7),
        (0, "x", "q", 6, 10),
        (0, "y", "q", 8, 12),
        (1, "x", "p", 2, 5),
        (1, "y", "q", 2, 6),
        (1, "x", "u", 7, 9),
        (1, "y", "u", 7, 10),
    ]
    found = check(*tables(rows))
    assert (found.groups, found.characters, found.uncoded) == (1, 24, 5)


spans = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).filter(lambda s: s[0] < s[1])
rows_of_codes = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from("xyz"), st.sampled_from("pqru"), spans),
    min_size=3,
    max_size=14,
)


@settings(deadline=None, max_examples=40)
@given(rows_of_codes)
def test_any_passages_counted_out(drawn):
    rows = [(unit, coder, code, *span) for unit, coder, code, span in drawn]
    if len({row[1] for row in rows}) > 1:
        check(*tables(rows))


def test_the_same_marks_agree_wholly_and_others_do_not():
    rows = [(u, c, "pq"[u % 2], 2, 8) for u in range(6) for c in "xy"]
    found = unitizing.unitizing(*tables(rows), THEMES)
    assert (found.codes[["alpha", "cu"]] == 1).all(axis=None)
    crossed = [(u, c, "pq"[(u + (c == "y")) % 2], 2, 8) for u in range(6) for c in "xy"]
    apart = unitizing.unitizing(*tables(crossed), THEMES)
    assert (apart.codes[["alpha", "cu"]] < 0).all(axis=None)


def test_a_boundary_moves_the_binary_alpha_and_not_cu():
    rows = [(u, c, "pq"[u % 2], 2, 8 + 2 * (c == "y")) for u in range(6) for c in "xy"]
    found = unitizing.unitizing(*tables(rows), THEMES)
    assert (found.codes["alpha"] < 1).all()
    assert (found.codes["cu"] == 1).all()


def test_uncoded_text_raises_neither_cu():
    rows = [(0, "x", "p", 0, 4), (0, "y", "p", 0, 4), (0, "x", "q", 4, 8), (0, "y", "p", 4, 8)]
    few, many = (
        unitizing.unitizing(*tables([*rows, *[(n, c, None, 0, 12) for c in "xy"]]), THEMES)
        for n in (1, 40)
    )
    assert many.uncoded > few.uncoded
    assert many.themes.loc[0, "alpha"] == few.themes.loc[0, "alpha"] == 1
    assert many.codes.loc[0, "alpha"] > few.codes.loc[0, "alpha"]
    assert many.codes["cu"].tolist() == pytest.approx(few.codes["cu"].tolist())


def many_groups():
    random = np.random.default_rng(3)
    rows = []
    for unit in range(120):
        start = random.integers(0, 6)
        for coder in "xy":
            code = "pqr"[unit % 3] if random.random() < 0.8 else random.choice(list("pqru"))
            rows.append((unit, coder, str(code), start, start + random.integers(3, 6)))
    return tables(rows, groups=20)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sample_of_the_interval_is_the_groups_drawn_again(seed):
    codings, said = many_groups()
    found = unitizing.unitizing(codings, said, THEMES, repeats=1, seed=seed)
    parts = dict(list(codings.groupby("group")))
    times = np.random.default_rng(seed).multinomial(20, np.full(20, 1 / 20))
    again = [
        part.assign(group=f"{name}-{n}", segment=part["segment"] + f"-{n}")
        for (name, part), often in zip(parts.items(), times, strict=True)
        for n in range(often)
    ]
    frame = pd.concat(again, ignore_index=True)
    texts = frame[["segment"]].drop_duplicates().assign(text="x" * LENGTH)
    drawn = unitizing.unitizing(frame, texts, THEMES, repeats=1)
    assert found.cu_low == found.cu_high == pytest.approx(drawn.cu)
    for name in ("alpha", "cu"):
        samples = found.codes.set_index("code")[f"{name}_low"].dropna()
        expected = drawn.codes.set_index("code")[name]
        assert samples.to_numpy() == pytest.approx(expected[samples.index].to_numpy())


def test_few_groups_have_no_interval_and_the_seed_decides():
    codings, said = many_groups()
    once, again = (unitizing.unitizing(codings, said, THEMES, seed=4) for _ in range(2))
    assert once.codes.equals(again.codes)
    assert once.cu_low < once.cu < once.cu_high
    few = unitizing.unitizing(*tables([(0, c, "p", 0, 4) for c in "xy"]), THEMES)
    assert np.isnan(few.codes[["alpha_low", "cu_high"]].to_numpy(float)).all()


def test_what_one_coder_read_is_left_out(codings):
    given_by = codings(("a1:1", "x", "p"), ("a1:1", "y", "p"), ("a1:2", "x", "p")).assign(end=4)
    said = pd.DataFrame({"segment": ["a1:1", "a1:2"], "text": ["abcd", "abcd"]})
    found = unitizing.unitizing(given_by.assign(start=0), said, THEMES)
    assert (found.coders, found.groups, found.characters) == (("x", "y"), 1, 4)


def test_the_codebooks_themes_are_the_default():
    rows = [(0, c, "driver_network", 0, 4) for c in "xy"]
    rows += [(1, c, "result_food", 0, 4) for c in "xy"]
    found = unitizing.unitizing(*tables(rows))
    assert found.themes["theme"].tolist() == ["driver", "result"]
    assert coding.themes()["driver"] == "driver"


def test_passages_that_cannot_be_are_told():
    codings, said = tables([(0, "x", "p", 0, 13), (0, "y", "p", 5, 5), (0, "y", "q", -1, 3)])
    with pytest.raises(CastError, match=r"g0:0 0–13, g0:0 5–5, g0:0 -1–3"):
        unitizing.unitizing(codings, said, THEMES)
    with pytest.raises(CastError, match="that have codes"):
        unitizing.unitizing(*tables([(0, "x", None, 0, 12), (0, "y", None, 0, 12)]), THEMES)
    with pytest.raises(UnknownCode):
        unitizing.unitizing(*tables([(0, "x", "zz", 0, 4), (0, "y", "p", 0, 4)]), THEMES)
