"""Numbers and words side by side: the joint display, and a verdict by a stated rule.

For each component of success the questionnaire says how needy it is (PNI) and the focus groups say
how often obstacles and proposals about it were raised. The verdict proposes; people decide.
"""

import pandas as pd

VERDICTS = {
    "agree": "สอดคล้องกัน",
    "add": "เสริมกัน",
    "disagree": "ขัดแย้งกัน",
    "silent": "ไม่มีผู้กล่าวถึง",
}


def joint_display(needs: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Return one row a construct: its need, what was said of it, and the proposed verdict.

    The rule: a construct's need is high when its PNI lies above the median of the constructs; it is
    heard often when the share of focus groups that raised an obstacle or a proposal about it lies
    above the median share. High and often, or low and seldom: the strands agree. Low need but heard
    often: the words add to the numbers. High need but heard seldom: they disagree. Raised by nobody:
    silent.

    Parameters
    ----------
    needs : DataFrame
        item (construct code), pni, rank: `castlib.stats.needs.pni`.
    voices : DataFrame
        code, code_kind, construct, groups, of_groups: how many focus groups raised each code, of how
        many (`castlib.text.coding.prevalence`).

    Returns
    -------
    DataFrame
        construct, pni, rank, groups (the most often raised concern's), of_groups, share (0–1), codes
        (the concerns raised, most often first), verdict (agree, add, disagree, silent).
    """
    concern = voices["code_kind"].isin(["obstacle", "proposal"]) & (voices["construct"] != "")
    heard = voices[concern & (voices["groups"] > 0)]
    heard = heard.sort_values(["groups", "code"], ascending=[False, True])
    by = heard.groupby("construct", sort=False)
    said = by.agg(groups=("groups", "max"), of_groups=("of_groups", "max"), codes=("code", list))
    frame = needs.rename(columns={"item": "construct"}).merge(said, on="construct", how="left")
    frame["share"] = (frame["groups"] / frame["of_groups"]).fillna(0.0)
    needy = frame["pni"] > frame["pni"].median()
    often = frame["share"] > frame["share"].median()
    verdict = pd.Series("agree", index=frame.index)
    verdict[~needy & often] = "add"
    verdict[needy & ~often] = "disagree"
    verdict[frame["share"] == 0] = "silent"
    columns = ["construct", "pni", "rank", "groups", "of_groups", "share", "codes"]
    return frame[columns].assign(verdict=verdict)
