"""Exploring what is spoken of without a codebook: typical words of places or groups (TF-IDF), topics (NMF).

Both suggest where to read. What a topic is about, and whether it is one, a person decides.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from castlib import lazy
from castlib.errors import CastError
from castlib.text.frequency import WordCounts
from castlib.text.tally import Tally, sum_rows

TOP = 10
STABLE = 0.7
PART = 0.8


def tfidf(counts: WordCounts, by: str = "cluster", min_groups: int = 2) -> pd.DataFrame:
    """Return how typical each word is of each region or group: often said there, and in few others.

    Use it to describe places or groups side by side; to say that a word is said more than elsewhere, use
    `frequency.keyness`, which tests it. A word that all say has 0.

    Parameters
    ----------
    counts : WordCounts
    by : str
        The column of the segments whose values are the documents: "cluster", "kind", "group" …
        Segments without a value are left out.
    min_groups : int
        A word said by fewer groups in all is left out.

    Returns
    -------
    pandas.DataFrame
        One row a word of a document, most typical first in each: `by`, word, n, of_n (occurrences, of
        all content words there), people, of_people, groups, of_groups (who said it there), documents,
        of_documents (in how many it is said, of all), tfidf.

    Raises
    ------
    UnknownCode
        The segments have no such column.

    Notes
    -----
    tf-idf = n / of_n · ln(of_documents / documents).

    References
    ----------
    Spärck Jones 1972, doi:10.1108/eb026526.

    Examples
    --------
    >>> from castlib.text import frequency
    >>> said = pd.DataFrame({"group": ["a", "b"], "speaker": ["1", "1"]})
    >>> said["text"] = ["น้ำท่วม ผู้นำ", "งบประมาณ ผู้นำ"]
    >>> found = tfidf(frequency.count(said), by="group", min_groups=1)
    >>> found.loc[found["group"] == "a", ["word", "n", "documents"]].values.tolist()
    [['น้ำท่วม', 1, 1], ['ผู้นำ', 1, 2]]
    """
    table = Tally.of(counts.segments, counts.matrix, by)
    documents = (table.n > 0).sum(axis=0)
    row, column = np.nonzero((table.n > 0) & (table.groups.sum(axis=0) >= min_groups))
    of_n = table.n.sum(axis=1)
    frame = pd.DataFrame(
        {
            by: table.values[row],
            "word": counts.words[column],
            "n": table.n[row, column],
            "of_n": of_n[row],
            "people": table.people[row, column],
            "of_people": table.of_people[row],
            "groups": table.groups[row, column],
            "of_groups": table.of_groups[row],
            "documents": documents[column],
            "of_documents": len(table.values),
        }
    )
    rarity = np.log(frame["of_documents"] / frame["documents"])
    frame["tfidf"] = frame["n"] / frame["of_n"] * rarity
    return frame.sort_values(
        [by, "tfidf", "word"], ascending=[True, False, True], ignore_index=True
    )


def explore(
    counts: WordCounts, n_topics: int = 8, seeds: int = 6, min_groups: int = 5
) -> pd.DataFrame:
    """Return topics of what people said, and how far they come back from random starts and other people.

    Exploratory: use it to look for themes that the codebook lacks, never as a finding. Another number of
    topics gives other topics; one that does not come back is made by chance. A document is all that one
    person of a group said.

    Parameters
    ----------
    counts : WordCounts
        Of the whole country; a cluster has too few people for topics to come back.
    n_topics : int
        How many to look for; try several.
    seeds : int
        From how many random starts, each on its own random four fifths of the people, topics are sought
        again.
    min_groups : int
        Words said by fewer groups, and words that more than half of the people said, are left out.

    Returns
    -------
    pandas.DataFrame
        One row a topic, most people first.

        - topic: from 1
        - words: its ten heaviest words, heaviest first, parted by spaces
        - people, of_people, groups, of_groups: those of whose words it is the largest topic, of all
          with words left; where those people sit
        - cosine: likeness to its counterpart of a random start, mean over the starts, 0 to 1
        - shared: share of its ten words among those of its counterpart, mean over the starts
        - stable: shared ≥ 0.7

    Raises
    ------
    CastError
        No random start, or fewer than ten people or ten words for each topic.

    Notes
    -----
    Non-negative matrix factorisation (Frobenius norm, coordinate descent) of TF-IDF weights of unit
    length, both scikit-learn's; what is shown starts from the singular vectors (NNDSVDa), so that the
    same data give the same topics. Topics of two starts are paired so that the cosines of all pairs add
    up to the most. Random starts alone would not do: they find the same topics in pure noise.

    References
    ----------
    Lee & Seung 1999, doi:10.1038/44565; Greene, O'Callaghan & Cunningham 2014,
    doi:10.1007/978-3-662-44848-9_32 (stability); Kuhn 1955, doi:10.1002/nav.3800020109 (pairing).

    Examples
    --------
    >>> from castlib.text import frequency
    >>> rng = np.random.default_rng(1)
    >>> spoken = ["น้ำประปา ถนน ไฟฟ้า สะพาน คลอง", "โรงเรียน ครู นักเรียน หนังสือ ห้องสมุด"]
    >>> spoken += ["ข้าว สวน ตลาด ราคา ปุ๋ย", "วัด พระ บุญ ศาลา งาน"]
    >>> texts = [" ".join(rng.permutation(spoken[n % 4].split())[:4]) for n in range(60)]
    >>> said = pd.DataFrame({"group": [str(n % 6) for n in range(60)], "text": texts})
    >>> said["speaker"] = [str(n) for n in range(60)]
    >>> explore(frequency.count(said), n_topics=2, min_groups=2)["topic"].to_list()
    [1, 2]
    """
    if seeds < 1:
        raise CastError(f"stability needs at least one random start, {seeds} was given")
    weights, found, group = _weights(counts, min_groups)
    least = 10 * max(n_topics, 1)
    if n_topics < 1 or min(weights.shape) < least:
        raise CastError(
            f"{n_topics} topics need at least {least} people and {least} words that several groups said; "
            f"there are {weights.shape[0]} people and {weights.shape[1]} words: give the whole country, "
            "or ask for fewer topics"
        )
    best = _factorise(weights, n_topics)
    draws = (np.random.default_rng(seed).random(len(group)).argsort() for seed in range(seeds))
    parts = (weights[np.sort(order[: int(PART * len(group))])] for order in draws)
    others = [_factorise(part, n_topics, seed) for seed, part in enumerate(parts)]
    pairs = [_counterparts(best.topics, other.topics) for other in others]
    cosine, shared = np.mean(pairs, axis=0)
    largest = best.people.argmax(axis=1)
    own = [group[largest == topic] for topic in range(n_topics)]
    frame = pd.DataFrame(
        {
            "words": [" ".join(found[top]) for top in _top(best.topics)],
            "people": [len(mine) for mine in own],
            "of_people": len(group),
            "groups": [len(set(mine)) for mine in own],
            "of_groups": len(set(group)),
            "cosine": cosine,
            "shared": shared,
        }
    )
    frame["stable"] = frame["shared"] >= STABLE
    frame = frame.sort_values(["people", "words"], ascending=[False, True], ignore_index=True)
    frame.insert(0, "topic", np.arange(1, n_topics + 1))
    return frame


@dataclass(frozen=True)
class _Start:
    """One factorisation: people × topics, topics × words."""

    people: np.ndarray
    topics: np.ndarray


def _weights(counts: WordCounts, min_groups: int):
    """Return people × words as TF-IDF weights, the words, and each person's group."""
    from sklearn.feature_extraction.text import TfidfTransformer

    group = counts.segments.groupby("group").ngroup().to_numpy()
    person = counts.segments.groupby(["group", "speaker"], dropna=False).ngroup().to_numpy()
    n_people = int(person.max(initial=-1)) + 1
    said = sum_rows(counts.matrix, person, n_people)
    group_of = np.zeros(n_people, dtype=int)
    group_of[person] = group
    in_groups = (sum_rows(counts.matrix, group, int(group.max(initial=-1)) + 1) > 0).sum(axis=0)
    of_people = (said > 0).sum(axis=0)
    kept = (in_groups >= min_groups) & (of_people <= n_people / 2)
    said = said[:, kept]
    spoke = said.sum(axis=1) > 0
    weights = (
        TfidfTransformer().fit_transform(said[spoke].astype(float)) if spoke.any() else said[:0]
    )
    return weights, counts.words[kept], group_of[spoke]


