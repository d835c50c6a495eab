"""A researcher's own notebook in a run: made for every region, like the phases and apart from them."""

import json

import pytest

from castlib import analyses, paths, protocol
from castlib.book import _inputs
from castlib.errors import CastError
from castlib.run import plan, runner

CODES = ["TH", "north-upper-1"]


def run(name: str = "mine") -> tuple[runner.Report, list[str]]:
    lines: list[str] = []
    return runner.run(CODES, [name], out=lines.append), lines


def write(home, source: str, parameters: str = 'REGION = "TH"', name: str = "mine") -> None:
    home.template(name, source, parameters=parameters)
    (paths.notebooks() / f"1_{name}.ipynb").replace(paths.notebooks() / f"{name}.ipynb")


SAVE = "from castlib.present import results\nresults.save(REGION, {name!r}, {{'m': results.Value({value})}})"


def test_it_is_made_for_every_region_and_only_when_out_of_date(home):
    write(home, SAVE.format(name="mine", value=1))
    report, _ = run()
    assert [outcome.region for outcome in report.made] == CODES
    told = json.loads(plan.results("north-upper-1", "mine").read_bytes())
    assert told["region"] == "north-upper-1"
    assert told["values"]["m"]["value"] == 1
    assert home.notebook("north-upper-1", "mine")["metadata"]["cast"]["phase"] == "mine"
    assert "mine" in (paths.build() / "run.html").read_text(encoding="utf-8")
    assert len(run()[0].reused) == 2
    home.rows(TH_50="b")
    assert len(run()[0].made) == 2
    write(home, SAVE.format(name="mine", value=2))
    assert [o.why for o in run()[0].made] == ["โค้ดในแม่แบบของโน้ตบุ๊กเปลี่ยน"] * 2


def test_its_name_comes_from_its_file_where_it_asks_for_it(home):
    source = "from castlib.present import results\nresults.save(REGION, PHASE, {})"
    write(home, source, parameters='REGION = "TH"\nPHASE = "another"')
    assert len(run()[0].made) == 2


def test_what_goes_wrong_is_told_as_for_a_phase(home):
    write(home, SAVE.format(name="other", value=1))
    report, lines = run()
    assert report.failed[0].error == "ทำจบแล้วแต่ไม่ได้บันทึกผลในชื่อ mine (results.save)"
    assert [outcome.region for outcome in report.blocked] == ["north-upper-1"]
    assert any("TH/mine ไม่สำเร็จ" in line for line in lines)
    write(home, "1", parameters='REGOIN = "TH"')
    with pytest.raises(CastError, match="REGOIN"):
        run()


def test_neither_the_phases_nor_the_book_see_it(home):
    home.saving("results", "1")
    runner.run(["TH"], ["results"], out=lambda line: None)
    before = _inputs("cluster")
    write(home, SAVE.format(name="my_results", value=1), name="my_results")
    assert run("my_results")[0].made
    assert _inputs("cluster") == before
    assert plan.template("results").file.name == "1_results.ipynb"
    assert analyses.own() == ["my_results"]
    assert "my_results" not in protocol.PHASES
