"""Who says what in the focus groups and interviews of the synthetic country, and which themes it carries."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from castlib import instrument, protocol, regions
from castlib.demo import names
from castlib.demo.themes import STRESS, Themes
from castlib.demo.truth import stream

TURNS = {"participants": (5, 8), "staff": (3, 5), "executive": (2, 4)}
CODES_A_TURN = [0.12, 0.53, 0.35]
SENTENCES = {
    "participants": [(2, 3), (1, 2)],
    "staff": [(1, 2), (1, 1)],
    "executive": [(1, 2), (1, 1)],
}
FORMS = {
    "participants": "participants",
    "staff": "staff",
    "partners": "staff",
    "executive": "executive",
}
STEPS = {"participants": "4.8.2", "staff": "4.5", "partners": "4.5", "executive": "4.6"}
INTERVIEWS_BEGIN = 6
SILENT = {"obstacle": 0.35, "proposal": 0.40}
LONG_COMMENT = 0.3


@dataclass(frozen=True)
class Turn:
    """One thing said: its number runs through the whole form, `codes` are what it truly carries, and where."""

    number: int
    question: str
    speaker: int
    text: str
    codes: list[str]
    spans: dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Group:
    """A focus group or an interview: `members` are (sex, sector), by label."""

    name: str
    kind: str
    province: str | None
    held_on: date
    members: list[tuple[str, str]]
    turns: list[Turn]


class Voice:
    """Draws sentences, no sentence twice before all of its kind are used, and fills their slots."""

    def __init__(self, random: np.random.Generator, macro_region: str | None) -> None:
        self.random, self.macro_region, self.decks = random, macro_region, {}

    def draw(self, name: str, sentences: list[str]) -> str:
        """Return the next sentence of the kind called `name`."""
        if not self.decks.get(name):
            self.decks[name] = [str(s) for s in self.random.permutation(sentences)]
        return re.sub(r"\{(\w+)\}", self._fill, self.decks[name].pop())

    def _fill(self, slot: re.Match) -> str:
        words = phrases()["slots"][slot[1]]
        if isinstance(words, dict):
            everywhere = [word for listed in words.values() for word in listed]
            words = words.get(self.macro_region, everywhere)
        return str(self.random.choice(words))


def phrases() -> dict:
    """Return the invented sentences: codes, neutral, staff, executive, slots, comments."""
    return _phrases(Path(__file__).with_name("phrases.yml"))


@cache
def _phrases(file: Path) -> dict:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def groups(seed: int, themes: Themes, flaws: dict[str, set[str]]) -> list[Group]:
    """Return every group that is written down: districts in the order of provinces, then national ones."""
    study = protocol.load()
    listed = regions.provinces().set_index("province")
    held = [
        _group(seed, themes, province, "participants", study.per_district["participants"], row)
        for province, row in listed.iterrows()
        if "form_missing" not in flaws[province]
    ]
    for group in held:
        if "personal_data" in flaws[group.name]:
            *_, last = group.turns
            group.turns[-1] = replace(last, text=f"{last.text} {contact(seed, group.name)}")
    target = study.targets["qualitative"]
    for number in range(1, target["centres"] + 1):
        held.append(_group(seed, themes, f"centre-{number:02d}", "staff", target["per_centre"]))
    held.append(_group(seed, themes, "partners", "partners", target["partners"]))
    for number in range(1, target["executives"] + 1):
        held.append(_group(seed, themes, f"executive-{number}", "executive", 1))
    return held


def contact(seed: int, province: str) -> str:
    """Return a sentence with a name and a number in it, such as should never be written down."""
    person = names.person(stream(seed, "contact", province))
    return f"เรื่องนี้ติดต่อนาง{person['name']} โทร. {person['phone']}"


def _group(
    seed: int, themes: Themes, name: str, kind: str, size: int, row: pd.Series | None = None
) -> Group:
    """Return one group with everything said in it."""
    random = stream(seed, "speech", name)
    cluster, macro = (None, None) if row is None else (row["cluster"], row["macro_region"])
    voice, turns, speaker = Voice(random, macro), [], 0
    form = FORMS[kind]
    questions = instrument.focus_group()[form]
    said = phrases()["codes" if form == "participants" else form]
    for question in questions["question"]:
        chances = themes.chances(questions, question, cluster)[list(said)]
        for _ in range(int(random.integers(*TURNS[form], endpoint=True))):
            others = [k for k in range(1, size + 1) if k != speaker] or [1]
            speaker = int(random.choice(others))
            codes = _codes(random, chances / chances.sum())
            text, spans = _text(voice, said, codes, SENTENCES[form])
            turns.append(Turn(len(turns) + 1, question, speaker, text, codes, spans))
    return Group(
        name,
        kind,
        name if kind == "participants" else None,
        _held_on(random, kind),
        _members(random, kind, size),
        turns,
    )


def _codes(random: np.random.Generator, chances: pd.Series) -> list[str]:
    """Return none, one or two codes, in the order in which they are spoken of."""
    number = random.choice(len(CODES_A_TURN), p=CODES_A_TURN)
    return [str(c) for c in random.choice(chances.index, number, replace=False, p=chances)]


def _text(
    voice: Voice, said: dict[str, list[str]], codes: list[str], length: list
) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return what a turn says, some sentences for each of its codes or nothing of content, and where each is."""
    if not codes:
        several = range(int(voice.random.integers(1, 2, endpoint=True)))
        return " ".join(voice.draw("neutral", phrases()["neutral"]) for _ in several), {}
    low, high = length[len(codes) - 1]
    text, spans = "", {}
    for code in codes:
        several = range(int(voice.random.integers(low, high, endpoint=True)))
        sentences = " ".join(voice.draw(code, said[code]) for _ in several)
        start = len(text) + bool(text)
        spans[code] = (start, start + len(sentences))
        text = f"{text} {sentences}".lstrip()
    return text, spans


