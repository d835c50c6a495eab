"""The instrument phase: how well the questionnaire measures, as tables, a figure and named values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from castlib import instrument, lazy
from castlib.present import figures, tables, thai
from castlib.present.displays import labelled, national
from castlib.present.results import National, Value, or_dash

if TYPE_CHECKING:
    from castlib.present.figures import Figure
    from castlib.present.tables import Table
    from castlib.stats.reliability import Reliability

EXPERTS = "ratings: IOC"
ANSWERS = "respondents: actual state and outcomes"
FIT = ("cfi", "tli", "rmsea", "srmr")


def content_validity(frame: pd.DataFrame) -> Table:
    """Return the table of each item's IOC."""
    return tables.table(
        labelled(frame),
        "ดัชนีความสอดคล้องระหว่างข้อคำถามกับสิ่งที่ต้องการวัด (IOC)",
        ["item", "label", "ioc", "keep", "ioc_without_worst"],
        note="ใช้ได้ (✓) เมื่อ IOC ตั้งแต่ 0.50; คอลัมน์สุดท้ายคือ IOC เมื่อตัดผู้เชี่ยวชาญที่ให้คะแนนต่ำสุดออก",
        item="รหัส",
        label="ข้อคำถาม",
        ioc="IOC",
        keep="ใช้ได้",
        ioc_without_worst="IOC ตัดต่ำสุด",
    )


def validity_values(frame: pd.DataFrame | None, experts: int) -> dict[str, Value]:
    """Return the mean IOC and how many items may be kept, where experts' ratings exist."""
    if frame is None:
        return {}
    n = len(frame)
    return {
        "ioc.mean": Value(float(frame["ioc"].mean()), 2, "", n, source=EXPERTS),
        "ioc.items": Value(n, 0, "ข้อ", source=EXPERTS),
        "ioc.kept": Value(int(frame["keep"].sum()), 0, "ข้อ", n, source=EXPERTS),
        "ioc.experts": Value(experts, 0, "คน", source=EXPERTS),
    }


def scales(checked: Mapping[str, Reliability]) -> pd.DataFrame:
    """Return one row a scale: item (its code), label, items, n, alpha, ci_low, ci_high, omega."""
    rows = [
        {
            "item": code,
            "items": len(found.items),
            "n": found.n,
            "alpha": found.alpha,
            "ci_low": found.alpha_ci[0],
            "ci_high": found.alpha_ci[1],
            "omega": found.omega_total,
        }
        for code, found in checked.items()
    ]
    return labelled(pd.DataFrame(rows))


def reliability(
    checked: Mapping[str, Reliability],
    refused: Mapping[str, str],
    country: National | None = None,
    independent: str | None = None,
) -> Table:
    """Return the table of alpha and omega by scale (and the country's alpha), with what was refused.

    `independent` is the reason why the intervals suppose independent people (Feldt); None where they
    allow for people of one district being alike.
    """
    frame, columns = scales(checked), ["label", "items", "n", "alpha", "ci", "omega"]
    if country is not None:
        frame["country"] = national(country, list(frame["item"]), "alpha")
        columns.append("country")
    return tables.table(
        frame,
        "ความเที่ยงของมาตร",
        columns,
        note="; ".join(
            [
                "α ของครอนบาค ช่วงความเชื่อมั่น 95% "
                + (
                    "เผื่อความคล้ายกันของผู้ตอบในอำเภอเดียวกัน (ประมาณเชิงเส้นของ ln(1 − α) รวมตามอำเภอ)"
                    if independent is None
                    else f"ด้วยวิธีของ Feldt ซึ่งถือว่าผู้ตอบเป็นอิสระต่อกัน เพราะ{independent} ช่วงจริงจึงอาจกว้างกว่านี้"
                ),
                "ω รวมจากแบบจำลององค์ประกอบเดียว",
                *_refused(refused),
            ]
        ),
        label="มาตร",
        items="จำนวนข้อ",
        alpha="α",
        omega="ω",
        country="α ทั่วประเทศ",
    )


def _refused(refused: Mapping[str, str]) -> list[str]:
    """Return what is not shown, scales of one reason together."""
    by_reason: dict[str, list[str]] = {}
    for code, why in refused.items():
        by_reason.setdefault(why, []).append(instrument.load().label(code))
    return [f"ไม่แสดง{thai.listed(named)}: {why}" for why, named in by_reason.items()]


def reliability_figure(
    checked: Mapping[str, Reliability], country: National | None = None
) -> Figure:
    """Return alpha with its interval by scale."""
    frame = scales(checked)
    return figures.intervals(
        frame,
        label="label",
        value="alpha",
        low="ci_low",
        high="ci_high",
        xlabel="สัมประสิทธิ์แอลฟา (α)",
        caption="ความเที่ยงของมาตรพร้อมช่วงความเชื่อมั่น",
        alt="; ".join(f"{row.label} {row.alpha:.2f}" for row in frame.itertuples()),
        reference=national(country, list(frame["item"]), "alpha"),
    )


