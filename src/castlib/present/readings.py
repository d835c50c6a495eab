"""Computed sentences: what a table says, in words that stay true for every region.

"No difference was found" is never "there is no difference", and a number in a sentence is the number
in its table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from castlib import instrument, lazy
from castlib.errors import some
from castlib.present import notes, thai
from castlib.present.notes import Text
from castlib.present.results import National

# items: Nunnally & Bernstein 1994 (r); Terwee et al. 2007, doi:10.1016/j.jclinepi.2006.03.012, warn of
# more than 15 % at an end for whole scales; single items of five levels reach that by nature
LEAST_R, MOST_END = 0.30, 0.50


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
            "เมื่อเทียบกับทั่วประเทศ ยังไม่พบว่ารายการใดต่าง เพราะช่วงความเชื่อมั่นครอบคลุมค่าเฉลี่ยทั่วประเทศทุกรายการ "
            "ซึ่งไม่ได้แปลว่าเท่ากับทั่วประเทศ"
        )
    return (
        "เมื่อดูช่วงความเชื่อมั่น รายการที่"
        + " และที่".join(said)
        + f" (ดู {len(frame)} รายการโดยไม่ได้ปรับการเทียบหลายครั้ง และค่าทั่วประเทศรวมพื้นที่นี้ด้วย)"
    )


def regression(model: object, share: pd.DataFrame) -> Text:
    """Read a regression: how much is explained, by what, how surely first, and which slopes are clear."""
    label = instrument.load().label
    terms = model.coefficients.drop(index="Intercept")
    first = share.sort_values("share").iloc[-1]
    rivals = share[(share["rank_low"] <= 1) & (share["term"] != first["term"])]
    said = (
        f"องค์ประกอบทั้ง {len(terms)} อธิบายความแปรปรวนของผลลัพธ์รวมได้ร้อยละ {100 * model.r2:.0f} "
        f"{label(first['term'])}มีส่วนแบ่งมากที่สุด คือร้อยละ {100 * first['share']:.0f} ของส่วนที่อธิบายได้ "
    )
    said += (
        f"แต่ในการสุ่มซ้ำ{thai.listed([label(term) for term in rivals['term']])}อาจเป็นลำดับแรกได้เช่นกัน "
        "จึงยังไม่ควรถือว่าลำดับแรกเด็ดขาด"
        if len(rivals)
        else "และเป็นลำดับแรกลำดับเดียวในช่วง 95% ของการสุ่มซ้ำ"
    )
    up, down = (terms.index[(terms["p"] < 0.05) & (sign * terms["b"] > 0)] for sign in (1, -1))
    unclear = [label(term) for term in terms.index[terms["p"] >= 0.05]]
    clear = [
        f"{way} ได้แก่ {thai.listed([f'{label(t)} (β = {terms.beta[t]:.2f})' for t in named])}"
        for way, named in (("ยิ่งสูงผลลัพธ์ยิ่งสูง", up), ("ยิ่งสูงผลลัพธ์ยิ่งต่ำ", down))
        if len(named)
    ]
    slopes = "เมื่อคุมองค์ประกอบอื่น " + (
        f"องค์ประกอบที่{' และที่'.join(clear)} " if clear else "ไม่พบองค์ประกอบใดที่สัมพันธ์กับผลลัพธ์ "
    )
    if clear and unclear:
        slopes += f"ส่วน{thai.listed(unclear)}ยังไม่พบความสัมพันธ์ ซึ่งไม่ได้แปลว่าไม่สัมพันธ์ "
    return notes.reading(said, slopes + "เป็นความสัมพันธ์ มิใช่ข้อพิสูจน์ของเหตุและผล")


def clustering(cells: pd.DataFrame) -> Text:
    """Read how alike people of one district are, and what the sample is worth."""
    label = instrument.load().label
    ordered = cells.sort_values("icc")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    zero = [label(item) for item in ordered.loc[ordered["ci_low"] <= 0, "item"]]
    said = (
        f"ICC อยู่ระหว่าง {low['icc']:.3f} ({label(low['item'])}) ถึง {high['icc']:.3f} "
        f"({label(high['item'])}) คือความแปรปรวนร้อยละ {100 * low['icc']:.0f} ถึง {100 * high['icc']:.0f} "
        f"อยู่ระหว่างอำเภอ ผู้ตอบ {cells['n'].min():,}–{cells['n'].max():,} คน จึงให้สารสนเทศเท่าผู้ตอบอิสระ "
        f"{cells['effective_n'].min():,.0f}–{cells['effective_n'].max():,.0f} คน "
    )
    if zero:
        return notes.reading(said + f"ICC ของ{thai.listed(zero)}ยังไม่พบว่าต่างจากศูนย์")
    return notes.reading(
        said + "ช่วงความเชื่อมั่นของ ICC ทุกองค์ประกอบอยู่เหนือศูนย์ จึงต้องเผื่อความคล้ายกันนี้ในทุกการทดสอบ"
    )


def content_validity(frame: pd.DataFrame, experts: int) -> Text:
    """Read the experts' ratings: how many items may be kept, which not."""
    poor = list(frame.loc[~frame["keep"], "item"])
    said = f"ผู้เชี่ยวชาญ {experts} คนพิจารณา {len(frame)} ข้อ ใช้ได้ {int(frame['keep'].sum())} ข้อ"
    if poor:
        said += f" ข้อที่ต้องปรับปรุงคือ {thai.listed(poor)}"
    return notes.reading(said)