def _factorise(weights, n_topics: int, seed: int | None = None) -> _Start:
    """Factorise from a random start, or, without a seed, from the singular vectors."""
    from sklearn.decomposition import NMF

    # a finer tolerance changes neither the ten words nor the fit's third digit
    init = "nndsvda" if seed is None else "random"
    model = NMF(n_topics, init=init, random_state=seed or 0, tol=0.005, max_iter=2000)
    return _Start(model.fit_transform(weights), model.components_)


def _counterparts(topics: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each topic's cosine with its counterpart, and the share of top words that they share."""
    from scipy.optimize import linear_sum_assignment

    likeness = _unit(topics) @ _unit(others).T
    row, column = linear_sum_assignment(likeness, maximize=True)
    mine, theirs = _top(topics), _top(others)[column]
    shared = [np.isin(one, other).mean() for one, other in zip(mine, theirs, strict=True)]
    return likeness[row, column], np.array(shared)


def _unit(topics: np.ndarray) -> np.ndarray:
    return topics / np.maximum(np.linalg.norm(topics, axis=1, keepdims=True), 1e-300)


def _top(topics: np.ndarray) -> np.ndarray:
    return np.argsort(-topics, axis=1, kind="stable")[:, :TOP]


__getattr__, __dir__ = lazy.offered(__name__)
