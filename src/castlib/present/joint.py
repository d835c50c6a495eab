"""Joint displays: each objective's numbers beside what people said, and what was decided of the two.

Two forms of one display: statistics by theme, and side by side with quotes. The rule that proposes a
verdict is `castlib.mixed`'s; a person's verdict comes from the source's verdicts.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from castlib import lazy, mixed, protocol, regions
from castlib.present import displays, notes, readings, tables, thai
from castlib.present.results import Value
from castlib.text import quotes as quoting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castlib.present.notes import Text
    from castlib.present.results import National
    from castlib.present.tables import Table
    from castlib.store import Study

SOURCE = "respondents and codings: joint display"
TOPICS = {1: "องค์ประกอบ", 2: "ผลลัพธ์", 3: "องค์ประกอบ", 4: "เงื่อนไข"}
LEANS = {1: "หนุน", 0: "ก้ำกึ่ง", -1: "แย้ง"}
POSITIONS = {1: "สูงกว่าทั่วประเทศ", 0: "ไม่ต่างชัดจากทั่วประเทศ", -1: "ต่ำกว่าทั่วประเทศ"}
BY_LEVEL = "ตัวเลขเป็นบวกเมื่อค่าเฉลี่ยอยู่ในระดับมากขึ้นไป เป็นลบเมื่ออยู่ในระดับน้อยลงมา"
NUMBERS = {
    1: BY_LEVEL,
    2: BY_LEVEL,
    3: "ตัวเลขเป็นบวก (ต้องการมาก) เมื่อ PNI เกินมัธยฐานขององค์ประกอบ เป็นลบเมื่อต่ำกว่ามัธยฐาน",
    4: "ตัวเลขเป็นบวกเมื่อชุดเงื่อนไขของ fsQCA มีแต่การมีเงื่อนไขนั้น เป็นลบเมื่อมีแต่การไม่มี",
}
WORDS = {
    1: "หนุน = กล่าวถึงในฐานะปัจจัยความสำเร็จ แย้ง = กล่าวถึงอุปสรรคในเรื่องนั้น",
    2: "หนุน = กล่าวถึงผลด้านนั้น (สมุดรหัสไม่มีรหัสที่แย้งผล)",
    3: "หนุน = กล่าวถึงอุปสรรคหรือข้อเสนอในเรื่องนั้น แย้ง = กล่าวถึงในฐานะปัจจัยความสำเร็จที่มีอยู่แล้ว",
    4: "หนุน = กล่าวถึงในฐานะปัจจัยความสำเร็จหรือเสนอให้มีมากขึ้น แย้ง = กล่าวถึงอุปสรรคในเรื่องนั้น",
}
RULE = (
    f"ถ้อยคำเป็นบวกเมื่อกลุ่มที่หนุนมีอย่างน้อย {mixed.LEAN} เท่าของกลุ่มที่แย้ง เป็นลบเมื่อกลับกัน "
    "ทั้งสองทางเหมือนกัน = สอดคล้องกัน ตรงข้ามกัน = ขัดแย้งกัน ทางเดียวเป็นบวกหรือลบ = เสริมกัน "
    "ไม่มีกลุ่มใดกล่าวถึง = ไม่มีผู้กล่าวถึง นับกลุ่มสนทนาของผู้เข้าร่วมโครงการ กลุ่มที่พูดทั้งสองด้านนับทั้งสองด้าน"
)
HOW = "ข้อสรุปที่เสนอมาจากกฎ ผู้วิจัยเป็นผู้ตัดสินและบันทึกเหตุผลไว้ วิธีบันทึกอยู่ในภาคผนวก จ"


@dataclass(frozen=True, repr=False)
class Joint:
    """A region's joint display of one objective; in a notebook it shows its tables and their reading.

    `rows` are `castlib.mixed.judge`'s with the Thai label; `quotes` are `castlib.text.quotes.sides`'.
    """

    region: str
    objective: int
    rows: pd.DataFrame
    quotes: pd.DataFrame

    def _parts(self) -> tuple[Table, Table, Text]:
        return by_theme(self), side_by_side(self), reading(self)

    def _repr_html_(self) -> str:
        return "".join(part._repr_html_() for part in self._parts())

    def __repr__(self) -> str:
        return "\n".join(map(repr, self._parts()))


def _position(frame: pd.DataFrame, country: National | None, name: str) -> list[str]:
    """Return where the region stands: its interval above, around or below the country's value."""
    known = displays.national(country, list(frame["item"]), name)
    if known is None:
        return [""] * len(frame)
    sides = zip(frame["ci_low"], frame["ci_high"], known, strict=True)
    return [POSITIONS[int(low > at) - int(high < at)] for low, high, at in sides]


