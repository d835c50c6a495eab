"""Whatever happens to a file on its way, everything read is accepted or rejected, and nothing breaks."""

import csv
import io
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from castlib.intake import coding, forms, questionnaire, sheets, verdicts
from castlib.intake.arrival import Arrival

from . import sample

NASTY = [
    "",
    " ",
    "0",
    "6",
    "๓",
    "มาก",
    "x",
    "5,5",
    "=1+1",
    '"',
    "\n",
    "\u200b",
    "กรุงเทพฯ",
    "-",
    "1e9",
    ";",
]
FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(arrival: Arrival) -> None:
    assert arrival.rows.balanced, arrival.rows
    assert arrival.fields.balanced, arrival.fields
    assert not arrival.refused or not arrival.rows.accepted


def mangle(content: bytes, rng: random.Random, hurts: int) -> bytes:
    """Return a sheet with cells, rows and columns changed, dropped, doubled and shifted."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    for _ in range(hurts):
        row = rng.choice(rows)
        act = rng.choice(
            ["cell", "cell", "cell", "drop", "double", "shift", "cut", "column", "swap"]
        )
        if act == "cell" and row:
            row[rng.randrange(len(row))] = rng.choice(NASTY)
        elif act == "drop" and len(rows) > 1:
            rows.remove(row)
        elif act == "double":
            rows.insert(rng.randrange(len(rows) + 1), list(row))
        elif act == "shift":
            row.insert(rng.randrange(len(row) + 1), rng.choice(NASTY))
        elif act == "cut":
            del row[rng.randrange(len(row) + 1) :]
        elif act == "column":
            for each in rows:
                each.append(rng.choice(NASTY))
        elif act == "swap":
            rng.shuffle(row)
    return sample.sheet(*rows)


@FAST
@given(seed=st.integers(0, 2**32), hurts=st.integers(0, 40), rows=st.integers(0, 6))
def test_a_mangled_questionnaire_balances(arrive, seed, hurts, rows):
    content = mangle(sample.export(sample.answers(rows)), random.Random(seed), hurts)
    arrival = arrive(content, "questionnaire.csv")
    read = sheets.read(arrival)
    if read is not None:
        frame = questionnaire.read([(arrival, read)])
        assert frame is None or len(frame) == arrival.rows.accepted
        if frame is not None:
            asked = [c for c in frame if c not in ("respondent", "cluster", "on_time")]
            asked = [c for c in asked if not c.startswith("source_")]
            assert frame[asked].notna().to_numpy().sum() == arrival.fields.accepted
    check(arrival)


@FAST
@given(seed=st.integers(0, 2**32), hurts=st.integers(0, 30))
def test_mangled_sheets_balance(arrive, seed, hurts):
    rng = random.Random(seed)
    texts = {("TH-50", k): f"ข้อความ {k}" for k in range(1, 9)}
    lines = [(g, k, t, "driver_network;x;driver_capacity") for (g, k), t in texts.items()]
    more = [
        "เอกสาร",
        "ลำดับ",
        "ข้อความ",
        "รหัส",
        "เริ่ม",
        "สิ้นสุด",
        "ข้อความที่ลงรหัส",
        "ผู้ลงรหัส",
        "เวลา",
        "ข้อเสนอ",
        "รับ",
    ]
    placed = [
        (*line, k % 5, 4, t[k % 5 : 4], f"coder-{k % 3}", "5/11/2565 9:00", "ทีม" * (k % 2), "x")
        for k, (line, t) in enumerate(zip(lines, texts.values(), strict=True))
    ]
    for content, read in [
        (sample.coded(*lines), lambda a, rows: coding.coding(a, rows, texts)),
        (sample.sheet(more, *placed), lambda a, rows: coding.coding(a, rows, texts)),
        (sample.ratings(), sheets.ioc),
        (sample.decided(sample.DECIDED, ("TH", "1", "capacity"), sample.DECIDED), verdicts.read),
        (
            sample.register("a.jpg", "b.jpg", "a.jpg"),
            lambda a, rows: sheets.register(a, rows, [Arrival("a.jpg", a.file)]),
        ),
    ]:
        arrival = arrive(mangle(content, rng, hurts), "sheet.csv")
        rows = sheets.read(arrival)
        if rows is not None:
            read(arrival, rows)
        check(arrival)


@FAST
@given(content=st.binary(max_size=400))
def test_any_bytes_can_be_a_sheet_or_a_form(arrive, content):
    arrival = arrive(content, "questionnaire.csv")
    rows = sheets.read(arrival)
    if rows is not None:
        questionnaire.read([(arrival, rows)])
    check(arrival)
    arrival = arrive(content, "form.docx")
    assert forms.read(arrival) is None
    assert arrival.refused


@FAST
@given(seed=st.integers(0, 2**32), hurts=st.integers(1, 12))
def test_a_damaged_form_balances(arrive, seed, hurts):
    rng, content = random.Random(seed), bytearray(sample.form())
    for _ in range(hurts):
        place = rng.randrange(len(content))
        if rng.random() < 0.2:
            del content[place : place + rng.randrange(1, 50)]
        else:
            content[place] = rng.randrange(256)
    arrival = arrive(bytes(content), "provinces/TH-50/form.docx", province="TH-50")
    forms.read(arrival)
    check(arrival)


CELL = st.sampled_from(
    [*NASTY, "1", "2", "3", "ผู้ให้ข้อมูล 1", "ผู้ให้ข้อมูล 1, 2", "ข้อความ", "ลำดับ", "เพศ"]
)
TABLE = st.lists(st.lists(CELL, max_size=5), max_size=6)


@FAST
@given(
    tables=st.lists(TABLE, max_size=4),
    head=st.lists(st.tuples(st.sampled_from(["จังหวัด", "ประเภท", "วันที่", "จำนวน", "อื่น", ""]), CELL)),
    ticked=st.booleans(),
)
def test_any_tables_in_a_form_balance(arrive, tables, head, ticked):
    blocks = [sample.p(f"ประเด็นที่ {k}") + sample.table(*map(tuple, t)) for k, t in enumerate(tables)]
    spoken = sample.turns(*(tuple(row) for t in tables for row in t))
    content = sample.form(tuple(head), sample.box(" ยินยอม", ticked), said=(*blocks, spoken))
    arrival = arrive(content, "provinces/TH-50/form.docx", province="TH-50")
    form = forms.read(arrival)
    check(arrival)
    if form and not form.consent:
        assert not form.segments
