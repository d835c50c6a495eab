"""Computed sentences: what a table says, in words that stay true for every region.

"No difference was found" is never "there is no difference", and a number in a sentence is the number
in its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from castlib import instrument, mixed
from castlib.present import notes, thai
from castlib.present.notes import Text
from castlib.present.results import National

TESTS = {
    "student_t": "t-test",
    "welch_t": "Welch t-test",
    "mann_whitney": "Mann–Whitney U",
    "anova": "ANOVA",
    "welch_anova": "Welch ANOVA",
    "kruskal_wallis": "Kruskal–Wallis H",
    "cluster_robust": "CR2",
}
EFFECTS = {
    "hedges_g": "g",
    "rank_biserial": "r_rb",
    "omega_squared": "ω²",
    "eta_squared_h": "η²_H",
}


def level(mean: float) -> str:
    """Return the Thai name of a mean's level by the study's criterion."""
    from castlib.stats import levels

    return instrument.levels()["labels"]["th"][levels.read(mean) - 1]


@cache
def _themes() -> dict[str, str]:
    from castlib.text import coding

    book = coding.codebook()
    return dict(zip(book["code"], book["label_th"], strict=True))


def theme_labels() -> dict[str, str]:
    """Return the Thai label of every code in the codebook."""
    return _themes()


def levels(described: pd.DataFrame, what: str, country: National | None = None) -> Text:
    """Read a table of means: the highest, the lowest, whether the intervals part them, the country."""
    tool = instrument.load()
    ordered = described.sort_values("mean", ascending=False)
    first, last = ordered.iloc[0], ordered.iloc[-1]
    apart = first["ci_low"] > last["ci_high"]
    sentences = [
        f"{what}ที่มีค่าเฉลี่ยสูงสุดคือ{tool.label(first['item'])} "
        f"(x̄ = {first['mean']:.2f} ระดับ{level(first['mean'])}) และต่ำสุดคือ{tool.label(last['item'])} "
        f"(x̄ = {last['mean']:.2f} ระดับ{level(last['mean'])}) "
        + (
            "ช่วงความเชื่อมั่นของสองค่านี้ไม่ทับกัน"
            if apart
            else "แต่ช่วงความเชื่อมั่นของสองค่านี้ทับกัน จึงยังบอกลำดับได้ไม่แน่ชัด"
        )
    ]
    crossing = [tool.label(item) for item in ordered.loc[ordered["crosses"], "item"]]
    if crossing:
        sentences.append(
            f"ช่วงความเชื่อมั่นของ{thai.listed(crossing)} คร่อมเส้นแบ่งระดับ ระดับที่อ่านได้จึงอาจเปลี่ยนเมื่อเก็บข้อมูลใหม่"
        )
    if country is not None:
        sentences.append(_against_country(ordered, country))
    return notes.reading(*sentences)


def _against_country(described: pd.DataFrame, country: National) -> str:
    label = instrument.load().label
    known = pd.Series({item: country[f"{item}.mean"] for item in described["item"]})
    frame = described.set_index("item")
    above = [label(item) for item in frame.index[frame["ci_low"] > known]]
    below = [label(item) for item in frame.index[frame["ci_high"] < known]]
    said = []
    if above:
        said.append(f"สูงกว่าค่าเฉลี่ยทั่วประเทศ ได้แก่ {thai.listed(above)}")
    if below:
        said.append(f"ต่ำกว่าค่าเฉลี่ยทั่วประเทศ ได้แก่ {thai.listed(below)}")
    if not said:
        return (
            "เมื่อเทียบกับทั่วประเทศ ยังไม่พบว่ารายการใดต่าง เพราะช่วงความเชื่อมั่นครอบคลุมค่าเฉลี่ยทั่วประเทศทุกรายการ"
        )
    return "เมื่อดูช่วงความเชื่อมั่น รายการที่" + " และที่".join(said)


def comparisons(tests: pd.DataFrame) -> Text:
    """Read a family of comparisons: how many differences were found, and where."""
    tool = instrument.load()
    found = tests[tests["p_holm"] < 0.05]
    if tests.empty:
        return notes.reading("ไม่มีกลุ่มย่อยที่มีผู้ตอบมากพอจะเทียบกัน")
    if found.empty:
        return notes.reading(
            f"จากการทดสอบ {len(tests)} ครั้ง ไม่พบความแตกต่างระหว่างกลุ่มหลังปรับค่า p "
            "ซึ่งไม่ได้แปลว่ากลุ่มต่าง ๆ เหมือนกัน"
        )
    listed = [
        f"{tool.label(row.dv)}ตาม{tool.label(row.between)} "
        f"(p {thai.p_value(row.p_holm)}, {EFFECTS[row.effect]} = {row.effect_size:.2f})"
        for row in found.itertuples()
    ]
    return notes.reading(
        f"จากการทดสอบ {len(tests)} ครั้ง พบความแตกต่าง {len(found)} ครั้งหลังปรับค่า p ได้แก่ "
        + thai.listed(listed)
    )


def regression(model: object, share: pd.DataFrame) -> Text:
    """Read a regression: how much is explained, by what, and which coefficients are clear."""
    tool = instrument.load()
    terms = model.coefficients.drop(index="Intercept")
    clear = [tool.label(term) for term in terms.index[terms["p"] < 0.05]]
    first = share.sort_values("share").iloc[-1]
    said = (
        f"องค์ประกอบทั้ง {len(terms)} อธิบายความแปรปรวนของผลลัพธ์รวมได้ร้อยละ {100 * model.r2:.0f} "
        f"{tool.label(first['term'])}มีส่วนแบ่งมากที่สุด คือร้อยละ {100 * first['share']:.0f} ของส่วนที่อธิบายได้ "
    )
    if clear:
        said += f"ค่าสัมประสิทธิ์ที่ต่างจากศูนย์เมื่อคุมองค์ประกอบอื่น ได้แก่ {thai.listed(clear)}"
    else:
        said += "แต่ไม่พบค่าสัมประสิทธิ์รายตัวที่ต่างจากศูนย์เมื่อคุมองค์ประกอบอื่น"
    return notes.reading(said)


def content_validity(frame: pd.DataFrame, experts: int) -> Text:
    """Read the experts' ratings: how many items may be kept, which not."""
    poor = list(frame.loc[~frame["keep"], "item"])
    said = f"ผู้เชี่ยวชาญ {experts} คนพิจารณา {len(frame)} ข้อ ใช้ได้ {int(frame['keep'].sum())} ข้อ"
    if poor:
        said += f" ข้อที่ต้องปรับปรุงคือ {thai.listed(poor)}"
    return notes.reading(said)


