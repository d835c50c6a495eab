"""The success-factors phase: which groups differ, by how much, which way, and by which test and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy, regions
from castlib.present import notes, structure, tables, thai
from castlib.present.displays import labelled
from castlib.present.results import Value, or_dash
from castlib.privacy import cells

if TYPE_CHECKING:
    from castlib.present.notes import Text
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents: sex, education, sector"
REGIONS = "respondents: success by macro region"
SURE = 0.05
TESTS = {
    "student_t": "t-test",
    "welch_t": "Welch t-test",
    "mann_whitney": "Mann–Whitney U",
    "anova": "ANOVA",
    "welch_anova": "Welch ANOVA",
    "kruskal_wallis": "Kruskal–Wallis H",
    "cluster_robust": "CR2",
}
WHY = {
    "student_t": "ทุกกลุ่มใกล้การแจกแจงปกติและไม่พบว่าความแปรปรวนต่างกัน",
    "welch_t": "ทุกกลุ่มใกล้การแจกแจงปกติแต่ความแปรปรวนต่างกัน",
    "mann_whitney": "มีกลุ่มที่ไม่ใกล้การแจกแจงปกติ จึงเทียบอันดับ",
    "anova": "ทุกกลุ่มใกล้การแจกแจงปกติและไม่พบว่าความแปรปรวนต่างกัน",
    "welch_anova": "ทุกกลุ่มใกล้การแจกแจงปกติแต่ความแปรปรวนต่างกัน",
    "kruskal_wallis": "มีกลุ่มที่ไม่ใกล้การแจกแจงปกติ จึงเทียบอันดับ",
    "cluster_robust": "ผู้ตอบในอำเภอเดียวกันคล้ายกัน ข้อมูลมีตั้งแต่ 10 อำเภอ จึงเผื่อความคล้ายกันนั้น",
}
EFFECTS = {
    "hedges_g": "g",
    "rank_biserial": "r_rb",
    "omega_squared": "ω²",
    "eta_squared_h": "η²_H",
}
# where an effect begins to be called small, medium, large: Cohen 1988
SIZES = {
    "hedges_g": (0.2, 0.5, 0.8),
    "rank_biserial": (0.1, 0.3, 0.5),
    "omega_squared": (0.01, 0.06, 0.14),
    "eta_squared_h": (0.01, 0.06, 0.14),
}
WORDS = ("น้อยมาก", "เล็ก", "ปานกลาง", "ใหญ่")


def groupings(
    scores: pd.DataFrame, items: Sequence[str], names: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    """Return the groupings to compare by, and why others are not.

    A grouping with a group of fewer than 5 people is not compared at all: leaving such a group out
    would tell its size by the number of those who remain.
    """
    used, refused = [], {}
    for name in names:
        groups = scores.loc[scores[name].notna()].groupby(name)[list(items)].count()
        if len(groups) < 2:
            refused[name] = "มีผู้ตอบกลุ่มเดียว"
        elif groups.min(axis=None) < cells.LIMIT:
            refused[name] = f"มีกลุ่มที่ผู้ตอบครบไม่ถึง {cells.LIMIT} คน"
        else:
            used.append(name)
    return used, refused


def none_left(used: Sequence[str], refused: Mapping[str, str]) -> str | None:
    """Return why nothing is compared, or None when something is."""
    return None if used else "; ".join(_said(refused))


def _said(refused: Mapping[str, str]) -> list[str]:
    label = instrument.load().label
    return [f"ไม่เทียบตาม{label(name)}: {why}" for name, why in refused.items()]


def table(
    tests: pd.DataFrame, scores: pd.DataFrame, refused: Mapping[str, str], caption: str
) -> Table:
    """Return the table of a family of comparisons; the note says which tests were chosen, and why."""
    tool = instrument.load()
    chosen = [f"{TESTS[code]}: {WHY[code]}" for code in tests["chosen"].unique()]
    alone = "cluster_robust" not in set(tests["chosen"])
    note = [
        "p ปรับด้วยวิธีของ Holm; 95% CI เป็นของขนาดอิทธิพล",
        *_signs(tests, scores),
        *chosen,
        *(["พื้นที่นี้มีไม่ถึง 10 อำเภอ การทดสอบจึงถือว่าผู้ตอบเป็นอิสระต่อกัน p จริงอาจสูงกว่านี้"] if alone else []),
        *_said(refused),
    ]
    return tables.table(
        _shown(tests).assign(between=tests["between"].map(tool.label)),
        caption,
        ["label", "between", "test", "n", "statistic", "p", "effect", "ci"],
        note="; ".join(note),
        between="เทียบตาม",
        test="สถิติทดสอบ",
        statistic="ค่าสถิติ",
        effect="ขนาดอิทธิพล",
    )


def _signs(tests: pd.DataFrame, scores: pd.DataFrame) -> list[str]:
    """Return what a positive effect means, for each grouping of two."""
    two = tests.loc[tests["effect"].isin(["hedges_g", "rank_biserial"]), "between"].unique()
    first = {name: min(scores[name].dropna()) for name in two}
    label = instrument.load().label
    return [f"ค่าบวกตาม{label(n)}แปลว่า{_group_names(n)[code]}สูงกว่า" for n, code in first.items()]


def _shown(tests: pd.DataFrame) -> pd.DataFrame:
    """Return a family of comparisons with labels, test, corrected p and effect as a table has them."""
    sizes = zip(tests["effect"], tests["effect_size"], strict=True)
    return labelled(tests, "dv").assign(
        test=tests["chosen"].map(TESTS),
        effect=[f"{EFFECTS[name]} = {thai.number(size)}" for name, size in sizes],
        p=tests["p_holm"],
        ci_low=tests["effect_low"],
        ci_high=tests["effect_high"],
    )


def size(effect: str, value: float) -> str:
    """Return how large an effect is called, by Cohen's conventions.

    >>> size("hedges_g", -0.55), size("omega_squared", 0.005)
    ('ปานกลาง', 'น้อยมาก')
    """
    return WORDS[sum(abs(value) >= start for start in SIZES[effect])]


def reading(tests: pd.DataFrame, scores: pd.DataFrame) -> Text:
    """Read a family of comparisons: how many differences were found; each one's way, size, certainty."""
    found = tests[tests["p_holm"] < SURE]
    if found.empty:
        return notes.reading(
            f"จากการทดสอบ {len(tests)} ครั้ง ไม่พบความแตกต่างระหว่างกลุ่มหลังปรับค่า p "
            "ซึ่งไม่ได้แปลว่ากลุ่มต่าง ๆ เหมือนกัน ช่วงของขนาดอิทธิพลบอกว่าความต่างที่ยังเป็นไปได้ใหญ่เพียงใด"
        )
    return notes.reading(
        f"จากการทดสอบ {len(tests)} ครั้ง พบความแตกต่าง {len(found)} ครั้งหลังปรับค่า p "
        "การทดสอบที่เหลือไม่พบความแตกต่าง ซึ่งไม่ได้แปลว่ากลุ่มเหมือนกัน",
        *(_difference(row, scores) for row in found.itertuples()),
    )


