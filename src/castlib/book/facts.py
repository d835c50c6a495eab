"""What a chapter may say of the study without typing it: {{ deadline }}, {{ n_quantitative }}, {{ table_items }}.

Numbers, dates and tables of the guideline, the instrument and the codebook come from data/; results come
from notebooks, by name (castlib.book.roles), and never from here.
"""

import platform
from collections.abc import Iterable, Sequence
from importlib import metadata

import pandas as pd

from castlib import instrument, paths, protocol, regions, store
from castlib.book.citations import dictionary_order

FORMS = {"participants": "ผู้เข้าร่วมโครงการ", "staff": "เจ้าหน้าที่โครงการ", "executive": "ผู้บริหาร"}
KINDS = {"driver": "ปัจจัยความสำเร็จ", "result": "ผลการดำเนินงาน", "obstacle": "ปัญหาและอุปสรรค",
         "proposal": "ข้อเสนอแนะ"}  # fmt: skip
DIGITS = 16  # of a digest, as many as a reader can compare
TYPES = {"str": "ข้อความ", "int": "จำนวนเต็ม", "bool": "ใช่หรือไม่", "datetime": "วันเวลา"}
NOTICE_EN = "Synthetic data: all numbers and texts were made to test the system; none is a finding."
ORIGINS = {"deductive": "นิรนัย", "inductive": "อุปนัย"}
PROGRAMS = ("pandas", "pingouin", "statsmodels", "scikit-learn", "scipy", "krippendorff",
            "pythainlp", "nlpo3", "seaborn", "matplotlib", "papermill", "jupyter-book", "sphinx",
            "pypandoc-binary", "typst")  # fmt: skip


def facts(notice: str) -> dict[str, str]:
    """Return every substitution of the chapters, by name; `notice` is empty when the data are real."""
    study = protocol.load()
    people, counted = study.targets["qualitative"], study.targets["quantitative"]
    numbers = {
        "districts": study.targets["districts"],
        "districts_total": study.districts_total,
        "n_provinces": len(regions.provinces()),
        "n_clusters": len(regions.clusters()),
        "n_quantitative": counted["total"],
        "per_district": counted["per_district"],
        "n_qualitative": people["total"],
        "n_executives": people["executives"],
        "n_participants": people["participants"],
        "n_staff": people["staff"],
        "n_centres": people["centres"],
        "n_partners": people["partners"],
        "photos_min": study.per_district["photos_min"],
    }
    return {name: f"{number:,}" for name, number in numbers.items()} | {
        "deadline": protocol.thai_date(study.deadline),
        "synthetic_note": f":::{{warning}}\n{notice}\n:::\n" if notice else "",
        "synthetic_note_en": f":::{{admonition}} Warning\n:class: warning\n{NOTICE_EN}\n:::\n"
        if notice
        else "",
        "list_provinces": provinces(),
        "table_objectives": objectives(),
        "table_framework": framework(),
        "table_timeline": timeline(),
        "table_levels": levels(),
        "table_items": items(),
        "table_questions": questions(),
        "table_codebook": codebook(),
        "table_tables": checked_tables(),
        "table_versions": versions(),
        "table_digests": digests(),
    }


