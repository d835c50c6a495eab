"""What can be looked at: for each view, the code of castlib that makes its table and figure.

The code is text with the choices filled in, and the page runs that very text; nothing else computes.
Its parts: `prepare`, which a region needs once, then `table` and `figure`, which follow every choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from castlib import instrument, protocol, regions
from castlib.errors import check_code

ALL = ""
BETWEEN = ("sex", "education", "sector")


@dataclass(frozen=True)
class Choices:
    """What is chosen on the page: codes, and the word to look for."""

    region: str = "TH"
    view: str = "describe"
    phase: str = "success-factors"
    construct: str = ALL
    state: str = "actual"
    item: str = ALL
    between: str = "sex"
    word: str = "แผน"
    code: str = "driver_leadership"


@dataclass(frozen=True)
class Code:
    """A view's code: imports, what is done once for a region, what makes `table` and then `figure`."""

    imports: str
    prepare: str
    table: str
    figure: str = "figure = None"

    @property
    def text(self) -> str:
        """The whole of it, ready for a new cell."""
        made = "\n".join([self.prepare, self.table, self.figure])
        return f"{self.imports}\n\n{made}\nnotes.together(table, figure)\n"


@dataclass(frozen=True)
class View:
    """A view: its Thai name, the choices that it follows, and what writes its code."""

    label: str
    asks: tuple[str, ...]
    write: Callable[[Choices], Code] = field(repr=False)


def code(choices: Choices) -> Code:
    """Return the code of what is chosen; a code that the study does not have is refused.

    >>> print(code(Choices("north-upper-1", "needs")).prepare.splitlines()[0])
    study = castlib.load('north-upper-1')
    """
    from castlib.text import coding

    tool = instrument.load()
    regions.check(choices.region)
    check_code(choices.view, VIEWS, "มุมมอง")
    check_code(choices.phase, protocol.PHASES, "ระยะของการศึกษา")
    check_code(choices.construct, [ALL, *tool.constructs["construct"]], "องค์ประกอบ")
    check_code(choices.state, instrument.STATES, "สภาพ")
    check_code(choices.item, [ALL, *tool.items["item"]], "ข้อคำถาม")
    check_code(choices.between, BETWEEN, "กลุ่มที่เทียบ")
    check_code(choices.code, list(coding.codebook()["code"]), "รหัส")
    return VIEWS[choices.view].write(choices)


def _imports(present: str, stats: str = "") -> str:
    lines = ["import castlib", f"from castlib.present import {present}"]
    return "\n".join([*lines, *([f"from castlib.stats import {stats}"] if stats else [])])


def _load(choices: Choices) -> str:
    return f"study = castlib.load({choices.region!r})\ntool = castlib.instrument.load()"


def _describe(choices: Choices) -> Code:
    state, one = choices.state, choices.construct
    imports = _imports("displays, exploring, figures, notes", "levels")
    begin = f"figures.style()\n{_load(choices)}"
    if one and choices.item:
        own = instrument.load().columns(one, state)
        column = next((c for c in own if c.startswith(f"{choices.item}_")), choices.item)
        return Code(
            imports.replace("displays, ", "").rpartition("\n")[0],
            begin.rpartition("\n")[0],
            f"table = exploring.answers(study.respondents, {column!r})",
            f"figure = exploring.answers_figure(study.respondents, {column!r})",
        )
    if one:
        title = f"ข้อคำถามของ{instrument.load().label(one)}{_state(one, state)}"
        columns = f"tool.columns({one!r}, {state!r})"
        made = (
            f"found = levels.describe(study.respondents[{columns}], study.respondents['province'])"
        )
        if choices.region != regions.COUNTRY:  # with the mean it tells how many chose what
            made += "\nfound = found.drop(columns='sd')"
    else:
        title = f"องค์ประกอบแห่งความสำเร็จ ({instrument.STATES[state]}) และผลลัพธ์"
        begin += f"\nscores = study.scores({state!r})"
        made = "found = levels.describe(scores[tool.success + tool.outcomes], scores['province'])"
    return Code(
        imports,
        begin,
        f"{made}\ntable = displays.levels(found, {f'ระดับของ{title}'!r})",
        f"figure = displays.levels_figure(found, {f'ค่าเฉลี่ยของ{title}'!r})",
    )