def _strand(frame: pd.DataFrame, first: Sequence[str]) -> pd.DataFrame:
    """Return item as topic, rank among all, and the strand in words."""
    ranks = [f"{rank:.0f}/{len(frame)}" for rank in frame["rank"]]
    parts = zip(first, frame["level"], ranks, frame["position"], strict=True)
    said = [f"{what} {level} ลำดับ {rank} {where}".split() for what, level, rank, where in parts]
    shown = frame.assign(topic=frame["item"], place=ranks, numbers=[" ".join(s) for s in said])
    return shown[["topic", "label", "sign", "value", "level", "place", "position", "numbers"]]


def means(described: pd.DataFrame, country: National | None = None) -> pd.DataFrame:
    """Return the numbers' strand of constructs or outcomes, from `castlib.stats.levels.describe`."""
    frame = displays.ranked(described.assign(sign=mixed.by_level(described["level"])))
    frame = frame.assign(
        position=_position(frame, country, "mean"),
        value=frame["mean"].map("{:.2f}".format),
        level="ระดับ" + frame["level"],
    )
    return _strand(frame, "x̄ " + frame["value"])


def needs(found: pd.DataFrame, country: National | None = None) -> pd.DataFrame:
    """Return the numbers' strand of needs, from `castlib.stats.needs.pni`."""
    names = {1: "เหนือมัธยฐาน", 0: "ที่มัธยฐาน", -1: "ใต้มัธยฐาน"}
    frame = displays.labelled(found).sort_values(["rank", "item"])
    sign = mixed.by_median(frame["pni"])
    frame = frame.assign(
        sign=sign,
        level=sign.map(names),
        position=_position(frame, country, "pni"),
        value=frame["pni"].map("{:.2f}".format),
    )
    return _strand(frame, "PNI " + frame["value"])


def conditions(
    described: pd.DataFrame, paths: pd.DataFrame, country: National | None = None
) -> pd.DataFrame:
    """Return the numbers' strand of fsQCA's conditions: in how many paths they are, and their mean.

    `paths` has item, present, absent, of: `castlib.present.cases.presence`.
    """
    frame = means(described, country).merge(paths, left_on="topic", right_on="item")
    frame["sign"] = mixed.by_paths(frame["present"], frame["absent"])
    counts = zip(frame["present"], frame["absent"], frame["of"], strict=True)
    told = [f"มี {p} ไม่มี {a} จาก {of} ชุดเงื่อนไข" for p, a, of in counts]
    return frame.assign(numbers=[f"{t} {n}" for t, n in zip(told, frame["numbers"], strict=True)])


def build(study: Study, objective: int, measured: pd.DataFrame) -> Joint:
    """Return the joint display of a region and objective, people's verdicts with it."""
    codings = study.codings[study.codings["kind"] == "participants"]
    segments = study.segments[study.segments["kind"] == "participants"]
    heard = mixed.voices(codings, objective, list(measured["topic"]))
    decided = study.verdicts[study.verdicts["objective"] == objective]
    rows = mixed.judge(mixed.joint_display(measured, heard), decided)
    codes = {
        row.topic: tuple([code for code, _ in side] for side in (row.codes_for, row.codes_against))
        for row in heard.itertuples()
    }
    return Joint(study.region, objective, rows, quoting.sides(segments, codings, codes))


