"""`cast coding`: the codings go out to coding programs and spreadsheets, and come back from them."""

import argparse
import os
from pathlib import Path

from castlib import paths, regions
from castlib.errors import CastError, some

EXPORT_EXAMPLES = """ตัวอย่าง
  cast coding export                                   ทุกชนิด ทั้งประเทศ ลงใน build/coding
  cast coding export --region TH-50 --format taguette  จังหวัดเดียว สำหรับ Taguette
คู่มือทีละขั้นอยู่ใน docs/coding.md
"""
FORMATS = {
    "qdpx": ("{region}.qdpx", "โครงการ REFI-QDA สำหรับ NVivo, ATLAS.ti, MAXQDA และ QualCoder"),
    "qdc": ("codebook.qdc", "สมุดรหัสอย่างเดียว สำหรับโครงการที่มีอยู่แล้วในโปรแกรมเหล่านั้น"),
    "taguette": ("{region}.sqlite3", "โครงการสำหรับ Taguette"),
    "sheet": ("{region}-codings.xlsx", "รหัสที่ลงแล้วทั้งหมดเป็นตาราง"),
    "blank": ("{region}-blank.xlsx", "แบบเปล่าสำหรับลงรหัสในตาราง ลบแถวที่ไม่ได้อ่านก่อนส่งคืน"),
}
WIDTHS = {"ข้อความ": 80, "รหัส": 26, "ข้อความที่ลงรหัส": 40, "ข้อเสนอจากพจนานุกรม": 20, "เวลา": 20}
KINDS = (".qdpx", ".sqlite3", ".csv", ".xlsx")
_EXPECTED = "ให้ใช้ตารางที่มีคอลัมน์ เอกสาร ลำดับ ข้อความ รหัส (.csv, .xlsx) โครงการ REFI-QDA (.qdpx) หรือโครงการของ Taguette (.sqlite3)"
_NOTHING = "ไม่พบแถวหรือช่วงข้อความที่ลงรหัสแล้วซึ่งรับได้ในไฟล์นี้ (ข้อเสนอจากพจนานุกรมที่ไม่มีผู้รับไม่นับเป็นการลงรหัส)"
_NO_CODE = (
    "ไม่มีรหัสแม้แต่แห่งเดียว อาจเป็นแบบเปล่าที่ยังไม่ได้ลงรหัส หากนำเข้า ทุกแถวจะนับว่าอ่านแล้วไม่มีรหัส "
    "ถ้าอ่านครบแล้วไม่พบสิ่งใดจริง ให้วางไฟล์ในโฟลเดอร์ coding ของแหล่งข้อมูลเอง"
)


def add(commands: argparse._SubParsersAction) -> None:
    """Add `coding` and its own commands to the command line."""
    text = "การลงรหัสข้อความ: ส่งออก นำเข้า และข้อเสนอจากพจนานุกรม"
    own = commands.add_parser("coding", help=text, description=text)
    acts = own.add_subparsers(title="คำสั่ง", required=True, metavar="COMMAND")

    def act(name: str, do, text: str, epilog: str = "") -> argparse.ArgumentParser:
        raw = argparse.RawDescriptionHelpFormatter
        made = acts.add_parser(
            name, help=text, description=text, epilog=epilog, formatter_class=raw
        )
        made.set_defaults(do=do)
        return made

    export = act("export", _export, "เขียนเอกสาร สมุดรหัส และรหัสที่ลงแล้ว", EXPORT_EXAMPLES)
    export.add_argument("--format", choices=FORMATS, help="ชนิดเดียว (ไม่ระบุ: ทุกชนิด)")
    suggest = act("suggest", _suggest, "เขียนตารางข้อเสนอจากพจนานุกรม ให้คนพิจารณารับหรือไม่รับ")
    for chosen in (export, suggest):
        chosen.add_argument(
            "--region", default=regions.COUNTRY, metavar="CODE", help="พื้นที่ (ไม่ระบุ: TH)"
        )
        chosen.add_argument(
            "--to", type=Path, metavar="FOLDER", help="โฟลเดอร์ที่จะเขียน (ไม่ระบุ: build/coding)"
        )
    act("lists", _lists, "เขียนเส้นทางจากประเด็นถึงแบบบันทึก และข้อความที่ผู้ลงรหัสเห็นต่างกัน")
    take = act("import", _import, "ตรวจไฟล์ของผู้ลงรหัส แล้ววางไว้ในแหล่งข้อมูลเพื่อให้ cast build นำไปใช้")
    take.add_argument("file", type=Path, help=f"ไฟล์ {' '.join(KINDS)} (หรือ .qdc เพื่อเทียบสมุดรหัส)")
    take.add_argument(
        "--source", type=Path, metavar="FOLDER", help="แหล่งข้อมูล (ไม่ระบุ: ที่เดียวกับ cast build)"
    )


