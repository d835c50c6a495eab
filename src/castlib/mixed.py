"""Numbers and words side by side: what each strand says of a topic, and a verdict by one stated rule.

The rule proposes; people decide, and what they decided goes stale when either strand moves. A topic is
a construct or an outcome. Each strand takes a side on it, +1, 0 or −1:

- numbers: +1 when the topic stands high, −1 when low, 0 when neither; what that means is the
  objective's own (`by_level`, `by_median`, `by_paths`);
- words: +1 when at least 1.5 times as many focus groups speak for it as against it, −1 the other way
  round, 0 in between. Which kinds of codes speak for and against is `SIDES`, from the codebook.

Both strands on one side (or both on none): they agree. On opposite sides: they disagree. One takes a
side and the other none: they add to each other. Spoken of by no group: silent.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from castlib.errors import CastError, check_code, some
from castlib.text import coding

LEAN = 1.5
HIGH, LOW = 4, 2  # levels of the five-level reading
# objective → kinds of codes that speak for the topic, and against it
SIDES = {
    1: (("driver",), ("obstacle",)),
    2: (("result",), ()),
    3: (("obstacle", "proposal"), ("driver",)),
    4: (("driver", "proposal"), ("obstacle",)),
}
RELIABLE = 0.667
SIGNS = ("ranked", "widespread", "kinds", "coded")
STRENGTHS = {"strong": "หนักแน่น", "moderate": "ปานกลาง", "weak": "อ่อน"}


def voices(codings: pd.DataFrame, objective: int, topics: Sequence[str]) -> pd.DataFrame:
    """Return how many groups speak for and against each topic, and by which codes.

    Groups are counted, not segments or speakers: ten people at one table are not ten independent
    voices. A group that says both counts on both sides. What the coders did not agree on counts nowhere.

    Parameters
    ----------
    codings : DataFrame
        The checked table, of the groups that are to count (one kind of informant).
    objective : int
        1–4: decides which kinds of codes speak for and which against (`SIDES`).
    topics : sequence of str
        Constructs or outcomes.

    Returns
    -------
    DataFrame
        One row a topic, in the order given: topic, for_groups, against_groups, groups (either),
        of_groups (read), codes_for, codes_against (lists of (code, groups), most widespread first),
        lean (+1, 0, −1; 0 when nobody spoke).

    Raises
    ------
    UnknownCode
        There is no such objective.

    Examples
    --------
    >>> place = {"kind": "participants", "province": None, "cluster": None, "coder": "a"}
    >>> rows = [("g:1", "g", "driver_network"), ("h:1", "h", "obstacle_coordination")]
    >>> codings = pd.DataFrame(rows, columns=["segment", "group", "code"]).assign(**place)
    >>> heard = voices(codings, 1, ["network"])
    >>> heard[["for_groups", "against_groups", "of_groups", "lean"]].values.tolist()
    [[1, 1, 2, 0]]
    """
    check_code(str(objective), [str(known) for known in SIDES], "วัตถุประสงค์ข้อ")
    book = coding.codebook().set_index("code")
    agreed = coding.consensus(codings)
    agreed = agreed.assign(topic=agreed["code"].map(book["construct"]))
    agreed["side"] = agreed["code"].map(book["kind"]).map(_side_of(objective))
    agreed = agreed.dropna(subset=["side"])
    of_groups, rows = codings["group"].nunique(), []

    def groups(*by: str) -> dict:
        return agreed.groupby(list(by))["group"].nunique().to_dict()

    of_topic, of_side = groups("topic"), groups("topic", "side")
    of_code = groups("topic", "side", "code")
    for topic in topics:
        row = {"topic": topic, "groups": of_topic.get(topic, 0), "of_groups": of_groups}
        for side in ("for", "against"):
            row[f"{side}_groups"] = of_side.get((topic, side), 0)
            said = [(code, n) for (*of, code), n in of_code.items() if of == [topic, side]]
            row[f"codes_{side}"] = sorted(said, key=lambda pair: (-pair[1], pair[0]))
        rows.append(row | {"lean": lean(row["for_groups"], row["against_groups"])})
    columns = ["topic", "for_groups", "against_groups", "groups", "of_groups"]
    return pd.DataFrame(rows, columns=[*columns, "codes_for", "codes_against", "lean"])


def _side_of(objective: int) -> dict[str, str]:
    pairs = zip(("for", "against"), SIDES[objective], strict=True)
    return {kind: side for side, kinds in pairs for kind in kinds}


def lean(supports: int, opposes: int) -> int:
    """Return which way the words lean: +1, −1, or 0 when neither side has 1.5 times the other.

    >>> lean(6, 4), lean(5, 4), lean(4, 6), lean(0, 0)
    (1, 0, -1, 0)
    """
    return int(supports > 0 and supports >= LEAN * opposes) - int(
        opposes > 0 and opposes >= LEAN * supports
    )


def by_level(levels: pd.Series) -> pd.Series:
    """Return the side of means by their level: +1 from level 4 (มาก) up, −1 from level 2 (น้อย) down.

    >>> by_level(pd.Series([5, 4, 3, 2, 1])).tolist()
    [1, 1, 0, -1, -1]
    """
    return (levels >= HIGH).astype(int) - (levels <= LOW).astype(int)


def by_median(values: pd.Series) -> pd.Series:
    """Return the side of values that have no levels (PNI): +1 above their median, −1 below it.

    >>> by_median(pd.Series([0.4, 0.3, 0.2])).tolist()
    [1, 0, -1]
    """
    return np.sign(values - values.median()).astype(int)


def by_paths(present: pd.Series, absent: pd.Series) -> pd.Series:
    """Return the side of conditions by the paths of a solution: +1 if only present in them, −1 if only absent.

    >>> by_paths(pd.Series([2, 1, 0, 0]), pd.Series([0, 1, 1, 0])).tolist()
    [1, 0, -1, 0]
    """
    return (present > 0).astype(int) - (absent > 0).astype(int)


def propose(numbers: int, words: int, groups: int) -> str:
    """Return the verdict that the rule proposes: agree, add, disagree or silent.

    >>> propose(1, 1, 9), propose(1, 0, 9), propose(1, -1, 9), propose(1, 0, 0)
    ('agree', 'add', 'disagree', 'silent')
    """
    return ("agree", "add", "disagree")[abs(numbers - words)] if groups else "silent"


def joint_display(measured: pd.DataFrame, voiced: pd.DataFrame) -> pd.DataFrame:
    """Return one row a topic with both strands as they are shown, and the proposed verdict.

    Parameters
    ----------
    measured : DataFrame
        topic, sign (+1, 0, −1), numbers (the strand in words, as a page shows it), and whatever else
        is to be shown.
    voiced : DataFrame
        `voices` of the same topics.

    Returns
    -------
    DataFrame
        The columns of both, words (the strand as a page shows it) and proposed.

    Raises
    ------
    CastError
        The topics of the strands are not the same.

    Examples
    --------
    >>> measured = pd.DataFrame({"topic": ["network"], "sign": [1], "numbers": ["x̄ 4.08"]})
    >>> counts = {"for_groups": [1], "against_groups": [1], "groups": [2], "of_groups": [2]}
    >>> heard = pd.DataFrame({"topic": ["network"], **counts, "lean": [0]})
    >>> joint_display(measured, heard)[["words", "proposed"]].values.tolist()
    [['หนุน 1 แย้ง 1 จาก 2 กลุ่ม', 'add']]
    """
    odd = sorted(set(measured["topic"]) ^ set(voiced["topic"]))
    if odd or measured["topic"].duplicated().any():
        raise CastError(f"topics in one strand only, or twice: {some(odd or measured['topic'])}")
    frame = measured.merge(voiced, on="topic", validate="one_to_one")
    sides = zip(frame["sign"], frame["lean"], frame["groups"], strict=True)
    counts = zip(frame["for_groups"], frame["against_groups"], frame["of_groups"], strict=True)
    return frame.assign(
        words=[f"หนุน {f} แย้ง {a} จาก {of} กลุ่ม" for f, a, of in counts],
        proposed=[propose(*side) for side in sides],
    )


def judge(rows: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Return a joint display with what people decided, and which decisions a strand has moved away from.

    Parameters
    ----------
    rows : DataFrame
        `joint_display`.
    decided : DataFrame
        The checked table `verdicts`, of this region and objective: topic, verdict, reason, by, date,
        numbers and words (both strands as they were shown when the verdict was made).

    Returns
    -------
    DataFrame
        The rows with verdict, reason, by, date (empty when nobody decided), and numbers_was, words_was
        (empty when nobody decided or the strand is what it was; spaces do not count).

    Examples
    --------
    >>> rows = pd.DataFrame({"topic": ["network"], "numbers": ["x̄ 4.08"], "words": ["หนุน 1"]})
    >>> about = {"verdict": ["add"], "reason": ["ก"], "by": ["นักวิจัย"], "date": [""]}
    >>> judged = judge(rows, rows.assign(numbers=["x̄ 3.90"], **about))
    >>> judged[["verdict", "numbers_was", "words_was"]].values.tolist()
    [['add', 'x̄ 3.90', '']]
    """
    said = decided.set_index("topic").to_dict("index")
    frame = rows.copy()
    for column in ("verdict", "reason", "by", "date"):
        frame[column] = [said.get(topic, {}).get(column, "") for topic in frame["topic"]]
    for strand in ("numbers", "words"):
        pairs = zip(frame["topic"], frame[strand], strict=True)
        moved = [
            said[topic][strand]
            if topic in said and said[topic][strand].split() != now.split()
            else ""
            for topic, now in pairs
        ]
        frame[f"{strand}_was"] = moved
    return frame


