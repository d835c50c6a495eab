"""When n cannot carry a method: each rule gives the reason in Thai, or None where the method may be used.

A page that is refused a method shows the reason in its place, never a number that means nothing. The
thresholds are floors, not marks of quality. Where a source gives the number, it is named; where sources
warn without one, the floor is the study's own rule (เกณฑ์ของการศึกษา) and the source is one to look into.
"""

from collections.abc import Sequence

import pandas as pd

from castlib import lazy
from castlib.errors import some

OWN = "เกณฑ์ของการศึกษา"
LEAST_ALPHA = 30  # the least of Yurdugül's simulations that does, with one strong dimension
LEAST_EXPERTS = 3  # own: with two, one opinion is half of the index
LEAST_FACTORS = (
    200  # own: MacCallum et al. find 100-200 enough at middling communalities, no n for all
)
LEAST_PER_ITEM = 5  # Gorsuch
LEAST_INVARIANCE = 300  # Chen
LEAST_GROUP = (
    5  # own: Siegel & Castellan warn of the χ² approximation of rank tests in small groups
)
LEAST_CLUSTERS = 10  # own: Cameron & Miller warn of few clusters and give no number
LEAST_LEVEL_TWO = 10  # own: Maas & Hox find errors of variances too small up to 50 groups
LEAST_CASES, MOST_CONDITIONS = 10, 7  # Rihoux & Ragin


def content_validity(experts: int) -> str | None:
    """Return why experts are too few for an index of congruence, or None (3: the study's own rule).

    >>> content_validity(2)
    'มีผู้เชี่ยวชาญ 2 คน ดัชนีความสอดคล้อง (IOC) ต้องใช้อย่างน้อย 3 คน (เกณฑ์ของการศึกษา)'
    """
    if experts < LEAST_EXPERTS:
        return (
            f"มีผู้เชี่ยวชาญ {experts} คน ดัชนีความสอดคล้อง (IOC) ต้องใช้อย่างน้อย {LEAST_EXPERTS} คน ({OWN})"
        )
    return None


def reliability(items: pd.DataFrame) -> str | None:
    """Return why a scale's alpha and omega cannot be computed from these answers, or None.

    Fewer than 30 complete respondents (Yurdugül 2008, Hacettepe University Journal of Education 35,
    397–405), or an item that everybody answered alike.

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

    Fewer than 5 an item (Gorsuch 1983, Factor Analysis, 2nd ed.) or than 200: the study's own rule, for
    MacCallum et al. 1999 (doi:10.1037/1082-989X.4.1.84) show that no n is enough for all items.

    >>> factor_model(40, 35)
    'มีผู้ตอบครบ 40 คน การวิเคราะห์องค์ประกอบ 35 ข้อต้องใช้อย่างน้อย 200 คน (เกณฑ์ของการศึกษา; ดู MacCallum et al. 1999)'
    >>> factor_model(240, 50)
    'มีผู้ตอบครบ 240 คน การวิเคราะห์องค์ประกอบ 50 ข้อต้องใช้อย่างน้อย 250 คน (Gorsuch 1983)'
    >>> factor_model(760, 35) is None
    True
    """
    needed = max(LEAST_FACTORS, LEAST_PER_ITEM * items)
    if n < needed:
        own = needed == LEAST_FACTORS
        source = f"{OWN}; ดู MacCallum et al. 1999" if own else "Gorsuch 1983"
        return (
            f"มีผู้ตอบครบ {n:,} คน การวิเคราะห์องค์ประกอบ {items} ข้อต้องใช้อย่างน้อย {needed:,} คน ({source})"
        )
    return None


