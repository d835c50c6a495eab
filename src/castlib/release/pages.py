"""What people read: README.md in Thai and English, and the dictionary as a page."""

from __future__ import annotations

from html import escape

from castlib.release.datapackage import notice
from castlib.release.plan import SYNTHETIC, Plan, Table
from castlib.release.tables import dictionary

STYLE = (
    "body{font-family:Sarabun,'TH Sarabun New',sans-serif;margin:2rem;line-height:1.5}"
    "table{border-collapse:collapse;margin-bottom:2rem}"
    "th,td{border:1px solid #999;padding:.2rem .5rem;text-align:left;vertical-align:top}"
    ".notice{background:#fff3cd;border:1px solid #997404;padding:.5rem 1rem}"
)


def readme(tables: list[Table], report: dict, about: dict[str, str], plan: Plan) -> str:
    """Return README.md: what the package is, what was done to protect people, how it is read."""
    th, en = notice(plan)
    files = [f"| `{name}` | {what} |" for name, what in about.items()]
    listed = [f"| `{t.name}` | {t.row_th} / {t.row_en} | {len(t.frame):,} |" for t in tables]
    return "\n".join(
        [
            f"# {plan.title_th}",
            "",
            f"**{th}**",
            "",
            *_thai(report, plan),
            "",
            f"# {plan.title_en}",
            "",
            f"**{en}**",
            "",
            *_english(report, plan),
            "",
            "## ตาราง / Tables",
            "",
            "| ตาราง / table | แถวละ / a row is | แถว / rows |",
            "| --- | --- | ---: |",
            *listed,
            "",
            "## ไฟล์ / Files",
            "",
            "| ไฟล์ / file | คือ / what |",
            "| --- | --- |",
            *files,
            "",
        ]
    )


def _thai(report: dict, plan: Plan) -> list[str]:
    found = report["records"]
    gone = ", ".join(f"{n} {s['cells']}" for n, s in found["suppressed"].items())
    left_out = "; ".join(entry["th"] for entry in plan.left_out)
    return [
        f"รุ่น {plan.version} ({plan.date.isoformat()}) · สัญญาอนุญาต [{plan.licence['name']}]({plan.licence['path']})",
        "",
        "## สิ่งที่ไม่อยู่ในชุดนี้",
        "",
        f"{left_out}. ไม่มีข้อความของบุคคลแม้แต่บรรทัดเดียว",
        "",
        "## การปกป้องผู้ให้ข้อมูล",
        "",
        f"- ผู้ตอบ {found['records']:,} คน แต่ละคนมีผู้ที่เหมือนกันในตัวแปร {', '.join(found['quasi_identifiers'])} "
        f"อย่างน้อย {found['k_achieved']} คนรวมตนเอง (k ที่กำหนด {found['k_required']}; {found['classes']} กลุ่ม)",
        f"- ปกปิด (suppressed) เป็นจำนวนช่อง: {gone}; ลำดับการปกปิด {', '.join(found['suppression_order'])}",
        "- คำตอบ 1–5 เป็นความเห็นที่คนนอกไม่รู้ว่าเป็นของใคร จึงไม่นับเป็นตัวแปรระบุตัวทางอ้อม",
        f"- จำนวนตั้งแต่ 1 ถึง {plan.k - 1} ไม่แสดง และไม่แสดงจำนวนอื่นเท่าที่จำเป็น เพื่อไม่ให้หาได้ด้วยการลบ "
        f"ทั้งในตาราง ระหว่างตาราง และจากรายบุคคลในชุดเดียวกัน: จำนวนที่ไม่แสดงประมาณได้ไม่แคบกว่าช่วงกว้าง {plan.k} "
        "(กลุ่มสนทนา: หรือเท่าจำนวนกลุ่มในภาคนั้นถ้าน้อยกว่า) ศูนย์แสดงได้",
        "- ค่าเฉลี่ยทุกค่าคำนวณได้จากรายบุคคลในชุดนี้ จึงไม่บอกอะไรเพิ่ม; k คิดภายในกลุ่มจังหวัด "
        "เพราะค่าเฉลี่ยรายกลุ่มจังหวัดบอกได้ว่าใครอยู่กลุ่มจังหวัดใด",
        "",
        "## การอ่านไฟล์",
        "",
        "CSV เป็น UTF-8 ไม่มี BOM: เปิดด้วย Excel ให้ใช้ไฟล์ XLSX แทน ช่องว่างคือไม่ตอบหรือไม่แสดง `suppressed` คือปกปิด; "
        "ใน SPSS ค่าสูญหายคือ 9 = ไม่ตอบ และ 99 = ปกปิด ป้ายที่ยาวเกินที่ SPSS รับได้ถูกตัดและลงท้ายด้วย … "
        "ข้อความเต็มอยู่ใน `dictionary.csv`",
    ]


