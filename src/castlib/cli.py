"""`cast`: the whole way from the provinces' files to the book, or one step of it.

Exit codes: 0 done; 1 something failed or was rejected (the rest is done); 2 the command or the source
cannot be used; 130 stopped by the user; 141 nobody reads what it says any more. Steps are imported when
they are used, so that `cast --help` answers at once.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from castlib import paths, regions
from castlib.commands import coding, lab
from castlib.errors import CastError
from castlib.run.order import Limits

EXAMPLES = """ตัวอย่าง
  cast build                         ทำทั้งหมดจากข้อมูลจำลอง (หรือจาก data/raw ถ้ามีไฟล์)
  cast build --source FOLDER         ทำทั้งหมดจากไฟล์ที่จังหวัดส่งมา
  cast status                        อะไรยังไม่เป็นปัจจุบัน เพราะเหตุใด
  cast run --region north-upper-1    ทำโน้ตบุ๊กของกลุ่มจังหวัดเดียว
  cast share north-upper-1/results   หน้าเว็บไฟล์เดียวสำหรับส่งทางอีเมล
  cast new my_idea                   เริ่มโน้ตบุ๊กของตนเองจากแม่แบบ
  cast run --notebook my_idea.ipynb  ทำโน้ตบุ๊กของตนเองกับทุกพื้นที่
  cast coding export                 เอกสารและรหัสสำหรับโปรแกรมลงรหัสหรือตาราง
  cast instrument export             แบบสอบถามเป็น XLSForm สำหรับ KoboToolbox หรือ ODK
"""
EXPORT_EXAMPLES = """วิธีใช้
  1. cast instrument export                  เขียน build/instrument.xlsx
     cast instrument export --to form.xlsx   หรือเขียนลงไฟล์ที่ระบุ
  2. นำเข้าไฟล์นี้ใน KoboToolbox (New project → Upload an XLSForm) หรือ ODK Central แล้วเผยแพร่แบบ
  3. ส่งออกคำตอบเป็น CSV หรือ XLSX (ชื่อตัวแปรหรือข้อความก็ได้) วางในโฟลเดอร์แหล่งข้อมูล แล้วใช้ cast intake