def _themes(row: object) -> str:
    """Return the themes of both sides, each with how many groups of how many."""
    names = readings.theme_labels()
    said = [
        f"{names[code]} {groups}/{row.of_groups}"
        for code, groups in [*row.codes_for, *row.codes_against]
    ]
    return "; ".join(said) or thai.MISSING


def by_theme(joint: Joint) -> Table:
    """Return the statistics by theme: each topic's numbers, its themes, which way they lean, the verdict."""
    rows = joint.rows
    frame = rows.assign(
        themes=[_themes(row) for row in rows.itertuples()],
        valence=[_valence(row) for row in rows.itertuples()],
        proposal=rows["proposed"].map(protocol.VERDICTS),
    )
    beside = [] if joint.region == regions.COUNTRY else ["position"]
    paths = {"present": "อยู่ในชุดเงื่อนไข"} if joint.objective == 4 else {}
    return tables.table(
        frame,
        "ตารางร่วม: สถิติจำแนกตามประเด็น",
        ["label", *paths, "value", "level", "place", *beside, "themes", "valence", "proposal"],
        note=f"{NUMBERS[joint.objective]} {WORDS[joint.objective]} {RULE}",
        label=TOPICS[joint.objective],
        value="PNI" if joint.objective == 3 else "x̄",
        place="ลำดับ",
        position="เทียบกับทั่วประเทศ",
        themes="ประเด็น (กลุ่มที่กล่าวถึง/กลุ่มที่อ่าน)",
        valence="ทิศทางของถ้อยคำ",
        proposal="ข้อสรุปที่เสนอ",
        **paths,
    )


def _valence(row: object) -> str:
    if not row.groups:
        return thai.MISSING
    return f"{LEANS[row.lean]} (หนุน {row.for_groups} แย้ง {row.against_groups})"


def side_by_side(joint: Joint) -> Table:
    """Return both strands in words, a quote of each side where there is one, and the verdict."""
    told: dict[tuple[str, int], str] = {}
    for row in joint.quotes.itertuples():
        against = row.side == "against"
        second = int(against or (row.topic, 0) in told)
        side = "แย้ง: " if against else ""
        told[row.topic, second] = f"{side}“{row.text}” ({row.informant} {row.place})"
    frame = joint.rows.assign(
        quote=[told.get((topic, 0), thai.MISSING) for topic in joint.rows["topic"]],
        other=[told.get((topic, 1), thai.MISSING) for topic in joint.rows["topic"]],
        verdict=[_verdict(row) for row in joint.rows.itertuples()],
    )
    return tables.table(
        frame,
        "ตารางร่วม: ตัวเลขเคียงถ้อยคำ",
        ["label", "numbers", "words", "quote", "other", "verdict"],
        note=f"{HOW}; ถ้อยคำ: {quoting.RULE}",
        label=TOPICS[joint.objective],
        numbers="ตัวเลขบอกว่า",
        words="ถ้อยคำบอกว่า",
        quote="ถ้อยคำ",
        other="ถ้อยคำที่แย้ง หรือถ้อยคำถัดไป",
        verdict="ข้อสรุป",
    )


def _verdict(row: object) -> str:
    """Return the person's verdict with its reason, or the proposal; a stale one says what moved."""
    proposed = f"{protocol.VERDICTS[row.proposed]} (เสนอโดยกฎ ยังไม่ตัดสิน)"
    if not row.verdict:
        return proposed
    when = f" {row.date}" if row.date else ""
    decided = f"{protocol.VERDICTS[row.verdict]} ({row.by}{when}: {row.reason})"
    if moved := _moved(row):
        return f"ต้องพิจารณาใหม่ เพราะ{moved}; เดิมตัดสินว่า{decided}; กฎเสนอว่า{protocol.VERDICTS[row.proposed]}"
    return decided