def _export(given: argparse.Namespace) -> int:
    from castlib import store

    study = store.load(regions.check(given.region))
    folder = given.to or paths.build() / "coding"
    _say(f"── ส่งออกการลงรหัส {regions.label(study.region)}{_synthetic()}")
    for kind in [given.format] if given.format else FORMATS:
        name, what = FORMATS[kind]
        target = folder / name.format(region=study.region)
        _written(target, lambda kind=kind, target=target: _write(kind, study, target))
        _say(f"{_short(target)}: {what}")
    coders, coded = study.codings["coder"].nunique(), study.codings["code"].notna().sum()
    _say(
        f"เอกสาร {study.segments['group'].nunique():,} ฉบับ ผู้ลงรหัส {coders:,} คน รหัสที่ลงแล้ว {coded:,} แห่ง"
    )
    return 0


def _write(kind: str, study, target: Path) -> None:
    from castlib import workbooks
    from castlib.exchange import refi, taguette
    from castlib.text import for_coders

    if kind in ("sheet", "blank"):
        frame = for_coders.sheet(study) if kind == "sheet" else for_coders.blank(study.segments)
        workbooks.write({"การลงรหัส": frame}, target, WIDTHS)
        return
    project = for_coders.project(study, f"CAST {study.region}")
    how = {"qdpx": refi.write, "qdc": refi.codebook, "taguette": taguette.write}
    _put(target, how[kind](project))


def _suggest(given: argparse.Namespace) -> int:
    from castlib import store, workbooks
    from castlib.text import for_coders, suggest

    study = store.load(regions.check(given.region))
    found = suggest.suggest(study.segments)
    target = (given.to or paths.build() / "coding") / f"{study.region}-suggestions.xlsx"
    frame = for_coders.suggestions(study.segments, found)
    _written(target, lambda: workbooks.write({"ข้อเสนอ": frame}, target, WIDTHS))
    _say(f"เขียนข้อเสนอแล้วที่ {_short(target)}{_synthetic()}")
    _say(f"ข้อเสนอ {len(found):,} แห่ง ใน {found['segment'].nunique():,} ข้อความ")
    _say(
        "ข้อเสนอไม่ใช่การลงรหัส: แถวที่เห็นด้วยให้ใส่ ใช่ ในช่อง รับ และใส่ชื่อในช่อง ผู้ลงรหัส แล้วใช้ cast coding import"
    )
    return 0


def _lists(given: argparse.Namespace) -> int:
    from castlib import store
    from castlib.text import trail

    written = trail.write(store.load())
    for file in written:
        _say(f"เขียนแล้วที่ {_short(file)}{_synthetic()}")
    if len(written) == 1:
        _say("ไม่มีข้อความที่ผู้ลงรหัสสองคนอ่าน จึงไม่มีรายการที่เห็นต่างกัน")
    _say("รายการเหล่านี้ระบุถึงจังหวัด จึงใช้ภายในเท่านั้น")
    return 0