แบบไม่เก็บชื่อ เบอร์โทร บัญชี หรือรหัสเครื่องของผู้ตอบ เก็บเพียงเวลาที่ตอบเสร็จ
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _open_streams()
    try:
        given = _parser().parse_args(argv)
        return given.do(given)
    except CastError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("หยุดตามคำสั่ง งานที่เสร็จแล้วยังอยู่ เรียกคำสั่งเดิมเพื่อทำต่อ", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of our output has gone (cast status | head): nothing more to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        print(f"อ่านหรือเขียนไฟล์ไม่ได้: {error}", file=sys.stderr)
        return 2


def _open_streams() -> None:
    """Give a command that was started with a stream closed (`>&-`) one that leads nowhere.

    Otherwise the next file that is opened would take the stream's place, and what is said go into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            os.set_inheritable(number, True)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cast",
        description="จากไฟล์ที่จังหวัดส่งมา ถึงหนังสือผลการศึกษา",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="คำสั่ง", required=True, metavar="COMMAND")

    def command(
        name: str, do: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(do=do)
        return added

    build = command("build", _build, "ทำทุกขั้น: ตรวจรับ โน้ตบุ๊ก หนังสือ เฉพาะส่วนที่ไม่เป็นปัจจุบัน")
    build.add_argument("--source", type=Path, metavar="FOLDER", help="โฟลเดอร์ของไฟล์ที่จังหวัดส่งมา")
    intake = command("intake", _intake, "ตรวจรับไฟล์ที่ส่งมาเป็นตารางข้อมูล")
    intake.add_argument(
        "source", type=Path, nargs="?", help="โฟลเดอร์ (ไม่ระบุ: data/raw หรือข้อมูลจำลอง)"
    )
    run = command("run", _run, "ทำโน้ตบุ๊กที่ไม่เป็นปัจจุบัน")
    run.add_argument("--dry-run", action="store_true", help="บอกว่าจะทำอะไร โดยไม่ทำ")
    status = command("status", _status, "บอกว่าโน้ตบุ๊กใดไม่เป็นปัจจุบัน เพราะเหตุใด")
    run.add_argument(
        "--scheduler", metavar="ADDRESS", help="ให้เครื่องของตัวจัดงาน Dask ทำ เช่น tcp://10.0.0.1:8786"
    )
    usual = Limits()
    for name, unit, value, text in (
        ("cell", "SECONDS", usual.cell_seconds, "เวลาสูงสุดของหนึ่งเซลล์ (วินาที)"),
        ("notebook", "SECONDS", usual.notebook_seconds, "เวลาสูงสุดของหนึ่งเล่ม (วินาที)"),
        ("memory", "MB", usual.memory_mb, "หน่วยความจำสูงสุดของหนึ่งเล่ม (เมกะไบต์)"),
    ):
        run.add_argument(
            f"--{name}-limit",
            type=_positive,
            metavar=unit,
            default=value,
            help=f"{text} ไม่ระบุ: {value:g}",
        )
    status.add_argument("--why", metavar="REGION/PHASE", help="บอกเหตุของโน้ตบุ๊กเล่มเดียวเป็นประโยค")
    for chosen in (run, status):
        chosen.add_argument("--region", action="append", metavar="CODE", help="พื้นที่ (ระบุซ้ำได้)")
        chosen.add_argument("--phase", action="append", metavar="CODE", help="ระยะ (ระบุซ้ำได้)")
        chosen.add_argument(
            "--notebook",
            action="append",
            metavar="FILE",
            help="โน้ตบุ๊กของผู้วิจัยใน notebooks/ แทนหกระยะ (ระบุซ้ำได้)",
        )
    verdicts = command("verdicts", _verdicts, "เขียนแบบให้ผู้วิจัยตัดสินว่าตัวเลขกับถ้อยคำสอดคล้องกันหรือไม่")
    verdicts.add_argument(
        "--to", type=Path, metavar="FILE", help="ไฟล์ที่จะเขียน (ไม่ระบุ: build/verdicts.csv)"
    )
    book = command("book", _book, "ทำหนังสือ (HTML, PDF, Word) จากโน้ตบุ๊กที่ทำแล้ว")
    for chosen in (build, run, status, verdicts, book):
        chosen.add_argument(
            "--level", choices=regions.LEVELS, default="cluster", help="ถึงกลุ่มจังหวัดหรือจังหวัด"
        )
    for chosen in (build, run, book):
        chosen.add_argument(
            "--jobs", type=_positive, metavar="N", help="ทำพร้อมกันกี่งาน (ไม่ระบุ: ตามจำนวนแกน)"
        )
    demo = command("demo", _demo, "สร้างประเทศจำลองในรูปแบบไฟล์ที่จังหวัดส่ง")
    demo.add_argument("--seed", type=int, default=2565, help="ค่าเริ่มต้นของการสุ่ม")
    instrument = commands.add_parser(
        "instrument", help="เครื่องมือของการศึกษา", description="เครื่องมือของการศึกษา"
    )
    acts = instrument.add_subparsers(title="คำสั่ง", required=True, metavar="COMMAND")
    text = "เขียนแบบสอบถามเป็น XLSForm สำหรับทำแบบออนไลน์ใน KoboToolbox หรือ ODK"
    export = acts.add_parser(
        "export",
        help=text,
        description=text,
        epilog=EXPORT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument(
        "--to", type=Path, metavar="FILE", help="ไฟล์ที่จะเขียน (ไม่ระบุ: build/instrument.xlsx)"
    )
    export.set_defaults(do=_export_instrument)
    release = command("release", _release, "เขียนชุดข้อมูลที่เผยแพร่ได้ (ปกปิดจำนวนน้อย ไม่มีข้อความของบุคคล)")
    release.add_argument(
        "--to", type=Path, metavar="FOLDER", help="โฟลเดอร์ที่จะเขียน (ไม่ระบุ: build/release)"
    )
    share = command("share", _share, "ทำหน้าเว็บไฟล์เดียวจากโน้ตบุ๊กหนึ่งเล่ม สำหรับส่งทางอีเมล")
    share.add_argument("notebook", metavar="REGION/PHASE", help="เช่น north-upper-1/results")
    coding.add(commands)
    lab.add(commands)
    new = command("new", _new, "เริ่มโน้ตบุ๊กของตนเองจากแม่แบบ")
    new.add_argument("name", help="ชื่อ เช่น my_idea")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"ต้องเป็นจำนวนเต็มตั้งแต่ 1 (ได้ {text!r})")
    return int(text)


def _say(line: str = "") -> None:
    print(line, flush=True)


def _build(given: argparse.Namespace) -> int:
    from castlib import store
    from castlib.book import book
    from castlib.run import runner

    took: dict[str, float] = {}

    def timed(step: str, do: Callable[[], object]) -> object:
        begun = time.monotonic()
        _say(f"── {step}")
        done = do()
        took[step] = time.monotonic() - begun
        return done

    source = given.source or paths.source()
    if source == paths.demo():
        timed("ประเทศจำลอง", lambda: _make_demo(source))
    received = timed("ตรวจรับข้อมูล", lambda: _take_in(source))
    if received.exit_code == 2:
        return 2
    made = timed("โน้ตบุ๊ก", lambda: runner.run(_regions(given), _phases(given), given.jobs))
    failed = [*made.failed, *made.blocked]
    if not failed:
        timed("หนังสือ", lambda: book(given.level, given.jobs, out=_say))
    _say("── สรุป" + (" (ข้อมูลจำลอง)" if store.synthetic() else ""))
    _say(f"โน้ตบุ๊ก: ทำใหม่ {len(made.made)} · ใช้ของเดิม {len(made.reused)} · ไม่สำเร็จ {len(failed)}")
    for step, seconds in took.items():
        _say(f"{step}: {seconds:.1f} วินาที")
    if failed:
        _say("ยังไม่ได้ทำหนังสือ เพราะมีโน้ตบุ๊กที่ไม่สำเร็จ ดูสาเหตุใน build/failed แล้วเรียกคำสั่งเดิมอีกครั้ง")
        return 1
    _say("หนังสือ: build/book/html/index.html · build/book/report.pdf · build/book/report.docx")
    _say("รายกลุ่มจังหวัด: build/book/clusters/ (PDF และ Word)")
    return 0


def _make_demo(target: Path, seed: int | None = None) -> int:
    from castlib.demo import country

    made = country.make(target, country.SEED if seed is None else seed)
    verb = "สร้างประเทศจำลองแล้วที่" if made["made"] else "ประเทศจำลองมีอยู่แล้วที่"
    _say(
        f"{verb} {_short(target)}: แบบสอบถาม {made['answers']:,} แถว แบบบันทึก {made['forms']:,} ไฟล์ "
        f"ภาพถ่าย {made['photos']:,} ภาพ"
    )
    return 0


def _short(path: Path) -> str:
    return str(path.relative_to(paths.home())) if path.is_relative_to(paths.home()) else path.name


def _take_in(source: Path) -> object:
    from castlib.intake import desk

    return desk.intake(source, out=_say)


def _demo(given: argparse.Namespace) -> int:
    return _make_demo(paths.demo(), given.seed)


def _intake(given: argparse.Namespace) -> int:
    return _take_in(given.source or paths.source()).exit_code


def _regions(given: argparse.Namespace) -> list[str]:
    named = getattr(given, "region", None)
    return [regions.check(code) for code in named] if named else regions.codes(given.level)


def _phases(given: argparse.Namespace) -> list[str]:
    from castlib import analyses, protocol
    from castlib.errors import check_code

    own = [analyses.of(file) for file in getattr(given, "notebook", None) or []]
    named = getattr(given, "phase", None) or ([] if own else protocol.PHASES)
    return [check_code(phase, protocol.PHASES, "ระยะของการศึกษา") for phase in named] + own


def _run(given: argparse.Namespace) -> int:
    from castlib.run import runner

    limits = Limits(given.cell_limit, given.notebook_limit, given.memory_limit)
    done = runner.run(
        _regions(given), _phases(given), given.jobs, given.dry_run, given.scheduler, limits
    )
    return 1 if done.failed or done.blocked else 0


def _status(given: argparse.Namespace) -> int:
    from castlib.run import plan, verdicts

    if given.why:
        _say(plan.explain(*_notebook(given.why)))
        return 0
    found = plan.status(_regions(given), _phases(given))
    due = [(region, phase, why) for region, phase, current, why in found if not current]
    for region, phase, why in due:
        _say(f"{region}/{phase}: {why}")
    _say(f"เป็นปัจจุบัน {len(found) - len(due)} จาก {len(found)} เล่ม")
    for line in verdicts.stale(verdicts.rows(_regions(given), _phases(given))):
        _say(line)
    return 0


def _verdicts(given: argparse.Namespace) -> int:
    from castlib.run import verdicts

    found = verdicts.rows(_regions(given), _phases(given))
    if not found:
        raise CastError("ยังไม่มีตารางร่วมให้ตัดสิน ใช้คำสั่ง cast run ก่อน")
    target, stale = verdicts.write(given.to or verdicts.sheet(), found), verdicts.stale(found)
    decided = sum(1 for row in found if row["verdict"]) - len(stale)
    _say(f"เขียนแบบคำตัดสินแล้วที่ {_short(target)}: {len(found):,} เรื่อง ตัดสินแล้ว {decided:,}")
    for line in stale:
        _say(line)
    _say("กรอกข้อสรุป เหตุผล ผู้ตัดสิน (บทบาท ไม่ใช่ชื่อ) และวันที่ แล้ววางเป็น verdicts.csv ในโฟลเดอร์แหล่งข้อมูล")
    return 0


def _notebook(name: str) -> tuple[str, str]:
    """Return the region and phase of a notebook's name."""
    from castlib import analyses, regions

    region, slash, phase = name.partition("/")
    if not slash:
        raise CastError(f"ต้องระบุเป็น พื้นที่/ระยะ เช่น north-upper-1/results (ได้ {name!r})")
    return regions.check(region), analyses.check(phase)


def _book(given: argparse.Namespace) -> int:
    from castlib.book import book

    book(given.level, given.jobs, out=_say)
    return 0


def _export_instrument(given: argparse.Namespace) -> int:
    from castlib import xlsform

    target = given.to or paths.build() / "instrument.xlsx"
    if target.suffix.lower() != ".xlsx":
        raise CastError(f"{target.name} ต้องลงท้ายด้วย .xlsx เพราะ XLSForm เป็นไฟล์ Excel")
    try:
        sheets = xlsform.write(target)
    except OSError as error:
        raise CastError(f"เขียน {target} ไม่ได้ ({error.strerror}) ให้ระบุไฟล์อื่นด้วย --to") from error
    asked = sheets["survey"]["required"].eq("yes").sum()
    version = sheets["settings"].loc[0, "version"]
    _say(f"เขียนแบบสอบถามแล้วที่ {_short(target)}: ข้อที่ต้องตอบ {asked} ข้อ รุ่น {version}")
    _say("นำเข้าไฟล์นี้ใน KoboToolbox หรือ ODK Central ได้ทันที")
    return 0


def _release(given: argparse.Namespace) -> int:
    from castlib.release import release

    folder, report = release(given.to)
    records, tables = report["records"], report["tables"]
    gone = " ".join(f"{name} {s['cells']:,}" for name, s in records["suppressed"].items())
    _say("── ชุดข้อมูล" + (" (ข้อมูลจำลอง)" if report["synthetic"] else ""))
    _say(f"เขียนแล้วที่ {_short(folder)}: เริ่มอ่านที่ README.md")
    _say(
        f"ผู้ตอบ {records['records']:,} คน: k = {records['k_achieved']} (กำหนด {records['k_required']}) "
        f"{records['classes']:,} กลุ่ม ปกปิดช่อง: {gone}"
    )
    for name, table in tables.items():
        _say(f"{name}: {table['rows']:,} แถว ไม่แสดง {table['withheld']:,}")
    return 0


def _share(given: argparse.Namespace) -> int:
    from castlib.book.share import share

    file = share(*_notebook(given.notebook))
    _say(f"เขียนแล้วที่ {_short(file)} ({file.stat().st_size / 1024:,.0f} KB) แนบกับอีเมลได้ทันที")
    return 0


def _new(given: argparse.Namespace) -> int:
    from castlib import analyses

    file = analyses.new(given.name)
    _say(f"สร้าง {_short(file)} แล้ว เปิดและแก้ใน JupyterLab (make lab)")
    _say(f"เมื่อพร้อม สั่ง cast run --notebook {file.name} เพื่อทำกับทุกพื้นที่")
    return 0


if __name__ == "__main__":
    sys.exit(main())