def _english(report: dict, plan: Plan) -> list[str]:
    found = report["records"]
    gone = ", ".join(f"{n} {s['cells']}" for n, s in found["suppressed"].items())
    left_out = "; ".join(entry["en"] for entry in plan.left_out)
    return [
        f"Version {plan.version} ({plan.date.isoformat()}), licence [{plan.licence['name']}]({plan.licence['path']}).",
        "",
        "## What is not in it",
        "",
        f"{left_out}. There is not a line of anybody's words.",
        "",
        "## How people are protected",
        "",
        f"- Of {found['records']:,} respondents each is like at least {found['k_achieved']} (itself included) in "
        f"{', '.join(found['quasi_identifiers'])} (k required {found['k_required']}; {found['classes']} classes).",
        f"- Cells suppressed: {gone}; in this order: {', '.join(found['suppression_order'])}.",
        "- Answers 1–5 are opinions that nobody outside knows of a person; they are not quasi-identifiers.",
        f"- Counts of 1 to {plan.k - 1} are withheld, with as many others as it takes that no subtraction gives "
        "them away: within a table, across tables, or from the records of the same people. A withheld count "
        f"cannot be narrowed to an interval less than {plan.k} wide (focus groups: or than the number of "
        "groups in the region, where that is less). Zeros are shown.",
        "- Every mean follows from the records in this package and tells nothing more. k holds within "
        "clusters because means by cluster would tell who belongs to which.",
        "",
        "## Reading the files",
        "",
        "CSV is UTF-8 without a byte order mark; for Excel take the XLSX. A blank means not answered, or "
        "withheld; `suppressed` means suppressed. In SPSS the missing codes are 9 = not answered and "
        "99 = suppressed; labels longer than SPSS takes are cut and end in …, `dictionary.csv` has them whole.",
    ]


def dictionary_page(tables: list[Table], plan: Plan) -> str:
    """Return the dictionary as one HTML page without scripts; every text in it is escaped."""
    mark = f" ({SYNTHETIC})" if plan.synthetic else ""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="th"><head><meta charset="utf-8">',
        f"<title>{escape('พจนานุกรมข้อมูล' + mark)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape('พจนานุกรมข้อมูล / Data dictionary' + mark)}</h1>",
        *(f'<p class="notice">{escape(text)}</p>' for text in notice(plan)),
    ]
    for table in tables:
        entries = dictionary([table])
        parts.append(f"<h2>{escape(f'{table.name}: {table.th} / {table.en}')}</h2>")
        parts.append(f"<p>{escape(f'แถวละ {table.row_th} / a row is {table.row_en}')}</p>")
        shown = [v for v in entries.variables if v.name != "table"]
        parts.append("<table><tr>" + "".join(f"<th>{escape(v.th)}</th>" for v in shown) + "</tr>")
        for row in entries.frame[[v.name for v in shown]].fillna("").itertuples(index=False):
            parts.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
        parts.append("</table>")
    return "\n".join([*parts, "</body></html>", ""])