def _import(given: argparse.Namespace) -> int:
    from castlib import store
    from castlib.intake.trial import trial

    if not given.file.is_file():
        raise CastError(f"ไม่มีไฟล์ {given.file} ให้ตรวจชื่อและที่อยู่ของไฟล์")
    if given.file.suffix.lower() == ".qdc":
        return _codebook(given.file)
    if given.file.suffix.lower() not in KINDS:
        raise CastError(f"{given.file.name} ไม่ลงท้ายด้วย {', '.join(KINDS)} หรือ .qdc {_EXPECTED}")
    source = given.source or paths.source()
    if not source.is_dir():
        raise CastError(f"ไม่มีโฟลเดอร์แหล่งข้อมูล {source} ให้ระบุโฟลเดอร์ที่มีไฟล์ซึ่งจังหวัดส่งมาด้วย --source")
    study = store.load()
    arrival, found = trial(given.file, study.segments)
    _say(f"── ตรวจ {given.file.name}{_synthetic()}")
    for fault in arrival.faults:
        said = f"ไม่ใช่ไฟล์ของการลงรหัส {_EXPECTED}" if fault.code == "file-unknown" else fault.sentence
        _say(f"{'ไม่รับ' if fault.severity == 'rejected' else 'ข้อสังเกต'}: {said}")
    if found["code"].isna().all():
        if not arrival.refused:
            _say(_NO_CODE if len(found) else _NOTHING)
        _say("ไม่มีรหัสที่รับได้ จึงไม่นำไฟล์นี้เข้าแหล่งข้อมูล")
        return 1
    _tell(found, study.codings)
    target = source / "coding" / given.file.name
    if target.exists() and target.read_bytes() != given.file.read_bytes():
        raise CastError(
            f"มีไฟล์ {_short(target)} ที่ต่างจากไฟล์นี้อยู่แล้ว จึงไม่เขียนทับ ให้เปลี่ยนชื่อไฟล์ที่นำเข้า หรือย้ายไฟล์เดิมออกก่อน"
        )
    if not target.exists():
        _written(target, lambda: _put(target, given.file.read_bytes()))
    _say(f"วางไว้แล้วที่ {_short(target)} ใช้ cast build เพื่อนำไปใช้")
    if source == paths.demo():
        _say("แหล่งข้อมูลนี้เป็นประเทศจำลอง ไฟล์ที่วางไว้จะหายไปเมื่อสร้างประเทศจำลองใหม่")
    return 1 if any(fault.severity == "rejected" for fault in arrival.faults) else 0


def _codebook(file: Path) -> int:
    """Say which codes of a codebook (.qdc) the study lacks; it holds no codings to be taken in."""
    from castlib.exchange import refi
    from castlib.intake import projects

    new = projects.unlisted(refi.read_codebook(file))
    _say(f"{file.name} เป็นสมุดรหัส ไม่มีการลงรหัส จึงไม่มีอะไรต้องวางในแหล่งข้อมูล")
    if not new:
        _say("ทุกรหัสในไฟล์มีอยู่แล้วในสมุดรหัสของการศึกษา")
        return 0
    _say(f"รหัสที่ยังไม่มีในสมุดรหัสของการศึกษา {len(new):,} รหัส: {some(new)}")
    _say("ถ้าจะใช้ ให้เพิ่มใน data/codebook.csv พร้อมนิยาม วันที่ และที่มา (inductive เมื่อพบจากข้อมูล)")
    return 1


def _tell(found, known) -> None:
    """Say what would be taken in, coder by coder, and what another file has already."""
    groups = sorted(found["group"].unique())
    _say(f"เอกสาร {len(groups):,} ฉบับ: {some(groups)}")
    for coder, own in found.groupby("coder"):
        read = own["segment"].nunique() - own.loc[own["code"].notna(), "segment"].nunique()
        _say(f"ผู้ลงรหัส {coder}: รหัส {own['code'].notna().sum():,} แห่ง อ่านแล้วไม่มีรหัส {read:,} ข้อความ")
        same = known[(known["coder"] == coder) & known["group"].isin(own["group"])]
        for file in sorted(same["source_file"].unique()):
            _say(
                f"ข้อสังเกต: {coder} ลงรหัสเอกสารเดียวกันไว้แล้วใน {file} ระบบจะใช้ไฟล์ที่ใหม่กว่าตามทะเบียน หรือที่อยู่ท้ายสุดตามชื่อ"
            )


def _written(target: Path, write) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write()
    except OSError as error:
        raise CastError(f"เขียน {target} ไม่ได้ ({error.strerror}) ให้ระบุที่อื่น") from error


def _put(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, target)


def _synthetic() -> str:
    from castlib import store

    return " (ข้อมูลจำลอง)" if store.synthetic() else ""


def _short(path: Path) -> str:
    return str(path.relative_to(paths.home()) if path.is_relative_to(paths.home()) else path)


def _say(line: str) -> None:
    print(line, flush=True)
