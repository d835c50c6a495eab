"""The study's recurring tables and figures: a statistic's frame in, Thai labels on, a display out.

Each group of functions serves one statistic: its table, its figure, and the values that are saved
under names. Frames come from `castlib.stats` and carry the instrument's codes in `item`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy
from castlib.present import figures, readings, tables, thai
from castlib.present.results import National, Value, or_dash

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.tables import Table

POINTS = "คะแนน (1–5)"
NO_SPREAD = "ไม่แสดง S.D. เพราะ S.D. คู่กับค่าเฉลี่ยของคนจำนวนน้อยบอกได้ว่ากี่คนเลือกคำตอบใด"
RESAMPLED = {
    "clusters": "ทั้งอำเภอ",
    "people": "รายคน",
    "people_within_clusters": "รายคนภายในแต่ละอำเภอ เพราะมีไม่ถึง 10 อำเภอ จึงพูดถึงเฉพาะอำเภอเหล่านี้",
}


def labelled(frame: pd.DataFrame, code: str = "item") -> pd.DataFrame:
    """Return the frame with the Thai labels of its codes in `label`."""
    return frame.assign(label=frame[code].map(instrument.load().label))


def national(country: National | None, items: Sequence[str], name: str) -> list[float] | None:
    """Return the country's values `<item>.<name>` for each item, or None on the country's own page."""
    return None if country is None else [country[f"{item}.{name}"] for item in items]


def _with_country(frame: pd.DataFrame, country: National | None, name: str) -> pd.DataFrame:
    known = national(country, list(frame["item"]), name)
    return frame if known is None else frame.assign(country=known)


def _columns(names: Sequence[str], country: National | None) -> list[str]:
    return [name for name in names if name != "country" or country is not None]


# levels of means: constructs and outcomes


def ranked(described: pd.DataFrame) -> pd.DataFrame:
    """Return described items from the highest mean to the lowest, with rank and Thai level."""
    names = instrument.levels()["labels"]["th"]
    ordered = labelled(described).sort_values(["mean", "item"], ascending=[False, True])
    return ordered.assign(
        rank=ordered["mean"].rank(ascending=False, method="min").astype(int),
        level=[names[level - 1] for level in ordered["level"]],
    )


def levels(described: pd.DataFrame, caption: str, country: National | None = None) -> Table:
    """Return the Thai thesis table: x̄, S.D. (where it is given), CI, level, rank (and the country's mean)."""
    frame = _with_country(ranked(described), country, "mean")
    spread = ["sd"] if "sd" in frame else []
    columns = _columns(["label", "n", "mean", *spread, "ci", "country", "level", "rank"], country)
    criterion = instrument.levels()
    note = (
        "คะแนน 1–5; ช่วงความเชื่อมั่น 95% คิดจากความแปรปรวนระหว่างอำเภอ; "
        f"เกณฑ์อ่านระดับ: {criterion['criteria'][criterion['default']]['source']}"
    )
    return tables.table(frame, caption, columns, note=note if spread else f"{note}; {NO_SPREAD}")


def levels_figure(described: pd.DataFrame, caption: str, country: National | None = None) -> Figure:
    """Return the means with their intervals, highest first, and the country's as marks."""
    frame = ranked(described)
    reference = national(country, list(frame["item"]), "mean")
    return means_figure(frame, caption, reference).named("levels")


def means_figure(frame: pd.DataFrame, caption: str, reference: list[float] | None = None) -> Figure:
    """Return means (label, mean, ci_low, ci_high) with their intervals, in the order given."""
    return figures.intervals(
        frame,
        label="label",
        value="mean",
        low="ci_low",
        high="ci_high",
        xlabel=POINTS,
        caption=caption,
        alt="; ".join(f"{row.label} {row.mean:.2f}" for row in frame.itertuples()),
        reference=reference,
    )


def level_values(described: pd.DataFrame, kind: str) -> dict[str, Value]:
    """Return the named values of described items: each mean and level, the extremes, the overall."""
    frame = ranked(described)
    source = f"respondents: {kind}"
    overall = float(frame["mean"].mean())
    first, last = frame.iloc[0], frame.iloc[-1]
    values = {
        "n": Value(int(frame["n"].max()), 0, "คน", source=source),
        "overall.mean": Value(overall, 2, POINTS, int(frame["n"].min()), source=source),
        "overall.level": Value(readings.level(overall), source=source),
        "top.label": Value(first["label"], source=source),
        "top.mean": _mean(first, source),
        "bottom.label": Value(last["label"], source=source),
        "bottom.mean": _mean(last, source),
    }
    for _, row in frame.iterrows():
        values[f"{row['item']}.mean"] = _mean(row, source)
        values[f"{row['item']}.level"] = Value(row["level"], n=row["n"], source=source)
    return values


def _mean(row: pd.Series, source: str) -> Value:
    return Value(row["mean"], 2, POINTS, row["n"], (row["ci_low"], row["ci_high"]), source)


# regression and clustering


def regression(model: object, share: pd.DataFrame, caption: str) -> Table:
    """Return the table of a regression beside each predictor's share of R²."""
    frame = model.coefficients.drop(index="Intercept").rename_axis("item").reset_index()
    ends = zip(share["ci_low"], share["ci_high"], strict=True)
    spread = zip(share["rank_low"], share["rank_high"], strict=True)
    lmg = share[["term", "importance"]].assign(
        lmg_ci=[thai.interval(low, high) for low, high in ends],
        spread=[f"{low:.0f}–{high:.0f}" for low, high in spread],
    )
    frame = labelled(frame).merge(lmg.rename(columns={"term": "item"}), on="item")
    note = (
        f"n = {model.n:,}, R² = {model.r2:.2f}, R² ปรับ = {model.adj_r2:.2f}; ความคลาดเคลื่อนจัดกลุ่ม"
        f"ตามอำเภอ {model.clusters} อำเภอ (CR2); ส่วนแบ่งของ R² ด้วยวิธี LMG รวมกันเท่ากับ R² "
        f"ช่วง 95% ของส่วนแบ่งและลำดับจากการสุ่มซ้ำ{RESAMPLED[share['resampled'].iloc[0]]}"
    )
    return tables.table(
        frame.sort_values("importance", ascending=False),
        caption,
        ["label", "b", "se", "ci", "beta", "p", "vif", "importance", "lmg_ci", "spread"],
        note=note,
        b="b",
        se="SE",
        beta="β",
        vif="VIF",
        importance="ส่วนแบ่ง R²",
        lmg_ci="95% CI ของส่วนแบ่ง",
        spread="ช่วงของลำดับ",
    )


def regression_values(model: object | None, share: pd.DataFrame | None) -> dict[str, Value]:
    """Return R² and the most important predictor, when there is a model."""
    if model is None:
        return or_dash({}, "r2", "predictor.label", "predictor.share", "predictor.ranks")
    source = "respondents: outcome on success constructs, clustered by province"
    first = labelled(share.rename(columns={"term": "item"})).sort_values("share").iloc[-1]
    return {
        "r2": Value(model.r2, 2, "", model.n, source=source),
        "predictor.ranks": Value(
            f"{first['rank_low']:.0f}–{first['rank_high']:.0f}", n=model.n, source=source
        ),
        "predictor.label": Value(first["label"], source=source),
        "predictor.share": Value(100 * first["share"], 0, "%", model.n, source=source),
    }


def clustering(cells: pd.DataFrame, caption: str) -> Table:
    """Return the table of ICC, design effect and effective n."""
    return tables.table(
        labelled(cells),
        caption,
        ["label", "n", "icc", "ci", "design_effect", "effective_n"],
        decimals={"icc": 3, "ci": 3, "effective_n": 0},
        note=(
            "ICC จากแบบจำลองพหุระดับ (REML) ช่วง 95% จาก profile likelihood; "
            "design effect = 1 + (จำนวนผู้ตอบเฉลี่ยต่ออำเภอ − 1) × ICC; n ประสิทธิผล = n ÷ design effect"
        ),
        icc="ICC",
        design_effect="design effect",
        effective_n="n ประสิทธิผล",
    )


def clustering_values(cells: pd.DataFrame | None) -> dict[str, Value]:
    """Return the mean ICC, design effect and effective n over the constructs."""
    if cells is None:
        return or_dash({}, "icc", "design_effect", "effective_n")
    mean, source = (
        cells[["icc", "design_effect", "effective_n"]].mean(),
        "respondents: success by province",
    )
    n = int(cells["n"].max())
    return {
        "icc": Value(mean["icc"], 3, "", n, source=source),
        "design_effect": Value(mean["design_effect"], 2, "", n, source=source),
        "effective_n": Value(mean["effective_n"], 0, "คน", n, source=source),
    }


# needs


def needs(
    frame: pd.DataFrame,
    country: National | None = None,
    caption: str = "ดัชนีความต้องการจำเป็นขององค์ประกอบแห่งความสำเร็จ",
) -> Table:
    """Return the table of PNI modified with its interval and the stability of its rank."""
    ordered = _with_country(labelled(frame), country, "pni").sort_values("rank")
    spread = zip(ordered["rank_low"], ordered["rank_high"], strict=True)
    ordered = ordered.assign(spread=[f"{low:.0f}–{high:.0f}" for low, high in spread])
    return tables.table(
        ordered,
        caption,
        _columns(
            ["label", "expected", "actual", "pni", "ci", "country", "rank", "spread"], country
        ),
        decimals={"pni": 3, "ci": 3, "country": 3},
        note=f"PNI modified = (I − D) ÷ D; ช่วง 95% จากการสุ่มซ้ำ{RESAMPLED[frame['resampled'].iloc[0]]}",
        expected="คาดหวัง (I)",
        actual="เป็นจริง (D)",
        pni="PNI",
        country="PNI ทั่วประเทศ",
        spread="ช่วงของลำดับ",
    )


def needs_figure(frame: pd.DataFrame, country: National | None = None) -> Figure:
    """Return PNI with intervals, most needed first."""
    ordered = labelled(frame).sort_values("rank")
    return figures.intervals(
        ordered,
        label="label",
        value="pni",
        low="ci_low",
        high="ci_high",
        xlabel="PNI modified",
        caption="ลำดับความต้องการจำเป็น (PNI modified)",
        alt="; ".join(f"{row.label} {row.pni:.3f}" for row in ordered.itertuples()),
        reference=national(country, list(ordered["item"]), "pni"),
        decimals=3,
    )


def need_values(frame: pd.DataFrame) -> dict[str, Value]:
    """Return every construct's PNI, and the first, second and last by name."""
    ordered, source = labelled(frame).sort_values("rank"), "respondents: expected and actual"
    values = {"n": Value(int(ordered["n"].max()), 0, "คน", source=source)}
    for name, at in (("top", 0), ("second", 1), ("last", -1)):
        values[f"{name}.label"] = Value(ordered.iloc[at]["label"], source=source)
        values[f"{name}.pni"] = _pni(ordered.iloc[at], source)
    return values | {f"{row['item']}.pni": _pni(row, source) for _, row in ordered.iterrows()}


def _pni(row: pd.Series, source: str) -> Value:
    return Value(row["pni"], 3, "", row["n"], (row["ci_low"], row["ci_high"]), source)


__getattr__, __dir__ = lazy.offered(__name__)