def reliability(checked: Mapping[str, object], asked: int) -> Text:
    """Read the reliabilities of so many scales asked: their span, and those that are or may be under 0.70."""
    label = instrument.load().label
    alphas = pd.Series({code: found.alpha for code, found in checked.items()})
    lows = pd.Series({code: found.alpha_ci[0] for code, found in checked.items()})
    weak = [label(code) for code in alphas.index[alphas < 0.70]]
    unsure = [label(code) for code in alphas.index[(alphas >= 0.70) & (lows < 0.70)]]
    said = (
        f"คำนวณความเที่ยงได้ {len(alphas)} จาก {asked} มาตร "
        f"สัมประสิทธิ์แอลฟาอยู่ระหว่าง {alphas.min():.2f} ถึง {alphas.max():.2f} "
    )
    if weak:
        said += f"มาตรที่ต่ำกว่า 0.70 ได้แก่ {thai.listed(weak)} จึงควรอ่านผลของมาตรนี้ด้วยความระวัง "
    else:
        said += "ทุกมาตรที่คำนวณได้มีค่าตั้งแต่ 0.70 ขึ้นไป "
    if unsure:
        said += f"แต่ขอบล่างของช่วงความเชื่อมั่นของ{thai.listed(unsure)}ต่ำกว่า 0.70 จึงยังไม่แน่ชัดว่าถึงเกณฑ์"
    return notes.reading(said)


def items(checked: Mapping[str, object]) -> Text:
    """Read the items: which discriminate little, would be better left out, or crowd at one end."""
    label = instrument.load().label
    frame = pd.concat(
        [found.items.assign(alpha=found.alpha) for found in checked.values()], ignore_index=True
    )
    faults = {
        f"อำนาจจำแนกต่ำกว่า {LEAST_R:.2f}": frame["r_drop"] < LEAST_R,
        "ตัดออกแล้ว α สูงขึ้นเกิน 0.01": frame["alpha_if_deleted"] - frame["alpha"] > 0.01,
        f"ตอบค่าสูงสุดหรือต่ำสุดเกินร้อยละ {100 * MOST_END:.0f}": frame[["floor", "ceiling"]].max(axis=1)
        > MOST_END,
        "|ความเบ้| เกิน 2 หรือ |ความโด่ง| เกิน 7": (frame["skew"].abs() > 2)
        | (frame["kurtosis"].abs() > 7),
    }
    poor = {what: [label(item) for item in frame.loc[bad, "item"]] for what, bad in faults.items()}
    found = [f"{what}: {some(named)}" for what, named in poor.items() if named]
    none = [what for what, named in poor.items() if not named]
    lowest = frame.loc[frame["r_drop"].idxmin()]
    said = (
        f"จาก {len(frame)} ข้อ อำนาจจำแนกต่ำสุด {lowest['r_drop']:.2f} ({label(lowest['item'])}) "
        + (f"ไม่พบข้อที่มีลักษณะต่อไปนี้: {'; '.join(none)}" if none else "")
    )
    return notes.reading(said, *(f"ข้อที่{text}" for text in found))


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
        "ช่วง 95% ของลำดับแรกในการสุ่มซ้ำคือลำดับที่ 1 เพียงลำดับเดียว"
        if first["rank_high"] == 1
        else f"{label(first['item'])}อาจอยู่ลำดับที่ {first['rank_low']:.0f} ถึง {first['rank_high']:.0f} "
        "ในช่วง 95% ของการสุ่มซ้ำ จึงยังบอกลำดับแรกได้ไม่แน่ชัด"
    )
    open_ = [label(item) for item in ordered.loc[ordered["ci_low"] <= 0, "item"]]
    gap = (
        f"ช่วงความเชื่อมั่นของ{thai.listed(open_)}คร่อมหรือต่ำกว่าศูนย์ จึงยังไม่พบว่าสภาพจริงต่ำกว่าที่คาดหวัง"
        if open_
        else "ช่วงความเชื่อมั่นของทุกองค์ประกอบอยู่เหนือศูนย์ คือสภาพจริงต่ำกว่าที่คาดหวังทุกองค์ประกอบ"
    )
    return notes.reading(f"ความต้องการจำเป็นสูงสุดสามลำดับคือ {thai.listed(named)} {sure}", gap)


__getattr__, __dir__ = lazy.offered(__name__)