def priorities(
    needs: pd.DataFrame,
    voiced: pd.DataFrame,
    kinds: Mapping[str, int],
    alphas: Mapping[str, float],
) -> pd.DataFrame:
    """Return the constructs in the order in which to act, each with how strong its evidence is.

    The order: the mean of two ranks, that of the PNI and that of the groups which raised an obstacle or
    a proposal; the PNI decides between equals. Strength counts four signs: the PNI's rank lies in the
    upper half in 95 % of the resamples (ranked); at least half of the groups raised it (widespread); at
    least two kinds of informants did (kinds); the coders' alpha of every code concerned is at least
    0.667, Krippendorff's line for tentative conclusions (coded). Three or four signs are strong, two
    moderate, fewer weak.

    Parameters
    ----------
    needs : DataFrame
        `castlib.stats.needs.pni` of the constructs: item, pni, rank, rank_low, rank_high.
    voiced : DataFrame
        `voices` for objective 3.
    kinds : mapping
        Construct → how many kinds of informants raised it.
    alphas : mapping
        Code → Krippendorff's alpha; a code without one fails the sign.

    Returns
    -------
    DataFrame
        needs and voiced, with priority (1 = first), the four signs (bool), signs (0–4) and strength
        (strong, moderate, weak).

    References
    ----------
    Krippendorff 2004, doi:10.1111/j.1468-2958.2004.tb00738.x.

    Examples
    --------
    >>> needs = pd.DataFrame({"item": ["network", "capacity"], "pni": [0.2, 0.1], "rank": [1, 2]})
    >>> needs = needs.assign(rank_low=[1, 2], rank_high=[1, 2])
    >>> voiced = pd.DataFrame(
    ...     {"topic": ["network", "capacity"], "for_groups": [3, 1], "of_groups": 4}
    ... )
    >>> voiced["codes_for"] = [[("obstacle_network", 3)], [("obstacle_capacity", 1)]]
    >>> found = priorities(needs, voiced, {"network": 2}, {"obstacle_network": 0.8})
    >>> found[["topic", "priority", "signs", "strength"]].values.tolist()
    [['network', 1, 4, 'strong'], ['capacity', 2, 0, 'weak']]
    """
    frame = needs.rename(columns={"item": "topic"}).merge(voiced, on="topic", validate="one_to_one")
    heard = frame["for_groups"].rank(ascending=False, method="min")
    order = (frame["rank"] + heard).rename("order")
    frame = frame.assign(order=order).sort_values(["order", "rank", "topic"])
    frame["ranked"] = frame["rank_high"] <= len(frame) / 2
    frame["widespread"] = (frame["for_groups"] > 0) & (
        2 * frame["for_groups"] >= frame["of_groups"]
    )
    frame["kinds"] = [kinds.get(topic, 0) >= 2 for topic in frame["topic"]]
    frame["coded"] = [
        bool(codes) and all(alphas.get(code, 0.0) >= RELIABLE for code, _ in codes)
        for codes in frame["codes_for"]
    ]
    signs = frame[list(SIGNS)].sum(axis=1)
    strength = np.select([signs >= 3, signs == 2], ["strong", "moderate"], "weak")
    numbered = frame.assign(priority=range(1, len(frame) + 1), signs=signs, strength=strength)
    return numbered.drop(columns="order").reset_index(drop=True)
