"""A small country for the book's tests: executed notebooks and named results, without running anything."""

import base64
import io
import json
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from castlib.privacy import pseudonyms

REPO = Path(__file__).resolve().parents[2]
PHASES = ("instrument", "collection", "success-factors", "results", "guidelines", "scaling")
PROSE = (
    "ผู้เข้าร่วมโครงการเห็นว่าการมีส่วนร่วมของประชาชนและภาคีเครือข่ายเจ็ดภาคส่วนเป็นเงื่อนไขสำคัญ"
    "ของการขับเคลื่อนงานบำบัดทุกข์ บำรุงสุข แบบบูรณาการในระดับอำเภอ "
)
CHAPTERS = {
    "index": "# แนวทางการเพิ่มประสิทธิภาพการดำเนินงานโครงการอำเภอนำร่อง\n\n{prose}\n",
    "cluster": "# LABEL\n\n{{{{ synthetic_note }}}}\n\nจังหวัดในกลุ่ม: PROVINCES\n\n"
    "ค่าเฉลี่ย {{result}}`REGION/success-factors/leadership.mean`\n\nFIGURE results picture\n\nTABLE guidelines needs\n\n"
    "EACH PROVINCE\n(REGION-PROVINCE)=\n## PAGE\n\n{prose}\n\nEND\n## ระยะ\n\nPHASES\n",
    "0_summary": "# บทสรุปผู้บริหาร\n\n{{{{ synthetic_note }}}}\n\n"
    "{{result}}`TH/success-factors/leadership.mean` {{result-ci}}`TH/success-factors/leadership.mean`\n",
    "0_summary_en": "# Executive summary\n\n{{{{ synthetic_note_en }}}}\n\n"
    "{{result-en}}`TH/success-factors/top.label` {{result-n}}`TH/success-factors/leadership.mean`\n",
    "0_provinces": "# ดัชนีจังหวัด\n\n{{{{ list_provinces }}}}\n",
    "1_introduction": "# บทที่ 1 บทนำ\n\n## ความเป็นมา\n\nภายในวันที่ {{{{ deadline }}}}\n\n{{{{ table_objectives }}}}\n\n{prose} {{cite}}`kish1965` และ {{cite:t}}`boonchom`\n",
    "2_concepts": "# บทที่ 2 แนวคิดและวรรณกรรม\n\n{prose}\n\n"
    "```{{list-table}} สัญลักษณ์ที่ใช้\n:name: tab-symbols\n:header-rows: 1\n\n"
    "* - สัญลักษณ์\n  - ความหมาย\n* - $\\alpha$\n  - ความเชื่อมั่น\n```\n",
    "3_method": "# บทที่ 3 วิธีดำเนินการวิจัย\n\n(small-reliability)=\n## ความเชื่อมั่น\n\n{prose} ดู {{numref}}`tab-symbols`\n\n"
    "$$\\alpha = \\frac{{k}}{{k-1}}\\left(1-\\frac{{\\sum s_i^2}}{{s_t^2}}\\right)$$\n",
    "4_results": "# บทที่ 4 ผลการวิจัย\n\nค่าเฉลี่ย {{result}}`TH/success-factors/leadership.mean` คะแนน\n\n"
    "```{{result-table}} TH/guidelines/needs\n```\n",
    "5_conclusion": "# บทที่ 5 สรุปและข้อเสนอแนะ\n\n{prose} "
    "([ผลรายด้าน](TH/success-factors.ipynb))[^n]\n\n[^n]: เชิงอรรถทดสอบ\n",
    "a_instrument": "# ภาคผนวก ก เครื่องมือ\n\n{{{{ table_items }}}}\n\n{{{{ table_questions }}}}\n",
    "b_codebook": "# ภาคผนวก ข คู่มือรหัส\n\n{{{{ table_codebook }}}}\n",
    "c_data": "# ภาคผนวก ค พจนานุกรมข้อมูล\n\n{prose}\n",
    "d_protocol": "# ภาคผนวก ง ระเบียบวิธี\n\n{prose}\n",
    "e_reproducibility": "# ภาคผนวก จ การทำซ้ำ\n\n{{{{ table_versions }}}}\n\n{{{{ table_timeline }}}}\n\n{{{{ table_levels }}}}\n",
    "f_glossary": "# ภาคผนวก ฉ อภิธานศัพท์\n\n"
    "ความต้องการจำเป็น (needs)\n: ช่องว่างระหว่างสภาพที่คาดหวังกับสภาพที่เป็นจริง\n",
    "references": "# บรรณานุกรม\n\n```{{bibliography}}\n```\n",
}
CHECKLIST = """\
name: รายการเล็ก
title_th: การรายงานการสำรวจ
title_en: A small list
version: "1965"
year: 1965
reference: kish1965
about_th: ใช้กับแบบสอบถาม
sections:
  - section_th: วิธีการ
    items:
      - {item: "1", topic_th: ความเที่ยง, topic_en: reliability, asks_th: บอกความเที่ยง, where: [3_method#small-reliability]}
      - item: "2"
        topic_th: ผล
        topic_en: results
        asks_th: บอกผล
        state: partly
        where: ["TH/results#คำถามที่ 1", 3_method#small-reliability]
        note: ค่าเฉลี่ย {result}`TH/success-factors/leadership.mean`
      - {item: "3", topic_th: แหล่งทุน, topic_en: funding, asks_th: บอกแหล่งทุน, state: not_reported, note: ไม่มีข้อมูล}
"""
BIB = "@book{boonchom, author={{บุญชม ศรีสะอาด}}, title={การวิจัยเบื้องต้น}, year={2545}, publisher={สุวีริยาสาส์น}}\n@book{kish1965, author={Kish, Leslie}, title={Survey Sampling}, year={1965}, publisher={Wiley}}\n"