def _moved(row: object) -> str:
    """Return which strands moved since the verdict, from what to what; empty when none did."""
    pairs = [(name, getattr(row, f"{strand}_was"), getattr(row, strand))
             for strand, name in protocol.STRANDS.items()]  # fmt: skip
    return " และ".join(f"{name}เปลี่ยนจาก “{was}” เป็น “{now}”" for name, was, now in pairs if was)


def reading(joint: Joint) -> Text:
    """Read the display: how many topics got each verdict and which, what people decided, what is stale."""
    rows, what = joint.rows, TOPICS[joint.objective]
    if (rows["of_groups"] == 0).all():
        return notes.reading("ยังไม่มีกลุ่มสนทนาที่ลงรหัสแล้วในพื้นที่นี้ จึงยังเทียบตัวเลขกับถ้อยคำไม่ได้")
    said = []
    for verdict, name in protocol.VERDICTS.items():
        labels = list(rows.loc[rows["proposed"] == verdict, "label"])
        said.append(f"{name} {len(labels)} {what}" + (f" ({', '.join(labels)})" if labels else ""))
    paragraphs = [f"จาก {len(rows)} {what} กฎเสนอว่า{thai.listed(said)}"]
    made = rows[rows["verdict"] != ""]
    if made.empty:
        return notes.reading(*paragraphs, "ผู้วิจัยยังไม่ได้ตัดสินข้อใด ข้อสรุปทั้งหมดจึงเป็นเพียงข้อเสนอ")
    stale = made[_stale(made)]
    kept = made[~_stale(made)]
    told = [f"{row.label}{_told(row)}" for row in kept.itertuples()]
    paragraphs.append(
        f"ผู้วิจัยตัดสินแล้ว {len(made)} จาก {len(rows)} {what}"
        + (f" ที่ยังใช้ได้คือ {thai.listed(told)}" if told else "")
    )
    paragraphs += [f"{row.label}ต้องพิจารณาใหม่ เพราะ{_moved(row)}" for row in stale.itertuples()]
    return notes.reading(*paragraphs)


def _told(row: object) -> str:
    name = protocol.VERDICTS[row.verdict]
    return name if row.verdict == row.proposed else f"{name} (ต่างจากกฎ)"


def _stale(rows: pd.DataFrame) -> pd.Series:
    return (rows["numbers_was"] != "") | (rows["words_was"] != "")


def values(joint: Joint | None) -> dict[str, Value]:
    """Return how many topics got each verdict and which, and how many were decided and are stale."""
    if joint is None:
        return {}
    rows, what = joint.rows, TOPICS[joint.objective]
    saved = {}
    for verdict in protocol.VERDICTS:
        own = rows.loc[rows["proposed"] == verdict, "label"]
        saved[f"verdict.{verdict}"] = Value(len(own), 0, what, len(rows), source=SOURCE)
        named = thai.listed(list(own)) or "ไม่มี"
        saved[f"verdict.{verdict}.labels"] = Value(named, n=len(own), source=SOURCE)
    counts = {"decided": int((rows["verdict"] != "").sum()), "stale": int(_stale(rows).sum())}
    return saved | {
        f"verdict.{name}": Value(count, 0, what, len(rows), source="verdicts.csv")
        for name, count in counts.items()
    }


def entries(joint: Joint | None) -> list[dict[str, object]]:
    """Return the rows as the results keep them, for `cast status` and `cast verdicts`."""
    if joint is None:
        return []
    kept = ["topic", "label", "numbers", "words", "proposed", "verdict", "reason", "by", "date"]
    rows = joint.rows[[*kept, "numbers_was", "words_was"]].to_dict("records")
    return [{"objective": joint.objective, **row} for row in rows]


__getattr__, __dir__ = lazy.offered(__name__)