def _difference(row: object, scores: pd.DataFrame) -> str:
    """Return one difference in words: which group is highest and lowest, how large, which pairs differ."""
    from castlib.stats import groups

    label = instrument.load().label
    cluster = "province" if row.chosen == "cluster_robust" else None
    found = groups.compare(scores, row.dv, row.between, cluster)
    names = _group_names(row.between)
    ordered = found.groups.sort_values("mean")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    # means by category only for the country: the released records lack some of these categories
    top, bottom = (
        f"{names[end['group']]}{place}" + (f" (x̄ = {end['mean']:.2f})" if cluster else "")
        for end, place in ((high, "สูงสุด"), (low, "ต่ำสุด"))
    )
    said = (
        f"{label(row.dv)}ต่างกันตาม{_grouping(row.between)}: {top} {bottom} "
        f"ขนาดอิทธิพล{size(row.effect, row.effect_size)} {_apa(found, row.p_holm)}"
    )
    sure = found.posthoc[found.posthoc["p"] < SURE]
    if len(found.groups) == 2:
        return said
    if sure.empty:
        return said + " แต่เทียบรายคู่แล้วไม่พบคู่ใดที่ต่างกันชัด"
    pairs = [
        f"{names[a]}กับ{names[b]}" for a, b in zip(sure["group_1"], sure["group_2"], strict=True)
    ]
    return said + f" คู่ที่พบว่าต่างกันมี {len(pairs)} จาก {len(found.posthoc)} คู่ คือ {thai.listed(pairs)}"