def invariance(sizes: Sequence[int], items: int) -> str | None:
    """Return why groups of these sizes cannot carry a check of measurement invariance, or None.

    Fewer than 300 in all (Chen 2007, doi:10.1080/10705510701301834, whose limits are for more), or than 5
    an item in a group (Gorsuch 1983).

    >>> invariance([120, 20], 5)
    'มีผู้ตอบครบ 140 คน การตรวจความไม่แปรเปลี่ยนของการวัดต้องใช้อย่างน้อย 300 คน (Chen 2007)'
    >>> invariance([300, 20], 5)
    'กลุ่มที่เล็กที่สุดมี 20 คน การตรวจความไม่แปรเปลี่ยนของการวัด 5 ข้อต้องใช้อย่างน้อยกลุ่มละ 25 คน (Gorsuch 1983)'
    """
    if len(sizes) < 2:
        return "มีกลุ่มเดียว จึงไม่มีกลุ่มให้เปรียบเทียบ"
    if sum(sizes) < LEAST_INVARIANCE:
        return (
            f"มีผู้ตอบครบ {sum(sizes):,} คน การตรวจความไม่แปรเปลี่ยนของการวัดต้องใช้อย่างน้อย "
            f"{LEAST_INVARIANCE:,} คน (Chen 2007)"
        )
    if min(sizes) < LEAST_PER_ITEM * items:
        return (
            f"กลุ่มที่เล็กที่สุดมี {min(sizes)} คน การตรวจความไม่แปรเปลี่ยนของการวัด {items} ข้อต้องใช้อย่างน้อย"
            f"กลุ่มละ {LEAST_PER_ITEM * items} คน (Gorsuch 1983)"
        )
    return None


def groups(sizes: Sequence[int]) -> str | None:
    """Return why groups of these sizes cannot be compared, or None: 2 groups of 5.

    5 is the study's own rule; Siegel & Castellan 1988 (Nonparametric Statistics for the Behavioral
    Sciences, 2nd ed.) warn of the approximations in smaller groups.

    >>> groups([12, 3])
    'กลุ่มที่เล็กที่สุดมี 3 คน การเปรียบเทียบต้องมีอย่างน้อยกลุ่มละ 5 คน (เกณฑ์ของการศึกษา; ดู Siegel & Castellan 1988)'
    """
    if len(sizes) < 2:
        return "มีกลุ่มเดียว จึงไม่มีกลุ่มให้เปรียบเทียบ"
    if min(sizes) < LEAST_GROUP:
        return (
            f"กลุ่มที่เล็กที่สุดมี {min(sizes)} คน การเปรียบเทียบต้องมีอย่างน้อยกลุ่มละ {LEAST_GROUP} คน "
            f"({OWN}; ดู Siegel & Castellan 1988)"
        )
    return None


def clusters(n_clusters: int) -> str | None:
    """Return why so few clusters cannot stand for others, or None.

    10 is the study's own rule; Cameron & Miller 2015 (doi:10.3368/jhr.50.2.317) warn of few clusters.

    >>> clusters(4)
    'มี 4 อำเภอ ค่าคลาดเคลื่อนที่เผื่อความคล้ายกันภายในอำเภอต้องใช้อย่างน้อย 10 อำเภอ (เกณฑ์ของการศึกษา; ดู Cameron & Miller 2015)'
    """
    if n_clusters < LEAST_CLUSTERS:
        return (
            f"มี {n_clusters} อำเภอ ค่าคลาดเคลื่อนที่เผื่อความคล้ายกันภายในอำเภอต้องใช้อย่างน้อย "
            f"{LEAST_CLUSTERS} อำเภอ ({OWN}; ดู Cameron & Miller 2015)"
        )
    return None


def regression(n: int, predictors: int, n_clusters: int | None = None) -> str | None:
    """Return why n respondents in so many clusters cannot carry a regression, or None.

    Fewer than 50 + 8 a predictor (Green 1991, doi:10.1207/s15327906mbr2603_7: enough for a medium R²,
    more than enough from 7 predictors on), or too few clusters.

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
    """Return why so few groups cannot tell how much groups differ, or None.

    10 is the study's own rule; Maas & Hox 2005 (doi:10.1027/1614-2241.1.3.86) find that errors of the
    variances are told too small with 50 groups or fewer (here the ICC's interval needs no such error).

    >>> multilevel(4)
    'มี 4 อำเภอ การประมาณความแตกต่างระหว่างอำเภอต้องใช้อย่างน้อย 10 อำเภอ (เกณฑ์ของการศึกษา; ดู Maas & Hox 2005)'
    """
    if n_groups < LEAST_LEVEL_TWO:
        return (
            f"มี {n_groups} อำเภอ การประมาณความแตกต่างระหว่างอำเภอต้องใช้อย่างน้อย {LEAST_LEVEL_TWO} อำเภอ "
            f"({OWN}; ดู Maas & Hox 2005)"
        )
    return None


def configurations(cases: int, conditions: int) -> str | None:
    """Return why so few cases cannot tell so many conditions apart, or None.

    Rihoux & Ragin 2009, Configurational Comparative Methods: 10 to 40 cases carry four to seven conditions.

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


__getattr__, __dir__ = lazy.offered(__name__)
