"""Runs: what is made, what is kept, and what is left when something goes wrong."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from castlib import paths
from castlib.errors import CastError, UnknownCode
from castlib.run import guard, kernels, plan, runner
from castlib.run.order import Limits

NORTH, GULF = "north-upper-1", "south-gulf"
CODES = ["TH", NORTH, GULF]
ROWS = "float(__import__('castlib').store.about()['rows'].get('TH', 3.874))"
STARTED = "import os, pathlib; (pathlib.Path(os.environ['CAST_HOME']) / f'pid-{REGION}').write_text(str(os.getpid()))"
SCRIPT = """
import sys
from castlib.run import runner
try:
    runner.run({codes!r}, ["results"])
except KeyboardInterrupt as stopped:
    sys.exit(130)
"""


def run(phases=("results",), codes=CODES, **options) -> runner.Report:
    lines = []
    report = runner.run(codes, phases, out=lines.append, **options)
    report.__dict__["lines"] = lines
    return report


def names(outcomes) -> set[str]:
    return {f"{outcome.region}/{outcome.phase}" for outcome in outcomes}


def test_made_then_reused(home):
    home.saving("results", "1", before="print(REGION, PHASE)")
    report = run()
    assert names(report.made) == {f"{code}/results" for code in CODES}
    assert all(outcome.why == plan.NEVER_MADE for outcome in report.made)
    assert all(0 < made.cell_seconds < made.seconds for made in report.made)
    assert home.output(NORTH, "results") == f"{NORTH} results\n"
    assert [line for line in report.lines if line.startswith("[  3/3] ") and "ทำแล้ว" in line]
    made = home.notebook(NORTH, "results")["metadata"]["cast"]
    assert made["results"] == plan.sha(plan.results(NORTH, "results").read_bytes())
    again = run()
    assert names(again.reused) == names(report.made)
    assert again.lines == ["โน้ตบุ๊กทั้ง 3 เล่มเป็นปัจจุบันอยู่แล้ว"]
    record = json.loads((paths.build() / "run.json").read_text())
    assert [entry["status"] for entry in record["notebooks"]] == ["reused"] * 3
    assert not (paths.build() / "staging").exists()


def test_nothing_to_do_imports_nothing_heavy(home, environment):
    home.saving("results", "1")
    run()
    code = SCRIPT.format(codes=CODES) + (
        "print(sorted({'papermill', 'nbclient', 'nbformat', 'matplotlib', 'zmq'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert told.stdout.endswith("[]\n"), told.stderr


def test_dry_run_makes_nothing_and_names_the_cause(home):
    home.saving("results", "1")
    report = run(dry_run=True)
    assert names(report.of("due")) == {f"{code}/results" for code in CODES}
    assert "[  1/3] TH/results ต้องทำ: ยังไม่เคยทำ" in report.lines
    assert not paths.executed().exists()
    assert not (paths.build() / "run.json").exists()


def test_a_region_alone_brings_the_country_that_it_compares_with(home):
    home.saving("results", "1")
    assert names(run(codes=[NORTH]).made) == {"TH/results", f"{NORTH}/results"}
    assert names(run(codes=[NORTH]).reused) == {f"{NORTH}/results"}


def test_only_readers_of_a_national_value_that_moved_run_again(home):
    home.saving("results", ROWS, before=f"if REGION == {GULF!r}: print(country['m'])")
    run()
    assert home.output(GULF, "results") == "3.87\n"
    home.rows(TH="3.8741")
    assert names(run().made) == {"TH/results"}
    home.rows(TH="3.884")
    report = run()
    assert names(report.made) == {"TH/results", f"{GULF}/results"}
    assert report.made[-1].why == "ค่าระดับประเทศที่ใช้เปรียบเทียบเปลี่ยน: m 3.87 → 3.88"
    assert home.output(GULF, "results") == "3.88\n"


def test_a_district_runs_its_cluster_and_the_country(home):
    home.saving("results", "1")
    run()
    home.rows(TH_50="b")
    assert names(run().made) == {"TH/results", f"{NORTH}/results"}


def test_a_cached_result_equals_a_fresh_one(home):
    home.saving(
        "results",
        "round(sum(hash(c) for c in 'กขค') % 97, 2)",
        before=(
            "import sys, matplotlib.pyplot as plt\n"
            "print({'ก', 'ข', 'ค', 'ง'}); print('on', file=sys.stderr); print('and on')\n"
            "for n in range(3): print(n, flush=True)\n"
            "plt.plot([1, 3, 2]); plt.title('ที่นี่')"
        ),
    )
    run()
    first = home.published()
    assert len(first) == 6
    for file in first:
        (paths.build() / file).unlink()
    run(jobs=1)
    assert home.published() == first


def test_new_words_are_published_without_running_and_equal_a_fresh_run(home):
    home.saving("results", "1", before="import random; print(random.random() < 2)")
    run()
    file = next(paths.notebooks().glob("*"))
    content = json.loads(file.read_bytes())
    words = {"cell_type": "markdown", "metadata": {"tags": ["x"]}}
    content["cells"].insert(0, words | {"id": "first", "source": "# ก่อน"})
    content["cells"].insert(2, words | {"id": "after", "source": ["หลัง\n", "พารามิเตอร์"]})
    content["cells"][-1]["id"] = "renamed"
    content["metadata"] = {"title": "ใหม่", "language_info": {"name": "x"}}
    file.write_text(json.dumps(content))
    report = run()
    assert names(report.of("reworded")) == {f"{code}/results" for code in CODES}
    kept = home.published()
    for name in kept:
        (paths.build() / name).unlink()
    assert len(run().made) == 3
    assert home.published() == kept


def test_rows_that_come_in_while_a_run_goes_on_are_for_the_next(home):
    arrives = (
        "import os, pathlib\n"
        "about = pathlib.Path(os.environ['CAST_HOME'], 'build', 'study', 'study.json')\n"
        "about.write_text(about.read_text().replace('{}', '{\"TH-50\": \"new\"}'))"
    )
    home.saving("results", "1", before=arrives)
    assert len(run().made) == 3
    assert names(run(dry_run=True).of("due")) == {"TH/results", f"{NORTH}/results"}


def test_a_cell_that_is_not_python_is_its_own_trouble(home):
    home.template("results", "def f(:")
    (failure,) = run(codes=["TH"]).failed
    assert "SyntaxError" in failure.error
    home.saving("results", "1", before="%time x = 1")
    assert run(codes=["TH"]).made


def test_a_notebook_of_many_short_cells_has_a_limit_too(home):
    home.template("results", *["import time; time.sleep(0.3)"] * 3, *["1"] * 200)
    (failure,) = run(codes=["TH"], limits=Limits(notebook_seconds=1)).failed
    assert "โน้ตบุ๊กทำงานเกิน 1 วินาที" in failure.error


def test_a_clock_set_back_while_a_cell_runs_makes_no_negative_time():
    from castlib.run import execute

    moments = {"busy": "2022-11-15T12:00:05Z", "idle": "2022-11-15T11:00:06Z"}
    told = {f"iopub.status.{state}": moment for state, moment in moments.items()}
    assert execute._seconds(nbformat.v4.new_code_cell(metadata={"execution": told})) == 0


def test_text_that_no_file_can_hold_is_its_own_trouble(home):
    home.saving("results", "1", before="print('\\ud800')")
    run(codes=["TH"])


def test_a_long_line_and_a_progress_bar_are_printed(home):
    before = (
        "print('ก' * 300_000)\nfor n in range(3): print(n, end='\\r', flush=True)\nprint('end')"
    )
    home.saving("results", "1", before=before)
    assert len(run(codes=["TH"]).made) == 1
    assert home.output("TH", "results") == "ก" * 300_000 + "\nend\n"


def test_a_cell_that_raises_stays_its_own_trouble(home):
    home.saving("results", "1")
    run()
    home.template("results", execute_source(fails_in=NORTH))
    report = run()
    assert names(report.made) == {"TH/results", f"{GULF}/results"}
    (failure,) = report.failed
    assert failure.error == "เซลล์ In [3]: ValueError: ไม่มีข้อมูล"
    assert any(
        NORTH in line and "ไม่สำเร็จ" in line and "ValueError" in line for line in report.lines
    )
    assert not plan.notebook(NORTH, "results").exists()
    assert not plan.results(NORTH, "results").exists()
    kept = json.loads(plan.failed(NORTH, "results").read_bytes())
    assert "ห้ามใช้เป็นผลการศึกษา" in "".join(kept["cells"][0]["source"])
    assert "Traceback" in json.dumps(kept["cells"])
    home.saving("results", "1")
    assert names(run().made) == {f"{code}/results" for code in CODES}
    assert not plan.failed(NORTH, "results").exists()


def execute_source(fails_in: str) -> str:
    return (
        "from castlib.present import results\n"
        f"if REGION == {fails_in!r}: raise ValueError('ไม่มีข้อมูล')\n"
        "results.save(REGION, PHASE, {})"
    )


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (("import os; os.kill(os.getpid(), 9)", "1"), r"^เซลล์ In \[3\]: เคอร์เนลหยุดทำงาน"),
        (("import os; os._exit(0)", "1"), r"^เซลล์ In \[3\]: เคอร์เนลหยุดทำงาน"),
        (("import os, time; os.kill(os.getppid(), 9); time.sleep(9)", "1"), "เคอร์เนลหยุดทำงาน"),
        (("import time; time.sleep(60)", "1"), r"^เซลล์ In \[3\]: เซลล์ทำงานเกิน 1 วินาที"),
        (("1",), "ไม่ได้บันทึกผลในชื่อ results"),
        (("import sys; sys.exit()", "1"), "SystemExit"),
        (("from IPython.display import *; publish_display_data({'image/png': 5})", "1"), "เก็บไม่ได้"),
        (
            ("import threading as t\nwhile True: t.Thread(target=t.Event().wait).start()",),
            "thread|เซลล์ทำงานเกิน|เคอร์เนลส่งสาเหตุมาไม่ได้",
        ),
        (("import os; os.closerange(3, 999)", "1"), "เคอร์เนลหยุดทำงาน"),
        (("import os; os.kill(os.getpid(), 19)", "1"), "เซลล์ทำงานเกิน"),
    ],
)
def test_dead_hung_and_empty_notebooks_are_kept_but_never_published(home, cells, error):
    home.template("results", *cells)
    report = run(codes=["TH"], limits=Limits(cell_seconds=1))
    (failure,) = report.failed
    assert re.search(error, failure.error)
    assert plan.failed("TH", "results").exists()
    assert home.published() == {}
    assert kernels._living() == []


def test_a_notebook_that_prints_without_end_is_stopped(home):
    home.template("results", "while True: print('x' * 10**6)", "1")
    (failure,) = run(codes=["TH"], limits=Limits(cell_seconds=120)).failed
    assert failure.error == "เซลล์ In [3]: เคอร์เนลพิมพ์เกิน 100 เมกะไบต์ จึงหยุด"
    assert home.published() == {}


def test_what_there_is_no_memory_to_print_is_not_lost_in_silence(home):
    home.saving("results", "1", before="print('x' * 60_000_000)")
    (failure,) = run(codes=["TH"], limits=Limits(memory_mb=150)).failed
    assert "เคอร์เนลหยุดทำงาน" in failure.error or "MemoryError" in failure.error
    assert home.published() == {}


def test_regions_wait_for_a_country_that_failed(home):
    home.saving("results", "1", before=f"if REGION == {GULF!r}: country['m']")
    run()
    source = execute_source(fails_in="TH")
    home.template("results", source)
    report = run()
    assert names(report.failed) == {"TH/results"}
    assert names(report.blocked) == {f"{NORTH}/results", f"{GULF}/results"}
    assert home.published() == {}


def test_a_misspelt_parameter_starts_no_kernel(home, monkeypatch):
    monkeypatch.setattr(kernels, "warm_up", lambda: pytest.fail("a kernel was started"))
    home.template("results", "1", parameters='REGION = "TH"\nPHSE = "results"')
    with pytest.raises(CastError, match=r"PHASE.*PHSE"):
        run()
    with pytest.raises(UnknownCode, match="north-upper-1"):
        run(codes=["nort-upper-1"])


def start(home, environment, codes=CODES) -> subprocess.Popen:
    """Start a run whose clusters hang, in a process of its own; return it when they do."""
    home.template(
        "results",
        STARTED,
        execute_source(fails_in=""),
        "if REGION != 'TH': __import__('time').sleep(60)",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(codes=codes)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not (home.root / f"pid-{NORTH}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_order_and_the_next_goes_on(home, environment, number):
    process = start(home, environment)
    send = os.killpg if number == signal.SIGINT else os.kill  # a terminal signals the whole group
    send(process.pid, number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert err == ""
    assert "หยุดกลางคัน: เรียบร้อยแล้ว 1 เล่ม เหลือ 2 เล่ม" in out
    assert not os.path.exists(f"/proc/{(home.root / f'pid-{NORTH}').read_text()}")
    assert set(home.published()) == {"notebooks/TH/results.ipynb", "results/TH/results.json"}
    assert not (paths.build() / "staging").exists()
    assert not paths.failed().exists()
    record = json.loads((paths.build() / "run.json").read_text())
    assert [entry["status"] for entry in record["notebooks"]] == ["made"]
    assert (record["left"], record["ended"]) == (2, "สั่งให้หยุด")
    assert "หยุดกลางคัน: เรียบร้อยแล้ว 1 เล่ม เหลือ 2 เล่ม" in page()
    home.template("results", STARTED, execute_source(fails_in=""))
    assert len(run().made) == 3


def page() -> str:
    return (paths.build() / "run.html").read_text(encoding="utf-8")


CAST = [os.path.join(os.path.dirname(sys.executable), "cast")]


@pytest.mark.parametrize("words", [["run"], ["run", "--dry-run"], ["status"]])
def test_a_reader_that_goes_away_ends_a_command_in_silence(home, environment, words):
    home.saving("results", "1")
    asked = [*words, "--phase", "results"]
    with subprocess.Popen(
        CAST + asked, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE
    if words == ["run"]:
        record = json.loads((paths.build() / "run.json").read_text())
        assert "ปิดไปก่อน" in record["ended"]
        assert record["left"] + len(record["notebooks"]) == 19
        assert run().made


def test_closed_streams_are_nobody_elses(home, environment):
    home.saving("results", "1", before="print('said', flush=True)")
    words = ["run", "--phase", "results", "--region", "TH"]
    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *CAST, *words]
    assert subprocess.run(closed, env=environment).returncode == 0
    assert home.output("TH", "results") == "said\n"
    assert (paths.build() / "run.lock").read_text().isdecimal()


def test_a_killed_run_leaves_nothing_that_the_next_minds(home, environment):
    process = start(home, environment)
    process.kill()
    process.communicate()
    assert (paths.build() / "staging").exists()
    home.template("results", STARTED, execute_source(fails_in=""))
    assert len(run().made) == 3
    assert not (paths.build() / "staging").exists()


def test_a_second_run_is_refused(home, environment):
    process = start(home, environment)
    try:
        with pytest.raises(guard.Busy, match=f"หมายเลข {process.pid}"):
            run()
        assert run(dry_run=True).of("due")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_without_fork_runs_all_the_same(home, monkeypatch):
    monkeypatch.setattr(kernels, "CAN_FORK", False)
    home.saving("results", "1")
    assert len(run(codes=["TH"]).made) == 1


def test_a_folder_that_cannot_be_written_is_said(home):
    home.saving("results", "1")
    paths.executed().write_text("in the way")
    (paths.build() / "run.html").write_text("of the run before")
    with pytest.raises(CastError, match=r"เขียนไฟล์ไม่ได้.*notebooks"):
        run(codes=["TH"])
    record = json.loads((paths.build() / "run.json").read_text())
    assert record["left"] == 1
    assert "เขียนไฟล์ไม่ได้" in record["ended"]
    assert "เขียนไฟล์ไม่ได้" in page()
    assert "ทุกเล่มเรียบร้อย" not in page()
    assert not (paths.build() / "staging").exists()


# A build folder on a disk of its own, seen by nobody else.
DISK = """
set -e
cp -r {build} {build}.kept
mount -t tmpfs -o size={size} none {build}
cp -r {build}.kept/. {build}
set +e
{first}
cast run --phase results --region TH --region north-upper-1; echo "exit $?"
grep '"ended"' {build}/run.json
find {build}/notebooks {build}/results -type f | xargs -r -n 1 {python} -m json.tool > /dev/null; echo "whole $?"
mount -o remount,rw,size=100m {build}
cast run --phase results --region TH --region north-upper-1; echo "exit $?"
"""


def on_a_disk(home, environment, size: str, first: str = "") -> str:
    script = DISK.format(build=paths.build(), size=size, first=first, python=sys.executable)
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", script],
        env=environment | {"PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def test_a_full_disk_is_said_and_the_next_run_goes_on(home, environment):
    home.saving("results", "1", before="for _ in range(20_000): print('ก' * 15)")
    said = on_a_disk(home, environment, "1500k")
    assert re.findall(r"exit \d+|whole \d+", said) == ["exit 2", "whole 0", "exit 0"], said
    assert "No space left on device" in said
    assert re.search(r'"ended": ".*No space left on device', said), said
    assert "ใช้ของเดิม 1" in said
    assert "Traceback" not in said


def test_a_disk_that_fills_in_the_kernel_fails_that_notebook(home, environment):
    fill = "if REGION != 'TH' and not country['m'] > 9: open(os.environ['CAST_RESULTS'] + '/big', 'wb').write(b'x' * 9_000_000)"
    home.saving("results", "1", before=f"import os\n{fill}")
    said = on_a_disk(home, environment, "3m")
    assert re.findall(r"exit \d+|whole \d+", said) == ["exit 1", "whole 0", "exit 0"], said
    assert "No space left on device" in said


def test_a_build_folder_that_may_only_be_read_is_said(home, environment):
    home.saving("results", "1")
    said = on_a_disk(home, environment, "9m", first=f"mount -o remount,ro {paths.build()}")
    assert re.findall(r"exit \d+|whole \d+", said) == ["exit 2", "whole 0", "exit 0"], said
    assert "Read-only file system" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("wrong", ["in the way", ""])
def test_a_terminal_is_given_back(home, environment, wrong):
    home.saving("results", "1")
    if wrong:
        paths.executed().write_text(wrong)
    near, far = pty.openpty()
    with subprocess.Popen(
        [*CAST, "run", "--phase", "results", "--region", "TH"],
        env=environment | {"TERM": "xterm", "COLUMNS": "80"},
        stdout=far,
        stderr=far,
    ) as process:
        os.close(far)
        said = b""
        with contextlib.suppress(OSError):  # how Linux tells that the other end has closed
            while told := os.read(near, 4096):
                said += told
    os.close(near)
    assert process.returncode == (2 if wrong else 0), said.decode()
    hidden, shown = said.rfind(b"\x1b[?25l"), said.rfind(b"\x1b[?25h")
    assert 0 <= hidden < shown
    assert "ประเทศ" in said.decode()
