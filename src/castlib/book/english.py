"""The English of what results say in Thai: labels of constructs, levels and themes, and lists of them.

Notebooks save labels in Thai. An English page shows them by the role `result-en`, which asks here; the
English stands where the Thai does, in data/.
"""

import re
from functools import cache
from pathlib import Path

import pandas as pd

from castlib import instrument, mixed, paths

WORDS = {
    "ไม่มี": "none",
    "ไม่มีประเด็น": "no theme",
    "ไม่มีข้อเสนอ": "no proposal",
    "ไม่มีชุดเงื่อนไขที่เพียงพอ": "no sufficient path",
    "มากกว่าที่มี": "more than there are",
}
JOINED = {" ": ", ", " และ": " and ", " หรือ ": " or ", " + ": " + ", "": ""}
JOINED |= {f"{thai}ไม่มี": f"{said}no " for thai, said in JOINED.items()}
THAI = re.compile("[\u0e00-\u0e7f]")


def english(text: str) -> str:
    """Return a saved text in English; what has no Thai letter stays as it is.

    Raises
    ------
    LookupError
        Something in it is neither a label of the study nor a word that joins labels.

    Examples
    --------
    >>> english("ปานกลาง"), english("3.80")
    ('Moderate', '3.80')
    >>> english("ทุกข์น้อยลง และสุขมากขึ้น")
    'Less suffering and More happiness'
    """
    if not THAI.search(text):
        return text
    if text in WORDS:
        return WORDS[text]
    labels = _labels(paths.data())
    known = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    parts = re.split(f"({known})", text)
    joins, found = parts[::2], parts[1::2]
    unknown = [part for part in joins if part not in JOINED]
    if unknown:
        raise LookupError(f"no English for {unknown[0]!r} in {text!r}")
    pairs = zip(joins, [labels[label] for label in found] + [""], strict=True)
    return "".join(JOINED[join] + label for join, label in pairs)


@cache
def _labels(data: Path) -> dict[str, str]:
    """Return the English label of each Thai one; `data` keeps two studies apart."""
    tool, levels = instrument.load(), instrument.levels()["labels"]
    codes = pd.read_csv(data / "codebook.csv", dtype=str, keep_default_na=False)
    strengths = {thai: code for code, thai in mixed.STRENGTHS.items()}
    return {
        **strengths,
        **dict(zip(codes["label_th"], codes["label_en"], strict=True)),
        **dict(zip(tool.constructs["name_th"], tool.constructs["name_en"], strict=True)),
        **dict(zip(levels["th"], levels["en"], strict=True)),
    }