def _state(construct: str, state: str) -> str:
    """Return the state in brackets, where the construct is asked in two."""
    tool = instrument.load()
    return f" ({instrument.STATES[state]})" if construct in tool.success else ""


def _compare(choices: Choices) -> Code:
    one, between, state = _construct(choices), choices.between, choices.state
    label = instrument.load().label
    title = f"{label(one)}{_state(one, state)} เทียบตาม{label(between)}"
    return Code(
        _imports("comparisons, exploring, figures, notes", "families"),
        f"figures.style()\n{_load(choices)}\nscores = study.scores({state!r})",
        f"parted, denied = comparisons.groupings(scores, [{one!r}], [{between!r}])\n"
        f"tests = families.compare_all(scores, [{one!r}], parted, 'province')\n"
        "refused = notes.refusal(comparisons.none_left(parted, denied))\n"
        f"table = refused or comparisons.table(tests, scores, denied, {title!r})",
        f"figure = None if refused else exploring.means_figure(scores, {one!r}, {between!r})",
    )


def _correlate(choices: Choices) -> Code:
    one = _construct(choices)
    return Code(
        _imports("exploring, figures, notes"),
        f"figures.style()\n{_load(choices)}\nscores = study.scores({choices.state!r})",
        f"found = exploring.correlations(scores, {one!r}, tool.success + tool.outcomes)\n"
        f"table = exploring.correlation_table(found, {one!r})",
        f"figure = exploring.correlation_figure(found, {one!r})",
    )


def _needs(choices: Choices) -> Code:
    tool, one = instrument.load(), choices.construct
    if one in tool.success:
        title = f"ดัชนีความต้องการจำเป็นของข้อคำถามใน{tool.label(one)}"
        pairs = f"tool.columns({one!r}, state)"
    else:
        title = "ดัชนีความต้องการจำเป็นขององค์ประกอบแห่งความสำเร็จ"
        pairs = "{code: tool.columns(code, state) for code in tool.success}"
    return Code(
        _imports("displays, figures, notes", "needs"),
        f"{_load(choices)}\nfigures.style()",
        f"wanted, found = ({pairs} for state in ('expected', 'actual'))\n"
        "ranked = needs.pni(study.respondents, wanted, found, cluster='province')\n"
        f"table = displays.needs(ranked, caption={title!r})",
        "figure = displays.needs_figure(ranked)",
    )


def _words(choices: Choices) -> Code:
    return Code(
        _imports("exploring, notes"),
        f"study = castlib.load({choices.region!r})\nsaid = exploring.quotable(study)",
        f"table = exploring.in_context(said, {choices.word!r})",
    )


def _coded(choices: Choices) -> Code:
    return Code(
        _imports("exploring, notes"),
        f"study = castlib.load({choices.region!r})\nchosen = exploring.coded(study)",
        f"table = exploring.coded_table(chosen, {choices.code!r})",
    )


def _saved(choices: Choices) -> Code:
    title = f"ผลของ{regions.label(choices.region)}: {protocol.phase_label(choices.phase)}"
    return Code(
        _imports("exploring, notes, results"),
        f"content = results.read({choices.region!r}, {choices.phase!r})",
        f"table = exploring.saved(content, {title!r})",
    )


def _construct(choices: Choices) -> str:
    """Return the construct chosen, or the first where a view needs one."""
    return choices.construct or instrument.load().success[0]


VIEWS = {
    "describe": View("ระดับและค่าเฉลี่ย", ("construct", "state", "item"), _describe),
    "compare": View("เทียบระหว่างกลุ่ม", ("construct", "state", "between"), _compare),
    "correlate": View("ความสัมพันธ์", ("construct", "state"), _correlate),
    "needs": View("ความต้องการจำเป็น (PNI)", ("construct",), _needs),
    "words": View("คำในบริบท (KWIC)", ("word",), _words),
    "coded": View("ถ้อยคำที่ลงรหัส", ("code",), _coded),
    "saved": View("ผลที่บันทึกของแต่ละระยะ", ("phase",), _saved),
}
