"""When n cannot carry a method: each rule gives the reason in Thai, or None where the method may be used.

A page that is refused a method shows the reason in its place, never a number that means nothing. The
thresholds are floors under which the method's own sources warn against it, not marks of quality.
"""

from collections.abc import Sequence

import pandas as pd

from castlib.errors import some

LEAST_ALPHA = 30  # Yurdugül 2008, Hacettepe University Journal of Education 35, 397–405
LEAST_EXPERTS = 3  # Rovinelli & Hambleton 1977
LEAST_FACTORS = 200  # MacCallum et al. 1999, doi:10.1037/1082-989X.4.1.84
LEAST_PER_ITEM = 5  # Gorsuch 1983, Factor Analysis, 2nd ed.
LEAST_GROUP = (
    5  # Siegel & Castellan 1988, Nonparametric Statistics for the Behavioral Sciences, 2nd ed.
)
LEAST_CLUSTERS = 10  # Cameron & Miller 2015, doi:10.3368/jhr.50.2.317 (few clusters)
LEAST_LEVEL_TWO = 10  # Maas & Hox 2005, doi:10.1027/1614-2241.1.3.86
LEAST_CASES, MOST_CONDITIONS = 10, 7  # Rihoux & Ragin 2009, Configurational Comparative Methods


def content_validity(experts: int) -> str | None:
    """Return why experts are too few for an index of congruence, or None (Rovinelli & Hambleton 1977).

    >>> content_validity(2)
    'มีผู้เชี่ยวชาญ 2 คน ดัชนีความสอดคล้อง (IOC) ต้องใช้อย่างน้อย 3 คน (Rovinelli & Hambleton 1977)'
    """
    if experts < LEAST_EXPERTS:
        return (
            f"มีผู้เชี่ยวชาญ {experts} คน ดัชนีความสอดคล้อง (IOC) ต้องใช้อย่างน้อย {LEAST_EXPERTS} คน "
            "(Rovinelli & Hambleton 1977)"
        )
    return None


def reliability(items: pd.DataFrame) -> str | None:
    """Return why a scale's alpha and omega cannot be computed from these answers, or None.

    Fewer than 30 complete respondents (Yurdugül 2008), or an item that everybody answered alike.

    >>> reliability(pd.DataFrame({"a": [1, 2] * 20, "b": [3] * 40}))
    'ทุกคนตอบเหมือนกันในข้อ b จึงคำนวณความเที่ยงไม่ได้'
    """
    complete = items.dropna()
    if len(complete) < LEAST_ALPHA:
        return (
            f"มีผู้ตอบครบ {len(complete):,} คน การประมาณความเที่ยงต้องใช้อย่างน้อย {LEAST_ALPHA} คน "
            "(Yurdugül 2008)"
        )
    same = complete.columns[complete.nunique() == 1]
    return f"ทุกคนตอบเหมือนกันในข้อ {some(same)} จึงคำนวณความเที่ยงไม่ได้" if len(same) else None


def factor_model(n: int, items: int) -> str | None:
    """Return why n respondents cannot carry a factor model of so many items, or None.

    Fewer than 200 (MacCallum et al. 1999) or than 5 an item (Gorsuch 1983).

    >>> factor_model(40, 35)
    'มีผู้ตอบครบ 40 คน การวิเคราะห์องค์ประกอบ 35 ข้อต้องใช้อย่างน้อย 200 คน (MacCallum et al. 1999; Gorsuch 1983)'
    >>> factor_model(760, 35) is None
    True
    """
    needed = max(LEAST_FACTORS, LEAST_PER_ITEM * items)
    if n < needed:
        return (
            f"มีผู้ตอบครบ {n:,} คน การวิเคราะห์องค์ประกอบ {items} ข้อต้องใช้อย่างน้อย {needed:,} คน "
            "(MacCallum et al. 1999; Gorsuch 1983)"
        )
    return None


