"""The people of the synthetic country and what they answer in the questionnaire.

A person's feeling about a component is the sum of what their cluster, their district and they themselves
bring; answers are cut from feelings by the planted loadings. In a country of some size the people's own
part has exactly the planted correlations and none with their background, so that what an analysis finds
beyond the truth is its own doing.
"""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from castlib import instrument, protocol, regions
from castlib.demo import scale
from castlib.demo.truth import (
    CORRELATION,
    EXPECTATION_FROM_ACTUAL,
    HASTY,
    MISSING,
    Truth,
    explained,
    stream,
)

SHARES = {"sex": [0.54, 0.46], "education": [0.22, 0.48, 0.26, 0.04]}
OUTCOME_RESIDUAL = 0.3
FIRST_HOUR, LAST_HOUR = 8, 21
STRAGGLERS = 0.15
ENOUGH = 10


def answer(truth: Truth, flaws: dict[str, set[str]]) -> pd.DataFrame:
    """Return one row a person: province, submitted_at, background, answers (missing ones as <NA>).

    A province has as many people as the protocol asks, one fewer or more where that is planted.
    A hasty few leave out all the answers that are missing, whatever they feel.
    Nobody's answers are out of range here; the flaws of the export are made when it is written.
    """
    everybody = pd.concat(
        [
            _district(truth.seed, row.province, flaws[row.province])
            for row in regions.provinces().itertuples()
        ],
        ignore_index=True,
    )
    feelings = _feelings(truth, everybody)
    random = stream(truth.seed, "answers")
    skip = np.where(random.random(len(everybody)) < HASTY, MISSING / HASTY, 0.0)
    answers = {
        item.Index: _answers(random, item, feelings[item.state][item.construct], skip)
        for item in truth.items.itertuples()
    }
    return everybody.assign(**answers)


def _district(seed: int, province: str, fallen: set[str]) -> pd.DataFrame:
    """Return who answers in one district, and when."""
    random, number = stream(seed, "people", province), protocol.load().per_district["answers"]
    number += ("eleven_answers" in fallen) - ("nine_answers" in fallen)
    late = 1 + number // 5 if "late_answers" in fallen else 0
    background = _background(random, number)
    return background.assign(province=province, submitted_at=_moments(random, number, late))