def _held_on(random: np.random.Generator, kind: str) -> date:
    """Return a day within the protocol's step; interviews take place in the week before the deadline."""
    study = protocol.load()
    step = next(s for s in study.timeline().itertuples() if s.id == STEPS[kind])
    first, last = step.start, min(step.end, study.deadline - timedelta(days=2))
    if kind == "executive":
        first += timedelta(days=INTERVIEWS_BEGIN)
    return first + timedelta(days=int(random.integers(0, (last - first).days + 1)))


def _members(random: np.random.Generator, kind: str, size: int) -> list[tuple[str, str]]:
    """Return the sex and sector of each speaker: a district's come from all sectors."""
    tool = instrument.load()
    sectors, sexes = list(tool.options("sector").values()), list(tool.options("sex").values())
    if kind == "participants":
        rounds = [random.permutation(sectors) for _ in range(-(-size // len(sectors)))]
        belong = random.permutation(np.concatenate(rounds)[:size])
    else:
        belong = [sectors[0]] * size
    return [(str(random.choice(sexes)), str(sector)) for sector in belong]


def comments(seed: int, themes: Themes, people: pd.DataFrame) -> pd.DataFrame:
    """Return people's answers to the open questions: empty, short, or a sentence of a theme."""
    place = regions.provinces().set_index("province")
    found = pd.DataFrame("", index=people.index, columns=list(SILENT))
    for province, own in people.groupby("province", sort=False).groups.items():
        voice = Voice(stream(seed, "comments", str(province)), place.loc[province, "macro_region"])
        stressed = themes.emphasis[place.loc[province, "cluster"]]
        for question, silent in SILENT.items():
            for person in own:
                if voice.random.random() >= silent:
                    found.loc[person, question] = _comment(voice, themes, question, stressed)
    return found


def _comment(voice: Voice, themes: Themes, question: str, stressed: list[str]) -> str:
    if voice.random.random() >= LONG_COMMENT:
        return voice.draw(question, phrases()["comments"][question])
    weight = themes.weight[themes.codes["kind"] == question].copy()
    weight[weight.index.isin(stressed)] *= STRESS
    code = str(voice.random.choice(weight.index, p=weight / weight.sum()))
    return voice.draw(code, phrases()["codes"][code])