def groups(sizes: Sequence[int]) -> str | None:
    """Return why groups of these sizes cannot be compared, or None: 2 groups of 5 (Siegel & Castellan 1988).

    >>> groups([12, 3])
    'กลุ่มที่เล็กที่สุดมี 3 คน การเปรียบเทียบต้องมีอย่างน้อยกลุ่มละ 5 คน (Siegel & Castellan 1988)'
    """
    if len(sizes) < 2:
        return "มีกลุ่มเดียว จึงไม่มีกลุ่มให้เปรียบเทียบ"
    if min(sizes) < LEAST_GROUP:
        return (
            f"กลุ่มที่เล็กที่สุดมี {min(sizes)} คน การเปรียบเทียบต้องมีอย่างน้อยกลุ่มละ {LEAST_GROUP} คน "
            "(Siegel & Castellan 1988)"
        )
    return None


def clusters(n_clusters: int) -> str | None:
    """Return why so few clusters cannot stand for others, or None: 10 (Cameron & Miller 2015).

    >>> clusters(4)
    'มี 4 อำเภอ ค่าคลาดเคลื่อนที่เผื่อความคล้ายกันภายในอำเภอต้องใช้อย่างน้อย 10 อำเภอ (Cameron & Miller 2015)'
    """
    if n_clusters < LEAST_CLUSTERS:
        return (
            f"มี {n_clusters} อำเภอ ค่าคลาดเคลื่อนที่เผื่อความคล้ายกันภายในอำเภอต้องใช้อย่างน้อย "
            f"{LEAST_CLUSTERS} อำเภอ (Cameron & Miller 2015)"
        )
    return None


def regression(n: int, predictors: int, n_clusters: int | None = None) -> str | None:
    """Return why n respondents in so many clusters cannot carry a regression, or None.

    Fewer than 50 + 8 a predictor (Green 1991, doi:10.1207/s15327906mbr2603_7), or too few clusters.

    >>> regression(40, 7, 4)
    'มีผู้ตอบครบ 40 คน การถดถอยที่มีตัวแปรทำนาย 7 ตัวต้องใช้อย่างน้อย 106 คน (Green 1991)'
    >>> regression(760, 7, 76) is None
    True
    """
    needed = 50 + 8 * predictors
    if n < needed:
        return (
            f"มีผู้ตอบครบ {n:,} คน การถดถอยที่มีตัวแปรทำนาย {predictors} ตัวต้องใช้อย่างน้อย {needed:,} คน "
            "(Green 1991)"
        )
    return None if n_clusters is None else clusters(n_clusters)


def multilevel(n_groups: int) -> str | None:
    """Return why so few groups cannot tell how much groups differ, or None: 10 (Maas & Hox 2005).

    >>> multilevel(4)
    'มี 4 อำเภอ การประมาณความแตกต่างระหว่างอำเภอต้องใช้อย่างน้อย 10 อำเภอ (Maas & Hox 2005)'
    """
    if n_groups < LEAST_LEVEL_TWO:
        return (
            f"มี {n_groups} อำเภอ การประมาณความแตกต่างระหว่างอำเภอต้องใช้อย่างน้อย {LEAST_LEVEL_TWO} อำเภอ "
            "(Maas & Hox 2005)"
        )
    return None


def configurations(cases: int, conditions: int) -> str | None:
    """Return why so few cases cannot tell so many conditions apart, or None (Rihoux & Ragin 2009).

    >>> configurations(5, 4)
    'มี 5 กรณี fsQCA ต้องใช้อย่างน้อย 10 กรณี (Rihoux & Ragin 2009)'
    """
    if cases < LEAST_CASES:
        return f"มี {cases} กรณี fsQCA ต้องใช้อย่างน้อย {LEAST_CASES} กรณี (Rihoux & Ragin 2009)"
    if conditions > MOST_CONDITIONS:
        return (
            f"มี {conditions} เงื่อนไข fsQCA ใช้ได้ไม่เกิน {MOST_CONDITIONS} เงื่อนไขกับจำนวนกรณีระดับนี้ "
            "(Rihoux & Ragin 2009)"
        )
    return None