def items(checked: Mapping[str, Reliability]) -> Table:
    """Return the table of item statistics, scale after scale."""
    frame = pd.concat([found.items for found in checked.values()], ignore_index=True)
    ends = frame[["floor", "ceiling"]].mul(100)
    return tables.table(
        labelled(frame).assign(floor=ends["floor"], ceiling=ends["ceiling"]),
        "สถิติรายข้อ",
        [
            "label",
            "mean",
            "sd",
            "skew",
            "kurtosis",
            "floor",
            "ceiling",
            "r_drop",
            "alpha_if_deleted",
        ],
        decimals={"floor": 1, "ceiling": 1},
        note=(
            "สภาพที่เป็นจริงและผลลัพธ์; ความโด่งส่วนเกิน (ปกติ = 0); ต่ำสุดและสูงสุดคือร้อยละของผู้ที่ตอบ 1 และ 5; "
            "r คือสหสัมพันธ์ของข้อกับผลรวมของข้ออื่นในมาตรเดียวกัน"
        ),
        label="ข้อคำถาม",
        skew="ความเบ้",
        kurtosis="ความโด่ง",
        floor="ต่ำสุด %",
        ceiling="สูงสุด %",
        r_drop="r",
        alpha_if_deleted="α เมื่อตัดข้อ",
    )


def reliability_values(checked: Mapping[str, Reliability]) -> dict[str, Value]:
    """Return every scale's alpha and omega, and the lowest alpha by name."""
    if not checked:
        return {}
    frame = scales(checked)
    lowest = frame.loc[frame["alpha"].idxmin()]
    values = {
        "n": Value(int(frame["n"].max()), 0, "คน", source=ANSWERS),
        "items": Value(int(frame["items"].sum()), 0, "ข้อ", source=ANSWERS),
        "lowest.label": Value(lowest["label"], source=ANSWERS),
        "lowest.alpha": Value(lowest["alpha"], 2, "", int(lowest["n"]), source=ANSWERS),
    }
    for row in frame.itertuples():
        ci = (row.ci_low, row.ci_high)
        values[f"{row.item}.alpha"] = Value(row.alpha, 2, "", row.n, ci, ANSWERS)
        values[f"{row.item}.omega"] = Value(row.omega, 2, "", row.n, source=ANSWERS)
    return values


def adequacy(found: object, parallel: object) -> Table:
    """Return what the answers allow a factor analysis to say."""
    rows = [
        ("ดัชนี KMO", f"{found.kmo:.2f}"),
        ("Bartlett χ² (df)", f"{found.bartlett_chi2:,.1f} ({found.bartlett_df:.0f})"),
        ("p ของ Bartlett", "< .001" if found.bartlett_p < 0.001 else f"{found.bartlett_p:.3f}"),
        ("จำนวนองค์ประกอบจาก parallel analysis", f"{parallel.n_factors}"),
    ]
    frame = pd.DataFrame(rows, columns=["label", "value"])
    caption = "ความเหมาะสมของข้อมูลต่อการวิเคราะห์องค์ประกอบ"
    return tables.table(frame, caption, ["label", "value"], value="ค่า")


def loadings(found: object) -> Figure:
    """Return the pattern matrix of an exploratory factor analysis as a heat map."""
    pattern = found.loadings.rename(index=lambda column: column.removesuffix("_actual"))
    strongest = pattern.abs().max(axis=1)
    return figures.heatmap(
        pattern,
        caption=(
            f"น้ำหนักองค์ประกอบจากการวิเคราะห์เชิงสำรวจ (minres, oblimin; n = {found.n:,}, "
            f"TLI = {found.tli:.3f}, RMSEA = {found.rmsea:.3f})"
        ),
        alt=(
            f"น้ำหนักสูงสุดของแต่ละข้ออยู่ระหว่าง {strongest.min():.2f} ถึง {strongest.max():.2f}; "
            f"น้ำหนักข้ามองค์ประกอบสูงสุด {_crossing(pattern):.2f}"
        ),
        label="น้ำหนักองค์ประกอบ",
    )


def _crossing(pattern: pd.DataFrame) -> float:
    """Return the largest loading of any item on a factor other than its own."""
    return float(pattern.abs().apply(lambda row: row.nlargest(2).iloc[-1], axis=1).max())


def loadings_table(fitted: object, explored: object) -> Table:
    """Return each item's confirmatory loading with its error and interval, and its two communalities."""
    tool = instrument.load()
    frame = fitted.loadings.assign(
        factor=fitted.loadings["factor"].map(tool.label),
        r2=fitted.loadings["standardised"] ** 2,
        communality=explored.communalities.loc[fitted.loadings["item"]].to_numpy(),
    )
    return tables.table(
        labelled(frame),
        "น้ำหนักองค์ประกอบมาตรฐานจากการวิเคราะห์เชิงยืนยัน",
        ["factor", "label", "standardised", "se", "ci", "p", "r2", "communality"],
        decimals={"se": 3},
        note=f"n = {fitted.n:,}; λ และ R² จากการวิเคราะห์เชิงยืนยัน h² (ค่าการร่วม) จากการวิเคราะห์เชิงสำรวจ",
        factor="องค์ประกอบ",
        label="ข้อคำถาม",
        standardised="λ",
        se="SE",
        r2="R²",
        communality="h²",
    )


def factor_values(
    found: object | None, parallel: object | None, fitted: object | None
) -> dict[str, Value]:
    """Return KMO, the suggested number of factors and the fit of the model, where n carried them."""
    if found is None:
        return or_dash(
            {}, "kmo", "bartlett.p", "factors.suggested", *(f"cfa.{name}" for name in FIT)
        )
    fit = {name: fitted.fit[name] for name in FIT}
    return {
        "kmo": Value(found.kmo, 2, source=ANSWERS),
        "bartlett.p": Value(
            "< .001" if found.bartlett_p < 0.001 else f"{found.bartlett_p:.3f}", source=ANSWERS
        ),
        "factors.suggested": Value(parallel.n_factors, 0, "องค์ประกอบ", source=ANSWERS),
    } | {f"cfa.{name}": Value(value, 3, source=ANSWERS) for name, value in fit.items()}


__getattr__, __dir__ = lazy.offered(__name__)