def _background(random: np.random.Generator, number: int) -> pd.DataFrame:
    """Return sex, age, education, sector and experience: every sector present before one comes twice."""
    tool = instrument.load()
    age = np.clip(random.normal(47, 9, number).round(), 21, 74).astype(int)
    columns = {}
    for question in tool.questions[tool.questions["role"] == "background"].itertuples():
        if question.type == "choice":
            values = list(tool.options(question.choices))
            if question.variable == "sector":
                rounds = -(-number // len(values))
                drawn = np.concatenate([random.permutation(values) for _ in range(rounds)])[:number]
                columns[question.variable] = random.permutation(drawn)
            else:
                shares = np.resize(SHARES.get(question.variable, [1.0]), len(values))
                columns[question.variable] = random.choice(values, number, p=shares / shares.sum())
        elif question.variable == "age":
            columns["age"] = age
        else:
            years = random.gamma(2.0, 5.0, number).round()
            columns[question.variable] = np.minimum(years, age - 20).astype(int)
    return pd.DataFrame(columns)


def _feelings(truth: Truth, everybody: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return hidden feelings, one column a construct: about how things are, and how they should be."""
    rows, codes = truth.constructs.loc[truth.success], truth.success
    home = regions.provinces().set_index("province")["cluster"]
    effect = (
        truth.clusters.loc[home[everybody["province"]]].to_numpy()
        + truth.districts.loc[everybody["province"]].to_numpy()
    )
    drawn = _own(truth.seed, everybody, effect, [len(codes), len(codes), len(truth.outcomes)])
    rest = np.sqrt(1 - rows["cluster_sd"] ** 2 - rows["district_sd"] ** 2).to_numpy()
    actual = effect + rest * _correlate(drawn[0], CORRELATION["actual"])
    actual[:, codes.index(truth.group["construct"])] += _lift(truth, everybody)
    share = EXPECTATION_FROM_ACTUAL
    expected = share * actual + np.sqrt(1 - share**2) * _correlate(
        drawn[1], CORRELATION["expected"]
    )
    coefficients = truth.outcomes.to_numpy()
    left = np.sqrt([1 - explained(row) for row in coefficients])
    outcomes = actual @ coefficients.T + left * _correlate(drawn[2], OUTCOME_RESIDUAL)
    columns = [*codes, *truth.outcomes.index]
    return {
        "actual": pd.DataFrame(np.hstack([actual, outcomes]), columns=columns),
        "expected": pd.DataFrame(expected, columns=codes),
    }


def _own(
    seed: int, everybody: pd.DataFrame, effect: np.ndarray, sizes: list[int]
) -> list[np.ndarray]:
    """Return people's own standard normal numbers, in blocks of columns.

    With enough people they are made exactly uncorrelated with each other, the places' effects and the
    background.
    """
    drawn = stream(seed, "feelings").standard_normal((len(everybody), sum(sizes)))
    background = everybody.drop(columns=["province", "submitted_at"])
    dummies = pd.get_dummies(background, drop_first=True, dtype=float).assign(one=1.0)
    known = np.hstack([dummies.to_numpy(), effect])
    if len(everybody) > ENOUGH * (known.shape[1] + drawn.shape[1]):
        drawn = drawn - known @ np.linalg.lstsq(known, drawn, rcond=None)[0]
        drawn = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T))).T
    return np.split(drawn, np.cumsum(sizes)[:-1], axis=1)


def _correlate(drawn: np.ndarray, rho: float) -> np.ndarray:
    """Return uncorrelated columns mixed so that every two correlate `rho`."""
    size = drawn.shape[1]
    return drawn @ np.linalg.cholesky(np.full((size, size), rho) + (1 - rho) * np.eye(size)).T


def _lift(truth: Truth, everybody: pd.DataFrame) -> np.ndarray:
    """Return what belonging to the planted group adds to a feeling, centred over everybody."""
    group = truth.group
    member = (everybody[group["variable"]] == group["value"]).to_numpy(float)
    size = group["difference"] / truth.constructs.loc[group["construct"], "slope"]
    return size * (member - member.mean())


def _answers(
    random: np.random.Generator, item: tuple, feeling: pd.Series, skip: np.ndarray
) -> pd.array:
    """Return answers 1–5 to one item; `skip` is each person's chance of leaving it out."""
    own = random.standard_normal(len(feeling))
    mixed = item.strength * feeling.to_numpy() + np.sqrt(1 - item.strength**2) * own
    answers = pd.array(scale.cut(item.centre + item.spread * mixed), dtype="Int8")
    answers[random.random(len(feeling)) < skip] = pd.NA
    return answers


def _moments(random: np.random.Generator, number: int, late: int) -> list[datetime]:
    """Return when each answer was sent: in the week of collection, a few later, the `late` ones too late."""
    study = protocol.load()
    step = next(s for s in study.timeline().itertuples() if s.id == "4.8.1")
    span, grace = (step.end - step.start).days + 1, (study.deadline - step.end).days
    days = np.where(
        random.random(number) < STRAGGLERS,
        span + random.integers(0, grace, number),
        random.integers(0, span, number),
    )
    days[:late] = span + grace + random.integers(0, 3, late)
    seconds = random.integers(FIRST_HOUR * 3600, LAST_HOUR * 3600, number)
    start = datetime.combine(step.start, datetime.min.time())
    return [
        start + timedelta(days=int(day), seconds=int(second))
        for day, second in zip(days, seconds, strict=True)
    ]