def listed(
    name: str, caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> str:
    """Return a MyST table with a caption and the label `table-<name>`.

    >>> print(listed("x", "สอง", ["ก", "ข"], [(1, 2)]))
    ```{list-table} สอง
    :name: table-x
    :header-rows: 1
    <BLANKLINE>
    * - ก
      - ข
    * - 1
      - 2
    ```
    """
    lines = [f"```{{list-table}} {caption}", f":name: table-{name}", ":header-rows: 1", ""]
    for row in [columns, *rows]:
        lines += [f"{'  ' if k else '* '}- {cell}" for k, cell in enumerate(row)]
    return "\n".join([*lines, "```"])


def provinces() -> str:
    """Return the provinces in the order of a Thai dictionary, each leading to its place in the book."""
    frame = regions.provinces()
    rows = sorted(frame.itertuples(), key=lambda row: dictionary_order(row.name_th))
    lines = [
        f"- {{ref}}`จังหวัด{row.name_th} <{row.cluster}-{row.province}>` ({row.cluster_th})"
        for row in rows
    ]
    return "\n".join(["{.cast-columns}", *lines])


def framework() -> str:
    """Return what the instrument measures: each construct, what it means, how many items ask for it, and how."""
    tool = instrument.load()
    kinds = {"success": "องค์ประกอบแห่งความสำเร็จ", "outcome": "ผลการดำเนินงาน"}
    count = tool.items.groupby("construct")["item"].nunique()
    rows = [
        (kinds[c.kind], c.name_th, c.definition_th, count[c.construct])
        for c in tool.constructs.itertuples()
    ]
    columns = ["ส่วน", "สิ่งที่วัด", "ความหมาย", "ข้อคำถาม"]
    return listed("framework", "สิ่งที่วัดตามกรอบแนวคิด", columns, rows)


def objectives() -> str:
    """Return the study's objectives."""
    rows = [(entry["id"], entry["th"]) for entry in protocol.load().objectives]
    return listed("objectives", "วัตถุประสงค์ของการศึกษา", ["ข้อ", "วัตถุประสงค์"], rows)


def timeline() -> str:
    """Return the steps of the guideline with their dates."""
    steps = protocol.load().timeline()[["id", "who_th", "what_th", "dates_th"]]
    columns = ["ขั้น", "ผู้ดำเนินการ", "กิจกรรม", "กำหนดเวลา"]
    return listed(
        "timeline", "ขั้นตอนการดำเนินงานตามแนวทางการศึกษา", columns, steps.itertuples(index=False)
    )


def levels() -> str:
    """Return the criteria of the five-level reading, highest level first."""
    tool = instrument.levels()
    criteria = [tool["default"], *(name for name in tool["criteria"] if name != tool["default"])]
    bounds = [[1.0, *tool["criteria"][name]["upper"]] for name in criteria]
    rows = [
        [
            label,
            *(
                f"{'ตั้งแต่' if not k else 'มากกว่า'} {edge[k]:.2f} ถึง {edge[k + 1]:.2f}"
                for edge in bounds
            ),
        ]
        for k, label in enumerate(tool["labels"]["th"])
    ]
    columns = ["ระดับ", *(tool["criteria"][name]["source"] for name in criteria)]
    return listed("levels", "เกณฑ์การแปลความหมายค่าเฉลี่ย", columns, rows[::-1])


def items() -> str:
    """Return the questionnaire's scale items."""
    tool = instrument.load()
    asked = {True: "ที่คาดหวังและที่เป็นจริง", False: "ครั้งเดียว"}
    rows = [(tool.label(i.construct), i.text_th, asked[i.paired]) for i in tool.items.itertuples()]
    return listed("items", "ข้อคำถามของแบบสอบถาม", ["องค์ประกอบ", "ข้อคำถาม", "การถาม"], rows)


def questions() -> str:
    """Return the background and open questions, and those of the focus groups and interviews."""
    own = [("แบบสอบถาม", text, "") for text in instrument.load().questions["text_th"]]
    heard = [
        (FORMS[form], question.text_th, question.objective)
        for form, asked in instrument.focus_group().items()
        for question in asked.itertuples()
    ]
    columns = ["ใช้กับ", "คำถามหรือประเด็น", "วัตถุประสงค์"]
    return listed(
        "questions", "คำถามอื่นของแบบสอบถาม ประเด็นสนทนากลุ่ม และการสัมภาษณ์", columns, [*own, *heard]
    )


def codebook() -> str:
    """Return the codebook: what each code means, when it is given and when not."""
    codes = pd.read_csv(paths.data() / "codebook.csv", dtype=str, keep_default_na=False)
    rows = [
        (f"**{c.label_th}** ({KINDS[c.kind]} {ORIGINS.get(c.source, c.source)})", c.definition_th, c.include_th,
         c.exclude_th, c.example_th)
        for c in codes.itertuples()
    ]  # fmt: skip
    columns = ["รหัส", "ความหมาย", "ให้รหัสเมื่อ", "ไม่ให้รหัสเมื่อ", "ถ้อยคำตัวอย่าง"]
    return listed("codebook", "สมุดรหัส", columns, rows)


def checked_tables() -> str:
    """Return the columns of the checked tables with their types, as the checks themselves have them."""
    rows = []
    for table, schema in store.schemas().items():
        answers = [name for name in schema.columns if name in instrument.load().answer_columns]
        named = [
            f"`{name}` ({_type(column)}{' ว่างได้' if column.nullable else ''})"
            for name, column in schema.columns.items()
            if name not in answers
        ]
        if answers:
            named.append(
                f"`{answers[0]}` ถึง `{answers[-1]}` ({len(answers)} คอลัมน์ คำตอบ 1–5 ว่างได้)"
            )
        rows.append((f"`{table}`", "; ".join(named)))
    return listed("tables", "คอลัมน์ของตารางที่ตรวจรับแล้ว", ["ตาราง", "คอลัมน์ (ชนิด)"], rows)


def _type(column: object) -> str:
    """Return the Thai name of a checked column's type."""
    kind = str(column.dtype).lower()
    return next(name for start, name in TYPES.items() if kind.startswith(start))


def digests() -> str:
    """Return each region's digest of its rows, as its pages' feet show it."""
    known = store.about()
    rows = [
        (regions.label(region), f"`{store.digest(region, known)[:DIGITS]}`")
        for region in (regions.COUNTRY, *regions.clusters())
    ]
    return listed("digests", "ลายนิ้วมือของแถวข้อมูลรายพื้นที่", ["พื้นที่", "ลายนิ้วมือ"], rows)


def versions() -> str:
    """Return the versions of the programs and the digest of the data that the book was made from."""
    rows = [
        ("Python", platform.python_version()),
        *((name, metadata.version(name)) for name in PROGRAMS),
    ]
    rows.append(("ลายนิ้วมือของข้อมูลต้นทาง", f"`{store.about()['source_digest'][:DIGITS]}`"))
    return listed("versions", "รุ่นของโปรแกรมและข้อมูลที่ใช้สร้างเล่มนี้", ["ส่วนประกอบ", "รุ่น"], rows)