def country(
    home: Path, clusters: list[str], image_kb: int = 2, figures: int = 1, tables: int = 1
) -> Path:
    """Write a home with the repo's book settings, tiny chapters, and what a run leaves for TH and clusters."""
    shutil.copytree(REPO / "data", home / "data", dirs_exist_ok=True)
    head, *rows = (REPO / "data" / "provinces.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.split(",")[3] in clusters]
    (home / "data" / "provinces.csv").write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    shutil.copytree(REPO / "book", home / "book", dirs_exist_ok=True)
    for name, text in CHAPTERS.items():
        (home / "book" / f"{name}.md").write_text(text.format(prose=PROSE * 4), encoding="utf-8")
    for file in (home / "data" / "checklists").glob("*.yml"):
        file.unlink()
    (home / "data" / "checklists" / "small.yml").write_text(CHECKLIST, encoding="utf-8")
    (home / "book" / "references.bib").write_text(BIB, encoding="utf-8")
    study = {"synthetic": True, "source_digest": "0" * 64, "rows": {}}
    (home / "build" / "study").mkdir(parents=True, exist_ok=True)
    (home / "build" / "study" / "study.json").write_text(json.dumps(study), encoding="utf-8")
    nobody_seen(home)
    for region in ["TH", *clusters]:
        for phase in PHASES:
            notebook(home, region, phase, image_kb, figures, tables)
            results(home, region, phase)
    return home


def nobody_seen(home: Path) -> None:
    """Leave the traces of an intake that saw nobody, without which no book passes the gate."""
    seen = {"key": pseudonyms.key().fingerprint, "traces": pseudonyms.Pseudonyms().traces()}
    file = home / "build" / "intake" / "identifiers.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(seen), encoding="utf-8")


def results(home: Path, region: str, phase: str, mean: float = 4.049) -> None:
    """Write one file of named results."""
    value = {"value": mean, "shown": f"{mean:.2f}", "unit": "คะแนน", "decimals": 2, "n": 760,
             "ci": [4.01, 4.09], "source": "study/respondents.parquet"}  # fmt: skip
    needs = {"caption": "ความต้องการจำเป็น", "columns": ["ด้าน", "ค่า"], "rows": [["ภาวะผู้นำ", "0.31"]],
             "numeric": [False, True], "note": "", "style": "thai", "names": []}  # fmt: skip
    label = value | {"value": "สุขมากขึ้น", "shown": "สุขมากขึ้น", "n": None, "ci": None}
    values = {"leadership.mean": value, "top.label": label}
    saved = {"region": region, "phase": phase, "synthetic": True, "values": values,
             "tables": {"needs": needs}, "compared_with": {}}  # fmt: skip
    file = home / "build" / "results" / region / f"{phase}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(saved, ensure_ascii=False), encoding="utf-8")


def notebook(home: Path, region: str, phase: str, image_kb: int, figures: int, tables: int) -> None:
    """Write one executed notebook with tables and figures as castlib shows them."""
    cells = [
        _markdown(f"({region}-{phase})=\n# ระยะ {phase} ของ {region}\n\n{PROSE * 2}"),
        _code('region = "TH"', tags=["parameters"]),
        _code(f'region = "{region}"', tags=["injected-parameters"]),
        _code("import castlib", tags=["remove-input"]),
        _code("castlib.note(study)", _output("text/markdown", f"**ข้อมูล** {PROSE}")),
    ]
    for k in range(max(figures, tables)):
        cells.append(_markdown(f"## คำถามที่ {k + 1}\n\n{PROSE * 3}"))
        if k < tables:
            cells.append(
                _code("table = castlib.means(study)\ntable", _output("text/html", _table(k)))
            )
        if k < figures:
            seed = sum(map(ord, region + phase)) + k
            cells.append(
                _code("castlib.plot(table)", _output("text/html", _figure(seed, image_kb)))
            )
    cells.append(_code("results.save(region, phase, values)"))
    cells = [cell | {"id": f"cell-{k}"} for k, cell in enumerate(cells)]
    document = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    file = home / "build" / "notebooks" / region / f"{phase}.ipynb"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


_METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python", "file_extension": ".py"},
}


def _markdown(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str, *outputs: dict, tags: list[str] | None = None) -> dict:
    return {"cell_type": "code", "execution_count": 1, "metadata": {"tags": tags or []},
            "source": source, "outputs": list(outputs)}  # fmt: skip


def _output(mime: str, data: str) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: data, "text/plain": "…"}}


def _table(k: int) -> str:
    head = "".join(
        f"<th>{name}</th>"
        for name in ("องค์ประกอบแห่งความสำเร็จ", "n", "ค่าเฉลี่ย", "S.D.", "ระดับ", "ช่วงเชื่อมั่น 95%")
    )
    row = "<td>การนำการเปลี่ยนแปลงของนายอำเภอและทีมอำเภอ</td><td>760</td><td>4.05</td><td>0.61</td><td>มาก</td><td>4.01–4.09</td>"
    body = "".join(f"<tr>{row}</tr>" for _ in range(12))
    return (
        f'<table class="cast-table"><caption>ค่าเฉลี่ยรายองค์ประกอบ ชุดที่ {k + 1}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _figure(seed: int, image_kb: int) -> str:
    side = max(8, int((image_kb * 1024 / 3) ** 0.5))
    noise = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize((side, side)).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return (
        f'<figure class="cast-figure" data-name="picture"><img src="data:image/png;base64,{data}" alt="ค่าเฉลี่ยเรียงลำดับ"/>'
        f'<script type="application/json">{{"columns": ["n"], "rows": [["{seed}"]]}}</script>'
        f"<figcaption>ค่าเฉลี่ยเรียงลำดับ {seed}</figcaption></figure>"
    )