def _apa(found: object, p: float) -> str:
    """Return the test in APA form: statistic with df, corrected p, effect size with interval."""
    symbol = {"mann_whitney": "U", "kruskal_wallis": "H"}.get(found.chosen)
    df = found.df if isinstance(found.df, tuple) else () if found.df is None else (found.df,)
    symbol = symbol or ("t" if len(found.groups) == 2 else "F")
    inside = ", ".join(f"{value:.0f}" if value == round(value) else f"{value:.1f}" for value in df)
    low, high = found.effect_ci
    return (
        f"({TESTS[found.chosen]}: {symbol}{f'({inside})' if inside else ''} = {found.statistic:.2f}, "
        f"p {thai.p_value(p)}, {EFFECTS[found.effect_name]} = {found.effect_size:.2f} "
        f"{thai.interval(low, high)})"
    )


def _grouping(between: str) -> str:
    return "ภูมิภาค" if between == "macro_region" else instrument.load().label(between)


def _group_names(between: str) -> dict[str, str]:
    """Return the Thai names of a grouping's values."""
    if between == "macro_region":
        places = regions.provinces()
        return dict(zip(places["macro_region"], places["macro_region_th"], strict=True))
    tool = instrument.load()
    question = tool.questions.set_index("variable").loc[between]
    return dict(tool.options(question["choices"]))


def values(tests: pd.DataFrame | None) -> dict[str, Value]:
    """Return how many comparisons were made, and how many differences were found."""
    if tests is None:
        return or_dash({}, "differences.tests", "differences.found")
    found = int((tests["p_holm"] < SURE).sum())
    return {
        "differences.tests": Value(len(tests), 0, "การทดสอบ", source=SOURCE),
        "differences.found": Value(found, 0, "การทดสอบ", source=SOURCE),
    }


# means of the macro regions, only where the measurement is alike in all of them


def macro_regions(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with each respondent's macro region."""
    home = regions.provinces().set_index("province")["macro_region"]
    return scores.assign(macro_region=scores["province"].map(home))


def comparable(study: Study) -> tuple[list[str], dict[str, str]]:
    """Return the success scales whose means may be compared between macro regions, and why others not."""
    found, refused = structure.across(study)
    same = structure.comparable(found)
    refused |= {code: "ทุกภูมิภาควัดไม่เหมือนกัน (ไม่ผ่านขั้นจุดตัด)" for code in found if code not in same}
    success = instrument.load().success
    return [code for code in same if code in success], {
        c: refused[c] for c in success if c in refused
    }


def regional_table(tests: pd.DataFrame, scores: pd.DataFrame, refused: Mapping[str, str]) -> Table:
    """Return the macro regions' means of each comparable scale, and the test of their difference.

    `scores` are those of `macro_regions`; `refused` says why other scales are not compared.
    """
    label, names = instrument.load().label, _group_names("macro_region")
    means = scores.groupby("macro_region")[list(tests["dv"])].mean().T
    frame = _shown(tests).join(means, on="dv")
    codes = [code for code in names if code in means]
    note = [
        f"{len(codes)} ภูมิภาค ภูมิภาคที่เล็กที่สุดมี {_fewest(scores)} อำเภอ; {TESTS['cluster_robust']}: {WHY['cluster_robust']}",
        "p ปรับด้วยวิธีของ Holm ในการทดสอบชุดนี้; 95% CI เป็นของขนาดอิทธิพล (ω²)",
        *(f"ไม่เทียบ{label(code)}: {why}" for code, why in refused.items()),
    ]
    return tables.table(
        frame,
        "ค่าเฉลี่ยขององค์ประกอบแห่งความสำเร็จรายภูมิภาค",
        ["label", *codes, "n", "statistic", "p", "effect_size", "ci"],
        note="; ".join(note),
        statistic="F",
        effect_size="ω²",
        **{code: names[code].removeprefix("ภาค") for code in codes},
    )


def _fewest(scores: pd.DataFrame) -> int:
    """Return how many districts the smallest macro region has."""
    return int(scores.groupby("macro_region")["province"].nunique().min())


def regional_values(tests: pd.DataFrame | None) -> dict[str, Value]:
    """Return how many scales were compared between macro regions, and how many were found to differ."""
    if tests is None:
        return or_dash({}, "regions.tests", "regions.found")
    found = int((tests["p_holm"] < SURE).sum())
    return {
        "regions.tests": Value(len(tests), 0, "องค์ประกอบ", source=REGIONS),
        "regions.found": Value(found, 0, "องค์ประกอบ", source=REGIONS),
    }


__getattr__, __dir__ = lazy.offered(__name__)