def reliability(checked: Mapping[str, object]) -> Text:
    """Read the reliabilities: their span, and any scale under 0.70."""
    label = instrument.load().label
    alphas = pd.Series({code: found.alpha for code, found in checked.items()})
    weak = [label(code) for code in alphas.index[alphas < 0.70]]
    said = f"สัมประสิทธิ์แอลฟาอยู่ระหว่าง {alphas.min():.2f} ถึง {alphas.max():.2f} "
    if weak:
        said += f"มาตรที่ต่ำกว่า 0.70 ได้แก่ {thai.listed(weak)} จึงควรอ่านผลของมาตรนี้ด้วยความระวัง"
    else:
        said += "ทุกมาตรตั้งแต่ 0.70 ขึ้นไป"
    return notes.reading(said)


def parallel(found: object) -> str:
    """Return what the scree plot shows, for who cannot see it."""
    first = ", ".join(f"{value:.2f}" for value in found.eigenvalues[:5])
    return f"ค่าไอเกนห้าค่าแรก {first}; มากกว่าข้อมูลสุ่ม {found.n_factors} องค์ประกอบ"


def factors(adequacy: object, found: object, fitted: object, planned: int, distinct: Text) -> Text:
    """Read the factor analyses: factors suggested against planned, fit, and whether they are distinct."""
    fit = fitted.fit
    good = fit["cfi"] >= 0.95 and fit["rmsea"] <= 0.06 and fit["srmr"] <= 0.08
    same = "ตรงกับ" if found.n_factors == planned else "ต่างจาก"
    verdict = "ผ่านเกณฑ์" if good else "ไม่ผ่านเกณฑ์อย่างน้อยหนึ่งข้อ"
    return notes.reading(
        f"parallel analysis เสนอ {found.n_factors} องค์ประกอบ {same}ที่ออกแบบไว้ {planned} องค์ประกอบ "
        f"(KMO = {adequacy.kmo:.2f}) แบบจำลองเชิงยืนยันมี CFI = {fit['cfi']:.3f}, "
        f"RMSEA = {fit['rmsea']:.3f}, SRMR = {fit['srmr']:.3f} {verdict}ของ Hu และ Bentler "
        "(CFI ≥ .95, RMSEA ≤ .06, SRMR ≤ .08)",
        *distinct.paragraphs,
    )


def needs(frame: pd.DataFrame) -> Text:
    """Read the needs: the first three, and how sure the first rank is."""
    label = instrument.load().label
    ordered = frame.sort_values("rank")
    named = [f"{label(row.item)} (PNI = {row.pni:.3f})" for row in ordered.head(3).itertuples()]
    first = ordered.iloc[0]
    sure = (
        "ลำดับแรกไม่เปลี่ยนในการสุ่มซ้ำร้อยละ 95"
        if first["rank_low"] == first["rank_high"]
        else f"ลำดับแรกอาจอยู่ระหว่าง {first['rank_low']:.0f} ถึง {first['rank_high']:.0f} ในการสุ่มซ้ำ"
    )
    return notes.reading(f"ความต้องการจำเป็นสูงสุดสามลำดับคือ {thai.listed(named)} {sure}")


def priorities(frame: pd.DataFrame) -> str:
    """Return what the priority map shows, for who cannot see it."""
    label = instrument.load().label
    urgent = frame[
        (frame["expected"] > frame["expected"].mean()) & (frame["actual"] < frame["actual"].mean())
    ]
    named = thai.listed([label(item) for item in urgent["item"]]) or "ไม่มี"
    return f"องค์ประกอบที่คาดหวังสูงแต่สภาพจริงต่ำกว่าค่าเฉลี่ย: {named}"


def joint(frame: pd.DataFrame) -> Text:
    """Read the joint display: how often the strands agree, and which constructs need a second look."""
    label = instrument.load().label
    said = [
        f"{name} {sum(frame['verdict'] == verdict)} องค์ประกอบ"
        for verdict, name in mixed.VERDICTS.items()
    ]
    odd = [label(code) for code in frame.loc[frame["verdict"] == "disagree", "construct"]]
    more = f" องค์ประกอบที่ควรพิจารณาซ้ำคือ {thai.listed(odd)}" if odd else ""
    return notes.reading("ข้อสรุปที่เสนอ: " + ", ".join(said) + more)
